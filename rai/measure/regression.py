"""Metrics of a regression: one literal table over moments. To add a metric, add a row.

e = prediction − truth. Means get Student's interval; metrics that can't be negative are linearised
on the log scale, and 1 − R² = MSE / variance likewise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rai.measure.intervals import Bounds
from rai.measure.measured import Measured
from rai.measure.metrics import unknown_name
from rai.values import Moments

Array = NDArray[np.float64]

_FEWEST = 2 - 1e-9  # effective rows for an interval


@dataclass(frozen=True, slots=True)
class Part:
    """A value per group, its variance on the scale of its interval, and that scale."""

    value: Array
    variance: Array
    scale: Literal["real", "log", "log_complement"]


@dataclass(frozen=True, slots=True)
class RegressionMetric:
    """One row of the table; the fields mean what they mean for `Metric`."""

    name: str
    formula: str
    part: Callable[[Moments], Part]
    better: Literal["higher", "lower", "neither"]
    aliases: tuple[str, ...] = ()
    source: str = ""
    signed: bool = False
    lacking: str = "the labels don't vary"

    @property
    def is_mean(self) -> bool:
        """Whether it is a sum over rows divided by their number."""
        return self.formula.startswith("mean")

    def measure(self, moments: Moments) -> Measured:
        """The metric of every group."""
        with np.errstate(invalid="ignore", divide="ignore"):
            part = self.part(moments)
            trials = np.where(moments.weight_sq > 0, moments.weight**2 / moments.weight_sq, 0.0)
        value = np.where(np.isfinite(part.value), part.value, np.nan)

        def bounds(z: float) -> Bounds:
            return _bounds(Part(value, part.variance, part.scale), trials, z)

        nothing = np.full(len(value), np.nan)
        spread = np.broadcast_to(part.variance, value.shape)
        notes = tuple(
            _note(v, int(n), t, self.lacking) or _no_spread(v, s)
            for v, n, t, s in zip(value, moments.n, trials, spread, strict=True)
        )
        return Measured(
            self.name, moments.axes, moments.groups, value, bounds, moments.n, notes,
            "student" if part.scale == "real" else "linearised",
            value * moments.weight if self.is_mean else nothing,
            moments.weight if self.is_mean else nothing,
        )  # fmt: skip


def _note(value: float, n: int, trials: float, lacking: str) -> str:
    if np.isnan(value):
        return f"undefined: {lacking} (n={n})" if n else "undefined: no rows (n=0)"
    if n == 1:
        return "no interval: one row"
    return "" if trials > _FEWEST else "no interval: the weights leave fewer than two effective rows"


def _no_spread(value: float, variance: float) -> str:
    lost = not np.isnan(value) and np.isnan(variance)
    return "no interval: this audit kept no histogram of predictions" if lost else ""


def _bounds(part: Part, trials: Array, z: float) -> Bounds:
    from scipy.special import stdtrit

    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = np.where(trials > _FEWEST, trials - 1, np.nan)
        reach = stdtrit(freedom, NormalDist().cdf(z)) * np.sqrt(np.maximum(part.variance, 0.0) / freedom)
        if part.scale == "real":
            return Bounds(part.value - reach, part.value + reach)
        if part.scale == "log":
            factor = np.where(part.value > 0, np.exp(reach), 1.0)
            return Bounds(part.value / factor, part.value * factor)
        rest, factor = 1 - part.value, np.where(part.value < 1, np.exp(reach), 1.0)
        return Bounds(1 - rest * factor, 1 - rest / factor)


def _mean(m: Moments, name: str) -> Array:
    return np.asarray(m.term(name) / m.weight)


def _mean_error(m: Moments) -> Part:
    mean = _mean(m, "e")
    return Part(mean, _mean(m, "e2") - mean**2, "real")


def _mean_absolute_error(m: Moments) -> Part:
    mean = _mean(m, "abs_e")
    return Part(mean, (_mean(m, "e2") - mean**2) / mean**2, "log")


def _mean_squared_error(m: Moments) -> Part:
    mean = _mean(m, "e2")
    return Part(mean, (_mean(m, "e4") - mean**2) / mean**2, "log")


def _root_mean_squared_error(m: Moments) -> Part:
    squared = _mean_squared_error(m)
    return Part(np.sqrt(squared.value), squared.variance / 4, "log")


def _mean_label(m: Moments) -> Part:
    mean = _mean(m, "u")
    return Part(mean + m.origin, _mean(m, "u2") - mean**2, "real")


def _mean_prediction(m: Moments) -> Part:
    mean = _mean(m, "u") + _mean(m, "e")
    square = _mean(m, "u2") + 2 * _mean(m, "eu") + _mean(m, "e2")
    return Part(mean + m.origin, square - mean**2, "real")


def _r2(m: Moments) -> Part:
    u, mse = _mean(m, "u"), _mean(m, "e2")
    variance = _mean(m, "u2") - u**2
    variance = np.where(variance > 1e-12 * np.maximum(_mean(m, "u2"), 1e-300), variance, np.nan)
    fourth = _mean(m, "u4") - 4 * u * _mean(m, "u3") + 6 * u**2 * _mean(m, "u2") - 3 * u**4
    mixed = _mean(m, "e2u2") - 2 * u * _mean(m, "e2u") + u**2 * mse
    spread = _mean(m, "e4") / mse**2 - 2 * mixed / (mse * variance) + fourth / variance**2
    return Part(1 - mse / variance, np.nan_to_num(spread), "log_complement")


def _line(m: Moments) -> tuple[Array, Array, Array, Array]:
    """Mean truth and mean prediction about the origin, variance of predictions, and slope."""
    u, p = _mean(m, "u"), _mean(m, "u") + _mean(m, "e")
    square = _mean(m, "u2") + 2 * _mean(m, "eu") + _mean(m, "e2")
    variance = square - p**2
    variance = np.where(variance > 1e-12 * np.maximum(square, 1e-300), variance, np.nan)
    return u, p, variance, (_mean(m, "u2") + _mean(m, "eu") - u * p) / variance


def _calibration_slope(m: Moments) -> Part:
    _, p, variance, slope = _line(m)
    return Part(slope, _influence(m, lambda at: (at - p[:, None]) / variance[:, None]), "real")


def _calibration_intercept(m: Moments) -> Part:
    u, p, variance, slope = _line(m)
    middle = p + m.origin
    influence = _influence(m, lambda at: 1 - (middle / variance)[:, None] * (at - p[:, None]))
    return Part(u + m.origin - slope * middle, influence, "real")


def _influence(m: Moments, factor: Callable[[Array], Array]) -> Array:
    """Mean square of (residual of the line × a factor of the prediction): the sandwich, bin by bin.

    Within a bin the prediction is taken at its mean.
    """
    if m.by_prediction is None:
        return np.full(len(m.n), np.nan)
    mean_u, mean_p, _, slope = (part[:, None] for part in _line(m))
    _, weight, _, e, u, u2 = np.moveaxis(m.by_prediction, 2, 0)
    at = np.divide(e + u, weight, out=np.zeros_like(u), where=weight > 0)
    line = mean_u + slope * (at - mean_p)
    squares = u2 - 2 * line * u + line**2 * weight
    return np.asarray((squares * factor(at) ** 2).sum(axis=1) / m.weight)


_MINCER = "Mincer and Zarnowitz (1969), NBER; White (1980), doi:10.2307/1912934"

REGRESSION_METRICS: tuple[RegressionMetric, ...] = (
    RegressionMetric("mean_error", "mean e", _mean_error, "neither", ("bias", "me"),
                     "Willmott (1982), doi:10.1175/1520-0477(1982)063<1309:SCOTEO>2.0.CO;2",
                     signed=True),
    RegressionMetric("mean_absolute_error", "mean |e|", _mean_absolute_error, "lower", ("mae",),
                     "Willmott and Matsuura (2005), doi:10.3354/cr030079"),
    RegressionMetric("mean_squared_error", "mean e²", _mean_squared_error, "lower", ("mse",),
                     "Willmott (1982), doi:10.1175/1520-0477(1982)063<1309:SCOTEO>2.0.CO;2"),
    RegressionMetric("root_mean_squared_error", "√(mean e²)", _root_mean_squared_error, "lower",
                     ("rmse",), "Willmott and Matsuura (2005), doi:10.3354/cr030079"),
    RegressionMetric("r2", "1 − mean e² / variance of y", _r2, "higher", ("r2_score",),
                     "Draper and Smith (1998), Applied Regression Analysis, ch. 1", signed=True),
    RegressionMetric("mean_prediction", "mean ŷ", _mean_prediction, "neither",
                     source="Calders et al. (2013), doi:10.1109/ICDM.2013.114", signed=True),
    RegressionMetric("mean_label", "mean y", _mean_label, "neither",
                     source="Calders et al. (2013), doi:10.1109/ICDM.2013.114", signed=True),
    RegressionMetric("calibration_intercept", "α of the least-squares line y = α + β·ŷ",
                     _calibration_intercept, "neither", (), _MINCER, signed=True,
                     lacking="the predictions don't vary"),
    RegressionMetric("calibration_slope", "β of the least-squares line y = α + β·ŷ",
                     _calibration_slope, "neither", (), _MINCER, signed=True,
                     lacking="the predictions don't vary"),
)  # fmt: skip

DEFAULT_REGRESSION_METRICS = (
    "mean_error",
    "mean_absolute_error",
    "root_mean_squared_error",
    "r2",
    "mean_prediction",
    "mean_label",
)

_BY_NAME = {name: row for row in REGRESSION_METRICS for name in (row.name, *row.aliases)}


def find_regression_metric(name: str) -> RegressionMetric:
    """The regression metric of a name or alias.

    Example:
        >>> find_regression_metric("mae").name
        'mean_absolute_error'
    """
    named = isinstance(name, str)
    if not named or name not in _BY_NAME:
        raise unknown_name("metric", name, [row.name for row in REGRESSION_METRICS], also=_BY_NAME)
    return _BY_NAME[name]
