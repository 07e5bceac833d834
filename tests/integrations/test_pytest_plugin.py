"""The pytest plugin, in a pytest of its own: in this process, or where that is asked, in others."""

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from typing import NamedTuple

import pytest

import rai

POLICY = """\
version: 1
rules:
  - id: accuracy
    kind: min_metric
    metric: accuracy
    along: sex
    limit: {limit}
    severity: {severity}
"""
WAIVER = """\
waivers:
  - rule: accuracy
    owner: maria
    reason: New labels.
    created: {created}
    expires: {expires}
    tolerated: 0.5
"""


class Done(NamedTuple):
    """What pytest said, and its exit code."""

    returncode: int
    stdout: str


@pytest.fixture
def folder(tmp_path):
    """A folder with an audit: 9 of 10 right, for women and for men."""
    rows = range(2000)
    found = rai.audit(
        y_true=[row % 2 for row in rows],
        y_pred=[row % 2 if row // 4 % 10 else 1 - row % 2 for row in rows],
        sensitive_features={"sex": ["FM"[row // 2 % 2] for row in rows]},
    )
    found.save(tmp_path / "audit.json")
    return tmp_path


@pytest.fixture
def tested(folder, monkeypatch, capfd):
    """`tested(0.8)`: what pytest says of a policy that asks for an accuracy of 80%."""

    def tested(limit=None, *options, severity="error", more="", files=None, alone=False):
        if limit is not None:
            text = POLICY.format(limit=limit, severity=severity) + more
            (folder / "fairness.yaml").write_text(text)
            options = ("--fairness-policy", "fairness.yaml", "--fairness-audit", "audit.json", *options)
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
            sys.modules.pop(name.removesuffix(".py"), None)
        monkeypatch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("PYTEST")]:
            monkeypatch.delenv(name)
        options = ("-p", "no:cacheprovider", "--import-mode=importlib", "-rA", *options)
        if alone:
            command = [sys.executable, "-m", "pytest", *options]
            done = subprocess.run(command, capture_output=True, text=True)
            return Done(done.returncode, done.stdout + done.stderr)
        code = pytest.main(["-p", "no:xdist", *options])
        return Done(code, "".join(capfd.readouterr()))

    return tested


def outcomes(done):
    """The last line of pytest as a dict."""
    lines = [line for line in done.stdout.splitlines() if line.startswith("=====")]
    found = re.findall(r"(\d+) (passed|failed|skipped|xfailed|error)", lines[-1])
    return {what: int(count) for count, what in found}


def test_every_rule_and_group_is_a_test(tested):
    done = tested(0.8, "-v")
    assert outcomes(done) == {"passed": 2}, done.stdout
    assert "fairness.yaml::accuracy[sex=F] PASSED" in done.stdout
    assert "fairness.yaml::accuracy[sex=M] PASSED" in done.stdout


def test_a_fail_says_what_was_seen_and_where_the_rule_stands(tested):
    done = tested(0.95)
    assert (done.returncode, outcomes(done)) == (1, {"failed": 2})
    assert "accuracy[sex=F]: fail: at least 0.950 is allowed" in done.stdout
    assert "limit 0.950, 1,000 rows" in done.stdout
    assert "line 3 of the policy" in done.stdout
    assert "Traceback" not in done.stdout


def test_what_is_inconclusive_fails_and_says_how_many_rows_would_do(tested):
    done = tested(0.9)
    assert (done.returncode, outcomes(done)) == (1, {"failed": 2})
    assert "accuracy[sex=F]: inconclusive" in done.stdout


def test_a_warning_is_shown_and_fails_nothing(tested):
    done = tested(0.95, severity="warning")
    assert (done.returncode, outcomes(done)) == (0, {"xfailed": 2})
    assert "at least 0.950 is allowed" in done.stdout


def test_a_waived_verdict_is_skipped_with_its_owner(tested):
    today = date.today()  # noqa: DTZ011  # a waiver is looked at on the day
    days = {"created": today - timedelta(days=9), "expires": today + timedelta(days=9)}
    done = tested(0.95, more=WAIVER.format(**days))
    assert (done.returncode, outcomes(done)) == (0, {"skipped": 2})
    assert f"waived by maria until {days['expires']}: New labels." in done.stdout


def test_an_expired_waiver_fails(tested):
    done = tested(0.95, more=WAIVER.format(created="2020-01-01", expires="2020-06-30"))
    assert (done.returncode, outcomes(done)) == (1, {"failed": 3})
    assert "the waiver of maria expired on 2020-06-30" in done.stdout


def test_ids_are_the_same_in_every_worker(tested):
    done = tested(0.8, "-n", "2", alone=True)
    assert outcomes(done) == {"passed": 2}, done.stdout


def test_a_wrong_policy_is_an_error_in_one_sentence(tested, folder):
    done = tested("soon")
    assert done.returncode == 2
    assert "rule 'accuracy', limit: 'soon'; expected" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_policy_without_audit_or_rows_is_an_error(tested, folder):
    (folder / "fairness.yaml").write_text(POLICY.format(limit=0.8, severity="error"))
    done = tested(None, "--fairness-policy", "fairness.yaml")
    assert done.returncode == 2
    assert "--fairness-policy: nothing to look at; expected --fairness-audit" in done.stdout


def test_rows_are_audited_as_the_policy_says(tested, folder):
    lines = ["y,p,sex", *(f"{row % 2},{row % 2},{'FM'[row // 2 % 2]}" for row in range(400))]
    more = "audit: {y_true: y, y_pred: p, sensitive_features: sex}\n"
    (folder / "fairness.yaml").write_text(POLICY.format(limit=0.8, severity="error") + more)
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    done = tested(None, "--fairness-policy", "fairness.yaml", "--fairness-data", "rows.csv")
    assert outcomes(done) == {"passed": 2}, done.stdout


def test_one_verdict_can_be_asked_for_by_its_id(tested):
    done = tested(0.8, "fairness.yaml::accuracy[sex=F]", "-v")
    assert outcomes(done) == {"passed": 1}, done.stdout
    assert "fairness.yaml::accuracy[sex=F] PASSED" in done.stdout


def test_a_policy_may_be_a_link(tested, folder):
    (folder / "elsewhere").mkdir()
    (folder / "fairness.yaml").symlink_to(folder / "elsewhere" / "real.yaml")
    done = tested(0.8)
    assert (folder / "fairness.yaml").is_symlink()
    assert outcomes(done) == {"passed": 2}, done.stdout


@pytest.mark.parametrize(
    ("options", "passed"), [((), 3), (("test_plain.py",), 1), (("fairness.yaml",), 2)]
)
def test_a_policy_of_the_ini_file_is_held_unless_other_tests_are_named(tested, folder, options, passed):
    files = {
        "pytest.ini": "[pytest]\nfairness_policy = fairness.yaml\nfairness_audit = audit.json\n",
        "fairness.yaml": POLICY.format(limit=0.8, severity="error"),
        "test_plain.py": "def test_plain():\n    pass\n",
    }
    assert outcomes(tested(None, *options, files=files)) == {"passed": passed}


OWN = """\
RULE = {"id": "accuracy", "kind": "min_metric", "metric": "accuracy", "along": "sex", "limit": LIMIT}

def test_own(fairness_gate, fairness_audit):
    result = fairness_gate(fairness_audit, {"version": 1, "rules": [RULE]})
    assert len(result.verdicts) == 2
"""


@pytest.mark.parametrize(("limit", "outcome"), [("0.8", "passed"), ("0.95", "failed")])
def test_a_test_of_ones_own_may_ask_the_gate(tested, limit, outcome):
    files = {"test_own.py": OWN.replace("LIMIT", limit)}
    done = tested(None, "--fairness-audit", "audit.json", "test_own.py", files=files)
    assert outcomes(done) == {outcome: 1}, done.stdout
    assert ("Gate failed: 2 verdicts, 2 fail" in done.stdout) == (outcome == "failed")


def test_without_a_policy_nothing_changes(tested):
    done = tested(None, "test_plain.py", files={"test_plain.py": "def test_plain():\n    pass\n"})
    assert (done.returncode, outcomes(done)) == (0, {"passed": 1})
    code = "import sys, rai.integrations.pytest_plugin; print('rai.gates' in sys.modules, 'polars' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout == "False False\n"
