"""The sections about scores and predictions, comparison by comparison, ready for a page or a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rai.ground.colours import Mark
from rai.reports.calibration_charts import calibration_charts
from rai.reports.charts import Chart
from rai.reports.curve_charts import (
    Shown,
    distribution_charts,
    ranking_charts,
    shown_groups,
    threshold_charts,
)
from rai.reports.facts import Facts
from rai.reports.forest import ForestBlock, score_forest
from rai.reports.group_tables import GroupTable, score_table
from rai.reports.held_out_tables import HeldOutTable, held_out_table
from rai.reports.residual_rows import ResidualTable, residual_table
from rai.reports.score_facts import (
    CALIBRATION,
    CALIBRATION_GAPS,
    RANKING,
    RANKING_GAPS,
    ScoresOf,
)
from rai.reports.strategy_tables import StrategyTable, strategy_table
from rai.reports.trade_off_charts import trade_off_charts
from rai.reports.words import clean
from rai.values import Gap


@dataclass(frozen=True, slots=True)
class Legend:
    """Names and marks of the groups in charts.

    Args:
        groups: Name and mark of each group in front.
        behind: How many stand behind in grey.
        left_out: How many are not drawn.
    """

    groups: tuple[tuple[str, Mark], ...]
    behind: int
    left_out: int


@dataclass(frozen=True, slots=True)
class CurveSection:
    """The curves of one comparison: big charts, small ones, the table of areas, gaps between them."""

    along: str
    legend: Legend
    ranking: tuple[Chart, ...]
    over_thresholds: tuple[Chart, ...]
    distributions: tuple[Chart, ...]
    table: GroupTable
    gaps: tuple[ForestBlock, ...]


@dataclass(frozen=True, slots=True)
class CalibrationSection:
    """The calibration of one comparison: a chart for each group, the table of metrics, gaps in them."""

    along: str
    legend: Legend
    charts: tuple[Chart, ...]
    table: GroupTable
    gaps: tuple[ForestBlock, ...]


@dataclass(frozen=True, slots=True)
class ChoiceSection:
    """The best thresholds along one feature: the table of strategies, and the trade-offs."""

    along: str
    table: StrategyTable
    trade_offs: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class PredictionSection:
    """The predictions of a regression along one comparison."""

    along: str
    legend: Legend
    charts: tuple[Chart, ...]
    residuals: ResidualTable


def curve_sections(facts: Facts) -> tuple[CurveSection, ...]:
    """One for each comparison; empty without scores."""
    return tuple(
        CurveSection(
            along=clean(along),
            legend=_legend(shown := shown_groups(facts, along)),
            ranking=ranking_charts(found, facts, along, shown),
            over_thresholds=threshold_charts(found, facts, along, shown),
            distributions=distribution_charts(found, facts, shown),
            table=score_table(facts, along, RANKING, shown.marks),
            gaps=score_forest(_of(found, RANKING_GAPS), facts, share=True, looks=shown.marks),
        )
        for along, found in (facts.scores.comparisons.items() if facts.scores else ())
    )


def calibration_sections(facts: Facts) -> tuple[CalibrationSection, ...]:
    """One for each comparison; empty without scores that are probabilities."""
    return tuple(
        CalibrationSection(
            along=clean(along),
            legend=_legend(shown := shown_groups(facts, along)),
            charts=calibration_charts(found.calibration, shown.marks, scores=True),
            table=score_table(facts, along, CALIBRATION, shown.marks),
            gaps=score_forest(_of(found, CALIBRATION_GAPS), facts, share=False, looks=shown.marks),
        )
        for along, found in (
            facts.scores.comparisons.items() if facts.scores and facts.scores.calibrated else ()
        )
    )


def choice_sections(facts: Facts) -> tuple[ChoiceSection, ...]:
    """One for each sensitive feature; empty without scores."""
    return tuple(
        ChoiceSection(clean(choice.along), strategy_table(choice, facts), trade_off_charts(choice))
        for choice in (facts.scores.choices if facts.scores else ())
    )


def held_out_tables(facts: Facts) -> tuple[HeldOutTable, ...]:
    """One for each plan that was given."""
    return tuple(
        held_out_table(judged, facts) for judged in (facts.scores.judged if facts.scores else ())
    )


def prediction_sections(facts: Facts) -> tuple[PredictionSection, ...]:
    """One for each comparison of a regression; empty for classes."""
    found: Mapping[str, PredictionSection] = {}
    if facts.predictions is not None:
        found = {along: _predictions(facts, along) for along in facts.comparisons}
    return tuple(found.values())


def _predictions(facts: Facts, along: str) -> PredictionSection:
    assert facts.predictions is not None
    shown = shown_groups(facts, along)
    bins = facts.predictions.calibration[along]
    return PredictionSection(
        along=clean(along),
        legend=_legend(shown),
        charts=calibration_charts(bins, shown.marks, scores=False),
        residuals=residual_table(facts.predictions.residuals[along]),
    )


def _of(found: ScoresOf, metrics: Sequence[str]) -> list[Gap]:
    return [gap for gap in found.gaps if gap.metric in metrics]


def _legend(shown: Shown) -> Legend:
    named = tuple((clean(group), mark) for group, mark in shown.marks.items())
    return Legend(named, len(shown.behind), shown.left_out)
