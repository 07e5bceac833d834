"""What-If as people use it: edit a number and a category until the decision flips, undo, look around."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

import rai
from apps.opening import Opening, opened
from apps.words import figure

SLOWEST = 3.0  # seconds from an edit to the number on screen, on a busy machine
SECTIONS = ("Counterfactuals", "Effects", "Flip test", "Scenario", "Steps", "Nearest")


@pytest.fixture(scope="module")
def address(serve):
    return f"{serve('dataset:german_credit', '--example-models')}/what-if?row=3"


@pytest.fixture(scope="module")
def project():
    return opened(Opening(data="dataset:german_credit", example_models=True))


def field(page, name):
    return page.get_by_label(re.compile(f"^(✎ )?{name}")).first


def score(page):
    return page.get_by_test_id("stMetricValue").first


def said(project, **values):
    model = project.models["boosting"]
    return rai.whatif.predict_edit(model, project.frame, row=3, edits=values)


def test_a_number_and_a_category_are_edited_until_the_decision_flips(tab, address, project):
    page = tab(address)
    expect(score(page)).to_have_text(figure(said(project, age=30).before))
    lengths = (6, 60, 72, 4)
    flips = [n for n in lengths if said(project, duration_months=n).changed]
    for months in lengths[:2]:
        box = field(page, "duration_months")
        box.fill(str(months))
        started = time.perf_counter()
        box.press("Enter")
        expect(score(page)).to_have_text(figure(said(project, duration_months=months).after))
        assert time.perf_counter() - started < SLOWEST
        flipped = page.get_by_text("swap_horiz").first
        if months in flips:
            expect(flipped).to_be_visible()
    purpose = field(page, "purpose")
    other = next(v for v in project.frame["purpose"].unique() if v != project.frame["purpose"][3])
    purpose.click()
    purpose.fill(str(other))
    page.get_by_role("option", name=str(other), exact=True).first.click()
    after = said(project, duration_months=60, purpose=other).after
    expect(score(page)).to_have_text(figure(after))
    page.get_by_role("button", name="Undo").click()
    expect(score(page)).to_have_text(figure(said(project, duration_months=60).after))


@pytest.mark.parametrize("dark", [False, True])
def test_the_first_screen_holds_row_form_and_answer(tab, address, dark):
    page = tab(address, dark=dark)
    expect(score(page)).to_be_visible()
    for name in SECTIONS:
        page.get_by_role("radio", name=name, exact=True).or_(
            page.get_by_role("button", name=name, exact=True)
        ).first.click()
        expect(page.get_by_text(re.compile("went wrong"))).to_have_count(0)
        page.wait_for_timeout(300)
    wide, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= room
    for seen in (score(page), field(page, "age"), page.get_by_role("button", name="Duplicate")):
        box = seen.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1280


def test_an_edit_is_in_the_session_that_is_saved_right_after_it(tab, still, address, project):
    page = tab(address)
    box = field(page, "duration_months")
    box.fill("60")
    box.press("Enter")
    expect(score(page)).to_have_text(figure(said(project, duration_months=60).after))
    page.get_by_role("button", name="Session").click()
    still(page)
    with page.expect_download() as held:
        page.get_by_role("button", name="Save as a file").click()
    saved = json.loads(Path(held.value.path()).read_text("utf-8"))
    assert [step["row"] for step in saved["workbench"]["steps"]] == [3]


def test_distances_to_a_row_are_a_column_of_dive(tab, address):
    page = tab(address)
    page.get_by_role("button", name="Distances for Dive").click()
    page.get_by_role("button", name="Look in Dive").click()
    expect(page.locator("[data-settled='true']")).to_have_count(1)
    colours = page.get_by_label("Colour").locator("option")
    expect(colours.filter(has_text="distance to row 3")).to_have_count(1)


def test_undoing_a_copy_shows_the_row_it_was_of(tab, address):
    page = tab(address)
    undo, redo = (page.get_by_role("button", name=name, disabled=False) for name in ("Undo", "Redo"))
    page.get_by_role("button", name="Duplicate").click()
    undo.first.click()
    expect(redo).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(score(page)).to_be_visible()
