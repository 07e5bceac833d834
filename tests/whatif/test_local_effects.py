"""Accumulated local effects: closed forms, bands, bins, and the order of categories."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError
from rai.whatif import accumulated_local_effects as ale
from rai.whatif.accumulation import Steps, accumulated
from rai.whatif.category_order import order_of_categories

RNG = np.random.default_rng(0)
N = 400


def value(function, *features):
    return rai.load_model(function, task="regression", features=list(features))


def together(n=N):
    """Two numbers that hang together, and a third that doesn't."""
    a = RNG.normal(0, 1, n)
    return pd.DataFrame({"a": a, "b": a + RNG.normal(0, 0.2, n), "c": RNG.normal(0, 1, n)})


FRAME = together()


def test_a_linear_model_has_its_own_slope_whatever_hangs_together():
    model = value(lambda f: 2 * f["a"] - 3 * f["b"], "a", "b")
    for feature, slope in (("a", 2), ("b", -3)):
        (found,) = ale(model, FRAME, features=feature, bins=10)
        np.testing.assert_allclose(np.diff(found.mean), slope * np.diff(found.scale), atol=1e-12)
        assert found.share @ found.mean == pytest.approx(0, abs=1e-12)
        np.testing.assert_allclose(found.low, found.mean, atol=1e-12)


def test_a_product_has_the_mean_of_the_other_factor_in_each_bin():
    model = value(lambda f: f["a"] * f["b"], "a", "b")
    (found,) = ale(model, FRAME, features="a", bins=8)
    edges, a, b = found.scale, FRAME["a"].to_numpy(), FRAME["b"].to_numpy()
    for k in range(8):
        inside = (a > edges[k]) & (a <= edges[k + 1]) | ((a == edges[0]) & (k == 0))
        step = (edges[k + 1] - edges[k]) * b[inside].mean()
        assert found.mean[k + 1] - found.mean[k] == pytest.approx(step, abs=1e-12)


def test_it_does_not_ask_about_rows_that_do_not_occur():
    """A model that goes wild where the two numbers part: partial dependence sees it, this doesn't."""
    wild = value(lambda f: f["a"] + 100 * (abs(f["a"] - f["b"]) > 1), "a", "b")
    a = np.linspace(-2, 2, 200)
    frame = pd.DataFrame({"a": a, "b": a + np.tile([-0.3, 0.3], 100)})
    (local,) = ale(wild, frame, features="a")
    (partial,) = rai.whatif.partial_dependence(wild, frame, features="a")
    assert np.ptp(local.mean) == pytest.approx(4)
    assert partial.mean.min() > 40


def test_each_row_is_asked_about_twice():
    sizes = []

    def counting(frame):
        sizes.append(len(frame))
        return frame["a"] + frame["c"]

    ale(value(counting, "a", "c"), FRAME, y_score=np.zeros(N))
    assert sizes == [2 * N, 2 * N]


def test_the_band_is_the_spread_over_draws_of_rows():
    """Within given bins, which is what it takes as given."""
    rng = np.random.default_rng(5)
    step = np.repeat(np.arange(5), 40)
    spread = np.array([0.5, 1.0, 2.0, 1.0, 0.5])
    weight = np.array([0.1, 0.2, 0.2, 0.2, 0.2, 0.1])
    steps = Steps(step=step, row=np.arange(200), size=5, weight=weight)
    drawn, widths, hits = [], [], 0
    for _ in range(600):
        difference = 1 + spread[step] * rng.normal(size=200)
        mean, low, high = accumulated(steps, difference, level=0.95)
        drawn.append(mean)
        widths.append(high - low)
        truth = np.arange(6) - weight @ np.arange(6)
        hits += (low <= truth) & (truth <= high)
    assert np.mean(widths, axis=0) / 2 / 1.97 == pytest.approx(np.std(drawn, axis=0), rel=0.1)
    assert (hits / 600 > 0.925).all()


def test_rows_that_lend_to_two_steps_are_counted_once():
    """Each of many rows lends to both steps, with errors that go together or cancel."""
    rng = np.random.default_rng(6)
    for sign in (1, -1):
        steps = Steps(
            step=np.repeat([0, 1], 100),
            row=np.tile(np.arange(100), 2),
            size=2,
            weight=np.array([1.0, 0, 0]),
        )
        drawn, widths = [], []
        for _ in range(400):
            error = rng.normal(size=100)
            mean, low, high = accumulated(steps, 1 + np.concatenate([error, sign * error]), level=0.95)
            drawn.append(mean[2])
            widths.append(high[2] - low[2])
        wanted = 2 / np.sqrt(100) if sign > 0 else 0
        assert np.std(drawn) == pytest.approx(wanted, abs=0.02)
        assert np.mean(widths) / 2 / 1.97 == pytest.approx(wanted, abs=0.01)


def test_a_step_with_one_row_borrows_the_others_spread():
    steps = Steps(
        step=np.array([0, 0, 0, 1]), row=np.arange(4), size=2, weight=np.array([0.5, 0.25, 0.25])
    )
    _, low, high = accumulated(steps, np.array([1.0, 2.0, 3.0, 5.0]), level=0.95)
    assert (high > low).all()
    alone = Steps(step=np.array([0]), row=np.arange(1), size=1, weight=np.array([0.5, 0.5]))
    assert np.isnan(accumulated(alone, np.array([1.0]), level=0.95)[1]).all()


def test_bins_with_few_rows_and_rows_without_a_value_are_said():
    frame = pd.DataFrame({"a": [np.nan, np.nan, *np.repeat(np.arange(4.0), 12), 99.0]})
    (found,) = ale(value(lambda f: f["a"].fillna(0), "a"), frame)
    assert found.note == "2 rows without a value left out; 1 step of 4 with fewer than 10 rows"
    assert found.points == (0.0, 1.0, 2.0, 3.0, 99.0)
    assert found.n == 51


