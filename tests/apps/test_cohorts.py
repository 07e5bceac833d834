"""Cohorts: made, counted, renamed and deleted in the sidebar, as rai counts them."""

import pytest

import rai

GERMAN = {"data": "dataset:german_credit"}


def button(at, label):
    return next(each for each in at.sidebar.button if each.label == label)


def text(at, label):
    return next(each for each in at.sidebar.text_input if each.label == label)


def test_a_query_is_counted_as_it_is_written_and_saved(app):
    at = app(GERMAN)
    text(at, "Query").set_value("age < 25").run()
    n = int((rai.load_dataset("german_credit").frame["age"] < 25).sum())
    assert any(each.value.startswith(f"**{n} rows**") for each in at.caption)
    assert button(at, "Save it").disabled
    text(at, "Name").set_value("young").run()
    button(at, "Save it").click().run()
    assert not at.exception
    shown = at.sidebar.dataframe[0].value
    assert shown[["cohort", "rows", "query"]].values.tolist() == [["young", n, "age < 25"]]
    (counted,) = rai.Cohorts({"young": "age < 25"}).counts(rai.load_dataset("german_credit").frame)
    assert shown["share"].tolist() == [counted.share]
    assert text(at, "Query").value == ""


def test_a_query_that_can_not_be_read_is_a_sentence_and_can_not_be_saved(app):
    at = app(GERMAN)
    text(at, "Name").set_value("x").run()
    for wrong in ("age <", "nobody = 1", "(" * 3000, "age < 'a'"):
        text(at, "Query").set_value(wrong).run()
        assert not at.exception
        assert at.error, wrong
        assert button(at, "Save it").disabled


def test_a_cohort_is_renamed_and_deleted_and_pages_follow(app):
    at = app(GERMAN, cohorts={"young": "age < 25", "old": "age > 60"}, cohort="young")
    assert at.sidebar.selectbox[0].value == "young"
    text(at, "New name").set_value("under 25").run()
    button(at, "Rename").click().run()
    assert at.query_params["cohort"] == "under 25"
    assert at.sidebar.dataframe[0].value["cohort"].tolist() == ["under 25", "old"]
    button(at, "Delete").click().run()
    assert not at.exception
    assert "cohort" not in at.query_params
    assert at.sidebar.dataframe[0].value["cohort"].tolist() == ["old"]


def test_all_rows_of_a_cohort_can_be_selected_and_inverted(app):
    at = app(GERMAN, cohorts={"young": "age < 25"}, cohort="young")
    button(at, "Select all of the cohort").click().run()
    n = int((rai.load_dataset("german_credit").frame["age"] < 25).sum())
    assert f"**{n} rows selected**" in [each.value for each in at.sidebar.markdown]
    button(at, "Invert").click().run()
    assert not at.exception
    assert f"**{n} rows selected**" not in [each.value for each in at.sidebar.markdown]


def test_a_selection_by_a_query_becomes_a_cohort(app):
    at = app(GERMAN, where="age < 25")
    button(at, "From the selection").click().run()
    assert text(at, "Query").value == "age < 25"


def test_cohorts_of_an_address_that_can_not_be_read_are_left_out(app):
    at = app(GERMAN, cohorts={"good": "age < 25", "bad": "age <"}, cohort="bad")
    assert not at.exception
    assert at.sidebar.selectbox[0].options == ["all rows", "good"]


def test_a_pinned_row_leads_to_what_if(app):
    at = app({"data": "dataset:german_credit", "example_models": True}, row="7")
    assert "**Row 7 is pinned**" in [each.value for each in at.sidebar.markdown]
    button(at, "Edit it").click().run()
    assert not at.exception
    assert any("What-If" in each.value for each in (*at.header, *at.markdown))


@pytest.mark.parametrize("page", [None, "dive", "what-if", "performance"])
def test_a_link_with_a_cohort_of_an_unknown_column_is_told_in_a_sentence(app, page):
    opening = {"data": "dataset:german_credit", "example_models": True}
    at = app(opening, page=page, cohorts={"ghost": "nothing_like_it > 1"}, cohort="ghost")
    assert not at.exception
    said = {each.value.replace("\\", "") for each in at.error}
    assert any("no column 'nothing_like_it'" in each for each in said)
    assert not any("Something went wrong" in each for each in said)
