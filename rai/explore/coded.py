"""A column as small codes: a byte a row says which bucket it is in, enough to draw a million points.

age   17   44   –   90      codes    0      3          8           7        uint8
                            labels   10 to 19 · … · 80 to 90 · (missing)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import WHOLE
from rai.engines.sources import open_source
from rai.engines.typed_files import typed_source
from rai.explore.binning import BINS, Bins, binning_of
from rai.explore.columns import readable
from rai.explore.placing import Buckets, outline, placed
from rai.ground.checks import check_one
from rai.ground.records import Records, Row
from rai.values.binning import Binning, Intervals, labels_with_missing
from rai.values.column_summary import ColumnKind
from rai.values.number_counts import Counts


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CodedColumn(Records):
    """The bucket of each row of a column.

    Args:
        column: The column.
        kind: What it holds.
        codes: A place in `labels` for each row, shape (rows,): uint8, uint16 or uint32.
        binning: The buckets.
        n: Rows in each bucket, shape (b + 1,), the missing last.

    Example:
        >>> from rai.explore.coded import codes
        >>> ages = codes({"age": [17, 44, None, 90]}, "age", bins=[18, 65])
        >>> ages.codes.tolist(), ages.labels, ages.missing
        ([0, 1, 3, 2], ('< 18', '18 to < 65', '≥ 65', '(missing)'), 3)
    """

    column: str
    kind: ColumnKind
    codes: Buckets
    binning: Binning
    n: Counts

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def labels(self) -> tuple[str, ...]:
        """The name of each bucket, `(missing)` last, shape (b + 1,)."""
        return labels_with_missing(self.binning)

    @property
    def edges(self) -> Floats | None:
        """The edges between the buckets of numbers and dates (days since 1970), shape (b + 1,)."""
        return self.binning.edges if isinstance(self.binning, Intervals) else None

    @property
    def missing(self) -> int:
        """The code of rows without a value."""
        return len(self.binning)

    def to_dicts(self) -> list[Row]:
        """One row per bucket: its code, its name, its rows."""
        return [
            {"code": code, "label": label, "n": int(n)}
            for code, (label, n) in enumerate(zip(self.labels, self.n, strict=True))
        ]


def codes(data: Any, column: str, bins: Bins = BINS, *, method: str = "equal_width") -> CodedColumn:
    """The bucket of each row of a column, as a small number.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet.
        column: The column.
        bins: The most bins, not counting `other`; edges between them; or the binning of another column,
            for the same buckets.
        method: `equal_width`, `quantile` or `freedman_diaconis`, as for `rai.explore.binning_of`.

    Raises:
        RoleError: If there is no such column, or its values have no buckets, as lists have not.
        ArgumentError: If something else stands for bins or for a method.
        DataError: If the rows can't be read, or a value is in no bucket of a binning that was passed.

    Example:
        >>> from rai.explore.coded import codes
        >>> found = codes({"job": ["a", "b", "a", None, "c"]}, "job", bins=1)
        >>> found.codes.tolist(), found.labels
        ([0, 1, 0, 2, 1], ('a', 'other (2 values)', '(missing)'))
    """
    check_one(column, where="codes", what="column")
    where = f"column {column!r}"
    source = open_source(data)
    source.check_column(column, role="codes")
    pieces = typed_source(source, [column]).pieces([column], WHOLE)
    parts = [readable(piece[column]) for piece in pieces] or [readable(np.empty(0))]
    whole = reduce(add, [outline(part, bins=bins, method=method, where=where) for part in parts])
    binning = binning_of(whole, bins, method=method, where=f"bins of {column!r}")
    small = np.concatenate([placed(part, binning, where=where) for part in parts])
    n = np.bincount(small, minlength=len(binning) + 1).astype(np.int64)
    return CodedColumn(column=column, kind=whole.kind, codes=small, binning=binning, n=n)
