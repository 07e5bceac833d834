"""The other sections: the same statistics as a table, differences, labels by group, proxies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import streamlit as st

import rai

from .. import cohorts, pictures, tables
from ..colours import scale
from ..project import Project
from ..words import plain
from .compared import Compared
from .problems import studied

MOST_LABELS = 20
STATISTICS = (
    "feature", "dataset", "kind", "rows", "count", "missing_share", "mean", "std", "zeros", "min", "q25",
    "median", "q75", "max", "unique", "top", "freq_top", "avg_length", "note",
)  # fmt: skip
HEADS = {"std": "sd", "missing_share": "missing", "freq_top": "freq of top", "avg_length": "avg length"}
EXPLAINED = {
    "missing_share": "Share of rows without a value.",
    "zeros": "Rows that are zero.",
    "std": "Standard deviation.",
    "freq_top": "Rows with the most frequent value.",
    "unique": "Distinct values, without the missing.",
}
DISTANCES = (
    "feature", "dataset", "reference", "measure", "value", "low", "high", "p_value", "chance", "n",
    "note",
)  # fmt: skip


def table(shown: Compared) -> None:
    """All statistics, of all features."""
    frame = tables.as_frame(shown.profile)
    for name in ("top", "min", "max", "median", "q25", "q75", "mean"):
        if frame[name].dtype == object:
            frame[name] = frame[name].map(str, na_action="ignore")
    tables.show(frame, name="overview statistics", heads=HEADS, explained=EXPLAINED, columns=STATISTICS)
    features = shown.profile.features
    chosen = st.selectbox("Picture of", features, key="overview picture of")
    pictures.button(lambda: rai.plots.histogram(shown.profile, feature=chosen), f"histogram of {chosen}")


def differences(project: Project, shown: Compared) -> None:
    """How far the data sets are apart, by every measure."""
    if not shown.several:
        st.info("There is one data set. Choose a cohort or select rows, and compare them with the rest.")
        return
    if not all(each.rows for each in shown.profile.tables.values()):
        st.info("One of the two has no rows, so there is nothing to compare.")
        return
    with st.spinner("Comparing …", show_time=True):
        found = studied(project, shown).distances
    assert found is not None
    st.caption(
        "The interval of a distance starts at 0 where chance may have made it all; p-values are "
        "adjusted for the number of features (Holm); by chance is the distance of two draws from the "
        "same people."
    )
    tables.show(found, name="overview distances", columns=DISTANCES, heads={"chance": "by chance"})
    pictures.button(lambda: rai.plots.distances(found), "distances")


def labels(project: Project) -> None:
    """How frequent a label is in each group."""
    roles = project.roles
    if roles.y_true is None or not roles.sensitive_features:
        st.info("Name the true labels and a sensitive column on the start page to see this.")
        return
    values = list(project.frame[roles.y_true].dropna().unique()[: MOST_LABELS + 1])
    if len(values) > MOST_LABELS:
        st.info("The label has many values: Performance & Fairness shows how far predictions are off.")
        return
    usual = values.index(roles.positive_label) if roles.positive_label in values else 0
    value = st.selectbox("Label", values, index=usual, key="overview label", help="Its share in groups.")
    make = lambda: _rates(project, value)  # noqa: E731
    found = project.answer(("overview", "labels", str(value), cohorts.shown()), make)
    st.caption(
        "Groups whose labels differ are selected differently by a model that is right. "
        "Bars are 95% intervals."
    )
    parts = {name: _rate_rows(found, name) for name in roles.sensitive_features}
    for name, rows in parts.items():
        _rate_chart(name, rows)
    rows = [row for part in parts.values() for row in part]
    tables.show(
        rows,
        name="label by group",
        columns=("column", "group", "value", "low", "high", "n", "note"),
        heads={"value": f"share of {value}"},
    )


def proxies(project: Project) -> None:
    """Which features tell a sensitive one, when asked."""
    sensitive = project.roles.sensitive_features
    if not sensitive:
        st.info("Name a sensitive column on the start page to look for its proxies.")
        return
    st.caption(
        "A proxy gives a sensitive feature away, so that leaving that one out changes little. 0.5 is a "
        "guess, 1 is certainty; every number is from rows that the guess was not learned from."
    )
    feature = st.selectbox("Sensitive feature", sensitive, key="overview proxies of")
    where = cohorts.shown()
    key = ("overview", "proxies", feature, where)
    if not project.memory.knows(key) and not st.button("Look for proxies", type="primary"):
        return
    with st.spinner("Looking for proxies …", show_time=True):
        found = project.answer(key, lambda: _proxies(project, feature, where))
    tables.show(
        found,
        name="proxies",
        columns=("feature", "kind", "group", "measure", "value", "low", "high", "p_value", "n", "note"),
    )
    pictures.button(lambda: rai.plots.proxies(found), "proxies")


def _rates(project: Project, value: object) -> rai.Audit:
    roles, frame, shown = project.roles, project.frame, cohorts.rows_shown(project)
    if shown is not None:
        frame = frame[shown]
    frame = frame[frame[roles.y_true].notna()]
    has = frame[roles.y_true] == value
    return rai.audit(
        y_true=has,
        y_pred=has,
        sensitive_features={name: frame[name] for name in roles.sensitive_features},
        sample_weight=None if roles.sample_weight is None else frame[roles.sample_weight],
        positive_label=True,
        cuts=dict(roles.cuts) or None,
    )


def _rate_rows(found: rai.Audit, name: str) -> list[dict[str, str | float | None]]:
    return [
        {
            "column": name,
            "group": " × ".join(str(level) for _, level in each.group),
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "n": each.n,
            "note": each.note,
        }
        for each in found.metrics("base_rate", by=name)
    ]


def _rate_chart(name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    groups = [str(row["group"]) for row in rows]
    base = alt.Chart(tables.as_frame(rows), height=alt.Step(24)).encode(
        y=alt.Y("group:N", sort=groups, title=None),
        color=alt.Color("group:N", scale=alt.Scale(**scale(groups)), legend=None),
    )
    share = alt.X(
        "low:Q", title=None, axis=alt.Axis(format="%", tickCount=6), scale=alt.Scale(zero=True)
    )
    span = base.mark_rule(strokeWidth=2).encode(x=share, x2="high:Q")
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x="value:Q",
        tooltip=["group:N", alt.Tooltip("value:Q", format=".1%"), alt.Tooltip("n:Q", format=",")],
    )
    st.markdown(f"**{plain(name)}**")
    st.altair_chart(span + points, width="stretch", key=f"base rates:{name}")


def _proxies(project: Project, feature: str, where: str | None) -> rai.explore.Proxies:
    roles = project.roles
    left_out = {roles.y_pred, roles.y_score, roles.sample_weight}
    return rai.find_proxies(
        project.frame[[name for name in project.columns if name not in left_out]],
        sensitive_features=feature,
        y_true=roles.y_true,
        where=where,
        cuts={name: cut for name, cut in roles.cuts.items() if name == feature} or None,
    )
