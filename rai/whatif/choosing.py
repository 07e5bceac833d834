"""The few edits that are shown: near, unlike each other, and none that another makes pointless."""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.whatif.aims import Bools
from rai.whatif.edit_space import Tried

SETS = 40  # sets of changed features among which is chosen
EACH = 3  # edits of the same features, which change words to others
VARIETY = 2.0  # how many times as much an edit may cost for changing wholly other features


def contenders(tried: Tried, *, most: int, kinds: Ints) -> Ints:
    """The edits among which is chosen, nearest first.

    They have the outcome, and no change of theirs is superfluous: no edit that changes fewer of their
    features is as near. Of those that change the same features to the same words, and numbers the same
    way, it is the nearest.

    Args:
        tried: What was asked about.
        most: How many features may change.
        kinds: What each feature of each changes to: see `Space.kinds`.
    """
    found = tried.found(most)
    _, first = np.unique(kinds[found], axis=0, return_index=True)
    found = found[np.sort(first)]
    sets = np.zeros((0, kinds.shape[1]), dtype=np.bool_)
    held: dict[bytes, int] = {}
    kept = []
    for edit, changed in zip(found, tried.places[found] > 0, strict=True):
        key = changed.tobytes()
        if key not in held and (len(held) == SETS or (sets <= changed).all(axis=1).any()):
            continue
        if key not in held:
            sets = np.concatenate((sets, changed[None, :]))
        held[key] = held.get(key, 0) + 1
        if held[key] <= EACH:
            kept.append(int(edit))
    return np.array(kept, dtype=np.intp)


def diverse(edits: Ints, apart: Floats, cost: Floats, *, k: int) -> Ints:
    """The nearest edit, and others that cost little and are unlike those chosen before.

    An edit is left out if it changes the same features as one that is chosen, or more, and is farther;
    or the other way round.

    Args:
        edits: Edits, nearest first, shape (c, f).
        apart: How far each is from the row.
        cost: That, and how far it is from the nearest real row with the outcome.
        k: How many.

    Returns:
        Which are chosen, nearest first.

    Example:
        >>> edits = np.array([[1, 0], [1, 1], [0, 1]])
        >>> diverse(edits, np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]), k=3).tolist()
        [0, 2]
    """
    chosen: list[int] = []
    unlike, open_ = np.ones(len(edits)), np.ones(len(edits), dtype=np.bool_)
    while len(chosen) < k and open_.any():
        worth = VARIETY * unlike - cost / max(float(cost[0]), 1e-12)
        now = int(np.where(open_, worth, -np.inf).argmax()) if chosen else 0
        chosen.append(now)
        unlike = np.minimum(unlike, apart_in_kind(edits, edits[now]))
        open_ &= ~pointless(edits > 0, apart, beside=now)
        open_[now] = False
    return np.sort(np.array(chosen, dtype=np.intp))


def pointless(sets: Bools, apart: Floats, *, beside: int) -> Bools:
    """Which edits one of them makes pointless, or would be made pointless by, shape (c,).

    Args:
        sets: The features that each changes, shape (c, f).
        apart: How far each is from the row.
        beside: The one.
    """
    count, one = sets.sum(axis=1), sets[beside]
    more, fewer = (sets >= one).all(axis=1), (sets <= one).all(axis=1)
    after = more & np.where(count > one.sum(), apart >= apart[beside], apart > apart[beside])
    before = fewer & np.where(count < one.sum(), apart <= apart[beside], apart < apart[beside])
    return np.asarray(after | before)


def apart_in_kind(edits: Ints, other: Ints) -> Floats:
    """How unlike edits are to another: 1 if they change other features, 0 if they are the same.

    Of the features that either changes, one that only one of them changes counts in full, and one that
    they change to different values counts half.

    Example:
        >>> apart_in_kind(np.array([[1, 0], [2, 0], [0, 1]]), np.array([1, 0])).tolist()
        [0.0, 0.5, 1.0]
    """
    either = ((edits > 0) | (other > 0)).sum(axis=1)
    alone = ((edits > 0) != (other > 0)).sum(axis=1)
    differ = ((edits > 0) & (other > 0) & (edits != other)).sum(axis=1)
    return np.asarray((alone + differ / 2) / np.maximum(either, 1))
