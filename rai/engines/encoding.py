"""A column of anything as small integers and the levels they stand for.

    ["F", "M", None, "F"]  ──▶  codes [0, 1, -1, 0], levels ("F", "M")

Strings are hashed, never sorted; small whole numbers are shifted; categories keep the codes they have.
Every native form has one function, and the form is found without importing anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.spelling import level, spelled
from rai.ground.errors import RoleError, sentence
from rai.values.levels import Level

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Read = Callable[[Any], Level | None]

SHIFTED = 4096  # spans of whole numbers up to here need no hashing
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """A column as integers.

    Args:
        codes: Place in `levels`, shape (rows,); -1 where the value is missing.
        levels: The distinct values, each occurring, as plain Python.
        fraction: A number that is not whole, if there is one; the column is then no set of classes
            and has no codes.
    """

    codes: Ints
    levels: tuple[Level, ...]
    fraction: float | None = None

    @property
    def gaps(self) -> bool:
        """Whether a value is missing."""
        return bool(len(self.codes)) and int(self.codes.min()) < 0


def is_a(value: object, module: str, *names: str) -> bool:
    """Whether a value is of a library's class, without importing the library."""
    loaded = sys.modules.get(module)
    return loaded is not None and any(isinstance(value, getattr(loaded, n, ())) for n in names)


def encode(column: Any, *, text_only: bool = False) -> Codes:
    """The codes of a column of any form.

    Args:
        column: A NumPy array, a pandas or Polars series, or a PyArrow array.
        text_only: The column comes from a CSV file: blanks around values and words for missing count.

    Raises:
        TypeError: Values that name no group, such as lists.

    Example:
        >>> encode(np.array(["F", "M", "F"])).levels
        ('F', 'M')
    """
    read: Read = spelled if text_only else level
    if is_a(column, "pandas", "Series", "Index"):
        return _of_pandas(column, read)
    if is_a(column, "pyarrow", "Array", "ChunkedArray"):
        import polars

        return _of_polars(polars.Series(values=polars.from_arrow(column)), read)
    if is_a(column, "polars", "Series"):
        return _of_polars(column, read)
    return _of_array(column, read)


def group_codes(column: Any, *, where: str, text_only: bool = False) -> Codes:
    """The same of a column that is to name groups, with the sentence that says why it can't.

    Raises:
        RoleError: Values that name no group.
    """
    try:
        return encode(column, text_only=text_only)
    except (TypeError, UnicodeDecodeError) as error:
        what = str(error).removeprefix("unhashable type: ").strip("'")
        seen = f"values that name no group ({what})"
        expected = "text, whole numbers, true/false values, dates or categories"
        raise RoleError(sentence(where, seen, expected=expected)) from None


def _of_array(array: NDArray[Any], read: Read) -> Codes:
    """A NumPy array."""
    if isinstance(array, np.ma.MaskedArray):
        return _where(~np.ma.getmaskarray(array), lambda keep: _of_array(array.data[keep], read))
    if array.dtype.kind == "b":
        return _present(array.view(np.int8).astype(np.intp), [False, True], read)
    if array.dtype.kind in "iu":
        return _of_ints(array, read)
    if array.dtype.kind == "f":
        return _of_floats(array, read)
    if array.dtype.kind == "M":
        return _of_moments(array, read)
    if array.dtype.kind in "US":
        return _of_fixed_width(array, read)
    if array.dtype.kind in "OT":
        return _hashed(array.astype(object, copy=False), read)
    raise TypeError(str(array.dtype))


def _of_ints(array: NDArray[Any], read: Read) -> Codes:
    if len(array) == 0:
        return Codes(np.empty(0, dtype=np.intp), ())
    low, high = int(array.min()), int(array.max())
    if high - low >= SHIFTED:
        return _hashed(array, read)
    codes = (array - array.dtype.type(low)).astype(np.intp) if low > 0 else array.astype(np.intp) - low
    return _present(codes, range(low, high + 1), read)


def _of_floats(array: NDArray[Any], read: Read) -> Codes:
    wide = array.astype(np.float64, copy=False)
    missing = np.isnan(wide)
    if missing.any():
        return _where(~missing, lambda keep: _of_floats(wide[keep], read))
    broken = (np.floor(wide) != wide) | (np.abs(wide) >= 2.0**62)
    if broken.any():
        return Codes(np.empty(0, dtype=np.intp), (), fraction=float(wide[broken.argmax()]))
    return _of_ints(wide.astype(np.int64), read)


def _of_moments(array: NDArray[Any], read: Read) -> Codes:
    coded = _where(~np.isnat(array), lambda keep: _hashed(array[keep].view(np.int64), level))
    moments = np.array(coded.levels, dtype=np.int64).view(array.dtype)
    return _remapped(coded.codes, moments.astype("datetime64[us]").tolist(), read)


