"""What columns may hold, looked at while rows are counted: an identifier is not counted to its end."""

from __future__ import annotations

from collections.abc import Mapping

from rai.engines.cutting import all_numbers, axis_where, refuse_names, refuse_uncut
from rai.engines.labels import FractionalLabelsError, check_class_count, check_one_kind
from rai.engines.parts import Seen
from rai.engines.plans import Plan
from rai.engines.spelling import kind, typed
from rai.values.levels import MISSING, Level

MOST_NUMBERS = 20
MOST_LEVELS = 1000
READ_AT_ONCE = 1 << 19


def check_seen(plan: Plan, seen: Seen, *, last: bool = False) -> None:
    """The levels seen so far are few enough and of one kind.

    Args:
        plan: What is counted.
        seen: Column to its levels.
        last: Whether all rows have been seen, so that text columns of a CSV file can be typed.

    Raises:
        RoleError: A column that can't be a group or a label.
        FractionalLabelsError: Labels that are quantities, where the task is open.
    """
    for axis in plan.roles.axes:
        if axis not in plan.roles.cuts:
            _check_axis(plan, axis, seen[axis], last=last)
    if plan.task != "regression":
        _check_labels(plan, seen)


def _check_axis(plan: Plan, axis: str, levels: Mapping[Level, None], *, last: bool) -> None:
    where = axis_where(plan.roles, axis)
    check_one_kind(levels, where=where)
    values: list[Level] = [value for value in levels if value != MISSING]
    if plan.source.text_only:
        if not last and len(values) <= MOST_LEVELS:
            return
        values = list(dict.fromkeys(typed([str(value) for value in values]).values()))
    if values and kind(values[0]) == "numbers":
        if len(values) > MOST_NUMBERS or any(isinstance(value, float) for value in values):
            numbers = all_numbers(plan.source, plan.roles, axis, rows=READ_AT_ONCE)
            raise refuse_uncut(numbers, axis, where=where)
    elif len(values) > MOST_LEVELS:
        raise refuse_names(values[0], where=where)


def _check_labels(plan: Plan, seen: Seen) -> None:
    columns = [plan.roles.y_true, *([plan.roles.y_pred] if plan.roles.y_pred else [])]
    classes: dict[Level, None] = {value: None for column in columns for value in seen[column]}
    if plan.source.text_only and len(classes) > 2:
        classes = dict.fromkeys(typed([str(value) for value in classes]).values())
        if plan.task == "auto" and any(isinstance(value, float) for value in classes):
            raise FractionalLabelsError
    check_class_count(plan, classes)
