"""How a feature's attribution goes with its value, coloured by group."""

from __future__ import annotations

from typing import Any

import streamlit as st

import rai

from .. import pictures, tables
from ..settings import Setting
from ..words import counted, number, plain
from . import charts
from .asked import Asked
from .found import Explained
from .overview import summarized
from .points import PIN, clickable, points, shown_groups, shown_rows
from .said import number_said

FEATURE = Setting("attribution feature", default="", url="dependence_of")
SETTINGS = (FEATURE,)

MOST_LEVELS = 15


def draw(asked: Asked, model: str, found: Explained) -> None:
    """Draw it."""
    names = summarized(asked, found).features
    if model == asked.models[0]:
        st.selectbox(
            "Feature",
            names,
            help="Those that matter most come first.",
            width=320,
            **FEATURE.tied(names),
        )
    feature = FEATURE.value
    if feature not in names:
        st.info(f"{plain(model)} doesn't read {plain(feature)}.", icon=":material/info:")
        return
    depends = dependent(asked, found, feature)
    rows = points(asked, found, feature, shown_rows(asked, found))
    numeric, kept = depends.values.categories is None, rows
    if numeric:
        kept = [{**row, "value": float(at)} for row, at in zip(
            rows, depends.values.numbers[shown_rows(asked, found)], strict=True
        ) if at == at]  # fmt: skip  # noqa: PLR0124 - a missing value is no place on a scale
    else:
        often = _most_often([row["value"] for row in rows])
        kept = sorted((r for r in rows if r["value"] in often), key=lambda r: often.index(r["value"]))
    spec = charts.dependence(
        kept,
        feature=feature,
        numeric=numeric,
        shown=shown_groups(asked, kept),
        among=asked.group_names,
        title=f"attribution, {number_said(asked, model, found)}",
    )
    clickable(spec, key=f"dependence:{model}", alt=f"Attribution of {feature} by its value")
    left = len(rows) - len(kept)
    out = "" if not left else f"{counted(left, 'row')} with missing or rare values are not drawn. "
    st.caption(f"{_partner(depends)}{out}{PIN}")
    with st.container(horizontal=True):
        tables.export(depends.to_pandas, name=f"dependence {model} {feature}")
        pictures.button(
            lambda: rai.plots.attribution_dependence(depends), f"dependence {model} {feature}"
        )


def dependent(asked: Asked, found: Explained, feature: str) -> rai.explainers.Dependence:
    """What rai says of it."""
    key = ("dependence", found.key, asked.by, str(found.label), feature)
    return asked.project.answer(
        key,
        lambda: rai.explainers.dependence(
            found.attributions, feature, by=asked.by, cuts=asked.cuts or None, output=found.label
        ),
    )


def _most_often(values: list[str]) -> list[str]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: -counts[value])[:MOST_LEVELS]


def _partner(depends: Any) -> str:
    if depends.colour is None:
        return ""
    name = depends.colour.name
    share = depends.partners[name]
    return (
        f"Rows with about the same value differ most by {plain(name)}, which goes with "
        f"{plain(number(100 * share))}% of their spread (a first look, no test). "
    )
