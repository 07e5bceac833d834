"""`rai thresholds`: one strategy, all of them, rows held out, saved plans, and wrong calls."""

import json
import math
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import rai
from rai.cli import screen

ROLES = ("--y-true", "y", "--y-score", "score", "--sensitive", "sex")
ACS = ("dataset:acs_employment/2015", "--along", "sex")
STRATEGIES = [
    *("single_threshold", "group_thresholds", "demographic_parity", "equal_opportunity"),
    *("equal_accuracy", "predictive_equality", "equalized_odds", "predictive_parity"),
]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two samples of one population, `first.csv` and `second.csv`, in the current folder."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for name in ("first", "second"):
        score = rng.random(400).round(3)
        labels = (rng.random(400) < score).astype(int)
        write(f"{name}.csv", labels, score, rng.choice(["F", "M"], 400))
    return tmp_path


def write(name, labels, score, sex):
    rows = [f"{y},{s},{g}\n" for y, s, g in zip(labels, score, sex, strict=True)]
    Path(name).write_text("y,score,sex\n" + "".join(rows))


def read(name):
    return np.genfromtxt(name, delimiter=",", skip_header=1, dtype=None, names=["y", "score", "sex"])


@pytest.fixture
def as_json(answers):
    return partial(answers, "thresholds")


# One strategy ---------------------------------------------------------------------------------------


def test_the_plan_is_that_of_the_library(as_json):
    answer = as_json(
        *ACS, "--strategy", "equal_opportunity", "--cost-fn", "2", "--tolerance", "0.01",
        "--held-out", "dataset:acs_employment/2016",
    )  # fmt: skip
    parts = [rai.load_dataset("acs_employment", year).frame for year in ("2015", "2016")]
    roles = {"y_true": "employed", "y_score": "probability", "sensitive_features": "sex"}
    found = rai.audit(parts[0], **roles)
    plan = rai.optimize_thresholds(found, strategy="equal_opportunity", cost_fn=2.0, tolerance=0.01)
    other = plan.evaluate(rai.audit(parts[1], **roles))
    assert [row["threshold"] for row in answer["chosen_on"]["groups"]] == list(plan.thresholds.values())
    assert answer["chosen_on"]["gap"]["value"] == plan.fitted.residual.value <= 0.01
    for place, judged in (("chosen_on", plan.fitted), ("held_out", other)):
        assert answer[place]["groups"] == judged.to_dicts()
        assert answer[place]["gap"] == judged.residual.to_dict()
        for name in ("cost", "price"):
            held = getattr(judged, name)
            shown = {"value": held.value, "low": held.low, "high": held.high}
            assert answer[place][name] == pytest.approx(shown, abs=1e-12)
    assert answer["held_out"]["rows"] == 69_126
    assert (answer["chosen_on"]["note"], answer["held_out"]["note"]) == (
        "chosen and judged on the same rows: optimistic",
        "",
    )
    assert (answer["along"], answer["tolerance"]) == (["sex"], 0.01)


def test_the_plan_is_printed(run):
    done = run(*("thresholds", *ACS, "--strategy", "equal_accuracy", "--tolerance", "0.01"))
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Equal accuracies along sex, within 0.01; least cost per row."
    assert "Chosen on 68,785 rows" in lines
    plan = rai.optimize_thresholds(
        rai.audit(
            rai.load_dataset("acs_employment", "2015").frame,
            y_true="employed",
            y_score="probability",
            sensitive_features="sex",
        ),
        strategy="equal_accuracy",
        tolerance=0.01,
    )
    for row in plan.to_dicts():
        shown = [f"{row[name]:.3f}" for name in ("threshold", "selection_rate", "accuracy")]
        (line,) = [line.split() for line in lines if line.startswith(str(row["sex"]))]
        assert [line[2], line[3], line[-1]] == shown
        assert line[1] == f"{row['n']:,}"
    assert [line for line in plan.fitted.sentences() if line not in lines] == []
    assert lines[-1] == "Pass --held-out DATA to judge the thresholds on other rows."
    assert max(map(len, lines)) <= screen.FEWEST_COLUMNS


