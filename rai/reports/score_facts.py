"""What a report shows of scores: curves, areas, calibration, the best thresholds, plans of others.

audit with scores ──▶ ScoreFacts ──┬▶ comparisons: curves, metrics of scores, their gaps, calibration
                                   ├▶ choices: every strategy along each sensitive feature, trade-offs
                                   └▶ judged: plans that were given, on these rows
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from rai.audits import Audit
from rai.ground.errors import RaiError
from rai.ground.formatting import TIMES
from rai.measure.criteria import DEFAULT_CRITERIA, find_criterion
from rai.measure.thresholds.rules import Rule
from rai.measure.thresholds.strategies import STRATEGIES
from rai.thresholds import (
    Frontier,
    PlanEvaluation,
    ThresholdPlan,
    optimize_thresholds,
    threshold_frontier,
)
from rai.thresholds.evaluations import judged
from rai.values import Calibration, Curves, Distributions, Estimates, Gaps, Tally

RANKING = ("roc_auc", "average_precision")
CALIBRATION = (
    *("calibration_in_the_large", "calibration_slope", "calibration_intercept"),
    *("brier_score", "expected_calibration_error"),
)
RANKING_GAPS = (*RANKING, "abroca")
CALIBRATION_GAPS = ("calibration_in_the_large", "calibration_slope")
TRADE_OFFS = ("demographic_parity", "equal_opportunity", "predictive_equality", "equalized_odds")
MOST_COMPARED = 200  # groups of a comparison whose scores are looked into
MOST_CHOSEN = 60  # groups of a feature that thresholds are chosen for
MOST_CROSSED = 24  # groups whose curves are compared two by two


@dataclass(frozen=True, slots=True, eq=False)
class ScoresOf:
    """The scores of the groups of one comparison.

    Args:
        ranking: ROC curves, and curves of precision and recall.
        at_thresholds: The metrics of the usual criteria against the threshold.
        distributions: Where scores lie.
        metrics: Metrics of scores.
        gaps: Gaps in them.
        calibration: What came true at each level of scores.
    """

    ranking: Curves
    at_thresholds: Curves
    distributions: Distributions
    metrics: Estimates
    gaps: Gaps
    calibration: Calibration


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The best thresholds along one feature, under each strategy.

    Args:
        along: The feature.
        present: The threshold of now for everyone, judged like the others.
        plans: One for each strategy that has one.
        refused: Strategy to the reason why there is none.
        frontiers: Strategy to its trade-off.
    """

    along: str
    present: PlanEvaluation
    plans: tuple[ThresholdPlan, ...]
    refused: Mapping[str, str]
    frontiers: Mapping[str, Frontier]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPlan:
    """A plan that was given, and what it does to the rows of the audit."""

    plan: ThresholdPlan
    here: PlanEvaluation


@dataclass(frozen=True, slots=True, eq=False)
class ScoreFacts:
    """Everything a report shows of scores.

    Args:
        comparisons: Comparison to the scores of its groups; empty where no scores are known.
        overall: Metrics of scores of everyone.
        choices: The best thresholds along each sensitive feature.
        judged: Plans that were given.
        left_out: Comparisons and features with too many groups, for reading.
        calibrated: Whether scores are probabilities, so that calibration can be spoken of.
    """

    comparisons: Mapping[str, ScoresOf]
    overall: Estimates
    choices: tuple[Choice, ...]
    judged: tuple[JudgedPlan, ...]
    left_out: tuple[str, ...] = ()
    calibrated: bool = False


def score_facts(audit: Audit, plans: Iterable[ThresholdPlan] = ()) -> ScoreFacts | None:
    """Ask an audit about its scores; None where it has none to show and no plan is given."""
    given = tuple(JudgedPlan(plan, plan.evaluate(audit)) for plan in plans)
    if not knows_scores(audit):
        return ScoreFacts({}, Estimates(), (), given) if given else None
    few = [axes for axes in audit.comparisons if _groups(audit, axes) <= MOST_COMPARED]
    features = [f for f in audit.roles.sensitive_features if 2 <= _groups(audit, (f,)) <= MOST_CHOSEN]
    overall = audit.metrics(*RANKING, *CALIBRATION, by=())
    calibrated = any(estimate.value is not None for estimate in overall.where(metric=CALIBRATION[0]))
    return ScoreFacts(
        comparisons={TIMES.join(axes): _scores_of(audit, axes, calibrated=calibrated) for axes in few},
        overall=overall,
        choices=tuple(_choice(audit, feature) for feature in features),
        judged=given,
        left_out=tuple(TIMES.join(axes) for axes in audit.comparisons if axes not in few),
        calibrated=calibrated,
    )


def knows_scores(audit: Audit) -> bool:
    """Whether more is known of the scores than on which side of the audit's thresholds they lie."""
    tally = audit.tally
    if audit.task != "binary" or not audit.thresholds or not isinstance(tally, Tally):
        return False
    return tally.edges is not None and len(tally.edges) > len(audit.thresholds)


def default_metrics() -> tuple[str, ...]:
    """The metrics that the usual criteria look at."""
    found = (find_criterion(name).metrics for name in DEFAULT_CRITERIA)
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def _groups(audit: Audit, axes: Sequence[str]) -> int:
    return len(audit.tally.by(*axes).groups)


def _scores_of(audit: Audit, axes: tuple[str, ...], *, calibrated: bool) -> ScoresOf:
    crossed = RANKING_GAPS if _groups(audit, axes) <= MOST_CROSSED else RANKING
    of_calibration = (CALIBRATION, CALIBRATION_GAPS) if calibrated else ((), ())
    return ScoresOf(
        ranking=audit.curves(by=axes),
        at_thresholds=audit.curves(*default_metrics(), by=axes),
        distributions=audit.score_distributions(by=axes),
        metrics=audit.metrics(*RANKING, *of_calibration[0], by=axes),
        gaps=audit.gaps(*crossed, *of_calibration[1], along=axes),
        calibration=audit.calibration(by=axes) if calibrated else Calibration(),
    )


def _choice(audit: Audit, feature: str) -> Choice:
    plans, refused = {}, {}
    for strategy in STRATEGIES:
        try:
            plans[strategy.name] = optimize_thresholds(audit, strategy=strategy.name, along=feature)
        except RaiError as error:
            refused[strategy.name] = str(error).partition(": ")[2]
    tally = audit.tally.by(feature)
    assert isinstance(tally, Tally)
    free = plans["group_thresholds"]
    present = judged(
        tally,
        strategy="single_threshold",
        rules=[Rule(key, (audit.thresholds[0],)) for key in tally.groups],
        unconstrained=free.rules,
        objective=free.objective,
        same_rows=False,
        level=audit.level,
        seed=audit.seed,
    )
    return Choice(feature, present, tuple(plans.values()), refused, _frontiers(audit, feature))


def _frontiers(audit: Audit, feature: str) -> dict[str, Frontier]:
    """The trade-off of each strategy that has one."""
    found = {}
    for name in TRADE_OFFS:
        with suppress(RaiError):
            found[name] = threshold_frontier(audit, strategy=name, along=feature)
    return found
