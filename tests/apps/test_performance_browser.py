"""Performance & Fairness as people use it: sliders by keyboard, a strategy, cells that select rows."""

import json
import re
from urllib.parse import quote

import numpy as np
import pandas
import pytest
from playwright.sync_api import expect

import rai
from apps.opening import Opening, opened
from apps.performance import terms
from apps.words import figure, interval

pytestmark = pytest.mark.browser

GERMAN = {"data": "dataset:german_credit", "example_models": True}
MODEL = "logistic regression"
SECTIONS = ("Slices", "Strategies", "Curves", "Confusion", "Gaps", "Models", "Take along")


@pytest.fixture(scope="module")
def address(serve):
    return serve("dataset:german_credit", "--example-models")


@pytest.fixture(scope="module")
def project():
    return opened(Opening(**GERMAN))


@pytest.fixture(scope="module")
def audit(project):
    frame, model = project.frame, project.models[MODEL]
    return rai.audit(
        y_true=frame[project.roles.y_true],
        y_score=model.scores(frame),
        sensitive_features=frame[[project.roles.sensitive_features[0]]],
        positive_label=model.positive_label,
    )


@pytest.fixture
def page(tab, address):
    return at_page(tab(f"{address}/?models={quote(json.dumps([MODEL]))}"))


def at_page(page, words="Errors cost"):
    page.locator("[data-test-script-state='notRunning']").wait_for()
    page.get_by_role("link", name="Performance & Fairness").click()
    expect(page.get_by_text(words).first).to_be_visible()
    return page


def cells(page):
    """The texts of the first table's cells, row by row."""
    grid = page.get_by_test_id("stDataFrame").first
    rows = grid.locator("table tbody tr")
    return [rows.nth(i).locator("td").all_text_contents() for i in range(rows.count())]


def test_a_slider_moved_by_keyboard_changes_the_table_to_what_rai_says(page, audit):
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(3):
        slider.press("PageDown")
    slider.press("ArrowRight")
    expect(page.get_by_text("custom")).to_be_visible()
    page.wait_for_function("() => location.search.includes('cuts=')")
    at = float(slider.get_attribute("aria-valuetext"))
    assert at < 0.5
    found = audit.metrics("true_positive_rate", threshold=at)
    wanted = [(each.value, interval(each.low, each.high)) for each in found]
    column = 4 + 2 * terms.USUAL_METRICS.index("true_positive_rate")
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid.locator("td", has_text=wanted[0][1])).to_have_count(1)
    assert [(float(row[column]), row[column + 1]) for row in cells(page)] == wanted


def test_equal_opportunity_is_one_press(page, audit):
    page.get_by_role("radio", name="Strategies").click()
    page.get_by_role("button", name="equal opportunity", exact=True).click()
    plan = rai.optimize_thresholds(audit, strategy="equal_opportunity")
    for key, at in plan.thresholds.items():
        expect(page.locator(f'input[aria-label="{key[0]}"]')).to_have_attribute(
            "aria-valuetext", f"{at:.3f}"
        )
    gap = plan.fitted.residual
    expect(page.get_by_text(f"Equal opportunity: {figure(gap.value)}")).to_be_visible()


def test_a_pressed_cell_selects_its_rows_on_every_page(page, project):
    page.get_by_role("radio", name="Confusion").click()
    frame, model = project.frame, project.models[MODEL]
    along = project.roles.sensitive_features[0]
    group = min(frame[along].unique())
    missed = (frame[project.roles.y_true] == model.positive_label) & (model.scores(frame) < 0.5)
    rows = int((missed & (frame[along] == group)).sum())
    box = page.locator(".st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", f"cell:{MODEL}:{group}:2"))
    box.get_by_role("button").click()
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text(re.compile(rf"^{rows:,} rows? selected$"))).to_be_visible()
    page.get_by_role("link", name="Dive").click()
    expect(sidebar.get_by_text(re.compile(rf"^{rows:,} rows? selected$"))).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_the_screen(tab, still, address, dark):
    page = at_page(tab(address, dark=dark))
    for section in SECTIONS:
        page.get_by_role("radio", name=section, exact=True).click()
        still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert page.evaluate(
            "(e => e.scrollWidth <= e.clientWidth)(document.querySelector('[data-testid=stMain]'))"
        )
        expect(page.get_by_text("Something went wrong")).to_have_count(0)


def test_a_pressed_cell_of_several_classes_selects_its_rows(tab, serve, tmp_path):
    rng = np.random.default_rng(1)
    truth = rng.choice(["low", "middle", "top"], 300)
    said = np.where(rng.random(300) < 0.7, truth, rng.choice(["low", "middle", "top"], 300))
    frame = pandas.DataFrame({"group": rng.choice(["a", "b"], 300), "truth": truth, "said": said})
    frame.to_csv(tmp_path / "rows.csv", index=False)
    roles = ("--y-true", "truth", "--y-pred", "said", "--sensitive", "group")
    page = at_page(tab(serve(tmp_path / "rows.csv", *roles)), "Equal accuracy")
    page.get_by_role("radio", name="Confusion").click()
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid.locator("td").first).to_be_attached()
    box = grid.bounding_box()
    grid.click(position={"x": box["width"] * 0.38, "y": 35 * 3.5})
    chosen = page.get_by_test_id("stSidebar").get_by_text(re.compile(r"predicted"))
    expect(chosen).to_be_visible()
    label, predicted = re.match(r"(\w+) predicted (\w+) of everyone, said", chosen.inner_text()).groups()
    rows = int(((frame["truth"] == label) & (frame["said"] == predicted)).sum())
    assert label == "middle"
    expect(page.get_by_text(f"{rows} rows selected")).to_be_visible()
