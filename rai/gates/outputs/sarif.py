"""A gate's result as SARIF 2.1.0, for code scanning: rules of the policy, and what is to be looked at.

    fail, error   kind fail   level of the severity; error of an error
    inconclusive  kind open   level none; fail where the policy counts it as one

Code scanning makes an alert of every result, whatever its kind, suppressed or not: verdicts that pass or
are waived, and rules that were not asked, are told in the properties of the run. SARIF asks for level
none wherever the kind is not fail.
Source: OASIS SARIF 2.1.0, 3.27 (result), 3.11 (message), 3.14 (run).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from rai.gates.outputs.places import policy_place
from rai.gates.outputs.saying import data_fingerprint, policy_name, provisos, told
from rai.gates.results import GateResult
from rai.gates.rules.table import AnyRule
from rai.ground.formatting import counted, one_line
from rai.ground.version import VERSION
from rai.values.verdict import Verdict, Verdicts

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000  # what code scanning takes of a run; it shows 5,000
MOST_TAGS = 10
MOST_LETTERS = 1024  # of a rule's description

Data = dict[str, Any]

_NUMBERS = ("value", "low", "high", "limit", "error", "n", "rows_needed", "detectable")
_WORDS = (
    "status",
    "effect",
    "code",
    "kind",
    "severity",
    "metric",
    "along",
    "group",
    "smallest",
    "claim",
)


def sarif(result: GateResult) -> str:
    """What is to be looked at, as a SARIF 2.1.0 log with one run; what stops the gate comes first.

    Results point at the rule's line of the policy file, relative to its repository. Those of a policy
    that is no file have no place, which code scanning does not take.

    Args:
        result: What a gate answered.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 2}
        >>> log = json.loads(sarif(rai.gate(found, {"version": 1, "rules": [rule]})))
        >>> [(each["ruleId"], each["kind"], each["level"]) for each in log["runs"][0]["results"]]
        [('rows', 'fail', 'error'), ('rows', 'fail', 'error')]
    """
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result)]}
    return json.dumps(log, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _run(result: GateResult) -> Data:
    place = policy_place(result.source.path)
    open_ = _to_look_at(result)
    return {
        "tool": {"driver": _driver(result)},
        "automationDetails": {"id": f"rai gate/{place or policy_name(result)}/"},
        "invocations": [_invocation(result, left_out=max(len(open_) - MOST_RESULTS, 0))],
        "results": list(_results(result, open_[:MOST_RESULTS], place)),
        "properties": {
            "policy_digest": result.source.digest,
            "data_fingerprint": data_fingerprint(result),
            "status": result.status,
            "verdicts": dict(Counter(verdict.status for verdict in result.verdicts)),
            "not_asked": _not_asked(result),
            "provisos": provisos(result),
        },
    }


def _to_look_at(result: GateResult) -> list[Verdict]:
    """The verdicts that neither pass nor are waived, worst first."""
    first = Verdicts.worst_first(result.verdicts)
    return [verdict for verdict in first if verdict.status not in {"pass", "waived"}]


def _not_asked(result: GateResult) -> list[str]:
    """Rules without a verdict, such as one that is skipped without a baseline."""
    asked = {verdict.rule for verdict in result.verdicts}
    return [rule.id for rule in result.policy.rules if rule.id not in asked]


def _driver(result: GateResult) -> Data:
    rules = [_rule(rule, result) for rule in result.policy.rules]
    return {"name": "rai", "version": VERSION, "semanticVersion": VERSION, "rules": rules}


def _rule(rule: AnyRule, result: GateResult) -> Data:
    said = provisos(result)
    return {
        "id": rule.id,
        "shortDescription": _message(rule.title or rule.words, most=MOST_LETTERS),
        "fullDescription": _message(rule.words, most=MOST_LETTERS),
        "defaultConfiguration": {"level": rule.severity},
        **({"help": _message(" ".join(said))} if said else {}),
        "properties": {
            "kind": rule.kind,
            "tags": list(dict.fromkeys(map(one_line, rule.tags)))[:MOST_TAGS],
        },
    }


def _invocation(result: GateResult, *, left_out: int) -> Data:
    """How the gate ended, what to mind, and what was left out."""
    told = [("note", note) for note in result.notes]
    if left_out:
        told.append(
            ("warning", f"{counted(left_out, 'verdict')} left out; those that stop the gate come first")
        )
    return {
        "executionSuccessful": result.status != "error",
        "exitCode": result.exit_code,
        "exitCodeDescription": result.headline,
        "toolExecutionNotifications": [
            {"level": level, "message": _message(text)} for level, text in told
        ],
    }


def _results(result: GateResult, verdicts: Sequence[Verdict], place: str) -> Iterator[Data]:
    index = {rule.id: position for position, rule in enumerate(result.policy.rules)}
    for verdict, print_ in zip(verdicts, _fingerprints(verdicts, place), strict=True):
        yield {
            "ruleId": verdict.rule,
            **({"ruleIndex": index[verdict.rule]} if verdict.rule in index else {}),
            **_judged(verdict),
            "message": _message(f"{verdict.name}: {verdict.status}: {told(verdict)}"),
            **_located(place, verdict.line, verdict.name),
            "partialFingerprints": {"primaryLocationLineHash": print_, "verdict/v1": print_},
            "properties": _properties(verdict),
        }


def _judged(verdict: Verdict) -> Data:
    """Kind and level."""
    if verdict.effect == "error":
        return {"kind": "fail", "level": "error"}
    if verdict.status == "fail" or verdict.effect == "fail":
        return {"kind": "fail", "level": verdict.severity}
    return {"kind": "open", "level": "none"}


def _located(place: str, line: int | None, name: str) -> Data:
    if not place:
        return {}
    region = {"region": {"startLine": line}} if line else {}
    physical = {"artifactLocation": {"uri": quote(place), "uriBaseId": "%SRCROOT%"}, **region}
    logical = [{"fullyQualifiedName": one_line(name)}]
    return {"locations": [{"physicalLocation": physical, "logicalLocations": logical}]}


def _fingerprints(verdicts: Iterable[Verdict], place: str) -> Iterator[str]:
    """What makes a verdict the same in the next run: policy, rule and subject, whatever the numbers."""
    before = Counter[str]()
    for verdict in verdicts:
        what = json.dumps([place, verdict.rule, verdict.subject])
        before[what] += 1
        yield f"{sha256(what.encode()).hexdigest()[:32]}:{before[what]}"


def _properties(verdict: Verdict) -> Data:
    numbers = {name: _finite(getattr(verdict, name)) for name in _NUMBERS}
    words = {name: getattr(verdict, name) for name in _WORDS}
    return {
        name: one_line(held) if isinstance(held, str) else held
        for name, held in (words | numbers).items()
        if held not in {None, ""}
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _message(text: str, *, most: int = 4000) -> Data:
    return {"text": literal(one_line(text, most=most))}


def literal(text: str) -> str:
    """Text that SARIF shows as it is: no placeholder, and no link.

    Example:
        >>> literal("{0} [see](https://example.org)")
        '{{0}} [see] (https://example.org)'
    """
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
