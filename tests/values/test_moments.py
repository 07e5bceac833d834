"""Moments: sums that merge whatever they were centred on."""

import numpy as np
import pytest

from rai import TallyError
from rai.values.moments import TERMS

F = ([1.0, 2.0, 4.0], [1.5, 2.0, 3.0])
M = ([10.0, 20.0], [12.0, 19.0])


def test_terms_by_name(moments):
    both = moments([("F",), ("M",)], [F[0], M[0]], [F[1], M[1]])
    assert both.term("e").tolist() == [-0.5, 1.0]  # 0.5 + 0 − 1; 2 − 1
    assert both.term("abs_e").tolist() == [1.5, 3.0]
    assert both.term("e2").tolist() == [1.25, 5.0]
    assert both.term("u").tolist() == [7.0, 30.0]
    assert both.term("e2u2").tolist() == [0.25 + 16.0, 400.0 + 400.0]
    assert (both.rows, both.group_rows.tolist()) == (5, [3, 2])


@pytest.mark.parametrize("origin", [-3.0, 0.0, 7.5, 1000.0])
def test_rebased_is_as_if_counted_there(moments, origin):
    here = moments(
        [("F",), ("M",)], [F[0], M[0]], [F[1], M[1]], origin=2.0, weight=[[1, 2, 0.5], [3, 1]]
    )
    there = moments(
        [("F",), ("M",)], [F[0], M[0]], [F[1], M[1]], origin=origin, weight=[[1, 2, 0.5], [3, 1]]
    )
    moved = here.rebased(origin)
    assert moved.origin == origin
    np.testing.assert_allclose(moved.sums, there.sums, rtol=1e-9)
    assert here.rebased(2.0) is here


def test_sums_of_moments_with_other_origins(moments, same):
    whole = moments([("F",), ("M",)], [F[0], M[0]], [F[1], M[1]], origin=1.0)
    first = moments([("F",)], [F[0]], [F[1]], origin=1.0, dropped={"missing y_true": 2})
    second = moments(
        [("M",)], [M[0]], [M[1]], origin=10.0, dropped={"missing y_true": 1, "missing y_pred": 4}
    )
    assert same(first + second, whole)
    assert same(second + first, whole)
    assert (first + second).origin == 1.0
    assert (second + first).dropped == {"missing y_pred": 4, "missing y_true": 3}
    assert same((first + second) + second, first + (second + second))


def test_by_and_only(moments):
    both = moments(
        [("F", "A"), ("F", "B"), ("M", "A")],
        [F[0], M[0], [5.0]],
        [F[1], M[1], [7.0]],
        axes=("sex", "city"),
    )
    assert both.by("sex").n.tolist() == [5, 1]
    assert both.by("sex").term("abs_e").tolist() == [4.5, 2.0]
    assert both.by().term("u").tolist() == [42.0]
    assert both.only(city="A").groups == (("F",), ("M",))
    assert both.only(city="A").term("e").tolist() == [-0.5, 2.0]
    assert both.rest.n.tolist() == [3, 4, 5]


def test_rows(moments):
    assert moments([("F",), ("M",)], [F[0], M[0]], [F[1], M[1]]).to_dicts() == [
        {"sex": "F", "n": 3},
        {"sex": "M", "n": 2},
    ]
    assert len(TERMS) == 11


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"axes": ("race",)},
            "adding moments: axes ['race'] with weights False; expected ['sex'] with weights False.",
        ),
        (
            {"weight": [[1, 1]]},
            "adding moments: axes ['sex'] with weights True; expected ['sex'] with weights False.",
        ),
    ],
)
def test_what_does_not_add_up(moments, changes, message):
    with pytest.raises(TallyError) as error:
        moments([("F",)], [F[0]], [F[1]]) + moments([("M",)], [M[0]], [M[1]], **changes)
    assert str(error.value) == message
