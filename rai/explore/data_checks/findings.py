"""What checks of data say: findings, the worst first, and a summary by check.

serious        the whole interval lies beyond the limit, and chance is no explanation
warning        beyond the limit
note           worth knowing; or beyond the limit, where chance could do as much
passed         looked at, and within the limit
not_checked    could not be looked at, and why
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from rai.ground.formatting import counted
from rai.ground.records import RecordTuple, Row
from rai.values.levels import Level

Severity = Literal["serious", "warning", "note", "passed", "not_checked"]
SEVERITIES: tuple[Severity, ...] = ("serious", "warning", "note", "passed", "not_checked")
PROBLEMS: tuple[Severity, ...] = ("serious", "warning")

MOST_SHOWN = 5

_WORDS = {
    "serious": "{} serious",
    "warning": "{} warning{s}",
    "note": "{} note{s}",
    "passed": "{} passed",
    "not_checked": "{} not checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFinding:
    """One thing that a check has to say.

    Args:
        check: The kind of check, a row of the table of checks.
        severity: `serious`, `warning`, `note`, `passed` or `not_checked`.
        dataset, feature: Where; None where it is about all of them.
        along, group: The column that splits rows, and the group or label that it is about.
        value: The size of what was found, in the unit of the check's limit.
        low, high: Its interval; None where there is none.
        p_value: Chance of as much without the problem, adjusted (Holm) for all looks of the check.
        threshold: The limit that it was held against.
        n: Rows it was found in or looked for in.
        sentence: What it means, in words.
        rows: Positions of rows to look at, counted from 0, at most 20.
        values: Values to look at, at most 20.

    Example:
        >>> import rai
        >>> found = rai.check_data({"age": [20.0, 30.0, float("inf")]}, checks=["infinite"])[0]
        >>> found.severity, found.feature, found.rows
        ('serious', 'age', (2,))
    """

    check: str
    severity: Severity
    sentence: str
    dataset: str | None = None
    feature: str | None = None
    along: str | None = None
    group: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    threshold: float | None = None
    n: int | None = None
    rows: tuple[int, ...] = ()
    values: tuple[Level, ...] = ()

    def to_dict(self) -> Row:
        """A flat row, without the rows and values to look at."""
        return {
            "check": self.check,
            "severity": self.severity,
            "dataset": self.dataset,
            "feature": self.feature,
            "along": self.along,
            "group": self.group,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "p_value": self.p_value,
            "threshold": self.threshold,
            "n": self.n,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """One check at a glance.

    Args:
        check: Its kind.
        severity: The worst of its findings.
        serious, warnings, notes: How many findings of each severity.

    Example:
        >>> import rai
        >>> rai.check_data({"age": [20, 30, None]}, checks=["missing"]).summary()[0].severity
        'warning'
    """

    check: str
    severity: Severity
    serious: int
    warnings: int
    notes: int

    def to_dict(self) -> Row:
        """A flat row."""
        return {
            "check": self.check,
            "severity": self.severity,
            "serious": self.serious,
            "warnings": self.warnings,
            "notes": self.notes,
        }


class CheckSummaries(RecordTuple[CheckSummary]):
    """Every check at a glance, the worst first.

    Example:
        >>> import rai
        >>> len(rai.check_data({"age": [20, 30, None]}, checks=["missing", "infinite"]).summary())
        2
    """

    __slots__ = ()


class DataChecks(RecordTuple[DataFinding]):
    """Findings, the worst first.

    Example:
        >>> import rai
        >>> found = rai.check_data({"sex": ["F", "M", "male", "Male"]}, checks=["spellings", "infinite"])
        >>> [(finding.check, finding.severity) for finding in found]
        [('spellings', 'warning'), ('infinite', 'not_checked')]
        >>> found.problems[0].values
        ('Male', 'male')
    """

    __slots__ = ()

    @property
    def problems(self) -> DataChecks:
        """Serious findings and warnings."""
        return self._of(PROBLEMS)

    @property
    def passed(self) -> DataChecks:
        """What was looked at and is within its limit."""
        return self._of(("passed",))

    def summary(self) -> CheckSummaries:
        """Every check at a glance, the worst first."""
        held: dict[str, list[Severity]] = {}
        for finding in self:
            held.setdefault(finding.check, []).append(finding.severity)
        rows = [_summary(check, Counter(found)) for check, found in held.items()]
        return CheckSummaries(sorted(rows, key=lambda row: SEVERITIES.index(row.severity)))

    def __str__(self) -> str:
        shown = [finding for finding in self if finding.severity not in ("passed", "not_checked")]
        lines = [_heading(self)]
        for severity in SEVERITIES[:3]:
            held = [f for f in shown if f.severity == severity]
            if held:
                lines += ["", severity.upper(), *_lines(held)]
        for severity, words in (("passed", "Passed"), ("not_checked", "Not checked")):
            named = {f.check for f in shown}
            kinds = dict.fromkeys(
                f.check for f in self if f.severity == severity and f.check not in named
            )
            if kinds:
                lines += ["", f"{words}: {', '.join(kinds)}."]
        return "\n".join(lines)

    def _of(self, severities: Iterable[Severity]) -> DataChecks:
        wanted = tuple(severities)
        return DataChecks(finding for finding in self if finding.severity in wanted)


def _lines(findings: list[DataFinding]) -> list[str]:
    """A sentence for each finding, the first few of each check."""
    lines, seen = [], Counter[str]()
    total = Counter(finding.check for finding in findings)
    for finding in findings:
        seen[finding.check] += 1
        if seen[finding.check] <= MOST_SHOWN:
            lines.append(f"  {finding.check}: {finding.sentence}")
        elif seen[finding.check] == total[finding.check]:
            lines.append(f"  {finding.check}: … and {total[finding.check] - MOST_SHOWN:,} more")
    return lines


def _heading(findings: Iterable[Any]) -> str:
    held = Counter(finding.severity for finding in findings)
    return ", ".join(
        _WORDS[severity].format(f"{held[severity]:,}", s="" if held[severity] == 1 else "s")
        for severity in SEVERITIES
        if held[severity]
    ) or counted(0, "finding")


def _summary(check: str, held: Counter[Severity]) -> CheckSummary:
    worst = next(severity for severity in SEVERITIES if held[severity])
    return CheckSummary(
        check=check,
        severity=worst,
        serious=held["serious"],
        warnings=held["warning"],
        notes=held["note"],
    )
