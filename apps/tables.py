"""Tables on screen: readable heads, three significant digits, and their export.

show(audit.gaps(along="sex"), name="gaps", heads={"null": "by chance"})
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from . import pictures
from .words import interval, readable

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNDEFINED = "–"
LOW, HIGH, INTERVAL = "low of ", "high of ", "interval of "
SHORT = 20  # letters of a head that a value and its interval have room for
PLAUSIBLE = "Where the value would plausibly be with other rows of the same kind."


def show(
    rows: Iterable[Mapping[str, Any]] | Any,
    *,
    name: str,
    whole: pandas.DataFrame | Callable[[], pandas.DataFrame] | None = None,
    picture: Callable[[], Axes] | None = None,
    **asked: Any,
) -> Any:
    """A table, and below it a way to take it along.

    Args:
        rows: Flat rows, or a result of rai (anything with `to_dicts`).
        name: Names the table once on its page, and the files of an export.
        whole: What the export holds, where that is more than is shown; or what makes it, when asked.
        picture: Draws a picture of it to take along, too: a call of one of `rai.plots`.
        **asked: What `draw` takes.

    Returns:
        What `st.dataframe` returns.
    """
    frame = as_frame(rows)
    found = draw(frame, name=name, **asked)
    with st.container(horizontal=True):
        export(frame if whole is None else whole, name=name)
        if picture is not None:
            pictures.button(picture, name)
    return found


def draw(
    rows: Iterable[Mapping[str, Any]] | Any,
    *,
    name: str,
    heads: Mapping[str, str] | None = None,
    explained: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    bounded: Sequence[str] = (),
    config: Mapping[str, Any] | None = None,
    **asked: Any,
) -> Any:
    """A table alone.

    Args:
        rows: As for `show`.
        name: Names the table once on its page.
        heads: Column to what stands above it, where that is not the column's name in words.
        explained: Column to what the term means.
        columns: The columns to show, in this order; all if None.
        bounded: The columns that are estimates, from `bounds`: below their head stand the value, a
            number that sorts, and its interval.
        config: Column to a Streamlit column configuration of its own.
        **asked: For `st.dataframe`, such as `on_select`.

    Returns:
        What `st.dataframe` returns.
    """
    frame = as_frame(rows)
    hidden = {end + c for c in bounded for end in (LOW, HIGH)}
    shown = frame[[c for c in (frame if columns is None else columns) if c in frame and c not in hidden]]
    own = {c: _column(shown[c], c, heads=heads or {}, explained=explained or {}) for c in shown}
    if bounded:
        shown = _with_intervals(frame, {c: own[c]["label"] if c in bounded else "" for c in shown})
        own |= {c: {**own[c], "label": "value"} for c in bounded if c in own}
        own |= {INTERVAL + c: _intervals(head) for head, c in shown if c in bounded}
    asked = {"key": f"table:{name}", "placeholder": UNDEFINED, **asked}
    return st.dataframe(shown, hide_index=True, column_config={**own, **(config or {})}, **asked)


def bounds(name: str, found: Any, *, scale: float = 1.0) -> dict[str, float]:
    """An estimate as cells of a row: its value and its bounds, NaN where undefined.

    Args:
        name: The column.
        found: Has `value`, `low` and `high`; or None.
        scale: What all three are multiplied by.

    Example:
        >>> import rai
        >>> bounds("cost", rai.Estimate(metric="", group=(), value=0.1, low=0.05, high=0.2), scale=100)
        {'cost': 10.0, 'low of cost': 5.0, 'high of cost': 20.0}
    """
    cells = {name: "value", LOW + name: "low", HIGH + name: "high"}
    values = {head: getattr(found, part, None) for head, part in cells.items()}
    return {head: math.nan if value is None else scale * value for head, value in values.items()}


def as_frame(rows: Any) -> pandas.DataFrame:
    """Flat rows as a pandas frame."""
    import pandas

    if isinstance(rows, pandas.DataFrame):
        return rows
    return pandas.DataFrame(rows.to_dicts() if hasattr(rows, "to_dicts") else list(rows))


def export(frame: pandas.DataFrame | Callable[[], pandas.DataFrame], *, name: str) -> None:
    """Buttons that download a table as CSV and as Parquet, made when they are pressed."""
    file = name.replace(" ", "_")
    with st.popover("Export", icon=":material/download:", type="tertiary"):
        for title, (written, mime) in WRITTEN.items():
            ending = title.casefold()
            st.download_button(
                title,
                partial(_bytes, written, frame),
                f"{file}.{ending}",
                mime,
                key=f"{ending}:{name}",
                on_click="ignore",
            )


def csv_bytes(frame: pandas.DataFrame) -> bytes:
    """A frame as CSV in which no cell of text is a formula to a spreadsheet.

    Text that starts like a formula gets an apostrophe in front.

    Source: OWASP, CSV injection.

    Example:
        >>> import pandas
        >>> csv_bytes(pandas.DataFrame({"job": ["=1+1", "cook"], "gap": [-0.5, 1.0]})).decode().split()
        ['job,gap', "'=1+1,-0.5", 'cook,1.0']
    """
    safe = frame.rename(columns=lambda head: _defused(str(head)))
    for place, kind in enumerate(frame.dtypes):
        if kind.kind not in "biufcmM":
            safe.isetitem(place, frame.iloc[:, place].map(_defused, na_action="ignore"))
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode()


def parquet_bytes(frame: pandas.DataFrame) -> bytes:
    """A frame as Parquet."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


WRITTEN: Mapping[str, tuple[Callable[[pandas.DataFrame], bytes], str]] = {
    "CSV": (csv_bytes, "text/csv"),
    "Parquet": (parquet_bytes, "application/vnd.apache.parquet"),
}


def _bytes(
    written: Callable[[pandas.DataFrame], bytes],
    frame: pandas.DataFrame | Callable[[], pandas.DataFrame],
) -> bytes:
    return written(frame() if callable(frame) else frame)


def _defused(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _with_intervals(frame: pandas.DataFrame, heads: Mapping[str, str]) -> pandas.DataFrame:
    """Columns below heads that span a value and its interval; none where a column is no estimate."""
    import pandas

    columns: dict[tuple[str, str], Any] = {}
    for name, head in heads.items():
        columns[head, name] = frame[name]
        if head:
            low, high = (
                [None if math.isnan(end) else end for end in frame[place + name]]
                for place in (LOW, HIGH)
            )
            columns[head, INTERVAL + name] = list(map(interval, low, high))
    return pandas.DataFrame(columns)


def _intervals(head: str) -> Any:
    """The column of intervals, wide enough for the head that spans it and its value."""
    width = None if len(head) <= SHORT else int(6.5 * len(head)) - 40
    return st.column_config.Column("95% interval", width=width, help=PLAUSIBLE)


def _column(
    values: pandas.Series[Any], name: str, *, heads: Mapping[str, str], explained: Mapping[str, str]
) -> Any:
    head, about = heads.get(name, readable(name)), explained.get(name)
    if values.dtype.kind == "f":
        large = bool((values.abs() >= 1000).any())
        return st.column_config.NumberColumn(head, help=about, format="localized" if large else "%.3g")
    if values.dtype.kind in "iu":
        return st.column_config.NumberColumn(head, help=about, format="localized")
    return st.column_config.Column(head, help=about)
