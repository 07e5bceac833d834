"""Intervals of areas hold the truth as often as they say, in few rows and near 1 as well.

Each replicate is a group of one tally, so thousands are measured at once.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import rai
from rai.measure.average_precision import average_precision
from rai.measure.intervals import critical_value
from rai.measure.roc_auc import roc_areas, roc_auc
from rai.values import Roles, Tally

SPREADS = {
    "equal": 1.0,
    "wide": 2.0,
    "narrow": 0.5,
}  # of positive scores; those of negatives are N(0, 1)
SIZES = [(5, 5), (5, 50), (50, 5), (20, 20), (10, 200), (200, 200)]
AREAS = (0.5, 0.7, 0.9, 0.97, 0.99)
Z = critical_value(0.95)


def drawn(rng, *, positives, negatives, area, spread, replicates=1000):
    """Rows sorted by score, low to high: cells (replicates, 2, rows)."""
    centre = np.sqrt(1 + spread**2) * ndtri(area)
    positive = centre + spread * rng.standard_normal((replicates, positives))
    scores = np.concatenate((rng.standard_normal((replicates, negatives)), positive), axis=1)
    label = np.argsort(scores, axis=1) >= negatives
    return np.stack((~label, label), axis=1).astype(np.int64)


def tally_of(cells):
    """A tally of one group per replicate, one exact bin per score."""
    n = np.concatenate((np.zeros((*cells.shape[:2], 1), dtype=np.int64), cells), axis=2)
    keys = tuple((place,) for place in range(len(n)))
    return Tally(("g",), keys, (0, 1), np.arange(1.0, n.shape[2]), (), n, exact=True)


def coverage(measured, truth):
    low, high = measured.bounds(Z)
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize("spread", SPREADS)
def test_the_area_under_the_roc_curve(spread):
    rng = np.random.default_rng(1)
    found = []
    for positives, negatives in SIZES:
        for area in AREAS:
            cells = drawn(
                rng, positives=positives, negatives=negatives, area=area, spread=SPREADS[spread]
            )
            found.append(coverage(roc_auc("auc", tally_of(cells)), area))
    assert min(found) > 0.92
    assert np.quantile(found, 0.1) > 0.935
    assert 0.95 < np.mean(found) < 0.985


def test_graded_scores():
    """Five grades, so that most rows tie with others."""
    rng = np.random.default_rng(2)
    for area in (0.6, 0.8, 0.95):
        centre = np.sqrt(2) * ndtri(area)
        cuts = np.linspace(-1, 1 + centre, 4)
        chances = [np.diff([0, *ndtr(cuts - shift), 1]) for shift in (0.0, centre)]
        truth = float(chances[1] @ (np.cumsum(chances[0]) - chances[0] / 2))
        for positives, negatives in SIZES:
            cells = np.stack(
                [
                    rng.multinomial(n, p, 1000)
                    for n, p in zip((negatives, positives), chances, strict=True)
                ],
                axis=1,
            )
            assert coverage(roc_auc("auc", tally_of(cells)), truth) > 0.92


def test_an_interval_that_only_linearises_leaves_the_truth_out():
    """The logit interval of DeLong's variance, with five rows of each label."""
    truth = 0.97
    cells = drawn(np.random.default_rng(3), positives=5, negatives=5, area=truth, spread=1.0)
    area = roc_areas(tally_of(cells))
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(area.value / (1 - area.value))
        error = np.sqrt(area.variance) / (area.value * (1 - area.value))
        low, high = (1 / (1 + np.exp(-centre - z * error)) for z in (-Z, Z))
    assert np.mean((low <= truth) & (truth <= high)) < 0.4
    assert coverage(roc_auc("auc", tally_of(cells)), truth) > 0.93


