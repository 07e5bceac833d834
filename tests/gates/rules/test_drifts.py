"""Drift from a reference: the distances of a profile, feature by feature, held against a limit."""

import numpy as np
import pytest

import rai
from rai.ground.errors import PolicyError


def rows_of(n, shares, *, seed=0, shift=0.0):
    rng = np.random.default_rng(seed)
    return {
        "y": rng.integers(0, 2, n),
        "p": rng.integers(0, 2, n),
        "g": rng.choice(["A", "B"], n),
        "city": rng.choice(["x", "y", "z"], n, p=shares),
        "age": rng.normal(40 + shift, 10, n),
    }


SAME = rows_of(2_000, [0.5, 0.3, 0.2], seed=1)
REFERENCE = rows_of(2_000, [0.5, 0.3, 0.2], seed=2)
MOVED = rows_of(2_000, [0.2, 0.3, 0.5], seed=3, shift=15)


def drift(features, limit=0.1, **more):
    return {"id": "d", "kind": "drift", "features": features, "limit": limit, **more}


def found(make, rows, rule, reference=REFERENCE):
    audit = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g")
    return make.gate(audit, rule, data=rows, reference=reference).verdicts


def test_the_same_people_keep_the_limit_and_others_break_it(make):
    for rows, status in ((SAME, "pass"), (MOVED, "fail")):
        verdicts = found(make, rows, drift(["city", "age"]))
        assert [v.name for v in verdicts] == ["d[city]", "d[age]"]
        assert {v.status for v in verdicts} == {status}


@pytest.mark.parametrize("measure", ["jensen_shannon", "total_variation"])
def test_values_and_bounds_are_those_of_the_profile(make, measure):
    (verdict,) = found(make, MOVED, drift("city", measure=measure))
    sets = rai.profile({"reference": REFERENCE, "data": MOVED})
    (far,) = sets.distances("city", measures=measure, level=0.9, rng=0)
    (near,) = sets.distances("city", measures=measure, level=0.9, rng=0)
    assert verdict.value == pytest.approx(far.value)
    assert (verdict.low, verdict.high) == pytest.approx((near.low, far.high))
    share = np.abs(
        [np.mean(MOVED["city"] == c) - np.mean(REFERENCE["city"] == c) for c in "xyz"]
    ).sum() / 2  # fmt: skip
    if measure == "total_variation":
        assert verdict.value == pytest.approx(share)


def test_it_may_be_asked_within_each_group(make):
    verdicts = found(make, MOVED, drift("city", along="g"))
    assert [v.name for v in verdicts] == ["d[city, g=A]", "d[city, g=B]"]
    direct = rai.profile({"reference": REFERENCE, "data": MOVED}, sensitive_features="g").distances(
        "city", measures="jensen_shannon", by="g", level=0.9, rng=0
    )
    assert [v.value for v in verdicts] == pytest.approx([d.value for d in direct])


def test_few_rows_show_nothing(make):
    few = {name: column[:15] for name, column in SAME.items()}
    (verdict,) = found(make, few, drift("city", 0.05))
    assert verdict.status == "inconclusive"
    assert verdict.n == 15


def test_both_sets_of_rows_are_needed(make):
    audit = rai.audit(SAME, y_true="y", y_pred="p", sensitive_features="g")
    for given, lacking in (({"data": SAME}, "reference"), ({"reference": SAME}, "data")):
        result = make.gate(audit, drift("city"), **given)
        (verdict,) = result.verdicts
        assert (verdict.status, verdict.code, result.exit_code) == ("error", "not_given", 2)
        assert f"no {lacking}" in verdict.reason


def test_a_feature_that_is_not_there_is_an_error(make):
    (verdict,) = found(make, SAME, drift("town"))
    assert (verdict.status, verdict.code) == ("error", "refused")
    assert "town" in verdict.reason


@pytest.mark.parametrize("more", [{"measure": "closeness"}, {"limit": -0.1}])
def test_what_is_no_measure_or_limit_is_refused(make, more):
    with pytest.raises(PolicyError):
        found(make, SAME, {**drift("city"), **more})


def test_words(make):
    audit = rai.audit(SAME, y_true="y", y_pred="p", sensitive_features="g")
    rules = make.gate(audit, drift("city", along="g"), data=SAME, reference=SAME).policy.rules
    assert rules[0].words == (
        "drift of city from the reference in each group of g: Jensen-Shannon is at most 0.1"
    )
