"""The HTML page: complete, escaped, small, sealed, and made of the audit's own numbers."""

import html
import re
from itertools import pairwise

import pytest

from rai.reports.page import page


@pytest.fixture(scope="session")
def read(read_html):
    """`read(facts)`: the page of an audit."""
    return lambda facts, **options: read_html(page(facts, **options))


@pytest.fixture(scope="module")
def published(facts, read):
    return read(facts("propublica"))


def test_every_page_is_whole(every, read):
    reader = read(every)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    links = [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert [link for link in links if link.removeprefix("#") not in reader.ids] == []


def test_every_page_is_small(every):
    assert len(page(every).encode()) < 400_000


def test_the_usual_page_is_smaller_still(published):
    assert len(published.source.encode()) < 100_000


def test_no_page_loads_anything(every):
    source = page(every)
    loads = re.findall(r"""(?:\bsrc|\bhref|\bxlink:href)\s*=\s*["'](?!#)[^"']*""", source)
    assert loads == []
    assert re.findall(r"@import|url\(|<link|<iframe|<object|fetch\(|XMLHttpRequest", source) == []


def test_names_from_the_data_are_text(facts, hostile_names, read):
    reader = read(facts("hostile"))
    assert [tag for tag, _ in reader.tags if tag in {"b", "img", "script"}].count("script") == 1
    assert all("onerror" not in attrs for _, attrs in reader.tags)
    for name in hostile_names:
        shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        assert (
            html.escape(shown, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            in reader.source
        )
    assert "{{ 7*7 }}" in reader.words
    assert "\x1b" not in reader.source


def test_a_title_is_text_too(facts, read):
    reader = read(facts("one_group"), title="<i>Loans</i> & more")
    assert reader.source.count("<title>&lt;i&gt;Loans&lt;/i&gt; &amp; more</title>") == 1


def test_what_was_audited_stands_at_the_head(published):
    assert "Audit of two_year_recid by race" in published.words
    assert (
        "7,214 rows in groups: 6 by race. Positive is “recidivism”, negative is “no recidivism”; a row "
        "is predicted positive when its score is at least 5."
    ) in published.words


@pytest.mark.parametrize(
    "words",
    [
        "false positive rate",
        "0.448",
        "[0.426,\xa00.472]",
        "a gap of 0.457 [0.",
        "African-American (0.448)",
        "0.194",  # the ratio of false positive rates, lowest to highest
        "sha256:5f2ab7c0de11",
        "Wilson's score interval",
        "None: every row was counted.",
        "rows with a negative label",
        "doi:10.1002/bimj.200810425",
    ],
)
def test_the_published_numbers_are_on_the_page(published, words):
    assert words.replace("\xa0", " ") in published.words.replace("\xa0", " ")


def test_counts_and_row_rates_stand_in_the_matrices(published):
    assert "no recidivism 990 0.552 true negatives 805 0.448 false positives" in published.words
    assert "recidivism 532 0.280 false negatives 1,369 0.720 true positives" in published.words


def test_numerators_and_denominators_are_a_pointer_away(published):
    titles = [attrs["title"] for tag, attrs in published.tags if tag == "td" and "title" in attrs]
    assert "805 of 1,795" in titles
    assert "1,369 of 1,901" in titles


def test_headings_follow_one_another(every, read):
    levels = [int(tag[1]) for tag, _ in read(every).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_tables_say_what_their_heads_head(every, read):
    heads = [attrs for tag, attrs in read(every).tags if tag == "th"]
    assert [attrs for attrs in heads if attrs.get("scope") not in {"col", "row", "rowgroup"}] == []


def test_drawings_are_told_or_hidden(every, read):
    tags = read(every).tags
    outer = [
        attrs for tag, attrs in tags if tag == "svg" and "x" not in attrs and "viewbox" not in attrs
    ]
    told = [a for a in outer if a.get("role") == "img" and a.get("aria-label")]
    hidden = [a for a in outer if a.get("aria-hidden") == "true"]
    assert len(told) + len(hidden) == len(outer)
    assert len(told) >= 1


def test_a_drawn_gap_is_told_in_words(published, gap_of):
    gap = gap_of("propublica", "predictive_equality", "race")
    labels = [attrs.get("aria-label") for tag, attrs in published.tags if tag == "svg"]
    assert (
        f"race: gap {gap}, by chance about 0.196, highest African-American, lowest Asian, beyond chance, "
        "7,214 rows"
    ) in labels


def test_undefined_is_a_dash_with_a_footnote(facts, read):
    reader = read(facts("undefined"))
    assert reader.words.count("undefined: no rows with a positive label") == 1
    assert '<span class="v">–</span><sup>2</sup><span class="ci"></span>' in reader.source


def test_one_group_makes_a_page_without_gaps(facts, read):
    words = read(facts("one_group")).words
    assert "There is only one group, so there is nothing to compare." in words
    assert "0.800" in words


def test_many_groups_are_folded_and_all_there(facts, read):
    reader = read(facts("sixty"))
    assert "All 60 groups by age × race × sex" in reader.words
    rows = re.findall(r'<th scope="row"><span class="named">.*?<bdi>(.*?)</bdi>', reader.source)
    assert len({name for name in rows if name.count("×") == 2}) == 60


def test_control_features_get_a_section(facts, read):
    words = read(facts("berkeley")).words
    assert "With department held fixed" in words
    assert "same mix of levels" in words
    assert "Common odds ratio over all levels (Mantel–Haenszel): 0.905 [0.772, 1.06]" in words.replace(
        "\xa0", " "
    )
    assert "held fixed" not in read(facts("propublica")).words.lower().replace("held fixed.", "")


def test_several_thresholds_get_a_section(facts, read):
    words = read(facts("thresholds")).words
    assert "Other thresholds" in words
    assert re.search(r"Threshold selection rate .* 0\.5 0\.335 .* 0\.3 0\.563 .* 0\.7 0\.146", words)
    assert "Other thresholds" not in read(facts("propublica")).words


def test_classes_get_tables_of_their_own(facts, read):
    words = read(facts("multiclass")).words
    assert "positive predictive value of each class" in words
    assert "mean true positive rate" in words
    assert "The label is one of 3 classes: high, low and medium." in words


def test_a_regression_has_no_matrices(facts, read):
    reader = read(facts("regression"))
    assert "matrices" not in reader.ids
    assert "R²" in reader.words
    assert "1 − mean e² / variance of y" in reader.words


def test_cuts_weights_and_missing_groups_are_told(facts, read):
    words = read(facts("ages")).words
    assert "age was cut into < 25, 25 to < 45, ≥ 45: a range holds its lower edge." in words
    assert "Rows carry weights (w). Intervals use Kish's effective number of rows" in words
    assert "(missing)" in words


def test_dropped_rows_are_counted_by_reason(facts, read):
    assert "missing y_true 12 0.19%" in read(facts("two_races")).words


def test_no_page_judges(every, read):
    judged = r"\b(?:un)?(?:fair|biased|compliant)\b"
    assert re.findall(judged, read(every).words, re.IGNORECASE) == []
