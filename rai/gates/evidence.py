"""Evidence: everything that a gate's verdicts rest on, in one file that can be checked without the rows.

    GateResult ──▶ canonical JSON: policy text, counts, answers, verdicts, digests
    the file   ──▶ its digest holds · its counts, judged again under its policy, give all that it says

It holds counts and never rows, and no time of day: the same data, policy and versions give the same
bytes. What rows were read for is held as it was answered; everything else is asked again. A digest tells
a change by accident, not one by somebody who can make another digest: keep it, or sign the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from rai.audit_files import audit_fields, plain_audit
from rai.audits import Audit, versions
from rai.gates.asking import Asked, asked
from rai.gates.baselining import Against
from rai.gates.cases import Case
from rai.gates.gating import concluded
from rai.gates.policy_files import policy_of_text
from rai.gates.recorded import replayed_of
from rai.gates.results import GateResult
from rai.gates.revisions import Revision
from rai.gates.rules.table import AnyRule
from rai.ground.errors import DataError, RaiError, sentence
from rai.ground.files import write_text
from rai.ground.saved import Saved

FORMAT, VERSION = "rai-evidence", 1
DIGEST = "sha256"
OF_THE_DAY = frozenset({"revision", "versions"})  # what the counts say nothing about

_SAVED = Saved(
    format=FORMAT,
    version=VERSION,
    what="evidence file",
    parts="parts",
    again="Run the gate again.",
    most_megabytes=1024,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is wrong with an evidence file.

    Args:
        problems: What does not hold, in words; empty if all of it does.
        result: The result that the file holds, made again from its counts.
        digest: SHA-256 of its content.
        other_versions: Versions that differ from those that made it: library to (theirs, ours).
    """

    problems: tuple[str, ...]
    result: GateResult
    digest: str
    other_versions: Mapping[str, tuple[str, str]]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def evidence_json(result: GateResult, *, revision: Revision | None = None) -> str:
    """A result as canonical JSON: sorted keys, no NaN, a digest of all the rest at the end.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> json.loads(evidence_json(result))["gate"]["status"]
        'pass'
    """
    content = _content(result, revision)
    return _canonical({**content, DIGEST: digest_of(content)})


def write_evidence(path: str | Path, result: GateResult, *, revision: Revision | None = None) -> Path:
    """Write a result as evidence, whole or not at all.

    Args:
        path: The file.
        result: The result.
        revision: The commit that it was made in, as `revision_of` finds it.

    Raises:
        DataError: If it can't be written.

    Example:
        >>> import rai, tempfile
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_evidence(f"{folder}/evidence.json", result)
        ...     read_evidence(path).headline
        'Gate passed: 2 verdicts, 2 pass'
    """
    return write_text(path, evidence_json(result, revision=revision))


def read_evidence(path: str | Path) -> GateResult:
    """The result that an evidence file holds, made again from its counts.

    Raises:
        DataError: If the file can't be read, or something in it does not hold.

    Example:
        >>> try:
        ...     read_evidence("nowhere.json")
        ... except DataError as error:
        ...     print(str(error).partition(";")[0])
        reading nowhere.json: no such file or directory
    """
    found = verify_evidence(path)
    if not found.holds:
        expected = "evidence as the gate wrote it"
        raise DataError(sentence(f"evidence {str(path)!r}", found.problems[0], expected=expected))
    return found.result


def verify_evidence(path: str | Path) -> Verification:
    """Check an evidence file: its digest, and that its counts give all that it says.

    Raises:
        DataError: If the file can't be read, or is no evidence.

    Example:
        >>> import rai, tempfile
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write_evidence(f"{folder}/evidence.json", result)
        ...     verify_evidence(path).holds
        True
    """
    return _SAVED.read(path, _verified)


