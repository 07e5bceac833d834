"""Recalibration: how far scores, taken as probabilities, must be moved and stretched to fit the labels.

    calibration in the large   mean label − mean score
    intercept α                logit P(y = 1) = α + logit s           moved: 0 is right
    slope β                    logit P(y = 1) = α + β · logit s       stretched: 1 is right, < 1 too bold

Source: Cox (1958), doi:10.1093/biomet/45.3-4.562; Van Calster et al. (2019),
doi:10.1186/s12916-019-1466-7.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import counted
from rai.measure.measured import Measured
from rai.measure.score_points import (
    Answer,
    ScorePoints,
    binned_note,
    group_metric,
    joined,
    student,
)
from rai.values import Tally

Array = NDArray[np.float64]

_ROUNDS = 1000
_CLOSE = 1e-10  # of log-odds; the next step would square it
_SINGULAR = 1e12
_FEWEST = 2.0 - 1e-9  # effective rows, or rows of the rarer label, for an interval
_ONE = "no interval: one row"
_RARE = "no interval: fewer than two effective rows of a label"


def calibration_in_the_large(name: str, tally: Tally) -> Measured:
    """Mean label minus mean score, with Student's interval."""
    return group_metric(name, tally, _in_the_large, method="student", reach=student, limits=(-1.0, 1.0))


def calibration_intercept(name: str, tally: Tally) -> Measured:
    """The intercept of a logistic regression of labels with the log-odds of the score as offset.

    With bins that are not exact it is solved twice more, with every score at the upper and at the lower
    end of its bin: the exact intercept lies between.
    """
    return group_metric(name, tally, _intercept, method="sandwich", reach=student)


def calibration_slope(name: str, tally: Tally) -> Measured:
    """The slope of a logistic regression of labels on the log-odds of the score."""
    return group_metric(name, tally, _slope, method="sandwich", reach=student)


def _residual_error(points: ScorePoints) -> float:
    """Standard error of mean label minus mean score.

    One row of each label, at the mean score, is added to the variance, so that a handful of rows with
    one label and one score doesn't pretend to certainty.
    """
    residual, all_, row = points.residual, points.all, points.row_weight
    mean, rate = float((points.weight * residual).sum()) / all_, points.rate
    around = float((points.weight * (residual - mean) ** 2).sum()) + row * ((1 - rate) ** 2 + rate**2)
    return float(np.sqrt(around / (all_ + 2 * row) / points.trials))


def _in_the_large(points: ScorePoints) -> Answer:
    summed = float((points.weight * points.residual).sum())
    error, freedom, note = _residual_error(points), points.trials - 1, ""
    if points.trials < _FEWEST:
        error, note = np.nan, _too_few(points)
    return Answer(
        value=summed / points.all, basis=(summed / points.all, error, freedom),
        slack=points.mean_slack, numerator=summed, denominator=points.all,
        note=joined(note, binned_note(points, points.mean_slack)),
    )  # fmt: skip


def _intercept(points: ScorePoints) -> Answer:
    lacking = _no_log_odds(points) or _one_label(points)
    if lacking:
        return Answer(note=lacking)
    odds = _logit(points.score)
    (value,), (error,) = _logistic(points, np.ones((1, len(odds))), odds)
    slack = 0.0
    if points.binned:
        ends = [_intercept_at(points, side) for side in (points.slack, -points.slack)]
        slack = max(abs(end - value) for end in ends)
    note = binned_note(points, slack)
    if np.isinf(slack):
        slack, note = 0.0, "binned: without a bound, since most rows are in the outermost bins"
    return _answer(points, value, error, parameters=1, slack=slack, note=note)


def _slope(points: ScorePoints) -> Answer:
    lacking = _no_log_odds(points) or _one_label(points) or _no_slope(points)
    if lacking:
        return Answer(note=lacking)
    odds = _logit(points.score)
    middle = float(points.total @ odds) / points.all
    width = float(np.sqrt(points.total @ (odds - middle) ** 2 / points.all))
    design = np.stack([np.ones_like(odds), (odds - middle) / width])
    right = np.array([middle, width])  # intercept 0 and slope 1, from where it isn't far
    (_, value), (_, error) = _logistic(points, design, np.zeros_like(odds), start=right)
    note = 'binned: middles stand for scores, without a bound; bins="exact" needs none'
    note = note if points.binned else ""
    return _answer(points, value / width, error / width, parameters=2, note=note)


