"""Rows that are one person in some columns and another in the rest, and what the model says of them.

    x   age 30 · sex F · hours 40        coalition {age, hours}
    z   age 55 · sex M · hours 20   ──▶  hybrid: age 30 · sex M · hours 40  ──▶  score

Values are copied as they are, whatever their type. Hybrids that are the same row are asked about once.
A pipeline that encodes column by column is asked with matrices; a sample of what it says so is held
against the model itself, and if they differ the model is asked as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.explainers.players import Players
from rai.explainers.spaces import Space
from rai.ground.errors import DataError, sentence
from rai.models.column_steps import MOST_CELLS, ColumnSteps, column_steps

Bools = NDArray[np.bool_]

CHUNK_CELLS = 1 << 22  # of one matrix of hybrids, few enough to stay close to the processor
ROOM = 2**62  # keys below are one whole number
CHECKED = 64
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Hybrids:
    """Two sets of rows, ready to be mixed.

    Args:
        space: The number of a row that is meant.
        players: The columns that move together.
        pool: The n rows, then the B rows of the background; only columns that the model reads.
        n: How many rows come first.
        codes: For each of them and each player a number; equal numbers are equal values,
            shape (n + B, M).
        steps: The model as two steps, where it can be taken apart.
        matrix: The pool as its last step sees it, shape (n + B, p).
        owners: The player of each column of that matrix, shape (p,).
    """

    space: Space
    players: Players
    pool: Rows
    n: int
    codes: Ints
    steps: ColumnSteps | None = None
    matrix: Floats | None = None
    owners: Ints | None = None

    def scores(self, x: Ints, z: Ints, from_x: Bools) -> Floats:
        """The numbers of hybrids, shape (m, K).

        Args:
            x: The row of each, shape (m,).
            z: The row of the background of each, shape (m,).
            from_x: Which players' values come from the row, shape (m, M).
        """
        return self.mixed(np.where(from_x.T, x, self.n + z).T, x)

    def mixed(self, at: Ints, x: Ints, *, repeats: bool = True) -> Floats:
        """The numbers of hybrids, shape (m, K), by where their players' values come from.

        Args:
            at: For each player a place in the pool, shape (m, M); quickest in columns.
            x: The row whose label is meant, in the space of losses, shape (m,).
            repeats: Whether to look for hybrids that are the same row, and ask about each once.
        """
        if not repeats:
            return self.space.turn(self._asked(at), x)
        first, inverse = self.distinct(at)
        return self.space.turn(self._asked(at.T[:, first].T)[inverse], x)

    def row_scores(self) -> Floats:
        """The numbers of the rows themselves, shape (n, K)."""
        return self.space.scores(self.pool.part(0, self.n))

    def background_raw(self) -> Floats:
        """What the model says of the background, before its space, shape (B,) or (B, k)."""
        return self.space.asked(self.pool.part(self.n, len(self.pool)))

    def distinct(self, at: Ints) -> tuple[Ints, Ints]:
        """The first of each hybrid that differs, and which of these each is.

        Args:
            at: For each player a place in the pool, shape (m, M).
        """
        import pandas as pd

        sizes = self.codes.max(axis=0, initial=0) + 1
        whole = np.prod(sizes.astype(np.float64)) < ROOM
        key = np.zeros(len(at), dtype=np.int64 if whole else np.uint64)
        for place, size in enumerate(sizes):
            codes = self._codes(at, place)
            key = key * int(size) + codes if whole else _mixed(key, codes)
        inverse = np.asarray(pd.factorize(key)[0], dtype=np.intp)
        first = _firsts(inverse)
        if not whole and self._met(at, at[first][inverse]):
            codes = np.take_along_axis(self.codes, at, axis=0)
            _, first, inverse = np.unique(codes, axis=0, return_index=True, return_inverse=True)
        return first, inverse

    def _codes(self, at: Ints, place: int) -> Ints:
        return self.codes[:, place].take(at[:, place])

    def _met(self, at: Ints, taken: Ints) -> bool:
        """Whether two that differ met in one number."""
        return any(
            not np.array_equal(self._codes(at, place), self._codes(taken, place))
            for place in range(at.shape[1])
        )

    def _asked(self, at: Ints) -> Floats:
        """What the model says of hybrids, from the rows that their players' values come from."""
        if self.steps is not None and self.matrix is not None and self.owners is not None:
            return self._encoded(at)
        places = {
            name: at[:, place] for place, columns in enumerate(self.players.columns) for name in columns
        }
        return self.space.asked(self.pool.gathered(places))

    def _encoded(self, at: Ints) -> Floats:
        """From the model's last step, with matrices put together column by column."""
        assert self.steps is not None
        assert self.matrix is not None
        assert self.owners is not None
        width = self.matrix.shape[1]
        chunk = max(1, CHUNK_CELLS // max(width, 1))
        blocks = [np.flatnonzero(self.owners == place) for place in range(at.shape[1])]
        parts, found = [self.matrix[:, columns] for columns in blocks], []
        for start in range(0, len(at), chunk):
            rows = at[start : start + chunk]
            held = np.empty((len(rows), width), dtype=self.matrix.dtype)
            for place, columns in enumerate(blocks):
                held[:, columns] = parts[place].take(rows[:, place], axis=0)
            found.append(self.steps.scores(held))
        return np.concatenate(found)


def hybrids_of(space: Space, rows: Rows, *, background: Rows, players: Players) -> Hybrids:
    """Rows and a background, ready to be mixed.

    Args:
        space: The number of a row that is meant.
        rows: The rows, n of them.
        background: The background, B rows of the same columns.
        players: Who plays; their columns are those that the model reads.

    Example:
        >>> import rai
        >>> from rai.engines.frames import open_rows
        >>> from rai.explainers.players import players_of
        >>> from rai.explainers.spaces import space_of
        >>> space = space_of("probability", rai.load_model(lambda f: f["a"] * f["b"]))
        >>> held = hybrids_of(space, open_rows({"a": [1.0], "b": [0.5]}),
        ...     background=open_rows({"a": [0.2], "b": [0.4]}), players=players_of("raw", ("a", "b")))
        >>> first = np.array([0])
        >>> held.scores(first, first, np.array([[True, False]])).tolist()
        [[0.4]]
    """
    names = players.read
    pool = rows.select(names).append(background.select(names))
    codes = np.array([_player_codes(pool, columns) for columns in players.columns]).T
    plain = Hybrids(space=space, players=players, pool=pool, n=len(rows), codes=codes)
    return _in_steps(plain) or plain


def _player_codes(pool: Rows, columns: tuple[str, ...]) -> Ints:
    """A number for each row, equal where all of a player's values are."""
    found = np.zeros(len(pool), dtype=np.int64)
    for name in columns:
        own = value_codes(pool, name)
        found = found * (int(own.max(initial=0)) + 1) + own
        found = np.unique(found, return_inverse=True)[1]
    return np.asarray(found, dtype=np.intp)


def value_codes(rows: Rows, name: str) -> Ints:
    """A number from 0 for each value of a column, equal where values are; missing is a value.

    Raises:
        DataError: If they can't be told apart: lists, say.
    """
    series = rows.column(name)
    try:
        return _pandas_codes(series) if rows.frame.implementation.is_pandas() else _polars_codes(series)
    except Exception as error:
        seen = f"values that can't be told apart ({type(error).__name__}: {error})".split("\n", 1)[0]
        expected = "numbers, text, dates, true or false"
        raise DataError(sentence(f"column {name!r}", seen, expected=expected)) from error


def _pandas_codes(series: Any) -> Ints:
    import pandas as pd

    return np.asarray(pd.factorize(series, use_na_sentinel=True)[0], dtype=np.intp) + 1


def _polars_codes(series: Any) -> Ints:
    physical = series.to_physical()
    ordered = physical.cast(int) if str(physical.dtype) == "Boolean" else physical
    return np.asarray(ordered.rank("dense").fill_null(0).to_numpy(), dtype=np.intp)


def _in_steps(plain: Hybrids) -> Hybrids | None:
    """The same, asked with matrices; None where that isn't known to be the same."""
    steps = column_steps(plain.space.model)
    if steps is None:
        return None
    try:
        matrix = steps.matrix(plain.pool)
    except Exception:  # noqa: BLE001 - whatever a transformer raises; the model itself will say why
        return None
    if matrix is None or matrix.shape[0] * matrix.shape[1] > MOST_CELLS:
        return None
    dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    owners = plain.players.of_places(steps.columns, width=dense.shape[1])
    if (owners < 0).any():
        return None
    held = Hybrids(
        space=plain.space,
        players=plain.players,
        pool=plain.pool,
        n=plain.n,
        codes=plain.codes,
        steps=steps,
        matrix=dense,
        owners=owners,
    )
    return held if _agrees(plain, held) else None


def _agrees(plain: Hybrids, held: Hybrids) -> bool:
    """Whether both ways give the same scores of some hybrids."""
    rng = np.random.default_rng(0)
    at = rng.integers(len(plain.pool), size=(CHECKED, len(plain.players)))
    try:
        ours = held._asked(at)  # noqa: SLF001
    except Exception:  # noqa: BLE001 - whatever an estimator raises that was fitted on another kind
        return False
    return bool(np.allclose(ours, plain._asked(at), rtol=CLOSE, atol=CLOSE))  # noqa: SLF001


def _mixed(key: Any, codes: Ints) -> Any:
    """A key and one more number in 64 bits; works on whole arrays."""
    key = (key ^ codes.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return key ^ (key >> np.uint64(29))


def _firsts(inverse: Ints) -> Ints:
    """The first row of each code, by writing rows backwards."""
    first = np.empty(int(inverse.max(initial=-1)) + 1, dtype=np.intp)
    first[inverse[::-1]] = np.arange(len(inverse) - 1, -1, -1)
    return first
