"""The gate as a whole: what stops it, what it is given, and that nothing goes wrong in silence."""

import numpy as np
import pandas as pd
import pytest

import rai
from rai.gates.gating import EFFECTS_OF_DOUBT, effect_of
from rai.gates.policies import Policy
from rai.ground.errors import ArgumentError, DataError, PolicyError


def rows_of(*groups):
    """Rows of groups, each as (name, right, wrong): labels are balanced, predictions right so often."""
    frames = []
    for name, right, wrong in groups:
        n = right + wrong
        label = np.arange(n) % 2
        hit = np.arange(n) < right
        frames.append(pd.DataFrame({"y": label, "p": np.where(hit, label, 1 - label), "sex": name}))
    return pd.concat(frames, ignore_index=True)


def audit_of(*groups):
    return rai.audit(rows_of(*groups), y_true="y", y_pred="p", sensitive_features="sex")


def accuracy(limit, **more):
    return {
        "id": "accuracy",
        "kind": "min_metric",
        "metric": "accuracy",
        "along": "sex",
        "limit": limit,
        **more,
    }


def policy(*rules, **more):
    return {"version": 1, "rules": list(rules), **more}


FAIR = audit_of(("F", 900, 100), ("M", 900, 100))


@pytest.mark.parametrize(
    ("limit", "status", "code"), [(0.8, "pass", 0), (0.95, "fail", 1), (0.9, "inconclusive", 3)]
)
def test_the_status_and_the_exit_code_follow_from_the_verdicts(limit, status, code):
    result = rai.gate(FAIR, policy(accuracy(limit)))
    assert (result.status, result.exit_code) == (status, code)
    assert {v.status for v in result.verdicts} == {status}
    assert result.headline == f"Gate {_SAID[status]}: 2 verdicts, 2 {status}"


_SAID = {"pass": "passed", "fail": "failed", "inconclusive": "inconclusive"}


def test_the_worst_verdict_decides():
    rules = [accuracy(limit, id=name) for name, limit in (("a", 0.8), ("b", 0.9), ("c", 0.95))]
    assert rai.gate(FAIR, policy(*rules)).status == "fail"
    assert rai.gate(FAIR, policy(*rules[:2])).status == "inconclusive"
    absent = accuracy(0.8, id="d", groups=["F", "M", "X"])
    assert rai.gate(FAIR, policy(*rules, absent)).status == "error"


@pytest.mark.parametrize(
    ("status", "severity", "effect"),
    [
        ("error", "note", "error"),
        ("fail", "error", "fail"),
        ("fail", "warning", "warn"),
        ("fail", "note", "none"),
        ("pass", "error", "none"),
        ("waived", "error", "none"),
        ("inconclusive", "warning", "warn"),
        ("inconclusive", "note", "none"),
        ("inconclusive", "error", "inconclusive"),
    ],
)
def test_what_a_status_does_depends_on_the_severity_but_for_errors(status, severity, effect):
    rule = Policy.model_validate(policy(accuracy(0.5, severity=severity))).rules[0]
    assert effect_of(status, rule) == effect


@pytest.mark.parametrize(("asked", "code"), [("stop", 3), ("fail", 1), ("warn", 0)])
def test_the_policy_says_what_an_inconclusive_verdict_does(asked, code):
    assert set(EFFECTS_OF_DOUBT) == {"stop", "fail", "warn"}
    result = rai.gate(FAIR, policy(accuracy(0.9, on_inconclusive=asked)))
    assert result.exit_code == code
    assert {v.status for v in result.verdicts} == {"inconclusive"}


def test_verdicts_have_names_of_their_own_and_stand_in_the_order_of_the_policy():
    rows = rows_of(("F", 90, 10), ("M", 90, 10), ("X", 3, 1))
    rows["race"] = np.where(np.arange(len(rows)) % 3, "A", "B")
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features=["sex", "race"])
    gap = {
        "id": "gap",
        "kind": "max_gap",
        "metric": "equal_accuracy",
        "along": "sensitive_features",
        "limit": 0.1,
    }
    size = {"id": "n", "kind": "min_n", "along": "sex", "limit": 50}
    result = rai.gate(found, policy(size, gap, accuracy(0.5, within="race")))
    names = [v.name for v in result.verdicts]
    assert len(set(names)) == len(names)
    assert [v.rule for v in result.verdicts] == sorted(
        [v.rule for v in result.verdicts], key=["n", "gap", "accuracy"].index
    )
    assert names[:3] == ["n[sex=F]", "n[sex=M]", "n[sex=X]"]
    assert {"gap[sex]", "gap[race]", "gap[sex × race]", "accuracy[sex=F, race=A]"} <= set(names)


