"""The worst gap: its value on every scale, its interval, who attains it, and its notes."""

from itertools import combinations
from math import log, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from rai.measure.contrasts import BETWEEN, contrasts
from rai.measure.gaps import folded
from rai.measure.intervals import (
    Bounds,
    Critical,
    clopper_pearson,
    koopman_ratio,
    mover_difference,
    mover_ratio,
    newcombe,
    wilson,
)
from rai.measure.simultaneous import family_critical_value

THREE = [(80, 100), (50, 100), (60, 100)]  # selection rates 0.8, 0.5, 0.6


def close(*values):
    return [pytest.approx(value) for value in values]


@pytest.mark.parametrize(
    ("kind", "versus", "value", "who"),
    [
        ("difference", "between_groups", 0.3, ("A", "B")),
        ("ratio", "between_groups", 5 / 8, ("A", "B")),
        ("log_ratio", "between_groups", log(8 / 5), ("A", "B")),
        ("difference", "to_overall", 0.8 - 19 / 30, ("A", "overall")),
        ("ratio", "to_overall", 15 / 19, ("overall", "B")),  # 0.5 / (19/30); A is 24/19, folded 19/24
        ("log_ratio", "to_overall", log(19 / 15), ("overall", "B")),
        ("difference", "C", 0.2, ("A", "C")),
        ("ratio", "C", 0.75, ("A", "C")),
        ("difference", "A", 0.3, ("A", "B")),
        ("ratio", "B", 5 / 8, ("A", "B")),
    ],
)
def test_value_and_who(make, kind, versus, value, who):
    found = make.gap(make.rates(*THREE), "selection_rate", kind=kind, versus=versus)
    assert found.value == pytest.approx(value)
    assert ((found.highest, found.lowest), found.note) == (who, "")
    assert (found.kind, found.versus, found.along, found.metric, found.n) == (
        kind,
        versus,
        "g",
        "selection_rate",
        300,
    )
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize(
    ("kind", "value"), [("difference", (0.3 + 0.2 + 0.1) / 3), ("ratio", (5 / 8 + 6 / 8 + 5 / 6) / 3)]
)
def test_the_mean_comparison(make, kind, value):
    found = make.gap(make.rates(*THREE), "selection_rate", kind=kind, aggregate="mean")
    assert found.value == pytest.approx(value)
    assert (found.highest, found.lowest) == ("A", "B")
    assert found.low <= value <= found.high


def test_two_groups_have_newcombes_interval_exactly(make):
    found = make.gap(make.rates((805, 1795), (349, 1488)), "selection_rate")
    direct = newcombe([805], [1795], other_count=[349], other_n=[1488])
    assert (found.low, found.high) == (float(direct.low[0]), float(direct.high[0]))
    turned = make.gap(make.rates((349, 1488), (805, 1795)), "selection_rate")
    assert [turned.low, turned.high] == close(found.low, found.high)
    assert (turned.highest, turned.lowest) == ("B", "A")


def test_two_groups_have_koopmans_interval_as_a_ratio(make):
    found = make.gap(make.rates((349, 1488), (805, 1795)), "selection_rate", kind="ratio", level=0.9)
    direct = koopman_ratio([349], [1488], other_count=[805], other_n=[1795], level=0.9)
    assert [found.low, found.high, found.level] == close(direct.low[0], direct.high[0], 0.9)


def test_an_interval_that_spans_parity_ends_there(make):
    difference = make.gap(make.rates((5, 10), (4, 10)), "selection_rate")
    ratio = make.gap(make.rates((5, 10), (4, 10)), "selection_rate", kind="ratio")
    assert (difference.low, ratio.high) == (0.0, 1.0)
    direct = newcombe([5], [10], other_count=[4], other_n=[10])
    assert difference.high == pytest.approx(max(direct.high[0], -direct.low[0]))
    back = koopman_ratio([5], [10], other_count=[4], other_n=[10])
    assert ratio.low == pytest.approx(min(back.low[0], 1 / back.high[0]))


