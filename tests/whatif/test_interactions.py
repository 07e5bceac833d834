"""Two features together."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rai
from rai.ground.errors import ArgumentError
from rai.whatif import interaction

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({
    "a": RNG.normal(size=200).round(1), "b": RNG.normal(size=200).round(1),
    "c": RNG.choice(["x", "y", "z"], 200),
})  # fmt: skip


def value(function):
    return rai.load_model(function, task="regression", features=["a", "b", "c"])


@settings(max_examples=25)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.1, 3))
def test_effects_that_add_up_have_no_strength(slope, bend, scale):
    model = value(lambda f: slope * f["a"] + bend * f["b"] ** 2 + scale * (f["c"] == "x"))
    for features in (("a", "b"), ("b", "c")):
        (found,) = interaction(model, FRAME, features=features, grid=4)
        assert found.strength is None or found.strength < 1e-6
        assert found.size < 1e-9


def test_a_product_of_centred_factors_is_nothing_else():
    model = value(lambda f: np.sign(f["a"]) * np.sign(f["b"]))
    rows = pd.DataFrame({"a": [-1.0, -1, 1, 1], "b": [-1.0, 1, -1, 1], "c": ["x"] * 4})
    (found,) = interaction(model, rows, features=("a", "b"))
    assert found.strength == pytest.approx(1)
    assert found.size == pytest.approx(1)
    assert found.mean.tolist() == [[1, -1], [-1, 1]]
    assert found.share.tolist() == [[0.25, 0.25], [0.25, 0.25]]


def test_features_that_do_nothing_have_no_strength_and_say_why():
    (found,) = interaction(value(lambda f: np.full(len(f), 0.3)), FRAME, features=("a", "c"))
    assert (found.strength, found.size) == (None, 0.0)
    assert found.note == "undefined: the score depends on neither feature"


def test_shares_are_those_of_the_rows():
    (found,) = interaction(value(lambda f: f["a"]), FRAME, features=("c", "b"), grid=3)
    assert found.share.sum() == pytest.approx(1)
    sizes = [(FRAME["c"] == word).mean() for word in found.points[0]]
    assert found.share.sum(axis=1).tolist() == pytest.approx(sizes)


def test_models_and_classes_side_by_side():
    three = rai.load_model(
        lambda f: np.column_stack([(f["c"] == word) * 0.6 + 0.4 / 3 for word in "xyz"]) * 1.0
        + np.where((f["c"] != "x") & (f["c"] != "y") & (f["c"] != "z"), 0.2, 0.0)[:, None],
        classes=["x", "y", "z"], features=["a", "c"],
    )  # fmt: skip
    found = interaction({"one": three, "two": three}, FRAME, features=("a", "c"), grid=3)
    assert [(each.model, each.label) for each in found] == [
        (model, label) for model in ("one", "two") for label in "xyz"
    ]
    assert len(found.where(model="two", label="y")) == 1
    rows = found.to_dicts()
    assert len(rows) == 6 * 9
    json.dumps(rows, allow_nan=False)


def test_progress_is_told():
    seen = []
    interaction(
        value(lambda f: f["a"]),
        FRAME,
        features=("a", "c"),
        grid=2,
        progress=lambda *told: seen.append(told),
    )
    assert seen == [(600, 1200), (1200, 1200)]


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (("a",), "features: 'a'; expected two columns."),
        (("a", "a"), "features: 'a', 'a'; expected two columns."),
        ((), "features: none; expected two columns."),
        (("a", "z"), "features: 'z'; expected one that the model reads: 'a', 'b', 'c'."),
    ],
)
def test_refusals(features, message):
    with pytest.raises(ArgumentError) as caught:
        interaction(value(lambda f: f["a"]), FRAME, features=features)
    assert str(caught.value) == message
