"""Candidates for sensitive features: what an expert would find in known data, and nothing in harmless data."""

from importlib import resources

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rai.datasets import load_dataset
from rai.explore.profiling import profile
from rai.explore.sensitive_columns import SensitiveCandidates, suggest_sensitive_features
from rai.explore.sensitive_names import CATEGORIES
from rai.explore.value_words import CODES
from rai.ground.errors import ArgumentError, DataError, RoleError

KEYS = ["feature", "category", "by", "confidence", "n", "unique", "example", "reason"]


def found(data, **given):
    return [
        (c.feature, c.category, c.by, c.confidence) for c in suggest_sensitive_features(data, **given)
    ]


def of(values, name="q7"):
    """Category, by and confidence of one column, and the reason of the first."""
    held = suggest_sensitive_features(pd.DataFrame({name: values}))
    return [(c.category, c.by, c.confidence) for c in held]


# Data sets that are known -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "likely", "possible"),
    [
        (
            "adult",
            "age education education_num marital_status relationship race sex native_country income",
            "workclass occupation",
        ),
        (
            "german_credit",
            "personal_status sex age foreign_worker",
            "savings residence_since property housing job dependents",
        ),
        (
            "heart_disease",
            "age sex chest_pain resting_blood_pressure cholesterol exercise_angina disease",
            "resting_ecg max_heart_rate st_depression",
        ),
        (
            "acs_employment",
            "age education marital_status relationship disability parents_employment citizenship ancestry "
            "nativity hearing_difficulty vision_difficulty cognitive_difficulty sex race",
            "",
        ),
    ],
)
def test_an_expert_would_agree(name, likely, possible):
    frame = load_dataset(name).frame
    held = suggest_sensitive_features(frame)
    sure = {c.feature for c in held if c.confidence == "likely"}
    assert sure == set(likely.split())
    assert set(held.features) - sure == set(possible.split())
    assert all(c.n == frame[c.feature].notna().sum() for c in held)
    assert all(c.unique == frame[c.feature].nunique() for c in held)
    assert list(held.features) == [column for column in frame if column in held.features]


def test_adult_by_name_and_values():
    frame = load_dataset("adult").frame
    rows = {c.feature: c for c in suggest_sensitive_features(frame)}
    assert rows["native_country"].to_dict() == {
        "feature": "native_country",
        "category": "origin",
        "by": "name and values",
        "confidence": "likely",
        "n": 47_985,
        "unique": 41,
        "example": "United-States",
        "reason": "'native country' (English) in the name; 38 of 41 values, in 99% of rows, are names of "
        "countries (50% and 80% are enough)",
    }
    assert rows["education_num"].reason == (
        "'education num' (English) in the name; its values (1, 2, …, 16) may be codes: look up what they "
        "stand for"
    )


def test_one_column_may_be_two_things():
    held = suggest_sensitive_features(load_dataset("german_credit").frame, columns="personal_status")
    assert [(c.category, c.by) for c in held] == [("sex_or_gender", "values"), ("family_status", "name")]
    assert held.features == ("personal_status",)


def test_harmless_data_has_no_candidates():
    rng = np.random.default_rng(0)
    days = np.datetime64("2023-01-01") + rng.integers(0, 900, 300).astype("timedelta64[D]")
    frame = pd.DataFrame(
        {
            "amount": rng.normal(size=300),
            "quantity": rng.integers(0, 100, 300),
            "signup": days,
            "colour": rng.choice(["white", "black", "red", "blue"], 300),
            "two_colours": rng.choice(["white", "black"], 300),
            "flag": rng.choice(["yes", "no"], 300),
            "active": rng.random(300) < 0.5,
            "diabetes_type": rng.choice(["x"], 300),
            "size": rng.choice(["S", "M", "L", "XL"], 300),
            "kind": rng.choice(["Type I", "Type II"], 300),
            "hours": rng.choice(["10-20", "20-30"], 300),
            "code": rng.integers(10_000, 99_999, 300),
            "sku": [f"{n:05d}" for n in rng.integers(0, 99_999, 300)],
            "comment": [f"the order {n} came late" for n in range(300)],
            "answer": rng.choice(["other", "unknown"], 300),
        }
    ).drop(columns="diabetes_type")
    assert found(frame) == []


