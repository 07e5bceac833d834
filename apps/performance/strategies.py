"""Thresholds chosen by a strategy: what each makes equal, what it costs, and one press to apply it.

They are chosen on one set of rows and judged on the rows that are shown; where both are the same rows,
the numbers flatter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

import rai

from .. import cutoffs, pictures, tables
from ..cutoffs import Cut
from ..settings import Setting
from ..words import figure, metric_name, number, plain, readable
from . import charts, sliders, terms
from .asked import Asked, name_of, set_at
from .headline import PER

TOLERANCE = Setting("performance tolerance", default=0.0, url="tolerance")
CHOSEN_ON = Setting("performance chosen on", default="", url="chosen_on")
FRONTIER = Setting("performance frontier", default="equal_opportunity", url="frontier")

SETTINGS = (TOLERANCE, CHOSEN_ON, FRONTIER)

SHOWN_ROWS = "the rows shown"
UNTIED = ("single_threshold", "group_thresholds")  # they make nothing equal
LINE = tuple(name for name in terms.STRATEGIES if name not in {*UNTIED, "predictive_parity"})
MOST_SHOWN = 3  # thresholds in a cell
HEADS = {
    "cost": "cost per 1,000",
    "gap_left": "gap that is left",
    "price": "price per 1,000",
}
ABOUT = {
    "strategy": "What is made equal between the slices.",
    "thresholds": terms.THRESHOLD,
    "cost": "With these thresholds, on the rows shown.",
    "gap_left": "In what the strategy makes equal, on the rows shown.",
    "price": "What the constraint costs more than each slice's own best threshold.",
}


def draw(asked: Asked) -> None:
    """Draw them."""
    model = sliders.OF.value if sliders.OF.value in asked.models else asked.models[0]
    st.caption(terms.LEGAL, help=terms.LEGAL_HELP)
    tolerance, rows, _ = st.columns([1, 1, 1])
    tolerance.number_input(
        "Tolerance",
        0.0,
        1.0,
        step=0.01,
        format="%.3f",
        help="How far apart rates may be. At 0 it is the size of a step that rates move in.",
        **TOLERANCE.tied(),
    )
    offered = ("", *others(asked))
    if CHOSEN_ON.value not in offered:
        CHOSEN_ON.put("")
    rows.selectbox(
        "Chosen on",
        offered,
        format_func=lambda name: name or SHOWN_ROWS,
        help="Thresholds are chosen on these rows and judged on the rows shown. Rows that the model has "
        "learned from are a poor choice where it knows them by heart.",
        **CHOSEN_ON.tied(offered),
    )
    with st.spinner("Choosing thresholds …"):
        found = plans(asked, model)
    _table(asked, model, found)
    if not CHOSEN_ON.value:
        st.caption(f"{terms.OPTIMISTIC} Open a second data set to choose on other rows.")
    _frontier(asked, model)


def others(asked: Asked) -> tuple[str, ...]:
    """The other data sets that thresholds can be chosen on: they have the labels and the slices."""
    needed = {*asked.along, asked.project.roles.y_true}
    return tuple(n for n, frame in asked.project.others.items() if needed <= set(frame.columns))


def plans(asked: Asked, model: str) -> dict[str, rai.ThresholdPlan | str]:
    """Strategy to its plan, or to the reason why there is none."""
    on = CHOSEN_ON.value or None
    audit = asked.sliced(model, on=on)
    prices = tuple(sorted(asked.prices.items()))
    tolerance = float(TOLERANCE.value)
    key = ("plans", model, asked.split, asked.where, on, prices, tolerance)
    return asked.project.answer(key, lambda: _plans(audit, asked.along, dict(prices), tolerance))


def apply(asked: Asked, model: str, plan: rai.ThresholdPlan) -> None:
    """Let a plan decide."""
    asked_model = asked.project.models[model]
    if plan.strategy == "single_threshold":
        new = Cut(set_at(plan.single, model=asked_model), strategy=plan.strategy)
    else:
        each = {key: set_at(at, model=asked_model) for key, at in plan.thresholds.items()}
        single = set_at(plan.single, model=asked_model)
        new = Cut(single, asked.along, each, plan.strategy, dict(asked.cuts))
    cutoffs.set_cut(model, new)


def applied(asked: Asked, model: str) -> rai.ThresholdPlan | None:
    """The plan that decides now, as far as it is among those on screen."""
    plan = plans(asked, model).get(asked.cut(model).strategy)
    return plan if isinstance(plan, rai.ThresholdPlan) else None


def _plans(
    audit: rai.Audit, along: tuple[str, ...], prices: dict[str, Any], tolerance: float
) -> dict[str, rai.ThresholdPlan | str]:
    found: dict[str, rai.ThresholdPlan | str] = {}
    for name in terms.STRATEGIES:
        within = 0.0 if name in UNTIED else tolerance
        try:
            found[name] = rai.optimize_thresholds(
                audit, strategy=name, along=along, tolerance=within, **prices
            )
        except rai.RaiError as error:
            found[name] = str(error)
    return found


def _table(asked: Asked, model: str, found: Mapping[str, rai.ThresholdPlan | str]) -> None:
    held = asked.cut(model).strategy
    audit = asked.sliced(model)
    with st.container(horizontal=True, gap="xsmall"):
        for name, plan in found.items():
            st.button(
                readable(name),
                key=f"apply:{name}",
                on_click=apply,
                args=(asked, model, plan),
                disabled=isinstance(plan, str),
                type="primary" if held == name else "secondary",
                help=f"{terms.STRATEGIES[name]} Press to let it decide.",
            )
    rows = [
        _row(name, plan, audit) | ({"strategy": f"{readable(name)} ✓"} if name == held else {})
        for name, plan in found.items()
        if not isinstance(plan, str)
    ]
    tables.show(
        rows,
        name="strategies",
        heads=HEADS,
        explained=ABOUT,
        bounded=("cost", "gap_left", "price"),
    )
    for name, plan in found.items():
        if isinstance(plan, str):
            st.text(f"{readable(name)}: {plan}")
        elif name == held:
            for note in plan.notes:
                st.caption(f"Mind: {plain(note)}.")


def _row(name: str, plan: rai.ThresholdPlan, audit: rai.Audit) -> dict[str, Any]:
    judged = plan.evaluate(audit, unseen="single_threshold")
    at = [f"{name_of(key)} {_at(value)}" for key, value in plan.thresholds.items()]
    if name == "single_threshold":
        at = [_at(plan.single)]
    more = f" and {len(at) - MOST_SHOWN} more" if len(at) > MOST_SHOWN else ""
    return {
        "strategy": readable(name),
        **tables.bounds("cost", judged.cost, scale=PER),
        **tables.bounds("gap_left", judged.residual),
        **tables.bounds("price", judged.price, scale=PER),
        "thresholds": ", ".join(at[:MOST_SHOWN]) + more,
    }


def _at(threshold: float) -> str:
    """A threshold for reading; beyond the scores it is everybody or nobody."""
    if math.isinf(threshold):
        return "nobody" if threshold > 0 else "everybody"
    return number(threshold)


def _frontier(asked: Asked, model: str) -> None:
    st.markdown(
        "**What equality costs**",
        help="The least cost for every gap that is tolerated, on the rows shown. The line lets "
        "decisions be drawn by lot; dots are plans of one threshold for each slice.",
    )
    st.selectbox("Made equal", LINE, format_func=metric_name, **FRONTIER.tied(LINE))
    strategy = FRONTIER.value
    prices: dict[str, Any] = dict(asked.prices)
    key = ("frontier", model, asked.split, asked.where, strategy, tuple(sorted(prices.items())))
    audit = asked.sliced(model)
    with st.spinner("Weighing cost against gap …"):
        line: rai.Frontier = asked.project.answer(
            key,
            lambda: rai.threshold_frontier(audit, strategy=strategy, along=asked.along, **prices),
        )
    gap = asked.gaps_of(model, strategy)[0]
    cost = asked.costs_of(model, by=())[0]
    rows = [{**p.to_dict(), "cost": PER * p.cost} for p in line if p.kind != "current"]
    if gap.value is not None and cost.value is not None:
        rows.append({"kind": "current", "gap": gap.value, "cost": PER * cost.value})
        st.caption(
            f"The thresholds as they are: gap {figure(gap.value)}, cost {figure(PER * cost.value)} per "
            f"1,000; the least at this gap is {figure(PER * line.cost_at(gap.value))}."
        )
    charts.show(
        frontier_spec(rows, metric_name(strategy)),
        key="frontier",
        alt="The least cost for every gap, and where the thresholds as they are stand",
    )
    pictures.button(lambda: rai.plots.frontier(line), "frontier")


def frontier_spec(rows: charts.Rows, name: str) -> charts.Spec:
    """Cost against gap: a line, plans as hollow dots, the present thresholds as a diamond."""
    x = {"field": "gap", "type": "quantitative", "title": f"gap in {name}"}
    y = {
        "field": "cost",
        "type": "quantitative",
        "title": "cost per 1,000",
        "scale": {"zero": False},
    }
    at = {"x": x, "y": y, "tooltip": charts.told("gap", "cost")}

    def part(kind: str, mark: Mapping[str, Any]) -> charts.Spec:
        chosen = [row for row in rows if row["kind"] == kind]
        return {"data": {"values": chosen}, "mark": dict(mark), "encoding": at}

    diamond = {"type": "point", "filled": True, "shape": "diamond", "size": 200, "opacity": 1}
    return {
        "layer": [
            part("drawn", {"type": "line", "strokeWidth": 2, "color": charts.ink()}),
            part("thresholds", {"type": "point", "filled": False, "size": 60, "color": charts.ink()}),
            part("current", {**diamond, "color": charts.ink(1)}),
        ],
        "height": 280,
    }
