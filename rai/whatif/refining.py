"""Found edits made smaller: changes that are not needed undone, numbers pulled back towards the row.

income 40 → 90, sex F → M   ──undo──▶   income 40 → 90   ──pull──▶   income 40 → 52
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Ints
from rai.whatif.choosing import contenders
from rai.whatif.edit_space import Space, Tried, ask
from rai.whatif.searching import undone

PASSES = 2
STEPS = 16  # values between that are asked about at a time


def refine(space: Space, tried: Tried) -> Tried:
    """Ask about smaller edits than those found, until none has the outcome or predictions run out."""
    best = _best(space, tried)
    for _ in range(PASSES):
        if not len(best):
            break
        tried = ask(space, tried, np.concatenate([undone(edit) for edit in tried.places[best]]))
        best = _best(space, tried)
        tried = pulled(space, tried, tried.places[best])
        before, best = best, _best(space, tried)
        if np.array_equal(before, best):
            break
    return tried


def _best(space: Space, tried: Tried) -> Ints:
    return contenders(tried, most=space.most, kinds=space.kinds(tried.places))


def pulled(space: Space, tried: Tried, edits: Ints) -> Tried:
    """Move the numbers of edits back towards the row, one feature after another.

    Some of the values between are asked about at a time; the nearest that still has the outcome and the
    one before it leave fewer values between, until there are none. Each edit is pulled twice: the
    feature that adds most to the distance first, and last.
    """
    pulls = [pull for edit in edits for pull in _pulls(space, edit)]
    known: dict[bytes, bool] = {}
    while pulls and tried.left:
        asked = [pull.asked() for pull in pulls]
        tried = ask(space, tried, np.concatenate(asked))
        fresh = zip(tried.places[len(known) :], tried.met[len(known) :], strict=True)
        known |= {edit.tobytes(): bool(met) for edit, met in fresh}
        pulls = _going_on(space, (one.after(known) for one in pulls))
    return tried


@dataclass(frozen=True, slots=True, eq=False)
class _Pull:
    """An edit on its way back.

    Args:
        edit: It; it has the outcome.
        features: The features to be pulled, the present one first.
        between: Places of the present one that may still do, those next to the row's own first.
    """

    edit: Ints
    features: tuple[int, ...]
    between: Ints

    def steps(self) -> Ints:
        """Which of the places between are asked about."""
        count = len(self.between)
        return np.unique(np.linspace(0, count - 1, min(count, STEPS)).round().astype(np.intp))

    def asked(self) -> Ints:
        """The edits that are asked about, shape (s, f)."""
        places = self.between[self.steps()]
        edits = np.repeat(self.edit[None, :], len(places), axis=0)
        edits[:, self.features[0]] = places
        return edits

    def after(self, known: Mapping[bytes, bool]) -> _Pull:
        """The same with the answers."""
        steps, asked = self.steps(), self.asked()
        right = next((at for at, e in enumerate(asked) if known.get(e.tobytes(), False)), len(steps))
        low = int(steps[right - 1]) + 1 if right else 0
        if right == len(steps):
            return _Pull(self.edit, self.features, self.between[low:])
        return _Pull(asked[right], self.features, self.between[low : int(steps[right])])


def _pulls(space: Space, edit: Ints) -> list[_Pull]:
    """The beginnings: one for each order of the features."""
    numeric = [at for at, choice in enumerate(space.choices) if edit[at] and choice.numeric]
    order = sorted(numeric, key=lambda at: -float(space.choices[at].adds[edit[at]]))
    orders = dict.fromkeys((tuple(order), tuple(order[::-1])))
    none = np.empty(0, dtype=np.intp)
    return _going_on(space, (_Pull(edit, (-1, *each), none) for each in orders))


def _going_on(space: Space, pulls: Iterable[_Pull]) -> list[_Pull]:
    """Those with places between, each at its next feature where the present one has none left."""
    found = []
    for one in pulls:
        now = one
        while not len(now.between) and len(now.features) > 1:
            at = now.features[1]
            between = space.choices[at].nearer(int(now.edit[at]))
            now = _Pull(now.edit, now.features[1:], between)
        if len(now.between):
            found.append(now)
    return found