def test_lots_are_shown_with_their_shares(files, run, as_json):
    asked = ("first.csv", *ROLES, "--strategy", "equalized_odds", "--randomized")
    answer = as_json(*asked)
    shares = {}
    for row in answer["chosen_on"]["groups"]:
        shares.setdefault(row["sex"], []).append(row["share"])
    assert max(map(len, shares.values())) > 1
    assert [sum(parts) for parts in shares.values()] == pytest.approx([1, 1])
    assert answer["chosen_on"]["gap"]["value"] == pytest.approx(0, abs=1e-9)
    text = " ".join(run("thresholds", *asked).stdout.split())
    assert "decisions near a threshold drawn by lot" in text
    assert " threshold share " in text
    assert " share " not in run("thresholds", *asked[:-1]).stdout


@pytest.mark.parametrize(
    ("options", "held"),
    [
        (("--max-selected", "30"), lambda found: found.confusion.n[:, :, 1].sum() <= 30),
        (("--max-selection-rate", "0.1"), lambda found: found.confusion.n[:, :, 1].sum() <= 40),
        (
            ("--min-precision", "0.8"),
            lambda found: found.confusion.n[:, 1, 1].sum() >= 0.8 * found.confusion.n[:, :, 1].sum(),
        ),
        (("--objective", "balanced_accuracy"), lambda found: found.objective.name != "cost"),
        (("--benefit-tp", "1", "--benefit-tn", "0.5"), lambda found: found.cost.value < 0),
        (("--cost-fp", "3"), lambda found: found.confusion.n[:, :, 1].sum() < 150),
        (("--method", "grid101"), lambda found: all(_hundredth(r.thresholds[0]) for r in found.rules)),
    ],
)
def test_every_choice_is_passed_on(files, run, options, held):
    done = run(
        *("thresholds", "first.csv", *ROLES, "--strategy", "group_thresholds", "--out", "plan.json"),
        *("--quiet", *options),
    )
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert held(rai.ThresholdPlan.load("plan.json").fitted)


def _hundredth(threshold):
    return math.isclose(threshold * 100, round(threshold * 100), abs_tol=1e-9)


def test_weights_cuts_level_and_bins_are_passed_on(files, as_json):
    data = read("first.csv")
    Path("wide.csv").write_text(
        "y,score,age,weight\n"
        + "".join(f"{r['y']},{r['score']},{20 + i % 60},{1 + i % 3}\n" for i, r in enumerate(data))
    )
    answer = as_json(
        *("wide.csv", "--y-true", "y", "--y-score", "score", "--sensitive", "age"),
        *("--cut", "age=40,", "--sample-weight", "weight", "--bins", "exact", "--level", "0.8"),
        *("--strategy", "demographic_parity", "--tolerance", "0.05"),
    )
    found = rai.audit(
        "wide.csv", y_true="y", y_score="score", sensitive_features="age", cuts={"age": [40]},
        sample_weight="weight", bins="exact", level=0.8,
    )  # fmt: skip
    plan = rai.optimize_thresholds(found, strategy="demographic_parity", tolerance=0.05)
    assert answer["chosen_on"]["groups"] == plan.to_dicts()
    assert answer["chosen_on"]["gap"] == plan.fitted.residual.to_dict()
    assert {row["age"] for row in answer["chosen_on"]["groups"]} == {"< 40", "≥ 40"}


# All strategies -------------------------------------------------------------------------------------


def test_all_strategies_are_compared_on_both_parts(files, as_json):
    answer = as_json("first.csv", *ROLES, "--tolerance", "0.1", "--held-out", "second.csv")
    assert [one["strategy"] for one in answer["strategies"]] == STRATEGIES
    assert answer["refused"] == {}
    assert answer["dropped"] == {"chosen_on": {}, "held_out": {}}
    roles = {"y_true": "y", "y_score": "score", "sensitive_features": "sex"}
    found, other = (rai.audit(f"{name}.csv", **roles) for name in ("first", "second"))
    for one in answer["strategies"]:
        plan = rai.optimize_thresholds(found, strategy=one["strategy"], tolerance=0.1)
        assert one["chosen_on"]["groups"] == plan.to_dicts()
        assert one["held_out"]["groups"] == plan.evaluate(other).to_dicts()
    costs = [one["chosen_on"]["cost"]["value"] for one in answer["strategies"]]
    assert costs[1] == min(costs) < costs[0]


