"""Sums over groups: what tallies, moments and confusion matrices have in common.

by("sex")          keep these axes, in this order; sum every other one out
marginal("race")   sum these axes out
only(sex="F")      keep the groups with these levels; the fixed axes leave the keys
having([…])        keep some groups, as they are
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.values.levels import Key, Level, key_order

if TYPE_CHECKING:
    from typing import Self


class Grouped:
    """Mixin for frozen values with `axes`, `groups`, and arrays whose first axis is the group."""

    stacked: ClassVar[tuple[str, ...]]
    axes: tuple[str, ...]
    groups: tuple[Key, ...]

    def by(self, *axes: str) -> Self:
        """The same rows split by these axes only, in this order; every other axis is summed out."""
        check_axes(axes, self.axes)
        if axes == self.axes:
            return self
        places = [self.axes.index(axis) for axis in axes]
        keys = [tuple(key[place] for place in places) for key in self.groups]
        groups = tuple(sorted(set(keys), key=key_order)) if axes else ((),)
        sums = {name: summed(getattr(self, name), keys, groups) for name in self.stacked}
        return self._with(axes=tuple(axes), groups=groups, **sums)

    def marginal(self, *axes: str) -> Self:
        """The same rows with these axes summed out."""
        check_axes(axes, self.axes)
        return self.by(*(axis for axis in self.axes if axis not in axes))

    def only(self, **levels: Level) -> Self:
        """The groups with these levels; the fixed axes are dropped from the keys."""
        check_axes(levels, self.axes)
        fixed = {self.axes.index(axis): level for axis, level in levels.items()}
        kept = self.having([all(key[p] == v for p, v in fixed.items()) for key in self.groups])
        left = [place for place in range(len(self.axes)) if place not in fixed]
        axes = tuple(self.axes[place] for place in left)
        groups = tuple(tuple(key[place] for place in left) for key in kept.groups)
        return replace(kept, axes=axes, groups=groups)  # type: ignore[type-var]

    def having(self, kept: Sequence[bool]) -> Self:
        """The groups that are kept, one entry per group; the others' rows are gone."""
        mask = np.asarray(kept, dtype=bool)
        parts = {name: getattr(self, name) for name in self.stacked}
        return self._with(
            groups=tuple(key for key, stays in zip(self.groups, mask, strict=True) if stays),
            **{name: None if cells is None else cells[mask] for name, cells in parts.items()},
        )

    @property
    def rest(self) -> Self:
        """For each group, everyone outside it."""
        return self._each(lambda cells: cells.sum(axis=0) - cells)

    @property
    def everyone(self) -> Self:
        """For each group, everyone."""
        return self._each(lambda cells: np.broadcast_to(cells.sum(axis=0), cells.shape))

    def _each(self, change: Callable[[Any], Any]) -> Self:
        parts = {name: getattr(self, name) for name in self.stacked}
        return self._with(
            **{name: None if cells is None else change(cells) for name, cells in parts.items()}
        )

    def _with(self, **changes: Any) -> Self:
        return replace(self, **changes)  # type: ignore[type-var]


def summed(cells: Any, keys: Sequence[Key], groups: Sequence[Key]) -> Any:
    """Cells of rows with these keys added up into these groups; None stays None."""
    if cells is None:
        return None
    if len(groups) == 1:
        return cells.sum(axis=0, dtype=cells.dtype, keepdims=True)
    index = {key: i for i, key in enumerate(groups)}
    out = np.zeros((len(groups), *cells.shape[1:]), dtype=cells.dtype)
    np.add.at(out, places(keys, index), cells)
    return out


def places(items: Iterable[object], index: dict[Any, int]) -> NDArray[np.intp]:
    """Where each item stands, as an array that can index."""
    return np.fromiter((index[item] for item in items), dtype=np.intp)


def check_axes(axes: Iterable[str], known: Sequence[str]) -> None:
    """Raise where an axis is not one of those known."""
    for axis in axes:
        if axis not in known:
            expected = f"one of {listing(known)}" if known else "none: nothing splits these rows"
            hint = did_you_mean(axis, known)
            raise ArgumentError(sentence("axis", repr(axis), expected=expected, hint=hint))
