"""Sums over groups: by, marginal, only, and everyone else."""

import pytest

from rai import ArgumentError

GROUPS = (("F", "A"), ("F", "B"), ("M", "A"))
CELLS = [(1, 2, 3, 4), (10, 20, 30, 40), (5, 6, 7, 8)]  # tp fp fn tn


@pytest.fixture
def both(confusion):
    return confusion(GROUPS, CELLS, axes=("sex", "city"), weight=0.5)


def test_by_sums_the_other_axes_out(both):
    assert both.by("sex").groups == (("F",), ("M",))
    assert both.by("sex").tp.tolist() == [5.5, 2.5]
    assert both.by("sex").n[:, 1, 1].tolist() == [11, 5]
    assert both.by("sex").weight_sq[:, 0, 0].tolist() == [11.0, 2.0]
    assert both.by("city").fn.tolist() == [5.0, 15.0]


def test_by_gives_the_order_asked_for(both):
    swapped = both.by("city", "sex")
    assert swapped.axes == ("city", "sex")
    assert swapped.groups == (("A", "F"), ("A", "M"), ("B", "F"))
    assert swapped.tp.tolist() == [0.5, 2.5, 5.0]
    assert both.by("sex", "city") is both


def test_by_nothing_is_everyone(both):
    assert (both.by().axes, both.by().groups, both.by().tp.tolist()) == ((), ((),), [8.0])
    assert both.by().by().tp.tolist() == [8.0]


def test_marginal_is_by_the_others(both, same):
    assert same(both.marginal("city"), both.by("sex"))
    assert same(both.marginal("sex", "city"), both.by())
    assert same(both.marginal(), both)


def test_only_drops_the_axis(both):
    some = both.only(city="A")
    assert (some.axes, some.groups, some.tp.tolist()) == (("sex",), (("F",), ("M",)), [0.5, 2.5])
    assert both.only(city="A", sex="M").groups == ((),)
    assert both.only(city="Z").groups == ()


def test_everyone_else(both):
    assert both.rest.tp.tolist() == [7.5, 3.0, 5.5]
    assert both.everyone.tp.tolist() == [8.0, 8.0, 8.0]
    assert both.everyone.n.sum(axis=(1, 2)).tolist() == [136, 136, 136]


def test_without_weights_there_are_none_to_sum(tally):
    plain = tally(GROUPS, [[[1, 2], [3, 4]]] * 3, axes=("sex", "city"))
    for some in (plain.by("city"), plain.only(city="A"), plain.rest, plain.everyone):
        assert some.weight is None
        assert some.weight_sq is None
    assert plain.rest.n[0].tolist() == [[2, 4], [6, 8]]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda c: c.by("sx"), "axis: 'sx'; expected one of 'sex', 'city'. Did you mean 'sex'?"),
        (lambda c: c.marginal("town"), "axis: 'town'; expected one of 'sex', 'city'."),
        (lambda c: c.only(race="B"), "axis: 'race'; expected one of 'sex', 'city'."),
        (lambda c: c.by().by("sex"), "axis: 'sex'; expected none: nothing splits these rows."),
    ],
)
def test_an_axis_that_is_not_there(both, ask, message):
    with pytest.raises(ArgumentError) as error:
        ask(both)
    assert str(error.value) == message
