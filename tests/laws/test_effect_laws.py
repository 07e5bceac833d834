"""What must hold of effects, whatever the rows and the model."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rai
from rai.whatif import accumulated_local_effects, partial_dependence

ROWS = st.integers(3, 30).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, n, elements=st.integers(-5, 5).map(float)),
        arrays(np.float64, n, elements=st.integers(-5, 5).map(float)),
        st.lists(st.sampled_from("abc"), min_size=n, max_size=n),
    )
)
EFFECT = {"a": 0.3, "b": -0.2, "c": 1.0}


def frame_of(rows):
    x, y, word = rows
    return pd.DataFrame({"x": x, "y": y, "word": word})


def model_of(function):
    return rai.load_model(function, task="regression", features=["x", "y", "word"])


def added(frame):
    return np.sin(frame["x"]) + 0.1 * frame["y"] ** 2 + frame["word"].map(EFFECT).astype(float)


def tangled(frame):
    return np.sin(frame["x"] * frame["y"]) + (frame["word"] == "a") * frame["x"]


@settings(max_examples=40)
@given(ROWS)
def test_where_effects_add_up_both_kinds_are_the_effect_itself(rows):
    frame = frame_of(rows)
    for ask in (partial_dependence, accumulated_local_effects):
        found = ask(model_of(added), frame)
        for name, own in (("x", np.sin), ("y", lambda y: 0.1 * y**2)):
            (effect,) = found.where(feature=name)
            wanted = own(effect.scale)
            np.testing.assert_allclose(effect.mean - effect.mean[0], wanted - wanted[0], atol=1e-12)
        (words,) = found.where(feature="word")
        wanted = np.array([EFFECT[word] for word in words.points])
        np.testing.assert_allclose(words.mean - words.mean[0], wanted - wanted[0], atol=1e-12)


@settings(max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    frame = frame_of(rows)
    order = list(range(len(frame)))
    random.shuffle(order)
    for ask in (partial_dependence, accumulated_local_effects):
        one, other = (ask(model_of(tangled), each) for each in (frame, frame.iloc[order]))
        for name in ("x", "y"):
            (first,), (second,) = one.where(feature=name), other.where(feature=name)
            assert first.points == second.points
            np.testing.assert_allclose(first.mean, second.mean, atol=1e-12)
            np.testing.assert_allclose(first.low, second.low, atol=1e-9)


@settings(max_examples=30)
@given(ROWS)
def test_groups_average_to_everyone(rows):
    frame = frame_of(rows)
    whole = partial_dependence(model_of(tangled), frame, features="x")[0]
    parts = partial_dependence(model_of(tangled), frame, features="x", by="word")
    mean = sum(part.n * part.mean for part in parts) / len(frame)
    np.testing.assert_allclose(mean, whole.mean, atol=1e-12)
    share = sum(part.n * part.share for part in parts) / len(frame)
    np.testing.assert_allclose(share, whole.share, atol=1e-12)
    assert whole.share.sum() == 1 or abs(whole.share.sum() - 1) < 1e-12


@settings(max_examples=30)
@given(ROWS)
def test_local_effects_average_to_nothing(rows):
    for effect in accumulated_local_effects(model_of(tangled), frame_of(rows)):
        assert abs(effect.share @ effect.mean) < 1e-12
        assert abs(effect.share.sum() - 1) < 1e-12
