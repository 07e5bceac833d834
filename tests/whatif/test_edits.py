"""Edits: what each kind does to each kind of column, and what is refused."""

import json
from datetime import date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines.features import features_of
from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError, DataError, RaiError, RoleError
from rai.whatif import Edit
from rai.whatif.edit_kinds import KINDS
from rai.whatif.edited_rows import apply_edits, known_features
from rai.whatif.edits import as_edits

COLUMNS = {
    "age": [20, 40, 60, 80],
    "income": [10.5, None, 30.0, 40.0],
    "sex": ["F", "M", None, "F"],
    "member": [True, False, True, False],
    "since": [datetime(2020, 1, 1), datetime(2021, 6, 1), datetime(2022, 1, 1), datetime(2023, 1, 1)],
}
FRAMES = {"pandas": pd.DataFrame(COLUMNS), "polars": pl.DataFrame(COLUMNS)}


@pytest.fixture(params=list(FRAMES))
def rows(request):
    return open_rows(FRAMES[request.param])


def edited(rows, *edits, at=None):
    at = None if at is None else np.array(at)
    return apply_edits(rows, as_edits(edits), feature_of=known_features(rows), at=at)


def values(done, name):
    return [done.rows.value(name, place) for place in range(len(done.rows))]


def test_every_kind_has_its_constructor():
    assert list(KINDS) == ["set", "add", "scale", "replace", "map"]
    assert all(callable(getattr(Edit, kind)) for kind in KINDS)


def test_set(rows):
    assert values(edited(rows, Edit.set("age", 33)), "age") == [33] * 4
    assert values(edited(rows, Edit.set("sex", None)), "sex") == [None] * 4
    assert values(edited(rows, Edit.set("member", True)), "member") == [True] * 4
    moved = edited(rows, Edit.set("since", "2024-05-01"), at=[1])
    assert values(moved, "since")[:2] == [datetime(2020, 1, 1), datetime(2024, 5, 1)]
    assert rows.record(1)["since"] == datetime(2021, 6, 1)


def test_add_and_scale_keep_what_is_missing_and_count_it(rows):
    done = edited(rows, Edit.add("income", 2.5))
    assert values(done, "income") == [13.0, None, 32.5, 42.5]
    assert done.places.tolist() == [0, 2, 3]
    assert done.marks.to_dicts() == [
        {"column": "income", "rows": 1, "mark": "above 40, the largest that occurs"},
        {"column": "income", "rows": 1, "mark": "missing, and stays so (income + 2.5)"},
    ]
    done = edited(rows, Edit.scale("income", -2), at=[0, 1])
    assert values(done, "income") == [-21.0, None, 30.0, 40.0]
    assert [str(mark) for mark in done.marks] == [
        "income: below 10.5, the smallest that occurs (1 row)",
        "income: missing, and stays so (income × -2) (1 row)",
    ]


def test_whole_numbers_stay_whole_where_all_results_are(rows):
    done = edited(rows, Edit.scale("age", 1.5))
    assert values(done, "age") == [30, 60, 90, 120]
    assert [f.kind for f in features_of(done.rows, ("age",))] == ["integer"]
    done = edited(rows, Edit.add("age", 0.5), at=[0])
    assert values(done, "age") == [20.5, 40.0, 60.0, 80.0]
    assert done.marks.words == "age: not whole, in a column of whole numbers (1 row)"


def test_replace_changes_all_at_once(rows):
    done = edited(rows, Edit.replace("sex", {"F": "M", "M": "F"}))
    assert values(done, "sex") == ["M", "F", None, "M"]
    assert done.places.tolist() == [0, 1, 3]
    assert values(edited(rows, Edit.replace("sex", {None: "X"})), "sex") == ["F", "M", "X", "F"]
    assert values(edited(rows, Edit.replace("age", {40: 41, 20: 40})), "age") == [40, 41, 60, 80]
    assert values(edited(rows, Edit.replace("income", {None: 0, 10.5: None})), "income") == [
        *(None, 0.0, 30.0, 40.0)
    ]
    moved = edited(rows, Edit.replace("since", {"2021-06-01": date(2021, 7, 1)}))
    assert values(moved, "since")[1] == datetime(2021, 7, 1)
    assert moved.places.tolist() == [1]


def test_map_follows_another_column(rows):
    done = edited(rows, Edit.map("age", {"F": 25, None: 35}, source="sex"))
    assert values(done, "age") == [25, 40, 35, 25]
    assert done.marks.words == "age: sex without an entry in the map, so it stays (1 row)"
    by_number = edited(rows, Edit.map("sex", {20: "M", 80.0: "X"}, source="age"))
    assert values(by_number, "sex") == ["M", "M", None, "X"]
    assert "sex: 'X' never occurs (1 row)" in by_number.marks.words


def test_edits_are_applied_in_order_and_judged_by_what_comes_out(rows):
    done = edited(rows, Edit.add("age", 1000), Edit.add("age", -1000), Edit.set("sex", "M"))
    assert values(done, "age") == [20, 40, 60, 80]
    assert done.columns == {"sex": 3}
    assert done.places.tolist() == [0, 2, 3]
    assert done.marks == ()
    later = edited(rows, Edit.set("sex", "M"), Edit.map("age", {"M": 50}, source="sex"))
    assert values(later, "age") == [50] * 4


