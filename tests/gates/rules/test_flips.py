"""How many decisions hang on an attribute alone."""

import numpy as np
import pytest
from scipy.stats import binomtest

import rai


def rows_of(n=200):
    return {
        "y": [0, 1] * (n // 2),
        "s": [0.2, 0.8] * (n // 2),
        "sex": ["F"] * (n // 4) + ["M"] * (n - n // 4),
        "pay": [i / n for i in range(n)],
    }


def model(frame):
    """Pay decides, with a bonus of 0.1 for men."""
    return np.asarray(frame["pay"]) * 0.8 + np.where(np.asarray(frame["sex"]) == "M", 0.1, 0.0)


def blind(frame):
    return np.asarray(frame["pay"])


def flip(limit=0.1, **more):
    return {"id": "flip", "kind": "flip_rate", "change": "sex", "limit": limit, **more}


def found(make, rule, function=model, rows=None):
    rows = rows or rows_of()
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="sex")
    given = {"data": rows, "model": rai.load_model(function, classes=[0, 1])}
    return make.gate(audit, rule, **given)


def test_decisions_that_change_are_counted_for_each_value(make):
    verdicts = found(make, flip()).verdicts
    rows = rows_of()
    pay, sex = np.array(rows["pay"]), np.array(rows["sex"])
    changes = (pay * 0.8 < 0.5) & (pay * 0.8 + 0.1 >= 0.5)
    assert [(v.name, v.n) for v in verdicts] == [("flip[sex=F]", 50), ("flip[sex=M]", 150)]
    for verdict in verdicts:
        here = sex == verdict.group
        k, n = int(changes[here].sum()), int(here.sum())
        assert verdict.value == pytest.approx(k / n)
        far = binomtest(k, n, alternative="less").proportion_ci(0.95, method="exact")
        near = binomtest(k, n, alternative="greater").proportion_ci(1 - verdict.error, method="exact")
        assert (verdict.low, verdict.high) == pytest.approx((near.low, far.high))


def test_a_model_that_does_not_look_passes_and_one_that_does_fails(make):
    assert {v.status for v in found(make, flip(), blind).verdicts} == {"pass"}
    looking = found(make, flip(0.01, threshold=0.5)).verdicts
    assert looking[1].status == "fail"


def test_few_rows_of_a_value_are_inconclusive(make):
    verdicts = found(make, flip(min_n=60), blind).verdicts
    assert [(v.status, v.code) for v in verdicts] == [
        ("inconclusive", "too_few_rows"),
        ("pass", "kept"),
    ]
    assert verdicts[0].rows_needed == 60


def test_rows_needed_shrink_with_a_looser_limit(make):
    rows = {name: column[:100] for name, column in rows_of().items()}
    strict = found(make, flip(0.02), blind, rows).verdicts[1]
    assert (strict.status, strict.value) == ("inconclusive", 0.0)
    lenient = found(make, flip(0.02, claim="detect", unacceptable=0.2), blind, rows).verdicts[1]
    assert lenient.status == "pass"
    assert strict.rows_needed > strict.n


def test_what_must_not_go_unnoticed_is_twice_the_odds(make):
    rule = found(make, flip(0.2, claim="detect"), blind).policy.rules[0]
    assert rule.loose == pytest.approx(0.5 / 1.5)  # odds of 1/4, twice: 1/2


def test_the_model_and_the_rows_are_needed(make):
    rows = rows_of()
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="sex")
    for given, lacking in (
        ({"data": rows}, "model"),
        ({"model": rai.load_model(blind, classes=[0, 1])}, "data"),
    ):
        (verdict,) = make.gate(audit, flip(), **given).verdicts
        assert (verdict.status, verdict.code) == ("error", "not_given")
        assert f"no {lacking}" in verdict.reason


def test_a_model_that_crashes_is_an_error_and_exit_code_2(make):
    def broken(frame):
        raise ZeroDivisionError("division <b>by</b> zero")

    result = found(make, flip(), broken)
    assert {v.status for v in result.verdicts} == {"error"}
    assert result.exit_code == 2


def test_words(make):
    rule = found(make, flip(0.1, change=["sex", "pay"]), blind).policy.rules[0]
    assert rule.words == "changing sex, pay alone changes at most a share of 0.1 of the decisions"
