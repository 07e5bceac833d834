"""From counts to tables of answers: estimates, gaps, pairs and pooled gaps, for all three tasks.

confusion (binary, with its scores where there are any) · tally (multiclass) · moments (regression)
└─ compared(counts, name) ─▶ one metric of all groups, per class where there are classes
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rai.ground.checks import as_names, check_choice
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.ground.formatting import TIMES
from rai.measure.abroca import ABROCA, abroca_gap
from rai.measure.contrasts import BETWEEN, OVERALL
from rai.measure.criteria import DEFAULT_CRITERIA, find_criterion
from rai.measure.gaps import AGGREGATES, KINDS, Compared, Question, gap
from rai.measure.inequality import between_group_index
from rai.measure.measured import Measured
from rai.measure.metrics import DEFAULT_METRICS, METRICS, Metric, find_metric, unknown_name
from rai.measure.multiclass import TOTAL_VARIATION, measured_by_class, total_variation_gap
from rai.measure.pairs import pairs
from rai.measure.pooled import METHODS, mantel_haenszel_gap, standardized_gap
from rai.measure.regression import DEFAULT_REGRESSION_METRICS, find_regression_metric
from rai.measure.score_metrics import SCORE_METRICS, find_score_metric
from rai.values import Confusion, Estimates, Gap, Gaps, Key, Level, Moments, Pairs, Scored, Tally
from rai.values.grouping import check_axes
from rai.values.levels import key_name

Counts = Confusion | Scored | Tally | Moments
Axes = str | Sequence[str] | None

DEFAULT_MULTICLASS_METRICS = (
    "accuracy",
    "selection_rate",
    "true_positive_rate",
    "positive_predictive_value",
)
DEFAULT_MULTICLASS_CRITERIA = (
    TOTAL_VARIATION,
    "equal_accuracy",
    "equal_opportunity",
    "predictive_parity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How gaps are to be compared: the options that every table of gaps shares."""

    kind: str = "difference"
    versus: str = BETWEEN
    aggregate: str = "worst_case"
    level: float = 0.95
    seed: int = 0
    each: bool = False

    @classmethod
    def of(cls, *, versus: str | Level | Key, **options: Any) -> Asked:
        """The options, with the reference group given by its name, its level or its key."""
        if not isinstance(versus, str):
            versus = key_name(versus if isinstance(versus, tuple) else (versus,))
        return cls(versus=versus, **options)

    def __post_init__(self) -> None:
        check_choice(self.kind, KINDS, where="kind")
        check_choice(self.aggregate, AGGREGATES, where="aggregate")


def estimate_table(counts: Counts, names: Sequence[str], *, by: Axes, level: float) -> Estimates:
    """Metrics of the groups of `by` (None: all axes; (): everyone)."""
    axes = counts.axes if by is None else split_axes(by)
    part = counts.by(*axes)
    return Estimates(
        replace(estimate, group=(*_label(label), *estimate.group))
        for name in names or default_metrics(counts)
        for label, found in measured(part, name)
        for estimate in found.estimates(level=level)
    )


def gap_table(
    counts: Counts, names: Sequence[str], *, along: Sequence[Axes], within: Axes, asked: Asked
) -> Gaps:
    """Gaps of metrics and criteria along each of `along`, within each level of `within`."""
    rows: list[Gap] = []
    for axes in _with_reference(counts, along, asked.versus):
        for fixed, part in levels_of(counts, split_axes(axes), split_axes(within)):
            for name in names or default_criteria(counts):
                rows.extend(gaps_of(part, name, fixed, asked))
    return Gaps(rows)


def pair_table(counts: Counts, names: Sequence[str], *, along: Axes, asked: Asked) -> Pairs:
    """All pairs along an axis on the metrics named, as one family of comparisons."""
    axes = split_axes(along)
    _with_reference(counts, [axes], asked.versus)
    part = counts.by(*axes)
    chosen = [
        metric for name in names or default_criteria(counts) for metric in _metrics_of(counts, name)
    ]
    found = [both for name in dict.fromkeys(chosen) for both in compared(part, name)]
    labels = [_label(label) for label, _ in found]
    return pairs([c for _, c in found], _question("", axes, (), asked), within=labels)


def pooled_table(
    counts: Counts, names: Sequence[str], *, along: Axes, within: Axes, method: str, asked: Asked
) -> Gaps:
    """Gaps along an axis with `within` held fixed and pooled over."""
    check_choice(method, METHODS, where="method")
    along_axes, within_axes = split_axes(along), split_axes(within)
    if not within_axes:
        raise ArgumentError(
            sentence(
                "within", "nothing", expected="the axes to hold fixed", hint="Name a control feature."
            )
        )
    if asked.versus == OVERALL:
        expected = "'between_groups' or a group: a pooled gap has no overall"
        raise ArgumentError(sentence("versus", repr(asked.versus), expected=expected))
    parts = [part for _, part in levels_of(counts, along_axes, within_axes)]
    _with_reference(counts, [along_axes], asked.versus)
    return Gaps(
        _pooled(strata, method, replace(question, within=_label(label)), signed=_signed(counts, metric))
        for name in names or default_criteria(counts)
        for metric in _metrics_of(counts, name)
        for question in [_question(metric, along_axes, (), asked)]
        for label, strata in _by_stratum(parts, metric)
    )


