"""Permutations: unbiased, sure of themselves to the right degree, and thrifty with the model."""

import numpy as np
import pytest

import rai
from rai import ArgumentError
from rai.explainers.sampled import random_ranks, walk_ranks

RNG = np.random.default_rng(1)
M, B, N = 6, 50, 3
BACKGROUND = {f"x{j}": RNG.normal(size=B) for j in range(M)}
ROWS = {f"x{j}": RNG.normal(size=N) for j in range(M)}
NAMES = [*ROWS]


def crooked(frame):
    """Products of three and more, for which the order counts; x5 isn't looked at."""
    a, b, c, d, e = (np.asarray(frame[f"x{j}"], dtype=float) for j in range(5))
    return a * b * c + (d > 0) * (e > 0) * a + np.maximum(b, c) * (d > 0)


MODEL = rai.load_model(crooked, features=NAMES, task="regression")
TRUTH = rai.explain(MODEL, ROWS, background=BACKGROUND, method="exact").values
WALK = N * B * 2 * (M - 1)


def sampled(seed=0, walks=2, model=MODEL, **options):
    asked = {"background": BACKGROUND, "method": "sampled", "rng": seed, "budget": walks * WALK}
    return rai.explain(model, ROWS, **{**asked, **options})


def test_ranks_are_permutations_and_every_second_walk_begins_half_way():
    ranks = walk_ranks([np.random.default_rng(k) for k in range(2)], 200, 5, walks=3)
    assert ranks.shape == (3, 200, 5)
    np.testing.assert_array_equal(np.sort(ranks, axis=2), np.broadcast_to(np.arange(5), ranks.shape))
    assert ((ranks[1] - ranks[0]) % 5 == 2).all()
    assert (ranks[2] != ranks[0]).any()


def test_every_order_is_as_likely_as_any_other():
    ranks = random_ranks(np.random.default_rng(0), 60_000, 3)
    _, counts = np.unique(ranks, axis=0, return_counts=True)
    assert len(counts) == 6
    assert np.abs(counts / 10_000 - 1).max() < 0.05


def test_the_mean_over_seeds_is_the_truth():
    found = np.array([sampled(seed).values for seed in range(100)])
    off = np.abs(found.mean(axis=0) - TRUTH)
    assert (off <= 4 * found.std(axis=0, ddof=1) / 10 + 1e-12).all()


def test_standard_errors_cover_and_err_on_the_large_side():
    found = [sampled(seed) for seed in range(100)]
    errors = np.array([each.values - TRUTH for each in found])[:, :, :5]
    said = np.array([each.standard_errors for each in found])[:, :, :5]
    assert 0.9 <= (np.abs(errors) <= 1.96 * said).mean() <= 0.99
    rms, mean = np.sqrt((errors**2).mean()), np.sqrt((said**2).mean())
    assert rms < mean < 2 * rms


def test_errors_fall_with_the_root_of_the_walks():
    def off(walks):
        found = np.array([sampled(seed, walks).values for seed in range(12)])
        return np.sqrt(((found - TRUTH) ** 2).mean())

    assert 2.4 < off(2) / off(24) < 4.8  # √12 = 3.5


def test_a_column_that_is_not_read_has_exactly_nothing_and_no_error():
    found = sampled()
    assert (found.values[:, 5] == 0).all()
    assert (found.standard_errors[:, 5] == 0).all()


def test_parts_add_up_exactly_whatever_was_drawn():
    found = sampled(7)
    np.testing.assert_allclose(found.base[:, 0] + found.values[:, :, 0].sum(axis=1), crooked(ROWS))


def test_the_order_of_an_additive_model_does_not_count():
    model = rai.load_model(
        lambda f: sum(np.asarray(f[n]) ** 2 for n in NAMES), features=NAMES, task="regression"
    )
    found = sampled(model=model)
    expected = [np.asarray(ROWS[n]) ** 2 - (BACKGROUND[n] ** 2).mean() for n in NAMES]
    np.testing.assert_allclose(found.values[:, :, 0], np.transpose(expected), atol=1e-12)
    assert found.standard_errors.max() < 1e-12


def test_no_more_rows_are_asked_about_than_differ():
    asked = []

    def counting(frame):
        asked.append(len(frame))
        return np.asarray(frame["a"]) * np.asarray(frame["b"]) / 10

    rows = {"a": [0, 1, 0, 1] * 25, "b": [0, 0, 1, 2] * 25}
    model = rai.load_model(counting, features=["a", "b"])
    rai.explain(model, rows, method="sampled")
    ends = 3 * 100  # the rows themselves, the background, and the check at the end
    assert sum(asked) - ends <= 100 + 6


def test_a_budget_buys_walks_and_too_little_of_it_is_told():
    with pytest.raises(ArgumentError) as error:
        sampled(budget=WALK)
    needed = 2 * WALK
    assert f"it needs to ask the model about {needed:,} rows, more than budget={WALK:,}" in str(
        error.value
    )
    asked = []

    def counting(frame):
        asked.append(len(frame))
        return crooked(frame)

    model = rai.load_model(counting, features=NAMES, task="regression")
    sampled(model=model, walks=4)
    assert 2.5 * WALK < sum(asked) <= 4 * WALK + 3 * (N + B)


def test_chunks_do_not_matter(monkeypatch):
    whole = sampled(3)
    monkeypatch.setattr("rai.explainers.sampled.CHUNK_ROWS", 130)
    pieces = sampled(3)
    np.testing.assert_allclose(pieces.values, whole.values, atol=1e-12)
    np.testing.assert_allclose(pieces.standard_errors, whole.standard_errors, atol=1e-12)


def test_progress_counts_rows(monkeypatch):
    monkeypatch.setattr("rai.explainers.sampled.CHUNK_ROWS", 500)
    told = []
    sampled(progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (N, N)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
