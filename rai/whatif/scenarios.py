"""A scenario: named edits for a slice of rows, saved as JSON that a person can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rai.engines.frames import open_rows
from rai.explore.queries import Query, as_query
from rai.explore.slices import check_places, places_where
from rai.ground.checks import check_one
from rai.ground.errors import ArgumentError, sentence
from rai.ground.saved import Saved
from rai.whatif.edited_rows import apply_edits, known_features
from rai.whatif.edits import Edit, as_edits

FORMAT, VERSION = "rai-scenario", 1

_SAVED = Saved(
    format=FORMAT,
    version=VERSION,
    what="scenario",
    parts="edits",
    again="Write the scenario again.",
    most_megabytes=64,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Edits for some rows, under a name.

    Args:
        name: What it is called.
        edits: One edit or several, applied in order; or a dict of column to the value it gets.
        where: What rows must meet to be edited, such as `age > 30 and sex = F`: text, a query, or
            conditions that must all hold, such as `("age", ">", 30)`.
        rows: Positions of the rows to be edited, counted from 0; all rows if None.

    Raises:
        ArgumentError: If it has no name or no edits, or a condition or position is none.

    Example:
        >>> raise_pay = Scenario("10% more", Edit.scale("income", 1.1), where="sex = F")
        >>> raise_pay.apply({"income": [40.0, 50.0], "sex": ["F", "M"]})["income"].tolist()
        [44.0, 50.0]
    """

    name: str
    edits: tuple[Edit, ...]
    where: Query | None = field(default=None, kw_only=True)
    rows: tuple[int, ...] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        check_one(self.name, where="scenario", what="scenario")
        object.__setattr__(self, "edits", as_edits(self.edits))
        object.__setattr__(self, "where", as_query(self.where))
        if self.rows is not None:
            object.__setattr__(self, "rows", check_places(self.rows))

    def apply(self, data: Any) -> Any:
        """The rows with the edits applied, as a frame of the kind that came in.

        Raises:
            RoleError: If a column is not there.
            ArgumentError: If a value is of another kind than its column.
        """
        rows = open_rows(data)
        at = places_where(rows, self.where, at=self.rows)
        return apply_edits(rows, self.edits, feature_of=known_features(rows), at=at).rows.native

    def __str__(self) -> str:
        shown = [f"{self.name}: " + "; ".join(map(str, self.edits))]
        shown += [f"where {self.where}"] if self.where is not None else []
        shown += [f"in {len(self.rows):,} given rows"] if self.rows is not None else []
        return ", ".join(shown)

    def to_dict(self) -> dict[str, Any]:
        """The scenario as data for JSON."""
        return {
            "name": self.name,
            "edits": [edit.to_dict() for edit in self.edits],
            "where": None if self.where is None else str(self.where),
            "rows": None if self.rows is None else list(self.rows),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Scenario:
        """The scenario from such data.

        Raises:
            ArgumentError: If it is no scenario.
        """
        return cls(
            plain["name"],
            tuple(map(Edit.from_dict, _several(plain.get("edits", ()), "edits"))),
            where=plain.get("where"),
            rows=plain.get("rows"),
        )

    def save(self, path: str | Path) -> Path:
        """Write it as JSON, whole or not at all."""
        return _SAVED.write(path, self.to_dict())

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """Read what `save` wrote.

        Raises:
            DataError: If the file can't be read, is no scenario, or its parts don't fit together.
        """
        return _SAVED.read(path, cls.from_dict)


def _several(given: Any, name: str) -> Sequence[Any]:
    if isinstance(given, (list, tuple)):
        return given
    raise ArgumentError(sentence("scenario", f"{name} {given!r}"[:60], expected="a list"))
