"""LightGBM, live and from its text files: its own scores, its categories, and nothing that ends the process."""

import random
import re

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

import rai

COLUMNS = ["age", "income", "home", "member"]
SMALL = {"n_estimators": 6, "num_leaves": 6, "min_child_samples": 5, "verbose": -1, "n_jobs": 1}
PARAMS = {"num_leaves": 6, "min_data_in_leaf": 5, "verbose": -1, "num_threads": 1, "seed": 0}


def kept(model, folder):
    """A file that the library wrote."""
    path = folder / "model.txt"
    getattr(model, "booster_", model).save_model(path)
    return path


def three_ways(model, folder):
    """The model itself, its booster, and its file."""
    return [model, model.booster_, kept(model, folder)]


@pytest.fixture(scope="module")
def two(people, paid):
    return lgb.LGBMClassifier(**SMALL).fit(people[COLUMNS], (paid == "yes").astype(int))


class TestScores:
    def test_two_classes(self, two, people, framed, tmp_path):
        expected = two.predict_proba(people[COLUMNS])
        for source in three_ways(two, tmp_path):
            model = rai.load_model(source)
            assert (model.task, model.classes, model.kind) == ("binary", (0, 1), "LightGBM")
            assert model.features == tuple(COLUMNS)
            assert np.array_equal(model.scores(framed(people)), expected[:, 1])
            other = rai.load_model(source, classes=["no", "yes"], positive_label="no")
            assert other.classes == ("yes", "no")
            assert np.array_equal(other.scores(framed(people)), expected[:, 0])

    def test_labels_of_text_live(self, people, paid):
        fitted = lgb.LGBMClassifier(**SMALL).fit(people[COLUMNS], paid)
        model = rai.load_model(fitted)
        assert model.classes == ("no", "yes")
        assert np.array_equal(model.scores(people), fitted.predict_proba(people[COLUMNS])[:, 1])

    def test_three_classes(self, people, grade, framed, tmp_path):
        fitted = lgb.LGBMClassifier(**SMALL).fit(people[COLUMNS], grade)
        for source in three_ways(fitted, tmp_path):
            model = rai.load_model(source, classes=["fair", "high", "low"])
            assert model.task == "multiclass"
            assert np.array_equal(model.scores(framed(people)), fitted.predict_proba(people[COLUMNS]))

    def test_values(self, people, leaning, framed, tmp_path):
        fitted = lgb.LGBMRegressor(**SMALL).fit(people[COLUMNS], leaning)
        for source in three_ways(fitted, tmp_path):
            model = rai.load_model(source)
            assert model.task == "regression"
            assert np.array_equal(model.scores(framed(people)), fitted.predict(people[COLUMNS]))

    def test_columns_in_another_order_and_more_of_them(self, two, people, tmp_path):
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        for source in three_ways(two, tmp_path):
            assert np.array_equal(rai.load_model(source).scores(people[people.columns[::-1]]), expected)

    def test_margins(self, two, people, tmp_path):
        margins = two.predict_proba(people[COLUMNS], raw_score=True)
        path = kept(two, tmp_path)
        model = rai.load_model(path, probabilities=False)
        assert (model.threshold, model.probabilities) == (0.0, False)
        assert np.array_equal(model.scores(people), margins)
        other = rai.load_model(path, probabilities=False, positive_label=0)
        assert np.array_equal(other.scores(people), -margins)

    @pytest.mark.parametrize(
        "params",
        [
            {"boosting": "dart"},
            {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5},
            {"linear_tree": True},
            {"objective": "cross_entropy"},
            {"objective": "quantile"},
            {"min_data_in_leaf": 5000},
        ],
        ids=lambda params: next(iter(params)) + str(next(iter(params.values()))),
    )
    def test_boosters_of_any_kind_go_through_their_file(self, people, paid, params, tmp_path):
        rows = people[["age", "income"]]
        data = lgb.Dataset(rows, (paid == "yes").astype(float))
        booster = lgb.train({"objective": "binary", **PARAMS, **params}, data, 4)
        assert np.array_equal(
            rai.load_model(kept(booster, tmp_path)).scores(people), booster.predict(rows)
        )

    def test_one_class_against_the_others_gives_no_probabilities(self, people, grade, tmp_path):
        fitted = lgb.LGBMClassifier(objective="multiclassova", **SMALL).fit(people[COLUMNS], grade)
        expected = fitted.predict_proba(people[COLUMNS])
        assert abs(expected.sum(axis=1) - 1).max() > 0.01
        for source in three_ways(fitted, tmp_path):
            model = rai.load_model(source)
            assert not model.probabilities
            assert np.array_equal(model.scores(people), expected)


