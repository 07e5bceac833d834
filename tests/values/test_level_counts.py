from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.columns import summarise
from rai.values import level_counts

words = st.lists(st.sampled_from(["a", "b", "c", "ä", "", "10", "9"]), max_size=40)


def of(values, weight=None):
    return summarise(pl.Series(values, dtype=pl.String), weight).levels


@given(words)
def test_counts_are_those_of_a_counter(values):
    counts = of(values)
    assert dict(zip(counts.levels, counts.n.tolist(), strict=True)) == Counter(values)
    assert counts.n.tolist() == sorted(counts.n.tolist(), reverse=True)
    assert len(counts) == len(values)


@given(words, words)
def test_adding_is_counting_both_at_once(ours, theirs):
    added, whole = of(ours) + of(theirs), of([*ours, *theirs])
    assert added.levels == whole.levels
    assert added.n.tolist() == whole.n.tolist()
    assert added.distinct.count == whole.distinct.count
    assert added.distinct.exact


def test_equally_frequent_words_are_in_order():
    assert of(["b", "a", "c", "c"]).levels == ("c", "a", "b")


def test_weights_are_summed():
    counts = of(["a", "b", "a"], np.array([1.0, 0.5, 2.0]))
    assert dict(zip(counts.levels, counts.weight.tolist(), strict=True)) == {"a": 3.0, "b": 0.5}


def test_beyond_the_most_frequent_rows_are_counted_together(monkeypatch):
    monkeypatch.setattr(level_counts, "MOST", 2)
    counts = of(["a"] * 5 + ["b"] * 3 + ["c"] * 2 + ["d"])
    assert counts.levels == ("a", "b")
    assert counts.others == 3
    assert counts.others_weight == 3.0
    assert len(counts) == 11
    assert counts.distinct.count == 4
    assert not counts.exact


@pytest.mark.parametrize(("level", "rows"), [("a", 2), ("z", 0)])
def test_rows_of_a_level(level, rows):
    assert of(["a", "a", "b"]).of_level(level) == rows
