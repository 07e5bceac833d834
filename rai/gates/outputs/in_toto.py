"""A gate's result as an in-toto statement, to be signed beside the evidence that it is about.

    subject        the evidence file, by its digest
    configuration  the policy, what it extends and the plans that it names, by their digests
    tests          each verdict once: passed; warned, if shown or waived; failed, if it stops the gate

Source: in-toto Attestation Framework, Statement v1 and predicate Test Result v0.1.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

from rai.gates.outputs.places import policy_place
from rai.gates.outputs.saying import STOPS
from rai.gates.results import GateResult
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.values.verdict import Verdict

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"

_SHA256 = re.compile(r"[0-9a-f]{64}")


def in_toto(result: GateResult, *, evidence_digest: str, evidence_name: str) -> str:
    """A result as an in-toto test result statement, as canonical JSON: the same for the same result.

    Args:
        result: What a gate answered.
        evidence_digest: SHA-256 of the bytes of the evidence file, in hexadecimal: who verifies the
            statement compares the file with it.
        evidence_name: Name of that file.

    Raises:
        ArgumentError: If the digest is none.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> told = json.loads(in_toto(result, evidence_digest="0" * 64, evidence_name="evidence.json"))
        >>> told["predicate"]["result"], told["predicate"]["passedTests"]
        ('PASSED', ['rows[sex=F]', 'rows[sex=M]'])
    """
    if not _SHA256.fullmatch(str(evidence_digest)):
        expected = "SHA-256 as 64 digits, 0 to 9 and a to f"
        raise ArgumentError(sentence("evidence_digest", in_short(evidence_digest), expected=expected))
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": evidence_name, "digest": {"sha256": evidence_digest}}],
        "predicateType": PREDICATE,
        "predicate": _predicate(result),
    }
    return json.dumps(statement, sort_keys=True, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def _predicate(result: GateResult) -> dict[str, Any]:
    lists: dict[str, list[str]] = {"passedTests": [], "warnedTests": [], "failedTests": []}
    for verdict in result.verdicts:
        lists[_list(verdict)].append(verdict.name.encode(errors="replace").decode())
    ended = "FAILED" if result.exit_code else "WARNED" if lists["warnedTests"] else "PASSED"
    return {"result": ended, "configuration": _configuration(result), **lists}


def _list(verdict: Verdict) -> str:
    if verdict.effect in STOPS:
        return "failedTests"
    return "passedTests" if verdict.status == "pass" and verdict.effect == "none" else "warnedTests"


def _configuration(result: GateResult) -> list[dict[str, Any]]:
    """The policy, what it extends, and plans that it names; an annotation holds a digest of them all."""
    source = result.source
    own = {
        "name": policy_place(source.path) or "policy",
        "digest": _digest(source.text),
        "annotations": {"policy_digest": source.digest},
    }
    others = [
        *((part.name, part.text) for part in source.extended),
        *sorted(source.plans.items()),
    ]
    return [own, *({"name": name, "digest": _digest(text)} for name, text in others)]


def _digest(text: str) -> dict[str, str]:
    return {"sha256": sha256(text.encode()).hexdigest()}
