"""What is asked on the page: which models, which number of a row, how, of which rows, against which.

asked(project) ─▶ Asked ── rows explained · rows that stand in · groups
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import rai

from .. import cohorts, cutoffs, selection
from ..performance.asked import name_of
from ..project import Project
from ..settings import Setting
from ..words import counted

if TYPE_CHECKING:
    import pandas

FIRST, NOBODY = ("(first)",), "(no groups)"
AUTO, EVERYBODY, SELECTED = "auto", "all rows", "the selection"
COHORT, IS = "cohort ", " = "
FEWEST, USUAL, MOST = 10, 500, 20_000  # rows explained

MODELS = Setting("attribution models", default=FIRST, url="explained")
SPACE = Setting("attribution space", default=AUTO, url="space")
METHOD = Setting("attribution method", default=AUTO, url="explainer")
BACKGROUND = Setting("attribution background", default=EVERYBODY, url="background")
GROUPS = Setting("attribution groups", default="", url="groups")
SCOPE = Setting("attribution rows", default=EVERYBODY, url="of_rows")
SIZE = Setting("attribution size", default=USUAL, url="explained_rows")
OUTPUT = Setting("attribution class", default="", url="of_class")

SETTINGS = (MODELS, SPACE, METHOD, BACKGROUND, GROUPS, SCOPE, SIZE, OUTPUT)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked.

    Args:
        project: The project.
        models: The models to explain, at least one.
        space, method: As `rai.explain` takes them.
        background: Which rows stand in: all, a cohort, or a group.
        by: The column that makes the groups; None for none.
        scope: Whether rows are all (of the cohort), or the selection.
        size: How many rows are explained at most.
        output: The class that is explained, of several, as text.
    """

    project: Project
    models: tuple[str, ...]
    space: str
    method: str
    background: str
    by: str | None
    scope: str
    size: int
    output: str

    @property
    def cuts(self) -> dict[str, tuple[float, ...]]:
        """The edges of the groups, where they are ranges of numbers."""
        if self.by is None:
            return {}
        edges = cutoffs.edges_of(self.project, self.by)
        return {self.by: edges} if edges else {}

    @property
    def group_names(self) -> tuple[str, ...]:
        """All groups there are in all rows, for their colours."""
        return groups(self.project, self.by)[0] if self.by else ()

    def threshold(self, model: str) -> float | None:
        """What decides, in the space of decisions."""
        binary = self.project.models[model].task == "binary"
        return cutoffs.cut(self.project, model).single if binary and self.space == "decision" else None

    def label(self, model: str) -> Any:
        """The class that is explained, as the model calls it; None where there is one number."""
        known = self.project.models[model]
        if known.task != "multiclass":
            return None
        return next((c for c in known.classes if str(c) == self.output), known.classes[-1])

    @property
    def rows(self) -> Any:
        """The rows that are explained, by position: drawn within groups where they are too many."""
        among = self.among
        if len(among) <= self.size:
            return among
        key = ("attribution rows", among.tobytes(), self.size, self.by)
        return self.project.answer(key, lambda: _drawn(self.project, among, self.size, by=self.by))

    @property
    def among(self) -> Any:
        """The rows that are asked about, by position."""
        held = selection.chosen(self.project)
        if self.scope == SELECTED and held is not None:
            return held.rows
        shown = cohorts.rows_shown(self.project)
        return np.arange(len(self.project)) if shown is None else np.flatnonzero(shown)

    @property
    def rows_said(self) -> str:
        """Which rows these are, in words."""
        held = selection.chosen(self.project)
        shown = cohorts.SHOWN.value if cohorts.shown() is not None else ""
        what = "selected rows" if self.scope == SELECTED and held is not None else "rows"
        of = f" of the cohort {shown}" if shown and what == "rows" else ""
        n = len(self.among)
        if n <= self.size:
            return f"all {n:,} {what}{of}"
        apart = f", each group of {self.by} in its share" if self.by else ""
        return f"{self.size:,} of {n:,} {what}{of}, drawn at random{apart}"


def groups(project: Project, by: str) -> tuple[tuple[str, ...], Any]:
    """The groups of a column, and each row's group by name, shape (n,)."""
    return project.answer(("named groups", by), lambda: _groups(project, by))


def backgrounds(project: Project, by: str | None) -> list[str]:
    """What a background can be."""
    of_groups = [f"{by}{IS}{name}" for name in groups(project, by)[0]] if by else []
    return [EVERYBODY, *(COHORT + name for name in cohorts.all_of().names), *of_groups]


def standing_in(project: Project, name: str) -> tuple[Any, str]:
    """The rows that a background is drawn from, by position, and what tells them from others."""
    if name.startswith(COHORT):
        where = cohorts.all_of().texts().get(name.removeprefix(COHORT))
        if where is not None:
            mask = rai.explore.parse_query(where).mask(project.frame)
            return np.flatnonzero(mask), where
    by, _, level = name.partition(IS)
    if level and by in project.columns:
        return np.flatnonzero(groups(project, by)[1] == level), name
    return np.arange(len(project)), EVERYBODY


def background(project: Project, name: str, most: int) -> tuple[pandas.DataFrame, str]:
    """The rows that stand in, at most so many, and which they are, in words.

    Raises:
        DataError: If there are none.
    """
    among, where = standing_in(project, name)
    along = project.roles.sensitive_features
    key = ("background", name, where, most)
    rows = project.answer(key, lambda: _drawn(project, among, most, by=along[0] if along else None))
    whole = "" if name == EVERYBODY else f" of {name}"
    if len(rows) == len(among):
        return features(project, rows), f"all {counted(len(rows), 'row')}{whole}"
    apart = f", each group of {along[0]} in its share" if along else ""
    said = f"{len(rows):,} of {counted(len(among), 'row')}{whole}, drawn at random{apart}"
    return features(project, rows), said


def features(project: Project, rows: Any) -> pandas.DataFrame:
    """Rows without labels, predictions and weights, but for those that a model reads."""
    read = {name for model in project.answering.values() for name in model.features or ()}
    kept = [name for name in project.columns if name in read or name not in project.roles.taken]
    return project.frame.iloc[rows][kept]


def _groups(project: Project, by: str) -> tuple[tuple[str, ...], Any]:
    edges = cutoffs.edges_of(project, by)
    keys, place = cutoffs.groups_of(project, (by,), cuts={by: edges} if edges else {})
    names = np.array([name_of(key) for key in keys], dtype=object)
    there = np.bincount(place, minlength=len(names)) > 0
    return tuple(names[there]), names[place]


def _drawn(project: Project, among: Any, size: int, *, by: str | None) -> Any:
    """Rows drawn by chance, the same ones every time, each group in its share."""
    import pandas

    if len(among) <= size:
        return among
    held = pandas.DataFrame({"row": among})
    if by is not None:
        held["group"] = groups(project, by)[1][among]
    drawn = rai.explainers.sample_background(held, size, by=None if by is None else "group")
    return drawn["row"].to_numpy()