def test_the_comparison_is_printed(files, run):
    done = run("thresholds", "first.csv", *ROLES, "--tolerance", "0.1", "--held-out", "second.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= screen.FEWEST_COLUMNS
    first, second = (
        lines.index(f"{told}") for told in ("Chosen on 400 rows", "Judged on 400 rows held out")
    )
    optimistic = "The thresholds were chosen on these same rows, so the numbers are optimistic."
    assert first < lines.index(optimistic) < second
    assert lines.count(optimistic) == 1
    for part in (lines[first:second], lines[second:]):
        told = [line for line in part if re.match(r"[a-z]", line)]
        assert [line.split("  ")[0].replace(" ", "_") for line in told[1:9]] == STRATEGIES
    assert lines[first + 2].split() == ["strategy", "thresholds", *["95%", "interval"] * 3]
    plan = rai.optimize_thresholds(
        rai.audit("first.csv", y_true="y", y_score="score", sensitive_features="sex"),
        strategy="single_threshold",
    )
    row = next(line.split() for line in lines if line.startswith("single threshold"))
    assert row[2:5] == [f"{plan.single:.3f}", "–", f"{plan.fitted.cost.value:.3f}"]


def test_a_strategy_that_is_out_of_reach_is_told_and_the_others_shown(files, run, as_json):
    answer = as_json("first.csv", *ROLES, "--randomized")
    says = (
        "randomized: True with 'predictive_parity'; expected randomized=False: between two thresholds "
        "this rate does not move in a straight line."
    )
    assert answer["refused"] == {"predictive_parity": says}
    assert [one["strategy"] for one in answer["strategies"]] == STRATEGIES[:-1]
    text = " ".join(run("thresholds", "first.csv", *ROLES, "--randomized").stdout.split())
    assert f"Not to be had, predictive parity: {says}" in text


def test_many_groups_stand_in_one_line(run):
    done = run("thresholds", "dataset:acs_employment/2015", "--tolerance", "0.4")
    assert done.exit_code == 0
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("group thresholds")]
    assert line.split()[2:6] == ["0.217", "to", "nobody", "–"]
    assert "in 33 groups" in done.stdout


# Saved plans ----------------------------------------------------------------------------------------


def test_a_plan_is_written_and_judged_on_other_rows(files, run, as_json):
    made = run("thresholds", "first.csv", *ROLES, "--strategy", "equal_opportunity", "--out", "p.json")
    assert (made.exit_code, made.stderr) == (0, "Plan: p.json\n")
    plan = rai.ThresholdPlan.load("p.json")
    answer = as_json("second.csv", "--y-true", "y", "--y-score", "score", "--plan", "p.json")
    other = plan.evaluate(rai.audit("second.csv", y_true="y", y_score="score", sensitive_features="sex"))
    assert answer["held_out"]["groups"] == other.to_dicts()
    assert answer["chosen_on"]["groups"] == plan.to_dicts()
    same = as_json("first.csv", *ROLES, "--plan", "p.json", "--bins", "exact")
    assert same["held_out"]["groups"] == plan.to_dicts()
    text = run("thresholds", "second.csv", *ROLES, "--plan", "p.json").stdout
    assert text.startswith("Equal true positive rates along sex, within ")
    assert "Judged on 400 rows held out" in text
    assert "Pass --held-out" not in text


def test_a_plan_on_another_scale_is_judged_at_its_own_thresholds(files, run, as_json):
    data = read("first.csv")
    write("marks.csv", data["y"], np.round(data["score"] * 20), data["sex"])
    scale = ("--bins", "exact", "--threshold", "10")
    answer = as_json("marks.csv", *ROLES, *scale, "--strategy", "group_thresholds")
    thresholds = [row["threshold"] for row in answer["chosen_on"]["groups"]]
    assert all(threshold == int(threshold) and 5 <= threshold <= 15 for threshold in thresholds)
    run("thresholds", "marks.csv", *ROLES, *scale, "--strategy", "group_thresholds", "--out", "p.json")
    judged = as_json("marks.csv", *ROLES, "--plan", "p.json", "--bins", "exact")
    assert judged["held_out"]["groups"] == answer["chosen_on"]["groups"]


def test_labels_that_are_words_are_those_of_the_plan(files, as_json, run):
    data = read("first.csv")
    write("words.csv", np.where(data["y"] == 1, "paid", "late"), data["score"], data["sex"])
    asked = ("words.csv", *ROLES, "--strategy", "single_threshold", "--positive-label", "paid")
    answer = as_json(*asked)
    run("thresholds", *asked, "--out", "p.json")
    judged = as_json("words.csv", *ROLES, "--plan", "p.json")
    assert judged["positive_label"] == "paid"
    assert judged["held_out"]["groups"] == answer["chosen_on"]["groups"]


