"""Facets: rows counted by the buckets of up to three columns, ready to be drawn as small multiples.

                 columns: education                 color: income
                 HS-grad     Bachelors              ■ <=50K  □ >50K
    rows: age    ■■■■□       ■■■□□
                 ■■■□        ■□□□□                  n[row, column, color]

Tallies of pieces with the same buckets add up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.ground.checks import check_choice
from rai.ground.errors import DataError, sentence
from rai.ground.records import Records, Row
from rai.values.binning import Binning, Intervals, labels_with_missing
from rai.values.column_summary import ColumnKind

AXES = ("rows", "columns", "color")
ALL = "all"


@dataclass(frozen=True, slots=True)
class FacetAxis:
    """One of the three axes.

    Args:
        name: The column that splits it; None where nothing does, which leaves one bucket, `all`.
        kind: What the column holds.
        binning: Its buckets, without that of the missing.

    Example:
        >>> FacetAxis().labels
        ('all',)
    """

    name: str | None = None
    kind: ColumnKind | None = None
    binning: Binning | None = None

    def __len__(self) -> int:
        return 1 if self.binning is None else len(self.binning) + 1

    @property
    def labels(self) -> tuple[str, ...]:
        """The name of each bucket, `(missing)` last."""
        return (ALL,) if self.binning is None else labels_with_missing(self.binning)

    @property
    def edges(self) -> Floats | None:
        """The edges between the buckets of numbers and dates; None for anything else."""
        return self.binning.edges if isinstance(self.binning, Intervals) else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Facets(Records):
    """Rows in each cell, and of each colour in it.

    Args:
        rows, columns, color: The three axes, of R, C and K buckets; a column's last one is `(missing)`.
        n: Rows, shape (R, C, K); cells without rows are there, with 0.
        weight: Their weight, the same shape; the counts where there are no weights.
        sample_weight: The column of row weights.
        where: The query that chose the rows, None for all of them.

    Example:
        >>> from rai.explore.facets import facet
        >>> found = facet({"sex": ["F", "F", "M"], "paid": [0, 1, 1]}, rows="sex", color="paid")
        >>> found.n[:, 0].tolist(), found.color.labels
        ([[1, 1, 0], [0, 1, 0], [0, 0, 0]], ('0', '1', '(missing)'))
    """

    rows: FacetAxis = FacetAxis()
    columns: FacetAxis = FacetAxis()
    color: FacetAxis = FacetAxis()
    n: NDArray[np.int64]
    weight: Floats
    sample_weight: str | None = None
    where: str | None = None

    def __len__(self) -> int:
        """How many rows were counted."""
        return int(self.n.sum())

    @property
    def axes(self) -> tuple[FacetAxis, FacetAxis, FacetAxis]:
        """Rows, columns and colour."""
        return self.rows, self.columns, self.color

    @property
    def share(self) -> Floats:
        """The share of each colour in the weight of its cell, shape (R, C, K); NaN in empty cells."""
        cell = self.weight.sum(axis=2, keepdims=True)
        unknown = np.full_like(self.weight, np.nan)
        return np.asarray(np.divide(self.weight, cell, out=unknown, where=cell > 0))

    def to_dicts(self) -> list[Row]:
        """One row per cell and colour; `share` is that of the colour in the weight of its cell.

        Empty cells have no shares.
        """
        share = self.share
        names = (axis.labels for axis in self.axes)
        rows, columns, colors = (tuple(each) for each in names)
        return [
            {
                "row": rows[r],
                "column": columns[c],
                "color": colors[k],
                "n": int(self.n[r, c, k]),
                "weight": float(self.weight[r, c, k]),
                "share": None if np.isnan(share[r, c, k]) else float(share[r, c, k]),
            }
            for r, c, k in np.ndindex(self.n.shape)
        ]

    def marginal(self, *axes: str) -> Facets:
        """The same with only some axes; the rows of the others are added up.

        Args:
            *axes: Some of `rows`, `columns` and `color`; none for one cell with everything.

        Raises:
            ArgumentError: If there is no such axis.

        Example:
            >>> from rai.explore.facets import facet
            >>> found = facet({"sex": ["F", "F", "M"], "paid": [0, 1, 1]}, rows="sex", color="paid")
            >>> found.marginal("rows").n.ravel().tolist()
            [2, 1, 0]
        """
        for axis in axes:
            check_choice(axis, AXES, where="marginal")
        gone = tuple(place for place, axis in enumerate(AXES) if axis not in axes)
        return replace(
            self,
            **{AXES[place]: FacetAxis() for place in gone},  # type: ignore[arg-type]
            n=self.n.sum(axis=gone, keepdims=True),
            weight=self.weight.sum(axis=gone, keepdims=True),
        )

    def __add__(self, other: Self) -> Facets:
        if not isinstance(other, Facets):
            return NotImplemented
        for role in AXES:
            ours, theirs = getattr(self, role), getattr(other, role)
            if ours.name != theirs.name:
                _refuse(role, f"{ours.name!r} and {theirs.name!r}")
            if ours.binning != theirs.binning:
                _refuse(
                    role,
                    f"other buckets of {ours.name!r} in each",
                    hint=f"Pass the buckets of the first: {_OPTION[role]}=first.{role}.binning.",
                )
        for role in ("sample_weight", "where"):
            if getattr(self, role) != getattr(other, role):
                _refuse(role, f"{getattr(self, role)!r} and {getattr(other, role)!r}")
        return replace(self, n=self.n + other.n, weight=self.weight + other.weight)


_OPTION = {"rows": "row_bins", "columns": "column_bins", "color": "color_bins"}


def _refuse(role: str, seen: str, *, hint: str = "") -> None:
    raise DataError(sentence(f"adding facets, {role}", seen, expected="the same in both", hint=hint))
