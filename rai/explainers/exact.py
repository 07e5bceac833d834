"""Any model, few players: every coalition is asked about.

    v(S) = mean over the background of the score with S from the row and the rest from the background
    φⱼ   = Σ over S without j of  |S|! (M − |S| − 1)! / M!  ·  (v(S ∪ j) − v(S))
"""

from __future__ import annotations

from math import comb

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.hybrids import Bools, Hybrids
from rai.explainers.questions import Answer, Explainer, Question
from rai.models.batches import Progress

MOST_PLAYERS = 10
MOST_ROWS = 10_000_000  # the model is asked about, if nobody says how many
CHUNK_ROWS = 1 << 19


def coalitions(players: int) -> Bools:
    """Every coalition, shape (2^M, M); player j is in the ones whose bit j is set.

    Example:
        >>> coalitions(2).astype(int).tolist()
        [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    return (np.arange(1 << players)[:, None] >> np.arange(players)) % 2 == 1


def shapley_weights(players: int) -> Floats:
    """From worths of all coalitions to Shapley values: a matrix of shape (M, 2^M).

    Example:
        >>> (shapley_weights(2) @ [0, 1, 3, 10]).tolist()  # two players, alone worth 1 and 3
        [4.0, 6.0]

    Source: Shapley (1953), doi:10.1515/9781400881970-018.
    """
    held = coalitions(players)
    sizes = held.sum(axis=1)
    of_size = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    joined = of_size[np.clip(sizes - 1, 0, None)]
    left = of_size[np.clip(sizes, None, players - 1)]
    return np.where(held, joined[:, None], -left[:, None]).T


def worths(held: Hybrids, *, background: int, progress: Progress | None = None) -> Floats:
    """What every coalition is worth in every row, shape (n, 2^M, K).

    Args:
        held: Rows and background, ready to be mixed.
        background: Rows of the background, B.
        progress: Called with the rows done and the rows in all.
    """
    masks = coalitions(len(held.players))
    size, n = len(masks), held.n
    at_once = max(1, CHUNK_ROWS // (size * background))
    rows_at_once = max(1, min(background, CHUNK_ROWS // size))
    found = np.zeros((n, size, len(held.space.outputs)))
    for start in range(0, n, at_once):
        rows = np.arange(start, min(start + at_once, n))
        for first in range(0, background, rows_at_once):
            others = np.arange(first, min(first + rows_at_once, background))
            x = np.repeat(rows, len(others) * size)
            z = np.tile(np.repeat(others, size), len(rows))
            from_x = np.tile(masks, (len(rows) * len(others), 1))
            scores = held.scores(x, z, from_x).reshape(len(rows), len(others), size, -1)
            found[rows] += scores.sum(axis=1)
        if progress is not None:
            progress(int(rows[-1]) + 1, n)
    return found / background


def _refuses(question: Question) -> str:
    players = len(question.players)
    if players > MOST_PLAYERS:
        return f"{players} players, at most {MOST_PLAYERS}"
    asked = len(question.rows) * len(question.background) << players
    most = MOST_ROWS if question.budget is None else question.budget
    if asked > most:
        return f"it would ask the model about {asked:,} rows, at most {most:,}"
    return ""


def _answer(question: Question) -> Answer:
    found = worths(
        question.hybrids(), background=len(question.background), progress=question.progress
    )
    values = np.einsum("ms,nsk->nmk", shapley_weights(len(question.players)), found)
    return Answer(values=values, base=found[:, 0])


EXACT = Explainer(
    name="exact",
    what="exact Shapley values of any model, from every coalition",
    kind="interventional",
    exact=True,
    refuses=_refuses,
    answer=_answer,
    most_background=MOST_ASKED,
    source="Shapley (1953), doi:10.1515/9781400881970-018",
)
