"""The whole page to take along: rai's report of the profile, as one HTML file."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

import rai

from ..project import Project
from .checklist import sheet
from .compared import Compared
from .problems import studied


def button(project: Project, shown: Compared) -> None:
    """A way to download the report, which is written when it is pressed."""
    st.download_button(
        "Report",
        partial(written, project, shown, sheet(project)),
        f"{project.name}-profile.html",
        "text/html",
        on_click="ignore",
        icon=":material/download:",
        help="All features, checks, differences and the checklist on one page, with nothing to load.",
    )


def written(project: Project, shown: Compared, answers: rai.Worksheet) -> bytes:
    """The report as a file's bytes."""
    found = studied(project, shown)
    with tempfile.TemporaryDirectory() as folder:
        path = rai.report(
            shown.profile,
            Path(folder) / "profile.html",
            checks=found.checks,
            distances=found.distances,
            worksheet=answers,
        )
        return path.read_bytes()
