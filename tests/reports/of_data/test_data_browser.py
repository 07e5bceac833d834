"""The page of a profile in a real browser: nothing overflows, orders and searches work, print is whole."""

from itertools import product

import pytest

from rai.reports.data_page import data_page

pytestmark = pytest.mark.browser

WIDTHS = [1366, 390]


@pytest.fixture(scope="module")
def site(data_facts, hostile_facts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name, facts in (("usual", data_facts), ("hostile", hostile_facts)):
        (folder / f"{name}.html").write_text(data_page(facts), "utf-8")
    return lambda name: (folder / f"{name}.html").as_uri()


def features(tab, section="#features"):
    """The names of the features that are not filtered out, in their order."""
    return tab.locator(f"{section} article.feature:not([hidden]) h3 bdi").all_text_contents()


@pytest.mark.parametrize(("name", "width"), list(product(["usual", "hostile"], WIDTHS)))
def test_nothing_is_wider_than_the_window(shown, name, width):
    tab = shown(name, width=width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    outside = tab.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((e) => {
            if (e.closest('.scroll, .symbols, .hidden, .skip, details:not([open])')) return false;
            const box = e.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert outside == []


@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_nothing_complains_and_nothing_is_loaded(shown, name):
    tab = shown(name, dark=True)
    assert tab.complaints == []
    assert tab.asked == [tab.url]


def test_features_come_in_another_order(shown):
    tab = shown("usual")
    assert features(tab, "#numeric") == ["age", "income"]
    tab.select_option("[name=order]", label="Most different data sets first")
    assert features(tab, "#numeric") == ["income", "age"]
    assert features(tab) == ["income", "age", *features(tab)[2:]]
    tab.check("[name=reverse]")
    assert features(tab, "#numeric") == ["age", "income"]
    tab.uncheck("[name=reverse]")
    tab.select_option("[name=order]", label="By name")
    assert features(tab, "#categorical") == ["hired", "job", "sex"]


def test_features_are_found_by_a_regular_expression(shown):
    tab = shown("usual")
    tab.fill("[name=find]", "^I|ob$")
    assert features(tab) == ["income", "job"]
    assert tab.locator("[name=shown]").inner_text() == "2 of 7 features"
    assert tab.locator("#numeric h2 small").inner_text() == "1 of 2"
    tab.fill("[name=find]", "(")
    assert tab.locator("[name=shown]").inner_text() == "That is no regular expression."
    assert tab.locator("[name=find]").get_attribute("aria-invalid") == "true"
    assert len(features(tab)) == 7
    tab.fill("[name=find]", "")
    assert tab.locator("#numeric h2 small").inner_text() == "2"


def test_features_are_chosen_by_kind_and_by_what_is_marked(shown):
    tab = shown("usual")
    tab.uncheck("[name=kind][value=category]")
    assert features(tab, "#categorical") == ["hired"]
    tab.check("[name=red]")
    assert features(tab) == ["income"]


def test_a_link_to_a_hidden_feature_shows_it(shown):
    tab = shown("usual")
    tab.fill("[name=find]", "age")
    tab.locator("#summary a", has_text="income").first.click()
    assert "income" in features(tab)
    assert tab.locator("[name=find]").input_value() == ""


def test_without_scripts_everything_is_there_but_the_controls(shown):
    tab = shown("usual", scripts=False)
    assert tab.locator("#controls").is_hidden()
    assert len(features(tab)) == 7
    tab.locator("#f0 summary").click()
    assert tab.locator("#f0 .group-tiles figure").first.is_visible()


def test_bars_are_as_wide_as_their_shares(shown):
    tab = shown("usual")
    rows = tab.locator("#categorical article").filter(has_text="label").locator(".levels li")
    first, second = (rows.nth(i).locator("rect").first.bounding_box()["width"] for i in (0, 1))
    told = [float(rows.nth(i).locator("i").first.text_content().rstrip("%")) for i in (0, 1)]
    assert second / first == pytest.approx(told[1] / told[0], rel=0.03)


def test_numbers_stand_side_by_side_for_each_data_set_on_a_phone(shown):
    tab = shown("usual", width=390)
    rows = tab.locator("#f0 .stats tr")
    boxes = [rows.nth(i).bounding_box() for i in range(3)]
    assert boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]
    assert len({round(box["y"]) for box in boxes}) == 1
    heights = [tab.locator(f"#f0 .stats tr >> nth={i} >> th,td").count() for i in range(3)]
    assert len(set(heights)) == 1


def test_print_is_white_and_whole(shown):
    tab = shown("usual", dark=True)
    tab.emulate_media(media="print", color_scheme="dark")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("#controls").is_hidden()
    assert tab.locator("details:not([open])").count() == 0
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.pdf(format="A4")[:5] == b"%PDF-"
