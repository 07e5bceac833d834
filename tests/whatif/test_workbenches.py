"""A workbench: ids, undo and redo, runs that ask only for news, and its file."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai
from rai.engines.features import features_of
from rai.engines.frames import open_rows
from rai.ground.errors import ArgumentError, DataError, RoleError
from rai.whatif import Edit, Workbench
from rai.whatif.workbench_files import rows_fingerprint

PANDAS = pd.DataFrame(
    {
        "age": [20, 30, 40, 50],
        "sex": pd.Series(["F", "M", "F", None]),
        "grade": pd.Series(["a", "b", "a", "a"], dtype="category"),
        "since": pd.to_datetime(["2020-01-01", "2021-06-01", None, "2023-01-01"]),
        "income": [1.5, np.nan, 2.5, 3.5],
    }
).set_axis([10, 10, 20, 30])
FRAMES = {"pandas": PANDAS, "polars": pl.from_pandas(PANDAS)}


def by_age(frame):
    return frame["age"] / 100


@pytest.fixture(params=list(FRAMES))
def frame(request):
    return FRAMES[request.param]


@pytest.fixture
def bench(frame):
    return Workbench(by_age, frame)


def ages(bench):
    return bench.rows["age"].to_list()


def test_steps_give_new_benches_and_leave_the_old(bench, frame):
    edited = bench.edit(1, age=33).edit(1, {"sex": "F"}, grade="b").edit(2, Edit.add("age", 5))
    assert ages(edited) == [20, 33, 45, 50]
    assert edited.record(1)["sex"] == "F"
    assert edited.changed_rows.tolist() == [1, 2]
    assert ages(bench) == [20, 30, 40, 50]
    assert bench.rows is frame
    assert edited.original is frame
    assert edited.steps == ("row 1: age = 33", "row 1: sex = F; grade = b", "row 2: age + 5")
    assert repr(edited) == "Workbench(4 rows, 2 changed, 3 steps)"


def test_ids_stay(bench):
    more = bench.duplicate(1).delete(0).add({"age": 60, "sex": "X"}).delete(4)
    assert more.ids.tolist() == [1, 2, 3, 5]
    assert ages(more) == [30, 40, 50, 60]
    assert more.deleted_rows.tolist() == [0, 4]
    assert more.changed_rows.tolist() == [5]
    again = more.undo().undo().duplicate(3)
    assert again.ids.tolist() == [1, 2, 3, 4, 6]  # 5 was given away, and is not given again
    assert ages(again) == [30, 40, 50, 30, 50]
    assert again.record(6)["since"] == bench.record(3)["since"]


def test_undo_and_redo(bench):
    one = bench.edit(0, age=21)
    two = one.delete(3)
    back = two.undo()
    assert ages(back) == ages(one)
    assert (back.steps, back.undone) == (("row 0: age = 21",), ("row 3: deleted",))
    assert ages(back.redo()) == ages(two) == [21, 30, 40]
    assert back.undo().rows is bench.rows
    forked = back.edit(3, age=51)
    assert forked.undone == ()
    with pytest.raises(ArgumentError) as caught:
        forked.redo()
    assert str(caught.value) == "redo: no step left; expected a step that was undone."
    with pytest.raises(ArgumentError) as caught:
        bench.undo()
    assert str(caught.value) == "undo: no step left; expected a step that was taken."


def test_a_reset_row_is_as_it_was(bench):
    changed = bench.edit(0, age=21).edit(0, sex="M").duplicate(0).edit(4, age=99)
    assert ages(changed.reset(0)) == [20, 30, 40, 50, 99]
    assert ages(changed.reset(4)) == [21, 30, 40, 50, 21]
    assert ages(changed.reset(0).undo()) == [21, 30, 40, 50, 99]
    assert changed.reset(0).changed_rows.tolist() == [4]


def test_setting_a_value_back_is_no_change(bench):
    back = bench.edit(0, age=21).edit(0, age=20)
    assert back.changed_rows.tolist() == []
    assert back.to_dicts() == []
    assert len(back.steps) == 2
    assert bench.edit(3, sex=None).changed_rows.tolist() == []


def test_types_stay(bench, frame):
    done = bench.edit(1, age=31, since="2024-02-01", grade="b", income=2).delete(3).duplicate(0)
    held = done.rows
    assert type(held) is type(frame)
    assert [str(kind) for kind in held.dtypes] == [str(kind) for kind in frame.dtypes]
    assert done.record(1)["since"] == pd.Timestamp("2024-02-01")
    new = bench.edit(1, grade="z").rows["grade"]
    assert new.to_list() == ["a", "z", "a", "a"]


def test_added_rows_leave_out_what_is_missing(bench):
    done = bench.add({"age": 60, "since": "2024-01-01"})
    assert done.record(4) == {
        "age": 60, "sex": None, "grade": None, "since": pd.Timestamp("2024-01-01"), "income": None,
    }  # fmt: skip
    assert len(done.rows) == 5


def test_a_table_of_what_differs(bench):
    done = bench.edit(0, age=21, since="2020-01-02").duplicate(1).edit(4, sex="X").delete(2)
    assert done.to_dicts() == [
        {"row": 0, "change": "edited", "column": "age", "before": 20, "now": 21},
        {"row": 0, "change": "edited", "column": "since", "before": "2020-01-01", "now": "2020-01-02"},
        {"row": 4, "change": "added", "column": "sex", "before": "M", "now": "X"},
        {"row": 2, "change": "deleted", "column": None, "before": None, "now": None},
    ]
    assert bench.duplicate(0).to_dicts() == [
        {"row": 4, "change": "added", "column": None, "before": None, "now": None}
    ]
    assert done.marks.words == "sex: 'X' never occurs (1 row)"


def counting(asked):
    def predict(frame):
        asked.append(frame["age"].to_list())
        return frame["age"] / 100

    return predict


def test_a_run_asks_only_for_what_changed(frame):
    asked = []
    bench = Workbench(counting(asked), frame).run()
    assert asked == [[20, 30, 40, 50]]
    bench = bench.edit(1, age=60).duplicate(3).edit(4, sex="M").run("older")
    assert asked[1:] == [[60, 50]]
    bench = bench.run()
    assert asked[2:] == []
    assert len(bench.history[2]) == 0
    bench = bench.undo().undo().run("without the copy")
    assert asked[2:] == []
    bench = bench.undo().delete(0).run()
    assert asked[2:] == [[30]]
    assert [run.name for run in bench.history] == [
        *("run 1", "older", "run 3", "without the copy", "run 5")
    ]
    back = bench.undo().run()
    assert asked[3:] == []
    assert len(back.history) == 6


def test_the_history_of_a_row(frame):
    bench = Workbench(by_age, frame).run().edit(1, age=60).run("older").edit(1, age=45).run()
    assert bench.history.of(1).to_dicts() == [
        {"run": 1, "name": "run 1", "model": "model", "row": 1, "label": 1, "score": 0.3, "delta": None,
         "decision": 0},
        {"run": 2, "name": "older", "model": "model", "row": 1, "label": 1, "score": 0.6,
         "delta": pytest.approx(0.3), "decision": 1},
        {"run": 3, "name": "run 3", "model": "model", "row": 1, "label": 1, "score": 0.45,
         "delta": pytest.approx(-0.15), "decision": 0},
    ]  # fmt: skip
    assert [e.run for e in bench.history.of(2)] == [1]
    assert bench.history.of(99) == ()
    assert bench.history.to_dicts()[1] == {
        "run": 2, "name": "older", "model": "model", "rows": 1, "compared": 1,
        "mean_delta": pytest.approx(0.3),
    }  # fmt: skip
    assert [row["row"] for row in bench.history[0].to_dicts()] == [0, 1, 2, 3]
    assert bench.undo().history == bench.history


def test_scores_that_are_known_are_not_asked_for(frame):
    asked = []
    bench = Workbench(counting(asked), frame, y_score=[0.2, 0.3, 0.4, 0.5]).run()
    assert asked == []
    bench = bench.edit(0, age=70).run()
    assert asked == [[70]]
    assert bench.history.of(0)[-1].delta == pytest.approx(0.5)


def test_several_models_side_by_side(frame):
    models = {
        "one": by_age,
        "wage": rai.load_model(lambda f: f["age"] * 2.0, task="regression"),
        "three": rai.load_model(
            lambda f: np.c_[1 - f["age"] / 100, 0 * f["age"], f["age"] / 100], classes=["a", "b", "c"]
        ),
    }
    bench = Workbench(models, frame).run().edit(0, age=70).run()
    assert [(run.run, run.model, len(run)) for run in bench.history] == [
        *((1, "one", 4), (1, "wage", 4), (1, "three", 4)),
        *((2, "one", 1), (2, "wage", 1), (2, "three", 1)),
    ]
    found = {
        (e.model, e.label): (e.score, e.delta, e.decision) for e in bench.history.of(0) if e.run == 2
    }
    assert found == {
        ("one", 1): (pytest.approx(0.7), pytest.approx(0.5), 1),
        ("wage", None): (140.0, 100.0, None),
        ("three", "a"): (pytest.approx(0.3), pytest.approx(-0.5), "c"),
        ("three", "b"): (0.0, 0.0, "c"),
        ("three", "c"): (pytest.approx(0.7), pytest.approx(0.5), "c"),
    }
    assert bench.history.to_dicts()[-1]["mean_delta"] is None
    scores = {"one": [0.2, 0.3, 0.4, 0.5]}
    with pytest.raises(ArgumentError) as caught:
        Workbench(models, frame, y_score=scores)
    assert str(caught.value) == (
        "y_score: a dict; expected a dict with scores of 'one', 'wage', 'three'."
    )


def test_thresholds_are_those_of_the_edited_group():
    frame = PANDAS.dropna(subset=["sex"])
    bench = Workbench(by_age, frame, threshold={"F": 0.2, "M": 0.5}, along="sex")
    bench = bench.run().edit(0, sex="M").run()
    assert [e.decision for e in bench.history.of(0)] == [1, 0]


def test_many_rows_are_predicted_where_they_stand():
    n = 3000
    frame = pd.DataFrame({"age": np.arange(n) % 90})
    asked = []
    bench = Workbench(counting(asked), frame).edit(5, age=77).add({"age": 66}).run()
    assert len(asked[0]) == n + 1
    assert (asked[0][5], asked[0][-1]) == (77, 66)
    bench = bench.undo().undo().run()
    assert asked[1] == [5]
    assert bench.history.of(5)[-1].delta == pytest.approx(-0.72)
    bench = bench.redo().redo().run()
    assert asked[2] == [77]
    assert len(asked) == 3


# Files ------------------------------------------------------------------------------------------------


def worked(frame):
    bench = Workbench(by_age, frame)
    bench = bench.edit(0, age=21, since="2020-01-02").duplicate(1).edit(4, Edit.add("age", 5))
    return bench.add({"age": 60, "sex": "F"}).delete(2).reset(0).undo()


def test_a_file_gives_it_back(tmp_path, frame):
    bench = worked(frame)
    path = bench.save(tmp_path / "bench.json")
    again = Workbench.load(path, model=by_age, rows=frame)
    assert again.steps == bench.steps
    assert again.undone == bench.undone == ("row 0: as it was",)
    assert again.ids.tolist() == bench.ids.tolist()
    assert again.rows.equals(bench.rows)
    assert again.redo().rows.equals(bench.redo().rows)
    assert again.duplicate(0).ids.tolist()[-1] == 6
    assert again.history == ()
    other = FRAMES["polars" if frame is PANDAS else "pandas"]
    assert Workbench.load(path, model=by_age, rows=other).record(4) == bench.record(4)
    assert bench.to_dict() == json.loads(path.read_text("utf-8"))
    of_data = Workbench.from_dict(bench.to_dict(), model=by_age, rows=other)
    assert (of_data.steps, of_data.undone) == (bench.steps, bench.undone)


@pytest.mark.parametrize(
    ("plain", "seen"),
    [
        (3, "no saved workbench"),
        ({**Workbench(by_age, PANDAS).to_dict(), "done": 1}, "steps that don't fit together"),
        ({**Workbench(by_age, PANDAS).to_dict(), "rows": 5}, "a workbench of other rows (5 of them)"),
    ],
)
def test_data_that_are_no_workbench_of_these_rows_are_refused(plain, seen):
    with pytest.raises(DataError) as caught:
        Workbench.from_dict(plain, model=by_age, rows=PANDAS)
    assert str(caught.value).startswith(f"reading a workbench: {seen}; expected ")


def test_the_file_holds_edits_and_no_rows(tmp_path, frame):
    held = json.loads(worked(frame).save(tmp_path / "b.json").read_text("utf-8"))
    assert (held["format"], held["rows"], held["done"]) == ("rai-workbench", 4, 5)
    assert [step["op"] for step in held["steps"]] == [
        *("edit", "duplicate", "edit", "add", "delete", "reset")
    ]
    assert held["steps"][1] == {"op": "duplicate", "row": 4, "source": 1}
    assert held["fingerprint"] == rows_fingerprint(open_rows(PANDAS))


@pytest.mark.parametrize(
    "other",
    [
        PANDAS.assign(age=[20, 30, 40, 51]),
        PANDAS.iloc[::-1],
        PANDAS.rename(columns={"sex": "gender"}),
        PANDAS.assign(sex=["F", "M", "F", "F"]),
        PANDAS.iloc[:3],
        PANDAS[["sex", "age", "grade", "since", "income"]],
    ],
    ids=["a value", "the order", "a name", "a gap", "fewer", "columns"],
)
def test_other_rows_are_refused(tmp_path, other):
    path = worked(PANDAS).save(tmp_path / "b.json")
    with pytest.raises(DataError) as caught:
        Workbench.load(path, model=by_age, rows=other)
    assert str(caught.value) == (
        f"reading {path}: a workbench of other rows (4 of them); expected the rows that it was saved "
        "with, in their order."
    )


@pytest.mark.parametrize(
    "steps",
    [
        5,
        [5],
        [{"op": "edit"}],
        [{"op": "format", "row": 0}],
        [{"op": ["edit"], "row": 0}],
        [{"op": "edit", "row": 0.5}],
        [{"op": "edit", "row": True}],
        [{"op": "duplicate", "row": 4}],
        [{"op": "duplicate", "row": 4, "source": 9}],
        [{"op": "delete", "row": 9}],
        [{"op": "add", "row": 2}],
        [{"op": "edit", "row": 0, "edits": [{"column": "no", "kind": "set", "value": 1}]}],
        [{"op": "add", "row": 4, "edits": [{"column": "age", "kind": "add", "value": 1}]}],
        [{"op": "edit", "row": 0, "edits": 5}],
        [{"op": "delete", "row": 0}, {"op": "delete", "row": 0}],
        [{"op": "delete", "row": -1}],
    ],
    ids=str,
)
def test_a_hostile_file_gets_one_sentence(tmp_path, steps):
    path = Workbench(by_age, PANDAS).save(tmp_path / "b.json")
    held = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**held, "steps": steps}), "utf-8")
    with pytest.raises(DataError) as caught:
        Workbench.load(path, model=by_age, rows=PANDAS)
    assert str(caught.value).startswith(f"reading {path}: steps that don't fit together")


def test_an_id_far_away_costs_nothing(tmp_path):
    path = Workbench(by_age, PANDAS).save(tmp_path / "b.json")
    held = json.loads(path.read_text("utf-8"))
    held |= {"steps": [{"op": "duplicate", "row": 10**12, "source": 0}], "done": 1}
    path.write_text(json.dumps(held), "utf-8")
    bench = Workbench.load(path, model=by_age, rows=PANDAS).run()
    assert bench.ids.tolist() == [0, 1, 2, 3, 10**12]
    assert bench.history.of(10**12)[0].score == 0.2


def test_a_row_of_steps_that_is_longer_than_what_was_done(tmp_path):
    path = Workbench(by_age, PANDAS).save(tmp_path / "b.json")
    held = json.loads(path.read_text("utf-8"))
    for done in (1, -1, True, "0"):
        path.write_text(json.dumps({**held, "done": done}), "utf-8")
        with pytest.raises(DataError, match="steps that don't fit together"):
            Workbench.load(path, model=by_age, rows=PANDAS)


# Refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda b: b.edit(9, age=1),
            ArgumentError,
            "row: 9; expected the id of a row that is there.",
        ),
        (
            lambda b: b.delete(0).edit(0, age=1),
            ArgumentError,
            "row: 0; expected the id of a row that is there. It was deleted; undo() brings it back.",
        ),
        (lambda b: b.delete(True), ArgumentError, "row: True; expected the id of a row that is there."),
        (
            lambda b: b.edit(0, agee=1),
            RoleError,
            "edit of 'agee': no column 'agee'; expected one of 'age', 'sex', 'grade', 'since', 'income'. "
            "Did you mean 'age'?",
        ),
        (
            lambda b: b.edit(0, age="old"),
            ArgumentError,
            "edit of 'age': 'old' for 'age'; expected a whole number.",
        ),
        (
            lambda b: b.edit(0),
            ArgumentError,
            'edits: none; expected edits. Write {"age": 40}, or Edit.add("age", 5).',
        ),
        (lambda b: b.add({}), ArgumentError, "row: {}; expected a dict of column to value."),
        (
            lambda b: b.add({"age": "old"}),
            ArgumentError,
            "row: 'old' for 'age'; expected a whole number.",
        ),
        (
            lambda b: b.add({"agee": 1}),
            RoleError,
            "row: no column 'agee'; expected one of 'age', 'sex', 'grade', 'since', 'income'. "
            "Did you mean 'age'?",
        ),
        (lambda b: b.record(7), ArgumentError, "row: 7; expected the id of a row that is there."),
    ],
)
def test_what_cannot_be_done_is_refused(bench, act, error, message):
    with pytest.raises(error) as caught:
        act(bench)
    assert str(caught.value) == message


def test_it_is_frozen_and_needs_models(frame):
    bench = Workbench(by_age, frame, features=features_of(open_rows(frame)))
    with pytest.raises(AttributeError):
        bench.rows = 5
    with pytest.raises(AttributeError, match="frozen"):
        bench._bench = 5
    for nothing in ({}, {1: by_age}):
        with pytest.raises(ArgumentError) as caught:
            Workbench(nothing, frame)
        assert str(caught.value) == "model: no model; expected one, or a dict of name to model."
    with pytest.raises(ArgumentError, match="Workbench: a column of predictions"):
        Workbench(rai.load_model(column="age", probabilities=False), frame)
