"""How far rows are apart: fitted once on some rows, asked as often as wanted.

    fit_distance(rows, features)  ──▶  Distance ── to(row) ──▶ (n,)
        "default"        what the model reads; robust units; a mismatch is 1
        "what-if-tool"   every column, standard deviations, a mismatch is the chance of a match
        a function       fn(record, frame) ──▶ (n,)

A fitted distance keeps the columns ready, so that the second question takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows, open_rows
from rai.ground.checks import as_names, check_choice
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import counted
from rai.ground.records import Records, Row
from rai.whatif.feature_terms import GAP, Column, Term, column_of, total
from rai.whatif.feature_units import chance_of_match, deviation, robust_unit

Preset = Literal["default", "what-if-tool"]
Norm = Literal["l1", "l2"]
Between = Callable[[dict[str, Any], Any], Any]

PRESETS = ("default", "what-if-tool")
NORMS = ("l1", "l2")

UNIQUE = "left out, as their values are all different: {names}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Distance(Records):
    """A distance between rows, fitted on some of them.

    Args:
        preset: `default`, `what-if-tool` or `custom`.
        norm: `l1`, a sum over columns, or `l2`, of squares.
        terms: What each column adds; none of a custom distance.
        rows: The rows that it was fitted on. Rows that are changed in place need a new fit.
        columns: Their columns, made ready.
        frozen: Columns in which a nearest row must agree.
        function: Of a custom distance.
        note: What to mind.

    Example:
        >>> fitted = fit_distance({"age": [20, 30, 40], "sex": ["F", "M", "M"]})
        >>> fitted.to({"age": 30, "sex": "F"}).round(2).tolist()
        [1.28, 1.0, 2.28]
    """

    preset: str
    norm: Norm
    terms: tuple[Term, ...]
    rows: Rows = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    frozen: tuple[str, ...] = ()
    function: Between | None = None
    note: str = ""

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that count; all of a custom distance."""
        return tuple(term.name for term in self.terms) if self.terms else self.rows.names

    @property
    def rooted(self) -> bool:
        """Whether the sum over columns is followed by a root."""
        return self.norm == "l2" and self.preset == "default"

    def to(self, row: Any, *, rows: Any = None) -> Floats:
        """The distance of each row to one row, shape (n,).

        Args:
            row: A dict, a position in the rows that it was fitted on, or `Rows` of one row.
            rows: Other rows with the same columns; those that it was fitted on if None.

        Raises:
            ArgumentError: If a value is of another kind than its column.
            DataError: If a custom function returns no distances.
        """
        asked = self.one(row)
        held = self.rows if rows is None else open_rows(rows)
        if self.function is not None:
            return _checked(self.function(asked.record(0), held.native), len(held))
        ready = self.ready(held)
        return self.over(ready, [c.asked(asked, t.name) for c, t in zip(ready, self.terms, strict=True)])

    def over(self, columns: Sequence[Column], asked: Sequence[float]) -> Floats:
        """The distance of each row of columns made ready to one row's values, shape (n,)."""
        found = total(self.terms, columns, asked, squared=self.norm == "l2")
        return np.sqrt(found, out=found) if self.rooted else found

    def ready(self, rows: Rows) -> tuple[Column, ...]:
        """Columns of rows made ready; at once if they are those that it was fitted on."""
        if _same(rows, self.rows):
            return self.columns
        return tuple(column_of(rows, term.name) for term in self.terms)

    def parts(self, row: Rows, other: Rows) -> dict[str, float]:
        """What each column adds to the distance of two rows; under `l2` the square of it."""
        found = {}
        for term, column in zip(self.terms, self.columns, strict=True):
            held = np.array([column.asked(other, term.name)])
            one = Column(values=held, places=column.places, gaps=True)
            each = term.weight * float(
                one.apart(column.asked(row, term.name), term, part=slice(None))[0]
            )
            found[term.name] = each**2 if self.norm == "l2" else each
        return found

    def one(self, row: Any) -> Rows:
        """One row as `Rows`: of a dict, of a position, or as it is.

        Raises:
            ArgumentError: If there is no such row.
        """
        if isinstance(row, Rows):
            return row
        if isinstance(row, Mapping):
            return self.rows.of_records([row])
        rows, whole = len(self.rows), isinstance(row, Integral) and not isinstance(row, bool)
        if not whole or not -rows <= row < rows:
            expected = f"a dict, or a position from 0 to {rows - 1:,}"
            raise ArgumentError(sentence("row", repr(row), expected=expected))
        return self.rows.take([int(row) % rows])

    def to_dicts(self) -> list[Row]:
        """One row for each column that counts: what a difference of 1 is, and its weight."""
        return [term.to_dict() for term in self.terms]


