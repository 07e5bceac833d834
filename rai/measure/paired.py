"""From rows decided twice to answers: differences of metrics and gaps, flips, agreement.

    paired_counts(first, second, classes=, label=, group=, …)      ─▶ Paired
    paired_moments(first, second, truth=, group=, …)               ─▶ PairedMoments
        └─ paired_differences · paired_gap_differences · paired_flips · paired_agreement

Two models on the same rows are such a pair, and so are decisions before and after a change of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from rai.ground.checks import check_level
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import TIMES
from rai.measure.criteria import DEFAULT_CRITERIA, Criterion, find_criterion
from rai.measure.gaps import Question
from rai.measure.intervals import wilson
from rai.measure.measured import Measured, finite
from rai.measure.metrics import DEFAULT_METRICS, find_metric
from rai.measure.multiclass import measured_by_class
from rai.measure.paired_gaps import gap_difference
from rai.measure.paired_metrics import Both, paired_metric
from rai.measure.paired_regression import paired_regression_metric
from rai.measure.pairing import paired_counts, paired_moments
from rai.measure.regression import DEFAULT_REGRESSION_METRICS, find_regression_metric
from rai.measure.tables import (
    DEFAULT_MULTICLASS_METRICS,
    Axes,
    split_axes,
)
from rai.values import Key, Level
from rai.values.differences import (
    Agreement,
    Agreements,
    Difference,
    Differences,
    Flip,
    Flips,
    GapDifferences,
)
from rai.values.paired import Paired
from rai.values.paired_moments import PairedMoments

Pairs = Paired | PairedMoments

USUAL_METRICS = tuple(name for name in DEFAULT_METRICS if name != "base_rate")  # that is no model's
DEFAULT_MULTICLASS_CRITERIA = (
    "demographic_parity",
    "equal_opportunity",
    "predictive_parity",
    "equal_accuracy",
)
WITHOUT_LABELS = {"selection_rate": "demographic_parity"}


def paired_differences(
    pairs: Pairs, names: Sequence[str] = (), *, by: Axes = None, level: float = 0.95
) -> Differences:
    """Metrics of the second minus metrics of the first, for every group.

    Args:
        pairs: Counts, or sums of two regressions.
        names: Metrics by name or alias; the usual ones if empty.
        by: Axes to split by; None for all of them, `()` for everyone together.
        level: Coverage of each interval by itself.

    Raises:
        ArgumentError: No such metric or axis, or a metric that needs labels where there are none.

    Example:
        >>> both = paired_counts(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]),
        ...     classes=("no", "yes"), label=np.array([0, 1, 1, 1]))
        >>> (row,) = paired_differences(both, ["accuracy"])
        >>> row.value, row.of_model, row.of_versus
        (0.25, 1.0, 0.75)
    """
    check_level(level)
    part = pairs.by(*(pairs.axes if by is None else split_axes(by)))
    return Differences(
        row
        for name in names or default_metrics(pairs)
        for label, both in metric_of_both(part, name)
        for row in _differences(both, label, pairs.names, level=level)
    )


def paired_gap_differences(
    pairs: Pairs,
    names: Sequence[str] = (),
    *,
    along: Axes = None,
    level: float = 0.95,
    seed: int = 0,
) -> GapDifferences:
    """Gaps of the second minus gaps of the first, with intervals that hold although a gap is a maximum.

    Args:
        pairs: Counts, or sums of two regressions.
        names: Criteria or metrics; the usual criteria if empty. Ratios and indices have no such
            interval.
        along: Axes that define the groups; None for each axis, and all of them together.
        level: Coverage of each interval by itself.
        seed: Seed of the draws behind the simultaneous intervals.

    Raises:
        ArgumentError: No such criterion or axis, or one that is no difference of rates.

    Source: see `rai.measure.paired_gaps`.
    """
    check_level(level)
    each = _each_axis(pairs.axes) if along is None else [split_axes(along)]
    if not pairs.axes:
        hint = "Name sensitive features."
        raise ArgumentError(sentence("along", "no groups", expected="an axis", hint=hint))
    return GapDifferences(
        gap_difference(together, question, names=pairs.names)
        for axes in each
        for part in [pairs.by(*axes)]
        for name in names or default_criteria(pairs)
        for together, question in _asked(part, name, level=level, seed=seed)
    )


def paired_flips(pairs: Pairs, *, by: Axes = None, level: float = 0.95) -> Flips:
    """For every group and direction the share of rows that are decided differently.

    Args:
        pairs: Counts of decisions.
        by: Axes to split by; None for all of them, `()` for everyone together.
        level: Coverage of each interval (Wilson's) by itself.

    Raises:
        ArgumentError: For regressions, which decide nothing.
    """
    paired = _decided(pairs, "flips")
    tally = paired.by(*(paired.axes if by is None else split_axes(by))).agreement
    weight = tally.n.astype(np.float64) if tally.weight is None else tally.weight
    squares = weight if tally.weight_sq is None else tally.weight_sq
    total, square = weight.sum(axis=(1, 2)), squares.sum(axis=(1, 2))
    trials = np.divide(total**2, square, out=np.zeros_like(total), where=square > 0)
    share = np.divide(weight, total[:, None, None], out=np.zeros_like(weight), where=total.any())
    low, high = wilson(share * trials[:, None, None], trials[:, None, None], level=level)
    return Flips(
        Flip(
            model=paired.names[1], versus=paired.names[0], group=_group(tally.axes, key),
            was=paired.classes[a], becomes=paired.classes[b],
            value=float(share[g, a, b]) if total[g] else None,
            low=finite(low[g, a, b]), high=finite(high[g, a, b]),
            numerator=float(weight[g, a, b]), denominator=float(total[g]), level=level,
            n=int(tally.group_rows[g]), note="" if total[g] else "undefined: no rows (n=0)",
        )
        for g, key in enumerate(tally.groups)
        for a, b in np.ndindex(weight.shape[1:])
        if a != b
    )  # fmt: skip


def paired_agreement(pairs: Pairs, *, by: Axes = (), level: float = 0.95) -> Agreements:
    """How often both decide alike, and how far that is beyond chance (Cohen's kappa).

    Args:
        pairs: Counts of decisions.
        by: Axes to split by; None for all of them, `()` for everyone together.
        level: Coverage of each interval by itself.

    Raises:
        ArgumentError: For regressions, which decide nothing.

    Source: Cohen (1960), doi:10.1177/001316446002000104.
    """
    paired = _decided(pairs, "agreement")
    tally = paired.by(*(paired.axes if by is None else split_axes(by))).agreement
    share, kappa = (
        measured_by_class(tally, find_metric(name))[0][1].estimates(level=level)
        for name in ("accuracy", "cohen_kappa")
    )
    same = "undefined kappa: both decide the same for everyone"
    return Agreements(
        Agreement(
            model=paired.names[1], versus=paired.names[0], group=one.group, value=one.value,
            low=one.low, high=one.high, kappa=other.value, kappa_low=other.low,
            kappa_high=other.high, level=level, n=one.n,
            note=one.note or (same if other.value is None else ""),
        )
        for one, other in zip(share, kappa, strict=True)
    )  # fmt: skip


def metric_of_both(pairs: Pairs, name: str) -> list[tuple[Level | None, Both]]:
    """A metric of both; of several classes one for each class, their mean, or the whole table's."""
    if isinstance(pairs, PairedMoments):
        return [(None, paired_regression_metric(pairs, name))]
    return paired_metric(pairs, name)


def default_metrics(pairs: Pairs) -> tuple[str, ...]:
    """The metrics shown when none is named."""
    if isinstance(pairs, PairedMoments):
        usual = tuple(name for name in DEFAULT_REGRESSION_METRICS if name != "mean_label")
        return usual if pairs.labelled else ("mean_prediction",)
    if not pairs.labelled:
        return tuple(WITHOUT_LABELS)
    return USUAL_METRICS if len(pairs.classes) == 2 else DEFAULT_MULTICLASS_METRICS


def default_criteria(pairs: Pairs) -> tuple[str, ...]:
    """The criteria shown when none is named."""
    if isinstance(pairs, PairedMoments):
        return default_metrics(pairs)
    if not pairs.labelled:
        return tuple(WITHOUT_LABELS.values())
    return DEFAULT_CRITERIA if len(pairs.classes) == 2 else DEFAULT_MULTICLASS_CRITERIA


def _differences(
    both: Both, label: Level | None, names: tuple[str, str], *, level: float
) -> Iterator[Difference]:
    estimates, p_values = both.difference.estimates(level=level), both.p_values()
    for place, row in enumerate(estimates):
        yield Difference(
            metric=row.metric, model=names[1], versus=names[0],
            group=(*_label(label), *row.group), value=row.value, low=row.low, high=row.high,
            p_value=finite(p_values[place]), of_model=_value(both.second, place),
            of_versus=_value(both.first, place), level=level, method=row.method, n=row.n,
            note=row.note,
        )  # fmt: skip


def _asked(part: Pairs, name: str, *, level: float, seed: int) -> Iterator[tuple[list[Both], Question]]:
    """The metrics of a criterion, once, or once for each class."""
    if isinstance(part, PairedMoments):
        criterion = Criterion(find_regression_metric(name).name, (name,), "")
    else:
        criterion = find_criterion(name)
        if criterion.kind is not None or criterion.name == "total_variation":
            seen, expected = f"criterion {criterion.name!r}", "one that is a difference of metrics"
            raise ArgumentError(sentence("gap differences", seen, expected=expected))
    question = Question(
        name=criterion.name, along=TIMES.join(part.axes), combine=criterion.combine, level=level,
        seed=seed,
    )  # fmt: skip
    sets = [metric_of_both(part, metric) for metric in criterion.metrics]
    for together in zip(*sets, strict=True):
        label = together[0][0]
        yield [both for _, both in together], replace(question, within=_label(label))


def _each_axis(axes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Each axis, and all of them together."""
    return [*((axis,) for axis in axes), *([axes] if len(axes) > 1 else [])]


def _decided(pairs: Pairs, where: str) -> Paired:
    if isinstance(pairs, PairedMoments):
        seen = "regressions, which decide nothing"
        raise ArgumentError(sentence(where, seen, expected="models with classes"))
    return pairs


def _group(axes: Sequence[str], key: Key) -> tuple[tuple[str, Level], ...]:
    return tuple(zip(axes, key, strict=True))


def _label(label: Level | None) -> tuple[tuple[str, Level], ...]:
    return () if label is None else (("label", label),)


def _value(measured: Measured, place: int) -> float | None:
    return finite(measured.value[place])


__all__ = [
    "paired_agreement",
    "paired_counts",
    "paired_differences",
    "paired_flips",
    "paired_gap_differences",
    "paired_moments",
]