def test_rows_held_out_take_the_columns_of_a_card(files, as_json):
    frame = rai.load_dataset("acs_employment", "2016").frame[:2000]
    frame[["employed", "probability", "sex"]].to_csv("later.csv", index=False)
    answer = as_json(*ACS, "--strategy", "single_threshold", "--held-out", "later.csv")
    assert (answer["chosen_on"]["rows"], answer["held_out"]["rows"]) == (68_785, 2_000)


# What is missing or new -----------------------------------------------------------------------------


def test_missing_scores_are_left_out_and_told(files, run, as_json):
    data = read("first.csv")
    blank = ["" if row % 4 == 0 else score for row, score in enumerate(data["score"])]
    write("gaps.csv", data["y"], blank, data["sex"])
    answer = as_json("gaps.csv", *ROLES, "--strategy", "single_threshold", "--held-out", "second.csv")
    assert answer["chosen_on"]["rows"] == 300
    assert answer["dropped"] == {"chosen_on": {"missing y_score": 100}, "held_out": {}}
    text = run("thresholds", "gaps.csv", *ROLES, "--strategy", "single_threshold").stdout
    assert "Chosen on: 100 rows could not be counted: missing y_score." in text


def test_one_label_leaves_nothing_to_make_equal(files, run, as_json):
    data = read("first.csv")
    write("none.csv", np.zeros(400, dtype=int), data["score"], data["sex"])
    answer = as_json("none.csv", *ROLES, "--strategy", "equal_opportunity")
    assert answer["notes"] == [
        "F, M: no positive labels, so nothing can be made equal; they have the best single threshold"
    ]
    assert [row["selects"] for row in answer["chosen_on"]["groups"]] == ["nobody", "nobody"]
    assert answer["chosen_on"]["gap"]["value"] is None
    done = run("thresholds", "none.csv", *ROLES, "--objective", "balanced_accuracy")
    assert (done.exit_code, done.stdout, done.stderr) == (
        2,
        "",
        "optimize_thresholds: no rows with a positive label; expected both labels, for balanced "
        "accuracy.\n",
    )


def test_a_group_that_is_new_is_an_error_or_has_the_single_threshold(files, run, as_json):
    data = read("second.csv")
    write("new.csv", data["y"], data["score"], np.where(np.arange(400) < 50, "X", data["sex"]))
    asked = ("first.csv", *ROLES, "--strategy", "demographic_parity", "--held-out", "new.csv")
    done = run("thresholds", *asked, "--out", "p.json")
    assert (done.exit_code, done.stdout, done.stderr) == (
        2,
        "",
        "evaluate: group 'X'; expected one that the plan knows: 'F', 'M'. Choose with rows of every "
        'group, or pass unseen="single_threshold".\n',
    )
    assert not Path("p.json").exists()
    answer = as_json(*asked, "--unseen", "single_threshold")
    groups = {row["sex"]: row["threshold"] for row in answer["held_out"]["groups"]}
    single = as_json("first.csv", *ROLES, "--strategy", "single_threshold")
    assert groups["X"] == single["chosen_on"]["groups"][0]["threshold"]


def test_names_in_a_file_do_not_steer_the_terminal(files, run):
    data = read("first.csv")
    write("odd.csv", data["y"], data["score"], np.where(data["sex"] == "F", "\x1b[31mred", "[bold]b"))
    for options in ((), ("--strategy", "equal_opportunity")):
        done = run("thresholds", "odd.csv", *ROLES, *options)
        assert done.exit_code == 0
        assert "[bold]b" in done.stdout
        assert "\x1b" not in done.stdout


# What is wrong is said in one sentence --------------------------------------------------------------

