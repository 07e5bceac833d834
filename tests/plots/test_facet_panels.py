"""Facets drawn: a bar's height is its rows, its colours are those of the legend, names can be read."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from rai.explore.facets import facet
from rai.ground.colours import GREY, LIGHT, contrast, ramp
from rai.ground.errors import ArgumentError
from rai.plots.facet_panels import facets

RNG = np.random.default_rng(2)
FRAME = pd.DataFrame(
    {
        "sex": ["F"] * 6 + ["M"] * 10 + [None] * 4,
        "paid": [1, 1, 0, 0, 0, 0] + [1] * 8 + [0, None] + [0] * 4,
        "age": [20, 30, 40, 50, 60, 70, 80, 25, 35, 45, 55, 65, 75, 85, 26, 36, 46, 56, 66, None],
        "w": [2.0] * 6 + [1.0] * 14,
    }
)


def bars(ax):
    """Cell to the heights and colours of its bar, from the foot up."""
    found = {}
    for patch in ax.patches:
        row, column = round(patch.get_y() + patch.get_height() / 2), round(patch.get_x() + patch.get_width() / 2)  # fmt: skip
        hatched = patch.get_hatch() is not None
        colour = to_hex(patch.get_edgecolor() if hatched else patch.get_facecolor()).upper()
        found.setdefault((row, column), []).append((round(patch.get_height(), 6), colour, hatched))
    return found


def names(labels):
    return [label.get_text() for label in labels]


def key(ax):
    return names(ax.get_legend().get_texts())


def test_bars_are_as_tall_as_they_have_rows():
    ax = facets(facet(FRAME, rows="sex", color="paid"))
    unit = 0.72 / 10  # the tallest cell has ten rows
    blue, red = LIGHT[:2]
    assert bars(ax) == {
        (0, 0): [(round(unit, 6), blue, False), (round(8 * unit, 6), red, False), (round(unit, 6), GREY[0], True)],
        (1, 0): [(round(4 * unit, 6), blue, False), (round(2 * unit, 6), red, False)],
        (2, 0): [(round(4 * unit, 6), blue, False)],
    }  # fmt: skip
    assert names(ax.get_yticklabels()) == ["M", "F", "(missing)"]
    assert names(ax.texts) == ["10", "6", "4"]
    assert key(ax) == ["(missing)  1", "1  10", "0  9"]
    assert ax.get_legend().get_title().get_text() == "paid"
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title(loc="left")) == (
        "sex", "", "tallest bar: 10 rows",
    )  # fmt: skip


def test_parts_of_a_bar_stand_on_each_other():
    ax = facets(facet(FRAME, rows="sex", color="paid"))
    first = [patch for patch in ax.patches if round(patch.get_y()) == 0 or patch.get_y() < 0.5][:3]
    foot = 0.5 - 0.06
    for patch in first:
        assert patch.get_y() + patch.get_height() == pytest.approx(foot)
        foot = patch.get_y()


def test_weights_make_the_height_and_rows_the_number():
    ax = facets(facet(FRAME, rows="sex", sample_weight="w"))
    heights = {cell: parts[0][0] for cell, parts in bars(ax).items()}
    assert heights == {(0, 0): round(0.72 * 10 / 12, 6), (1, 0): 0.72, (2, 0): round(0.72 * 4 / 12, 6)}
    assert names(ax.texts) == ["10", "6", "4"]
    assert ax.get_title(loc="left") == "tallest bar: weight 12.0"
    assert ax.get_legend() is None


def test_numbers_are_coloured_from_pale_to_strong():
    found = facet(FRAME, columns="sex", color="age", color_bins=4)
    ax = facets(found)
    shades = ramp(4)
    used = {colour for parts in bars(ax).values() for _, colour, hatched in parts if not hatched}
    assert used == set(shades)
    assert key(ax) == ["(missing)  1", "80 to 100  2", "60 to 79  5", "40 to 59  6", "20 to 39  6"]
    against = [contrast(shade, "#FFFFFF") for shade in ramp(9)]
    assert against == sorted(against)
    dark = [contrast(shade, "#15181C") for shade in ramp(9, dark=True)]
    assert dark == sorted(dark)
    assert min(dark) > 1.8


def test_values_without_a_bar_of_their_own_are_grey():
    frame = {"job": list("aaabbcd"), "x": [1] * 7}
    ax = facets(facet(frame, color="job", color_bins=2))
    assert [colour for _, colour, _ in bars(ax)[0, 0]] == [LIGHT[0], LIGHT[1], GREY[0]]
    assert key(ax) == ["other (2 values)  2", "b  2", "a  3"]
    assert names(ax.get_yticklabels()) == [""]


def test_twelve_categories_differ():
    frame = {"job": [letter for letter in "abcdefghijklm" for _ in range(3)]}
    ax = facets(facet(frame, color="job", color_bins=12))
    colours = [colour for _, colour, _ in bars(ax)[0, 0]]
    assert len(set(colours)) == 13


def test_a_bucket_of_the_missing_is_there_where_something_is():
    ax = facets(facet(FRAME.dropna(), rows="sex", columns="age", column_bins=2))
    assert names(ax.get_yticklabels()) == ["M", "F"]
    assert names(ax.get_xticklabels()) == ["0 to 49", "50 to 100"]


def test_empty_cells_say_so():
    ax = facets(facet({"a": ["x", "y"], "b": ["p", "q"]}, rows="a", columns="b"))
    assert names(ax.texts) == ["1", "0", "0", "1"]
    assert sorted(bars(ax)) == [(0, 0), (1, 1)]


def test_dark_paper():
    with plt.style.context("dark_background"):
        ax = facets(facet(FRAME, rows="sex", color="paid"))
    assert bars(ax)[1, 0][0][1] == "#4789EA"
    assert bars(ax)[0, 0][2][1] == GREY[1]


LONG = np.array(
    [f"A very long name of a group, number {i} of those that go on and on" for i in range(10)]
)
SIZES = {
    "ten by ten": {"rows": LONG[RNG.integers(0, 10, 3000)], "columns": LONG[RNG.integers(0, 10, 3000)], "color": RNG.normal(size=3000)},
    "one by twelve": {"columns": RNG.integers(0, 12, 3000), "color": RNG.random(3000) < 0.5},
    "twelve by one": {"rows": LONG[RNG.integers(0, 10, 300)]},
    "one": {"color": np.array(["costs $5 or $6", "a\x1b[31m\nb"], dtype=object)[RNG.integers(0, 2, 9)]},
    "fifty": {"rows": RNG.normal(size=9000), "columns": RNG.normal(size=9000)},
    "many digits": {"rows": 1e16 + 2 * RNG.integers(0, 100, 900), "columns": RNG.normal(size=900) / 1e9},
}  # fmt: skip


@pytest.mark.parametrize("name", SIZES)
def test_everything_is_inside_and_no_name_is_on_another(name):
    bins = 49 if name == "fifty" else 12
    columns = SIZES[name]
    found = facet(columns, **{role: role for role in columns}, row_bins=bins, column_bins=bins)
    ax = facets(found)
    figure = ax.figure
    figure.canvas.draw()
    box = figure.bbox
    shown = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    for text in shown:
        part = text.get_window_extent()
        assert box.x0 <= part.x0, text
        assert part.x1 <= box.x1, text
        assert box.y0 <= part.y0, text
        assert part.y1 <= box.y1, text
    rows = [label.get_window_extent() for label in ax.get_yticklabels() if label.get_text()]
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in pairwise(rows))
    counts = sorted((text.get_window_extent() for text in ax.texts), key=lambda part: part.x0)
    assert not any(a.overlaps(b) for a, b in pairwise(counts))
    assert len(set(names(ax.get_xticklabels()))) == len(ax.get_xticklabels())
    assert len(set(names(ax.get_yticklabels()))) == len(ax.get_yticklabels())


def test_names_that_begin_alike_keep_what_differs():
    columns = np.array([f"An endless name of a kind of work, the {i}th of them" for i in range(3)])
    ax = facets(facet({"job": np.repeat(columns, [3, 2, 1])}, columns="job"))
    assert names(ax.get_xticklabels()) == ["…0th of them", "…1th of them", "…2th of them"]
    same = np.array(["An endless name of a kind of work" + " and so on" * n for n in (9, 10, 11)])
    ax = facets(facet({"job": np.repeat(same, [3, 2, 1])}, columns="job"))
    assert len(set(names(ax.get_xticklabels()))) == 3


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (FRAME, "plots.facets: a DataFrame; expected facets, as rai.facet finds them."),
        (facet({"x": np.arange(200.0)}, rows="x", row_bins=100), "plots.facets: 100 rows; expected at most 50. Ask for fewer bins."),
    ],
)  # fmt: skip
def test_what_can_not_be_drawn(result, message):
    with pytest.raises(ArgumentError) as error:
        facets(result)
    assert str(error.value) == message
