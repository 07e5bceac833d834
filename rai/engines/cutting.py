"""Numeric features cut into ranges: at stated edges, or at quantiles, which are found first.

    age  17 … 90, cuts (25, 45)  ──▶  "< 25"   "25 to < 45"   "≥ 45"      a range holds its lower edge

A numeric column that nobody said how to cut is refused where it has too many values to be a set of
groups, with cuts that would do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from numbers import Integral
from typing import Any

import numpy as np

from rai.engines.encoding import Codes, Floats
from rai.engines.numbers import numbers_of_role
from rai.engines.score_bins import is_finite
from rai.engines.sources import Source
from rai.ground.errors import ArgumentError, RoleError, sentence
from rai.ground.formatting import number
from rai.values.bin_edges import quantile_edges
from rai.values.binning import Intervals
from rai.values.levels import cut_names
from rai.values.roles import Roles


def axis_where(roles: Roles, axis: str) -> str:
    """How messages call a column that splits rows."""
    kind = "sensitive feature" if axis in roles.sensitive_features else "control feature"
    kind = "cohort" if axis in roles.cohorts else kind
    return f"{kind} {axis!r}"


def with_edges(source: Source, roles: Roles, *, rows: int) -> Roles:
    """The roles with numbers of quantile groups replaced by edges; reads the columns that need it."""

    def of_axis(axis: str) -> tuple[float, ...]:
        return edges_of(roles.cuts[axis], axis, lambda: all_numbers(source, roles, axis, rows=rows))

    return roles.replace(cuts={axis: of_axis(axis) for axis in roles.cuts}) if roles.cuts else roles


def all_numbers(source: Source, roles: Roles, axis: str, *, rows: int) -> Floats:
    """A numeric column as a whole, without the missing."""
    where, text_only = axis_where(roles, axis), source.text_only
    parts = [
        numbers_of_role(piece[axis], where=where, expected="numbers to cut", text_only=text_only)
        for piece in source.pieces([axis], rows)
    ]
    values = np.concatenate(parts) if parts else np.empty(0)
    return values[~np.isnan(values)]


def cut(values: Floats, edges: Sequence[float]) -> Codes:
    """Numbers as ranges between edges.

    Example:
        >>> ages = cut(np.array([17.0, 25.0, 44.9, np.nan]), (25, 45))
        >>> ages.codes.tolist(), ages.levels
        ([0, 1, 1, -1], ('< 25', '25 to < 45', '≥ 45'))
    """
    intervals = Intervals(np.array([-np.inf, *edges, np.inf]))
    codes = intervals.places(values)
    codes[codes == len(intervals)] = -1
    return Codes(codes, cut_names(edges))


def refuse_uncut(values: Floats, axis: str, *, where: str, most: int = 20) -> RoleError:
    """The error for a numeric feature with too many values, with cuts that would do."""
    distinct, n = np.unique(values, return_counts=True)
    quartiles = ", ".join(number(edge).replace(",", "") for edge in quantile_edges(distinct, n, 4))
    at_edges, at_quantiles = f"cuts={{{axis!r}: [{quartiles}]}}", f"cuts={{{axis!r}: 4}}"
    hint = f"Pass {at_edges} to cut at edges, or {at_quantiles} for quantile groups."
    whole = bool((np.floor(distinct) == distinct).all())
    seen = f"{len(distinct):,} distinct numbers{'' if whole else ', not all whole'}"
    expected = f"at most {most} whole numbers"
    return RoleError(sentence(where, seen, expected=expected, hint=hint))


def refuse_names(example: object, *, where: str, most: int = 1000) -> RoleError:
    """The error for a text feature with so many values that it looks like an identifier."""
    seen = f"more than {most:,} distinct values, such as {str(example)[:40]!r}"
    expected = f"at most {most:,} groups"
    return RoleError(sentence(where, seen, expected=expected, hint="Is it an identifier?"))


def edges_of(cut: Any, axis: str, read: Callable[[], Floats]) -> tuple[float, ...]:
    """The edges that a column is to be cut at.

    Args:
        cut: Edges, or a number of quantile groups.
        axis: The column.
        read: Gives its numbers, without the missing; only asked for quantile groups.

    Raises:
        ArgumentError: Neither edges nor a number of groups.
        RoleError: Numbers that can't be cut.
    """
    where = f"cuts[{axis!r}]"
    if isinstance(cut, Integral) and not isinstance(cut, bool):
        if cut < 2:
            raise ArgumentError(sentence(where, f"{cut} groups", expected="at least 2 quantile groups"))
        edges = quantile_edges(*np.unique(read(), return_counts=True), int(cut))
        if not edges:
            expected = "values that can be cut"
            raise RoleError(sentence(where, "one distinct value or none", expected=expected))
        return _distinctly_named(edges, where)
    expected = "increasing edges such as [25, 45], or a number of quantile groups such as 4"
    listed: list[Any] = list(cut) if isinstance(cut, (tuple, list, np.ndarray)) else []
    real = all(is_finite(edge) for edge in listed)
    if not listed or not real or any(a >= b for a, b in pairwise(listed)):
        raise ArgumentError(sentence(where, repr(cut), expected=expected))
    return _distinctly_named(tuple(float(e) for e in listed), where)


def _distinctly_named(edges: tuple[float, ...], where: str) -> tuple[float, ...]:
    marks = [f"{edge:.12g}" for edge in edges]
    twice = next((mark for mark, following in pairwise(marks) if mark == following), None)
    if twice is not None:
        seen = f"two edges that both read {twice}"
        raise ArgumentError(sentence(where, seen, expected="edges that differ in 12 digits"))
    return edges
