"""Charts of two scales, ready to be drawn: lines with bands, marks with intervals, guides.

Places are in percent, so a chart fills whatever room it has; lines are paths over 1,000 × 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.colours import Mark
from rai.reports.scales import Scale
from rai.values.thinning import kept_points, runs

Array = NDArray[np.float64]

UNIT = Scale(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0))
HALVES = Scale(0.0, 1.0, (0.0, 0.5, 1.0))
FINE, SMALL, COARSE = 0.003, 0.008, 0.012  # what can be seen in big and in small charts, and behind

# Scales that many charts share: a page draws each of their grids once.
GRIDS = {"quarters": UNIT, "halves": HALVES}

_SIZE, _SHORT = 1000, 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Args:
        path: Its course, as an SVG path.
        band: Its interval, as an SVG path; empty for none.
        mark: Whose line it is; None for one that stands back.
    """

    path: str
    band: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Dot:
    """One point; places in percent.

    Args:
        x, y: Where it is; y counts from the top.
        mark: Whose it is; None for one of no group.
        filled: Whether it is filled.
        told: What a pointer at it shows.
    """

    x: float
    y: float
    mark: Mark | None = None
    filled: bool = True
    told: str = ""

    @property
    def mark_class(self) -> str:
        """The class of its colour on a page."""
        if self.mark is None:
            return ""
        return "cx" if self.mark.place is None else f"c{self.mark.place}"


@dataclass(frozen=True, slots=True)
class Level:
    """A line from side to side at one height, of a group or of nobody."""

    y: float
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Args:
        title: What it shows.
        axes: What is drawn against what, in words.
        told: What it shows, in a sentence, for those who can't see it.
        x, y: Its scales.
        lines, dots, levels: What is drawn.
        reaches: The intervals of its dots, as an SVG path.
        guides: Paths that stand back, such as a diagonal.
        rules: Places of upright lines, in percent, each with its name.
        mark: The group it is about; None where it is about several.
        note: Why there is nothing to see.
    """

    title: str
    axes: str
    told: str
    x: Scale = UNIT
    y: Scale = UNIT
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    levels: tuple[Level, ...] = ()
    reaches: str = ""
    guides: tuple[str, ...] = ()
    rules: tuple[tuple[float, str], ...] = ()
    mark: Mark | None = None
    note: str = ""

    @property
    def grids(self) -> tuple[str, str]:
        """Names of the shared grids of its scales; empty for a scale of its own."""
        across, up = (next((n for n, s in GRIDS.items() if s == own), "") for own in (self.x, self.y))
        return across, up

    @property
    def wide(self) -> bool:
        """Whether the numbers on its left need more room."""
        return any(len(text) > _SHORT for _, text in self.y.marked)


def line(
    x: Array,
    y: Array,
    *,
    scales: tuple[Scale, Scale],
    mark: Mark | None,
    bounds: tuple[Array, Array] | None = None,
    within: float = FINE,
) -> Line:
    """A line, broken where it is undefined, of the points that can be seen."""
    across, up = scales
    x, y = _unit(x, across), _unit(y, up)
    within = COARSE if mark is None else within
    parts = [(x[run], y[run]) for run in runs(np.isfinite(y))]
    paths = [path(*_thinned(*part, within=within)) for part in parts]
    band = "" if bounds is None else _band(x, *(_unit(side, up) for side in bounds), within=2 * within)
    return Line("".join(paths), band, mark)


def path(x: Array, y: Array) -> str:
    """Points between 0 and 1, y upwards, as an SVG path.

    Example:
        >>> path(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 1.0]))
        'M0 1000l500-1000 500 0'
    """
    points = np.rint(np.stack((x, 1 - y), axis=1) * _SIZE).astype(np.int64)
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    (left, top), moves = points[0].tolist(), " ".join(f"{a} {b}" for a, b in steps.tolist())
    drawn = f"M{left} {top}l{moves}" if moves else f"M{left} {top}h1"
    return drawn.replace(" -", "-")


def steps(edges: Array, heights: Array, *, base: float) -> str:
    """A closed outline of bars over a base, between 0 and 1, as an SVG path."""
    x = np.repeat(edges, 2)
    return path(x, np.concatenate(([base], np.repeat(heights, 2), [base]))) + "z"


def dot(
    x: float,
    y: float,
    *,
    scales: tuple[Scale, Scale],
    mark: Mark | None = None,
    filled: bool = True,
    told: str = "",
) -> Dot:
    """A point on two scales."""
    across, up = scales
    return Dot(across.at(x), height(y, up), mark, filled, told)


def upright(x: float, low: float | None, high: float | None, *, scales: tuple[Scale, Scale]) -> str:
    """An interval over a point, as an SVG path; empty where it has none.

    Example:
        >>> upright(0.5, 0.2, 0.6, scales=(UNIT, UNIT))
        'M500 800V400'
    """
    if low is None or high is None:
        return ""
    across, up = scales
    return f"M{10 * across.at(x):.0f} {10 * height(low, up):.0f}V{10 * height(high, up):.0f}"


def height(value: float, up: Scale) -> float:
    """Place of a value from the top, in percent."""
    return round(100 - up.at(value), 2)


def _unit(values: Array, drawn: Scale) -> Array:
    """Values as shares of a scale, kept inside the drawing; NaN stays."""
    return np.clip((values - drawn.low) / (drawn.high - drawn.low), 0.0, 1.0)


def _band(x: Array, low: Array, high: Array, *, within: float) -> str:
    """What lies between two bounds, broken where there is none."""
    outlines = []
    for run in runs(np.isfinite(low) & np.isfinite(high)):
        across, below, above = _thinned(x[run], low[run], high[run], within=within)
        around = np.concatenate((across, across[::-1]))
        outlines.append(path(around, np.concatenate((above, below[::-1]))) + "z")
    return "".join(outlines)


def _thinned(x: Array, *lines: Array, within: float) -> list[Array]:
    kept = kept_points(x, *lines, within=within)
    return [part[kept] for part in (x, *lines)]
