"""The door: what is chosen and why, and one sentence for whatever can't be."""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

import rai
from rai import ArgumentError, DataError, RoleError
from rai.explainers import explaining, table
from rai.explainers.questions import Answer

RNG = np.random.default_rng(0)
N = 60
ROWS = pd.DataFrame({f"x{j}": RNG.normal(size=N) for j in range(12)})
Y = (ROWS["x0"] + ROWS["x1"] * ROWS["x2"] > 0).astype(int)
LOGISTIC = LogisticRegression().fit(ROWS, Y)
FOREST = RandomForestClassifier(5, random_state=0).fit(ROWS, Y)
BOOSTED = HistGradientBoostingClassifier(max_iter=5).fit(ROWS, Y)


def of_two(frame):
    return np.asarray(frame["a"], dtype=float) * np.asarray(frame["b"], dtype=float)


TWO = {"a": [0.2, 0.9, 0.5], "b": [1.0, 0.5, 0.0]}


@pytest.mark.parametrize(
    ("model", "space", "method", "resulting"),
    [
        (LOGISTIC, "auto", "linear", "margin"),
        (LOGISTIC, "margin", "linear", "margin"),
        (LOGISTIC, "probability", "sampled", "probability"),
        (FOREST, "auto", "tree", "probability"),
        (FOREST, "decision", "sampled", "decision"),
        (BOOSTED, "auto", "tree", "margin"),
        (BOOSTED, "probability", "sampled", "probability"),
    ],
)
def test_auto_takes_the_exact_method_or_says_why_it_estimates(model, space, method, resulting):
    found = rai.explain(model, ROWS.head(5), space=space)
    assert (found.method, found.space, found.exact) == (method, resulting, method != "sampled")
    assert found.why.startswith(f"{method}: ")
    if method == "sampled":
        assert "not exact: 12 players, at most 10" in found.why
        assert found.standard_errors is not None
    else:
        assert found.standard_errors is None


PRODUCT = rai.load_model(
    lambda f: f["x0"] * f["x1"] * f["x2"], task="regression", features=[f"x{j}" for j in range(6)]
)


def test_few_columns_are_exact_and_a_small_budget_is_kept():
    found = rai.explain(of_two, TWO)
    assert (found.method, found.exact) == ("exact", True)
    six = ROWS.iloc[:5, :6]
    less = rai.explain(PRODUCT, six, budget=600)
    assert (less.method, less.exact) == ("sampled", False)
    assert "not exact: it would ask the model about 1,600 rows, at most 600" in less.why


def test_values_are_always_in_three_dimensions():
    one = rai.explain(of_two, TWO)
    assert (one.values.shape, one.base.shape, one.scores.shape) == ((3, 2, 1), (3, 1), (3, 1))
    several = rai.explain(LogisticRegression().fit(ROWS, Y + (ROWS["x1"] > 1)), ROWS)
    assert (several.values.shape, several.outputs) == ((N, 12, 3), (0, 1, 2))


def test_what_does_not_add_up_to_the_model_is_refused_and_auto_goes_on(monkeypatch):
    def wrong(question):
        answer = table.EXACT.answer(question)
        return Answer(values=answer.values * 1.001, base=answer.base)

    lying = replace(table.EXACT, answer=wrong)
    monkeypatch.setattr(explaining, "AUTOMATIC", (lying, table.SAMPLED))
    found = rai.explain(of_two, TWO)
    assert found.method == "sampled"
    assert "not exact: its parts miss the model's own number by up to" in found.why
    monkeypatch.setitem(explaining.BY_NAME, "exact", lying)
    with pytest.raises(DataError, match=r"method 'exact': its parts miss .* expected parts that add up"):
        rai.explain(of_two, TWO, method="exact")


def test_a_base_that_is_not_the_background_s_mean_is_refused(monkeypatch):
    def wrong(question):
        answer = table.EXACT.answer(question)
        return Answer(values=answer.values + 0.005, base=answer.base - 0.01)

    monkeypatch.setitem(explaining.BY_NAME, "exact", replace(table.EXACT, answer=wrong))
    with pytest.raises(
        DataError, match=r"its base misses the model's mean over the background by 0\.01"
    ):
        rai.explain(of_two, TWO, method="exact")


def test_values_that_are_no_numbers_are_refused(monkeypatch):
    def wrong(question):
        answer = table.EXACT.answer(question)
        return Answer(values=answer.values * np.nan, base=answer.base)

    monkeypatch.setitem(explaining.BY_NAME, "exact", replace(table.EXACT, answer=wrong))
    with pytest.raises(DataError, match="some of its values are missing or infinite"):
        rai.explain(of_two, TWO, method="exact")


