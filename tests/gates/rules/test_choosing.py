"""Which groups are judged: those that are absent, new, small, or left out are told."""

import pytest

FOUR = [(400, 500), (290, 400), (40, 90), (2, 10)]  # A, B, C, D: 1,000 rows
KINDS = [("max_gap", "selection_rate", 0.9), ("max_metric", "selection_rate", 0.99)]


def said(result):
    return {v.name: (v.status, v.code) for v in result.verdicts}


@pytest.mark.parametrize(("kind", "metric", "limit"), KINDS)
def test_a_small_group_is_inconclusive_with_the_rows_it_needs(make, kind, metric, limit):
    result = make.gate(make.rates(*FOUR), make.rule(kind, metric, limit, min_n=30))
    small = next(v for v in result.verdicts if v.group == "D")
    assert (small.status, small.code, small.n, small.rows_needed) == (
        "inconclusive", "too_few_rows", 10, 30,
    )  # fmt: skip
    assert small.reason == "10 rows; the policy asks for 30"
    assert result.exit_code == 3
    assert {v.status for v in result.verdicts if v is not small} == {"pass"}
    assert min(v.n for v in result.verdicts if v is not small) == 90


def test_a_group_needs_thirty_rows_if_nothing_else_is_said(make):
    rule = make.rule("max_metric", "selection_rate", 0.99)
    del rule["min_n"]
    for rows, status in ((29, "inconclusive"), (30, "pass")):
        assert make.gate(make.rates((1, rows)), rule).verdicts[0].status == status


@pytest.mark.parametrize(("kind", "metric", "limit"), [*KINDS, ("min_n", None, 5)])
def test_a_group_that_is_absent_is_an_error_unless_it_is_optional(make, kind, metric, limit):
    rule = make.rule(kind, metric, limit, groups=["A", "B", "C", "D", "E"])
    result = make.gate(make.rates(*FOUR), rule)
    assert said(result)["r[g=E]"] == ("error", "group_absent")
    assert (result.status, result.exit_code) == ("error", 2)
    fine = make.gate(make.rates(*FOUR), {**rule, "optional": ["E"]})
    assert "r[g=E]" not in said(fine)
    assert fine.exit_code == 0


@pytest.mark.parametrize(("kind", "metric", "limit"), [*KINDS, ("min_n", None, 5)])
def test_a_group_that_is_new_is_judged_and_told(make, kind, metric, limit):
    rule = make.rule(kind, metric, limit, groups=["A", "B", "C"])
    result = make.gate(make.rates(*FOUR), rule)
    assert result.notes == ("r: D is judged, though the policy does not name it",)
    plain = make.gate(make.rates(*FOUR), make.rule(kind, metric, limit))
    assert result.verdicts == plain.verdicts


@pytest.mark.parametrize(("kind", "metric", "limit"), [*KINDS, ("min_n", None, 5)])
def test_a_group_that_is_new_may_be_an_error_and_is_told_once(make, kind, metric, limit):
    rule = make.rule(kind, metric, limit, groups=["A", "B", "C"], on_new_group="error", min_n=5)
    result = make.gate(make.rates(*FOUR), rule)
    assert said(result)["r[g=D]"] == ("error", "new_group")
    assert len(said(result)) == len(result.verdicts)
    small = make.gate(make.rates(*FOUR), {**rule, "min_n": 30})
    assert said(small)["r[g=D]"] == ("error", "new_group")
    assert len(said(small)) == len(small.verdicts)


def test_without_names_no_group_is_new(make):
    result = make.gate(
        make.rates(*FOUR), make.rule("max_metric", "selection_rate", 0.99, on_new_group="error")
    )
    assert (result.notes, result.exit_code) == ((), 0)


@pytest.mark.parametrize(("kind", "metric", "limit"), KINDS)
def test_a_group_below_the_least_share_is_listed_and_not_judged(make, kind, metric, limit):
    result = make.gate(make.rates(*FOUR), make.rule(kind, metric, limit, min_share=0.02, min_n=30))
    assert result.notes == ("r: D is not judged (10 rows, 1% of them: below min_share 0.02)",)
    assert all(v.group != "D" for v in result.verdicts)
    assert result.exit_code == 0


def test_a_group_is_left_out_by_name_and_listed(make):
    rule = make.rule("max_gap", "selection_rate", 0.2, exclude=["C", "D"])
    result = make.gate(make.rates(*FOUR), rule)
    assert result.notes == (
        "r: C is not judged (90 rows, 9% of them: excluded by name)",
        "r: D is not judged (10 rows, 1% of them: excluded by name)",
    )
    (verdict,) = result.verdicts
    assert verdict.value == pytest.approx(0.8 - 0.725)
    assert (verdict.n, verdict.smallest) == (400, "B")


def test_a_share_at_the_least_is_judged(make):
    result = make.gate(
        make.rates((5, 98), (1, 2)), make.rule("max_metric", "selection_rate", 0.99, min_share=0.02)
    )
    assert (len(result.verdicts), result.notes) == (2, ())


def test_names_of_groups_are_the_words_of_levels(make):
    keys = ((False,), (1,), (2.5,), ("x",))
    audit = make.rates(*FOUR, groups=keys)
    names = [v.group for v in make.gate(audit, make.rule("min_n", limit=1)).verdicts]
    result = make.gate(audit, make.rule("min_n", limit=1, groups=[False, 1, 2.5, "x"]))
    assert (result.exit_code, result.notes) == (0, ())
    assert [v.group for v in result.verdicts] == names


def test_nothing_left_is_inconclusive(make):
    rule = make.rule("max_metric", "selection_rate", 0.9, exclude=["A", "B", "C", "D"])
    (verdict,) = make.gate(make.rates(*FOUR), rule).verdicts
    assert (verdict.status, verdict.code) == ("inconclusive", "nothing_to_judge")
    gap = make.verdict(make.rates(*FOUR), "max_gap", "selection_rate", 0.9, exclude=["A", "B", "C", "D"])
    assert (gap.status, gap.code) == ("inconclusive", "too_few_groups")


def test_notes_say_where(make):
    keys = (("A", 1), ("A", 2), ("B", 1))
    cells = [(0, 5, 0, 95), (0, 5, 0, 95), (0, 1, 0, 1)]
    audit = make.audit(*cells, groups=keys, along=("g", "site"))
    rule = make.rule("max_metric", "selection_rate", 0.9, within="site", min_share=0.05)
    assert make.gate(audit, rule).notes == (
        "r: B, site=1 is not judged (2 rows, 1.96% of them: below min_share 0.05)",
    )


def test_a_level_that_is_excluded_is_excluded_from_crossings(make):
    import rai

    rows = {
        "y": [1, 0] * 300,
        "p": [1, 1, 0, 0] * 150,
        "sex": ["F", "F", "M", "M"] * 150,
        "race": ["A", "B", None] * 200,
    }
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features=["sex", "race"])
    rule = make.rule("max_metric", "selection_rate", 0.99, along=["sex", "race"], exclude="(missing)")
    result = rai.gate(found, {"version": 1, "rules": [rule]})
    assert [v.group for v in result.verdicts] == ["F × A", "F × B", "M × A", "M × B"]
    assert result.notes == (
        "r: F × (missing) is not judged (100 rows, 16.7% of them: excluded by name)",
        "r: M × (missing) is not judged (100 rows, 16.7% of them: excluded by name)",
    )
