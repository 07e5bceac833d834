"""`rai audit`: what it prints, what it says when it is called wrongly, and its exit codes."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

import rai
from rai.cli import screen
from rai.cli.rows import filled
from rai.dataset_cards import dataset_card

COLUMNS = ("--y-true", "income", "--sensitive", "sex")
SCORED = (*COLUMNS, "--y-score", "score")


@pytest.fixture
def as_json(answers):
    return partial(answers, "audit")


# What is wrong is said in one sentence --------------------------------------------------------------

WRONG = {
    "a misspelt column": (
        ["data.csv", "--y-true", "incom", "--sensitive", "sex", "--y-score", "score"],
        "y_true: no column 'incom'; expected one of 'income', 'score', 'decision', 'sex', 'age', "
        "'weight'. Did you mean 'income'?",
    ),
    "no such file": (
        ["date.csv", *SCORED],
        "date.csv: no such file; expected a path to a file. Did you mean 'data.csv'?",
    ),
    "a folder": ([".", *SCORED], ".: a folder; expected a file."),
    "a file of another kind": (
        ["model.pkl", *SCORED],
        "model.pkl: a pickle; expected .csv, .csv.gz, .tsv or .parquet. Opening a pickle can run any "
        "code in it: save the rows as Parquet or CSV.",
    ),
    "no labels": (
        ["data.csv", "--y-score", "score", "--sensitive", "sex"],
        "--y-true: nothing; expected the column of true labels.",
    ),
    "no groups": (
        ["data.csv", "--y-true", "income", "--y-score", "score"],
        "--sensitive: nothing; expected at least one column that names groups.",
    ),
    "labels and scores": (
        ["data.csv", *SCORED, "--y-pred", "decision"],
        "audit: both y_pred and y_score; expected one of them.",
    ),
    "neither": (["data.csv", *COLUMNS], "audit: neither y_pred nor y_score; expected one of them."),
    "one column twice": (
        ["data.csv", *SCORED, "--control", "sex"],
        "roles: column 'sex' in two roles; expected each column in one role. Copy the column under "
        "another name if you need it twice.",
    ),
    "a level that is none": (
        ["data.csv", *SCORED, "--level", "95"],
        "level: 95.0; expected a number between 0 and 1. 0.95 is usual.",
    ),
    "a threshold outside": (
        ["data.csv", *SCORED, "--threshold", "50"],
        "thresholds: 50.0; expected numbers above 0 and at most 1.",
    ),
    "no such label": (
        ["data.csv", *SCORED, "--positive-label", "yes"],
        "positive_label: 'yes'; expected one of the labels of y_true 'income': 0, 1.",
    ),
    "bins that are none": (
        ["data.csv", *SCORED, "--bins", "many"],
        "--bins: 'many'; expected a whole number, or exact.",
    ),
    "a cut without a column": (
        ["data.csv", *SCORED, "--cut", "25,45"],
        "--cut: '25,45'; expected COLUMN=EDGES, as in age=25,45 (one edge: age=25,), or COLUMN=GROUPS, "
        "as in age=4.",
    ),
    "a cut that is no number": (
        ["data.csv", *SCORED, "--cut", "age=young"],
        "--cut: 'age=young'; expected COLUMN=EDGES, as in age=25,45 (one edge: age=25,), or "
        "COLUMN=GROUPS, as in age=4.",
    ),
    "an edge taken for a number of groups": (
        ["data.csv", *SCORED, "--cut", "age=40"],
        "--cut 'age=40': 40 quantile groups; expected at most 20. To cut at 40, write age=40, with a "
        "comma.",
    ),
    "two cuts of one column": (
        ["data.csv", *SCORED, "--cut", "age=4", "--cut", "age=25,45"],
        "--cut: 'age' twice; expected one cut for a column.",
    ),
    "a cut of a column that splits nothing": (
        ["data.csv", *SCORED, "--cut", "age=4"],
        "cuts: 'age', which splits nothing; expected names of sensitive or control features.",
    ),
    "a query that can't be read": (
        ["data.csv", *SCORED, "--where", "age >"],
        "query 'age >': the end; expected a number or a date.",
    ),
    "a query about no column": (
        ["data.csv", *SCORED, "--where", "aeg > 3"],
        "where: no column 'aeg'; expected one of 'income', 'score', 'decision', 'sex', 'age', 'weight'. "
        "Did you mean 'age'?",
    ),
    "a cohort without a query": (
        ["data.csv", *SCORED, "--cohort", "young"],
        "--cohort: 'young'; expected NAME=QUERY, as in 'young=age < 30'. A name that holds = goes into a "
        "file, for --cohorts.",
    ),
    "two cohorts of one name": (
        ["data.csv", *SCORED, "--cohort", "young=age < 30", "--cohort", "young=age < 40"],
        "cohorts: 'young' twice; expected each name once.",
    ),
    "no file of cohorts": (
        ["data.csv", *SCORED, "--cohorts", "cohorts.txt"],
        "reading cohorts.txt: no such file or directory; expected a file of cohorts.",
    ),
    "no such data set": (
        ["dataset:adlt"],
        "dataset: 'adlt'; expected one of 'acs_employment', 'adult', 'compas', 'german_credit', "
        "'heart_disease'. Did you mean 'adult'?",
    ),
    "no such split": (
        ["dataset:adult/tset"],
        "split of 'adult': 'tset'; expected one of 'train', 'test'. Did you mean 'test'?",
    ),
    "a data set without predictions": (
        ["dataset:adult/test"],
        "audit: neither y_pred nor y_score; expected one of them.",
    ),
}


@pytest.mark.parametrize(("arguments", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_call_ends_in_one_sentence(data, arguments, says, run):
    Path("model.pkl").write_bytes(b"\x80\x04.")
    done = run("audit", *arguments, "--out", "report")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{says}\n")
    assert sorted(path.name for path in Path().iterdir()) == ["data.csv", "model.pkl"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit", "data.csv", "--threshold", "half"], "Invalid value for '--threshold'"),
        (["audit", "data.csv", "--task", "ranking"], "Invalid value for '--task'"),
        (["audit", "data.csv", "--sensitiv", "sex"], "No such option: --sensitiv"),
        (["audit", *SCORED], "Missing argument 'DATA'"),
        (["adit"], "No such command 'adit'"),
    ],
)
def test_what_the_options_do_not_allow_ends_with_2(data, arguments, says, run):
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in re.sub(r"[\s│]+", " ", done.stderr)


HOSTILE = {
    "empty": b"",
    "nothing but a header": b"income,score,sex\n",
    "zeros": b"\x00" * 4096,
    "noise": bytes(range(256)) * 64,
    "an open quote": b'income,score,sex\n1,0.5,"F\n0,0.4,M\n',
    "a line with too many cells": b"income,score,sex\n1,0.5,F,9,9\n0,0.4,M\n",
    "a hundred thousand columns": b",".join(b"c%d" % i for i in range(100_000)) + b"\n1\n",
    "not UTF-8": "income,score,sex\n1,0.5,Müller\n0,0.4,M\n".encode("utf-16"),
    "scores that are words": b"income,score,sex\n1,high,F\n0,low,M\n",
    "no usable row": b"income,score,sex\n,0.5,F\n1,,M\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_file_ends_in_one_sentence(data, content, run):
    Path(data).write_bytes(content)
    done = run("audit", data, *SCORED, "--out", "report")
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.fullmatch(r"[^\n]+: [^\n]+; expected [^\n]+\.[^\n]*\n", done.stderr), done.stderr
    assert len(done.stderr) < 600
    assert not Path("report").exists()


# Where it may not write, nothing is left --------------------------------------------------------------


def test_a_place_that_cannot_be_written_keeps_nothing(data, run):
    Path("taken").write_text("mine")
    done = run("audit", data, *SCORED, "--out", Path("taken") / "report")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "expected a place that can be written" in done.stderr
    assert Path("taken").read_text() == "mine"


def test_one_file_that_cannot_be_written_keeps_the_others_from_being_written(data, run):
    Path("report", "audit.md").mkdir(parents=True)
    done = run("audit", data, *SCORED, "--out", "report")
    assert (done.exit_code, done.stdout) == (2, "")
    assert [path.name for path in Path("report").rglob("*")] == ["audit.md"]


# What comes out -------------------------------------------------------------------------------------


def test_the_report_is_written_and_the_shell_command_stands_in_it(data, in_shell):
    done = in_shell("audit", data, *SCORED, "--out", "report", "--title", "Six people", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in Path("report").iterdir()) == [
        "audit.html",
        "audit.json",
        "audit.md",
    ]
    page = Path("report", "audit.html").read_text("utf-8")
    assert "<title>Six people" in page
    assert "rai audit data.csv --y-true income" in page
    assert rai.Audit.load("report/audit.json").rows == 6


def test_tables_are_printed_and_where_the_report_is(data, run):
    done = run("audit", data, *SCORED, "--out", "report")
    assert (done.exit_code, done.stderr) == (0, f"Report: {Path('report', 'audit.html')}\n")
    lines = done.stdout.splitlines()
    assert lines[0] == "Audit of income by sex"
    assert lines[1].startswith("6 rows in groups: 2 by sex.")
    assert any(re.search(r"^equal opportunity .*0\.500 ", line) for line in lines)
    assert max(map(len, lines)) <= screen.FEWEST_COLUMNS
    assert "…" not in done.stdout
    assert run("audit", data, *SCORED, env={"COLUMNS": "40"}).stdout == done.stdout


def test_one_file_of_the_report(data, run):
    done = run("audit", data, *SCORED, "--out", "page.md", "--json")
    assert (done.exit_code, done.stderr) == (0, "Report: page.md\n")
    assert json.loads(done.stdout)["rows"] == 6
    assert sorted(path.name for path in Path().iterdir()) == ["data.csv", "page.md"]


def test_a_report_of_another_kind(data, run):
    done = run("audit", data, *SCORED, "--out", "page.pdf")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "report: 'page.pdf'; expected a folder, or a file ending in .html, .md or .json. "
        "A browser prints the page as PDF.\n"
    )


def test_names_in_a_file_do_not_steer_the_terminal(data, run):
    Path(data).write_text("y,p,sex\n1,1,\x1b[31mred\n0,1,\x1b[31mred\n1,0,[bold]b\n0,0,[bold]b\n")
    done = run("audit", data, "--y-true", "y", "--y-pred", "p", "--sensitive", "sex")
    assert done.exit_code == 0
    assert "[bold]b" in done.stdout
    assert "\x1b" not in done.stdout


def test_json_is_what_the_audit_answers(data, as_json):
    answer = as_json(data, *SCORED, "--threshold", "0.5", "--threshold", "0.3")
    found = rai.audit(
        data, y_true="income", y_score="score", sensitive_features="sex", thresholds=[0.5, 0.3]
    )
    assert list(answer) == ["task", "rows", "dropped", "level", "metrics", "gaps"]
    assert (answer["task"], answer["rows"], answer["dropped"], answer["level"]) == (
        "binary",
        6,
        {},
        0.95,
    )
    for threshold in (0.5, 0.3):
        at = {"threshold": threshold}
        parts = [found.metrics(by=by, threshold=threshold) for by in ((), "sex")]
        rows = [at | row for part in parts for row in part.to_dicts()]
        assert [row for row in answer["metrics"] if row["threshold"] == threshold] == rows
        rows = [at | row for row in found.gaps(threshold=threshold).to_dicts()]
        assert [row for row in answer["gaps"] if row["threshold"] == threshold] == rows


def test_a_label_is_given_as_text(data, as_json):
    zero, one = (
        as_json(data, *COLUMNS, "--y-pred", "decision", "--positive-label", label)["metrics"][0]
        for label in ("0", "1.0")
    )
    assert (zero["metric"], zero["value"], zero["numerator"]) == ("selection_rate", 0.5, 3)
    assert one["numerator"] == 3
    Path(data).write_text("y,p,sex\ntrue,true,F\nfalse,true,M\n")
    rows = as_json(
        data, "--y-true", "y", "--y-pred", "p", "--sensitive", "sex", "--positive-label", "false"
    )
    assert rows["metrics"][0]["value"] == 0


def test_cuts_controls_weights_and_bins_are_passed_on(data, as_json):
    answer = as_json(
        *(data, "--y-true", "income", "--y-score", "score", "--sensitive", "age", "--control", "sex"),
        *("--cut", "age=35,", "--sample-weight", "weight", "--bins", "exact", "--level", "0.9"),
    )
    assert answer["level"] == 0.9
    young, old = (row for row in answer["metrics"] if row["metric"] == "base_rate" and "age" in row)
    assert (young["age"], young["value"], young["n"]) == ("< 35", pytest.approx(1 / 3), 2)
    assert (old["age"], old["denominator"]) == ("≥ 35", 3.5)


def test_rows_are_chosen_and_cohorts_compared(data, as_json, run):
    Path("cohorts.txt").write_text("# mine\nover 40: age > 40\n")
    asked = [*SCORED, "--where", "age >= 30", "--cohorts", "cohorts.txt", "--cohort", "men=sex = M"]
    found = as_json(data, *asked)
    assert (found["rows"], found["dropped"]) == (5, {"not where age >= 30": 1})
    rows = {
        (row["over 40"], row["n"])
        for row in found["metrics"]
        if row.get("over 40") and row["metric"] == "accuracy"
    }
    assert rows == {("in", 3), ("out", 2)}
    assert {gap["along"] for gap in found["gaps"]} == {"sex", "over 40", "men"}
    shown = run("audit", data, *asked).stdout
    assert "By over 40" in shown
    assert "1 row could not be counted: not where age >= 30." in shown


def test_a_cut_into_quantile_groups(data, as_json):
    answer = as_json(data, *SCORED, "--sensitive", "age", "--cut", "age=2")
    assert {row["age"] for row in answer["metrics"] if "age" in row} == {"< 44", "≥ 44"}


def test_a_regression(data, as_json):
    answer = as_json(data, *COLUMNS, "--y-pred", "score", "--task", "regression")
    assert answer["task"] == "regression"
    assert answer["metrics"][0]["metric"] == "mean_error"
    assert {row["threshold"] for row in answer["gaps"]} == {None}


def test_a_card_fills_in_what_is_left_out(as_json):
    whole = as_json("dataset:acs_employment/2018")
    assert whole["rows"] == 70_131
    assert {row["along"] for row in whole["gaps"]} == {
        "disability",
        "sex",
        "race",
        "disability × sex × race",
    }


def test_what_is_given_goes_before_the_card(as_json):
    answer = as_json("dataset:acs_employment/2018", "--sensitive", "sex", "--y-pred", "prediction")
    assert {row["along"] for row in answer["gaps"]} == {"sex"}
    assert {row["threshold"] for row in answer["gaps"]} == {None}


def test_a_card_gives_no_column_a_second_role():
    nothing = {"y_true": None, "y_pred": None, "y_score": None, "sample_weight": None}
    given = {**nothing, "positive_label": None, "control_features": (), "cuts": {}}
    found = filled({**given, "sensitive_features": ("site",)}, dataset_card("heart_disease").roles)
    assert (found["sensitive_features"], found["control_features"]) == (("site",), ())
    assert found["positive_label"] == "present"
    found = filled(
        {**given, "sensitive_features": (), "y_true": "telephone"}, dataset_card("german_credit").roles
    )
    assert (found["positive_label"], found["cuts"]) == (None, {"age": (26,)})
