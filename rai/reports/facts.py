"""What a report shows, asked of the audit once: metrics by group, gaps, their surest pairs, thin groups.

audit ──▶ Facts ──┬▶ summary in words
                  ├▶ page, Markdown, terminal
                  └▶ JSON
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rai.audits import Audit
from rai.ground.formatting import TIMES
from rai.measure.laws import Proportion
from rai.measure.metrics import find_metric
from rai.measure.tables import split_axes
from rai.reports.attribution_facts import AttributionFacts
from rai.reports.data_facts import Beside
from rai.reports.held_fixed import HeldFixed, held_fixed
from rai.reports.measured_in import measured_in
from rai.reports.prediction_facts import PredictionFacts, prediction_facts
from rai.reports.score_facts import ScoreFacts, score_facts
from rai.thresholds import ThresholdPlan
from rai.values import Estimate, Estimates, Gap, Gaps, Level, Pair, Tally

FEW_ROWS = 30
MOST_PAIRED = 24
MOST_RATIOS = 200

MACRO, MICRO, WHOLE = "(macro)", "(micro)", "(all)"


@dataclass(frozen=True, slots=True)
class Thin:
    """A group with few rows behind one of its metrics.

    Args:
        along: The axis, or several joined by ` × `.
        estimate: The metric with the fewest rows behind it.
        rows: Rows in its denominator.
    """

    along: str
    estimate: Estimate
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Everything a report is made from.

    Args:
        audit: What was asked.
        gaps: Differences along every comparison, worst case.
        ratios: The same as ratios, along comparisons that have not too many groups for it.
        overall: Metrics of everyone.
        groups: Comparison to the metrics of its groups.
        surest: (criterion, comparison) to the pair of groups that is surely furthest apart.
        thin: Groups with few rows behind a metric, fewest first.
        held_fixed: Gaps with control features held fixed.
        scores: What is known of scores; None where there is nothing to show.
        predictions: What is known of the predictions of a regression.
        beside: What was found in the data.
        attributions: What features add to the model's numbers; None where none were given.
    """

    audit: Audit
    gaps: Gaps
    ratios: Gaps
    overall: Estimates
    groups: Mapping[str, Estimates]
    surest: Mapping[tuple[str, str], Pair]
    thin: tuple[Thin, ...]
    held_fixed: tuple[HeldFixed, ...]
    scores: ScoreFacts | None = None
    predictions: PredictionFacts | None = None
    beside: Beside = field(default_factory=Beside)
    attributions: AttributionFacts | None = None

    @property
    def comparisons(self) -> tuple[str, ...]:
        """What gaps were taken along, in order."""
        return tuple(self.groups)

    def names(self, along: str) -> tuple[str, ...]:
        """Names of the groups of a comparison, in their canonical order."""
        return tuple(dict.fromkeys(group_of(e, self.audit) for e in self.groups[along]))

    def estimate(
        self, along: str, metric: str, group: str, label: Level | None = None
    ) -> Estimate | None:
        """The metric of one group."""
        found = (
            e
            for e in self.groups[along]
            if e.metric == metric
            and group_of(e, self.audit) == group
            and label_of(e, self.audit) == label
        )
        return next(found, None)


def collect(audit: Audit) -> Facts:
    """Ask an audit everything that a report shows."""
    gaps = audit.gaps()
    groups = {TIMES.join(axes): audit.metrics(by=axes) for axes in audit.comparisons}
    return Facts(
        audit=audit,
        gaps=gaps,
        ratios=_ratios(audit),
        overall=audit.metrics(by=()),
        groups=groups,
        surest={
            (gap.metric, gap.along): pair for gap in gaps if (pair := _surest(audit, gap)) is not None
        },
        thin=_thin(audit, groups),
        held_fixed=held_fixed(audit, gaps),
    )


def collect_all(audit: Audit, plans: Iterable[ThresholdPlan] = ()) -> Facts:
    """The same with what takes longer: curves, calibration, the best thresholds, plans given."""
    scores = score_facts(audit, plans)
    return replace(collect(audit), scores=scores, predictions=prediction_facts(audit))


def label_of(result: Estimate | Gap, audit: Audit) -> Level | None:
    """The class a result is about; None where the audit has no classes."""
    pairs = result.group if isinstance(result, Estimate) else result.within
    return pairs[0][1] if audit.task == "multiclass" else None


def group_of(estimate: Estimate, audit: Audit) -> str:
    """The name of an estimate's group, without the class it is about."""
    if audit.task != "multiclass":
        return estimate.name
    return replace(estimate, group=estimate.group[1:]).name


def counted_rows(thin: Thin, audit: Audit) -> str:
    """What the rows behind a metric are, as in `rows with a positive label`."""
    if audit.task == "regression":
        return "rows"
    law = find_metric(thin.estimate.metric).law
    words = law.denominator.words if isinstance(law, Proportion) else "rows"
    if audit.task == "multiclass":
        words = words.replace("a positive label", "this label").replace(
            "predicted positive", "predicted so"
        )
    return words


def _ratios(audit: Audit) -> Gaps:
    """Gaps as ratios; the interval of a ratio takes long, and there are as many as pairs of groups."""
    few = [axes for axes in audit.comparisons if len(audit.tally.by(*axes).groups) <= MOST_RATIOS]
    return Gaps(gap for axes in few for gap in audit.gaps(along=axes, kind="ratio"))


def _surest(audit: Audit, gap: Gap) -> Pair | None:
    """The pair with the largest gap that its interval leaves certain, higher group first."""
    few = len(audit.tally.by(*split_axes(gap.along)).groups) <= MOST_PAIRED
    if audit.task == "multiclass" or not gap.low or not few or len(measured_in(gap, audit)) > 1:
        return None
    found = [pair for pair in audit.pairs(gap.metric, along=gap.along) if pair.low is not None]
    pair = max(found, key=lambda pair: max(pair.low or 0.0, -(pair.high or 0.0)))
    if pair.value is None or pair.low is None or pair.high is None or pair.value >= 0:
        return pair
    return replace(
        pair, group=pair.versus, versus=pair.group, value=-pair.value, low=-pair.high, high=-pair.low
    )


def _thin(audit: Audit, groups: Mapping[str, Estimates]) -> tuple[Thin, ...]:
    """For every group with a metric on fewer than 30 rows: the one with the fewest."""
    found: list[Thin] = []
    for along, shown in groups.items():
        fewest: dict[str, Thin] = {}
        for estimate, rows in zip(shown, _counting_rows(audit, along, shown), strict=True):
            behind = (
                rows.n if rows.denominator is None or audit.task == "regression" else rows.denominator
            )
            group = group_of(estimate, audit)
            if 0 < behind < FEW_ROWS and (group not in fewest or behind < fewest[group].rows):
                fewest[group] = Thin(along, estimate, int(behind))
        found.extend(sorted(fewest.values(), key=lambda thin: thin.rows))
    return tuple(found)


def _counting_rows(audit: Audit, along: str, shown: Estimates) -> Estimates:
    """The same metrics with every row counting once, so that denominators are rows."""
    tally = audit.tally
    if not isinstance(tally, Tally) or not tally.weighted:
        return shown
    plain = replace(audit, tally=replace(tally, weight=None, weight_sq=None))
    return plain.metrics(by=split_axes(along))
