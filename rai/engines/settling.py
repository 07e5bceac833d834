"""From counts of raw labels to the tally that is handed out: typed, ordered, with a positive label.

    labels ("<=50K", ">50K") × outcomes ("<=50K", ">50K")  ──▶  labels (negative, positive), one edge
    labels ("a", "b", "c")   × outcomes ("a", "c")         ──▶  three classes on both sides

Two raw levels that mean the same become one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Ints
from rai.engines.labels import Labels
from rai.engines.plans import Plan
from rai.engines.spelling import typed
from rai.values.levels import MISSING, Key, Level, key_order
from rai.values.moments import Moments
from rai.values.tally import Tally

Meanings = tuple[Mapping[Level, Level], ...]


def axis_meaning(plan: Plan, axis: str, levels: Mapping[Level, None]) -> dict[Level, Level]:
    """What each raw level of a column means."""
    if axis in plan.roles.cuts or not plan.source.text_only:
        return {value: value for value in levels}
    meaning: dict[Level, Level] = {MISSING: MISSING}
    meaning.update(typed([str(value) for value in levels if value != MISSING]))
    return meaning


def settled_tally(tally: Tally, labels: Labels, axes: Meanings) -> Tally:
    """The tally over classes, with groups under their final names."""
    groups, group_places = _renamed(tally.groups, axes)
    places = {value: i for i, value in enumerate(labels.classes)}
    of_label = np.array([places[labels.true[value]] for value in tally.labels], dtype=np.intp)
    outcomes, edges = tally.outcomes, tally.edges
    if edges is not None:
        width = len(edges) + 1
        of_outcome = np.arange(width)
    else:
        of_outcome = np.array([places[labels.predicted[v]] for v in tally.outcomes], dtype=np.intp)
        width = len(labels.classes)
        outcomes, edges = ((), np.array([0.5])) if labels.binary else (labels.classes, None)
    shape, every = (len(groups), len(labels.classes), width), (group_places, of_label, of_outcome)
    in_place = all(
        np.array_equal(places, np.arange(size)) for places, size in zip(every, shape, strict=True)
    )

    def folded(cells: NDArray[np.generic] | None) -> NDArray[np.generic] | None:
        if cells is None or in_place:
            return cells
        out = np.zeros(shape, dtype=cells.dtype)
        where = np.ix_(*every)
        if all(np.bincount(places).max(initial=0) <= 1 for places in every):
            out[where] = cells
        else:
            np.add.at(out, where, cells)
        return out

    return replace(
        tally,
        groups=groups,
        labels=labels.classes,
        edges=edges,
        outcomes=outcomes,
        n=folded(tally.n),  # type: ignore[arg-type]
        weight=folded(tally.weight),  # type: ignore[arg-type]
        weight_sq=folded(tally.weight_sq),  # type: ignore[arg-type]
    )


def settled_moments(moments: Moments, axes: Meanings) -> Moments:
    """The moments with groups under their final names."""
    keys = [_renamed_key(key, axes) for key in moments.groups]
    return replace(moments, groups=tuple(keys)).by(*moments.axes)


def _renamed(keys: tuple[Key, ...], axes: Meanings) -> tuple[tuple[Key, ...], Ints]:
    new = [_renamed_key(key, axes) for key in keys]
    groups = tuple(sorted(set(new), key=key_order))
    places = {key: i for i, key in enumerate(groups)}
    return groups, np.array([places[key] for key in new], dtype=np.intp)


def _renamed_key(key: Key, axes: Meanings) -> Key:
    return tuple(meaning[value] for meaning, value in zip(axes, key, strict=True))
