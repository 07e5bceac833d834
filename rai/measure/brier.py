"""The Brier score, and its three parts without arbitrary bins.

    Brier = miscalibration − discrimination + uncertainty

            s           score as it is               ┐ miscalibration: what recalibrating would gain
            g(s)        best rising function of it   ┤ discrimination: what scores then tell apart
            mean label  the same for everyone        ┘ uncertainty: what is left to tell apart

The best rising function is the isotonic regression of labels on scores. On few rows it bends to chance,
so miscalibration is above 0 even for a perfect model: the note says what such a model would show here.

Source: Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; Murphy (1973),
doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Dimitriadis, Gneiting and Jordan (2021),
doi:10.1073/pnas.2016191118.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import number
from rai.measure.calibration_error import mass_bins, pooled
from rai.measure.intervals import Bounds, wilson
from rai.measure.laws import SCALES
from rai.measure.measured import Measured
from rai.measure.score_points import Answer, ScorePoints, binned_note, group_metric, joined
from rai.values import Tally

Array = NDArray[np.float64]

_MOST_POINTS = 4096  # scores in a draw; more would raise what chance shows by a tenth at most
_DRAWN = 12_000  # points in all draws
_FEWEST_DRAWS, _MOST_DRAWS = 5, 100


class _Parts(NamedTuple):
    """Brier score of the scores, of the recalibrated scores, and of the mean label."""

    brier: float
    recalibrated: float
    uncertainty: float


def brier_score(name: str, tally: Tally) -> Measured:
    """Mean squared distance of score and label; its interval is linearised on the log-odds scale."""
    return group_metric(
        name, tally, _brier, method="linearised", reach=_within_unit, limits=(0.0, 1.0)
    )  # fmt: skip


def brier_miscalibration(name: str, tally: Tally) -> Measured:
    """What the Brier score would lose if scores were recalibrated by the best rising function.

    It has no interval: it can't be negative, so chance alone raises it. The note compares instead.
    """
    return group_metric(name, tally, _miscalibration, method="isotonic", reach=_none)


def brier_discrimination(name: str, tally: Tally) -> Measured:
    """How much the Brier score of recalibrated scores is below that of the mean label; no interval."""
    return group_metric(name, tally, _discrimination, method="isotonic", reach=_none)


def brier_uncertainty(name: str, tally: Tally) -> Measured:
    """Base rate times its complement, with Wilson's interval of the base rate, mapped."""
    return group_metric(
        name, tally, _uncertainty, method="wilson, mapped", reach=_mapped, limits=(0.0, 0.25)
    )


def _brier(points: ScorePoints) -> Answer:
    """One row of each label, at the mean score, is added, so that 0 of few rows is no certainty."""
    loss, row, slack = points.residual**2, points.row_weight, _brier_slack(points)
    mean = float(points.total @ points.score) / points.all
    added = np.array([mean**2, (1 - mean) ** 2])
    summed, total = float((points.weight * loss).sum()), points.all + 2 * row
    centre = (summed + row * float(added.sum())) / total
    around = row * ((added - centre) ** 2).sum() + (points.weight * (loss - centre) ** 2).sum()
    return Answer(
        value=summed / points.all,
        basis=(centre, float(np.sqrt(around / total / points.trials)), 0.0),
        slack=slack,
        note=binned_note(points, slack),
        numerator=summed,
        denominator=points.all,
    )


def _brier_slack(points: ScorePoints) -> float:
    """How far the Brier score may be from the exact one: |(r + d)² − r²| ≤ 2 |r| h + h² for |d| ≤ h."""
    moved = 2 * np.abs(points.residual) * points.slack + points.slack**2
    return float((points.weight * moved).sum()) / points.all


