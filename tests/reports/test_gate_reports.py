"""A gate for people: terminal, Markdown and page show the same, all of it, and nothing steers them."""

import html
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from rich.console import Console

import rai
from rai.reports.gate_facts import gate_facts
from rai.reports.gate_markdown import gate_markdown
from rai.reports.gate_page import gate_page
from rai.reports.gate_terminal import print_gate
from rai.values.differences import Flip, Flips
from rai.values.verdict import Verdicts

WAIVER = {
    "rule": "accuracy", "group": "Hispanic", "owner": "Ann", "reason": "retrained in May",
    "created": "2026-01-01", "expires": "2026-12-31", "tolerated": 0.5,
}  # fmt: skip
RULES = (
    {"id": "accuracy", "kind": "min_metric", "metric": "accuracy", "along": "race", "limit": 0.72},
    {"id": "rows", "kind": "min_n", "along": "race", "limit": 30},
    {"id": "absent", "kind": "min_n", "along": "age", "limit": 30},
)
WIDTHS = [1280, 400]
NAME = "<img src=x> [a](http://e.invalid) `b` | [bold]c[/] \x1b[31md"
SHOWN = "<img src=x> [a](http://e.invalid) `b` | [bold]c[/] [31md"


def printed(result, width=100, **options):
    stream = io.StringIO()
    print_gate(result, Console(file=stream, width=width, **options))
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def gated(audit, *rules, **policy):
    given = {"version": 1, "title": "Recidivism", "rules": list(rules), **policy}
    return rai.gate(audit, given, as_of=date(2026, 11, 26))


@pytest.fixture(scope="module")
def result(made):
    """All five statuses, flips and a pack."""
    found = gated(
        made("propublica"), *RULES, waivers=[WAIVER], extends=["four-fifths"], clause="Clause 7"
    )
    flip = Flip(
        model="new", versus="old", group=(("along", "race"), ("group", "Asian")), was="no",
        becomes="yes", value=0.25, low=0.125, high=0.5, numerator=8, denominator=32, n=32,
    )  # fmt: skip
    return replace(found, flips=Flips([flip]))


@pytest.fixture(scope="module")
def hostile():
    names = [NAME, "other"] * 200
    found = rai.audit(y_true=[1, 0, 0, 0] * 100, y_pred=[1, 0] * 200, sensitive_features={"sex": names})
    rule = {"id": "acc", "kind": "min_metric", "metric": "accuracy", "along": "sex", "limit": 0.99}
    title = {"title": NAME, "clause": NAME, "disclaimer": NAME}
    return gated(found, {**rule, "title": NAME}, **title)


@pytest.fixture(scope="module")
def crowded():
    """900 verdicts that lack rows, 900 that pass."""
    groups = [f"group {i} {'é' * 60}" for i in range(900)]
    found = rai.audit(y_true=[1] * 900, y_pred=[1] * 900, sensitive_features={"g": groups})
    rule = {"id": "acc", "kind": "min_metric", "metric": "accuracy", "along": "g", "limit": 0.9}
    return gated(found, rule, {"id": "rows", "kind": "min_n", "along": "g", "limit": 1})


def test_markdown_is_what_it_was(result, compare):
    compare("gate.md", gate_markdown(result))


def test_the_terminal_is_what_it_was(result, compare):
    compare("gate.txt", printed(result))


def test_the_page_is_what_it_was(result, compare):
    compare("gate.html", gate_page(result))


def test_every_status_is_there(result):
    assert {v.status for v in result.verdicts} == {"error", "fail", "inconclusive", "waived", "pass"}


def test_no_verdict_is_lost(result):
    facts = gate_facts(result)
    rows = [(rule.id, row.subject, row.status) for rule in facts.rules for row in rule.rows]
    held = [(v.rule, v.subject or "everyone", v.status) for v in result.verdicts]
    assert sorted(rows) == sorted(held)
    assert gate_page(result).count('<th scope="row">') == len(held)
    lines = re.findall(r"^\| (?:!|✗|\?|○|✓) ", gate_markdown(result), re.MULTILINE)
    assert len(lines) == len(held)
    assert len(re.findall(r"^  [!✗?○✓] ", printed(result), re.MULTILINE)) == len(held)


def test_values_are_those_of_the_counts(result):
    rows = {row.subject: row for rule in gate_facts(result).rules for row in rule.rows
            if rule.id == "accuracy"}  # fmt: skip
    row = rows["race=Caucasian"]
    assert (row.value, row.n, row.limit) == (f"{(1139 + 505) / 2454:.3f}", "2,454", "0.720")


def test_an_inconclusive_verdict_says_how_many_rows_it_takes(result):
    verdict = next(v for v in result.verdicts if v.name == "accuracy[race=Asian]")
    needs = f"needs about {verdict.rows_needed:,} rows of Asian (has 32)"
    assert verdict.status == "inconclusive"
    assert needs in " ".join(printed(result).split())
    assert needs in gate_markdown(result)
    assert needs in gate_page(result)


def test_the_smallest_value_that_would_have_been_shown(result):
    verdict = replace(result.verdicts[0], status="inconclusive", effect="inconclusive",
                      limit=0.05, detectable=0.123)  # fmt: skip
    facts = gate_facts(replace(result, verdicts=Verdicts([verdict])))
    needs = [row.needs for rule in facts.rules for row in rule.rows]
    assert [text.split("; ")[-1] for text in needs] == ["0.123 or more would have been shown"]


