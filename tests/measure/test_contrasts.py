"""Comparisons: all pairs, to everyone, to a reference."""

import numpy as np
import pytest

from rai.measure.contrasts import BETWEEN, OVERALL, contrasts
from rai.measure.intervals import (
    Bounds,
    Critical,
    clopper_pearson,
    koopman_ratio,
    mover_difference,
    newcombe,
    wilson,
)

Z = 1.959963984540054
CELLS = [(8, 3, 2, 7), (5, 9, 5, 1), (1, 2, 9, 28)]  # tp fp fn tn: TPR 0.8, 0.5, 0.1


def family(make, name, versus, cells=CELLS):
    both = make.compared(make.confusion(*cells), name)
    return contrasts(both.measured, versus=versus, rest=both.rest)


def test_every_pair_once(make):
    found = family(make, "tpr", BETWEEN)
    assert list(zip(found.left_names, found.right_names, strict=True)) == [
        ("A", "B"),
        ("A", "C"),
        ("B", "C"),
    ]
    np.testing.assert_allclose(found.values("difference"), [0.3, 0.7, 0.4])
    np.testing.assert_allclose(found.values("ratio"), [1.6, 8, 5])
    assert found.all_pairs


def test_against_one_group(make):
    found = family(make, "tpr", "B")
    assert list(zip(found.left_names, found.right_names, strict=True)) == [("A", "B"), ("C", "B")]
    np.testing.assert_allclose(found.values("difference"), [0.3, -0.4])
    assert not found.all_pairs


@pytest.mark.parametrize(
    "name", ["selection_rate", "tpr", "ppv", "accuracy", "f1", "mcc", "balanced_accuracy"]
)
def test_against_everyone_is_what_it_says(make, name):
    """Whatever way round the algebra goes, it is r_g − r and r_g / r."""
    counts = make.confusion(*CELLS)
    groups = make.compared(counts, name).measured.value
    whole = make.compared(counts.by(), name).measured.value[0]
    found = family(make, name, OVERALL)
    np.testing.assert_allclose(found.values("difference"), groups - whole)
    np.testing.assert_allclose(found.values("ratio"), groups / whole)
    assert found.right_names == ("overall",) * 3


def test_against_everyone_with_a_rate_of_nothing(make):
    cells = [(0, 0, 5, 5), (3, 0, 2, 5), (0, 0, 5, 5)]
    found = family(make, "tpr", OVERALL, cells)
    np.testing.assert_allclose(found.values("difference"), [-0.2, 0.4, -0.2])
    np.testing.assert_allclose(found.values("ratio"), [0, 3, 0])  # B alone holds all: 0.6 / 0.2


def test_bounds_to_everyone_scale_those_to_the_rest(make):
    found = family(make, "tpr", OVERALL)
    low, high = found.bounds("difference", Critical(Z))
    direct = newcombe([8], [10], other_count=[6], other_n=[20])
    # A has 10 of the 30 positives, so r_A − r is 2/3 of r_A − r_rest
    assert (low[0], high[0]) == (
        pytest.approx(direct.low[0] * 2 / 3),
        pytest.approx(direct.high[0] * 2 / 3),
    )
    low, high = found.bounds("ratio", Critical(Z))
    direct = koopman_ratio([8], [10], other_count=[6], other_n=[20])
    assert low[0] == pytest.approx(1 / (1 / 3 + 2 / 3 / direct.low[0]))
    assert high[0] == pytest.approx(1 / (1 / 3 + 2 / 3 / direct.high[0]))


def test_bounds_of_pairs_are_newcombe_and_koopman(make):
    found = family(make, "tpr", BETWEEN)
    low, high = found.bounds("difference", Critical(Z))
    direct = newcombe([8, 8, 5], [10] * 3, other_count=[5, 1, 1], other_n=[10] * 3)
    np.testing.assert_allclose([low, high], [direct.low, direct.high])
    low, high = found.bounds("ratio", Critical(Z))
    direct = koopman_ratio([8, 8, 5], [10] * 3, other_count=[5, 1, 1], other_n=[10] * 3)
    np.testing.assert_allclose([low, high], [direct.low, direct.high])


