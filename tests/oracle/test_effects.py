"""Effects beside scikit-learn's partial dependence, and beside loops written from the formulas."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.inspection import partial_dependence as theirs
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

import rai

ROWS = 300
WORDS, NUMBERS = ["job", "city"], ["age", "income", "years"]


def made(seed=0):
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, ROWS).astype(float)
    return pd.DataFrame({
        "age": age,
        "income": rng.lognormal(3, 1, ROWS).round(2),
        "years": np.maximum(age - 18 - rng.integers(0, 10, ROWS), 0),
        "job": rng.choice(["nurse", "driver", "clerk", "judge"], ROWS, p=[0.4, 0.3, 0.25, 0.05]),
        "city": rng.choice(["A", "B"], ROWS),
    })  # fmt: skip


def target(frame, classes=2, seed=1):
    rng = np.random.default_rng(seed)
    score = 0.03 * frame["age"] + 0.5 * (frame["job"] == "nurse") + 0.2 * np.log(frame["income"])
    score = score * (1 + (frame["city"] == "A")) + rng.normal(0, 0.5, ROWS)
    return pd.qcut(score, classes, labels=False).to_numpy()


def encoded(**options):
    return make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", **options), WORDS), (StandardScaler(), NUMBERS)
    )


FRAME = made()
MODELS = {
    "linear, sparse": make_pipeline(encoded(), LogisticRegression(max_iter=500)).fit(FRAME, target(FRAME)),
    "linear, dense": make_pipeline(encoded(sparse_output=False, drop="first"), LogisticRegression(max_iter=500)).fit(
        FRAME, target(FRAME)
    ),
    "boosting": make_pipeline(
        make_column_transformer((OrdinalEncoder(), WORDS), remainder="passthrough"),
        GradientBoostingClassifier(n_estimators=15, random_state=0),
    ).fit(FRAME, target(FRAME)),
    "three classes": make_pipeline(encoded(), RandomForestClassifier(20, random_state=0)).fit(
        FRAME, target(FRAME, classes=3)
    ),
    "regression": make_pipeline(encoded(), GradientBoostingRegressor(n_estimators=20, random_state=0)).fit(
        FRAME, FRAME["income"] + FRAME["age"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("centred", [False, True])
def test_curves_and_single_rows_are_scikit_learns(name, centred):
    model = MODELS[name]
    found = rai.whatif.partial_dependence(model, FRAME, grid=7, ice=list(range(ROWS)), centred=centred)
    assert set(found.features) == {*WORDS, *NUMBERS}
    for feature in found.features:
        own = found.where(feature=feature)
        values = np.array(own[0].points, dtype=object if feature in WORDS else float)
        other = theirs(
            model, FRAME, [feature], custom_values={feature: values}, method="brute", kind="both",
            categorical_features=WORDS,
        )  # fmt: skip
        average, single = other["average"], other["individual"]
        if centred:
            average = average - average[:, :1]
            single = single - single[:, :, :1]
        assert len(own) == len(average)
        for effect, mean, rows in zip(own, average, single, strict=True):
            np.testing.assert_allclose(effect.mean, mean, rtol=0, atol=1e-12)
            np.testing.assert_allclose(effect.ice, rows, rtol=0, atol=1e-12)


def test_the_band_is_the_t_interval_of_the_rows_scores():
    from scipy.stats import ttest_1samp

    (found,) = rai.whatif.partial_dependence(
        MODELS["regression"], FRAME, features="age", grid=5, ice=list(range(ROWS)), level=0.9
    )
    for place in range(5):
        exact = ttest_1samp(found.ice[:, place], 0).confidence_interval(0.9)
        assert (found.low[place], found.high[place]) == pytest.approx((exact.low, exact.high), rel=1e-9)


def score(model, frame):
    return model.predict_proba(frame)[:, 1]


def test_two_features_together_are_scikit_learns():
    model = MODELS["boosting"]
    (found,) = rai.whatif.interaction(model, FRAME, features=("age", "job"), grid=5)
    ages, jobs = found.points
    other = theirs(
        model, FRAME, ["age", "job"], method="brute", categorical_features=WORDS,
        custom_values={"age": np.array(ages), "job": np.array(jobs, dtype=object)},
    )  # fmt: skip
    np.testing.assert_allclose(found.mean, other["average"][0], rtol=0, atol=1e-12)


def test_the_strength_is_friedman_and_popescus_over_the_rows():
    """On a grid of every value the nearest point is the row's own, so that the sum is over the rows."""
    frame = FRAME.head(30)
    model = MODELS["linear, dense"]
    (found,) = rai.whatif.interaction(model, frame, features=("years", "job"), grid_kind="every")

    def mean_at(**values):
        return score(model, frame.assign(**values)).mean()

    pairs = list(zip(frame["years"], frame["job"], strict=True))
    both = np.array([mean_at(years=a, job=b) for a, b in pairs])
    first = np.array([mean_at(years=a) for a, _ in pairs])
    second = np.array([mean_at(job=b) for _, b in pairs])
    both, first, second = (part - part.mean() for part in (both, first, second))
    assert found.strength == pytest.approx(
        np.sqrt(((both - first - second) ** 2).sum() / (both**2).sum()), rel=1e-9
    )


@pytest.mark.parametrize("name", ["linear, sparse", "boosting"])
@pytest.mark.parametrize("feature", NUMBERS)
def test_local_effects_of_numbers_are_what_a_loop_gives(name, feature):
    model = MODELS[name]
    (found,) = rai.whatif.accumulated_local_effects(model, FRAME, features=feature, bins=6)
    edges, values = np.array(found.points, dtype=float), FRAME[feature].to_numpy()
    steps, counts = [], []
    for low, high in pairwise(edges):
        inside = (values > low) & (values <= high)
        inside |= (values == low) & (low == edges[0])
        part = FRAME[inside]
        steps.append(
            (
                score(model, part.assign(**{feature: high}))
                - score(model, part.assign(**{feature: low}))
            ).mean()
        )
        counts.append(inside.sum())
    assert sum(counts) == ROWS
    curve = np.concatenate([[0], np.cumsum(steps)])
    centre = (np.array(counts) * (curve[:-1] + curve[1:]) / 2).sum() / ROWS
    np.testing.assert_allclose(found.mean, curve - centre, rtol=0, atol=1e-12)


def test_local_effects_of_categories_are_what_a_loop_gives():
    model = MODELS["boosting"]
    (found,) = rai.whatif.accumulated_local_effects(model, FRAME, features="job")
    order = list(found.points)
    place = FRAME["job"].map(order.index)
    steps = []
    for step in range(len(order) - 1):
        moved = []
        for at in (step, step + 1):
            part = FRAME[place == at]
            moved += list(
                score(model, part.assign(job=order[step + 1]))
                - score(model, part.assign(job=order[step]))
            )
        steps.append(np.mean(moved))
    curve = np.concatenate([[0], np.cumsum(steps)])
    share = np.bincount(place, minlength=len(order)) / ROWS
    np.testing.assert_allclose(found.mean, curve - share @ curve, rtol=0, atol=1e-12)
