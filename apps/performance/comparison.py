"""Models side by side on the same rows: what differs, and who is decided otherwise."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import answers, cohorts, cutoffs, pictures, selection, tables
from ..cutoffs import Key
from ..words import counted, estimate_words, figure, metric_name, plain
from . import terms
from .asked import Asked, name_of

FLIPS = "decided otherwise"
ONE_MODEL = "Only one model is open. Name a second when you start the app: `--model FILE --model OTHER`."
ABOUT = {
    "value": "The first model minus the second, on the same rows.",
    "low": terms.ENDS,
    "p_value": "How often chance alone would give so large a difference.",
    "kappa": "Agreement beyond what chance would give, Cohen's kappa.",
}
# Metrics of scores: models are compared by what they decide.
OF_SCORES = (
    "roc_auc",
    "average_precision",
    "brier_score",
    "calibration_in_the_large",
    "expected_calibration_error",
)


def draw(asked: Asked) -> None:
    """Draw them."""
    if len(asked.models) < 2:
        hint = "Choose a second model, above." if len(asked.project.models) > 1 else ONE_MODEL
        st.info(hint, icon=":material/info:")
        return
    with st.spinner("Comparing the models …"):
        found = compared(asked)
    if found.task != "regression":
        _agreement(found)
    _differences(asked, found)
    if found.task != "regression":
        _flips(asked, found)


def compared(asked: Asked) -> rai.whatif.ModelComparison:
    """The models that are shown, as they decide now."""
    cuts = tuple(repr(asked.cut(model)) for model in asked.models)
    key = ("compared", asked.models, cuts, asked.split, asked.where)
    return asked.project.answer(key, lambda: _compared(asked))


def _compared(asked: Asked) -> rai.whatif.ModelComparison:
    project, kept = asked.project, positions(asked)
    rows, roles = project.frame.iloc[kept], project.roles
    said = {model: _said(asked, model)[kept] for model in asked.models}
    return rai.whatif.compare_models(
        {model: project.models[model] for model in asked.models},
        rows,
        y_true=roles.y_true,
        sensitive_features={name: rows[name] for name in asked.along},
        threshold=0.5 if asked.task == "binary" else None,
        cuts=dict(asked.cuts) or None,
        sample_weight=roles.sample_weight,
        y_score=said,
    )


def positions(asked: Asked) -> Any:
    """The rows of the cohort, by position."""
    shown = cohorts.rows_shown(asked.project)
    return np.arange(len(asked.project)) if shown is None else np.flatnonzero(shown)


def select_flipped(
    asked: Asked, pair: tuple[str, str], decided: tuple[Any, Any], *, key: Key | None = None
) -> None:
    """Select the rows that two models decide otherwise.

    Args:
        asked: What is asked.
        pair: The model, and the one that it is compared with.
        decided: What the second says of the rows, and what the first says.
        key: The slice; all of them if None.
    """
    found = compared(asked)
    (model, versus), (was, becomes) = pair, decided
    classes = list(found.classes)
    there = (found.decided[versus] == classes.index(was)) & (
        found.decided[model] == classes.index(becomes)
    )
    rows, of_slice = positions(asked)[there], ""
    if key is not None:
        rows, of_slice = rows[asked.rows_of(key)[rows]], f", {name_of(key)}"
    selection.choose(rows, why=f"{versus} says {was}, {model} says {becomes}{of_slice}")


def _said(asked: Asked, model: str) -> Any:
    """What a model says of every row: its decisions as 0 and 1, or scores of classes, or numbers."""
    if asked.task == "binary":
        return cutoffs.decisions(asked.project, model).astype(float)
    return answers.scores(asked.project, model)


def _agreement(found: rai.whatif.ModelComparison) -> None:
    for each in found.agreement():
        st.markdown(
            f"**{plain(each.model)}** and **{plain(each.versus)}** decide alike in "
            f"{estimate_words(each.value, each.low, each.high, None)} of {counted(each.n, 'row')}; "
            f"kappa {figure(each.kappa)}.",
            help=ABOUT["kappa"],
        )
    if len(found.models) > 2:
        pairs = {frozenset((e.model, e.versus)): e.value for e in found.agreement()}
        rows = [
            {"model": a, **{b: pairs.get(frozenset((a, b)), 1.0) for b in found.models}}
            for a in found.models
        ]
        tables.show(rows, name="agreement")
    pictures.button(partial(rai.plots.agreement, found), "agreement")


def _differences(asked: Asked, found: rai.whatif.ModelComparison) -> None:
    st.markdown("**Metrics of each slice**", help=ABOUT["value"])
    metrics = [name for name in asked.metrics if name not in OF_SCORES]
    rows = [_row(each, slice=each.name) for each in found.differences(*metrics)]
    _table(found, rows, name="differences of models", first=("slice", "metric"))
    st.markdown("**Gaps between slices**", help="Below 0, the first model treats the slices more alike.")
    try:
        gaps = found.gap_differences(along=asked.along)
    except rai.RaiError as error:
        st.caption(plain(error))
        return
    rows = [_row(each) for each in gaps]
    _table(found, rows, name="gaps of models", first=("metric",))


def _table(
    found: rai.whatif.ModelComparison,
    rows: list[dict[str, Any]],
    *,
    name: str,
    first: tuple[str, ...],
) -> None:
    """What two models have, and the difference; of more than two, which ones."""
    pair = len(found.models) == 2
    heads = {"of_model": found.models[1], "of_versus": found.models[0]} if pair else {}
    middle = ("of_model", "of_versus") if pair else ("model", "of_model", "versus", "of_versus")
    columns = (*first, *middle, "value", "low", "high", "n", "note")
    heads["value"] = "difference"
    tables.show(rows, name=name, heads=heads, explained=ABOUT, columns=columns)


def _row(found: Any, **more: str) -> dict[str, Any]:
    return {**found.to_dict(), "metric": metric_name(found.metric), **more}


def _flips(asked: Asked, found: rai.whatif.ModelComparison) -> None:
    st.markdown("**Decided otherwise**", help="Press to select the rows, on every page.")
    for each in found.flips(by=()):
        if not each.numerator:
            continue
        st.button(
            f"{plain(each.versus)} says {plain(each.was)}, {plain(each.model)} says "
            f"{plain(each.becomes)}: {counted(int(each.numerator), 'row')}",
            key=f"flip:{each.model}:{each.versus}:{each.was}:{each.becomes}",
            on_click=select_flipped,
            args=(asked, (each.model, each.versus), (each.was, each.becomes)),
        )
    flips = list(found.flips())
    tables.show(
        [{**each.to_dict(), "slice": each.name} for each in flips],
        name=FLIPS,
        heads={"value": "share"},
        columns=("slice", "model", "versus", "was", "becomes", "value", "low", "high", "n", "note"),
        on_select=partial(_flip_chosen, asked, flips),
        selection_mode="single-row",
    )


def _flip_chosen(asked: Asked, flips: list[Any]) -> None:
    rows = st.session_state[f"table:{FLIPS}"]["selection"]["rows"]
    if rows:
        each = flips[rows[0]]
        key = tuple(level for _, level in each.group)
        select_flipped(asked, (each.model, each.versus), (each.was, each.becomes), key=key)
