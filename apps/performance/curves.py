"""Curves of each slice: ROC, precision and recall, calibration, and how scores are spread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

import rai

from .. import pictures, tables
from ..settings import Setting
from ..words import plain
from . import charts, headline, terms
from .asked import Asked

ROC, PR, CALIBRATION, SCORES = "ROC", "Precision and recall", "Calibration", "Scores"
KINDS = (ROC, PR, CALIBRATION, SCORES)
KIND = Setting("performance curve", default=ROC, url="curve")

SETTINGS = (KIND,)

ABOUT = {
    ROC: "True positive rate against false positive rate over all thresholds; marks are the thresholds "
    "as they are. A line further up and left tells the two classes apart better.",
    PR: "Precision against recall over all thresholds; marks are the thresholds as they are.",
    CALIBRATION: "Of people with about this score, the share that is positive. On the diagonal, scores "
    "mean what they say; a slice below it is scored too high.",
    SCORES: "How scores are spread among those who are positive and those who are not.",
}


def draw(asked: Asked) -> None:
    """Draw them, one kind at a time."""
    st.segmented_control("Curve", KINDS, required=True, label_visibility="collapsed", **KIND.tied(KINDS))
    kind = KIND.value
    st.caption(ABOUT[kind] + ("" if kind == SCORES else " Shaded: the 95% interval at each point."))
    for model, place in zip(asked.models, st.columns(len(asked.models)), strict=True):
        with place:
            headline.name(asked, model)
            _DRAWN[kind](asked, model)
    if kind != SCORES:
        _ranking(asked, kind)


def rows_of(curves: Any) -> list[dict[str, Any]]:
    """Curves as rows of a chart, thinned one by one."""
    rows: list[dict[str, Any]] = []
    for curve in curves:
        name = curve.group_name
        rows += [{**row, "group": name} for row in charts.thinned(curve.to_dicts())]
    return rows


def points(asked: Asked, model: str, *names: str) -> list[dict[str, Any]]:
    """Where the thresholds as they are stand: two metrics of each slice."""
    found: dict[str, dict[str, Any]] = {}
    for each in asked.metrics_of(model, *names):
        row = found.setdefault(each.name, {"group": each.name, "n": each.n})
        row["xy"[names.index(each.metric)]] = each.value
    return [row for row in found.values() if row.get("x") is not None and row.get("y") is not None]


def _ranked(asked: Asked, model: str, curve: str, at: tuple[str, str], titles: tuple[str, str]) -> None:
    curves = asked.sliced(model).curves(curve)
    charts.show(
        charts.lines(
            rows_of(curves),
            among=asked.names(model),
            titles=titles,
            points=points(asked, model, *at),
            diagonal=curve == "roc",
        ),
        key=f"{curve}:{model}",
        alt=f"{titles[1]} against {titles[0]} of each slice; the table below has the areas",
    )
    pictures.button(lambda: rai.plots.curves(curves), f"{curve} {model}")


def _roc(asked: Asked, model: str) -> None:
    at = ("false_positive_rate", "true_positive_rate")
    _ranked(asked, model, "roc", at, ("false positive rate", "true positive rate"))


def _precision_recall(asked: Asked, model: str) -> None:
    at = ("true_positive_rate", "positive_predictive_value")
    _ranked(asked, model, "precision_recall", at, ("recall", "precision"))


def _calibration(asked: Asked, model: str) -> None:
    found = asked.sliced(model).calibration()
    charts.show(
        charts.lines(
            charts.calibration_points(found),
            among=asked.names(model),
            titles=("mean score", "share that is positive"),
            diagonal=True,
            marked=True,
        ),
        key=f"calibration:{model}",
        alt="The share of positives against the mean score, of each slice; exported below",
    )
    with st.container(horizontal=True):
        tables.export(partial(tables.as_frame, found), name=f"calibration {model}")
        pictures.button(lambda: rai.plots.calibration(found), f"calibration {model}")


def _scores(asked: Asked, model: str) -> None:
    found = asked.sliced(model).score_distributions()
    shown = list(dict.fromkeys(each.group_name for each in found))
    for label in dict.fromkeys(each.label for each in found):
        rows = [
            {"group": each.group_name, "x": (low + high) / 2, "y": share, "n": int(n)}
            for each in found
            if each.label == label
            for low, high, share, n in zip(each.low, each.high, each.share, each.n, strict=True)
        ]
        st.markdown(f"of those who are **{plain(label)}**")
        spec = charts.lines(
            rows,
            shown=shown,
            among=asked.names(model),
            titles=("score", "share of slice"),
            band=False,
            domain=None,
        )
        charts.show(
            {**spec, "height": 240},
            key=f"scores:{model}:{label}",
            alt=f"How scores are spread among those who are {label}, slice by slice; exported below",
        )
    with st.container(horizontal=True):
        tables.export(partial(tables.as_frame, found), name=f"scores {model}")
        pictures.button(lambda: rai.plots.score_distributions(found), f"scores {model}")


def _ranking(asked: Asked, kind: str) -> None:
    """The area or the error that goes with a curve, of each slice."""
    metric = {ROC: "roc_auc", PR: "average_precision", CALIBRATION: "expected_calibration_error"}[kind]
    head = {ROC: "area under the curve", PR: "average precision", CALIBRATION: "calibration error"}[kind]
    several = ("model",) if len(asked.models) > 1 else ()
    rows = [
        {**each.to_dict(), "slice": each.name, "model": model}
        for model in asked.models
        for each in asked.sliced(model).metrics(metric)
    ]
    columns = ("slice", *several, "n", "value", "low", "high", "note")
    tables.show(rows, name=metric, heads={"value": head}, explained={"low": terms.ENDS}, columns=columns)


_DRAWN: dict[str, Callable[[Asked, str], None]] = {
    ROC: _roc,
    PR: _precision_recall,
    CALIBRATION: _calibration,
    SCORES: _scores,
}
