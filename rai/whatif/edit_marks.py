"""What is unusual about edited rows: values beyond what occurs, and rows that could not change.

The model has seen nothing like such values, so its answer is a guess. That is worth knowing, and no
mistake: an edit is allowed to ask what nobody has seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.engines.spelling import level
from rai.ground.formatting import counted
from rai.ground.records import RecordTuple, Row
from rai.values.features import Feature


@dataclass(frozen=True, slots=True)
class EditMark:
    """Something unusual about an edit.

    Args:
        column: The column.
        rows: How many rows it is about.
        mark: What it is, in words.

    Example:
        >>> str(EditMark("age", 3, "above 90, the largest that occurs"))
        'age: above 90, the largest that occurs (3 rows)'
    """

    column: str
    rows: int
    mark: str

    def __str__(self) -> str:
        return f"{self.column}: {self.mark} ({counted(self.rows, 'row')})"

    def to_dict(self) -> Row:
        """The mark as a flat row."""
        return {"column": self.column, "rows": self.rows, "mark": self.mark}


class EditMarks(RecordTuple[EditMark]):
    """Everything unusual about some edits; empty if there is nothing.

    Example:
        >>> EditMarks([EditMark("age", 3, "above 90, the largest that occurs")]).words
        'age: above 90, the largest that occurs (3 rows)'
    """

    __slots__ = ()

    @property
    def words(self) -> str:
        """All marks in one line."""
        return "; ".join(map(str, self))


def marks_of(before: Rows, after: Rows, *, feature: Feature) -> list[EditMark]:
    """What is unusual about the values of one edited column.

    Args:
        before: The rows as they were.
        after: The same rows, edited.
        feature: What occurs in the column.
    """
    if feature.numeric:
        return _of_numbers(before.numbers(feature.name), after.numbers(feature.name), feature)
    old, new = before.codes(feature.name), after.codes(feature.name)
    counts = np.bincount(new.codes[new.codes >= 0], minlength=len(new.levels))
    found = {feature.mark(feature.checked(value, where="edit")): int(n)
             for value, n in zip(new.levels, counts, strict=True)}  # fmt: skip
    found[feature.mark(None)] = int(((new.codes < 0) & (old.codes >= 0)).sum())
    return _marked(feature, found)


def differing(before: Rows, after: Rows, *, feature: Feature) -> NDArray[np.bool_]:
    """The rows whose value in a column differs, shape (n,)."""
    if feature.numeric:
        old, new = before.numbers(feature.name), after.numbers(feature.name)
        return np.asarray((old != new) & ~(np.isnan(old) & np.isnan(new)))
    first, second = before.codes(feature.name), after.codes(feature.name)
    known = {held: at for at, held in enumerate(first.levels)}
    places = [known.get(held, -2) for held in second.levels]
    return np.asarray(np.array([*places, -1], dtype=np.intp)[second.codes] != first.codes)


def _of_numbers(old: Floats, new: Floats, feature: Feature) -> list[EditMark]:
    there = new[~np.isnan(new)]
    found = {feature.mark(None): int((np.isnan(new) & ~np.isnan(old)).sum())}
    if feature.low is None or feature.high is None:
        found["no value occurs"] = len(there)
        return _marked(feature, found)
    for end, beyond in ((feature.low, there < feature.low), (feature.high, there > feature.high)):  # type: ignore[operator]
        if beyond.any():
            extreme = there[beyond].min() if end == feature.low else there[beyond].max()
            found[feature.mark(level(extreme))] = int(beyond.sum())
    if feature.kind == "integer":
        found["not whole, in a column of whole numbers"] = int((there != np.floor(there)).sum())
    return _marked(feature, found)


def _marked(feature: Feature, found: dict[str, int]) -> list[EditMark]:
    return [EditMark(feature.name, n, mark) for mark, n in found.items() if mark and n]
