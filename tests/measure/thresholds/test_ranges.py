import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rai.measure.thresholds.ranges import Least

values = st.lists(st.floats(-5, 5), min_size=1, max_size=40)


@given(values)
def test_every_range_has_its_least_value(found):
    array = np.array(found)
    first, end = (part.ravel() for part in np.meshgrid(range(len(array) + 1), range(len(array) + 1)))
    expected = [array[a:b].min() if b > a else np.inf for a, b in zip(first, end, strict=True)]
    assert Least.of(array).within(first, end).tolist() == expected


@given(values, st.integers(1, 50))
def test_what_is_prepared_for_short_ranges_answers_them_alike(found, longest):
    array = np.array(found)
    first, end = (part.ravel() for part in np.meshgrid(range(len(array) + 1), range(len(array) + 1)))
    short = end - first <= longest
    some = Least.of(array, longest=longest)
    assert len(some.levels) <= longest.bit_length()
    expected = Least.of(array).within(first, end)[short]
    assert some.within(first[short], end[short]).tolist() == expected.tolist()


def test_ranges_keep_their_shape():
    least = Least.of(np.array([3.0, 1.0, 2.0]))
    assert least.within(np.array([[0, 2]]), np.array([[2, 3]])).tolist() == [[1.0, 2.0]]
