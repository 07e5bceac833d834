"""Questions to verdicts: Holm's procedure without p-values, and passes that are not adjusted."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from rai.gates.answers import Bound, Question, Subject
from rai.gates.judging import judged
from rai.gates.power import Power
from rai.measure.simultaneous import holm

NORMAL = NormalDist()


def asked(z, *, limit=0.0, worse="higher", unacceptable=None, power=lambda: None):
    """A question whose value is z standard errors (of 1) beyond 0, in the direction that is worse."""
    value = z if worse == "higher" else -z

    def ask(error):
        reach = NORMAL.inv_cdf(1 - error)
        return Bound(value, value - reach, value + reach)

    return Question(
        subject=Subject(),
        ask=ask,
        limit=limit,
        worse=worse,
        unacceptable=unacceptable,
        power=power,
    )


def statuses(questions, errors=None):
    return [each.status for each in judged(questions, errors or [0.05] * len(questions))]


Z_STATISTICS = st.lists(st.floats(-5, 5), min_size=1, max_size=15)


@given(Z_STATISTICS)
def test_what_fails_is_what_holm_rejects(values):
    p = [1 - NORMAL.cdf(z) for z in values]
    failing = [status == "fail" for status in statuses([asked(z) for z in values])]
    assert failing == [adjusted <= 0.05 for adjusted in holm(p)]


@pytest.mark.parametrize("seed", range(8))
def test_what_fails_is_what_statsmodels_rejects(seed):
    z = np.random.default_rng(seed).normal(1.5, 1.5, 12)
    rejected = multipletests([1 - NORMAL.cdf(each) for each in z], alpha=0.05, method="holm")[0]
    assert [status == "fail" for status in statuses([asked(each) for each in z])] == rejected.tolist()


def test_holm_asks_those_that_are_left_at_their_larger_share():
    z = [NORMAL.inv_cdf(1 - p) for p in (0.012, 0.016, 0.024, 0.049, 0.3)]
    # 0.012 > 0.05 / 5: nothing fails, although 0.016 < 0.05 / 3
    assert statuses([asked(each) for each in z]) == ["inconclusive"] * 5
    z[0] = NORMAL.inv_cdf(1 - 0.009)
    found = judged([asked(each) for each in z], [0.05] * 5)
    assert [each.status for each in found] == ["fail", *["inconclusive"] * 4]
    assert [each.error for each in found] == [0.01, *[0.0125] * 4]
    alone = judged([asked(z[0]), asked(z[3])], [0.05] * 2)
    assert [(each.status, each.error) for each in alone] == [("fail", 0.025), ("fail", 0.05)]


@pytest.mark.parametrize("worse", ["higher", "lower"])
def test_bounds_are_near_at_holms_share_and_far_at_the_whole_error(worse):
    others = [asked(-9.0) for _ in range(9)]
    found = judged([asked(1.0, worse=worse), *others], [0.05] * 10)[0]
    near, far = NORMAL.inv_cdf(1 - 0.005), NORMAL.inv_cdf(0.95)
    expected = (1 - near, 1 + far) if worse == "higher" else (-1 - far, -1 + near)
    assert (found.low, found.high) == pytest.approx(expected)
    assert (found.status, found.error) == ("inconclusive", 0.005)


@given(Z_STATISTICS)
def test_a_pass_is_not_adjusted(values):
    together = statuses([asked(z) for z in values])
    assert [status == "pass" for status in together] == [
        NORMAL.cdf(z) <= 0.05 for z in values
    ]  # z + 1.645 ≤ 0


@given(Z_STATISTICS, st.randoms(use_true_random=False))
def test_the_order_of_questions_does_not_matter(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    straight = judged([asked(z) for z in values], [0.05] * len(values))
    turned = judged([asked(values[i]) for i in order], [0.05] * len(values))
    assert [straight[i] for i in order] == turned


RANK = {"pass": 0, "inconclusive": 1, "fail": 2}


@given(Z_STATISTICS, st.integers(0, 14), st.floats(0, 5), st.sampled_from([None, 2.0]))
def test_worse_values_never_make_any_verdict_better(values, at, more, loose):
    at %= len(values)
    worse = [z + more * (i == at) for i, z in enumerate(values)]
    before, after = (statuses([asked(z, unacceptable=loose) for z in each]) for each in (values, worse))
    assert all(RANK[b] <= RANK[a] for b, a in zip(before, after, strict=True))


@given(Z_STATISTICS, st.floats(-9, 9), st.sampled_from([None, 0.5, 2.0, 6.0]))
def test_one_more_question_never_turns_a_fail_into_a_pass(values, more, loose):
    questions = [asked(z, unacceptable=loose) for z in values]
    before, after = statuses(questions), statuses([*questions, asked(more)])
    assert ("fail", "pass") not in set(zip(before, after[:-1], strict=True))
    assert [s == "pass" for s in before] == [s == "pass" for s in after[:-1]] or loose is not None


def test_each_rule_may_have_an_error_of_its_own():
    z = NORMAL.inv_cdf(0.97)
    assert statuses([asked(z)], [0.05]) == ["fail"]
    assert statuses([asked(z)], [0.01]) == ["inconclusive"]
    assert statuses([asked(z), asked(9.0)], [0.02, 0.05]) == ["inconclusive", "fail"]


def test_a_claim_to_detect_passes_at_a_looser_limit():
    assert statuses([asked(0.0, unacceptable=2.0)]) == ["pass"]
    assert statuses([asked(0.0)]) == ["inconclusive"]
    (unclear,) = judged([asked(1.0, unacceptable=2.0)], [0.05])
    assert (unclear.status, unclear.reason) == (
        "inconclusive",
        "neither more than 0 nor less than 2.00 is shown",
    )
    (kept,) = judged([asked(0.0, unacceptable=2.0)], [0.05])
    assert kept.reason == "no more than 0 is shown, and 2.00 would have been noticed"


def test_what_would_fail_alone_does_not_pass_among_many():
    alone, crowd = asked(2.0, unacceptable=9.0), [asked(-9.0) for _ in range(9)]
    assert statuses([alone]) == ["fail"]
    found = judged([alone, *crowd], [0.05] * 10)[0]
    assert (found.status, found.code) == ("inconclusive", "not_shown")
    assert found.reason == (
        "more than 0 would be shown, were this the only question; among all of them it could be chance"
    )


def test_what_lies_at_the_limit_keeps_it():
    at = Question(subject=Subject(), ask=lambda e: Bound(0.8, 0.8, 0.8), limit=0.8, worse="lower")
    assert statuses([at]) == ["pass"]
    rounded = Question(
        subject=Subject(), ask=lambda e: Bound(0.3, 0.1, 0.1 + 0.2), limit=0.3, worse="higher"
    )
    assert statuses([rounded]) == ["pass"]


@pytest.mark.parametrize(
    ("bound", "status"),
    [
        (Bound(None, None, None, "nothing"), "inconclusive"),
        (Bound(0.2, None, None, "a count"), "inconclusive"),
        (Bound(0.2, 0.1, None), "inconclusive"),
        (Bound(0.9, 0.8, None), "fail"),  # shown to be broken, whatever the far bound
        (Bound(0.2, None, 0.3), "pass"),
        (Bound(None, None, 0.3), "inconclusive"),
    ],
)
def test_without_a_bound_nothing_is_shown_by_it(bound, status):
    (found,) = judged(
        [Question(subject=Subject(), ask=lambda e: bound, limit=0.5, worse="higher")], [0.05]
    )
    assert found.status == status
    if status == "inconclusive":
        assert found.code == "no_interval"


def test_no_question_no_judgement():
    assert judged([], []) == []


def test_rows_and_what_is_detectable_are_told_where_nothing_is_shown():
    power = Power(error=1.0, distance=1.0, seen_error=1.0, seen_distance=1.0, n=100, limit=0.0)
    open_question, clear = asked(0.5, power=lambda: power), asked(9.0, power=lambda: power)
    found = judged([open_question, clear, asked(-9.0, power=lambda: power)], [0.05] * 3)
    assert [each.rows_needed for each in found] == [power.rows_needed(0.05), None, None]
    assert found[0].detectable == power.detectable(0.025)
    assert found[0].rows_needed == math.ceil(100 * (NORMAL.inv_cdf(0.95) + NORMAL.inv_cdf(0.8)) ** 2)


def test_a_ratio_below_nothing_is_not_told():
    power = Power(error=1.0, distance=0.5, n=50, limit=-0.5, scale="ratio", worse=-1)
    (found,) = judged([asked(0.1, power=lambda: power)], [0.05])
    assert found.detectable is None


def test_twenty_groups_and_five_metrics_are_one_family():
    rng = np.random.default_rng(0)
    failed = 0
    for _ in range(1_000):
        failed += "fail" in statuses([asked(z) for z in rng.standard_normal(100)])
    assert failed / 1_000 < 0.05 + 2 * math.sqrt(0.05 * 0.95 / 1_000)
    assert failed / 1_000 > 0.03  # and not for being asked too little