def _verified(plain: Mapping[str, Any]) -> Verification:
    content = dict(plain)
    told = content.pop(DIGEST, None)
    try:
        digest = digest_of(content)
        result = _result(content)
        again = json.loads(_canonical(_content(result, None)))
    except RaiError:
        raise
    except Exception as error:  # wrong counts may fail in any way
        raise ValueError(str(error)) from error
    problems = [] if told == digest else ["its content is not what its digest was made of"]
    problems += [
        f"its {name} {'are' if name.endswith('s') else 'is'} not what its counts and policy give"
        for name in sorted({*again, *content} - OF_THE_DAY)
        if name not in again or name not in content or again[name] != content[name]
    ]
    return Verification(
        problems=tuple(problems), result=result, digest=digest, other_versions=_other(content)
    )


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of something.

    Example:
        >>> digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
        True
    """
    return sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, allow_nan=False, ensure_ascii=False, indent=1)
    return text + "\n"


def _content(result: GateResult, revision: Revision | None) -> dict[str, Any]:
    source = result.source
    audit, baseline = _plain(result.audit), result.baseline and _plain(result.baseline)
    return {
        "format": FORMAT,
        "version": VERSION,
        "gate": {
            "status": result.status,
            "exit_code": result.exit_code,
            "headline": result.headline,
            "counts": result.verdicts.counts,
        },
        "policy": {
            "path": Path(source.path).name if source.path else "",
            "text": source.text,
            "digest": source.digest,
            "plans": dict(source.plans),
            "extends": [
                {name: getattr(part, name) for name in (*part.__dataclass_fields__, "digest")}
                for part in source.extended
            ],
        },
        "digests": {
            "policy": source.digest,
            "data": str(result.audit.provenance.get("fingerprint", "")),
            "predictions": digest_of({"counts": audit["tally"]}),
            "baseline": digest_of({"counts": baseline["tally"]}) if baseline else "",
        },
        "facts": dict(result.facts),
        "revision": None if revision is None else revision.to_dict(),
        "versions": {**versions(), **_libraries()},
        "seed": result.audit.seed,
        "verdicts": result.verdicts.to_dicts(),
        "notes": list(result.notes),
        "flips": result.flips.to_dicts(),
        "answers": list(result.answers),
        "audit": audit,
        "baseline": baseline,
        "paired": result.paired,
    }


def _plain(audit: Audit) -> dict[str, Any]:
    """An audit as data; what is known of the machine stands under `versions`."""
    kept = {k: v for k, v in audit.provenance.items() if k in {"fingerprint", "rows_read"}}
    return plain_audit({**audit.to_plain(), "provenance": kept})


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("pydantic", "scipy")}


def _result(plain: Mapping[str, Any]) -> GateResult:
    """The result of what a file holds, made again from its counts."""
    policy = plain["policy"]
    extended = {part["name"]: part["text"] for part in policy["extends"]}
    loaded = policy_of_text(
        policy["text"], path=policy["path"], extended=extended, plans=policy["plans"]
    )
    audit = _made_with(Audit(**audit_fields(plain["audit"])), plain["versions"])
    baseline = None if plain["baseline"] is None else Audit(**audit_fields(plain["baseline"]))
    held = Against(baseline, plain["paired"])
    facts = {str(name): fact for name, fact in plain["facts"].items()}
    day = date.fromisoformat(facts["as of"]) if "as of" in facts else None
    case = Case(audit=audit, baseline=baseline, paired=held.paired, plans=loaded.source.plans)
    found = [_asked(rule, case, plain) for rule in loaded.policy.rules]
    return concluded(found, loaded, audit, held, as_of=day, facts=facts)


def _made_with(audit: Audit, versions: Mapping[str, Any]) -> Audit:
    """The audit, with the versions that stand elsewhere in the file."""
    known = {str(name): str(version) for name, version in versions.items()}
    return replace(audit, provenance={**audit.provenance, **known})


def _asked(rule: AnyRule, case: Case, plain: Mapping[str, Any]) -> Asked:
    """A rule's answers: those that rows were read for as they were, others asked again."""
    if not rule.reads_rows:
        return asked(rule, case)
    notes = tuple(note for note in plain["notes"] if note.startswith(f"{rule.id}: "))
    return Asked(rule=rule, answers=tuple(replayed_of(plain["answers"], rule.id)), notes=notes)


def _other(content: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    ours = {**versions(), **_libraries()}
    theirs = content.get("versions")
    if not isinstance(theirs, Mapping):
        return {}
    return {
        name: (str(theirs.get(name, "")), version)
        for name, version in ours.items()
        if theirs.get(name) != version
    }
