"""What each model says and decides of one row, as it was and as it is.

verdicts(project, 7) ─▶ (Verdict("boosting", before=0.41, now=0.62, "<=50K" → ">50K" at 0.5), …)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import rai

from .. import answers, cutoffs
from ..cutoffs import Cut
from ..project import Project
from .desk import Desk

MISSING = "(missing)"


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What one model says.

    Args:
        model: Its name.
        before: Its score of the row as it was; of k classes their scores, shape (k,).
        now: Its score of the row as it is.
        decided: The class decided before; None of a regression.
        decides: The class decided now.
        threshold: What decides now; None where no threshold does.
        threshold_before: What decided before.
        group: The group whose threshold that is; empty for everybody's.
    """

    model: str
    before: Any
    now: Any
    decided: Any = None
    decides: Any = None
    threshold: float | None = None
    threshold_before: float | None = None
    group: tuple[Any, ...] = ()

    @property
    def flipped(self) -> bool:
        """Whether the decision differs."""
        return bool(self.decided != self.decides)

    @property
    def delta(self) -> Any:
        """Now minus before."""
        return self.now - self.before


def verdicts(project: Project, desk: Desk) -> tuple[Verdict, ...]:
    """One for each model that answers."""
    return tuple(_verdict(project, desk, name, model) for name, model in project.answering.items())


def deciding(project: Project, model: str) -> dict[str, Any]:
    """What decides, as arguments of rai's functions; a group without a threshold has everybody's."""
    if project.models[model].task != "binary":
        return {}
    held = cutoffs.cut(project, model)
    if not held.groups:
        return {"threshold": held.single}
    groups, _ = cutoffs.groups_of(project, held.along, cuts=held.cuts)
    each = {key: held.groups.get(key, held.single) for key in groups}
    return {"threshold": each, "along": held.along, "cuts": dict(held.cuts)}


def threshold_of(
    project: Project, model: str, record: Mapping[str, Any]
) -> tuple[float, tuple[Any, ...]]:
    """The threshold of somebody with these values, and the group whose it is (empty: everybody's)."""
    held = cutoffs.cut(project, model)
    if not held.groups:
        return held.single, ()
    key = tuple(_level(held, column, record.get(column)) for column in held.along)
    return (held.groups[key], key) if key in held.groups else (held.single, ())


def score_range(project: Project, model: str) -> tuple[float, float]:
    """Between which ends a bar of scores is drawn."""
    if project.models[model].task != "regression" and project.models[model].probabilities:
        return 0.0, 1.0
    found = np.asarray(answers.scores(project, model))
    low, high = project.answer(("score range", model), lambda: (float(found.min()), float(found.max())))
    return (low, high) if high > low else (low, low + 1.0)


def _verdict(project: Project, desk: Desk, name: str, model: rai.Model) -> Verdict:
    now = _last_score(desk.bench, name, desk.row)
    if desk.row < len(project):
        before = answers.scores(project, name)[desk.row]
    else:
        before = _first_score(desk.bench, name, desk.row)
    now = before if now is None else now
    if model.task == "regression":
        return Verdict(name, before, now)
    if model.task == "multiclass":
        first, then = (model.classes[int(np.argmax(scores))] for scores in (before, now))
        return Verdict(name, before, now, first, then)
    was, _ = threshold_of(project, name, desk.original)
    at, group = threshold_of(project, name, desk.record)
    return Verdict(
        name,
        before,
        now,
        model.classes[int(before >= was)],
        model.classes[int(now >= at)],
        threshold=at,
        threshold_before=was,
        group=group,
    )


def _last_score(bench: rai.whatif.Workbench, model: str, row: int) -> Any:
    """The score of a row in the last run that predicted it; None if none did."""
    return next(_scores(reversed(bench.history), model, row), None)


def _first_score(bench: rai.whatif.Workbench, model: str, row: int) -> Any:
    """The score of an added row as it was added."""
    return next(_scores(bench.history, model, row), np.nan)


def _scores(runs: Any, model: str, row: int) -> Any:
    for run in runs:
        if run.model == model:
            yield from run.scores[run.rows == row]


def _level(held: Cut, column: str, value: Any) -> Any:
    """The level of a group that a value is in; a range holds its lower edge."""
    if value is None:
        return MISSING
    edges = held.cuts.get(column)
    return cutoffs.range_names(edges)[bisect_right(edges, value)] if edges else value