def test_bounds_are_the_largest_of_the_comparisons(make):
    """Projected: from a family in which all hold together."""
    counts = make.rates(*THREE)
    found = make.gap(counts, "selection_rate", versus="A")
    both = make.compared(counts, "selection_rate")
    family = contrasts(both.measured, versus="A", rest=both.rest)
    at_z = folded(family, "difference", Critical(1.959963984540054))
    assert found.low < at_z.low.max()
    assert found.high > at_z.high.max()
    wide = make.gap(counts, "selection_rate", versus="A", level=0.9999)
    assert wide.low < found.low < found.value < found.high < wide.high


def test_null_of_two_equal_groups_has_a_closed_form(make):
    found = make.gap(make.rates((500, 1000), (500, 1000)), "selection_rate")
    assert (found.value, found.low, found.p_value) == (0.0, 0.0, 1.0)
    assert found.null == pytest.approx(sqrt(2 / pi) * sqrt(0.5 / 1000), rel=0.08)


def test_a_log_ratio_is_the_ratio_on_another_scale(make):
    ratio, logs = (
        make.gap(make.rates(*THREE), "selection_rate", kind=kind) for kind in ("ratio", "log_ratio")
    )
    assert [logs.value, logs.low, logs.high] == close(
        -log(ratio.value), -log(ratio.high), -log(ratio.low)
    )
    assert logs.null > 0
    assert logs.p_value == ratio.p_value