# Values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Male", "Female", "Other"], ("sex_or_gender", "likely")),
        (["M", "F", "F", None], ("sex_or_gender", "likely")),
        (["m", "w", "w"], ("sex_or_gender", "likely")),
        (["männlich", "weiblich"], ("sex_or_gender", "likely")),
        (["Homme", "Femme"], ("sex_or_gender", "likely")),
        (["мужской", "женский"], ("sex_or_gender", "likely")),
        (["男", "女"], ("sex_or_gender", "likely")),
        (["Mr", "Mrs.", "Ms"], ("sex_or_gender", "likely")),
        (["non-binary", "woman", "man", "prefer not to say"], ("sex_or_gender", "likely")),
        (["White", "Black", "Asian", "Other"], ("race_or_ethnicity", "likely")),
        (["Hispanic", "Non-Hispanic"], ("race_or_ethnicity", "likely")),
        (["Muslim", "Hindu", "None"], ("religion", "likely")),
        (["katholisch", "evangelisch", "konfessionslos"], ("religion", "likely")),
        (["Married", "Single", "Divorced"], ("family_status", "likely")),
        (["ledig", "verheiratet"], ("family_status", "likely")),
        (["Husband", "Wife", "Own-child"], ("family_status", "likely")),
        (["mother", "roomer", "child", "sibling"], ("family_status", "possible")),
        (["gay", "straight", "bisexual"], ("sexual_orientation", "likely")),
        (["Germany", "France", "Germany", "South-Africa", "Atlantis"], ("origin", "likely")),
        (["German", "French", "Mexican"], ("nationality", "possible")),
        (["Urdu", "English", "Punjabi"], ("language", "possible")),
        (["en", "de", "fr"], ("language", "possible")),
        (["en-US", "de-DE", "pt_BR"], ("language", "possible")),
        (["US", "DE", "FR"], ("origin", "possible")),
        (["CA", "NY", "TX"], ("location", "possible")),
        (["California", "New York", "Texas"], ("location", "likely")),
        (["SW1A 1AA", "M1 1AE", "b33 8th"], ("location", "likely")),
        (["K1A 0B1", "V6B4N9", "H0H 0H0"], ("location", "likely")),
        (["1234 AB", "9999 ZZ", "1011AB"], ("location", "likely")),
        (["02139-4307", "10001-1234", "94105-0011"], ("location", "likely")),
        (
            ["Anna Smith", "Hans X", "Petra Y", "Mohammed A", "Yuki B", "Zzyzx C"],
            ("name_of_person", "possible"),
        ),
        (["Bachelors", "Masters", "HS-grad", "11th"], ("education", "possible")),
    ],
)
def test_values_alone(values, expected):
    category, confidence = expected
    assert of(values) == [(category, "values", confidence)]


