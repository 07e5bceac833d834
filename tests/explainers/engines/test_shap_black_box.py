"""shap's explainers of any model, on rows as they are: text, categories, gaps, groups of columns."""

import logging
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import rai

METHODS = ("shap_exact", "shap_permutation", "shap_kernel")


@pytest.fixture(scope="module", autouse=True)
def _there(shap):
    """Nothing here runs without shap."""


def pipeline(people, labels):
    encoder = make_column_transformer((OneHotEncoder(), ["sex", "home"]), remainder="passthrough")
    return make_pipeline(encoder, HistGradientBoostingClassifier(max_iter=8)).fit(people, labels)


class TestValues:
    @pytest.mark.parametrize("framed", [lambda frame: frame, pl.from_pandas])
    def test_text_categories_and_gaps(self, people, paid, off_truth, framed):
        model = rai.load_model(pipeline(people, paid))
        rows, background = framed(people[:4]), framed(people[100:130])
        for method in ("shap_exact", "shap_kernel"):  # the kernel sees all 32 coalitions
            found = rai.explain(model, rows, background=background, method=method)
            assert off_truth(model, found, people[:4], people[100:130]) < 1e-9

    def test_permutations_are_right_on_average(self, people, paid, off_truth):
        model = rai.load_model(pipeline(people, paid))
        rows, background = people[:3], people[100:110]
        few, many = (
            rai.explain(model, rows, background=background, method="shap_permutation", budget=budget)
            for budget in (3 * 10 * 11, 3 * 10 * 11 * 300)
        )
        assert few.exact is False
        assert few.standard_errors is None
        assert any("standard errors" in note for note in few.notes)
        assert off_truth(model, many, rows, background) < 0.01
        assert off_truth(model, many, rows, background) < off_truth(model, few, rows, background)

    def test_the_positive_class_and_several_classes(self, people, paid, grade, off_truth):
        for labels, said in ((paid, {"positive_label": "no"}), (grade, {})):
            model = rai.load_model(pipeline(people, labels), **said)
            found = rai.explain(model, people[:3], background=people[100:115], method="shap_exact")
            assert off_truth(model, found, people[:3], people[100:115]) < 1e-9
            assert found.outputs == (model.classes if len(model.classes) > 2 else ("no",))

    def test_columns_that_move_together(self, people, paid, off_truth):
        model = rai.load_model(pipeline(people, paid))
        found = rai.explain(
            model, people[:3], background=people[100:115], method="shap_exact",
            players={"person": ["age", "sex"]},
        )  # fmt: skip
        assert found.names == ("person", "income", "home", "noise")
        assert off_truth(model, found, people[:3], people[100:115]) < 1e-9

    def test_decisions_too(self, people, paid, off_truth):
        model = rai.load_model(pipeline(people, paid))
        found = rai.explain(
            model, people[:3], background=people[100:115], method="shap_kernel", space="decision"
        )
        assert off_truth(model, found, people[:3], people[100:115]) < 1e-9

    def test_the_same_as_shap_itself(self, shap, numbers):
        def score(frame):
            return np.tanh(frame["a"] * frame["b"]) / 2 + 0.5

        def direct(matrix):
            return score(pd.DataFrame(matrix, columns=numbers.columns)).to_numpy()

        rows, background = numbers[:4], numbers[100:130]
        found = rai.explain(score, rows, background=background, method="shap_exact")
        masker = shap.maskers.Independent(background.to_numpy(), max_samples=30)
        told = shap.explainers.ExactExplainer(direct, masker)(rows.to_numpy(), silent=True)
        assert np.allclose(found.values[:, :, 0], told.values, atol=1e-12)


class TestSilentFaults:
    @pytest.mark.parametrize("method", METHODS)
    def test_all_of_a_background_is_used(self, method):
        background = pd.DataFrame({"a": np.arange(300.0), "b": np.arange(300.0)[::-1]})
        found = rai.explain(
            lambda f: f["a"] * 0.002 + f["b"] * 0.001,
            background[:2],
            background=background,
            method=method,
        )
        assert np.allclose(found.base, 149.5 * 0.003)
        assert found.background_n == 300

    @pytest.mark.parametrize("method", METHODS)
    def test_values_that_are_nearly_the_same_stay_apart(self, method):
        rows = pd.DataFrame({"a": [1e6, 1e6 + 1], "b": [0.0, 1.0]})
        found = rai.explain(lambda f: (f["a"] - 1e6) * 0.5, rows, method=method)
        assert np.allclose(found.values[:, 0, 0], [-0.25, 0.25])

    @pytest.mark.parametrize("method", METHODS)
    def test_chance_warnings_and_logs_stay_inside(self, method, numbers, capsys):
        np.random.seed(5)  # noqa: NPY002
        expected = np.random.random(3)  # noqa: NPY002
        np.random.seed(5)  # noqa: NPY002
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            one, other = (
                rai.explain(lambda f: f["a"] > f["b"] * f["age"], numbers[:3], method=method, rng=3)
                for _ in range(2)
            )
        assert np.array_equal(np.random.random(3), expected)  # noqa: NPY002
        assert np.array_equal(one.values, other.values)
        assert capsys.readouterr() == ("", "")
        assert not logging.getLogger("shap").disabled


class TestRefusals:
    def refused(self, rows, **said):
        with pytest.raises(rai.ArgumentError) as caught:
            rai.explain(lambda f: f["a"] * 0, rows, **said)
        return str(caught.value)

    def test_losses(self, numbers):
        said = self.refused(numbers[:3], method="shap_exact", space="loss", y_true=[0, 1, 1])
        assert "a loss depends on the row's own label" in said

    def test_too_small_a_budget(self, numbers):
        said = self.refused(numbers[:3], method="shap_kernel", budget=10)
        assert "it needs to ask the model about 81 rows, more than budget=10" in said

    def test_too_many_coalitions(self):
        wide = pd.DataFrame(np.zeros((100, 20)), columns=[*"abcdefghijklmnopqrst"])
        assert "too many to hold" in self.refused(wide, method="shap_exact")
        assert "at most 10" in self.refused(wide[list("abc")], method="shap_exact", budget=10)

    def test_a_model_that_fails_says_so_itself(self, numbers):
        def scores(frame):
            if len(frame) > 3:
                raise KeyError("no")
            return frame["a"] * 0

        with pytest.raises(rai.DataError, match="it failed"):
            rai.explain(scores, numbers[:3], background=numbers[5:15], method="shap_exact")
