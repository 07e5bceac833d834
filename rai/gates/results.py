"""What a gate answers: a status, an exit code, and the verdicts behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from rai.audits import Audit
from rai.gates.policies import Policy
from rai.gates.sources import Source
from rai.ground.formatting import counted
from rai.ground.records import Records, Row
from rai.values.differences import Flips
from rai.values.verdict import STATUSES, Effect, Verdicts

GateStatus = Literal["pass", "fail", "inconclusive", "error"]

STATUS_OF: Mapping[Effect, GateStatus] = MappingProxyType(
    {"none": "pass", "warn": "pass", "inconclusive": "inconclusive", "fail": "fail", "error": "error"}
)
EXIT_CODES: Mapping[GateStatus, int] = MappingProxyType(
    {"pass": 0, "fail": 1, "error": 2, "inconclusive": 3}
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GateResult(Records):
    """Whether a model may go out, and why.

    Args:
        verdicts: One for each rule and what it is about, in the order of the policy.
        policy: The policy, with what it extends.
        source: Where the policy came from.
        audit: The audit that was judged.
        baseline: What `no_worse_than` was held against: an audit of both models' decisions on the same
            rows (`paired`), or of other rows; None without one.
        paired: The axis of `baseline` that holds the baseline's decisions; None if it is not paired.
        flips: Who is decided otherwise than by the baseline, by group; empty if it is not paired.
        notes: What to mind: groups left out, groups that no rule names, unused waivers.
        facts: What else the verdicts rest on, by name: digests of the model and of other data.
        answers: What rules that read rows found, so that the verdicts can be made again without rows.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0] * 200, y_pred=[1, 0] * 200,
        ...     sensitive_features={"sex": ["F", "F", "M", "M"] * 100})
        >>> rule = {"id": "accuracy", "kind": "min_metric", "metric": "accuracy", "along": "sex",
        ...     "limit": 0.9}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> result.status, result.exit_code, [verdict.name for verdict in result.verdicts]
        ('pass', 0, ['accuracy[sex=F]', 'accuracy[sex=M]'])
    """

    verdicts: Verdicts
    policy: Policy
    source: Source
    audit: Audit
    baseline: Audit | None = None
    paired: str | None = None
    flips: Flips = field(default_factory=Flips)
    notes: tuple[str, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)
    answers: tuple[Mapping[str, object], ...] = ()

    @property
    def status(self) -> GateStatus:
        """`pass`, or the worst that stops it: `error`, `fail` or `inconclusive`."""
        return STATUS_OF[self.verdicts.effect]

    @property
    def exit_code(self) -> int:
        """0 pass, 1 fail, 2 error, 3 inconclusive."""
        return EXIT_CODES[self.status]

    @property
    def headline(self) -> str:
        """The answer in one line.

        Example:
            >>> import rai
            >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
            >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
            >>> rai.gate(found, {"version": 1, "rules": [rule]}).headline
            'Gate passed: 2 verdicts, 2 pass'
        """
        said = {"pass": "passed", "fail": "failed", "inconclusive": "inconclusive", "error": "error"}
        counts = self.verdicts.counts
        parts = [f"{counts[status]:,} {status}" for status in STATUSES if counts[status]]
        return f"Gate {said[self.status]}: " + ", ".join(
            [counted(len(self.verdicts), "verdict"), *parts]
        )

    def save(self, path: str | Path) -> Path:
        """Write everything that the verdicts rest on, as evidence; whole or not at all."""
        from rai.gates.evidence import write_evidence

        return write_evidence(path, self)

    @classmethod
    def load(cls, path: str | Path) -> GateResult:
        """Read evidence; its verdicts are made again from its counts.

        Raises:
            DataError: If it can't be read, or something in it does not hold.
        """
        from rai.gates.evidence import read_evidence

        return read_evidence(path)

    def to_dicts(self) -> list[Row]:
        """One row for each verdict."""
        return self.verdicts.to_dicts()

    def __repr__(self) -> str:
        return f"GateResult({self.headline})"
