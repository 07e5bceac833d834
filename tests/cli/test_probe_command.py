"""`rai probe`: findings on the screen and as JSON, and the exit code that says whether a check failed."""

import json
import re

import pandas as pd
import pytest

import rai
from rai.models.probe_checks import CHECKS


@pytest.fixture
def loads(monkeypatch):
    """`loads(predict)`: what every `--model` stands for."""
    real = rai.load_model

    def loads(predict, **options):
        monkeypatch.setattr(rai, "load_model", lambda source, **_: real(predict, **options))

    return loads


def test_a_model_that_passes(data, loads, run):
    loads(lambda frame: frame["score"] / 2, features=["score"])
    done = run("probe", data, "--model", "any")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["pass", "pass", "pass"]
    assert " ".join(lines[2].split()) == "pass row alone asked one by one, the largest difference is 0"
    assert lines[-1] == f"None of {len(CHECKS)} checks failed."


def test_a_model_that_fails(data, loads, run):
    loads(lambda frame: frame["age"] / frame["age"].max())
    done = run("probe", data, "--model", "any")
    assert (done.exit_code, done.stderr) == (1, "")
    text = " ".join(done.stdout.split())
    assert "fail row alone asked one by one, scores differ by up to 0.627, in 5 of 6 rows" in text
    assert text.endswith(f"1 of {len(CHECKS)} checks failed.")
    quiet = run("probe", data, "--model", "any", "--quiet")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (1, "", "")


def test_findings_as_json(data, loads, run):
    loads(lambda frame: frame["age"] / frame["age"].max())
    done = run("probe", data, "--model", "any", "--json", "--n", "4", "--seed", "3")
    assert done.exit_code == 1
    report = rai.probe_model(rai.load_model("any"), data, n=4, rng=3)
    assert json.loads(done.stdout) == report.to_dicts()
    assert {row["n"] for row in report.to_dicts() if row["check"] == "row_alone"} == {4}


def test_details_are_no_markup(data, loads, run):
    def predict(frame):
        raise ValueError("[red]stop[/red]")

    loads(predict)
    assert "[red]stop[/red]" in run("probe", data, "--model", "any").stdout


def test_a_model_in_a_process_of_its_own(data, in_shell):
    import xgboost

    rows = pd.read_csv(data)
    trained = xgboost.XGBRegressor(n_estimators=3, n_jobs=1)
    trained.fit(rows[["age"]], rows["weight"]).save_model("model.json")
    done = in_shell("probe", data, "--model", "model.json", "--task", "regression")
    assert (done.returncode, done.stderr) == (0, "")
    assert "columns read" in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--model: nothing; expected the model's file, or its URL."),
        (["--model", "any", "--n", "0"], "n: 0; expected a whole number of at least 1."),
    ],
)
def test_wrong_calls_end_in_a_sentence(data, loads, run, options, said):
    loads(lambda frame: frame["score"])
    done = run("probe", data, *options)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{said}\n")


def test_help_lists_every_option(in_shell):
    shown = set(re.findall(r"--[\w-]+", in_shell("probe", "--help").stdout))
    assert shown == {
        *("--model", "--n", "--seed", "--task", "--class", "--positive-label", "--feature", "--margins"),
        *("--trust", "--trusted-type", "--host", "--timeout", "--request-rows", "--json", "--quiet"),
        "--help",
    }
