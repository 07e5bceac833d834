"""`rai profile`: the screen, JSON, reports, and the exit code that CI goes by."""

import json
import re

import polars as pl
import pytest

import rai
from rai.cli.profile_options import names_of

MORE = """\
income,score,decision,sex,age,weight
1,0.9,1,F,35,1.0
0,0.2,0,M,,2.0
"""


@pytest.fixture
def other(data, tmp_path):
    """A second file beside `data.csv`, with a gap."""
    (tmp_path / "other.csv").write_text(MORE)
    return "other.csv"


def test_the_screen_shows_numbers_of_each_file(data, other, run):
    done = run("profile", data, other, "--no-checks")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "Data: data and other"
    assert "age data 6 0% 42.8 15.2 0% 25 41 67" in lines
    assert "other 1 50%! 35 – 0% 35 35 35" in lines


def test_one_file_has_no_column_of_names(data, run):
    done = run("profile", data, "--no-checks", "--columns", "age", "--columns", "sex")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "age 6 0% 42.8 15.2 0% 25 41 67" in lines
    assert "income" not in done.stdout


def test_problems_come_first(data, run):
    done = run("profile", data, "--check", "small_data", "--check", "infinite")
    assert done.exit_code == 0
    assert done.stdout.index("Small data:") < done.stdout.index("Numeric features")


def test_json_is_what_the_report_writes(data, run, tmp_path):
    done = run("profile", data, "--no-checks", "--json", "--out", "p.json", "--y-true", "income")
    assert done.stderr == "Report: p.json\n"
    plain = json.loads(done.stdout)
    assert plain == json.loads((tmp_path / "p.json").read_text("utf-8"))
    assert plain["y_true"] == "income"
    known = rai.profile({"data": data}, y_true="income")
    assert plain["features"] == known.to_dicts()


def test_several_reports_are_written_at_once(data, run, tmp_path):
    done = run(
        "profile", data, "--no-checks", "--out", "a.html", "--out", "b", "--quiet", "--title", "Mine",
        "--highlight", "zeros=0.6",
    )  # fmt: skip
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert sorted(p.name for p in (tmp_path / "b").iterdir()) == [
        *("profile.html", "profile.json", "profile.md"),
    ]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<h1>Mine</h1>" in page
    assert "more than 60% zeros" in page


def test_names_can_be_given(data, other, run):
    done = run("profile", data, other, "--name", "before", "--name", "after", "--no-checks")
    assert done.stdout.startswith("Data: before and after\n")


def test_a_card_fills_in_the_columns(run):
    done = run("profile", "dataset:german_credit", "--check", "missing", "--json")
    plain, card = json.loads(done.stdout), rai.load_dataset("german_credit").roles
    assert plain["y_true"] == card.y_true
    assert plain["sensitive_features"] == list(card.sensitive_features)
    assert [row["check"] for row in plain["checks"]] == ["missing"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/train.csv", "b/test.parquet"], ["train", "test"]),
        (["2024/x.csv", "2025/x.csv"], ["2024/x", "2025/x"]),
        (["x.csv", "x.csv"], ["x 1", "x 2"]),
        (["dataset:adult/train", "dataset:adult/test"], ["adult/train", "adult/test"]),
    ],
)
def test_names_come_from_files_and_are_distinct(paths, names):
    assert names_of(paths, []) == names


def test_the_exit_code_is_1_only_if_asked(data, run, tmp_path):
    pl.DataFrame({"x": [1.5, float("inf"), 2.5]}).write_parquet(tmp_path / "odd.parquet")
    assert rai.check_data("odd.parquet", checks=["infinite"])[0].severity == "serious"
    options = ("profile", "odd.parquet", "--check", "infinite", "--quiet")
    assert run(*options).exit_code == 0
    done = run(*options, "--fail-on", "serious", "--out", "p.md")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "")
    assert (tmp_path / "p.md").exists()


def test_a_label_is_spelled_as_text(data, run):
    options = ("profile", data, "--y-true", "income", "--sensitive", "sex", "--check", "base_rate_gap")
    for text in ("1", "1.0", "0"):
        assert run(*options, "--positive-label", text).exit_code == 0
    done = run(*options, "--positive-label", "2")
    assert (done.exit_code, done.stderr[:22]) == (2, "positive_label: '2'; e")


