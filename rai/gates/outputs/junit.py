"""A gate's result as JUnit XML: a test suite with a case for each verdict.

effect error                  error       ┐
effect fail, inconclusive     failure     ┴ where the exit code is not 0
status waived                 skipped, with the waiver
any other that does not pass  the reason in system-out: shown, and no failure
status pass                   nothing
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from rai.gates.outputs.places import policy_place
from rai.gates.outputs.saying import STOPS, data_fingerprint, policy_name, provisos, told
from rai.gates.results import GateResult
from rai.ground.formatting import one_line
from rai.ground.version import VERSION
from rai.values.verdict import Verdict

if TYPE_CHECKING:
    from junitparser import TestCase, TestSuite
    from junitparser.junitparser import FinalResult

# What XML 1.0 can't hold in any way: control characters, halves of pairs, two that are no characters.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(result: GateResult) -> str:
    """A result as JUnit XML, with a failure or an error exactly where the exit code is not 0.

    Args:
        result: What a gate answered.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 2}
        >>> text = junit(rai.gate(found, {"version": 1, "rules": [rule]}))
        >>> 'tests="2"' in text, 'failures="2"' in text, 'name="rows[sex=F]"' in text
        (True, True, True)
    """
    from junitparser import JUnitXml

    report = JUnitXml("rai gate")
    report.add_testsuite(_suite(result))
    report.update_statistics()  # type: ignore[no-untyped-call]
    held = BytesIO()
    report.write(held)
    return held.getvalue().decode("utf-8")


def _suite(result: GateResult) -> TestSuite:
    from junitparser.junitparser import SystemOut, TestSuite

    owner, place = policy_name(result), policy_place(result.source.path)
    asked = {rule.id: rule.title or rule.words for rule in result.policy.rules}
    suite = TestSuite(legal(f"rai gate: {owner}"))
    for name, value in _properties(result, place).items():
        suite.add_property(name, legal(value))
    cases = [
        _case(verdict, owner=owner, asked=asked.get(verdict.rule, verdict.rule), place=place)
        for verdict in result.verdicts
    ]
    suite.add_testcases(cases)
    remarks = (result.headline, *map(one_line, result.notes), *provisos(result))
    suite.append(SystemOut(legal("\n".join(remarks))))  # type: ignore[no-untyped-call]
    return suite


def _case(verdict: Verdict, *, owner: str, asked: str, place: str) -> TestCase:
    import junitparser

    case = junitparser.TestCase(legal(verdict.name), classname=legal(f"{owner}.{verdict.rule}"))
    why, details = legal(told(verdict)), legal("\n".join(_details(verdict, asked, place)))
    if verdict.effect in STOPS:
        kind = junitparser.Error if verdict.effect == "error" else junitparser.Failure
        case.result = [_with(kind(why, verdict.status), details)]
    elif verdict.status == "waived":
        case.result = [_with(junitparser.Skipped(legal(verdict.waiver)), details)]
    elif verdict.status != "pass":
        shown = "warning" if verdict.effect == "warn" else "note"
        case.system_out = f"{shown}: {verdict.status}: {why}"
    return case


def _with(found: FinalResult, text: str) -> FinalResult:
    found.text = text
    return found


def _details(verdict: Verdict, asked: str, place: str) -> list[str]:
    """What a person reads below a failure: what the rule asks, the answer, and where the rule stands."""
    line = f", line {verdict.line}" if verdict.line else ""
    return [f"asked: {asked}", told(verdict), *([f"{place}{line}"] if place else [])]


def _properties(result: GateResult, place: str) -> dict[str, str]:
    named = {
        "status": result.status,
        "exit_code": str(result.exit_code),
        "policy": place,
        "policy_digest": result.source.digest,
        "data_fingerprint": data_fingerprint(result),
        "rai": VERSION,
    }
    return {name: value for name, value in named.items() if value}


def legal(text: str) -> str:
    """Text without the characters that XML 1.0 can't hold.

    Example:
        >>> legal("a\\x00b\\x1b[1m \\n ok")
        'ab[1m \\n ok'
    """
    return _NO_XML.sub("", text)
