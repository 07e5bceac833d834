"""Markdown: the headings of the paper, the gate first, and nothing from data that is markup."""

import re

import pytest
from markdown_it import MarkdownIt

from rai.reports.cards import FORMATS, card

HEADINGS = [
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
]


def written(made):
    return FORMATS["markdown"](made)


def headings(text):
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]


def kinds(text):
    """Every kind of thing that Markdown sees in a text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return {each.type for token in tokens for each in (token, *(token.children or ()))}


def test_the_sections_are_those_of_the_paper(passed, words):
    found = re.findall(r"(?m)^## (.*)$", written(card(passed, words=words)))
    assert found == HEADINGS


def test_a_gate_that_did_not_pass_is_the_first_thing_after_the_title(failed, words):
    lines = written(card(failed, words=words)).splitlines()
    assert lines[0] == "# Model card: loans"
    assert lines[2].startswith("**This model did not pass its fairness gate. Gate failed: 4 verdicts")


def test_groups_have_value_interval_and_n(passed):
    text = written(card(passed))
    head = next(line for line in text.splitlines() if line.startswith("| group | n |"))
    row = next(line for line in text.splitlines() if line.startswith("| F |"))
    cells = dict(zip(head.split(" | "), row.split(" | "), strict=True))
    assert (cells["n"], cells["true positive rate"]) == ("40", "0.750 [0.531, 0.888]")


def test_gaps_have_groups_value_interval_and_n(passed):
    text = written(card(passed))
    (gap,) = passed.audit.gaps("equal_opportunity")
    assert f"| F | M | 0.250 [0, {gap.high:.3f}] | 80 |" in next(
        line for line in text.splitlines() if line.startswith("| equal opportunity | sex |")
    )


def test_verdicts_are_told_with_a_sign_and_a_reason(failed):
    rows = [line for line in written(card(failed)).splitlines() if line.startswith("| ✗ fail | enough")]
    assert len(rows) == 2
    assert "| 100,000 | 40 |" in rows[0]
    assert "at least 100,000 asked for" in rows[0]


def test_an_undefined_number_has_a_footnote_with_its_reason(results):
    text = written(card(results["undefined"]))
    row = next(line for line in text.splitlines() if line.startswith("| F |"))
    assert "| – (1) |" in row
    assert "\n1. undefined: no rows with a positive label" in text


@pytest.mark.parametrize("name", ["weighted", "multiclass", "regression", "undefined", "crossed"])
def test_every_kind_of_audit_has_all_sections(results, name, words):
    text = written(card(results[name], words=words))
    assert [title for title in headings(text) if title in HEADINGS] == HEADINGS


def test_classes_have_a_table_each(results):
    text = written(card(results["multiclass"]))
    assert "### By sex, true positive rate of each class" in text
    assert "| group | n | a | b | c |" in text


def test_a_pack_is_told_with_clause_date_and_disclaimer(gate, two_groups):
    pack = {"title": "Rule", "date": "2026-01-02", "clause": "§ 3", "disclaimer": "No legal advice"}
    text = written(card(gate(two_groups(), **pack)))
    assert "Rule, 2026-01-02. § 3. No legal advice." in text


def test_hostile_groups_add_nothing_to_a_card(gate, two_groups, hostile):
    plain = written(card(gate(two_groups())))
    text = written(card(gate(two_groups((hostile, "M")))))
    assert headings(text) == headings(plain)
    assert kinds(text) <= kinds(plain) | {"text_special"}
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_hostile_words_add_nothing_to_a_card(passed, hostile, words):
    each = {
        "name": hostile, "overview": hostile, "owners": [hostile], "license": hostile, "version": hostile,
        "users": [hostile], "limitations": [hostile], "references": [hostile], "training_data": hostile,
        "ethical_considerations": [{"name": hostile, "mitigation": hostile}],
        "groups_at_risk": [{"group": hostile, "harms": hostile, "benefits": "b", "mitigation": "m"}],
    }  # fmt: skip
    plain, text = written(card(passed, words=words)), written(card(passed, words={**words, **each}))
    assert headings(text)[1:4] == headings(plain)[1:4] == ["Model details", "References", "Intended use"]
    assert len(headings(text)) == len(headings(plain))
    assert kinds(text) <= kinds(plain) | {"text_special"}


@pytest.mark.parametrize(
    "start",
    ["# a", "- a", "+ a", "> a", "1. a", "2) a", "---", "===", "[a]: http://example.org", "___", "1."],
)
def test_a_text_is_a_paragraph_whatever_it_starts_with(start, passed, words):
    text = written(card(passed, words={**words, "overview": start}))
    tokens = MarkdownIt("commonmark").parse(text.split("## Model details\n\n")[1].split("\n\n")[0])
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(child.content for child in tokens[1].children) == start
