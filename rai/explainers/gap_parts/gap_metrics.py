"""Which gaps can be attributed, and how: one literal table. To add a metric, add a row.

mean of a number of rows   selection rate, mean score, a loss …    means of the rows' attributions
not a mean                 precision, AUC, every ratio             a game played with the metric itself
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.spaces import SpaceName
from rai.ground.errors import ArgumentError, RaiError, listing, sentence
from rai.measure.criteria import find_criterion
from rai.measure.metrics import unknown_name

Kind = Literal["difference", "ratio"]
Rate = Callable[[Floats, Floats], tuple[Floats, Floats]]

CLASSES = ("binary", "multiclass")
EVERY = ("binary", "multiclass", "regression")


@dataclass(frozen=True, slots=True, kw_only=True)
class GapMetric:
    """One row of the table.

    Args:
        name: Full name, as in the metrics module where it has it.
        space: The number of a row whose mean it is; None for the one that is asked for.
        rows: Which rows it looks at: all, or those of one label.
        sign: 1, or -1 where it is 1 minus that mean.
        loss: Which loss, in the space of losses; None for the one that is asked for.
        rate: From decisions and labels of rows, 1 or 0 each, to each row's share of the numerator and
            of the denominator; None for what is no rate of decisions.
        linear: Whether it is a mean over rows, so that mean attributions are its parts.
        labels: Whether it needs labels.
        tasks: The tasks that it goes with.

    Example:
        >>> len([metric.name for metric in GAP_METRICS if not metric.linear])
        5
    """

    name: str
    space: SpaceName | None = "decision"
    rows: Literal["all", "positive", "negative"] = "all"
    sign: float = 1.0
    loss: str | None = None
    rate: Rate | None = None
    linear: bool = True
    labels: bool = True
    tasks: tuple[str, ...] = CLASSES


def _all(d: Floats, _: Floats) -> tuple[Floats, Floats]:
    return d, np.ones_like(d)


def _none(d: Floats, _: Floats) -> tuple[Floats, Floats]:
    return 1 - d, np.ones_like(d)


def _right(d: Floats, y: Floats) -> tuple[Floats, Floats]:
    return y * d + (1 - y) * (1 - d), np.ones_like(d)


def _wrong(d: Floats, y: Floats) -> tuple[Floats, Floats]:
    return y * (1 - d) + (1 - y) * d, np.ones_like(d)


_BINARY = ("binary",)
_VALUES = ("regression",)

GAP_METRICS: tuple[GapMetric, ...] = (
    GapMetric(name="selection_rate", rate=_all, labels=False),
    GapMetric(name="rejection_rate", rate=_none, sign=-1.0, labels=False),
    GapMetric(name="true_positive_rate", rows="positive", rate=_all),
    GapMetric(name="false_negative_rate", rows="positive", rate=_none, sign=-1.0),
    GapMetric(name="false_positive_rate", rows="negative", rate=_all),
    GapMetric(name="true_negative_rate", rows="negative", rate=_none, sign=-1.0),
    GapMetric(name="accuracy", space="loss", loss="zero_one", rate=_right, sign=-1.0),
    GapMetric(name="error_rate", space="loss", loss="zero_one", rate=_wrong),
    GapMetric(name="log_loss", space="loss", loss="log_loss"),
    GapMetric(name="brier_score", space="loss", loss="squared_error", tasks=_BINARY),
    GapMetric(name="mean_loss", space="loss", tasks=EVERY),
    GapMetric(name="mean_score", space=None, labels=False, tasks=EVERY),
    GapMetric(name="mean_prediction", space="prediction", labels=False, tasks=_VALUES),
    GapMetric(name="mean_squared_error", space="loss", loss="squared_error", tasks=_VALUES),
    GapMetric(name="mean_absolute_error", space="loss", loss="absolute_error", tasks=_VALUES),
    GapMetric(name="positive_predictive_value", rate=lambda d, y: (y * d, d), linear=False),
    GapMetric(name="false_discovery_rate", rate=lambda d, y: ((1 - y) * d, d), linear=False),
    GapMetric(
        name="negative_predictive_value",
        rate=lambda d, y: ((1 - y) * (1 - d), 1 - d),
        linear=False,
    ),
    GapMetric(name="false_omission_rate", rate=lambda d, y: (y * (1 - d), 1 - d), linear=False),
    GapMetric(name="roc_auc", space=None, linear=False, tasks=_BINARY),
)

_BY_NAME = {metric.name: metric for metric in GAP_METRICS}
_OTHER_NAMES = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "loss": "mean_loss"}


def gap_metric(name: str, kind: Kind | None = None) -> tuple[GapMetric, Kind]:
    """The metric of a name, alias or criterion, and the kind of gap.

    Args:
        name: Of a metric or criterion.
        kind: `difference` or `ratio`; the criterion's own if None, else a difference.

    Raises:
        ArgumentError: No such metric; a criterion of several metrics; a ratio of what is no rate.

    Example:
        >>> [(metric.name, kind) for metric, kind in map(gap_metric, ("recall", "disparate_impact"))]
        [('true_positive_rate', 'difference'), ('selection_rate', 'ratio')]
    """
    found, own = _named(name)
    asked: Kind = kind or own or "difference"
    if asked == "ratio" and found.rate is None:
        rates = [metric.name for metric in GAP_METRICS if metric.rate is not None]
        expected = f"one of {listing(rates)}"
        raise ArgumentError(sentence("kind", f"the ratio of {found.name!r}", expected=expected))
    return found, asked


def _named(name: str) -> tuple[GapMetric, Kind | None]:
    named = isinstance(name, str)
    if named and name in _OTHER_NAMES:
        return _BY_NAME[_OTHER_NAMES[name]], None
    if named and name in _BY_NAME:
        return _BY_NAME[name], None
    try:
        criterion = find_criterion(name)
    except RaiError:
        raise unknown_name("metric", name, list(_BY_NAME), also=["demographic_parity"]) from None
    if len(criterion.metrics) > 1:
        seen = f"{name!r}, made of {listing(criterion.metrics)}"
        hint = "Ask for each of them."
        raise ArgumentError(sentence("metric", seen, expected="one metric", hint=hint))
    known = criterion.metrics[0] in _BY_NAME and criterion.name not in {"abroca", "total_variation"}
    if not known or criterion.kind not in (None, "difference", "ratio"):
        expected = f"one of {listing(_BY_NAME, most=24)}"
        seen = f"{name!r}, which has no parts here"
        raise ArgumentError(sentence("metric", seen, expected=expected))
    own: Kind | None = "ratio" if criterion.kind == "ratio" else None
    return _BY_NAME[criterion.metrics[0]], own
