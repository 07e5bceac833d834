"""What was found in the data, put where it belongs: beside its feature, or above all of them.

studied(project, shown)  ─▶ Studied(checks, distances)     seconds; remembered
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import rai
from rai.explore import DataFinding, Distances

from .. import answers
from ..project import Project
from .compared import Compared

SEVERITIES = ("serious", "warning", "note")


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """What takes a moment to find.

    Args:
        checks: The data checks, of all rows.
        distances: How far the data sets are apart; None where there is one.
    """

    checks: rai.DataChecks
    distances: Distances | None

    def of(self, feature: str) -> tuple[DataFinding, ...]:
        """What was found about a feature, the worst first."""
        return tuple(f for f in worth_saying(self.checks) if f.feature == feature)

    def general(self, features: Iterable[str]) -> tuple[DataFinding, ...]:
        """What was found about none of these features."""
        there = set(features)
        return tuple(f for f in worth_saying(self.checks) if f.feature not in there)


def known(project: Project, shown: Compared) -> bool:
    """Whether it is worked out, so that asking takes no time."""
    return project.memory.knows(_key(shown))


def studied(project: Project, shown: Compared) -> Studied:
    """Check the data and measure how far the data sets are apart."""
    return project.answer(_key(shown), lambda: _study(project, shown))


def worth_saying(checks: Iterable[DataFinding]) -> list[DataFinding]:
    """Findings that are not just that all is well, the worst first."""
    said = [finding for finding in checks if finding.severity in SEVERITIES]
    return sorted(said, key=lambda finding: SEVERITIES.index(finding.severity))


def problems_first(features: Sequence[str], checks: Iterable[DataFinding]) -> tuple[str, ...]:
    """Features by the worst that was found about them, then by how much of it."""
    counts = {feature: [0] * len(SEVERITIES) for feature in features}
    for finding in worth_saying(checks):
        if finding.feature in counts:
            counts[finding.feature][SEVERITIES.index(finding.severity)] -= 1
    return tuple(sorted(features, key=counts.__getitem__))


def _key(shown: Compared) -> tuple[object, ...]:
    return ("overview", "studied", *shown.key)


def _study(project: Project, shown: Compared) -> Studied:
    full = all(table.rows for table in shown.profile.tables.values())
    apart = shown.profile.distances() if shown.several and full else None
    return Studied(answers.checks(project), apart)
