"""Rows audited as a policy says: its `audit` part names columns, its rules name thresholds."""

from __future__ import annotations

from typing import Any

from rai.audits import Audit, audit
from rai.gates.policy_files import Loaded
from rai.gates.rules.fields import Grouped
from rai.gates.rules.flips import FlipRate
from rai.ground.errors import PolicyError, sentence

_NAMES = ("y_true", "y_pred", "y_score", "sample_weight", "positive_label", "where")


def audit_arguments(loaded: Loaded) -> dict[str, Any]:
    """What a policy says of an audit, as arguments of `rai.audit`.

    Args:
        loaded: The policy.

    Example:
        >>> from rai.gates.policy_files import load_policy
        >>> rule = {"id": "n", "kind": "min_metric", "metric": "recall", "threshold": 0.7, "limit": 0.5}
        >>> audit_arguments(load_policy({"version": 1, "rules": [rule]}))["thresholds"]
        (0.5, 0.7)
    """
    held = loaded.policy.audit
    return {
        **{name: getattr(held, name) for name in _NAMES},
        "sensitive_features": held.sensitive_features,
        "control_features": held.control_features,
        "cuts": {name: cut if isinstance(cut, int) else tuple(cut) for name, cut in held.cuts.items()},
        "cohorts": dict(held.cohorts) or None,
        "bins": held.bins or 1000,
        "task": held.task or "auto",
        "thresholds": _thresholds(loaded),
    }


def audited(loaded: Loaded, data: Any) -> Audit:
    """The audit of rows whose columns a policy names.

    Raises:
        PolicyError: If the policy does not say what the labels or the groups are.
        RoleError: If a column is not there.
    """
    arguments = audit_arguments(loaded)
    for name in ("y_true", "sensitive_features"):
        if not arguments[name]:
            where = loaded.source.path or "policy"
            expected = f"{name}, as the gate was given rows and no audit"
            raise PolicyError(sentence(f"{where}: audit", f"no {name!r}", expected=expected))
    return audit(data, **arguments)


def _thresholds(loaded: Loaded) -> tuple[float, ...]:
    """Where scores are cut: the policy's thresholds first, then those of its rules and plans."""
    from rai.thresholds import ThresholdPlan
    from rai.thresholds.plan_files import plan_of_text

    rules = loaded.policy.rules
    first = loaded.policy.audit.thresholds or (0.5,)
    own = [
        float(rule.threshold)
        for rule in rules
        if isinstance(rule, (Grouped, FlipRate)) and rule.threshold is not None
    ]
    plans = [ThresholdPlan(**plan_of_text(text)) for text in loaded.source.plans.values()]
    cuts = [cut for plan in plans for cut in plan.cut_at]
    return tuple(dict.fromkeys((*first, *own, *cuts)))
