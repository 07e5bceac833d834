"""Shapley values by their definition: every coalition, every row of the background."""

from itertools import chain, combinations
from math import comb

import numpy as np

from rai.engines.frames import open_rows


def shapley(score, x_rows, background_rows, players):
    """Shapley values of `v(S) = mean over background rows z of score(x on S, z off S)`.

    Args:
        score: From rows (`rai.engines.frames.Rows`) to an array (m,) or (m, K).
        x_rows: The rows to explain, n of them: any frame.
        background_rows: The background, B rows: any frame with the same columns.
        players: The columns of each player, M of them: names, or lists of names.

    Returns:
        Values (n, M, K) and base (K,), the mean score of the background.
    """
    x, background = open_rows(x_rows), open_rows(background_rows)
    columns = [[each] if isinstance(each, str) else list(each) for each in players]
    both, n, b, m = x.append(background), len(x), len(background), len(columns)
    own, other = np.repeat(np.arange(n), b), np.tile(n + np.arange(b), n)
    values = {}
    for coalition in chain.from_iterable(combinations(range(m), size) for size in range(m + 1)):
        kept = {name for player in coalition for name in columns[player]}
        rows = both.gathered({name: own if name in kept else other for name in both.names})
        scores = np.asarray(score(rows), dtype=np.float64).reshape(n, b, -1)
        values[coalition] = scores.mean(axis=1)
    phi = np.zeros((n, m, values[()].shape[1]))
    for coalition, value in values.items():
        for player in set(range(m)) - set(coalition):
            joined = tuple(sorted((*coalition, player)))
            phi[:, player] += (values[joined] - value) / (m * comb(m - 1, len(coalition)))
    return phi, values[()].mean(axis=0)
