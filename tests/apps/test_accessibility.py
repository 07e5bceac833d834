"""axe-core on every page: nothing serious, in light and in dark; and nothing is wider than a small screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PAGES = ["", "dive", "what-if", "performance", "attributions", "start"]  # the first one is the overview
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def address(serve):
    return serve("dataset:german_credit", "--example-models")


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_finding_and_fits_a_small_laptop(address, tab, still, path, dark):
    page = tab(f"{address}/{path}", dark=dark)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    still(page)
    page.wait_for_timeout(700)
    still(page)
    found = Axe().run(page).response["violations"]
    serious = {
        (each["id"], node["html"][:200])
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    }
    assert serious == set()
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
