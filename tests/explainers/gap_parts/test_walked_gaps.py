"""Walks from few background rows: unbiased, and freed of which rows were drawn."""

import numpy as np
import pytest

from rai.explainers.gap_parts import attribute_gap
from rai.explainers.gap_parts.group_moments import merged, moments_of, side_of
from tests.explainers.gap_parts.conftest import FEATURES

METRICS = ["selection_rate", "log_loss", "mean_score"]


@pytest.mark.parametrize("metric", METRICS)
def test_sampled_parts_are_unbiased_and_sum_exactly(small, metric):
    model, rows, labels = small(120, 4)
    given = {"metric": metric, "sensitive_features": "sex", "y_true": labels, "versus": "M"}
    given["background"] = rows[FEATURES].iloc[:40]
    exact = attribute_gap(model, rows, **given)
    truth = np.array([part.value for part in exact.pair("F").all_parts])
    names = [part.feature for part in exact.pair("F").all_parts]
    found = []
    for seed in range(60):
        pair = attribute_gap(model, rows, method="sampled", budget=480, rng=seed, **given).pair("F")
        parts = {part.feature: part.value for part in pair.all_parts}
        assert sum(parts.values()) == pytest.approx(exact.pair("F").value, abs=1e-9)
        found.append([parts[name] for name in names])
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - truth) <= 4 * error + 1e-9).all()


def test_control_takes_out_what_was_drawn():
    rng = np.random.default_rng(0)
    n, plain, freed = 400, [], []
    for _ in range(200):
        score, drawn = rng.normal(size=n), rng.normal(size=n)
        first = 0.5 * score - 0.7 * drawn + 0.1 * rng.normal(size=n)
        table = np.stack([first, score - drawn - first, np.zeros(n), score, drawn], axis=1)
        side = side_of(moments_of(table))
        assert side.parts.sum() == pytest.approx(score.mean(), abs=1e-12)
        plain.append(first.mean() - 0.5 * score.mean())
        freed.append(side.parts[0] - 0.5 * score.mean())
    assert np.std(freed) == pytest.approx(0.1 / np.sqrt(n), rel=0.15)
    assert np.std(plain) == pytest.approx(np.hypot(0.1, 0.7) / np.sqrt(n), rel=0.15)


def test_moments_merge():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(50, 6))
    whole = moments_of(table)
    parts = merged([moments_of(table[:7]), moments_of(table[:0]), moments_of(table[7:])])
    assert parts.n == whole.n
    np.testing.assert_allclose(parts.mean, whole.mean, atol=1e-12)
    np.testing.assert_allclose(parts.scatter, whole.scatter, atol=1e-12)


def test_standard_errors_are_those_of_new_rows_and_draws(small):
    given = {"metric": "selection_rate", "sensitive_features": "sex", "versus": "M"}
    background = small(40, 99)[1][FEATURES]
    found = [
        attribute_gap(
            *small(200, seed)[:2], method="sampled", budget=800, rng=seed, background=background, **given
        ).pair("F")
        for seed in range(120)
    ]
    for name in FEATURES:
        parts = [next(part for part in pair.parts if part.feature == name) for pair in found]
        told = np.mean([part.standard_error for part in parts])
        assert told == pytest.approx(np.std([part.value for part in parts], ddof=1), rel=0.2)