def test_what_never_occurs_is_marked_with_its_nearest(rows):
    done = edited(rows, Edit.set("sex", "f"), Edit.set("age", 81), at=[0, 1])
    assert done.marks.to_dicts() == [
        {"column": "sex", "rows": 2, "mark": "'f' never occurs (did you mean 'F'?)"},
        {"column": "age", "rows": 2, "mark": "above 80, the largest that occurs"},
    ]
    gone = edited(rows, Edit.set("age", None), at=[3])
    assert gone.marks.words == "age: missing, which never occurs (1 row)"
    early = edited(rows, Edit.set("since", "2019-12-31"), at=[0])
    assert early.marks.words.startswith("since: below 2020-01-01T00:00:00, the smallest that occurs")


@pytest.mark.parametrize("kind", ["category", "Int64", "string", "float32", "int8"])
def test_types_of_pandas_stay(kind):
    series = pd.Series(["a", "b", "a"] if kind in {"category", "string"} else [1, 2, 3], dtype=kind)
    rows = open_rows(pd.DataFrame({"x": series}).set_axis([7, 7, 9]))
    new = "b" if kind in {"category", "string"} else 3
    done = edited(rows, Edit.set("x", new), at=[0, 2])
    assert done.rows.native["x"].tolist() == [new, series[1], new]
    assert done.rows.native["x"].dtype == series.dtype
    assert done.rows.native.index.tolist() == [7, 7, 9]


