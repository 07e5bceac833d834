"""How far groups are apart: values, bounds, and what is told where nothing is shown."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

import rai
from rai.ground.errors import PolicyError
from rai.measure.intervals import clopper_pearson, mover_difference

THREE = [(80, 100), (50, 100), (60, 100)]
LABELLED = [(40, 10, 10, 40), (20, 20, 30, 30), (30, 5, 20, 45)]  # tpr .8, .4, .6; fpr .2, .4, .1


@pytest.mark.parametrize(
    "case",
    [
        ("max_gap", "between_groups", 0.3, "A over B"),
        ("max_gap", "C", 0.2, "A over C"),
        ("max_gap", "to_overall", 0.8 - 19 / 30, "A over overall"),
        ("min_ratio", "between_groups", 5 / 8, "A over B"),
        ("min_ratio", "to_overall", 15 / 19, "overall over B"),
    ],
)
@pytest.mark.parametrize("metric", ["selection_rate", "demographic_parity"])
def test_the_value_is_the_worst_comparison(make, metric, case):
    kind, versus, value, who = case
    verdict = make.verdict(make.rates(*THREE), kind, metric, 0.5, versus=versus)
    assert verdict.value == pytest.approx(value)
    assert verdict.reason.endswith(f"({who})")
    assert (verdict.n, verdict.along, verdict.group) == (100, "g", None)


def test_it_is_the_gap_of_the_audit_with_bounds_of_its_own(make):
    audit = make.audit(*LABELLED)
    verdict = make.verdict(audit, "max_gap", "equalized_odds", 0.1)
    (gap,) = audit.gaps("equalized_odds", along="g")
    assert (verdict.value, verdict.metric) == (gap.value, "equalized_odds")
    assert verdict.reason.endswith("(A over B; in true positive rate)")
    assert verdict.low < gap.low  # exact sides
    assert verdict.high < gap.high  # and one pair at a time


def sides(x, n, y, m, z):
    """Bounds of a difference of two proportions from exact bounds of each."""
    return mover_difference(
        np.array([x / n]), clopper_pearson([x], [n], z=z),
        other=np.array([y / m]), other_bounds=clopper_pearson([y], [m], z=z),
    )  # fmt: skip


def test_two_groups_have_bounds_from_exact_sides(make):
    verdict = make.verdict(make.rates((80, 100), (50, 100)), "max_gap", "selection_rate", 0.1)
    z = NormalDist().inv_cdf
    assert verdict.low == pytest.approx(sides(80, 100, 50, 100, z(0.975)).low[0])
    assert verdict.high == pytest.approx(sides(80, 100, 50, 100, z(0.95)).high[0])
    assert (verdict.status, verdict.code) == ("fail", "beyond_limit")
    assert verdict.reason == "at most 0.100 is allowed, and at least 0.163 is shown (A over B)"


def test_the_far_bound_of_many_pairs_is_that_of_one_pair(make):
    rates = [(30, 300), (33, 300), (36, 300), (39, 300)]
    verdict = make.verdict(make.rates(*rates), "max_gap", "selection_rate", 0.2)
    z = NormalDist().inv_cdf(0.95)
    each = [sides(*one, *two, z) for one in rates for two in rates if one != two]
    assert verdict.high == pytest.approx(max(float(pair.high[0]) for pair in each))
    assert verdict.status == "pass"


@pytest.mark.parametrize(
    ("kind", "limit", "status"),
    [
        ("max_gap", 0.5, "pass"),
        ("max_gap", 0.35, "inconclusive"),
        ("max_gap", 0.1, "fail"),
        ("min_ratio", 0.45, "pass"),
        ("min_ratio", 0.6, "inconclusive"),
        ("min_ratio", 0.9, "fail"),
    ],
)
def test_statuses(make, kind, limit, status):
    verdict = make.verdict(make.rates(*THREE), kind, "selection_rate", limit)
    assert verdict.status == status
    assert (verdict.rows_needed is None, verdict.detectable is None) == (status != "inconclusive",) * 2


def test_rows_needed_and_detectable_are_those_of_equal_groups(make):
    verdict = make.verdict(make.rates((30, 100), (30, 100)), "min_ratio", "selection_rate", 0.8)
    z = NormalDist().inv_cdf
    error = math.sqrt(2 * 0.7 / 0.3 / 100)
    needed = 100 * ((z(0.95) + z(0.9)) * error / math.log(1.25)) ** 2
    assert verdict.rows_needed == pytest.approx(needed, abs=1.5)
    assert verdict.detectable == pytest.approx(0.8 * math.exp(-(z(0.975) + z(0.8)) * error), rel=1e-3)


def test_a_claim_to_detect_needs_fewer_rows(make):
    audit = make.rates((30, 100), (30, 100))
    strict = make.verdict(audit, "max_gap", "selection_rate", 0.05)
    lenient = make.verdict(audit, "max_gap", "selection_rate", 0.05, claim="detect")
    assert (strict.status, lenient.status) == ("inconclusive", "inconclusive")
    assert strict.rows_needed == pytest.approx(4 * lenient.rows_needed, abs=4)  # of twice the limit
    assert strict.detectable == lenient.detectable
    passed = make.verdict(audit, "max_gap", "selection_rate", 0.05, claim="detect", unacceptable=0.15)
    assert passed.status == "pass"


def test_what_must_not_go_unnoticed_of_a_ratio_is_its_square(make):
    rule = make.rule("min_ratio", "selection_rate", 0.8, claim="detect")
    assert make.gate(make.rates(*THREE), rule).policy.rules[0].loose == pytest.approx(0.64)


@pytest.mark.parametrize(("kind", "loose"), [("max_gap", 0.1), ("min_ratio", 0.9)])
def test_what_must_not_go_unnoticed_is_no_better_than_the_limit(make, kind, loose):
    rule = make.rule(kind, "selection_rate", 0.8 if kind == "min_ratio" else 0.2, unacceptable=loose)
    with pytest.raises(PolicyError, match="better than the limit"):
        make.gate(make.rates(*THREE), rule)


def test_a_group_without_a_value_is_a_doubt_of_its_own(make):
    audit = make.audit(*LABELLED, (0, 10, 0, 40))
    found = make.gate(audit, make.rule("max_gap", "equal_opportunity", 0.9)).verdicts
    assert [(v.name, v.status, v.code) for v in found] == [
        ("r[g=D]", "inconclusive", "undefined"),
        ("r[g]", "pass", "kept"),
    ]
    assert found[0].reason == "no rows with a positive label (n=50)"


def test_a_ratio_without_any_rate_is_undefined(make):
    verdict = make.verdict(make.rates((0, 100), (0, 100)), "min_ratio", "selection_rate", 0.8)
    assert (verdict.status, verdict.code, verdict.value) == ("inconclusive", "undefined", None)
    assert verdict.reason == "every rate is 0, so no ratio exists"
    one = make.verdict(make.rates((0, 200), (60, 200)), "min_ratio", "selection_rate", 0.8)
    assert (one.status, one.value, one.low) == ("fail", 0.0, 0.0)


def test_a_ratio_of_what_can_be_negative_is_undefined(make):
    audit = make.audit(*LABELLED)
    verdict = make.verdict(audit, "min_ratio", "matthews_correlation", 0.8)
    assert (verdict.status, verdict.reason) == (
        "inconclusive",
        "a ratio of a metric that can be negative",
    )


def test_fewer_than_two_groups_are_not_compared(make):
    one = make.verdict(make.rates((5, 100)), "max_gap", "selection_rate", 0.9)
    assert (one.status, one.code) == ("inconclusive", "too_few_groups")
    found = make.gate(
        make.rates((5, 100), (5, 100)), make.rule("max_gap", "selection_rate", 0.9, versus="Z")
    ).verdicts
    assert [(v.status, v.code) for v in found] == [("inconclusive", "no_reference")]


@pytest.mark.parametrize(
    ("kind", "metric", "said"),
    [
        ("max_gap", "disparate_impact", "use kind: min_ratio"),
        ("min_ratio", "error_inequality", "use kind: max_gap"),
        ("max_gap", "fairness", "no such criterion|fairness"),
    ],
)
def test_a_criterion_fits_its_kind(make, kind, metric, said):
    from rai.measure.criteria import CRITERIA

    if kind == "min_ratio":
        metric = next(c.name for c in CRITERIA if c.kind == "index")
    elif metric == "disparate_impact":
        metric = next(c.name for c in CRITERIA if c.kind == "ratio")
    with pytest.raises(PolicyError, match=said):
        make.gate(make.rates(*THREE), make.rule(kind, metric, 0.5))


def test_weights_are_in_the_value_and_in_the_bounds(make):
    rows = {"y": [1] * 400, "p": ([1] * 100 + [0] * 100) * 2, "g": ["A"] * 200 + ["B"] * 200}
    rows["w"] = [1.0] * 200 + [3.0] * 100 + [1.0] * 100
    audit = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g", sample_weight="w")
    verdict = make.verdict(audit, "max_gap", "selection_rate", 0.6)
    assert verdict.value == pytest.approx(0.75 - 0.5)
    n = 400**2 / (9 * 100 + 100)
    z = NormalDist().inv_cdf(0.95)
    assert verdict.high == pytest.approx(sides(0.75 * n, n, 100, 200, z).high[0])


def test_each_class_of_several_is_a_question_of_its_own(make):
    rng = np.random.default_rng(1)
    label = rng.choice(["a", "b", "c"], 1_200)
    guess = np.where(rng.random(1_200) < 0.8, label, "c")
    rows = {"y": label, "p": guess, "g": ["A", "B"] * 600}
    audit = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g")
    verdicts = make.gate(audit, make.rule("max_gap", "equal_opportunity", 0.5)).verdicts
    direct = {gap.within: gap.value for gap in audit.gaps("equal_opportunity", along="g")}
    assert {v.within: v.value for v in verdicts} == direct
    assert len({v.name for v in verdicts}) == len(direct) > 2


def test_gaps_of_a_regression(make):
    rng = np.random.default_rng(2)
    truth = rng.normal(0, 1, 600)
    rows = {"y": truth, "p": truth + np.tile([0.0, 0.5], 300), "g": ["A", "B"] * 300}
    audit = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g", task="regression")
    verdict = make.verdict(audit, "max_gap", "mean_error", 0.2)
    (gap,) = audit.gaps("mean_error", along="g")
    assert verdict.value == pytest.approx(gap.value) == pytest.approx(0.5)
    assert verdict.status == "fail"


def test_within_compares_groups_at_each_level(make):
    keys = (("A", 1), ("A", 2), ("B", 1), ("B", 2))
    cells = [(0, k, 0, 100 - k) for k in (80, 20, 50, 20)]
    audit = make.audit(*cells, groups=keys, along=("g", "site"))
    verdicts = make.gate(audit, make.rule("max_gap", "selection_rate", 0.25, within="site")).verdicts
    assert [(v.name, v.value) for v in verdicts] == [
        ("r[g, site=1]", pytest.approx(0.3)),
        ("r[g, site=2]", 0.0),
    ]


def test_every_sensitive_feature_and_all_of_them_together(make):
    keys = (("A", 1), ("A", 2), ("B", 1), ("B", 2))
    cells = [(0, k, 0, 100 - k) for k in (80, 20, 50, 20)]
    audit = make.audit(*cells, groups=keys, along=("g", "h"))
    verdicts = make.gate(audit, make.rule("max_gap", "selection_rate", 0.5, along="sensitive_features"))
    assert [v.name for v in verdicts.verdicts] == ["r[g]", "r[h]", "r[g × h]"]
    assert [v.value for v in verdicts.verdicts] == pytest.approx([0.15, 0.45, 0.6])


def test_the_seed_of_the_audit_decides_the_draws(make):
    audit = make.audit(*LABELLED)
    one, same, other = (
        make.verdict(replace(audit, seed=seed), "max_gap", "equalized_odds", 0.1) for seed in (1, 1, 2)
    )
    assert one == same
    assert one.low != other.low
    assert one.high == other.high  # which is no draw
