"""Every row with every row of the background, through a module, some pairs at a time.

values of a row = mean over the background of what a method gives for the pair (row, background row)
base            = mean over the background of the module's numbers
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.engines.torch_inputs import Inputs
from rai.explainers.questions import Answer, Question

ROWS_AT_ONCE = 1 << 16
NUMBERS_AT_ONCE = 1 << 23
LARGE = 0.05  # of what a row's score is away from the base

# From places of rows, places of background rows and an output to attributions by player, (m, M).
OfPairs = Callable[[Ints, Ints, int], Floats]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ends:
    """A module's numbers at both ends of all paths.

    Args:
        rows: Of the rows, shape (n, K).
        background: Of the background, shape (B, K).
    """

    rows: Floats
    background: Floats

    def moved(self, x: Ints, z: Ints, k: int) -> Floats:
        """What a row's number is more than a background row's, shape (m,)."""
        return np.asarray(self.rows[x, k] - self.background[z, k])

    def scale(self, k: int) -> float:
        """The largest such difference."""
        low, high = self.background[:, k], self.rows[:, k]
        return float(max(high.max() - low.min(), low.max() - high.min(), 0.0))


def ends_of(scoring: Any, inputs: Inputs) -> Ends:
    """A module's numbers of rows and background."""
    return Ends(rows=numbers_of(scoring, inputs.rows), background=numbers_of(scoring, inputs.background))


def numbers_of(scoring: Any, inputs: tuple[Any, ...]) -> Floats:
    """A module's numbers, without gradients, shape (m, K)."""
    import torch

    with torch.no_grad():
        found = [
            scoring(*(each[start : start + ROWS_AT_ONCE] for each in inputs))
            for start in range(0, len(inputs[0]), ROWS_AT_ONCE)
        ]
    return np.concatenate([each.detach().cpu().double().numpy() for each in found])


def averaged(question: Question, ends: Ends, of_pairs: OfPairs, *, at_once: int) -> Answer:
    """Means over the background of what a method gives for pairs.

    Args:
        question: What is asked.
        ends: The module's numbers at both ends.
        of_pairs: The method.
        at_once: How many pairs it is given at once.
    """
    shape = (len(question.rows), len(question.players), ends.rows.shape[1])
    values = np.zeros(shape)
    for x, z in _chunks(shape[0], len(ends.background), at_once):
        for k in range(shape[2]):
            np.add.at(values[:, :, k], x, of_pairs(x, z, k))
        if question.progress is not None:
            question.progress(int(x[-1]) + 1, shape[0])
    return answer_of(values / len(ends.background), ends)


def answer_of(values: Floats, ends: Ends, *, notes: tuple[str, ...] = ()) -> Answer:
    """Values and base, with a note where they miss a row's score by much."""
    mean = ends.background.mean(axis=0)
    return Answer(
        values=values,
        base=np.broadcast_to(mean, (len(values), len(mean))),
        notes=(*_missed(values, ends, mean), *notes),
    )


def at_once(width: int, *, steps: int = 1) -> int:
    """How many pairs fit into one call, of so many numbers each and with so many steps on the way."""
    return max(1, min(ROWS_AT_ONCE, NUMBERS_AT_ONCE // max(width, 1)) // steps)


def _missed(values: Floats, ends: Ends, base: Floats) -> tuple[str, ...]:
    moved = ends.rows - base
    off = np.abs(values.sum(axis=1) - moved)
    rounding = 1e-5 * max(1.0, float(np.abs(ends.rows).max()))
    large = (off > np.maximum(LARGE * np.abs(moved), rounding)).any(axis=1)
    if not large.any():
        return ()
    seen = f"In {int(large.sum()):,} of {len(values):,} rows the parts miss what the score is"
    return (f"{seen} away from the base by more than {LARGE:.0%}.",)


def _chunks(n: int, background: int, size: int) -> Iterator[tuple[Ints, Ints]]:
    for start in range(0, n * background, size):
        yield np.divmod(np.arange(start, min(start + size, n * background)), background)
