"""One long journey, as a person takes it, with every number on screen compared with rai in Python.

Open Adult, find a problem in the Overview, look at people in Dive and draw around some, edit one until the
decision flips, equalise opportunity, save, open the link anew, take a table along. The pictures of README and
docs are made on the way: with RAI_PICTURES=1 they are written to docs/images.
"""

import json
import os
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas
import pytest
from playwright.sync_api import expect

import rai
from apps.opening import Opening, opened
from apps.words import figure

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
ADULT = {"data": "dataset:adult", "example_models": True}
MODEL = "boosting"


@pytest.fixture(scope="module")
def address(serve):
    return serve("dataset:adult", "--example-models")


@pytest.fixture(scope="module")
def project():
    return opened(Opening(**ADULT))


@pytest.fixture(scope="module")
def audit(project):
    model = project.models[MODEL]
    return rai.audit(
        y_true=project.frame["income"],
        y_score=model.scores(project.frame),
        sensitive_features=project.frame[["sex"]],
        positive_label=">50K",
    )


def picture(page, name):
    """A picture of the page; where it is asked for, the one in docs."""
    page.mouse.move(1279, 719)
    page.wait_for_timeout(500)
    folder = IMAGES if os.environ.get("RAI_PICTURES") == "1" else None
    shot = page.screenshot(path=folder / f"app-{name}.png" if folder else None)
    assert len(shot) > 20_000


def to(page, title):
    page.get_by_role("link", name=title).click()


def sidebar(page):
    return page.get_by_test_id("stSidebar")


def selected(page, n):
    expect(sidebar(page).get_by_text(re.compile(rf"^{n:,} rows? selected$"))).to_be_visible()


def dive(page):
    host = page.locator("[data-settled='true']")
    host.wait_for()
    return host


def downloaded(page, button):
    with page.expect_download() as held:
        button.click()
    return Path(held.value.path()).read_bytes()


def test_a_journey_from_the_data_to_a_link(tab, still, address, project, audit):
    page = tab(address)

    # Overview: the problem that matters most stands first, beside its feature; a bar selects.
    label = page.get_by_role("region", name="income", exact=True)
    expect(label.get_by_text("more frequent among 'Male' than among 'Female'").first).to_be_visible()
    picture(page, "overview")
    page.get_by_role("textbox", name="Find a feature").fill("^sex$")
    page.get_by_role("textbox", name="Find a feature").press("Enter")
    page.get_by_role("region", name="sex", exact=True).get_by_role("button", name="sex, Female").click()
    women = int((project.frame["sex"] == "Female").sum())
    selected(page, women)

    # Dive: the selection is there; by age and hours, a lasso around all points takes all rows.
    to(page, "Dive")
    host = dive(page)
    assert int(host.get_attribute("data-n")) == len(project)
    expect(host).to_have_attribute("data-selected", str(women))
    sidebar(page).get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("[data-selected='0']")).to_have_count(1)
    page.wait_for_timeout(500)
    picture(page, "dive")
    host.get_by_role("button", name="Lasso").click()
    box = host.locator("canvas").first.bounding_box()
    corners = [
        (4, 4),
        (box["width"] - 4, 4),
        (box["width"] - 4, box["height"] - 4),
        (4, box["height"] - 4),
    ]
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    for x, y in [*corners, corners[0]]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    page.mouse.up()
    selected(page, len(project))

    # What-If: a person of whom the model is unsure, given more capital gain until the decision flips.
    to(page, "What-If")
    score = page.get_by_test_id("stMetricValue").first
    expect(score).to_be_visible()
    row = int(re.search(r"Row ([\d,]+) is pinned", sidebar(page).inner_text())[1].replace(",", ""))
    scores = project.models[MODEL].scores(project.frame)
    assert row == int(np.abs(scores - 0.5).argmin())
    picture(page, "what-if")
    field = page.get_by_label(re.compile("^(✎ )?capital_gain")).first
    before = scores[row] >= 0.5
    for gain in (500, 20_000, 2_500):
        edit = rai.whatif.predict_edit(
            project.models[MODEL], project.frame, row=row, edits={"capital_gain": gain}
        )
        field.fill(str(gain))
        field.press("Enter")
        expect(score).to_have_text(figure(edit.after))
        if (edit.after >= 0.5) != before:
            break
    assert (edit.after >= 0.5) != before

    # Performance & Fairness: opportunity made equal in one press, and thresholds as rai finds them.
    to(page, "Performance & Fairness")
    expect(page.get_by_text("Errors cost").first).to_be_visible()
    gap = audit.gaps("equal_opportunity")[0]
    expect(page.get_by_text(f"Equal opportunity: {figure(gap.value)}")).to_be_visible()
    picture(page, "performance")
    page.get_by_role("radio", name="Strategies").click()
    page.get_by_role("button", name="equal opportunity", exact=True).click()
    plan = rai.optimize_thresholds(audit, strategy="equal_opportunity")
    for (sex,), at in plan.thresholds.items():
        expect(page.locator(f'input[aria-label="{sex}"]')).to_have_attribute(
            "aria-valuetext", f"{at:.3f}"
        )

    # The table goes along, and so does the session; the link opens the same view to somebody else.
    page.get_by_role("radio", name="Slices").click()
    still(page)
    page.get_by_role("button", name="Export").first.click()
    still(page)
    table = pandas.read_csv(
        BytesIO(downloaded(page, page.get_by_role("button", name="CSV", exact=True)))
    )
    assert set(table["sex"]) == {"Female", "Male"}
    page.keyboard.press("Escape")
    sidebar(page).get_by_role("button", name="Session").click()
    still(page)
    saved = json.loads(downloaded(page, page.get_by_role("button", name=re.compile("Save")).first))
    assert str(row) in json.dumps(saved)
    link = page.url
    other = tab(link)
    expect(other.get_by_text("Errors cost").first).to_be_visible()
    for (sex,), at in plan.thresholds.items():
        expect(other.locator(f'input[aria-label="{sex}"]')).to_have_attribute(
            "aria-valuetext", f"{at:.3f}"
        )
