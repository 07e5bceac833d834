"""All outputs of a real gate, on files: they agree with its exit code, and point at the rule's line."""

import json

import pytest
from junitparser import JUnitXml

import rai
from rai.gates.outputs.in_toto import in_toto
from rai.gates.outputs.table import OUTPUTS

POLICY = """version: 1
title: Hiring
extends: four-fifths
rules:
  - id: recall
    kind: max_gap
    metric: recall
    along: sex
    limit: LIMIT
"""


@pytest.fixture
def gated(tmp_path, monkeypatch):
    """`gated(limit)`: a gate with the rule in line 5 of a policy file in a repository."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    rows = {"y": [1, 0] * 300, "p": [1, 0, 0, 0] * 150, "sex": ["F", "F", "M", "M"] * 150}
    found = rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")

    def of(limit):
        path = tmp_path / "policy.yaml"
        path.write_text(POLICY.replace("LIMIT", str(limit)), "utf-8")
        return rai.gate(found, path)

    return of


def test_the_table_names_what_takes_only_a_result():
    assert list(OUTPUTS) == ["junit", "sarif", "github"]


def test_a_failing_rule_is_found_at_its_line_in_every_output(gated):
    result = gated(0.05)
    assert (result.status, result.exit_code) == ("fail", 1)
    (suite,) = JUnitXml.fromstring(OUTPUTS["junit"](result).encode())
    assert suite.failures == sum(v.effect in {"fail", "inconclusive"} for v in result.verdicts)
    (case,) = (case for case in suite if case.name == "recall[sex]")
    assert case.result[0].text.endswith("policy.yaml, line 5")
    (run,) = json.loads(OUTPUTS["sarif"](result))["runs"]
    (found,) = (each for each in run["results"] if each["ruleId"] == "recall")
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("policy.yaml", {"startLine": 5})
    assert "::error file=policy.yaml,line=5,title=recall%3A 1 fail::" in OUTPUTS["github"](result)
    told = json.loads(in_toto(result, evidence_digest="0" * 64, evidence_name="evidence.json"))
    assert "recall[sex]" in told["predicate"]["failedTests"]


def test_the_pack_that_is_extended_is_shown_with_its_clause_date_and_disclaimer(gated):
    result = gated(0.05)
    for output in OUTPUTS.values():
        text = output(result)
        assert "Four-fifths rule, 2026-11-26. Uniform Guidelines on Employee Selection" in text
        assert "29 CFR 1607.4(D)" in text
        assert "not legal advice" in text


def test_no_output_tells_where_on_the_machine_the_policy_is(gated, tmp_path):
    result = gated(0.05)
    for output in OUTPUTS.values():
        assert str(tmp_path) not in output(result)


def test_outputs_of_read_evidence_are_those_of_the_gate(gated, tmp_path):
    from rai.gates.evidence import read_evidence, write_evidence

    result = gated(0.05)
    again = read_evidence(write_evidence(tmp_path / "evidence.json", result))
    for output in OUTPUTS.values():
        assert output(again) == output(result)
