"""Safe with anybody's data: nothing becomes HTML, sessions don't meet, errors are sentences, no stale number."""

import json
import logging
import re

import numpy as np
import pandas as pd
import pytest

from apps import answers, edits, selection, shell, views
from apps.opening import Opening, made, opened
from apps.project import ColumnRoles
from apps.words import plain

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[go](javascript:alert(1))",
    "![x](http://example.com/x.png)",
    ":material/delete:",
    ":red[x]",
    "$x^2$",
    "`code`",
    "**bold**",
)
PAGES = ("overview", "dive", "what-if", "performance", "start")


@pytest.fixture(scope="module")
def hostile():
    rng = np.random.default_rng(0)
    names = dict(zip(("number", "group", "label", "other"), HOSTILE, strict=False))
    values = np.array(HOSTILE, dtype=object)
    frame = pd.DataFrame(
        {
            names["number"]: rng.normal(size=200),
            names["group"]: values[rng.integers(0, 3, 200)],
            names["label"]: values[rng.integers(3, 5, 200)],
            names["other"]: values[rng.integers(0, len(HOSTILE), 200)],
        }
    )
    roles = ColumnRoles(
        y_true=names["label"], positive_label=HOSTILE[3], sensitive_features=(names["group"],)
    )

    def scores(rows):
        return 1 / (1 + np.exp(-rows[names["number"]].to_numpy(dtype=float)))

    import rai

    model = rai.load_model(scores, classes=(HOSTILE[4], HOSTILE[3]), features=[names["number"]])
    return made(HOSTILE[0], frame, roles=roles, models=lambda typed: {HOSTILE[1]: model}, others={})


def words_on(at):
    """All text that Streamlit reads as Markdown or as HTML."""
    for kind in (
        "markdown",
        "caption",
        "header",
        "subheader",
        "title",
        "info",
        "error",
        "warning",
        "success",
    ):
        yield from (each.value for each in getattr(at, kind))
    for kind in (
        "button",
        "selectbox",
        "multiselect",
        "slider",
        "number_input",
        "text_input",
        "checkbox",
        "radio",
        "metric",
        "expander",
        "toggle",
    ):
        yield from (each.label for each in getattr(at, kind))


@pytest.mark.parametrize("page", PAGES)
def test_names_and_values_stay_words_on_every_page(app, hostile, page, monkeypatch):
    monkeypatch.setattr(shell, "current_project", lambda: hold(hostile))
    at = app(page=page, row="3", cohorts={HOSTILE[0]: f"`{HOSTILE[0]}` > 0"})
    assert not at.exception
    for said in words_on(at):
        text = re.sub(r"`[^`]*`", "", said)
        for markup in HOSTILE:
            assert markup not in text, said
    assert not [each for each in at.main if getattr(each.proto, "allow_html", False) and has_data(each)]


def has_data(element):
    body = getattr(element.proto, "body", "")
    return any(markup in body for markup in HOSTILE)


def hold(project):
    import streamlit as st

    st.session_state["project"] = project
    return project


@pytest.mark.parametrize("text", HOSTILE)
def test_words_are_shown_as_they_are(text):
    said = plain(text)
    assert said != text
    assert said.replace("\\", "") == text


def test_an_error_of_rai_is_a_sentence_and_one_nobody_foresaw_is_logged(app, monkeypatch, caplog):
    import rai

    def refuse(project):
        raise rai.RoleError("columns: no column <b>; expected another.")

    def fail(project):
        raise ZeroDivisionError("a secret of the server")

    monkeypatch.setattr(views.overview, "render", refuse)
    at = app({"data": "dataset:german_credit"})
    assert not at.exception
    assert at.error[0].value == plain("columns: no column <b>; expected another.")
    monkeypatch.setattr(views.overview, "render", fail)
    with caplog.at_level(logging.ERROR, logger="apps.telling"):
        at = app({"data": "dataset:german_credit"})
    assert not at.exception
    assert "secret" not in at.error[0].value
    assert at.error[0].value.startswith("Something went wrong here")
    assert "ZeroDivisionError: a secret of the server" in caplog.text


def test_sessions_share_rows_and_nothing_else(app):
    opening = {"data": "dataset:german_credit"}
    one, other = app(opening, page="start", where="age < 25"), app(opening, page="start")
    assert one.session_state["project"] is other.session_state["project"]
    assert any("rows selected" in each.value for each in one.sidebar.markdown)
    other.run()
    assert not any("rows selected" in each.value for each in other.sidebar.markdown)


def test_what_one_session_uploads_no_other_sees(app):
    one, other = app(), app()
    one.segmented_control[0].set_value("Your own files").run()
    one.file_uploader(key="start rows").upload("mine.csv", b"a,label\n1,0\n2,1\n" * 3, "text/csv")
    one.run()
    next(each for each in one.button if each.label == "Open").click().run()
    assert one.session_state["project"].name == "mine"
    other.run()
    assert "project" not in other.session_state
    assert other.header[0].value == "Start"
    assert "project" not in app().session_state


def test_one_changed_cell_of_many_rows_is_a_new_number():
    rows = 100_000
    frame = pd.DataFrame({"x": np.zeros(rows), "label": np.arange(rows) % 2})
    changed = frame.copy()
    changed.loc[54_321, "x"] = 1e6
    roles = ColumnRoles(y_true="label")
    found = []
    for each in (frame, changed):
        project = made("rows", each, roles=roles, models=lambda _: {}, others={})
        shown = answers.profile(project).to_dicts()
        found += [row["mean"] for row in shown if row["feature"] == "x"]
    assert found == [0.0, 10.0]


def test_edits_do_not_change_the_rows_that_are_shared(monkeypatch):
    state = {}
    monkeypatch.setattr(edits.st, "session_state", state)
    project = opened(Opening(data="dataset:german_credit", example_models=True))
    before = project.frame.copy()
    edits.keep(project, edits.bench(project).edit(3, {"age": 99}).delete(5))
    assert project.frame.equals(before)
    assert edits.bench(project).record(3)["age"] == 99


def test_numbers_in_the_address_that_are_no_row_pin_none(app):
    for row in ("-1", "1000", "1.5", "true", "[1]", '"x"', "NaN"):
        at = app({"data": "dataset:german_credit"}, page="start", row=row)
        assert not at.exception
        assert not any("is pinned" in each.value for each in at.sidebar.markdown), row


def test_a_link_opens_bundled_data_and_no_file(app, tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("a\n1\n")
    for data in (str(path), "file://x", "dataset:../../etc", "http://example.com/x.csv"):
        at = app(data=data)
        assert not at.exception
        assert at.header[0].value == "Start"
        assert "project" not in at.session_state


@pytest.mark.parametrize("command", ["", json.dumps({"data": "dataset:nothing"})])
def test_what_can_not_be_opened_leaves_the_start_page(app, monkeypatch, command):
    at = app(json.loads(command) if command else None)
    assert not at.exception
    assert at.header[0].value == "Start"
    assert bool(at.error) == bool(command)


def test_the_selection_of_a_mask_that_is_too_long_is_cut():
    assert selection.positions(selection.bits(range(64), 64), 10).max() == 9
