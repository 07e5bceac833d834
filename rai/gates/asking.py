"""Rules put to a case, whatever happens: a rule that can't be asked is an error, never a pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rai.gates.answers import Answer, Answered, Subject
from rai.gates.cases import Case, NotGivenError
from rai.gates.rules.fields import EVERY_FEATURE, Grouped
from rai.gates.rules.table import AnyRule
from rai.ground.errors import RaiError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One rule and what it said.

    Args:
        rule: The rule.
        answers: Its answers; at least one, but for a rule that may be skipped.
        notes: What to mind.
    """

    rule: AnyRule
    answers: tuple[Answer, ...]
    notes: tuple[str, ...] = ()


def asked(rule: AnyRule, case: Case) -> Asked:
    """A rule's answers; what goes wrong is an answer, too."""
    answers: list[Answer] = []
    notes: list[str] = []
    try:
        for each in _expanded(rule, case):
            for said in each.answers(case):
                (notes if isinstance(said, str) else answers).append(said)  # type: ignore[arg-type]
    except NotGivenError as error:
        return Asked(rule=rule, answers=(_error("not_given", str(error)),))
    except RaiError as error:
        return Asked(rule=rule, answers=(_error("refused", str(error)),))
    except Exception as error:  # noqa: BLE001  # a rule may crash in any way
        said = f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]
        return Asked(rule=rule, answers=(_error("crashed", f"the rule crashed: {said}"),))
    if rule.reads_rows:
        answers = [replace(answer, read=True) for answer in answers]
    if not answers and not (rule.kind == "no_worse_than" and case.baseline is None):
        answers.append(_nothing())
    return Asked(rule=rule, answers=tuple(answers), notes=tuple(dict.fromkeys(notes)))


def _expanded(rule: AnyRule, case: Case) -> Iterable[AnyRule]:
    """The rule once for each comparison of the audit, where it asks for all of them."""
    everything = isinstance(rule, Grouped) and rule.along == (EVERY_FEATURE,)
    if not everything or EVERY_FEATURE in case.audit.tally.axes:
        return [rule]
    return [rule.model_copy(update={"along": axes}) for axes in case.audit.comparisons]


def _error(code: str, reason: str) -> Answered:
    return Answered(subject=Subject(), status="error", code=code, reason=reason, read=True)


def _nothing() -> Answered:
    return Answered(
        subject=Subject(), status="inconclusive", code="nothing_to_judge",
        reason="no group is left to judge",
    )  # fmt: skip
