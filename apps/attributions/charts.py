"""The charts of attributions: what raises a number goes to the right, what lowers it to the left.

Charts are Vega-Lite; rows are flat, and names from the data are values and never part of a chart's code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import colours
from ..performance import charts
from ..performance.charts import MUTED, NAMES, Rows, Spec

RAISES, LOWERS = "raises", "lowers"
TOTAL = "total"
POINT = "picked"
SAID: Spec = {"field": "said", "title": "value", "type": "nominal"}
ZERO: Spec = {
    "data": {"values": [{"x": 0}]},
    "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
    "encoding": {"x": {"field": "x", "type": "quantitative"}},
}


def direction() -> Spec:
    """Two colours that all readers tell apart, and grey for sums."""
    inks = colours.DARK if colours.is_dark() else colours.LIGHT
    scale = {"domain": [RAISES, LOWERS, TOTAL], "range": [inks[0], inks[1], MUTED]}
    return {"field": "way", "type": "nominal", "scale": scale, "legend": None}


def bars(rows: Rows, *, groups: Sequence[str], among: Sequence[str], title: str) -> Spec:
    """A grey bar for everyone and a dot with its interval for each group, feature by feature.

    Args:
        rows: `feature`, `group` (empty for everyone), `value`, `low`, `high`, `n`, `note`.
        groups: The groups, in order.
        among: All groups there are, for their colours.
        title: What is measured.
    """
    features = list(dict.fromkeys(row["feature"] for row in rows))
    y = {"field": "feature", "type": "nominal", "sort": features, "axis": {**NAMES, "labelLimit": 190}}
    x = {"type": "quantitative", "title": title, "axis": {"tickCount": 8}}
    offset = {"field": "group", "type": "nominal", "sort": list(groups), "scale": {"paddingOuter": 0.6}}
    tips = charts.told("feature", "group", "value", "low", "high", "n", "note")
    all_ = [{**row, "group": "everyone"} for row in rows if not row["group"]]
    each = [row for row in rows if row["group"]]
    looks = {**charts.colour(groups, among), "legend": {**charts.LEGEND, "columns": 6}}
    dots: list[Spec] = [
        {
            "data": {"values": each},
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                "y": y,
                "yOffset": offset,
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "color": looks,
            },
        },
        {
            "data": {"values": each},
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {
                "y": y,
                "yOffset": offset,
                "x": {**x, "field": "value"},
                "color": looks,
                "shape": charts.shape(groups, among),
                "tooltip": tips,
            },
        },
    ]
    bar = {
        "data": {"values": all_},
        "mark": {"type": "bar", "color": MUTED, "opacity": 0.45},
        "encoding": {"y": y, "x": {**x, "field": "value"}, "tooltip": tips},
    }
    step = max(24, 9 * len(groups) + 8)
    return {"layer": [bar, *(dots if each else []), ZERO], "height": {"step": step, "for": "position"}}


def strip(rows: Rows, *, shown: Sequence[str], among: Sequence[str], title: str) -> Spec:
    """A point for each row and feature, groups beside each other within a feature.

    Args:
        rows: `feature`, `said` (the value), `x` (the attribution), `group`, `row`, `lane` (0 to 1),
            `pinned`.
        shown: The groups.
        among: All groups there are, for their colours.
        title: What the attribution is of.
    """
    features = list(dict.fromkeys(row["feature"] for row in rows))
    encoding: Spec = {
        "x": {"field": "x", "type": "quantitative", "title": title},
        "y": {
            "field": "feature",
            "type": "nominal",
            "sort": features,
            "axis": {**NAMES, "labelLimit": 190, "grid": True, "tickBand": "extent"},
        },
        "yOffset": {"field": "lane", "type": "quantitative", "scale": {"domain": [-0.1, 1.1]}},
        "tooltip": [*charts.told("feature"), SAID, *charts.told("attribution", "group", "row")],
    }
    return {
        "layer": [*_cloud(rows, encoding, shown=shown, among=among), ZERO],
        "height": {"step": 40, "for": "position"},
    }


def dependence(
    rows: Rows, *, feature: str, numeric: bool, shown: Sequence[str], among: Sequence[str], title: str
) -> Spec:
    """The attribution of a feature against its value, a point for each row.

    Args:
        rows: `value` (a number, or a word), `said`, `x` (the attribution), `group`, `row`, `lane`,
            `pinned`.
        feature: The feature.
        numeric: Whether its values are numbers.
        shown: The groups.
        among: All groups there are, for their colours.
        title: What the attribution is of.
    """
    y = {"field": "x", "type": "quantitative", "title": title}
    tips = [SAID, *charts.told("attribution", "group", "row")]
    if numeric:
        x: Spec = {"field": "value", "type": "quantitative", "title": feature, "scale": {"zero": False}}
        encoding: Spec = {"x": x, "y": y, "tooltip": tips}
        level: Spec = {**ZERO, "encoding": {"y": {"field": "x", "type": "quantitative"}}}
        return {"layer": [*_cloud(rows, encoding, shown=shown, among=among), level], "height": 400}
    encoding = {
        "x": y,
        "y": {
            "field": "value",
            "type": "nominal",
            "title": None,
            "sort": list(dict.fromkeys(row["value"] for row in rows)),
            "axis": {**NAMES, "labelLimit": 190, "grid": True, "tickBand": "extent"},
        },
        "yOffset": {"field": "lane", "type": "quantitative", "scale": {"domain": [-0.1, 1.1]}},
        "tooltip": tips,
    }
    return {
        "layer": [*_cloud(rows, encoding, shown=shown, among=among), ZERO],
        "height": {"step": 32, "for": "position"},
    }


def waterfall(rows: Rows, *, title: str, bounded: bool = False) -> Spec:
    """Steps from where a number starts to where it ends.

    Args:
        rows: `part`, `start`, `end`, `way`, `said`; with bounds also `low`, `high` (around the end) and
            `chance_low`, `chance_high` (around the start).
        title: What the number is.
        bounded: Whether there are bounds.
    """
    order = [row["part"] for row in rows]
    y = {"field": "part", "type": "nominal", "sort": order, "axis": {**NAMES, "labelLimit": 260}}
    x = {"type": "quantitative", "title": title, "scale": {"zero": False}, "axis": {"tickCount": 8}}
    tips = charts.told("part", "attribution", "start", "end", *(("interval", "chance") * bounded))
    ink = colours.PAPER[not colours.is_dark()]
    layers: list[Spec] = []
    if bounded:
        layers.append(
            {
                "mark": {"type": "bar", "color": MUTED, "opacity": 0.35, "height": {"band": 0.95}},
                "encoding": {"x": {**x, "field": "chance_low"}, "x2": {"field": "chance_high"}},
            }
        )
    layers.append(
        {
            "mark": {"type": "bar", "height": {"band": 0.6}, "minBandSize": 2},
            "encoding": {
                "x": {**x, "field": "start"},
                "x2": {"field": "end"},
                "color": direction(),
                "tooltip": tips,
            },
        }
    )
    if bounded:
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 1.5, "color": ink},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            }
        )
    layers.append(
        {
            "transform": [{"filter": f"datum.way == '{TOTAL}'"}],
            "mark": {"type": "tick", "thickness": 3, "size": 16, "color": MUTED},
            "encoding": {"x": {**x, "field": "end"}},
        }
    )
    layers.append(
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "color": ink},
            "encoding": {"x": {**x, "field": "edge"}, "text": {"field": "said", "type": "nominal"}},
        }
    )
    return {
        "data": {"values": list(rows)},
        "encoding": {"y": y},
        "layer": layers,
        "height": {"step": 26},
    }


def _cloud(
    rows: Rows, encoding: Mapping[str, Any], *, shown: Sequence[str], among: Sequence[str]
) -> list[Spec]:
    """Points that can be clicked, and the pinned row as a ring on top."""
    paint: Spec = charts.colour(shown, among) if shown else {"value": charts.ink()}
    looks: Spec = {"color": paint}
    if shown:
        looks = {
            "color": {**paint, "legend": {**charts.LEGEND, "columns": 6}},
            "shape": charts.shape(shown, among),
        }
    pinned = [row for row in rows if row["pinned"]]
    ink = colours.PAPER[not colours.is_dark()]
    layers: list[Spec] = [
        {
            "data": {"values": list(rows)},
            "params": [{"name": POINT, "select": {"type": "point", "fields": ["row"]}}],
            "mark": {"type": "point", "filled": True, "size": 26, "opacity": 0.65, "cursor": "pointer"},
            "encoding": {**encoding, **looks},
        },
    ]
    if pinned:  # a layer without marks would be an image without a name
        layers.append(
            {
                "data": {"values": pinned},
                "mark": {
                    "type": "point",
                    "filled": False,
                    "size": 150,
                    "strokeWidth": 2.5,
                    "color": ink,
                },
                "encoding": dict(encoding),
            }
        )
    return layers
