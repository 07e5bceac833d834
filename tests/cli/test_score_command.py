"""`rai score`: files of scores, models of every source, and wrong calls."""

import re
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rai
from rai.cli import screen

FEATURES = ["age", "weight"]


@pytest.fixture
def model(data):
    """A small model in `model.json`, trained on the rows."""
    import xgboost

    rows = pl.read_csv(data).to_pandas()
    trained = xgboost.XGBClassifier(n_estimators=3, max_depth=2, n_jobs=1, min_child_weight=0)
    trained.fit(rows[FEATURES], rows["income"]).save_model("model.json")
    return "model.json"


def test_the_file_is_that_of_the_library(data, model, run):
    options = ("--row-id", "sex", "--keep", "income", "--keep", "age")
    done = run("score", data, "--model", model, "--to", "scores.parquet", *options)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "Scores: scores.parquet, 6 rows\n")
    held = rai.score_rows(rai.load_model(model), data, row_id="sex", keep=["income", "age"])
    assert pl.read_parquet("scores.parquet").equals(held.to_polars())
    assert pl.read_parquet("scores.parquet").columns == ["sex", "income", "age", "score", "prediction"]


@pytest.mark.parametrize("rows", ["1", "4"])
def test_batches_change_nothing(data, model, run, rows):
    done = run("score", data, "--model", model, "--to", "scores.csv", "--batch-rows", rows, "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    held = rai.score_rows(rai.load_model(model), data).to_polars()
    assert pl.read_csv("scores.csv").equals(held)


def test_labels_and_thresholds_as_text(data, model, run):
    asked = ("score", data, "--model", model, "--to", "scores.csv", "--quiet")
    plain = rai.load_model(model).scores(data)
    assert run(*asked, "--class", "no", "--class", "yes", "--positive-label", "no").exit_code == 0
    found = pl.read_csv("scores.csv")
    np.testing.assert_allclose(found["score"], 1 - plain, rtol=1e-6)
    assert set(found["prediction"]) <= {"no", "yes"}
    assert run(*asked, "--positive-label", "1.0", "--threshold", "0.99").exit_code == 0
    found = pl.read_csv("scores.csv")
    np.testing.assert_array_equal(found["score"], plain)
    assert found["prediction"].to_list() == (plain >= 0.99).astype(int).tolist()
    assert run(*asked, "--class", "3", "--class", "7").exit_code == 0
    assert set(pl.read_csv("scores.csv")["prediction"]) <= {3, 7}


def test_what_is_said_of_a_model_reaches_it(data, monkeypatch, run):
    seen = []
    real = rai.load_model

    def load_model(source, **options):
        seen.append((source, options))
        return real(lambda frame: frame["weight"] - 1, features=["weight"], probabilities=False)

    monkeypatch.setattr(rai, "load_model", load_model)
    done = run(
        *("score", data, "--model", "http://models.test/invocations", "--to", "scores.csv"),
        *("--task", "binary", "--class", "false", "--class", "true", "--feature", "weight", "--margins"),
        *("--trust", "5f", "--trusted-type", "a.B", "--trusted-type", "c.D", "--host", "models.test"),
        *("--timeout", "2.5", "--request-rows", "7"),
    )
    assert done.exit_code == 0, done.stderr
    assert seen == [
        (
            "http://models.test/invocations",
            {
                "task": "binary",
                "classes": [False, True],
                "features": ["weight"],
                "probabilities": False,
                "trust": "5f",
                "trusted_types": ["a.B", "c.D"],
                "hosts": ["models.test"],
                "timeout": 2.5,
                "request_rows": 7,
            },
        )
    ]
    assert pl.read_csv("scores.csv")["score"].to_list() == [0, 1, 0, 0, -0.5, 0]


def test_data_sets_of_rai(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    real = rai.load_model
    monkeypatch.setattr(rai, "load_model", lambda source, **_: real(lambda frame: frame["probability"]))
    done = run("score", "dataset:acs_employment/2015", "--model", "any", "--to", "scores.parquet")
    assert (done.exit_code, done.stderr) == (0, "Scores: scores.parquet, 68,785 rows\n")


def test_a_bar_while_it_scores(data, model, monkeypatch, run):
    shown = []

    class Bar:
        def __enter__(self):
            return lambda *told: shown.append(told)

        def __exit__(self, *_):
            pass

    def bar(**options):
        shown.append(options)
        return Bar()

    monkeypatch.setattr("rai.cli.score_command.bar", bar)
    assert run("score", data, "--model", model, "--to", "scores.csv", "--batch-rows", "4").exit_code == 0
    assert shown == [{"shown": True, "doing": "Scoring"}, (6, None), (4, 6), (6, 6)]


def test_the_bar_says_what_is_done(monkeypatch):
    import io

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(screen, "PATIENCE", 0.0)
    with screen.bar(shown=True, doing="Scoring") as progress:
        progress(500_000, 2_000_000)
    assert "Scoring" in sys.stderr.getvalue()


# Wrong calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "s.csv"], "--model: nothing; expected the model's file, or its URL."),
        (["--model", "model.json"], "--to: nothing; expected a .parquet or .csv file to write."),
        (
            ["--model", "model.json", "--to", "s.txt"],
            "to: 's.txt'; expected a path that ends in .parquet or .csv.",
        ),
        (
            ["--model", "model.json", "--to", "s.csv", "--row-id", "aeg"],
            "row_id: no column 'aeg'; expected one of 'income', 'score', 'decision', 'sex', 'age', 'weight'. "
            "Did you mean 'age'?",
        ),
        (
            ["--model", "model.json", "--to", "s.csv", "--positive-label", "yes"],
            "--positive-label: 'yes'; expected one of 0, 1.",
        ),
        (
            ["--model", "http://192.0.2.7/invocations", "--to", "s.csv"],
            "endpoint http://192.0.2.7/invocations: an address on another machine (192.0.2.7); expected this "
            "machine. Pass hosts=['192.0.2.7'] if the rows may be sent there.",
        ),
        (
            ["--model", "model.json", "--to", "s.csv", "--batch-rows", "0"],
            "batch_rows: 0; expected a whole number of at least 1.",
        ),
    ],
)
def test_wrong_calls_end_in_a_sentence(data, model, run, options, said):
    done = run("score", data, *options)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{said}\n")
    assert not Path("s.csv").exists()


def test_a_positive_label_of_several_classes(data, monkeypatch, run):
    real = rai.load_model
    many = real(lambda frame: np.eye(3)[[0, 1, 2, 0, 1, 2]], classes=["a", "b", "c"])
    monkeypatch.setattr(rai, "load_model", lambda source, **_: many)
    done = run("score", data, "--model", "any", "--to", "s.csv", "--positive-label", "a")
    assert (done.exit_code, done.stderr) == (
        2,
        "--positive-label: 'a' for a multiclass model; expected none.\n",
    )


def test_help_lists_every_option(in_shell):
    shown = set(re.findall(r"--[\w-]+", in_shell("score", "--help").stdout))
    assert shown == {
        *("--model", "--to", "--row-id", "--keep", "--threshold", "--batch-rows", "--task", "--class"),
        *("--positive-label", "--feature", "--margins", "--trust", "--trusted-type", "--host"),
        *("--timeout", "--request-rows", "--quiet", "--help"),
    }
