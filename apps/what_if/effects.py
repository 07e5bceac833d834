"""How the score depends on one feature: the average, single rows, and the row on the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import answers, colours, cutoffs, pictures, tables
from ..project import Project
from ..settings import Setting
from ..words import counted, plain
from . import form
from .desk import Desk
from .fields import spelled
from .verdicts import threshold_of
from .waiting import progress

PARTIAL, LOCAL = "partial dependence", "accumulated local effects"
METHODS = (PARTIAL, LOCAL)
FEATURE = Setting("what-if effect of", default="", url="effect")
METHOD = Setting("what-if method", default=PARTIAL, url="method")
ROWS = Setting("what-if effect rows", default="2,000 at random", url="effect_rows")
CLASS = Setting("what-if effect class", default="", url="class")
SETTINGS = (FEATURE, METHOD, ROWS, CLASS)

SOME, EVERY = "2,000 at random", "all rows"
DRAWN, DRAWN_FOR_ALL, LINES, POINTS = 2000, 500, 40, 20
HEIGHT, STEP = 260, 24
MOST_BARS = 30
METHOD_HELP = (
    "Partial dependence: the mean score with the feature set to each value in every row. Accumulated "
    "local effects: how far the score moves, adding up small steps among rows that are really there, "
    "for features that hang together."
)

Threshold = float | Mapping[Any, float] | None


def draw(project: Project, desk: Desk) -> None:
    """Draw it."""
    read, _ = form.grouped(project)
    if not read:
        st.info("The models don't say which features they read.")
        return
    feature = _controls(project, read)
    try:
        found = effects(project, desk, feature)
    except rai.RaiError as error:
        st.info(plain(error))
        return
    places = st.columns(max(1, len(found)), gap="medium")
    for place, effect in zip(places, found, strict=False):
        with place:
            _chart(project, desk, effect)
    if found:
        _told(found[0])
        _numbers(found, feature)
    _all(project, read)


def effects(project: Project, desk: Desk, feature: str) -> rai.whatif.Effects:
    """The effects of a feature, one for each model that reads it; of several classes the one chosen."""
    models = {
        name: model for name, model in project.answering.items()
        if model.features is None or feature in model.features
    }  # fmt: skip
    key = ("effect", METHOD.value, feature, ROWS.value)
    local = METHOD.value == LOCAL
    asked = key if local else (*key, repr(dict(desk.record)))
    with progress(f"Asking about {plain(feature)} …") as advanced:
        record = None if local else dict(desk.record)
        found = project.answer(
            asked, lambda: _effects(project, models, feature, record=record, advanced=advanced)
        )
    wanted = CLASS.value
    return found if project.task != "multiclass" else rai.whatif.Effects(
        effect for effect in found if str(effect.label) == wanted
    )  # fmt: skip


def drawn(project: Project, most: int) -> Any:
    """Rows drawn at random, the same ones every time, in their order."""
    n = len(project)
    return np.arange(n) if n <= most else np.sort(np.random.default_rng(0).permutation(n)[:most])


def threshold_along(project: Project, desk: Desk, effect: rai.whatif.Effect) -> Threshold:
    """What would decide about the row: at each value of the feature, where thresholds go by it."""
    model, feature = effect.model, effect.feature
    if project.models[model].task != "binary" or effect.method != "partial_dependence":
        return None
    held = cutoffs.cut(project, model)
    if not held.groups or feature not in held.along or effect.kind == "date":
        return threshold_of(project, model, desk.record)[0]
    values: Sequence[Any] = effect.points
    if effect.ordered:
        there: list[Any] = [value for value in values if value is not None]
        inside = (e for e in held.cuts.get(feature, ()) if min(there) < e < max(there))
        values = sorted({*there, *inside})
    return {v: threshold_of(project, model, {**desk.record, feature: v})[0] for v in values}


def spec_of(effect: rai.whatif.Effect, *, threshold: Threshold) -> dict[str, Any]:
    """The chart of one effect: a curve for a scale, dots for categories."""
    return _curve(effect, threshold) if effect.ordered else _dots(effect, threshold)


def _effects(
    project: Project, models: Any, feature: str, *, record: Any, advanced: Any
) -> rai.whatif.Effects:
    places = drawn(project, DRAWN if ROWS.value == SOME else len(project))
    rows = project.frame.iloc[places]
    known = {name: answers.scores(project, name)[places] for name in models}
    asked = {"features": [feature], "y_score": known, "progress": advanced}
    if record is None:
        return rai.whatif.accumulated_local_effects(models, rows, **asked)
    return rai.whatif.partial_dependence(models, rows, ice=LINES, row=record, grid=POINTS, **asked)


def _controls(project: Project, read: Sequence[str]) -> str:
    several = project.task == "multiclass"
    what, how, rows, *rest = st.columns([1.4, 1.4, 1, *([1] if several else [])], gap="small")
    what.selectbox("Feature", read, **FEATURE.tied(read))
    how.selectbox(
        "Method", METHODS, format_func=str.capitalize, help=METHOD_HELP, **METHOD.tied(METHODS)
    )
    offered = (SOME, EVERY)
    rows.selectbox(
        "Averaged over",
        offered,
        disabled=len(project) <= DRAWN,
        help="A draw answers at once; all rows take longer and give a narrower band.",
        **ROWS.tied(offered),
    )
    if several:
        classes = [str(c) for c in next(iter(project.answering.values())).classes]
        rest[0].selectbox("Class", classes, **CLASS.tied(classes))
    feature: str = FEATURE.value
    return feature


def _chart(project: Project, desk: Desk, effect: rai.whatif.Effect) -> None:
    st.markdown(f"**{plain(effect.model)}**")
    st.vega_lite_chart(
        spec_of(effect, threshold=threshold_along(project, desk, effect)),
        width="stretch",
        alt=f"How the score of {effect.model} depends on {effect.feature}; the table has the numbers.",
    )


def _grey() -> str:
    return colours.GREY[colours.is_dark()]


def _ink(place: int) -> str:
    return (colours.DARK if colours.is_dark() else colours.LIGHT)[place]


def _curve(effect: rai.whatif.Effect, threshold: Threshold) -> dict[str, Any]:
    """Single rows as thin lines, the average with its band, the row on the desk on top."""
    dates = effect.kind == "date"
    xs = [x * 86_400_000.0 if dates else x for x in effect.scale.tolist()]
    there = [i for i, x in enumerate(xs) if x == x]  # noqa: PLR0124  a missing value is no place on a scale
    x = {"field": "x", "type": "temporal" if dates else "quantitative", "title": effect.feature,
         "scale": {"zero": False, "nice": False}}  # fmt: skip
    y = {"field": "y", "type": "quantitative", "title": _title(effect), "scale": {"zero": False}}
    mean = [
        {"x": xs[i], "y": float(effect.mean[i]), "low": _known(effect.low[i]),
         "high": _known(effect.high[i])}
        for i in there
    ]  # fmt: skip
    single = [
        {"x": xs[i], "y": float(curve[i]), "row": int(row)}
        for curve, row in zip(effect.ice, effect.ice_rows, strict=True)
        for i in there
    ]
    layers: list[dict[str, Any]] = [
        {"data": {"values": single},
         "mark": {"type": "line", "strokeWidth": 1, "opacity": 0.25, "color": _grey()},
         "encoding": {"x": x, "y": y, "detail": {"field": "row"}}},
        {"data": {"values": mean},
         "mark": {"type": "area", "opacity": 0.25, "color": _ink(0)},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"data": {"values": mean},
         "mark": {"type": "line", "strokeWidth": 3, "color": _ink(0)},
         "encoding": {"x": x, "y": y, "tooltip": _tips(("x", effect.feature), ("y", "average"),
                                                       ("low", "low"), ("high", "high"))}},
    ]  # fmt: skip
    stepped = {"type": "line", "interpolate": "step-after"}
    layers += _row_layers(effect, xs, there, x, y) + _threshold_layers(
        threshold, axis="y", mark=stepped, other={"x": x}
    )
    return {"layer": layers, "height": HEIGHT}


def _row_layers(
    effect: rai.whatif.Effect, xs: Any, there: Any, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    own = effect.marked
    if own is None:
        return []
    curve = [{"x": xs[i], "y": float(own.curve[i])} for i in there]
    at = own.scale * 86_400_000.0 if effect.kind == "date" else own.scale
    point = [{"x": at, "y": own.score}] if at == at else []  # noqa: PLR0124
    tips = _tips(("x", effect.feature), ("y", "this row"))
    return [
        {"data": {"values": curve},
         "mark": {"type": "line", "strokeWidth": 2.5, "color": _ink(1), "strokeDash": [6, 3]},
         "encoding": {"x": x, "y": y, "tooltip": tips}},
        {"data": {"values": point},
         "mark": {"type": "point", "filled": True, "size": 120, "color": _ink(1), "opacity": 1},
         "encoding": {"x": x, "y": y, "tooltip": tips}},
    ]  # fmt: skip


def _dots(effect: rai.whatif.Effect, threshold: Threshold) -> dict[str, Any]:
    """A dot with its interval for each category; the row on the desk as a diamond."""
    order = np.argsort(-effect.mean, kind="stable")[:MOST_BARS]
    names = [spelled(effect.points[i]) for i in order]
    rows = [
        {"value": spelled(effect.points[i]), "y": float(effect.mean[i]), "low": _known(effect.low[i]),
         "high": _known(effect.high[i])}
        for i in order
    ]  # fmt: skip
    x = {"field": "y", "type": "quantitative", "title": _title(effect), "scale": {"zero": False}}
    y = {"field": "value", "type": "nominal", "sort": names, "title": None,
         "axis": {"labelLimit": 150, "labelFlush": False}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"data": {"values": rows}, "mark": {"type": "rule", "strokeWidth": 2, "color": _ink(0)},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"data": {"values": rows},
         "mark": {"type": "point", "filled": True, "size": 70, "color": _ink(0), "opacity": 1},
         "encoding": {"y": y, "x": x, "tooltip": _tips(("value", effect.feature), ("y", "average"),
                                                       ("low", "low"), ("high", "high"))}},
    ]  # fmt: skip
    layers += _diamonds(effect, order, x, y)
    ticks = {"type": "tick", "orient": "vertical", "size": STEP - 4, "thickness": 3}
    if isinstance(threshold, Mapping):
        threshold = {spelled(value): at for value, at in threshold.items() if spelled(value) in names}
    layers += _threshold_layers(threshold, axis="x", mark=ticks, other={"y": {**y, "field": "x"}})
    return {"layer": layers, "height": {"step": STEP}}


def _diamonds(
    effect: rai.whatif.Effect, order: Any, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    own = effect.marked
    if own is None:
        return []
    rows = [
        {
            "value": spelled(effect.points[i]),
            "y": float(own.curve[i]),
            "own": effect.points[i] == own.value,
        }
        for i in order
    ]
    tips = _tips(("value", effect.feature), ("y", "this row"))
    filled = {"condition": {"test": "datum.own", "value": _ink(1)}, "value": "transparent"}
    return [
        {"data": {"values": rows},
         "mark": {"type": "point", "shape": "diamond", "size": 110, "stroke": _ink(1), "opacity": 1},
         "encoding": {"y": y, "x": x, "fill": filled, "tooltip": tips}},
    ]  # fmt: skip


def _threshold_layers(
    threshold: Threshold, *, axis: str, mark: dict[str, Any], other: dict[str, Any]
) -> list[dict[str, Any]]:
    """A line for one threshold; marks along the other axis where each value has its own."""
    if threshold is None:
        return []
    if isinstance(threshold, Mapping):
        each = [{"x": value, "y": at} for value, at in threshold.items()]
    else:
        each, mark, other = [{"y": threshold}], {"type": "rule"}, {}
    return [
        {"data": {"values": each},
         "mark": {**mark, "strokeDash": [3, 3], "color": _grey(), "strokeWidth": 1.5},
         "encoding": {axis: {"field": "y", "type": "quantitative"}, **other,
                      "tooltip": _tips(("y", "threshold"))}},
    ]  # fmt: skip


def _title(effect: rai.whatif.Effect) -> str:
    if effect.method != "partial_dependence":
        return "difference of scores"
    if effect.label is None:
        return "prediction"
    kind = "probability" if effect.probabilities else "score"
    return f"{kind} of {effect.label}"


def _tips(*named: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"field": field, "title": title} for field, title in named]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _told(effect: rai.whatif.Effect) -> None:
    note = f" {plain(effect.note)}." if effect.note else ""
    if effect.method != "partial_dependence":
        st.caption(f"Averaged over {counted(effect.n, 'row')}; 0 is the average of all.{note}")
        return
    marked = "the dashed line and its point are this row" if effect.ordered else (
        "diamonds are this row, the filled one its own value")  # fmt: skip
    ticks = "" if effect.ordered else ", or the tick of each value,"
    single = f"thin lines are {len(effect.ice)} single rows, " if effect.ordered else ""
    st.caption(
        f"Averaged over {counted(effect.n, 'row')} with the 95% band of that average; {single}{marked}; "
        f"the dotted line{ticks} is the threshold.{note}"
    )


def _numbers(found: rai.whatif.Effects, feature: str) -> None:
    with st.expander("The numbers"):
        rows = [{**row, "value": spelled(row["value"])} for row in found.to_dicts()]
        tables.show(
            rows,
            name=f"effect of {feature}",
            columns=("model", "class", "value", "mean", "low", "high", "n"),
            explained={"mean": "The average score with this value in every row"},
        )
        pictures.button(partial(rai.plots.effects, found), f"picture of the effect of {feature}")


def _all(project: Project, read: Sequence[str]) -> None:
    """All features by how much their curves vary, when somebody asks."""
    key = ("effects of all", tuple(project.answering))
    st.divider()
    asked = st.button(
        "Sort all features by variation",
        icon=":material/sort:",
        help=f"Partial dependence of every feature, over {DRAWN_FOR_ALL} rows drawn at random.",
    )
    if not asked and not project.memory.knows(key):
        return
    with progress("Asking about every feature …") as advanced:
        found: rai.whatif.Effects = project.answer(key, lambda: _of_all(project, read, advanced))
    rows = [
        {"feature": e.feature, "model": e.model, "class": None if e.label is None else str(e.label),
         "curve": np.nan_to_num(e.mean).tolist(), "sd": e.sd, "range": e.range, "variation": e.variation}
        for e in found.sorted("what-if-tool")
    ]  # fmt: skip
    tables.show(
        rows,
        name="features by variation",
        height=320,
        heads={"sd": "standard deviation"},
        explained={
            "variation": "Total variation of a number's curve, largest minus smallest of a category: "
            "the What-If Tool's measure",
            "sd": "Of the curve, weighted by where the rows are",
            "range": "Largest minus smallest",
        },
        config={"curve": st.column_config.LineChartColumn("Curve")},
        columns=("feature", "model", *(("class",) if project.task == "multiclass" else ()), "variation",
                 "range", "sd", "curve"),
    )  # fmt: skip


def _of_all(project: Project, read: Sequence[str], advanced: Any) -> rai.whatif.Effects:
    places = drawn(project, DRAWN_FOR_ALL)
    known = {name: answers.scores(project, name)[places] for name in project.answering}
    return rai.whatif.partial_dependence(
        project.answering,
        project.frame.iloc[places],
        features=list(read),
        y_score=known,
        progress=advanced,
    )
