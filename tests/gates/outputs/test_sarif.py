"""SARIF: valid under the schema of OASIS, stable over runs, and within what code scanning takes.

The schema beside this file is that of SARIF 2.1.0 (OASIS), as shipped under MIT in the npm package
`@microsoft/jest-sarif` 1.0.0-beta.0, unchanged.
"""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import rai
from rai.gates.outputs import sarif as sarif_module
from rai.gates.outputs.sarif import sarif
from rai.gates.sources import Extended

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def run_of(result):
    """The one run of a log that is valid."""
    log = json.loads(sarif(result))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_the_schema_can_fail():
    wrong = {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "rai"}}, "results": [{"kind": "x"}]}],
    }
    assert {error.validator for error in VALIDATOR.iter_errors(wrong)} >= {"enum", "required"}


def test_each_status_has_its_kind_and_level(made, each):
    found = {
        result["properties"]["group"]: (result["kind"], result["level"])
        for result in run_of(made(each))["results"]
    }
    assert [found.get(f"g{place}") for place in range(len(each))] == [
        None,
        ("fail", "error"),
        ("fail", "warning"),
        ("fail", "note"),
        ("open", "none"),
        ("fail", "error"),
        ("open", "none"),
        ("open", "none"),
        ("open", "none"),
        ("fail", "error"),
        ("fail", "error"),
        None,
        None,
    ]


def test_what_passes_or_is_waived_is_no_alert_but_is_counted(made, each):
    found = run_of(made(each))
    assert len(found["results"]) == sum(verdict.status not in {"pass", "waived"} for verdict in each)
    assert found["properties"]["verdicts"] == {
        status: sum(verdict.status == status for verdict in each)
        for status in ("pass", "fail", "inconclusive", "error", "waived")
    }


def test_a_level_other_than_none_is_only_given_to_kind_fail(made, each):
    levels = {result["level"] for result in run_of(made(each))["results"] if result["kind"] != "fail"}
    assert levels == {"none"}


def test_the_run_says_how_the_gate_ended(made, one):
    result = made([one], notes=("X is left out",))
    (invocation,) = run_of(result)["invocations"]
    assert invocation == {
        "executionSuccessful": result.status != "error",
        "exitCode": result.exit_code,
        "exitCodeDescription": result.headline,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": "X is left out"}}],
    }


def test_what_is_waived_is_an_alert_only_once_the_waiver_expired(made, verdict):
    assert run_of(made([verdict("waived", waiver="waived by Ada until 2026-12-31: x")]))["results"] == []
    (found,) = run_of(made([verdict("error", waiver="waived by Ada until 2020-12-31: x")]))["results"]
    assert found["level"] == "error"


def test_a_result_points_at_the_line_of_its_rule(made, verdict):
    (found,) = run_of(made([verdict(line=11)], path="policies/my hiring:1.yaml"))["results"]
    (place,) = found["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/my%20hiring%3A1.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 11},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": "recall[sex=F]"}]
    assert found["message"]["text"] == (
        "recall[sex=F]: fail: at least 0.500 is allowed, and at most 0.450 is shown; "
        "seen: 0.400 [0.350, 0.450], n = 120 in F"
    )


def test_a_rule_of_a_pack_points_at_the_file(made, verdict):
    (found,) = run_of(made([verdict(line=None)]))["results"]
    assert "region" not in found["locations"][0]["physicalLocation"]


def test_a_policy_that_is_no_file_has_no_place(made, verdict):
    (found,) = run_of(made([verdict(line=None)], path=""))["results"]
    assert "locations" not in found


def test_rules_say_what_they_ask(made, verdict):
    tags = [f"t{place}" for place in range(12)]
    rule = {
        "id": "recall", "kind": "min_metric", "metric": "recall", "along": "sex", "limit": 0.5,
        "title": "Nobody is overlooked.", "tags": ["t0", *tags], "severity": "warning",
    }  # fmt: skip
    pack = Extended(
        name="p", text="", title="A pack", date="2026-01-01", clause="§ 1", disclaimer="No advice"
    )
    run = run_of(made([verdict("fail", "warn", severity="warning")], rules=[rule], extended=(pack,)))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("rai", rai.__version__)
    assert driver["rules"] == [
        {
            "id": "recall",
            "shortDescription": {"text": "Nobody is overlooked."},
            "fullDescription": {"text": "true positive rate of each group of sex is at least 0.5"},
            "defaultConfiguration": {"level": "warning"},
            "help": {"text": "A pack, 2026-01-01. § 1. No advice."},
            "properties": {"kind": "min_metric", "tags": tags[:10]},
        }
    ]
    assert run["properties"]["provisos"] == ["A pack, 2026-01-01. § 1. No advice."]


