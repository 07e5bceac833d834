"""An ONNX file's bytes, field by field: what is found however it is written, and what is no message."""

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto

import rai
from rai.models.onnx_wire import WireError, fields, wants_files


def varint(value, *, padded=0):
    """A number, with as many bytes too many as one likes: readers take them all the same."""
    made = bytearray()
    while value > 127 or padded:
        padded -= value <= 127
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


def part(number, data, *, padded=0):
    return varint(number << 3 | 2, padded=padded) + varint(len(data), padded=padded) + data


@given(st.integers(0, 2**64 - 1), st.integers(1, 2**29 - 1))
def test_numbers_come_back(value, number):
    assert list(fields(memoryview(varint(number << 3) + varint(value)))) == [(number, value)]


@given(st.binary(max_size=60))
def test_any_bytes_are_fields_or_an_error(data):
    try:
        found = list(fields(memoryview(data)))
    except WireError:
        return
    assert sum(len(held) for _, held in found if not isinstance(held, int)) <= len(data)


@pytest.mark.parametrize("padded", [0, 1, 3])
@pytest.mark.parametrize("swapped", [False, True])
def test_another_file_is_found_however_it_is_written(padded, swapped):
    entry = [part(1, b"location", padded=padded), part(2, b"/etc/hostname", padded=padded)]
    entry = b"".join(entry[::-1] if swapped else entry)
    tensor = part(13, entry, padded=padded)
    graph = part(5, tensor, padded=padded)
    assert wants_files(part(7, graph, padded=padded))
    assert wants_files(part(7, part(1, part(5, part(5, tensor)))))  # a node's attribute
    assert wants_files(part(20, part(1, graph)))  # what training starts from
    assert not wants_files(part(14, entry))  # metadata of the model
    assert not wants_files(part(7, part(11, part(1, b"location"))))  # an input of that name


def test_the_library_reads_such_bytes_the_same_way():
    tensor = TensorProto(name="w", data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="x")
    assert wants_files(part(7, part(5, tensor.SerializeToString())))
    read = onnx.ModelProto.FromString(
        part(7, part(5, part(13, part(1, b"location", padded=2)), padded=3), padded=1)
    )
    assert read.graph.initializer[0].external_data[0].key == "location"


@pytest.mark.parametrize(
    "data",
    [b"\x0a\x05ab", b"\x80" * 11, b"\x0b", b"\x0d\x00", b"\x09\x00", b"\x08", b"\x3a"],
    ids=["short", "endless", "group", "32 bits", "64 bits", "number", "length"],
)
def test_what_is_no_message(data):
    with pytest.raises(WireError):
        list(fields(memoryview(data)))


def test_messages_in_messages_without_end():
    inner = part(13, part(1, b"location"))
    for _ in range(100):
        inner = part(1, part(5, part(6, inner)))  # node, attribute, graph
    with pytest.raises(WireError, match="more than 64 levels"):
        wants_files(part(7, inner))


def test_a_file_of_another_format_in_the_shape_of_a_message_is_not_run(tmp_path):
    """The runtime knows a second format by four letters; it is told to read none of it."""
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\x3a\x80\x01\x00ORTM" + b"location" * 16)
    with pytest.raises(rai.DataError, match="expected an ONNX model"):
        rai.load_model(path)
