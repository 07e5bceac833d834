"""What a page needs, and what it says when that is missing.

NEEDS = ("models", "y_true")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .project import Project

HOW = "Go to **Start** and choose it there, or name it when you start the app"
NO_MODEL = (
    f"This page shows what a model decides, and none is open. {HOW}: `rai app DATA --model FILE`, "
    "or `--y-score COLUMN` for scores that are in the data."
)
NO_ANSWERS = (
    "This page asks a model about edited rows, and only a column of scores is open. "
    f"{HOW}: `rai app DATA --model FILE`."
)
NO_LABELS = (
    "This page compares decisions with what was true, and no column of true labels is named. "
    f"{HOW}: `rai app DATA --y-true COLUMN`."
)

NEEDS: Mapping[str, tuple[Callable[[Project], bool], str]] = {
    "models": (lambda project: bool(project.models), NO_MODEL),
    "answering": (lambda project: bool(project.answering), NO_ANSWERS),
    "y_true": (lambda project: project.roles.y_true is not None, NO_LABELS),
}


def unmet(project: Project, needs: Sequence[str]) -> str:
    """The first need that is not met, as advice; empty if all are."""
    return next((NEEDS[need][1] for need in needs if not NEEDS[need][0](project)), "")
