"""The answer on top, in words: how far groups are apart, and who pays for the errors."""

from __future__ import annotations

from typing import Any

import streamlit as st

import rai

from ..words import counted, estimate_words, figure, interval, metric_name, number, plain
from . import terms
from .asked import Asked

PER = 1000
WHOLE = "(all)"  # of several classes: the whole table


def draw(asked: Asked) -> None:
    """Draw it, a line or two for each model, models side by side."""
    for model, place in zip(asked.models, st.columns(len(asked.models)), strict=True):
        with place.container(gap=None):
            name(asked, model)
            st.markdown(gap_words(worst(asked, model)), help=f"{terms.INTERVAL} {terms.CHANCE}")
            if asked.task == "binary":
                st.markdown(cost_words(asked, model), help=_cost_help(asked))
    _left_out(asked)


def name(asked: Asked, model: str) -> None:
    """A model's name above what is of it, where several are shown."""
    if len(asked.models) > 1:
        st.markdown(f"**{plain(model)}**")


def worst(asked: Asked, model: str) -> rai.Gap:
    """The widest gap of the criterion; among classes, the one of the class where it is widest."""
    gaps = asked.gaps_of(model, asked.criterion)
    known = [gap for gap in gaps if gap.value is not None]
    return max(known, key=lambda gap: abs(gap.value or 0.0)) if known else gaps[0]


def gap_words(gap: rai.Gap) -> str:
    """A gap in a sentence.

    Example:
        >>> gap_words(rai.Gap(metric="equal_opportunity", along="sex", kind="difference",
        ...     versus="between_groups", value=0.1, low=0.05, high=0.2, highest="M", lowest="F", n=10))
        '**Equal opportunity: 0.100** [0.05, 0.2] between F (lowest) and M; n = 10'
    """
    said = metric_name(gap.metric)
    said = plain(said[0].upper() + said[1:])
    within = "".join(f" of {plain(level)}" for _, level in gap.within if level != WHOLE)
    if gap.value is None:
        return f"**{said}{within}: –** {plain(gap.note)}"
    chance = "" if gap.null is None else f"; by chance {number(gap.null)}"
    return (
        f"**{said}{within}: {figure(gap.value)}** {interval(gap.low, gap.high)} "
        f"between {plain(gap.lowest)} (lowest) and {plain(gap.highest)}{chance}; n = {gap.n:,}"
    )


def cost_words(asked: Asked, model: str) -> str:
    """Who pays for the errors, in a sentence."""
    costs = [each for each in asked.costs_of(model) if each.value is not None]
    whole = asked.costs_of(model, by=())[0]
    if not costs:
        return "Nobody's errors can be counted: no rows with labels."
    most, least = max(costs, key=_value), min(costs, key=_value)
    said = f"**Errors cost {per_thousand(most)} per 1,000 people of {plain(most.name)}**"
    if most is not least:
        said += f", {per_thousand(least)} of {plain(least.name)}"
    return f"{said}, {per_thousand(whole)} of everyone"


def per_thousand(cost: rai.Estimate) -> str:
    """A cost per row as what 1,000 people cost, with its interval."""
    value, low, high = (None if x is None else PER * x for x in (cost.value, cost.low, cost.high))
    return estimate_words(value, low, high, None)


def _value(estimate: rai.Estimate) -> Any:
    return estimate.value


def _cost_help(asked: Asked) -> str:
    prices = asked.prices
    said = (
        f"A false positive costs {prices['cost_fp']:g}, a false negative {prices['cost_fn']:g}; with "
        "the costs at 1 this is the number of wrong decisions."
    )
    if prices["benefit_tp"] or prices["benefit_tn"]:
        said += " What right decisions bring is taken off."
    return f"{said} {terms.INTERVAL}"


def _left_out(asked: Asked) -> None:
    """Rows that could not be counted, and why."""
    for reason, rows in asked.sliced(asked.models[0]).dropped.items():
        st.caption(f"{counted(rows, 'row')} left out: {plain(reason)}.")
