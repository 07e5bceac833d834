"""A report of data as JSON: everything the page shows, as rows."""

from __future__ import annotations

import json

from rai.reports.data_facts import DataFacts
from rai.reports.data_problems import checks_headline

FORMAT = "rai-profile"


def data_json(facts: DataFacts) -> str:
    """The whole report."""
    profile = facts.profile
    plain = {
        "format": FORMAT,
        "rai": facts.version,
        "datasets": [
            {"dataset": name, "rows": table.rows, "weight": table.weight}
            for name, table in profile.tables.items()
        ],
        "y_true": profile.y_true,
        "sensitive_features": list(profile.sensitive_features),
        "sample_weight": profile.sample_weight,
        "command": facts.command,
        "summary": checks_headline(facts.checks),
        "checks": facts.checks,
        "features": profile.to_dicts(),
        "histograms": profile.histograms().to_dicts(),
        "quantiles": profile.quantiles().to_dicts(),
        "top_values": profile.top_values().to_dicts(),
        "distances": facts.distances,
        "proxies": facts.proxies,
        "candidates": facts.candidates,
        "worksheet": facts.worksheet,
    }
    return json.dumps(plain, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
