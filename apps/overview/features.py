"""The features, block by block, a page of them at a time; general findings above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any

import streamlit as st

import rai
from rai.explore import DataFinding

from .. import selection
from ..colours import marks
from ..project import Project
from ..words import counted, plain
from . import asked, component, controls
from .blocks import Look, drawn, query_of
from .compared import Compared
from .problems import Studied, known, studied, worth_saying

PER_PAGE = 25
MOST_GENERAL = 4
PROBLEMS = ("serious", "warning")
ICONS = {
    "serious": ":material/dangerous:",
    "warning": ":material/warning:",
    "note": ":material/info:",
}


def show(project: Project, shown: Compared) -> None:
    """Draw them; where checking takes a moment, first without what it finds.

    All in one run: a rerun of our own could swallow a click on another page.
    """
    told = st.container()
    look = controls.choose_look(project)
    chosen = controls.choose_features(shown)
    _candidates(project)
    page = _page(len(chosen.features), len(shown.profile.features))
    draw = partial(_blocks, project, shown, chosen, page=page, look=look)
    early = st.empty()
    if not known(project, shown):
        with early:
            draw(found=None)
        with told, st.spinner("Checking the data …", show_time=True):
            studied(project, shown)
    found = studied(project, shown)
    draw(found=found)
    early.empty()
    with told:
        _summary(shown, found)


def _summary(shown: Compared, found: Studied) -> None:
    said = worth_saying(found.checks)
    counts = {each: sum(f.severity == each for f in said) for each in ICONS}
    words = {"serious": "serious", "warning": "warnings", "note": "notes"}
    line = " · ".join(f"{ICONS[each]} {n} {words[each]}" for each, n in counts.items() if n)
    skipped = [f for f in found.checks if f.severity == "not_checked"]
    general = found.general(shown.profile.features)
    for finding in [f for f in general if f.severity in PROBLEMS][:MOST_GENERAL]:
        _line(finding)
    whole = f" · {len(general)} of them about the data as a whole" if general else ""
    with st.expander((line or "The data checks found nothing") + whole):
        for finding in general:
            _line(finding)
        st.caption("What concerns a feature stands beside it. The checks look at all rows.")
        if skipped:
            st.markdown(f"**{counted(len(skipped), 'check')} could not be made**")
        for finding in skipped:
            st.caption(plain(finding.sentence))


def _line(finding: DataFinding) -> None:
    st.markdown(f"{ICONS[finding.severity]} **{finding.severity}** {plain(finding.sentence)}")


def _candidates(project: Project) -> None:
    """Columns that may be sensitive, where none is named."""
    if project.roles.sensitive_features:
        return
    make = lambda: rai.suggest_sensitive_features(project.frame)  # noqa: E731
    found = project.answer(("overview", "candidates"), make)
    if not found:
        return
    with st.expander(f"No sensitive column is named; {len(found)} may be", icon=":material/group:"):
        st.caption("Nothing is done with them until you name them, on the start page.")
        for each in found:
            category = plain(each.category.replace("_", " "))
            reason = plain(each.reason)
            st.markdown(f"**{plain(each.feature)}** · {category}, {each.confidence}: {reason}")


def _page(n: int, whole: int) -> slice:
    """The features of the page that is shown, and a way to others."""
    pages = max(1, ceil(n / PER_PAGE))
    if not n:
        st.info("No feature fits the search and the kinds. Take one of them away.")
    if pages == 1:
        return slice(n)
    if asked.PAGE.value > pages:
        asked.PAGE.put(1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            f"{n} of {counted(whole, 'feature')}, {PER_PAGE} a page",
            list(range(1, pages + 1)),
            required=True,
            **asked.PAGE.tied(list(range(1, pages + 1))),
        )
    start = PER_PAGE * (asked.PAGE.value - 1)
    return slice(start, start + PER_PAGE)


def _blocks(
    project: Project,
    shown: Compared,
    chosen: rai.Profile,
    *,
    page: slice,
    look: Look,
    found: Studied | None,
) -> None:
    names = shown.profile.datasets
    looks = [marks(names)[name] for name in names]
    features = controls.ordered(chosen, found)
    blocks = drawn(project, shown, features[page], look=look, found=found)

    def picked(said: Mapping[str, Any]) -> None:
        _pick(project, shown, said, bins=look.bins)

    component.draw(
        {
            "names": list(names),
            "rows": [counted(shown.profile.tables[name].rows, "row") for name in names],
            "colours": {
                "light": [mark.colour(dark=False) for mark in looks],
                "dark": [mark.colour(dark=True) for mark in looks],
            },
            "shown": f"{len(features)} of {counted(len(shown.profile.features), 'feature')}",
            "view": asked.VIEW.value,
            "log": asked.LOG.value,
            "percent": asked.PERCENT.value,
            "blocks": [_sent(block) for block in blocks],
            "picked": _picked(blocks),
        },
        picked=picked,
        name="blocks" if found else "early blocks",
    )


def _sent(block: Mapping[str, Any]) -> dict[str, Any]:
    """A block for the browser: of its queries only whether they are there."""
    bars = block["bars"]
    return {**block, "bars": {**bars, "queries": [None if q is None else 1 for q in bars["queries"]]}}


def _picked(blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The bar whose rows are selected."""
    where = selection.WHERE.value
    if not where:
        return None
    for block in blocks:
        for place, query in enumerate(block["bars"]["queries"]):
            if query is not None and str(rai.explore.parse_query(query)) == where:
                return {"feature": block["name"], "place": place}
    return None


def _pick(project: Project, shown: Compared, said: Mapping[str, Any], *, bins: int) -> None:
    """Select the rows of a bar that was clicked."""
    feature, place = str(said["feature"]), int(said["place"])
    if feature not in shown.profile.features:
        return
    query = query_of(project, shown, feature, place=place, bins=bins)
    if query is None:
        return
    binning = shown.profile.binning(feature, bins=bins)
    label = binning.labels[place] if place < len(binning) else "missing"
    try:
        selection.choose_where(project, query, why=f"{feature} {label}, in Overview")
    except rai.RaiError as error:
        st.session_state[REFUSED] = str(error)


REFUSED = "overview could not select"


def refused() -> None:
    """Say why the bar that was clicked last selects nothing."""
    said = st.session_state.pop(REFUSED, None)
    if said:
        st.error(plain(said), icon=":material/error:")
