"""The kinds of edits: what each holds, how it reads, and which new value each row gets by it.

edit, rows ──▶ Fresh(values [5, 6, 9], of_row [0 2 -1 1])     -1 keeps what is there

One row of `KINDS` for each kind; nothing else knows how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.features import is_whole
from rai.engines.frames import Rows
from rai.engines.spelling import level
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.values import Level
from rai.values.features import Feature

if TYPE_CHECKING:
    from rai.whatif.edits import Edit

MOST_WHOLE = 2.0**53  # beyond it, floats no longer hold every whole number

FeatureOf = Callable[[str], Feature]


@dataclass(frozen=True, slots=True, eq=False)
class Fresh:
    """New values, and which row gets which.

    Args:
        values: The new values.
        of_row: Each row's place among them, -1 where it keeps what it has, shape (m,).
        kept: Why rows keep it that were meant to change; empty where none was.
    """

    values: list[Any]
    of_row: Ints
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of edit.

    Args:
        check: Raises if the edit's own fields don't make sense.
        words: The edit for reading.
        fresh: From edit, rows to be changed, and features to the values that they get.
    """

    check: Callable[[Edit], None]
    words: Callable[[Edit], str]
    fresh: Callable[[Edit, Rows, FeatureOf], Fresh]


def fresh_values(edit: Edit, rows: Rows, feature_of: FeatureOf) -> Fresh:
    """The values that rows get by an edit, checked against the column.

    Args:
        edit: The edit.
        rows: The rows to be changed, shape (m, …).
        feature_of: From a column's name to what is known of it.

    Raises:
        RoleError: If a column is not there.
        ArgumentError: If a value is of another kind than the column.
    """
    for name in edit.columns:
        rows.check(name, where=f"edit of {edit.column!r}")
    return KINDS[edit.kind].fresh(edit, rows, feature_of)


def _set(edit: Edit, rows: Rows, feature_of: FeatureOf) -> Fresh:
    value = feature_of(edit.column).checked(edit.value, where=_where(edit))
    return Fresh([value], np.zeros(len(rows), dtype=np.intp))


def _arithmetic(edit: Edit, rows: Rows, feature_of: FeatureOf) -> Fresh:
    feature = feature_of(edit.column)
    if not feature.numeric:
        seen, hint = f"{edit} for a {feature.kind}", "Use Edit.set or Edit.replace."
        raise ArgumentError(sentence(_where(edit), seen, expected="a column of numbers", hint=hint))
    old, by = rows.numbers(edit.column), float(edit.value)  # type: ignore[arg-type]
    with np.errstate(over="ignore", invalid="ignore"):
        new = old + by if edit.kind == "add" else old * by
    there = ~np.isnan(old)
    if not np.isfinite(new[there]).all():
        raise ArgumentError(sentence(_where(edit), f"{edit}", expected="finite results"))
    of_row = np.full(len(rows), -1, dtype=np.intp)
    of_row[there] = np.arange(int(there.sum()))
    kept = "" if there.all() else f"missing, and stays so ({edit})"
    return Fresh(_typed(edit, rows, old[there], new[there]), of_row, kept)


def _typed(edit: Edit, rows: Rows, old: Floats, new: Floats) -> list[Any]:
    """Numbers as the column holds them: whole ones stay whole where all of them are."""
    if not is_whole(rows.column(edit.column)):
        return new.tolist()  # type: ignore[no-any-return]
    if max(np.abs(old).max(initial=0), np.abs(new).max(initial=0)) > MOST_WHOLE:
        expected, hint = "whole numbers up to 2**53, which stay exact", "Use Edit.set."
        raise DataError(sentence(_where(edit), f"{edit}", expected=expected, hint=hint))
    whole = new.astype(np.int64) if (new == np.floor(new)).all() else new
    return whole.tolist()  # type: ignore[no-any-return]