def test_one_value_has_no_effect():
    frame = pd.DataFrame({"a": [3, 3, 3], "word": ["x", "x", "x"], "gap": [np.nan] * 3})
    found = ale(value(lambda f: f["a"] * 1.0, "a", "word", "gap"), frame)
    for name, points, note in (
        ("a", (3,), "one value only"), ("word", ("x",), "one value only"),
        ("gap", (), "3 rows without a value left out; no values"),
    ):  # fmt: skip
        (effect,) = found.where(feature=name)
        assert (effect.points, effect.note) == (points, note)
        assert effect.mean.tolist() == [0.0] * len(points)


def test_groups_have_bins_of_their_own():
    frame = pd.DataFrame({"a": [*range(10), *range(100, 110)], "g": ["x"] * 10 + ["y"] * 10})
    found = ale(value(lambda f: f["a"] * 1.0, "a"), frame, by="g", bins=3)
    assert [(effect.points[0], effect.points[-1]) for effect in found] == [(0, 9), (100, 109)]
    assert [effect.n for effect in found] == [10, 10]


@pytest.mark.parametrize("polars", [False, True])
def test_whole_numbers_words_and_dates(polars):
    frame = pd.DataFrame({
        "k": np.arange(60) % 7, "word": ["a", "b", "c"] * 20, "flag": [True, False] * 30,
        "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(60) % 9, unit="D"),
    })  # fmt: skip
    seen = []

    def keep(rows):
        seen.append({name: str(rows[name].dtype) for name in rows.columns})
        return np.asarray(rows["k"], dtype=float)

    rows = pl.from_pandas(frame) if polars else frame
    found = ale(value(keep, "k", "word", "flag", "day"), rows, bins=4)
    assert all(kinds == seen[0] for kinds in seen)
    assert found.where(feature="flag")[0].points == (False, True)
    assert found.where(feature="k")[0].mean[-1] - found.where(feature="k")[0].mean[0] == pytest.approx(6)
    assert found.where(feature="day")[0].range == 0


def test_several_classes_and_several_models():
    three = rai.load_model(
        lambda f: np.column_stack([f["p"], (1 - f["p"]) / 2, (1 - f["p"]) / 2]),
        classes=["x", "y", "z"], features=["p"],
    )  # fmt: skip
    frame = pd.DataFrame({"p": np.linspace(0, 1, 21)})
    found = ale({"one": three, "two": three}, frame, bins=4)
    assert [(effect.model, effect.label) for effect in found] == [
        (model, label) for model in ("one", "two") for label in "xyz"
    ]
    assert sum(effect.mean for effect in found.where(model="one")) == pytest.approx(0, abs=1e-12)


def test_refusals():
    with pytest.raises(ArgumentError) as caught:
        ale(value(lambda f: f["a"], "a"), FRAME, features="z")
    assert str(caught.value) == "features: 'z'; expected one that the model reads: 'a'."
    with pytest.raises(ArgumentError, match="bins: 0; expected a whole number of at least 1"):
        ale(value(lambda f: f["a"], "a"), FRAME, bins=0)
    with pytest.raises(ArgumentError, match="accumulated_local_effects: a column of predictions"):
        ale(rai.load_model(column="a", task="regression"), FRAME)


# The order of categories ----------------------------------------------------------------------------


def test_likeness_orders_categories_along_what_they_differ_in():
    rng = np.random.default_rng(1)
    place = rng.integers(0, 5, 2000)
    centre = np.array([30, 10, 50, 20, 40])[place]
    frame = pd.DataFrame({
        "number": centre + rng.normal(0, 15, 2000),
        "word": np.where(rng.random(2000) < centre / 60, "much", "little"),
    })  # fmt: skip
    rows = open_rows(frame)
    for others in (("number",), ("word",), ("number", "word")):
        order = order_of_categories(rows, place, categories=5, others=others).tolist()
        assert order in ([1, 3, 0, 4, 2], [2, 4, 0, 3, 1])
    assert order_of_categories(rows, place, categories=5, others=()).tolist() == [0, 1, 2, 3, 4]


def test_categories_are_moved_to_neighbours_only():
    """Young, middling and old jobs: nobody young is made a judge."""
    rng = np.random.default_rng(2)
    job = rng.choice(["judge", "pupil", "clerk"], 600)
    age = np.select([job == "judge", job == "pupil"], [60, 15], 38) + rng.normal(0, 14, 600)
    asked = set()

    def keep(rows):
        if len(rows) > 600:
            asked.update(zip(np.repeat(["x"], len(rows)), rows["job"], strict=True))
        return np.where(rows["job"] == "judge", 1.0, np.where(rows["job"] == "clerk", 0.4, 0.0))

    (found,) = ale(value(keep, "job", "age"), pd.DataFrame({"job": job, "age": age}), features="job")
    assert found.points in (("pupil", "clerk", "judge"), ("judge", "clerk", "pupil"))
    height = dict(zip(found.points, found.mean, strict=True))
    assert height["judge"] - height["pupil"] == pytest.approx(1.0)
    assert height["clerk"] - height["pupil"] == pytest.approx(0.4)
    assert asked


def test_missing_categories_are_one_of_them():
    frame = pd.DataFrame({"word": ["a", "a", "b", None, None, "b"], "k": [1.0, 2, 3, 4, 5, 6]})
    model = value(lambda f: f["word"].isna() * 2.0 + f["k"] * 0, "word", "k")
    (found,) = ale(model, frame, features="word")
    assert set(found.points) == {"a", "b", None}
    height = dict(zip(found.points, found.mean, strict=True))
    assert height[None] - height["a"] == pytest.approx(2)
