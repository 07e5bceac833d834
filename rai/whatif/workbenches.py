"""A workbench: rows that can be edited, added, copied and deleted, with undo, and a model to ask.

    bench.edit(7, age=40).duplicate(3).delete(5)     steps; every one gives a new workbench
    bench.undo() · bench.redo() · bench.reset(7)
    bench.run()                                      predicts the rows that changed since the last run

The rows it was opened with are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rai.engines.encoding import Ints
from rai.engines.spelling import level
from rai.ground.errors import ArgumentError, DataError, RaiError, sentence
from rai.ground.formatting import counted
from rai.ground.records import Records, Row
from rai.values.features import Features
from rai.whatif.cutoffs import Threshold
from rai.whatif.edit_marks import EditMark, EditMarks
from rai.whatif.edited_rows import known_features
from rai.whatif.edits import as_edits
from rai.whatif.row_groups import Cuts
from rai.whatif.settings import setting_of
from rai.whatif.workbench_files import SAVED, SavedSteps, check_same_rows, plain_steps, steps_from
from rai.whatif.workbench_memory import Bench, known_scores, with_run
from rai.whatif.workbench_runs import Runs
from rai.whatif.workbench_states import BenchState, check_row, state_rows
from rai.whatif.workbench_steps import Step, step_taken

MODEL = "model"


class Workbench(Records):
    """Rows to edit, and a model (or several) to ask about them. Frozen: each step gives a new one.

    Rows go by ids: the original ones by their positions, counted from 0; an added one gets a new id,
    and deleting renumbers nobody.

    Args:
        model: Anything that `rai.load_model` takes, or a dict of name to such models.
        rows: The rows.
        threshold: One number, group to number (with `along`), or a `ThresholdPlan`; each model's own if
            None.
        along: The columns that make up a group, for a mapping of thresholds.
        cuts: Numeric column of `along` to edges (ranges hold their lower edge) or to a number of
            quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        y_score: Scores of the original rows, where known, so that a first run need not predict them;
            for several models a dict of name to scores.
        features: What is known of the columns; read off the rows, when needed, if None.

    Raises:
        ArgumentError: No model, or a column of predictions, which can't answer.
        RoleError: If the rows lack a column that a model or the thresholds read.

    Example:
        >>> import rai
        >>> bench = rai.whatif.Workbench(lambda frame: frame["age"] / 100, {"age": [30, 70]})
        >>> bench = bench.run().edit(0, age=60).run("older")
        >>> print(bench.history.of(0).to_markdown().splitlines()[-1])
        | 2 | older | model | 0 | 1 | 0.6 | 0.3 | 1 |
        >>> bench.changed_rows.tolist(), bench.undo().changed_rows.tolist()
        ([0], [])
    """

    __slots__ = ("_bench",)
    _bench: Bench

    def __init__(
        self,
        model: Any,
        rows: Any,
        *,
        threshold: Threshold = None,
        along: Any = None,
        cuts: Cuts | None = None,
        y_score: Any = None,
        features: Features | None = None,
    ) -> None:
        models = model if isinstance(model, Mapping) else {MODEL: model}
        if not models or not all(isinstance(name, str) for name in models):
            raise ArgumentError(
                sentence("model", "no model", expected="one, or a dict of name to model")
            )
        settings = {
            name: setting_of(each, rows, threshold=threshold, along=along, cuts=cuts, edits="Workbench")
            for name, each in models.items()
        }
        first = next(iter(settings.values()))
        settings = {name: replace(setting, rows=first.rows) for name, setting in settings.items()}
        known = known_scores(settings, y_score)
        bench = Bench(
            settings=settings,
            feature_of=known_features(first.rows, features),
            steps=(),
            states=(BenchState(len(first.rows)),),
            done=0,
            next_id=len(first.rows),
            runs=Runs(),
            known=known,
            predicted={},
        )
        object.__setattr__(self, "_bench", bench)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Workbench is frozen: {name!r} can't be set")

    def edit(self, row: int, edits: Any = (), /, **values: Any) -> Workbench:
        """One row with edits: columns by name, a dict of column to value, or `Edit`s.

        Raises:
            ArgumentError: If the row is not there, or a value doesn't fit its column.
            RoleError: If a column is not there.
        """
        given = () if isinstance(edits, tuple) and not edits else as_edits(edits)
        asked = (*given, *(as_edits(values) if values else ()))
        return self._step("edit", row, edits=asked or as_edits(()))

    def add(self, record: Any, /) -> Workbench:
        """One more row at the end, from column to value; a column it leaves out is missing.

        Its id is the last of `ids`.
        """
        if not isinstance(record, Mapping) or not record:
            raise ArgumentError(sentence("row", repr(record)[:60], expected="a dict of column to value"))
        return self._step("add", self._bench.next_id, edits=as_edits(record))

    def duplicate(self, row: int) -> Workbench:
        """A copy of a row, as it is now, at the end. Its id is the last of `ids`."""
        return self._step("duplicate", self._bench.next_id, source=check_row(self._bench.state, row))

    def delete(self, row: int) -> Workbench:
        """The rows without one."""
        return self._step("delete", row)

    def reset(self, row: int) -> Workbench:
        """One row as it was at first (an added one as it was added); this can be undone, too."""
        return self._step("reset", row)

    def undo(self) -> Workbench:
        """Before the last step.

        Raises:
            ArgumentError: If there is none.
        """
        return self._moved(-1, "undo", "a step that was taken")

    def redo(self) -> Workbench:
        """The last step that was undone, again.

        Raises:
            ArgumentError: If there is none; a new step forgets those that were undone.
        """
        return self._moved(1, "redo", "a step that was undone")

    @property
    def rows(self) -> Any:
        """The rows as they are, in the order of `ids`: a frame of the kind that came in."""
        return state_rows(self._bench.original, self._bench.state).native

    @property
    def original(self) -> Any:
        """The rows it was opened with, unchanged."""
        return self._bench.original.native

    @property
    def ids(self) -> Ints:
        """Ids of the rows that are there; added ones come last."""
        return self._bench.state.ids

    @property
    def changed_rows(self) -> Ints:
        """Ids of the rows that differ from the original ones or were added."""
        state = self._bench.state
        return _ids(row for row in {*state.patches, *state.added} if state.has(row))

    @property
    def deleted_rows(self) -> Ints:
        """Ids of the rows that were deleted."""
        return _ids(self._bench.state.deleted)

    @property
    def steps(self) -> tuple[str, ...]:
        """What was done, in words."""
        return tuple(map(str, self._bench.steps[: self._bench.done]))

    @property
    def undone(self) -> tuple[str, ...]:
        """What `redo` would do, in words, the next one first."""
        return tuple(map(str, self._bench.steps[self._bench.done :]))

    @property
    def history(self) -> Runs:
        """All runs; `history.of(row)` is what each said about one row. Undoing leaves it as it is."""
        return self._bench.runs

    @property
    def marks(self) -> EditMarks:
        """Values that are unusual in their column, of the rows that are there."""
        counts: dict[tuple[str, str], int] = {}
        for _, name, value in self._values():
            if mark := self._bench.feature_of(name).mark(value):
                counts[name, mark] = counts.get((name, mark), 0) + 1
        return EditMarks(EditMark(name, count, mark) for (name, mark), count in counts.items())

    def record(self, row: int) -> dict[str, Any]:
        """One row as it is now, as plain Python."""
        state = self._bench.state
        ids = np.array([check_row(state, row)])
        return state_rows(self._bench.original, state, ids=ids).record(0)

    def run(self, name: str | None = None) -> Workbench:
        """The models asked about each row that changed since the last run (at first, about all).

        Args:
            name: What the run is called; `run 1`, `run 2` … if None.

        Returns:
            A workbench with one more run in its `history` (one for each model).
        """
        return _of(with_run(self._bench, name))

    def save(self, path: str | Path) -> Path:
        """Write what was done (also what was undone) as JSON, with a fingerprint of the rows.

        Neither rows nor runs are written.
        """
        return SAVED.write(path, self._plain())

    @classmethod
    def load(cls, path: str | Path, *, model: Any, rows: Any, **asked: Any) -> Workbench:
        """Read what `save` wrote, for the same rows; `asked` as for a new workbench.

        Raises:
            DataError: If the file can't be read, is no workbench, or is of other rows.
        """
        opened = cls(model, rows, **asked)
        return opened._taken(SAVED.read(path, steps_from), where=f"reading {path}")

    def to_dict(self) -> dict[str, Any]:
        """What was done as data for JSON: what `save` writes."""
        return SAVED.headed(self._plain())

    @classmethod
    def from_dict(cls, plain: Any, *, model: Any, rows: Any, **asked: Any) -> Workbench:
        """The workbench from such data, for the same rows; `asked` as for a new workbench.

        Raises:
            DataError: If it is no workbench, or is of other rows.
        """
        opened = cls(model, rows, **asked)
        return opened._taken(SAVED.taken(plain, steps_from), where="reading a workbench")

    def to_dicts(self) -> list[Row]:
        """What differs: for each touched row its columns with the value before and now."""
        bench = self._bench
        listed: list[tuple[Any, ...]] = []
        for row, name, value in self._values():
            base = bench.state.patch(row).base
            before = None if base is None else _shown(bench.original.value(name, base))
            how = "added" if row in bench.state.added else "edited"
            listed.append((row, how, name, before, _shown(value)))
        alone = {row for row in bench.state.added if bench.state.has(row)} - {row for row, *_ in listed}
        listed += [(row, "added", None, None, None) for row in sorted(alone)]
        listed += [(row, "deleted", None, None, None) for row in sorted(bench.state.deleted)]
        keys = ("row", "change", "column", "before", "now")
        return [dict(zip(keys, values, strict=True)) for values in listed]

    def __repr__(self) -> str:
        changed, steps = len(self.changed_rows), counted(self._bench.done, "step")
        return f"Workbench({counted(len(self.ids), 'row')}, {changed:,} changed, {steps})"

    def _values(self) -> list[tuple[int, str, Any]]:
        """Id, column and value of everything that differs in rows that are there."""
        state = self._bench.state
        return [
            (row, name, value)
            for row, patch in sorted(state.patches.items())
            if state.has(row)
            for name, value in patch.values.items()
        ]

    def _plain(self) -> dict[str, Any]:
        bench = self._bench
        return plain_steps(bench.original, steps=bench.steps, done=bench.done)

    def _taken(self, saved: SavedSteps, *, where: str) -> Workbench:
        """With the steps of a saved one."""
        bench = self._bench
        check_same_rows(saved, bench.original, where=where)
        states = list(bench.states)
        try:
            for step in saved.steps:
                states.append(self._after(states[-1], step))
        except RaiError as error:
            expected = "a workbench saved by this version of rai"
            seen = f"steps that don't fit together ({error})"
            raise DataError(sentence(where, seen, expected=expected)) from error
        new = [step.row + 1 for step in saved.steps if step.op in {"add", "duplicate"}]
        following = max([bench.next_id, *new])
        return self._with(steps=saved.steps, states=tuple(states), done=saved.done, next_id=following)

    def _step(self, op: str, row: int, **parts: Any) -> Workbench:
        bench = self._bench
        new = op in {"add", "duplicate"}
        step = Step(op, row if new else check_row(bench.state, row), **parts)
        state = self._after(bench.state, step)
        return self._with(
            steps=(*bench.steps[: bench.done], step),
            states=(*bench.states[: bench.done + 1], state),
            done=bench.done + 1,
            next_id=bench.next_id + new,
        )

    def _after(self, state: BenchState, step: Step) -> BenchState:
        bench = self._bench
        return step_taken(state, step, original=bench.original, feature_of=bench.feature_of)

    def _moved(self, by: int, where: str, expected: str) -> Workbench:
        done = self._bench.done + by
        if not 0 <= done <= len(self._bench.steps):
            raise ArgumentError(sentence(where, "no step left", expected=expected))
        return self._with(done=done)

    def _with(self, **changes: Any) -> Workbench:
        return _of(replace(self._bench, **changes))


def _named(model: Any) -> Mapping[str, Any]:
    """Models by name."""
    named = model if isinstance(model, Mapping) else {MODEL: model}
    if named and all(isinstance(name, str) and name for name in named):
        return named
    raise ArgumentError(sentence("model", "no model", expected="one, or a dict of name to model"))


def _of(bench: Bench) -> Workbench:
    made = object.__new__(Workbench)
    object.__setattr__(made, "_bench", bench)
    return made


def _ids(rows: Iterable[int]) -> Ints:
    return np.array(sorted(rows), dtype=np.intp)


def _shown(value: Any) -> Any:
    """A value for a table: dates as ISO text."""
    return level(value) if hasattr(value, "isoformat") else value
