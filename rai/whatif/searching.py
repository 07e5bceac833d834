"""The search for edits of a row that have another outcome.

few edits in all      every one is asked about: what is not found does not exist
else  one change      each value of each feature
      from data       rows that have the outcome, taken over, then change by change undone
      forward         sizes 2, 3 …: values that went the right way, put together, nearest first
      by chance       as long as nothing is found and predictions are left
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.whatif.edit_space import Space, Tried, ask, grid_of, untried

DONORS = 24  # rows of the data whose values are taken over at a time
FRONT = 12  # values of a feature that are combined with those of others
WORDS = 6  # of words at least so many
EACH = 10  # combinations of the same features that are asked about
FEATURES = 30  # features that are combined
SETS = 300  # sets of features that are combined
CHANCE = 500  # edits by chance at a time
RESERVED = 4  # a quarter of the predictions is kept for making found edits smaller


def search(space: Space, donors: Ints, *, budget: int, rng: np.random.Generator) -> tuple[Tried, bool]:
    """Ask about edits until enough is known of which ones have the outcome.

    Args:
        space: The edits.
        donors: Edits that take over the values of rows that have the outcome, the nearest first,
            shape (d, f).
        budget: How many predictions may be spent.
        rng: For what is left to chance.

    Returns:
        The edits that were tried, and whether those are all that there are.
    """
    tried = untried(space, budget=budget)
    if space.size <= budget:
        return ask(space, tried, space.every()), True
    reserve = budget // RESERVED
    first = np.concatenate((one_change(space), donors[:DONORS]))
    tried = ask(space, replace(tried, left=budget - reserve), first)
    tried = from_rows(space, tried, donors[:DONORS])
    for count in range(2, space.most + 1):
        tried = ask(space, tried, combined(space, tried, count))
    for start in range(DONORS, len(donors), DONORS):
        if len(tried.found(space.most)) or not tried.left:
            break
        tried = from_rows(space, tried, donors[start : start + DONORS])
    return by_chance(space, replace(tried, left=tried.left + reserve), rng), False


def one_change(space: Space) -> Ints:
    """Edits of one feature, to the values that are tried first, shape (c, f)."""
    width = len(space.choices)
    return np.concatenate(
        [grid_of([at], [choice.grid], width) for at, choice in enumerate(space.choices)]
    )


def from_rows(space: Space, tried: Tried, donors: Ints) -> Tried:
    """Take over the values of rows that have the outcome; undo one change after another.

    Of the changes that can be undone, that one goes which leaves the outcome surest, until none can.
    """
    tried = ask(space, tried, donors)
    held = _surest(tried, donors, of=np.arange(len(donors)))
    while len(held) and tried.left:
        fewer = [undone(edit) for edit in held]
        edits = np.concatenate(fewer)
        tried = ask(space, tried, edits)
        held = _surest(tried, edits, of=np.repeat(np.arange(len(fewer)), list(map(len, fewer))))
    return tried


def undone(edit: Ints) -> Ints:
    """An edit with one change less, once for each change, shape (changes, f)."""
    changed = np.flatnonzero(edit)
    if len(changed) < 2:
        return np.empty((0, len(edit)), dtype=np.intp)
    fewer = np.repeat(edit[None, :], len(changed), axis=0)
    fewer[np.arange(len(changed)), changed] = 0
    return fewer


def combined(space: Space, tried: Tried, count: int) -> Ints:
    """Edits of `count` features, put together from values that went the right way, shape (c, f).

    What single changes gained is added up. Of each set of features the nearest edits that should be
    enough are taken, those that almost are, and the one that gains most.
    """
    fronts, gains = _fronts(space, tried)
    best = {at: float(gains[at][front].max()) for at, front in enumerate(fronts) if len(front)}
    usable = sorted(sorted(best, key=lambda at: -best[at])[:FEATURES])
    sets = sorted(combinations(usable, count), key=lambda s: -sum(best[at] for at in s))[:SETS]
    known = tried.found(space.most)
    asked: list[Ints] = []
    for features in sets:
        most = max(2, int(4096 ** (1 / count)))
        places = grid_of(features, [fronts[at][:most] for at in features], len(space.choices))
        reach = tried.base + sum(gains[at][places[:, at]] for at in features)
        asked.append(_promising(space, tried, places, np.asarray(reach), known=known))
    if not asked:
        return np.empty((0, len(space.choices)), dtype=np.intp)
    every = np.concatenate(asked)
    return every[np.argsort(space.apart(every), kind="stable")][: max(tried.left // 2, 1)]


def by_chance(space: Space, tried: Tried, rng: np.random.Generator) -> Tried:
    """As long as nothing is found, ask about edits drawn at random."""
    while tried.left and not len(tried.found(space.most)):
        before = tried.left
        tried = ask(space, tried, drawn(space, rng))
        if tried.left == before:
            break
    return tried


def drawn(space: Space, rng: np.random.Generator) -> Ints:
    """Edits drawn at random: how many features, which, and to what, shape (c, f)."""
    width = len(space.choices)
    counts = rng.integers(1, min(space.most, width) + 1, CHANCE)
    order = rng.random((CHANCE, width)).argsort(axis=1).argsort(axis=1)
    sizes = np.array([len(choice) for choice in space.choices])
    places = rng.integers(1, sizes, (CHANCE, width))
    return np.asarray(np.where(order < counts[:, None], places, 0))


def _fronts(space: Space, tried: Tried) -> tuple[list[Ints], list[Floats]]:
    """Of each feature the places worth combining, and what each place gained alone."""
    single = tried.changes == 1
    places, progress = tried.places[single], tried.progress[single]
    fronts, gains = [], []
    for at, choice in enumerate(space.choices):
        mine = places[:, at] > 0
        gain = np.full(len(choice), -np.inf)
        gain[places[mine, at]] = progress[mine] - tried.base
        fronts.append(_front(choice.adds, gain, numeric=choice.numeric))
        gains.append(gain)
    return fronts, gains


def _front(adds: Floats, gain: Floats, *, numeric: bool) -> Ints:
    """The places that gain more than all that are nearer, and of words the best besides."""
    known = np.flatnonzero(np.isfinite(gain))
    order = known[np.lexsort((-gain[known], adds[known]))]
    if not len(order):
        return order
    highest = np.maximum.accumulate(np.append(0.0, gain[order]))[:-1]
    front = order[gain[order] > highest]
    if not numeric:
        best = order[np.argsort(-gain[order], kind="stable")][:3]
        front = np.unique(np.append(front, best))
    if not len(front):  # nothing goes the right way alone
        front = order[np.linspace(0, len(order) - 1, min(len(order), 3)).astype(np.intp)]
    kept = np.linspace(0, len(front) - 1, min(len(front), FRONT)).round().astype(np.intp)
    return np.asarray(front[kept])


def _promising(space: Space, tried: Tried, places: Ints, reach: Floats, *, known: Ints) -> Ints:
    """Of edits of the same features those to ask about: none that a part of it makes pointless."""
    apart = space.apart(places)
    smaller = known[((tried.places[known] > 0) <= (places[0] > 0)).all(axis=1)]
    if len(smaller):
        nearer = apart < tried.apart[smaller[0]]
        places, reach, apart = places[nearer], reach[nearer], apart[nearer]
    if not len(places):
        return places
    order = np.argsort(apart, kind="stable")
    enough = order[reach[order] >= 0][:EACH]
    almost = order[(reach[order] < 0) & (reach[order] >= tried.base / 2)][:EACH]
    kept = np.unique(np.concatenate((enough, almost, [int(reach.argmax())])))
    return np.asarray(places[kept])


def _surest(tried: Tried, edits: Ints, *, of: Ints) -> Ints:
    """Of the edits that belong together the one that is furthest beyond the outcome, shape (c, f).

    Args:
        tried: What was asked about.
        edits: The edits.
        of: What each belongs to.
    """
    known = {edit.tobytes(): at for at, edit in enumerate(tried.places)}
    at = np.array([known.get(edit.tobytes(), -1) for edit in edits], dtype=np.intp)
    right = np.flatnonzero(at >= 0)
    right = right[tried.met[at[right]]]
    order = right[np.lexsort((-tried.progress[at[right]], of[right]))]
    _, first = np.unique(of[order], return_index=True)
    best = at[order[first]]
    return np.asarray(tried.places[np.unique(best)])