class TestColumns:
    def test_categories_are_known_by_name(self, two, people, tmp_path):
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        reordered = people["home"].cat.set_categories(["other", "new", "own", "rent"])
        unknown, missing = (
            people.assign(home=pd.Categorical([level] * len(people))) for level in ("x", None)
        )
        for source in three_ways(two, tmp_path):
            model = rai.load_model(source)
            for home in (people["home"].astype(str), people["home"].astype(object), reordered):
                assert np.array_equal(model.scores(people.assign(home=home)), expected)
            assert np.array_equal(model.scores(unknown), model.scores(missing))
            with pytest.raises(rai.DataError) as error:
                model.scores(people.assign(home=1))
            assert str(error.value) == (
                "LightGBM: numbers in column 'home'; expected categories such as 'rent', 'own', 'other'."
            )

    def test_categories_of_a_column_it_has_no_use_for(self, people, paid, tmp_path):
        rows = people[COLUMNS].assign(same=pd.Categorical(["x"] * len(people)))
        fitted = lgb.LGBMClassifier(**SMALL).fit(rows, paid)
        path = kept(fitted, tmp_path)
        assert " none" in path.read_text().split("feature_infos=")[1].split("\n")[0]
        model = rai.load_model(path, classes=["no", "yes"])
        text = rows.assign(same="x", home=rows["home"].astype(str))
        assert np.array_equal(model.scores(text), fitted.predict_proba(rows)[:, 1])
        with pytest.raises(rai.DataError) as error:
            model.scores(text.assign(same=1))
        assert str(error.value) == (
            "LightGBM: 1 column of categories ('home'); expected 2. Make them columns of pandas categories, "
            "as in training."
        )

    def test_a_model_of_an_array(self, numbers, paid, people, tmp_path):
        fitted = lgb.LGBMClassifier(**SMALL).fit(numbers, paid)
        for source in three_ways(fitted, tmp_path):
            model = rai.load_model(source, features=["age", "income"], classes=["no", "yes"])
            filled = people.fillna({"income": 40})
            assert (model.notes, len(rai.load_model(source).notes)) == ((), 1)
            assert np.array_equal(model.scores(filled), fitted.predict_proba(numbers)[:, 1])
            with pytest.raises(rai.DataError, match="3 columns; expected 2"):
                rai.load_model(source).scores(people[["age", "income", "member"]])

    def test_names_with_blanks_which_it_has_changed(self, people, paid, tmp_path):
        rows = people[["age", "income"]].set_axis(["how old", "income"], axis=1)
        fitted = lgb.LGBMClassifier(**SMALL).fit(rows, paid)
        for source in three_ways(fitted, tmp_path):
            with pytest.raises(rai.RoleError) as error:
                rai.load_model(source).scores(rows)
            assert str(error.value) == (
                "model (LightGBM): no column 'how_old'; expected one of 'how old', 'income'. Did you mean "
                "'how old'?"
            )
            model = rai.load_model(source, features=["how old", "income"])
            assert np.array_equal(model.scores(rows), fitted.predict_proba(rows)[:, 1])


