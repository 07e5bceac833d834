"""A policy in words."""

from rai.gates.explaining import explained
from rai.gates.policy_files import load_policy

RULE = {"id": "a", "kind": "max_gap", "metric": "tpr", "along": ["sex", "race"], "limit": 0.05}


def part(rule, **more):
    """What is said of one rule, line by line."""
    text = explained(load_policy({"version": 1, "rules": [{**RULE, **rule}], **more}))
    return next(
        block for block in text.split("\n\n") if block.startswith(f"{rule.get('id', 'a')} (")
    ).splitlines()


def test_a_rule_says_what_it_asks_and_what_it_does():
    assert part({}) == [
        "a (max_gap, error)",
        "  Asks: gap in true positive rate by sex × race is at most 0.05.",
        "  Passes only if that is shown; fails only if the opposite is shown. Level 0.95.",
        "  A group needs 30 rows.",
        "  Inconclusive stops the gate (exit code 3).",
    ]


def test_everything_that_a_rule_says_is_said():
    more = {"title": "Fair", "claim": "detect", "within": "site", "groups": ["F × A", "M × B"], "optional": "M × B",
            "exclude": "x", "min_share": 0.02, "threshold": 0.3, "tags": "T-1", "on_inconclusive": "fail", "min_n": 0}  # fmt: skip
    assert part(more) == [
        "a (max_gap, error)",
        "  Fair",
        "  Asks: gap in true positive rate by sex × race is at most 0.05.",
        "  Fails only if the opposite is shown; passes only if 0.1 would have been noticed. Level 0.95.",
        "  Asked for each level of site.",
        "  Groups that must be there: F × A, M × B (M × B may be absent).",
        "  Not judged, but listed: x, those below a share of 0.02.",
        "  Threshold: 0.3.",
        "  Inconclusive fails the gate (exit code 1).",
        "  Tags: T-1.",
    ]


def test_what_does_not_stop_the_gate_says_nothing_of_stopping():
    assert part({"severity": "warning"})[-1] == "  A group needs 30 rows."
    assert part({"on_inconclusive": "warn"})[-1] == "  Inconclusive is only shown."


def test_packs_are_named_with_date_clause_and_disclaimer():
    for text in (
        explained(load_policy("four-fifths")),
        explained(load_policy({"version": 1, "extends": "four-fifths"})),
    ):
        assert "2026-11-26" in text
        assert "29 CFR 1607.4(D)" in text
        assert "not legal advice" in text


def test_waivers_are_told():
    waiver = {"rule": "a", "group": "F × A", "owner": "Ann", "reason": "known", "created": "2026-01-01",
              "expires": "2026-06-01", "tolerated": 0.1, "ticket": "X-1"}  # fmt: skip
    text = explained(load_policy({"version": 1, "rules": [RULE], "waivers": [waiver]}))
    assert text.endswith("Waiver of a, F × A: up to 0.1, waived by Ann until 2026-06-01: known (X-1)")


def test_nothing_in_a_policy_steers_a_terminal():
    text = explained(
        load_policy({"version": 1, "title": "\x1b[31mred\x07\r", "rules": [{**RULE, "title": "\x9b2J"}]})
    )
    assert all(char.isprintable() or char == "\n" for char in text)
