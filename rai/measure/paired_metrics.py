"""One metric of two decisions on the same rows: of the first, of the second, and their difference.

    rows in the denominator don't depend on the decision   ──▶  Tango's score interval
    mean or difference of two such rates                   ──▶  MOVER of Tango's
    anything else (precision, F1, …)                       ──▶  MOVER with the correlation of both

Of several classes: a metric class by class, its plain mean over classes, or of the whole table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.measure.forms import Form
from rai.measure.intervals import Bounds, mover_difference, mover_sum
from rai.measure.laws import Combined, Count, Proportion, gradient
from rai.measure.measured import Measured
from rai.measure.metrics import Metric, find_metric
from rai.measure.multiclass import MACRO, WHOLE, WHOLE_TABLE, measured_by_class
from rai.measure.paired_intervals import correlated_mover, p_values, tango
from rai.values import Confusion, Level
from rai.values.paired import Paired

Array = NDArray[np.float64]

_ADDED_ROWS = 4.0  # spread over all cells, so that decisions that agree don't pretend to certainty
_PAIRS = ((0, 0), (1, 1), (0, 1))


class Changes(NamedTuple):
    """What a difference of two rates with one denominator is made of, each shape (g,).

    Weighted counts are scaled to Kish's effective number of rows in the denominator.

    Attributes:
        gained: Rows that succeed in the second only.
        lost: Rows that succeed in the first only.
        n: All rows in the denominator.
    """

    gained: Array
    lost: Array
    n: Array


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """A metric of two decisions (or predictions).

    Args:
        first, second: The metric of each.
        difference: Second minus first, with bounds that use the pairing.
        p_values: Gives those of the differences, shape (g,).
        changes: Rows gained and lost, where the metric is a rate with one denominator for both.
    """

    first: Measured
    second: Measured
    difference: Measured
    p_values: Callable[[], Array]
    changes: Changes | None = None


def paired_metric(paired: Paired, name: str) -> list[tuple[Level | None, Both]]:
    """A metric of both decisions; of several classes one for each class, or for the whole table.

    Args:
        paired: The counts.
        name: A metric by name or alias.

    Raises:
        ArgumentError: No such metric, or one that needs labels where they are not known.
    """
    metric = find_metric(name)
    if not paired.labelled:
        _check_needs_no_label(metric)
    if len(paired.classes) == 2:
        return [(None, _of_two(paired, metric))]
    if metric.name in WHOLE_TABLE:
        return [(WHOLE, _of_table(paired, metric))]
    rows: list[tuple[Level | None, Both]] = [
        (label, _of_two(paired.one_vs_rest(label), metric)) for label in paired.classes
    ]
    return rows if isinstance(metric.law, Count) else [*rows, (MACRO, _macro(paired, metric))]


def _of_two(paired: Paired, metric: Metric) -> Both:
    law = metric.law
    first, second = metric.measure(paired.first), metric.measure(paired.second)
    if isinstance(law, Count):
        return _plain(first, second)
    if isinstance(law, Proportion) and _label_only(law.denominator):
        if _label_only(law.numerator):
            return _same(first, second)
        return _shared(first, second, _discordant(paired, law))
    if isinstance(law, Combined) and law.how != "ratio" and _label_only_parts(law):
        return _combined(first, second, law, [_part(paired, part) for part in (law.first, law.second)])

    def value(tables: Array) -> Array:
        return metric.measure(_confusion(tables)).value

    return _correlated(paired, first, second, value)


def _of_table(paired: Paired, metric: Metric) -> Both:
    """Accuracy and other metrics of the whole k × k table."""
    first, second = (measured_by_class(tally, metric)[0][1] for tally in paired.tallies)
    if metric.name in {"accuracy", "error_rate"}:
        right = np.eye(len(paired.classes), dtype=bool) == (metric.name == "accuracy")
        return _shared(first, second, _changes(paired, right, np.ones(len(paired.classes))))
    function, _ = WHOLE_TABLE[metric.name]
    return _correlated(paired, first, second, function)


def _macro(paired: Paired, metric: Metric) -> Both:
    """The plain mean over classes."""
    first, second = (dict(measured_by_class(tally, metric))[MACRO] for tally in paired.tallies)

    def mean(tables: Array) -> Array:
        each = [metric.measure(_confusion(_one_vs_rest(tables, c))).value for c in _classes(tables)]
        return np.asarray(np.mean(each, axis=0))

    return _correlated(paired, first, second, mean)


def _shared(first: Measured, second: Measured, changes: Changes) -> Both:
    """Rates with one denominator."""
    gained, lost, n = changes
    value = second.value - first.value

    def bounds(z: float) -> Bounds:
        return tango(gained, lost, n=n, z=z)

    def mcnemar() -> Array:
        """McNemar's test."""
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.where(gained + lost > 0, np.abs(gained - lost) / np.sqrt(gained + lost), 0.0)
        found = np.array([2 * NormalDist().cdf(-z) for z in apart])
        return np.where(np.isnan(value), np.nan, found)

    return Both(first, second, _measured(first, second, value, bounds, "tango"), mcnemar, changes)