@pytest.mark.parametrize("spread", SPREADS)
def test_average_precision(spread):
    """Labels are drawn, too; the truth is the mean precision at the scores of positive rows."""
    rng = np.random.default_rng(4)
    width, found = SPREADS[spread], []
    for rows in (20, 50, 200):
        for prevalence in (0.3, 0.5, 0.8):
            for area in (0.5, 0.7, 0.9, 0.97):
                centre = np.sqrt(1 + width**2) * ndtri(area)
                at = centre + width * ndtri((np.arange(20_000) + 0.5) / 20_000)
                tp, fp = prevalence * ndtr((centre - at) / width), (1 - prevalence) * ndtr(-at)
                label = rng.random((1000, rows)) < prevalence
                label = label[label.any(axis=1)]
                scores = rng.standard_normal(label.shape) * np.where(label, width, 1) + centre * label
                label = np.take_along_axis(label, np.argsort(scores, axis=1), axis=1)
                cells = np.stack((~label, label), axis=1).astype(np.int64)
                found.append(
                    coverage(average_precision("ap", tally_of(cells)), float((tp / (tp + fp)).mean()))
                )
    assert min(found) > 0.89
    assert np.quantile(found, 0.1) > 0.92
    assert 0.95 < np.mean(found) < 0.985


def audit_of(cells):
    """An audit of the groups of these cells, (groups, 2, rows)."""
    tally = tally_of(cells)
    roles = Roles(y_true="y", y_score="s", sensitive_features=("g",), positive_label=1)
    return rai.Audit(tally=tally, task="binary", roles=roles, thresholds=(1.0,))


def groups_drawn(rng, *groups):
    """One audit of groups (positives, negatives, area, spread), each on scores of its own."""
    parts = [
        drawn(rng, positives=p, negatives=n, area=area, spread=spread, replicates=1)
        for p, n, area, spread in groups
    ]
    rows = sum(part.shape[2] for part in parts)
    cells, first = np.zeros((len(parts), 2, rows), dtype=np.int64), 0
    for place, part in enumerate(parts):
        cells[place, :, first : first + part.shape[2]] = part[0]
        first += part.shape[2]
    return audit_of(cells)


def between(first, second):
    """The area between the true curves of two groups."""
    x = (np.arange(100_000) + 0.5) / 100_000
    heights = []
    for area, spread in (first, second):
        centre = np.sqrt(1 + spread**2) * ndtri(area)
        heights.append(ndtr((centre + ndtri(x)) / spread))
    return float(np.abs(heights[0] - heights[1]).mean())


SETTINGS = [
    ((20, 20, 0.8, 1.0), (20, 20, 0.8, 1.0)),
    ((10, 100, 0.9, 1.0), (60, 60, 0.9, 1.0)),
    ((50, 50, 0.9, 1.0), (50, 50, 0.7, 1.0)),
    ((60, 60, 0.8, 2.0), (60, 60, 0.8, 0.5)),
    ((10, 10, 0.99, 1.0), (10, 10, 0.6, 1.0)),
]


@pytest.mark.parametrize(
    "groups", SETTINGS, ids=["equal", "equal, few", "apart", "crossing", "far apart"]
)
def test_the_area_between_curves_and_the_gap_in_areas(groups):
    """Every group has scores of its own, one above the other: only the order within counts."""
    rng = np.random.default_rng(6)
    truths = [between(*(group[2:] for group in groups)), abs(groups[0][2] - groups[1][2])]
    audits = [groups_drawn(rng, *groups).gaps("abroca", "roc_auc") for _ in range(120)]
    for place, truth in enumerate(truths):
        held = np.mean([gaps[place].low <= truth + 1e-9 <= gaps[place].high + 2e-9 for gaps in audits])
        assert held > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 120)
    if truths[0] < 1e-9:
        assert np.mean([gaps[0].p_value <= 0.05 for gaps in audits]) < 0.05 + 3 * np.sqrt(
            0.05 * 0.95 / 120
        )
        assert np.mean([gaps[0].null for gaps in audits]) == pytest.approx(
            np.mean([gaps[0].value for gaps in audits]), rel=0.25
        )