def measured(counts: Counts, name: str) -> list[tuple[Level | None, Measured]]:
    """One metric of all groups; for several classes, class by class and averaged."""
    if isinstance(counts, Moments):
        return [(None, find_regression_metric(name).measure(counts))]
    of_scores = find_score_metric(name)
    if of_scores is not None:
        return [(None, of_scores.measure(_scores(counts, of_scores.name)))]
    if isinstance(counts, Confusion | Scored):
        return [(None, _metric(name).measure(_decisions(counts)))]
    return list(measured_by_class(counts, find_metric(name)))


def compared(counts: Counts, name: str) -> list[tuple[Level | None, Compared]]:
    """The same, with what each group is compared with when it is compared with everyone."""
    return [
        (label, Compared(found, partial(_outside, counts, name, place), _signed(counts, name)))
        for place, (label, found) in enumerate(measured(counts, name))
    ]


def default_metrics(counts: Counts) -> tuple[str, ...]:
    """The metrics shown when none is named."""
    if isinstance(counts, Moments):
        return DEFAULT_REGRESSION_METRICS
    return DEFAULT_METRICS if isinstance(counts, Confusion | Scored) else DEFAULT_MULTICLASS_METRICS


def default_criteria(counts: Counts) -> tuple[str, ...]:
    """The criteria shown when none is named."""
    if isinstance(counts, Moments):
        return DEFAULT_REGRESSION_METRICS
    return DEFAULT_CRITERIA if isinstance(counts, Confusion | Scored) else DEFAULT_MULTICLASS_CRITERIA


def split_axes(axes: Axes) -> tuple[str, ...]:
    """Axes given as a name, several names, or names joined by ` × `.

    Example:
        >>> split_axes("sex × race"), split_axes(None)
        (('sex', 'race'), ())
    """
    return tuple(part for name in as_names(axes) for part in name.split(TIMES))


def gaps_of(
    counts: Counts, name: str, fixed: tuple[tuple[str, Level], ...], asked: Asked
) -> Iterable[Gap]:
    """The gap of one metric or criterion over the groups of some counts; of several classes, one each.

    Args:
        counts: The counts, split by the axes that are compared along.
        name: A criterion or metric.
        fixed: (axis, level) pairs that the counts are held at, for the result's `within`.
        asked: Options.

    Raises:
        ArgumentError: No such criterion, or one that these counts have no values for.

    Example:
        >>> from rai import audit
        >>> counts = audit(y_true=[1, 0] * 4, y_pred=[1, 0, 1, 1, 1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F"] * 4 + ["M"] * 4}).counts()
        >>> [gap.value for gap in gaps_of(counts, "accuracy", (), Asked())]
        [0.0]
    """
    if isinstance(counts, Moments):
        metric = find_regression_metric(name).name
        return _gaps_over(counts, (metric,), fixed, _question(metric, counts.axes, fixed, asked))
    criterion = find_criterion(name)
    question = _question(criterion.name, counts.axes, fixed, asked)
    question = replace(question, combine=criterion.combine, kind=criterion.kind or question.kind)
    if criterion.name == TOTAL_VARIATION and isinstance(counts, Tally):
        return [total_variation_gap(counts, question)]
    if criterion.name == ABROCA:
        return [abroca_gap(_scores(counts, ABROCA), question)]
    if criterion.kind == "index":
        if not isinstance(counts, Confusion | Scored):
            raise ArgumentError(sentence("criterion", repr(name), expected="a binary audit"))
        return [between_group_index(_decisions(counts), question)]
    return _gaps_over(counts, criterion.metrics, fixed, question)


def _gaps_over(
    counts: Counts,
    metrics: Sequence[str],
    fixed: tuple[tuple[str, Level], ...],
    question: Question,
) -> Iterable[Gap]:
    """One gap, or one per class, over the metrics of a criterion."""
    sets = [compared(counts, metric) for metric in metrics]
    for together in zip(*sets, strict=True):
        label = together[0][0]
        answer = gap([c for _, c in together], replace(question, within=(*_label(label), *fixed)))
        yield answer