def test_categories_are_extended_and_small_integers_widen():
    rows = open_rows(
        pd.DataFrame(
            {"c": pd.Series(["a", "b"], dtype="category"), "i": pd.Series([100, 2], dtype="int8")}
        )
    )
    done = edited(rows, Edit.set("c", "new"), Edit.scale("i", 2))
    assert done.rows.native["c"].tolist() == ["new", "new"]
    assert done.rows.native["i"].tolist() == [200, 4]
    enum = open_rows(pl.DataFrame({"c": pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"]))}))
    assert edited(enum, Edit.set("c", "z"), at=[0]).rows.native["c"].to_list() == ["z", "b"]


def test_no_row_and_no_change_are_fine(rows):
    nothing = edited(rows, Edit.set("age", 1), at=np.array([], dtype=int))
    assert nothing.places.tolist() == []
    assert values(nothing, "age") == [20, 40, 60, 80]
    same = edited(rows, Edit.add("age", 0), Edit.replace("sex", {"F": "F"}))
    assert same.places.tolist() == []
    assert same.columns == {}


def test_the_original_is_never_touched(rows):
    before = [rows.record(place) for place in range(4)]
    edited(rows, Edit.set("age", 1), Edit.scale("income", 3), Edit.replace("sex", {"F": "M"}))
    assert [rows.record(place) for place in range(4)] == before


def test_a_million_rows_equal_numpy():
    rng = np.random.default_rng(0)
    n = 200_000
    age, sex = rng.integers(18, 90, n), rng.choice(["F", "M"], n)
    income = np.where(rng.random(n) < 0.1, np.nan, rng.gamma(2, 20, n))
    rows = open_rows(pd.DataFrame({"age": age, "sex": sex, "income": income}))
    at = np.flatnonzero(sex == "F")
    done = edited(rows, Edit.scale("income", 1.1), Edit.add("age", 2), at=at)
    expected = np.where(sex == "F", income * 1.1, income)
    assert np.array_equal(done.rows.native["income"].to_numpy(), expected, equal_nan=True)
    assert np.array_equal(done.rows.native["age"].to_numpy(), age + 2 * (sex == "F"))
    assert done.rows.native["age"].dtype == np.int64
    assert np.array_equal(done.places, at)
    top = next(mark for mark in done.marks if "largest" in mark.mark and mark.column == "age")
    assert top.rows == int((age[at] + 2 > age.max()).sum())


EDITS = [
    Edit.set("age", 40),
    Edit.set("since", datetime(2024, 5, 1, 3)),
    Edit.set("sex", None),
    Edit.add("age", -0.25),
    Edit.scale("income", 1e-3),
    Edit.replace("sex", {"F": "M", None: "F", "M": None}),
    Edit.replace("member", {True: False}),
    Edit.map("pronoun", {"F": "she", "M": "he"}, source="sex"),
]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_edits_survive_json(edit):
    again = Edit.from_dict(json.loads(json.dumps(edit.to_dict(), allow_nan=False)))
    assert again == edit
    assert hash(again) == hash(edit)


def test_edits_read_well():
    assert list(map(str, EDITS)) == [
        "age = 40",
        "since = 2024-05-01T03:00:00",
        "sex = missing",
        "age − 0.25",
        "income × 0.001",
        "sex: F → M, missing → F, M → missing",
        "member: True → False",
        "pronoun by sex: F → she, M → he",
    ]
    many = Edit.replace("age", {i: i + 1 for i in range(6)})
    assert str(many) == "age: 0 → 1, 1 → 2, 2 → 3, 3 → 4 and 2 more"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Edit.set("", 1), "edit: column ''; expected a column's name."),
        (
            lambda: Edit("age", "ad", 1),
            "edit: kind 'ad'; expected one of 'set', 'add', 'scale', 'replace', 'map'. Did you mean 'add'?",
        ),
        (lambda: Edit.add("age", "5"), "edit of 'age': add '5'; expected a finite number."),
        (lambda: Edit.add("age", True), "edit of 'age': add True; expected a finite number."),
        (
            lambda: Edit.scale("age", float("inf")),
            "edit: inf; expected text, a finite number, True or False, a date, or None.",
        ),
        (
            lambda: Edit.set("age", [1]),
            "edit: [1]; expected text, a finite number, True or False, a date, or None.",
        ),
        (
            lambda: Edit.set("age", 10**400),
            "edit: a whole number beyond 64 bits; expected text, a finite number, True or False, a date, "
            "or None.",
        ),
        (
            lambda: Edit.replace("age", {}),
            "edit of 'age': no values; expected each old value once, with its new one.",
        ),
        (lambda: Edit.replace("age", [1]), "edit: [1]; expected a dict of old value to new."),
        (
            lambda: Edit("age", "replace", values=((1, 2), (1.0, 3))),
            "edit of 'age': an old value twice; expected each old value once, with its new one.",
        ),
        (
            lambda: Edit.map("age", {1: 2}, source="age"),
            "edit of 'age': source 'age'; expected the name of another column.",
        ),
        (
            lambda: Edit("age", "replace", values=((1, 2),), source="sex"),
            "edit of 'age': replace with a source; expected none. Use kind \"map\".",
        ),
        (
            lambda: Edit("age", "set", 1, values=((1, 2),)),
            "edit of 'age': set with values; expected one value.",
        ),
        (lambda: Edit.from_dict([1]), "edit: [1]; expected an edit's fields."),
        (
            lambda: Edit.from_dict({"column": "age", "kind": "set", "run": 1}),
            "edit: {'column': 'age', 'kind': 'set', 'run': 1}; expected an edit's fields.",
        ),
        (
            lambda: Edit.from_dict({"column": "a", "kind": "replace", "values": ["ab"]}),
            "edit: ['ab']; expected pairs of old and new values.",
        ),
        (lambda: as_edits([]), 'edits: none; expected edits. Write {"age": 40}, or Edit.add("age", 5).'),
        (
            lambda: as_edits("age"),
            'edits: \'age\'; expected edits. Write {"age": 40}, or Edit.add("age", 5).',
        ),
    ],
)
def test_what_is_no_edit_is_refused(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("edit", "error", "message"),
    [
        (
            Edit.set("agee", 1),
            RoleError,
            "edit of 'agee': no column 'agee'; expected one of 'age', 'income', 'sex', 'member', 'since'. "
            "Did you mean 'age'?",
        ),
        (
            Edit.map("age", {"F": 1}, source="gender"),
            RoleError,
            "edit of 'age': no column 'gender'; expected one of 'age', 'income', 'sex', 'member', 'since'.",
        ),
        (
            Edit.set("age", "old"),
            ArgumentError,
            "edit of 'age': 'old' for 'age'; expected a whole number.",
        ),
        (
            Edit.set("age", 1.5),
            ArgumentError,
            "edit of 'age': 1.5 for 'age'; expected a whole number.",
        ),
        (
            Edit.set("since", "May"),
            ArgumentError,
            "edit of 'since': 'May' for 'since'; expected a date, or ISO text such as '2024-05-01'.",
        ),
        (
            Edit.add("sex", 1),
            ArgumentError,
            "edit of 'sex': sex + 1 for a category; expected a column of numbers. "
            "Use Edit.set or Edit.replace.",
        ),
        (
            Edit.scale("since", 2),
            ArgumentError,
            "edit of 'since': since × 2 for a date; expected a column of numbers. "
            "Use Edit.set or Edit.replace.",
        ),
        (
            Edit.add("member", 1),
            ArgumentError,
            "edit of 'member': member + 1 for a boolean; expected a column of numbers. "
            "Use Edit.set or Edit.replace.",
        ),
        (
            Edit.replace("age", {"x": 1}),
            ArgumentError,
            "edit of 'age': 'x' for 'age'; expected a whole number.",
        ),
        (
            Edit.map("age", {"F": "x"}, source="sex"),
            ArgumentError,
            "edit of 'age': 'x' for 'age'; expected a whole number.",
        ),
        (
            Edit.scale("income", 1e308),
            ArgumentError,
            "edit of 'income': income × 1e+308; expected finite results.",
        ),
        (
            Edit.scale("age", 1e15),
            DataError,
            "edit of 'age': age × 1e+15; expected whole numbers up to 2**53, which stay exact. "
            "Use Edit.set.",
        ),
    ],
)
def test_what_does_not_fit_the_column_is_refused(rows, edit, error, message):
    with pytest.raises(error) as caught:
        edited(rows, edit)
    assert isinstance(caught.value, RaiError)
    assert str(caught.value) == message