def test_results_name_their_rule_by_id_and_place(made, verdict):
    run = run_of(made([verdict("inconclusive", rule="one"), verdict("fail", rule="two")]))
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [(found["ruleId"], rules[found["ruleIndex"]]) for found in run["results"]] == [
        ("two", "two"),
        ("one", "one"),
    ]


def test_a_rule_without_a_verdict_is_told_as_not_asked(made, verdict):
    rules = [{"id": name, "kind": "min_n", "along": "sex", "limit": 1} for name in ("recall", "skipped")]
    run = run_of(made([verdict("fail")], rules=rules))
    assert run["properties"]["not_asked"] == ["skipped"]
    assert [found["ruleId"] for found in run["results"]] == ["recall"]


def prints(result):
    return {
        found["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]: found["partialFingerprints"]
        for found in run_of(result)["results"]
    }


def test_fingerprints_stay_the_same_whatever_the_numbers_and_the_order(made, verdict):
    before = prints(made([verdict(group="F"), verdict("inconclusive", group="M")]))
    after = prints(
        made(
            [
                verdict("fail", group="M", value=0.1, n=7, line=99, reason="other"),
                verdict("error", group="F", value=0.9, low=None),
            ]
        )
    )
    assert before == after
    assert len({print_["primaryLocationLineHash"] for print_ in before.values()}) == 2


@pytest.mark.parametrize(
    ("changed", "path"),
    [({"rule": "other"}, "policy.yaml"), ({"group": "M"}, "policy.yaml"), ({}, "other.yaml")],
)
def test_fingerprints_differ_by_policy_rule_and_subject(made, verdict, changed, path):
    (before,) = prints(made([verdict()])).values()
    (after,) = prints(made([verdict(**changed)], path=path)).values()
    assert before != after


def test_two_verdicts_of_one_name_are_two_alerts(made, verdict):
    found = run_of(made([verdict("fail"), verdict("fail")]))["results"]
    one, two = (each["partialFingerprints"]["primaryLocationLineHash"] for each in found)
    assert one.removesuffix(":1") == two.removesuffix(":2")


def test_names_from_data_are_text(made, verdict, hostile):
    found = verdict(group=hostile, reason=f"no {hostile}", smallest=hostile, tags=(hostile,))
    rule = {
        "id": "recall", "kind": "min_n", "along": "sex", "limit": 1, "title": hostile, "tags": [hostile],
    }  # fmt: skip
    result = made(
        [found, verdict("waived", waiver=hostile)], rules=[rule], notes=(hostile,), title=hostile
    )
    run = run_of(result)
    text = run["results"][0]["message"]["text"]
    assert text.isprintable()
    assert "](" not in text
    assert len(text) <= 4100
    assert sarif(result).encode()


def test_braces_and_links_of_data_are_shown_as_they_are(made, verdict):
    (found,) = run_of(made([verdict(reason="{0} [see](https://example.org)", value=None, n=None)]))[
        "results"
    ]
    assert found["message"]["text"] == "recall[sex=F]: fail: {{0}} [see] (https://example.org)"


def test_numbers_that_json_does_not_know_are_left_out(made, verdict):
    found = verdict(value=float("inf"), low=float("nan"), high=0.5)
    (result,) = run_of(made([found]))["results"]
    assert {"value", "low"}.isdisjoint(result["properties"])
    assert result["properties"]["high"] == 0.5
    assert "seen: – [–, 0.500], n = 120 in F" in result["message"]["text"]


def test_a_result_without_verdicts_has_a_run_with_its_rules(made):
    run = run_of(made([]))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["rows"]
    assert (run["results"], run["properties"]["not_asked"]) == ([], ["rows"])


def test_a_thousand_groups_are_a_thousand_results_and_what_stops_comes_first(made, many):
    open_ = [
        replace(each, status="inconclusive", effect="warn") if each.status == "pass" else each
        for each in many
    ]
    kinds = [found["kind"] for found in run_of(made(open_))["results"]]
    assert kinds == ["fail"] * 250 + ["open"] * 750


def test_of_a_thousand_groups_those_that_pass_are_counted_only(made, many):
    run = run_of(made(many))
    assert [found["kind"] for found in run["results"]] == ["fail"] * 250
    assert run["properties"]["verdicts"] == {"pass": 750, "fail": 250}


def test_more_than_code_scanning_takes_is_cut_after_what_stops(made, verdict, monkeypatch):
    assert sarif_module.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif_module, "MOST_RESULTS", 50)
    open_ = [verdict("inconclusive", group=f"g{place}", value=None, n=None) for place in range(51)]
    log = json.loads(sarif(made([*open_, verdict("fail", group="last")])))
    (run,) = log["runs"]
    assert len(run["results"]) == 50
    assert run["results"][0]["properties"]["group"] == "last"
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "message": {"text": "2 verdicts left out; those that stop the gate come first"},
        }
    ]
