"""The values that a feature is set to in turn, read off all rows.

    numbers, dates   quantiles (values that occur), evenly spaced ones, or every value
    categories       every one, the most frequent first; True and False
    missing          a point of its own, where it occurs

A point is a place in a pool: the column's own values, followed by new ones. So types stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted
from rai.values.features import Feature, Features, Value

GridKind = Literal["quantile", "uniform", "every"]

KINDS = ("quantile", "uniform", "every")
POINTS = 20
MOST_POINTS = 1000
MISSING_PLACE = -1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Grid:
    """G values of one feature.

    Args:
        feature: The feature.
        pool: The column's values, followed by those that don't occur.
        places: Where each point stands in the pool, shape (G,).
        points: The points as plain Python, None for missing.
        scale: The points as numbers (dates as days), NaN where they are none, shape (G,).
        nearest: The point that each row's own value is nearest to, shape (n,); -1 where it is near none.
        deciles: Of a number or date the nine deciles of its values; else empty.
    """

    feature: Feature
    pool: Any
    places: Ints
    points: tuple[Value, ...]
    scale: Floats
    nearest: Ints
    deciles: Floats

    def __len__(self) -> int:
        return len(self.places)

    @property
    def ordered(self) -> bool:
        """Whether the points lie on a scale."""
        return self.feature.kind not in {"category", "boolean"}

    def shares(self, group: Ints, *, groups: int) -> Floats:
        """The share of each group's rows that is nearest to each point, shape (groups, G)."""
        near = self.nearest >= 0
        cells = np.bincount(
            group[near] * len(self) + self.nearest[near], minlength=groups * len(self)
        ).reshape(groups, len(self))
        rows = np.maximum(np.bincount(group, minlength=groups), 1)
        return np.asarray(cells / rows[:, None])


def grids_of(
    rows: Rows,
    features: Features,
    *,
    grid: int | Mapping[str, Sequence[Value]] = POINTS,
    kind: str = "quantile",
) -> list[Grid]:
    """A grid for each feature.

    Args:
        rows: The rows.
        features: What is known of the columns.
        grid: How many points a number or a date gets; or feature to points.
        kind: `quantile`, `uniform` or `every`.

    Raises:
        ArgumentError: Too many points, a value of another kind than its column, or an unknown feature.

    Example:
        >>> from rai.engines.features import features_of
        >>> from rai.engines.frames import open_rows
        >>> rows = open_rows({"age": [20, 30, 30, 60], "sex": ["M", "F", "M", "M"]})
        >>> [found.points for found in grids_of(rows, features_of(rows), grid=3)]
        [(20, 30, 60), ('M', 'F')]
    """
    check_choice(kind, KINDS, where="grid_kind")
    given = grid if isinstance(grid, Mapping) else {}
    for name in given:
        features.named(name, where="grid")
    points = POINTS if isinstance(grid, Mapping) else check_count(grid, where="grid", least=2)
    return [
        _given(rows, feature, given[feature.name])
        if feature.name in given
        else _found(rows, feature, points, kind)
        for feature in features
    ]


def _found(rows: Rows, feature: Feature, points: int, kind: str) -> Grid:
    if feature.kind in {"category", "boolean"}:
        return _of_categories(rows, feature)
    numbers = rows.numbers(feature.name)
    known = np.flatnonzero(~np.isnan(numbers))
    order = known[np.argsort(numbers[known], kind="stable")]
    firsts = np.flatnonzero(np.diff(numbers[order], prepend=-np.inf) > 0)
    gaps = np.flatnonzero(np.isnan(numbers))[:1]
    if kind == "uniform" and len(firsts) > 1 and feature.kind != "date":
        return _uniform(rows, feature, numbers, points, gaps)
    chosen = firsts
    if kind != "every" and len(firsts) > points:
        chosen = quantile_places(firsts, len(order), points)
        if kind == "uniform":  # dates: those that occur, nearest to evenly spaced ones
            chosen = _spaced_places(numbers[order], firsts, points)
    _check_size(feature, len(chosen))
    places = np.concatenate([order[chosen], gaps])
    values = tuple(rows.value(feature.name, place) for place in places.tolist())
    return _grid(rows, feature, rows.pool(feature.name), places, values, numbers=numbers)


def quantile_places(firsts: Ints, rows: int, points: int) -> Ints:
    """Places among sorted rows: quantiles, and where ties leave fewer, values evenly spaced by rank."""
    wanted = np.ceil(np.linspace(0, 1, points) * rows).astype(np.intp).clip(1, rows) - 1
    held = np.unique(np.searchsorted(firsts, wanted, side="right") - 1)
    others = np.setdiff1d(np.arange(len(firsts)), held)
    lacking = points - len(held)
    extra = others[np.unique(np.linspace(0, len(others) - 1, lacking).round().astype(np.intp))]
    every = np.sort(np.concatenate([held, extra if lacking else others[:0]]))
    return np.asarray(firsts[every], dtype=np.intp)


