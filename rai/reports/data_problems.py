"""What data checks found, the worst first, as text: sentence, evidence, and where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from rai.ground.formatting import counted, number, readable
from rai.ground.records import Row
from rai.reports.data_facts import SEVERITIES
from rai.reports.distance_rows import known, within
from rai.reports.words import bounds, capital, chance_of, clean, figure, listed

MOST_SHOWN = 4  # of one check in view; the others are folded
_TOLD = 4
_UNCHECKED = "Not checked: "

NOUNS = {"serious": "serious problem", "warning": "warning", "note": "note"}

Checks = Sequence[Row] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One check and what it found.

    Args:
        severity: One of `SEVERITIES`.
        check: Its name, for reading.
        text: What was found, a sentence.
        where: Data set, feature and group, as text.
        feature, anchor: The feature and the anchor of its block; empty for none.
        evidence: Value and interval, threshold, p-value and rows, as text.
    """

    severity: str
    check: str
    text: str
    where: str
    feature: str
    anchor: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """What one check found, at one severity."""

    severity: str
    check: str
    problems: tuple[Problem, ...]


def found(checks: Checks, *severities: str) -> list[Row]:
    """The checks that came out so, the worst first."""
    return [row for severity in severities for row in checks or () if row["severity"] == severity]


def problems(
    checks: Checks, *severities: str, anchors: Mapping[str, str] = MappingProxyType({})
) -> tuple[Problem, ...]:
    """The checks that came out so, the worst first, ready to be shown.

    Args:
        checks: Rows of data checks.
        *severities: Some of `SEVERITIES`.
        anchors: Feature to the anchor of its block.
    """
    return tuple(_problem(row, anchors) for row in found(checks, *severities))


def grouped(
    checks: Checks, *severities: str, anchors: Mapping[str, str] = MappingProxyType({})
) -> tuple[ProblemGroup, ...]:
    """The same, with what one check found together."""
    made = problems(checks, *severities, anchors=anchors)
    return tuple(
        ProblemGroup(severity, check, tuple(held))
        for (severity, check), held in groupby(made, key=lambda p: (p.severity, p.check))
    )


def unchecked(checks: Checks) -> tuple[tuple[str, str], ...]:
    """Why checks could not be run, and which ones, as text."""
    held: dict[str, dict[str, None]] = {}
    for each in problems(checks, "not_checked"):
        held.setdefault(each.text, {})[each.check.lower()] = None
    return tuple((reason, capital(", ".join(names))) for reason, names in held.items())


def passed(checks: Checks) -> tuple[tuple[str, str], ...]:
    """Checks with nothing but passes, and what each says, as text."""
    others = {row["check"] for row in checks or () if row["severity"] != "passed"}
    rows = [row for row in found(checks, "passed") if row["check"] not in others]
    said = {row["check"]: _problem(row, {}) for row in reversed(rows)}
    return tuple((each.check, each.text) for each in reversed(said.values()))


def checks_headline(checks: Checks) -> str:
    """What the checks found, in a sentence or two; that none were run where none were."""
    if checks is None:
        return "No data checks were run."
    counts = {severity: len(found(checks, severity)) for severity in SEVERITIES}
    unchecked = f" {_could_not(counts['not_checked'])}" if counts["not_checked"] else ""
    told = [counted(counts[severity], noun) for severity, noun in NOUNS.items() if counts[severity]]
    if counts["serious"] or counts["warning"]:
        return f"{capital(listed(told))}.{unchecked}"
    ran = len({row["check"] for row in checks if row["severity"] != "not_checked"})
    if not ran:
        return f"Nothing could be checked.{unchecked}"
    noted = f", but {told[0]}" if told else ""
    return f"No problems were found by {counted(ran, 'check')}{noted}.{unchecked}"


def told_problems(checks: Checks) -> str:
    """Which checks found what, in few words, for the head of another report; empty for nothing."""
    rows = found(checks, "serious", "warning")
    if not rows:
        return checks_headline(checks) if checks else ""
    names = list(dict.fromkeys(readable(str(row["check"])) for row in rows))
    return f"In the data: {checks_headline(checks)} They are about {listed(names, most=_TOLD)}."


def _problem(row: Row, anchors: Mapping[str, str]) -> Problem:
    """A row of data checks as text."""
    feature = row.get("feature")
    return Problem(
        severity=str(row["severity"]),
        check=capital(readable(str(row["check"]))),
        text=capital(clean(row["sentence"], most=2000).removeprefix(_UNCHECKED)),
        where=_where(row),
        feature="" if feature is None else clean(feature, most=80),
        anchor=anchors.get(str(feature), ""),
        evidence=_evidence(row),
    )


def _could_not(count: int) -> str:
    return f"{counted(count, 'check')} could not be run, which is not the same as having passed."


def _where(row: Row) -> str:
    dataset, along = row.get("dataset"), row.get("along")
    group = within(row) or ("" if along is None else f"by {clean(along, most=60)}")
    parts = ("" if dataset is None else clean(dataset, most=60), group)
    return ", ".join(part for part in parts if part)


def _evidence(row: Row) -> str:
    value, n = known(row.get("value")), row.get("n")
    parts = []
    if value is not None:
        held = bounds(known(row.get("low")), known(row.get("high")))
        parts.append(f"{figure(value)} {held}".rstrip())
    threshold = known(row.get("threshold"))
    if threshold is not None:
        parts.append(f"limit {number(threshold)}")
    parts.append(chance_of(known(row.get("p_value"))))
    parts.append(f"n = {n:,}" if isinstance(n, int) else "")
    return "; ".join(part for part in parts if part)
