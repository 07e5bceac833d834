"""A policy in words: what each rule asks, when it passes, and what it does."""

from __future__ import annotations

from collections.abc import Iterator

from rai.gates.policy_files import Loaded
from rai.gates.rules.fields import Grouped, Limited
from rai.gates.rules.table import AnyRule
from rai.ground.formatting import counted, number

_CLAIMS = {
    "demonstrate": "Passes only if that is shown; fails only if the opposite is shown.",
    "detect": "Fails only if the opposite is shown; passes only if {loose} would have been noticed.",
}
_EFFECTS = {
    "stop": "stops the gate (exit code 3)",
    "fail": "fails the gate (exit code 1)",
    "warn": "is only shown",
}


def explained(loaded: Loaded) -> str:
    """A policy as text for people.

    Example:
        >>> from rai.gates.policy_files import load_policy
        >>> print(explained(load_policy("four-fifths")).splitlines()[0])
        Four-fifths rule
    """
    policy = loaded.policy
    day = f"Of {policy.date}." if policy.date else ""
    heads = [text for text in (policy.title, day, policy.clause, policy.disclaimer) if text]
    packs = [
        " ".join(filter(None, (f"Extends {part.name}", part.date, part.clause, part.disclaimer)))
        for part in loaded.source.extended
    ]
    rules = ["\n".join(_rule(rule)) for rule in policy.rules]
    waivers = [
        f"Waiver of {waiver.rule}{f', {waiver.group}' if waiver.group else ''}: up to "
        f"{number(waiver.tolerated)}, {waiver.words}"
        for waiver in policy.waivers
    ]
    text = "\n\n".join([*heads, *packs, *rules, *waivers])
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def _rule(rule: AnyRule) -> Iterator[str]:
    yield f"{rule.id} ({rule.kind}, {rule.severity})"
    if rule.title:
        yield f"  {rule.title}"
    yield f"  Asks: {rule.words}."
    if isinstance(rule, Limited):
        loose = "" if rule.loose is None else number(rule.loose)
        yield f"  {_CLAIMS[rule.claim].format(loose=loose)} Level {number(rule.level)}."
    if isinstance(rule, Grouped):
        yield from (f"  {text}" for text in _groups(rule))
    if rule.severity == "error":
        yield f"  Inconclusive {_EFFECTS[rule.on_inconclusive]}."
    if rule.tags:
        yield f"  Tags: {', '.join(rule.tags)}."


def _groups(rule: Grouped) -> Iterator[str]:
    if rule.within:
        yield f"Asked for each level of {', '.join(rule.within)}."
    if rule.min_n:
        yield f"A group needs {counted(rule.min_n, 'row')}."
    if rule.groups:
        optional = f" ({', '.join(rule.optional)} may be absent)" if rule.optional else ""
        yield f"Groups that must be there: {', '.join(rule.groups)}{optional}."
    if rule.exclude or rule.min_share:
        least = f"those below a share of {number(rule.min_share)}" if rule.min_share else ""
        yield f"Not judged, but listed: {', '.join(filter(None, (*rule.exclude, least)))}."
    if rule.threshold is not None or rule.plan is not None:
        yield f"Threshold: {number(rule.threshold) if rule.plan is None else f'the plan {rule.plan}'}."
