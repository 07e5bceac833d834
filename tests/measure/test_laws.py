"""The five laws: how values and bounds follow from the cells."""

import numpy as np
import pytest

from rai.measure.forms import ALL, FN, FP, TN, TP
from rai.measure.intervals import newcombe, wilson
from rai.measure.laws import SCALES, Combined, Count, Mapped, Proportion, Smooth, effective_trials
from rai.measure.metrics import METRICS, find_metric

Z = 1.959963984540054
# everything, nothing, lopsided, tiny, large
CELLS = [
    (30, 10, 20, 40), (5, 0, 0, 5), (0, 5, 5, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1),
    (1, 1, 1, 1), (900, 1, 1, 98), (0, 0, 40, 60), (3, 0, 0, 90_000), (40, 60, 0, 0),
]  # fmt: skip


def test_a_proportion_has_wilsons_interval(make):
    found = Proportion(TP, TP + FN).measure("tpr", make.confusion((30, 10, 20, 40), (0, 1, 0, 9)))
    low, high = found.bounds(Z)
    assert (low[0], high[0]) == (
        pytest.approx(wilson([30], [50]).low[0]),
        pytest.approx(wilson([30], [50]).high[0]),
    )
    assert (found.numerator.tolist(), found.denominator.tolist(), found.method) == (
        [30, 0],
        [50, 0],
        "wilson",
    )
    assert np.isnan([low[1], high[1], found.value[1]]).all()


def test_weights_count_as_kish_has_it(make):
    # 10 rows of weight 1 and 10 of weight 3 with a positive label: (10 + 30)² / (10 + 90) = 16
    counts = make.confusion((6, 0, 4, 0), (5, 0, 5, 0), weight=[1, 3]).by()
    assert effective_trials(TP + FN, counts).tolist() == [16.0]
    found = Proportion(TP, TP + FN).measure("tpr", counts)
    assert found.value.tolist() == [21 / 40]  # 6 + 15 of 10 + 30
    assert found.trials.tolist() == [16.0]
    expected = wilson([21 / 40 * 16], [16])
    np.testing.assert_allclose(found.bounds(Z), [expected.low, expected.high])


def test_kish_is_of_each_denominator(make):
    """Rows outside a denominator don't matter for it, and equal weights are no weights."""
    counts = make.confusion((6, 50, 4, 50), weight=7)
    assert effective_trials(TP + FN, counts).tolist() == [10.0]
    assert effective_trials(ALL, counts).tolist() == [110.0]
    assert effective_trials(TP, make.confusion((0, 1, 1, 1), weight=7)).tolist() == [0.0]


def test_mapped_maps_the_bounds(make):
    found = Mapped(Proportion(FN, FP + FN), lambda p: p / (1 - p), FN, FP).measure(
        "fn_per_fp", make.confusion((0, 10, 20, 0), (0, 10, 0, 0), (0, 0, 10, 0))
    )
    inner = wilson([20, 0, 10], [30, 10, 10])
    low, high = found.bounds(Z)
    assert found.value[:2].tolist() == [pytest.approx(2.0), 0.0]
    assert low.tolist()[:2] == [pytest.approx(inner.low[0] / (1 - inner.low[0])), 0.0]
    assert high.tolist()[:2] == [pytest.approx(v / (1 - v)) for v in inner.high[:2]]
    assert np.isnan(found.value[2])
    assert found.notes[2] == "undefined: no false positives (n=10)"