@pytest.mark.parametrize(
    "values",
    [
        ["White", "Black"],  # colours
        ["M", "L", "S"],
        ["H", "M", "M"],
        ["K", "M"],
        ["F", "F", "F"],
        ["Male"],  # constant
        ["US", "DE"],  # two codes may be anything
        ["us", "de", "fr", "zz"],
        ["02139", "10001", "94105"],
        ["18-24", "25-34"],
        ["1st", "2nd", "3rd", "4th"],
        [1, 2, 1],
        [30, 40, 50],
        ["Anna", "Hans", "Petra", "Mohammed"],  # too few to tell
        [["male"], ["female"]],
        [b"\xff", b"\xfe"],
    ],
)
def test_values_that_need_a_name(values):
    assert of(values) == []


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("gender", [1, 2, 1], ("sex_or_gender", "name", "likely")),
        ("gender", ["1", "2", "9"], ("sex_or_gender", "name", "likely")),
        ("płeć", ["K", "M"], ("sex_or_gender", "name and values", "likely")),
        ("race", ["White", "Black"], ("race_or_ethnicity", "name and values", "likely")),
        ("race", [12.31, 11.2, 10.9], ("race_or_ethnicity", "name", "possible")),
        ("race", np.arange(100), ("race_or_ethnicity", "name", "possible")),
        ("age", [30, 40, 50], ("age", "name and values", "likely")),
        ("age", [30.5, None, 50], ("age", "name and values", "likely")),
        ("age", [30, 40, 50, 999, 20, 25], ("age", "name and values", "likely")),
        ("age", [10_000, 20_000, 15_000], ("age", "name", "possible")),
        ("age_group", ["18-24", "25-34", "65+", "< 18"], ("age", "name and values", "likely")),
        ("dob", ["1980-01-02", "1999-05-05"], ("age", "name and values", "likely")),
        ("geburtsdatum", ["02.01.1980", "5.5.1999"], ("age", "name and values", "likely")),
        ("dob", pd.to_datetime(["1980-01-02", "1999-05-05"]), ("age", "name and values", "likely")),
        ("birth_year", [1980, 1999], ("age", "name and values", "likely")),
        ("zip", [2139, 10_001, 94_105], ("location", "name and values", "likely")),
        ("plz", ["01067", "10115"], ("location", "name and values", "likely")),
        ("cp", [75_001, 13_001], ("location", "name and values", "possible")),
        ("cp", [0, 1, 2], None),
        ("eta", [20, 30], ("age", "name and values", "possible")),
        ("eta", [2000.5, 3000], None),
        ("country", ["DE"], ("origin", "name and values", "likely")),
        ("nationality", ["us", "de"], ("nationality", "name and values", "likely")),
        ("citizenship", ["Germany", "France"], ("nationality", "name and values", "likely")),
        ("language", ["German", "French"], ("language", "name and values", "likely")),
        ("language", ["x1", "x2"], ("language", "name", "possible")),
        ("name", ["widget", "bolt"], ("name_of_person", "name", "possible")),
        ("name", ["Anna", "Hans"], ("name_of_person", "name and values", "likely")),
        ("smoker", ["yes", "no"], ("health_or_disability", "name and values", "likely")),
        ("is_disabled", [True, False], ("health_or_disability", "name and values", "likely")),
        ("smoker", [0, 1], ("health_or_disability", "name", "possible")),
        ("religion_changed", pd.to_datetime(["2020-01-02"]), ("religion", "name", "possible")),
        ("sex", [None, None], ("sex_or_gender", "name", "possible")),
        ("sex", [], ("sex_or_gender", "name", "possible")),
        ("income", [10.5, 20.25], ("income", "name", "likely")),
        ("sex", ["male", "female", 3], ("sex_or_gender", "name", "likely")),
    ],
)
def test_names_and_values(name, values, expected):
    assert of(values, name) == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        (
            "gndr",
            [1, 2, 2],
            "'gndr' (English) in the name; its values (1, 2) may be codes: look up what they stand for",
        ),
        ("q7", ["M", "F", "F"], "2 of 2 values, in 100% of rows, are words for a sex or gender (50% and 80% are enough)"),
        ("race", [10.5, 11.5], "'race' (English) in the name; but it has 2 distinct numbers, not all whole"),
        ("sex", [None], "'sex' (English) in the name; no values"),
        (
            "age",
            [10_000, 20_000],
            "'age' (English, French) in the name; but its values run from 10000 to 20000, which are no ages in "
            "years",
        ),
        (
            "alter",
            [30, 40, 50, 60, 999],
            "'alter' (German) in the name; 80% of rows are between 0 and 120, as ages in years are (80% is enough)",
        ),
        ("smoker", ["yes", "no"], "'smoker' (English) in the name; 2 of 2 values, in 100% of rows, are yes or no"),
        ("Vorname", ["Anna", "Qwx"], "'vorname' (German) in the name; 1 of 2 values, in 50% of rows, are first names "
        "(15% and 30% are enough)"),
    ],
)  # fmt: skip
def test_reasons_say_what_was_seen_and_what_is_enough(name, values, reason):
    (candidate,) = suggest_sensitive_features(pd.DataFrame({name: values}))
    assert candidate.reason == reason


def test_shares_decide():
    """Four in five rows, and half of the values: one row less is not enough."""
    jobs = ["baker", "miller"]
    assert of(["Catholic", "Hindu"] * 4 + jobs) == [("religion", "values", "likely")]
    assert of(["Catholic", "Hindu"] * 4 + jobs + ["miller"]) == []
    assert of(["Catholic", "Hindu"] * 40 + [*jobs, "smith"]) == []  # 2 of 5 values


def test_dates_of_a_lifetime_may_be_births():
    rng = np.random.default_rng(1)
    births = np.datetime64("1940-01-01") + rng.integers(0, 60 * 365, 500).astype("timedelta64[D]")
    (candidate,) = suggest_sensitive_features({"d1": births})
    assert (candidate.category, candidate.by, candidate.confidence) == ("age", "values", "possible")
    low, high = births.min(), births.max()
    assert candidate.reason == f"its dates, {low} to {high}, may be births"
    assert (
        candidate.example
        == str(pd.Series(births).value_counts().pipe(lambda n: n[n == n.max()]).index.min())[:10]
    )
    old = births - np.timedelta64(60 * 365, "D")
    assert found({"d1": old}) == []


