"""Columns as bytes: read back as the browser reads them, and compared with the rows."""

import base64
import io
import json
import struct
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from apps.dive import columns, packets, sprites
from apps.dive.columns import Rows
from apps.project import ColumnRoles, Project

N = 500


def rows_of(frame, **roles):
    project = Project(name="made", frame=frame, roles=ColumnRoles(**roles))
    return Rows.of(project, np.arange(len(frame)))


def read(packet):
    """A packet's header and arrays, each read where the browser looks for it."""
    (length,) = struct.unpack_from("<I", packet)
    header = json.loads(packet[4 : 4 + length])
    at, arrays = eight(4 + length), []
    for told in header["arrays"]:
        arrays.append(np.frombuffer(packet, told["dtype"], told["length"], at))
        at = eight(at + arrays[-1].nbytes)
    assert at == len(packet)
    return header, arrays


def eight(position):
    return position + -position % 8


def sent(frame, name):
    rows = rows_of(frame)
    column = next(each for each in columns.described(rows) if each.name == name)
    return column, *read(columns.packet(rows, column))


def frame_of_all_kinds():
    rng = np.random.default_rng(0)
    gaps = rng.random(N) < 0.1
    return pd.DataFrame(
        {
            "whole": rng.integers(-50, 50, N),
            "small": rng.integers(0, 200, N).astype(np.uint8),
            "nullable": pd.array(rng.integers(0, 9, N), dtype="Int64").copy(),
            "ids": 10**15 + rng.permutation(N),
            "real": np.where(gaps, np.nan, rng.normal(0, 1, N)),
            "narrow": 1e9 + rng.random(N),
            "tiny": rng.random(N) * 1e-200,
            "huge": rng.normal(0, 1, N) * 1e300,
            "infinite": rng.choice([1.5, np.inf, -np.inf, np.nan], N),
            "constant": np.full(N, 7.25),
            "nothing": np.full(N, np.nan),
            "flag": rng.random(N) < 0.5,
            "moment": pd.Timestamp("2020-02-03 04:05") + pd.to_timedelta(rng.integers(0, 10**6, N), unit="m"),
            "there": pd.Series(pd.Timestamp("2020-01-01", tz="Europe/Berlin") + pd.to_timedelta(np.arange(N), unit="h")),
            "span": pd.to_timedelta(rng.integers(0, 10**5, N), unit="s"),
            "word": np.where(gaps, None, rng.choice(np.array(["a", "b <i>", "ü"], dtype=object), N)),
            "ordered": pd.Categorical(rng.choice(["low", "high"], N), ["low", "mid", "high"], ordered=True),
            "name": [f"person {i} é" for i in range(N)],
            "mixed": [(i if i % 2 else f"t{i % 6}") for i in range(N)],
            "lists": [[i] for i in range(N)],
        }
    ).assign(nullable=lambda f: f["nullable"].mask(gaps))  # fmt: skip


FRAME = frame_of_all_kinds()
NUMBERS = ["whole", "small", "nullable", "ids", "real", "narrow", "tiny", "huge", "infinite", "constant",
           "nothing", "span"]  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_as_near_as_32_bits_of_their_range(name):
    column, header, (v,) = sent(FRAME, name)
    values = FRAME[name]
    true = values.dt.total_seconds() if name == "span" else values
    true = true.to_numpy(dtype=float, na_value=np.nan)
    finite = np.isfinite(true)
    got = header["offset"] + header["scale"] * v.astype(float)
    assert header["kind"] == column.kind == "number"
    assert np.array_equal(np.isnan(v), np.isnan(true))
    assert np.array_equal(v[~finite & ~np.isnan(v)], true[~finite & ~np.isnan(v)].astype(np.float32))
    if finite.any():
        span = np.abs(true[finite]).max() / 2 if name == "huge" else np.ptp(true[finite]) or 1.0
        np.testing.assert_allclose(got[finite], true[finite], rtol=1e-6, atol=span * 2**-22)
        assert header["low"] <= header["high"]
    if header["integer"]:
        assert np.array_equal(got[finite], true[finite])


def test_whole_numbers_are_exact_where_their_range_fits():
    assert {name: sent(FRAME, name)[1]["integer"] for name in NUMBERS} == {
        **dict.fromkeys(NUMBERS, False),
        **dict.fromkeys(["whole", "small", "nullable", "ids", "span"], True),
    }
    _, header, _ = sent(pd.DataFrame({"id": [0, 2**40]}), "id")
    assert header["integer"] is False


