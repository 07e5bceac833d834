"""Estimates: one flat row each, and the whole of them as a table."""

import json

import pytest

from rai.values import Estimate, Estimates

KEYS = ["metric", "value", "low", "high", "numerator", "denominator", "n", "note"]
TWO = Estimates(
    [
        Estimate(metric="accuracy", group=(("sex", "F"), ("race", "B")), value=0.5, low=0.25, high=0.75,
                 numerator=2.0, denominator=4.0, n=4),
        Estimate(metric="accuracy", group=(("sex", "M"), ("race", "B")), value=None, note="undefined: no rows (n=0)"),
    ]
)  # fmt: skip


def test_a_row_has_the_group_first_and_then_these_columns():
    assert list(TWO[0].to_dict()) == ["sex", "race", *KEYS]
    assert TWO[0].to_dict() == {
        "sex": "F", "race": "B", "metric": "accuracy", "value": 0.5, "low": 0.25, "high": 0.75,
        "numerator": 2.0, "denominator": 4.0, "n": 4, "note": "",
    }  # fmt: skip
    assert list(Estimate(metric="accuracy", value=1.0).to_dict()) == KEYS


def test_names():
    assert [e.name for e in TWO] == ["F × B", "M × B"]
    assert Estimate(metric="accuracy", value=1.0).name == "everyone"


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"sex": "F"}, ["F × B"]),
        ({"race": "B"}, ["F × B", "M × B"]),
        ({"race": "B", "value": None}, ["M × B"]),
        ({"metric": "accuracy", "n": 4}, ["F × B"]),
        ({"sex": "X"}, []),
        ({}, ["F × B", "M × B"]),
    ],
)
def test_where(conditions, names):
    found = TWO.where(**conditions)
    assert isinstance(found, Estimates)
    assert [e.name for e in found] == names


def test_undefined_is_null_in_every_form():
    assert json.loads(TWO.to_json())[1]["value"] is None
    assert TWO.to_pandas()["value"].isna().tolist() == [False, True]
    assert TWO.to_polars()["value"].to_list() == [0.5, None]
    assert str(TWO).splitlines()[2].split() == [
        "M", "B", "accuracy", "–", "–", "–", "–", "–", "0", "undefined:", "no", "rows", "(n=0)",
    ]  # fmt: skip
    assert "| M | B | accuracy | – |" in TWO.to_markdown()
    assert repr(TWO).splitlines()[0] == "Estimates(2 rows)"
