"""Estimators by scikit-learn's protocol: their own scores, whatever their kind, and clear refusals."""

# ruff: noqa: N803  # X has this name throughout scikit-learn

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV, TunedThresholdClassifierCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

import rai

READ = ("age", "income", "sex", "home", "member")


def same(scores, expected):
    """The same but for the last bits, which hang on the layout of memory and on the processor."""
    alike = np.shape(scores) == np.shape(expected)
    return alike and np.allclose(scores, expected, rtol=1e-12, atol=1e-14)


def pipeline(last):
    """Numbers, text and categories; `id` is dropped."""
    encoded = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["age", "income"]),
        (OneHotEncoder(handle_unknown="ignore"), ["sex", "home"]),
        ("passthrough", ["member"]),
    )
    return make_pipeline(encoded, last)


@pytest.fixture(scope="module")
def two(people, paid):
    return pipeline(LogisticRegression()).fit(people, paid)


@pytest.fixture(scope="module")
def three(people, grade):
    return pipeline(LogisticRegression()).fit(people, grade)


class TestScores:
    def test_two_classes_give_the_probability_of_the_second(self, two, people, framed):
        model = rai.load_model(two)
        assert (model.task, model.classes, model.kind) == ("binary", ("no", "yes"), "scikit-learn")
        assert [type(label) for label in model.classes] == [str, str]
        assert same(model.scores(framed(people)), two.predict_proba(people)[:, 1])

    def test_the_other_label_can_be_the_positive_one(self, two, people):
        model = rai.load_model(two, positive_label="no")
        assert model.classes == ("yes", "no")
        assert same(model.scores(people), two.predict_proba(people)[:, 0])

    def test_three_classes_keep_the_order_of_the_estimator(self, three, people, framed):
        model = rai.load_model(three)
        assert (model.task, model.classes) == ("multiclass", ("fair", "high", "low"))
        assert same(model.scores(framed(people)), three.predict_proba(people))

    def test_columns_may_come_in_any_order_and_more_of_them(self, two, people):
        shuffled = people[["member", "home", "sex", "income", "age"]].assign(extra=1)
        assert same(rai.load_model(two).scores(shuffled), two.predict_proba(people)[:, 1])

    def test_classes_can_be_called_otherwise(self, two, people):
        model = rai.load_model(two, classes=[False, True], positive_label=False)
        assert model.classes == (True, False)
        assert same(model.scores(people), two.predict_proba(people)[:, 0])

    @pytest.mark.parametrize(
        ("labels", "classes"),
        [((False, True), (False, True)), ((1, 2), (1, 2)), ((0.0, 1.0), (0, 1)), ((-1, 1), (-1, 1))],
    )
    def test_labels_of_any_kind_are_plain_python(self, numbers, paid, labels, classes):
        fitted = LogisticRegression().fit(numbers, np.where(paid == "yes", labels[1], labels[0]))
        model = rai.load_model(fitted)
        assert model.classes == classes
        assert [type(label) for label in model.classes] == [type(label) for label in classes]

    def test_a_search_is_its_best_estimator(self, people, paid):
        searched = GridSearchCV(
            pipeline(LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=2
        )
        searched.fit(people, paid)
        model = rai.load_model(searched)
        assert model.features == READ
        assert same(model.scores(people), searched.predict_proba(people)[:, 1])

    def test_categories_and_gaps_are_handed_on(self, people, paid, framed):
        rows = people[["age", "income", "home"]]
        fitted = HistGradientBoostingClassifier(categorical_features=[2], max_iter=5).fit(rows, paid)
        model = rai.load_model(fitted)
        assert same(model.scores(framed(rows)), fitted.predict_proba(rows)[:, 1])

    def test_a_regression_gives_its_values(self, people, leaning, framed):
        fitted = HistGradientBoostingRegressor(max_iter=5).fit(people[["age", "income"]], leaning)
        model = rai.load_model(fitted)
        assert (model.task, model.classes, model.features) == ("regression", (), ("age", "income"))
        assert same(model.scores(framed(people)), fitted.predict(people[["age", "income"]]))

    def test_a_column_of_values_is_a_regression_too(self, numbers, leaning):
        fitted = LinearRegression().fit(numbers, leaning[:, None])
        scores = rai.load_model(fitted).scores({"age": numbers[:, 0], "income": numbers[:, 1]})
        assert same(scores, fitted.predict(numbers)[:, 0])

    def test_a_regression_can_score_two_classes(self, numbers, paid):
        fitted = Ridge().fit(numbers, paid == "yes")
        model = rai.load_model(fitted, task="binary", probabilities=False)
        scores = model.scores({"age": numbers[:, 0], "income": numbers[:, 1]})
        assert (model.task, model.classes, model.threshold) == ("binary", (0, 1), 0.0)
        assert same(scores, fitted.predict(numbers))

    def test_dummies_and_votes_are_estimators(self, numbers, paid):
        rows = pd.DataFrame(numbers, columns=["age", "income"])
        for estimator in (
            DummyClassifier(strategy="prior"),
            VotingClassifier(
                [("a", LogisticRegression()), ("b", DecisionTreeClassifier())], voting="soft"
            ),
        ):
            fitted = estimator.fit(rows, paid)
            assert same(rai.load_model(fitted).scores(rows), fitted.predict_proba(rows)[:, 1])

    def test_an_estimator_by_protocol_alone_will_do(self, people):
        class Rule:
            classes_ = np.array(["no", "yes"])

            def predict_proba(self, frame):
                yes = (frame["age"] > 50).to_numpy(dtype=float)
                return np.column_stack([1 - yes, yes])

        model = rai.load_model(Rule())
        assert model.features is None
        assert same(model.scores(people), people["age"] > 50)


class TestMarginsAndLabels:
    @pytest.mark.parametrize(
        "estimator", [LinearSVC(), Perceptron(), SVC()], ids=lambda e: type(e).__name__
    )
    def test_margins_are_cut_at_0_and_turned_for_the_other_label(self, numbers, paid, estimator):
        fitted = estimator.fit(numbers, paid)
        rows = {"age": numbers[:, 0], "income": numbers[:, 1]}
        model, other = rai.load_model(fitted), rai.load_model(fitted, positive_label="no")
        assert (model.probabilities, model.threshold) == (False, 0.0)
        assert same(model.scores(rows), fitted.decision_function(numbers))
        assert same(other.scores(rows), -fitted.decision_function(numbers))
        called = np.array(model.classes)[(model.scores(rows) >= 0).astype(int)]
        assert (called == fitted.predict(numbers)).all()

    def test_margins_of_three_classes(self, numbers, grade):
        fitted = LinearSVC().fit(numbers, grade)
        scores = rai.load_model(fitted).scores({"age": numbers[:, 0], "income": numbers[:, 1]})
        assert same(scores, fitted.decision_function(numbers))

    def test_margins_instead_of_probabilities_if_asked_for(self, two, people):
        model = rai.load_model(two, probabilities=False)
        assert same(model.scores(people), two.decision_function(people))

    def test_labels_alone_are_scores_of_1_and_0(self, numbers, paid, grade):
        class Labels(BaseEstimator):
            """A classifier that can do nothing but predict."""

            def __init__(self, inner):
                self.inner = inner
                self.classes_ = inner.classes_

            def predict(self, array):
                return self.inner.predict(array)

        rows = {"age": numbers[:, 0], "income": numbers[:, 1]}
        inner = DecisionTreeClassifier(max_depth=3).fit(numbers, paid)
        made = Labels(inner)
        made.n_features_in_ = 2
        assert same(rai.load_model(made).scores(rows), inner.predict(numbers) == "yes")
        other = rai.load_model(made, positive_label="no").scores(rows)
        assert same(other, inner.predict(numbers) == "no")
        renamed = rai.load_model(made, classes=[0, 1])
        assert same(renamed.scores(rows), inner.predict(numbers) == "yes")
        of_three = DecisionTreeClassifier(max_depth=3).fit(numbers, grade)
        made = Labels(of_three)
        made.n_features_in_ = 2
        one_hot = of_three.predict(numbers)[:, None] == of_three.classes_
        assert same(rai.load_model(made).scores(rows), one_hot)

    def test_one_against_one_has_too_many_margins(self, numbers):
        y = np.arange(len(numbers)) % 4
        fitted = SVC(decision_function_shape="ovo").fit(numbers, y)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(fitted).scores({"a": numbers[:5, 0], "b": numbers[:5, 1]})
        assert str(error.value) == "model: it returned shape (5, 6) for 5 rows; expected shape (5, 4)."


class TestColumns:
    def test_a_column_that_is_dropped_is_not_read(self, two, people):
        model = rai.load_model(two)
        assert model.features == READ
        assert same(model.scores(people.drop(columns="id")), two.predict_proba(people)[:, 1])

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda inner, X, y: CalibratedClassifierCV(inner, cv=2).fit(X, y),
            lambda inner, X, y: FixedThresholdClassifier(inner, threshold=0.3).fit(X, y),
            lambda inner, X, y: FrozenEstimator(inner.fit(X, y)),
            lambda inner, X, y: TransformedTargetRegressor(pipeline(Ridge())).fit(X, y == "yes"),
            lambda inner, X, y: make_pipeline("passthrough", inner).fit(X, y),
        ],
        ids=["calibrated", "threshold", "frozen", "target", "passthrough"],
    )
    def test_nor_where_something_is_around_the_pipeline(self, people, paid, wrap):
        fitted = wrap(pipeline(LogisticRegression()), people, paid)
        model = rai.load_model(fitted)
        assert model.features == READ
        method = fitted.predict_proba if model.task == "binary" else fitted.predict
        expected = method(people)
        expected = expected[:, 1] if model.task == "binary" else expected
        assert same(model.scores(people.drop(columns="id")), expected)

    def test_columns_may_be_dropped_and_kept_by_place(self, people, paid):
        by_place = make_column_transformer(
            ("drop", [0]),
            ("passthrough", slice(1, 2)),
            (OneHotEncoder(), [False, False, False, True, False, False]),
        )
        fitted = make_pipeline(by_place, LogisticRegression()).fit(people, paid)
        model = rai.load_model(fitted)
        assert model.features == ("age", "sex")
        assert same(model.scores(people), fitted.predict_proba(people)[:, 1])

    def test_what_is_left_over_and_passed_through_is_read(self, people, paid):
        rest = make_column_transformer(
            (OneHotEncoder(), ["sex", "home"]), ("drop", ["income"]), remainder="passthrough"
        )
        fitted = make_pipeline(rest, LogisticRegression(max_iter=2000)).fit(people, paid)
        assert rai.load_model(fitted).features == ("id", "age", "sex", "home", "member")

    def test_without_a_column_transformer_every_column_is_read(self, people, paid):
        fitted = make_pipeline(StandardScaler(), LogisticRegression()).fit(people[["id", "age"]], paid)
        assert rai.load_model(fitted).features == ("id", "age")

    def test_a_first_step_that_keeps_no_names_gets_the_frame_as_it_is(self, people, paid):
        class Ages(BaseEstimator, TransformerMixin):
            def fit(self, X, y=None):
                return self

            def transform(self, X):
                return X[["age"]].to_numpy()

        fitted = make_pipeline(Ages(), LogisticRegression()).fit(people, paid)
        model = rai.load_model(fitted)
        assert model.features is None
        assert same(model.scores(people), fitted.predict_proba(people)[:, 1])
        assert rai.load_model(fitted, features=["age"]).features == ("age",)

    def test_names_come_from_a_first_step_of_a_function(self, people, paid):
        fitted = make_pipeline(FunctionTransformer(lambda X: X[["age"]]), LogisticRegression())
        fitted.fit(people[["age", "income"]], paid)
        assert rai.load_model(fitted).features == ("age", "income")

    def test_a_model_of_an_array_takes_columns_in_order(self, numbers, paid, framed):
        fitted = LogisticRegression().fit(numbers, paid)
        rows = pd.DataFrame(numbers, columns=["age", "income"]).assign(other="text")
        model = rai.load_model(fitted, features=["age", "income"])
        assert same(model.scores(framed(rows)), fitted.predict_proba(numbers)[:, 1])
        assert model.notes == ()
        assert rai.load_model(fitted).notes == (
            "It names no columns: they are taken in the order of the rows. Pass features= to be sure.",
        )
        with pytest.raises(rai.DataError) as error:
            rai.load_model(fitted).scores(framed(rows))
        assert str(error.value) == (
            "LogisticRegression: 3 columns; expected 2, as it was trained on. "
            "Pass features=[…] in the order of that array."
        )

    def test_a_model_of_an_array_of_text(self, people, paid):
        array = people[["sex", "home"]].to_numpy(dtype=object)
        fitted = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(array, paid)
        model = rai.load_model(fitted, features=["sex", "home"])
        assert same(model.scores(people), fitted.predict_proba(array)[:, 1])

    def test_features_must_be_those_it_was_fitted_on(self, two):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(two, features=["age", "incme"])
        assert str(error.value) == (
            "features: 'incme'; expected columns that the Pipeline was fitted on: 'id', 'age', 'income', "
            "'sex', 'home', 'member'. Did you mean 'income'?"
        )

    def test_features_in_another_order_are_put_into_the_model_s(self, numbers, paid):
        rows = pd.DataFrame(numbers, columns=["age", "income"])
        fitted = LogisticRegression().fit(rows, paid)
        model = rai.load_model(fitted, features=["income", "age"])
        assert model.features == ("age", "income")
        assert same(model.scores(rows), fitted.predict_proba(rows)[:, 1])

    def test_a_frame_of_the_kind_that_is_asked_for(self, people):
        seen = []

        class Looks:
            classes_ = (0, 1)

            def predict_proba(self, frame):
                seen.append(type(frame))
                return np.tile([0.5, 0.5], (len(frame), 1))

        for frames in (None, "pandas", "polars", "same"):
            rai.load_model(Looks(), frames=frames).scores(pl.from_pandas(people))
        assert seen == [pd.DataFrame, pd.DataFrame, pl.DataFrame, pl.DataFrame]