def _part(paired: Paired, law: Proportion) -> Both:
    return _shared(
        law.measure("", paired.first), law.measure("", paired.second), _discordant(paired, law)
    )


def _combined(first: Measured, second: Measured, law: Combined, parts: list[Both]) -> Both:
    """The mean, or the difference, of two rates over separate rows."""
    value = second.value - first.value
    one, two = (part.difference for part in parts)

    def bounds(z: float) -> Bounds:
        low, high = one.bounds(z), two.bounds(z)
        if law.how == "difference":
            return mover_difference(one.value, low, other=two.value, other_bounds=high)
        pair = Bounds(np.stack([low.low, high.low], -1), np.stack([low.high, high.high], -1))
        return mover_sum(np.stack([one.value, two.value], -1), pair, weights=np.array([0.5, 0.5]))

    difference = _measured(first, second, value, bounds, "tango, mover")
    return Both(first, second, difference, partial(p_values, value, bounds))  # type: ignore[arg-type]


def _correlated(
    paired: Paired, first: Measured, second: Measured, value_of: Callable[[Array], Array]
) -> Both:
    """Any metric: bounds of each, and how both vary together."""
    value = second.value - first.value
    together = _correlation(paired, value_of)

    def bounds(z: float) -> Bounds:
        return correlated_mover(
            second.value, second.bounds(z), other=first.value, other_bounds=first.bounds(z),
            correlation=together,
        )  # fmt: skip

    difference = _measured(first, second, value, bounds, "mover, correlated")
    return Both(first, second, difference, partial(p_values, value, bounds))  # type: ignore[arg-type]


def _same(first: Measured, second: Measured) -> Both:
    """A metric of labels: no decision can change it."""
    value = second.value - first.value
    difference = _measured(first, second, value, lambda z: Bounds(value, value), "labels only")
    return Both(first, second, difference, lambda: np.where(np.isnan(value), np.nan, 1.0))


def _plain(first: Measured, second: Measured) -> Both:
    nothing = np.full(len(first.value), np.nan)
    value = second.value - first.value
    difference = _measured(first, second, value, lambda z: Bounds(nothing, nothing), "count")
    note = "a count is what was seen: no interval"
    return Both(first, second, replace(difference, notes=(note,) * len(value)), lambda: nothing)


def _measured(
    first: Measured, second: Measured, value: Array, bounds: Callable[[float], Bounds], method: str
) -> Measured:
    nothing = np.full(len(value), np.nan)
    notes = tuple(
        one or other if np.isnan(v) else ""
        for v, one, other in zip(value, first.notes, second.notes, strict=True)
    )

    def holding(z: float) -> Bounds:
        low, high = bounds(z)
        return Bounds(np.minimum(low, value), np.maximum(high, value))

    return Measured(
        first.name, first.axes, first.groups, value, holding, first.n, notes, method, nothing, nothing
    )


