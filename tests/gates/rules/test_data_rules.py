"""Checks of the data as verdicts: what was not looked at is never a pass."""

import numpy as np
import pytest

import rai
import rai.explore
from rai.ground.errors import PolicyError


def rows_of(n=400, *, missing=0.0, ones=0.5, seed=0):
    rng = np.random.default_rng(seed)
    age = rng.normal(40, 10, n)
    age[: int(missing * n)] = np.nan
    return {
        "y": (np.arange(n) < ones * n).astype(int),
        "p": rng.integers(0, 2, n),
        "g": rng.choice(["A", "B"], n),
        "age": age,
    }


def check(*checks, **more):
    return {"id": "data", "kind": "data_check", "checks": list(checks), **more}


def found(make, rows, rule, **given):
    audit = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="g")
    return make.gate(audit, rule, data=rows, **given).verdicts


def test_a_verdict_is_what_the_check_says(make):
    for rows in (rows_of(), rows_of(missing=0.6)):
        findings = [
            f
            for f in rai.check_data(
                {"data": rows}, y_true="y", y_pred="p", sensitive_features="g", positive_label=1,
                checks=["missing"], rng=0,
            )
            if f.check == "missing"
        ]  # fmt: skip
        (verdict,) = found(make, rows, check("missing"))
        serious = [f for f in findings if f.severity == "serious"]
        assert verdict.name == "data[missing]"
        assert verdict.status == ("fail" if serious else "pass")
        worst = (serious or findings)[0]
        assert (verdict.value, verdict.limit, verdict.n) == (worst.value, worst.threshold, worst.n)
        assert verdict.reason.startswith(worst.sentence)
    assert verdict.status == "fail"  # of the second


def test_each_check_is_a_verdict_and_has_no_interval(make):
    verdicts = found(make, rows_of(), check("missing", "duplicate_rows"))
    assert [v.name for v in verdicts] == ["data[missing]", "data[duplicate_rows]"]
    assert {(v.error, v.low, v.claim) for v in verdicts} == {(None, None, "")}


def test_a_stricter_limit_is_kept_by_less(make):
    rows = rows_of(missing=0.1)
    statuses = [
        found(make, rows, check("missing", fail_on="warning", limits={"missing": limit}))[0].status
        for limit in (0.5, 0.01)
    ]
    assert statuses == ["pass", "fail"]


def test_more_missing_values_never_look_better(make):
    """What is inverted elsewhere: severity grows with the fault."""
    rank = {"pass": 0, "inconclusive": 1, "fail": 2}
    statuses = [
        found(make, rows_of(missing=share), check("missing", fail_on="warning"))[0].status
        for share in (0.0, 0.05, 0.2, 0.5, 0.9)
    ]
    assert [rank[s] for s in statuses] == sorted(rank[s] for s in statuses)
    assert (statuses[0], statuses[-1]) == ("pass", "fail")


def test_what_could_not_be_looked_at_is_inconclusive(make, monkeypatch):
    from dataclasses import replace

    rows = rows_of()
    (seen, *_) = rai.check_data({"data": rows}, y_true="y", checks=["missing"])
    unseen = replace(seen, severity="not_checked")
    for findings, status in (
        ([unseen], "inconclusive"),
        ([], "inconclusive"),
        ([seen, unseen], "inconclusive"),
    ):
        monkeypatch.setattr(rai.explore, "check_data", lambda *a, _found=tuple(findings), **k: _found)
        (verdict,) = found(make, rows, check("missing"))
        assert (verdict.status, verdict.code) == (status, "not_checked")


def test_rows_are_needed(make):
    audit = rai.audit(rows_of(), y_true="y", y_pred="p", sensitive_features="g")
    (verdict,) = make.gate(audit, check("missing")).verdicts
    assert (verdict.status, verdict.code) == ("error", "not_given")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (check("mising"), "Did you mean 'missing'"),
        (check("missing", fail_on="note"), "fail_on"),
        (check("missing", limits={"missing": float("nan")}), "limits"),
    ],
)
def test_what_is_no_check_is_refused(make, rule, said):
    with pytest.raises(PolicyError, match=said):
        found(make, rows_of(), rule)


def test_words(make):
    audit = rai.audit(rows_of(), y_true="y", y_pred="p", sensitive_features="g")
    rules = make.gate(audit, check("missing", "duplicate_rows"), data=rows_of()).policy.rules
    assert rules[0].words == "checks of the data find nothing serious: missing, duplicate_rows"
