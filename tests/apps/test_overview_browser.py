"""Overview in a browser: a bar selects its rows, switches change the drawing, names stay text."""

import json
import re
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from apps.colours import DARK, LIGHT

HOSTILE = "<img src=x onerror=alert(1)>"
N = 600


def rows():
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 90, N),
            "pay": np.where(rng.random(N) < 0.1, np.nan, rng.lognormal(8, 1, N).round(2)),
            HOSTILE: rng.choice(["<b>bold</b>", "*md* `c`", 'it\'s "q"'], N),
            "sex": rng.choice(["F", "M"], N),
        }
    )


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory):
    path = tmp_path_factory.mktemp("overview") / "people.csv"
    rows().to_csv(path, index=False)
    return serve(path)


def opened(tab, address, **asked):
    page = tab(f"{address}/?order=given", **asked)
    page.get_by_text("about the data as a whole").or_(
        page.get_by_text("The data checks")
    ).first.wait_for()
    expect(block(page, "age").locator(".hit").first).to_be_visible()
    page.wait_for_timeout(300)
    return page


def block(page, name):
    return page.get_by_role("region", name=name, exact=True)


def test_a_bar_selects_its_rows_by_mouse_and_by_keyboard(tab, address):
    page, frame = opened(tab, address), rows()
    bar = block(page, "age").get_by_role("button", name="age, 30 to 39")
    n = int(frame["age"].between(30, 39).sum())
    expect(bar).to_have_attribute(
        "aria-label", f"age, 30 to 39: {n} ({100 * n / N:.3g}%). Select these rows"
    )
    bar.click()
    expect(page.get_by_text(f"{n} rows selected")).to_be_visible()
    expect(page.get_by_text("age 30 to 39, in Overview")).to_be_visible()
    expect(page).to_have_url(re.compile(r"where=age\+%3E%3D\+30\+and\+age\+%3C\+40"))
    expect(block(page, "age").locator(".picked")).to_have_count(1)
    missing = block(page, "pay").get_by_role("button", name="pay, (missing)")
    missing.click()
    expect(page.get_by_text(f"{frame['pay'].isna().sum()} rows selected")).to_be_visible()
    block(page, "sex").locator(".hit").first.focus()
    page.keyboard.press("ArrowDown")
    label = page.evaluate(
        "() => { let at = document.activeElement; while (at.shadowRoot) at = at.shadowRoot.activeElement;"
        " return at.getAttribute('aria-label'); }"
    )
    sex = label.removeprefix("sex, ")[0]
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{(frame['sex'] == sex).sum()} rows selected")).to_be_visible()


def test_clicks_that_come_while_checks_run_are_not_lost(tab, address):
    frame, page = rows(), tab(address)
    bar = block(page, "age").get_by_role("button", name="age, 30 to 39").first
    for least in range(100, 700, 100):
        where = f"pay > {least}"  # unseen before, so that its checks take their time
        cohort = urlencode({"cohorts": json.dumps({"c": where}), "cohort": "c", "order": "given"})
        page.goto(f"{address}/?{cohort}")
        bar.wait_for()
        if least % 200:
            page.get_by_role("link", name="Dive").click()
            expect(page.get_by_label("Search rows by a query")).to_be_visible()
        else:
            bar.click()
            n = int((frame["age"].between(30, 39) & (frame["pay"] > least)).sum())
            expect(page.get_by_text(f"{n} rows selected")).to_be_visible()


def test_names_and_values_stay_text_and_can_be_clicked(tab, address):
    page, frame = opened(tab, address), rows()
    shown = block(page, HOSTILE)
    expect(shown.locator(".feature")).to_have_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert shown.locator("b").count() == 0
    for value, n in frame[HOSTILE].value_counts().items():
        shown.get_by_role("button", name=value).click()
        expect(page.get_by_text(f"{n} rows selected")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def test_switches_change_the_drawing(tab, address):
    page = opened(tab, address)
    age = block(page, "age")
    tick, bar = age.locator(".tick").first, age.locator(".bar").nth(7)
    expect(tick).to_contain_text("%")
    before = float(bar.get_attribute("height"))
    page.get_by_text("Log", exact=True).click()
    expect(bar).not_to_have_attribute("height", str(before))
    assert float(bar.get_attribute("height")) > before
    page.get_by_text("Percentages", exact=True).click()
    expect(tick).not_to_contain_text("%")
    page.get_by_text("Quantiles", exact=True).click()
    expect(age.locator("svg")).to_have_attribute("aria-label", "deciles of age")
    page.get_by_text("Cumulative", exact=True).click()
    expect(age.locator("path.line")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_the_page(tab, address, dark):
    page = opened(tab, address, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    right = page.evaluate("""() => {
        const host = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.blocks'));
        return Math.max(...[...host.shadowRoot.querySelectorAll('.block, .right, table')]
          .map((e) => e.getBoundingClientRect().right)); }""")
    assert right <= 1280
    fill = block(page, "age").locator(".bar").first.get_attribute("fill")
    assert fill == (DARK if dark else LIGHT)[0]
