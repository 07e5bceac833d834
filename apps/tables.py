"""Tables on screen: readable heads, three significant digits, and their export.

show(audit.gaps(along="sex"), name="gaps", heads={"null": "by chance"})
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from .words import readable

if TYPE_CHECKING:
    import pandas

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNDEFINED = "–"


def show(
    rows: Iterable[Mapping[str, Any]] | Any,
    *,
    name: str,
    heads: Mapping[str, str] | None = None,
    explained: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    config: Mapping[str, Any] | None = None,
    whole: pandas.DataFrame | Callable[[], pandas.DataFrame] | None = None,
    **asked: Any,
) -> Any:
    """A table, and below it a way to take it along.

    Args:
        rows: Flat rows, or a result of rai (anything with `to_dicts`).
        name: Names the table once on its page, and the files of an export.
        heads: Column to what stands above it, where that is not the column's name in words.
        explained: Column to what the term means.
        columns: The columns to show, in this order; all if None.
        config: Column to a Streamlit column configuration of its own.
        whole: What the export holds, where that is more than is shown; or what makes it, when asked.
        **asked: For `st.dataframe`, such as `on_select`.

    Returns:
        What `st.dataframe` returns.
    """
    frame = as_frame(rows)
    shown = frame if columns is None else frame[[c for c in columns if c in frame]]
    own = {c: _column(shown[c], c, heads=heads or {}, explained=explained or {}) for c in shown}
    asked = {"key": f"table:{name}", "placeholder": UNDEFINED, **asked}
    found = st.dataframe(shown, hide_index=True, column_config={**own, **(config or {})}, **asked)
    export(frame if whole is None else whole, name=name)
    return found


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
