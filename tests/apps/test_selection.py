"""The selection: rows as bits, in an address, by a query."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps import selection


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)))))
def test_rows_come_back_from_bits_and_from_an_address(case):
    n, rows = case
    wanted = sorted(rows)
    assert selection.positions(selection.bits(wanted, n), n).tolist() == wanted
    packed = selection._packed(np.array(wanted, dtype=np.int64))
    assert not wanted or selection._unpacked(packed, n).tolist() == wanted


def test_rows_that_are_too_many_for_an_address_are_not_in_it():
    rows = np.flatnonzero(np.random.default_rng(0).random(100_000) < 0.5)
    assert selection._packed(rows) == ""


SCRIPT = """
import streamlit as st
from apps import selection, settings
from apps.opening import Opening, opened

project = opened(Opening(data="dataset:german_credit"))
settings.read_address(selection.SETTINGS)
if st.session_state.pop("invert", False):
    selection.invert(project)
held = selection.chosen(project)
st.text("none" if held is None else f"{len(held)} {held.why}")
settings.write_address(selection.SETTINGS)
"""


def run(**address):
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def test_a_query_in_an_address_selects_its_rows():
    import rai

    n = int((rai.load_dataset("german_credit").frame["age"] < 25).sum())
    assert run(where="age < 25").text[0].value == f"{n} age < 25"


@pytest.mark.parametrize(
    "address",
    [
        {"where": "age <"},
        {"where": "nobody = 1"},
        {"rows": "!!!"},
        {"rows": "eJwDAAAAAAE"},
        {"rows": "AAAA"},
        {"where": "(" * 5000},
    ],
)
def test_an_address_that_can_not_be_read_selects_nothing(address):
    at = run(**address)
    assert at.text[0].value == "none"
    assert not set(address) & set(at.query_params)


def test_a_packed_bomb_is_no_more_rows_than_there_are():
    import base64
    import zlib

    bomb = zlib.compress(b"\x01\x00\x00\x00" * 10_000_000, 9)
    text = base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    assert len(selection._unpacked(text, 1000)) <= 1000


def test_inverting_selects_the_others():
    at = run(where="age < 25")
    first = int(at.text[0].value.split()[0])
    at.session_state["invert"] = True
    at.run()
    assert at.text[0].value == f"{1000 - first} all but: age < 25"
