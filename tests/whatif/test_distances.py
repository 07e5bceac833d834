"""Distances between rows: against a loop written from the formula, on mixed rows with gaps."""

import math
import statistics

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rai
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif.distances import fit_distance
from rai.whatif.feature_units import robust_unit

NUMBERS = ("age", "hours", "flag", "same")
WORDS = ("sex", "job", "id")

# The formula, row by row ----------------------------------------------------------------------------


def missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))


def tool_distance(rows, a, b, *, norm):
    """The What-If Tool's: standard deviations, chance of a match, 1 for what is missing; no root."""
    total = 0.0
    for name in rows[0]:
        held = [row[name] for row in rows if not missing(row[name])]
        if name in WORDS and len(set(held)) == len(rows):
            continue
        if missing(a[name]) or missing(b[name]):
            apart = 1.0
        elif name in WORDS:
            shares = [held.count(value) / len(held) for value in dict.fromkeys(held)]
            apart = 0.0 if a[name] == b[name] else sum(share**2 for share in shares)
        else:
            unit = statistics.stdev(held) if len(set(held)) > 1 else 0.0
            apart = abs(a[name] - b[name]) / unit if unit else 0.0
        total += apart if norm == "l1" else apart**2
    return total


def default_distance(rows, a, b, *, norm, weights=None):
    """Ours: robust units, 1 for a mismatch or a gap, 0 for two gaps; the root of squares."""
    total = 0.0
    for name in rows[0]:
        held = sorted(row[name] for row in rows if not missing(row[name]))
        if missing(a[name]) or missing(b[name]):
            apart = 0.0 if missing(a[name]) and missing(b[name]) else 1.0
        elif name in WORDS:
            apart = float(a[name] != b[name])
        else:
            unit = plain_unit(held)
            apart = abs(a[name] - b[name]) / unit if unit else 0.0
        apart *= (weights or {}).get(name, 1.0)
        total += apart if norm == "l1" else apart**2
    return total if norm == "l1" else math.sqrt(total)


def plain_unit(held):
    if len(set(held)) < 2:
        return 0.0
    if len(set(held)) == 2:
        return held[-1] - held[0]
    first, ninth = (held[math.ceil(len(held) * share / 10) - 1] for share in (1, 9))
    return (ninth - first) / 2.5631031310892007 or statistics.stdev(held)


# Rows -----------------------------------------------------------------------------------------------

number = st.one_of(st.none(), st.integers(-5, 5).map(float), st.floats(-9, 9, width=16))
record = st.fixed_dictionaries(
    {
        "age": number,
        "sex": st.sampled_from(["F", "M", None]),
        "hours": number,
        "job": st.sampled_from(["cook", "nurse", "judge", "clerk"]),
        "flag": st.sampled_from([0.0, 1.0]),
        "same": st.just(3.0),
    }
)
records = st.lists(record, min_size=1, max_size=25)


def frames(rows, kind):
    rows = [{**row, "id": f"person {place}"} for place, row in enumerate(rows)]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(NUMBERS, float))
    if kind == "categories":
        frame = frame.astype({"sex": "category", "job": "category"})
    if kind == "objects":
        frame = frame.astype({"sex": object, "job": object})
    return rows, pl.from_pandas(frame) if kind == "polars" else frame


KINDS = ["pandas", "categories", "objects", "polars"]


