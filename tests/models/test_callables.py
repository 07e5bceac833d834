"""Functions, objects that follow the protocol, and columns of scores."""

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.models import Scoring

ROWS = {"x": [0.1, 0.9, 0.5], "other": ["a", "b", "c"]}


class TestFunctions:
    def test_a_function_gives_the_score_of_the_positive_class(self):
        model = rai.load_model(lambda frame: frame["x"])
        assert (model.task, model.classes, model.kind, model.features) == (
            "binary",
            (0, 1),
            "callable",
            None,
        )
        assert model.scores(ROWS).tolist() == [0.1, 0.9, 0.5]

    def test_two_columns_are_in_the_order_of_classes(self):
        both = lambda frame: np.column_stack([1 - frame["x"], frame["x"]])  # noqa: E731
        model = rai.load_model(both, classes=["no", "yes"])
        other = rai.load_model(both, classes=["no", "yes"], positive_label="no")
        assert model.scores(ROWS).tolist() == [0.1, 0.9, 0.5]
        assert np.allclose(other.scores(ROWS), [0.9, 0.1, 0.5])
        assert (other.classes, other.positive_label) == (("yes", "no"), "no")

    @pytest.mark.parametrize(
        "returned",
        [
            lambda f: f["x"].to_list(),
            lambda f: pd.Series(f["x"].to_numpy(), index=[7, 8, 9]),
            lambda f: pl.Series(f["x"].to_numpy()),
            lambda f: f["x"].to_numpy().astype(np.float32)[:, None],
            lambda f: pd.DataFrame({"no": 1 - f["x"].to_numpy(), "yes": f["x"].to_numpy()}),
            lambda f: np.array(f["x"].to_list(), dtype=object),
        ],
        ids=["list", "pandas", "polars", "float32 column", "frame", "objects"],
    )
    def test_scores_may_come_in_any_form(self, returned):
        assert np.allclose(rai.load_model(returned).scores(ROWS), [0.1, 0.9, 0.5])

    def test_labels_are_scores_of_1_and_0(self):
        text = rai.load_model(lambda f: np.where(f["x"] > 0.4, "yes", "no"), classes=["no", "yes"])
        whole = rai.load_model(lambda f: np.where(f["x"] > 0.4, 2, 1), classes=[1, 2])
        truth = rai.load_model(lambda f: f["x"] > 0.4)
        turned = rai.load_model(lambda f: np.where(f["x"] > 0.4, 1, 0), classes=[0, 1], positive_label=0)
        assert text.scores(ROWS).tolist() == whole.scores(ROWS).tolist() == [0, 1, 1]
        assert truth.scores(ROWS).tolist() == [0, 1, 1]
        assert turned.scores(ROWS).tolist() == [1, 0, 0]

    def test_whole_margins_are_no_labels(self):
        points = rai.load_model(lambda f: np.array([1, -3, 2]), classes=[1, 2], probabilities=False)
        assert points.scores(ROWS).tolist() == [1, -3, 2]

    def test_several_classes(self):
        model = rai.load_model(lambda f: np.eye(3), classes=["a", "b", "c"])
        assert (model.task, model.positive_label) == ("multiclass", None)
        labels = rai.load_model(lambda f: f["other"], classes=["a", "b", "c"])
        assert np.array_equal(model.scores(ROWS), labels.scores(ROWS))

    def test_a_regression(self):
        model = rai.load_model(lambda f: f["x"] * 1000, task="regression")
        assert (model.task, model.classes) == ("regression", ())
        assert model.scores(ROWS).tolist() == [100, 900, 500]

    def test_it_gets_the_columns_it_reads_in_the_kind_of_frame_it_wants(self):
        seen = []

        def look(frame):
            seen.append((type(frame), list(frame.columns)))
            return np.zeros(len(frame))

        for frames in ("same", "pandas", "polars"):
            rai.load_model(look, features=["x"], frames=frames).scores(pl.DataFrame(ROWS))
        assert seen == [(pl.DataFrame, ["x"]), (pd.DataFrame, ["x"]), (pl.DataFrame, ["x"])]

    def test_what_it_does_to_its_frame_is_its_own_affair(self):
        def greedy(frame):
            frame["made"] = 1.0
            return frame.pop("x")

        rows = pd.DataFrame(ROWS)
        model = rai.load_model(greedy)
        assert model.scores(rows).tolist() == model.scores(rows).tolist() == [0.1, 0.9, 0.5]
        assert list(rows.columns) == ["x", "other"]


