"""Decisions at one threshold, and the scores behind them: two tables of the same rows, split alike.

metrics of decisions read the confusion matrices, metrics of scores the tally that they come from
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rai.values.confusion import Confusion
from rai.values.levels import Key, Level
from rai.values.tally import Tally


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Confusion matrices and the tally of scores they were cut from.

    Args:
        confusion: The decisions, at one threshold or at one per group.
        scores: Gives the tally, split as the decisions are; asked only where a metric reads scores.

    Example:
        >>> from rai import audit
        >>> rows = {"y_true": [1, 0], "y_score": [0.9, 0.2], "sensitive_features": {"sex": ["F", "M"]}}
        >>> tally = audit(**rows).tally
        >>> both = Scored(tally.confusion(0.5), lambda: tally)
        >>> both.by("sex").scores().groups, both.only(sex="F").confusion.tp.tolist()
        ((('F',), ('M',)), [1.0])
    """

    confusion: Confusion
    scores: Callable[[], Tally]

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the columns that split rows."""
        return self.confusion.axes

    @property
    def groups(self) -> tuple[Key, ...]:
        """One key per group."""
        return self.confusion.groups

    def by(self, *axes: str) -> Scored:
        """The same rows split by these axes only."""
        return Scored(self.confusion.by(*axes), lambda: self.scores().by(*axes))

    def only(self, **levels: Level) -> Scored:
        """The groups with these levels."""
        return Scored(self.confusion.only(**levels), lambda: self.scores().only(**levels))

    def having(self, kept: Sequence[bool]) -> Scored:
        """The groups that are kept, one entry per group."""
        return Scored(self.confusion.having(kept), lambda: self.scores().having(kept))

    @property
    def rest(self) -> Scored:
        """For each group, everyone outside it."""
        return Scored(self.confusion.rest, lambda: self.scores().rest)

    @property
    def everyone(self) -> Scored:
        """For each group, everyone."""
        return Scored(self.confusion.everyone, lambda: self.scores().everyone)
