"""Metrics of scores: one literal table. To add a metric, add a row.

A metric of decisions reads four cells; a metric of scores reads the whole tally of one group, label by
score, before any threshold is chosen. Otherwise the two are alike: both have intervals, gaps and pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rai.measure.measured import Measured
from rai.values import Tally

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class ScoreMetric:
    """One row of the table; the fields mean what they mean for `Metric`.

    Args:
        name: Full name.
        formula: In words and symbols; s is the score, y the label (0 or 1).
        measured: From a name and a binary tally of scores to the metric of every group.
        better: Which direction is better for the model.
        aliases: Other names for it.
        source: Where the definition comes from.
        short: Abbreviation for narrow tables.
        signed: Whether values below zero are possible, so that ratios make no sense.
    """

    name: str
    formula: str
    measured: Callable[[str, Tally], Measured]
    better: Better
    aliases: tuple[str, ...] = ()
    source: str = ""
    short: str = ""
    signed: bool = False

    def measure(self, tally: Tally) -> Measured:
        """The metric of every group."""
        return self.measured(self.name, tally)


SCORE_METRICS: tuple[ScoreMetric, ...] = ()  # fmt: skip

_BY_NAME = {name: row for row in SCORE_METRICS for name in (row.name, *row.aliases)}


def find_score_metric(name: object) -> ScoreMetric | None:
    """The score metric of a name or alias, or None where that is another kind of metric."""
    return _BY_NAME.get(name) if isinstance(name, str) else None
