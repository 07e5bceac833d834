"""Waivers held against verdicts."""

import json
from datetime import date

import pytest

import rai
from rai.gates.policy_files import load_policy
from rai.gates.waiving import waived, worse_of
from rai.values.verdict import Verdict

DAY = date(2026, 3, 1)


def waiver(rule="r", tolerated=0.9, **more):
    return {"rule": rule, "owner": "Ann", "reason": "known", "created": "2026-01-01", "expires": "2026-06-01",
            "tolerated": tolerated, **more}  # fmt: skip


def gate(audit, rule, *waivers, as_of=DAY, **given):
    return rai.gate(
        audit, {"version": 1, "rules": [rule], "waivers": list(waivers)}, as_of=as_of, **given
    )


def statuses(result):
    return [(verdict.name, verdict.status, verdict.effect) for verdict in result.verdicts]


@pytest.fixture
def audit(make):
    """Selected: 90 of 100, 50 of 100 and 10 of 100."""
    return make.rates((900, 1000), (500, 1000), (100, 1000))


@pytest.fixture
def gap(make):
    return make.rule("max_gap", "demographic_parity", 0.1)


def test_a_fail_that_is_no_worse_than_tolerated_is_waived(audit, gap):
    result = gate(audit, gap, waiver(tolerated=0.8))
    (verdict,) = result.verdicts
    assert (verdict.status, verdict.effect, verdict.code, result.exit_code) == (
        "waived",
        "none",
        "waived",
        0,
    )
    assert verdict.value == pytest.approx(0.8)
    assert verdict.waiver == "waived by Ann until 2026-06-01: known"
    assert result.notes == ()


def test_a_fail_that_is_worse_than_tolerated_fails(audit, gap):
    result = gate(audit, gap, waiver(tolerated=0.79))
    (verdict,) = result.verdicts
    assert (verdict.status, verdict.effect, result.exit_code) == ("fail", "fail", 1)
    assert verdict.reason.endswith("; the waiver of Ann tolerates 0.790 only")
    assert result.notes == ()  # it is about the verdict, though it does not cover it


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 6, 1)])
def test_the_first_and_the_last_day_count(audit, gap, on):
    assert gate(audit, gap, waiver(), as_of=on).status == "pass"


def test_an_expired_waiver_is_an_error_that_names_its_owner(audit, gap):
    result = gate(audit, gap, waiver(), as_of=date(2026, 6, 2))
    assert statuses(result) == [("r[g]", "fail", "fail"), ("r[waiver of all groups]", "error", "error")]
    expired = result.verdicts[1]
    assert (expired.code, result.exit_code) == ("waiver_expired", 2)
    assert (
        expired.reason == "the waiver of Ann expired on 2026-06-01; fix the model, or agree on another"
    )


def test_an_expired_waiver_is_an_error_even_if_nothing_fails(make):
    rule = make.rule("max_gap", "demographic_parity", 0.1)
    result = gate(make.rates((500, 1000), (500, 1000)), rule, waiver(), as_of=date(2026, 6, 2))
    assert statuses(result) == [("r[g]", "pass", "none"), ("r[waiver of all groups]", "error", "error")]


def test_a_waiver_that_has_not_begun_covers_nothing_yet(audit, gap):
    result = gate(audit, gap, waiver(), as_of=date(2025, 12, 31))
    assert result.exit_code == 1
    assert result.notes == ("the waiver of r by Ann holds from 2026-01-01 on, and is not used",)


def test_a_waiver_that_covers_nothing_is_told(make):
    rule = make.rule("max_gap", "demographic_parity", 0.1)
    result = gate(make.rates((500, 1000), (500, 1000)), rule, waiver())
    assert (result.exit_code, result.notes) == (0, ("the waiver of r by Ann covers nothing; remove it",))


def test_a_waiver_of_a_group_covers_that_group_only(make, audit):
    rule = make.rule("max_metric", "selection_rate", 0.3)
    result = gate(audit, rule, waiver(group="A"))
    assert statuses(result) == [
        ("r[g=A]", "waived", "none"),
        ("r[g=B]", "fail", "fail"),
        ("r[g=C]", "pass", "none"),
    ]
    both = gate(audit, rule, waiver(group="A"), waiver(group="g=B", tolerated=0.5))
    assert [status for _, status, _ in statuses(both)] == ["waived", "waived", "pass"]