def _discordant(paired: Paired, law: Proportion) -> Changes:
    """The rows that change, of a rate."""
    succeeds = np.array([[law.numerator.tn, law.numerator.fp], [law.numerator.fn, law.numerator.tp]])
    counted = np.array([law.denominator.tn, law.denominator.tp])
    return _changes(paired, succeeds == 1, counted.astype(np.float64))


def _changes(paired: Paired, succeeds: NDArray[np.bool_], counted: Array) -> Changes:
    """The same, from label × decision that succeeds and the labels that count."""
    weight, squares = (part * counted[:, None, None] for part in (paired.weight, paired.weight_sq))
    gained = np.where(~succeeds[:, :, None] & succeeds[:, None, :], weight, 0.0).sum(axis=(1, 2, 3))
    lost = np.where(succeeds[:, :, None] & ~succeeds[:, None, :], weight, 0.0).sum(axis=(1, 2, 3))
    total, square = weight.sum(axis=(1, 2, 3)), squares.sum(axis=(1, 2, 3))
    scale = np.ones_like(total)
    if paired.weighted:
        scale = np.divide(total, square, out=np.zeros_like(total), where=square > 0)
    return Changes(gained * scale, lost * scale, total * scale)


def _correlation(paired: Paired, value_of: Callable[[Array], Array]) -> Array:
    """Correlation of the metric of the first and of the second decision, shape (g,).

    By the delta method over the cells, after a few rows are spread over all of them.
    """
    g, k = len(paired.groups), len(paired.classes)
    cells, squares = (part.reshape(g, -1) for part in (paired.weight, paired.weight_sq))
    rows = np.maximum(paired.group_rows, 1)[:, None]
    each, share = np.maximum(cells.sum(1, keepdims=True), 1e-300) / rows, _ADDED_ROWS / cells.shape[1]
    smoothed, variances = cells + share * each, squares + share * each**2
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = [
            gradient(lambda c, a=axis: value_of(c.reshape(-1, k, k, k).sum(axis=a)), smoothed)  # type: ignore[misc]
            for axis in (3, 2)
        ]
        one, two, both = ((slopes[i] * slopes[j] * variances).sum(axis=1) for i, j in _PAIRS)
        found = both / np.sqrt(one * two)
    return np.asarray(np.clip(np.nan_to_num(found), -1.0, 1.0))


def _confusion(tables: Array) -> Confusion:
    """Cells of shape (g, 2, 2) as confusion matrices without rows."""
    keys = tuple((place,) for place in range(len(tables)))
    return Confusion(("g",), keys, np.zeros(tables.shape, dtype=np.int64), tables, tables)


def _classes(tables: Array) -> range:
    return range(tables.shape[1])


def _one_vs_rest(tables: Array, c: int) -> Array:
    """Cells of shape (g, k, k) to those of one class against the rest, shape (g, 2, 2)."""
    hits = tables[:, c, c]
    missed, wrong = tables[:, c].sum(axis=1) - hits, tables[:, :, c].sum(axis=1) - hits
    rest = tables.sum(axis=(1, 2)) - hits - missed - wrong
    return np.stack([np.stack([rest, wrong], -1), np.stack([missed, hits], -1)], axis=1)


def _label_only(form: Form) -> bool:
    """Whether a form counts rows by their label, whatever is decided."""
    return form.tp == form.fn and form.fp == form.tn


def _label_only_parts(law: Combined) -> bool:
    return _label_only(law.first.denominator) and _label_only(law.second.denominator)


def _check_needs_no_label(metric: Metric) -> None:
    law = metric.law
    parts = [law.numerator, law.denominator] if isinstance(law, Proportion) else []
    parts = [law.form] if isinstance(law, Count) else parts
    if not parts or any(form.tp != form.fp or form.fn != form.tn for form in parts):
        seen, expected = "no true labels", "them, or a metric of decisions alone"
        hint = "Pass y_true=, or ask for 'selection_rate'."
        raise ArgumentError(sentence(f"metric {metric.name!r}", seen, expected=expected, hint=hint))
