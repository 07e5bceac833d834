"""KServe's protocol, version 2 (Open Inference Protocol): what a model takes and gives, as tensors.

    metadata ──▶ Tensors ──features──▶ columns ──request_of──▶ inputs, outputs ──predictions_of──▶ rows

Each input is one column, except where a model takes a single matrix. Of several outputs the one that
looks most like scores is read: floats before labels, a score for each class before one for each row.

Source: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.frames import Rows
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import counted
from rai.models.plain_rows import plain_series
from rai.models.transport import Server

if TYPE_CHECKING:
    import polars

FLOATS = {"FP16", "FP32", "FP64", "BF16"}
WHOLE = {f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)}
WORDS = {"BYTES": "text", "BOOL": "true/false values"}


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor that a model takes.

    Args:
        name: Its name.
        datatype: `FP32`, `INT64`, `BOOL`, `BYTES` ….
        shape: Its shape, -1 where any length fits.
    """

    name: str
    datatype: str
    shape: tuple[int, ...]

    @property
    def matrix(self) -> bool:
        """Whether it holds several columns."""
        return len(self.shape) == 2 and self.shape[1] != 1


@dataclass(frozen=True, slots=True)
class Tensors:
    """What a model takes, as far as it says so.

    Args:
        where: For messages.
        inputs: Its tensors; empty if it doesn't say.
    """

    where: str
    inputs: tuple[Tensor, ...]

    @property
    def matrix(self) -> Tensor | None:
        """The one tensor that holds all columns, where there is such a one."""
        return self.inputs[0] if len(self.inputs) == 1 and self.inputs[0].matrix else None

    def features(self, asked: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """The columns it reads.

        Args:
            asked: What the person who loads the model says.

        Raises:
            ArgumentError: If what was asked for doesn't fit its tensors.
        """
        if self.matrix is not None:
            width = self.matrix.shape[1]
            if asked is not None and width > 0 and len(asked) != width:
                expected = f"{width} columns, as tensor {self.matrix.name!r} has"
                raise ArgumentError(sentence("features", listing(asked), expected=expected))
            return asked
        names = tuple(tensor.name for tensor in self.inputs)
        if asked is not None and names and set(asked) != set(names):
            expected = f"the model's own: {listing(names)}"
            raise ArgumentError(sentence("features", listing(asked), expected=expected))
        return asked or names or None


def metadata_of(answer: Any, server: Server) -> Tensors:
    """What a model says of itself.

    Raises:
        DataError: If it is no metadata, or a tensor has more dimensions than rows and columns.
    """
    expected = "a model's metadata, with 'inputs'"
    listed = answer.get("inputs") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(listed or [], list):
        raise server.refuse("an answer that is no metadata", expected=expected)
    try:
        inputs = tuple(
            Tensor(str(one["name"]), str(one["datatype"]), tuple(int(n) for n in one["shape"]))
            for one in listed or ()
        )
    except (KeyError, TypeError, ValueError):
        raise server.refuse("an input without name, datatype or shape", expected=expected) from None
    for tensor in inputs:
        column = len(tensor.shape) == 1 or (len(tensor.shape) == 2 and not tensor.matrix)
        if not column and not (tensor.matrix and len(inputs) == 1):
            seen = f"input {tensor.name!r} of shape {list(tensor.shape)}"
            raise server.refuse(seen, expected="a column for each input, or one matrix")
    return Tensors(server.where, inputs)


def request_of(rows: Rows, tensors: Tensors, *, where: str) -> dict[str, Any]:
    """Rows as the inputs of a request.

    Raises:
        DataError: A column whose values its tensor can't hold.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> asked = request_of(open_rows({"age": [30, 40]}), Tensors("", ()), where="endpoint")
        >>> asked["inputs"]
        [{'name': 'age', 'datatype': 'INT64', 'shape': [2], 'data': [30, 40]}]
    """
    matrix = tensors.matrix
    if matrix is not None:
        return {"inputs": [_matrix(rows, matrix, where)]}
    known = {tensor.name: tensor for tensor in tensors.inputs}
    inputs = [_column(rows, name, known.get(name), where) for name in rows.names]
    return {"parameters": {"content_type": "pd"}, "inputs": inputs}


def predictions_of(answer: Any, server: Server, *, rows: int, width: int) -> list[Any]:
    """The predictions in an answer, one for each row: a value, or a list of values.

    Args:
        answer: What came back.
        server: Who answered.
        rows: Rows that were asked about.
        width: Values for each row that are looked for first.

    Raises:
        DataError: If there are no outputs, or none has as many rows.
    """
    outputs = answer.get("outputs") if isinstance(answer, dict) else None
    if not isinstance(outputs, list) or not outputs:
        raise server.refuse("an answer without outputs", expected="'outputs'")
    arrays = [_array(output, server) for output in outputs]
    fitting = [each for each in arrays if each[1].ndim in {1, 2} and each[1].shape[0] == rows]
    if not fitting:
        shapes = ", ".join(str(list(array.shape)) for _, array in arrays)
        seen = f"outputs of shape {shapes} for {counted(rows, 'row')}"
        raise server.refuse(seen, expected="a prediction for each row")
    best: list[Any] = min(fitting, key=lambda each: _rank(each, width))[1].tolist()
    return best


def _rank(output: tuple[str, Any], width: int) -> tuple[bool, bool]:
    """How little an output looks like scores."""
    datatype, array = output
    held = 1 if array.ndim == 1 else array.shape[1]
    return datatype not in FLOATS, held != width


def _array(output: Any, server: Server) -> tuple[str, Any]:
    try:
        shape = tuple(int(n) for n in output["shape"])
        flat = np.array(_flat(output["data"]), dtype=object)
        return str(output.get("datatype", "")), flat.reshape(shape)
    except (KeyError, TypeError, ValueError, AttributeError):
        seen = "an output whose data don't fill its shape"
        raise server.refuse(seen, expected="'shape' and 'data' that agree") from None


def _flat(data: Sequence[Any]) -> list[Any]:
    """Values of a tensor in one list, however deep they are nested."""
    flat = list(data)
    while any(isinstance(each, list) for each in flat):
        flat = [value for each in flat for value in (each if isinstance(each, list) else (each,))]
    return flat


def _column(rows: Rows, name: str, tensor: Tensor | None, where: str) -> dict[str, Any]:
    series = plain_series(rows, name, where=where)
    datatype = _datatype(series) if tensor is None else tensor.datatype
    data = _fitted(series, datatype, where=where).to_list()
    shape = [len(rows)] if tensor is None or len(tensor.shape) == 1 else [len(rows), 1]
    said = {"parameters": {"content_type": "str"}} if datatype == "BYTES" else {}
    return {"name": name, "datatype": datatype, "shape": shape, "data": data, **said}


def _matrix(rows: Rows, tensor: Tensor, where: str) -> dict[str, Any]:
    if tensor.shape[1] > 0 and tensor.shape[1] != len(rows.names):
        seen = f"{counted(len(rows.names), 'column')} for tensor {tensor.name!r}"
        hint = "Pass features= to rai.load_model, in the order that it was trained on."
        raise DataError(sentence(where, seen, expected=f"{tensor.shape[1]}", hint=hint))
    columns = [
        _fitted(plain_series(rows, name, where=where), tensor.datatype, where=where).to_list()
        for name in rows.names
    ]
    data = [value for row in zip(*columns, strict=True) for value in row]
    shape = [len(rows), len(rows.names)]
    return {"name": tensor.name, "datatype": tensor.datatype, "shape": shape, "data": data}


def _datatype(series: polars.Series) -> str:
    """The datatype that a column of plain values has by itself."""
    import polars as pl

    kind = series.dtype
    if kind == pl.String:
        return "BYTES"
    if kind == pl.Boolean:
        return "BOOL"
    if kind.is_integer():
        return ("U" if kind.is_unsigned_integer() else "") + f"INT{str(kind).rpartition('nt')[2]}"
    return "FP32" if kind == pl.Float32 else "FP64"


def _fitted(series: polars.Series, datatype: str, *, where: str) -> polars.Series:
    """A column as its tensor wants it, unless that would change a value."""
    import polars as pl

    kind = series.dtype
    if kind == pl.Null:
        return series
    if datatype in FLOATS | WHOLE and (kind.is_numeric() or kind == pl.Boolean):
        wide = series.cast(pl.Int64) if kind == pl.Boolean else series
        if datatype in FLOATS or kind.is_integer() or kind == pl.Boolean:
            return wide
        if bool((wide.floor() == wide).all()):
            return wide.cast(pl.Int64)
    elif (datatype == "BYTES" and kind == pl.String) or (datatype == "BOOL" and kind == pl.Boolean):
        return series
    seen = f"column {series.name!r} of type {kind} for datatype {datatype}"
    wanted = WORDS.get(datatype, "whole numbers" if datatype in WHOLE else "numbers")
    raise DataError(sentence(where, seen, expected=wanted))