class TestThresholds:
    def test_a_threshold_of_its_own_is_noted(self, people, paid):
        fixed = FixedThresholdClassifier(pipeline(LogisticRegression()), threshold=0.3).fit(people, paid)
        assert rai.load_model(fixed).notes == ("It decides at 0.3; to do the same pass threshold=0.3.",)
        tuned = TunedThresholdClassifierCV(pipeline(LogisticRegression()), cv=2).fit(people, paid)
        (note,) = rai.load_model(tuned).notes
        assert f"{tuned.best_threshold_:g}" in note

    def test_a_threshold_plan_is_its_classifier_and_says_so(self, people, paid):
        rows, y = people[["age", "member", "sex"]], paid
        planned = rai.ThresholdedClassifier(
            LogisticRegression(), sensitive_features="sex", drop_sensitive_features=True
        ).fit(rows, y)
        model = rai.load_model(planned)
        assert model.features == ("age", "member")
        assert same(model.scores(people), planned.predict_proba(rows)[:, 1])
        assert model.notes == (
            "Scores are its classifier's; to decide by its plan pass threshold=model.plan_.",
        )


class TestDigest:
    def test_the_same_model_has_the_same_digest_and_another_has_another(self, numbers, paid):
        one, same = (LogisticRegression().fit(numbers, paid) for _ in range(2))
        other = LogisticRegression(C=0.5).fit(numbers, paid)
        digests = [rai.load_model(each).digest for each in (one, same, other)]
        assert digests[0] == digests[1] != digests[2]
        assert len(digests[0]) == 64

    def test_what_cannot_be_pickled_has_none(self, numbers, paid):
        fitted = make_pipeline(FunctionTransformer(lambda X: X), LogisticRegression()).fit(numbers, paid)
        assert rai.load_model(fitted).digest == ""


