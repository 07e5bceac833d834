"""Expected calibration error: its bins, its bias and its interval."""

from math import pi, sqrt

import numpy as np
import pytest

import rai
from rai.measure.calibration_error import _triangle, mass_bins


def one(y, s, *, bins="exact", weight=None):
    audit = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": ["A"] * len(y)}, bins=bins, sample_weight=weight,
        positive_label=1,
    )  # fmt: skip
    (estimate,) = audit.metrics("ece")
    return estimate


def test_by_hand():
    """Two scores, far fewer than ten bins: |1/4 − 0.2| and |3/4 − 0.9|, a half each."""
    found = one([1, 0, 0, 0, 1, 1, 1, 0], [0.2] * 4 + [0.9] * 4)
    assert found.value == pytest.approx((0.05 + 0.15) / 2)
    by_chance = sqrt(2 / pi) * (sqrt(0.16 / 4) + sqrt(0.09 / 4)) / 2
    assert found.note == (
        f"a calibrated model would show about {by_chance:.3g}; 2 bins only, since scores are few"
    )
    assert found.low == 0.0
    assert found.method == "triangle inequality"


@pytest.mark.parametrize(
    ("weight", "bins", "expected"),
    [
        ([1] * 6, 3, [0, 0, 1, 1, 2, 2]),
        ([1] * 5, 5, [0, 1, 2, 3, 4]),
        ([10, 1, 1], 3, [1, 2, 2]),  # the heavy point holds bins 0 to 2; its middle is in 1
        ([1, 1, 10], 3, [0, 0, 1]),
        ([0.1] * 30, 10, np.repeat(range(10), 3).tolist()),
        ([7], 10, [5]),
    ],
)
def test_bins_of_equal_mass(weight, bins, expected):
    assert mass_bins(np.array(weight, float), bins).tolist() == expected


def test_scores_that_tie_stay_together():
    s = np.repeat([0.1, 0.3, 0.5, 0.7], [40, 3, 4, 53])
    rng = np.random.default_rng(1)
    y = (rng.random(100) < s).astype(int)
    gaps = [abs(y[s == v].mean() - v) * (s == v).mean() for v in (0.1, 0.7)]
    middle = (s == 0.3) | (s == 0.5)  # 40 to 47 of 100: both have their middle in the fifth bin
    assert one(y, s).value == pytest.approx(sum(gaps) + abs((y - s)[middle].sum()) / 100)


def test_the_quantile_of_the_error_is_that_of_draws():
    """A gamma distribution stands for a weighted sum of folded normals: quantiles beside drawn ones."""
    rng = np.random.default_rng(1)
    for spread in ([0.01] * 10, [0.05, 0.02, 0.01], [0.03]):
        errors = np.array(spread)
        drawn = np.abs(rng.normal(size=(200_000, len(errors))) * errors).sum(axis=1)
        mean, sd = sqrt(2 / pi) * errors.sum(), sqrt((1 - 2 / pi) * (errors**2).sum())
        for z, level in ((1.0, 0.6827), (1.96, 0.95), (2.5758, 0.99)):
            low, high = _triangle(np.array([[0.5], [mean], [sd]]), z)
            reach, needed = (high[0] - low[0]) / 2, np.quantile(drawn, level)
            assert 0.93 * needed < reach < 1.1 * needed
            assert level < 0.95 or reach > needed


def test_one_label_and_one_row():
    assert one([1, 1, 1], [0.5] * 3).value == pytest.approx(0.5)
    alone = one([1], [0.75])
    assert (alone.value, alone.low, alone.high) == (0.25, 0.0, 1.0)


def test_binned_widens_the_interval_by_its_bound():
    rng = np.random.default_rng(1)
    s = rng.random(2000)
    y = (rng.random(2000) < s).astype(int)
    exact, binned = (one(y, s, bins=bins) for bins in ("exact", 20))
    assert binned.note.endswith("binned: within 0.025 of the value of exact scores in these bins")
    assert binned.high - binned.value > exact.high - exact.value + 0.02


def test_more_rows_show_less_by_chance():
    def said(n):
        s = (np.arange(n) + 0.5) / n
        return float(one((np.arange(n) % 2), s).note.split("about ")[1].split(";")[0])

    assert said(400) / said(40_000) == pytest.approx(10, rel=0.02)
