"""The numbers of an audit or a gate as a tracker takes them: flat, under names that any store accepts.

Estimate  true_positive_rate  sex=Female  ──▶  true_positive_rate/sex/Female
Gap       equal_opportunity   along sex   ──▶  gaps/equal_opportunity/sex
Verdict   tpr[sex]                        ──▶  gate/tpr/sex
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from rai import Audit, Estimate, Gap, GateResult, Verdict
from rai.ground.formatting import TIMES

EVERYONE = "everyone"
_RESERVED = frozenset({EVERYONE, "gaps", "gate", "value", "low", "high", "n"})
_LONGEST = 60  # characters of a part: a store in a folder makes it a file name of at most 255 bytes
_CROSS = " x "
_MANY_METRICS = frozenset({"data_check", "drift"})  # kinds with a verdict for each check or feature
_SAFE = re.compile(r"\w(?:[\w.\- ]*\w)?")
_UNSAFE = re.compile(r"[^\w.\- ]+")
_MARKED = re.compile(r".*-[0-9a-f]{10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedNumber:
    """One number with its interval, under a name that a tracker accepts.

    Args:
        name: Parts joined by `/`: letters, digits, `_`, `-`, `.`, spaces.
        told: The same for reading, as the data spell it.
        value: The number; None where it is undefined, and `note` says why.
        low, high: Bounds of its interval; None without one.
        n: Rows that it rests on; None where that is not one number.
        note: Why it is undefined, or what to mind.

    Example:
        >>> TrackedNumber(name="accuracy/sex/F", told="accuracy, sex=F", value=0.5, n=4).numbers
        {'value': 0.5, 'n': 4.0}
    """

    name: str
    told: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    note: str = ""

    @property
    def numbers(self) -> dict[str, float]:
        """What is defined of it, by name: nothing where the value is undefined, except `n`."""
        bounds = {} if self.value is None else {"low": self.low, "high": self.high}
        all_of_it = {"value": self.value, **bounds, "n": self.n}
        return {k: float(v) for k, v in all_of_it.items() if v is not None and math.isfinite(v)}


def audit_numbers(audit: Audit) -> tuple[TrackedNumber, ...]:
    """Metrics of everyone and of each group, then gaps, with the audit's own first threshold.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "a/b", "a/b"]})
        >>> [each.name for each in audit_numbers(found) if each.name.startswith("accuracy")]
        ['accuracy/everyone', 'accuracy/sex/F', 'accuracy/sex/a_b-c14cddc033']
    """
    asked = ((), *audit.comparisons)
    estimates = (estimate for axes in asked for estimate in audit.metrics(by=axes))
    return _unlike([*map(_of_estimate, estimates), *map(_of_gap, audit.gaps())])


def gate_numbers(result: GateResult) -> tuple[TrackedNumber, ...]:
    """What each verdict saw, with its one-sided bounds.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> [each.name for each in gate_numbers(rai.gate(found, {"version": 1, "rules": [rule]}))]
        ['gate/rows/sex/F', 'gate/rows/sex/M']
    """
    return _unlike(map(_of_verdict, result.verdicts))


def safe_part(text: str) -> str:
    """A name from data as a part of a tracker's name; other texts give other parts.

    What is altered or cut ends in a piece of its SHA-256, and so does what looks as if it had been.

    Example:
        >>> safe_part("Female"), safe_part("< 25"), safe_part("/25")
        ('Female', '25-865ca9b235', '25-198350d58b')
    """
    plain = len(text) <= _LONGEST and _SAFE.fullmatch(text)
    if plain and text not in _RESERVED and _CROSS not in text and not _MARKED.fullmatch(text):
        return text
    kept = _UNSAFE.sub("_", text).replace(_CROSS, "_")[:_LONGEST].strip("_.- ") or "group"
    return f"{kept}-{_piece(text)}"


def _of_estimate(found: Estimate) -> TrackedNumber:
    axes, levels = ([str(pair[i]) for pair in found.group] for i in (0, 1))
    where = [_crossed(axes), _crossed(levels)] if found.group else [EVERYONE]
    who = [f"{axis}={level}" for axis, level in found.group] or [EVERYONE]
    return TrackedNumber(
        name="/".join([safe_part(found.metric), *where]),
        told=", ".join([found.metric, *who]),
        value=_finite(found.value),
        low=found.low,
        high=found.high,
        n=found.n,
        note=found.note,
    )


def _of_gap(gap: Gap) -> TrackedNumber:
    fixed = [f"{axis}={level}" for axis, level in gap.within]
    axes = gap.along.split(TIMES)
    kind = [] if gap.kind == "difference" else [gap.kind]
    return TrackedNumber(
        name="/".join(["gaps", safe_part(gap.metric), _crossed(axes), *map(safe_part, [*fixed, *kind])]),
        told=", ".join([f"gap of {gap.metric} along {gap.along}", *fixed, *kind]),
        value=_finite(gap.value),
        low=gap.low,
        high=gap.high,
        n=gap.n,
        note=gap.note,
    )


def _of_verdict(verdict: Verdict) -> TrackedNumber:
    what = [safe_part(verdict.metric or "")] if verdict.kind in _MANY_METRICS else []
    who = [_crossed(names.split(TIMES)) for names in (verdict.along, verdict.group) if names]
    fixed = [safe_part(f"{axis}={level}") for axis, level in verdict.within]
    return TrackedNumber(
        name="/".join(["gate", safe_part(verdict.rule), *what, *who, *fixed]),
        told=verdict.name,
        value=_finite(verdict.value),
        low=verdict.low,
        high=verdict.high,
        n=verdict.n,
        note=verdict.reason,
    )


def _unlike(numbers: Iterable[TrackedNumber]) -> tuple[TrackedNumber, ...]:
    """The same, where a name that was taken (1 and "1", or F and f) is told apart by what it says."""
    from dataclasses import replace

    taken: set[str] = set()
    made = []
    for each in numbers:
        name = each.name
        while name.casefold() in taken:
            name = f"{name}-{_piece(f'{each.told} {len(taken)}')}"
        taken.add(name.casefold())
        made.append(replace(each, name=name))
    return tuple(made)


def _crossed(parts: list[str]) -> str:
    joined = _CROSS.join(map(safe_part, parts))
    return joined if len(joined) <= _LONGEST + 11 else f"{joined[:_LONGEST].rstrip()}-{_piece(joined)}"


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _piece(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


__all__ = ["TrackedNumber", "audit_numbers", "gate_numbers", "safe_part"]