def _answer(
    points: ScorePoints, value: float, error: float, *, parameters: int, note: str, slack: float = 0.0
) -> Answer:
    if np.isnan(value):
        return Answer(
            note=f"undefined: the fit has no finite optimum that can be reached (n={points.n})"
        )
    rarer = float((points.weight.sum(axis=1) ** 2 / points.square.sum(axis=1)).min())
    if rarer < _FEWEST or points.trials - parameters < 1:
        return Answer(value=value, note=joined(_RARE if points.n > 1 else _ONE, note))
    error *= float(np.sqrt(points.trials / (points.trials - parameters)))
    return Answer(value=value, basis=(value, error, rarer), slack=slack, note=note)


def _too_few(points: ScorePoints) -> str:
    return _ONE if points.n == 1 else "no interval: the weights leave fewer than two effective rows"


def _no_log_odds(points: ScorePoints) -> str:
    rows = int(points.rows[(points.score <= 0) | (points.score >= 1)].sum())
    if not rows:
        return ""
    seen = f"{counted(rows, 'score')} of exactly 0 or 1 without log-odds"
    return f"undefined: {seen}; clip scores, say to 0.0001 and 0.9999 (n={points.n})"


def _one_label(points: ScorePoints) -> str:
    return "" if points.weight.sum(axis=1).all() else f"undefined: only one label (n={points.n})"


def _no_slope(points: ScorePoints) -> str:
    """Where labels are parted by the score, or all scores are the same, no finite slope fits best."""
    if len(points.score) == 1:
        return f"undefined: all {counted(points.n, 'score')} are the same (n={points.n})"
    negative, positive = (np.flatnonzero(side)[[0, -1]] for side in points.weight)
    if positive[0] >= negative[1] or negative[0] >= positive[1]:
        return f"undefined: the scores part the labels, so that no finite slope fits (n={points.n})"
    return ""


def _intercept_at(points: ScorePoints, shift: Array) -> float:
    """The intercept with every score moved within its bin; infinite where that leaves none."""
    moved = np.clip(points.score + shift, 0.0, 1.0)
    sure, never = moved >= 1 - 1e-15, moved <= 1e-15
    inner = ~(sure | never)
    positives = float(points.weight[1].sum()) - float(points.total[sure].sum())
    if not 0 < positives < float(points.total[inner].sum()):
        return -np.inf if positives <= 0 else np.inf
    odds, total = _logit(moved[inner]), points.total[inner]
    (found,) = _newton(total, np.array([positives]), np.ones((1, len(odds))), odds, start=np.zeros(1))
    return float(found)


def _logistic(
    points: ScorePoints, design: Array, offset: Array, *, start: Array | None = None
) -> tuple[Array, Array]:
    """Coefficients of greatest likelihood and their standard errors, each of shape (k,).

    The errors are the sandwich's, which hold also where the model doesn't, or those of the model where
    they are larger: on few rows the sandwich is too short.
    """
    start = np.zeros(len(design)) if start is None else start
    at = _newton(points.total, design @ points.weight[1], design, offset, start=start)
    p = _expit(at @ design + offset)
    bread = np.linalg.pinv(_information(design, points.total * p * (1 - p)))
    modelled = _information(design, points.square.sum(axis=0) * p * (1 - p))
    robust = _information(design, points.square[0] * p**2 + points.square[1] * (1 - p) ** 2)
    variances = [np.diag(bread @ filling @ bread) for filling in (modelled, robust)]
    return at, np.sqrt(np.maximum(*variances))


def _newton(total: Array, positives: Array, design: Array, offset: Array, *, start: Array) -> Array:
    """Newton's method on the log-likelihood; NaN where it doesn't arrive.

    No step moves any log-odds by more than 1: since the third derivative of the likelihood is no larger
    than the second, such a step always raises it (Bach 2010, doi:10.1214/09-EJS521).

    Args:
        total: Weight of each point, shape (m,).
        positives: Sum of the design over positive labels, shape (k,).
        design: Shape (k, m).
        offset: Known part of the log-odds, shape (m,).
        start: Where to begin, shape (k,).
    """
    at, odds = start, start @ design + offset
    for _ in range(_ROUNDS):
        p = _expit(odds)
        information = _information(design, total * p * (1 - p))
        if not np.isfinite(information).all() or np.linalg.cond(information) > _SINGULAR:
            break
        step = np.linalg.solve(information, positives - design @ (total * p))
        moved = step @ design
        furthest = float(np.abs(moved).max())
        shorter = min(1.0, 1.0 / furthest) if furthest > 0 else 1.0
        at, odds = at + shorter * step, odds + shorter * moved
        if furthest <= _CLOSE:
            return at
    return np.full(len(design), np.nan)


def _information(design: Array, weight: Array) -> Array:
    return np.asarray((design * weight) @ design.T)


def _logit(p: Array) -> Array:
    return np.asarray(np.log(p) - np.log1p(-p))


def _expit(x: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(x))
