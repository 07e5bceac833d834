"""What metrics of calibration read: for each group, the scores that occur and the labels found at them.

    score    0.1  0.4  0.7      one row of weights per score, negative and positive labels;
    weight   4 0  2 1  0 3      bins without weight are left out

and `group_metric`, which puts what was found group by group together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import number
from rai.measure.intervals import Bounds
from rai.measure.measured import Measured
from rai.measure.scores import bin_scores
from rai.values import Tally

Array = NDArray[np.float64]

_ROUNDING = 1e-12
UNUSABLE = "turn them into probabilities first"


@dataclass(frozen=True, slots=True, eq=False)
class ScorePoints:
    """The labels of one group at each score that occurs in it.

    Args:
        score: Scores, rising, shape (m,); the middle of a bin where bins are not exact.
        slack: How far a score in the bin may be from it, shape (m,).
        weight: Weight of negative and of positive labels, shape (2, m).
        square: Sums of squared weights, the same shape.
        rows: Rows at each score, shape (m,).
        n: Rows of the group.
        span: The lowest and the highest score of all groups.
    """

    score: Array
    slack: Array
    weight: Array
    square: Array
    rows: NDArray[np.int64]
    n: int
    span: tuple[float, float]

    @property
    def total(self) -> Array:
        """Weight at each score, shape (m,)."""
        return np.asarray(self.weight[0] + self.weight[1])

    @property
    def all(self) -> float:
        """Weight of the group."""
        return float(self.weight.sum())

    @property
    def row_weight(self) -> float:
        """Mean weight of a row."""
        return self.all / max(self.n, 1)

    @property
    def trials(self) -> float:
        """Kish's effective number of rows."""
        return self.all**2 / float(self.square.sum())

    @property
    def residual(self) -> Array:
        """Label minus score of negative and of positive labels, shape (2, m)."""
        return np.stack([-self.score, 1 - self.score])

    @property
    def rate(self) -> float:
        """Share of positive labels."""
        return float(self.weight[1].sum()) / self.all

    @property
    def binned(self) -> bool:
        """Whether scores are known up to their bin only."""
        return bool(self.slack.any())

    @property
    def mean_slack(self) -> float:
        """How far the mean score may be from that of the rows."""
        return float(self.total @ self.slack) / self.all

    def problem(self) -> str:
        """Why nothing can be said of this group, or nothing."""
        if not len(self.score):
            return f"undefined: no rows{' with weight' if self.n else ''} (n={self.n})"
        low, high = self.span
        if low < 0 or high > 1:
            seen = f"scores from {number(low)} to {number(high)} are no probabilities"
            return f"undefined: {seen}; {UNUSABLE} (n={self.n})"
        return ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found in one group.

    Args:
        value: The metric; NaN where undefined.
        note: Why it is undefined, or what to mind.
        basis: Three numbers that its interval is made from; which ones, its law knows.
        slack: How far the value may be from that of exact scores.
        numerator, denominator: What was divided; NaN where it is no quotient.
    """

    value: float = np.nan
    note: str = ""
    basis: tuple[float, float, float] = (np.nan, np.nan, np.nan)
    slack: float = 0.0
    numerator: float = np.nan
    denominator: float = np.nan


Reach = Callable[[Array, float], Bounds]


def score_points(tally: Tally) -> list[ScorePoints]:
    """The points of every group of a binary tally of scores."""
    stands = bin_scores(tally)
    cells = tally.n if tally.weight is None else tally.weight
    held = [np.flatnonzero(of_group[0] + of_group[1]) for of_group in cells]
    ends = [stands.score[at[[0, -1]]] for at in held if len(at)]
    span = (min((low for low, _ in ends), default=0.0), max((high for _, high in ends), default=1.0))
    points = []
    for place, (at, rows) in enumerate(zip(held, tally.group_rows, strict=True)):
        weight = _taken(cells[place], at)
        square = weight if tally.weight_sq is None else _taken(tally.weight_sq[place], at)
        found = tally.n[place][0, at] + tally.n[place][1, at]
        points.append(
            ScorePoints(stands.score[at], stands.slack[at], weight, square, found, int(rows), span)
        )
    return points


def group_metric(
    name: str,
    tally: Tally,
    found: Callable[[ScorePoints], Answer],
    *,
    method: str,
    reach: Reach,
    limits: tuple[float, float] = (-np.inf, np.inf),
) -> Measured:
    """A metric of every group from what is found in each.

    Args:
        name: Name of the metric.
        tally: A binary tally of scores.
        found: From the points of a group to its answer; not asked where nothing can be said.
        method: How the bounds are made.
        reach: From the bases, shape (3, g), and a critical value to bounds.
        limits: The least and the greatest value that is possible.
    """
    answers = [_answer(points, found) for points in score_points(tally)]
    value, slack, numerator, denominator = _columns(answers)
    basis = np.array([answer.basis for answer in answers], dtype=np.float64).reshape(-1, 3).T

    def bounds(z: float) -> Bounds:
        low, high = reach(basis, z)
        low, high = np.minimum(low, value) - slack, np.maximum(high, value) + slack
        return Bounds(np.maximum(low, limits[0]), np.minimum(high, limits[1]))

    notes = tuple(answer.note for answer in answers)
    return Measured(
        name, tally.axes, tally.groups, value, bounds, tally.group_rows, notes, method, numerator,
        denominator,
    )  # fmt: skip


def student(basis: Array, z: float) -> Bounds:
    """Student's interval at a normal critical value, from value, standard error and freedom."""
    from scipy.special import stdtrit

    value, error, freedom = basis
    reach = stdtrit(freedom, NormalDist().cdf(z)) * error
    return Bounds(value - reach, value + reach)


def binned_within(slack: float, what: str = "the exact value") -> str:
    """How far binning may have moved a value, rounded up to two digits; nothing where it can't have.

    Example:
        >>> binned_within(0.000314), binned_within(0.0)
        ('binned: within 0.00032 of the exact value', '')
    """
    if not 0 < slack < np.inf:
        return ""
    unit = 10.0 ** (np.floor(np.log10(slack)) - 1)
    most = float(f"{np.ceil(slack / unit * (1 - 1e-9)) * unit:.2g}")
    return f"binned: within {number(most)} of {what}"


def binned_note(points: ScorePoints, slack: float, what: str = "the exact value") -> str:
    """The same, or nothing where bins are exact."""
    return binned_within(slack, what) if points.binned and slack > _ROUNDING else ""


def joined(*notes: str) -> str:
    """Notes as one, without the empty ones."""
    return "; ".join(note for note in notes if note)


def _taken(cells: NDArray[Any], at: NDArray[np.intp]) -> Array:
    """Cells of a group, shape (2, b), at some bins, as floats."""
    return np.stack([cells[0, at], cells[1, at]]).astype(np.float64)


def _answer(points: ScorePoints, found: Callable[[ScorePoints], Answer]) -> Answer:
    problem = points.problem()
    return Answer(note=problem) if problem else found(points)


def _columns(answers: Sequence[Answer]) -> list[Array]:
    """Value, slack, numerator and denominator, each of shape (g,)."""
    fields = ("value", "slack", "numerator", "denominator")
    return [np.array([getattr(a, name) for a in answers], dtype=np.float64) for name in fields]
