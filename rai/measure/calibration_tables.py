"""From counts to calibration and residuals, split as asked."""

from __future__ import annotations

from rai.ground.errors import ArgumentError, sentence
from rai.measure.predicted_true import predicted_against_true
from rai.measure.reliability import reliability
from rai.measure.residuals import residual_summaries
from rai.measure.tables import Axes, split_axes
from rai.values import Calibration, Moments, Residuals, Tally


def calibration_table(
    counts: Tally | Moments, *, by: Axes, bins: int, strategy: str, level: float
) -> Calibration:
    """What came true at each level of prediction, for the groups of `by` (None: all axes; (): everyone).

    Args:
        counts: A binary tally of scores, or the moments of a regression.
        by: Axes to split by.
        bins: How many bins per group, at most.
        strategy: `quantile` or `uniform`.
        level: Coverage of the intervals, each on its own.
    """
    axes = counts.axes if by is None else split_axes(by)
    if isinstance(counts, Moments):
        return predicted_against_true(counts.by(*axes), bins=bins, strategy=strategy, level=level)
    return reliability(counts.by(*axes), bins=bins, strategy=strategy, level=level)


def residual_table(counts: Tally | Moments, *, by: Axes) -> Residuals:
    """The errors of a regression, for the groups of `by` (None: all axes; (): everyone)."""
    if isinstance(counts, Moments):
        return residual_summaries(counts.by(*(counts.axes if by is None else split_axes(by))))
    hint = "For scores, calibration() shows how far they are from what came true."
    raise ArgumentError(sentence("residuals", "an audit of classes", expected="a regression", hint=hint))
