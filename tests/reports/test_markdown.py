"""The Markdown report: the same numbers, and nothing from the data that is markup."""

import re

from rai.reports.markdown import escaped, markdown


def test_the_published_rows(facts, gap_of):
    text = markdown(facts("propublica"))
    gap = gap_of("propublica", "predictive_equality", "race")
    assert text.splitlines()[0] == "# Audit of two_year_recid by race"
    assert (
        f"| predictive equality | race | African-American (0.448) | Asian (0.0870) | {gap} | 0.194 ["
    ) in text
    assert "] | 0.196 | < 0.001 | beyond chance | 7,214 |" in text
    assert "| African-American | 3,696 | 0.588 [0.572, 0.604] | 0.720 [0.700, 0.740] |" in text
    assert "| Caucasian | 505 | 349 | 461 | 1,139 |" in text


def test_sections_come_in_order(facts):
    heads = [line for line in markdown(facts("two_races")).splitlines() if line.startswith("## ")]
    assert heads == [
        "## Summary",
        "## Gaps between groups",
        "## The data",
        "## Groups",
        "## Confusion matrices",
        "## Method",
        "## Provenance",
    ]


def test_every_table_is_straight(every):
    for block in re.findall(r"(?:^\|.*\n?)+", markdown(every), re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1


def test_nothing_from_the_data_is_markup(facts):
    text = markdown(facts("hostile"))
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "&lt;script>alert(1)&lt;/script>" in text
    assert 'a \\| b \\\\ "q" & &lt;b>' in text
    assert "\x1b" not in text


def test_escaping_keeps_plain_text_plain():
    assert escaped("0.457 [0.313, 0.673], Female × Black (0.4)") == (
        "0.457 [0.313, 0.673], Female × Black (0.4)"
    )
    assert escaped("p < 0.001 & > 0, &amp;") == "p < 0.001 & > 0, &amp;amp;"
    assert escaped("*a* `b` [x]: y [x][y]") == "\\*a\\* \\`b\\` [x]: y [x\\][y]"


def test_names_from_data_notify_nobody_and_link_to_no_thread():
    joined = "\N{WORD JOINER}"
    assert escaped("@ada, octo/cat#12") == f"@{joined}ada, octo/cat#{joined}12"
    assert escaped("a@example.org, @ 5, # 3, C#") == "a@example.org, @ 5, # 3, C#"


def test_undefined_cells_point_at_their_reason(facts):
    text = markdown(facts("undefined"))
    assert "| North | 50 | 0.200 [0.112, 0.330] | – (2) |" in text
    assert "2. undefined: no rows with a positive label" in text


def test_dropped_rows_and_small_groups(facts):
    assert "| missing y\\_true | 12 |" in markdown(facts("two_races")).replace("y_true", "y\\_true")
    assert (
        "| Native American | race | false positive rate | 0.375 [0.137, 0.694] | rows with a negative "
        "label | 8 |"
    ) in markdown(facts("propublica"))
