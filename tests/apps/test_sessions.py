"""Sessions: saved as JSON, restored on the same data, refused on other data and when damaged."""

import json

import pytest

import rai
from apps.selection import bits

SCRIPT = """
import json
import streamlit as st
import rai
from apps import cohorts, cutoffs, edits, saved_sessions, selection
from apps.opening import Opening, opened
from apps.overview import checklist
from apps.what_if import scenarios

SETTINGS = (*cohorts.SETTINGS, *selection.SETTINGS, *cutoffs.SETTINGS, *scenarios.SETTINGS)
project = opened(Opening(**json.loads(st.session_state["opening"])))
try:
    if "held" in st.session_state:
        saved_sessions.restored(project, st.session_state.pop("held"), settings=SETTINGS)
    if "file" in st.session_state:
        saved_sessions.restored(project, st.session_state.pop("file"), settings=SETTINGS)
        if "then" in st.session_state:
            project = opened(Opening(**json.loads(st.session_state["then"])))
            selection.clear()
    elif st.session_state.pop("make", False):
        cohorts.save(project, "young", "age < 25")
        cohorts.SHOWN.put("young")
        selection.choose(range(0, 1000, 3), why="every third")
        selection.pin(5)
        cutoffs.set_cut("boosting", cutoffs.Cut(0.3, ("sex",), {("male",): 0.4}))
        edits.keep(project, edits.bench(project).edit(5, {"age": 70}).delete(7).delete(8).undo())
        scenarios.EDITS.put((rai.whatif.Edit.add("age", 5).to_dict(),))
        scenarios.ROWS.put("a query")
        scenarios.QUERY.put("age > 30")
        answered = checklist.sheet(project).answer("selection.1", "Tenants.", by="Ada", on="2026-11-26")
        checklist.keep(project, answered)
except rai.RaiError as error:
    st.error(str(error))
taken = saved_sessions.taken(project, settings=SETTINGS)
st.session_state["text"] = taken.text()
bench = edits.bench(project) if project.answering else None
st.session_state["bench"] = bench and (bench.steps, int(bench.record(5)["age"]))
st.session_state["sheet"] = checklist.sheet(project)
"""

GERMAN = {"data": "dataset:german_credit", "example_models": True}


GERMAN_BENCH = rai.whatif.Workbench(lambda f: f["age"] / 99, rai.load_dataset("german_credit").frame)
QUESTION = {"id": "a", "bias": "b", "question": "c?"}
WHOLE = {"bits": bits(range(1000), 1000), "why": "all"}


def bench(**changes):
    return {**GERMAN_BENCH.to_dict(), **changes}


def sheet(**changes):
    return {**rai.Worksheet().to_dict(), **changes}


@pytest.fixture(scope="module")
def session():
    """`session(GERMAN, make=True)`: what it says as text, what its workbench says, its error."""
    from streamlit.testing.v1 import AppTest

    def run(opening=GERMAN, **state):
        at = AppTest.from_string(SCRIPT, default_timeout=60)
        at.session_state["opening"] = json.dumps(opening)
        for key, value in state.items():
            at.session_state[key] = value
        at.run()
        assert not at.exception
        return (
            at.session_state["text"],
            at.session_state["bench"],
            at.error[0].value if at.error else None,
            at.session_state["sheet"],
        )

    return run


@pytest.fixture(scope="module")
def saved(session):
    return session(make=True)[0]


def changed(text, **changes):
    plain = json.loads(text)
    for key, value in changes.items():
        plain[key] = value
    return json.dumps(plain)


def test_a_session_is_restored_as_it_was(session, saved):
    text, (steps, age), error, sheet = session(file=saved)
    assert error is None
    assert text == saved
    assert (len(steps), age) == (2, 70)
    plain = json.loads(saved)
    assert plain["settings"]["cohorts"] == {"young": "age < 25"}
    assert plain["settings"]["pinned"] == 5
    assert plain["settings"]["cuts"]["boosting"]["single"] == 0.3
    assert plain["selection"]["why"] == "every third"
    assert plain["workbench"]["done"] == 2
    assert len(plain["workbench"]["steps"]) == 3
    assert plain["settings"]["what-if scenario query"] == "age > 30"
    (edit,) = plain["settings"]["what-if scenario edits"]
    assert rai.whatif.Edit.from_dict(edit) == rai.whatif.Edit.add("age", 5)
    assert sheet == rai.Worksheet().answer("selection.1", "Tenants.", by="Ada", on="2026-11-26")


