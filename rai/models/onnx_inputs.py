"""What an ONNX model is given: columns of a frame as the tensors that it declares.

one input [n, 14]                 ◀── 14 columns of numbers, in order
inputs age [n, 1], sex [n, 1] …   ◀── the column of that name, numbers or text
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.engines.frames import Rows, open_rows
from rai.engines.numbers import NotNumbersError, numbers
from rai.ground.errors import DataError, listing, sentence
from rai.ground.formatting import counted

KIND = "ONNX"
NAMES = "feature_names"  # in a file's own metadata: a JSON list

_TYPES: dict[str, Any] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.object_,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a model.

    Args:
        name: Its name.
        dtype: The NumPy type of its values; object for text.
        width: How many columns it takes; None for any number.
        flat: Whether it has one dimension, of rows, and no second one.
    """

    name: str
    dtype: Any
    width: int | None
    flat: bool


def inputs_of(session: Any, *, where: str) -> tuple[Input, ...]:
    """The inputs that a model declares.

    Raises:
        DataError: One can't be made of columns, or takes a fixed number of rows.
    """
    inputs = tuple(_input(node, where) for node in session.get_inputs())
    if not inputs or (len(inputs) > 1 and any(each.width is None for each in inputs)):
        seen = "no inputs" if not inputs else "several inputs of any number of columns"
        raise DataError(sentence(where, seen, expected="inputs of which the columns are known"))
    return inputs


def own_names(inputs: Sequence[Input], metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that the file names: by its inputs, or as `feature_names` in its metadata."""
    if len(inputs) > 1 and all(each.width == 1 for each in inputs):
        return tuple(each.name for each in inputs)
    try:
        names = json.loads(metadata.get(NAMES, "null"))
    except (ValueError, RecursionError):
        return ()
    width = total_width(inputs)
    fits = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return tuple(names) if fits and width in {None, len(names)} else ()


def total_width(inputs: Sequence[Input]) -> int | None:
    """How many columns all inputs take; None if any number."""
    widths = [each.width for each in inputs]
    return None if None in widths else sum(width for width in widths if width is not None)


def feeds(inputs: Sequence[Input], frame: Any, *, where: str) -> dict[str, NDArray[Any]]:
    """The tensors for a frame whose columns are in the order of the inputs.

    Raises:
        DataError: Another number of columns, or values that an input can't take.
    """
    rows = open_rows(frame)
    width = total_width(inputs)
    if width not in {None, len(rows.names)}:
        seen, hint = counted(len(rows.names), "column"), "Pass features=[…] in the order of its inputs."
        raise DataError(sentence(where, seen, expected=f"{width:,}", hint=hint))
    made, at = {}, 0
    for each in inputs:
        stop = len(rows.names) if each.width is None else at + each.width
        columns = [_values(rows, name, each.dtype, where) for name in rows.names[at:stop]]
        made[each.name] = columns[0] if each.flat else np.column_stack(columns)
        at = stop
    return made


def _input(node: Any, where: str) -> Input:
    dtype, shape = _TYPES.get(node.type), node.shape
    called = f"input {node.name!r} of {node.type}, shape {_shown(shape)}"
    if dtype is None or not 1 <= len(shape) <= 2:
        expected = f"shape [rows, columns], of {listing(_TYPES)}"
        hint = "Pass a function from a frame to scores that makes its input."
        raise DataError(sentence(where, called, expected=expected, hint=hint))
    if isinstance(shape[0], int):
        hint = "Convert it with a first dimension that is free, such as 'rows' or None."
        raise DataError(sentence(where, called, expected="any number of rows", hint=hint))
    flat = len(shape) == 1
    second = 1 if flat else shape[1]
    width = second if isinstance(second, int) else None
    if width is not None and width < 1:
        raise DataError(sentence(where, called, expected="at least one column"))
    return Input(name=node.name, dtype=dtype, width=width, flat=flat)


def _shown(shape: Sequence[Any]) -> str:
    return "[" + ", ".join("?" if each is None else str(each) for each in shape) + "]"


def _values(rows: Rows, name: str, dtype: Any, where: str) -> NDArray[Any]:
    """A column as values of an input's type."""
    if dtype is np.object_:
        return _words(rows, name, where)
    plain = _plain_numbers(rows, name, where)
    if np.dtype(dtype).kind == "f":
        with np.errstate(over="ignore"):
            return plain.astype(dtype)
    if np.isnan(plain).any() or (plain % 1 != 0).any():
        held = "missing values" if np.isnan(plain).any() else "numbers that are not whole"
        seen = f"{held} in column {name!r}"
        raise DataError(sentence(where, seen, expected="whole numbers, as its input is of such"))
    return plain.astype(dtype)


def _plain_numbers(rows: Rows, name: str, where: str) -> Floats:
    """A column of numbers, or of true/false as 1 and 0."""
    try:
        return numbers(rows.column(name))
    except NotNumbersError as error:
        codes = rows.codes(name)
        if all(isinstance(level, bool) for level in codes.levels) and not codes.gaps:
            return np.array(codes.levels, dtype=np.float64)[codes.codes]
        seen = f"column {name!r} with {error}"
        hint = "Are the columns those it was trained on, in order?"
        raise DataError(sentence(where, seen, expected="numbers", hint=hint)) from None


def _words(rows: Rows, name: str, where: str) -> NDArray[Any]:
    codes = rows.codes(name)
    odd = codes.fraction is not None or any(not isinstance(level, str) for level in codes.levels)
    if odd or codes.gaps:
        seen = f"column {name!r} with {'other values than text' if odd else 'missing values'}"
        raise DataError(sentence(where, seen, expected="text, as its input is of text"))
    return np.array(codes.levels, dtype=object)[codes.codes]
