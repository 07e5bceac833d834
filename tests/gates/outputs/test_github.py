"""GitHub: ten lines at most, each one command, whatever the data are called."""

import re

import pytest

from rai.gates.outputs.github import github, step_summary
from rai.gates.sources import Extended

COMMAND = re.compile(r"::(error|warning|notice)(?: (.*?))?::(.*)")


def commands(result):
    """Type, properties and message of each line, read as the runner reads them."""
    found = []
    for line in github(result).split("\n"):
        name, told, text = COMMAND.fullmatch(line).groups()
        pairs = [part.split("=", 1) for part in told.split(",")]
        found.append((name, {key: unescaped(value) for key, value in pairs}, unescaped(text)))
    return found


def unescaped(text):
    for token, mark in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        text = text.replace(mark, token)
    return text


def test_the_type_of_an_annotation_follows_what_the_verdict_does(made, one):
    result = made([one])
    names = [name for name, _, _ in commands(result)]
    stops = {"error", "fail", "inconclusive"}
    expected = "error" if one.effect in stops else "warning" if one.effect == "warn" else "notice"
    assert names == (["notice"] if one.status == "pass" else [expected, "notice"])
    assert ("error" in names) == (result.exit_code != 0)


def test_an_annotation_says_which_rule_where_and_why(made, verdict):
    rule = {"id": "recall", "kind": "min_metric", "metric": "recall", "along": "sex", "limit": 0.5}
    found = [verdict("pass", group="M"), verdict("fail")]
    text = github(made(found, rules=[rule], title="Hiring"))
    assert text.split("\n") == [
        "::error file=policy.yaml,line=4,title=recall%3A 1 fail%2C 1 pass::"
        "true positive rate of each group of sex is at least 0.5%0A"
        "recall[sex=F]: fail: at least 0.500 is allowed, and at most 0.450 is shown; "
        "seen: 0.400 [0.350, 0.450], n = 120 in F",
        "::notice title=rai gate%3A Hiring::Gate failed: 2 verdicts, 1 fail, 1 pass",
    ]


def test_a_thousand_groups_are_one_annotation(made, many):
    (name, told, text), _ = commands(made(many))
    assert (name, told["title"]) == ("error", "recall: 250 fail, 750 pass")
    assert text.split("\n")[1].startswith("recall[sex=g0]: fail: ")
    assert text.split("\n")[4:] == ["and 247 more that did not pass"]


@pytest.mark.parametrize("rules", [0, 1, 9, 10, 11, 300])
def test_there_are_never_more_than_ten_lines(made, verdict, rules):
    found = [verdict("fail", rule=f"r{place}") for place in range(rules)]
    assert len(commands(made(found))) == min(rules + 1, 10)


def test_the_tenth_line_says_how_many_more_there_are_and_what_stops_comes_first(made, verdict):
    warns = [verdict("fail", "warn", rule=f"w{place}") for place in range(4)]
    fails = [verdict("fail", rule=f"f{place}") for place in range(11)]
    found = commands(made([*warns, *fails]))
    assert [told["title"][:2] for _, told, _ in found[:9]] == [f"f{place}" for place in range(9)]
    assert found[9][0] == "notice"
    assert found[9][2].split("\n") == [
        "Gate failed: 15 verdicts, 15 fail",
        "and 6 more rules that did not pass, 2 of which stop the gate",
    ]


def test_a_gate_that_passes_says_so_with_its_notes(made, verdict):
    notes = tuple(f"note {place}" for place in range(5))
    assert commands(made([verdict("pass")], notes=notes)) == [
        (
            "notice",
            {"title": "rai gate: policy.yaml"},
            "Gate passed: 1 verdict, 1 pass\nnote 0\nnote 1\nnote 2\nand 2 more notes",
        )
    ]


def test_a_waived_rule_is_noticed_with_who_answers_for_it(made, verdict):
    (name, told, text), _ = commands(
        made([verdict("waived", waiver="waived by Ada until 2026-12-31: x")])
    )
    assert (name, told["title"]) == ("notice", "recall: 1 waived")
    assert text.endswith("; waived by Ada until 2026-12-31: x")


def test_the_clause_and_disclaimer_of_a_pack_are_shown(made, verdict):
    pack = Extended(name="p", text="", date="2026-01-01", clause="§ 1.", disclaimer="No advice.")
    assert commands(made([verdict("pass")], extended=(pack,)))[-1][2].split("\n")[1:] == [
        "p, 2026-01-01. § 1. No advice."
    ]


def test_names_from_data_can_not_make_a_command_of_their_own(made, verdict, hostile):
    found = verdict(group=hostile, reason=f"no {hostile}", smallest=hostile)
    rule = {"id": "recall", "kind": "min_n", "along": "sex", "limit": 1, "title": hostile}
    result = made([found, found], rules=[rule], notes=(hostile,), title=hostile, path=hostile)
    lines = commands(result)
    assert [name for name, _, _ in lines] == ["error", "notice"]
    assert set(lines[0][1]) <= {"file", "line", "title"}
    assert set(lines[1][1]) == {"title"}
    text = github(result)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text) < 20_000


def test_percent_signs_and_line_breaks_of_data_come_back_as_they_were(made, verdict):
    rule = {"id": "recall", "kind": "min_n", "along": "sex", "limit": 1, "title": "100%0A, a: b"}
    (_, told, text), _ = commands(made([verdict()], rules=[rule], path="a,b%3A:c.yaml"))
    assert told["file"] == "a,b%3A:c.yaml"
    assert text.split("\n")[0] == "100%0A, a: b"


def test_a_long_path_is_not_cut(made, verdict):
    path = "/".join(["a  folder"] * 60) + "/policy.yaml"
    assert commands(made([verdict()], path=path))[0][1]["file"] == path


def test_a_policy_that_is_no_file_is_told_without_a_place(made, verdict):
    assert commands(made([verdict(line=None)], path=""))[0][1] == {"title": "recall: 1 fail"}


def test_a_rule_of_a_pack_points_at_the_file(made, verdict):
    told = commands(made([verdict(line=None)]))[0][1]
    assert told == {"file": "policy.yaml", "title": "recall: 1 fail"}


MIB = 1024 * 1024


def test_a_summary_that_fits_is_left_as_it_is():
    text = "é" * (504 * 1024)  # 2 bytes each
    assert step_summary(text) == text


def test_a_summary_that_is_too_long_is_cut_after_a_line_and_says_so():
    lines = [f"| {place} | 👩 |\n" for place in range(100_000)]
    cut = step_summary("".join(lines))
    note, _, *kept = cut.splitlines(keepends=True)
    assert 0.9 * MIB < len(cut.encode()) <= MIB - 16 * 1024
    assert kept == lines[: len(kept)]
    left = len(lines) - len(kept)
    assert note == f"> Left out: the last {left:,} lines of 100,000, as a summary holds 1 MiB.\n"


def test_a_summary_of_one_endless_line_is_cut_whole():
    text = "a" * (2 * MIB)
    assert step_summary(text) == "> Left out: the last 1 line of 1, as a summary holds 1 MiB.\n\n"
