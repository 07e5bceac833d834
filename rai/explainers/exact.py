"""Any model, few players: every coalition is asked about.

v(S) = mean over the background of the score with S from the row and the rest from the background
φⱼ   = Σ over S without j of  |S|! (M − |S| − 1)! / M!  ·  (v(S ∪ j) − v(S))
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.enumeration import (
    CHUNK_ROWS,
    WORTH_LOOKING,
    coalitions,
    entries_of,
    shapley_weights,
    share_repeated,
    summed_worths,
)
from rai.explainers.hybrids import Hybrids
from rai.explainers.questions import Answer, Explainer, Question
from rai.models.batches import Progress

MOST_PLAYERS = 10
MOST_ROWS = 10_000_000  # the model is asked about, if nobody says how many


def shapley_values(worths: Floats) -> Floats:
    """Shapley values of M players, from what every coalition is worth.

    Args:
        worths: Of each coalition, as bits, shape (n, 2^M, K).

    Returns:
        Values, shape (n, M, K).

    Example:
        >>> alone_and_both = np.array([0.0, 1, 3, 10])[None, :, None]  # two players, alone worth 1 and 3
        >>> shapley_values(alone_and_both)[0, :, 0].tolist()
        [4.0, 6.0]

    Source: Shapley (1953), doi:10.1515/9781400881970-018.
    """
    players = worths.shape[1].bit_length() - 1
    held, weights = coalitions(players), shapley_weights(players)
    found = np.empty((len(worths), players, worths.shape[2]))
    for place in range(players):  # differences first, so that who adds nothing gets exactly 0
        joined = np.flatnonzero(held[:, place])
        added = worths[:, joined] - worths[:, joined ^ 1 << place]
        found[:, place] = np.einsum("s,nsk->nk", weights[place, joined], added)
    return found


def worths(held: Hybrids, *, background: int, progress: Progress | None = None) -> Floats:
    """What every coalition is worth in every row, shape (n, 2^M, K).

    Args:
        held: Rows and background, ready to be mixed.
        background: Rows of the background, B.
        progress: Called with the rows done and the rows in all.
    """
    size, outputs, n = 1 << len(held.players), len(held.space.outputs), held.n
    found, repeats = np.zeros((n, size, outputs)), True
    at_once = max(1, CHUNK_ROWS // size)
    for first in range(0, background, at_once):
        last = min(first + at_once, background)
        entries = entries_of(held.codes[held.n + first : held.n + last])
        some = max(1, CHUNK_ROWS // (entries.of.size * outputs))
        for start in range(0, n, some):
            rows = np.arange(start, min(start + some, n))
            if not start and not first:
                repeats = share_repeated(held, entries, rows=rows, first=0) >= WORTH_LOOKING
            found[rows] += summed_worths(held, entries, rows=rows, first=first, repeats=repeats)
            if progress is not None:
                progress((first * n + (int(rows[-1]) + 1) * (last - first)) // background, n)
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
    found = worths(question.hybrids(), background=len(question.background), progress=question.progress)
    return Answer(values=shapley_values(found), base=found[:, 0])


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
