"""CatBoost, live and from its binary files: its own scores, its columns, and files that are cut off."""

import random

import catboost as cb
import numpy as np
import pytest

import rai
from rai.models.cbm_parts import missing_bytes

COLUMNS = ["age", "income", "sex", "home"]
SMALL = {
    "iterations": 6,
    "verbose": 0,
    "allow_writing_files": False,
    "thread_count": 1,
    "random_seed": 0,
}


def kept(model, folder):
    """A file that the library wrote."""
    path = folder / "model.cbm"
    model.save_model(path)
    return path


@pytest.fixture(scope="module")
def rows(people):
    return people.assign(home=people["home"].astype(object))[COLUMNS]


@pytest.fixture(scope="module")
def two(rows, paid):
    return cb.CatBoostClassifier(cat_features=["sex", "home"], **SMALL).fit(rows, paid)


class TestScores:
    def test_two_classes(self, two, people, rows, framed, tmp_path):
        expected = two.predict_proba(rows)
        for source in (two, kept(two, tmp_path)):
            model = rai.load_model(source)
            assert (model.task, model.classes, model.kind) == ("binary", ("no", "yes"), "CatBoost")
            assert model.features == tuple(COLUMNS)
            assert np.array_equal(model.scores(framed(people)), expected[:, 1])
            other = rai.load_model(source, positive_label="no")
            assert np.allclose(other.scores(framed(people)), expected[:, 0], atol=1e-15)
            assert other.classes == ("yes", "no")

    @pytest.mark.parametrize("labels", [(0, 1), (False, True), (2, 7)])
    def test_labels_of_any_kind(self, rows, paid, labels, tmp_path):
        y = np.where(paid == "yes", labels[1], labels[0])
        fitted = cb.CatBoostClassifier(cat_features=["sex", "home"], **SMALL).fit(rows, y)
        for source in (fitted, kept(fitted, tmp_path)):
            model = rai.load_model(source)
            assert model.classes == labels
            assert [type(label) for label in model.classes] == [type(label) for label in labels]

    def test_three_classes(self, people, rows, grade, framed, tmp_path):
        fitted = cb.CatBoostClassifier(cat_features=["sex", "home"], **SMALL).fit(rows, grade)
        for source in (fitted, kept(fitted, tmp_path)):
            model = rai.load_model(source)
            assert (model.task, model.classes) == ("multiclass", ("fair", "high", "low"))
            assert np.array_equal(model.scores(framed(people)), fitted.predict_proba(rows))

    @pytest.mark.parametrize("loss", ["RMSE", "Poisson", "Quantile:alpha=0.3"])
    def test_values(self, people, rows, leaning, loss, tmp_path):
        fitted = cb.CatBoostRegressor(loss_function=loss, cat_features=["sex", "home"], **SMALL)
        fitted.fit(rows, np.abs(leaning))
        for source in (fitted, kept(fitted, tmp_path)):
            model = rai.load_model(source)
            assert model.task == "regression"
            assert np.array_equal(model.scores(people), fitted.predict(rows))

    def test_columns_in_another_order_and_more_of_them(self, two, people, rows, tmp_path):
        expected = two.predict_proba(rows)[:, 1]
        for source in (two, kept(two, tmp_path)):
            assert np.array_equal(rai.load_model(source).scores(people[people.columns[::-1]]), expected)

    def test_margins(self, two, people, rows, tmp_path):
        margins = two.predict(rows, prediction_type="RawFormulaVal")
        for source in (two, kept(two, tmp_path)):
            model = rai.load_model(source, probabilities=False)
            assert (model.threshold, model.probabilities) == (0.0, False)
            assert np.array_equal(model.scores(people), margins)
            other = rai.load_model(source, probabilities=False, positive_label="no")
            assert np.array_equal(other.scores(people), -margins)

    def test_one_class_against_the_others_gives_no_probabilities(self, rows, grade, tmp_path):
        fitted = cb.CatBoostClassifier(
            loss_function="MultiClassOneVsAll", cat_features=["sex", "home"], **SMALL
        ).fit(rows, grade)
        model = rai.load_model(kept(fitted, tmp_path))
        assert not model.probabilities
        assert np.array_equal(model.scores(rows), fitted.predict_proba(rows))

    def test_a_model_of_the_plain_class(self, rows, paid):
        plain = cb.CatBoost({"loss_function": "Logloss", "cat_features": ["sex", "home"], **SMALL})
        fitted = plain.fit(rows, paid == "yes")
        scores = rai.load_model(fitted).scores(rows)
        assert np.array_equal(scores, fitted.predict(rows, prediction_type="Probability")[:, 1])


