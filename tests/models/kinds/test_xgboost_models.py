"""XGBoost, live and from its files: its own scores, its categories, and nothing that ends the process."""

import json
import random

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

import rai
from rai.models.ubjson import DamagedError, read_ubjson

FORMATS = ["json", "ubj"]
COLUMNS = ["age", "income", "home", "member"]


def kept(model, folder, suffix):
    """A file that the library wrote."""
    path = folder / f"model.{suffix}"
    model.save_model(path)
    return path


@pytest.fixture(scope="module")
def two(people, paid):
    model = xgb.XGBClassifier(n_estimators=6, max_depth=3, n_jobs=1, enable_categorical=True)
    return model.fit(people[COLUMNS], (paid == "yes").astype(int))


@pytest.fixture(scope="module")
def three(people, grade):
    model = xgb.XGBClassifier(n_estimators=6, max_depth=3, n_jobs=1, enable_categorical=True)
    return model.fit(people[COLUMNS], np.unique(grade, return_inverse=True)[1])


@pytest.fixture(scope="module")
def value(people, leaning):
    model = xgb.XGBRegressor(n_estimators=6, max_depth=3, n_jobs=1, enable_categorical=True)
    return model.fit(people[COLUMNS], leaning)


def both(model, folder):
    """The model itself, its booster, and its files."""
    return [model, model.get_booster(), *(kept(model, folder, suffix) for suffix in FORMATS)]


class TestScores:
    def test_two_classes(self, two, people, framed, tmp_path):
        expected = two.predict_proba(people[COLUMNS])
        for source in both(two, tmp_path):
            model = rai.load_model(source)
            assert (model.task, model.classes, model.kind) == ("binary", (0, 1), "XGBoost")
            assert model.features == tuple(COLUMNS)
            assert np.array_equal(model.scores(framed(people)), expected[:, 1])
            other = rai.load_model(source, classes=["no", "yes"], positive_label="no")
            assert other.classes == ("yes", "no")
            assert np.array_equal(other.scores(framed(people)), expected[:, 0])

    def test_three_classes(self, three, people, framed, tmp_path):
        for source in both(three, tmp_path):
            model = rai.load_model(source, classes=["fair", "high", "low"])
            assert model.task == "multiclass"
            assert np.array_equal(model.scores(framed(people)), three.predict_proba(people[COLUMNS]))

    def test_values(self, value, people, framed, tmp_path):
        for source in both(value, tmp_path):
            model = rai.load_model(source)
            assert model.task == "regression"
            assert np.array_equal(model.scores(framed(people)), value.predict(people[COLUMNS]))

    def test_columns_in_another_order_and_more_of_them(self, two, people, tmp_path):
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        for source in both(two, tmp_path):
            assert np.array_equal(rai.load_model(source).scores(people[people.columns[::-1]]), expected)

    @pytest.mark.parametrize("objective", ["binary:logitraw", "binary:logistic"])
    def test_margins(self, people, paid, objective, tmp_path):
        data = xgb.DMatrix(people[COLUMNS], paid == "yes", enable_categorical=True)
        booster = xgb.train({"objective": objective, "nthread": 1}, data, 3)
        margins = booster.predict(data, output_margin=True)
        model = rai.load_model(kept(booster, tmp_path, "ubj"), probabilities=False)
        assert (model.threshold, model.probabilities) == (0.0, False)
        assert np.array_equal(model.scores(people), margins)
        other = rai.load_model(booster, probabilities=False, positive_label=0)
        assert np.array_equal(other.scores(people), -margins)

    def test_the_classes_of_a_softmax_have_probabilities(self, people, grade, tmp_path):
        data = xgb.DMatrix(people[["age", "income"]], np.unique(grade, return_inverse=True)[1])
        booster = xgb.train({"objective": "multi:softmax", "num_class": 3, "nthread": 1}, data, 3)
        scores = rai.load_model(kept(booster, tmp_path, "json")).scores(people)
        assert np.allclose(scores.sum(axis=1), 1)
        assert np.array_equal(scores.argmax(axis=1), booster.predict(data))

    @pytest.mark.parametrize(
        "params",
        [
            {"booster": "gblinear"},
            {"booster": "dart", "rate_drop": 0.5},
            {"gamma": 3, "tree_method": "exact", "max_depth": 6},
            {"num_parallel_tree": 2},
            {"objective": "reg:logistic"},
            {"objective": "count:poisson"},
        ],
        ids=lambda params: next(iter(params.values())),
    )
    def test_boosters_of_any_kind_go_through_their_files(self, people, paid, params, tmp_path):
        data = xgb.DMatrix(people[["age", "income"]].fillna(0), paid == "yes")
        said = {"objective": "binary:logistic", "nthread": 1, "seed": 0, **params}
        booster = xgb.train(said, data, 4)
        for suffix in FORMATS:
            model = rai.load_model(kept(booster, tmp_path, suffix))
            assert np.array_equal(model.scores(people.fillna({"income": 0})), booster.predict(data))

    def test_leaves_of_several_values(self, people, grade, tmp_path):
        data = xgb.DMatrix(people[["age", "income"]], np.unique(grade, return_inverse=True)[1])
        params = {"objective": "multi:softprob", "num_class": 3, "nthread": 1}
        booster = xgb.train({**params, "multi_strategy": "multi_output_tree", "max_depth": 3}, data, 3)
        for suffix in FORMATS:
            scores = rai.load_model(kept(booster, tmp_path, suffix)).scores(people)
            assert np.array_equal(scores, booster.predict(data))

    def test_an_estimator_that_stopped_early_is_asked_as_far_as_it_was_good(
        self, numbers, paid, tmp_path
    ):
        y = (paid == "yes").astype(int)
        model = xgb.XGBClassifier(n_estimators=60, learning_rate=1.0, early_stopping_rounds=3, n_jobs=1)
        model.fit(numbers[:150], y[:150], eval_set=[(numbers[150:], y[150:])], verbose=False)
        assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
        rows = {"age": numbers[:, 0], "income": numbers[:, 1]}
        for source in (model, *(kept(model, tmp_path, suffix) for suffix in FORMATS)):
            assert np.array_equal(
                rai.load_model(source).scores(rows), model.predict_proba(numbers)[:, 1]
            )


