"""Levels: how ranges are named, how groups are ordered and written."""

import random

import pytest

from rai.values.levels import MISSING, cut_names, key_name, key_order, level_order


@pytest.mark.parametrize(
    ("edges", "names"),
    [
        ([25], ("< 25", "≥ 25")),
        ([25, 45], ("< 25", "25 to < 45", "≥ 45")),
        ([-1.5, 0, 0.1], ("< -1.5", "-1.5 to < 0", "0 to < 0.1", "≥ 0.1")),
        ([1e-9, 1e15], ("< 1e-09", "1e-09 to < 1e+15", "≥ 1e+15")),
        ([1 / 3], ("< 0.333333333333", "≥ 0.333333333333")),
    ],
)
def test_ranges_are_named_by_their_edges(edges, names):
    assert cut_names(edges) == names


@pytest.mark.parametrize(
    "ordered",
    [
        ["< 25", "25 to < 45", "≥ 45", MISSING],
        ["< -10", "-10 to < 2", "2 to < 1e+06", "≥ 1e+06"],
        [1, 2, 10, "a", "b", MISSING],
        [-1.5, False, True, 3],
        ["2", "10", "A", "B", "a"],  # words that are numbers go by size, words by code point
        ["< 3", "3", "≥ 3"],
    ],
)
def test_one_order_whatever_came_first(ordered):
    for seed in range(5):
        mixed = random.Random(seed).sample(ordered, len(ordered))
        assert sorted(mixed, key=level_order) == ordered


def test_every_list_of_ranges_is_in_order():
    for edges in ([1], [-5, -1, 0, 3.5], [1e-12, 0.5, 1e9], list(range(-20, 40, 3))):
        names = list(cut_names(edges))
        turned = names[::-1]
        assert sorted(turned, key=level_order) == names


def test_keys_go_axis_by_axis():
    keys = [("F", 10), ("F", 9), (MISSING, 1), ("M", MISSING), ("F", MISSING), ("M", 1)]
    assert sorted(keys, key=key_order) == [
        ("F", 9), ("F", 10), ("F", MISSING), ("M", 1), ("M", MISSING), (MISSING, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ((), "everyone"),
        (("Female",), "Female"),
        (("Female", "Black", 3), "Female × Black × 3"),
        ((True, 1.5), "True × 1.5"),
        ((MISSING,), "(missing)"),
    ],
)
def test_names_of_groups(key, name):
    assert key_name(key) == name
