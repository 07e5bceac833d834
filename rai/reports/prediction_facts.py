"""What a report shows of a regression's predictions: against what came true, and the errors left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rai.audits import Audit
from rai.ground.formatting import TIMES
from rai.values import Calibration, Moments, Residuals


@dataclass(frozen=True, slots=True, eq=False)
class PredictionFacts:
    """The predictions of a regression.

    Args:
        calibration: Comparison to predicted against true, by group.
        residuals: Comparison to the errors, by group.
    """

    calibration: Mapping[str, Calibration]
    residuals: Mapping[str, Residuals]


def prediction_facts(audit: Audit) -> PredictionFacts | None:
    """Ask an audit about its predictions; None where it is no regression, or kept no histograms."""
    tally = audit.tally
    if not isinstance(tally, Moments) or tally.predictions is None or tally.errors is None:
        return None
    named = {TIMES.join(axes): axes for axes in audit.comparisons}
    return PredictionFacts(
        calibration={along: audit.calibration(by=axes) for along, axes in named.items()},
        residuals={along: audit.residuals(by=axes) for along, axes in named.items()},
    )
