"""The sampler: right on average, honest about its error, asking about each row once."""

import numpy as np
import pandas as pd

import rai

RNG = np.random.default_rng(1)
FRAME = pd.DataFrame(RNG.normal(size=(60, 5)), columns=list("abcde"))
ROWS, BACKGROUND = FRAME[:3], FRAME[20:40]
WALK = 3 * 20 * 2 * 4  # rows asked about when every pair is walked once


def score(frame):
    """Three-way products everywhere, so that no walk there and back is exact."""
    a, b, c, d, e = (frame[name] for name in "abcde")
    return np.sin(a * b + c) + b * c * d + np.tanh(d * e * a)


MODEL = rai.load_model(score, task="regression", features=list("abcde"))
TRUTH = rai.explain(MODEL, ROWS, background=BACKGROUND, method="exact").values


def sampled(walks, rng):
    return rai.explain(
        MODEL, ROWS, background=BACKGROUND, method="sampled", budget=walks * WALK, rng=rng
    )


def test_unbiased_with_errors_that_cover():
    found = [sampled(4, seed) for seed in range(100)]
    values = np.array([each.values for each in found])
    errors = np.array([each.standard_errors for each in found])
    off = values - TRUTH
    assert (np.abs(off.mean(axis=0)) <= 4 * values.std(axis=0, ddof=1) / 10).all()
    assert 0.9 <= (np.abs(off) <= 1.96 * errors).mean() <= 0.99
    np.testing.assert_allclose((errors**2).mean(), (off**2).mean(), rtol=0.15)


def test_four_times_the_walks_halve_the_error():
    few, many = (
        np.array([sampled(walks, seed).values - TRUTH for seed in range(40)]) for walks in (2, 8)
    )
    assert 1.6 < np.sqrt((few**2).mean() / (many**2).mean()) < 2.5


def counting(rows):
    def asked(frame):
        rows.extend(map(tuple, frame.itertuples(index=False)))
        return frame["a"] * frame["b"] * frame["c"]

    return asked


def test_rows_that_are_the_same_are_asked_about_once():
    frame = pd.DataFrame(RNG.integers(0, 2, (40, 3)), columns=list("abc")).astype(float)
    for method in ("sampled", "exact"):
        rows = []
        model = rai.load_model(counting(rows), task="regression", features=list("abc"))
        rai.explain(model, frame[:10], background=frame[10:], method=method)
        own = 2 * (10 + 30)  # rows and background, at both ends and when it is held against the model
        assert len(rows) <= 8 + own < 10 * 30 * 8


def test_chunks_do_not_matter(monkeypatch):
    from rai.explainers import enumeration, exact, sampled as sampling

    whole = sampled(3, 5)
    for module in (enumeration, exact, sampling):
        monkeypatch.setattr(module, "CHUNK_ROWS", 37)
    parts = sampled(3, 5)
    np.testing.assert_allclose(parts.values, whole.values, rtol=0, atol=1e-12)
    np.testing.assert_allclose(parts.standard_errors, whole.standard_errors, rtol=0, atol=1e-12)
    again = rai.explain(MODEL, ROWS, background=BACKGROUND, method="exact").values
    np.testing.assert_allclose(again, TRUTH, rtol=0, atol=1e-12)