def test_a_rule_that_crashes_is_an_error_and_the_others_are_judged(monkeypatch):
    from rai.gates.rules.sizes import MinN

    def crash(self, case):
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(MinN, "answers", crash)
    result = rai.gate(
        FAIR, policy({"id": "n", "kind": "min_n", "along": "sex", "limit": 5}, accuracy(0.8))
    )
    assert result.exit_code == 2
    crashed, *others = result.verdicts
    assert (crashed.status, crashed.code) == ("error", "crashed")
    assert crashed.reason == "the rule crashed: ZeroDivisionError: by zero"
    assert [v.status for v in others] == ["pass", "pass"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"along": "gender"}, "axis: 'gender'; expected one of 'sex'."),
        ({"threshold": 0.7}, "threshold"),
        ({"metric": "roc_auc"}, "no scores"),
        ({"metric": "r2"}, "r2"),
    ],
)
def test_a_rule_that_does_not_fit_the_audit_is_an_error_verdict(rule, said):
    result = rai.gate(FAIR, policy(accuracy(0.8) | rule))
    (verdict,) = result.verdicts
    assert (verdict.status, verdict.code, result.exit_code) == ("error", "refused", 2)
    assert said in verdict.reason


def test_rules_that_read_rows_say_what_they_were_not_given():
    rules = [
        {"id": "data", "kind": "data_check", "checks": "missing"},
        {"id": "drift", "kind": "drift", "features": "sex", "limit": 0.1},
        {"id": "flips", "kind": "flip_rate", "change": "sex", "limit": 0.1},
    ]
    result = rai.gate(FAIR, policy(*rules))
    assert [(v.status, v.code) for v in result.verdicts] == [("error", "not_given")] * 3
    assert "--data" in result.verdicts[0].reason
    assert "--model" in result.verdicts[2].reason


def test_nothing_left_to_judge_is_inconclusive():
    result = rai.gate(FAIR, policy(accuracy(0.8, exclude=["F", "M"])))
    assert [(v.status, v.code) for v in result.verdicts] == [("inconclusive", "nothing_to_judge")]
    assert [note.split(" is not judged")[0] for note in result.notes] == ["accuracy: F", "accuracy: M"]


def test_an_audit_of_a_few_rows_never_passes():
    rules = [
        accuracy(0.1),
        {"id": "gap", "kind": "max_gap", "metric": "equal_accuracy", "along": "sex", "limit": 0.9},
        {"id": "ratio", "kind": "min_ratio", "metric": "selection_rate", "along": "sex", "limit": 0.1},
    ]
    result = rai.gate(audit_of(("F", 4, 0), ("M", 4, 0)), policy(*rules))
    assert result.status == "inconclusive"
    assert {v.status for v in result.verdicts} == {"inconclusive"}


def test_rows_that_could_not_be_counted_are_told():
    rows = rows_of(("F", 90, 10), ("M", 90, 10)).astype({"y": float})
    rows.loc[rows["sex"] == "M", "y"] = np.nan
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")
    result = rai.gate(found, policy(accuracy(0.7)))
    assert [v.group for v in result.verdicts] == ["F"]
    ((reason, lost),) = found.dropped.items()
    assert lost == 100
    assert result.notes == (f"100 rows not counted: {reason}",)


def test_an_audit_is_taken_from_its_file(tmp_path):
    path = FAIR.save(tmp_path / "audit.json")
    assert (
        rai.gate(path, policy(accuracy(0.8))).to_dicts()
        == rai.gate(FAIR, policy(accuracy(0.8))).to_dicts()
    )
    assert rai.gate(str(path), policy(accuracy(0.8))).status == "pass"


@pytest.mark.parametrize("given", [None, 3, [1, 2], pd.DataFrame()])
def test_what_is_no_audit_is_refused(given):
    with pytest.raises(
        ArgumentError, match=r"^gate: .*; expected an Audit, or the path of a saved one\.$"
    ):
        rai.gate(given, policy(accuracy(0.8)))