def test_the_codes_of_countries_are_those_of_the_time_zone_database(needs):
    table = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab")
    needs(table.is_file(), "tzdata has no codes of countries")
    text = table.read_text("utf-8")
    known = {line.split("\t")[0] for line in text.splitlines() if line and not line.startswith("#")}
    assert set(CODES[0].codes.split()) - {"UK"} == known
    assert [len(set(codes.codes.split())) for codes in CODES] == [250, 183, 51]


# Any rows ---------------------------------------------------------------------------------------------


def test_any_engine_finds_the_same(tmp_path):
    frame = pd.DataFrame(
        {
            "sex": ["m", "f", "f", None],
            "q1": ["Hindu", "Muslim", "Hindu", "Sikh"],
            "age": [30, 40, 50, 60],
            "zip": ["02139", "10001", "94105", "10001"],
            "smoker": [True, False, True, True],
        }
    )
    held = suggest_sensitive_features(frame)
    assert held.features == ("sex", "q1", "age", "zip", "smoker")
    polars = pl.from_pandas(frame)
    frame.to_csv(tmp_path / "rows.csv", index=False)
    polars.write_parquet(tmp_path / "rows.parquet")
    columns = frame.to_dict("list")
    same = [
        polars,
        polars.lazy(),
        pa.table(polars.to_arrow()),
        columns,
        tmp_path / "rows.csv",
        tmp_path / "rows.parquet",
        frame.astype({"sex": "category", "q1": "category", "age": "Int8", "smoker": "boolean"}),
        polars.with_columns(pl.col("sex", "q1").cast(pl.Categorical)),
        {"first": frame[:2], "second": frame[2:]},
        profile(frame),
    ]
    assert [suggest_sensitive_features(data) for data in same] == [held] * len(same)


def test_columns_choose():
    rows = {"sex": ["m", "f"], "age": [30, 40], "x": [1, 2]}
    every = suggest_sensitive_features(rows)
    assert every.features == ("sex", "age")
    assert suggest_sensitive_features(rows, columns=["age", "x"]).features == ("age",)
    assert suggest_sensitive_features(profile(rows), columns="age") == every.where(feature="age")
    assert suggest_sensitive_features(rows, columns="x") == SensitiveCandidates()
    assert str(suggest_sensitive_features(rows, columns="x")) == "(no rows)"
    assert all(list(row) == KEYS for row in every.to_dicts())


@pytest.mark.parametrize(
    ("data", "given", "error", "message"),
    [
        (pd.DataFrame(), {}, DataError, "data: no columns; expected at least one."),
        (
            pd.DataFrame([[1, 2]], columns=["sex", "sex"]),
            {},
            RoleError,
            "data: 2 columns named 'sex'; expected each name once. Rename the others.",
        ),
        (
            {"sex": ["m"]},
            {"columns": "sx"},
            RoleError,
            "columns: no column 'sx'; expected one of 'sex'. Did you mean 'sex'?",
        ),
        (
            profile({"sex": ["m"]}),
            {"columns": "sx"},
            ArgumentError,
            "feature: 'sx'; expected one of 'sex'. Did you mean 'sex'?",
        ),
        ("none.csv", {}, DataError, "none.csv: no such file; expected a path to a file."),
    ],
)
def test_what_is_refused(data, given, error, message):
    with pytest.raises(error) as caught:
        suggest_sensitive_features(data, **given)
    assert str(caught.value) == message


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.sampled_from(["male", "female", "m", "f", "White", "en", "US", "02139", "1980-01-01", "yes"]),
    st.lists(st.integers(0, 2), max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["sex", "age", "zip", "race", "dob", "cp", "x", "name", "", "性別"]),
    st.lists(VALUES, max_size=8),
    st.randoms(use_true_random=False),
)
def test_whatever_is_in_a_column(name, values, random):
    """No traceback, nothing that depends on the order of rows, and repeating all rows changes counts only."""
    held = suggest_sensitive_features(pd.DataFrame({name: pd.Series(values, dtype=object)}))
    assert {c.category for c in held} <= set(CATEGORIES)
    assert len({c.category for c in held}) == len(held)
    again = list(values)
    random.shuffle(again)
    kept = [{**row, "n": 2 * row["n"]} for row in held.to_dicts()]
    twice = pd.DataFrame({name: pd.Series(again * 2, dtype=object)})
    assert suggest_sensitive_features(twice).to_dicts() == kept