def test_what_stops_the_gate_stands_first(result):
    facts = gate_facts(result)
    assert facts.rules[0].id == "absent"
    assert facts.stopping[0][1].status == "error"
    assert {row.status for _, row in facts.stopping} == {"error", "fail", "inconclusive"}


def test_waivers_packs_flips_and_digests_are_told(result):
    pack = result.source.extended[0]
    texts = [gate_markdown(result), html.unescape(gate_page(result)), printed(result, width=20_000)]
    for text in texts:
        assert "waived by Ann until 2026-12-31: retrained in May" in text
        assert "Clause 7." in text
        assert pack.date in text
        assert pack.clause.rstrip(" .") in text
        assert pack.disclaimer.rstrip(" .") in text
        assert "0.250 [0.125, 0.500]" in text
        assert "compliant" not in text.lower()
    for text in texts[:2]:
        assert result.source.digest in text
        assert "sha256:5f2ab7c0de11" in text


@pytest.mark.parametrize("show", [gate_markdown, gate_page, printed])
def test_the_same_result_gives_the_same_bytes(result, show):
    assert show(result) == show(result)


@pytest.mark.parametrize("width", [80, 100])
def test_nothing_is_wider_than_the_screen(result, hostile, width):
    assert max(len(line) for r in (result, hostile) for line in printed(r, width).splitlines()) <= width


def test_names_are_text_on_the_page(hostile, read_html):
    reader = read_html(gate_page(hostile))
    assert reader.open == []
    assert "img" not in [tag for tag, _ in reader.tags]
    assert len(reader.ids) == len(set(reader.ids))
    assert "\x1b" not in reader.source
    assert html.escape(SHOWN) in reader.source


def test_names_are_text_in_markdown(hostile):
    text = gate_markdown(hostile)
    assert "<img" not in text
    assert "](http" not in text.replace("\\](http", "")
    assert "\x1b" not in text
    assert r"\`b\` \|" in text


def test_names_can_not_steer_the_terminal(hostile):
    text = printed(hostile, width=400, force_terminal=True, color_system="truecolor")
    assert "\x1b[31m" not in text
    assert SHOWN in text


def test_a_page_loads_nothing(result):
    source = gate_page(result)
    assert re.findall(r"""(?:\bsrc|\bhref)\s*=\s*["'](?!#)[^"']*""", source) == []
    assert re.findall(r"@import|url\(|<link|<iframe|fetch\(", source) == []


def test_a_comment_holds_the_longest_markdown_and_says_what_it_leaves_out(crowded):
    text = gate_markdown(crowded)
    left = int(re.search(r"([\d,]+) more verdicts that did not pass", text)[1].replace(",", ""))
    assert len(text.encode()) < 65_536
    assert text.count("| ? inconclusive |") == 900 - left
    assert "900 passed, which are left out here." in text


def test_many_groups_are_folded(crowded):
    assert len(printed(crowded).splitlines()) < 120
    assert "? inconclusive: 888 more" in printed(crowded)
    assert "<summary>888 more verdicts</summary>" in gate_page(crowded)
    assert gate_page(crowded).count('<th scope="row">') == 1800


@pytest.mark.parametrize(
    ("more", "meaning"),
    [
        ({"limit": 0.1}, "Every limit that the policy holds the model to is shown to be kept."),
        ({"limit": 0.9, "severity": "warning"}, "Nothing stops the gate, but not every verdict is a pass."),
        ({"limit": 0.9}, "A limit is broken."),
        (
            {"limit": 0.1, "min_n": 10**6, "on_inconclusive": "fail"},
            "No limit is shown to be broken, but the policy takes doubt for a failure.",
        ),
    ],
)  # fmt: skip
def test_the_meaning_says_no_more_than_the_verdicts(made, more, meaning):
    rule = {"id": "acc", "kind": "min_metric", "metric": "accuracy", "along": "race", "min_n": 0}
    assert gate_facts(gated(made("two_races"), {**rule, **more})).meaning == meaning


def test_a_failure_that_is_only_noted_says_so(made):
    rule = {"id": "acc", "kind": "min_metric", "metric": "accuracy", "along": "race", "limit": 0.9}
    result = gated(made("two_races"), {**rule, "severity": "note"})
    assert "✗ fail (only a note)" in printed(result)
    assert "✗ fail (only a note)" in gate_markdown(result)
    assert "<small>only a note</small>" in gate_page(result)


@pytest.fixture(scope="module")
def site(result, hostile, crowded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gates")
    results = {"all statuses": result, "hostile": hostile, "crowded": crowded}

    def give(name):
        path = folder / f"{name}.html"
        path.write_text(gate_page(results[name]), "utf-8")
        return path.as_uri()

    return give


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["all statuses", "hostile", "crowded"])
def test_in_a_browser_nothing_complains_is_loaded_or_is_too_wide(shown, name, width):
    tab = shown(name, width=width)
    assert (tab.complaints, tab.asked) == ([], [tab.url])
    assert tab.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_page_reads_well_and_can_be_read_out(shown, dark):
    found = Axe().run(shown("all statuses", dark=dark)).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
