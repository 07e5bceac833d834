"""Deletion and insertion: how fast does the model's number move when players go, or come, in order?

deletion    x ──▶ without the first ──▶ without the first two ──▶ … ──▶ the background alone
insertion   the background alone ──▶ with the first ──▶ … ──▶ x

What is worth most with the first k players in, from any end, is one chain; deletion reads one backwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.hybrids import Bools
from rai.explainers.quality.measures import (
    Better,
    CurvePoint,
    Curves,
    QualityMeasure,
    QualityMeasures,
    mean_of,
    measure_of,
)

# From rows and kept players to what they are worth.
Worth = Callable[[Ints, Bools], Floats]

# Of each curve and order whether a higher area is better. By size the area is that of the distance from
# the model's number of the whole row; else that of the number itself.
DIRECTIONS: dict[tuple[str, str], Better] = {
    ("deletion", "size"): "higher",
    ("deletion", "positive"): "lower",
    ("deletion", "negative"): "higher",
    ("insertion", "size"): "lower",
    ("insertion", "positive"): "higher",
    ("insertion", "negative"): "lower",
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chains:
    """The model's number step by step.

    Args:
        held: Curve and order to numbers of each row, shape (n, M + 1); of random orders (n, R, M + 1).
    """

    held: dict[tuple[str, str], Floats]

    def measures(self, *, level: float, note: str = "") -> QualityMeasures:
        """The area under each curve, and how much better it is than that of random orders."""
        found: list[QualityMeasure] = []
        for (curve, order), better in DIRECTIONS.items():
            own, chance = self.held[curve, order], self.held[curve, "random"]
            if order == "size":
                full = own[:, :1] if curve == "deletion" else own[:, -1:]
                own, chance = np.abs(own - full), np.abs(chance - full[:, None])
            area, by_chance = area_of(own), area_of(chance).mean(axis=1)
            gain = area - by_chance if better == "higher" else by_chance - area
            name = f"{curve}_{order}"
            found += [
                measure_of(name, area, better=better, level=level, note=note),
                measure_of(f"{name}_random", by_chance, better=better, level=level, note=note),
                measure_of(f"{name}_gain", gain, better="higher", level=level, note=note),
            ]
        return QualityMeasures(found)

    def points(self, *, level: float) -> Curves:
        """The curves, mean over rows."""
        found = []
        for (curve, order), numbers in self.held.items():
            rows = numbers.mean(axis=1) if order == "random" else numbers
            for step in range(rows.shape[1]):
                value, low, high = mean_of(rows[:, step], level=level)
                assert value is not None
                found.append(
                    CurvePoint(
                        curve=curve,
                        order=order,
                        step=step,
                        share=step / (rows.shape[1] - 1),
                        value=value,
                        low=low,
                        high=high,
                        n=len(rows),
                    )
                )
        return Curves(found)


def area_of(numbers: Floats) -> Floats:
    """The area under numbers at equal steps from 0 to 1, along the last axis.

    Example:
        >>> area_of(np.array([0.0, 1.0, 1.0])).tolist()
        0.75
    """
    return np.asarray((numbers[..., 1:] + numbers[..., :-1]).mean(axis=-1) / 2)


def chains_of(
    values: Floats,
    *,
    scores: Floats,
    base: Floats,
    worth: Worth,
    orders: int,
    rng: np.random.Generator,
) -> Chains:
    """Deletion and insertion by size, by sign and at random.

    Args:
        values: Attributions, shape (n, M).
        scores: The model's numbers of the rows, shape (n,).
        base: Means over the background, shape (n,).
        worth: What rows are worth with some of their players.
        orders: Random orders of each row, R.
        rng: Source of the random ones.

    Example:
        >>> worth = lambda x, kept: kept @ np.array([1.0, 3.0])
        >>> found = chains_of(np.array([[1.0, 3.0]]), scores=np.array([4.0]), base=np.array([0.0]),
        ...     worth=worth, orders=1, rng=np.random.default_rng(0))
        >>> found.held["deletion", "size"].tolist(), found.held["insertion", "size"].tolist()
        ([[4.0, 1.0, 0.0]], [[0.0, 3.0, 4.0]])

    Source: Petsiuk et al. (2018), RISE, arXiv:1806.07421.
    """
    size = np.argsort(-np.abs(values), axis=1, kind="stable")
    positive = np.argsort(-values, axis=1, kind="stable")
    n, players = values.shape
    chance = rng.random((n, orders, players)).argsort(axis=2)
    every = np.stack([size, size[:, ::-1], positive, positive[:, ::-1]], axis=1)
    every = np.concatenate([every, chance], axis=1)
    inserted = _inserted(every, scores=scores, base=base, worth=worth)
    by_size, away, up, down, random = (*(inserted[:, at] for at in range(4)), inserted[:, 4:])
    held = {
        ("deletion", "size"): away[:, ::-1],
        ("deletion", "positive"): down[:, ::-1],
        ("deletion", "negative"): up[:, ::-1],
        ("deletion", "random"): random[:, :, ::-1],
        ("insertion", "size"): by_size,
        ("insertion", "positive"): up,
        ("insertion", "negative"): down,
        ("insertion", "random"): random,
    }
    return Chains(held=held)


def _inserted(orders: Ints, *, scores: Floats, base: Floats, worth: Worth) -> Floats:
    """Numbers with the first 0, 1, … M of each order in, shape (n, C, M + 1)."""
    n, count, players = orders.shape
    found = np.empty((n, count, players + 1))
    found[:, :, 0], found[:, :, -1] = base[:, None], scores[:, None]
    if players > 1:
        rank = orders.argsort(axis=2)
        kept = rank[:, :, None, :] < np.arange(1, players)[:, None]
        x = np.repeat(np.arange(n), count * (players - 1))
        found[:, :, 1:-1] = worth(x, kept.reshape(-1, players)).reshape(n, count, players - 1)
    return found
