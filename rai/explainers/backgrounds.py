"""The background: the rows that a player's values are taken from while it doesn't play.

    given            ──▶  all of it
    none, n ≤ most   ──▶  the rows themselves
    none, n > most   ──▶  rows drawn at random, each group in its share, and the attributions say so

Nothing is ever cut in silence: the base of an attribution is the mean over exactly these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from rai.engines.encoding import Ints
from rai.engines.frames import Rows, open_rows
from rai.engines.numbers import NotNumbersError
from rai.explainers.hybrids import value_codes
from rai.ground.checks import check_count
from rai.ground.errors import DataError, sentence
from rai.values.generators import generator_of
from rai.whatif.row_groups import groups_of

MOST_EXACT = 5000  # rows of a default background where each costs next to nothing
MOST_ASKED = 100  # where the model is asked about each


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Background:
    """The rows that stand in.

    Args:
        rows: The rows.
        said: Which rows these are, in words.
        digest: SHA-256 of their values and the names of their columns.
    """

    rows: Rows
    said: str
    digest: str

    def __len__(self) -> int:
        return len(self.rows)


def sample_background(
    rows: Any, n: int = MOST_ASKED, *, by: Any = None, rng: int | np.random.Generator = 0
) -> Any:
    """Rows drawn at random without replacement, each group in its share of all.

    Args:
        rows: The rows to draw from.
        n: How many; all rows if there are no more.
        by: Groups that are drawn from apart: names of columns, or arrays.
        rng: Seed, or source of the draw.

    Returns:
        A frame of the same library, its rows in their order.

    Raises:
        RoleError: A column of `by` is not there.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"sex": ["F", "F", "F", "M"] * 10, "age": range(40)})
        >>> sample_background(rows, 8, by="sex")["sex"].value_counts().to_dict()
        {'F': 6, 'M': 2}
    """
    held = open_rows(rows)
    count = check_count(n, where="n")
    return held.native if len(held) <= count else held.take(_drawn(held, count, by, rng)).native


def background_of(
    given: Any, rows: Rows, *, read: tuple[str, ...], most: int, by: Any, rng: np.random.Generator
) -> Background:
    """The background of a question.

    Args:
        given: A frame, or None for the rows themselves, at most `most` of them.
        rows: The rows to be explained.
        read: The columns that the model reads.
        most: How many rows a background has that nobody gave.
        by: Groups that are drawn from apart.
        rng: Source of the draw.

    Raises:
        DataError: No rows.
        RoleError: A column is missing.
    """
    if given is not None:
        held = open_rows(given, where="background").select(read, where="background")
        if not len(held):
            raise DataError(sentence("background", "no rows", expected="at least one"))
        held = _of_one_library(held, rows)
        return Background(rows=held, said=f"{len(held):,} given rows", digest=digest_of(held))
    if len(rows) <= most:
        held, said = rows.select(read), f"the {len(rows):,} rows themselves"
    else:
        held = rows.take(_drawn(rows, most, by, rng)).select(read)
        apart = ", drawn within groups" if by is not None else ", drawn at random"
        said = f"{most:,} of the {len(rows):,} rows{apart}"
    return Background(rows=held, said=said, digest=digest_of(held))


def _of_one_library(held: Rows, like: Rows) -> Rows:
    """Rows as the library of others knows them."""
    wanted = like.frame.implementation
    if held.frame.implementation is wanted:
        return held
    return open_rows(held.frame.to_pandas() if wanted.is_pandas() else held.frame.to_polars())


def background_seed(rng: np.random.Generator) -> int:
    """A seed for the draw of a background, so that it is the same for every explainer that is tried.

    Example:
        >>> background_seed(np.random.default_rng(0)) == background_seed(np.random.default_rng(0))
        True
    """
    return int(rng.integers(1 << 62))


def digest_of(rows: Rows) -> str:
    """SHA-256 of values and names of columns, in hexadecimal; the order of rows counts.

    Example:
        >>> digest_of(open_rows({"a": [1, 2]})) == digest_of(open_rows({"a": [1, 2]}))
        True
    """
    found = sha256()
    for name in rows.names:
        values, levels = _bytes_and_levels(rows, name)
        found.update(repr((name, str(rows.frame.schema[name]), levels)).encode("utf-8", "surrogatepass"))
        found.update(values)
    return found.hexdigest()


def _bytes_and_levels(rows: Rows, name: str) -> tuple[bytes, list[str]]:
    """A column as bytes: of numbers themselves, of anything else places among its different values."""
    try:
        return (rows.numbers(name) + 0.0).tobytes(), []
    except NotNumbersError:
        codes = value_codes(rows, name)
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        return inverse.astype(np.int64).tobytes(), [_spelled(rows, name, place) for place in first]


def _spelled(rows: Rows, name: str, place: int) -> str:
    """A value as text, whatever it is."""
    try:
        return repr(rows.value(name, place))
    except TypeError:
        return repr(rows.frame.get_column(name)[int(place)])


def _drawn(rows: Rows, n: int, by: Any, rng: int | np.random.Generator) -> Ints:
    """Places of rows, in order: of each group its share, rounded so that the shares add up."""
    chance = generator_of(rng)
    if by is None:
        return np.sort(chance.choice(len(rows), n, replace=False))
    place = groups_of(rows, by, where="by").place
    sizes = np.bincount(place)
    shares = sizes * n / len(rows)
    counts = np.floor(shares).astype(np.intp)
    rest = np.argsort(counts - shares, kind="stable")[: n - int(counts.sum())]
    counts[rest] += 1
    order = chance.permutation(len(rows))
    order = order[np.argsort(place[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.sort(
        np.concatenate([order[a : a + count] for a, count in zip(starts, counts, strict=True)])
    )