def test_combined_by_newcombe_and_mover(make):
    counts = make.confusion((30, 10, 20, 40))
    tpr, fpr = Proportion(TP, TP + FN), Proportion(FP, FP + TN)
    difference = Combined(tpr, fpr, "difference").measure("informedness", counts)
    expected = newcombe([30], [50], other_count=[10], other_n=[50])
    np.testing.assert_allclose(difference.bounds(Z), [expected.low, expected.high])
    assert difference.method == "newcombe"
    mean = Combined(tpr, fpr, "mean").measure("half", counts)
    assert mean.value.tolist() == [pytest.approx(0.4)]
    one, two = wilson([30], [50]), wilson([10], [50])
    reach = ((0.6 - one.low[0]) ** 2 + (0.2 - two.low[0]) ** 2) ** 0.5 / 2
    assert mean.bounds(Z).low[0] == pytest.approx(0.4 - reach)
    ratio = Combined(tpr, fpr, "ratio").measure("lr", counts)
    assert (ratio.value[0], ratio.method) == (pytest.approx(3.0), "mover")
    assert np.isnan(ratio.numerator[0])


def test_smooth_by_hand(make):
    """The odds ratio: the variance of its log is the sum of 1 / cell, half a row added to each."""
    found = find_metric("diagnostic_odds_ratio").measure(make.confusion((30, 10, 20, 40)))
    low, high = found.bounds(Z)
    reach = Z * sum(1 / cell for cell in (30.5, 10.5, 20.5, 40.5)) ** 0.5
    centre = 30.5 * 40.5 / (10.5 * 20.5)
    assert low[0] == pytest.approx(centre * np.exp(-reach), rel=1e-6)
    assert high[0] == pytest.approx(centre * np.exp(reach), rel=1e-6)


def test_smooth_with_weights_sees_only_their_pattern(make):
    plain, scaled = (
        find_metric("matthews_correlation").measure(make.confusion((30, 10, 20, 40), weight=w))
        for w in (1, 250)
    )
    np.testing.assert_allclose(scaled.bounds(Z), plain.bounds(Z), rtol=1e-9)
    assert scaled.value == pytest.approx(plain.value)


def test_counts_have_no_interval(make):
    found = Count(TP + TN).measure("right", make.confusion((30, 10, 20, 40), (0, 0, 0, 0), weight=0.5))
    assert (found.value.tolist(), found.method) == ([35.0, 0.0], "count")
    assert np.isnan(found.bounds(Z)).all()
    assert [(e.low, e.high, e.note) for e in found.estimates(level=0.9)] == [(None, None, "")] * 2


@pytest.mark.parametrize("scale", SCALES)
def test_scales_go_there_and_back(scale):
    forward, back = SCALES[scale]
    values = np.array([0.001, 0.3, 0.5, 0.999])
    np.testing.assert_allclose(back(forward(values)), values)


@pytest.mark.parametrize("z", [0.01, 1.0, 1.96, 6.0])
@pytest.mark.parametrize("weight", [None, 0.001, 40.0])
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_bounds_hold_the_value(make, metric, weight, z):
    found = metric.measure(make.confusion(*CELLS, weight=weight))
    low, high = (side[found.defined] for side in found.bounds(z))
    value = found.value[found.defined]
    if isinstance(metric.law, Count):
        assert np.isnan([low, high]).all()
        return
    assert not np.isnan([low, high]).any()
    assert (low <= value).all()
    assert (value <= high).all()


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_bounds_stay_in_range(make, metric):
    found = metric.measure(make.confusion(*CELLS))
    low, high = (side[found.defined] for side in found.bounds(3.0))
    if isinstance(metric.law, Count):
        return
    assert (low >= (-1 if metric.signed else 0)).all()
    unit = (
        isinstance(metric.law, Proportion)
        or metric.signed
        or metric.name in {"f1", "f2", "geometric_mean"}
    )
    if unit:
        assert (high <= 1).all()


def test_smooth_reasons_carry_the_rows(make):
    law = Smooth(lambda tp, fp, fn, tn: tp / fp, "positive", "TP / FP", "nothing to see")
    with np.errstate(divide="ignore"):
        assert law.measure("x", make.confusion((3, 0, 2, 2))).notes == (
            "undefined: nothing to see (n=7)",
        )
    assert (str(law), str(Count(TN + FN)), str(Proportion(TP, ALL))) == ("TP / FP", "FN + TN", "TP / n")
