"""Drawings of features against NumPy: heights, quantiles, open ends, groups."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rai
from rai.reports.data_facts import collect_data
from rai.reports.feature_blocks import block_sections
from rai.reports.feature_charts import LEAST_HEIGHT, bars


def block_of(profile, name, **options):
    sections = block_sections(collect_data(profile, **options))
    return next(b for s in sections for b in s.blocks if b.name == name)


def heights(path):
    """The heights of the bars of a path, from 0 to 1."""
    start, steps = re.fullmatch(r"M(\S+ \S+?)l(.*)z", path).groups()
    y, found = int(start.split(" ")[-1]), []
    numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        if dx:
            found.append(1 - y / 1000)
        y += dy
    return found


def test_heights_are_shares_of_all_rows_on_shared_edges():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, 900).round(3), rng.normal(0.5, 2, 300).round(3)
    b[:30] = np.nan
    profile = rai.profile({"a": {"x": a}, "b": {"x": b}})
    edges = profile.binning("x").edges
    drawn = block_of(profile, "x").histogram
    for values, found in ((a, drawn.bars[0]), (b, drawn.bars[1])):
        counts, _ = np.histogram(values[~np.isnan(values)], edges)
        assert found.shares == pytest.approx(counts / len(values))
    top = max(max(b.shares) for b in drawn.bars)
    assert drawn.top == f"{100 * top:.3g}%"


def test_a_bin_with_few_rows_can_be_seen_and_an_empty_one_not():
    path = bars(np.array([0.0, 0.25, 0.5, 1.0]), np.array([0.9, 0.0, 1e-6]), 0.9)
    assert heights(path) == pytest.approx([1.0, 0.0, LEAST_HEIGHT])


def test_quantiles_stand_on_the_scale_of_the_histogram():
    values = np.random.default_rng(4).exponential(10, 500)
    block = block_of(rai.profile({"x": values}), "x")
    edges = rai.profile({"x": values}).binning("x").edges
    wanted = np.quantile(values, [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])
    places = 100 * (wanted - edges[0]) / (edges[-1] - edges[0])
    assert block.histogram.strips[0].places == pytest.approx(places, abs=0.006)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=60))
def test_any_numbers_can_be_drawn(values):
    block = block_of(rai.profile({"x": np.array(values)}), "x")
    if block.histogram is not None:
        places = [x for x, _ in block.histogram.ticks] + [x for x, _, _ in block.histogram.hits]
        places += [x for strip in block.histogram.strips for x in strip.places]
        assert all(0 <= x <= 100 for x in places)
        assert "nan" not in block.histogram.bars[0].path
    else:
        assert all(0 <= width <= 100 for row in block.levels for _, width, _ in row.bars)


def test_infinite_numbers_fall_into_open_ends():
    values = [*range(30), np.inf, np.inf, -np.inf]
    drawn = block_of(rai.profile({"x": np.array(values, dtype=float)}), "x").histogram
    assert sum(drawn.bars[0].shares) == pytest.approx(1)
    assert drawn.hits[0][2].startswith("< ")
    assert drawn.hits[-1][2].startswith("≥ ")


def test_groups_have_the_shares_of_their_rows(two_sets):
    frames, profile = two_sets
    (axis, *_) = [a for a in block_of(profile, "age").axes if a.name == "sex"]
    edges = profile.binning("age").edges
    for tile in axis.tiles:
        for bars_of, frame in zip(tile.bars, frames.values(), strict=True):
            ages = frame.loc[frame["sex"] == tile.name, "age"]
            assert bars_of.shares == pytest.approx(np.histogram(ages, edges)[0] / len(ages))


def test_only_the_largest_groups_are_drawn():
    names = [f"group {k:02}" for k in range(12) for _ in range(k + 1)]
    profile = rai.profile({"x": list(range(len(names))), "g": names}, sensitive_features="g")
    (axis,) = block_of(profile, "x").axes
    assert [tile.name for tile in axis.tiles] == [f"group {k:02}" for k in range(11, 3, -1)]
    assert axis.left_out == 4


def test_lists_are_drawn_by_what_they_hold_and_by_length(two_sets):
    frames, profile = two_sets
    block = block_of(profile, "spells")
    lengths = block.lengths.bars[0].shares
    assert sum(lengths) == pytest.approx(1)
    assert block.numbers[0].stats[-1].text == str(frames["train"]["spells"].map(len).max())


def test_dates_have_dates_below(two_sets):
    ticks = [text for _, text in block_of(two_sets[1], "since").histogram.ticks]
    assert all(re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", text) for text in ticks)


def test_weighted_numbers_stand_below_the_others():
    rows = {"x": [1.0, 2.0, 9.0], "w": [1.0, 1.0, 2.0]}
    block = block_of(rai.profile(rows, sample_weight="w"), "x")
    stats = dict(zip(block.heads, block.numbers[0].stats, strict=True))
    assert (stats["mean"].text, stats["mean"].weighted) == ("4", "5.25")
    assert stats["max"].weighted == ""
