"""ROC and precision–recall curves: by hand, their bands, at thresholds asked for, and undefined."""

import numpy as np
import pytest

import rai
from rai.measure.intervals import wilson

Y = [1, 0, 1, 1, 0]
S = [0.9, 0.8, 0.6, 0.6, 0.2]


def audit_of(y=Y, s=S, g=None, **options):
    return rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": g or ["A"] * len(y)}, positive_label=1,
        **{"bins": "exact", **options},
    )  # fmt: skip


def test_a_roc_curve_by_hand():
    (curve,) = audit_of().curves("roc")
    assert curve.x.tolist() == [0, 0, 0.5, 0.5, 1]
    assert curve.y == pytest.approx([0, 1 / 3, 1 / 3, 1, 1])
    assert curve.threshold.tolist() == [np.inf, 0.9, 0.8, 0.6, 0.2]
    assert (curve.x_name, curve.y_name) == ("false_positive_rate", "true_positive_rate")
    assert (curve.name, curve.group, curve.n, curve.note) == ("roc", (("g", "A"),), 5, "")
    np.testing.assert_allclose((curve.low, curve.high), wilson([0, 1, 1, 3, 3], [3] * 5))


def test_a_precision_recall_curve_by_hand():
    (curve,) = audit_of().curves("precision_recall")
    assert curve.x == pytest.approx([1 / 3, 1 / 3, 1, 1])
    assert curve.y == pytest.approx([1, 1 / 2, 3 / 4, 3 / 5])
    assert curve.threshold.tolist() == [0.9, 0.8, 0.6, 0.2]
    assert (curve.x_name, curve.y_name) == ("true_positive_rate", "positive_predictive_value")
    np.testing.assert_allclose((curve.low, curve.high), wilson([1, 1, 3, 3], [1, 2, 4, 5]))


def test_points_between_two_others_are_left_out():
    y, s = [1, 1, 1, 0, 0, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
    roc, precision = audit_of(y, s).curves()
    assert roc.threshold.tolist() == [np.inf, 0.7, 0.4, 0.3]
    # precision falls between 0.6 and 0.4 at one recall: both ends stay, 0.5 doesn't
    assert precision.threshold.tolist() == [0.9, 0.8, 0.7, 0.4, 0.3]


def test_both_are_drawn_when_none_is_named():
    assert [curve.name for curve in audit_of().curves()] == ["roc", "precision_recall"]


def test_bands_follow_the_level():
    wide, narrow = (audit_of(level=level).curves("roc")[0] for level in (0.99, 0.5))
    assert (wide.low[1:4] < narrow.low[1:4]).all()
    assert (wide.level, narrow.level) == (0.99, 0.5)


def test_weights_narrow_a_band_by_their_effective_rows():
    y, s = [1] * 4 + [0], [0.9, 0.8, 0.3, 0.2, 0.1]
    (curve,) = audit_of(y, s, sample_weight=[3.0, 1.0, 1.0, 1.0, 1.0]).curves("roc")
    place = curve.threshold.tolist().index(0.2)
    assert curve.y[place] == 1.0
    assert curve.low[place] == pytest.approx(wilson([3], [3]).low[0])  # 6² / 12 rows


def test_points_asked_for_come_with_both_ends():
    roc, precision = audit_of().curves(points=[0.7, 0.85])
    assert roc.threshold.tolist() == [np.inf, 0.85, 0.7, 0.2]
    assert roc.x.tolist() == [0, 0, 0.5, 1]
    assert roc.y == pytest.approx([0, 1 / 3, 1 / 3, 1])
    assert precision.threshold.tolist() == [0.85, 0.7, 0.2]
    assert precision.y == pytest.approx([1, 1 / 2, 3 / 5])


def test_where_nobody_is_selected_there_is_no_precision():
    (precision,) = audit_of().curves("precision_recall", points=[0.95, 0.5])
    assert precision.threshold.tolist() == [0.5, 0.2]


def test_undefined_curves_have_no_points_and_a_reason():
    audit = audit_of([*Y, 1, 1, 0], [*S, 0.3, 0.4, 0.5], list("AAAAABBC"))
    roc = {curve.group_name: curve for curve in audit.curves("roc")}
    precision = {curve.group_name: curve for curve in audit.curves("precision_recall")}
    assert len(roc["A"].x) == 5
    assert (len(roc["B"].x), roc["B"].note) == (0, "undefined: no rows with a negative label (n=2)")
    assert (len(roc["C"].x), roc["C"].note) == (0, "undefined: no rows with a positive label (n=1)")
    assert precision["B"].y.tolist() == [1.0, 1.0]
    assert precision["C"].note == "undefined: no rows with a positive label (n=1)"
    assert audit.curves("roc").where(g="B").to_dicts() == [
        {"g": "B", "curve": "roc", "threshold": None, "x": None, "y": None, "low": None, "high": None,
         "n": 2, "note": "undefined: no rows with a negative label (n=2)"}
    ]  # fmt: skip


def test_bins_say_how_far_the_curve_may_be_off():
    roc, precision = audit_of(bins=2).curves()
    # bins hold (negative, positive) = (1, 0) and (1, 3): half of 3 of 6 pairs
    assert roc.note == "binned: within 0.25 of the exact curve, as an area"
    assert precision.note.startswith("binned: within 0.")
    assert roc.threshold.tolist() == [np.inf, 0.5, 0.0]


def test_groups_by_other_axes_and_everyone():
    y, s = [1, 0, 1, 0], [0.9, 0.1, 0.4, 0.6]
    audit = rai.audit(
        y_true=y, y_score=s, bins="exact",
        sensitive_features={"g": ["A", "A", "B", "B"], "h": ["X", "X", "X", "X"]},
    )  # fmt: skip
    assert [c.group for c in audit.curves("roc", by="g")] == [(("g", "A"),), (("g", "B"),)]
    (everyone,) = audit.curves("roc", by=())
    assert (everyone.group, everyone.group_name, everyone.n) == ((), "everyone", 4)
