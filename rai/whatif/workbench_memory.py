"""What a workbench knows: its steps, and the last scores of its rows, so that a run asks only for news.

rows that changed since their last score  ── models ──▶  a Run for each model, and newer scores
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.ground.errors import ArgumentError, listing, sentence
from rai.whatif.edit_kinds import FeatureOf
from rai.whatif.settings import Setting
from rai.whatif.workbench_runs import Run, Runs
from rai.whatif.workbench_states import BenchState, Patch, positions, state_rows
from rai.whatif.workbench_steps import Step

FEW = 1000  # scores of more rows than that are put where the scores of all rows are


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The last scores of rows, by one model.

    Args:
        first: Of the original rows, NaN where there is none, shape (n, …).
        later: Id to score, for rows predicted since then.
        unknown: Which original rows have none in `first`.
    """

    first: Floats
    later: Mapping[int, Any] = field(default_factory=dict)
    unknown: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    @classmethod
    def at_first(cls, first: Floats, later: Mapping[int, Any] | None = None) -> Known:
        """What is known of the original rows, looked through once."""
        column = first if first.ndim == 1 else first[:, 0]
        return cls(first, later or {}, np.flatnonzero(np.isnan(column)))

    def of(self, ids: Ints) -> Floats:
        """The last score of each row, NaN where there is none, shape (m, …)."""
        inside = ids < len(self.first)
        found = np.full((len(ids), *self.first.shape[1:]), np.nan)
        found[inside] = self.first[ids[inside]]
        for at, score in zip(
            positions(ids, list(self.later)).tolist(), self.later.values(), strict=True
        ):
            if at >= 0:
                found[at] = score
        return found

    def learnt(self, ids: Ints, scores: Floats) -> Known:
        """The same with newer scores of some rows."""
        if len(ids) > FEW:
            first, later = self.first, dict(self.later)
            inside = ids < len(first)
            first = first.copy()
            first[ids[inside]] = scores[inside]
            news = set(ids.tolist())
            later = {row: score for row, score in later.items() if row not in news}
            rest = dict(zip(ids[~inside].tolist(), scores[~inside], strict=True))
            return Known.at_first(first, {**later, **rest})
        return replace(self, later={**self.later, **dict(zip(ids.tolist(), scores, strict=True))})


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Bench:
    """Everything that a workbench holds.

    Args:
        settings: Name of each model to what it is asked with.
        feature_of: What is known of a column.
        steps: What was done, and what was undone and could be done again.
        states: The rows before the first step, and after each.
        done: How many of the steps are done.
        next_id: The id of the next row that is added; ids are never used again.
        runs: All runs.
        known: Name of each model to the last scores.
        predicted: Id to the patch that a row had when it was last predicted, if it had one.
    """

    settings: Mapping[str, Setting]
    feature_of: FeatureOf
    steps: tuple[Step, ...]
    states: tuple[BenchState, ...]
    done: int
    next_id: int
    runs: Runs
    known: Mapping[str, Known]
    predicted: Mapping[int, Patch]

    @property
    def original(self) -> Rows:
        """The rows it was opened with."""
        return next(iter(self.settings.values())).rows

    @property
    def state(self) -> BenchState:
        """The rows as they are."""
        return self.states[self.done]


def known_scores(settings: Mapping[str, Setting], y_score: Any) -> dict[str, Known]:
    """What is known at first: the scores given, or nothing.

    Raises:
        ArgumentError: If scores of several models are not given by name.
        DataError: If they can't be used.
    """
    if y_score is None:
        return {
            name: Known.at_first(np.full(_shape(setting), np.nan)) for name, setting in settings.items()
        }
    if len(settings) == 1 and not isinstance(y_score, Mapping):
        y_score = dict.fromkeys(settings, y_score)
    if not isinstance(y_score, Mapping) or set(y_score) != set(settings):
        expected = f"a dict with scores of {listing(settings)}"
        raise ArgumentError(sentence("y_score", f"a {type(y_score).__name__}", expected=expected))
    return {
        name: Known.at_first(setting.given_scores(y_score[name])) for name, setting in settings.items()
    }


def with_run(bench: Bench, name: str | None) -> Bench:
    """The bench after one more run of all its models, over the rows that changed."""
    state, ids = bench.state, _stale(bench)
    rows = state_rows(bench.original, state, ids=ids)
    number = 1 + max((run.run for run in bench.runs), default=0)
    found = [_run(bench, each, ids, rows, (number, name or f"run {number}")) for each in bench.settings]
    gone = {row: patch for row, patch in bench.predicted.items() if not state.has(row)}
    there = {row: patch for row, patch in state.patches.items() if state.has(row)}
    return replace(
        bench,
        runs=Runs([*bench.runs, *found]),
        known={run.model: bench.known[run.model].learnt(ids, run.scores) for run in found},
        predicted={**gone, **there},
    )


def _stale(bench: Bench) -> Ints:
    """Ids of the rows that were never predicted, or differ from when they were."""
    state, known = bench.state, next(iter(bench.known.values()))
    changed = {
        row
        for row in {*state.patches, *bench.predicted}
        if state.has(row) and state.patch(row) != bench.predicted.get(row, Patch(row))
    }
    never = np.setdiff1d(known.unknown, np.array([*known.later, *state.deleted], dtype=np.intp))
    edited = np.array([row for row in changed if row < state.size], dtype=np.intp)
    added = [row for row in state.added if row in changed or row not in known.later]
    added = [row for row in added if state.has(row)]
    return np.concatenate((np.union1d(never, edited), np.array(added, dtype=np.intp)))


def _run(bench: Bench, model: str, ids: Ints, rows: Rows, called: tuple[int, str]) -> Run:
    setting = bench.settings[model]
    scores = setting.scores(rows)
    decided = None
    if setting.model.classes:
        decided = setting.decide(scores, rows) if len(ids) else np.zeros(0, dtype=np.intp)
    return Run(
        run=called[0],
        name=called[1],
        model=model,
        classes=setting.model.classes,
        rows=ids,
        scores=scores,
        delta=scores - bench.known[model].of(ids),
        decided=decided,
    )


def _shape(setting: Setting) -> tuple[int, ...]:
    k = len(setting.model.classes)
    return (len(setting.rows), k) if k > 2 else (len(setting.rows),)
