"""Scenarios: their files, and files that are none."""

import json

import pandas as pd
import polars as pl
import pytest

from rai.ground.errors import ArgumentError, DataError
from rai.whatif import Condition, Edit, Scenario

SCENARIOS = [
    Scenario("10% more for women", Edit.scale("income", 1.1), where=("sex", "==", "F")),
    Scenario(
        "ä, everything",
        [Edit.replace("sex", {"M": "F", None: "X"}), Edit.map("p", {"F": "she"}, source="sex")],
        where=[("age", "in", (1, 2)), Condition("sex", "missing"), ("d", ">", "2024-05-01")],
        rows=[5, 3, 3],
    ),
    Scenario("a dict", {"age": 40, "sex": None}),
    Scenario("a query", {"age": 40}, where="(age < 18 or age is missing) and job ~* '^prof'"),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_a_file_gives_it_back(tmp_path, scenario):
    path = scenario.save(tmp_path / "deep" / "scenario.json")
    assert Scenario.load(path) == scenario
    assert json.loads(path.read_text("utf-8"))["name"] == scenario.name


def test_the_file_can_be_read_by_people(tmp_path):
    assert SCENARIOS[0].save(tmp_path / "s.json").read_text("utf-8") == (
        '{\n "format": "rai-scenario",\n "version": 1,\n "name": "10% more for women",\n "edits": [\n'
        '  {\n   "column": "income",\n   "kind": "scale",\n   "value": 1.1\n  }\n ],\n "where": "sex = F",\n'
        ' "rows": null\n}\n'
    )


def test_a_file_of_conditions_one_by_one_is_read_as_before(tmp_path):
    path = SCENARIOS[1].save(tmp_path / "s.json")
    plain = json.loads(path.read_text("utf-8"))
    plain["where"] = [
        {"column": "age", "op": "in", "value": [1, 2]},
        {"column": "sex", "op": "missing", "value": None},
        {"column": "d", "op": ">", "value": "2024-05-01"},
    ]
    path.write_text(json.dumps(plain), "utf-8")
    assert Scenario.load(path) == SCENARIOS[1]
    path.write_text(json.dumps({**plain, "where": []}), "utf-8")
    assert Scenario.load(path).where is None


def test_it_reads_well():
    assert list(map(str, SCENARIOS)) == [
        "10% more for women: income × 1.1, where sex = F",
        "ä, everything: sex: M → F, missing → X; p by sex: F → she, where age in (1, 2) and sex is missing "
        "and d > 2024-05-01, in 2 given rows",
        "a dict: age = 40; sex = missing",
        'a query: age = 40, where (age < 18 or age is missing) and job ~ "(?i)^prof"',
    ]
    assert SCENARIOS[1].rows == (3, 5)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_it_is_applied_to_the_rows_that_it_means(make):
    frame = make({"age": [20, 30, 40, 50], "sex": ["F", "M", "F", "F"]})
    women = Scenario("women", [Edit.add("age", 1), Edit.set("sex", "M")], where=("sex", "==", "F"))
    assert women.apply(frame)["age"].to_list() == [21, 30, 41, 51]
    assert women.apply(frame)["sex"].to_list() == ["M"] * 4
    some = Scenario("some", Edit.set("age", 0), where=("sex", "==", "F"), rows=[1, 2])
    assert some.apply(frame)["age"].to_list() == [20, 30, 0, 50]
    assert type(some.apply(frame)) is type(frame)
    assert frame["age"].to_list() == [20, 30, 40, 50]


GOOD = {"format": "rai-scenario", "version": 1, "name": "x"}
AGE = {"column": "age", "kind": "set", "value": 1}


@pytest.mark.parametrize(
    ("held", "seen"),
    [
        (b"\xff\xfe", "no JSON"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "no JSON"),
        (b"[]", "no saved scenario"),
        (json.dumps({**GOOD, "version": 2}).encode(), "version 2"),
        (
            json.dumps(GOOD).encode(),
            'edits that don\'t fit together (edits: none; expected edits. Write {"age": 40}, or '
            'Edit.add("age", 5).)',
        ),
        (
            json.dumps({**GOOD, "edits": "age"}).encode(),
            "edits that don't fit together (scenario: edits 'age'; expected a list.)",
        ),
        (
            json.dumps({**GOOD, "edits": [{**AGE, "kind": ["set"]}]}).encode(),
            "edits that don't fit together (edit: kind ['set']; expected one of 'set', 'add', 'scale', "
            "'replace', 'map'.)",
        ),
        (
            json.dumps({**GOOD, "edits": [{**AGE, "value": {"a": 1}}]}).encode(),
            "edits that don't fit together (edit: {'a': 1}; expected text, a finite number, True or False, "
            "a date, or None.)",
        ),
        (
            json.dumps({**GOOD, "edits": [{**AGE, "kind": "add", "value": float("nan")}]}).encode(),
            "edits that don't fit together (edit of 'age': add None; expected a finite number.)",
        ),
        (
            json.dumps({**GOOD, "edits": [AGE], "rows": [0.5]}).encode(),
            "edits that don't fit together (rows: 0.5; expected positions, counted from 0.)",
        ),
        (
            json.dumps({**GOOD, "edits": [AGE], "where": [{"column": "age", "op": "like"}]}).encode(),
            "edits that don't fit together (condition: op 'like'; expected one of '==', '!=', '<', '<=', "
            "'>', '>=', 'in', 'not in', 'matches', 'not matches', 'missing', 'present'.)",
        ),
        (
            json.dumps({**GOOD, "edits": [AGE], "where": 7}).encode(),
            'edits that don\'t fit together (where: 7; expected a query. Write "age > 30".)',
        ),
        (
            json.dumps({**GOOD, "edits": [AGE], "where": "age >"}).encode(),
            "edits that don't fit together (query 'age >': the end; expected a number or a date.)",
        ),
        (
            json.dumps({"format": "rai-scenario", "version": 1, "edits": [AGE]}).encode(),
            "edits that don't fit together",
        ),
        (
            json.dumps({**GOOD, "name": "", "edits": [AGE]}).encode(),
            "edits that don't fit together (scenario: scenario ''; expected a scenario's name.)",
        ),
    ],
    ids=range(17),
)
def test_a_hostile_file_gets_one_sentence(tmp_path, held, seen):
    path = tmp_path / "scenario.json"
    path.write_bytes(held)
    with pytest.raises(DataError) as caught:
        Scenario.load(path)
    assert str(caught.value) == (
        f"reading {path}: {seen}; expected a scenario saved by this version of rai. "
        "Write the scenario again."
    )


def test_what_is_no_scenario_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        Scenario.load(tmp_path / "none.json")
    with pytest.raises(ArgumentError) as caught:
        Scenario("x", Edit.set("a", 1), rows=[-1])
    assert str(caught.value) == "rows: -1; expected positions, counted from 0."
