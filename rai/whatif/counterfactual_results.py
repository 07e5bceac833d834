"""Generated counterfactuals as results: what to change, how far that is, how unusual, what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rai.ground.formatting import text_table
from rai.ground.records import Records, Row
from rai.values import Level
from rai.values.features import Value
from rai.whatif.feature_changes import FeatureChanges


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counterfactual:
    """An edit of a row that has another outcome.

    Args:
        changes: What is changed, with the share of each in the distance.
        distance: How far the edited row is from the row.
        plausibility: How far it is from the nearest real row with the outcome, in units of how far such
            rows usually are from the nearest that differs from them: around 1 is usual, much more is
            somebody whose like was never seen. None where there are too few such rows.
        score: Its score; of more than two classes that of the class decided.
        decision: What is decided for it; None of a regression.
        record: All of its values.
    """

    changes: FeatureChanges
    distance: float
    plausibility: float | None
    score: float
    decision: Level | None
    record: Mapping[str, Value] = field(repr=False)

    def to_dict(self) -> Row:
        """The counterfactual as a flat row."""
        return {
            "changes": self.changes.words,
            "changed": len(self.changes),
            "distance": self.distance,
            "plausibility": self.plausibility,
            "score": self.score,
            "decision": self.decision,
        }


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counterfactuals(Records):
    """Edits of one row that have another outcome, nearest first.

    Args:
        found: They.
        frame: The edited rows, in the same order, as the library that the rows came from knows them.
        score_from: The score of the row itself; of more than two classes that of the class decided.
        decision_from: What is decided for it; None of a regression.
        predictions: How many edits the model was asked about.
        exhaustive: Whether those were all that there are among the values that occur, so that what was
            not found does not exist.
        note: What to mind; why there are none or fewer than asked for.

    Example:
        >>> from rai.whatif import counterfactuals
        >>> found = counterfactuals(
        ...     lambda frame: frame["income"] / 100, {"income": [20, 49, 55, 90]}, row=0)
        >>> len(found), found[0].changes.words, found.exhaustive
        (1, 'income 20 → 55', True)
    """

    found: tuple[Counterfactual, ...]
    frame: Any = field(repr=False)
    score_from: float
    decision_from: Level | None
    predictions: int
    exhaustive: bool
    note: str = ""

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Counterfactual]:
        return iter(self.found)

    def __getitem__(self, place: int) -> Counterfactual:
        return self.found[place]

    def to_dicts(self) -> list[Row]:
        """One flat row for each."""
        return [one.to_dict() for one in self.found]

    def __str__(self) -> str:
        return text_table(self.to_dicts()) if self.found else f"(none: {self.note})"