class Stubborn(BaseEstimator):
    """Says nothing of what it is."""

    def fit(self, X, y):
        self.fitted_ = True
        return self

    def predict(self, X):
        return np.ones(len(X))


REFUSED = [
    (
        lambda X, y: LogisticRegression(),
        "LogisticRegression: not fitted; expected a trained estimator. Call fit(X, y) first.",
    ),
    (
        lambda X, y: pipeline(LogisticRegression()),
        "Pipeline: not fitted; expected a trained estimator. Call fit(X, y) first.",
    ),
    (
        lambda X, y: LogisticRegression,
        "load_model: the class LogisticRegression; expected a function, a trained estimator, a path to a "
        "model's file, or a URL.",
    ),
    (
        lambda X, y: RandomForestClassifier(2).fit(X, np.column_stack([y, y])),
        "RandomForestClassifier: several outputs; expected one. Pass a function from a frame to the scores "
        "of one of them.",
    ),
    (
        lambda X, y: OneVsRestClassifier(LogisticRegression()).fit(
            X, np.column_stack([y == "yes", y == "no"]).astype(int)
        ),
        "OneVsRestClassifier: several outputs; expected one. Pass a function from a frame to the scores "
        "of one of them.",
    ),
    (
        lambda X, y: DecisionTreeClassifier().fit(X, ["yes"] * len(X)),
        "DecisionTreeClassifier: a single class, 'yes'; expected at least two. It was trained on rows of "
        "one kind only.",
    ),
    (
        lambda X, y: KMeans(2, n_init=1).fit(X),
        "KMeans: a model of kind 'clusterer'; expected a classifier or a regressor. Pass a function from "
        "a frame to scores instead.",
    ),
    (
        lambda X, y: IsolationForest(n_estimators=3).fit(X),
        "IsolationForest: a model of kind 'outlier_detector'; expected a classifier or a regressor. Pass "
        "a function from a frame to scores instead.",
    ),
    (
        lambda X, y: Stubborn().fit(X, y),
        "Stubborn: it doesn't say whether it classifies; expected task=. Pass a function from a frame to "
        "scores instead.",
    ),
    (
        lambda X, y: StandardScaler().fit(X),
        "load_model: a StandardScaler; expected a function, a trained estimator, a path to a model's "
        "file, or a URL.",
    ),
]