FIRST = ("first.csv", *ROLES)
WRONG = {
    "a misspelt strategy": (
        (*FIRST, "--strategy", "equal_oportunity"),
        "strategy: 'equal_oportunity'; expected one of 'single_threshold', 'group_thresholds', "
        "'demographic_parity', 'equal_opportunity', 'equal_accuracy', 'predictive_equality', "
        "'equalized_odds', 'predictive_parity'. Did you mean 'equal_opportunity'?",
    ),
    "a missing column": (
        ("first.csv", "--y-true", "y", "--y-score", "scor", "--sensitive", "sex"),
        "y_score: no column 'scor'; expected one of 'y', 'score', 'sex'. Did you mean 'score'?",
    ),
    "no scores": (
        ("first.csv", "--y-true", "y", "--sensitive", "sex"),
        "--y-score: nothing; expected the column of scores.",
    ),
    "a data set without scores": (
        ("dataset:adult/test",),
        "--y-score: nothing; expected the column of scores.",
    ),
    "no labels": (
        ("first.csv", "--y-score", "score", "--sensitive", "sex"),
        "--y-true: nothing; expected the column of true labels.",
    ),
    "no groups": (
        ("first.csv", "--y-true", "y", "--y-score", "score"),
        "--sensitive: nothing; expected at least one column that names groups.",
    ),
    "along a column that is none of them": (
        (*FIRST, "--along", "sxe"),
        "axis: 'sxe'; expected one of 'sex'. Did you mean 'sex'?",
    ),
    "a price below 0": (
        (*FIRST, "--cost-fp", "-1"),
        "cost_fp: -1.0; expected a finite number of at least 0.",
    ),
    "a tolerance above 1": (
        (*FIRST, "--tolerance", "2"),
        "tolerance: 2.0; expected a number between 0 and 1.",
    ),
    "two limits": (
        (*FIRST, "--max-selected", "5", "--min-precision", "0.5"),
        "limits: 'max_selected', 'min_precision'; expected one limit at a time.",
    ),
    "a method that is none": (
        (*FIRST, "--method", "grid100"),
        "method: 'grid100'; expected one of 'exact', 'grid101'. Did you mean 'grid101'?",
    ),
    "nothing to write": (
        (*FIRST, "--out", "plan.json"),
        "--out: no --strategy; expected the strategy whose plan is to be written.",
    ),
    "a plan and choices": (
        (*FIRST, "--plan", "plan.json", "--cost-fp", "2", "--held-out", "second.csv"),
        "--plan: together with '--cost-fp', '--held-out'; expected it without options that choose: "
        "nothing is chosen.",
    ),
    "a plan that is not there": (
        (*FIRST, "--plan", "plan.json"),
        "reading plan.json: no such file or directory; expected a threshold plan saved by this version of rai. "
        "Choose the thresholds again.",
    ),
    "a plan that is none": (
        (*FIRST, "--plan", "second.csv"),
        "reading second.csv: no JSON; expected a threshold plan saved by this version of rai. "
        "Choose the thresholds again.",
    ),
    "no such file held out": (
        (*FIRST, "--held-out", "secon.csv"),
        "secon.csv: no such file; expected a path to a file. Did you mean 'second.csv'?",
    ),
    "scores of another scale": (
        ("first.csv", "--y-true", "y", "--y-score", "score", "--sensitive", "sex", "--threshold", "5"),
        "thresholds: 5.0; expected numbers above 0 and at most 1.",
    ),
}


@pytest.mark.parametrize(("arguments", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_call_ends_in_one_sentence(files, run, arguments, says):
    done = run("thresholds", *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{says}\n")
    assert sorted(path.name for path in files.iterdir()) == ["first.csv", "second.csv"]


def test_a_place_that_can_not_be_written_keeps_nothing(files, run):
    done = run("thresholds", *FIRST, "--strategy", "single_threshold", "--out", "first.csv/plan.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "expected a place that can be written. Nothing was changed." in done.stderr
    assert Path("first.csv").read_text().startswith("y,score,sex\n")


def test_scores_that_are_words(files, run):
    data = read("first.csv")
    write("words.csv", data["y"], np.where(data["y"] == 1, "high", "low"), data["sex"])
    done = run("thresholds", "words.csv", *ROLES)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.fullmatch(r"y_score 'score': [^\n]+; expected [^\n]+\n", done.stderr)


def test_help_names_every_option_and_the_law(in_shell):
    done = in_shell("thresholds", "--help")
    text = " ".join(done.stdout.split())
    assert "Thresholds that differ by group may be unlawful, in lending and hiring for" in text
    assert set(re.findall(r"--[\w-]+", text)) == {
        *("--y-true", "--y-score", "--sensitive", "--along", "--sample-weight", "--strategy"),
        *("--objective", "--cost-fp", "--cost-fn", "--benefit-tp", "--benefit-tn", "--tolerance"),
        *("--randomized", "--max-selected", "--max-selection-rate", "--min-precision", "--method"),
        *("--held-out", "--plan", "--unseen", "--positive-label", "--threshold", "--bins", "--cut"),
        *("--level", "--seed", "--out", "--json", "--quiet", "--help"),
    }


def test_what_is_printed_is_json_without_nan(files, run):
    done = run("thresholds", "first.csv", *ROLES, "--json")
    json.loads(done.stdout, parse_constant=pytest.fail)
