"""Differences of gaps: what they are, and that their bounds are what the formulas say."""

import numpy as np
import pytest

from rai.ground.errors import ArgumentError
from rai.measure.intervals import critical_value, mover_difference
from rai.measure.paired import paired_counts, paired_differences, paired_gap_differences, paired_moments
from rai.measure.paired_intervals import tango
from rai.measure.tables import Asked, gap_table
from rai.values.paired import Paired


def decided(rates_first, rates_second, *, n=400, agree=0.9, seed=0):
    """Groups with these rates of yes; nearly all that can agree do."""
    rng = np.random.default_rng(seed)
    cells = np.zeros((len(rates_first), 2, 2, 2), dtype=int)
    for group, (p, q) in enumerate(zip(rates_first, rates_second, strict=True)):
        both = agree * min(p, q) + (1 - agree) * p * q
        cells[group, 1] = rng.multinomial(n, [1 - p - q + both, q - both, p - both, both]).reshape(2, 2)
        cells[group, 0] = rng.multinomial(n, [0.8, 0.05, 0.05, 0.1]).reshape(2, 2)
    keys = tuple((name,) for name in "ABCDEF"[: len(rates_first)])
    return Paired.of_counts(cells, axes=("site",), groups=keys, classes=("no", "yes"))


CRITERIA = [
    "demographic_parity",
    "equal_opportunity",
    "equalized_odds",
    "average_odds",
    "predictive_parity",
]


@pytest.mark.parametrize("name", CRITERIA)
def test_the_value_is_the_difference_of_two_audits_gaps(name):
    both = decided((0.3, 0.5, 0.45), (0.35, 0.4, 0.5))
    (row,) = paired_gap_differences(both, [name])
    one, other = (
        gap_table(part, [name], along=["site"], within=None, asked=Asked())[0]
        for part in (both.first, both.second)
    )
    assert (row.of_versus, row.of_model) == pytest.approx((one.value, other.value), abs=1e-12)
    assert row.value == pytest.approx(other.value - one.value, abs=1e-12)
    assert row.low <= row.value <= row.high
    if name != "average_odds":
        assert row.apart_model == f"{other.highest} over {other.lowest}"
        assert row.apart_versus == f"{one.highest} over {one.lowest}"


def test_of_two_groups_clearly_apart_it_is_an_ordinary_paired_interval():
    both = decided((0.2, 0.6), (0.25, 0.5))
    (row,) = paired_gap_differences(both, ["true_positive_rate"])
    z = critical_value(1 - 0.9 * 0.05)
    positives = both.n[:, 1].astype(float)
    value = (positives[:, 0, 1] - positives[:, 1, 0]) / positives.sum(axis=(1, 2))
    bounds = tango(positives[:, 0, 1], positives[:, 1, 0], n=positives.sum(axis=(1, 2)), z=z)
    low, high = mover_difference(
        value[1:], type(bounds)(bounds.low[1:], bounds.high[1:]), other=value[:1],
        other_bounds=type(bounds)(bounds.low[:1], bounds.high[:1]),
    )  # fmt: skip
    assert (row.low, row.high) == pytest.approx((low[0], high[0]), abs=1e-12)
    assert row.high < 0  # the second model treats them more alike
    assert row.apart_model == row.apart_versus == "B over A"


def test_groups_that_change_places_have_one_too():
    both = decided((0.2, 0.6), (0.55, 0.25), n=1000)
    (row,) = paired_gap_differences(both, ["true_positive_rate"])
    assert (row.apart_versus, row.apart_model) == ("B over A", "A over B")
    assert row.low < row.value < row.high
    assert row.high - row.low < 0.3  # far less than the sum of both gaps
    turned = Paired.of_counts(
        both.n.transpose(0, 1, 3, 2), axes=both.axes, groups=both.groups, classes=both.classes
    )
    (back,) = paired_gap_differences(turned, ["true_positive_rate"])
    assert (back.value, back.low, back.high) == pytest.approx(
        (-row.value, -row.high, -row.low), abs=1e-9
    )


