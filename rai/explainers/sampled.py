"""Any model: Shapley values from permutations, one of its own for each row and background row.

    order  hours · age · sex          z ─hours─▶ ─age─▶ ─sex─▶ x      what each step adds
    and back:  sex · age · hours      z ─sex─▶ ─age─▶ ─hours─▶ x      the mean of both

Every pair's steps add up to the score of x minus the score of z, so the values add up exactly; what is
estimated is how the sum is split. Each pair is walked at least twice, the second time along the same
order begun half way, so that the two are not the same, and what differs between walks tells the standard
error. Such walks differ more than independent ones would, so it is rather too large than too small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.hybrids import Hybrids
from rai.explainers.questions import Answer, Explainer, Question

WALKS = 2  # of each pair, if nobody says how many rows the model may be asked about
CHUNK_ROWS = 1 << 18


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Pairs:
    """Rows and background rows, ready to be walked between.

    Args:
        held: Rows and background, ready to be mixed.
        row_scores: The numbers of the rows, shape (n, K).
        background_raw: What the model says of the background, shape (B,) or (B, k).
    """

    held: Hybrids
    row_scores: Floats
    background_raw: Floats

    @property
    def steps(self) -> int:
        """Rows that the model is asked about in a walk there and back."""
        return 2 * (len(self.held.players) - 1)

    def ends(self, x: Ints, z: Ints) -> tuple[Floats, Floats]:
        """The numbers at both ends, of background row and row, shape (m, K) each."""
        return self.held.space.turn(self.background_raw[z], x), self.row_scores[x]

    def walked(self, x: Ints, z: Ints, *, ranks: Ints) -> Floats:
        """What each player adds on the way from z to x, on average there and back, shape (m, M, K).

        Args:
            x: Places of rows, shape (m,).
            z: Places of background rows, shape (m,).
            ranks: When each player's value changes, a permutation of 0 to M − 1 in each row, (m, M).
        """
        count, players = ranks.shape
        low, high = self.ends(x, z)
        if players == 1:
            return (high - low)[:, None]
        there = ranks[:, None, :] < np.arange(1, players)[:, None]
        masks = np.stack([there, ~there[:, ::-1]], axis=1).reshape(-1, players)
        times = self.steps
        between = self.held.scores(np.repeat(x, times), np.repeat(z, times), masks)
        between = between.reshape(count, 2, players - 1, -1)
        shape = (count, 2, 1, between.shape[-1])
        low, high = (np.broadcast_to(end[:, None, None], shape) for end in (low, high))
        added = np.diff(np.concatenate([low, between, high], axis=2), axis=2)
        both = np.stack([ranks, players - 1 - ranks], axis=1)[..., None]
        return np.asarray(np.take_along_axis(added, both, axis=2).mean(axis=1))


def pairs_of(held: Hybrids) -> Pairs:
    """Rows and background rows, ready to be walked between."""
    return Pairs(held=held, row_scores=held.row_scores(), background_raw=held.background_raw())


def random_ranks(rng: np.random.Generator, count: int, players: int) -> Ints:
    """Permutations of 0 to M − 1, each as likely as any other, shape (count, M).

    Example:
        >>> sorted(random_ranks(np.random.default_rng(0), 1, 3)[0].tolist())
        [0, 1, 2]
    """
    return np.argsort(rng.random((count, players)), axis=1)


def walk_ranks(chances: Sequence[np.random.Generator], count: int, players: int, *, walks: int) -> Ints:
    """Orders of several walks of each pair: every second one is the one before, begun half way.

    Args:
        chances: A source of randomness for every two walks.
        count: Pairs.
        players: M.
        walks: Of each pair.

    Returns:
        Ranks, shape (walks, count, M).

    Example:
        >>> ranks = walk_ranks([np.random.default_rng(0)], 1, 4, walks=2)
        >>> ((ranks[1] - ranks[0]) % 4).tolist()
        [[2, 2, 2, 2]]
    """
    firsts = [random_ranks(chance, count, players) for chance in chances]
    both = [ranks for first in firsts for ranks in (first, (first + players // 2) % players)]
    return np.stack(both[:walks])


def _walks(question: Question) -> int:
    """How often each pair is walked; 0 if even once is too often."""
    if question.budget is None:
        return WALKS
    pairs = len(question.rows) * len(question.background)
    return question.budget // max(1, pairs * 2 * (len(question.players) - 1))


def _refuses(question: Question) -> str:
    if _walks(question) >= WALKS:
        return ""
    pairs = len(question.rows) * len(question.background)
    needed = pairs * WALKS * 2 * (len(question.players) - 1)
    return (
        f"it needs to ask the model about {needed:,} rows, more than budget={question.budget:,}; "
        "a smaller background needs fewer"
    )


def _chunks(question: Question, walks: int) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of rows and background rows, as many at a time as can be walked at once."""
    size, each = len(question.background), 2 * max(1, len(question.players) - 1)
    total, outputs = len(question.rows) * size, len(question.space.outputs)
    at_once = max(1, CHUNK_ROWS // (each * walks * max(1, outputs // 4)))
    for start in range(0, total, at_once):
        yield np.divmod(np.arange(start, min(start + at_once, total)), size)


def _answer(question: Question) -> Answer:
    pairs, walks = pairs_of(question.hybrids()), _walks(question)
    players, background = len(question.players), len(question.background)
    chances = question.rng.spawn(-(-walks // 2))
    shape = (len(question.rows), players, len(question.space.outputs))
    values, squares, base = np.zeros(shape), np.zeros(shape), np.zeros((shape[0], shape[2]))
    for x, z in _chunks(question, walks):
        ranks = walk_ranks(chances, len(x), players, walks=walks).reshape(-1, players)
        found = pairs.walked(np.tile(x, walks), np.tile(z, walks), ranks=ranks)
        found = found.reshape(walks, len(x), *shape[1:])
        np.add.at(values, x, found.mean(axis=0))
        np.add.at(squares, x, found.var(axis=0, ddof=1) / walks)
        np.add.at(base, x, pairs.ends(x, z)[0])
        if question.progress is not None:
            question.progress(int(x[-1]) + 1, shape[0])
    return Answer(
        values=values / background,
        base=base / background,
        standard_errors=np.sqrt(squares) / background,
    )


SAMPLED = Explainer(
    name="sampled",
    what="Shapley values of any model, estimated from permutations",
    kind="interventional",
    exact=False,
    refuses=_refuses,
    answer=_answer,
    most_background=MOST_ASKED,
    source="Castro et al. (2009), doi:10.1016/j.cor.2008.04.004; "
    "there and back: Mitchell et al. (2022), arXiv:2104.12199",
)
