"""Moments: what a tally is for a regression. A few sums per group, mergeable like counts.

With e = prediction − truth and u = truth − origin, the sums are of w times
e, |e|, e², e⁴, u, u², u³, u⁴, eu, e²u, e²u². They give every mean, its interval (the second and
fourth powers) and R² with its standard error. The origin keeps large values (incomes, years) from
drowning small differences; two origins are brought together by the binomial theorem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import TallyError, sentence
from rai.ground.records import Records, Row
from rai.values.grouping import Grouped, summed
from rai.values.levels import Key, key_order

Array = NDArray[np.float64]

TERMS = ("e", "abs_e", "e2", "e4", "u", "u2", "u3", "u4", "eu", "e2u", "e2u2")


@dataclass(frozen=True, slots=True, eq=False)
class Moments(Grouped, Records):
    """Sums of errors and truths by group.

    Args:
        axes: Names of the columns that split rows.
        groups: Keys of the groups that occur, in canonical order.
        origin: What was taken from the truth before powers were summed.
        n: Rows per group, shape (g,).
        weight: Sum of weights per group, shape (g,); equal to `n` without weights.
        weight_sq: Sum of squared weights per group, shape (g,).
        sums: Weighted sums, shape (g, 11), in the order of `TERMS`.
        weighted: Whether rows carried weights.
        dropped: Reason to rows that could not be counted.

    Example:
        >>> from rai import audit
        >>> a = audit(y_true=[1.5, 2.0, 4.0], y_pred=[1.0, 2.5, 4.0],
        ...     sensitive_features={"sex": ["F", "M", "M"]}).tally
        >>> a.term("abs_e").tolist(), (a + a).n.tolist()
        ([0.5, 0.5], [2, 4])
    """

    stacked: ClassVar[tuple[str, ...]] = ("n", "weight", "weight_sq", "sums")

    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    origin: float
    n: NDArray[np.int64]
    weight: Array
    weight_sq: Array
    sums: Array
    weighted: bool = False
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows counted."""
        return int(self.n.sum())

    @property
    def group_rows(self) -> NDArray[np.int64]:
        """Rows per group, shape (g,)."""
        return self.n

    def term(self, name: str) -> Array:
        """One of the weighted sums, shape (g,)."""
        return self.sums[:, TERMS.index(name)]

    def rebased(self, origin: float) -> Moments:
        """The same rows about another origin."""
        d = self.origin - origin
        if d == 0:
            return self
        w, s = self.weight, {name: self.term(name) for name in TERMS}
        moved = s | {
            "u": s["u"] + d * w,
            "u2": s["u2"] + 2 * d * s["u"] + d**2 * w,
            "u3": s["u3"] + 3 * d * s["u2"] + 3 * d**2 * s["u"] + d**3 * w,
            "u4": s["u4"] + 4 * d * s["u3"] + 6 * d**2 * s["u2"] + 4 * d**3 * s["u"] + d**4 * w,
            "eu": s["eu"] + d * s["e"],
            "e2u": s["e2u"] + d * s["e2"],
            "e2u2": s["e2u2"] + 2 * d * s["e2u"] + d**2 * s["e2"],
        }
        return replace(self, origin=origin, sums=np.stack([moved[name] for name in TERMS], axis=1))

    def __add__(self, other: Moments) -> Moments:
        """The moments of both sets of rows."""
        if self.axes != other.axes or self.weighted != other.weighted:
            raise TallyError(
                sentence(
                    "adding moments",
                    f"axes {list(other.axes)} with weights {other.weighted}",
                    expected=f"{list(self.axes)} with weights {self.weighted}",
                )
            )
        origin = min(self.origin, other.origin)
        groups = tuple(sorted({*self.groups, *other.groups}, key=key_order))
        dropped = {
            reason: self.dropped.get(reason, 0) + other.dropped.get(reason, 0)
            for reason in sorted({*self.dropped, *other.dropped})
        }
        both = (self.rebased(origin), other.rebased(origin))
        keys = [key for part in both for key in part.groups]
        sums = {
            name: summed(np.concatenate([getattr(part, name) for part in both]), keys, groups)
            for name in self.stacked
        }
        return replace(both[0], groups=groups, dropped=dropped, **sums)

    def to_dicts(self) -> list[Row]:
        """One row per group: its levels and its rows."""
        return [
            {**dict(zip(self.axes, key, strict=True)), "n": int(n)}
            for key, n in zip(self.groups, self.n, strict=True)
        ]
