"""Dive in a browser without Streamlit: the harness plays Streamlit and Python."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from apps.dive.component import library

pytestmark = pytest.mark.browser

PAGE = Path(__file__).parent / "harness"
KINDS = {".html": "text/html", ".js": "text/javascript"}
SCATTER = {"x": "joined", "y": "score", "color": "sex"}
TABLE = {"row": "race", "column": "age", "column_bins": 6, "color": "sex"}


@pytest.fixture
def dive(browser):
    """`dive(layout, n=…, dark=…)`: the harness in a page; at the end, no console error."""
    errors, contexts = [], []

    def opened(layout=None, *, n=3000, dark=False, **asked):
        context = browser.new_context(
            viewport={"width": 1280, "height": 720}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        query = "&".join(f"{name}={value}" for name, value in {"n": n, **asked}.items())
        page.goto(f"http://localhost/?{query}&layout={json.dumps(layout or {})}")
        still(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def answer(route):
    name = route.request.url.split("localhost")[1].split("?")[0].strip("/") or "index.html"
    body = library() if name == "library.js" else (PAGE / name).read_text("utf-8")
    route.fulfill(body=body, content_type=KINDS[Path(name).suffix])


def still(page):
    expect(page.locator("#host")).to_have_attribute("data-settled", "true")


def told(page, name):
    """What was sent to Python under a name, oldest first."""
    return page.evaluate(
        "name => dive.events.filter((each) => each.name === name).map((each) => each.value)", name
    )


def rows_of(selection):
    bits = np.frombuffer(base64.b64decode(selection["bits"]), "u1")
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")[: selection["n"]])


def values(page, name):
    """A column of the harness, as NumPy."""
    return np.array(page.evaluate("name => [...dive.made[name].arrays[0]]", name), dtype=float)


def plot(page):
    return page.locator("canvas.items")


def drag(page, *parts):
    """Drag over the plot through places given as parts of its width and height."""
    box = plot(page).bounding_box()
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in parts]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def test_the_plot_says_what_it_shows(dive):
    page = dive(TABLE)
    host = page.locator("#host")
    expect(host).to_have_attribute("data-n", "3000")
    expect(host).to_have_attribute("data-visible", "3000")
    label = plot(page).get_attribute("aria-label")
    assert label.startswith(
        "3,000 of 3,000 rows, rows of cells by race, columns of cells by age, coloured by sex"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.locator(".rai-dive").bounding_box()["height"] == 580


def test_a_box_selects_exactly_the_rows_inside_it(dive):
    page = dive(SCATTER)
    page.get_by_role("button", name="Box").click()
    drag(page, (0.0, 0.0), (1.0, 0.5))
    selection = told(page, "selection")[-1]
    score = values(page, "score")
    assert selection["count"] == len(rows_of(selection))
    assert page.locator("#host").get_attribute("data-selected") == str(selection["count"])
    inside = np.zeros(3000, bool)
    inside[rows_of(selection)] = True
    # The line that the box's lower edge draws parts the scores, but for one pixel.
    assert 0.4 < score[inside].min() < 0.6
    assert np.nanmax(score[~inside]) <= score[inside].min() + 1e-6
    expect(page.get_by_text(f"3,000 shown · {selection['count']:,} selected")).to_be_visible()


def test_shift_adds_and_alt_takes_away(dive):
    page = dive(SCATTER)
    page.get_by_role("button", name="Box").click()
    drag(page, (0.0, 0.0), (0.5, 1.0))
    left = set(rows_of(told(page, "selection")[-1]))
    page.keyboard.down("Shift")
    drag(page, (0.4, 0.0), (1.0, 1.0))
    page.keyboard.up("Shift")
    everyone = set(rows_of(told(page, "selection")[-1]))
    assert everyone == set(range(3000))
    page.keyboard.down("Alt")
    drag(page, (0.0, 0.0), (0.5, 1.0))
    page.keyboard.up("Alt")
    assert set(rows_of(told(page, "selection")[-1])) == everyone - left
    page.get_by_role("button", name="Clear selection").click()
    assert told(page, "selection")[-1]["count"] == 0


def test_a_lasso_selects_a_triangle(dive):
    page = dive(SCATTER)
    plot(page).focus()
    page.keyboard.press("l")
    drag(page, (0.001, 0.999), (0.001, 0.001), (0.999, 0.999))
    chosen = rows_of(told(page, "selection")[-1])
    joined, score = values(page, "joined"), values(page, "score")
    part = joined / 5000 + score
    rest = np.setdiff1d(np.flatnonzero(~np.isnan(score)), chosen)
    assert len(chosen) > 500
    assert np.mean(part[chosen][~np.isnan(score[chosen])] < 1.1) > 0.99
    assert np.mean(part[rest] > 0.9) > 0.99


def test_a_click_selects_the_row_under_it_and_docks_its_card(dive):
    page = dive({"row": "sex"}, n=40)
    box = plot(page).bounding_box()
    page.mouse.click(box["x"] + 12, box["y"] + box["height"] * 0.48)
    (row,) = rows_of(told(page, "selection")[-1]).tolist()
    assert values(page, "sex")[row] == 0
    card = page.get_by_role("group", name="Values of a row")
    expect(card).to_contain_text(f"Row {row}")
    expect(card.locator("dt", has_text="sex").locator("+ dd")).to_have_text("Female")
    card.get_by_role("button", name="Pin").click()
    assert told(page, "pinned") == [{"row": row}]
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + 3)
    assert told(page, "selection")[-1]["count"] == 0


def test_values_never_become_html(dive):
    page = dive({"label": "name", "x": "age", "y": "score"}, n=60)
    page.evaluate("dive.show({pinned: null, message: '<b>no such column</b>'})")
    expect(page.get_by_text("<b>no such column</b>")).to_be_visible()
    assert page.locator(".rai-dive b").count() == 0


def test_the_legend_hides_levels_shows_one_alone_and_selects(dive):
    page = dive(TABLE)
    host, legend = page.locator("#host"), page.get_by_role("group", name="Legend")
    women = int((values(page, "sex") == 0).sum())
    level = legend.get_by_role("button", name="Female", pressed=True)
    expect(level).to_contain_text(f"{women:,}")
    level.click()
    expect(host).to_have_attribute("data-visible", str(3000 - women))
    legend.get_by_role("button", name="Show only Female").click()
    expect(host).to_have_attribute("data-visible", str(women))
    legend.get_by_role("button", name="show all").click()
    expect(host).to_have_attribute("data-visible", "3000")
    legend.get_by_role("button", name="Select Female").click()
    assert set(rows_of(told(page, "selection")[-1])) == set(np.flatnonzero(values(page, "sex") == 0))
    still(page)


def test_keys_step_select_pin_and_clear(dive):
    page = dive(SCATTER, n=500)
    plot(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    (picked,) = rows_of(told(page, "selection")[-1])
    page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    both = rows_of(told(page, "selection")[-1])
    assert len(both) == 2
    (other,) = set(both) - {picked}
    assert values(page, "score")[other] > values(page, "score")[picked]
    page.keyboard.press("p")
    assert told(page, "pinned") == [{"row": int(other)}]
    page.keyboard.press("Escape")
    assert told(page, "selection")[-1]["count"] == 0
    page.keyboard.press("b")
    assert told(page, "layout")[-1]["mode"] == "box"


def test_zoom_by_wheel_and_keys_changes_the_picture_and_fit_restores_it(dive):
    page = dive(TABLE)
    before = plot(page).screenshot()
    box = plot(page).bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.wheel(0, -600)
    still(page)
    page.mouse.move(1270, 700)
    near = plot(page).screenshot()
    assert near != before
    plot(page).focus()
    page.keyboard.press("-")
    still(page)
    assert plot(page).screenshot() != near
    page.keyboard.press("0")
    plot(page).blur()
    still(page)
    assert plot(page).screenshot() == before


def test_the_wheel_scrolls_the_page_where_there_is_nothing_to_zoom_out_of(dive):
    page = dive(TABLE)
    page.evaluate("document.body.style.height = '3000px'")
    plot(page).hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 100")
    page.evaluate("scrollTo(0, 0)")
    before = plot(page).screenshot()
    page.mouse.wheel(0, -200)
    still(page)
    assert page.evaluate("scrollY") == 0
    assert plot(page).screenshot() != before


def test_a_change_of_the_layout_is_told_and_waits_for_its_column(dive):
    page = dive(TABLE, late="hours")
    page.locator("select[data-field=x]").select_option("hours")
    expect(page.get_by_text("Fetching hours")).to_be_visible()
    assert told(page, "layout")[-1]["x"] == "hours"
    page.evaluate("dive.answer()")
    expect(page.get_by_text("Fetching hours")).to_be_hidden()
    still(page)
    assert "across by hours" in plot(page).get_attribute("aria-label")
    page.locator("input[data-field=column_bins]").fill("4")
    page.locator("input[data-field=column_bins]").press("Enter")
    assert told(page, "layout")[-1]["column_bins"] == 4
    still(page)


def test_python_has_the_last_word_on_layout_selection_and_search(dive):
    page = dive(TABLE)
    host = page.locator("#host")
    bits = base64.b64encode(np.packbits(np.arange(3000) % 3 == 0, bitorder="little").tobytes()).decode()
    page.evaluate("bits => dive.show({selection: dive.mask('selection', bits, 'a')})", bits)
    expect(host).to_have_attribute("data-selected", "1000")
    page.evaluate("bits => dive.show({visible: dive.mask('visible', bits, 'a'), found: 1000})", bits)
    expect(host).to_have_attribute("data-visible", "1000")
    expect(page.get_by_text("1,000 found")).to_be_visible()
    page.evaluate("dive.show({visible: null, selection: null, found: null})")
    expect(host).to_have_attribute("data-visible", "3000")
    expect(host).to_have_attribute("data-selected", "0")
    page.evaluate("dive.show({layout: {x: 'age'}, layout_version: 1})")
    assert page.locator("select[data-field=x]").input_value() == ""
    page.evaluate("dive.show({layout: {x: 'age'}, layout_version: 2})")
    assert page.locator("select[data-field=x]").input_value() == "age"
    assert told(page, "layout") == []
    still(page)


def test_a_late_echo_of_an_older_selection_does_not_undo_a_newer_one(dive):
    page = dive(SCATTER)
    page.get_by_role("button", name="Box").click()
    drag(page, (0.0, 0.0), (0.3, 1.0))
    drag(page, (0.0, 0.0), (0.6, 1.0))
    older, newer = told(page, "selection")
    page.evaluate("bits => dive.show({selection: dive.mask('selection', bits, 'a')})", older["bits"])
    expect(page.locator("#host")).to_have_attribute("data-selected", str(newer["count"]))


def test_rows_that_a_scatter_has_no_place_for_are_counted(dive):
    page = dive(SCATTER)
    expect(page.locator(".status")).to_have_text("3,000 shown · 0 selected")
    page.evaluate("dive.made.score.arrays[0].fill(-Infinity, 7, 9); dive.feed('score')")
    expect(page.locator(".status")).to_have_text(
        "3,000 shown · 0 selected · 2 with an infinite value have no place here"
    )
    page.locator("select[data-field=x]").select_option("")
    expect(page.locator(".status")).to_have_text("3,000 shown · 0 selected")


def test_search_is_sent_when_entered(dive):
    page = dive(TABLE)
    box = page.get_by_role("searchbox", name="Search rows")
    expect(box).to_have_attribute("placeholder", "Search, e.g. age > 60")
    box.fill("age > 60")
    box.press("Enter")
    assert told(page, "search") == [{"text": "age > 60"}]


def test_dark_paper_is_dark_and_colours_are_the_dark_ones(dive):
    def colours(page):
        return page.locator(".swatch").first.evaluate("each => each.style.background")

    light, dark = dive(TABLE), dive(TABLE, dark=True)
    assert colours(light) == "rgb(31, 102, 199)"
    assert colours(dark) == "rgb(71, 137, 234)"
    assert (
        dark.locator(".rai-dive").evaluate("each => getComputedStyle(each).backgroundColor")
        == "rgb(21, 24, 28)"
    )


def test_pictures_and_words_appear_on_items_that_are_large(dive):
    page = dive({"label": "picture"}, n=300, pictures=1)
    over = page.locator("canvas.overlay")
    inked = "each => each.getContext('2d').getImageData(0, 0, each.width, each.height).data.filter((v, i) => i % 4 === 3 && v).length"
    page.wait_for_timeout(200)
    with_pictures = over.evaluate(inked)
    page.locator("select[data-field=label]").select_option("")
    still(page)
    page.wait_for_timeout(100)
    assert with_pictures > over.evaluate(inked) + 5000


def test_a_view_can_be_taken_away_and_comes_back(dive):
    page = dive(TABLE)
    page.evaluate("dive.remove()")
    assert page.locator(".rai-dive").count() == 0
    page.evaluate("dive.show({})")
    still(page)
    assert page.locator(".rai-dive").count() == 1


def test_a_million_rows_are_laid_out_drawn_and_lassoed_in_time(dive):
    page = dive(SCATTER, n=1000000)
    host = page.locator("#host")
    page.get_by_role("button", name="Many points overlap: show density").click()
    assert told(page, "layout")[-1]["density"] is True
    expect(page.get_by_text("Rows on a pixel")).to_be_visible()
    page.evaluate(
        "dive.show({layout: {row: 'race', column: 'work', color: 'score', sort: 'age'}, layout_version: 9})"
    )
    still(page)
    assert float(host.get_attribute("data-layout-ms")) < 1500
    assert float(host.get_attribute("data-frame-ms")) < 300
    page.get_by_role("button", name="Lasso").click()
    drag(page, (0.2, 0.1), (0.9, 0.2), (0.8, 0.9), (0.1, 0.8))
    still(page)
    assert int(host.get_attribute("data-selected")) > 10000
    assert float(host.get_attribute("data-select-ms")) < 500


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(dive, dark):
    from axe_playwright_python.sync_playwright import Axe

    page = dive({**TABLE, "density": True}, dark=dark)
    page.evaluate("dive.show({pinned: 3, message: 'no column is called aeg; did you mean age?'})")
    plot(page).focus()
    page.keyboard.press("ArrowRight")
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], node["html"][:200]) for each in serious for node in each["nodes"]] == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_items_move_to_a_new_layout_unless_stillness_is_preferred(dive, motion):
    page = dive(TABLE)
    page.emulate_media(reduced_motion=motion)
    taken = page.evaluate(
        """async () => {
            const host = document.getElementById("host");
            const begun = performance.now();
            dive.show({layout: {x: "age", y: "score"}, layout_version: 2});
            while (host.dataset.settled !== "true") await new Promise((done) => setTimeout(done, 10));
            return performance.now() - begun;
        }"""
    )
    assert (taken > 780) is (motion == "no-preference")


def test_columns_of_other_rows_are_not_drawn(dive):
    page = dive(TABLE, n=2000)
    page.evaluate("dive.show({n: 2500, selection: null})")
    expect(page.get_by_text("Fetching")).to_be_visible()
    page.evaluate("dive.show({n: 2000})")
    expect(page.get_by_text("Fetching")).to_be_hidden()
    still(page)
    expect(page.locator("#host")).to_have_attribute("data-visible", "2000")


def test_the_picture_can_be_saved(dive):
    page = dive(TABLE)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the picture").click()
    assert saved.value.suggested_filename == "dive.png"
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_keys_and_clicks_do_no_harm_before_the_first_column_is_there(dive):
    page = dive(TABLE)
    page.evaluate("dive.show({token: 'other', selection: null})")
    expect(page.get_by_text("Fetching")).to_be_visible()
    plot(page).focus()
    for key in ("Escape", "ArrowRight", "Enter", "p", "l"):
        page.keyboard.press(key)
    drag(page, (0.1, 0.1), (0.5, 0.5), (0.2, 0.8))
    page.get_by_role("button", name="Save the picture").click()
    assert told(page, "selection") == []
