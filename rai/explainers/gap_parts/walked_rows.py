"""Any model, any number of rows: each row walks from a few background rows there and back.

    row i   z₁ ─▶ x_i ─▶ z₁   z₂ ─▶ x_i ─▶ z₂      means of what each player adds, and how far
                                                   f(z₁), f(z₂) are off the background's mean

Background rows lie one stride apart in a shuffled order, so that a row's are all different.
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.hybrids import Hybrids
from rai.explainers.questions import Question
from rai.explainers.sampled import CHUNK_ROWS, pairs_of, random_ranks

BUDGET = 3_000_000  # rows that the model is asked about, if nobody says how many


def walked_table(question: Question, *, output: int, labels: Ints | None = None) -> Floats:
    """Each row's parts, base, score and control, shape (n, M + 3).

    Args:
        question: What is asked.
        output: Which output.
        labels: Numbers that are equal where the rows' labels are, in the space of losses, shape (n,).
    """
    held, rng = question.hybrids(), question.rng
    pairs, n, size = pairs_of(held), len(question.rows), len(question.background)
    players, each = len(question.players), draws_of(question)
    bases = _bases(held, pairs.background_raw, output=output, labels=labels)
    order, starts = rng.permutation(size), rng.integers(size, size=n)
    table = np.empty((n, players + 3))
    table[:, players], table[:, players + 1] = bases, pairs.row_scores[:, output]
    at_once = max(1, CHUNK_ROWS // (each * max(pairs.steps, 1)))
    for first in range(0, n, at_once):
        rows = np.arange(first, min(first + at_once, n))
        x, z = np.repeat(rows, each), order[_strides(starts[rows], each, size)].ravel()
        ranks = random_ranks(rng, len(x), players)
        added = pairs.walked(x, z, ranks=ranks)[:, :, output]
        table[rows, :players] = added.reshape(len(rows), each, players).mean(axis=1)
        drawn = pairs.ends(x, z)[0][:, output].reshape(len(rows), each).mean(axis=1)
        table[rows, -1] = drawn - bases[rows]
        if question.progress is not None:
            question.progress(int(rows[-1]) + 1, n)
    if each == size:
        table[:, -1] = 0.0
    return table


def draws_of(question: Question) -> int:
    """Background rows of each row: all if the budget allows, at least one."""
    budget = BUDGET if question.budget is None else question.budget
    steps = max(1, 2 * (len(question.players) - 1))
    return int(np.clip(budget // (steps * len(question.rows)), 1, len(question.background)))


def _strides(starts: Ints, each: int, size: int) -> Ints:
    """Different places for each row, evenly apart, each place as likely as any other, (r, each)."""
    return np.asarray((starts[:, None] + np.arange(each) * size // each) % size)


def _bases(held: Hybrids, raw: Floats, *, output: int, labels: Ints | None) -> Floats:
    """The mean over the whole background of each row's number, shape (n,): one for each label."""
    alike = np.zeros(held.n, dtype=np.intp) if labels is None else labels
    _, first, inverse = np.unique(alike, return_index=True, return_inverse=True)
    found, at_once = np.empty(len(first)), max(1, CHUNK_ROWS // len(raw))
    for start in range(0, len(first), at_once):
        rows = first[start : start + at_once]
        repeated = np.concatenate([raw] * len(rows))
        numbers = held.space.turn(repeated, np.repeat(rows, len(raw)))[:, output]
        found[start : start + at_once] = numbers.reshape(len(rows), -1).mean(axis=1)
    return found[inverse]
