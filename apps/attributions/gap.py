"""Which features carry the gap between groups: parts that sum to it, with intervals and chance bands."""

from __future__ import annotations

from typing import Any

import streamlit as st

import rai

from .. import cutoffs, tables
from ..performance import charts as base_charts
from ..performance.terms import CRITERIA, NUMBER_METRICS
from ..settings import Setting
from ..what_if.waiting import progress
from ..words import counted, figure, interval, metric_name, number, plain, readable
from . import asked as asking
from . import charts
from .asked import Asked

MEAN_SCORE = "mean_score"
BINARY = ("demographic_parity", "equal_opportunity", "false_positive_rate", MEAN_SCORE, "accuracy")
NUMBERS = ("mean_prediction", "mean_absolute_error", "mean_squared_error")
NEED_NO_LABELS = {"demographic_parity", MEAN_SCORE, "mean_prediction"}
VERSUS = {
    "between_groups": "the two furthest apart",
    "one_vs_rest": "each against the rest",
    "pairwise": "every pair",
}
METRIC = Setting("attributed gap", default=BINARY[0], url="gap_of")
AGAINST = Setting("attributed gap against", default="between_groups", url="gap_against")
EFFORT = Setting("attributed gap effort", default="quick", url="gap_effort")
SETTINGS = (METRIC, AGAINST, EFFORT)

MOST, BACKGROUND = 14, 500
EFFORTS = {"quick": 400_000, "thorough": 4_000_000}  # rows that a model is asked about
ABOUT = {
    "value": "What the feature adds to the gap; all parts together are the gap.",
    "share": "The part's share of the gap; above 1 or below 0 where parts offset each other.",
    "chance": "Where the part would be if people were put into groups of these sizes by chance. "
    "It holds for all parts and pairs at once.",
    "n": "Rows of the first group that the metric looks at.",
    "n_versus": "Rows of the other group.",
}
BANDS = (
    "A line is a step's 95% interval, and a grey box where the step would end if people were put into "
    "groups by chance; all of them hold at once. A step that ends outside its box is more than chance."
)
HEADS = {"value": "part", "chance": "by chance", "n_versus": "n of the other"}
ABOUT_METRIC = {
    **NUMBER_METRICS,
    **CRITERIA,
    MEAN_SCORE: "Groups apart in their mean score; no threshold is needed.",
}


def draw(asked: Asked, model: str) -> None:
    """Draw it."""
    if asked.by is None:
        if model == asked.models[0]:
            st.info("Choose groups to compare, above.", icon=":material/info:")
        return
    if model == asked.models[0]:
        _controls(asked)
    held = attributed(asked, model)
    if len(asked.models) > 1:
        st.markdown(f"**{plain(model)}**")
    st.caption(_line(asked, held))
    for pair in held.pairs:
        _pair(model, pair, held)
    _table(model, held)
    for note in held.notes:
        st.caption(f":material/info: {plain(note)}")


def metrics_of(asked: Asked) -> tuple[str, ...]:
    """The metrics whose gap can be attributed here."""
    known = NUMBERS if asked.project.task == "regression" else BINARY
    labelled = asked.project.roles.y_true is not None
    return tuple(name for name in known if labelled or name in NEED_NO_LABELS)


def rows_of(asked: Asked) -> Any:
    """The rows that are compared, by position: those with a label, where the metric needs it."""
    rows, label = asked.rows, asked.project.roles.y_true
    if METRIC.value in NEED_NO_LABELS or label is None:
        return rows
    return rows[asked.project.frame[label].iloc[rows].notna().to_numpy()]


def attributed(asked: Asked, model: str) -> rai.explainers.GapAttributions:
    """The gap in parts, as rai finds it.

    Raises:
        RaiError: As `rai.explainers.attribute_gap` does.
    """
    project, rows = asked.project, rows_of(asked)
    held, _ = asking.background(project, asked.background, BACKGROUND)
    _, where = asking.standing_in(project, asked.background)
    options = _options(asked, model)
    key = ("attributed gap", model, repr(options), rows.tobytes(), where, len(held))
    frame = asking.features(project, rows)
    labels = None if METRIC.value in NEED_NO_LABELS else project.frame[project.roles.y_true].iloc[rows]
    with progress(f"Taking the gap of {plain(model)} apart …") as advanced:
        return project.answer(
            key,
            lambda: rai.explainers.attribute_gap(
                project.models[model],
                frame,
                y_true=labels,
                background=held,
                progress=advanced,
                **options,
            ),
        )


def _options(asked: Asked, model: str) -> dict[str, Any]:
    binary = asked.project.models[model].task == "binary"
    own = METRIC.value == MEAN_SCORE and asked.space in {"margin", "probability"}
    decided = binary and METRIC.value != MEAN_SCORE
    return {
        "metric": METRIC.value,
        "sensitive_features": [asked.by],
        "cuts": asked.cuts or None,
        "versus": AGAINST.value,
        "space": asked.space if own else None,
        "threshold": cutoffs.cut(asked.project, model).single if decided else None,
        "output": asked.label(model),
        "budget": EFFORTS[EFFORT.value],
    }


