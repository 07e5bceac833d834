"""What was done to the rows of a workbench: steps as frozen data, and what each does to a state.

state ── Step("edit", 7, …) ──▶ state ── Step("delete", 5) ──▶ state     undo is going back to one before

A step costs what it changes, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.frames import Rows
from rai.ground.errors import ArgumentError, sentence
from rai.values.features import Value
from rai.whatif.edit_kinds import FeatureOf
from rai.whatif.edited_rows import apply_edits
from rai.whatif.edits import Edit
from rai.whatif.workbench_states import BenchState, Patch, check_row, state_rows


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done.

    Args:
        op: `edit`, `add`, `duplicate`, `delete` or `reset`.
        row: The id of the row it was done to; of an added one its new id.
        edits: Of an edit: the edits. Of an added row: its values, as edits that set them.
        source: Of a duplicate: the id of the row that it is a copy of.

    Example:
        >>> str(Step("edit", 7, (Edit.set("age", 40),))), str(Step("duplicate", 9, source=7))
        ('row 7: age = 40', 'row 9: a copy of row 7')
    """

    op: str
    row: int
    edits: tuple[Edit, ...] = ()
    source: int | None = None

    def __str__(self) -> str:
        done = {"add": "added", "delete": "deleted", "reset": "as it was"}
        told = done.get(self.op) or "; ".join(map(str, self.edits))
        return f"row {self.row}: {f'a copy of row {self.source}' if self.op == 'duplicate' else told}"

    def to_dict(self) -> dict[str, Any]:
        """The step as data for JSON."""
        plain: dict[str, Any] = {"op": self.op, "row": self.row}
        if self.edits:
            plain["edits"] = [edit.to_dict() for edit in self.edits]
        return plain if self.source is None else {**plain, "source": self.source}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Step:
        """The step from such data; anything else makes Python fail."""
        if not {"op", "row"} <= set(plain) <= {"op", "row", "edits", "source"}:
            raise ValueError
        source = plain.get("source")
        rows = [plain["row"]] if source is None else [plain["row"], source]
        if plain["op"] not in OPS or any(type(row) is not int for row in rows):
            raise ValueError
        return cls(plain["op"], plain["row"], tuple(map(Edit.from_dict, plain.get("edits", ()))), source)


def step_taken(state: BenchState, step: Step, *, original: Rows, feature_of: FeatureOf) -> BenchState:
    """The state after one more step.

    Args:
        state: The state before.
        step: What is done.
        original: The original rows.
        feature_of: What is known of a column.

    Raises:
        ArgumentError: If the row is not there, or a value doesn't fit its column.
        RoleError: If a column is not there.
    """
    return OPS[step.op](state, step, original, feature_of)


def _edit(state: BenchState, step: Step, original: Rows, feature_of: FeatureOf) -> BenchState:
    check_row(state, step.row)
    patch = state.patch(step.row)
    one = state_rows(original, state, ids=np.array([step.row]))
    done = apply_edits(one, step.edits, feature_of=feature_of)
    values = {**patch.values, **{name: done.rows.value(name, 0) for name in done.columns}}
    if patch.base is not None:
        values = {
            name: value for name, value in values.items() if value != original.value(name, patch.base)
        }
    return state.with_patch(step.row, Patch(patch.base, values))


def _add(state: BenchState, step: Step, original: Rows, feature_of: FeatureOf) -> BenchState:
    _check_new(state, step.row)
    values: dict[str, Value] = {}
    for edit in step.edits:
        if edit.kind != "set":
            raise ArgumentError(sentence("row", str(edit), expected="a value for each column"))
        original.check(edit.column, where="row")
        values[edit.column] = feature_of(edit.column).checked(edit.value, where="row")
    return _added(state, step.row, Patch(None, values))


def _duplicate(state: BenchState, step: Step, _original: Rows, _feature_of: FeatureOf) -> BenchState:
    _check_new(state, step.row)
    source = -1 if step.source is None else step.source
    check_row(state, source)
    return _added(state, step.row, state.patch(source))


def _delete(state: BenchState, step: Step, _original: Rows, _feature_of: FeatureOf) -> BenchState:
    check_row(state, step.row)
    return replace(state, deleted=state.deleted | {step.row})


def _reset(state: BenchState, step: Step, _original: Rows, _feature_of: FeatureOf) -> BenchState:
    check_row(state, step.row)
    return state.with_patch(step.row, state.added.get(step.row) or Patch(step.row))


def _added(state: BenchState, row: int, patch: Patch) -> BenchState:
    return replace(state, added={**state.added, row: patch}).with_patch(row, patch)


def _check_new(state: BenchState, row: int) -> None:
    if row < state.size or row in state.added:
        raise ArgumentError(sentence("row", f"id {row}", expected="an id that no row has"))


OPS: Mapping[str, Callable[[BenchState, Step, Rows, FeatureOf], BenchState]] = {
    "edit": _edit,
    "add": _add,
    "duplicate": _duplicate,
    "delete": _delete,
    "reset": _reset,
}
