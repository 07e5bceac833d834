"""The data behind an audit, in short: who is there, their labels, what is missing, left out or thin.

What checks of the data found comes first, where any were run.
"""

from __future__ import annotations

from dataclasses import dataclass

from rai.audits import Audit
from rai.explore.profile_text import percent as share_of
from rai.ground.formatting import counted
from rai.reports.data_problems import MOST_SHOWN, checks_headline, grouped, passed, unchecked
from rai.reports.facts import FEW_ROWS, Facts, Thin, counted_rows, group_of
from rai.reports.feature_blocks import told_marked
from rai.reports.group_tables import data_table
from rai.reports.words import clean, estimated, name
from rai.values.levels import MISSING


@dataclass(frozen=True, slots=True)
class ThinRow:
    """A group with few rows behind a metric, as text."""

    group: str
    along: str
    metric: str
    estimate: str
    rows: str
    counted: str


def data_section(facts: Facts) -> dict[str, object]:
    """What the section shows."""
    checks, profile = facts.beside.checks, facts.beside.data
    return {
        "data_tables": [(clean(along), data_table(facts, along)) for along in facts.comparisons],
        "missing_groups": missing_groups(facts),
        "dropped": dropped_rows(facts.audit),
        "thin": [_thin_row(thin, facts) for thin in facts.thin],
        "few_rows": FEW_ROWS,
        "checked": checks is not None,
        "checks_headline": checks_headline(checks),
        "worst": grouped(checks, "serious", "warning"),
        "notes": grouped(checks, "note"),
        "unchecked": unchecked(checks),
        "passed": passed(checks),
        "most": MOST_SHOWN,
        "marked": "" if profile is None else told_marked(profile),
    }


def missing_groups(facts: Facts) -> tuple[str, ...]:
    """How many rows have no value of a sensitive feature, a sentence for each that lacks some."""
    lacking = {
        along: next(e.n for e in facts.groups[along] if group_of(e, facts.audit) == MISSING)
        for along in facts.comparisons
        if MISSING in facts.names(along)
    }
    return tuple(
        f"{counted(rows, 'row')} ({share_of(rows, facts.audit.rows)}) "
        f"{'has' if rows == 1 else 'have'} no value of {clean(along)}: a group of its own here."
        for along, rows in lacking.items()
    )


def dropped_rows(audit: Audit) -> tuple[tuple[str, str, str], ...]:
    """Reason, rows, and share of the rows read."""
    whole = audit.rows + sum(audit.dropped.values())
    return tuple(
        (clean(reason), f"{rows:,}", f"{100 * rows / whole:.2g}%")
        for reason, rows in audit.dropped.items()
    )


def _thin_row(thin: Thin, facts: Facts) -> ThinRow:
    return ThinRow(
        group=clean(group_of(thin.estimate, facts.audit)),
        along=clean(thin.along),
        metric=name(thin.estimate.metric),
        estimate=estimated(thin.estimate),
        rows=f"{thin.rows:,}",
        counted=counted_rows(thin, facts.audit),
    )
