"""The page in a real browser: nothing overflows, dark is dark, print is whole, and nothing complains."""

from itertools import product

import pytest

from rai.ground.colours import contrast
from rai.reports.forest import forest
from rai.reports.page import page

pytestmark = pytest.mark.browser

CASES = [
    "propublica",
    "two_races",
    "sixty",
    "hostile",
    "multiclass",
    "regression",
    "berkeley",
    "thresholds",
    "scored",
    "ranges",
    "predicted",
    "judged",
]
WIDTHS = [1280, 400]


@pytest.fixture(scope="module")
def site(facts, judged, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")

    def give(name):
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(page(judged if name == "judged" else facts(name)), "utf-8")
        return path.as_uri()

    return give


@pytest.mark.parametrize(("name", "width"), list(product(CASES, WIDTHS)))
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


@pytest.mark.parametrize("name", CASES)
def test_nothing_complains_and_nothing_is_loaded(shown, name):
    tab = shown(name)
    assert tab.complaints == []
    assert tab.asked == [tab.url]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_reads_on_its_paper(shown, dark):
    tab = shown("propublica", dark=dark)
    found = tab.evaluate(
        """() => [['body', 'color'], ['.note', 'color'], ['nav a', 'color'], ['.ci', 'color'],
            ['thead th', 'color'], ['summary, .lead', 'color']].map(([where, what]) =>
            getComputedStyle(document.querySelector(where))[what])"""
    )
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(21, 24, 28)" if dark else "rgb(255, 255, 255)")
    assert min(contrast(as_hex(colour), as_hex(paper)) for colour in found) >= 4.5


def as_hex(colour):
    return "#" + "".join(f"{int(part):02X}" for part in colour[4:-1].split(","))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_counts_read_on_their_shade(shown, dark):
    """The strongest shade of a matrix, over the paper, against the ink."""
    tab = shown("undefined", dark=dark)
    shades = tab.evaluate(
        """() => [...document.querySelectorAll('.matrix tbody td')].map((e) => [
            getComputedStyle(e).backgroundColor, getComputedStyle(e).color,
            getComputedStyle(document.body).backgroundColor])"""
    )
    assert min(contrast(over(shade, paper), as_hex(ink)) for shade, ink, paper in shades) >= 4.5


def over(shade, paper):
    *colour, alpha = (float(part) for part in shade[shade.index("(") + 1 : -1].split(","))
    below = [float(part) for part in paper[4:-1].split(",")]
    mixed = [round(alpha * a + (1 - alpha) * b) for a, b in zip(colour, below, strict=True)]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def test_marks_are_drawn_where_their_numbers_say(shown, facts):
    tab = shown("propublica")
    (gap,) = [gap for gap in facts("propublica").gaps if gap.metric == "predictive_equality"]
    box = tab.locator(".forest tbody").nth(2).locator("svg.drawn").bounding_box()
    mark = tab.locator(".forest tbody").nth(2).locator("use.value").bounding_box()
    centre = (mark["x"] + mark["width"] / 2 - box["x"]) / box["width"]
    assert abs(centre - gap.value / forest(facts("propublica"))[2].scale.high) < 0.02


def test_columns_sort_when_their_head_is_pressed(shown):
    tab = shown("propublica")
    table = tab.locator("#groups table.groups").first
    names = table.locator("tbody th")
    assert names.all_inner_texts()[:2] == ["everyone", "African-American"]
    table.locator("thead button", has_text="false positive rate").click()
    assert names.all_inner_texts() == [
        *("everyone", "Asian", "Other", "Hispanic", "Caucasian", "Native American", "African-American"),
    ]
    table.locator("thead button", has_text="false positive rate").click()
    assert names.all_inner_texts()[:2] == ["everyone", "African-American"]
    assert table.locator("thead th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_without_scripts_the_same_is_there(shown):
    tab = shown("sixty", scripts=False)
    assert tab.locator("table.groups thead button").count() == 0
    for section in ("#data", "#groups"):
        folded = tab.locator(section).get_by_text("All 60 groups by age × race × sex")
        assert folded.is_visible()
        folded.click()
        assert tab.locator(f"{section} details[open] table.groups tbody tr").count() == 61


def test_print_is_white_and_unfolds_everything(shown):
    tab = shown("sixty", dark=True)
    tab.emulate_media(media="print", color_scheme="dark")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details:not([open])").count() == 0
    assert tab.locator("nav").is_hidden()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(26, 30, 36)"
    assert tab.pdf(format="A4")[:5] == b"%PDF-"


def test_drawings_keep_their_shape_on_a_phone(shown):
    tab = shown("propublica", width=400)
    mark = tab.locator(".forest use.value").first.bounding_box()
    assert abs(mark["width"] - mark["height"]) < 0.5
    row = tab.locator(".forest tbody tr").first.bounding_box()
    assert row["width"] <= 400
    assert tab.locator(".forest tbody td.n").first.is_hidden()
