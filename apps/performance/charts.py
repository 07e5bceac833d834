"""Charts of the page: dots with intervals, lines with bands, both in the groups' colours.

Groups differ in shape or dash as well as in colour. Charts are Vega-Lite; rows are flat, with columns
named below, so that names from the data are values and never part of a chart's code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import colours
from ..words import readable

Rows = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]

MOST_POINTS = 200
MUTED = "#8A94A3"
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
SHAPES = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle": "triangle-up"}
LEGEND: Spec = {
    "orient": "bottom",
    "title": None,
    "labelLimit": 180,
    "columns": 3,
    "symbolLimit": 24,
    "symbolOpacity": 1,
}
NAMES = {"title": None, "ticks": False, "domain": False, "labelFlush": False}  # an axis of names
STROKES: Spec = {**LEGEND, "symbolType": "stroke", "symbolStrokeWidth": 2, "symbolSize": 200}
NUMBERS = frozenset({"value", "low", "high", "x", "y", "null", "cost", "gap"})


def colour(shown: Sequence[str], among: Sequence[str], *, legend: bool = True) -> Spec:
    """The colour of groups, as an encoding."""
    scale = colours.scale(shown, among)
    return {"field": "group", "type": "nominal", "scale": scale, "legend": STROKES if legend else None}


def shape(shown: Sequence[str], among: Sequence[str]) -> Spec:
    """The shape of groups, one for each round of colours."""
    looks = colours.marks_among(shown, among)
    scale = {"domain": list(shown), "range": [SHAPES[looks[name].shape] for name in shown]}
    return {"field": "group", "type": "nominal", "scale": scale, "legend": None}


def dash(shown: Sequence[str]) -> Spec:
    """The dash of groups, so that lines differ without colour."""
    range_ = [DASHES[place % len(DASHES)] for place in range(len(shown))]
    scale = {"domain": list(shown), "range": range_}
    return {"field": "group", "type": "nominal", "scale": scale, "legend": STROKES}


def ink(place: int = 0) -> str:
    """The colour of marks that belong to no group, on this paper."""
    return (colours.DARK if colours.is_dark() else colours.LIGHT)[place]


def told(*fields: str) -> list[Spec]:
    """What stands beside the pointer."""
    return [
        {"field": field, "title": readable(field), "type": "quantitative", "format": ".3~r"}
        if field in NUMBERS
        else {"field": field, "title": readable(field), "type": "nominal"}
        for field in fields
    ]


def dots(
    rows: Rows,
    *,
    shown: Sequence[str],
    among: Sequence[str],
    title: str,
    models: Sequence[str] = (),
    labels: bool = True,
) -> Spec:
    """A dot with its interval for each group, groups below each other.

    Args:
        rows: `group`, `model`, `value`, `low`, `high`, `n`, `note`.
        shown: The groups, from top to bottom.
        among: All groups there are, for their colours.
        title: What is measured.
        models: Names of the models, where there are several: they differ in shape.
        labels: Whether the groups' names stand beside, and the models' below.
    """
    several = len(models) > 1
    axis = {**NAMES, "labelLimit": 150, "labels": labels}
    by_model = {"field": "model", "type": "nominal", "sort": list(models)}
    shared = {
        "y": {"field": "group", "type": "nominal", "sort": list(shown), "axis": {**axis, "grid": True}},
        "color": colour(shown, among, legend=False),
        "tooltip": told("group", "model", "value", "low", "high", "n", "note"),
        **({"yOffset": by_model} if several else {}),
    }
    x = {"type": "quantitative", "title": title, "scale": {"zero": False}, "axis": {"tickCount": 3}}
    legend = {**LEGEND, "columns": 1} if labels else None
    mark = {**by_model, "legend": legend} if several else shape(shown, among)
    low, high, value = ({**x, "field": "low"}, {"field": "high"}, {**x, "field": "value"})
    return {
        "data": {"values": list(rows)},
        "encoding": shared,
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"x": low, "x2": high}},
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"x": value, "shape": mark},
            },
        ],
        "height": {"step": max(28, 20 * len(models)), "for": "position"},
    }


def lines(
    rows: Rows,
    *,
    among: Sequence[str],
    titles: tuple[str, str],
    shown: Sequence[str] = (),
    points: Rows = (),
    diagonal: bool = False,
    band: bool = True,
    domain: tuple[float, float] | None = (0.0, 1.0),
    marked: bool = False,
) -> Spec:
    """A line for each group, with its band.

    Args:
        rows: `group`, `x`, `y`, `low`, `high`, in the order in which they are joined.
        among: All groups there are, for their colours.
        titles: What x and y are.
        shown: The groups; those of the rows if empty.
        points: Marks on top, rows alike; the thresholds that are set.
        diagonal: Whether a line from corner to corner stands behind.
        band: Whether intervals are drawn.
        domain: What both axes show; what there is if None.
        marked: Whether each row of a line has a mark.
    """
    shown = shown or list(dict.fromkeys(row["group"] for row in rows))
    scale: Spec = {"domain": list(domain)} if domain else {"zero": False}
    x = {"field": "x", "type": "quantitative", "scale": scale, "title": titles[0]}
    y = {"field": "y", "type": "quantitative", "scale": scale, "title": titles[1]}
    paint = colour(shown, among)
    layers: list[Spec] = []
    if diagonal and domain:
        layers.append(
            {
                "data": {"values": [{"x": end, "y": end} for end in domain]},
                "mark": {"type": "line", "strokeDash": [3, 3], "strokeWidth": 1, "color": MUTED},
                "encoding": {"x": x, "y": y},
            }
        )
    if band:
        area = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": paint}
        layers.append({"mark": {"type": "area", "opacity": 0.15}, "encoding": area})
    layers.append(
        {
            "mark": {"type": "line", "strokeWidth": 2, "point": marked},
            "encoding": {
                "x": x,
                "y": y,
                "color": paint,
                "order": {"field": "place", "type": "quantitative"},
                "strokeDash": dash(shown),
                "tooltip": told("group", "x", "y", "n"),
            },
        }
    )
    if points:
        layers.append(_marks(points, x=x, y=y, shown=shown, among=among))
    numbered = [{**row, "place": place} for place, row in enumerate(rows)]
    height = 330 + 20 * ((len(shown) - 1) // LEGEND["columns"])
    return {"data": {"values": numbered}, "layer": layers, "height": height}


def thinned(rows: Rows) -> Rows:
    """At most `MOST_POINTS` rows of a line, evenly along its way."""
    if len(rows) <= MOST_POINTS:
        return rows
    x, y = (np.array([row[name] for row in rows], dtype=float) for name in ("x", "y"))
    steps = np.hypot(np.diff(x), np.diff(y))
    way = np.concatenate([[0.0], np.cumsum(np.nan_to_num(steps))])
    at = np.searchsorted(way, np.linspace(0.0, way[-1], MOST_POINTS))
    return [rows[place] for place in np.unique(np.minimum(at, len(rows) - 1))]


def show(spec: Spec, *, key: str, alt: str) -> None:
    """A chart as wide as its place.

    Args:
        spec: The chart.
        key: Names it once on the page.
        alt: What it shows, for those who can't see it.
    """
    st.vega_lite_chart(spec, width="stretch", key=f"chart:{key}", alt=alt)


def calibration_points(found: rai.Calibration) -> list[dict[str, Any]]:
    """The bins of a calibration as points of `lines`; bins without rows have none."""
    return [
        {
            "group": each.name,
            "x": each.mean_predicted,
            "y": each.value,
            "low": each.low,
            "high": each.high,
            "n": each.n,
        }
        for each in found
        if each.value is not None
    ]


def _marks(points: Rows, *, x: Spec, y: Spec, shown: Sequence[str], among: Sequence[str]) -> Spec:
    """Marks with their looks in their rows, so that the lines' legend stays one of lines."""
    paints, shapes = (
        dict(zip(look["scale"]["domain"], look["scale"]["range"], strict=True))
        for look in (colour(shown, among), shape(shown, among))
    )
    return {
        "data": {
            "values": [
                {**row, "paint": paints[row["group"]], "shape": shapes[row["group"]]} for row in points
            ]
        },
        "mark": {
            "type": "point",
            "filled": True,
            "size": 110,
            "opacity": 1,
            "fill": {"expr": "datum.paint"},
            "shape": {"expr": "datum.shape"},
            "stroke": "white",
            "strokeWidth": 1,
        },
        "encoding": {
            "x": x,
            "y": y,
            "tooltip": told("group", "x", "y"),
        },
    }
