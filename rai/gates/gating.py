"""The gate: an audit held against a policy.

policy ─▶ each rule ─▶ answers ──▶ questions ──judged, as one family──▶ verdicts ──waivers──▶ GateResult
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rai.audits import Audit
from rai.gates.answers import Answer, Answered, Question
from rai.gates.asking import Asked, asked
from rai.gates.baselining import Against, against, flips_of
from rai.gates.cases import Case
from rai.gates.columns import audited
from rai.gates.judging import Judgement, judged
from rai.gates.policies import Policy
from rai.gates.policy_files import Loaded, load_policy
from rai.gates.recorded import Record, record_of, remembering
from rai.gates.results import GateResult
from rai.gates.rules.fields import Limited, Rule
from rai.gates.waiving import waived
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.ground.formatting import counted
from rai.values.verdict import Effect, Status, Verdict, Verdicts

NO_DIGEST = "(no digest)"  # of a model that is a function

EFFECTS_OF_DOUBT: Mapping[str, Effect] = MappingProxyType(
    {"stop": "inconclusive", "fail": "fail", "warn": "warn"}
)


def gate(
    audit: Audit | str | Path | None,
    policy: Policy | Loaded | Mapping[str, Any] | str | Path,
    *,
    baseline: Any = None,
    data: Any = None,
    reference: Any = None,
    model: Any = None,
    as_of: date | None = None,
) -> GateResult:
    """Hold an audit against a policy: may this model go out?

    Each rule and group gets a verdict. It fails if the whole interval breaks the limit, passes if the
    whole interval keeps it, and is inconclusive otherwise, with the rows that a verdict would take. What
    is undefined, too small, absent or broken never passes. Over all rules and groups together, the
    chance
    of any wrong fail is at most 1 − `level` (Holm), and so is the chance that the gate passes although a
    limit is broken. Rows are taken to be independent.

    Args:
        audit: The candidate's audit, or the path of a saved one; None to audit `data` as the policy says
            under `audit:`.
        policy: A path to a YAML file, the name of a pack, a dict, or a `Policy`.
        baseline: For `no_worse_than`: the column of `data` with the baseline's scores
            (predictions, if the
            audit has predictions) or a model, both compared row by row; or an audit of other rows,
            or its path, compared as independent samples.
        data: The rows that were audited, for rules that read rows.
        reference: The rows that `data` are compared with, for drift.
        model: The candidate, for rules that ask it: anything that `rai.load_model` takes.
        as_of: The day on which waivers are looked at; today if None. Without waivers it is not used.

    Raises:
        PolicyError: If the policy can't be read or is wrong.
        DataError: If an audit can't be read, or the baseline can't be used.
        ArgumentError: If something else is wrong with the call. What is wrong with a single rule is a
            verdict, `error`.

    Example:
        >>> import rai
        >>> rows = {"y": [1, 0] * 300, "old": [1, 0, 0, 0] * 150, "new": [1, 0] * 300,
        ...     "sex": ["F", "F", "M", "M"] * 150}
        >>> found = rai.audit(rows, y_true="y", y_pred="new", sensitive_features="sex")
        >>> rule = {"id": "recall", "kind": "no_worse_than", "metric": "recall", "along": "sex",
        ...     "margin": 0.05}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]}, baseline="old", data=rows)
        >>> [(verdict.name, verdict.status, verdict.value) for verdict in result.verdicts]
        [('recall[sex=F]', 'pass', 0.0), ('recall[sex=M]', 'pass', 1.0)]
    """
    loaded = policy if isinstance(policy, Loaded) else load_policy(policy)
    found = _audit(audit, loaded, data)
    held = against(found, baseline, data)
    case = Case(
        audit=found,
        baseline=held.audit,
        paired=held.paired,
        data=data,
        reference=reference,
        model=model,
        plans=loaded.source.plans,
    )
    facts: dict[str, str | int] = {}
    if held.digest is not None:
        facts["baseline model"] = held.digest or NO_DIGEST
    if model is not None:
        from rai.models.model import as_model

        facts["model"] = as_model(model).digest or NO_DIGEST
    if loaded.policy.waivers:
        facts["as of"] = str(as_of or date.today())  # noqa: DTZ011  # the day on which waivers hold
    answers = [asked(rule, case) for rule in loaded.policy.rules]
    return concluded(answers, loaded, found, held, as_of=as_of, facts=facts)


def concluded(
    found: Sequence[Asked],
    loaded: Loaded,
    audit: Audit,
    held: Against,
    *,
    as_of: date | None,
    facts: Mapping[str, str | int],
) -> GateResult:
    """The result of rules that have been asked."""
    records: list[Record] = []
    ready = [_remembered(each, records) for each in found]
    questions = [
        (answer, each.rule.error)
        for each in ready
        for answer in each.answers
        if isinstance(answer, Question) and isinstance(each.rule, Limited)
    ]
    judgements = iter(judged([q for q, _ in questions], [error for _, error in questions]))
    verdicts = [
        verdict
        for each in ready
        for verdict in _verdicts(each, judgements, line=loaded.source.lines.get(each.rule.id))
    ]
    after, remarks = waived(verdicts, loaded.policy, loaded.source, on=as_of)
    return GateResult(
        verdicts=Verdicts(after),
        policy=loaded.policy,
        source=loaded.source,
        audit=audit,
        baseline=held.audit,
        paired=held.paired,
        flips=flips_of(audit, held),
        notes=(*_lost(audit), *(note for each in found for note in each.notes), *remarks),
        facts=facts,
        answers=tuple(records),
    )


def _audit(given: Audit | str | Path | None, loaded: Loaded, data: Any) -> Audit:
    if given is None and data is not None:
        return audited(loaded, data)
    if isinstance(given, Audit):
        return given
    if isinstance(given, (str, Path)):
        return Audit.load(given)
    raise ArgumentError(
        sentence("gate", in_short(given), expected="an Audit, or the path of a saved one")
    )


def _lost(audit: Audit) -> Iterator[str]:
    """Rows that the audit could not count, which no verdict speaks of."""
    for reason, rows in audit.dropped.items():
        yield f"{counted(rows, 'row')} not counted: {reason}"


def _remembered(each: Asked, records: list[Record]) -> Asked:
    """The same, with a record of every answer that rows were read for."""
    answers: list[Answer] = []
    for answer in each.answers:
        if not answer.read:
            answers.append(answer)
            continue
        kept, record = (
            remembering(answer) if isinstance(answer, Question) else (answer, record_of(answer))
        )
        records.append({"rule": each.rule.id, **record})
        answers.append(kept)
    return Asked(rule=each.rule, answers=tuple(answers), notes=each.notes)


def _verdicts(each: Asked, judgements: Iterator[Judgement], *, line: int | None) -> Iterator[Verdict]:
    for answer in each.answers:
        if isinstance(answer, Answered):
            said: dict[str, Any] = {
                "status": answer.status, "code": answer.code, "reason": answer.reason,
                "value": answer.value, "limit": answer.limit, "rows_needed": answer.rows_needed,
            }  # fmt: skip
        else:
            judgement = next(judgements)
            said = {name: getattr(judgement, name) for name in judgement.__dataclass_fields__}
            said |= {"limit": answer.limit}
        subject: dict[str, Any] = {
            name: getattr(answer.subject, name) for name in answer.subject.__dataclass_fields__
        }
        rule = each.rule
        yield Verdict(
            rule=rule.id,
            kind=rule.kind,
            effect=effect_of(said["status"], rule),
            severity=rule.severity,
            claim=rule.claim if isinstance(rule, Limited) else "",
            tags=rule.tags,
            line=line,
            **said,
            **subject,
        )


def effect_of(status: Status, rule: Rule) -> Effect:
    """What a status does to the gate under a rule."""
    if status == "error":
        return "error"
    if status in {"pass", "waived"}:
        return "none"
    if rule.severity != "error":
        return "warn" if rule.severity == "warning" else "none"
    if status == "fail":
        return "fail"
    return EFFECTS_OF_DOUBT[rule.on_inconclusive]
