"""Histograms of features: heights as NumPy counts them, names of categories, what is missing."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import rai
from rai.ground.errors import ArgumentError


@pytest.fixture(scope="module")
def both():
    rng = np.random.default_rng(7)
    train = {"age": rng.normal(40, 9, 400).round(1), "job": rng.choice(["a", "b", "c"], 400)}
    gone = {
        "age": np.append(rng.normal(50, 9, 90).round(1), [np.nan] * 10),
        "job": ["a"] * 60 + ["b"] * 40,
    }
    return rai.profile({"train": train, "test": gone}), (train, gone)


def test_heights_are_shares_of_all_rows(both):
    profile, frames = both
    ax = rai.plots.histogram(profile, feature="age")
    for steps, frame in zip(ax.patches, frames, strict=True):
        values, edges, _ = steps.get_data()
        counts, _ = np.histogram(frame["age"][~np.isnan(frame["age"])], edges)
        assert values == pytest.approx(counts / len(frame["age"]))
    assert ax.get_xlabel() == "missing: train 0%, test 10%"


def test_each_category_has_a_bar_for_each_data_set(both):
    profile, frames = both
    ax = rai.plots.histogram(profile, feature="job")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    widths = [bar.get_width() for bar in ax.patches if isinstance(bar, Rectangle)]
    shares = [list(frame["job"]).count(name) / len(frame["job"]) for frame in frames for name in "abc"]
    assert widths == pytest.approx(shares)


def test_the_missing_have_a_bar_and_others_are_counted():
    profile = rai.profile({"job": [f"job {k}" for k in range(14)] + [None] * 6})
    ax = rai.plots.histogram(profile)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[-2:] == ["other (4 values)", "(missing)"]
    assert [bar.get_width() for bar in ax.patches][-2:] == [0.2, 0.3]


def test_bins_are_those_of_the_profile(both):
    ax = rai.plots.histogram(both[0], feature="age", bins=[30, 40, 50])
    assert ax.patches[0].get_data().edges[1:-1].tolist() == [30, 40, 50]


def test_which_feature_must_be_said(both):
    with pytest.raises(ArgumentError) as error:
        rai.plots.histogram(both[0])
    assert str(error.value) == "plots.histogram: no feature; expected one of 'age', 'job'."
    with pytest.raises(ArgumentError) as error:
        rai.plots.histogram(both[0], feature="aeg")
    assert str(error.value) == ("feature: 'aeg'; expected one of 'age', 'job'. Did you mean 'age'?")


def test_dates_and_infinities_can_be_drawn():
    days = np.datetime64("2020-01-01") + np.arange(800)
    ax = rai.plots.histogram(rai.profile({"day": days}))
    assert ax.get_xticklabels()[0].get_text() == "2020-01-01"
    ax = rai.plots.histogram(rai.profile({"x": np.array([*range(40), np.inf, -np.inf])}))
    ax.get_figure().canvas.draw()
    assert ax.patches[0].get_data().values.sum() == pytest.approx(1)


def test_small_multiples_show_the_first_features_and_count_the_others():
    profile = rai.profile({f"feature {k}": [k, k + 1, k + 2] for k in range(30)})
    ax = rai.plots.profile(profile)
    assert len(ax.child_axes) == 24
    legend = ax.child_axes[2].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["6 more features\nnot drawn"]


def test_no_features_is_an_error():
    with pytest.raises(ArgumentError) as error:
        rai.plots.profile(rai.profile({"age": [1]}).select([]))
    assert str(error.value) == "plots.profile: no features; expected at least one."
