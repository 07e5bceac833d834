"""The thresholds that decide, of each model: one for everybody, or one for each group of some columns.

    cut(project, "boosting") ─▶ Cut(single=0.5, along=("sex",), groups={("Female",): 0.44, …})
    set_cut("boosting", Cut(…))        decisions(project, "boosting") ─▶ whether each row is positive

They are moved on the Performance & Fairness page, and Dive and What-If decide by them. For probabilities
they lie on a grid of thousandths, where an audit's counts are exact: 0 selects everybody, and `NOBODY`
nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

import rai

from . import answers
from .project import Project
from .settings import Setting

CUTS = Setting("cuts", default={}, url="cuts")

SETTINGS = (CUTS,)

Key = tuple[Any, ...]
Edges = Mapping[str, tuple[float, ...]]

NOBODY = 1.001
CUSTOM = "custom"
GROUPS, MOST_LEVELS = 4, 10  # quantile groups; whole numbers that are groups as they are


@dataclass(frozen=True, slots=True)
class Cut:
    """What decides.

    Args:
        single: The threshold of everybody who is in no group below.
        along: The columns that make the groups.
        groups: Group to threshold.
        strategy: How they were chosen; `custom` where by hand.
        cuts: Column to its edges, for columns of numbers among `along`.
    """

    single: float
    along: tuple[str, ...] = ()
    groups: Mapping[Key, float] = field(default_factory=dict)
    strategy: str = CUSTOM
    cuts: Edges = field(default_factory=dict)

    @property
    def threshold(self) -> float | dict[Key, float]:
        """As rai's functions take it, together with `along`."""
        return dict(self.groups) if self.groups else self.single


def cut(project: Project, model: str) -> Cut:
    """What decides for a model; its own threshold until another is set."""
    held = CUTS.value.get(model)
    asked = project.models[model]
    try:
        return _read(held, grid=asked.probabilities) if held else Cut(asked.threshold)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Cut(asked.threshold)


def set_cut(model: str, new: Cut) -> None:
    """Let something else decide."""
    written = {
        "single": new.single,
        "along": list(new.along),
        "groups": [[list(key), value] for key, value in new.groups.items()],
        "strategy": new.strategy,
        "cuts": {name: list(edges) for name, edges in new.cuts.items()},
    }
    CUTS.put({**CUTS.value, model: written})


def reset(model: str) -> None:
    """Let the model's own threshold decide again."""
    CUTS.put({name: held for name, held in CUTS.value.items() if name != model})


def thresholds(project: Project, model: str) -> Any:
    """The threshold of each row, shape (n,)."""
    held = cut(project, model)
    found = np.full(len(project), held.single)
    if not held.groups:
        return found
    groups, place = groups_of(project, held.along, cuts=held.cuts)
    by_group = np.array([held.groups.get(key, held.single) for key in groups])
    return by_group[place]


def edges_of(project: Project, column: str) -> tuple[float, ...]:
    """Where a column of numbers is cut: as its role says, else into quantile groups; empty for words.

    Few whole numbers are groups as they are.
    """
    return project.answer(("edges", column), lambda: _edges_of(project, column))


def groups_of(project: Project, along: tuple[str, ...], *, cuts: Edges) -> tuple[list[Key], Any]:
    """The groups that some columns make, as an audit names them, and the place of each row's group.

    Args:
        project: The project.
        along: The columns.
        cuts: Column to its edges, for columns of numbers.
    """
    key = ("groups", along, tuple(cuts.get(column) for column in along))
    return project.answer(key, lambda: _groups_of(project, along, cuts))


def decisions(project: Project, model: str) -> Any:
    """Whether each row is positive, shape (n,); of a binary model."""
    return np.asarray(answers.scores(project, model)) >= thresholds(project, model)


def quantiles(project: Project, column: str, groups: int) -> tuple[float, ...]:
    """The edges that part a column of numbers into groups of about the same size."""
    coded = rai.explore.codes(project.frame, column, groups, method="quantile")
    return () if coded.edges is None else tuple(float(edge) for edge in coded.edges[1:-1])


def range_names(edges: Sequence[float]) -> list[str]:
    """The groups between edges, as an audit names them.

    Example:
        >>> range_names([25, 4500])
        ['< 25', '25 to < 4500', '≥ 4500']
    """
    marks = [f"{edge:.12g}" for edge in edges]
    between = [f"{low} to < {high}" for low, high in pairwise(marks)]
    return [f"< {marks[0]}", *between, f"≥ {marks[-1]}"]


def _read(held: Mapping[str, Any], *, grid: bool) -> Cut:
    def placed(value: Any) -> float:
        return min(max(round(float(value), 3), 0.0), NOBODY) if grid else float(value)

    along, cuts = tuple(map(str, held.get("along", ()))), held.get("cuts", {})
    return Cut(
        placed(held["single"]),
        along,
        {tuple(key): placed(value) for key, value in held.get("groups", ())},
        str(held.get("strategy", CUSTOM)),
        {c: tuple(map(float, cuts[c])) for c in along if cuts.get(c)},
    )


def _edges_of(project: Project, column: str) -> tuple[float, ...]:
    said = project.roles.cuts.get(column)
    if said is not None:
        return quantiles(project, column, said) if isinstance(said, int) else tuple(said)
    values = project.frame[column]
    if values.dtype.kind not in "iuf":
        return ()
    known = values.dropna()
    few = known.nunique() <= MOST_LEVELS and bool((known % 1 == 0).all())
    return () if few else quantiles(project, column, GROUPS)


def _groups_of(project: Project, along: tuple[str, ...], cuts: Edges) -> tuple[list[Key], Any]:
    place = np.zeros(len(project), dtype=np.int64)
    keys: list[Key] = [()]
    for column in along:
        levels, codes = _levels(project, column, cuts.get(column))
        place = place * len(levels) + codes
        keys = [(*key, level) for key in keys for level in levels]
    return keys, place


def _levels(project: Project, column: str, edges: tuple[float, ...] | None) -> tuple[list[Any], Any]:
    """The groups of one column in order, and each row's; a missing value is a group."""
    if edges:
        codes = rai.explore.codes(project.frame, column, edges).codes.astype(np.int64)
        return [*range_names(edges), "(missing)"], np.where(codes < 0, len(edges) + 1, codes)
    values = project.frame[column]
    codes, levels = values.factorize(sort=True)
    named = [*(getattr(each, "item", lambda each=each: each)() for each in levels), "(missing)"]
    return named, np.where(codes < 0, len(levels), codes)
