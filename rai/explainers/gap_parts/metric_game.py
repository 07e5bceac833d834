"""A game played with the metric itself, for metrics that are no means over rows.

    v(S)  the metric of a group, with the columns off S redrawn from the background, row by row
    v(∅)  the metric of a model that reads nothing: known exactly; of precision it is the base rate

Few players: every coalition. More: permutations that all rows share, there and back. The rows' influence
on every v(S), averaged as the parts are, gives the parts' covariance.

Source: Begley et al. (2020), arXiv:2010.07389; influence of rows on an area under the curve:
DeLong et al. (1988), doi:10.2307/2531595.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.explainers.enumeration import coalitions, shapley_weights
from rai.explainers.gap_parts.gap_metrics import Rate
from rai.explainers.gap_parts.group_moments import Side
from rai.explainers.hybrids import Hybrids
from rai.explainers.questions import Question

BUDGET = 10_000_000
CHUNK_ROWS = 1 << 18
FEWEST_WALKS = 3
_MOST_ENUMERATED = 12
_ENOUGH = 100_000  # hybrids behind one worth, where the budget allows

Worth = Callable[[Floats, Floats], tuple[float, Floats]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Visit:
    """One coalition, and what its worth counts for.

    Args:
        inside: Who plays, shape (M,).
        weights: By how much it counts for each player, shape (M,).
        walk: Which permutation it belongs to.
    """

    inside: NDArray[np.bool_]
    weights: Floats
    walk: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Game:
    """The sides of a metric.

    Args:
        sides: In the order asked for.
        exact: Whether every coalition and every background row was asked about.
        why: How it was played.
    """

    sides: list[Side]
    exact: bool
    why: str


def rate_worth(rate: Rate, *, logarithm: bool) -> Worth:
    """The worth of decisions, shape (n, k), and labels (n,): a rate, and each row's influence on it.

    Args:
        rate: The numerator and denominator of each row.
        logarithm: Whether the worth is the rate's logarithm.

    Example:
        >>> worth = rate_worth(lambda d, y: (y * d, d), logarithm=False)
        >>> worth(np.array([[1.0], [1.0], [0.0]]), np.array([1.0, 0.0, 1.0]))[0]
        0.5
    """

    def worth(decisions: Floats, labels: Floats) -> tuple[float, Floats]:
        over, under = rate(decisions.mean(axis=1), labels)
        size = float(under.mean()) if len(under) else 0.0
        value = float(over.mean()) / size if size > 0 else np.nan
        influence = (over - value * under) / (size or np.nan)
        if not logarithm:
            return value, influence
        return (float(np.log(value)), influence / value) if value > 0 else (np.nan, influence)

    return worth


def auc_worth(scores: Floats, labels: Floats) -> tuple[float, Floats]:
    """The area under the ROC curve of scores, shape (n, k), and each row's influence on it.

    Example:
        >>> auc_worth(np.array([[0.2], [0.7], [0.7]]), np.array([0.0, 1.0, 0.0]))[0]
        0.75
    """
    positive = labels == 1
    ours, theirs = scores[positive], scores[~positive]
    if not ours.size or not theirs.size:
        return np.nan, np.full(len(labels), np.nan)
    above, below = _placed(ours, theirs.ravel()), 1 - _placed(theirs, ours.ravel())
    value = float(above.mean())
    influence, share = np.empty(len(labels)), float(positive.mean())
    influence[positive] = (above.mean(axis=1) - value) / share
    influence[~positive] = (below.mean(axis=1) - value) / (1 - share)
    return value, influence


def played(
    question: Question, sides: Sequence[Ints], *, labels: Floats, worth: Worth, output: int, lacking: str
) -> Game:
    """The sides of a metric in parts.

    Args:
        question: What is asked.
        sides: The rows of each side, as places.
        labels: 1 for a positive label, else 0, shape (n,).
        worth: The metric.
        output: Which output.
        lacking: Why a side has no value.
    """
    held, n, size = question.hybrids(), len(question.rows), len(question.background)
    plan, each, enumerated = _plan(question)
    walks = max(visit.walk for visit in plan) + 1
    tallies = [_Tally.empty(len(rows), len(question.players), walks) for rows in sides]
    own = held.row_scores()[:, output]
    behind = held.space.scores(question.background.rows)[:, output]
    rng, order = question.rng, question.rng.permutation(size)
    drawn = np.zeros((0, 0), dtype=np.intp)
    for done, visit in enumerate(plan):
        if done == 0 or (visit.walk != plan[done - 1].walk):
            drawn = order[(rng.integers(size, size=n)[:, None] + np.arange(each) * size // each) % size]
        scores = _scores(held, visit.inside, drawn, own=own, output=output)
        for rows, tally in zip(sides, tallies, strict=True):
            if not len(rows):
                continue
            if visit.inside.any():
                tally.add(*worth(scores[rows], labels[rows]), visit=visit)
            else:
                tally.add(*_nobody(worth, behind, labels[rows]), visit=visit)
        if question.progress is not None:
            question.progress(done + 1, len(plan))
    exact = enumerated and each == size
    how = f"all {len(plan):,} coalitions" if enumerated else f"{walks:,} permutations there and back"
    why = f"metric game: {how}, {each:,} background rows for each row"
    return Game(
        sides=[t.side(walked=not enumerated, lacking=lacking) for t in tallies], exact=exact, why=why
    )


@dataclass(slots=True, eq=False)
class _Tally:
    """What is known of a side so far."""

    parts: Floats  # (walks, M)
    influence: Floats  # (n, M + 2)
    ends: dict[str, float]

    @staticmethod
    def empty(n: int, players: int, walks: int) -> _Tally:
        return _Tally(np.zeros((walks, players)), np.zeros((n, players + 2)), {})

    def add(self, value: float, influence: Floats, *, visit: Visit) -> None:
        self.parts[visit.walk] += value * visit.weights
        self.influence[:, :-2] += np.outer(influence, visit.weights / len(self.parts))
        if visit.inside.all() or not visit.inside.any():
            whole = visit.inside.all()
            self.ends["total" if whole else "start"] = value
            self.influence[:, -1 if whole else -2] = influence

    def side(self, *, walked: bool, lacking: str) -> Side:
        n, players = len(self.influence), self.parts.shape[1]
        parts = self.parts.mean(axis=0)
        if not n or not np.isfinite(parts).all():
            spread = np.zeros((players + 2, players + 2))
            why = lacking if n else "no rows"
            return Side(n=n, parts=parts * np.nan, start=np.nan, total=np.nan, spread=spread, why=why)
        return Side(
            n=n,
            parts=parts,
            start=self.ends["start"],
            total=self.ends["total"],
            spread=np.cov(self.influence, rowvar=False, ddof=1)
            if n > 1
            else np.zeros((players + 2,) * 2),
            walks=self.parts if walked else None,
        )


def _plan(question: Question) -> tuple[list[Visit], int, bool]:
    """The coalitions, how many background rows each row takes, and whether they are all coalitions."""
    n, players, size = len(question.rows), len(question.players), len(question.background)
    budget = BUDGET if question.budget is None else question.budget
    affordable = budget // max(n, 1)
    if players <= _MOST_ENUMERATED and (1 << players) <= affordable:
        each = int(np.clip(affordable >> players, 1, size))
        return _every(players), each, True
    each = int(np.clip(_ENOUGH // max(n, 1), 1, size))
    walks = max(FEWEST_WALKS, affordable // (2 * (players - 1) * each))
    return _walks(question.rng, players, min(walks, 200)), each, False


def _every(players: int) -> list[Visit]:
    weights, inside = shapley_weights(players), coalitions(players)
    return [Visit(inside=inside[s], weights=weights[:, s], walk=0) for s in range(len(inside))]


def _walks(rng: np.random.Generator, players: int, walks: int) -> list[Visit]:
    found = []
    for walk in range(walks):
        there = rng.permutation(players)
        for order in (there, there[::-1]):
            for count in range(players + 1):
                inside = np.zeros(players, dtype=bool)
                inside[order[:count]] = True
                weights = np.zeros(players)
                if count:
                    weights[order[count - 1]] += 0.5
                if count < players:
                    weights[order[count]] -= 0.5
                found.append(Visit(inside=inside, weights=weights, walk=walk))
    return found


def _scores(held: Hybrids, inside: NDArray[np.bool_], z: Ints, *, own: Floats, output: int) -> Floats:
    """The numbers of rows with the columns off a coalition redrawn, shape (n, k)."""
    n, each = z.shape
    if inside.all() or not inside.any():
        return own[:, None]
    found, at_once = np.empty((n, each)), max(1, CHUNK_ROWS // each)
    for start in range(0, n, at_once):
        rows = np.arange(start, min(start + at_once, n))
        x = np.repeat(rows, each)
        at = np.empty((len(inside), len(x)), dtype=np.intp)
        at[inside] = x
        at[~inside] = held.n + z[rows].ravel()
        found[rows] = held.mixed(at.T, x)[:, output].reshape(len(rows), each)
    return found


def _nobody(worth: Worth, behind: Floats, labels: Floats) -> tuple[float, Floats]:
    """The worth where every row takes its score from the background, every row of it alike."""
    if worth is auc_worth:
        both = bool((labels == 1).any() and (labels != 1).any())
        return (0.5 if both else np.nan), np.zeros(len(labels))
    return worth(np.full((len(labels), 1), behind.mean()), labels)


def _placed(scores: Floats, others: Floats) -> Floats:
    """The share of others below each score, ties by half."""
    ordered = np.sort(others)
    low, high = (np.searchsorted(ordered, scores, side=side) for side in ("left", "right"))
    return np.asarray((low + high) / (2 * len(ordered)))