def _miscalibration(points: ScorePoints) -> Answer:
    parts = _parts(points)
    ordered = _best_order(points) if points.binned else parts.recalibrated
    slack = _brier_slack(points) + parts.recalibrated - ordered
    by_chance = f"a calibrated model would show about {number(_by_chance(points))}: no interval"
    note = joined(by_chance, binned_note(points, slack))
    return Answer(value=max(parts.brier - parts.recalibrated, 0.0), note=note)


def _discrimination(points: ScorePoints) -> Answer:
    parts = _parts(points)
    slack = parts.recalibrated - _best_order(points) if points.binned else 0.0
    note = joined("no interval: chance alone raises it", binned_note(points, slack))
    return Answer(value=max(parts.uncertainty - parts.recalibrated, 0.0), note=note)


def _uncertainty(points: ScorePoints) -> Answer:
    rate = points.rate
    return Answer(value=rate * (1 - rate), basis=(rate, points.trials, 0.0))


def _parts(points: ScorePoints) -> _Parts:
    positives, total, all_ = points.weight[1], points.total, points.all
    brier = float((points.weight * points.residual**2).sum()) / all_
    fitted = isotonic(positives / total, total)
    recalibrated = float((points.weight[0] @ fitted**2) + positives @ (1 - fitted) ** 2) / all_
    return _Parts(brier, recalibrated, points.rate * (1 - points.rate))


def isotonic(value: Array, weight: Array) -> Array:
    """The rising sequence nearest to the values, shape (m,).

    Example:
        >>> isotonic(np.array([0.2, 0.6, 0.4, 1.0]), np.array([1.0, 1.0, 3.0, 1.0])).round(2).tolist()
        [0.2, 0.45, 0.45, 1.0]
    """
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(value, weights=weight).x)


def _best_order(points: ScorePoints) -> float:
    """Brier score of the recalibrated scores, were the rows of each bin in the best order."""
    weight = points.weight.T.ravel()
    at = weight > 0
    label = np.tile([0.0, 1.0], len(points.score))[at]
    fitted = isotonic(label, weight[at])
    return float(weight[at] @ (fitted - label) ** 2) / points.all


def _by_chance(points: ScorePoints) -> float:
    """The miscalibration that a calibrated model with these scores would show on average.

    Labels are drawn with the scores as their probabilities. All draws are one isotonic regression:
    each is lifted above the one before, so that they never pool.
    """
    drawn = pooled(points, mass_bins(points.total, _MOST_POINTS))
    draws = int(np.clip(_DRAWN // len(drawn.score), _FEWEST_DRAWS, _MOST_DRAWS))
    trials = np.maximum(np.rint(drawn.total**2 / drawn.square.sum(axis=0)), 1).astype(np.int64)
    rng = np.random.default_rng(0)
    chances = np.clip(drawn.score, 0.0, 1.0)
    rates = rng.binomial(trials, chances, size=(draws, len(trials))) / trials
    lift = 2.0 * np.arange(draws)[:, None]
    fitted = isotonic((rates + lift).ravel(), np.tile(drawn.total, draws)).reshape(rates.shape) - lift
    gained = ((rates - drawn.score) ** 2 - (rates - fitted) ** 2) @ drawn.total / points.all
    return float(gained.mean())


def _within_unit(basis: Array, z: float) -> Bounds:
    forward, back = SCALES["unit"]
    centre, error, _ = basis
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        middle, reach = forward(centre), z * error / (centre * (1 - centre))
        return Bounds(back(middle - reach), back(middle + reach))


def _mapped(basis: Array, z: float) -> Bounds:
    rate, trials, _ = basis
    known = ~np.isnan(rate)
    low, high = wilson(np.where(known, rate * trials, 0.0), np.where(known, trials, 0.0), z=z)
    ends = low * (1 - low), high * (1 - high)
    holds_half = (low <= 0.5) & (high >= 0.5)
    return Bounds(np.minimum(*ends), np.where(holds_half, 0.25, np.maximum(*ends)))


def _none(basis: Array, _: float) -> Bounds:
    return Bounds(*np.full_like(basis[:2], np.nan))
