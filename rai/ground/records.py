"""Collections of results: tuples with one obligation, `to_dicts()`; every other form hangs off it."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Generic, TypeVar

from rai.ground.formatting import Cell, markdown_table, number, readable, text_table

if TYPE_CHECKING:
    import pandas
    import polars

Row = dict[str, Cell]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FlatRow:
    """A frozen dataclass whose fields are its row."""

    def to_dict(self) -> Row:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Records:
    """Mixin: anything with `to_dicts()` prints, exports and shows itself in a notebook."""

    def to_dicts(self) -> list[Row]:
        """Flat rows of str, int, float, bool or None; the same keys in every row."""
        raise NotImplementedError

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.to_dicts())

    def to_polars(self) -> polars.DataFrame:
        """The rows as a Polars frame."""
        import polars as pl

        return pl.DataFrame(self.to_dicts(), infer_schema_length=None)

    def to_json(self, *, indent: int | None = None) -> str:
        """The rows as JSON; undefined is null, and there is never a NaN."""
        return json.dumps(self.to_dicts(), indent=indent, allow_nan=False, ensure_ascii=False)

    def to_markdown(self) -> str:
        """The rows as a Markdown table."""
        return markdown_table(self.to_dicts())

    def _repr_html_(self) -> str:
        return html_table(self.to_dicts())

    def __str__(self) -> str:
        return text_table(self.to_dicts())


class RecordTuple(Records, tuple[T, ...], Generic[T]):
    """A tuple of values that each know `to_dict()`."""

    __slots__ = ()

    def to_dicts(self) -> list[Row]:
        """One flat row for each value."""
        return [value.to_dict() for value in self]  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows)\n{self}"

    def where(self, **conditions: Cell) -> RecordTuple[T]:
        """Only the values whose row has these entries.

        Example:
            >>> from rai import audit
            >>> rates = audit(y_true=[1, 0, 1, 1], y_pred=[1, 0, 0, 1],
            ...     sensitive_features={"sex": ["F", "F", "M", "M"]}).metrics("accuracy")
            >>> [estimate.value for estimate in rates.where(sex="M")]
            [0.5]
        """
        return type(self)(value for value, row in self._pairs() if conditions.items() <= row.items())

    def _pairs(self) -> Iterator[tuple[T, Row]]:
        return zip(self, self.to_dicts(), strict=True)


def html_table(rows: list[Row]) -> str:
    """Flat rows as a plain HTML table with readable heads, words to the left, numbers to the right.

    Example:
        >>> html_table([{"n": 7}]).count('style="text-align: right"')
        2
    """
    if not rows:
        return "<p>(no rows)</p>"
    sides = [_side(rows, key) for key in rows[0]]
    heads = zip(rows[0], sides, strict=True)
    head = "".join(f'<th scope="col"{side}>{html.escape(readable(key))}</th>' for key, side in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{side}>{html.escape(number(cell))}</td>"
            for cell, side in zip(row.values(), sides, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _side(rows: list[Row], key: str) -> str:
    """Where a column's cells stand: a style, whatever the theme of the notebook."""
    words = any(isinstance(row[key], (str, bool)) for row in rows)
    return f' style="text-align: {"left" if words else "right"}"'
