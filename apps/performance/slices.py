"""The slices: a row of metrics with intervals for each, and dots beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

import rai

from .. import pictures, tables
from ..words import metric_name
from . import charts, headline, sliders, terms
from .asked import Asked, explained, name_of

SMALL = 30  # rows: fewer are said to be few
CHARTS = 4
LETTERS = 20  # of a slice's name make its chart twice as wide
MOST_ROWS = 8  # on screen without scrolling
COST = "cost_per_row"
SCALES = {COST: headline.PER}


def draw(asked: Asked) -> None:
    """Draw them."""
    found = {model: estimates(asked, model) for model in asked.models}
    rows = [row for model, each in found.items() for row in rows_of(asked, model, each)]
    shown = {column_of(each): each for some in found.values() for each in some}
    tables.draw(
        rows,
        name="slices",
        heads={"group": name_of(asked.along), **{name: head_of(each) for name, each in shown.items()}},
        explained={"n": "Rows", **{name: explained(each.metric) for name, each in shown.items()}},
        bounded=tuple(shown),
        config={"threshold": st.column_config.NumberColumn(format="%.3f", help=terms.THRESHOLD)},
        height="auto" if len(rows) <= MOST_ROWS else 330,
        alt="Metrics of each slice with their intervals",
    )
    _dots(asked, found)
    _reasons(found)
    with st.container(horizontal=True):
        tables.export(lambda: tables.as_frame(flat_rows(found)), name="slices")
        for model, some in found.items() if asked.metrics else ():
            drawn = rai.Estimates(each for each in some if each.metric != COST)
            pictures.button(partial(rai.plots.metrics, drawn), f"slices {model}")


def estimates(asked: Asked, model: str) -> list[rai.Estimate]:
    """What the table shows: the costs, then the metrics."""
    costs = list(asked.costs_of(model)) if asked.task == "binary" else []
    return [*costs, *(asked.metrics_of(model, *asked.metrics) if asked.metrics else ())]


def flat_rows(found: dict[str, list[rai.Estimate]]) -> list[dict[str, Any]]:
    """Every number with its interval and counts."""
    return [{"model": model, **each.to_dict()} for model, some in found.items() for each in some]


def rows_of(asked: Asked, model: str, found: Sequence[rai.Estimate]) -> list[dict[str, Any]]:
    """A row for each slice, with the bounds of every number."""
    single = {} if len(asked.models) == 1 else {"model": model}
    rows: dict[str, dict[str, Any]] = {}
    at = decided_at(asked, model) if asked.task == "binary" and asked.cut(model).groups else {}
    for each in found:
        name, _ = slice_of(each)
        row = rows.setdefault(name, {"group": name, **single, "n": each.n})
        row |= tables.bounds(column_of(each), each, scale=SCALES.get(each.metric, 1.0))
    return [{**row, "threshold": at[name]} if at else row for name, row in rows.items()]


def column_of(estimate: rai.Estimate) -> str:
    """The column of an estimate: its metric, and the class where it is of one."""
    return estimate.metric + slice_of(estimate)[1]


def head_of(estimate: rai.Estimate) -> str:
    """What stands above it."""
    if estimate.metric == COST:
        return "cost per 1,000"
    return metric_name(estimate.metric) + slice_of(estimate)[1]


def slice_of(estimate: rai.Estimate) -> tuple[str, str]:
    """The slice of an estimate, and of which class it is, if of one."""
    pairs = estimate.group
    labelled = bool(pairs) and pairs[0][0] == "label"
    name = rai.Estimate(metric="", group=pairs[1:] if labelled else pairs, value=None).name
    of_class = f" of {pairs[0][1]}" if labelled and pairs[0][1] != headline.WHOLE else ""
    return name, of_class


def decided_at(asked: Asked, model: str) -> dict[str, float | None]:
    """Slice to its threshold, where each group has one; None where a slice has several."""
    held = asked.cut(model)
    same = sliders.same_slices(asked, held)
    return {
        name_of(key): held.groups.get(key, held.single) if same else None
        for key in asked.sliced(model).tally.groups
    }


def chart_rows(found: dict[str, list[rai.Estimate]]) -> list[dict[str, Any]]:
    """Estimates as rows of a chart."""
    return [
        {
            "group": slice_of(each)[0],
            "model": model,
            "metric": head_of(each),
            **{
                bound: None if value is None else value * SCALES.get(each.metric, 1)
                for bound, value in (("value", each.value), ("low", each.low), ("high", each.high))
            },
            "n": each.n,
            "note": each.note,
        }
        for model, some in found.items()
        for each in some
    ]


def _dots(asked: Asked, found: dict[str, list[rai.Estimate]]) -> None:
    rows = chart_rows(found)
    metrics = list(dict.fromkeys(row["metric"] for row in rows))[:CHARTS]
    if not metrics:
        return
    shown = list(dict.fromkeys(row["group"] for row in rows))
    among = asked.names(asked.models[0])
    widths = [1 + min(max(map(len, shown)) / LETTERS, 1.0), *(1.0 for _ in metrics[1:])]
    for place, (metric, column) in enumerate(zip(metrics, st.columns(widths), strict=True)):
        with column:
            charts.show(
                charts.dots(
                    [row for row in rows if row["metric"] == metric],
                    shown=shown,
                    among=among,
                    title=metric,
                    models=asked.models,
                    labels=place == 0,
                ),
                key=f"dots:{place}",
                alt=f"Dots with intervals: {metric} of each slice; the table above has the numbers",
            )


def _reasons(found: dict[str, list[rai.Estimate]]) -> None:
    """Why a number is missing, or says little."""
    notes = {
        f"{slice_of(each)[0]}: {metric_name(each.metric)} {each.note}"
        for some in found.values()
        for each in some
        if each.value is None and each.note
    }
    few = {
        f"{slice_of(each)[0]}: only n = {each.n}"
        for some in found.values()
        for each in some
        if 0 < each.n < SMALL
    }
    for title, lines in (("Undefined", notes), ("Few rows, wide intervals", few)):
        if lines:
            said = "; ".join(sorted(lines)[:6]) + (" …" if len(lines) > 6 else "")
            st.text(f"{title}: {said}.")
