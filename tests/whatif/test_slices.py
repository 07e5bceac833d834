"""Slices: conditions against what pandas says, the missing, and what can't be compared."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError, RoleError
from rai.whatif import Condition
from rai.whatif.slices import OPS, as_where, check_places, places_where

PANDAS = pd.DataFrame(
    {
        "age": [20, 30, 40, 50],
        "income": [1.5, np.nan, 2.5, 2.5],
        "sex": ["F", None, "M", "F"],
        "member": [True, False, True, True],
        "since": pd.to_datetime(
            ["2020-01-01", "2021-06-01 12:00", None, "2023-01-01"], format="ISO8601"
        ),
        "grade": pd.Series(["a", "b", "a", None], dtype="category"),
    }
)
FRAMES = {"pandas": PANDAS, "polars": pl.from_pandas(PANDAS)}


@pytest.fixture(params=list(FRAMES))
def rows(request):
    return open_rows(FRAMES[request.param])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("age", "==", 30), [1]),
        (("age", "!=", 30), [0, 2, 3]),
        (("age", "<", 30), [0]),
        (("age", "<=", 30), [0, 1]),
        (("age", ">", 30), [2, 3]),
        (("age", ">=", 30.0), [1, 2, 3]),
        (("age", "in", (20, 50, 99)), [0, 3]),
        (("age", "not in", [20, 50]), [1, 2]),
        (("age", "missing"), []),
        (("income", "==", 2.5), [2, 3]),
        (("income", "!=", 2.5), [0]),
        (("income", "<", 9), [0, 2, 3]),
        (("income", "not in", [1.5]), [2, 3]),
        (("income", "missing"), [1]),
        (("income", "present"), [0, 2, 3]),
        (("sex", "==", "F"), [0, 3]),
        (("sex", "!=", "F"), [2]),
        (("sex", "in", ["M", "F"]), [0, 2, 3]),
        (("sex", "not in", ["M"]), [0, 3]),
        (("sex", "missing"), [1]),
        (("sex", "==", "never"), []),
        (("member", "==", True), [0, 2, 3]),
        (("member", "!=", True), [1]),
        (("since", ">=", "2021-06-01"), [1, 3]),
        (("since", "<", "2021-06-01T12:00:00"), [0]),
        (("since", "==", "2020-01-01"), [0]),
        (("since", "missing"), [2]),
        (("grade", "==", "a"), [0, 2]),
        (("grade", "present"), [0, 1, 2]),
    ],
    ids=str,
)
def test_conditions(rows, condition, expected):
    assert places_where(rows, as_where(condition)).tolist() == expected


def test_every_op_is_tried_above():
    assert set(OPS) == {"==", "!=", "<", "<=", ">", ">=", "in", "not in", "missing", "present"}


def test_all_conditions_must_hold_and_positions_choose_first(rows):
    both = as_where([("age", ">", 20), ("sex", "present")])
    assert places_where(rows, both).tolist() == [2, 3]
    assert places_where(rows, both, at=[0, 3]).tolist() == [3]
    assert places_where(rows, at=[3, 1, 3]).tolist() == [1, 3]
    assert places_where(rows).tolist() == [0, 1, 2, 3]


def test_many_rows_equal_numpy():
    rng = np.random.default_rng(1)
    age, sex = rng.integers(0, 100, 50_000), rng.choice(["F", "M", "X"], 50_000)
    rows = open_rows(pd.DataFrame({"age": age, "sex": sex}))
    found = places_where(rows, as_where([("age", ">=", 30), ("sex", "in", ["F", "X"])]))
    assert np.array_equal(found, np.flatnonzero((age >= 30) & (sex != "M")))


@pytest.mark.parametrize(
    "condition",
    [Condition("age", "in", (1, 2)), Condition("sex", "missing"), Condition("x", "==", "ä")],
    ids=str,
)
def test_conditions_survive_json(condition):
    assert Condition.from_dict(json.loads(json.dumps(condition.to_dict()))) == condition


@pytest.mark.parametrize(
    ("condition", "error", "message"),
    [
        (
            ("agee", ">", 1),
            RoleError,
            "condition: no column 'agee'; expected one of 'age', 'income', 'sex', 'member', 'since', 'grade'. "
            "Did you mean 'age'?",
        ),
        (
            ("sex", "<", "M"),
            ArgumentError,
            "condition \"sex < 'M'\": 'sex' holds text; expected numbers or dates for '<'.",
        ),
        (
            ("age", "==", "old"),
            ArgumentError,
            "condition \"age == 'old'\": 'old' for 'age'; expected a number.",
        ),
        (
            ("age", ">", True),
            ArgumentError,
            "condition 'age > True': True for 'age'; expected a number.",
        ),
        (
            ("sex", "==", 1),
            ArgumentError,
            "condition 'sex == 1': 1 for 'sex'; expected text.",
        ),
        (
            ("since", ">", "May"),
            ArgumentError,
            "condition \"since > 'May'\": 'May' for 'since'; expected a date, such as '2024-05-01'.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(rows, condition, error, message):
    with pytest.raises(error) as caught:
        places_where(rows, as_where(condition))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Condition("age", "equals", 1),
            "condition: op 'equals'; expected one of '==', '!=', '<', '<=', '>', '>=', 'in', 'not in', "
            "'missing', 'present'.",
        ),
        (lambda: Condition(3, "==", 1), "condition: column 3; expected a column's name."),
        (
            lambda: Condition("age", "==", None),
            "condition '==': None; expected text, a finite number, True or False, or a date. "
            'For missing values use op "missing".',
        ),
        (
            lambda: Condition("age", "<", [1]),
            "condition '<': [1]; expected text, a finite number, True or False, or a date.",
        ),
        (lambda: Condition("age", "in", "ab"), "condition: 'ab' for 'in'; expected several values."),
        (lambda: Condition("age", "missing", 1), "condition: 1 for 'missing'; expected no value."),
        (
            lambda: Condition.from_dict({"column": "age"}),
            "condition: {'column': 'age'}; expected a condition's column, op and value.",
        ),
        (
            lambda: as_where("age > 3"),
            'where: \'age > 3\'; expected conditions. Write ("age", ">", 30).',
        ),
        (
            lambda: as_where([("age", ">", 3), 5]),
            "where: [('age', '>', 3), 5]; expected conditions. Write (\"age\", \">\", 30).",
        ),
        (lambda: check_places([0, -1]), "rows: -1; expected positions, counted from 0."),
        (lambda: check_places("12"), "rows: '12'; expected positions, counted from 0."),
        (lambda: check_places([True]), "rows: True; expected positions, counted from 0."),
        (
            lambda: places_where(open_rows(PANDAS), at=[9]),
            "rows: 9; expected positions from 0 to 3.",
        ),
    ],
)
def test_what_is_no_slice_is_refused(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_values_that_name_nothing_are_refused():
    rows = open_rows(pd.DataFrame({"x": [[1], [2]]}))
    with pytest.raises(RoleError) as caught:
        places_where(rows, as_where(("x", "==", 1)))
    assert str(caught.value).startswith("condition: column 'x' with values that name nothing")
