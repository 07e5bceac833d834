"""Checks of the data: the findings of `rai.check_data`, as verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import field_validator

from rai.gates.answers import Answer, Answered, Subject
from rai.gates.cases import Case
from rai.gates.rules.fields import Finite, Names, Rule
from rai.ground.errors import did_you_mean, listing
from rai.values.verdict import Status

if TYPE_CHECKING:
    from rai.explore.data_checks.findings import DataFinding

HOW = "Pass data= (on the command line: --data), the rows that were audited."


class DataCheckRule(Rule):
    """Checks of the data find nothing of this severity."""

    reads_rows = True
    kind: Literal["data_check"]
    checks: Names
    """Kinds of checks, as `rai.check_data` names them."""
    fail_on: Literal["serious", "warning"] = "serious"
    """The mildest finding that breaks the rule."""
    limits: Mapping[str, Finite] = {}
    """Check to another limit than its own."""

    @field_validator("checks")
    @classmethod
    def _known(cls, checks: tuple[str, ...]) -> tuple[str, ...]:
        from rai.explore.data_checks.table import CHECKS

        known = [check.kind for check in CHECKS]
        for check in checks:
            if check not in known:
                hint = did_you_mean(check, known)
                raise ValueError(f"{check!r} is no check; expected some of {listing(known)}. {hint}")
        return checks

    @property
    def words(self) -> str:
        """What the rule asks."""
        return f"checks of the data find nothing {self.fail_on}: {', '.join(self.checks)}"

    def answers(self, case: Case) -> Iterator[Answer | str]:
        """A verdict for each check."""
        from rai.explore import check_data

        data = case.need("data", HOW)
        roles = case.audit.roles
        limits: Mapping[Any, float] = self.limits
        sets = {"data": data} if case.reference is None else {"reference": case.reference, "data": data}
        found = check_data(
            sets,
            y_true=roles.y_true,
            y_pred=roles.y_pred,
            y_score=roles.y_score,
            sensitive_features=roles.sensitive_features,
            positive_label=roles.positive_label,
            sample_weight=roles.sample_weight,
            cuts=roles.cuts,
            checks=self.checks,
            limits=limits or None,
            rng=case.audit.seed,
        )
        for check in self.checks:
            findings = [finding for finding in found if finding.check == check]
            yield self._answer(check, findings)

    def _answer(self, check: str, findings: Sequence[DataFinding]) -> Answered:
        """The worst that a check found; what it did not look at is no pass."""
        bad = [finding for finding in findings if finding.severity in _BREAKING[self.fail_on]]
        unseen = [finding for finding in findings if finding.severity == "not_checked"]
        if not findings:
            return Answered(
                subject=Subject(metric=check), status="inconclusive", code="not_checked",
                reason="nothing was looked at",
            )  # fmt: skip
        worst = (bad or unseen or findings)[0]
        status: Status = "fail" if bad else "inconclusive" if unseen else "pass"
        more = f" (and {len(bad) - 1:,} more)" if len(bad) > 1 else ""
        return Answered(
            subject=Subject(metric=check, n=worst.n),
            status=status,
            code={"fail": "found", "inconclusive": "not_checked", "pass": "kept"}[status],
            reason=worst.sentence + more,
            value=worst.value,
            limit=worst.threshold,
        )


_BREAKING = {"serious": ("serious",), "warning": ("serious", "warning")}
