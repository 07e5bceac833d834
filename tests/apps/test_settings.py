"""Settings in an address and in a saved session: what goes in comes out, and nonsense is a default."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps import settings
from apps.settings import Setting

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)

DEFAULTS = {"": TEXT, (): st.lists(TEXT, max_size=4).map(tuple), 0.5: NUMBERS, 3: st.integers()}


@given(st.data())
def test_a_value_comes_back_from_an_address_as_it_was(data):
    default = data.draw(st.sampled_from(list(DEFAULTS)))
    value = data.draw(DEFAULTS[default])
    assert settings._parsed(settings._written(value), default) == value


@given(st.dictionaries(TEXT, PLAIN, max_size=4))
def test_a_dict_comes_back_from_an_address_as_it_was(value):
    assert settings._parsed(settings._written(value), {}) == value


@given(TEXT, st.sampled_from([(), {}, 0.5, 3, True, ""]))
def test_any_text_in_an_address_is_a_value_of_the_type_or_nothing(text, default):
    found = settings._parsed(text, default)
    if default is True:
        return
    assert found is None or isinstance(
        found, (int, float) if isinstance(default, (int, float)) else type(default)
    )


@pytest.mark.parametrize(
    "deep", ["[" * 100_000, '{"a":' * 50_000, "1" * 5000, "NaN", "-Infinity", '["\\ud800"]']
)
def test_an_address_that_is_made_to_hurt_is_a_default(deep):
    assert settings._parsed(deep, {}) is None
    assert settings._parsed(deep, ()) is None
    assert settings._parsed(deep, 0.5) is None


SCRIPT = """
import json
import streamlit as st
from apps import settings
from apps.settings import Setting

ALL = (Setting("tuple", default=(), url="t"), Setting("dict", default={}, url="d"),
       Setting("text", default="", url="x"), Setting("number", default=0.5, url="n"), Setting("own", default=1))
settings.read_address(ALL)
if "put" in st.session_state:
    settings.restore(ALL, json.loads(st.session_state.pop("put")))
st.json({each.name: each.value for each in ALL})
settings.write_address(ALL)
"""


def run(put=None, **address):
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_string(SCRIPT)
    for name, value in address.items():
        at.query_params[name] = value
    if put is not None:
        at.session_state["put"] = json.dumps(put)
    at.run()
    assert not at.exception
    return at, json.loads(at.json[0].value)


def shown_in_address(at, key):
    found = at.query_params[key]
    return found if isinstance(found, str) else found[0]


def test_what_is_set_is_read_from_the_address_and_written_to_it():
    said = {"t": '["a","b"]', "d": '{"é & <b>":[1,2]}', "x": "50% #?=+", "n": "0.25"}
    at, shown = run(**said)
    assert shown == {
        "tuple": ["a", "b"],
        "dict": {"é & <b>": [1, 2]},
        "text": "50% #?=+",
        "number": 0.25,
        "own": 1,
    }
    assert {key: shown_in_address(at, key) for key in said} == said


def test_an_address_that_can_not_be_read_leaves_defaults_and_is_cleaned():
    at, shown = run(t="7", d="[", x="fine", n="true")
    assert shown == {"tuple": [], "dict": {}, "text": "fine", "number": 0.5, "own": 1}
    assert "d" not in at.query_params


def test_restoring_sets_what_was_held_and_the_rest_to_defaults():
    _, shown = run(put={"tuple": ["z"], "number": "seven", "unknown": 1}, x="before")
    assert shown == {"tuple": ["z"], "dict": {}, "text": "", "number": 0.5, "own": 1}


def test_a_setting_that_was_never_put_is_its_default():
    assert Setting("never", default=(1,)).default == (1,)