def test_equal_groups_leave_zero_inside():
    (row,) = paired_gap_differences(decided((0.4,) * 5, (0.45,) * 5), ["true_positive_rate"])
    assert row.low < 0 < row.high


def test_each_axis_and_all_of_them_together():
    rng = np.random.default_rng(0)
    first, second, label = rng.integers(0, 2, (3, 400))
    keys = (("F", "N"), ("F", "S"), ("M", "N"), ("M", "S"))
    both = paired_counts(
        first,
        second,
        classes=(0, 1),
        label=label,
        group=rng.integers(0, 4, 400),
        groups=keys,
        axes=("sex", "site"),
    )
    found = paired_gap_differences(both, ["accuracy"])
    assert [row.along for row in found] == ["sex", "site", "sex × site"]
    assert [row.along for row in paired_gap_differences(both, ["accuracy"], along="site")] == ["site"]
    assert list(found[0].to_dict()) == [
        "metric", "along", "model", "versus", "value", "low", "high", "of_model", "of_versus",
        "apart_model", "apart_versus", "n", "note",
    ]  # fmt: skip


def test_a_group_without_a_value_is_left_out_and_named():
    both = decided((0.3, 0.5, 0.4), (0.3, 0.5, 0.4))
    n = both.n.copy()
    n[2, 1] = 0
    lacking = Paired.of_counts(n, axes=both.axes, groups=both.groups, classes=both.classes)
    (row,) = paired_gap_differences(lacking, ["equal_opportunity"])
    assert row.note == f"left out C: no rows with a positive label (n={n[2].sum()})"
    assert row.value is not None
    n[1, 1] = 0
    lacking = Paired.of_counts(n, axes=both.axes, groups=both.groups, classes=both.classes)
    (row,) = paired_gap_differences(lacking, ["equal_opportunity"])
    assert (row.value, row.low) == (None, None)
    assert row.note.startswith("undefined: fewer than two groups have a value under both; left out B: ")


def test_several_classes_have_a_gap_each():
    rng = np.random.default_rng(1)
    first, label = rng.integers(0, 3, (2, 900))
    second = np.where(rng.random(900) < 0.8, first, label)
    both = paired_counts(
        first, second, classes=("a", "b", "c"), label=label, group=rng.integers(0, 2, 900),
        groups=(("F",), ("M",)), axes=("sex",),
    )  # fmt: skip
    found = paired_gap_differences(both)
    assert [row.within for row in found.where(metric="equal_accuracy")] == [(("label", "(all)"),)]
    labels = [row.within[0][1] for row in found.where(metric="equal_opportunity")]
    assert labels == ["a", "b", "c", "(macro)"]


def test_regressions():
    rng = np.random.default_rng(2)
    truth, group = rng.normal(0, 1, 600), rng.integers(0, 2, 600)
    first = truth + rng.normal(0, 0.5, 600) + 0.8 * group
    both = paired_moments(
        first, first - 0.5 * group, truth=truth, group=group, groups=(("F",), ("M",)), axes=("sex",)
    )
    (row,) = paired_gap_differences(both, ["mean_error"])
    assert row.value == pytest.approx(-0.5, abs=1e-12)
    assert (row.apart_model, row.apart_versus) == ("M over F", "M over F")
    differences = paired_differences(both, ["mean_error"])
    assert [d.value for d in differences] == pytest.approx([0.0, -0.5], abs=1e-12)


def test_what_is_no_difference_of_metrics_is_refused():
    both = decided((0.3, 0.5), (0.3, 0.5))
    for name in ("disparate_impact", "differential_fairness", "between_group_theil", "total_variation"):
        with pytest.raises(ArgumentError) as caught:
            paired_gap_differences(both, [name])
        assert str(caught.value) == (
            f"gap differences: criterion {name!r}; expected one that is a difference of metrics."
        )
    alone = both.by()
    with pytest.raises(ArgumentError) as caught:
        paired_gap_differences(alone)
    assert str(caught.value) == "along: no groups; expected an axis. Name sensitive features."