class TestRefusals:
    def test_it_is_not_fitted(self):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(lgb.LGBMClassifier())
        assert str(error.value) == (
            "LGBMClassifier: not fitted; expected a trained estimator. Call fit(X, y) first."
        )

    def test_a_ranking_is_neither(self, people, tmp_path):
        data = lgb.Dataset(people[["age"]], people["member"].astype(int), group=[150, 150])
        booster = lgb.train({"objective": "lambdarank", **PARAMS}, data, 2)
        for source in (booster, kept(booster, tmp_path)):
            with pytest.raises(rai.DataError) as error:
                rai.load_model(source)
            assert str(error.value) == (
                "LightGBM: objective 'lambdarank', which says nothing of classes or values; expected task=. "
                "A ranking is neither: pass a function from a frame to its scores."
            )
            scores = rai.load_model(source, task="regression").scores(people)
            assert np.array_equal(scores, booster.predict(people[["age"]]))

    def test_other_text(self, tmp_path):
        path = tmp_path / "notes.txt"
        path.write_text("These are notes.\n")
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value) == (
            f"model {path}: something else; expected a model that LightGBM wrote (save_model)."
        )

    @pytest.mark.parametrize(
        ("line", "changed", "seen"),
        [
            (r"left_child=.*", "left_child=9 9", "in place of"),
            (r"(?<=\nleft_child=)\S+", "9", "children outside of"),
            (r"(?<=\nleft_child=)\S+", "0", "a child before its parent"),
            (r"(?<=\nsplit_feature=)\S+", "4", "split_feature outside of 0 to 3"),
            (r"split_gain=", "split_gain ", "the line 'split_gain "),
            (r"(?<=\nleaf_value=)\S+", "x", "'x' where numbers are"),
            (r"(?<=\nleaf_value=)\S+", "1.2.3", "could not convert string to float"),
            (r"(?<=\nleaf_count=)\S+", "1_000", "'_' where numbers are"),
            (r"(?<=\ninternal_weight=)\S+ ", "1\x1f", r"'\x1f' where numbers are"),
            (r"(?<=\ndecision_type=)\S+", "16", "decision_type outside of 0 to 15"),
            (r"num_leaves=\d+", "num_leaves=0", "0 leaves"),
            (r"num_leaves=\d+", "num_leaves=2", "in place of 2"),
            (r"num_cat=[1-9]\d*", "num_cat=0", "splits by category without categories"),
            (r"Tree=1", "Tree=7", "it is not where it should be"),
            (r"shrinkage=", "shrinkage=1\nshrinkage=", "'shrinkage' twice"),
        ],
    )
    def test_trees_that_point_nowhere(self, two, tmp_path, line, changed, seen):
        text = kept(two, tmp_path).read_text()
        broken = re.sub(line, changed, text, count=1)
        assert broken != text
        path = tmp_path / "bad.txt"
        path.write_text(_sized(broken))
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert re.match(rf"model {path}: tree \d: ", str(error.value))
        assert seen in str(error.value)

    @pytest.mark.parametrize(
        ("line", "changed", "seen"),
        [
            (r"max_feature_idx=3", "max_feature_idx=300", "4 names of 301 columns"),
            (r"num_class=1", "num_class=-1", "-1 classes"),
            (r"tree_sizes=.*", "", "'tree_sizes'"),
            (r"tree_sizes=", "tree_sizes=-", "6 trees for 1 classes"),
            (r"feature_names=age", "feature_names=age age", "5 names of 4 columns"),
            (r"end of trees", "the end", "no 'end of trees' after 6 trees"),
            (r"pandas_categorical:.*", "pandas_categorical:{", "Expecting property name"),
            (r"pandas_categorical:.*", "pandas_categorical:[1]", "categories that are no lists"),
        ],
    )
    def test_heads_that_say_what_cannot_be(self, two, tmp_path, line, changed, seen):
        path = tmp_path / "bad.txt"
        path.write_text(re.sub(line, changed, kept(two, tmp_path).read_text(), count=1))
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert seen in str(error.value)
        assert str(error.value).endswith(
            "expected a model that LightGBM wrote (save_model). Is it damaged?"
        )

    def test_other_line_ends(self, two, tmp_path):
        path = kept(two, tmp_path)
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        with pytest.raises(rai.DataError, match="expected a model that LightGBM wrote"):
            rai.load_model(path)

    def test_a_file_without_lists_takes_numbers_only(self, two, people, tmp_path):
        text = kept(two, tmp_path).read_text()
        path = tmp_path / "cut.txt"
        path.write_text(text.split("pandas_categorical")[0])
        model = rai.load_model(path)
        codes = people["home"].cat.codes
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        assert np.array_equal(model.scores(people.assign(home=codes)), expected)
        for home in (people["home"], people["home"].astype(str)):
            with pytest.raises(rai.DataError) as error:
                model.scores(people.assign(home=home))
            assert str(error.value) == (
                "LightGBM: column 'home' of text or categories, and no list of them in the model; expected "
                "numbers."
            )

    def test_a_file_that_is_cut_off_is_refused_wherever_it_is(self, two, people, tmp_path):
        whole = kept(two, tmp_path).read_bytes()
        end = whole.index(b"end of parameters\n")
        path, rng = tmp_path / "cut.txt", random.Random(0)
        for stop in [1, 5, end - 1, *(rng.randrange(1, end) for _ in range(60))]:
            path.write_bytes(whole[:stop])
            with pytest.raises(rai.DataError, match="expected a model that LightGBM wrote"):
                rai.load_model(path)


def _sized(text):
    """A file whose sizes of trees are right again."""
    head, rest = text.split("\n\nTree=", 1)
    trees = ("Tree=" + rest).split("end of trees")[0]
    blocks = [block for block in re.split(r"(?=Tree=\d)", trees) if block]
    sizes = " ".join(str(len(block.encode())) for block in blocks)
    head = re.sub(r"tree_sizes=.*", f"tree_sizes={sizes}", head)
    return head + "\n\nTree=" + rest
