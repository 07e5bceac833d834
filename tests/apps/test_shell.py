"""The frame around the pages: what opens, what it says when something is missing."""

from playwright.sync_api import expect

ADULT = {"data": "dataset:adult", "example_models": True}


def test_the_app_opens_on_the_overview_with_its_rows_and_models_named(app):
    at = app(ADULT)
    assert not at.exception
    assert at.sidebar.caption[0].value == "16,281 rows · 2 models"
    assert at.header[0].value == "Overview"


def test_a_page_without_what_it_needs_says_what_to_do(app):
    at = app({"data": "dataset:heart_disease"}, page="what-if")
    assert "rai app DATA --model FILE" in at.info[0].value


def test_a_column_of_scores_is_a_model_that_answers_no_edits(app):
    at = app({"data": "dataset:acs_employment/2018"}, page="what-if")
    assert "only a column of scores is open" in at.info[0].value


def test_the_app_starts_silently_in_a_browser(serve, tab):
    page = tab(serve("dataset:german_credit", "--example-models"))
    expect(page.get_by_text("1,000 rows · 2 models")).to_be_visible()
