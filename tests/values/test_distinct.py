import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.values.distinct import KEPT, Distinct, mixed


def of(numbers):
    return Distinct.of(mixed(np.unique(np.asarray(numbers, dtype=np.int64))))


@given(st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)))
def test_few_values_are_counted_exactly(ours, theirs):
    both = of(sorted(ours)) + of(sorted(theirs))
    assert both.count == len(ours | theirs)
    assert both.exact


@pytest.mark.parametrize("rows", [10_000, 200_000])
def test_many_values_merge_to_what_they_are_at_once(rows):
    whole, first, second = (of(range(a, b)) for a, b in [(0, rows), (0, rows // 2), (rows // 3, rows)])
    both = first + second
    assert whole.exact
    assert whole.count == rows
    assert not both.exact
    assert (both.hashes == whole.hashes).all()
    assert abs(both.count / rows - 1) < 4 / np.sqrt(KEPT)


def test_the_estimate_is_unbiased():
    counts = []
    for seed in range(60):
        numbers = np.random.default_rng(seed).integers(0, 2**62, 20_000)
        counts.append((of(numbers[:10_000]) + of(numbers[10_000:])).count)
    assert abs(np.mean(counts) / 20_000 - 1) < 3 * 0.0157 / np.sqrt(60)


def test_merging_with_nothing_keeps_the_count():
    nothing, some = of([]), of(range(10_000))
    assert (nothing + some).count == (some + nothing).count == 10_000
    assert (nothing + some).exact