class TestProtocol:
    class Third:
        task = "binary"
        classes = ("no", "yes")
        features = ("x",)
        digest = "abc"

        def scores(self, frame):
            return frame["x"] / 3

    def test_an_object_that_follows_it_is_checked_like_any_other(self):
        assert isinstance(self.Third(), Scoring)
        model = rai.load_model(self.Third())
        assert (model.kind, model.digest, model.features) == ("Third", "abc", ("x",))
        assert np.allclose(model.scores(ROWS), [0.1 / 3, 0.3, 0.5 / 3])

    def test_its_scores_must_be_what_it_says(self):
        made = self.Third()
        made.scores = lambda frame: frame["x"] * 30
        with pytest.raises(rai.DataError, match="it returned a score of 3; expected probabilities"):
            rai.load_model(made).scores(ROWS)
        made.probabilities = False
        assert rai.load_model(made).threshold == 0.0

    def test_its_classes_are_its_own(self):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(self.Third(), positive_label="no")
        assert str(error.value) == (
            "classes: ('yes', 'no'); expected ('no', 'yes'). Let the object's own classes say so."
        )

    def test_a_model_is_a_model(self):
        model = rai.load_model(lambda f: f["x"])
        assert rai.load_model(model) is model


class TestColumn:
    def test_a_column_of_scores_looks_at_what_is_there(self):
        model = rai.load_model(column="x", classes=["no", "yes"])
        assert (model.kind, model.features, model.answers_edits) == ("column", ("x",), False)
        assert model.scores(ROWS).tolist() == [0.1, 0.9, 0.5]
        assert rai.load_model(column="x", task="regression").task == "regression"

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ([0.1, None, 0.2], "column 'x': 1 missing value, the first in row 2; expected a score for every row."),
            (["a", "b", "c"], "column 'x': text such as 'a'; expected scores."),
            ([0.1, 3.0, 0.2], 'model: it returned a score of 3; expected probabilities, from 0 to 1. For margins pass probabilities=False, for a regression task="regression".'),
        ],
    )  # fmt: skip
    def test_a_column_that_holds_no_scores(self, values, sentence):
        with pytest.raises(rai.RaiError) as error:
            rai.load_model(column="x").scores({"x": values})
        assert str(error.value) == sentence

    def test_a_column_is_of_two_classes_or_of_values(self):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(column="x", classes=["a", "b", "c"])
        assert str(error.value) == (
            "column: column 'x' for several classes; expected scores of two classes, or values."
        )


RETURNS = [
    (lambda f: [0.1], "model: it returned shape (1,) for 3 rows; expected shape (3,) or (3, 2)."),
    (lambda f: np.zeros((3, 3)), "model: it returned shape (3, 3) for 3 rows; expected shape (3,) or (3, 2)."),
    (lambda f: 0.5, "model: it returned shape () for 3 rows; expected shape (3,) or (3, 2)."),
    (lambda f: [[0.1], [0.2, 0.3], [0.4]], "model: rows of unequal length; expected a score for each row."),
    (lambda f: [0.1, None, 0.3], "model: it returned 1 missing or infinite value, the first in row 2; expected a finite score for every row."),
    (lambda f: [0.1, np.inf, np.nan], "model: it returned 2 missing or infinite values, the first in row 2; expected a finite score for every row."),
    (lambda f: ["a", "b", "c"], "model: it returned 'a'; expected one of 0, 1."),
    (lambda f: [[0.5, 0.6]] * 3, "model: it returned probabilities that add up to 1.1 in row 1; expected 1 in every row. For scores that are no probabilities pass probabilities=False."),
    (lambda f: 1 / 0, "model (callable): it failed (ZeroDivisionError: division by zero); expected one that can predict these rows. Are the columns and their types those that it was trained on?"),
    (lambda f: f["nothing"], "model (callable): it failed (KeyError: 'nothing'); expected one that can predict these rows. Are the columns and their types those that it was trained on?"),
]  # fmt: skip


