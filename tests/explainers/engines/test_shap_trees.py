"""shap's tree and linear explainers: right, or refused; never numbers that the model doesn't say."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

import rai

CATBOOST = {"iterations": 8, "verbose": 0, "allow_writing_files": False}


@pytest.fixture(scope="module", autouse=True)
def _there(shap):
    """Nothing here runs without shap."""


def refused(model, rows, background, *, kinds=(rai.ArgumentError, rai.DataError), **said):
    with pytest.raises(kinds) as caught:
        rai.explain(model, rows, background=background, **{"method": "shap_tree", **said})
    return str(caught.value)


class TestTrees:
    @pytest.mark.parametrize(
        "kind",
        [
            (RandomForestClassifier(8, random_state=0), "probability"),
            (ExtraTreesClassifier(8, random_state=0), "probability"),
            (GradientBoostingClassifier(n_estimators=8, random_state=0), "margin"),
        ],
        ids=lambda each: type(each[0]).__name__,
    )
    @pytest.mark.parametrize("positive", ["no", "yes"])
    def test_two_classes(self, numbers, paid, off_truth, kind, positive):
        estimator, space = kind
        model = rai.load_model(estimator.fit(numbers, paid), positive_label=positive)
        found = rai.explain(model, numbers[:5], background=numbers[100:150], method="shap_tree")
        assert (found.space, found.outputs) == (space, (positive,))
        assert off_truth(model, found, numbers[:5], numbers[100:150]) < 1e-6

    def test_classes_of_a_forest_keep_their_order(self, numbers, grade, off_truth):
        forest = RandomForestClassifier(8, random_state=0).fit(numbers, grade)
        model = rai.load_model(forest)
        found = rai.explain(model, numbers[:5], background=numbers[100:150], method="shap_tree")
        assert found.outputs == ("fair", "high", "low")
        assert off_truth(model, found, numbers[:5], numbers[100:150]) < 1e-6

    def test_all_of_a_background_is_used(self, numbers, paid):
        forest = RandomForestClassifier(8, random_state=0).fit(numbers, paid)
        found = rai.explain(forest, numbers[:3], background=numbers, method="shap_tree")
        assert np.allclose(found.base, forest.predict_proba(numbers)[:, 1].mean())

    def test_a_pipeline_with_a_column_for_each_column(self, people, paid, off_truth):
        encoder = make_column_transformer((OrdinalEncoder(), ["sex", "home"]), remainder="passthrough")
        rows = people.fillna({"income": 0.0})
        forest = make_pipeline(encoder, RandomForestClassifier(8, random_state=0)).fit(rows, paid)
        model = rai.load_model(forest)
        found = rai.explain(model, rows[:3], background=rows[100:130], method="shap_tree")
        assert off_truth(model, found, rows[:3], rows[100:130]) < 1e-6

    @pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
    def test_boosting_libraries(self, needs, numbers, paid, off_truth, library):
        booster = self.booster(needs, library).fit(numbers, (paid == "yes").astype(int))
        for positive in (0, 1):
            model = rai.load_model(booster, positive_label=positive)
            found = rai.explain(model, numbers[:4], background=numbers[100:130], method="shap_tree")
            assert (found.space, found.outputs) == ("margin", (positive,))
            assert off_truth(model, found, numbers[:4], numbers[100:130]) < 1e-5

    def booster(self, needs, library, **said):
        from importlib.util import find_spec

        needs(find_spec(library) is not None, f"{library} is not installed")
        if library == "xgboost":
            import xgboost

            return xgboost.XGBClassifier(n_estimators=8, **said)
        if library == "lightgbm":
            import lightgbm

            return lightgbm.LGBMClassifier(n_estimators=8, verbose=-1, **said)
        import catboost

        return catboost.CatBoostClassifier(**CATBOOST)


class TestWhereShapIsWrong:
    def test_histogram_boosting_with_categories(self, people, paid):
        rows = people.assign(sex=pd.Categorical(people["sex"]))
        model = HistGradientBoostingClassifier(categorical_features="from_dtype").fit(rows, paid)
        assert "split on categories" in refused(model, rows[:5], rows[100:130])
        codes = rows.assign(sex=rows["sex"].cat.codes * 1.0, home=rows["home"].cat.codes * 1.0)
        model = HistGradientBoostingClassifier(categorical_features=["sex", "home"]).fit(codes, paid)
        assert "split on categories" in refused(model, codes[:5], codes[100:130])

    def test_its_copy_is_held_against_the_model_even_if_categories_go_unseen(
        self, shap, people, paid, monkeypatch
    ):
        from rai.explainers.engines import shap_tree

        rng = np.random.default_rng(0)
        codes = pd.DataFrame({"level": rng.integers(0, 20, 400) * 1.0, "x": rng.normal(size=400)})
        labels = np.isin(codes["level"], [0, 3, 4, 9, 11, 17, 19]) ^ (codes["x"] > 1)
        model = HistGradientBoostingClassifier(categorical_features=["level"]).fit(codes, labels)
        explainer = shap.TreeExplainer(model, shap.maskers.Independent(codes.to_numpy()[:50]))
        told = explainer.shap_values(codes.to_numpy()[:5], check_additivity=False)
        off = told.sum(axis=1) + explainer.expected_value - model.decision_function(codes[:5])
        assert np.abs(off).max() > 0.5  # which shap itself says nothing of
        monkeypatch.setattr(shap_tree, "_splits_categories", lambda _: False)
        assert "miss the model's own scores" in refused(model, codes[:5], codes[:50])

    @pytest.mark.parametrize("gaps", [False, True])
    def test_histogram_boosting_without_categories_is_right_or_refused(
        self, people, paid, grade, off_truth, gaps
    ):
        rows = people[["age", "income", "noise"]]
        rows = rows if gaps else rows.fillna(0.0)
        for estimator, labels in (
            (HistGradientBoostingClassifier(max_iter=8), paid),
            (HistGradientBoostingClassifier(max_iter=8), grade),
            (HistGradientBoostingRegressor(max_iter=8), rows["age"] * 2),
        ):
            model = rai.load_model(estimator.fit(rows, labels))
            try:
                found = rai.explain(model, rows[:5], background=rows[100:150], method="shap_tree")
            except rai.DataError as error:
                assert "miss" in str(error)  # noqa: PT017 - either is right
                continue
            assert off_truth(model, found, rows[:5], rows[100:150]) < 1e-6

    def test_xgboost_of_several_classes_is_right_or_refused(self, needs, numbers, grade, off_truth):
        booster = TestTrees().booster(needs, "xgboost")
        model = rai.load_model(booster.fit(numbers, np.unique(grade, return_inverse=True)[1]))
        try:
            found = rai.explain(model, numbers[:4], background=numbers[100:130], method="shap_tree")
        except (rai.DataError, rai.ArgumentError) as error:
            assert "miss the model's own" in str(error)  # noqa: PT017
            return
        assert off_truth(model, found, numbers[:4], numbers[100:130]) < 1e-5

    def test_categories_of_boosting_libraries(self, needs, people, paid):
        rows = people.assign(sex=pd.Categorical(people["sex"]))
        labels = (paid == "yes").astype(int)
        for library, said in (("xgboost", {"enable_categorical": True}), ("lightgbm", {})):
            booster = TestTrees().booster(needs, library, **said).fit(rows, labels)
            assert "split on categories" in refused(booster, rows[:4], rows[100:130])

    def test_catboost_of_several_classes_would_end_python(self, needs, numbers, grade):
        booster = TestTrees().booster(needs, "catboost").fit(numbers, grade)
        assert "writes beyond its memory" in refused(booster, numbers[:4], numbers[100:130])

    def test_players_of_several_columns(self, people, paid):
        encoder = make_column_transformer((OneHotEncoder(), ["home"]), remainder="drop")
        forest = make_pipeline(encoder, RandomForestClassifier(4)).fit(people, paid)
        assert "'home' is 3 columns of its trees" in refused(forest, people[:3], people[50:60])

    def test_other_spaces_and_other_models(self, numbers, paid):
        forest = RandomForestClassifier(4, random_state=0).fit(numbers, paid)
        assert "in the space of the probability" in refused(
            forest, numbers[:3], numbers[50:60], space="decision"
        )
        boosted = GradientBoostingClassifier(n_estimators=3).fit(numbers, np.arange(240) % 3)
        assert "only supported for binary" in refused(boosted, numbers[:3], numbers[50:60])
        assert "no ensemble of trees" in refused(lambda f: f["a"] * 0, numbers[:3], numbers[50:60])


class TestLinear:
    def test_of_a_pipeline(self, people, paid, grade, off_truth):
        encoder = make_column_transformer(
            (OneHotEncoder(), ["sex", "home"]), (StandardScaler(), ["age", "noise"])
        )
        for labels, said in ((paid, {"positive_label": "no"}), (paid, {}), (grade, {})):
            fitted = make_pipeline(encoder, LogisticRegression()).fit(people, labels)
            model = rai.load_model(fitted, **said)
            found = rai.explain(
                model, people[:4], background=people[:150], method="shap_linear",
                players={"home": ["home", "noise"]},
            )  # fmt: skip
            assert (found.space, found.exact) == ("margin", True)
            assert off_truth(model, found, people[:4], people[:150]) < 1e-9

    def test_of_a_regression(self, numbers):
        line = LinearRegression().fit(numbers, 2 * numbers["a"] - numbers["b"])
        found = rai.explain(line, numbers[:4], background=numbers, method="shap_linear")
        expected = (numbers[:4] - numbers.mean()) * line.coef_
        assert np.allclose(found.values[:, :, 0], expected, atol=1e-9)

    def test_others_are_refused(self, numbers, paid):
        forest = RandomForestClassifier(4).fit(numbers, paid)
        assert "no linear model" in refused(forest, numbers[:3], numbers[50:60], method="shap_linear")


def test_nothing_is_warned_of(numbers, paid):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forest = RandomForestClassifier(2, random_state=0).fit(numbers, paid)
        big = pd.concat([numbers] * 6, ignore_index=True)  # shap warns of more than 1,000 rows
        rai.explain(forest, numbers[:2], background=big, method="shap_tree")


def test_without_shap_the_install_line_is_named(numbers, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "shap", None)
    for method in ("shap_tree", "shap_linear", "shap_exact", "shap_permutation", "shap_kernel"):
        with pytest.raises(rai.ExtraError, match=r"pip install \"rai\[shap\]\""):
            rai.explain(lambda f: f["a"] * 0, numbers[:2], method=method)
