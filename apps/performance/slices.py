"""The slices: a row of metrics with intervals for each, and dots beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

import rai

from .. import pictures, tables
from ..words import estimate_words, metric_name
from . import charts, headline, sliders, terms
from .asked import Asked, explained, name_of

SMALL = 30  # rows: fewer are said to be few
CHARTS = 4
LABELLED = 1.5  # how much wider the chart is that has the slices' names
MOST_ROWS = 8  # on screen without scrolling


def draw(asked: Asked) -> None:
    """Draw them."""
    found = {model: estimates(asked, model) for model in asked.models}
    wide = aligned([row for model, each in found.items() for row in rows_of(asked, model, each)])
    heads = {"group": " × ".join(asked.along), "cost": "cost per 1,000"}
    about = {name: f"{explained(name)} {terms.INTERVAL}".strip() for name in asked.metrics}
    shown = tables.as_frame(wide)
    config = {
        name: st.column_config.Column(heads.get(name) or metric_name(name), help=about.get(name))
        for name in shown
        if name not in {"n", "threshold"}
    }
    config["n"] = st.column_config.NumberColumn(format="localized", help="Rows")
    config["threshold"] = st.column_config.NumberColumn(format="%.3f", help="Who has it is positive")
    st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        key="table:slices",
        placeholder=tables.UNDEFINED,
        height="auto" if len(wide) <= MOST_ROWS else 330,
        alt="Metrics of each slice with their intervals",
    )
    _dots(asked, found)
    _reasons(found)
    with st.container(horizontal=True):
        tables.export(tables.as_frame(flat_rows(found)), name="slices")
        for model in asked.models if asked.metrics else ():
            drawn = asked.metrics_of(model, *asked.metrics)
            pictures.button(partial(rai.plots.metrics, drawn), f"slices {model}")


def estimates(asked: Asked, model: str) -> list[rai.Estimate]:
    """What the table shows: the costs, then the metrics."""
    costs = list(asked.costs_of(model)) if asked.task == "binary" else []
    return [*costs, *(asked.metrics_of(model, *asked.metrics) if asked.metrics else ())]


def flat_rows(found: dict[str, list[rai.Estimate]]) -> list[dict[str, Any]]:
    """Every number with its interval and counts."""
    return [{"model": model, **each.to_dict()} for model, some in found.items() for each in some]


def rows_of(asked: Asked, model: str, found: Sequence[rai.Estimate]) -> list[dict[str, Any]]:
    """A row for each slice, numbers as text with their interval."""
    single = {} if len(asked.models) == 1 else {"model": model}
    rows: dict[str, dict[str, Any]] = {}
    at = decided_at(asked, model)
    for each in found:
        name, of_class = slice_of(each)
        row = rows.setdefault(name, {"group": name, **single, "n": each.n})
        if asked.task == "binary" and asked.cut(model).groups:
            row["threshold"] = at.get(name)
        if each.metric == "cost_per_row":
            row["cost"] = headline.per_thousand(each)
        else:
            row[each.metric + of_class] = (
                estimate_words(each.value, each.low, each.high, None)
                if each.value is not None
                else tables.UNDEFINED
            )
    return list(rows.values())


def aligned(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with blanks before shorter numbers, so that texts sort as their numbers do.

    Example:
        >>> aligned([{"cost": "63.6 [57, 70]"}, {"cost": "161 [154, 168]"}])
        [{'cost': ' 63.6 [57, 70]'}, {'cost': '161 [154, 168]'}]
    """

    def whole(text: str) -> int:
        return len(text.split(" ", maxsplit=1)[0].split(".", maxsplit=1)[0])

    texts = {name for row in rows for name, cell in row.items() if isinstance(cell, str)}
    numbers = texts - {"group", "model"}
    widths = {
        name: max(whole(row[name]) for row in rows if isinstance(row.get(name), str)) for name in numbers
    }
    return [
        {
            name: " " * (widths[name] - whole(cell)) + cell
            if name in numbers and isinstance(cell, str)
            else cell
            for name, cell in row.items()
        }
        for row in rows
    ]


def slice_of(estimate: rai.Estimate) -> tuple[str, str]:
    """The slice of an estimate, and of which class it is, if of one."""
    pairs = estimate.group
    labelled = bool(pairs) and pairs[0][0] == "label"
    name = rai.Estimate(metric="", group=pairs[1:] if labelled else pairs, value=None).name
    of_class = f" of {pairs[0][1]}" if labelled and pairs[0][1] != headline.WHOLE else ""
    return name, of_class


def decided_at(asked: Asked, model: str) -> dict[str, float | None]:
    """Slice to its threshold; None where it has several; empty where nothing is decided by one."""
    if asked.task != "binary":
        return {}
    held = asked.cut(model)
    keys = asked.sliced(model).tally.groups
    names = [name_of(key) for key in keys]
    if not held.groups:
        return dict.fromkeys(names, held.single)
    same = sliders.same_slices(asked, held)
    return {
        name: held.groups.get(key, held.single) if same else None
        for name, key in zip(names, keys, strict=True)
    }


def chart_rows(found: dict[str, list[rai.Estimate]]) -> list[dict[str, Any]]:
    """Estimates as rows of a chart."""
    scale = {"cost_per_row": headline.PER}
    return [
        {
            "group": slice_of(each)[0],
            "model": model,
            "metric": each.metric + slice_of(each)[1],
            **{
                bound: None if value is None else value * scale.get(each.metric, 1)
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
    widths = [LABELLED, *(1.0 for _ in metrics[1:])]
    for place, (metric, column) in enumerate(zip(metrics, st.columns(widths), strict=True)):
        title = "cost per 1,000" if metric == "cost_per_row" else metric_name(metric)
        with column:
            charts.show(
                charts.dots(
                    [row for row in rows if row["metric"] == metric],
                    shown=shown,
                    among=among,
                    title=title,
                    models=asked.models,
                    labels=place == 0,
                ),
                key=f"dots:{place}",
                alt=f"Dots with intervals: {title} of each slice; the table above has the numbers",
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