def test_a_part_that_an_older_file_does_not_have_stays_as_it_is(session, saved):
    older = json.loads(saved)
    del older["worksheet"]
    text, _, error, sheet = session(file=json.dumps(older))
    assert (error, json.loads(text)["worksheet"], sheet) == (None, None, rai.Worksheet())
    only = {key: older[key] for key in ("format", "version", "data")}
    kept = session(file=json.dumps(only), held=saved)
    assert kept[0] == saved


def test_null_is_a_part_without_anything(session, saved):
    nothing = dict.fromkeys(("settings", "selection", "workbench", "worksheet"))
    text, _, error, _ = session(file=changed(saved, **nothing), held=saved)
    assert error is None
    assert {key: json.loads(text)[key] for key in nothing} == {**nothing, "settings": {}}


def test_what_is_said_of_other_data_is_not_there(session, saved):
    assert session(file=saved, then=json.dumps({"data": "dataset:heart_disease"}))[3] == rai.Worksheet()


def test_the_rows_are_not_in_it(saved):
    assert len(saved) < 9000
    assert "checking" not in json.dumps(json.loads(saved)["settings"])


def test_a_session_without_anything_forgets_what_was_there(session, saved):
    empty, *_ = session()
    assert json.loads(empty)["selection"] is None
    _, (steps, age), error, _ = session(file=empty)
    assert (steps, error) == ((), None)
    assert age != 70


def test_a_session_of_other_data_is_refused(session, saved):
    _, _, error, _ = session({"data": "dataset:heart_disease"}, file=saved)
    assert error == (
        "session: one of other data, 'german_credit' (1,000 rows); expected one of 'heart_disease' as it is "
        "now, every value the same. Open those first, then restore it."
    )


def test_one_changed_value_is_other_data(session, saved, tmp_path):
    import rai

    frame = rai.load_dataset("german_credit").frame
    frame.to_parquet(tmp_path / "german_credit.parquet")
    first, *_ = session({"data": str(tmp_path / "german_credit.parquet")})
    assert session({"data": str(tmp_path / "german_credit.parquet")}, file=first)[2] is None
    frame.loc[400, "age"] += 1
    frame.to_parquet(tmp_path / "german_credit.parquet")
    assert (
        "one of other data" in session({"data": str(tmp_path / "german_credit.parquet")}, file=first)[2]
    )


