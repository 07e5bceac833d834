"""The controls over the blocks: find, filter, order; what is compared and how it is drawn."""

from __future__ import annotations

from collections import Counter

import streamlit as st

import rai

from ..project import Project
from ..words import plain
from . import asked
from .blocks import Look
from .compared import WORDS, Compared, choices
from .problems import Studied, problems_first


def choose_compared(project: Project) -> None:
    """A choice of what is compared, where there is any."""
    usual, *others = choices(project)
    offered = ["", *others]
    st.selectbox(
        "Compare",
        offered,
        format_func=lambda name: WORDS[name or usual],
        help="Whose histograms lie over one another. Choose a cohort or select rows to compare them "
        "with the rest.",
        **asked.COMPARE.tied(offered),
    )


def choose_features(shown: Compared) -> rai.Profile:
    """Search, kinds and order; the features that are left."""
    profile, kinds = shown.profile, _kinds(shown)
    search, kind, order, back = st.columns([3, 3.4, 2.4, 1.2], vertical_alignment="bottom")
    search.text_input(
        "Find a feature",
        placeholder="age|work",
        help="A regular expression, found anywhere in the name, in any case.",
        **asked.SEARCH.tied(),
    )
    kind.multiselect(
        "Kinds",
        list(kinds),
        format_func=lambda name: f"{name} ({kinds.get(name, 0)})",
        placeholder="all kinds",
        **asked.KINDS.tied(list(kinds)),
    )
    orders = [name for name in asked.ORDERS if name != "distance" or shown.several]
    order.selectbox(
        "Order",
        orders,
        format_func=lambda name: asked.ORDERS.get(name, name),
        help="Uneven: the entropy of the bins over its greatest value. Different: the greatest "
        "Jensen-Shannon distance to the first data set.",
        **asked.ORDER.tied(orders),
    )
    back.toggle("Reverse", **asked.REVERSE.tied())
    left = profile.of_kind(*asked.KINDS.value) if asked.KINDS.value else profile
    try:
        left = left.search(asked.SEARCH.value) if asked.SEARCH.value else left
    except rai.RaiError as error:
        st.error(plain(error), icon=":material/error:")
    return left


def ordered(profile: rai.Profile, found: Studied | None) -> tuple[str, ...]:
    """The features in the order that was chosen; by problems once they are found."""
    order, reverse = asked.ORDER.value, asked.REVERSE.value
    if order != "problems":
        return profile.ordered(order, reverse=reverse).features
    names = profile.features if found is None else problems_first(profile.features, found.checks)
    return tuple(reversed(names)) if reverse else tuple(names)


def choose_look(project: Project) -> Look:
    """How blocks are drawn."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.segmented_control(
            "Draw",
            list(asked.VIEWS),
            format_func=lambda name: asked.VIEWS.get(name, name),
            required=True,
            label_visibility="collapsed",
            **asked.VIEW.tied(list(asked.VIEWS)),
        )
        st.toggle("Percentages", help="Shares of the rows of each data set.", **asked.PERCENT.tied())
        st.toggle("Log", help="Heights by their logarithm, so that small bars show.", **asked.LOG.tied())
        if project.roles.sample_weight is not None:
            st.toggle("Weighted", help="Count weights, not rows.", **asked.WEIGHTED.tied())
        with st.popover("Bins and marks"):
            st.number_input("Bins", 2, 50, help="The most bins of a feature.", **asked.BINS.tied())
            st.caption("Numbers are marked with ! where more than this is")
            st.number_input("missing, %", 0.0, 100.0, step=1.0, **asked.MARK_MISSING.tied())
            st.number_input("zero, %", 0.0, 100.0, step=1.0, **asked.MARK_ZEROS.tied())
    return Look(
        bins=int(asked.BINS.value),
        weighted=asked.WEIGHTED.value and project.roles.sample_weight is not None,
        missing=asked.MARK_MISSING.value / 100,
        zeros=asked.MARK_ZEROS.value / 100,
    )


def _kinds(shown: Compared) -> Counter[str]:
    return Counter(shown.profile.column(name).kind for name in shown.profile.features)
