"""Dependence: dots lie at value and attribution; categories are strips in the order of their means."""

from dataclasses import replace

import numpy as np
import pytest

import rai
from rai.explainers.summaries import dependence
from rai.ground.errors import ArgumentError


def quantity(model):
    return rai.load_model(model, task="regression")


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(1)
    job = rng.choice(["clerk", "driver", "nurse"], 120, p=(0.6, 0.3, 0.1))
    rows = {"age": rng.uniform(20, 60, 120), "job": job, "sex": rng.choice(["F", "M"], 120)}
    lift = {"clerk": 0.5, "driver": -1.0, "nurse": 2.0}

    def model(frame):
        return np.asarray(frame["age"]) / 10 + np.array([lift[each] for each in frame["job"]])

    return rai.explain(quantity(model), rows)


def test_numbers_are_a_cloud(found):
    held = dependence(found, "age", by="sex")
    (cloud,) = rai.plots.attribution_dependence(held).collections
    points = np.asarray(cloud.get_offsets())
    assert points[:, 0] == pytest.approx(found.held.numbers("age"))
    assert points[:, 1] == pytest.approx(found.values[:, 0, 0])


def test_groups_have_their_colours_and_counts(found):
    held = dependence(found, "age", by="sex")
    ax = rai.plots.attribution_dependence(held)
    counts = np.bincount(held.place)
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert told == [f"F\nn = {counts[0]}", f"M\nn = {counts[1]}"]
    colours = ax.collections[0].get_facecolors()
    assert len(np.unique(colours[held.place == 0], axis=0)) == 1
    assert (colours[held.place == 0][0] != colours[held.place == 1][0]).any()


def test_categories_are_strips_in_the_order_of_their_means(found):
    held = dependence(found, "job")
    ax = rai.plots.attribution_dependence(held)
    named = [label.get_text().split("\n")[0] for label in ax.get_xticklabels()]
    assert named == ["driver", "clerk", "nurse"]
    means = [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() == 1.8]
    job = np.asarray(found.held.column("job").to_list())
    expected = [found.values[job == name, 1, 0].mean() for name in named]
    assert means == pytest.approx(expected)


def test_of_many_categories_the_most_frequent_are_drawn():
    rows = {"a": [f"c{i:02}" for i in range(15) for _ in range(i + 1)]}
    held = dependence(rai.explain(quantity(lambda f: np.array([int(c[1:]) for c in f["a"]])), rows), "a")
    ax = rai.plots.attribution_dependence(held)
    assert [label.get_text().split("\n")[0] for label in ax.get_xticklabels()] == [
        f"c{i:02}" for i in range(3, 15)
    ]
    assert ax.get_xlabel() == "a, a dot for each of 114 rows; 3 rarer values not drawn"


def test_missing_numbers_stand_beside_the_scale():
    rows = {"a": [1.0, 2.0, float("nan")], "b": [1.0, 2.0, 3.0]}
    held = dependence(rai.explain(quantity(lambda f: np.nan_to_num(f["a"]) + f["b"]), rows), "a")
    ax = rai.plots.attribution_dependence(held)
    places = np.asarray(ax.collections[0].get_offsets())[:, 0]
    assert places[2] > 2
    assert "missing" in [text.get_text() for text in ax.texts]


def test_no_rows_are_an_error(found):
    held = dependence(found, "age")
    none = replace(held, attribution=held.attribution[:0], place=held.place[:0])
    with pytest.raises(ArgumentError) as error:
        rai.plots.attribution_dependence(none)
    assert str(error.value) == "plots.attribution_dependence: no rows; expected at least one."
