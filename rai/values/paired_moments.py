"""The same rows predicted twice by a regression: sums, and sums of products, of errors and truths.

With e = prediction − truth and u = truth − origin, the terms of a row are
e₁, |e₁|, e₁², e₂, |e₂|, e₂², u and u². Their sums give every mean error and R² of both; their products
give the variance of any difference between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rai.ground.records import Records, Row
from rai.values.grouping import Grouped
from rai.values.levels import Key
from rai.values.moments import TERMS as OF_ONE
from rai.values.moments import Moments
from rai.values.paired import BOTH

Array = NDArray[np.float64]

TERMS = ("e1", "abs_e1", "e2_1", "e2", "abs_e2", "e2_2", "u", "u2")
# The products that the moments of one regression are made of: term by term, its place among three.
_PRODUCTS = {
    "e4": ("e2", "e2"),
    "u3": ("u", "u2"),
    "u4": ("u2", "u2"),
    "eu": ("e", "u"),
    "e2u": ("e2", "u"),
    "e2u2": ("e2", "u2"),
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PairedMoments(Grouped, Records):
    """Sums over rows that two regressions predicted.

    Args:
        axes: Names of the columns that split rows.
        groups: One key per group, one level per axis.
        origin: What was taken from the truth before it was squared.
        n: Rows per group, shape (g,).
        weight: Sum of weights per group, shape (g,); equal to `n` without weights.
        weight_sq: Sum of squared weights, shape (g,).
        sums: Weighted sums of the terms, shape (g, 8), in the order of `TERMS`.
        products: Weighted sums of products of two terms, shape (g, 8, 8).
        apart: Rows whose two predictions differ, shape (g,).
        weighted: Whether rows carried weights.
        labelled: Whether the truth is known; otherwise it stands as 0.
        names: What predicted first, and second.

    Example:
        >>> from rai.measure.pairing import paired_moments
        >>> both = paired_moments(np.array([1.0, 2.0]), np.array([1.5, 2.0]), truth=np.array([1.0, 1.0]))
        >>> both.n.tolist(), both.apart.tolist(), both.mean("abs_e1").tolist()
        ([2], [1], [0.5])
    """

    stacked: ClassVar[tuple[str, ...]] = ("n", "weight", "weight_sq", "sums", "products", "apart")

    axes: tuple[str, ...]
    groups: tuple[Key, ...]
    origin: float
    n: NDArray[np.int64]
    weight: Array
    weight_sq: Array
    sums: Array
    products: Array
    apart: NDArray[np.int64]
    weighted: bool = False
    labelled: bool = True
    names: tuple[str, str] = BOTH

    @property
    def group_rows(self) -> NDArray[np.int64]:
        """Rows per group, shape (g,)."""
        return self.n

    @property
    def means(self) -> Array:
        """Means of the terms, shape (g, 8); NaN without rows."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.sums / self.weight[:, None])

    @property
    def covariances(self) -> Array:
        """Covariances of the terms within each group, shape (g, 8, 8)."""
        means = self.means
        with np.errstate(invalid="ignore", divide="ignore"):
            raw = self.products / self.weight[:, None, None]
        return np.asarray(raw - means[:, :, None] * means[:, None, :])

    def mean(self, term: str) -> Array:
        """The mean of one of the terms, shape (g,)."""
        return np.asarray(self.means[:, TERMS.index(term)])

    @property
    def moments(self) -> tuple[Moments, Moments]:
        """The moments of the first regression and of the second, without histograms."""
        return self._of_one(("e1", "abs_e1", "e2_1")), self._of_one(("e2", "abs_e2", "e2_2"))

    def _of_one(self, names: tuple[str, str, str]) -> Moments:
        named = {**dict(zip(("e", "abs_e", "e2"), names, strict=True)), "u": "u", "u2": "u2"}
        place = {term: TERMS.index(name) for term, name in named.items()}
        columns = {term: self.sums[:, at] for term, at in place.items()}
        for term, (one, other) in _PRODUCTS.items():
            columns[term] = self.products[:, place[one], place[other]]
        return Moments(
            axes=self.axes,
            groups=self.groups,
            origin=self.origin,
            n=self.n,
            weight=self.weight,
            weight_sq=self.weight_sq,
            sums=np.stack([columns[term] for term in OF_ONE], axis=1),
            weighted=self.weighted,
        )

    def to_dicts(self) -> list[Row]:
        """One row for each group: its levels, its rows, and how many are predicted differently."""
        return [
            {**dict(zip(self.axes, key, strict=True)), "n": int(n), "apart": int(apart)}
            for key, n, apart in zip(self.groups, self.n, self.apart, strict=True)
        ]
