"""How far slices are apart, by every criterion: a forest of gaps beside what chance alone would give."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

import rai

from .. import tables
from ..settings import Setting
from ..words import metric_name
from . import charts, headline, terms
from .asked import Asked, explained, offered

KINDS = ("difference", "ratio")
KIND = Setting("performance gap kind", default="difference", url="kind")
CRITERIA = Setting("performance criteria", default=terms.USUAL_CRITERIA, url="criteria")
PAIRS = Setting("performance pairs", default=False, url="pairs")

SETTINGS = (KIND, CRITERIA, PAIRS)

HEADS = {"null": "by chance"}
ABOUT = {
    "value": "The widest gap between two slices.",
    "low": terms.ENDS + " It holds for all slices together.",
    "null": terms.CHANCE,
    "p_value": "How often chance alone would give so wide a gap.",
}
ABOUT_PAIRS = {
    "value": "The first slice against the second.",
    "low": terms.ENDS,
    "p_value": "How often chance alone would put two slices so far apart.",
    "p_adjusted": "The same, adjusted for the number of comparisons.",
}


def draw(asked: Asked) -> None:
    """Draw them."""
    criteria = offered(asked.task)[0]
    usual = tuple(name for name in CRITERIA.value if name in criteria)
    if not usual:
        CRITERIA.put(criteria[:4])
    names, kind = st.columns([4, 1.4], vertical_alignment="bottom")
    names.multiselect(
        "Criteria",
        criteria,
        format_func=metric_name,
        help="; ".join(f"{metric_name(name)}: {explained(name)}" for name in usual) or None,
        **CRITERIA.tied(criteria),
    )
    kind.segmented_control(
        "Kind",
        KINDS,
        required=True,
        help="How far apart two rates are, or how many times the one is the other. A ratio of 1, a "
        "difference of 0 is parity.",
        **KIND.tied(KINDS),
    )
    if not CRITERIA.value:
        st.info("Choose a criterion, above.", icon=":material/info:")
        return
    st.toggle(
        "Every pair of slices",
        help="All comparisons behind the gaps; p-values are adjusted for their number.",
        **PAIRS.tied(),
    )
    for model in asked.models:
        headline.name(asked, model)
        _of_model(asked, model)


def axes_of(asked: Asked) -> list[tuple[str, ...]]:
    """What gaps are taken along: each column by itself, then all together."""
    each: list[tuple[str, ...]] = [(name,) for name in asked.along]
    return [*each, asked.along] if len(asked.along) > 1 else each


def found(asked: Asked, model: str) -> list[rai.Gap]:
    """The gaps along every axis."""
    key = ("gaps", model, repr(asked.cut(model)), asked.split, asked.where, CRITERIA.value, KIND.value)
    return asked.project.answer(
        key,
        lambda: [
            gap
            for along in axes_of(asked)
            for gap in asked.gaps_of(model, *CRITERIA.value, along=along, kind=KIND.value)
        ],
    )


def _of_model(asked: Asked, model: str) -> None:
    with st.spinner("Comparing the slices …"):
        gaps = found(asked, model)
    rows = [_row(gap) for gap in gaps]
    drawn = [row for row in rows if row["value"] is not None and row["kind"] == KIND.value]
    if drawn:
        charts.show(
            forest(drawn, kind=KIND.value),
            key=f"forest:{model}",
            alt="Each gap with its interval and what chance alone would give; the table has the numbers",
        )
    tables.show(
        rows,
        name=f"gaps {model}",
        heads=HEADS,
        explained=ABOUT,
        columns=("gap", "value", "low", "high", "null", "p_value", "highest", "lowest", "note"),
        picture=partial(rai.plots.gaps, rai.Gaps(gaps)),
    )
    if PAIRS.value:
        _pairs(asked, model)


def _pairs(asked: Asked, model: str) -> None:
    pairs = asked.audit(model).pairs(
        *CRITERIA.value, along=asked.along, kind=KIND.value, threshold=asked.threshold(model)
    )
    rows = [{**pair.to_dict(), "metric": metric_name(pair.metric)} for pair in pairs]
    columns = ("metric", "group", "versus", "value", "low", "high", "p_value", "p_adjusted", "note")
    tables.show(
        rows,
        name=f"pairs {model}",
        explained=ABOUT_PAIRS,
        columns=columns,
        picture=partial(rai.plots.pairs, pairs),
    )


def _row(gap: rai.Gap) -> dict[str, Any]:
    within = "".join(f" of {level}" for _, level in gap.within if level != headline.WHOLE)
    along = f" along {gap.along}"
    return {**gap.to_dict(), "gap": f"{metric_name(gap.metric)}{within}{along}"}


def forest(rows: charts.Rows, *, kind: str) -> charts.Spec:
    """Gaps below each other: a dot, its interval, and a tick at what chance alone would give."""
    parity = 1 if kind == "ratio" else 0
    y = {
        "field": "gap",
        "type": "nominal",
        "sort": None,
        "axis": {**charts.NAMES, "labelLimit": 300},
    }
    x = {"type": "quantitative", "title": kind}
    told = charts.told("gap", "value", "low", "high", "null", "highest", "lowest", "n", "note")

    def part(field: str, mark: charts.Spec, **more: Any) -> charts.Spec:
        return {"mark": mark, "encoding": {"x": {**x, "field": field}, "tooltip": told, **more}}

    dot = {"type": "point", "filled": True, "size": 80, "opacity": 1}
    chance = {"type": "tick", "thickness": 2, "size": 16, "color": charts.MUTED}
    return {
        "data": {"values": [{**row, "parity": parity} for row in rows]},
        "encoding": {"y": y},
        "layer": [
            part("parity", {"type": "rule", "strokeDash": [3, 3], "color": charts.MUTED}),
            part("low", {"type": "rule", "strokeWidth": 2, "color": charts.ink()}, x2={"field": "high"}),
            part("null", chance),
            part("value", {**dot, "color": charts.ink()}),
        ],
        "height": {"step": 26},
    }
