"""Names of bins, for reading: short, exact about their ends, and never twice the same.

    whole numbers   10 to 19 · 20 to 30           dates   2019 · 2020 to 2024 · 10:00 to < 11:00
    other numbers   0.5 to < 1 · 1 to 1.5         open    < 25 · 25 to < 45 · ≥ 45
    categories      Private · other (12 values)   text that reads like a number or a word of ours: "'1'"

Thousands are separated where a number has five digits or more, so that years stay years.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rai.ground.formatting import counted
from rai.values.levels import MISSING, Level

Array = NDArray[np.float64]

ALL_NUMBERS = "all numbers"

_SHORT, _ENOUGH, _EXACT = 6, 10, 17  # significant digits
_SEPARATED = 10_000
_PLAIN = (1e-4, 1e15)  # what is written without an exponent
_WHOLE = 2.0**53  # from here on doubles skip whole numbers


def interval_labels(edges: Array, *, dates: bool = False, whole: bool = False) -> tuple[str, ...]:
    """A name for each bin between edges, shape (b,).

    Args:
        edges: Rising edges, shape (b + 1,); the outer ones may be infinite.
        dates: Whether they are days since 1970.
        whole: Whether all numbers are whole.

    Example:
        >>> interval_labels(np.array([0.0, 10_000, 20_000]), whole=True)
        ('0 to 9,999', '10,000 to 20,000')
        >>> interval_labels(np.array([-np.inf, 25, 45, np.inf]))
        ('< 25', '25 to < 45', '≥ 45')
        >>> interval_labels(np.array([18_262.0, 18_293, 18_322]), dates=True)
        ('2020-01', '2020-02')
    """
    if dates:
        return _date_labels(edges)
    return (_whole_labels(edges) if whole else None) or _number_labels(edges)


def level_labels(levels: Sequence[Level], *, others: int = 0) -> tuple[str, ...]:
    """A name for each value with a bucket of its own, and one for all others where there are some.

    Example:
        >>> level_labels([10_000, "10,000", "x"], others=2)
        ('10,000', "'10,000'", 'x', 'other (2 values)')
    """
    rest = (f"other ({counted(others, 'value')})",) if others else ()
    numbers = [float(level) for level in levels if _is_number(level)]
    marks = iter(_marks(numbers, exact=True))
    names = [next(marks) if _is_number(level) else str(level) for level in levels]
    taken = Counter((*names, *rest, MISSING))
    doubtful = [taken[name] > 1 or not name.strip() for name in names]
    quoted = [repr(v) if isinstance(v, str) else n for v, n in zip(levels, names, strict=True)]
    shown = [q if odd else n for n, q, odd in zip(names, quoted, doubtful, strict=True)]
    return (*(shown if len(set(shown)) == len(shown) else quoted), *rest)


def _number_labels(edges: Array) -> tuple[str, ...]:
    marks = _marks(edges.tolist())
    names = [f"{low} to < {high}" for low, high in pairwise(marks)]
    names[-1] = f"{marks[-2]} to {marks[-1]}"
    return _opened(names, marks, edges)


def _whole_labels(edges: Array) -> tuple[str, ...] | None:
    """First and last whole number of each bin; None where a bin is open, or has none."""
    firsts, finals = np.ceil(edges[:-1]), np.ceil(edges[1:]) - 1
    finals[-1] = np.floor(edges[-1])
    if (firsts > finals).any() or not (np.abs(edges) < _WHOLE).all():
        return None
    marks = _marks([*firsts.tolist(), *finals.tolist()], exact=True)
    return _ranges(marks[: len(firsts)], marks[len(firsts) :])


def _date_labels(edges: Array) -> tuple[str, ...]:
    moments = np.rint(np.where(np.isfinite(edges), edges, 0.0) * 86_400e6).astype("datetime64[us]")
    for unit in ("Y", "M", "D", "m", "s", "us"):
        steps = moments.astype(f"datetime64[{unit}]")
        if (steps.astype("datetime64[us]") == moments)[np.isfinite(edges)].all():
            break
    marks = [str(mark).replace("T", " ") for mark in steps]
    finals = [str(mark).replace("T", " ") for mark in steps[1:] - 1]
    if unit in {"Y", "M", "D"}:
        return _opened(list(_ranges(marks[:-1], finals)), marks, edges)
    names = [
        low if low == final else f"{low} to < {_time(low, high)}"
        for low, high, final in zip(marks[:-1], marks[1:], finals, strict=True)
    ]
    return _opened(names, marks, edges)


def _ranges(firsts: Sequence[str], finals: Sequence[str]) -> tuple[str, ...]:
    """Names that hold both their ends."""
    both = zip(firsts, finals, strict=True)
    return tuple(first if first == final else f"{first} to {final}" for first, final in both)


def _opened(names: list[str], marks: Sequence[str], edges: Array) -> tuple[str, ...]:
    """The same with other names for outer bins that are open."""
    if np.isneginf(edges[0]):
        names[0] = f"{'<' if len(names) > 1 else '≤'} {marks[1]}"
    if np.isposinf(edges[-1]):
        names[-1] = ALL_NUMBERS if np.isneginf(edges[-2]) else f"≥ {marks[-2]}"
    return tuple(names)


def _time(moment: str, later: str) -> str:
    """A later moment without its day where that is the same."""
    day, time = later.split(" ")
    return time if moment.startswith(day) else later


def _marks(numbers: Sequence[float], *, exact: bool = False) -> list[str]:
    """Numbers as short as they can be while they differ; exactly, where that costs few digits more."""
    tries = {digits: [f"{number:.{digits}g}" for number in numbers] for digits in range(3, _EXACT + 1)}
    true = next(d for d, marks in tries.items() if [*map(float, marks)] == [*numbers])
    differ = next(d for d, marks in tries.items() if d >= _SHORT and len({*marks}) == len({*numbers}))
    marks = tries[true if exact or true <= max(_ENOUGH, differ + 3) else differ]
    separated = any(_SEPARATED <= abs(number) < _PLAIN[1] for number in numbers)
    return [_plain(mark, "," if separated else "") for mark in marks]


def _plain(mark: str, separator: str) -> str:
    """A mark without an exponent, where it is not very small or large: 1e+03 is 1000."""
    size = abs(float(mark))
    if size and not _PLAIN[0] <= size < _PLAIN[1]:
        return mark
    return f"{Decimal(mark):{separator}f}"


def _is_number(level: Level) -> bool:
    return isinstance(level, int | float) and not isinstance(level, bool)
