"""`rai policy`: lint, explain, schema."""

import json

import pytest
from jsonschema import Draft202012Validator

GOOD = """\
version: 1
rules:
  - {id: gap, kind: max_gap, metric: equal_opportunity, along: sex, limit: 0.05}
"""
EXPIRED = """\
waivers:
  - rule: gap
    owner: maria
    reason: New labels.
    created: 2020-01-01
    expires: 2020-06-30
    tolerated: 0.1
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    """`file(text)`: a policy file in the current folder."""
    monkeypatch.chdir(tmp_path)

    def file(text):
        (tmp_path / "fairness.yaml").write_text(text)
        return "fairness.yaml"

    return file


def test_lint_says_nothing_of_a_good_policy(run, file):
    done = run("policy", "lint", file(GOOD), "four-fifths")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


def test_lint_finds_expired_waivers(run, file):
    done = run("policy", "lint", file(GOOD + EXPIRED))
    assert done.exit_code == 1
    assert (
        done.stderr == "error: fairness.yaml, line 5: waiver of 'gap' by maria expired on 2020-06-30\n"
    )


def test_lint_tells_what_is_wrong_as_json(run, file):
    done = run("policy", "lint", file(GOOD.replace("0.05", "-1")), "--json")
    assert done.exit_code == 1
    (row,) = json.loads(done.stdout)
    assert (row["policy"], row["severity"]) == ("fairness.yaml", "error")
    assert "fairness.yaml, line 3: rule 'gap', limit: -1; expected at least 0." in row["text"]


def test_explain_says_what_a_policy_asks(run, file):
    done = run("policy", "explain", file(GOOD))
    assert done.exit_code == 0
    assert "Asks: gap in equal opportunity by sex is at most 0.05." in done.stdout


def test_the_schema_takes_a_good_policy_and_refuses_a_wrong_one(run, tmp_path):
    done = run("policy", "schema")
    assert done.exit_code == 0
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema)
    rule = {"id": "gap", "kind": "max_gap", "metric": "recall", "along": ["sex"], "limit": 0.05}
    assert checker.is_valid({"version": 1, "rules": [rule]})
    assert not checker.is_valid({"version": 1, "rules": [{**rule, "limits": 1}]})
    assert not checker.is_valid({"version": 2, "rules": [rule]})
    path = tmp_path / "schema.json"
    assert run("policy", "schema", "--out", path).exit_code == 0
    assert path.read_text("utf-8") == done.stdout