def test_columns_that_the_model_does_not_read_are_no_players_but_stay_with_the_rows():
    rows = pd.DataFrame(TWO).assign(sex=["F", "M", "F"])
    found = rai.explain(rai.load_model(of_two, features=["b", "a"]), rows)
    assert found.names == ("b", "a")
    assert list(found.rows) == ["a", "b", "sex"]
    assert {row.name for row in found.summary(by="sex", min_rows=2)} == {"everyone", "F", "M"}


def test_the_label_is_no_player():
    rows = TWO | {"y": [0, 1, 0]}
    found = rai.explain(of_two, rows, space="loss", y_true="y")
    assert found.names == ("a", "b")


def test_rows_and_background_of_other_libraries_and_types_go_together():
    rows = pd.DataFrame({"a": [1, 2], "word": pd.Categorical(["p", "q"])})
    ground = pd.DataFrame({"a": [0, 3], "word": pd.Categorical(["q", "r"])})

    def words(frame):
        return np.asarray(frame["a"]) / 10 + (np.asarray(frame["word"]).astype(str) == "r") / 2

    found = rai.explain(words, rows, background=ground)
    np.testing.assert_allclose(found.values[:, :, 0], [[-0.05, -0.25], [0.05, -0.25]])
    mixed = rai.explain(words, pl.from_pandas(rows), background=pl.from_pandas(ground))
    np.testing.assert_allclose(mixed.values, found.values)


def test_missing_values_and_odd_names_are_values_and_names():
    rows = {"row": [1.0, np.nan], "feature": ["x", None], "": [True, False]}

    def odd(frame):
        known = np.asarray(pd.isna(frame["row"]), dtype=float)
        return (known + np.asarray(pd.isna(frame["feature"])) + np.asarray(frame[""])) / 3

    found = rai.explain(odd, rows)
    np.testing.assert_allclose(found.values[0, :, 0], [-1 / 6, -1 / 6, 1 / 6])
    assert found.row(1)[0].value == "(missing)"


@pytest.mark.parametrize(
    ("rows", "options", "kind", "said"),
    [
        (TWO, {"method": "treee"}, ArgumentError, "method: 'treee'; expected one of 'auto'"),
        (TWO, {"space": "margins"}, ArgumentError, "space: 'margins'; expected one of 'auto'"),
        (TWO, {"method": "tree"}, ArgumentError, "method 'tree': "),
        (TWO, {"loss": "log_loss"}, ArgumentError, "loss: 'log_loss' without labels; expected none."),
        (TWO, {"y_true": [0, 1]}, DataError, "y_true: 2 labels for 3 rows; expected one for each row."),
        (TWO, {"y_true": [0, 1, 0]}, ArgumentError, "y_true: labels in the space of 'probability'"),
        (TWO, {"y_true": "z", "space": "loss"}, RoleError, "y_true: no column 'z'"),
        (TWO, {"background": {"a": [1.0]}}, RoleError, "background: no column 'b'"),
        (TWO, {"background": {"a": [], "b": []}}, DataError, "data: no rows; expected at least one."),
        (TWO, {"budget": 0}, ArgumentError, "budget: 0; expected a whole number of at least 1."),
        (TWO, {"rng": "x"}, ArgumentError, "rng: 'x'; expected a whole number"),
        (TWO, {"by": "sex", "method": "exact"}, None, ""),
        ({"a": [1.0]}, {}, DataError, "model (callable): it failed (KeyError: 'b')"),
        ({"a": [], "b": []}, {}, DataError, ""),
        ({"a": [np.inf], "b": [1.0]}, {}, DataError, "model: it returned 1 missing or infinite value, the first in row 1"),
        ({"a": [2.0], "b": [1.0]}, {}, DataError, "model: it returned a score of 2"),
        ("nowhere.csv", {}, DataError, ""),
        ([[1, 2]], {}, None, ""),
    ],
)  # fmt: skip
def test_what_can_t_be_explained_is_one_sentence(rows, options, kind, said):
    if kind is None and options:
        assert rai.explain(of_two, rows, **options).method == "exact"  # groups aren't needed here
        return
    with pytest.raises(kind or rai.RaiError) as error:
        rai.explain(of_two, rows, **options)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_a_column_of_predictions_can_t_be_explained():
    with pytest.raises(ArgumentError, match="explain: a column of predictions"):
        rai.explain(rai.load_model(column="a"), TWO)


def test_progress_is_told():
    told = []
    rai.explain(of_two, TWO, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
