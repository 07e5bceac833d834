"""Values for a column: fitted to its kind, marked where they are unusual, refused where they are wrong."""

import datetime as dt
import math

import pytest

from rai.ground.errors import ArgumentError
from rai.values.features import Feature, Features

AGE = Feature(name="age", kind="integer", low=17, high=90)
INCOME = Feature(name="income", kind="number", low=0.5, high=99.0, missing=True)
SEX = Feature(name="sex", kind="category", categories=("Male", "Female"))
GRADE = Feature(name="grade", kind="category", categories=(2, 1))
MEMBER = Feature(name="member", kind="boolean", categories=(True, False))
BORN = Feature(name="born", kind="date", low="1980-01-01T00:00:00", high="2000-01-01T00:00:00")


@pytest.mark.parametrize(
    ("feature", "given", "fitted"),
    [
        (AGE, 40, 40),
        (AGE, 40.0, 40),
        (AGE, 120, 120),
        (AGE, None, None),
        (INCOME, 3, 3.0),
        (SEX, "Female", "Female"),
        (SEX, "other", "other"),
        (GRADE, 2.0, 2),
        (GRADE, 7, 7),
        (MEMBER, 1, True),
        (MEMBER, False, False),
        (BORN, "1990-05-01", dt.date(1990, 5, 1)),
        (BORN, "1990-05-01T12:00", dt.datetime(1990, 5, 1, 12)),
        (BORN, dt.date(1990, 5, 1), dt.date(1990, 5, 1)),
    ],
)
def test_a_value_is_fitted_to_its_column(feature, given, fitted):
    found = feature.checked(given, where="edit")
    assert found == fitted
    assert type(found) is type(fitted)


@pytest.mark.parametrize(
    ("feature", "given", "message"),
    [
        (AGE, 40.5, "edit: 40.5 for 'age'; expected a whole number."),
        (AGE, "forty", "edit: 'forty' for 'age'; expected a whole number."),
        (AGE, True, "edit: True for 'age'; expected a whole number."),
        (INCOME, math.nan, "edit: nan for 'income'; expected a finite number."),
        (INCOME, math.inf, "edit: inf for 'income'; expected a finite number."),
        (SEX, 3, "edit: 3 for 'sex'; expected text, or a value that occurs."),
        (MEMBER, "yes", "edit: 'yes' for 'member'; expected True or False."),
        (
            BORN,
            "May",
            "edit: 'May' for 'born'; expected a date, or ISO text such as '2024-05-01'.",
        ),
        (BORN, 3, "edit: 3 for 'born'; expected a date, or ISO text such as '2024-05-01'."),
    ],
)
def test_a_value_of_another_kind_is_refused(feature, given, message):
    with pytest.raises(ArgumentError) as caught:
        feature.checked(given, where="edit")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("feature", "value", "mark"),
    [
        (AGE, 17, ""),
        (AGE, 90, ""),
        (AGE, 91, "above 90, the largest that occurs"),
        (AGE, 16, "below 17, the smallest that occurs"),
        (AGE, None, "missing, which never occurs"),
        (INCOME, None, ""),
        (SEX, "Female", ""),
        (SEX, "femal", "'femal' never occurs (did you mean 'Female'?)"),
        (SEX, "X", "'X' never occurs"),
        (GRADE, 3, "3 never occurs"),
        (BORN, dt.datetime(2001, 1, 1), "above 2000-01-01T00:00:00, the largest that occurs"),
        (BORN, dt.datetime(1990, 1, 1), ""),
        (Feature(name="x", kind="number", missing=True), 3.0, "no value occurs"),
    ],
)
def test_what_is_unusual_is_marked_and_allowed(feature, value, mark):
    assert feature.mark(value) == mark


def test_features_are_found_by_name():
    features = Features([AGE, SEX])
    assert features.named("sex") is SEX
    assert [f.name for f in features.chosen(["sex"])] == ["sex"]
    with pytest.raises(ArgumentError) as caught:
        features.named("sxe", where="edit")
    assert str(caught.value) == (
        "edit: no column 'sxe'; expected one of 'age', 'sex'. Did you mean 'sex'?"
    )
    assert features.to_dicts()[1] == {
        "feature": "sex", "kind": "category", "low": None, "high": None,
        "categories": "Male, Female", "missing": False,
    }  # fmt: skip
