"""`rai explain`: the same numbers as in Python, on the screen, as JSON and in a file."""

import json

import numpy as np
import pytest

import rai
from rai.cli.explain_command import read_players
from rai.ground.errors import ArgumentError


def predict(frame):
    return 0.3 + 0.005 * np.asarray(frame["age"]) + 0.2 * (np.asarray(frame["sex"]) == "M")


@pytest.fixture
def loads(monkeypatch):
    """What every `--model` stands for."""
    known = rai.load_model(predict, features=["age", "sex"])
    monkeypatch.setattr(rai, "load_model", lambda source, **_: known)
    return known


@pytest.fixture
def found(data, loads):
    return rai.explain(loads, data)


def test_the_screen_says_how_and_what(data, loads, found, run):
    done = run("explain", data, "--model", "any")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == repr(found)
    assert "exact: exact Shapley values of any model" in done.stdout
    table = [line.split()[0] for line in lines if line.startswith(("age", "sex"))]
    assert table == list(found.summary().features)


def test_everything_as_json(data, loads, found, answers):
    got = answers("explain", data, "--model", "any", "--sensitive", "sex", "--row", "3")
    assert got["features"] == found.summary(by=("sex",)).to_dicts()
    assert got["explained"] == {"3": found.row(3).to_dicts()}
    facts = ("method", "space", "exact", "why", "background", "background_n", "background_digest")
    assert {name: got[name] for name in facts} == {name: getattr(found, name) for name in facts}
    assert got["rows"] == 6
    assert got["completeness_error"] < 1e-12
    assert got["gaps"] == []


def test_a_gap_is_taken_apart(data, loads, answers):
    got = answers("explain", data, "--model", "any", "--sensitive", "sex", "--gap", "mean_score")
    expected = rai.explainers.attribute_gap(
        loads, data, metric="mean_score", sensitive_features=("sex",)
    )
    (gap,) = got["gaps"]
    assert gap == {"notes": list(expected.notes), "parts": expected.to_dicts()}


def test_the_file_holds_every_row(data, loads, found, run, tmp_path):
    done = run("explain", data, "--model", "any", "--to", "why.parquet", "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    again = rai.Attributions.load("why.parquet")
    np.testing.assert_array_equal(again.values, found.values)
    told = run("explain", data, "--model", "any", "--to", "why.parquet")
    assert told.stderr == "Attributions: why.parquet\n"


def test_background_players_space_and_labels_are_passed_on(data, loads, answers):
    got = answers(
        *("explain", data, "--model", "any", "--background", data, "--player", "both=age,sex"),
        *("--space", "loss", "--loss", "squared_error", "--y-true", "income"),
    )
    expected = rai.explain(
        loads, data, background=data, players={"both": ["age", "sex"]}, space="loss",
        loss="squared_error", y_true="income",
    )  # fmt: skip
    assert (got["space"], got["background"]) == ("loss", "6 given rows")
    assert [row["feature"] for row in got["features"]] == ["both"]
    assert got["features"][0]["mean"] == pytest.approx(float(expected.values.mean()))


def test_an_estimate_is_asked_for_by_name_and_budget(data, loads, answers):
    got = answers("explain", data, "--model", "any", "--method", "sampled", "--seed", "3")
    assert (got["method"], got["exact"]) == ("sampled", False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gap", "mean_score"], "--gap: no groups; expected groups. Pass --sensitive"),
        (["--method", "shapley"], "method: 'shapley'; expected one of 'auto'"),
        (["--player", "both"], "--player: 'both'; expected NAME=COLUMN,COLUMN"),
        (["--row", "9"], "row: 9; expected a position from 0 to 5."),
        (["--space", "loss"], "space: 'loss' without labels; expected y_true=."),
        (["--sensitive", "sax"], "Did you mean 'sex'?"),
        (["--to", "why.csv"], "writing why.csv: '.csv'; expected a .parquet file."),
    ],
)
def test_what_can_t_be_is_one_sentence(data, loads, run, arguments, said):
    done = run("explain", data, "--model", "any", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_players_as_they_are_written():
    assert read_players(["a=x, y", "b=z"]) == {"a": ["x", "y"], "b": ["z"]}
    for wrong in (["a"], ["=x"], ["a="], ["a=x", "a=y"]):
        with pytest.raises(ArgumentError, match="--player"):
            read_players(wrong)


def test_a_data_set_s_card_names_the_label(loads, monkeypatch, run):
    monkeypatch.setattr(
        rai, "load_model",
        lambda source, **_: loads.replace(features=("age",), predict=lambda f: np.full(len(f), 0.5),
                                          classes=("<=50K", ">50K")),
    )  # fmt: skip
    done = run("explain", "dataset:adult/test", "--model", "any", "--space", "loss", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["space"] == "loss"