@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_far_out_bounds_only_widen(make, kind):
    near, far = (family(make, "tpr", BETWEEN).bounds(kind, Critical(3.0, far=f)) for f in (False, True))
    assert (far.low <= near.low).all()
    assert (far.high >= near.high).all()


def test_values_of_other_rates(make):
    """Three groups of 10 positives each: everyone is their plain mean."""
    rates = np.array([[0.2, 0.4, 0.9], [0.5, 0.5, 0.5]])
    np.testing.assert_allclose(
        family(make, "tpr", BETWEEN).values_of(rates, "difference"), [[-0.2, -0.7, -0.5], [0, 0, 0]]
    )
    np.testing.assert_allclose(
        family(make, "tpr", OVERALL).values_of(rates, "difference"), [[-0.3, -0.1, 0.4], [0, 0, 0]]
    )
    np.testing.assert_allclose(
        family(make, "tpr", "C").values_of(rates, "ratio"), [[2 / 9, 4 / 9], [1, 1]]
    )


def test_standard_errors(make):
    spread = np.array([0.1, 0.2, 0.3])
    np.testing.assert_allclose(family(make, "tpr", BETWEEN).errors(spread), np.sqrt([0.05, 0.10, 0.13]))
    # r_g − mean of three: (2/3)² σ_g² + (1/3)² of the others'
    everyone = [(4 * 0.01 + 0.04 + 0.09), (0.01 + 4 * 0.04 + 0.09), (0.01 + 0.04 + 4 * 0.09)]
    np.testing.assert_allclose(
        family(make, "tpr", OVERALL).errors(spread), np.sqrt(np.array(everyone) / 9)
    )


def test_undefined_groups_are_left_out(make):
    cells = [(8, 3, 2, 7), (0, 9, 0, 1), (1, 2, 9, 28)]
    found = family(make, "tpr", BETWEEN, cells)
    assert (found.left_names, found.right_names) == (("A",), ("C",))
    assert family(make, "tpr", "C", cells).left_names == ("A",)
    assert family(make, "tpr", OVERALL, cells).left_names == ("A", "C")


@pytest.mark.parametrize("versus", [BETWEEN, OVERALL, "A", "B", "nobody"])
def test_too_few_to_compare(make, versus):
    assert family(make, "tpr", versus, [(8, 3, 2, 7), (0, 9, 0, 1)]) is None
    assert family(make, "tpr", versus, [(8, 3, 2, 7)]) is None
    assert family(make, "tpr", "nobody") is None


@pytest.mark.parametrize("z", [1.645, 3.5])
def test_exact_sides_are_clopper_and_pearsons_where_they_are_wider(make, z):
    found = family(make, "tpr", BETWEEN).bounds("difference", Critical(z, exact=True))
    counts = [(8, 10), (5, 10), (1, 10)]
    sides = [
        (min(one.low[0], other.low[0]), max(one.high[0], other.high[0]))
        for k, n in counts
        for one, other in [(wilson([k], [n], z=z), clopper_pearson([k], [n], z=z))]
    ]
    for place, (i, j) in enumerate([(0, 1), (0, 2), (1, 2)]):
        one, other = (Bounds(*(np.array([end]) for end in sides[at])) for at in (i, j))
        direct = mover_difference(
            np.array([counts[i][0] / 10]), one, other=np.array([counts[j][0] / 10]), other_bounds=other
        )
        assert (found.low[place], found.high[place]) == pytest.approx((direct.low[0], direct.high[0]))


@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize("versus", [BETWEEN, OVERALL, "B"])
def test_exact_bounds_are_never_the_narrower_ones(make, kind, versus):
    for name in ("tpr", "accuracy", "f1"):
        plain, exact = (
            family(make, name, versus).bounds(kind, Critical(2.0, exact=exact))
            for exact in (False, True)
        )
        assert (exact.low <= plain.low + 1e-12).all()
        assert (exact.high >= plain.high - 1e-12).all()
        if name == "f1":  # no proportion: there are no exact bounds
            assert exact.low.tolist() == plain.low.tolist()
