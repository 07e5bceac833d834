"""Thresholds from rows: counted, chosen, and judged on other rows.

DATA ──▶ Audit ──▶ plans, one per strategy; reasons where there is none
DATA held out, plans ──▶ Audit cut at their thresholds ──▶ one judgement per plan
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from rai.cli.rows import opened
from rai.cli.screen import bar
from rai.ground.errors import ArgumentError, sentence

if TYPE_CHECKING:
    from rai import Audit, PlanEvaluation, ThresholdPlan

USUAL_THRESHOLD = 0.5


def audited(data: str, given: Mapping[str, Any], *, quiet: bool) -> Audit:
    """The audit of scores that thresholds are chosen from, or judged on."""
    import rai

    rows, arguments = opened(data, {**given, "y_pred": None, "control_features": ()})
    if arguments["y_score"] is None:
        raise ArgumentError(sentence("--y-score", "nothing", expected="the column of scores"))
    kept = set(arguments["sensitive_features"])
    strays = set(arguments["cuts"]) - kept - set(given["cuts"])
    arguments |= {
        "y_pred": None,
        "control_features": (),
        "cuts": {axis: cut for axis, cut in arguments["cuts"].items() if axis not in strays},
    }
    with bar(shown=not quiet) as progress:
        return rai.audit(rows, **arguments, task="binary", progress=progress)


def like(found: Audit, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, with the columns that were taken from a card: other rows have the same."""
    roles = found.roles
    named = {name: getattr(roles, name) for name in ("y_true", "y_score", "sensitive_features")}
    return {**given, **named}


def chosen(
    found: Audit, strategies: Sequence[str], asked: Mapping[str, Any]
) -> tuple[list[ThresholdPlan], dict[str, str]]:
    """A plan for each strategy, and the reason for each that has none.

    Raises:
        ArgumentError: If none has a plan.
    """
    import rai

    plans: list[ThresholdPlan] = []
    refused: dict[str, ArgumentError] = {}
    for strategy in strategies:
        try:
            plans.append(rai.optimize_thresholds(found, strategy=strategy, **asked))
        except ArgumentError as error:
            refused[strategy] = error
    if not plans:
        raise next(iter(refused.values()))
    return plans, {strategy: str(error) for strategy, error in refused.items()}


def judged(
    data: str,
    plans: Sequence[ThresholdPlan],
    given: Mapping[str, Any],
    *,
    unseen: Literal["error", "single_threshold"],
    quiet: bool,
) -> tuple[Audit, list[PlanEvaluation]]:
    """Other rows, read in one pass, and each plan judged on them."""
    first = plans[0]
    asked = {
        **given,
        "positive_label": given["positive_label"] or str(first.positive_label),
        "cuts": {**given["cuts"], **first.cuts},
        "thresholds": _cut_at(plans, given),
    }
    found = audited(data, asked, quiet=quiet)
    return found, [plan.evaluate(found, unseen=unseen) for plan in plans]


def _cut_at(plans: Sequence[ThresholdPlan], given: Mapping[str, Any]) -> tuple[float, ...]:
    """Where scores are to be cut so that every plan can be judged; exact bins are cut everywhere."""
    if given["bins"] == "exact":
        single = plans[0].single
        return (single,) if math.isfinite(single) else tuple(given["thresholds"])
    cuts = {threshold for plan in plans for threshold in plan.cut_at if 0 < threshold <= 1}
    return (*given["thresholds"], *sorted(cuts))
