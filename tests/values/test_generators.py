import numpy as np
import pytest

from rai import ArgumentError
from rai.values.generators import generator_of


def test_a_seed_is_that_of_numpy():
    assert generator_of(np.int64(5)).random() == np.random.default_rng(5).random()


def test_a_generator_goes_on_where_it_stands():
    given = np.random.default_rng(3)
    given.random()
    assert generator_of(given) is given


@pytest.mark.parametrize("rng", ["x", -1, 1.5, True, None])
def test_anything_else_is_refused(rng):
    with pytest.raises(ArgumentError) as raised:
        generator_of(rng)
    expected = "a whole number of at least 0, or a generator of NumPy"
    assert str(raised.value) == f"rng: {rng!r}; expected {expected}."
