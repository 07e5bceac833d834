"""What can be taken along: the report of what is on screen, and the plan of thresholds.

Files are made when they are asked for, and nothing stays on the server.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

import rai

from ..words import plain
from . import strategies
from .asked import Asked, counted_at

ICON = ":material/download:"
POLICY_HELP = "For `rai gate`: the gaps that are beyond chance here may not get larger."
PLAN_HELP = "The thresholds of the strategy that is applied, as `rai.ThresholdPlan.load` reads them."


def draw(asked: Asked) -> None:
    """Draw what there is, of each model."""
    for model in asked.models:
        st.markdown(f"**{plain(model)}**")
        file = "".join(c if c.isalnum() else "_" for c in model)
        with st.container(horizontal=True):
            _button("Report (HTML)", partial(report, asked, model), f"{file}_report.html", "text/html")
            _button(
                "Counts (JSON)", partial(counts, asked, model), f"{file}_audit.json", "application/json"
            )
            _button(
                "Policy (YAML)",
                partial(policy, asked, model),
                f"{file}_fairness.yaml",
                "text/yaml",
                help_=POLICY_HELP,
            )
            if asked.task == "binary":
                _plan(asked, model, f"{file}_plan.json")
    st.caption(
        "The report shows the slices, the prices and the cohort as they are here. The counts hold no "
        "rows; `rai.Audit.load` reads them. Tables and pictures have buttons in their sections."
    )


def report(asked: Asked, model: str) -> bytes:
    """The audit's report, with the plan that is applied."""
    plan = strategies.applied(asked, model) if asked.task == "binary" else None
    plans = [] if plan is None else [plan]
    title = f"{asked.project.name}: {model}"
    return _written(
        "report.html", lambda path: rai.report(audited(asked, model), path, plans=plans, title=title)
    )


def counts(asked: Asked, model: str) -> bytes:
    """The audit, as a file."""
    return _written("audit.json", audited(asked, model).save)


def policy(asked: Asked, model: str) -> bytes:
    """A policy for a gate, under which what is found here does not get worse."""
    return rai.propose_policy(audited(asked, model), title=f"{asked.project.name}: {model}").encode()


def plan_file(asked: Asked, model: str) -> bytes:
    """The plan that is applied, as a file."""
    plan = strategies.applied(asked, model)
    return b"" if plan is None else _written("plan.json", plan.save)


def audited(asked: Asked, model: str) -> rai.Audit:
    """The audit of the slices at the threshold that is set, where there is one for everybody."""
    found = asked.sliced(model)
    if asked.task != "binary" or asked.cut(model).groups:
        return found
    at = counted_at(asked.cut(model).single, model=asked.project.models[model])
    return replace(found, thresholds=(at,)) if 0 < at <= 1 else found


def _plan(asked: Asked, model: str, file: str) -> None:
    if strategies.applied(asked, model) is None:
        st.button(
            "Plan (JSON)",
            key=f"no plan:{model}",
            disabled=True,
            help="Apply a strategy to have a plan; thresholds set by hand are none.",
        )
        return
    _button("Plan (JSON)", partial(plan_file, asked, model), file, "application/json", help_=PLAN_HELP)


def _button(
    label: str, make: Callable[[], bytes], file: str, mime: str, *, help_: str | None = None
) -> None:
    st.download_button(
        label, make, file, mime, key=f"take:{file}", on_click="ignore", icon=ICON, help=help_
    )


def _written(name: str, write: Callable[[Path], object]) -> bytes:
    """What is written to a file, which is then gone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
