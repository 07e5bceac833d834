"""Results made by hand, with every status and the worst of names, for tests of what is written of them."""

from typing import Any

import pytest

import rai
from rai.gates import GateResult, Policy
from rai.gates.sources import Source
from rai.values.verdict import Verdict, Verdicts

# What a status may do to a gate.
POSSIBLE = [
    ("pass", "none", "error"),
    ("fail", "fail", "error"),
    ("fail", "warn", "warning"),
    ("fail", "none", "note"),
    ("inconclusive", "inconclusive", "error"),
    ("inconclusive", "fail", "error"),
    ("inconclusive", "warn", "error"),
    ("inconclusive", "warn", "warning"),
    ("inconclusive", "none", "note"),
    ("error", "error", "error"),
    ("error", "error", "note"),
    ("waived", "none", "error"),
    ("waived", "none", "warning"),
]

HOSTILE = [
    "\"'<b>&amp;",
    "two\nlines\r\nand\ttabs",
    "]]> <!-- x -->",
    "::error file=a,line=1::no",
    "x%0A::error::no",
    "👩🏽‍🦰 ünï 漢字",
    "\x00\x07\x1b[31mred\x7f\ufffe",
    "{0} [see](https://example.org)",
    "| `a` | **b** |",
    "a" * 5000,
    "",
]


@pytest.fixture(scope="session")
def audit():
    rows = {"y": [1, 0] * 20, "p": [1, 0] * 20, "sex": ["F", "F", "M", "M"] * 10}
    return rai.audit(rows, y_true="y", y_pred="p", sensitive_features="sex")


@pytest.fixture
def made(audit):
    """`made(verdicts, …)`: a result that holds them, with a rule for each id that they name."""

    def of(
        verdicts=(), *, path="policy.yaml", extended=(), plans=None, notes=(), rules=None, **policy: Any
    ):
        ids = dict.fromkeys(verdict.rule for verdict in verdicts) or {"rows": None}
        plain = rules or [{"id": name, "kind": "min_n", "along": "sex", "limit": 30} for name in ids]
        where = {rule["id"]: 4 + 7 * place for place, rule in enumerate(plain)}
        return GateResult(
            verdicts=Verdicts(verdicts),
            policy=Policy.model_validate({"version": 1, "rules": plain, **policy}),
            source=Source(
                path=path, text="version: 1", extended=extended, plans=plans or {}, lines=where
            ),
            audit=audit,
            notes=notes,
        )

    return of


@pytest.fixture
def verdict():
    """`verdict(status, …)`: a verdict with the effect that the status has by default."""
    effects = {"pass": "none", "waived": "none"}

    def of(status="fail", effect=None, **fields: Any):
        given = {
            "rule": "recall", "kind": "min_metric", "code": "beyond_limit", "along": "sex", "group": "F",
            "reason": "at least 0.500 is allowed, and at most 0.450 is shown", "value": 0.4, "low": 0.35,
            "high": 0.45, "limit": 0.5, "n": 120, "smallest": "F", "line": 4,
        }  # fmt: skip
        return Verdict(
            status=status, effect=effects.get(status, status) if effect is None else effect, **given | fields
        )  # fmt: skip

    return of


@pytest.fixture
def each(verdict):
    """A verdict of every status with every effect that it may have."""
    return [
        verdict(status, effect, severity=severity, group=f"g{place}", waiver="waived by Ada")
        if status == "waived"
        else verdict(status, effect, severity=severity, group=f"g{place}")
        for place, (status, effect, severity) in enumerate(POSSIBLE)
    ]


@pytest.fixture(params=range(len(POSSIBLE)), ids=["-".join(row) for row in POSSIBLE])
def one(each, request):
    """One of them after the other."""
    return each[request.param]


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request):
    """A name that means something to some format."""
    return request.param


@pytest.fixture
def many(verdict):
    """A thousand groups of one rule, every fourth of which fails."""
    return [
        verdict("pass" if place % 4 else "fail", group=f"g{place}", smallest=f"g{place}")
        for place in range(1000)
    ]