class TestColumns:
    def test_categories_are_known_by_name(self, two, people, tmp_path, needs):
        needs(hasattr(xgb.Booster, "get_categories"), "XGBoost keeps categories from 3.1 on")
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        reordered = people["home"].cat.set_categories(["other", "new", "own", "rent"])
        for source in both(two, tmp_path):
            model = rai.load_model(source)
            for home in (people["home"].astype(str), people["home"].astype(object), reordered):
                assert np.array_equal(model.scores(people.assign(home=home)), expected)
        unknown, missing = (
            people.assign(home=pd.Categorical([level] * len(people))) for level in ("x", None)
        )
        for source in both(two, tmp_path)[1:]:
            model = rai.load_model(source)
            assert np.array_equal(model.scores(unknown), model.scores(missing))
        with pytest.raises(rai.DataError) as error:
            rai.load_model(two).scores(people.assign(home=1))
        assert str(error.value) == (
            "XGBoost: numbers in column 'home'; expected categories such as 'rent', 'own', 'other'."
        )

    def test_a_file_that_keeps_no_categories_takes_their_places_and_says_so(self, two, people, tmp_path):
        document = json.loads(kept(two, tmp_path, "json").read_text())
        document["learner"]["gradient_booster"]["model"].pop("cats", None)
        path = tmp_path / "old.json"
        path.write_text(json.dumps(document))
        model = rai.load_model(path)
        assert model.notes == (
            "It keeps no categories: those of the rows must have the training data's order.",
        )
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        assert np.array_equal(model.scores(people), expected)
        with pytest.raises(rai.DataError) as error:
            model.scores(people.assign(home=people["home"].astype(str)))
        assert str(error.value) == (
            "XGBoost: text in column 'home', and no list of its categories in the model; expected codes or "
            "categories. Make it a column of pandas categories, in the order that the model was trained with."
        )

    def test_a_model_of_an_array(self, numbers, paid, people, tmp_path):
        model = xgb.XGBClassifier(n_estimators=3, n_jobs=1).fit(numbers, paid == "yes")
        for source in both(model, tmp_path):
            loaded = rai.load_model(source, features=["age", "income"])
            assert (loaded.notes, len(rai.load_model(source).notes)) == ((), 1)
            filled = people.fillna({"income": 40})
            assert np.array_equal(loaded.scores(filled), model.predict_proba(numbers)[:, 1])
            with pytest.raises(rai.DataError, match="3 columns; expected 2"):
                rai.load_model(source).scores(people[["age", "income", "member"]])

    def test_columns_can_be_called_otherwise(self, two, people, tmp_path):
        path, renamed = kept(two, tmp_path, "ubj"), people.rename(columns={"age": "how old"})
        model = rai.load_model(path, features=["how old", "income", "home", "member"])
        expected = two.predict_proba(people[COLUMNS])[:, 1]
        assert np.array_equal(model.scores(renamed), expected)
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(path, features=["income", "how old", "home", "member"])
        assert str(error.value) == (
            "features: 'income', which is a name of XGBoost, at another place; expected other names at the "
            "places of 'age', 'income', 'home', 'member'."
        )
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(path, features=["age"])
        assert (
            str(error.value) == "features: 'age'; expected 4 columns: 'age', 'income', 'home', 'member'."
        )


