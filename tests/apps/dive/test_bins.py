"""Buckets in the browser are those of rai: found here as the JavaScript finds them."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import rai
from apps.dive import bins, columns
from apps.dive.columns import Rows
from apps.project import ColumnRoles, Project
from tests.apps.dive.test_packets import FRAME, read, rows_of

SHOWN = [
    column.name for column in columns.described(rows_of(FRAME)) if column.kind not in columns.ON_ASKING
]


def in_the_browser(rows, name, count):
    """The label of each row's bucket, by the formula of the JavaScript."""
    column = next(each for each in columns.described(rows) if each.name == name)
    header, arrays = read(columns.packet(rows, column))
    spec = bins.spec(rows, column, count)
    exact = bins.exact(rows, column, count)
    if column.kind == "category":
        codes = arrays[0] if spec is None else np.array(spec["map"])[arrays[0]]
        return np.array((spec or header)["labels"])[codes]
    labels = np.array(spec["labels"])
    if exact is not None:
        told, (codes,) = read(exact)
        assert told["bins"] == bins.key(name, count)
        return labels[codes]
    inner = [np.float32((edge - header["offset"]) / header["scale"]) for edge in spec["edges"][1:-1]]
    counted = [-1 if np.isnan(value) else sum(edge <= value for edge in inner) for value in arrays[0]]
    return labels[counted]


@pytest.mark.parametrize("count", [1, 3, 10, 100])
@pytest.mark.parametrize("name", SHOWN)
def test_every_row_is_in_the_bucket_that_rai_puts_it_in(name, count):
    with np.errstate(over="ignore"):
        held = rai.explore.codes(FRAME, name, count)
        assert in_the_browser(rows_of(FRAME), name, count).tolist() == list(
            np.array(held.labels)[held.codes]
        )


@given(
    values=st.lists(
        st.floats(width=64, allow_subnormal=False) | st.floats(0, 1), min_size=1, max_size=60
    ),
    count=st.integers(1, 12),
)
@settings(max_examples=150)
def test_any_numbers_are_where_rai_puts_them(values, count):
    frame = pd.DataFrame({"x": np.array(values, dtype=float)})
    rows = Rows.of(Project(name="any", frame=frame, roles=ColumnRoles()), np.arange(len(frame)))
    held = rai.explore.codes(frame, "x", count)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        assert in_the_browser(rows, "x", count).tolist() == list(np.array(held.labels)[held.codes])


def test_an_edge_moves_by_a_hair_rather_than_that_all_codes_are_sent():
    frame = pd.DataFrame({"x": [0.0, 0.79999999, 0.81, 1.0, *np.linspace(0, 1, 50)]})
    rows = rows_of(frame.drop_duplicates().query("x != 0.8"))
    column = columns.described(rows)[0]
    told = bins.spec(rows, column, 10)["edges"]
    assert bins.exact(rows, column, 10) is None
    assert told[8] != 0.8
    assert told[8] == pytest.approx(0.8, abs=0.02)


def test_numbers_that_32_bits_can_not_tell_apart_get_exact_codes():
    frame = pd.DataFrame({"x": [0.0, np.nextafter(0.5, 0), 0.5, 1.0, *np.linspace(0, 1, 40)]})
    rows = rows_of(frame)
    column = columns.described(rows)[0]
    assert bins.exact(rows, column, 2) is not None
    held = rai.explore.codes(frame, "x", 2)
    assert in_the_browser(rows, "x", 2).tolist() == list(np.array(held.labels)[held.codes])