class TestColumns:
    def test_a_model_of_an_array(self, numbers, paid, people, tmp_path):
        fitted = cb.CatBoostClassifier(**SMALL).fit(numbers, paid)
        for source in (fitted, kept(fitted, tmp_path)):
            model = rai.load_model(source, features=["age", "income"])
            filled = people.fillna({"income": 40})
            assert (model.notes, len(rai.load_model(source).notes)) == ((), 1)
            assert np.array_equal(model.scores(filled), fitted.predict_proba(numbers)[:, 1])
            with pytest.raises(rai.DataError, match="3 columns; expected 2"):
                rai.load_model(source).scores(people[["age", "income", "member"]])

    def test_missing_numbers_are_fine_and_missing_categories_one_sentence(self, two, people):
        model = rai.load_model(two)
        assert people["income"].isna().any()
        with pytest.raises(rai.DataError) as error:
            model.scores(people.assign(sex=people["sex"].where(people["age"] > 30, None)))
        assert str(error.value).startswith("model (CatBoost): it failed (")
        assert str(error.value).endswith("Are the columns and their types those that it was trained on?")


class TestRefusals:
    def test_it_is_not_fitted(self):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(cb.CatBoostClassifier())
        assert str(error.value) == (
            "CatBoostClassifier: not fitted; expected a trained model. Call fit(X, y) first."
        )

    @pytest.mark.parametrize("loss", ["MultiLogloss", "MultiRMSE", "RMSEWithUncertainty"])
    def test_several_outputs(self, numbers, paid, loss, tmp_path):
        y = np.column_stack([paid == "yes", paid == "no"]).astype(int)
        y = y[:, 0] if loss == "RMSEWithUncertainty" else y
        kind = cb.CatBoostClassifier if loss == "MultiLogloss" else cb.CatBoostRegressor
        fitted = kind(loss_function=loss, **SMALL).fit(numbers, y)
        for source in (fitted, kept(fitted, tmp_path)):
            with pytest.raises(rai.DataError) as error:
                rai.load_model(source)
            assert f"loss '{loss}', which is of neither classes nor one value for each row" in str(
                error.value
            )

    def test_a_ranking_is_neither(self, numbers, paid, tmp_path):
        groups = np.arange(len(numbers)) // 10
        fitted = cb.CatBoostRanker(**SMALL).fit(numbers, paid == "yes", group_id=groups)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(fitted)
        assert str(error.value) == (
            "CatBoost: loss 'YetiRank', which is of neither classes nor one value for each row; expected "
            "task=. Pass a function from a frame to the scores that are meant."
        )

    def test_a_file_that_is_cut_off_is_refused_wherever_it_is(self, two, rows, paid, tmp_path):
        deep = cb.CatBoostClassifier(
            cat_features=["sex", "home"], one_hot_max_size=1, max_ctr_complexity=2, **SMALL
        ).fit(rows, paid)
        path, rng = tmp_path / "cut.cbm", random.Random(0)
        for model in (two, deep):
            whole = kept(model, tmp_path).read_bytes()
            assert missing_bytes(whole) == 0
            assert all(missing_bytes(whole[:stop]) for stop in range(4, len(whole)))
            for stop in [1, 4, len(whole) - 1, *(rng.randrange(1, len(whole)) for _ in range(20))]:
                path.write_bytes(whole[:stop])
                with pytest.raises(rai.DataError, match="expected a model that CatBoost wrote"):
                    rai.load_model(path)

    def test_something_else_behind_its_first_letters(self, tmp_path):
        path = tmp_path / "model.cbm"
        path.write_bytes(b"CBM1" + bytes([8, 0, 0, 0]) + b"whatever")
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value).startswith(f"model {path}: can't be read (CatBoostError: ")
        assert str(error.value).endswith(
            "expected a model that CatBoost wrote (save_model). Is it damaged?"
        )
