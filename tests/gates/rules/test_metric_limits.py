"""Limits on a metric of each group, against bounds worked out directly."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from scipy.stats import binomtest

import rai
from rai.measure.intervals import clopper_pearson, critical_value

TWO = [(40, 10, 10, 40), (30, 5, 30, 35)]  # A: 80 of 100 right, tpr 40/50; B: 65 of 100, tpr 30/60


def exact(k, n, *, error=0.05, side):
    alternative = "greater" if side == "low" else "less"  # of one-sided intervals
    found = binomtest(k, n, alternative=alternative).proportion_ci(1 - error, method="exact")
    return getattr(found, side)


def test_bounds_of_a_proportion_are_exact_near_at_holms_share_and_far_at_the_whole(make):
    found = make.gate(make.audit(*TWO), make.rule("min_metric", "recall", 0.6)).verdicts
    a, b = found
    assert [v.name for v in found] == ["r[g=A]", "r[g=B]"]
    assert [(v.value, v.n, v.smallest, v.limit) for v in found] == [
        (0.8, 100, "A", 0.6),
        (0.5, 100, "B", 0.6),
    ]
    assert [v.status for v in found] == ["pass", "inconclusive"]
    assert a.low == pytest.approx(exact(40, 50, side="low"))
    assert a.high == pytest.approx(exact(40, 50, side="high", error=0.025))
    assert b.low == pytest.approx(exact(30, 60, side="low"))
    assert b.high == pytest.approx(exact(30, 60, side="high", error=0.025))
    assert (a.error, b.error, b.code) == (0.025, 0.025, "not_shown")
    assert b.reason == "the limit 0.600 looks broken, which could be chance"


@pytest.mark.parametrize(
    ("kind", "limit", "statuses"),
    [
        ("max_metric", 0.9, ["pass", "pass"]),
        ("max_metric", 0.6, ["fail", "inconclusive"]),
        ("min_metric", 0.75, ["inconclusive", "fail"]),
        ("min_metric", 0.5, ["pass", "pass"]),
    ],
)
def test_which_way_is_worse(make, kind, limit, statuses):
    found = make.gate(make.audit(*TWO), make.rule(kind, "accuracy", limit)).verdicts
    assert [v.status for v in found] == statuses


def test_everyone_together_without_an_axis(make):
    verdict = make.verdict(make.audit(*TWO), "min_metric", "accuracy", 0.6, along=())
    assert (verdict.name, verdict.value, verdict.n, verdict.status) == ("r", 0.725, 200, "pass")
    assert verdict.low == pytest.approx(exact(145, 200, side="low"))


def test_a_metric_that_is_no_proportion_has_its_own_bounds(make):
    audit = make.audit(*TWO)
    (a, _) = make.gate(audit, make.rule("min_metric", "f1", 0.2)).verdicts
    estimate = replace(audit, level=0.9).metrics("f1")[0]  # a one-sided 95% bound is one of 90%
    assert (a.value, a.low) == pytest.approx((estimate.value, estimate.low))


def test_weights_count_as_kish_says(make):
    even = make.verdict(make.audit(TWO[0], weight=3.0), "min_metric", "recall", 0.6)
    plain = make.verdict(make.audit(TWO[0]), "min_metric", "recall", 0.6)
    assert (even.low, even.high, even.n) == pytest.approx((plain.low, plain.high, 100))
    rows = {"y": [1] * 100, "p": [1] * 60 + [0] * 40, "g": ["A"] * 100, "w": [1.0] * 60 + [3.0] * 40}
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g", sample_weight="w")
    uneven = make.verdict(found, "min_metric", "recall", 0.2)
    n = 180**2 / (60 + 9 * 40)  # (Σw)² / Σw²
    assert uneven.value == pytest.approx(60 / 180)
    low, _ = clopper_pearson([n / 3], [n], z=critical_value(0.9))
    assert uneven.low == pytest.approx(low[0])


def test_scores_are_cut_at_the_threshold_of_the_rule(make):
    rng = np.random.default_rng(0)
    rows = {"y": rng.integers(0, 2, 800), "s": rng.random(800).round(2), "g": ["A", "B"] * 400}
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", thresholds=[0.5, 0.8])
    for threshold in (None, 0.5, 0.8):
        verdicts = make.gate(
            audit, make.rule("max_metric", "selection_rate", 0.9, threshold=threshold)
        ).verdicts
        cut = 0.5 if threshold is None else threshold
        share = [np.mean((rows["s"] >= cut)[place::2]) for place in (0, 1)]
        assert [v.value for v in verdicts] == pytest.approx(share)


def test_a_threshold_that_scores_were_not_binned_at_is_refused(make):
    rng = np.random.default_rng(0)
    rows = {"y": rng.integers(0, 2, 800), "s": rng.random(800), "g": ["A", "B"] * 400}
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", bins=10)
    (verdict,) = make.gate(
        audit, make.rule("max_metric", "selection_rate", 0.9, threshold=0.77)
    ).verdicts
    assert (verdict.status, verdict.code) == ("error", "refused")
    assert "0.77" in verdict.reason


def test_a_plan_of_thresholds_has_one_for_each_group(make, tmp_path):
    rng = np.random.default_rng(1)
    rows = {"y": rng.integers(0, 2, 600), "s": rng.random(600), "g": ["A", "B"] * 300}
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", thresholds=[0.3, 0.5, 0.7])
    plan = rai.optimize_thresholds(audit, strategy="demographic_parity", along="g")
    plan.save(tmp_path / "plan.json")
    rule = make.rule("max_metric", "selection_rate", 0.99, plan="plan.json")
    policy = tmp_path / "fairness.yaml"
    policy.write_text(yaml.safe_dump({"version": 1, "rules": [rule]}), encoding="utf-8")
    verdicts = rai.gate(audit, policy).verdicts
    direct = audit.metrics("selection_rate", threshold=plan.thresholds)
    assert [v.value for v in verdicts] == [e.value for e in direct]


def test_within_asks_once_for_each_level(make):
    keys = (("A", "north"), ("A", "south"), ("B", "north"))
    audit = make.audit((40, 5, 5, 50), (10, 5, 5, 80), (20, 5, 5, 70), groups=keys, along=("g", "site"))
    verdicts = make.gate(audit, make.rule("min_metric", "accuracy", 0.6, within="site")).verdicts
    assert [v.name for v in verdicts] == [
        "r[g=A, site=north]",
        "r[g=B, site=north]",
        "r[g=A, site=south]",
    ]
    assert [v.value for v in verdicts] == [0.9, 0.9, 0.9]


def test_a_metric_of_several_classes_is_asked_for_each(make):
    rng = np.random.default_rng(2)
    label = rng.choice(["a", "b", "c"], 900)
    guess = np.where(rng.random(900) < 0.9, label, "a")
    audit = rai.audit(
        {"y": label, "p": guess, "g": ["A", "B", "B"] * 300},
        y_true="y",
        y_pred="p",
        sensitive_features="g",
    )
    verdicts = make.gate(audit, make.rule("min_metric", "recall", 0.7)).verdicts
    direct = {(dict(e.group)["label"], dict(e.group)["g"]): e.value for e in audit.metrics("recall")}
    assert {(dict(v.within)["label"], v.group): v.value for v in verdicts} == pytest.approx(direct)
    assert len({v.name for v in verdicts}) == len(verdicts) == len(direct)


def test_a_metric_of_a_regression(make):
    rng = np.random.default_rng(3)
    truth = rng.normal(0, 1, 400)
    rows = {"y": truth, "p": truth + rng.normal(0, 0.1, 400), "g": ["A", "B"] * 200}
    audit = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g", task="regression")
    verdicts = make.gate(audit, make.rule("max_metric", "mean_absolute_error", 0.1)).verdicts
    direct = [np.abs(rows["p"] - truth)[place::2].mean() for place in (0, 1)]
    assert [v.value for v in verdicts] == pytest.approx(direct)
    assert {v.status for v in verdicts} == {"pass"}
    worse = make.gate(audit, make.rule("max_metric", "mean_absolute_error", 0.05)).verdicts
    assert {v.status for v in worse} == {"fail"}


def test_a_count_has_no_interval_and_never_passes(make):
    found = make.gate(make.audit(*TWO), make.rule("max_metric", "count", 1_000)).verdicts
    assert {(v.status, v.code) for v in found} == {("inconclusive", "no_interval")}


def test_calibration_in_the_large_is_held_on_both_sides(make):
    rng = np.random.default_rng(4)
    score = rng.random(4_000)
    label = (rng.random(4_000) < score).astype(int)
    rows = {
        "y": label,
        "s": np.clip(score + 0.2, 0, 1),
        "t": np.clip(score - 0.2, 0, 1),
        "g": ["A", "B"] * 2_000,
    }
    for column in ("s", "t"):
        audit = rai.audit(rows, y_true="y", y_score=column, sensitive_features="g", bins="exact")
        for limit, status in ((0.05, "fail"), (0.3, "pass")):
            verdicts = make.gate(audit, make.rule("calibration", limit=limit)).verdicts
            assert {v.status for v in verdicts} == {status}
        direct = [abs(e.value) for e in audit.metrics("calibration_in_the_large")]
        assert [v.value for v in verdicts] == pytest.approx(direct)
        assert all(0 <= v.low <= v.value <= v.high for v in verdicts)


def test_another_measure_of_calibration_is_at_most_the_limit(make):
    rng = np.random.default_rng(5)
    score = rng.random(3_000)
    rows = {"y": (rng.random(3_000) < score).astype(int), "s": score, "g": ["A", "B"] * 1_500}
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", bins="exact")
    verdicts = make.gate(audit, make.rule("calibration", "expected_calibration_error", 0.15)).verdicts
    direct = [e.value for e in audit.metrics("expected_calibration_error")]
    assert [v.value for v in verdicts] == pytest.approx(direct)
    assert {v.status for v in verdicts} == {"pass"}
    none = make.gate(make.audit(*TWO), make.rule("calibration", limit=0.1)).verdicts
    assert [(v.status, v.code) for v in none] == [("error", "refused")]  # no scores


@pytest.mark.parametrize(
    ("kind", "limit", "loose"),
    [
        ("max_metric", 0.2, 1 / 3),
        ("min_metric", 0.8, 2 / 3),
        ("max_metric", 1.5, 3.0),
        ("min_metric", 2.0, 1.0),
    ],
)
def test_what_must_not_go_unnoticed_is_twice_the_odds_or_twice_the_number(make, kind, limit, loose):
    audit = make.audit(*TWO)
    rule = make.rule(kind, "accuracy", limit, claim="detect")
    assert make.gate(audit, rule).policy.rules[0].loose == pytest.approx(loose)


def test_a_claim_to_detect_lets_pass_what_would_have_been_noticed(make):
    audit = make.audit((40, 5, 5, 50))  # 10 of 100 wrong
    strict = make.verdict(audit, "max_metric", "error_rate", 0.1)
    lenient = make.verdict(audit, "max_metric", "error_rate", 0.1, claim="detect", unacceptable=0.2)
    assert (strict.status, lenient.status) == ("inconclusive", "pass")
    assert lenient.high == pytest.approx(exact(10, 100, side="high"))
    assert lenient.high < 0.2
    broken = make.verdict(make.audit((30, 15, 15, 40)), "max_metric", "error_rate", 0.1, claim="detect")
    assert broken.status == "fail"


def test_words(make):
    result = make.gate(
        make.audit(*TWO),
        make.rule("max_metric", "fpr", 0.1, id="a"),
        make.rule("min_metric", "accuracy", 0.5, id="b", along=()),
        make.rule("calibration", limit=0.1, id="c"),
    )
    assert [rule.words for rule in result.policy.rules] == [
        "false positive rate of each group of g is at most 0.1",
        "accuracy of everyone is at least 0.5",
        "scores are calibrated for each group of g: calibration in the large is off by at most 0.1",
    ]