def test_the_seed_decides_the_draws(make):
    one, same, other = (make.gap(make.rates(*THREE), "selection_rate", seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.null != other.null
    assert one.value == other.value


def test_several_metrics_name_the_worst(make):
    # TPR 0.6 and 0.8, FPR 0.2 and 0.5
    counts = make.confusion((30, 10, 20, 40), (40, 25, 10, 25))
    worst = make.gap(counts, "tpr", "fpr")
    assert (worst.value, worst.note, worst.highest) == (
        pytest.approx(0.3),
        "in false positive rate",
        "B",
    )
    mean = make.gap(counts, "tpr", "fpr", combine="mean")
    assert (mean.value, mean.note) == (
        pytest.approx(0.25),
        "mean of 2 gaps, the larger in false positive rate",
    )
    ratio = make.gap(counts, "tpr", "fpr", kind="ratio")
    assert (ratio.value, ratio.lowest) == (pytest.approx(0.4), "A")
    assert make.gap(counts, "tpr").low > worst.low or worst.high > make.gap(counts, "tpr").high


def test_groups_without_a_value_are_named(make):
    counts = make.confusion((3, 1, 1, 5), (2, 0, 2, 6), (0, 4, 0, 6), (0, 0, 0, 0))
    found = make.gap(counts, "tpr")
    assert (found.value, found.n) == (0.25, 20)
    assert found.note == (
        "left out C: no rows with a positive label (n=10); left out D: no rows with a positive label (n=0)"
    )
    both = make.gap(counts, "tpr", "fpr")
    assert both.note.startswith("left out C: no rows with a positive label (n=10); left out D: ")
    assert both.note.endswith("; in false positive rate")  # 1/6, 0 and 0.4; C counts here


@pytest.mark.parametrize(
    ("cells", "names", "changes", "note"),
    [
        (
            [(3, 1, 1, 5)],
            ["tpr"],
            {},
            "undefined: fewer than two groups have a value for true positive rate",
        ),
        (
            [(3, 1, 1, 5), (0, 4, 0, 6)],
            ["tpr"],
            {},
            "undefined: fewer than two groups have a value for true positive rate; "
            "left out B: no rows with a positive label (n=10)",
        ),
        (
            [(3, 1, 1, 5), (0, 4, 0, 6), (1, 1, 1, 1)],
            ["tpr"],
            {"versus": "B"},
            "undefined: the reference group has no value (undefined: no rows with a positive label (n=10)); "
            "left out B: no rows with a positive label (n=10)",
        ),
        (
            [(3, 1, 1, 5), (2, 4, 3, 6)],
            ["tpr"],
            {"versus": "Z"},
            "undefined: no rows of the reference group Z",
        ),
        (
            [(3, 1, 1, 5), (2, 4, 3, 6)],
            ["informedness"],
            {"kind": "ratio"},
            "undefined: a ratio of a metric that can be negative",
        ),
        (
            [(3, 1, 1, 5), (2, 4, 3, 6)],
            ["tpr", "mcc"],
            {"kind": "log_ratio"},
            "undefined: a ratio of a metric that can be negative",
        ),
        (
            [(0, 0, 4, 6), (0, 0, 5, 5)],
            ["tpr"],
            {"kind": "ratio"},
            "undefined: every rate is 0, so no ratio exists",
        ),
    ],
)
def test_undefined(make, cells, names, changes, note):
    found = make.gap(make.confusion(*cells), *names, **changes)
    assert (found.value, found.low, found.high, found.null, found.p_value) == (None,) * 5
    assert (found.highest, found.lowest, found.note) == (None, None, note)


@pytest.mark.parametrize(
    ("name", "kind", "cells", "answer"),
    [
        # the rate of B is 0: nothing is worse than that ratio, and its logarithm is infinite
        ("tpr", "ratio", [(3, 1, 1, 5), (0, 1, 4, 5)], (0.0, "")),
        ("tpr", "log_ratio", [(3, 1, 1, 5), (0, 1, 4, 5)], (None, "unbounded: a group's rate is 0")),
        (
            "count",
            "difference",
            [(3, 1, 1, 5), (1, 1, 1, 1)],
            (6.0, "a count is what was seen: no interval"),
        ),
        ("count", "ratio", [(3, 1, 1, 5), (1, 1, 1, 1)], (0.4, "a count is what was seen: no interval")),
    ],
)
def test_bounds_that_are_not_there(make, name, kind, cells, answer):
    found = make.gap(make.confusion(*cells), name, kind=kind)
    assert (found.value, found.note) == answer
    if name == "count":
        assert (found.low, found.high, found.null, found.p_value) == (None, None, None, None)
    if answer[1].startswith("unbounded"):
        assert (found.high, found.low > 0) == (None, True)


def test_gaps_of_ratios(make):
    found = make.gap(make.confusion((3, 1, 1, 5), (1, 1, 30, 5)), "treatment_ratio", kind="difference")
    assert found.value == pytest.approx(29.0)
    assert found.low <= found.value <= found.high
    ratio = make.gap(make.confusion((3, 1, 1, 5), (1, 1, 30, 5)), "lr_plus", kind="difference")
    assert ratio.value == pytest.approx(4.5 - 6 / 31)
    assert ratio.low <= ratio.value <= ratio.high


def test_a_row_too_few_for_an_interval(make):
    found = make.gap(make.moments(([1.0], [2.0]), ([1, 2, 3], [1.5, 2, 3])), "mean_error")
    assert (found.value, found.low, found.high) == (pytest.approx(5 / 6), None, None)
    assert found.note == "no interval: too few rows in A"


def test_folding_takes_the_direction_away(make):
    both = make.compared(make.rates((8, 10), (2, 10), (5, 10)), "selection_rate")
    family = contrasts(both.measured, versus=BETWEEN, rest=both.rest)
    z = Critical(1.0)
    for kind in ("difference", "ratio"):
        size, raw = folded(family, kind, z), family.bounds(kind, z)
        assert (size.low <= size.value).all()
        assert (size.value <= size.high).all()
        # A over B is surely above, B over C surely below
        if kind == "difference":
            np.testing.assert_allclose(size.value, [0.6, 0.3, 0.3])
            np.testing.assert_allclose(size.low, [raw.low[0], raw.low[1], -raw.high[2]])
        else:
            np.testing.assert_allclose(size.value, [0.25, 0.625, 0.4])
            np.testing.assert_allclose(size.high, [1 / raw.low[0], 1 / raw.low[1], raw.high[2]])


def test_weights_widen(make):
    plain = make.gap(make.confusion((30, 10, 20, 40), (40, 5, 10, 45)), "tpr")
    mixed = make.confusion(
        (15, 5, 10, 20), (15, 5, 10, 20), (20, 2, 5, 23), (20, 3, 5, 22), weight=[1, 9, 1, 9],
        groups=(("A", 1), ("A", 9), ("B", 1), ("B", 9)),
    )  # fmt: skip
    heavy = type(mixed)(
        ("g", "w"), mixed.groups, mixed.n, mixed.weight, mixed.weight_sq, weighted=True
    ).by("g")
    found = make.gap(heavy, "tpr")
    assert found.value == pytest.approx(plain.value)
    assert found.low < plain.low
    assert found.high > plain.high


# Each bound by itself -------------------------------------------------------------------------------


def exact_side(hits, rows, z):
    """The wider of Wilson's and Clopper and Pearson's bounds of one rate."""
    both = [method([hits], [rows], z=z) for method in (wilson, clopper_pearson)]
    return min(float(b.low[0]) for b in both), max(float(b.high[0]) for b in both)


def one_pair(left, right, kind, z):
    """Bounds of one comparison with exact sides, its direction removed."""
    (low, high), (other_low, other_high) = exact_side(*left, z), exact_side(*right, z)
    value, other = np.array([left[0] / left[1]]), np.array([right[0] / right[1]])
    sides = [Bounds(*map(np.array, ends)) for ends in (([low], [high]), ([other_low], [other_high]))]
    if kind == "difference":
        found = mover_difference(value, sides[0], other=other, other_bounds=sides[1])
        below, above = float(found.low[0]), float(found.high[0])
        return max(0.0, below, -above), max(abs(below), abs(above))
    mover = mover_ratio(value, sides[0], other=other, other_bounds=sides[1])
    score = koopman_ratio([left[0]], [left[1]], other_count=[right[0]], other_n=[right[1]], z=z)
    below = float(np.fmin(mover.low, score.low)[0])
    above = float(np.fmax(mover.high, score.high)[0])
    return min(below, 1 / above), 1.0 if below <= 1 <= above else min(above, 1 / below)


@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize(
    "counts", [THREE, [(5, 40), (9, 60)], [(30, 100), (33, 90), (50, 80), (61, 100), (45, 120)]]
)
def test_each_bound_may_be_wrong_by_itself(make, counts, kind):
    """The near bound of all pairs together, the far bound of the worst pair alone; sides are exact."""
    rates = make.rates(*counts)
    found = make.gap(rates, "selection_rate", kind=kind, each=True, seed=5)
    both = make.compared(rates, "selection_rate")
    family = contrasts(both.measured, versus=BETWEEN, rest=both.rest)
    together = family_critical_value([family], level=0.95, rng=np.random.default_rng(5), kind=kind).z
    pairs = list(combinations(counts, 2))
    near = [one_pair(*pair, kind, together) for pair in pairs]
    far = [one_pair(*pair, kind, NormalDist().inv_cdf(0.95)) for pair in pairs]
    if kind == "difference":
        expected = max(low for low, _ in near), max(high for _, high in far)
    else:
        expected = min(low for low, _ in far), min(high for _, high in near)
    assert [found.low, found.high] == close(*expected)
    assert found.value == make.gap(rates, "selection_rate", kind=kind).value
    assert (found.null, found.p_value) == (None, None)


@pytest.mark.parametrize("kind", ["difference", "ratio"])
def test_each_metric_of_a_criterion_has_bounds_of_its_own(make, kind):
    cells = make.confusion((40, 10, 10, 40), (20, 20, 30, 30), (30, 15, 20, 35))
    names = "true_positive_rate", "false_positive_rate"
    one, two = (make.gap(cells, name, kind=kind, each=True) for name in names)
    both = make.gap(cells, *names, kind=kind, each=True)
    if kind == "difference":
        assert both.high == pytest.approx(max(one.high, two.high))  # the far bound knows no family
        assert both.low < max(one.low, two.low)
    else:
        assert both.low == pytest.approx(min(one.low, two.low))
        assert both.high > min(one.high, two.high)


def test_a_mean_keeps_bounds_that_hold_together(make):
    mean = make.gap(make.rates(*THREE), "selection_rate", aggregate="mean", each=True)
    plain = make.gap(make.rates(*THREE), "selection_rate", aggregate="mean")
    assert mean.low <= plain.low <= mean.value <= plain.high <= mean.high


def test_a_log_ratio_turns_its_bounds_around(make):
    ratio, logs = (
        make.gap(make.rates(*THREE), "selection_rate", kind=kind, each=True)
        for kind in ("ratio", "log_ratio")
    )
    assert [logs.low, logs.high] == close(-log(ratio.high), -log(ratio.low))
