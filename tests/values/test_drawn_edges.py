"""Edges to draw: open ends are closed, and places are between 0 and 1 for any doubles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rai.values.drawn_edges import finite_edges, unit_places

EDGES = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=9, unique=True)


def test_open_ends_are_as_wide_as_the_others():
    edges = np.array([-np.inf, 10.0, 30.0, 50.0, np.inf])
    assert finite_edges(edges).tolist() == [-10.0, 10.0, 30.0, 50.0, 70.0]
    assert finite_edges(np.array([-np.inf, np.inf])).tolist() == [-1.0, 1.0]
    assert finite_edges(np.array([-np.inf, 5.0, np.inf])).tolist() == [0.0, 5.0, 10.0]


def test_edges_given_are_left_alone():
    edges = np.array([0.0, 1.0, np.inf])
    finite_edges(edges)
    assert edges[-1] == np.inf


@given(EDGES, st.booleans(), st.booleans())
def test_places_rise_from_0_to_1(found, below, above):
    edges = np.array([*([-np.inf] if below else []), *sorted(found), *([np.inf] if above else [])])
    drawn = finite_edges(edges)
    assert np.isfinite(drawn).all()
    places = unit_places(drawn, drawn)
    assert (places[0], places[-1]) == (0.0, 1.0)
    assert (np.diff(places) >= 0).all()