def _controls(asked: Asked) -> None:
    metric, against, effort = st.columns([1.2, 1.2, 1], gap="small", width=640)
    offered = metrics_of(asked)
    metric.selectbox(
        "Gap in",
        offered,
        format_func=lambda name: metric_name(name) if name != MEAN_SCORE else "mean score",
        help=ABOUT_METRIC.get(METRIC.value),
        **METRIC.tied(offered),
    )
    against.selectbox(
        "Between", tuple(VERSUS), format_func=VERSUS.__getitem__, **AGAINST.tied(tuple(VERSUS))
    )
    effort.segmented_control(
        "Where estimated",
        tuple(EFFORTS),
        required=True,
        format_func=str.capitalize,
        help="A decision is no sum of features, and its parts are estimated for most models: quickly, "
        "or in about ten times the time. The intervals hold the error of it.",
        **EFFORT.tied(tuple(EFFORTS)),
    )


def _line(asked: Asked, held: Any) -> str:
    exact = "exact" if held.exact else "estimated"
    decided = "" if held.threshold is None else f" · decided at {plain(number(held.threshold))}"
    groups = any(cutoffs.cut(asked.project, model).groups for model in asked.models)
    own = ", everybody's threshold" if decided and groups else ""
    _, stands = asking.background(asked.project, asked.background, BACKGROUND)
    return (
        f"**{plain(readable(held.space))}** · {plain(readable(held.method))}, {exact} · against "
        f"{plain(stands)} · "
        f"explained: {plain(asked.rows_said)}{decided}{own}"
    )


def _pair(model: str, pair: Any, held: Any) -> None:
    if pair.value is None:
        st.info(f"{plain(pair.group)} and {plain(pair.versus)}: {plain(pair.note)}.")
        return
    st.markdown(sentence(pair, held))
    if pair.note:
        st.caption(f"{plain(pair.note)}.")
    what = metric_name(held.metric)
    title = f"logarithm of the ratio of {what}" if held.kind == "ratio" else what
    base_charts.show(
        charts.waterfall(steps(pair, held.kind), title=title, bounded=True),
        key=f"gap:{model}:{pair.group}:{pair.versus}",
        alt=f"The gap between {pair.group} and {pair.versus}, part by part; the table has the numbers",
    )
    if pair.gap.low is not None:
        st.caption(BANDS)


def sentence(pair: Any, held: Any) -> str:
    """A gap in a sentence."""
    gap = pair.gap
    known = gap.low is not None
    bounds = plain(interval(gap.low, gap.high)) if known else ""
    chance = f"; by chance {plain(interval(gap.chance_low, gap.chance_high))}" if known else ""
    kind = "logarithm of the ratio" if held.kind == "ratio" else "gap"
    return (
        f"**{plain(pair.group)} {figure(pair.group_value)}, {plain(pair.versus)} "
        f"{figure(pair.versus_value)}**: {kind} {figure(pair.value)} {bounds}{chance}; "
        f"n = {pair.n:,} and {pair.n_versus:,}"
    )


def steps(pair: Any, kind: str) -> list[dict[str, Any]]:
    """The steps from one group's metric to the other's, largest first, small ones together."""
    start = 0.0 if kind == "ratio" else float(pair.versus_value)
    parts = [part for part in pair.parts if part.value]
    shown, others = parts[:MOST], parts[MOST:]
    rows, at = [_total(pair.versus, start)], start
    for part in (*shown, *pair.residuals):
        rows.append(_step(part.feature, at, part))
        at += part.value
    if others:
        rest = sum(part.value for part in others)
        rows.append(_plain_step(counted(len(others), "other feature"), at, rest))
    return [*rows, _total(pair.group, start + pair.value)]


def _plain_step(name: str, start: float, by: float) -> dict[str, Any]:
    return {
        "part": name,
        "start": start,
        "end": start + by,
        "edge": max(start, start + by),
        "attribution": f"{by:+.3g}",
        "said": f"{by:+.3g}".replace("-", "−"),
        "way": charts.RAISES if by >= 0 else charts.LOWERS,
    }


def _step(name: str, start: float, part: Any) -> dict[str, Any]:
    row = _plain_step(name, start, part.value)
    if part.low is None:
        return row
    return {
        **row,
        "low": start + part.low,
        "high": start + part.high,
        "chance_low": start + part.chance_low,
        "chance_high": start + part.chance_high,
        "edge": start + max(part.value, 0.0, part.high, part.chance_high),
        "interval": interval(part.low, part.high),
        "chance": interval(part.chance_low, part.chance_high),
    }


def _total(name: str, at: float) -> dict[str, Any]:
    said = figure(at)
    return {"part": name, "start": at, "end": at, "edge": at, "attribution": said, "said": said,
            "way": charts.TOTAL}  # fmt: skip


def _table(model: str, held: Any) -> None:
    rows = [
        {**part.to_dict(), **tables.bounds("value", part),
         "chance": interval(part.chance_low, part.chance_high)}
        for part in held.parts
    ]  # fmt: skip
    several = ("group", "versus") if len(held.pairs) > 1 else ()
    tables.show(
        rows,
        name=f"attributed gap {model}",
        heads=HEADS,
        explained=ABOUT,
        columns=(*several, "feature", "value", "chance", "share", "n", "n_versus", "note"),
        bounded=("value",),
        whole=held.to_pandas,
        picture=lambda: rai.plots.gap_waterfall(held),
    )
