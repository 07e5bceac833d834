"""Moments: what a tally is for a regression. A few sums per group, mergeable like counts.

With e = prediction − truth and u = truth − origin, the sums are of w times
e, |e|, e², e⁴, u, u², u³, u⁴, eu, e²u, e²u². They give every mean, its interval (the second and
fourth powers) and R² with its standard error. The origin keeps large values (incomes, years) from
drowning small differences; two origins are brought together by the binomial theorem.

Beside them stand two histograms, on bins that always merge (`rai.values.number_bins`): of predictions,
with the sums that predicted-against-true needs in each bin, and of errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import TallyError, sentence
from rai.ground.records import Records, Row
from rai.values.grouping import Grouped, summed
from rai.values.levels import Key, key_order
from rai.values.number_bins import NumberBins

Array = NDArray[np.float64]

TERMS = ("e", "abs_e", "e2", "e4", "u", "u2", "u3", "u4", "eu", "e2u", "e2u2")
BIN_TERMS = ("n", "weight", "weight_sq", "e", "u", "u2")
MOST_PREDICTION_BINS = 512
MOST_ERROR_BINS = 2048
MOST_BINNED_GROUPS = 2000  # beyond it there are no histograms


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
        predictions: Bins of predictions, shared by all groups; None where they were not kept.
        by_prediction: Sums per group and bin, shape (g, b, 6), in the order of `BIN_TERMS`; or None.
        errors: Bins of errors, shared by all groups; None where they were not kept.
        by_error: Weight per group and bin, shape (g, c); or None.

    Example:
        >>> from rai import audit
        >>> a = audit(y_true=[1.5, 2.0, 4.0], y_pred=[1.0, 2.5, 4.0],
        ...     sensitive_features={"sex": ["F", "M", "M"]}).tally
        >>> a.term("abs_e").tolist(), (a + a).n.tolist()
        ([0.5, 0.5], [2, 4])
    """

    stacked: ClassVar[tuple[str, ...]] = (
        *("n", "weight", "weight_sq", "sums"),
        *("by_prediction", "by_error"),
    )

    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    origin: float
    n: NDArray[np.int64]
    weight: Array
    weight_sq: Array
    sums: Array
    weighted: bool = False
    dropped: Mapping[str, int] = field(default_factory=dict)
    predictions: NumberBins | None = None
    by_prediction: Array | None = None
    errors: NumberBins | None = None
    by_error: Array | None = None

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
        sums = np.stack([moved[name] for name in TERMS], axis=1)
        return replace(self, origin=origin, sums=sums, by_prediction=_moved(self.by_prediction, d))

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
        both = _on_the_same_bins(self.rebased(origin), other.rebased(origin), groups=len(groups))
        keys = [key for part in both for key in part.groups]
        sums = {
            name: summed(_chained([getattr(part, name) for part in both]), keys, groups)
            for name in self.stacked
        }
        return replace(both[0], groups=groups, dropped=dropped, **sums)

    def to_dicts(self) -> list[Row]:
        """One row per group: its levels and its rows."""
        return [
            {**dict(zip(self.axes, key, strict=True)), "n": int(n)}
            for key, n in zip(self.groups, self.n, strict=True)
        ]


def _moved(by_prediction: Array | None, d: float) -> Array | None:
    """The sums of bins about an origin that is lower by d."""
    if by_prediction is None:
        return None
    moved = by_prediction.copy()
    weight, u = (by_prediction[..., BIN_TERMS.index(name)] for name in ("weight", "u"))
    moved[..., BIN_TERMS.index("u")] += d * weight
    moved[..., BIN_TERMS.index("u2")] += 2 * d * u + d**2 * weight
    return moved


def _chained(cells: list[Any]) -> Any:
    return None if any(part is None for part in cells) else np.concatenate(cells)


def _on_the_same_bins(ours: Moments, theirs: Moments, *, groups: int) -> tuple[Moments, Moments]:
    """Both with histograms on the bins of both; without, where one has none or groups are too many."""
    for bins, cells, most in (
        ("predictions", "by_prediction", MOST_PREDICTION_BINS),
        ("errors", "by_error", MOST_ERROR_BINS),
    ):
        own, others = getattr(ours, bins), getattr(theirs, bins)
        if own is None or others is None or groups > MOST_BINNED_GROUPS:
            nothing: dict[str, Any] = {bins: None, cells: None}
            ours, theirs = replace(ours, **nothing), replace(theirs, **nothing)
            continue
        shared, *went = own.merged(others, most=most)
        ours, theirs = (
            replace(part, **{bins: shared, cells: _laid(getattr(part, cells), places, len(shared))})
            for part, places in zip((ours, theirs), went, strict=True)
        )
    return ours, theirs


def _laid(cells: Array, places: NDArray[np.intp], width: int) -> Array:
    """Cells of bins, shape (g, b, …), added up in their new places."""
    if len(places) == width:  # every bin stays
        return cells
    out = np.zeros((width, len(cells), *cells.shape[2:]))
    np.add.at(out, places, np.moveaxis(cells, 1, 0))
    return np.moveaxis(out, 0, 1)
