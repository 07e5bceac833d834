"""Every coalition of few players, each mixed with every background row, no hybrid asked about twice.

    S = {age}, z₁ = (F, 20), z₂ = (F, 20)    alike outside S  ──▶  one is asked about
    x and z agree in sex                     S and S ∪ {sex} are the same hybrid

Which rows of the background differ outside a coalition is the same for all rows that are explained, so
it is found once. What x and z share is found with bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.hybrids import Bools, Hybrids

CHUNK_ROWS = 1 << 16  # few enough to stay close to the processor
# Rows that are explained share hybrids, too. They are looked for where they make up this share at first.
WORTH_LOOKING = 0.1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Entries:
    """Coalitions and the background rows that differ outside them, R in all, coalition by coalition.

    Args:
        coalition: The coalition of each, as bits, shape (R,).
        row: The first row of the background of each, shape (R,).
        of: The entry of each coalition and row of the background, shape (2^M, B).
    """

    coalition: Ints
    row: Ints
    of: Ints

    def __len__(self) -> int:
        return len(self.row)


def coalitions(players: int) -> Bools:
    """Every coalition, shape (2^M, M); player j is in the ones whose bit j is set.

    Example:
        >>> coalitions(2).astype(int).tolist()
        [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    return np.asarray((np.arange(1 << players)[:, None] >> np.arange(players)) % 2 == 1)


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
    return np.asarray(np.where(held, joined[:, None], -left[:, None]).T)


def entries_of(codes: Ints) -> Entries:
    """What has to be asked about for a row that agrees with no background row in anything.

    Args:
        codes: Numbers of the background's values, equal where values are, shape (B, M).

    Example:
        >>> entries = entries_of(np.array([[0, 5], [1, 5]]))  # the second player's value is the same
        >>> entries.coalition.tolist(), entries.row.tolist(), entries.of.tolist()
        ([0, 0, 1, 2, 2, 3], [0, 1, 0, 0, 1, 0], [[0, 1], [2, 2], [3, 4], [5, 5]])
    """
    size, players = codes.shape
    inside = (1 << players) - 1
    kinds = np.zeros((1 << players, size), dtype=np.intp)
    firsts: list[Ints] = [np.zeros(0, dtype=np.intp)] * (1 << players)
    firsts[inside] = np.zeros(1, dtype=np.intp)
    for coalition in range(inside - 1, -1, -1):
        joining = _lowest_bit(~coalition)
        larger = coalition | 1 << joining
        if len(firsts[larger]) == size:  # all differ already
            kinds[coalition], firsts[coalition] = kinds[larger], firsts[larger]
            continue
        own = codes[:, joining]
        key = kinds[larger] * (int(own.max()) + 1) + own
        _, firsts[coalition], kinds[coalition] = np.unique(key, return_index=True, return_inverse=True)
    sizes = np.array([len(first) for first in firsts])
    starts = np.cumsum(sizes) - sizes
    return Entries(
        coalition=np.repeat(np.arange(1 << players), sizes),
        row=np.concatenate(firsts),
        of=kinds + starts[:, None],
    )


def summed_worths(held: Hybrids, entries: Entries, *, rows: Ints, first: int, repeats: bool) -> Floats:
    """The sum over background rows of every coalition's score, shape (r, 2^M, K).

    Args:
        held: Rows and background, ready to be mixed.
        entries: Of some background rows.
        rows: Places of the rows to explain, shape (r,).
        first: The place of the first of those background rows in the background.
        repeats: Whether to look for hybrids that rows share.
    """
    i, entry, number = _asked(held, entries, rows, first)
    scores = _scores(held, entries, rows[i], entry=entry, first=first, repeats=repeats)
    # Added up in one order, so that what is equal stays so.
    return np.asarray(scores[number[:, entries.of]].sum(axis=2))


def share_repeated(held: Hybrids, entries: Entries, *, rows: Ints, first: int) -> float:
    """The share of hybrids that are another row's, too."""
    i, entry, _ = _asked(held, entries, rows, first)
    at = _places(held, entries, rows[i], entry=entry, first=first)
    return 1 - len(held.distinct(at)[0]) / len(at)


def _asked(held: Hybrids, entries: Entries, rows: Ints, first: int) -> tuple[Ints, Ints, Ints]:
    """Row and entry of the hybrids that differ, and which of these each entry is, (r, R)."""
    background = held.codes[held.n + first : held.n + first + entries.of.shape[1]]
    bits = 1 << np.arange(len(held.players))
    shared = sum(
        bit * (held.codes[rows, place, None] == background[:, place])
        for place, bit in enumerate(bits.tolist())
    )
    joined = entries.coalition | np.asarray(shared, dtype=np.intp)[:, entries.row]
    i, entry = np.nonzero(joined == entries.coalition)
    number = np.empty(joined.shape, dtype=np.intp)
    number[i, entry] = np.arange(len(i))
    same = entries.of[joined, entries.row]
    return i, entry, np.take_along_axis(number, same, axis=1)


def _places(held: Hybrids, entries: Entries, x: Ints, *, entry: Ints, first: int) -> Ints:
    """Where the values of hybrids come from, shape (m, M)."""
    coalition, z = entries.coalition[entry], held.n + first + entries.row[entry]
    players = len(held.players)
    at = np.empty((players, len(x)), dtype=np.intp)
    for place in range(players):
        at[place] = np.where(coalition >> place & 1, x, z)
    return at.T


def _scores(
    held: Hybrids, entries: Entries, x: Ints, *, entry: Ints, first: int, repeats: bool
) -> Floats:
    found = []
    for start in range(0, len(x), CHUNK_ROWS):
        some = slice(start, start + CHUNK_ROWS)
        at = _places(held, entries, x[some], entry=entry[some], first=first)
        found.append(held.mixed(at, x[some], repeats=repeats))
    return np.concatenate(found)


def _lowest_bit(number: int) -> int:
    return (number & -number).bit_length() - 1