@given(records, st.sampled_from(KINDS), st.sampled_from(["l1", "l2"]), st.integers(0, 24))
def test_the_tools_distance_is_that_of_its_formula(rows, kind, norm, place):
    rows, frame = frames(rows, kind)
    place %= len(rows)
    found = fit_distance(frame, distance="what-if-tool", norm=norm).to(place)
    expected = [tool_distance(rows, rows[place], row, norm=norm) for row in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(records, st.sampled_from(KINDS), st.sampled_from(["l1", "l2"]), st.integers(0, 24))
def test_the_default_distance_is_that_of_its_formula(rows, kind, norm, place):
    rows, frame = frames(rows, kind)
    place %= len(rows)
    weights = {"age": 2.5, "job": 0.0}
    for asked in (None, weights):
        found = fit_distance(frame, norm=norm, weights=asked).to(place)
        expected = [default_distance(rows, rows[place], row, norm=norm, weights=asked) for row in rows]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
        assert found[place] == 0


@given(records, record, st.sampled_from(["default", "what-if-tool"]), st.sampled_from(["l1", "l2"]))
def test_a_person_who_is_not_in_the_data_is_as_far_as_the_formula_says(rows, person, preset, norm):
    rows, frame = frames(rows, "pandas")
    person = {**person, "id": "somebody else"}
    formula = tool_distance if preset == "what-if-tool" else default_distance
    found = fit_distance(frame, distance=preset, norm=norm).to(person)
    expected = [formula(rows, person, row, norm=norm) for row in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(records, st.sampled_from(["l1", "l2"]))
def test_the_default_distance_is_a_metric(rows, norm):
    """Symmetric, 0 to itself, and no detour is shorter."""
    _, frame = frames(rows, "pandas")
    fitted = fit_distance(frame.fillna(dict.fromkeys(NUMBERS, 0.0)), norm=norm)
    apart = np.array([fitted.to(place) for place in range(len(rows))])
    np.testing.assert_allclose(apart, apart.T, atol=1e-12)
    detour = (apart[:, :, None] + apart[None, :, :]).min(axis=1)
    assert (apart <= detour + 1e-9).all()


# Units ----------------------------------------------------------------------------------------------


def test_an_outlier_does_not_move_the_unit():
    ages = np.arange(20.0, 70.0)
    unit = robust_unit(ages)
    assert unit == (64 - 24) / 2.5631031310892007
    assert robust_unit(np.append(ages[:-1], 999_999.0)) == unit


def test_the_unit_of_a_bell_is_its_standard_deviation():
    assert robust_unit(np.random.default_rng(0).normal(50, 4, 200_000)) == pytest.approx(4, rel=0.01)


def test_where_most_values_are_one_the_standard_deviation_is_the_unit():
    gains = np.array([0.0] * 95 + [10.0, 20.0, 30.0, 40.0, 50.0])
    assert robust_unit(gains) == statistics.stdev(gains)


def test_zero_and_one_are_as_far_apart_as_no_and_yes():
    rows = {"number": [0, 0, 0, 0, 1], "word": ["n", "n", "n", "n", "y"]}
    assert [row["unit"] for row in fit_distance(rows).to_dicts()] == [1.0, 1.0]


def test_dates_differ_by_days():
    days = pd.date_range("2024-01-01", periods=11)
    fitted = fit_distance(pd.DataFrame({"day": days, "same": [days[0]] * 11}))
    unit = (9 - 1) / 2.5631031310892007
    np.testing.assert_allclose(fitted.to(0), np.arange(11) / unit)
    np.testing.assert_allclose(
        fit_distance(pl.DataFrame({"day": days})).to({"day": days[3].to_pydatetime()}),
        abs(np.arange(11) - 3) / unit,
    )


def test_numbers_as_categories_that_are_not_whole_stay_numbers():
    frame = pd.DataFrame({"dose": pd.Categorical([0.5, 1.5, 2.5, 2.5])})
    assert (
        fit_distance(frame).to(0).tolist()
        == (np.array([0, 1, 2, 2]) / (2 / 2.5631031310892007)).tolist()
    )


# What counts ----------------------------------------------------------------------------------------

FRAME = pd.DataFrame({"age": [20, 30, 40], "sex": ["F", "M", "M"], "label": [0, 1, 1]})


def test_truth_and_what_is_ignored_do_not_count():
    for preset in ("default", "what-if-tool"):
        assert fit_distance(FRAME, distance=preset, y_true="label").features == ("age", "sex")
        assert fit_distance(FRAME, distance=preset, ignore=["label", "age"]).features == ("sex",)
    assert fit_distance(FRAME, ["age", "label"], y_true="label").features == ("age",)


def test_columns_of_text_that_are_all_different_are_left_out_only_by_the_tool():
    frame = FRAME.assign(name=["Ann", "Bob", "Cem"])
    fitted = fit_distance(frame, distance="what-if-tool")
    assert fitted.features == ("age", "sex", "label")
    assert fitted.note == "left out, as their values are all different: name"
    assert fit_distance(frame).features == ("age", "sex", "label", "name")


def test_a_function_is_asked_with_one_row_and_a_frame():
    seen = []

    def by_age(person, frame):
        seen.append((person, type(frame)))
        return abs(frame["age"] - person["age"])

    assert fit_distance(FRAME, distance=by_age).to(1).tolist() == [10, 0, 10]
    assert fit_distance(pl.from_pandas(FRAME), distance=by_age).to({"age": 35}).tolist() == [15, 5, 5]
    assert seen == [
        ({"age": 30, "sex": "M", "label": 1}, pd.DataFrame),
        ({"age": 35, "sex": None, "label": None}, pl.DataFrame),
    ]


# Fitted once ----------------------------------------------------------------------------------------


def test_a_fitted_distance_answers_about_other_rows():
    fitted = fit_distance(FRAME, ["age", "sex"])
    other = pd.DataFrame({"sex": ["X", "F"], "age": [20, 40]})
    unit = 20 / 2.5631031310892007
    np.testing.assert_allclose(fitted.to(0, rows=other), [1, 20 / unit])


def test_rows_that_were_changed_are_read_again():
    frame = FRAME.copy()
    fitted = fit_distance(frame, ["age"])
    before = fitted.to({"age": 20}, rows=frame)
    frame["age"] = [40, 30, 20]
    assert fitted.to({"age": 20}, rows=frame).tolist() == before[::-1].tolist()
    assert fitted.to({"age": 20}).tolist() == before.tolist()


def test_a_fitted_distance_reads_as_a_table():
    assert fit_distance(FRAME, ["age", "sex"], weights={"sex": 2}).to_dicts() == [
        {"feature": "age", "numeric": True, "unit": 20 / 2.5631031310892007, "weight": 1.0},
        {"feature": "sex", "numeric": False, "unit": 1.0, "weight": 2.0},
    ]


# What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            {"distance": "defualt"},
            ArgumentError,
            "distance: 'defualt'; expected one of 'default', 'what-if-tool'. Did you mean 'default'?",
        ),
        ({"norm": "l3"}, ArgumentError, "norm: 'l3'; expected one of 'l1', 'l2'."),
        ({"features": []}, ArgumentError, "distance: no columns; expected at least one that counts."),
        (
            {"features": ["agee"]},
            RoleError,
            "distance: no column 'agee'; expected one of 'age', 'sex', 'label'. Did you mean 'age'?",
        ),
        (
            {"y_true": "lable"},
            RoleError,
            "distance: no column 'lable'; expected one of 'age', 'sex', 'label'. Did you mean 'label'?",
        ),
        (
            {"frozen": "sexx"},
            RoleError,
            "frozen: no column 'sexx'; expected one of 'age', 'sex', 'label'. Did you mean 'sex'?",
        ),
        (
            {"weights": {"agee": 2}},
            ArgumentError,
            "weights: a weight for 'agee'; expected one of 'age', 'sex', 'label'.",
        ),
        (
            {"weights": {"age": -1}},
            ArgumentError,
            "weights: -1 for 'age'; expected a number of at least 0.",
        ),
        (
            {"weights": {"age": math.inf}},
            ArgumentError,
            "weights: inf for 'age'; expected a number of at least 0.",
        ),
        (
            {"weights": {"age": 1}, "distance": lambda a, b: 0},
            ArgumentError,
            "weights: weights for a function; expected none. Weigh in the function.",
        ),
    ],
)
def test_what_can_not_be_fitted_is_refused(asked, error, message):
    with pytest.raises(error) as caught:
        fit_distance(FRAME, **asked)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("column", "error", "message"),
    [
        ([[1], [2], [3]], RoleError, "distance: column 'x' with values that name nothing"),
        (
            [1.0, math.inf, 2.0],
            DataError,
            "column 'x': 1 infinite value, the first in row 2; expected finite numbers.",
        ),
        (
            ["a", 0.5, "b"],
            RoleError,
            "distance: column 'x' with text and the number 0.5; expected values of one kind in a column.",
        ),
    ],
)
def test_columns_that_can_not_be_compared_are_refused(column, error, message):
    with pytest.raises(error) as caught:
        fit_distance(pd.DataFrame({"x": column}))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"age": "old"}, "row: 'old' for 'age'; expected a number, as in the rows."),
        (3, "row: 3; expected a dict, or a position from 0 to 2."),
        (True, "row: True; expected a dict, or a position from 0 to 2."),
    ],
)
def test_a_row_that_is_none_is_refused(row, message):
    with pytest.raises(ArgumentError) as caught:
        fit_distance(FRAME).to(row)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (
            [1, 2],
            "distance: it returned shape (2,); expected a distance of at least 0 for each of 3 rows.",
        ),
        (
            [1, math.nan, 2],
            "distance: it returned nan for row 2; expected a distance of at least 0 for each of 3 rows.",
        ),
        (
            [1, 2, -1],
            "distance: it returned -1 for row 3; expected a distance of at least 0 for each of 3 rows.",
        ),
        (
            ["near", "far", "far"],
            "distance: it returned ['near', 'far', 'far']; expected a distance of at least 0 for each of 3 rows.",
        ),
    ],
)
def test_what_a_function_returns_is_checked(returned, message):
    with pytest.raises(DataError) as caught:
        fit_distance(FRAME, distance=lambda person, frame: returned).to(0)
    assert str(caught.value) == message


# Similarity -----------------------------------------------------------------------------------------


def test_similarity_counts_what_the_model_reads():
    model = rai.load_model(lambda frame: frame["age"] / 100, features=["age"])
    unit = 20 / 2.5631031310892007
    np.testing.assert_allclose(rai.whatif.similarity(model, FRAME, row=0), [0, 10 / unit, 20 / unit])
    everything = rai.whatif.similarity(None, FRAME, row=0)
    np.testing.assert_allclose(everything, [0, 10 / unit + 2, 20 / unit + 2])
    fitted = fit_distance(FRAME)
    assert rai.whatif.similarity(None, FRAME, row=0, distance=fitted).tolist() == everything.tolist()
    assert rai.whatif.similarity(model, FRAME, row={"age": 40}).argmin() == 2