def test_waivers_of_several_groups_that_expire_have_names_of_their_own(make, audit):
    rule = make.rule("max_metric", "selection_rate", 0.3)
    result = gate(audit, rule, waiver(), waiver(group="A"), waiver(group="B"), as_of=date(2026, 7, 1))
    names = [verdict.name for verdict in result.verdicts]
    assert names[3:] == ["r[waiver of all groups]", "r[waiver of A]", "r[waiver of B]"]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("given", "tolerated", "status"),
    [
        (("min_ratio", "selection_rate", 0.8), 0.1, "waived"), (("min_ratio", "selection_rate", 0.8), 0.2, "fail"),
        (("min_metric", "selection_rate", 0.3), 0.1, "waived"), (("min_metric", "selection_rate", 0.3), 0.11, "fail"),
        (("max_metric", "selection_rate", 0.6), 0.9, "waived"), (("max_metric", "selection_rate", 0.6), 0.89, "fail"),
        (("min_n", None, 2000), 1000, "waived"), (("min_n", None, 2000), 1001, "fail"),
    ],
)  # fmt: skip
def test_it_is_known_which_way_is_worse(make, audit, given, tolerated, status):
    result = gate(audit, make.rule(*given), waiver(tolerated=tolerated))
    assert {verdict.status for verdict in result.verdicts} - {"pass"} == {status}


@pytest.mark.parametrize("margin", [0, 0.05])
@pytest.mark.parametrize(
    ("tolerated", "status"), [(-0.2, "waived"), (-0.1, "waived"), (-0.09, "fail"), (0.1, "fail")]
)
def test_a_loss_against_a_baseline_is_below_zero(make, margin, tolerated, status):
    new, old = make.audit((700, 0, 300, 1000)), make.audit((800, 0, 200, 1000))
    rule = make.rule("no_worse_than", "recall", margin=margin)
    (verdict,) = gate(new, rule, waiver(tolerated=tolerated), baseline=old).verdicts
    assert verdict.value == pytest.approx(-0.1)
    assert verdict.status == status


def test_a_gain_of_a_metric_that_should_be_low_is_above_zero(make):
    new, old = make.audit((1, 300, 1, 700)), make.audit((1, 200, 1, 800))
    rule = make.rule("no_worse_than", "false_positive_rate", margin=0)
    found = [
        gate(new, rule, waiver(tolerated=most), baseline=old).verdicts[0].status for most in (0.1, 0.09)
    ]
    assert found == ["waived", "fail"]


def test_minus_zero_is_a_loss_of_baselines_only():
    assert worse_of("no_worse_than", -0.0) == "lower"
    assert worse_of("no_worse_than", 0.0) == "higher"
    assert worse_of("max_gap", -0.0) == "higher"
    assert worse_of("max_metric", -1.0) == "higher"
    assert worse_of("data_check", None) == "higher"


def test_what_is_inconclusive_or_an_error_is_not_waived(make):
    small = make.rates((5, 10), (1, 10))
    rule = make.rule("max_gap", "demographic_parity", 0.1, min_n=30, groups=["Z"])
    result = gate(small, rule, waiver(tolerated=1))
    assert {verdict.status for verdict in result.verdicts} == {"inconclusive", "error"}
    assert result.notes[-1] == "the waiver of r by Ann covers nothing; remove it"


def test_a_fail_without_a_value_is_not_waived():
    rule = {"id": "r", "kind": "data_check", "checks": "missing"}
    loaded = load_policy({"version": 1, "rules": [rule], "waivers": [waiver(tolerated=1)]})
    fail = Verdict(
        rule="r", kind="data_check", status="fail", effect="fail", code="found", reason="Holes"
    )
    ((after,), notes) = waived([fail], loaded.policy, loaded.source, on=DAY)
    assert (after.status, after.reason, notes) == (
        "fail",
        "Holes; no waiver covers what has no value",
        [],
    )


def test_a_rule_of_a_pack_is_waived_by_its_id(make, audit, tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(json.dumps({"version": 1, "extends": "four-fifths",
                                "waivers": [waiver("four-fifths/selection-rate", 0.1)]}, indent=1))  # fmt: skip
    result = rai.gate(audit, path, as_of=DAY)
    assert statuses(result) == [("four-fifths/selection-rate[g]", "waived", "none")]
    late = rai.gate(audit, path, as_of=date(2026, 6, 2))
    assert [verdict.line for verdict in late.verdicts] == [None, 5]


def test_the_day_is_a_fact_only_where_there_are_waivers(make, audit, gap):
    assert gate(audit, gap, waiver()).facts["as of"] == "2026-03-01"
    assert "as of" not in gate(audit, gap).facts
