"""Sessions: saved as JSON, restored on the same data, refused on other data and when damaged."""

import json

import pytest

SCRIPT = """
import json
import streamlit as st
import rai
from apps import cohorts, cutoffs, edits, saved_sessions, selection
from apps.opening import Opening, opened

SETTINGS = (*cohorts.SETTINGS, *selection.SETTINGS, *cutoffs.SETTINGS)
project = opened(Opening(**json.loads(st.session_state["opening"])))
try:
    if "file" in st.session_state:
        saved_sessions.restored(project, st.session_state.pop("file"), settings=SETTINGS)
    elif st.session_state.pop("make", False):
        cohorts.save(project, "young", "age < 25")
        cohorts.SHOWN.put("young")
        selection.choose(range(0, 1000, 3), why="every third")
        selection.pin(5)
        cutoffs.set_cut("boosting", cutoffs.Cut(0.3, ("sex",), {("male",): 0.4}))
        edits.keep(project, edits.bench(project).edit(5, {"age": 70}).delete(7))
except rai.RaiError as error:
    st.error(str(error))
taken = saved_sessions.taken(project, settings=SETTINGS)
st.session_state["text"] = taken.text()
bench = edits.bench(project) if project.answering else None
st.session_state["bench"] = bench and (bench.steps, int(bench.record(5)["age"]))
"""

GERMAN = {"data": "dataset:german_credit", "example_models": True}


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
    text, (steps, age), error = session(file=saved)
    assert error is None
    assert text == saved
    assert (len(steps), age) == (2, 70)
    plain = json.loads(saved)
    assert plain["settings"]["cohorts"] == {"young": "age < 25"}
    assert plain["settings"]["pinned"] == 5
    assert plain["settings"]["cuts"]["boosting"]["single"] == 0.3
    assert plain["selection"]["why"] == "every third"


def test_the_rows_are_not_in_it(saved):
    assert len(saved) < 3000
    assert "checking" not in json.dumps(json.loads(saved)["settings"])


def test_a_session_without_anything_forgets_what_was_there(session, saved):
    empty, _, _ = session()
    assert json.loads(empty)["selection"] is None
    _, (steps, age), error = session(file=empty)
    assert (steps, error) == ((), None)
    assert age != 70


def test_a_session_of_other_data_is_refused(session, saved):
    _, _, error = session({"data": "dataset:heart_disease"}, file=saved)
    assert error == (
        "session: one of other data, 'german_credit' (1,000 rows); expected one of 'heart_disease' as it is "
        "now, every value the same. Open those first, then restore it."
    )


def test_one_changed_value_is_other_data(session, saved, tmp_path):
    import rai

    frame = rai.load_dataset("german_credit").frame
    frame.to_parquet(tmp_path / "german_credit.parquet")
    first, _, _ = session({"data": str(tmp_path / "german_credit.parquet")})
    assert session({"data": str(tmp_path / "german_credit.parquet")}, file=first)[2] is None
    frame.loc[400, "age"] += 1
    frame.to_parquet(tmp_path / "german_credit.parquet")
    assert (
        "one of other data" in session({"data": str(tmp_path / "german_credit.parquet")}, file=first)[2]
    )


def test_edited_rows_need_a_model(session, saved):
    _, _, error = session({"data": "dataset:german_credit"}, file=saved)
    assert error.startswith("session: edited rows, and no model that answers them is open;")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "text that is no JSON"),
        (b"\xff\xfe\x00", "text that is no JSON"),
        ("[" * 100_000, "text that is no JSON"),
        ("[]", "JSON of something else"),
        ('{"format": "rai-workbench"}', "JSON of something else"),
        ('{"format": "rai-session", "version": 2}', "one of another version of the app"),
        ('{"format": "rai-session", "version": 1}', "one whose 'data' are damaged"),
    ],
)
def test_what_is_no_session_is_refused_in_a_sentence(session, file, said):
    _, _, error = session(file=file)
    assert error.startswith(f"session: {said}; expected a session that this app saved.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"settings": []}, "one whose 'settings' are damaged"),
        ({"selection": 7}, "one whose selection is damaged"),
        ({"selection": {"bits": "!", "why": "", "where": None}}, "one whose selection is damaged"),
        ({"selection": {"bits": "", "why": "", "where": "age <"}}, "one whose selection is damaged"),
        ({"workbench": {"format": "rai-workbench"}}, "reading the edited rows"),
        ({"workbench": 3}, "reading the edited rows"),
    ],
)
def test_a_damaged_session_is_refused_and_changes_nothing(session, saved, changes, said):
    before, _, _ = session()
    after, _, error = session(file=changed(saved, **changes))
    assert said in error
    assert after == before


def test_settings_of_a_hostile_session_are_defaults(session, saved):
    hostile = {
        "cohorts": {"<b>": "age <", "x": 3},
        "shown cohort": ["x"],
        "pinned": "<script>",
        "cuts": "all",
    }
    text, _, error = session(file=changed(saved, settings=hostile, workbench=None))
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
