"""Laws of the workbench: whatever is done can be undone, and nothing of it touches the rows."""

import numpy as np
import pandas as pd
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rai.engines.frames import open_rows
from rai.whatif import Workbench
from rai.whatif.workbench_files import rows_fingerprint

PANDAS = pd.DataFrame(
    {
        "age": [20, 30, 40, 50],
        "income": [1.5, np.nan, 2.5, 3.5],
        "sex": ["F", "M", None, "F"],
        "member": [True, False, True, False],
        "grade": pd.Series(["a", "b", "a", "a"], dtype="category"),
    }
)
FRAMES = (PANDAS, pl.from_pandas(PANDAS))
VALUES = {
    "age": st.integers(0, 99),
    "income": st.one_of(st.none(), st.floats(-9, 9)),
    "sex": st.sampled_from(["F", "M", "X", None]),
    "member": st.booleans(),
    "grade": st.sampled_from(["a", "b", "c"]),
}
NEEDED = ("age", "member")
RECORDS = st.fixed_dictionaries(
    {name: VALUES[name] for name in NEEDED},
    optional={name: drawn for name, drawn in VALUES.items() if name not in NEEDED},
)
EDITS = st.sampled_from(list(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 9), EDITS),
        st.tuples(st.just("add"), st.just(0), RECORDS),
        st.tuples(st.sampled_from(["duplicate", "delete", "reset", "undo", "redo", "run"]),
                  st.integers(0, 9), st.none()),
    ),
    max_size=12,
)  # fmt: skip


class Model:
    """Plain rows in a dict: what a workbench must amount to."""

    def __init__(self, rows):
        self.past, self.future = [rows], []
        self.first, self.next_id = dict(rows), len(rows)

    @property
    def rows(self):
        return self.past[-1]

    def step(self, rows):
        self.past.append(rows)
        self.future = []

    def new(self, record):
        self.first[self.next_id] = record
        self.step({**self.rows, self.next_id: record})
        self.next_id += 1


def taken(model, bench, step):
    """One step of both; steps that can't be taken are left out."""
    op, which, what = step
    if op in {"undo", "redo"}:
        there = len(model.past) > 1 if op == "undo" else bool(model.future)
        if there:
            source, target = (model.past, model.future) if op == "undo" else (model.future, model.past)
            target.append(source.pop())
            return getattr(bench, op)()
        return bench
    if op == "run":
        return bench.run()
    if op == "add":
        model.new({**dict.fromkeys(VALUES), **what})
        return bench.add(what)
    if not model.rows:
        return bench
    row = list(model.rows)[which % len(model.rows)]
    if op == "edit":
        model.step({**model.rows, row: {**model.rows[row], what[0]: what[1]}})
        return bench.edit(row, dict([what]))
    if op == "duplicate":
        model.new(dict(model.rows[row]))
    elif op == "delete":
        model.step({held: record for held, record in model.rows.items() if held != row})
    else:
        model.step({**model.rows, row: model.first[row]})
    return getattr(bench, op)(row)


def by_age(frame):
    return np.clip(np.nan_to_num(np.asarray(frame["age"], dtype=float)) / 100, 0, 1)


def plain(bench):
    rows = open_rows(bench.rows)
    return {row: rows.record(place) for place, row in enumerate(bench.ids.tolist())}


@settings(max_examples=60)
@given(STEPS, st.sampled_from(FRAMES))
def test_any_steps_amount_to_plain_rows_and_can_all_be_undone(steps, frame):
    before = rows_fingerprint(open_rows(frame))
    original = frame.copy() if isinstance(frame, pd.DataFrame) else frame.clone()
    bench = Workbench(by_age, frame)
    rows = open_rows(frame)
    model = Model({place: rows.record(place) for place in range(len(rows))})
    for step in steps:
        bench = taken(model, bench, step)
    assert plain(bench) == model.rows
    assert bench.ids.tolist() == list(model.rows)
    while bench.steps:
        bench = bench.undo()
    assert bench.rows is frame
    assert bench.changed_rows.tolist() == bench.deleted_rows.tolist() == []
    assert frame.equals(original)
    assert [str(t) for t in frame.dtypes] == [str(t) for t in original.dtypes]
    assert rows_fingerprint(open_rows(frame)) == before


@settings(max_examples=40)
@given(STEPS)
def test_undo_then_redo_is_no_change(steps):
    bench = Workbench(by_age, PANDAS)
    model = Model({place: open_rows(PANDAS).record(place) for place in range(4)})
    for step in steps:
        bench = taken(model, bench, step)
    back, count = bench, 0
    while back.steps:
        back, count = back.undo(), count + 1
    for _ in range(count):
        back = back.redo()
    assert back.steps == bench.steps
    assert plain(back) == plain(bench)
    assert back.history is bench.history


@settings(max_examples=40)
@given(STEPS)
def test_after_a_run_every_score_is_that_of_the_row_as_it_is(steps):
    bench = Workbench(by_age, PANDAS)
    model = Model({place: open_rows(PANDAS).record(place) for place in range(4)})
    for step in steps:
        bench = taken(model, bench, step)
    bench = bench.run()
    for row, record in model.rows.items():
        assert bench.history.of(row)[-1].score == (record["age"] or 0) / 100
    assert len(bench.run().history[-1]) == 0


@settings(max_examples=30)
@given(STEPS)
def test_a_saved_bench_is_the_same(tmp_path_factory, steps):
    bench = Workbench(by_age, PANDAS)
    model = Model({place: open_rows(PANDAS).record(place) for place in range(4)})
    for step in steps:
        bench = taken(model, bench, step)
    path = bench.save(tmp_path_factory.mktemp("bench") / "b.json")
    again = Workbench.load(path, model=by_age, rows=FRAMES[1])
    assert plain(again) == plain(bench)
    assert (again.steps, again.undone) == (bench.steps, bench.undone)


def test_the_bytes_of_the_rows_stay():
    frame = PANDAS.drop(columns="grade")
    columns = {name: frame[name].to_numpy() for name in ("age", "income", "member")}
    before = {name: values.tobytes() for name, values in columns.items()}
    bench = Workbench(by_age, frame).edit(0, age=99, income=None, member=None).delete(1).duplicate(2)
    rows = bench.run().rows
    rows.loc[:, "age"] = 0
    assert {name: values.tobytes() for name, values in columns.items()} == before
    assert bench.original is frame
