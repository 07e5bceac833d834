"""Which number of a row is taken apart, and what a label makes of it."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss, zero_one_loss

import rai
from rai import ArgumentError, DataError
from rai.engines.frames import open_rows
from rai.explainers.losses import Labels, loss_of
from rai.explainers.spaces import own_space, space_of

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2))
ROWS = open_rows({"a": X[:, 0], "b": X[:, 1]})
TWO = np.where(X[:, 0] + RNG.normal(size=60) > 0, "yes", "no")
THREE = np.array(["r", "s", "t"])[np.digitize(X[:, 1], [-0.5, 0.5])]
BINARY = rai.load_model(LogisticRegression().fit(X, TWO), features=["a", "b"])
FLIPPED = rai.load_model(LogisticRegression().fit(X, TWO), features=["a", "b"], positive_label="no")
SEVERAL = rai.load_model(LogisticRegression().fit(X, THREE), features=["a", "b"])
VALUES = rai.load_model(LinearRegression().fit(X, X[:, 0]), features=["a", "b"])
EVERY = np.arange(60)


def test_two_classes_have_the_positive_one_s_number():
    p = BINARY.scores(ROWS)
    numbers = {name: space_of(name, BINARY).scores(ROWS)[:, 0] for name in ("margin", "probability")}
    np.testing.assert_allclose(numbers["probability"], p)
    np.testing.assert_allclose(1 / (1 + np.exp(-numbers["margin"])), p)
    assert space_of("margin", BINARY).outputs == ("yes",)
    turned = space_of("margin", FLIPPED)
    assert turned.outputs == ("no",)
    np.testing.assert_allclose(turned.scores(ROWS)[:, 0], -numbers["margin"])


@pytest.mark.parametrize(("threshold", "cut"), [(None, 0.5), (0.3, 0.3)])
def test_a_decision_is_1_from_the_threshold_on(threshold, cut):
    found = space_of("decision", BINARY, threshold=threshold).scores(ROWS)[:, 0]
    np.testing.assert_array_equal(found, (BINARY.scores(ROWS) >= cut).astype(float))


def test_several_classes_have_a_number_each():
    assert space_of("probability", SEVERAL).outputs == ("r", "s", "t")
    np.testing.assert_array_equal(space_of("probability", SEVERAL).scores(ROWS), SEVERAL.scores(ROWS))
    decided = space_of("decision", SEVERAL).scores(ROWS)
    np.testing.assert_array_equal(decided.argmax(axis=1), SEVERAL.scores(ROWS).argmax(axis=1))
    assert (decided.sum(axis=1) == 1).all()


def test_a_regression_has_its_value():
    assert own_space(VALUES) == "prediction"
    np.testing.assert_array_equal(space_of("prediction", VALUES).scores(ROWS)[:, 0], VALUES.scores(ROWS))


@pytest.mark.parametrize("model", [BINARY, FLIPPED, SEVERAL], ids=["two", "flipped", "three"])
def test_losses_are_those_of_scikit_learn(model):
    y = THREE if model is SEVERAL else TWO
    scores = model.scores(ROWS)
    proba = scores if scores.ndim == 2 else np.column_stack([1 - scores, scores])
    order = np.argsort(model.classes)
    found = loss_of(model, Labels(y_true=y))(scores, EVERY)
    assert found.mean() == pytest.approx(log_loss(y, proba[:, order]))
    wrong = loss_of(model, Labels(y_true=y, loss="zero_one"))(scores, EVERY)
    decided = np.array(model.classes)[
        (proba[:, 1] >= 0.5).astype(int) if scores.ndim == 1 else proba.argmax(axis=1)
    ]
    assert wrong.mean() == pytest.approx(zero_one_loss(y, decided))
    squares = loss_of(model, Labels(y_true=y, loss="squared_error"))(scores, EVERY)
    truth = (y[:, None] == np.array(model.classes)).astype(float)
    by_hand = ((truth - proba) ** 2).sum(axis=1) / (1 if model is SEVERAL else 2)
    np.testing.assert_allclose(squares, by_hand)


def test_losses_of_a_regression():
    y = X[:, 1]
    scores = VALUES.scores(ROWS)
    np.testing.assert_allclose(loss_of(VALUES, Labels(y_true=y))(scores, EVERY), (y - scores) ** 2)
    absolute = loss_of(VALUES, Labels(y_true=y, loss="absolute_error"))
    np.testing.assert_allclose(
        absolute(scores[:3], np.array([5, 0, 5])), np.abs(y[[5, 0, 5]] - scores[:3])
    )


def test_a_label_that_was_sure_to_be_wrong_has_a_finite_loss():
    model = rai.load_model(lambda frame: frame["p"])
    found = loss_of(model, Labels(y_true=[1, 0]))(np.array([0.0, 1.0]), np.array([0, 1]))
    np.testing.assert_allclose(found, -np.log(np.finfo(float).eps))


@pytest.mark.parametrize(
    ("model", "name", "options", "said"),
    [
        (
            VALUES,
            "probability",
            {},
            "space: 'probability' of a regression; expected a model that gives probabilities. Pass space=\"prediction\".",
        ),
        (VALUES, "decision", {}, "space: 'decision' of a regression; expected a model with classes."),
        (VALUES, "margin", {}, "space: 'margin' of a scikit-learn; expected a model with margins"),
        (BINARY, "prediction", {}, "space: 'prediction' of a classifier; expected a regression."),
        (BINARY, "loss", {}, "space: 'loss' without labels; expected y_true=."),
        (
            BINARY,
            "margin",
            {"threshold": 0.5},
            "threshold: 0.5 in the space of 'margin'; expected none.",
        ),
        (
            SEVERAL,
            "decision",
            {"threshold": 0.5},
            "threshold: a threshold for a multiclass model; expected none.",
        ),
        (BINARY, "decision", {"threshold": float("nan")}, "threshold: nan; expected a finite number."),
        (BINARY, "margins", {}, "space: 'margins'; expected one of 'margin'"),
        (
            BINARY,
            "margin",
            {"labels": Labels(y_true=TWO)},
            "y_true: labels in the space of 'margin'; expected none.",
        ),
    ],
)
def test_a_space_that_a_model_does_not_have_is_told(model, name, options, said):
    with pytest.raises(ArgumentError) as error:
        space_of(name, model, **options)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    ("model", "labels", "kind", "said"),
    [
        (
            BINARY,
            Labels(y_true=["yes"] * 59 + [None]),
            DataError,
            "y_true: a missing label; expected one of 'no', 'yes'. Leave out",
        ),
        (
            BINARY,
            Labels(y_true=["yes"] * 59 + ["perhaps"]),
            DataError,
            "y_true: 'perhaps'; expected one of 'no', 'yes'.",
        ),
        (BINARY, Labels(y_true=[0.5] * 60), DataError, "y_true: 0.5; expected one of 'no', 'yes'."),
        (
            BINARY,
            Labels(y_true=TWO, loss="absolute_error"),
            ArgumentError,
            "loss: 'absolute_error'; expected one of 'log_loss'",
        ),
        (
            BINARY,
            Labels(y_true=TWO, threshold=0.3),
            ArgumentError,
            "threshold: one for 'log_loss'; expected none.",
        ),
        (
            VALUES,
            Labels(y_true=["a"] * 60),
            DataError,
            "y_true: labels that are no numbers; expected numbers.",
        ),
        (
            VALUES,
            Labels(y_true=[np.nan] * 60),
            DataError,
            "y_true: a missing or infinite label; expected finite numbers.",
        ),
        (
            rai.load_model(lambda f: f["a"], probabilities=False),
            Labels(y_true=[0, 1] * 30),
            ArgumentError,
            "loss: 'log_loss' of margins; expected a model that gives probabilities.",
        ),
    ],
)
def test_labels_that_can_t_be_used_are_told(model, labels, kind, said):
    with pytest.raises(kind) as error:
        loss_of(model, labels)
    assert str(error.value).startswith(said)


def test_as_many_labels_as_rows():
    with pytest.raises(DataError, match="y_true: 3 labels for 60 rows; expected one for each row"):
        loss_of(BINARY, Labels(y_true=["yes"] * 3), rows=60)
