"""Attributions in a browser: a click pins a row, the form is coloured and sorted, sections are drawn whole."""

import re

import pytest
from playwright.sync_api import expect

import rai
from apps.attributions import asked as asking
from apps.opening import Opening, opened
from apps.what_if import tints

SECTIONS = ("Rows", "Dependence", "One row", "Gap", "Overview")


@pytest.fixture(scope="module")
def address(serve):
    return serve("dataset:german_credit", "--example-models")


@pytest.fixture(scope="module")
def project():
    return opened(Opening(data="dataset:german_credit", example_models=True))


def test_every_section_is_drawn(tab, still, address):
    page = tab(f"{address}/attributions?row=3&explained_rows=200")
    still(page)
    for name in SECTIONS:
        section = page.get_by_role("radio", name=name, exact=True)
        section.click()
        expect(section).to_be_checked()
        still(page)
        expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
        expect(page.get_by_text(re.compile("went wrong"))).to_have_count(0)
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_a_click_on_a_point_pins_its_row(tab, still, address):
    page = tab(
        f"{address}/attributions?attribution_section=Dependence&dependence_of=credit_amount"
        "&explained_rows=10"
    )
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    still(page)
    pinned = page.get_by_test_id("stSidebar").get_by_text(re.compile("Row .* is pinned"))
    expect(pinned).to_have_count(0)
    point = chart.locator("svg .role-mark path[aria-label*='credit_amount']").first
    told = point.get_attribute("aria-label")
    point.click(force=True)
    row = int(re.search(r"row: (\d+)", told)[1])
    expect(pinned).to_have_text(f"Row {row:,} is pinned")


@pytest.mark.parametrize("dark", [False, True])
def test_the_form_is_coloured_and_sorted_by_what_values_add(tab, still, address, project, dark):
    page = tab(f"{address}/what-if?row=3&tints=true", dark=dark)
    held, _ = asking.background(project, asking.EVERYBODY, tints.MOST)
    row = asking.features(project, [3])
    found = rai.explain(project.models["boosting"], row, background=held).row(0)
    first = page.locator("[class*='st-key-tint-']").first
    expect(first).to_contain_text(tints.signed(found[0].attribution))
    still(page)
    place = page.locator(f".st-key-tint-{project.columns.index(found[0].feature)}")
    colour = place.locator(tints.PAINTED).first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour != page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    red, _, blue = map(int, re.findall(r"\d+", colour)[:3])
    assert (blue > red) == (found[0].attribution > 0)
