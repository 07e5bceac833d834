"""The plan on a classifier: scikit-learn's own checks, honest scores, groups, lots, and plans."""

import pickle
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    ShuffleSplit,
    cross_val_predict,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import check_classifiers_train, estimator_checks_generator
from sklearn.utils.fixes import parse_version
from threadpoolctl import threadpool_limits

import rai
from rai import ThresholdedClassifier

OLD = parse_version(sklearn.__version__) < parse_version("1.7")
TRAIN = "decisions differ from the larger probability: that is what a threshold is for"
WEIGHTS = "before 1.7 the check merges other labels on the weighted side than on the repeated one"


def named(part):
    """The name of a check."""
    return getattr(getattr(part, "func", part), "__name__", "")


EXPECTED = {"check_classifiers_train": TRAIN}
if OLD:
    EXPECTED |= {
        f"check_sample_weight_equivalence_on_{kind}_data": WEIGHTS for kind in ("dense", "sparse")
    }


@pytest.fixture(autouse=True)
def one_thread():
    """Many small models learn faster when threads don't wait for each other."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def rows():
    """Two groups, one with a higher base rate: features with the group among them, and labels."""
    rng = np.random.default_rng(0)
    sex = rng.choice(["F", "M"], 600, p=[0.4, 0.6])
    income = rng.normal(size=600)
    y = (income + 0.8 * (sex == "M") + rng.normal(size=600) > 0.6).astype(int)
    return pd.DataFrame({"income": income, "sex": sex}), y


@pytest.fixture
def model(rows):
    made = ThresholdedClassifier(
        LogisticRegression(),
        strategy="equal_opportunity",
        sensitive_features="sex",
        drop_sensitive_features=True,
    )
    return made.fit(*rows)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


@pytest.fixture
def half():
    """A plan with the threshold 0.5 for everyone."""
    found = rai.audit(
        y_true=[0, 0, 1, 1], y_score=[0.1, 0.4, 0.5, 0.9], sensitive_features=[*"FFMM"], bins="exact"
    )
    plan = rai.optimize_thresholds(found, strategy="single_threshold", along=())
    assert plan.single == 0.5
    return plan


# scikit-learn's own checks --------------------------------------------------------------------------


# Arrays of other libraries than NumPy are not for it; without them that check skips itself.
CHECKS = [
    case
    for case in estimator_checks_generator(
        ThresholdedClassifier(LogisticRegression(), cv=3), expected_failed_checks=EXPECTED, mark="xfail"
    )
    if named(getattr(case, "values", case)[1]) != "check_array_api_input"
]


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=named)
@pytest.mark.filterwarnings("ignore")
def test_the_checks_of_scikit_learn_pass(estimator, check):
    check(estimator)


def test_at_one_half_decisions_are_those_of_the_larger_probability(half):
    made = ThresholdedClassifier(LogisticRegression(), plan=half)
    check_classifiers_train("ThresholdedClassifier", made)


def test_it_can_be_copied_and_kept(model, rows):
    people, _ = rows
    assert not hasattr(clone(model), "plan_")
    assert clone(model).get_params()["strategy"] == "equal_opportunity"
    again = pickle.loads(pickle.dumps(model))
    assert again.plan_.thresholds == model.plan_.thresholds
    assert again.predict(people).tolist() == model.predict(people).tolist()


# Where thresholds come from -------------------------------------------------------------------------


def test_thresholds_are_those_of_scores_from_copies_that_did_not_learn_from_the_row(model, rows):
    people, y = rows
    scores = cross_val_predict(LogisticRegression(), people[["income"]], y, method="predict_proba")[:, 1]
    found = rai.audit(y_true=y, y_score=scores, sensitive_features=people["sex"], bins="exact")
    plan = rai.optimize_thresholds(found, strategy="equal_opportunity")
    assert model.plan_.thresholds == plan.thresholds
    assert model.plan_.fitted.residual.value <= model.plan_.held_to
    whole = LogisticRegression().fit(people[["income"]], y)
    assert model.estimator_.coef_.tolist() == whole.coef_.tolist()


def test_decisions_are_scores_against_the_threshold_of_the_group(model, rows):
    people, y = rows
    scores = model.predict_proba(people)[:, 1]
    assert scores.tolist() == model.estimator_.predict_proba(people[["income"]])[:, 1].tolist()
    at = people["sex"].map({key[0]: threshold for key, threshold in model.plan_.thresholds.items()})
    assert at.nunique() == 2
    assert model.predict(people).tolist() == (scores >= at).astype(int).tolist()
    assert model.score(people, y) == np.mean(model.predict(people) == y)


def test_a_model_that_knows_its_rows_by_heart_is_not_believed(rows):
    people, y = rows
    tree = DecisionTreeClassifier(random_state=0)
    made = ThresholdedClassifier(
        tree, strategy="group_thresholds", sensitive_features="sex", drop_sensitive_features=True
    ).fit(people, y)
    assert made.estimator_.score(people[["income"]], y) == 1
    assert made.plan_.fitted.cost.value > 0.25


def test_a_share_is_held_out_and_the_model_learns_from_the_rest(rows):
    people, y = rows
    made = ThresholdedClassifier(
        FrozenEstimator(DecisionTreeClassifier(random_state=0).fit(people[["income"]], y)), cv=0.25
    )
    assert made.fit(people[["income"]], y).plan_.fitted.rows == 150
    tree = DecisionTreeClassifier(random_state=0)
    learnt = ThresholdedClassifier(tree, cv=0.25, random_state=1).fit(people[["income"]], y)
    assert learnt.estimator_.tree_.n_node_samples[0] == 450
    assert learnt.plan_.fitted.rows == 150


def test_a_model_that_has_learnt_is_taken_as_it_is(rows):
    people, y = rows
    learnt = LogisticRegression().fit(people[["income"]][:300], y[:300])
    made = ThresholdedClassifier(
        learnt, cv="prefit", strategy="demographic_parity", sensitive_features="sex",
        drop_sensitive_features=True,
    ).fit(people[300:], y[300:])  # fmt: skip
    assert made.estimator_ is learnt
    assert made.plan_.fitted.rows == 300


def test_rows_that_no_part_holds_out_choose_nothing(rows):
    people, y = rows
    made = ThresholdedClassifier(
        LogisticRegression(), cv=ShuffleSplit(1, test_size=200, random_state=0)
    ).fit(people[["income"]], y)
    assert made.plan_.fitted.rows == 200


def test_weights_are_repetition(rows):
    people, y = rows
    people = people[["income"]].to_numpy()
    weights = np.random.default_rng(1).integers(1, 4, 600)
    parts = np.arange(600) % 3
    options = {"cost_fp": 2.0, "cv": None}
    weighted, repeated = (ThresholdedClassifier(LogisticRegression(tol=1e-10), **options) for _ in "ab")
    weighted.cv = list(GroupKFold(3).split(people, y, parts))
    repeated.cv = list(GroupKFold(3).split(people.repeat(weights, axis=0), None, parts.repeat(weights)))
    weighted.fit(people, y, sample_weight=weights)
    repeated.fit(people.repeat(weights, axis=0), y.repeat(weights))
    assert weighted.plan_.single == pytest.approx(repeated.plan_.single, abs=1e-6)
    assert weighted.plan_.fitted.cost.value == pytest.approx(repeated.plan_.fitted.cost.value, abs=1e-9)
    assert weighted.estimator_.coef_ == pytest.approx(repeated.estimator_.coef_, abs=1e-6)


def test_a_limit_counts_rows_given_to_fit(rows):
    people, y = rows
    made = ThresholdedClassifier(LogisticRegression(), max_selected=60).fit(people[["income"]], y)
    selected = made.plan_.fitted.confusion.n[:, :, 1].sum()
    assert 55 <= selected <= 60


def test_scores_may_be_distances_and_either_label_may_be_selected_for(rows):
    people, y = rows
    words = np.where(y == 1, "yes", "no")
    made = {
        label: ThresholdedClassifier(LinearSVC(), pos_label=label, cost_fp=3.0, cv=KFold(4)).fit(
            people[["income"]], words
        )
        for label in ("yes", "no", None)
    }
    assert (
        made[None].predict(people[["income"]]).tolist()
        == made["yes"].predict(people[["income"]]).tolist()
    )
    distance = made["no"].decision_function(people[["income"]])
    chosen = -distance >= made["no"].plan_.single
    assert made["no"].predict(people[["income"]]).tolist() == np.where(chosen, "no", "yes").tolist()
    assert made["no"].plan_.positive_label == "no"
    assert chosen.mean() < np.mean(distance < 0)
    assert not hasattr(made["no"], "predict_proba")


# Where it is used -----------------------------------------------------------------------------------


def test_it_ends_a_pipeline_and_is_searched_over(rows):
    people, y = rows
    encoded = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["sex"]), (StandardScaler(), ["income"])),
        LogisticRegression(),
    )
    made = ThresholdedClassifier(encoded, sensitive_features="sex", cv=2)
    options = {"strategy": ["single_threshold", "demographic_parity"], "tolerance": [0.0, 0.3]}
    search = GridSearchCV(make_pipeline("passthrough", made), grid(options), cv=2).fit(people, y)
    assert search.best_estimator_[-1].n_features_in_ == 2
    assert search.best_params_["thresholdedclassifier__strategy"] == "single_threshold"
    decided = cross_val_predict(search.best_estimator_, people, y, cv=2)
    assert 0.6 < np.mean(decided == y) < 0.9


def grid(options):
    return {f"thresholdedclassifier__{name}": values for name, values in options.items()}


def test_parity_shows_in_the_decisions_of_a_pipeline(rows):
    people, y = rows
    rates = {}
    for strategy in ("single_threshold", "demographic_parity"):
        encoded = make_pipeline(
            make_column_transformer((OneHotEncoder(), ["sex"]), remainder="passthrough"),
            LogisticRegression(),
        )
        made = ThresholdedClassifier(encoded, strategy=strategy, sensitive_features="sex")
        decided = cross_val_predict(make_pipeline(made), people, y, cv=4)
        rates[strategy] = pd.Series(decided).groupby(people["sex"].to_numpy()).mean()
    gaps = {strategy: float(np.ptp(found)) for strategy, found in rates.items()}
    assert gaps["single_threshold"] > 0.15
    assert gaps["demographic_parity"] < 0.06


def test_a_data_set_with_words_in_it():
    dataset = rai.load_dataset("german_credit")
    people = dataset.frame.drop(columns="credit_risk")
    words = people.select_dtypes(exclude="number").columns
    encoded = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), list(words)), remainder=StandardScaler()
    )
    made = ThresholdedClassifier(
        make_pipeline(encoded, LogisticRegression(C=0.1)), strategy="equal_opportunity",
        sensitive_features=["sex", "age"], cuts={"age": [26]}, cost_fp=5.0, pos_label="good",
        tolerance=0.05, cv=4,
    ).fit(people, dataset.frame["credit_risk"])  # fmt: skip
    assert made.plan_.along == ("sex", "age")
    assert len(made.plan_.rules) == 4
    assert made.plan_.fitted.residual.value <= 0.05
    assert made.plan_.single > 0.5
    decided = made.predict(people)
    assert set(decided) == {"good", "bad"}
    assert np.mean(decided == "good") < 0.6


def test_groups_apart_from_features_follow_the_rows(rows, routing):
    people, y = rows
    income, sex = people[["income"]].to_numpy(), people["sex"].to_numpy()
    made = (
        ThresholdedClassifier(
            LogisticRegression().set_fit_request(sample_weight=True), strategy="demographic_parity"
        )
        .set_fit_request(sensitive_features=True, sample_weight=True)
        .set_predict_request(sensitive_features=True)
        .set_score_request(sensitive_features=True)
    )
    line = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), made)
    line.fit(income, y, sensitive_features=sex, sample_weight=np.ones(600))
    plan = line[-1].plan_
    assert plan.along == ("sensitive_feature",)
    assert plan.fitted.residual.value <= plan.held_to
    decided = line.predict(income, sensitive_features=sex)
    rates = [decided[sex == one].mean() for one in "FM"]
    assert abs(rates[0] - rates[1]) < 0.03
    done = cross_validate(made, income, y, params={"sensitive_features": sex}, cv=3, error_score="raise")
    assert done["test_score"].min() > 0.6
    expected = "predict: no sensitive_features; expected 'sensitive_feature' of every row, as in fit."
    with pytest.raises(rai.RoleError, match=re.escape(expected)):
        line.predict(income)


def test_weights_are_not_given_to_a_model_that_takes_none(rows):
    people, y = rows
    line = make_pipeline(StandardScaler(), LogisticRegression())
    says = "Pipeline takes no sample_weight: weights count for the thresholds only."
    with pytest.warns(UserWarning, match=re.escape(says)):
        made = ThresholdedClassifier(line).fit(people[["income"]], y, sample_weight=1.0 + y)
    plain = ThresholdedClassifier(line).fit(people[["income"]], y)
    assert made.plan_.single < plain.plan_.single
    assert made.estimator_[-1].coef_.tolist() == plain.estimator_[-1].coef_.tolist()


@pytest.mark.parametrize("kind", ["pandas", "polars", "array", "rows", "sparse"])
def test_columns_are_found_in_every_kind_of_table(rows, kind):
    people, y = rows
    numbers = pd.DataFrame({"income": people["income"], "sex": (people["sex"] == "M").astype(float)})
    made = {
        "pandas": lambda: (numbers, "sex"),
        "polars": lambda: (pl.from_pandas(numbers), ["sex"]),
        "array": lambda: (numbers.to_numpy(), 1),
        "rows": lambda: (numbers.to_numpy().tolist(), [-1]),
        "sparse": lambda: (csr_matrix(numbers.to_numpy()), [1]),
    }
    table, wanted = made[kind]()
    for dropped in (False, True):
        fitted = ThresholdedClassifier(
            LogisticRegression(), strategy="predictive_equality", sensitive_features=wanted,
            drop_sensitive_features=dropped,
        ).fit(table, y)  # fmt: skip
        assert fitted.n_features_in_ == 2
        assert fitted.estimator_.n_features_in_ == 2 - dropped
        assert fitted.plan_.along == ("sex" if kind in {"pandas", "polars"} else "x1",)
        assert list(fitted.plan_.thresholds) == [(0,), (1,)]
        assert fitted.predict(table).sum() > 100


# Groups that are missing, rare or new ---------------------------------------------------------------


def test_missing_groups_are_a_group_and_new_ones_an_error(model, rows):
    people, y = rows
    gaps = people.assign(sex=people["sex"].where(np.arange(600) % 5 > 0, None))
    made = clone(model).fit(gaps, y)
    assert set(made.plan_.thresholds) == {("F",), ("M",), ("(missing)",)}
    assert made.predict(gaps).shape == (600,)
    says = (
        "apply: group '(missing)'; expected one that the plan knows: 'F', 'M'. "
        'Choose with rows of every group, or pass unseen="single_threshold".'
    )
    with pytest.raises(rai.DataError, match=re.escape(says)):
        model.predict(gaps)
    single = clone(model).set_params(unseen="single_threshold").fit(people, y)
    new = people.assign(sex="X")
    expected = single.predict_proba(new)[:, 1] >= single.plan_.single
    assert single.predict(new).tolist() == expected.astype(int).tolist()


# Lots -----------------------------------------------------------------------------------------------


def test_lots_are_drawn_from_the_random_state(rows):
    people, y = rows
    made = ThresholdedClassifier(
        LogisticRegression(), strategy="equalized_odds", sensitive_features="sex",
        drop_sensitive_features=True, randomized=True, random_state=0,
    ).fit(people, y)  # fmt: skip
    chance = made.plan_.probabilities(made.predict_proba(people)[:, 1], people["sex"])
    some = (chance > 0) & (chance < 1)
    assert some.sum() > 50
    first = made.predict(people)
    assert first.tolist() == made.predict(people).tolist()
    assert first[~some].tolist() == chance[~some].astype(int).tolist()
    source = np.random.RandomState(0)
    drawn = np.mean([made.set_params(random_state=source).predict(people) for _ in range(400)], axis=0)
    assert np.abs(drawn - chance).max() < 0.13
    assert abs(np.mean(drawn - chance)) < 0.005


# A plan that is there already -----------------------------------------------------------------------


def test_a_plan_decides_without_choosing(model, rows, tmp_path):
    people, y = rows
    learnt = model.estimator_
    plan = rai.ThresholdPlan.load(model.plan_.save(tmp_path / "plan.json"))
    made = ThresholdedClassifier(
        learnt, plan=plan, sensitive_features="sex", drop_sensitive_features=True
    )
    assert made.predict(people).tolist() == model.predict(people).tolist()
    assert made.classes_.tolist() == [0, 1]
    apart = ThresholdedClassifier(learnt, plan=plan)
    decided = apart.predict(people[["income"]], sensitive_features=people["sex"])
    assert decided.tolist() == model.predict(people).tolist()
    again = ThresholdedClassifier(LogisticRegression(C=0.01), plan=plan).fit(people[["income"]], y)
    assert again.plan_ is plan
    assert again.estimator_.coef_ != learnt.coef_