@pytest.mark.parametrize(("returned", "sentence"), RETURNS, ids=range(len(RETURNS)))
def test_what_cannot_be_used_is_one_sentence(returned, sentence):
    with pytest.raises(rai.DataError) as error:
        rai.load_model(returned).scores(ROWS)
    assert str(error.value) == sentence


def test_labels_that_are_no_classes():
    with pytest.raises(
        rai.DataError, match=re.escape("it returned 'd'; expected one of 'a', 'b', 'c'.")
    ):
        rai.load_model(lambda f: ["a", "b", "d"], classes=["a", "b", "c"]).scores(ROWS)
    with pytest.raises(rai.DataError, match="it returned None; expected one of 'no', 'yes'"):
        rai.load_model(lambda f: ["yes", None, "no"], classes=["no", "yes"]).scores(ROWS)


def test_two_columns_of_margins_are_their_difference():
    model = rai.load_model(lambda f: [[1.0, 3.0], [2.0, -1.0], [0.0, 0.0]], probabilities=False)
    assert model.scores(ROWS).tolist() == [2.0, -3.0, 0.0]


def test_probabilities_that_rounding_left_outside_are_moved_to_the_end():
    model = rai.load_model(lambda f: np.array([-1e-7, 1 + 1e-7, 0.5], dtype=np.float32))
    assert model.scores(ROWS)[:2].tolist() == [0.0, 1.0]


ASKED = [
    ({}, "load_model: neither a model nor a column; expected one of them."),
    ({"source": lambda f: f, "column": "x"}, "load_model: a model and a column; expected one of them."),
    ({"source": 3}, "load_model: a int; expected a function, a trained estimator, a path to a model's file, or a URL."),
    ({"source": lambda f: f, "task": "classify"}, "task: 'classify'; expected one of 'binary', 'multiclass', 'regression'."),
    ({"source": lambda f: f, "frames": "panda"}, "frames: 'panda'; expected one of 'same', 'pandas', 'polars'. Did you mean 'pandas'?"),
    ({"source": lambda f: f, "task": "multiclass"}, "function: no names of classes; expected them. Pass classes=[…] in the order of its outputs."),
    ({"source": lambda f: f, "classes": ["a", "a"]}, "classes: 'a', 'a'; expected different names."),
    ({"source": lambda f: f, "classes": ["a"]}, "classes: 'a'; expected two labels."),
    ({"source": lambda f: f, "classes": ["a", "b", "c"], "task": "binary"}, "classes: 'a', 'b', 'c'; expected two labels."),
    ({"source": lambda f: f, "classes": ["a", "b", "c"], "positive_label": "a"}, "positive_label: 'a' for a multiclass model; expected none."),
    ({"source": lambda f: f, "task": "regression", "classes": ["a", "b"]}, "classes: 'a', 'b' for a regression; expected none."),
    ({"source": lambda f: f, "task": "regression", "positive_label": 1}, "positive_label: 1 for a regression model; expected none."),
    ({"source": lambda f: f, "features": ["x", "x"]}, "features: 'x', 'x'; expected different columns."),
    ({"source": lambda f: f, "features": []}, "features: ; expected different columns."),
    ({"source": lambda f: f, "encode": lambda f: f}, "encode: encode= for a model of kind 'callable'; expected a PyTorch module."),
    ({"source": lambda f: f, "request_rows": 0}, "request_rows: 0; expected a whole number of at least 1."),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "sentence"), ASKED, ids=range(len(ASKED)))
def test_what_is_said_of_a_model_is_checked(asked, sentence):
    with pytest.raises(rai.ArgumentError) as error:
        rai.load_model(asked.pop("source", None), **asked)
    assert str(error.value) == sentence


def test_classes_of_numpy_are_plain_python():
    model = rai.load_model(
        lambda f: f["x"], classes=np.array(["no", "yes"]), positive_label=np.str_("no")
    )
    assert model.classes == ("yes", "no")
    assert [type(label) for label in model.classes] == [str, str]