def _spaced_places(sorted_numbers: Floats, firsts: Ints, points: int) -> Ints:
    distinct = sorted_numbers[firsts]
    even = np.linspace(distinct[0], distinct[-1], points)
    return np.asarray(firsts[np.unique(_nearest(distinct, even))])


def _uniform(rows: Rows, feature: Feature, numbers: Floats, points: int, gaps: Ints) -> Grid:
    known = numbers[~np.isnan(numbers)]
    even = np.linspace(known.min(), known.max(), points)
    if (np.floor(known) == known).all():
        even = np.unique(even.round())
    as_kind = int if feature.kind == "integer" else float
    values = [as_kind(value) for value in even.tolist()]
    pool = rows.pool(feature.name, values)
    places = np.concatenate([len(rows) + np.arange(len(values)), gaps])
    return _grid(rows, feature, pool, places, (*values, *[None] * len(gaps)), numbers=numbers)


def _of_categories(rows: Rows, feature: Feature) -> Grid:
    codes = rows.codes(feature.name)
    wanted = feature.categories
    if feature.kind == "boolean":
        wanted = tuple(level for level in (False, True) if level in wanted)
    _check_size(feature, len(wanted))
    found, first = np.unique(codes.codes, return_index=True)
    row_of = dict(zip(found.tolist(), first.tolist(), strict=True))
    code_of = {level: code for code, level in enumerate(codes.levels)}
    places = [row_of[code_of[level]] for level in wanted]
    gaps = [row_of[MISSING_PLACE]] if codes.gaps else []
    held = np.array([*places, *gaps], dtype=np.intp)
    pool = rows.pool(feature.name)
    return _grid(rows, feature, pool, held, (*wanted, *[None] * len(gaps)))


def _given(rows: Rows, feature: Feature, points: Any) -> Grid:
    """The points that a person names: numbers in order, categories as they come."""
    where = f"grid of {feature.name!r}"
    if isinstance(points, (str, Mapping)) or not hasattr(points, "__iter__"):
        raise ArgumentError(sentence(where, repr(points), expected="a list of values"))
    plain = [value.item() if isinstance(value, np.generic) else value for value in points]
    values = list(dict.fromkeys(feature.checked(value, where=where) for value in plain))
    if not values:
        raise ArgumentError(sentence(where, "no values", expected="at least one"))
    _check_size(feature, len(values))
    pool = rows.pool(feature.name, values)
    places = len(rows) + np.arange(len(values))
    numbers = None
    if feature.kind not in {"category", "boolean"}:
        numbers = rows.numbers(feature.name)
        at = _numbers_of(feature, pool)[places]
        order = np.argsort(at, kind="stable")  # missing goes last
        values, places = [values[i] for i in order.tolist()], places[order]
    return _grid(rows, feature, pool, places, tuple(values), numbers=numbers)


def _grid(
    rows: Rows,
    feature: Feature,
    pool: Any,
    places: Ints,
    values: tuple[Value, ...],
    *,
    numbers: Floats | None = None,
) -> Grid:
    missing = next((place for place, value in enumerate(values) if value is None), MISSING_PLACE)
    if numbers is None:
        codes = rows.codes(feature.name)
        point = {value: place for place, value in enumerate(values)}
        lookup = np.array([point.get(level, -1) for level in codes.levels] + [missing], dtype=np.intp)
        nothing = np.full(len(values), np.nan)
        return Grid(feature=feature, pool=pool, places=places, points=values, scale=nothing,
                    nearest=lookup[codes.codes], deciles=np.zeros(0))  # fmt: skip
    at = _numbers_of(feature, pool)[places]
    known = ~np.isnan(numbers)
    nearest = np.full(len(rows), missing, dtype=np.intp)
    scale = at[~np.isnan(at)]
    nearest[known] = _nearest(scale, numbers[known]) if len(scale) else MISSING_PLACE
    held = np.quantile(numbers[known], np.arange(1, 10) / 10) if known.any() else np.zeros(0)
    return Grid(feature=feature, pool=pool, places=places, points=values, scale=at, nearest=nearest,
                deciles=held)  # fmt: skip


def _numbers_of(feature: Feature, pool: Any) -> Floats:
    """A pool as numbers."""
    import narwhals as nw

    series = nw.from_native(pool, series_only=True).alias(feature.name)
    return Rows(series.to_frame()).numbers(feature.name)


def _nearest(scale: Floats, numbers: Floats) -> Ints:
    """The place on an ascending scale that each number is nearest to."""
    return np.searchsorted((scale[1:] + scale[:-1]) / 2, numbers, side="left").astype(np.intp)


def _check_size(feature: Feature, points: int) -> None:
    if points > MOST_POINTS:
        seen = f"{counted(points, 'point')} for {feature.name!r}"
        hint = f"Leave it out, or name points: grid={{{feature.name!r}: […]}}."
        raise ArgumentError(sentence("grid", seen, expected=f"at most {MOST_POINTS:,}", hint=hint))


__all__ = ["KINDS", "POINTS", "Grid", "grids_of"]