def _of_fixed_width(array: NDArray[Any], read: Read) -> Codes:
    """Fixed-width text: each row's bytes are mixed into one number, and the numbers are hashed."""
    import pandas as pd

    if len(array) == 0:
        return Codes(np.empty(0, dtype=np.intp), ())
    words = _as_words(array)
    mixed = words[:, 0].copy()
    for column in words.T[1:]:
        mixed *= _MIX
        mixed ^= mixed >> np.uint64(29)
        mixed ^= column
    codes, _ = pd.factorize(mixed)
    first = _first_rows(codes)
    same = words.shape[1] == 1 or all(np.array_equal(word[first][codes], word) for word in words.T)
    if not same:  # two texts met in one number
        return _hashed(array.astype(object), read)
    return _remapped(codes, array[first].tolist(), read)


def _as_words(array: NDArray[Any]) -> NDArray[np.uint64]:
    """Fixed-width text as rows of 64-bit words, eight characters a word where one byte holds each."""
    native = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False))
    letters = native.view(np.uint32 if array.dtype.kind == "U" else np.uint8).reshape(len(array), -1)
    small = array.dtype.kind == "S" or int(letters.max()) < 256
    each = np.dtype(np.uint8 if small else np.uint32)
    per_word = 8 // each.itemsize
    padded = np.zeros((len(array), -(-letters.shape[1] // per_word) * per_word), dtype=each)
    padded[:, : letters.shape[1]] = letters
    return padded.view(np.uint64)


def _of_pandas(series: Any, read: Read) -> Codes:
    """A pandas series of any kind."""
    import pandas as pd

    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        codes = np.asarray(series.cat.codes, dtype=np.intp)
        return _present(codes, kind.categories.tolist(), read)
    if isinstance(kind, np.dtype):
        return _of_array(series.to_numpy(), read)
    if pd.api.types.is_float_dtype(kind):
        return _of_floats(series.to_numpy(dtype=np.float64, na_value=np.nan), read)
    return _hashed(series, read)


def _of_polars(series: Any, read: Read) -> Codes:
    """A Polars series of any type."""
    import polars as pl

    kind = series.dtype
    if kind.is_nested() or kind in (pl.Object, pl.Binary):
        raise TypeError(str(kind))
    if kind == pl.Null:
        return Codes(np.full(len(series), -1, dtype=np.intp), ())
    if kind in (pl.String, pl.Categorical):
        distinct = series.unique().drop_nulls().cast(pl.String).sort()
        series = series.cast(pl.Enum(distinct))
    if kind.is_decimal():
        series = series.cast(pl.Float64)
    if series.null_count():
        keep = series.is_not_null()
        return _where(keep.to_numpy(), lambda _: _of_polars(series.filter(keep), read))
    if isinstance(series.dtype, pl.Enum):
        codes = series.to_physical().to_numpy().astype(np.intp)
        return _present(codes, series.dtype.categories.to_list(), read)
    if series.dtype.is_temporal():
        coded = _of_ints(series.to_physical().to_numpy(), level)
        moments = pl.Series(coded.levels, dtype=series.to_physical().dtype).cast(series.dtype)
        return _remapped(coded.codes, moments.to_list(), read)
    if str(series.dtype) in {"Int128", "UInt128"}:  # NumPy has none
        return _hashed(np.array(series.to_list(), dtype=object), read)
    return _of_array(series.to_numpy(), read)


def _hashed(values: Any, read: Read) -> Codes:
    """Anything that pandas can hash; missing values of every kind become -1."""
    import pandas as pd

    codes, distinct = pd.factorize(values)
    return _remapped(np.asarray(codes, dtype=np.intp), list(distinct), read)


def _where(keep: NDArray[np.bool_], of_kept: Callable[[NDArray[np.bool_]], Codes]) -> Codes:
    """Codes of the rows to keep, laid out over all rows; the others are missing."""
    kept = of_kept(keep)
    codes = np.full(len(keep), -1, dtype=np.intp)
    if kept.fraction is None:
        codes[keep] = kept.codes
    return Codes(codes, kept.levels, kept.fraction)


def _present(codes: Ints, levels: Sequence[Any], read: Read) -> Codes:
    """Without the levels that don't occur (unused categories, gaps between numbers)."""
    counts = np.bincount(codes + 1, minlength=len(levels) + 1)[1:]
    if counts.all():
        return _remapped(codes, levels, read)
    present = np.flatnonzero(counts)
    places = np.full(len(levels) + 1, -1, dtype=np.intp)
    places[present] = np.arange(len(present))
    return _remapped(places[codes], [levels[place] for place in present.tolist()], read)


def _remapped(codes: Ints, raw: Sequence[Any], read: Read) -> Codes:
    """Levels as plain Python; those that read the same become one, those that are missing become -1."""
    levels = [read(value) for value in raw]
    fraction = next((v for v in levels if isinstance(v, float)), None)
    if fraction is not None:
        return Codes(np.empty(0, dtype=np.intp), (), fraction=fraction)
    distinct = {value: None for value in levels if value is not None}
    if len(distinct) == len(levels):
        return Codes(np.asarray(codes, dtype=np.intp), tuple(distinct))
    place = {value: i for i, value in enumerate(distinct)}
    places = np.array([-1 if v is None else place[v] for v in levels] + [-1], dtype=np.intp)
    return Codes(places[codes], tuple(distinct))


def _first_rows(codes: Ints) -> Ints:
    """The first row of each code, by writing rows backwards."""
    first = np.empty(int(codes.max()) + 1, dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first
