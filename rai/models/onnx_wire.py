"""What an ONNX file says beside what the runtime tells: other files it wants, and names of classes.

    file ──protobuf, field by field──▶ nodes, attributes, tensors

A tensor may be stored in another file, named in this one by any path. Such a file is refused before the
runtime sees it. Protocol Buffers' wire format: https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

DEEPEST = 64
EXTERNAL = b"location"  # the key by which a tensor names its file

# message ──▶ number of a field ──▶ the message that it holds (from onnx.proto)
_HOLDS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
_TENSOR_PLACE, _TENSOR_FILE = 14, 13
_INT64, _STRING = 7, 8

Field = tuple[int, int | memoryview]
Labels = tuple[str | int, ...]


class WireError(ValueError):
    """Bytes that are no protobuf message."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of classes that a file holds.

    Args:
        zipped: The lists of labels by which scores are named in its output.
        others: The lists of labels that other nodes hold.
    """

    zipped: tuple[Labels, ...] = ()
    others: tuple[Labels, ...] = ()

    def fitting(self, width: int | None, *, words: bool | None) -> Labels:
        """The one list that fits; empty if there is none, or several.

        Args:
            width: How many labels; None for any number.
            words: Whether they are text; None for either.
        """
        found = {
            held
            for held in self.zipped or self.others
            if width in {None, len(held)} and words in {None, isinstance(held[0], str)}
        }
        return found.pop() if len(found) == 1 else ()


def wants_files(data: bytes) -> bool:
    """Whether a model's tensors are stored in other files.

    Raises:
        WireError: If it is no protobuf message.
    """
    return EXTERNAL in data and _external(memoryview(data), "model", 0)


def class_names(data: bytes) -> Names:
    """The lists of labels in a model's classifiers, and those that a place is turned into a label by.

    Raises:
        WireError: If it is no protobuf message.
    """
    zipped: list[Labels] = []
    others: list[Labels] = []
    for graph in _all(memoryview(data), 7):
        nodes = list(_all(graph, 1))
        tables = {name for node in nodes for name in _table_of_node(node)}
        for node in nodes:
            (zipped if _text(node, 4) == "ZipMap" else others).extend(_labels_of_node(node))
        tensors = [tensor for tensor in _all(graph, 5) if tables and _text(tensor, 8) in tables]
        others += map(_labels_of_tensor, tensors)
    return Names(_different(zipped), _different(others))


def fields(message: memoryview) -> Iterator[Field]:
    """Number and value of each field of a message.

    Example:
        >>> list(fields(memoryview(bytes([0x08, 0x07]))))
        [(1, 7)]
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        size = {1: 8, 5: 4}.get(wire, 0)
        if wire == 2:
            size, at = _varint(message, at)
        elif not size:
            raise WireError(f"a field of kind {wire}")
        if at + size > len(message):
            raise WireError("it ends within a field")
        yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at + place >= len(message):
            raise WireError("it ends within a number")
        byte = message[at + place]
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value & ((1 << 64) - 1), at + place + 1
    raise WireError("a number without an end")


def _external(message: memoryview, kind: str, depth: int) -> bool:
    if depth > DEEPEST:
        raise WireError(f"more than {DEEPEST} levels")
    for number, held in fields(message):
        if kind == "tensor":
            if number == _TENSOR_FILE or (number == _TENSOR_PLACE and held != 0):
                return True
            continue
        inner = _HOLDS[kind].get(number)
        if inner is not None and _external(_view(held), inner, depth + 1):
            return True
    return False


def _labels_of_node(node: memoryview) -> list[Labels]:
    """Attributes such as `classlabels_strings` of a classifier or a ZipMap."""
    found = []
    for attribute in _all(node, 5):
        if _text(attribute, 1).startswith("classlabels"):
            held = list(fields(attribute))
            words: list[str | int] = [_decoded(value) for number, value in held if number == 9]
            whole = [each for number, value in held if number == 8 for each in _packed(value)]
            found.append(tuple(words or whole))
    return found


def _table_of_node(node: memoryview) -> list[str]:
    """The table of a node that turns places into labels."""
    inputs = [_decoded(held) for number, held in fields(node) if number == 1]
    return inputs[:1] if _text(node, 4) == "ArrayFeatureExtractor" else []


def _labels_of_tensor(tensor: memoryview) -> Labels:
    """The values of a constant of text or whole numbers; of any other none."""
    kind = 0
    words: list[str] = []
    whole: list[int] = []
    for number, held in fields(tensor):
        if number == 2 and isinstance(held, int):
            kind = held
        elif number == 6:
            words.append(_decoded(held))
        elif number == 7:
            whole += _packed(held)
        elif number == 9 and len(_view(held)) % 8 == 0:
            whole += np.frombuffer(_view(held), "<i8").tolist()
    return tuple(words if kind == _STRING else whole if kind == _INT64 else ())


def _different(found: list[Labels]) -> tuple[Labels, ...]:
    """Lists of at least two labels, no label twice."""
    return tuple(held for held in found if len(set(held)) == len(held) > 1)


def _all(message: memoryview, wanted: int) -> Iterator[memoryview]:
    for number, held in fields(message):
        if number == wanted:
            yield _view(held)


def _text(message: memoryview, wanted: int) -> str:
    return next((_decoded(held) for number, held in fields(message) if number == wanted), "")


def _packed(held: int | memoryview) -> Iterator[int]:
    """Whole numbers, one or several in one field."""
    if isinstance(held, int):
        yield _signed(held)
        return
    at = 0
    while at < len(held):
        value, at = _varint(held, at)
        yield _signed(value)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _view(held: int | memoryview) -> memoryview:
    if isinstance(held, int):
        raise WireError("a number in place of a message")
    return held


def _decoded(held: int | memoryview) -> str:
    return bytes(_view(held)).decode("utf-8", "replace")
