"""What runs gates elsewhere: the GitHub Action, the GitLab component and the pre-commit hook."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
SPEC, COMPONENT = yaml.safe_load_all((ROOT / "templates" / "fairness-gate.yml").read_text())
JOB = COMPONENT["fairness-gate"]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
STEPS = ACTION["runs"]["steps"]
POLICY = """\
version: 1
audit: {{y_true: y, y_pred: p, sensitive_features: sex}}
rules:
  - {{id: accuracy, kind: min_metric, metric: accuracy, along: sex, limit: {limit}}}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with rows that are right 9 times in 10."""
    lines = ["y,p,sex"]
    for row in range(2000):
        label = row % 2
        lines.append(f"{label},{label if row // 4 % 10 else 1 - label},{'FM'[row // 2 % 2]}")
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def in_bash(script, folder, **environment):
    """A script with the `rai` of this environment first in the path."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    kept = {name: held for name, held in os.environ.items() if not name.startswith("RAI_")}
    return subprocess.run(
        [shutil.which("bash"), "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**kept, "PATH": path, **environment},
        capture_output=True,
        text=True,
    )


def test_every_input_of_the_action_reaches_a_step_by_its_environment():
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])
    assert all(held["description"] for held in ACTION["inputs"].values())


def test_no_text_of_an_input_or_output_becomes_part_of_a_script():
    assert [step["name"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_other_peoples_actions_are_pinned_to_a_commit():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) == 2
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", use) for use in used)


def test_the_evidence_is_kept_before_the_action_fails():
    kept = next(step for step in STEPS if "upload-artifact" in step.get("uses", ""))
    assert kept["if"] == "always()"
    assert STEPS.index(kept) == len(STEPS) - 2
    assert STEPS[-1]["name"] == "Answer"


@pytest.mark.parametrize(
    ("limit", "code", "status"), [(0.8, 0, "pass"), (0.95, 1, "fail"), (0.9, 3, "inconclusive")]
)
def test_the_action_holds_the_gate_and_answers_with_its_code(folder, limit, code, status):
    (folder / "fairness.yaml").write_text(POLICY.format(limit=limit))
    held = next(step for step in STEPS if step.get("id") == "gate")
    given = {"RAI_POLICY": "fairness.yaml", "RAI_DATA": "rows.csv", "RAI_OUTPUT": "kept"}
    given = {**dict.fromkeys(held["env"], ""), **given}
    outputs, summary = folder / "outputs", folder / "summary"
    github = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    done = in_bash(held["run"], folder, **given, **github)
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    assert told == {"exit-code": str(code), "status": status, "evidence": "kept/evidence.json"}
    assert json.loads((folder / "kept" / "evidence.json").read_text())["gate"]["status"] == status
    names = {path.name for path in (folder / "kept").iterdir()}
    assert names == {"evidence.json", "gate.html", "gate.md", "gate.sarif", "gate.xml"}
    assert "accuracy" in summary.read_text()
    assert ("::error file=fairness.yaml,line=4" in done.stdout) == (status != "pass")
    answer = in_bash(STEPS[-1]["run"], folder, RAI_EXIT_CODE=told["exit-code"])
    assert answer.returncode == code


def test_an_action_that_could_not_hold_the_gate_fails(folder):
    held = next(step for step in STEPS if step.get("id") == "gate")
    given = {**dict.fromkeys(held["env"], ""), "RAI_POLICY": "none.yaml", "RAI_OUTPUT": "kept"}
    done = in_bash(held["run"], folder, **given, GITHUB_OUTPUT=str(folder / "outputs"))
    assert "status=error\nexit-code=2\n" in (folder / "outputs").read_text()
    assert "none.yaml" in done.stderr
    assert in_bash(STEPS[-1]["run"], folder).returncode == 2


def test_hostile_inputs_of_the_action_stay_text(folder):
    held = next(step for step in STEPS if step.get("id") == "gate")
    hostile = '$(touch owned); "; touch owned; #'
    given = {**dict.fromkeys(held["env"], hostile), "RAI_OUTPUT": "kept"}
    in_bash(held["run"], folder, **given, GITHUB_OUTPUT=str(folder / "outputs"))
    assert not (folder / "owned").exists()
    forged = in_bash(held["run"], folder, **{**given, "RAI_OUTPUT": "kept\nexit-code=0"})
    assert forged.returncode == 2
    assert "output: a line break" in forged.stderr


@pytest.mark.parametrize(("limit", "code"), [(0.8, 0), (0.95, 1)])
def test_the_gitlab_component_holds_the_gate(folder, limit, code):
    (folder / "fairness.yaml").write_text(POLICY.format(limit=limit))
    variables = {
        name: str(SPEC["spec"]["inputs"][text[4:-3].split(".")[1]]["default"])
        for name, text in JOB["variables"].items()
    }
    install, gate = JOB["script"]
    assert "pip install" in install
    done = in_bash(gate, folder, **{**variables, "RAI_DATA": "rows.csv"})
    assert done.returncode == code, done.stderr
    assert (folder / JOB["artifacts"]["reports"]["junit"]).exists()
    assert (folder / "rai-gate" / "evidence.json").exists()
    assert JOB["artifacts"]["when"] == "always"


def test_every_input_of_the_component_is_used():
    text = (ROOT / "templates" / "fairness-gate.yml").read_text()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(SPEC["spec"]["inputs"])
    assert all("$[[" not in line for line in JOB["script"])


@pytest.mark.parametrize(
    ("path", "looked_at"),
    [
        ("fairness.yaml", True),
        ("models/fairness-hiring.yml", True),
        ("unfairness.yaml", False),
        ("fairness.md", False),
    ],
)
def test_the_hook_looks_at_policies(path, looked_at):
    assert bool(re.search(HOOK["files"], path)) == looked_at


def test_the_hook_finds_what_is_wrong(folder):
    (folder / "fairness.yaml").write_text(POLICY.format(limit="high"))
    done = in_bash(f"{HOOK['entry']} fairness.yaml", folder)
    assert done.returncode == 1
    assert "fairness.yaml, line 4: rule 'accuracy', limit: 'high'; expected" in done.stderr
    (folder / "fairness.yaml").write_text(POLICY.format(limit=0.9))
    assert in_bash(f"{HOOK['entry']} fairness.yaml", folder).returncode == 0
