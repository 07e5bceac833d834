"""Moments: sums that merge whatever they were centred on."""

from dataclasses import replace

import numpy as np
import pytest

from rai import TallyError
from rai.values.moments import TERMS
from rai.values.number_bins import NumberBins

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


def binned(moments, keys, truth, predicted, **more):
    """Moments of one group with histograms on bins of their own."""
    plain = moments(keys, [truth], [predicted], **more)
    y, p = np.array(truth), np.array(predicted)
    bins, errors = (NumberBins.of(values, most=512) for values in (p, p - y))
    u, ones = y - plain.origin, np.ones(len(y))
    columns = (ones, ones, ones, p - y, u, u**2)
    return replace(
        plain,
        predictions=bins[0],
        by_prediction=np.stack([np.bincount(bins[1], column) for column in columns], axis=1)[None],
        errors=errors[0],
        by_error=np.bincount(errors[1]).astype(float)[None],
    )


def test_histograms_merge_whatever_they_were_centred_on(moments):
    first = binned(moments, [("F",)], *F, origin=1.0)
    second = binned(moments, [("M",)], *M, origin=10.0)
    both = second + first
    assert both.predictions.low.tolist() == [1.5, 2.0, 3.0, 12.0, 19.0]
    assert both.by_prediction[0, :, 0].tolist() == [1, 1, 1, 0, 0]
    assert both.by_prediction[1, :, 4].tolist() == [0, 0, 0, 9.0, 19.0]  # truths 10, 20 about 1
    assert both.by_prediction[1, :, 5].tolist() == [0, 0, 0, 81.0, 361.0]
    assert both.errors.low.tolist() == [-1.0, 0.0, 0.5, 2.0]
    assert both.by_error.tolist() == [[1, 1, 1, 0], [1, 0, 0, 1]]
    assert both.by().by_error.tolist() == [[2, 1, 1, 1]]
    assert both.only(sex="M").by_error.tolist() == [[1, 0, 0, 1]]
    assert both.rest.by_error.tolist() == [[1, 0, 0, 1], [1, 1, 1, 0]]


def test_moments_without_histograms_merge_to_moments_without(moments):
    with_, without = binned(moments, [("F",)], *F), moments([("M",)], [M[0]], [M[1]])
    for both in (with_ + without, without + with_):
        assert (both.predictions, both.by_prediction, both.errors, both.by_error) == (None,) * 4
        assert both.n.tolist() == [3, 2]
        assert both.by().by_error is None


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
