"""Every explained row as a point, feature by feature; a click pins the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import pictures, selection, tables
from ..words import counted, plain
from . import charts
from .asked import Asked, groups
from .found import Explained
from .overview import summarized
from .said import number_said

MOST_FEATURES, MOST_ROWS = 10, 1_000


def draw(asked: Asked, model: str, found: Explained) -> None:
    """Draw it."""
    names = summarized(asked, found).features[:MOST_FEATURES]
    places = shown_rows(asked, found)
    rows = [row for name in names for row in points(asked, found, name, places)]
    shown = shown_groups(asked, rows)
    spec = charts.strip(
        rows,
        shown=shown,
        among=asked.group_names,
        title=f"attribution, {number_said(asked, model, found)}",
    )
    clickable(spec, key=f"points:{model}", alt="Each row's attributions, by feature")
    of = len(found.attributions.names)
    which = f"The {len(names)} features of {of} that matter most. " if of > len(names) else ""
    drawn = "" if len(places) == len(found.rows) else f"{counted(len(places), 'row')} are drawn. "
    st.caption(f"{which}{drawn}{PIN}")
    with st.container(horizontal=True):
        tables.export(found.attributions.to_pandas, name=f"attributions of rows {model}")
        pictures.button(
            lambda: rai.plots.attribution_strip(
                found.attributions, output=found.label, by=asked.by, cuts=asked.cuts or None
            ),
            f"attributions of rows {model}",
        )


PIN = "A click on a point pins its row; a ring is around the pinned one, where it is among them."


def shown_rows(asked: Asked, found: Explained) -> Any:
    """Places of the rows that are drawn: as many as a browser moves with ease, the pinned one too."""
    n = len(found.rows)
    if n <= MOST_ROWS:
        return np.arange(n)
    places = np.random.default_rng(0).permutation(n)[:MOST_ROWS]
    pinned = np.flatnonzero(np.asarray(found.rows) == selection.pinned(asked.project))
    return np.unique(np.concatenate([places, pinned]))


def points(asked: Asked, found: Explained, feature: str, places: Any) -> list[dict[str, Any]]:
    """A feature's points: value, attribution, group, row."""
    held = found.attributions
    at, k = held.place(feature), held.output_place(found.label)
    texts = held.texts(at)
    names = groups(asked.project, asked.by)[1][found.rows] if asked.by else None
    pinned = selection.pinned(asked.project)
    lanes = np.random.default_rng(0).random(len(held))
    return [
        {
            "feature": feature,
            "value": texts[place],
            "said": texts[place],
            "x": float(held.values[place, at, k]),
            "attribution": f"{held.values[place, at, k]:+.3g}",
            "group": "" if names is None else names[place],
            "row": int(found.rows[place]),
            "lane": float(lanes[place]),
            "pinned": int(found.rows[place]) == pinned,
        }
        for place in places.tolist()
    ]


def shown_groups(asked: Asked, rows: Sequence[Any]) -> list[str]:
    """The groups that are drawn, in their order."""
    there = {row["group"] for row in rows}
    return [name for name in asked.group_names if name in there]


def clickable(spec: Any, *, key: str, alt: str) -> None:
    """A chart whose points pin their rows."""
    st.vega_lite_chart(
        spec,
        width="stretch",
        key=f"chart:{key}",
        alt=f"{alt}; the tables have the numbers",
        on_select=lambda: _picked(f"chart:{key}"),
        selection_mode=charts.POINT,
    )


def _picked(key: str) -> None:
    event = st.session_state[key]
    picked = [each.get("row") for each in event["selection"].get(charts.POINT, [])]
    if picked and isinstance(picked[-1], int | float):
        selection.pin(int(picked[-1]))
        st.toast(f"Row {plain(int(picked[-1]))} is pinned.", icon=":material/push_pin:")