def fit_distance(
    rows: Any,
    features: Iterable[str] | None = None,
    *,
    distance: Preset | Between | str = "default",
    norm: Norm | str = "l1",
    weights: Mapping[str, float] | None = None,
    frozen: str | Iterable[str] = (),
    y_true: str | None = None,
    ignore: str | Iterable[str] = (),
) -> Distance:
    """Fit a distance on rows.

    `default` divides a difference of numbers by a unit that outliers don't move: the distance from the
    first to the ninth tenth of the values, over 2.563, which is the standard deviation of a normal
    distribution; the standard deviation where more than four fifths of the values are one and the same;
    and the range where there are but two values, so that 0 and 1 are as far apart as no and yes. Any
    other mismatch is 1, so is a missing value against one that is there, and two missing values are
    equal. `l2` is the Euclidean distance, with its root.

    `what-if-tool` is the formula of the What-If Tool, for numbers that can be laid beside its own: every
    column counts, also those that the model never reads; differences of numbers are divided by their
    standard deviation; a mismatch costs the chance that two rows have the same value, the sum of squared
    shares; a missing value costs 1, against whatever; columns of text whose values are all different are
    left out; and `l2` is the sum of squares, without the root.

    Args:
        rows: The rows.
        features: The columns that count; all of them if None.
        distance: `default`, `what-if-tool`, or a function that takes one row as a dict and n rows as the
            frame that they came as, and returns n distances.
        norm: `l1` or `l2`.
        weights: Column to how many times as far its differences count; 1 where it isn't named.
        frozen: Columns in which a nearest row must agree.
        y_true: The column of true labels, which doesn't count.
        ignore: Other columns that don't count.

    Raises:
        RoleError: If a column isn't there, or holds nothing that can be compared.
        ArgumentError: If no column counts, or a weight is not a number of at least 0.

    Example:
        >>> rows = {"age": [20, 30, 40], "sex": ["F", "M", "M"]}
        >>> fit_distance(rows, distance="what-if-tool").to(0).round(3).tolist()
        [0.0, 1.556, 2.556]

    Source:
        J. Wexler et al. (2020), The What-If Tool, IEEE TVCG 26(1), doi:10.1109/TVCG.2019.2934619.
    """
    held = open_rows(rows)
    if not len(held):
        raise DataError(sentence("rows", counted(0, "row"), expected="at least one"))
    fixed = held.select(as_names(frozen), where="frozen").names if as_names(frozen) else ()
    check_choice(norm, NORMS, where="norm")
    if callable(distance):
        if weights is not None:
            raise ArgumentError(
                sentence(
                    "weights", "weights for a function", expected="none", hint="Weigh in the function."
                )
            )
        return Distance(
            preset="custom",
            norm="l1",
            terms=(),
            rows=_kept(held),
            columns=(),
            frozen=fixed,
            function=distance,
        )
    check_choice(distance, PRESETS, where="distance")
    names = _counting(held, features, as_names(y_true) + as_names(ignore))
    return _fitted(held, names, distance, norm=norm, weights=weights or {}, frozen=fixed)


def _fitted(
    rows: Rows,
    names: tuple[str, ...],
    preset: str,
    *,
    norm: str,
    weights: Mapping[str, float],
    frozen: Any,
) -> Distance:
    """Columns made ready, and the term of each."""
    columns = {name: column_of(rows, name) for name in names}
    unique = [
        name for name in names if preset == "what-if-tool" and _all_different(columns[name], len(rows))
    ]
    kept = tuple(name for name in names if name not in unique)
    heavy = {name: _weight(name, weights[name], kept) for name in weights}
    fitted = _tool_term if preset == "what-if-tool" else _default_term
    terms = tuple(fitted(name, columns[name], heavy.get(name, 1.0)) for name in kept)
    if not terms:
        raise ArgumentError(sentence("distance", "no columns", expected="at least one that counts"))
    return Distance(
        preset=preset,
        norm=norm,  # type: ignore[arg-type]
        terms=terms,
        rows=_kept(rows),
        columns=tuple(columns[name] for name in kept),
        frozen=frozen,
        note=UNIQUE.format(names=", ".join(unique)) if unique else "",
    )


def _default_term(name: str, column: Column, weight: float) -> Term:
    unit = robust_unit(column.present) if column.numeric else GAP
    return Term(name=name, numeric=column.numeric, unit=unit, weight=weight)


def _tool_term(name: str, column: Column, weight: float) -> Term:
    unit = deviation(column.present) if column.numeric else chance_of_match(column.present)
    return Term(name=name, numeric=column.numeric, unit=unit, weight=weight, both_missing=GAP)


def _all_different(column: Column, rows: int) -> bool:
    return column.places is not None and len(column.places) == rows


def _counting(rows: Rows, features: Iterable[str] | None, without: Collection[str]) -> tuple[str, ...]:
    """The columns that count, checked."""
    for name in without:
        rows.check(name, where="distance")
    asked = rows.names if features is None else as_names(features)
    return tuple(name for name in rows.select(asked, where="distance").names if name not in without)


def _weight(name: str, weight: Any, names: Sequence[str]) -> float:
    if name not in names:
        seen, expected = f"a weight for {name!r}", f"one of {listing(names)}"
        raise ArgumentError(sentence("weights", seen, expected=expected))
    if isinstance(weight, bool) or not isinstance(weight, Real) or not 0 <= float(weight) < np.inf:
        seen = f"{weight!r} for {name!r}"
        raise ArgumentError(sentence("weights", seen, expected="a number of at least 0"))
    return float(weight)


def _kept(rows: Rows) -> Rows:
    """The same rows, which a later change in place does not reach where pandas copies on writing."""
    if not rows.frame.implementation.is_pandas():
        return rows
    return open_rows(rows.native.copy(deep=False))


def _same(rows: Rows, others: Rows) -> bool:
    """Whether rows are those others, unchanged."""
    if rows.native is others.native:
        return True
    alike = type(rows.native) is type(others.native) and rows.frame.shape == others.frame.shape
    return alike and rows.frame.implementation.is_pandas() and bool(rows.native.equals(others.native))


def _checked(found: Any, rows: int) -> Floats:
    """What a function returned, as distances."""
    where, expected = "distance", f"a distance of at least 0 for each of {counted(rows, 'row')}"
    try:
        distances = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(sentence(where, f"it returned {found!r}"[:200], expected=expected)) from None
    if distances.shape != (rows,):
        raise DataError(sentence(where, f"it returned shape {distances.shape}", expected=expected))
    bad = ~(np.isfinite(distances) & (distances >= 0))
    if bad.any():
        first = int(bad.argmax())
        seen = f"it returned {distances[first]:g} for row {first + 1:,}"
        raise DataError(sentence(where, seen, expected=expected))
    return distances
