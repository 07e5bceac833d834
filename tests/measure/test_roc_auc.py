"""The area under the ROC curve: by hand, undefined, weighted, binned, and compared between groups."""

import numpy as np
import pytest

import rai
from rai import ArgumentError
from rai.measure.metrics import find_metric
from rai.measure.roc_auc import roc_areas, roc_auc
from rai.measure.score_metrics import SCORE_METRICS, find_score_metric

Y = [1, 0, 1, 1, 0, 0]
S = [0.9, 0.8, 0.6, 0.6, 0.6, 0.1]


def audit_of(y, s, g=None, **options):
    groups = {"g": g or ["A"] * len(y)}
    return rai.audit(
        y_true=y, y_score=s, sensitive_features=groups, positive_label=1, **{"bins": "exact", **options}
    )


def test_by_hand():
    # 0.9 beats 3; each 0.6 beats 1 and ties with 1: (3 + 1.5 + 1.5) / 9
    (row,) = audit_of(Y, S).metrics("roc_auc")
    assert row.value == pytest.approx(6 / 9)
    # placements 1, ½, ½ of positive rows and 1/3, 2/3, 1 of negative ones: variances 1/12 and 1/9
    assert roc_areas(audit_of(Y, S).tally).variance[0] == pytest.approx((1 / 12 + 1 / 9) / 3)
    assert (row.method, row.n, row.note, row.numerator, row.denominator) == ("delong", 6, "", None, None)
    assert 0 < row.low < row.value < row.high < 1


def test_every_name_finds_it():
    for name in ("roc_auc", "auc", "auroc", "c_statistic"):
        assert find_score_metric(name) is find_score_metric("roc_auc")
        assert audit_of(Y, S).metrics(name)[0].metric == "roc_auc"


def test_names_of_score_metrics_are_theirs_alone():
    for metric in SCORE_METRICS:
        for name in (metric.name, *metric.aliases):
            with pytest.raises(ArgumentError):
                find_metric(name)


@pytest.mark.parametrize(
    ("y", "reason"),
    [
        ([1, 1], "undefined: no rows with a negative label (n=2)"),
        ([0, 0], "undefined: no rows with a positive label (n=2)"),
    ],
)
def test_undefined_is_none_with_a_reason(y, reason):
    audit = audit_of([*Y, *y], [*S, 0.3, 0.5], [*"AAAAAA", "B", "B"])
    fine, row = audit.metrics("roc_auc")
    assert fine.value == pytest.approx(6 / 9)
    assert (row.value, row.low, row.high, row.note) == (None, None, None, reason)


def test_a_perfect_ranking_of_few_rows_is_not_certain():
    wide, narrow = (
        audit_of([0] * n + [1] * n, np.linspace(0.1, 0.9, 2 * n)).metrics("auc")[0] for n in (3, 300)
    )
    assert (wide.value, wide.high, narrow.value) == (1.0, 1.0, 1.0)
    assert 0.3 < wide.low < 0.6
    assert 0.98 < narrow.low < 1


def test_the_worst_ranking_mirrors_the_best():
    best, worst = (
        audit_of(y, [0.1, 0.2, 0.8, 0.9]).metrics("auc")[0] for y in ([0, 0, 1, 1], [1, 1, 0, 0])
    )
    assert worst.value == 0.0
    assert (worst.low, worst.high) == pytest.approx((1 - best.high, 1 - best.low))


def test_light_weights_leave_more_doubt():
    """Ten rows that carry nearly all weight say little more than ten rows."""
    rng = np.random.default_rng(0)
    y, s = rng.integers(0, 2, 400), rng.random(400)
    even, uneven = (
        audit_of(y, s, sample_weight=w).metrics("auc")[0]
        for w in (np.ones(400), np.where(np.arange(400) < 10, 1000.0, 1.0))
    )
    assert uneven.high - uneven.low > 2 * (even.high - even.low)


def test_bins_state_how_far_off_they_may_be():
    # bins 0 to 0.5 and 0.5 to 1 hold (negative, positive) = (1, 0) and (2, 3): ½ · 6 / 9
    (row,) = audit_of(Y, S, bins=2).metrics("auc")
    assert row.value == pytest.approx(2 / 3)
    assert row.note == "binned: within 0.34 of the exact value"
    (sure,) = audit_of([0, 1], [0.2, 0.8], bins=2).metrics("auc")
    assert (sure.value, sure.note) == (1.0, "")


def test_gaps_and_pairs_follow():
    rng = np.random.default_rng(1)
    g = np.repeat(["A", "B", "C"], 200)
    y = rng.integers(0, 2, 600)
    s = rng.normal(np.where(g == "C", 0.2, 2.0) * y, 1.0)
    audit = audit_of(y, s, list(g), thresholds=[0.0])
    areas = {row.name: row.value for row in audit.metrics("auc")}
    (gap,) = audit.gaps("auc")
    assert gap.lowest == "C"
    assert gap.value == pytest.approx(max(areas.values()) - areas["C"])
    assert gap.low > 0.1
    assert gap.p_value < 0.01
    rows = audit.pairs("auc").to_dicts()
    assert [(row["group"], row["versus"]) for row in rows] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert rows[1]["value"] == pytest.approx(areas["A"] - areas["C"])
    (ratio,) = audit.gaps("auc", kind="ratio", versus="A")
    assert ratio.value == pytest.approx(min(areas["C"] / areas["A"], areas["B"] / areas["A"]))


def test_a_reference_with_bins_is_no_reference_without_value():
    """The note on its bins is not taken for a reason why it is undefined."""
    audit = audit_of([0, 1, 1, 1], [0.2, 0.2, 0.3, 0.4], list("AABB"), bins=3)
    (gap,) = audit.gaps("auc", versus="A")
    assert gap.note == (
        "undefined: fewer than two groups have a value for roc auc; "
        "left out B: no rows with a negative label (n=2)"
    )


def test_predictions_have_no_area():
    audit = rai.audit(y_true=[0, 1], y_pred=[0, 1], sensitive_features={"g": ["A", "A"]})
    for ask in (audit.metrics, audit.gaps, audit.pairs):
        with pytest.raises(ArgumentError) as error:
            ask("auc")
        assert str(error.value) == (
            "metric 'roc_auc': no scores; expected scores of two classes. "
            "Audit with y_score= instead of y_pred=."
        )


def test_many_distinct_scores_are_measured_group_by_group():
    rng = np.random.default_rng(2)
    g = rng.integers(0, 5, 50_000)
    y, s = rng.integers(0, 2, 50_000), rng.random(50_000)
    audit = audit_of(y, s, [f"g{i}" for i in g])
    for place, row in enumerate(roc_auc("auc", audit.tally).value):
        ranks = np.argsort(np.argsort(s[g == place])) + 1
        positive = y[g == place] == 1
        m, n = positive.sum(), (~positive).sum()
        assert row == pytest.approx((ranks[positive].sum() - m * (m + 1) / 2) / m / n, abs=1e-12)
