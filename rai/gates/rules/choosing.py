"""Which groups a rule judges: those that are large enough, not left out, and have a value.

groups of the counts ─ exclude, min_share ─▶ listed      ─ min_n ─▶ too few rows      the rest is judged
groups of the rule   ─ absent ─▶ an error, but where they are optional
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rai.gates.answers import Answered, Subject, too_few
from rai.gates.cases import Fixed
from rai.gates.rules.fields import Grouped
from rai.ground.formatting import TIMES, counted, number
from rai.measure.tables import Counts
from rai.values import Key, Moments, Scored
from rai.values.levels import key_name


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chosen:
    """Groups of one part of the counts.

    Args:
        counts: Those that are judged.
        answers: What is known of the others.
        notes: What to mind: groups left out, and groups that the rule doesn't name.
        n: Rows of the smallest that is judged, and its name; None without any.
    """

    counts: Counts
    answers: tuple[Answered, ...]
    notes: tuple[str, ...]
    n: int | None
    smallest: str | None


def chosen(rule: Grouped, counts: Counts, *, metric: str | None, fixed: Fixed) -> Chosen:
    """The groups of a part of the counts that a rule judges, and what is known of the others."""
    rows = rows_of(counts)
    names = [key_name(key) for key in counts.groups]
    total = max(sum(rows), 1)
    named = {key_name(key) for key in counts.groups if _is_excluded(rule, key)}
    left = [name in named or n / total < rule.min_share for name, n in zip(names, rows, strict=True)]
    refused = set(_strangers(rule, names)) if rule.on_new_group == "error" else set()
    out = [name in refused or gone for name, gone in zip(names, left, strict=True)]
    small = [not gone and n < rule.min_n for gone, n in zip(out, rows, strict=True)]
    kept = [not (gone or few) for gone, few in zip(out, small, strict=True)]
    sizes = [(n, name) for n, name, keeps in zip(rows, names, kept, strict=True) if keeps]
    n, smallest = min(sizes) if sizes else (None, None)

    def subject(group: str, n: int | None) -> Subject:
        return Subject(
            metric=metric, along=TIMES.join(rule.along) or None, group=group, within=fixed, n=n,
            smallest=group,
        )  # fmt: skip

    few = [
        too_few(subject(name, n), rule.min_n)
        for name, n, is_small in zip(names, rows, small, strict=True)
        if is_small
    ]
    return Chosen(
        counts=counts.having(kept),
        answers=(*few, *_declared(rule, names, subject)),
        notes=(
            *_listed(rule, zip(names, rows, left, strict=True), named=named, fixed=fixed),
            *_new(rule, names),
        ),
        n=n,
        smallest=smallest,
    )


def rows_of(counts: Counts) -> list[int]:
    """Rows of each group."""
    held = counts.confusion if isinstance(counts, Scored) else counts
    cells = held.n if isinstance(held, Moments) else held.n.reshape(len(held.groups), -1).sum(axis=1)
    return [int(n) for n in np.asarray(cells)]


def _declared(rule: Grouped, names: list[str], subject: object) -> list[Answered]:
    """What is wrong with the groups that the rule names."""
    found = [
        Answered(
            subject=subject(name, 0), status="error", code="group_absent",  # type: ignore[operator]
            reason="the policy names this group, and no row has it",
        )
        for name in rule.groups
        if name not in names and name not in rule.optional
    ]  # fmt: skip
    if rule.groups and rule.on_new_group == "error":
        found += [
            Answered(
                subject=subject(name, None), status="error", code="new_group",  # type: ignore[operator]
                reason="rows have this group, and the policy does not name it",
            )
            for name in _strangers(rule, names)
        ]  # fmt: skip
    return found


def _strangers(rule: Grouped, names: list[str]) -> list[str]:
    known = {*rule.groups, *rule.optional, *rule.exclude}
    return [name for name in names if rule.groups and name not in known]


def _new(rule: Grouped, names: list[str]) -> list[str]:
    if rule.on_new_group == "error":
        return []
    return [
        f"{rule.id}: {name} is judged, though the policy does not name it"
        for name in _strangers(rule, names)
    ]


def _is_excluded(rule: Grouped, key: Key) -> bool:
    """Whether a rule leaves a group out, by its name or by that of one of its levels."""
    return key_name(key) in rule.exclude or any(str(level) in rule.exclude for level in key)


def _listed(
    rule: Grouped, groups: Iterable[tuple[str, int, bool]], *, named: set[str], fixed: Fixed
) -> list[str]:
    """Notes on groups that are left out, from each group's name, rows, and whether it is."""
    groups = list(groups)
    total = max(sum(n for _, n, _ in groups), 1)
    where = "".join(f", {axis}={level}" for axis, level in fixed)
    return [
        f"{rule.id}: {name}{where} is not judged ({counted(n, 'row')}, {number(100 * n / total)}% of "
        f"them: {'excluded by name' if name in named else f'below min_share {rule.min_share:g}'})"
        for name, n, out in groups
        if out
    ]
