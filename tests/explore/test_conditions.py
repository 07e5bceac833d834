"""Conditions and slices: against what pandas says, the missing, and what can't be compared."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines.frames import open_rows
from rai.explore.conditions import OPS, Condition
from rai.explore.queries import as_query
from rai.explore.slices import check_places, places_where
from rai.ground.errors import ArgumentError, RoleError

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
        (("grade", "matches", "a|b"), [0, 1, 2]),
        (("sex", "matches", "(?i)^f$"), [0, 3]),
        (("sex", "not matches", "F"), [2]),
        (("grade", "present"), [0, 1, 2]),
    ],
    ids=str,
)
def test_conditions(rows, condition, expected):
    assert places_where(rows, as_query(condition)).tolist() == expected
    assert Condition(*condition).mask(rows).tolist() == [place in expected for place in range(4)]


def test_every_op_is_tried_above():
    compared = {"==", "!=", "<", "<=", ">", ">=", "in", "not in"}
    assert set(OPS) == compared | {"matches", "not matches", "missing", "present"}


def test_it_reads_as_the_language_writes_it():
    made = [
        Condition("age", "==", 30.0),
        Condition("hours per week", ">", 0.5),
        Condition("sex", "not in", ["F", "New York", "40", True, 40]),
        Condition("and", "missing"),
        Condition("a`b", "present"),
        Condition("job", "not matches", "^P"),
        Condition("since", "<", "2024-05-01"),
    ]
    assert list(map(str, made)) == [
        "age = 30",
        "`hours per week` > 0.5",
        'sex not in (F, "New York", "40", true, 40)',
        "`and` is missing",
        "`a``b` is not missing",
        'job !~ "^P"',
        "since < 2024-05-01",
    ]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, lambda columns: columns])
def test_text_that_reads_as_dates_is_compared_as_dates(make):
    dates = ["2021-06-01", "2021-06-01 12:00", None, "2021-06-01T00:00:00", "2021-06-01T02:00:00+02:00"]
    rows = open_rows(make({"since": dates}))

    def found(*condition):
        return Condition("since", *condition).mask(rows).tolist()

    assert found("==", "2021-06-01") == [True, False, False, True, True]
    assert found("!=", "2021-06-01") == [False, True, False, False, False]
    assert found(">", "2021-06-01") == [False, True, False, False, False]
    assert found("<=", "2021-06-01T11:59:59") == [True, False, False, True, True]
    assert found("in", ("2021-06-01T12:00", "x")) == [False, True, False, False, False]


def test_numbers_and_truth_among_text_are_kept_apart():
    rows = open_rows(pd.DataFrame({"x": pd.Series([1, "1", "b", 2, None, "1b"], dtype=object)}))
    assert places_where(rows, as_query(("x", "==", 1))).tolist() == [0]
    assert places_where(rows, as_query(("x", "==", "1"))).tolist() == [1]
    assert places_where(rows, as_query(("x", "!=", "1"))).tolist() == [0, 2, 3, 5]
    assert places_where(rows, as_query(("x", "in", (2, "b")))).tolist() == [2, 3]
    assert places_where(rows, as_query(("x", "matches", "1"))).tolist() == [1, 5]
    assert places_where(rows, as_query(("x", "missing"))).tolist() == [4]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_a_column_without_a_value_meets_nothing(make):
    rows = open_rows(make({"x": [None, None], "y": [float("nan")] * 2}))
    for op, value in [
        ("==", "a"),
        ("!=", 1),
        ("<", 3),
        ("in", ("a",)),
        ("matches", "."),
        ("present", None),
    ]:
        for name in "xy":
            assert not Condition(name, op, value).mask(rows).any()
            assert Condition(name, "missing").mask(rows).all()


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_infinite_numbers_are_numbers(make):
    rows = open_rows(make({"x": [float("inf"), 1.0, -float("inf"), None]}))
    assert Condition("x", ">", 1e308).mask(rows).tolist() == [True, False, False, False]
    assert Condition("x", "!=", 1).mask(rows).tolist() == [True, False, True, False]


def test_missing_can_be_asked_of_any_column():
    for made in (
        pd.DataFrame({"x": [[1], None, [2, 3]], "m": pd.Series(["a", 1.5, None], dtype=object)}),
        pl.DataFrame({"x": [[1], None, [2, 3]], "m": ["a", "b", None]}),
    ):
        rows = open_rows(made)
        assert Condition("x", "missing").mask(rows).tolist() == [False, True, False]
        assert Condition("m", "present").mask(rows).tolist() == [True, True, False]


def test_all_conditions_must_hold_and_positions_choose_first(rows):
    both = as_query([("age", ">", 20), ("sex", "present")])
    assert places_where(rows, both).tolist() == [2, 3]
    assert places_where(rows, both, at=[0, 3]).tolist() == [3]
    assert places_where(rows, at=[3, 1, 3]).tolist() == [1, 3]
    assert places_where(rows).tolist() == [0, 1, 2, 3]


def test_many_rows_equal_numpy():
    rng = np.random.default_rng(1)
    age, sex = rng.integers(0, 100, 50_000), rng.choice(["F", "M", "X"], 50_000)
    rows = open_rows(pd.DataFrame({"age": age, "sex": sex}))
    found = places_where(rows, as_query([("age", ">=", 30), ("sex", "in", ["F", "X"])]))
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
            "condition 'sex < M': 'sex' holds text; expected numbers or dates for '<'.",
        ),
        (
            ("age", "==", "old"),
            ArgumentError,
            "condition 'age = old': 'old' for 'age'; expected a number.",
        ),
        (
            ("age", ">", True),
            ArgumentError,
            "condition 'age > true': True for 'age'; expected a number.",
        ),
        (
            ("sex", "==", 1),
            ArgumentError,
            "condition 'sex = 1': 1 for 'sex'; expected text. Write \"1\" in quotes.",
        ),
        (
            ("since", ">", "May"),
            ArgumentError,
            "condition 'since > May': 'May' for 'since'; expected a date, such as '2024-05-01'.",
        ),
        (
            ("age", "matches", "4"),
            ArgumentError,
            "condition 'age ~ \"4\"': 'age' holds numbers; expected text for '~'.",
        ),
        (
            ("member", "not matches", "t"),
            ArgumentError,
            "condition 'member !~ t': 'member' holds true/false values; expected text for '!~'.",
        ),
        (
            ("member", "==", 1),
            ArgumentError,
            "condition 'member = 1': 1 for 'member'; expected true/false values.",
        ),
        (
            ("age", "==", 2**53 + 1),
            ArgumentError,
            "condition 'age = 9007199254740993': 9007199254740993 for 'age'; expected a whole number up to "
            "9,007,199,254,740,992, as far as floats tell.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(rows, condition, error, message):
    with pytest.raises(error) as caught:
        places_where(rows, as_query(condition))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Condition("age", "equals", 1),
            "condition: op 'equals'; expected one of '==', '!=', '<', '<=', '>', '>=', 'in', 'not in', "
            "'matches', 'not matches', 'missing', 'present'.",
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
            lambda: as_query([("age", ">", 3), 5]),
            "where: [('age', '>', 3), 5]; expected a query. Write \"age > 30\".",
        ),
        (lambda: as_query(7), 'where: 7; expected a query. Write "age > 30".'),
        (
            lambda: Condition("a", "matches", "(?=x)"),
            "pattern: '(?=x)' (look-around, including look-ahead and look-behind, is not supported); expected "
            "a regular expression in Rust's syntax. It has no look-around and no back-references.",
        ),
        (
            lambda: Condition("a", "matches", r"(a)\1"),
            r"pattern: '(a)\\1' (backreferences are not supported); expected "
            "a regular expression in Rust's syntax. It has no look-around and no back-references.",
        ),
        (
            lambda: Condition("a", "matches", "(a{1000}){1000}"),
            "pattern: '(a{1000}){1000}' (compiled regex exceeds size limit of 10485760 bytes); expected "
            "a regular expression in Rust's syntax. It has no look-around and no back-references.",
        ),
        (
            lambda: Condition("a", "matches", 3),
            "pattern: 3; expected a regular expression in Rust's syntax.",
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
        places_where(rows, as_query(("x", "==", 1)))
    assert str(caught.value).startswith("condition: column 'x' with values that name nothing")
