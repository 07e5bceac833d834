"""Bad rows and bad arguments: one whole sentence each."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rai.engines import columns, count
from rai.ground.errors import ArgumentError, DataError, RaiError, RoleError
from rai.values import Roles

GOOD = {
    "y": [1, 0, 1, 0],
    "p": [1, 1, 0, 0],
    "s": [0.9, 0.4, 0.6, 0.1],
    "w": [1, 2, 1, 2],
    "sex": ["F", "M", "F", "M"],
    "age": [20, 30, 40, 50],
}
HARD = Roles(y_true="y", y_pred="p", sensitive_features=("sex",))
SCORES = Roles(y_true="y", y_score="s", sensitive_features=("sex",))
WEIGHED = HARD.replace(sample_weight="w")
BY_AGE = HARD.replace(sensitive_features=("age",))


def refusal(kind, data, roles, **options):
    """The whole message."""
    with pytest.raises(RaiError) as caught:
        count(data, roles, **options)
    assert type(caught.value) is kind
    return str(caught.value)


def changed(**changes):
    return {**GOOD, **changes}


ROLE_SENTENCES = [
    (
        GOOD,
        HARD.replace(sensitive_features=("sx",)),
        "sensitive_features: no column 'sx'; expected one of 'y', 'p', 's', 'w', 'sex', 'age'. "
        "Did you mean 'sex'?",
    ),
    (
        {"y": [1]},
        HARD.replace(y_pred="zzz", sensitive_features=()),
        "y_pred: no column 'zzz'; expected one of 'y'.",
    ),
    ({}, HARD, "y_true: no column 'y'; expected a column, but there are none."),
    (
        pd.DataFrame([[1, 1, 0]], columns=["y", "p", 7]),
        HARD.replace(sensitive_features=("7",)),
        "sensitive_features: no column '7'; expected one of 'y', 'p', 7. "
        "Some of its names are no text: name its columns by strings.",
    ),
    (
        pd.DataFrame([[1, 1, 0, 0]], columns=["y", "p", "sex", "sex"]),
        HARD,
        "sensitive_features: column 'sex' occurs 2 times; expected each name once. Rename the others.",
    ),
    (
        GOOD,
        Roles(y_true="y"),
        "roles: neither y_pred nor y_score; expected one of them. "
        "Scores say more: every threshold can be looked at.",
    ),
    (
        GOOD,
        HARD.replace(y_score="s"),
        "roles: both y_pred and y_score; expected one of them. "
        "Scores say more: every threshold can be looked at.",
    ),
    (
        changed(sex=["F", 1, "M", 1]),
        HARD,
        "sensitive feature 'sex': numbers such as 1 and text such as 'M' in one column; "
        "expected one kind. Turn the whole column into text, or into numbers.",
    ),
    (
        changed(sex=pd.Series([["F"], ["M"], ["F"], ["M"]])),
        HARD,
        "sensitive feature 'sex': values that name no group (list); "
        "expected text, whole numbers, true/false values, dates or categories.",
    ),
    (
        pl.DataFrame(changed(sex=[["F"], ["M"], ["F"], ["M"]])),
        HARD,
        "sensitive feature 'sex': values that name no group (List(String)); "
        "expected text, whole numbers, true/false values, dates or categories.",
    ),
    (
        changed(y=["1", "0", "1", "0"]),
        HARD,
        "y_pred 'p': numbers such as 0; expected text such as '1', as in y_true 'y'.",
    ),
    (
        changed(y=[0, 1, 2, 2]),
        SCORES,
        "y_true 'y': 3 labels: 0, 1, 2; expected two labels for a binary audit. "
        "Keep two labels, or pass predicted classes as y_pred= for a multiclass audit.",
    ),
    (
        changed(y=[0, 1, 2, 2]),
        HARD.replace(positive_label=2),
        "y_true 'y': 3 labels: 0, 1, 2; expected two labels for a binary audit. "
        "Leave positive_label out for a multiclass audit.",
    ),
    (
        changed(y=["no", "yes", "no", "yes"], p=["yes"] * 4),
        HARD,
        "y_true 'y': labels 'no', 'yes'; expected a positive label, which only 0 and 1, -1 and 1, or "
        "false and true make known. Pass positive_label='yes', or the other one.",
    ),
    (
        changed(y=["no", "yes", "no", "yes"]),
        SCORES.replace(positive_label="Yess"),
        "positive_label: 'Yess'; expected one of the labels of y_true 'y': 'no', 'yes'. Did you mean 'yes'?",
    ),
    (
        GOOD,
        SCORES.replace(positive_label="yes"),
        "positive_label: 'yes'; expected one of the labels of y_true 'y': 0, 1.",
    ),
    (
        changed(p=[0.37, 0.5, 0.9, 1.0]),
        HARD,
        "y_pred 'p': fractions predicted for two-valued labels; expected predicted labels. "
        "These look like scores: pass them as y_score=.",
    ),
    (
        changed(y=["no", "yes", "no", "yes"], p=[0.37, 0.5, 0.9, 1.0]),
        HARD,
        "y_pred 'p': fractions such as 0.37 predicted for two-valued labels; expected predicted labels. "
        "These look like scores: pass them as y_score=.",
    ),
    (
        changed(y=[0.5, 1.0, 0.0, 1.0]),
        SCORES,
        "y_true 'y': numbers that are not whole, such as 0.5; expected binary labels.",
    ),
    (
        changed(y=[0.0, np.inf, 0.0, 1.0]),
        SCORES,
        "y_true 'y': numbers that are not whole, such as inf; expected binary labels.",
    ),
    (
        changed(s=["0.9", "0.1", "high", "0"]),
        SCORES,
        "y_score 's': text such as '0.9'; expected scores between 0 and 1.",
    ),
    (
        changed(s=[0.9, None, "high", 0.1]),
        SCORES,
        "y_score 's': text such as 'high'; expected scores between 0 and 1.",
    ),
    (
        changed(s=pd.Series(["0.9", "0.1", "high", "0"], dtype="category")),
        SCORES,
        "y_score 's': text such as '0.9'; expected scores between 0 and 1.",
    ),
    (
        pl.DataFrame(changed(s=["0.9", "0.1", "high", "0"])),
        SCORES,
        "y_score 's': text such as '0.9'; expected scores between 0 and 1.",
    ),
    (
        changed(s=[True, False, True, False]),
        SCORES,
        "y_score 's': true/false values; expected scores between 0 and 1. "
        "Pass true/false predictions as y_pred.",
    ),
    (
        changed(s=np.array([1, 0, 1, 0], dtype="timedelta64[D]")),
        SCORES,
        "y_score 's': values of type timedelta64[D]; expected scores between 0 and 1.",
    ),
    (
        changed(w=["1", "2", "1", "2"]),
        WEIGHED,
        "sample_weight 'w': text such as '1'; expected a weight of at least 0 for every row.",
    ),
    (
        changed(age=[20.5, 30.0, 40.25, 50.0]),
        BY_AGE,
        "sensitive feature 'age': 4 distinct numbers, not all whole; expected at most 20 whole numbers. "
        "Pass cuts={'age': [30, 40.2, 50]} to cut at edges, or cuts={'age': 4} for quantile groups.",
    ),
    (
        changed(age=["young", "old", "old", "young"]),
        BY_AGE.replace(cuts={"age": 2}),
        "sensitive feature 'age': text such as 'young'; expected numbers to cut.",
    ),
    (
        changed(age=["young", "old", "old", "young"]),
        BY_AGE.replace(cuts={"age": (30,)}),
        "sensitive feature 'age': text such as 'young'; expected numbers to cut.",
    ),
    (
        changed(age=[7, 7, 7, None]),
        BY_AGE.replace(cuts={"age": 2}),
        "cuts['age']: one distinct value or none; expected values that can be cut.",
    ),
]

DATA_SENTENCES = [
    (changed(p=[1, 0]), HARD, "p: 2 rows; expected 4 rows like y."),
    (
        changed(s=np.zeros((4, 2))),
        SCORES,
        "s: an array of shape (4, 2); expected one value a row. "
        "Pass one of its columns, such as [:, 1].",
    ),
    (changed(s=0.5), SCORES, "s: an array of shape (); expected one value a row. Pass a list."),
    (changed(sex=[["F"], ["M", "x"]]), HARD, "sex: rows of unequal length; expected one value a row."),
    ({name: [] for name in GOOD}, HARD, "data: no rows; expected at least one."),
    (pl.DataFrame(GOOD).head(0), SCORES, "data: no rows; expected at least one."),
    (
        changed(y=[None, None, 1, 0], p=[1, 1, None, None]),
        HARD,
        "data: 4 rows, none of which can be counted (2 missing y_pred, 2 missing y_true); "
        "expected rows with labels and predictions.",
    ),
    (
        changed(s=[0.9, np.inf, -np.inf, 0.1]),
        SCORES,
        "y_score 's': 2 infinite values, the first in row 2; expected finite numbers.",
    ),
    (
        changed(s=[0.9, -2.3, 4.125, 0.1]),
        SCORES,
        "y_score 's': values from -2.3 to 4.12; expected scores between 0 and 1. "
        'Divide percentages by 100; for any other scale pass bins="exact".',
    ),
    (
        changed(w=[1, None, np.nan, 1]),
        WEIGHED,
        "sample_weight 'w': 2 missing values, the first in row 2; "
        "expected a weight of at least 0 for every row.",
    ),
    (
        changed(w=[1, 1, 1, -0.5]),
        WEIGHED,
        "sample_weight 'w': 1 negative value, the first in row 4; "
        "expected a weight of at least 0 for every row.",
    ),
    (
        changed(w=[1, 1, np.inf, 1]),
        WEIGHED,
        "sample_weight 'w': 1 infinite value, the first in row 3; expected finite numbers.",
    ),
    (
        changed(w=[0, 0, 0, 0.0]),
        WEIGHED,
        "sample_weight 'w': weights that are all 0; expected some weight above 0.",
    ),
    (
        changed(y=[1.5, 2.5, np.inf, 0.5]),
        HARD,
        "y_true 'y': 1 infinite value, the first in row 3; expected finite numbers.",
    ),
    (
        changed(y=[1.5, 2.5, 1e90, 0.5]),
        HARD,
        "y_true and y_pred: values so large that their fourth powers overflow; expected values below 1e70.",
    ),
    (
        [1, 2],
        HARD,
        "data: a list; expected a frame, a dict of arrays, or a path to .csv, .csv.gz, .tsv or .parquet.",
    ),
    (
        np.zeros((2, 2)),
        HARD,
        "data: a ndarray; expected a frame, a dict of arrays, or a path to .csv, .csv.gz, .tsv or .parquet.",
    ),
]

ARGUMENT_SENTENCES = [
    (
        SCORES,
        {"task": "multiclass"},
        "task: 'multiclass' with y_score; expected 'binary' or 'auto'. Pass predictions as y_pred=.",
    ),
    (
        HARD.replace(positive_label=1),
        {"task": "regression"},
        "task: 'regression' with a positive label; expected 'binary' or 'auto'.",
    ),
    (
        HARD,
        {"task": "binry"},
        "task: 'binry'; expected one of 'auto', 'binary', 'multiclass', 'regression'. Did you mean 'binary'?",
    ),
    (HARD, {"piece_rows": 0}, "piece_rows: 0; expected a whole number of at least 1."),
    (SCORES, {"thresholds": []}, "thresholds: none; expected at least one. 0.5 is usual."),
    (SCORES, {"thresholds": 0}, "thresholds: 0; expected numbers above 0 and at most 1."),
    (SCORES, {"thresholds": [0.5, 1.5]}, "thresholds: 1.5; expected numbers above 0 and at most 1."),
    (SCORES, {"thresholds": "0.5"}, "thresholds: '0'; expected numbers above 0 and at most 1."),
    (
        SCORES,
        {"thresholds": [float("nan")], "bins": "exact"},
        "thresholds: nan; expected finite numbers.",
    ),
    (SCORES, {"bins": 0}, "bins: 0; expected a whole number of at least 1."),
    (SCORES, {"bins": "all"}, "bins: 'all'; expected a number of bins such as 1000, or \"exact\"."),
    (
        SCORES,
        {"bins": 10**8},
        "bins: 100,000,000; expected at most 1,000,000.",
    ),
    (
        BY_AGE.replace(cuts={"age": 1}),
        {},
        "cuts['age']: 1 groups; expected at least 2 quantile groups.",
    ),
    (
        BY_AGE.replace(cuts={"age": (45, 25)}),
        {},
        "cuts['age']: (45, 25); expected increasing edges such as [25, 45], or a number of quantile "
        "groups such as 4.",
    ),
    (
        BY_AGE.replace(cuts={"age": (25, float("inf"))}),
        {},
        "cuts['age']: (25, inf); expected increasing edges such as [25, 45], or a number of quantile "
        "groups such as 4.",
    ),
    (
        BY_AGE.replace(cuts={"age": (25.0, 25.0000000000001)}),
        {},
        "cuts['age']: two edges that both read 25; expected edges that differ in 12 digits.",
    ),
]


@pytest.mark.parametrize(("data", "roles", "sentence"), ROLE_SENTENCES)
def test_a_column_that_its_role_cannot_use(data, roles, sentence):
    assert refusal(RoleError, data, roles) == sentence


@pytest.mark.parametrize(("data", "roles", "sentence"), DATA_SENTENCES)
def test_rows_that_cannot_be_used(data, roles, sentence):
    assert refusal(DataError, data, roles) == sentence


@pytest.mark.parametrize(("roles", "options", "sentence"), ARGUMENT_SENTENCES)
def test_arguments_outside_what_is_allowed(roles, options, sentence):
    assert refusal(ArgumentError, GOOD, roles, **options) == sentence


def test_three_labels_for_a_binary_task():
    assert refusal(RoleError, changed(y=[0, 1, 2, 2]), HARD, task="binary") == (
        "y_true 'y': 3 labels: 0, 1, 2; expected two labels for a binary audit. "
        'Pass task="multiclass" for more classes.'
    )


def test_fractions_for_classes():
    assert refusal(RoleError, changed(p=[0.5, 1, 2, 3]), HARD, task="multiclass") == (
        "y_pred 'p': numbers that are not whole, such as 0.5; expected multiclass labels."
    )


def test_text_for_a_regression():
    assert refusal(RoleError, changed(y=["a", "b", "a", "b"]), HARD, task="regression") == (
        "y_true 'y': text such as 'a'; expected numbers."
    )


def many(n, **columns):
    return {"y": [0, 1] * (n // 2), "p": [1, 0] * (n // 2), "s": [0.5] * n, "sex": ["F"] * n, **columns}


def test_many_whole_numbers_are_asked_about():
    data = many(300, y=list(range(300)), p=list(range(1, 301)))
    assert refusal(RoleError, data, HARD) == (
        "task: 301 distinct whole numbers in y_true and y_pred; expected at most 100 classes. "
        'Pass task="regression" if they are quantities, task="multiclass" if they are classes.'
    )
    assert count(data, HARD, task="regression").tally.term("e").tolist() == [300.0]
    assert count(data, HARD, task="multiclass").tally.n.shape == (1, 301, 301)


def test_more_than_a_thousand_classes():
    names = [f"c{i}" for i in range(1200)]
    assert refusal(RoleError, many(1200, y=names, p=names), HARD) == (
        "y_true 'y': more than 1,000 classes, such as 'c0'; expected at most 1,000."
    )


@pytest.mark.parametrize("piece_rows", [300, 2000])
def test_an_identifier_is_no_feature(piece_rows):
    data = many(1200, sex=[f"id-{i:04}" for i in range(1200)])
    assert refusal(RoleError, data, HARD, piece_rows=piece_rows) == (
        "sensitive feature 'sex': more than 1,000 distinct values, such as 'id-0000'; "
        "expected at most 1,000 groups. Is it an identifier?"
    )


@pytest.mark.parametrize("roles", [HARD, HARD.replace(sensitive_features=(), control_features=("sex",))])
def test_ages_must_be_cut(roles):
    data = many(100, sex=np.arange(100) % 71 + 17)
    kind = "sensitive" if roles.sensitive_features else "control"
    sentence = (
        f"{kind} feature 'sex': 71 distinct numbers; expected at most 20 whole numbers. "
        "Pass cuts={'sex': [29, 42, 63]} to cut at edges, or cuts={'sex': 4} for quantile groups."
    )
    assert refusal(RoleError, data, roles) == sentence
    assert refusal(RoleError, data, roles, piece_rows=10) == sentence


def test_ages_of_a_csv_file_must_be_cut_too(tmp_path):
    path = tmp_path / "rows.csv"
    rows = "".join(f"{i % 2},1,{17 + i % 71}\n" for i in range(100))
    path.write_text("y,p,sex\n" + rows)
    assert refusal(RoleError, path, HARD).startswith("sensitive feature 'sex': 71 distinct numbers;")


def test_text_scores_of_a_csv_file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("y,s,sex\n1,0.5,F\n0, 0.25 ,F\n1,NA,M\n0,high,M\n")
    assert refusal(RoleError, path, SCORES) == (
        "y_score 's': text such as 'high'; expected scores between 0 and 1."
    )


def test_both_csv_labels_are_of_one_kind(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("y,p,sex\nyes,1,F\nno,0,F\n")
    assert refusal(RoleError, path, HARD) == (
        "y_pred 'p': numbers such as 0; expected text such as 'no', as in y_true 'y'."
    )


def test_exact_bins_are_refused_before_memory_runs_out(monkeypatch):
    from rai.engines import cells

    monkeypatch.setattr(cells, "MOST_CELLS", 15)
    assert refusal(ArgumentError, GOOD, SCORES, bins="exact") == (
        "tally: 2 groups × 2 labels × 6 outcomes; expected at most 15 cells. "
        'Pass bins=1000 instead of bins="exact", or fewer features.'
    )


@pytest.mark.parametrize(
    ("arrays", "kind", "sentence"),
    [
        ({"y_true": None}, RoleError, "y_true: nothing; expected true labels, one for each row."),
        ({"y_pred": [1]}, DataError, "y_pred: 1 row; expected 3 rows like y_true."),
        (
            {"sensitive_features": ["F", "M"]},
            DataError,
            "sensitive_feature: 2 rows; expected 3 rows like y_true.",
        ),
        (
            {"y_score": np.zeros((3, 2))},
            DataError,
            "y_score: an array of shape (3, 2); expected one value a row. "
            "Pass one of its columns, such as [:, 1].",
        ),
        (
            {"sensitive_features": {"y_true": [1, 2, 3]}},
            RoleError,
            "sensitive_features: two columns named 'y_true'; expected one. Give a dict of name to array.",
        ),
        (
            {"sensitive_features": np.zeros((3, 2, 2))},
            DataError,
            "sensitive_feature: an array of shape (3, 2, 2); expected one value a row. Pass a list.",
        ),
    ],
)
def test_arrays_that_do_not_fit(arrays, kind, sentence):
    with pytest.raises(RaiError) as caught:
        columns(**{"y_true": [1, 0, 1], **arrays})
    assert type(caught.value) is kind
    assert str(caught.value) == sentence


def test_a_threshold_off_the_scale_of_exact_scores_is_refused():
    rows = {"y": [1, 0, 1], "s": [2, 7, 9], "g": ["a", "b", "b"]}
    roles = Roles(y_true="y", y_score="s", sensitive_features=("g",))
    with pytest.raises(ArgumentError) as error:
        count(rows, roles, bins="exact")
    assert str(error.value) == (
        "thresholds: 0.5 for scores from 2 to 9 (y_score 's'); expected a value among them. "
        "Pass thresholds= on the scale of the scores."
    )