class TestRefusals:
    def test_it_is_not_fitted(self):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(xgb.XGBClassifier())
        assert str(error.value) == (
            "XGBClassifier: not fitted; expected a trained estimator. Call fit(X, y) first."
        )

    def test_a_ranking_is_neither(self, people, tmp_path):
        data = xgb.DMatrix(people[["age"]], people["member"], group=[150, 150])
        booster = xgb.train({"objective": "rank:pairwise", "nthread": 1}, data, 2)
        for source in (booster, kept(booster, tmp_path, "json")):
            with pytest.raises(rai.DataError) as error:
                rai.load_model(source)
            assert str(error.value) == (
                "XGBoost: objective 'rank:pairwise', which says nothing of classes or values; expected task=. "
                "A ranking is neither: pass a function from a frame to its scores."
            )
            scores = rai.load_model(source, task="regression").scores(people)
            assert np.array_equal(scores, booster.predict(data))

    def test_several_outputs(self, numbers, tmp_path):
        model = xgb.XGBRegressor(n_estimators=2, n_jobs=1).fit(numbers, numbers)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(kept(model, tmp_path, "ubj"))
        assert "several outputs for a row" in str(error.value)

    @pytest.mark.parametrize(
        ("text", "seen"),
        [
            ("{}", "JSON without 'learner'"),
            ('{"learner": {}}', "KeyError: 'learner_model_param'"),
            ("[1, 2]", "JSON"),
            ('{"learner": 1, "learner": 2}', "a name twice in one object"),
            ('{"a": ' * 200_000, "RecursionError"),
            ("{nothing", "the mark 'n' at byte 1"),
            ('{"learner"', "JSONDecodeError"),
        ],
    )
    def test_other_json(self, tmp_path, text, seen):
        path = tmp_path / "model.json"
        path.write_text(text)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value).startswith(f"model {path}: {seen}")
        assert "expected a model that XGBoost wrote (save_model)" in str(error.value)

    def test_trees_that_point_nowhere(self, two, tmp_path):
        document = json.loads(kept(two, tmp_path, "json").read_text())
        tree = lambda held: held["learner"]["gradient_booster"]["model"]["trees"][1]  # noqa: E731
        path = tmp_path / "bad.json"
        for name, change, seen in (
            ("left_children", lambda held: held.__setitem__(0, 10**6), "left_children outside of 0 to"),
            ("left_children", lambda held: held.__setitem__(0, 0), "a child with another parent"),
            ("left_children", lambda held: held.__setitem__(0, -8), "left_children outside of 0 to"),
            ("right_children", lambda held: held.__setitem__(0, 1), "one child twice"),
            ("right_children", lambda held: held.pop(), "right_children in place of"),
            ("split_indices", lambda held: held.__setitem__(0, 4), "split_indices outside of 0 to 3"),
            (
                "split_indices",
                lambda held: held.__setitem__(0, 1.5),
                "something else than whole numbers",
            ),
            ("base_weights", lambda held: held.clear(), "0 base_weights in place of"),
            ("parents", lambda held: held.__setitem__(0, 3), "a root with a parent"),
            ("split_type", lambda held: held.__setitem__(0, 1 - held[0]), "splits by category without"),
        ):
            broken = json.loads(json.dumps(document))
            change(tree(broken)[name])
            path.write_text(json.dumps(broken))
            with pytest.raises(rai.DataError) as error:
                rai.load_model(path)
            assert str(error.value).startswith(f"model {path}: tree 1: ")
            assert seen in str(error.value)

    @pytest.mark.parametrize("suffix", FORMATS)
    def test_a_file_that_is_cut_off_is_refused_wherever_it_is(self, two, suffix, tmp_path):
        whole = kept(two, tmp_path, suffix).read_bytes()
        path, rng = tmp_path / f"cut.{suffix}", random.Random(0)
        for stop in [1, 2, len(whole) - 1, *(rng.randrange(1, len(whole)) for _ in range(60))]:
            path.write_bytes(whole[:stop])
            with pytest.raises(rai.DataError, match="expected a model that XGBoost wrote"):
                rai.load_model(path)


