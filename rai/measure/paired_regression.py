"""One metric of two regressions on the same rows, and its paired difference: the delta method.

A metric is a function h of means of terms; with the terms' covariances C over rows and effective rows
n, the standard error of h₂ − h₁ is √(gᵀCg / (n − 1)), g the gradient of h₂ − h₁. For mean errors that
is the paired t-interval.

Source: van der Vaart (1998), Asymptotic Statistics, ch. 3, doi:10.1017/CBO9780511802256.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, listing, sentence
from rai.measure.intervals import Bounds
from rai.measure.measured import Measured
from rai.measure.paired_metrics import Both
from rai.measure.regression import find_regression_metric
from rai.values.paired_moments import TERMS, PairedMoments

Array = NDArray[np.float64]

_FEWEST = 2 - 1e-9  # effective rows for an interval
_SAME = "no interval: both predict the same in every row"
_SHORT = "no interval: fewer than two effective rows"

# For each metric the derivatives of h by the model's three terms (e, |e|, e²) and by u and u².
Slopes = Callable[[Array], tuple[Array, ...]]


def _mean_error(means: Array) -> tuple[Array, ...]:
    return _constants(means, 1, 0, 0, 0, 0)


def _mean_absolute_error(means: Array) -> tuple[Array, ...]:
    return _constants(means, 0, 1, 0, 0, 0)


def _mean_squared_error(means: Array) -> tuple[Array, ...]:
    return _constants(means, 0, 0, 1, 0, 0)


def _root_mean_squared_error(means: Array) -> tuple[Array, ...]:
    none = np.zeros(len(means))
    return none, none, 0.5 / np.sqrt(means[:, 2]), none, none


def _r2(means: Array) -> tuple[Array, ...]:
    """Of 1 − mean e² / (mean u² − (mean u)²)."""
    none, (_, _, mse, u, u2) = np.zeros(len(means)), means.T
    variance = u2 - u**2
    return none, none, -1 / variance, -2 * u * mse / variance**2, mse / variance**2


_SLOPES: dict[str, Slopes] = {
    "mean_error": _mean_error,
    "mean_absolute_error": _mean_absolute_error,
    "mean_squared_error": _mean_squared_error,
    "root_mean_squared_error": _root_mean_squared_error,
    "r2": _r2,
    "mean_prediction": _mean_error,
}


def paired_regression_metric(paired: PairedMoments, name: str) -> Both:
    """A metric of both regressions.

    Args:
        paired: The sums.
        name: A metric of a regression by name or alias: a mean error, R², or the mean prediction.

    Raises:
        ArgumentError: No such metric, or one without a paired interval, or one that needs true values
            where they are not known.
    """
    metric = find_regression_metric(name)
    if metric.name not in _SLOPES:
        expected = f"one of {listing(_SLOPES)}"
        raise ArgumentError(sentence("paired metric", repr(metric.name), expected=expected))
    if not paired.labelled and metric.name != "mean_prediction":
        hint = "Pass y_true=, or ask for 'mean_prediction'."
        where, expected = f"metric {metric.name!r}", "them, or a metric of predictions alone"
        raise ArgumentError(sentence(where, "no true values", expected=expected, hint=hint))
    first, second = (metric.measure(moments) for moments in paired.moments)
    error, freedom = _standard_error(paired, _SLOPES[metric.name])
    value = second.value - first.value
    nothing = np.full(len(value), np.nan)

    def bounds(z: float) -> Bounds:
        from scipy.special import stdtrit

        reach = stdtrit(freedom, NormalDist().cdf(z)) * error
        return Bounds(value - reach, value + reach)

    difference = Measured(
        first.name, first.axes, first.groups, value, bounds, first.n,
        _notes(paired, first, second, freedom), "delta method", nothing, nothing,
    )  # fmt: skip
    return Both(first, second, difference, partial(_p_values, value, error, freedom))


def _standard_error(paired: PairedMoments, slopes: Slopes) -> tuple[Array, Array]:
    """Standard error of the difference and its degrees of freedom, shape (g,) each; NaN where none."""
    gradient = np.zeros((len(paired.groups), len(TERMS)))
    shared = [TERMS.index("u"), TERMS.index("u2")]
    with np.errstate(invalid="ignore", divide="ignore"):
        for sign, own in ((-1, [0, 1, 2]), (1, [3, 4, 5])):
            at = [*own, *shared]
            for place, slope in zip(at, slopes(paired.means[:, at]), strict=True):
                gradient[:, place] += sign * slope
        rows = np.where(paired.weight_sq > 0, paired.weight**2 / paired.weight_sq, 0.0)
        enough = (rows > _FEWEST) & (paired.apart > 0)
        freedom = np.where(enough, rows - 1, np.nan)
        variance = np.einsum("gi,gij,gj->g", gradient, paired.covariances, gradient)
        return np.sqrt(np.maximum(variance, 0.0) / freedom), freedom


def _p_values(value: Array, error: Array, freedom: Array) -> Array:
    from scipy.special import stdtr

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * stdtr(freedom, -np.abs(value) / error))


def _notes(paired: PairedMoments, first: Measured, second: Measured, freedom: Array) -> tuple[str, ...]:
    found = []
    for place, rows in enumerate(paired.n):
        undefined = np.isnan(first.value[place] + second.value[place])
        note = (first.notes[place] or second.notes[place]) if undefined else ""
        if not undefined and np.isnan(freedom[place]):
            note = _SAME if rows > 1 and not paired.apart[place] else _SHORT
        found.append(note)
    return tuple(found)


def _constants(means: Array, *slopes: float) -> tuple[Array, ...]:
    return tuple(np.full(len(means), float(slope)) for slope in slopes)