def test_edited_rows_need_a_model(session, saved):
    _, _, error, _ = session({"data": "dataset:german_credit"}, file=saved)
    assert error == (
        "session: edited rows: no model that answers them is open; expected the models they were saved with."
    )


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "text that is no JSON"),
        (b"\xff\xfe\x00", "text that is no JSON"),
        ("[" * 100_000, "text that is no JSON"),
        ("[]", "JSON of something else"),
        ('{"format": "rai-workbench"}', "JSON of something else"),
        ('{"format": "rai-session", "version": 2}', "one of another version of the app"),
        ('{"format": "rai-session", "version": 1}', "one whose data can't be read"),
    ],
)
def test_what_is_no_session_is_refused_in_a_sentence(session, file, said):
    _, _, error, _ = session(file=file)
    assert error.startswith(f"session: {said}; expected a session that this app saved.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data": 1}, "one whose data can't be read"),
        ({"settings": []}, "one whose settings can't be read"),
        ({"settings": "all"}, "one whose settings can't be read"),
        ({"settings": {"x": float("inf")}}, "text that is no JSON"),
        ({"settings": {"what-if scenario name": "\ud800"}}, "text that is no JSON"),
        ({"selection": 7}, "one whose selection can't be read"),
        ({"selection": []}, "one whose selection can't be read"),
        ({"selection": {"bits": "!", "why": "", "where": None}}, "one whose selection can't be read"),
        ({"selection": {"bits": 8, "why": "", "where": None}}, "one whose selection can't be read"),
        ({"selection": {"bits": "A" * 10**6, "why": "", "where": None}}, "selection can't be read"),
        ({"selection": {**WHOLE, "where": "age <"}}, "session: query"),
        ({"selection": {**WHOLE, "where": "age < 0"}}, "one whose selection can't be read"),
        ({"selection": {**WHOLE, "where": "nowhere = 1"}}, "session: "),
        ({"selection": {**WHOLE, "where": ["age"]}}, "session: "),
        ({"settings": {"what-if scenario name": "x" * 2**20}}, "one whose settings can't be read"),
        ({"workbench": {"format": "rai-workbench"}}, "one whose workbench can't be read"),
        ({"workbench": 3}, "one whose workbench can't be read"),
        ({"workbench": bench(version=2)}, "session: reading a workbench: version 2;"),
        ({"workbench": bench(steps=[{"op": "delete", "row": 1}] * 2001)}, "workbench can't be read"),
        ({"workbench": bench(rows=10**400)}, "a workbench of other rows"),
        ({"workbench": bench(fingerprint="0")}, "a workbench of other rows (1,000 of them)"),
        ({"workbench": bench(steps=[3])}, "steps that don't fit together"),
        ({"workbench": bench(steps=[{"op": "delete", "row": 10**30}], done=1)}, "reading a workbench"),
        ({"worksheet": []}, "session: reading a worksheet: no saved worksheet;"),
        ({"worksheet": sheet(questions=3)}, "questions that don't fit together"),
        ({"worksheet": sheet(questions=[])}, "one whose worksheet can't be read"),
        ({"worksheet": sheet(questions=[QUESTION, QUESTION])}, "'a' twice"),
        ({"worksheet": sheet(questions=[{**QUESTION, "answer": 3}])}, "answer 3; expected text"),
        (
            {"worksheet": sheet(questions=[{**QUESTION, "id": f"a{k}"} for k in range(1000)])},
            "one whose worksheet can't be read",
        ),
    ],
)
def test_a_damaged_session_is_refused_and_changes_nothing(session, saved, changes, said):
    before, *_ = session()
    after, _, error, _ = session(file=changed(saved, **changes))
    assert said in error
    assert after == before


def test_settings_of_a_hostile_session_are_defaults(session, saved):
    hostile = {
        "cohorts": {"<b>": "age <", "x": 3},
        "shown cohort": ["x"],
        "pinned": "<script>",
        "cuts": "all",
    }
    text, _, error, _ = session(file=changed(saved, settings=hostile, workbench=None))
    assert error is None
    assert "cuts" not in json.loads(text)["settings"]
    assert "shown cohort" not in json.loads(text)["settings"]


def test_it_is_saved_and_restored_in_the_sidebar(app, session, saved):
    at = app(GERMAN)
    at.file_uploader(key="session file").upload("mine.json", saved.encode(), "application/json")
    at.run()
    next(each for each in at.sidebar.button if each.label == "Restore").click().run()
    assert not at.exception
    assert "mine\\.json is restored\\." in [each.value for each in at.success]
    assert "**334 rows selected**" in [each.value for each in at.sidebar.markdown]
    at.file_uploader(key="session file").upload("bad.json", b"{}", "application/json")
    at.run()
    next(each for each in at.sidebar.button if each.label == "Restore").click().run()
    assert not at.exception
    assert "JSON of something else" in at.error[0].value
    assert "**334 rows selected**" in [each.value for each in at.sidebar.markdown]


def test_answers_are_restored_under_the_eyes_of_who_looks_at_them(app, saved):
    at = app(GERMAN, show="checklist")
    at.text_area[0].set_value("mine").run()
    here = changed(saved, settings={"overview section": "checklist"})
    at.file_uploader(key="session file").upload("mine.json", here.encode(), "application/json")
    at.run()
    next(each for each in at.sidebar.button if each.label == "Restore").click().run()
    assert not at.exception
    assert {area.key: area.value for area in at.text_area if area.value} == {
        "answer:selection.1": "Tenants."
    }
