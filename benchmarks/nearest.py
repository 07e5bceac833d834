"""What is timed of the nearest counterfactual: one search, a further one, and the same in pandas.

rai            the distance fitted (or fitted before), then every row at once
columns        pandas, plainly: a column after another
rows           pandas, plainly: the formula as a function of two rows, applied to each
All three find the same row, at the same distance, by the formula of the What-If Tool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.measuring import seconds

LEVELS = (2, 5, 7, 9, 16, 15, 42, 100)
NUMBERS = 6
PLACE = 5

FIGURES = ("What", "rai", "pandas", "Ratio")
WORDS = """\
14 columns, six of numbers and eight of strings in a pandas frame, by the formula of the What-If Tool,
scores given. Beside it what one would write in pandas: a column after another, and for fewer rows the
formula as a function of two rows, applied to each. All find the same row at the same distance (checked
in the run). Most of a first question is spent on fitting the distance, in which every column is read
once, and there is little to gain over pandas; further questions reuse it."""

Found = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Mixed:
    """Rows to search.

    Args:
        frame: 14 columns: six of numbers, eight of words; the last of either has gaps.
        scores: A score for each row.
    """

    frame: pd.DataFrame
    scores: NDArray[np.float64]


def figures(rows: int, *, fewer: int) -> list[tuple[str, ...]]:
    """The table: a first question and a further one, and of fewer rows beside a function of two rows."""
    mixed, some = made_mixed(rows), made_mixed(fewer)
    distance = fitted(mixed)
    for each, ask in ((mixed, ask_columns), (some, ask_rows)):
        same(ask_rai(each), ask(each))
    same(ask_rai(mixed, distance), ask_columns(mixed))
    columns = seconds(lambda: ask_columns(mixed))
    return [
        _figure(f"{rows:,} rows, first question", seconds(lambda: ask_rai(mixed)), columns),
        _figure(f"{rows:,} rows, further question", seconds(lambda: ask_rai(mixed, distance)), columns),
        _figure(
            f"{fewer:,} rows, first question, pandas row by row",
            seconds(lambda: ask_rai(some)),
            seconds(lambda: ask_rows(some), runs=1),
        ),
    ]


def _figure(words: str, ours: float, theirs: float) -> tuple[str, ...]:
    return (words, f"{ours:.3g} s", f"{theirs:.3g} s", f"{theirs / ours:.3g} × faster")


def made_mixed(rows: int, *, seed: int = 0) -> Mixed:
    """Made-up rows of 14 columns, with scores."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        f"number {at}": rng.normal(40, 10, rows) if at % 2 else rng.integers(17, 90, rows)
        for at in range(NUMBERS)
    }
    columns[f"number {NUMBERS - 1}"][rng.random(rows) < 0.05] = np.nan
    for at, count in enumerate(LEVELS):
        words = np.array([f"the word {place}" for place in range(count)], dtype=object)
        columns[f"word {at}"] = words[rng.integers(0, count, rows)]
    columns[f"word {len(LEVELS) - 1}"][rng.random(rows) < 0.05] = None
    return Mixed(pd.DataFrame(columns), rng.random(rows))


def fitted(mixed: Mixed) -> Any:
    """The distance, to be used more than once."""
    import rai

    return rai.whatif.fit_distance(mixed.frame, distance="what-if-tool")


def ask_rai(mixed: Mixed, distance: Any = "what-if-tool") -> Found:
    """The nearest row with another decision, by rai."""
    import rai

    model = rai.load_model(lambda _: None, features=list(mixed.frame))
    found = rai.whatif.nearest_counterfactual(
        model, mixed.frame, row=PLACE, y_score=mixed.scores, distance=distance
    )
    assert found.row is not None
    assert found.distance is not None
    return found.row, found.distance


def ask_columns(mixed: Mixed) -> Found:
    """The same in pandas, a column after another."""
    frame = mixed.frame
    apart = pd.Series(0.0, index=frame.index)
    for name in frame:
        column, own = frame[name], frame[name].iloc[PLACE]
        if pd.api.types.is_numeric_dtype(column):
            apart += ((column - own).abs() / column.std()).fillna(1.0)
        else:
            match = (column.value_counts(normalize=True) ** 2).sum()
            apart += ((column != own) * match).where(column.notna(), 1.0)
    decided = mixed.scores >= 0.5
    others = apart[decided != decided[PLACE]]
    return int(others.idxmin()), float(others.min())


def ask_rows(mixed: Mixed) -> Found:
    """The same in pandas, a function of two rows applied to each."""
    frame = mixed.frame
    numbers = frame.select_dtypes("number").std().to_dict()
    matches = {
        name: float((frame[name].value_counts(normalize=True) ** 2).sum())
        for name in frame
        if name not in numbers
    }
    own, decided = frame.iloc[PLACE].to_dict(), mixed.scores >= 0.5

    def apart(row: Any) -> float:
        total = 0.0
        for name, value in row.items():
            if pd.isna(value) or pd.isna(own[name]):
                total += 1.0
            elif name in numbers:
                total += abs(value - own[name]) / numbers[name]
            elif value != own[name]:
                total += matches[name]
        return total

    others = frame[decided != decided[PLACE]].apply(apart, axis=1)
    return int(others.idxmin()), float(others.min())


def same(ours: Found, theirs: Found) -> None:
    """Both found the same row at the same distance; otherwise no time means anything."""
    assert ours[0] == theirs[0]
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-9)
