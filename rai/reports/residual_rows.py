"""The errors of a regression, a row for each group: mean, spread, quantiles, and both drawn.

├────┼────┼────┤
  ──▓▓│▓▓▓────       5% ── 25% ▓▓ median ▓▓ 75% ── 95%
"""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.colours import Mark, marks
from rai.reports.scales import Scale, scale
from rai.reports.words import clean, figure
from rai.values import Residuals, ResidualSummary

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class ResidualRow:
    """The errors of one group, as text and as places in percent."""

    name: str
    mark: Mark
    n: int
    mean: str
    sd: str
    middle: str
    quarters: str
    ends: str
    places: tuple[float, ...]
    told: str
    note: str


@dataclass(frozen=True, slots=True)
class ResidualTable:
    """The errors of all groups on one scale; `zero` is the place of no error."""

    rows: tuple[ResidualRow, ...]
    scale: Scale
    zero: float
    left_out: int


def residual_table(found: Residuals) -> ResidualTable:
    """The errors of the groups of one comparison."""
    looks = marks(row.name for row in found)
    drawn = scale([x for row in found for x in (row.q05, row.q95, row.mean)], include=0.0)
    shown = found[:MOST_ROWS]
    return ResidualTable(
        rows=tuple(_row(row, looks[row.name], drawn) for row in shown),
        scale=drawn,
        zero=drawn.at(0.0),
        left_out=len(found) - len(shown),
    )


def _row(row: ResidualSummary, mark: Mark, drawn: Scale) -> ResidualRow:
    quantiles = [x for x in (row.q05, row.q25, row.median, row.q75, row.q95) if x is not None]
    whole = len(quantiles) == 5
    name = clean(row.name)
    return ResidualRow(
        name=name,
        mark=mark,
        n=row.n,
        mean=figure(row.mean),
        sd=figure(row.sd),
        middle=figure(row.median),
        quarters=_between(row.q25, row.q75),
        ends=_between(row.q05, row.q95),
        places=tuple(drawn.at(x) for x in quantiles) if whole else (),
        told=f"{name}: median {figure(row.median)}, half of the errors {_between(row.q25, row.q75)}",
        note="" if row.mean is not None else clean(row.note.partition(" (n=")[0]),
    )


def _between(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{figure(low)} to {figure(high)}"
