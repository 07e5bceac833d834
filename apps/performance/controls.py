"""The controls on top: models, slices, what groups are compared by, what errors cost."""

from __future__ import annotations

import streamlit as st

from .. import cutoffs
from ..project import Project
from ..words import metric_name, plain
from . import asked
from .asked import Asked, explained

MOST_LEVELS = 100  # in a column that slices
FEWEST, MOST = 2, 10  # groups of a column of numbers


def draw(project: Project) -> Asked:
    """Draw them; what they say."""
    task = project.task
    criteria, metrics, usual = asked.offered(task)
    _first_time(project, usual)
    widths = [3.1, 2.4, 2.65, 2.35, 2.35, 1.3] if task == "binary" else [3, 3, 3, 1.7]
    models, slices, criterion, *prices, more = st.columns(widths, vertical_alignment="bottom")
    names = tuple(project.models)
    models.multiselect(
        "Models",
        names,
        help="One, or several side by side.",
        **asked.MODELS.tied(names),
    )
    columns = sliceable(project)
    slices.multiselect(
        "Slices",
        columns,
        help="Columns that part the rows into groups; with several, every combination is a group.",
        **asked.ALONG.tied(columns),
    )
    criterion.selectbox(
        "Compared by",
        criteria,
        format_func=metric_name,
        help=explained(asked.CRITERION.value) or "What is to be equal between groups.",
        **asked.CRITERION.tied(criteria),
    )
    if prices:
        _prices(*prices)
    with more.popover("More", width="stretch", help="Metrics, groups of numbers, benefits"):
        _more(project, metrics, binary=bool(prices))
    return asked.asked(project)


def sliceable(project: Project) -> tuple[str, ...]:
    """The columns that can part rows into groups: sensitive ones first."""
    return project.answer(("sliceable",), lambda: _sliceable(project))


def _sliceable(project: Project) -> tuple[str, ...]:
    def fits(column: str) -> bool:
        return bool(cutoffs.edges_of(project, column)) or (
            project.frame[column].nunique() <= MOST_LEVELS
        )

    first = [name for name in project.roles.sensitive_features if name in project.features]
    return (*first, *(name for name in project.features if name not in first and fits(name)))


def _first_time(project: Project, usual: tuple[str, ...]) -> None:
    """What is shown until something is chosen."""
    sensible = sliceable(project)
    for setting, value in (
        (asked.MODELS, tuple(project.models)[:1]),
        (asked.ALONG, sensible[:1] if project.roles.sensitive_features else ()),
        (asked.METRICS, usual),
    ):
        if setting.value == asked.FIRST:
            setting.put(value)


def _prices(fp: st.delta_generator.DeltaGenerator, fn: st.delta_generator.DeltaGenerator) -> None:
    fp.number_input(
        "False positive cost",
        0.0,
        step=1.0,
        format="%g",
        help="What a false positive costs: somebody is called positive who is not.",
        **asked.COST_FP.tied(),
    )
    fn.number_input(
        "False negative cost",
        0.0,
        step=1.0,
        format="%g",
        help="What a false negative costs: somebody positive is missed. Only the ratio of the two "
        "matters for which thresholds are best.",
        **asked.COST_FN.tied(),
    )


def _more(project: Project, metrics: tuple[str, ...], *, binary: bool) -> None:
    st.multiselect(
        "Metrics in the table",
        metrics,
        format_func=metric_name,
        help="Each with its interval.",
        **asked.METRICS.tied(metrics),
    )
    for column in asked.ALONG.value:
        if cutoffs.edges_of(project, column):
            _groups_of_numbers(project, column)
    if binary:
        left, right = st.columns(2)
        help_ = "What a right decision brings; it is taken off the costs."
        for place, label, setting in (
            (left, "True positive benefit", asked.BENEFIT_TP),
            (right, "True negative benefit", asked.BENEFIT_TN),
        ):
            place.number_input(label, 0.0, step=1.0, format="%g", help=help_, **setting.tied())


def _groups_of_numbers(project: Project, column: str) -> None:
    """How a column of numbers is cut: into so many groups of one size, or at edges."""
    edges = asked.edges_shown(project, column)
    key, edges_key = f"groups:{column}", f"edges:{column}"
    st.session_state[key] = min(max(len(edges) + 1, FEWEST), MOST)
    st.session_state[edges_key] = ", ".join(f"{edge:g}" for edge in edges)
    st.markdown(f"**Groups of {plain(column)}**")
    left, right = st.columns([1, 2])
    left.number_input(
        "How many",
        FEWEST,
        MOST,
        key=key,
        on_change=_cut_evenly,
        args=(project, column),
        help="Groups of about the same size.",
    )
    right.text_input(
        "Edges",
        key=edges_key,
        on_change=_cut_at,
        args=(column,),
        help="Numbers with commas between; a group holds its lower edge. Empty for groups of one size.",
    )


def _cut_evenly(project: Project, column: str) -> None:
    many = st.session_state[f"groups:{column}"]
    edges = cutoffs.quantiles(project, column, many)
    asked.EDGES.put({**asked.EDGES.value, column: list(edges)})


def _cut_at(column: str) -> None:
    text = st.session_state[f"edges:{column}"]
    others = {name: edges for name, edges in asked.EDGES.value.items() if name != column}
    try:
        edges = sorted({float(part) for part in text.replace(";", ",").split(",") if part.strip()})
    except ValueError:
        st.toast("Edges are numbers with commas between, such as 25, 45.", icon=":material/info:")
        return
    asked.EDGES.put({**others, column: edges} if edges else others)
