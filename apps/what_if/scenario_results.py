"""What a scenario did: decisions that changed, by group, and gaps before and after."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

import rai

from .. import pictures, tables
from ..project import Project
from ..words import counted, estimate_words, metric_name, plain
from . import flips

GAPS = (
    "demographic_parity",
    "equal_opportunity",
    "equalized_odds",
    "predictive_parity",
    "equal_accuracy",
)


def draw(project: Project, found: rai.whatif.ScenarioResult) -> None:
    """Draw it."""
    rate, regression = found.overall, found.model.task == "regression"
    what = "values" if regression else "decisions"
    st.markdown(
        f"{counted(len(found.edited_rows), 'row')} edited; **{rate.changed:,}** of {rate.n:,} {what} "
        f"change: {plain(estimate_words(rate.share, rate.low, rate.high, rate.n))}"
    )
    if found.marks:
        st.caption(f":material/warning: {plain(found.marks.words)}")
    rows = [{k: _cell(v) for k, v in row.items() if k != "note"} for row in found.flips.to_dicts()]
    groups = tuple(project.roles.sensitive_features)
    directed = () if rate.to_positive is None else ("to_positive", "to_negative")
    st.markdown("**Who changes**", help="People stay in the group that they were in before.")
    tables.show(
        rows,
        name="scenario changes",
        columns=(*groups, "n", "changed", "share", "low", "high", *directed, "mean_delta"),
        explained={**flips.EXPLAINED, "n": "Rows of the group"},
        height=min(38 + 35 * len(rows), 260),
    )
    _gaps(project, found)
    pictures.button(partial(rai.plots.scenario, found), "picture of the scenario")


def gap_rows(project: Project, found: rai.whatif.ScenarioResult) -> list[dict[str, Any]]:
    """Each gap before and after, with its interval, and what changed with the paired one."""
    named = GAPS if found.model.task == "binary" else ("equal_accuracy",)
    names = named if project.roles.y_true is not None else ()
    rows: list[dict[str, Any]] = []
    for along in project.roles.sensitive_features if names else ():
        sides = list(found.gaps(*names, along=along))
        apart = {row.metric: row for row in found.paired.gap_differences(*names, along=along)}
        for before, after in zip(sides[::2], sides[1::2], strict=True):
            moved = apart.get(before.metric)
            rows.append(
                {
                    "gap": metric_name(before.metric),
                    "along": before.along,
                    "before": before.value,
                    "before_low": before.low,
                    "before_high": before.high,
                    "after": after.value,
                    "after_low": after.low,
                    "after_high": after.high,
                    "change": None if moved is None else moved.value,
                    "change_low": None if moved is None else moved.low,
                    "change_high": None if moved is None else moved.high,
                }
            )
    return rows


def _gaps(project: Project, found: rai.whatif.ScenarioResult) -> None:
    st.markdown("**Gaps before and after**", help="The largest difference between two groups.")
    if found.model.task == "regression" or not project.roles.sensitive_features:
        st.caption("Gaps of decisions need a classifier and a sensitive feature.")
        return
    if project.roles.y_true is None:
        st.caption("Gaps need true labels; without them, see who changes, above.")
        return
    try:
        rows = gap_rows(project, found)
    except rai.RaiError as error:
        st.caption(plain(error))
        return
    tables.show(
        rows,
        name="scenario gaps",
        explained={"change": "After minus before, of the same people; below 0 the groups are closer"},
        height=min(38 + 35 * len(rows), 420),
    )


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str) else str(value)