def _looked_up(edit: Edit, rows: Rows, feature_of: FeatureOf) -> Fresh:
    feature, source = feature_of(edit.column), feature_of(edit.source or edit.column)
    keys = [level(source.checked(old, where=_where(edit))) for old, _ in edit.values]
    fresh = [feature.checked(new, where=_where(edit)) for _, new in edit.values]
    of_row = _places(rows, source, keys)
    lacking = edit.source is not None and bool((of_row < 0).any())
    kept = f"{source.name} without an entry in the map, so it stays" if lacking else ""
    return Fresh(fresh, of_row, kept)


def _places(rows: Rows, source: Feature, keys: list[Level | None]) -> Ints:
    """The place of each row's value among some keys, -1 where it is none of them."""
    missing = keys.index(None) if None in keys else -1
    if not source.numeric:
        codes = rows.codes(source.name)
        found = [keys.index(held) if held in keys else -1 for held in codes.levels]
        return np.array([*found, missing], dtype=np.intp)[codes.codes]
    values, there = rows.numbers(source.name), [at for at, key in enumerate(keys) if key is not None]
    if not there:
        return np.where(np.isnan(values), missing, -1)
    order = sorted(there, key=lambda at: float(keys[at]))  # type: ignore[arg-type]
    ordered = np.array([float(keys[at]) for at in order])  # type: ignore[arg-type]
    near = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    places = np.where(ordered[near] == values, np.array(order, dtype=np.intp)[near], -1)
    return np.where(np.isnan(values), missing, places)


def _check_value(edit: Edit) -> None:
    if edit.values or edit.source is not None:
        raise ArgumentError(sentence(_where(edit), f"{edit.kind} with values", expected="one value"))


def _check_amount(edit: Edit) -> None:
    _check_value(edit)
    if isinstance(edit.value, bool) or not isinstance(edit.value, Real):
        seen = f"{edit.kind} {edit.value!r}"
        raise ArgumentError(sentence(_where(edit), seen, expected="a finite number"))


def _check_pairs(edit: Edit) -> None:
    olds = [old for old, _ in edit.values]
    if not olds or edit.value is not None or len(set(olds)) < len(olds):
        seen = "an old value twice" if olds and edit.value is None else "no values"
        expected = "each old value once, with its new one"
        raise ArgumentError(sentence(_where(edit), seen, expected=expected))
    if edit.kind == "map" and (not isinstance(edit.source, str) or edit.source == edit.column):
        expected = "the name of another column"
        raise ArgumentError(sentence(_where(edit), f"source {edit.source!r}", expected=expected))
    if edit.kind == "replace" and edit.source is not None:
        hint = 'Use kind "map".'
        raise ArgumentError(sentence(_where(edit), "replace with a source", expected="none", hint=hint))


def _says_value(edit: Edit) -> str:
    return f"{edit.column} = {_shown(edit.value)}"


def _says_amount(edit: Edit) -> str:
    amount = float(edit.value)  # type: ignore[arg-type]
    sign = "×" if edit.kind == "scale" else "−" if amount < 0 else "+"
    return f"{edit.column} {sign} {_shown(abs(amount) if sign == '−' else amount)}"


def _says_pairs(edit: Edit) -> str:
    most = 4
    pairs = [f"{_shown(old)} → {_shown(new)}" for old, new in edit.values[:most]]
    more = f" and {len(edit.values) - most} more" if len(edit.values) > most else ""
    by = f" by {edit.source}" if edit.source is not None else ""
    return f"{edit.column}{by}: {', '.join(pairs)}{more}"


def _shown(value: Level | None) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _where(edit: Edit) -> str:
    return f"edit of {edit.column!r}"


KINDS: Mapping[str, Kind] = {
    "set": Kind(_check_value, _says_value, _set),
    "add": Kind(_check_amount, _says_amount, _arithmetic),
    "scale": Kind(_check_amount, _says_amount, _arithmetic),
    "replace": Kind(_check_pairs, _says_pairs, _looked_up),
    "map": Kind(_check_pairs, _says_pairs, _looked_up),
}
