"""What labels mean: the task, the positive label, the order of classes."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from rai.engines import count
from rai.values import Moments, Roles, Tally

HARD = Roles(y_true="y", y_pred="p")
SCORES = Roles(y_true="y", y_score="s")


def hard(true, predicted, *, positive_label=None, task="auto"):
    return count({"y": true, "p": predicted}, HARD.replace(positive_label=positive_label), task=task)


@pytest.mark.parametrize(
    ("true", "predicted", "labels"),
    [
        ([0, 1, 1], [1, 1, 0], (0, 1)),
        ([-1, 1, 1], [1, 1, -1], (-1, 1)),
        ([False, True, True], [True, True, False], (False, True)),
        ([0.0, 1.0, 1.0], [1.0, 1.0, 0.0], (0, 1)),
        ([False, True, True], [1, 1, 0], (0, 1)),
        ([0, 1, 1], [True, True, False], (0, 1)),
        (pd.Categorical([0, 1, 1], [1, 0, 7]), [1, 1, 0], (0, 1)),
        (np.array([0, 1, 1], dtype=np.uint8), np.array([1, 1, 0], dtype=np.int64), (0, 1)),
    ],
)
def test_the_positive_label_is_known(true, predicted, labels):
    done = hard(true, predicted)
    assert done.task == "binary"
    assert done.tally.labels == labels
    assert [type(label) for label in done.tally.labels] == [type(label) for label in labels]
    assert done.roles.positive_label == labels[1]
    assert done.tally.n.tolist() == [[[0, 1], [1, 1]]]


@pytest.mark.parametrize(
    ("true", "predicted", "positive", "labels"),
    [
        (["no", "yes", "yes"], ["yes", "yes", "no"], "yes", ("no", "yes")),
        (["no", "yes", "yes"], ["yes", "yes", "no"], "no", ("yes", "no")),
        ([1, 2, 2], [2, 2, 1], 2, (1, 2)),
        ([1, 2, 2], [2, 2, 1], "2", (1, 2)),
        ([0, 1, 1], [1, 1, 0], 0, (1, 0)),
        ([False, True, True], [True, True, False], "False", (True, False)),
        (["1", "2", "2"], ["2", "2", "1"], 2, ("1", "2")),
    ],
)
def test_the_positive_label_is_given(true, predicted, positive, labels):
    done = hard(true, predicted, positive_label=positive)
    assert done.tally.labels == labels
    assert done.roles.positive_label == labels[1]
    assert done.tally.confusion().tp.tolist() == [1.0 if labels[1] in {"yes", 2, "2"} else 0.0]


@pytest.mark.parametrize(
    ("value", "positive", "labels"),
    [
        (1, None, (0, 1)),
        (0, None, (0, 1)),
        (-1, None, (-1, 1)),
        (True, None, (False, True)),
        (False, None, (False, True)),
        (0, 1, (0, 1)),
        ("yes", "yes", ("(other)", "yes")),
        (5, 5, ("(other)", 5)),
    ],
)
def test_one_class_is_enough_for_two_labels(value, positive, labels):
    done = hard([value] * 3, [value] * 3, positive_label=positive)
    assert done.tally.labels == labels
    assert done.tally.n.sum() == done.tally.n[0, labels.index(value), labels.index(value)] == 3


def test_scores_of_one_class_are_counted_too():
    done = count({"y": [1, 1], "s": [0.2, 0.7]}, SCORES, bins=2)
    assert done.tally.labels == (0, 1)
    assert done.tally.n.tolist() == [[[0, 0], [1, 1]]]


def test_three_predicted_classes_make_a_multiclass_audit():
    done = hard(["a", "b", "a", "c"], ["a", "d", "b", "c"])
    assert (done.task, done.tally.edges, done.roles.positive_label) == ("multiclass", None, None)
    assert done.tally.labels == done.tally.outcomes == ("a", "b", "c", "d")
    assert done.tally.n[0].tolist() == [[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_numbers_are_classes_in_the_order_of_numbers():
    done = hard([10, 9, 2], [2, 9, 10])
    assert done.tally.labels == (2, 9, 10)


def test_dates_are_classes_as_iso_text():
    days = [dt.date(2024, 1, 2), dt.date(2024, 1, 1), dt.date(2024, 1, 3)]
    assert hard(days, days).tally.labels == ("2024-01-01", "2024-01-02", "2024-01-03")


def test_two_classes_are_multiclass_when_asked_for():
    done = hard([0, 1], [1, 1], task="multiclass")
    assert (done.task, done.tally.outcomes) == ("multiclass", (0, 1))


@pytest.mark.parametrize(
    ("true", "predicted"),
    [([1.5, 2.0, 3.0], [1.0, 2.0, 3.0]), ([1, 2, 3], [1.1, 2.0, 3.0]), ([1.5, 2.5, 0.5], [1, 2, 3])],
)
def test_numbers_that_are_not_whole_make_a_regression(true, predicted):
    done = hard(true, predicted)
    assert done.task == "regression"
    assert isinstance(done.tally, Moments)
    assert done.tally.term("e").tolist() == pytest.approx([sum(predicted) - sum(true)])


def test_a_regression_is_noticed_late():
    true, predicted = [1.0, 2.0, 3.0, 4.5], [1.0, 2.0, 3.0, 4.0]
    done = count({"y": true, "p": predicted}, HARD, piece_rows=2)
    assert (done.task, done.tally.rows) == ("regression", 4)


def test_whole_numbers_are_a_regression_when_asked_for():
    done = hard([0, 1, 1], [1, 1, 1], task="regression")
    assert isinstance(done.tally, Moments)
    assert done.tally.term("abs_e").tolist() == [1.0]


def test_text_in_a_csv_file_gets_its_type_when_all_of_it_is_known(tmp_path):
    path = tmp_path / "rows.csv"
    lines = ["y,s,g"] + [f"{i % 2},0.5,{i % 3}" for i in range(12_000)]
    path.write_text("\n".join(lines))
    roles = SCORES.replace(sensitive_features=("g",))
    assert count(path, roles).tally.groups == ((0,), (1,), (2,))
    path.write_text("\n".join([*lines, "1,0.5,x"]))
    done = count(path, roles, piece_rows=5000)
    assert done.tally.groups == (("0",), ("1",), ("2",), ("x",))
    assert done.tally.group_rows.tolist() == [4000, 4000, 4000, 1]
    assert done.tally.labels == (0, 1)


@pytest.mark.parametrize(
    ("cells", "levels"),
    [
        (["1", "1.0", " 1", "2"], (1, 2)),
        (["True", "false", "TRUE", "False"], (False, True)),
        (["007", "7", "1", "2"], ("1", "2", "007", "7")),
        (["None", "NA", "n/a", "x"], ("None", "n/a", "x", "(missing)")),
        (["(missing)", "", "null", "x"], ("x", "(missing)")),
    ],
)
def test_how_a_csv_column_is_read(cells, levels, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("y,p,g\n" + "".join(f"1,1,{cell}\n" for cell in cells))
    groups = count(path, HARD.replace(sensitive_features=("g",))).tally.groups
    assert groups == tuple((level,) for level in levels)
    assert [type(group[0]) for group in groups] == [type(level) for level in levels]


def test_a_csv_file_of_quantities_is_a_regression(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("y,p\n1,1\n2,2\n3,3\n0.5,1e3\n")
    done = count(path, HARD, piece_rows=2)
    assert (done.task, done.tally.rows, done.tally.term("e").tolist()) == ("regression", 4, [999.5])


def test_labels_of_both_csv_columns_are_read_together(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("y,p\n1,1\n2,2\nx,2\n")
    done = count(path, HARD)
    assert isinstance(done.tally, Tally)
    assert (done.task, done.tally.labels) == ("multiclass", ("1", "2", "x"))
