"""What errors cost each group: sums over rows, and intervals that agree with those of plans."""

import numpy as np
import pytest

import rai

RNG = np.random.default_rng(3)
N = 500
SEX, RACE = RNG.choice(["F", "M"], N), RNG.choice(["A", "B", "C"], N)
SCORE = np.round(RNG.random(N), 3)
TRUE = RNG.random(N) < SCORE
PRICES = {"cost_fp": 2.0, "cost_fn": 3.0, "benefit_tp": 1.0, "benefit_tn": 0.5}


def audited(**asked):
    groups = {"sex": SEX, "race": RACE}
    return rai.audit(y_true=TRUE.astype(int), y_score=SCORE, sensitive_features=groups, **asked)


def paid(called):
    """What each row costs, written out."""
    right = np.where(TRUE, -1.0, -0.5)
    wrong = np.where(TRUE, 3.0, 2.0)
    return np.where(called == TRUE, right, wrong)


def test_the_cost_of_a_group_is_the_mean_of_its_rows():
    cut_of_each = np.where(SEX == "F", 0.4, 0.7)
    called = cut_of_each <= SCORE
    threshold = {(s, r): 0.4 if s == "F" else 0.7 for s in "FM" for r in "ABC"}
    for by, of in (("sex", SEX), ("race", RACE)):
        for each in audited().costs(by, threshold, **PRICES):
            rows = paid(called)[of == each.name]
            assert each.value == pytest.approx(rows.mean())
            assert each.n == len(rows)
            assert each.numerator == pytest.approx(rows.sum())
            assert each.denominator == len(rows)
            assert each.low < each.value < each.high


def test_weights_weigh():
    weight = RNG.random(N)
    found = audited(sample_weight=weight).costs("sex", **PRICES)
    for each in found:
        inside = each.name == SEX
        rows, by = paid(SCORE >= 0.5)[inside], weight[inside]
        assert each.value == pytest.approx(np.average(rows, weights=by))
        assert each.denominator == pytest.approx(by.sum())


def test_with_costs_of_one_it_is_the_error_rate():
    costs, errors = audited().costs(), audited().metrics("error_rate")
    assert [each.value for each in costs] == pytest.approx([each.value for each in errors])
    assert [each.n for each in costs] == [each.n for each in errors]


def test_everyone_costs_what_a_plan_says():
    found = audited()
    plan = rai.optimize_thresholds(found, strategy="equal_opportunity", along="sex", **PRICES)
    threshold = {key: plan.thresholds[key[:1]] for key in found.tally.groups}
    everyone = found.costs((), threshold, **PRICES)[0]
    assert everyone.value == pytest.approx(plan.fitted.cost.value)
    assert (everyone.low, everyone.high) == pytest.approx((plan.fitted.cost.low, plan.fitted.cost.high))


def test_the_interval_covers_the_true_cost():
    rng, held = np.random.default_rng(0), 0
    for _ in range(400):
        score = np.round(rng.random(200), 3)
        true = (rng.random(200) < score).astype(int)
        found = rai.audit(y_true=true, y_score=score, sensitive_features={"g": ["a"] * 200})
        each = found.costs(cost_fp=1.0, cost_fn=2.0)[0]
        held += each.low <= 0.125 + 2 * 0.125 <= each.high  # E[(1 - s); s ≥ ½] = E[s; s < ½] = 1/8
    assert held >= 370


def test_an_audit_without_scores_says_what_to_do():
    found = rai.audit(y_true=[1, 0], y_pred=[1, 1], sensitive_features={"g": ["a", "b"]})
    with pytest.raises(rai.ArgumentError, match="Audit with y_score= instead of y_pred="):
        found.costs()


def test_a_threshold_that_is_no_edge_is_an_error():
    with pytest.raises(rai.TallyError, match=r"threshold 0\.12345 is not an edge"):
        audited().costs(threshold=0.12345)


def test_a_group_whose_rows_weigh_nothing_has_no_cost_and_says_why():
    rows = {"y_true": [1, 0, 1, 0], "y_score": [0.9, 0.2, 0.6, 0.7]}
    found = rai.audit(**rows, sensitive_features={"g": [*"aabb"]}, sample_weight=[0, 0, 1, 1])
    without, known = found.costs("g")
    assert (without.value, without.n, without.note) == (None, 2, "undefined: no rows (n=2)")
    assert (known.value, known.numerator, known.denominator) == (0.5, 1.0, 2.0)
