"""A profile for reading: the columns that a kind of feature has something in, numbers apart from words.

Everything else that is known stands in `to_dicts()`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rai.ground.formatting import Cell, text_table
from rai.ground.records import Row, html_table

_NUMBERS = ("mean", "std", "zeros", "min", "median", "max")
_WORDS = ("unique", "top", "freq_top", "avg_length")
_NUMERIC = ("number", "integer", "date", "duration")
_LONGEST = 30


def profile_text(rows: Sequence[Row], *, datasets: int) -> str:
    """The rows of a profile as two tables.

    Example:
        >>> import rai
        >>> print(rai.profile({"age": [20, 30, None], "sex": ["F", "M", "F"]}))
        feature  kind     count  missing  mean   std  zeros  min  median  max
        age      integer      2  33.3%      25  7.07  0%      20      25   30
        <BLANKLINE>
        feature  kind      count  missing  unique  top  freq top  avg length
        sex      category      3  0%            2  F           2           1
    """
    tables = _tables(rows, datasets=datasets)
    return "\n\n".join(text_table(table) for table in tables) or "(no features)"


def profile_html(rows: Sequence[Row], *, datasets: int) -> str:
    """The same as HTML, for notebooks."""
    tables = _tables(rows, datasets=datasets)
    return "".join(html_table(table) for table in tables) or "<p>(no features)</p>"


def percent(part: float | None, whole: float | None) -> str:
    """A share for reading; never 0% or 100% of what is nearly so.

    Example:
        >>> percent(1, 3), percent(0, 3), percent(1, 100_000), percent(99_999, 100_000), percent(1, 0)
        ('33.3%', '0%', '<0.01%', '>99.9%', '–')
    """
    if part is None or not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 0.01:
        return "<0.01%"
    return ">99.9%" if 99.9 < share < 100 else f"{share:.3g}%"


def _tables(rows: Sequence[Row], *, datasets: int) -> list[list[Row]]:
    numbers = [row for row in rows if row["kind"] in _NUMERIC]
    others = [row for row in rows if row["kind"] not in _NUMERIC]
    kinds = ((numbers, _NUMBERS), (others, _WORDS))
    return [[_shown(row, names, datasets) for row in part] for part, names in kinds if part]


def _shown(row: Row, names: Sequence[str], datasets: int) -> Row:
    head: Row = {"feature": _short(row["feature"])}
    if datasets > 1:
        head["dataset"] = row["dataset"]
    head["kind"] = row["kind"]
    missing = percent(row["missing"], row["rows"])  # type: ignore[arg-type]
    held: Row = {name.replace("_", " "): _short(row[name]) for name in names}
    if "zeros" in held and row["zeros"] is not None:
        held["zeros"] = percent(row["zeros"], row["count"])  # type: ignore[arg-type]
    return {**head, "count": row["count"], "missing": missing, **held}


def _short(cell: Cell) -> Cell:
    return f"{cell[: _LONGEST - 1]}…" if isinstance(cell, str) and len(cell) > _LONGEST else cell
