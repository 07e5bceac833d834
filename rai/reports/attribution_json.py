"""Attributions and gaps in parts as plain rows, for readers of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rai.reports.attribution_facts import Summarized
from rai.reports.facts import Facts

if TYPE_CHECKING:
    from rai.explainers.gap_parts import GapAttributions


def attribution_results(facts: Facts) -> dict[str, Any]:
    """Means of attributions, and parts of gaps, by name; only what there is."""
    if facts.attributions is None:
        return {}
    found = {
        "attributions": [_summarized(one) for one in facts.attributions.summarized],
        "gap_attributions": [_gap(one) for one in facts.attributions.gaps],
    }
    return {name: rows for name, rows in found.items() if rows}


def _summarized(one: Summarized) -> dict[str, Any]:
    given, k = one.attributions, one.output
    return {
        "space": given.space,
        "output": given.outputs[k],
        "method": given.method,
        "kind": given.kind,
        "exact": given.exact,
        "why": given.why,
        "background": given.background,
        "background_n": given.background_n,
        "background_digest": given.background_digest,
        "model_digest": given.model_digest,
        "n": len(given),
        "base": float(given.base[:, k].mean()),
        "completeness_error": float(np.abs(given.completeness_error[:, k]).max(initial=0.0)),
        "notes": list(given.notes),
        "everyone": one.everyone.to_dicts(),
        "groups": {
            axis: [row.to_dict() for row in held if row.group] for axis, held in one.groups.items()
        },
        "not_split": dict(one.refused),
    }


def _gap(found: GapAttributions) -> dict[str, Any]:
    names = (
        *("metric", "kind", "along", "versus", "space", "method", "exact", "level", "background"),
        *("background_n", "background_digest", "model_digest", "threshold", "output", "why"),
    )
    sides = [
        {
            "group": p.group,
            "versus": p.versus,
            "group_value": p.group_value,
            "versus_value": p.versus_value,
        }
        for p in found.pairs
    ]
    return {
        **{name: getattr(found, name) for name in names},
        "notes": list(found.notes),
        "pairs": sides,
        "parts": found.to_dicts(),
    }
