"""The page: self-contained, the gate first, and nothing from data that is markup."""

import re
from html.parser import HTMLParser

import pytest

from rai.reports.cards import FORMATS, card

WIDTHS = [1280, 400]


@pytest.fixture(scope="module")
def site(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards")

    def give(name):
        path = folder / f"{name}.html"
        path.write_text(FORMATS["html"](card(results[name])), "utf-8")
        return path.as_uri()

    return give


class Parsed(HTMLParser):
    """Tags, ids, links and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.texts = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.tags.append(tag)
        self.ids += [held["id"]] if "id" in held else []
        self.links += [held[name] for name in ("href", "src") if name in held]

    def handle_data(self, data):
        self.texts.append(data)


def parsed(made):
    return Parsed(FORMATS["html"](made))


def test_a_page_reaches_for_nothing_outside_itself(passed, words):
    page = parsed(card(passed, words=words))
    assert {link[0] for link in page.links} == {"#"}
    assert "url(" not in FORMATS["html"](card(passed))


def test_every_link_leads_to_a_section_and_no_id_stands_twice(passed, words):
    page = parsed(card(passed, words=words))
    assert {link[1:] for link in page.links} - set(page.ids) == set()
    assert len(page.ids) == len(set(page.ids))


def test_a_gate_that_did_not_pass_is_told_in_the_first_section(failed, words):
    main = FORMATS["html"](card(failed, words=words)).split("<main>")[1]
    first = re.search(r'<p class="answer loud">(.*?)</p>', main)
    assert first[1].startswith("This model did not pass its fairness gate. Gate failed: 4 verdicts")
    assert main.index(first[0]) < 200


def test_what_is_missing_stands_out(passed):
    text = FORMATS["html"](card(passed))
    assert '<p class="loud">MISSING: limitations. A person has to write this.</p>' in text


def test_a_group_has_value_interval_and_n(passed):
    text = FORMATS["html"](card(passed))
    row = re.search(r'<th scope="row"><bdi>F</bdi></th>(.*?)</tr>', text)[1]
    assert row.startswith('<td class="num"><bdi>40</bdi></td>')
    assert '<td class="num"><bdi>0.750 [0.531,\xa00.888]</bdi></td>' in row


@pytest.mark.parametrize("name", ["weighted", "multiclass", "regression", "undefined", "crossed"])
def test_every_kind_of_audit_makes_a_page(results, name):
    page = parsed(card(results[name]))
    assert page.tags.count("section") == 10
    assert "sex=F: " in "".join(page.texts)


def test_hostile_groups_add_no_tags(gate, two_groups, hostile):
    plain = parsed(card(gate(two_groups())))
    text = FORMATS["html"](card(gate(two_groups((hostile, "M")))))
    assert Parsed(text).tags == plain.tags
    assert "\x1b" not in text


def test_hostile_words_add_no_tags(passed, words, hostile):
    plain = parsed(card(passed, words=words))
    each = dict.fromkeys(("name", "overview", "license", "version", "limitations", "users"), hostile)
    people = [{"group": hostile, "harms": hostile, "benefits": hostile, "mitigation": hostile}]
    page = parsed(card(passed, words={**words, **each, "groups_at_risk": people}))
    assert page.tags == plain.tags


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["binary", "multiclass", "crossed"])
def test_nothing_complains_and_nothing_is_wider_than_the_window(shown, name, width):
    tab = shown(name, width=width)
    assert tab.complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
@pytest.mark.parametrize("dark", [True, False])
def test_paper_is_dark_where_it_is_asked_for(shown, dark):
    tab = shown("binary", dark=dark)
    colours = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", colours)[:3])) < 200) == dark
