"""Intervals hold for all parts at once, and chance bands hold what chance shows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from rai.explainers.gap_parts import attribute_gap
from rai.explainers.gap_parts.part_bounds import critical

DRAWS = 200
COLUMNS = list("abcd")
rng = np.random.default_rng(0)
TRAINED = pd.DataFrame(rng.normal(size=(400, 4)), columns=COLUMNS)
MODEL = LogisticRegression().fit(TRAINED, TRAINED.sum(axis=1) + rng.normal(size=400) > 0)


@pytest.fixture(scope="module")
def no_bias():
    """Pairs of groups that don't differ, for two metrics."""
    found = {"mean_score": [], "selection_rate": []}
    for seed in range(DRAWS):
        chance = np.random.default_rng(seed)
        rows = pd.DataFrame(chance.normal(size=(160, 4)), columns=COLUMNS)
        groups = {"group": np.where(np.arange(160) < 60, "x", "y")}
        for metric in found:
            found[metric] += attribute_gap(
                MODEL, rows, metric=metric, sensitive_features=groups, background=TRAINED[:20],
                versus="y", budget=1000, method="auto" if metric == "mean_score" else "sampled",
            ).pairs  # fmt: skip
    return found


@pytest.mark.parametrize("metric", ["mean_score", "selection_rate"])
def test_without_bias_all_intervals_cover_zero_at_once(no_bias, metric):
    covered = [
        all(part.low <= 0 <= part.high for part in (*pair.all_parts, pair.gap))
        for pair in no_bias[metric]
    ]
    assert 0.91 <= np.mean(covered) <= 0.99


@pytest.mark.parametrize("metric", ["mean_score", "selection_rate"])
def test_chance_bands_hold_what_chance_shows(no_bias, metric):
    beyond = [
        any(part.is_beyond_chance for part in (*pair.all_parts, pair.gap)) for pair in no_bias[metric]
    ]
    assert 0.01 <= np.mean(beyond) <= 0.09


def test_intervals_of_games_cover_zero_at_once(small):
    held = []
    for seed in range(100):
        model, rows, labels = small(140, seed)
        groups = {"group": np.where(np.arange(140) % 2, "x", "y")}
        [pair] = attribute_gap(
            model, rows, metric="ppv", sensitive_features=groups, y_true=labels, versus="y",
            background=rows[:25], threshold=0.4,
        ).pairs  # fmt: skip
        held.append(all(part.low <= 0 <= part.high for part in (*pair.all_parts, pair.gap)))
    assert 0.90 <= np.mean(held) <= 0.99


def test_small_groups_have_no_interval_and_say_so(small):
    model, rows, _ = small(60)
    [pair] = attribute_gap(model, rows, metric="selection_rate", sensitive_features="sex").pairs
    assert min(pair.n, pair.n_versus) < 30
    assert pair.value is not None
    assert all(part.low is None and "fewer than 30" in part.note for part in pair.parts)


def test_one_number_has_the_usual_value_and_many_have_more():
    chance = np.random.default_rng(0)
    one = critical([np.eye(1)], [10**7], level=0.95, rng=chance)
    many = critical([np.eye(10)], [10**7], level=0.95, rng=chance)
    apart = critical([np.eye(5), 4 * np.eye(5)], [10**7] * 2, level=0.95, rng=chance)
    same = critical([np.ones((10, 10))], [10**7], level=0.95, rng=chance)
    assert one == pytest.approx(1.960, abs=0.04)
    assert many == pytest.approx(2.800, abs=0.05)  # quantile 0.95^(1/10), two-sided
    assert apart == pytest.approx(many, abs=0.05)
    assert same == pytest.approx(one, abs=0.05)
