"""`rai gate`: a model against a policy, in this process and in a shell."""

import json

import pytest

POLICY = """\
version: 1
title: Loans
audit:
  y_true: repaid
  y_score: score
  positive_label: 1
  sensitive_features: sex
rules:
  - id: accuracy-by-sex
    kind: min_metric
    metric: accuracy
    along: sex
    limit: {limit}
"""


@pytest.fixture
def loans(tmp_path, monkeypatch):
    """Rows of which the model gets 9 of 10 right, in both groups, and a baseline that gets 8."""
    monkeypatch.chdir(tmp_path)
    lines = ["repaid,score,before,sex,age"]
    for row in range(2000):
        label, sex = row % 2, "FM"[row // 2 % 2]
        right, right_before = row // 4 % 10 != 0, row // 4 % 10 > 1
        score, before = (0.9 if label == ok else 0.1 for ok in (right, right_before))
        lines.append(f"{label},{score},{before},{sex},{20 + row % 50}")
    (tmp_path / "loans.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.fixture
def policy(loans):
    """`policy(0.8)`: a policy that asks for an accuracy of 80%; `policy(0.8, "waivers: []")`: and more."""

    def policy(limit, more=""):
        (loans / "fairness.yaml").write_text(POLICY.format(limit=limit) + more)
        return "fairness.yaml"

    return policy


@pytest.fixture
def gate(run, policy):
    """`gate(0.8, "--format", "json")`: the gate on the loans."""

    def gate(limit, *options, more="", data=("--data", "loans.csv")):
        return run("gate", "--policy", policy(limit, more), *data, *options)

    return gate


@pytest.mark.parametrize(
    ("limit", "code", "status"),
    [(0.8, 0, "pass"), (0.95, 1, "fail"), (0.9, 3, "inconclusive")],
)
def test_the_exit_code_is_the_answer(gate, limit, code, status):
    done = gate(limit, "--format", "json")
    assert done.exit_code == code, done.stderr
    plain = json.loads(done.stdout)
    assert (plain["status"], plain["exit_code"]) == (status, code)
    assert [v["group"] for v in plain["verdicts"]] == ["F", "M"]
    assert [v["value"] for v in plain["verdicts"]] == [0.9, 0.9]
    assert {v["line"] for v in plain["verdicts"]} == {9}


def test_a_group_that_the_policy_names_and_no_row_has_is_an_error(gate):
    done = gate(0.8, "--format", "json", more="    groups: [F, M, X]\n")
    assert done.exit_code == 2
    absent = [v for v in json.loads(done.stdout)["verdicts"] if v["status"] == "error"]
    assert [(v["group"], v["code"]) for v in absent] == [("X", "group_absent")]


def test_columns_of_the_command_line_come_before_those_of_the_policy(gate):
    done = gate(0.85, "--y-score", "before", "--format", "json")
    assert done.exit_code == 1
    assert [v["value"] for v in json.loads(done.stdout)["verdicts"]] == [0.8, 0.8]


def test_a_saved_audit_gives_the_same_verdicts_as_its_rows(gate, run):
    options = ("--y-true", "repaid", "--y-score", "score", "--positive-label", "1", "--sensitive", "sex")
    assert run("audit", "loans.csv", *options, "--out", "audit.json", "--quiet").exit_code == 0
    rows = gate(0.85, "--format", "json")
    counts = gate(0.85, "--format", "json", data=("--audit", "audit.json"))
    assert json.loads(rows.stdout)["verdicts"] == json.loads(counts.stdout)["verdicts"]


def test_a_baseline_is_a_column_of_the_data(gate):
    more = "  - {id: not-worse, kind: no_worse_than, metric: accuracy, along: sex, margin: 0.02}\n"
    done = gate(0.8, "--baseline", "before", "--format", "json", more=more)
    assert done.exit_code == 0, done.stderr
    plain = json.loads(done.stdout)
    better = [v for v in plain["verdicts"] if v["rule"] == "not-worse"]
    assert [round(v["value"], 12) for v in better] == [0.1, 0.1]
    everyone = [row for row in plain["flips"] if row["along"] == "everyone"]
    assert [row["numerator"] for row in everyone] == [100.0, 100.0]


def test_without_a_baseline_a_rule_that_needs_one_is_an_error(gate):
    more = "  - {id: not-worse, kind: no_worse_than, metric: accuracy, margin: 0.02}\n"
    done = gate(0.8, "--format", "json", more=more)
    assert done.exit_code == 2
    assert "no baseline was given" in done.stdout


def test_a_model_is_asked_about_every_row(gate, tmp_path, run):
    import numpy as np
    import skops.io
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(np.array([[0.1], [0.9]]), [0, 1])
    skops.io.dump(fitted, tmp_path / "model.skops")
    text = (tmp_path / "loans.csv").read_text()
    (tmp_path / "loans.csv").write_text(text)
    policy = POLICY.format(limit=0.8).replace("  y_score: score\n", "")
    (tmp_path / "bare.yaml").write_text(policy)
    options = ("--model", "model.skops", "--feature", "score", "--format", "json")
    done = run("gate", "--policy", "bare.yaml", "--data", "loans.csv", *options)
    assert done.exit_code == 0, done.stderr
    assert [v["value"] for v in json.loads(done.stdout)["verdicts"]] == [0.9, 0.9]


def test_evidence_is_the_same_to_the_byte_and_verifies(gate, run, tmp_path):
    for name in ("one.json", "two.json"):
        assert gate(0.8, "--evidence", name, "--quiet").exit_code == 0
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    done = run("gate", "verify", "one.json")
    assert done.exit_code == 0
    assert done.stdout.startswith("one.json holds: Gate passed: 2 verdicts, 2 pass.")


def test_evidence_that_was_changed_does_not_verify(gate, run, tmp_path):
    gate(0.95, "--evidence", "evidence.json", "--quiet")
    path = tmp_path / "evidence.json"
    path.write_text(path.read_text().replace('"status": "fail"', '"status": "pass"'))
    done = run("gate", "verify", "evidence.json")
    assert done.exit_code == 1
    assert "its verdicts are not what its counts and policy give" in done.stderr


def test_formats_go_to_files_and_to_the_screen_at_once(gate, tmp_path):
    wanted = "json=gate.json,junit=gate.xml,sarif=gate.sarif,markdown=gate.md,html=gate.html"
    done = gate(0.95, "--format", wanted, "--format", "text")
    assert done.exit_code == 1
    assert "Gate failed: 2 verdicts, 2 fail" in done.stdout
    assert json.loads((tmp_path / "gate.json").read_text())["status"] == "fail"
    assert (tmp_path / "gate.xml").read_text().count("<failure") == 2
    assert json.loads((tmp_path / "gate.sarif").read_text())["version"] == "2.1.0"
    assert "accuracy-by-sex" in (tmp_path / "gate.md").read_text()
    assert (tmp_path / "gate.html").read_text().startswith("<!doctype html>")


def test_the_summary_of_a_github_step_is_added_to(gate, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = gate(0.95, "--format", "github")
    assert "::error file=fairness.yaml,line=9" in done.stdout
    assert summary.read_text().startswith("before\n")
    assert "accuracy-by-sex" in summary.read_text()


def test_an_expired_waiver_is_an_error_that_names_its_owner(gate):
    more = """\
waivers:
  - rule: accuracy-by-sex
    owner: maria
    reason: New labels are being collected.
    created: 2026-01-01
    expires: 2026-06-30
    tolerated: 0.85
"""
    before = gate(0.95, "--as-of", "2026-06-30", "--format", "json", more=more)
    assert before.exit_code == 0
    assert {v["status"] for v in json.loads(before.stdout)["verdicts"]} == {"waived"}
    after = gate(0.95, "--as-of", "2026-07-01", "--format", "json", more=more)
    assert after.exit_code == 2
    assert "the waiver of maria expired on 2026-06-30" in after.stdout


def test_init_makes_a_policy_that_the_audit_keeps(gate, run, tmp_path):
    options = ("--y-true", "repaid", "--y-score", "score", "--positive-label", "1", "--sensitive", "sex")
    run("audit", "loans.csv", *options, "--out", "audit.json", "--quiet")
    assert run("gate", "init", "--from", "audit.json", "--to", "new.yaml").exit_code == 0
    assert run("gate", "--policy", "new.yaml", "--data", "loans.csv", "--quiet").exit_code == 0
    again = run("gate", "init", "--from", "audit.json", "--to", "new.yaml")
    assert again.exit_code == 2
    assert "'new.yaml', which is there; expected a new file" in again.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "rai gate: nothing to look at; expected --data, the rows; or --audit, a saved audit."),
        (["--data", "none.csv"], "none.csv"),
        (["--data", "loans.csv", "--format", "pdf"], "--format: 'pdf'; expected one of 'text', 'json'"),
        (["--data", "loans.csv", "--format", "junit="], "--format: 'junit='; expected NAME=PATH."),
        (["--data", "loans.csv", "--as-of", "soon"], "--as-of: 'soon'; expected a day"),
        (["--data", "loans.csv", "--in-toto", "x.json"], "--in-toto: no evidence; expected --evidence"),
        (["--data", "loans.csv", "--y-score", "sore"], "no column 'sore'"),
        (["--data", "loans.csv", "--baseline", "sore"], "no column 'sore'"),
        (["--audit", "loans.csv"], "expected an audit saved by this version of rai"),
    ],
)
def test_a_wrong_call_is_one_sentence(run, policy, options, said):
    done = run("gate", "--policy", policy(0.8), *options)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_policy_is_told_with_its_line(run, loans):
    (loans / "fairness.yaml").write_text("version: 1\nrules:\n  - id: tpr\n    kind: max_gaps\n")
    done = run("gate", "--policy", "fairness.yaml", "--data", "loans.csv")
    assert done.exit_code == 2
    assert "fairness.yaml, line 4" in done.stderr
    assert "Did you mean 'max_gap'?" in done.stderr


def test_a_broken_pipe_or_a_missing_policy_needs_no_traceback(run, loans):
    done = run("gate", "--data", "loans.csv")
    assert done.exit_code == 2
    assert done.stderr.startswith("--policy: nothing; expected a policy file.")


def test_in_a_shell_the_exit_code_is_the_same(in_shell, policy, loans):
    done = in_shell("gate", "--policy", policy(0.95), "--data", "loans.csv", "--quiet", cwd=loans)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