class TestUbjson:
    def test_it_reads_what_the_library_writes_as_json(self, two, tmp_path):
        text = json.loads(kept(two, tmp_path, "json").read_text())
        assert same(read_ubjson(kept(two, tmp_path, "ubj").read_bytes()), text)

    @pytest.mark.parametrize(
        ("data", "value"),
        [
            (b"{}", {}),
            (b"{U\x01aSU\x02hi}", {"a": "hi"}),
            (b"[]", []),
            (b"[TFZ]", [True, False, None]),
            (b"[#U\x02i\xffI\x01\x00", [-1, 256]),
            (b"[$l#U\x02\x00\x00\x00\x01\xff\xff\xff\xfe", [1, -2]),
            (b"[$d#U\x01\x3f\x00\x00\x00", [0.5]),
            (b"D\x3f\xe0\x00\x00\x00\x00\x00\x00", 0.5),
        ],
    )
    def test_values(self, data, value):
        assert read_ubjson(data) == value

    @pytest.mark.parametrize(
        ("data", "seen"),
        [
            (b"", "it ends at byte 0"),
            (b"{}}", "1 bytes after its end"),
            (b"N", "the mark 'N' at byte 0"),
            (b"[$T#l\x7f\xff\xff\xff", "the mark 'T'"),
            (b"[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff", "it ends at byte 13"),
            (b"[$dU\x01", "an array without a length"),
            (b"[#i\xff", None),
            (b"{i\xffa", "it ends at byte 4"),
            (b"{U\x01aTU\x01aT}", "'a' twice"),
            (b"[" * 100, "more than 32 levels"),
        ],
    )
    def test_damage(self, data, seen):
        if seen is None:
            assert read_ubjson(data) == []
            return
        with pytest.raises(DamagedError, match=seen):
            read_ubjson(data)


def same(a, b):
    """Equal, numbers as 32-bit floats."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return np.float32(a) == np.float32(b) if isinstance(a, float) else a == b
