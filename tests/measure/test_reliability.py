"""Reliability curves: bins, rates and intervals by hand, and what is refused."""

import pytest

import rai
from rai import ArgumentError, TallyError
from rai.measure.intervals import wilson

S = [0.1, 0.2, 0.25, 0.5, 0.55, 0.9]
Y = [0, 1, 0, 1, 1, 1]


def audited(y, s, *, bins="exact", groups=None, weight=None):
    return rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": groups or ["A"] * len(y)}, bins=bins,
        sample_weight=weight, positive_label=1,
    )  # fmt: skip


def test_bins_of_equal_mass_by_hand():
    rows = audited(Y, S).calibration(bins=3).to_dicts()
    assert [(r["bin_low"], r["bin_high"]) for r in rows] == [(0.1, 0.2), (0.25, 0.5), (0.55, 0.9)]
    assert [r["mean_predicted"] for r in rows] == pytest.approx([0.15, 0.375, 0.725])
    assert [(r["value"], r["numerator"], r["denominator"], r["n"]) for r in rows] == [
        (0.5, 1, 2, 2), (0.5, 1, 2, 2), (1.0, 2, 2, 2),
    ]  # fmt: skip
    low, high = wilson([1, 1, 2], [2, 2, 2])
    assert [r["low"] for r in rows] == pytest.approx(low)
    assert [r["high"] for r in rows] == pytest.approx(high)


def test_bins_of_equal_width_by_hand():
    """An edge belongs to the bin above it; a bin without rows is shown, and says why it is empty."""
    rows = audited([*Y, 1], [*S, 0.75]).calibration(bins=4, strategy="uniform")
    assert [(row.bin_low, row.bin_high, row.n) for row in rows] == [
        (0.0, 0.25, 2), (0.25, 0.5, 1), (0.5, 0.75, 2), (0.75, 1.0, 2),
    ]  # fmt: skip
    (empty,) = audited([0, 1], [0.1, 0.9]).calibration(bins=3, strategy="uniform").where(n=0)
    assert (empty.mean_predicted, empty.value, empty.low, empty.high) == (None,) * 4
    assert (empty.numerator, empty.denominator, empty.note) == (0.0, 0.0, "undefined: no rows (n=0)")


def test_each_group_has_bins_of_its_own_and_everyone_has_one_curve():
    audit = audited(Y, S, groups=list("AAABBB"))
    rows = audit.calibration(bins=1)
    assert [(row.name, row.bin_low, row.bin_high, row.n) for row in rows] == [
        ("A", 0.1, 0.25, 3), ("B", 0.5, 0.9, 3),
    ]  # fmt: skip
    (whole,) = audit.calibration((), bins=1)
    assert (whole.group, whole.n, whole.value) == ((), 6, pytest.approx(4 / 6))
    assert [row.group for row in audit.calibration("g", bins=1)] == [(("g", "A"),), (("g", "B"),)]


def test_weights():
    (row,) = audited([1, 0, 1], [0.2, 0.4, 0.6], weight=[1.0, 1.0, 2.0]).calibration(bins=1)
    assert (row.mean_predicted, row.value) == (pytest.approx((0.2 + 0.4 + 1.2) / 4), 0.75)
    low, _ = wilson([0.75 * 16 / 6], [16 / 6])
    assert row.low == pytest.approx(low[0])


def test_scores_that_tie_leave_fewer_bins():
    rows = audited([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.9]).calibration(bins=10)
    assert [(row.bin_low, row.bin_high, row.n) for row in rows] == [(0.5, 0.5, 3), (0.9, 0.9, 1)]


def test_bins_of_a_binned_audit_are_made_of_its_own():
    audit = audited(Y, S, bins=7)
    rows = audit.calibration(bins=2, strategy="uniform")
    assert [row.bin_low for row in rows] == [0.0, 0.5]  # the threshold is an edge
    third = audit.calibration(bins=3, strategy="uniform")
    assert [row.bin_high for row in third] == [pytest.approx(2 / 7), pytest.approx(5 / 7), 1.0]
    assert rows[0].note == "binned: within 0.072 of the exact mean_predicted"
    many = audit.calibration(bins=50, strategy="uniform")
    assert len(many) == 8
    assert sum(row.n for row in many) == 6


def test_rows_without_weight_have_nothing_to_show():
    audit = audited([0, 1, 1], [0.2, 0.6, 0.7], groups=list("AAB"), weight=[1.0, 1.0, 0.0])
    (row,) = audit.calibration().where(g="B")
    assert (row.bin_low, row.value, row.n) == (None, None, 0)
    assert row.note == "undefined: no rows with weight (n=1)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bins": 0}, "bins: 0; expected a whole number of at least 1."),
        ({"bins": 2.5}, "bins: 2.5; expected a whole number of at least 1."),
        (
            {"strategy": "uniforn"},
            "strategy: 'uniforn'; expected one of 'quantile', 'uniform'. Did you mean 'uniform'?",
        ),
        ({"by": "h"}, "axis: 'h'; expected one of 'g'."),
    ],
)
def test_what_is_refused(options, message):
    with pytest.raises(ArgumentError) as error:
        audited(Y, S).calibration(**options)
    assert str(error.value) == message


def test_scores_that_are_no_probabilities():
    with pytest.raises(TallyError) as error:
        audited(Y, [4 * s - 2 for s in S]).calibration()
    assert str(error.value) == (
        "calibration: scores from -1.6 to 1.6; expected probabilities from 0 to 1. "
        "Turn them into probabilities first."
    )


@pytest.mark.parametrize(
    ("y", "p", "seen"),
    [([0, 1], [0, 1], "an audit of predictions"), ([0, 1, 2], [0, 1, 2], "a multiclass audit")],
)
def test_an_audit_without_scores(y, p, seen):
    audit = rai.audit(y_true=y, y_pred=p, sensitive_features={"g": ["A"] * len(y)})
    with pytest.raises(ArgumentError) as error:
        audit.calibration()
    assert str(error.value) == (
        f"calibration: {seen}; expected scores of two classes. Audit with y_score= instead of y_pred=."
    )