def _with_reference(counts: Counts, along: Sequence[Axes], versus: str) -> list[tuple[str, ...]]:
    """The axes that can answer: with a named reference group, those where it is a group."""
    each = [split_axes(axes) for axes in along]
    if versus in {BETWEEN, OVERALL}:
        return each
    groups = {axes: [key_name(key) for key in counts.by(*axes).groups] for axes in each}
    able = [axes for axes in each if versus in groups[axes]]
    if able:
        return able
    options = [BETWEEN, OVERALL, *(name for names in groups.values() for name in names)]
    hint = did_you_mean(versus, options)
    raise ArgumentError(
        sentence("versus", repr(versus), expected=f"one of {listing(options)}", hint=hint)
    )


def _question(
    name: str, axes: Sequence[str], fixed: tuple[tuple[str, Level], ...], asked: Asked
) -> Question:
    return Question(
        name=name,
        along=TIMES.join(axes),
        kind=asked.kind,
        versus=asked.versus,
        aggregate=asked.aggregate,
        level=asked.level,
        seed=asked.seed,
        within=fixed,
        each=asked.each,
    )


def levels_of(
    counts: Counts, along: tuple[str, ...], within: tuple[str, ...]
) -> list[tuple[tuple[tuple[str, Level], ...], Counts]]:
    """The counts split by `along`, once for each level of `within` that occurs.

    Args:
        counts: The counts.
        along: Axes that are compared along.
        within: Axes that are held fixed.

    Raises:
        ArgumentError: No such axis, an axis on both sides, or nothing to compare along.

    Example:
        >>> from rai import audit
        >>> counts = audit(y_true=[1, 0, 1], y_pred=[1, 0, 1],
        ...     sensitive_features={"sex": ["F", "F", "M"]},
        ...     control_features={"site": ["N", "S", "N"]}).counts()
        >>> [(fixed, part.groups) for fixed, part in levels_of(counts, ("sex",), ("site",))]
        [((('site', 'N'),), (('F',), ('M',))), ((('site', 'S'),), (('F',),))]
    """
    check_axes([*along, *within], counts.axes)
    if not along:
        raise ArgumentError(sentence("along", "nothing", expected=f"one of {listing(counts.axes)}"))
    both = sorted({*along} & {*within})
    if both:
        raise ArgumentError(
            sentence("within", repr(both[0]), expected="axes that are not compared along")
        )
    if not within:
        return [((), counts.by(*along))]
    fine = counts.by(*along, *within)
    levels = counts.by(*within).groups
    return [
        (tuple(zip(within, level, strict=True)), fine.only(**dict(zip(within, level, strict=True))))
        for level in levels
    ]


def _by_stratum(parts: Sequence[Counts], name: str) -> Iterable[tuple[Level | None, list[Measured]]]:
    """A metric in every stratum; for several classes, class by class and averaged."""
    for found in zip(*(measured(part, name) for part in parts), strict=True):
        yield found[0][0], [each for _, each in found]


def _pooled(strata: Sequence[Measured], method: str, question: Question, *, signed: bool) -> Gap:
    if method == "standardized":
        return standardized_gap(strata, question, signed=signed)
    if any(s.trials is None for s in strata):
        raise ArgumentError(
            sentence("method", f"'mantel_haenszel' for {question.name!r}", expected="a proportion")
        )
    return mantel_haenszel_gap(strata, question)


def _signed(counts: Counts, name: str) -> bool:
    if isinstance(counts, Moments):
        return find_regression_metric(name).signed
    return (find_score_metric(name) or find_metric(name)).signed


def _metric(name: str) -> Metric:
    """A metric of decisions; a name of nothing is told with those of scores, too."""
    try:
        return find_metric(name)
    except ArgumentError:
        names = [*(row.name for row in METRICS), *(row.name for row in SCORE_METRICS)]
        also = [alias for row in METRICS for alias in row.aliases]
        raise unknown_name("metric", name, names, also=also) from None


def _decisions(counts: Confusion | Scored) -> Confusion:
    return counts.confusion if isinstance(counts, Scored) else counts


def _scores(counts: Counts, name: str) -> Tally:
    if isinstance(counts, Scored):
        return counts.scores()
    hint = "Audit with y_score= instead of y_pred=."
    raise ArgumentError(
        sentence(f"metric {name!r}", "no scores", expected="scores of two classes", hint=hint)
    )


def _metrics_of(counts: Counts, name: str) -> tuple[str, ...]:
    if isinstance(counts, Moments):
        return (find_regression_metric(name).name,)
    return find_criterion(name).metrics


def _label(label: Level | None) -> tuple[tuple[str, Level], ...]:
    return () if label is None else (("label", label),)


def _outside(counts: Counts, name: str, place: int) -> Measured:
    """A metric of everyone outside each group; of everyone, where it is no proportion."""
    rest = measured(counts.rest, name)[place][1]
    return rest if rest.trials is not None else measured(counts.everyone, name)[place][1]


__all__ = [
    "Asked",
    "compared",
    "estimate_table",
    "gap_table",
    "gaps_of",
    "levels_of",
    "measured",
    "pair_table",
    "pooled_table",
]
