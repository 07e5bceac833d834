"""JUnit: read back with the library, it blocks exactly where the exit code does."""

import re
from datetime import date

from junitparser import Error, Failure, JUnitXml, Skipped

import rai
from rai.gates.outputs.junit import junit
from rai.gates.sources import Extended


def suite_of(result):
    (suite,) = JUnitXml.fromstring(junit(result).encode())
    return suite


def test_it_blocks_exactly_where_the_exit_code_does(made, one):
    result = made([one])
    suite = suite_of(result)
    assert (suite.failures + suite.errors > 0) == (result.exit_code != 0)
    assert suite.tests == 1


def test_each_status_is_its_own_element(made, each):
    suite = suite_of(made(each))
    found = [(type(case.result[0]), case.result[0].type) if case.result else None for case in suite]
    assert found == [
        None,
        (Failure, "fail"),
        None,
        None,
        (Failure, "inconclusive"),
        (Failure, "inconclusive"),
        None,
        None,
        None,
        (Error, "error"),
        (Error, "error"),
        (Skipped, None),
        (Skipped, None),
    ]
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (13, 3, 2, 2)
    root = JUnitXml.fromstring(junit(made(each)).encode())
    assert (root.tests, root.failures, root.errors, root.skipped) == (13, 3, 2, 2)


def test_what_only_warns_is_told_in_the_output_of_its_case(made, verdict):
    shown = [verdict("fail", "warn"), verdict("inconclusive", "none"), verdict("pass")]
    said = [case.system_out for case in suite_of(made(shown))]
    why = (
        "at least 0.500 is allowed, and at most 0.450 is shown; seen: 0.400 [0.350, 0.450], n = 120 in F"
    )
    assert said == [f"warning: fail: {why}", f"note: inconclusive: {why}", None]


def test_a_failure_says_what_is_asked_what_was_seen_and_where_the_rule_stands(made, verdict):
    rule = {"id": "recall", "kind": "min_metric", "metric": "recall", "along": "sex", "limit": 0.5}
    (case,) = suite_of(made([verdict("fail")], title="Hiring", rules=[rule]))
    assert (case.name, case.classname) == ("recall[sex=F]", "Hiring.recall")
    why = (
        "at least 0.500 is allowed, and at most 0.450 is shown; seen: 0.400 [0.350, 0.450], n = 120 in F"
    )
    assert case.result[0].message == why
    asked, reason, place = case.result[0].text.splitlines()
    assert asked == "asked: true positive rate of each group of sex is at least 0.5"
    assert (reason, place) == (why, "policy.yaml, line 4")


def test_an_inconclusive_verdict_says_how_many_rows_would_do(made, verdict):
    (case,) = suite_of(made([verdict("inconclusive", rows_needed=2235)]))
    assert case.result[0].message.endswith("n = 120 in F; about 2,235 rows in that group would do")


def test_a_waived_verdict_says_who_answers_for_it(made, verdict):
    waiver = "waived by Ada until 2026-12-31: retraining"
    (case,) = suite_of(made([verdict("waived", waiver=waiver)]))
    assert case.result[0].message == waiver
    assert f"; {waiver}" in case.result[0].text
    assert case.is_skipped


def test_properties_hold_what_the_verdicts_rest_on(made, verdict):
    result = made([verdict("fail")])
    held = {found.name: found.value for found in suite_of(result).properties()}
    assert held == {
        "status": "fail",
        "exit_code": "1",
        "policy": "policy.yaml",
        "policy_digest": result.source.digest,
        "data_fingerprint": result.audit.provenance["fingerprint"],
        "rai": rai.__version__,
    }


def test_no_number_is_passed_off_as_a_time(made, each):
    times = set(re.findall(r'time="([^"]*)"', junit(made(each))))
    assert times == {"0", "0.0"}
    assert all(case.time is None for case in suite_of(made(each)))


def test_names_from_data_can_not_break_the_document(made, verdict, hostile):
    found = verdict("fail", group=hostile, reason=f"no {hostile}", smallest=hostile)
    waived = verdict("waived", group=hostile, waiver=hostile)
    shown = verdict("fail", "warn", group=hostile, reason=hostile)
    result = made([found, waived, shown], notes=(hostile,), title=hostile)
    suite = suite_of(result)
    kept = re.sub("[\x00\x07\x1b\ufffe]", "", found.name)
    assert [case.name for case in suite] == [kept] * 3
    assert (suite.tests, suite.failures, suite.skipped) == (3, 1, 1)


def test_characters_that_xml_can_not_hold_are_left_out_and_no_others(made, verdict):
    (case,) = suite_of(
        made([verdict("fail", group="a\x00\x0b\x1f\ufffe\uffff\ud800\t\n\x20é\U0001f600")])
    )
    assert case.name == "recall[sex=a\t\n\x20é\U0001f600]"


def test_a_result_without_verdicts_is_a_suite_without_cases(made):
    suite = suite_of(made([]))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (0, 0, 0, 0)


def test_a_thousand_groups_are_a_thousand_cases(made, many):
    suite = suite_of(made(many))
    assert (suite.tests, suite.failures) == (1000, 250)
    assert len({case.name for case in suite}) == 1000


def test_notes_and_the_clause_of_a_pack_stand_below_the_cases(made, verdict):
    pack = Extended(
        name="four-fifths", text="", title="Four-fifths rule", date="2026-11-26",
        clause="29 CFR 1607.4(D).", disclaimer="Not legal advice.",
    )  # fmt: skip
    result = made(
        [verdict("pass")], notes=("X is left out",), extended=(pack,),
        title="Hiring", date=date(2026, 1, 2), disclaimer="A draft",
    )  # fmt: skip
    (text,) = re.findall("<system-out>(.*?)</system-out>", junit(result), flags=re.DOTALL)
    assert text.splitlines() == [
        "Gate passed: 1 verdict, 1 pass",
        "X is left out",
        "Hiring, 2026-01-02. A draft.",
        "Four-fifths rule, 2026-11-26. 29 CFR 1607.4(D). Not legal advice.",
    ]


def test_the_same_result_is_the_same_text(made, each):
    assert junit(made(each)) == junit(made(each))