def test_a_warning_fails_only_where_warnings_do(data, other, run):
    options = ("profile", other, "--check", "missing", "--quiet")
    severity = rai.check_data(other, checks=["missing"])[0].severity
    assert severity == "warning"
    assert run(*options, "--fail-on", "serious").exit_code == 0
    assert run(*options, "--fail-on", "warning").exit_code == 1


def test_what_could_not_be_checked_never_passes_in_silence(data, run):
    named = run("profile", data, "--check", "representation", "--quiet", "--fail-on", "serious")
    assert named.exit_code == 1
    assert named.stderr.startswith("representation: Not checked: no population was declared")
    every = run("profile", data, "--quiet", "--fail-on", "serious")
    assert "representation: Not checked:" in every.stderr


def test_a_population_is_read_from_a_file(data, run, tmp_path):
    (tmp_path / "shares.json").write_text('{"sex": {"F": 0.5, "M": 0.5}}')
    options = ("profile", data, "--check", "representation", "--sensitive", "sex", "--json")
    done = run(*options, "--population", "shares.json")
    assert json.loads(done.stdout)["checks"][0]["severity"] != "not_checked"


def test_proxies_are_found_if_asked(data, run):
    done = run(
        "profile", data, "--no-checks", "--proxies", "--sensitive", "sex", "--y-true", "income", "--json"
    )
    assert {row["sensitive_feature"] for row in json.loads(done.stdout)["proxies"]} == {"sex"}


def test_answers_of_people_go_into_the_report(data, run, tmp_path):
    answered = rai.Worksheet().answer("latent.2", "Nobody asked.", by="Ada")
    answered.save(tmp_path / "answers.json")
    run("profile", data, "--no-checks", "--worksheet", "answers.json", "--out", "p.html", "--quiet")
    assert "Nobody asked." in (tmp_path / "p.html").read_text("utf-8")


WRONG = {
    "no such file": (["nothing.csv"], "nothing.csv: no such file; expected a path to a file."),
    "another kind of report": (
        ["data.csv", "--out", "p.csv"],
        "report: 'p.csv'; expected a folder, or a file ending in .html, .md or .json.",
    ),
    "names that are too few": (
        ["data.csv", "data.csv", "--name", "a"],
        "--name: 1 name for 2 data sets; expected a name of its own for each.",
    ),
    "the same name twice": (
        ["data.csv", "data.csv", "--name", "a", "--name", "a"],
        "--name: 1 name for 2 data sets; expected a name of its own for each.",
    ),
    "no share": (
        ["data.csv", "--highlight", "missing"],
        "--highlight: 'missing'; expected WHAT=SHARE, as in missing=0.05.",
    ),
    "no checks to fail": (
        ["data.csv", "--no-checks", "--fail-on", "serious"],
        "--no-checks: an option of checks; expected --checks.",
    ),
    "proxies of nothing": (
        ["data.csv", "--proxies"],
        "--proxies: no --sensitive; expected at least one column.",
    ),
    "no population": (
        ["data.csv", "--population", "shares.json"],
        "--population shares.json: no such file or directory; expected a file that can be read.",
    ),
    "a population that is none": (
        ["data.csv", "--population", "data.csv"],
        '--population data.csv: no JSON; expected JSON such as {"sex": {"Female": 0.51, "Male": 0.49}}.',
    ),
}


@pytest.mark.parametrize(("call", "said"), WRONG.values(), ids=list(WRONG))
def test_wrong_calls_end_in_a_sentence(data, run, call, said):
    done = run("profile", *call)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{said}\n")


def test_nothing_is_written_where_something_is_wrong(data, run, tmp_path):
    (tmp_path / "p.html").write_text("mine")
    done = run("profile", data, "--sensitive", "nobody", "--out", "p.html")
    assert done.exit_code == 2
    assert (tmp_path / "p.html").read_text() == "mine"


def test_help_lists_every_option(in_shell):
    shown = set(re.findall(r"--[\w-]+", in_shell("profile", "--help").stdout))
    assert shown == {
        *("--name", "--y-true", "--sensitive", "--sample-weight", "--columns", "--positive-label"),
        *("--cut", "--checks", "--no-checks", "--check", "--proxies", "--population", "--fail-on"),
        *("--highlight", "--worksheet", "--out", "--title", "--json", "--quiet", "--help"),
    }