@pytest.mark.parametrize("given", [None, 3, [1]])
def test_what_is_no_policy_is_refused(given):
    with pytest.raises(PolicyError, match=r"expected a path, a dict, or a Policy"):
        rai.gate(FAIR, given)


def test_a_policy_made_in_python_gives_the_same_as_its_data():
    made = Policy.model_validate(policy(accuracy(0.8)))
    assert rai.gate(FAIR, made).to_dicts() == rai.gate(FAIR, policy(accuracy(0.8))).to_dicts()


# Baselines ------------------------------------------------------------------------------------------


NOT_WORSE = {"id": "nw", "kind": "no_worse_than", "metric": "accuracy", "along": "sex", "margin": 0.02}


def compared_rows():
    rows = rows_of(("F", 800, 200), ("M", 850, 150))
    rows["old"] = rows_of(("F", 700, 300), ("M", 840, 160))["p"]
    return rows


def test_a_column_a_model_and_audits_are_baselines():
    rows = compared_rows()
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")
    old = rai.audit(rows, y_true="y", y_pred="old", sensitive_features="sex")
    model = rai.load_model(lambda frame: frame["old"], task="binary", classes=[0, 1])
    by_column = rai.gate(found, policy(NOT_WORSE), baseline="old", data=rows)
    by_model = rai.gate(found, policy(NOT_WORSE), baseline=model, data=rows)
    by_audit = rai.gate(found, policy(NOT_WORSE), baseline=old)
    for result in (by_column, by_model, by_audit):
        assert [round(v.value, 12) for v in result.verdicts] == [0.1, 0.01]
        assert result.status == "pass"
    assert [v.low for v in by_column.verdicts] == [v.low for v in by_model.verdicts]
    assert all(a.low > b.low for a, b in zip(by_column.verdicts, by_audit.verdicts, strict=True))
    assert by_column.paired == "old"
    assert by_audit.paired is None
    assert len(by_audit.flips) == 0
    assert by_model.facts["baseline model"] == (model.digest or "(no digest)")


def test_flips_are_counted_by_group_and_direction():
    rows = compared_rows()
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")
    result = rai.gate(found, policy(NOT_WORSE), baseline="old", data=rows)
    for group in ("F", "M"):
        part = rows[rows["sex"] == group]
        for was, becomes in ((0, 1), (1, 0)):
            (row,) = result.flips.where(along="sex", group=group, was=was, becomes=becomes)
            assert row.numerator == ((part["old"] == was) & (part["p"] == becomes)).sum()
            assert row.n == 1000


def test_a_baseline_needs_the_rows_or_an_audit():
    with pytest.raises(
        ArgumentError, match=r"^baseline: no data; expected data=, the rows that were audited"
    ):
        rai.gate(FAIR, policy(NOT_WORSE), baseline="old")


def test_a_baseline_of_another_task_or_label_is_refused():
    rows = compared_rows()
    other = rai.audit(
        rows.assign(y=rows["y"].map({0: "no", 1: "yes"}), p=rows["p"].map({0: "no", 1: "yes"})),
        y_true="y",
        y_pred="p",
        sensitive_features="sex",
        positive_label="yes",
    )
    with pytest.raises(DataError, match="positive label 'yes'; expected"):
        rai.gate(FAIR, policy(NOT_WORSE), baseline=other)
    numbers = rai.audit(y_true=[1.5, 2.5], y_pred=[1.0, 2.0], sensitive_features={"sex": ["F", "M"]})
    with pytest.raises(DataError, match="a regression audit; expected a binary one"):
        rai.gate(FAIR, policy(NOT_WORSE), baseline=numbers)


def test_a_rule_may_be_skipped_without_a_baseline_and_says_so():
    result = rai.gate(FAIR, policy(accuracy(0.8), {**NOT_WORSE, "on_missing_baseline": "skip"}))
    assert result.status == "pass"
    assert len(result.verdicts) == 2
    assert result.notes == ("nw: not asked, as no baseline was given",)
    (verdict,) = rai.gate(FAIR, policy(NOT_WORSE)).verdicts
    assert (verdict.status, verdict.code) == ("error", "no_baseline")


def test_a_model_is_named_by_its_digest():
    model = rai.load_model(lambda frame: frame["y"], task="binary", classes=[0, 1])
    result = rai.gate(FAIR, policy(accuracy(0.8)), model=model)
    assert result.facts == {"model": model.digest or "(no digest)"}
