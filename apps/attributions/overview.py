"""How much each feature matters, for everyone and for each group."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

import rai

from .. import tables
from ..performance import charts as base_charts
from ..settings import Setting
from ..words import counted
from . import charts
from .asked import Asked
from .found import Explained
from .said import number_said

MATTERS, PUSHES = "how much it matters", "which way it pushes"
SHOW = Setting("attribution overview", default=MATTERS, url="attributions_show")
SETTINGS = (SHOW,)

MOST = 20  # features drawn
ABOUT = {
    "mean_abs": "The mean size of the attribution, whichever way it goes.",
    "mean": "The mean attribution: above 0 it raises the number on average, below 0 it lowers it.",
    "rank": "1 for the feature that matters most within the group.",
    "rank_low": "The best rank that can't be excluded with other rows of the same kind.",
    "rank_high": "The worst rank that can't be excluded.",
    "n": "Rows of the group that were explained.",
}


def draw(asked: Asked, model: str, found: Explained) -> None:
    """Draw it."""
    offered = (MATTERS, PUSHES)
    if model == asked.models[0]:
        st.segmented_control(
            "Shown",
            offered,
            required=True,
            format_func=lambda each: f"{each[0].upper()}{each[1:]}",
            label_visibility="collapsed",
            **SHOW.tied(offered),
        )
    with st.spinner("Summing up …"):
        summaries = summarized(asked, found)
    what = "mean_abs" if SHOW.value == MATTERS else "mean"
    kept = set(summaries.features[:MOST])
    rows = [_row(each, what) for each in summaries if each.feature in kept]
    groups = [name for name in asked.group_names if any(row["group"] == name for row in rows)]
    size = "mean size of attribution" if what == "mean_abs" else "mean attribution"
    spec = charts.bars(
        [row for row in rows if row["value"] is not None],
        groups=groups,
        among=asked.group_names,
        title=f"{size}, {number_said(asked, model, found)}",
    )
    base_charts.show(
        spec,
        key=f"attributions:{model}",
        alt="A bar for each feature over everyone, and a dot with its interval for each group; "
        "the table has the numbers",
    )
    if len(summaries.features) > MOST:
        st.caption(
            f"The first {MOST} of {counted(len(summaries.features), 'feature')}; the table has all."
        )
    _table(asked, model, summaries)


def summarized(asked: Asked, found: Explained) -> rai.explainers.FeatureSummaries:
    """What rai sums up, for everyone and for each group."""
    key = ("attribution summaries", found.key, asked.by, str(found.label))
    return asked.project.answer(
        key,
        lambda: rai.explainers.summarize(
            found.attributions, by=asked.by, cuts=asked.cuts or None, output=found.label
        ),
    )


def _row(each: Any, what: str) -> dict[str, Any]:
    low, high = ("mean_abs_low", "mean_abs_high") if what == "mean_abs" else ("low", "high")
    return {
        "feature": each.feature,
        "group": each.name if each.group else "",
        "value": getattr(each, what),
        "low": getattr(each, low),
        "high": getattr(each, high),
        "n": each.n,
        "note": each.note,
    }


def _table(asked: Asked, model: str, summaries: rai.explainers.FeatureSummaries) -> None:
    rows = [_cells(asked, each) for each in summaries]
    tables.show(
        rows,
        name=f"attributions {model}",
        explained=ABOUT,
        columns=(
            *("feature", *((asked.by,) if asked.by else ()), "n", "mean_abs", "mean"),
            *("rank", "rank_low", "rank_high", "note"),
        ),
        bounded=("mean_abs", "mean"),
        heads={
            "mean_abs": "mean size",
            "mean": "mean attribution",
            **({asked.by: asked.by} if asked.by else {}),
        },
        whole=summaries.to_pandas,
        picture=lambda: rai.plots.attribution_bars(summaries),
    )


def _cells(asked: Asked, each: Any) -> dict[str, Any]:
    def number(value: float | None) -> float:
        return math.nan if value is None else value

    return {
        "feature": each.feature,
        **({asked.by: each.name} if asked.by else {}),
        "n": each.n,
        "mean_abs": number(each.mean_abs),
        tables.LOW + "mean_abs": number(each.mean_abs_low),
        tables.HIGH + "mean_abs": number(each.mean_abs_high),
        "mean": number(each.mean),
        tables.LOW + "mean": number(each.low),
        tables.HIGH + "mean": number(each.high),
        "rank": each.rank,
        "rank_low": each.rank_low,
        "rank_high": each.rank_high,
        "note": each.note,
    }
