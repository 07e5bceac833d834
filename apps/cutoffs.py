"""The thresholds that decide, of each model: one for everybody, or one for each group of some columns.

    cut(project, "boosting") ─▶ Cut(single=0.5, along=("sex",), groups={("Female",): 0.44, …})
    set_cut("boosting", Cut(…))        decisions(project, "boosting") ─▶ whether each row is positive

They are moved on the Performance & Fairness page, and Dive and What-If decide by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import rai

from . import answers
from .project import Project
from .settings import Setting

CUTS = Setting("cuts", default={}, url="cuts")

SETTINGS = (CUTS,)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """What decides.

    Args:
        single: The threshold of everybody who is in no group below.
        along: The columns that make the groups.
        groups: Group to threshold.
        strategy: How they were chosen; `custom` where by hand.
    """

    single: float
    along: tuple[str, ...] = ()
    groups: Mapping[Key, float] = field(default_factory=dict)
    strategy: str = "custom"

    @property
    def threshold(self) -> float | dict[Key, float]:
        """As rai's functions take it, together with `along`."""
        return dict(self.groups) if self.groups else self.single


def cut(project: Project, model: str) -> Cut:
    """What decides for a model; its own threshold until another is set."""
    held = CUTS.value.get(model)
    if not isinstance(held, dict):
        return Cut(project.models[model].threshold)
    try:
        groups = {tuple(key): float(value) for key, value in held.get("groups", ())}
        single = float(held["single"])
        return Cut(single, tuple(held.get("along", ())), groups, str(held.get("strategy", "custom")))
    except (KeyError, TypeError, ValueError):
        return Cut(project.models[model].threshold)


def set_cut(model: str, new: Cut) -> None:
    """Let something else decide."""
    written = {
        "single": new.single,
        "along": list(new.along),
        "groups": [[list(key), value] for key, value in new.groups.items()],
        "strategy": new.strategy,
    }
    CUTS.put({**CUTS.value, model: written})


def thresholds(project: Project, model: str) -> Any:
    """The threshold of each row, shape (n,)."""
    held = cut(project, model)
    found = np.full(len(project), held.single)
    if not held.groups:
        return found
    groups, place = groups_of(project, held.along)
    by_group = np.array([held.groups.get(key, held.single) for key in groups])
    return by_group[place]


def groups_of(project: Project, along: tuple[str, ...]) -> tuple[list[Key], Any]:
    """The groups that some columns make, as an audit names them, and the place of each row's group."""
    return project.answer(("groups", along), lambda: _groups_of(project, along))


def decisions(project: Project, model: str) -> Any:
    """Whether each row is positive, shape (n,); of a binary model."""
    return np.asarray(answers.scores(project, model)) >= thresholds(project, model)


def _groups_of(project: Project, along: tuple[str, ...]) -> tuple[list[Key], Any]:
    place = np.zeros(len(project), dtype=np.int64)
    keys: list[Key] = [()]
    for column in along:
        cuts = project.roles.cuts.get(column)
        levels, codes = _levels(project, column, cuts)
        place = place * len(levels) + codes
        keys = [(*key, level) for key in keys for level in levels]
    return keys, place


def _levels(project: Project, column: str, cuts: Any) -> tuple[list[Any], Any]:
    """The groups of one column in order, and each row's; a missing value is a group."""
    if cuts is not None:
        coded = rai.explore.codes(project.frame, column, cuts)
        return list(coded.labels), coded.codes.astype(np.int64)
    values = project.frame[column]
    codes, levels = values.factorize(sort=True)
    named = [*(getattr(each, "item", lambda each=each: each)() for each in levels), "(missing)"]
    return named, np.where(codes < 0, len(levels), codes)