@pytest.mark.parametrize(("make", "sentence"), REFUSED, ids=[text.split(";")[0] for _, text in REFUSED])
def test_refusals_say_what_is_wrong(numbers, paid, make, sentence):
    with pytest.raises(rai.RaiError) as error:
        rai.load_model(make(numbers, paid))
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"probabilities": True},
            "probabilities: True for a LinearSVC without predict_proba; expected none. Leave it out to "
            "get the best scores that there are.",
        ),
        ({"task": "regression"}, "task: 'regression' for a classifier; expected none."),
        (
            {"classes": ["a", "b", "c"]},
            "classes: 'a', 'b', 'c'; expected 2 labels, as the model has: 'no', 'yes'.",
        ),
        ({"positive_label": "Yes"}, "positive_label: 'Yes'; expected one of 'no', 'yes'."),
        (
            {"task": "multiclass"},
            "classes of a multiclass model: 'no', 'yes'; expected at least three different labels.",
        ),
    ],
)
def test_what_was_said_must_go_with_the_estimator(numbers, paid, said, sentence):
    fitted = LinearSVC().fit(numbers, paid)
    with pytest.raises(rai.ArgumentError) as error:
        rai.load_model(fitted, **said)
    assert str(error.value) == sentence


def test_values_that_the_estimator_cannot_take_are_one_sentence(numbers, paid):
    rows = pd.DataFrame(numbers, columns=["age", "income"])
    fitted = LogisticRegression().fit(rows, paid)
    with pytest.raises(rai.DataError) as error:
        rai.load_model(fitted).scores(rows.assign(age="old"))
    assert str(error.value) == (
        "model (scikit-learn): it failed (ValueError: could not convert string to float: 'old'); expected "
        "one that can predict these rows. Are the columns and their types those that it was trained on?"
    )
    with pytest.raises(rai.RoleError) as error:
        rai.load_model(fitted).scores(rows.rename(columns={"age": "Age"}))
    assert str(error.value) == (
        "model (scikit-learn): no column 'age'; expected one of 'Age', 'income'. Did you mean 'Age'?"
    )


def test_one_row_and_no_rows(two, three, people):
    model = rai.load_model(two)
    assert np.allclose(model.scores(people.iloc[[7]]), two.predict_proba(people.iloc[[7]])[:, 1])
    assert model.scores(people.iloc[:0]).shape == (0,)
    assert rai.load_model(three).scores(people.iloc[:0]).shape == (0, 3)


def test_neighbours_of_an_array(numbers, grade):
    fitted = KNeighborsClassifier(3).fit(numbers, grade)
    scores = rai.load_model(fitted).scores({"a": numbers[:, 0], "b": numbers[:, 1]})
    assert same(scores, fitted.predict_proba(numbers))


def test_scikit_learn_is_not_loaded_for_other_models():
    code = "import rai, sys; rai.load_model(lambda f: f['x']).scores({'x': [0.5]}); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
