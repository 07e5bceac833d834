"""Strips: every row is a dot at its attribution; the same dots each time, and others are summed."""

import numpy as np
import pytest

import rai
from rai.ground.colours import GREY, marks
from rai.ground.errors import ArgumentError, RoleError
from rai.plots.value_strips import MOST_LANES, offsets


def quantity(model):
    return rai.load_model(model, task="regression")


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(0)
    rows = {
        "age": rng.integers(20, 60, 90).astype(float),
        "pay": rng.normal(size=90),
        "job": rng.choice(["a", "b"], 90),
        "sex": rng.choice(["F", "M"], 90),
    }

    def model(frame):
        job = np.asarray(frame["job"]) == "a"
        sex = np.asarray(frame["sex"]) == "F"
        return 0.1 * np.asarray(frame["age"]) + 0.5 * np.asarray(frame["pay"]) + 0.3 * job + 0.01 * sex

    return rai.explain(quantity(model), rows)


def dots(ax):
    return [np.asarray(each.get_offsets()) for each in ax.collections]


def test_dots_are_attributions_the_largest_feature_first(found):
    ax = rai.plots.attribution_strip(found)
    sizes = abs(found.values[:, :, 0]).mean(axis=0)
    order = np.argsort(-sizes)
    assert [label.get_text() for label in ax.get_yticklabels()] == [found.names[i] for i in order]
    for row, (line, place) in enumerate(zip(dots(ax), order, strict=True)):
        assert line[:, 0] == pytest.approx(found.values[:, place, 0])
        assert abs(line[:, 1] - row).max() <= 0.36
    written = [text.get_text() for text in ax.texts]
    assert f"{sizes[order[0]]:#.3g}" in written


def test_the_others_are_summed_row_by_row(found):
    ax = rai.plots.attribution_strip(found, most=1)
    order = np.argsort(-abs(found.values[:, :, 0]).mean(axis=0))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["age", "and 3 others"]
    assert dots(ax)[1][:, 0] == pytest.approx(found.values[:, order[1:], 0].sum(axis=1))


def test_colours_run_from_low_to_high_and_categories_are_grey(found):
    from matplotlib.colors import to_hex

    ax = rai.plots.attribution_strip(found)
    age, job = ax.collections[0].get_facecolors(), ax.collections[2].get_facecolors()
    values = np.asarray(found.held.numbers("age"))
    red = age[:, 0]
    assert (
        np.argmin(red) in np.flatnonzero(values <= np.quantile(values, 0.05))
        or red[values.argmax()] != red[values.argmin()]
    )
    assert len({to_hex(colour) for colour in age}) > 10
    assert {to_hex(colour).upper() for colour in job} == {GREY[0]}


def test_groups_have_lanes_and_their_own_colours(found):
    from matplotlib.colors import to_hex

    ax = rai.plots.attribution_strip(found, by="sex", most=3)
    sex = np.asarray(found.held.column("sex").to_list())
    looks = marks(["F", "M"])
    first = ax.collections[:2]
    assert [to_hex(each.get_facecolors()[0]).upper() for each in first] == [
        looks["F"].colour(),
        looks["M"].colour(),
    ]
    female, male = (np.asarray(each.get_offsets()) for each in first)
    assert len(female) == (sex == "F").sum()
    assert female[:, 1].max() < male[:, 1].min()
    assert f"F\nn = {(sex == 'F').sum()}" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_of_many_groups_the_largest_are_drawn():
    names = [f"g{i:02}" for i in range(MOST_LANES + 2) for _ in range(2 + i)]
    found = rai.explain(quantity(lambda f: f["a"]), {"a": np.arange(len(names)) % 7, "g": names})
    ax = rai.plots.attribution_strip(found, by="g")
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(told) == MOST_LANES + 1
    assert not any(text.startswith(("g00", "g01")) for text in told)
    assert "2 smaller groups not drawn" in ax.get_xlabel()


def test_a_few_far_rows_stand_at_the_edge():
    values = np.concatenate([np.linspace(-1, 1, 500), [400.0]])
    found = rai.explain(quantity(lambda f: f["a"]), {"a": values}, background={"a": [0.0]})
    ax = rai.plots.attribution_strip(found)
    assert ax.get_xlim()[1] < 3
    assert "1 up to 400 ▸" in [text.get_text() for text in ax.texts]
    assert dots(ax)[0][:, 0].max() < 3


def test_many_rows_are_an_image():
    few, many = (
        rai.plots.attribution_strip(rai.explain(lambda f: f["a"], {"a": np.arange(n) / n})).collections[
            0
        ]
        for n in (500, 501)
    )
    assert (few.get_rasterized(), many.get_rasterized()) == (False, True)


def test_offsets_spread_where_many_lie_and_never_change():
    values = np.concatenate([np.zeros(100), [1.0, 2.0]])
    first = offsets(values)
    assert (first == offsets(values)).all()
    assert first[100:].tolist() == [0.0, 0.0]
    assert sorted(first[:100].tolist()) == pytest.approx(sorted([*np.arange(-49, 51) / 50]))


def test_a_column_that_is_not_there_is_an_error(found):
    with pytest.raises(RoleError):
        rai.plots.attribution_strip(found, by="race")


def test_no_rows_are_an_error(found):
    with pytest.raises(ArgumentError) as error:
        rai.plots.attribution_strip(found.part([]))
    assert str(error.value) == (
        "plots.attribution_strip: no attributions; expected at least one row and feature."
    )