def test_dates_are_days_since_1970_also_with_a_zone_and_gaps():
    for name in ("moment", "there"):
        column, header, (v,) = sent(FRAME, name)
        utc = pd.to_datetime(FRAME[name], utc=True)
        days = (utc - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(days=1)
        assert column.kind == header["kind"] == "date"
        np.testing.assert_allclose(header["offset"] + header["scale"] * v.astype(float), days, atol=1e-3)
    _, _, (v,) = sent(pd.DataFrame({"d": pd.to_datetime(["2020-01-01", None])}), "d")
    assert np.isnan(v).tolist() == [False, True]


@pytest.mark.parametrize("name", ["flag", "word", "ordered", "mixed"])
def test_categories_are_codes_into_labels_with_the_missing_last(name):
    column, header, (codes,) = sent(FRAME, name)
    values = FRAME[name]
    labels = np.array(header["labels"], dtype=object)
    wanted = ["(missing)" if gone else str(v) for v, gone in zip(values, values.isna(), strict=True)]
    if column.kind == "category" and "other" not in labels[-2]:
        assert labels[codes].tolist() == wanted
    assert labels[-1] == "(missing)"
    assert codes.dtype == np.uint8


def test_text_comes_whole_and_in_order():
    column, header, (offsets, data) = sent(FRAME, "name")
    text = data.tobytes()
    got = [text[a:b].decode() for a, b in pairwise(offsets)]
    assert column.kind == header["kind"] == "text"
    assert got == FRAME["name"].tolist()


def test_odd_names_and_markup_stay_what_they_are():
    frame = pd.DataFrame({'a "b" | <i>\n$x$': [1, 2], " ": ["x", "y"], "é|10": [True, None]})
    rows = rows_of(frame)
    told = [column.told() for column in columns.described(rows)]
    assert [each["name"] for each in told] == list(frame.columns)
    assert [each["title"] for each in told] == ['a "b" | <i> $x$', "(no name)", "é|10"]
    for column in columns.described(rows):
        assert read(columns.packet(rows, column))[0]["name"] == column.name


def test_a_packet_is_made_once_for_all_sessions():
    rows = rows_of(FRAME)
    column = columns.described(rows)[0]
    assert columns.packet(rows, column) is columns.packet(rows, column)


def test_what_is_needed_is_sent_first_and_the_rest_within_the_budget():
    found = columns.described(rows_of(FRAME))
    n = columns.BUDGET // 12
    sent_names = columns.at_once(found, n, ("name", "word"))
    assert sent_names[:2] == ("name", "word")
    held = {column.name: column for column in found}
    rest = sum(columns.size(held[name], n) for name in sent_names[2:])
    assert rest <= max(0, columns.BUDGET - columns.size(held["name"], n) - n)
    assert "lists" not in columns.at_once(found, 10, ())


def test_a_mask_says_its_rows_and_changes_its_version():
    version, packet = packets.mask("t", 20, np.array([0, 3, 19]), name="selection")
    header, (bits,) = read(packet)
    assert np.flatnonzero(np.unpackbits(bits, bitorder="little")).tolist() == [0, 3, 19]
    assert (header["bins"], header["name"]) == ("mask selection", version)
    assert packets.mask("t", 20, np.array([0, 3]), name="selection")[0] != version


def picture(colour, size=(60, 30), kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def test_pictures_are_tiles_of_one_atlas():
    red, blue = picture("red"), picture("blue", (10, 40), "JPEG")
    data = "data:image/png;base64," + base64.b64encode(picture("lime")).decode()
    frame = pd.DataFrame({"p": [red, None, blue, red, data]})
    column, header, (tiles, png) = sent(frame, "p")
    assert column.kind == "image"
    assert tiles.tolist() == [0, -1, 1, 0, 2]
    atlas = Image.open(io.BytesIO(png.tobytes())).convert("RGB")
    middle = header["tile"] // 2
    seen = [
        atlas.getpixel(((at % header["columns"]) * header["tile"] + middle,
                        (at // header["columns"]) * header["tile"] + middle))
        for at in range(3)
    ]  # fmt: skip
    assert [int(np.argmax(each)) for each in seen] == [0, 2, 1]


def test_pictures_that_are_broken_or_too_large_have_no_tile(monkeypatch):
    monkeypatch.setattr(sprites, "MOST_PIXELS", 1000)
    good = picture("red", (10, 10))
    bad = [good[:20], picture("red", (400, 400)), b"\x89PNG", b"GIF8" + b"\0" * 50]
    _, _, (tiles, _) = sent(pd.DataFrame({"p": [*bad, good]}), "p")
    assert tiles.tolist() == [-1, -1, -1, -1, 0]
