"""The checks of `probe_model`, one function and one row of the table each.

A check compares scores of the same people asked about in another way. Scores that differ are a failure;
a model that refuses the other way is only worth a note, as long as it says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.features import is_categorical, is_whole
from rai.engines.frames import Rows
from rai.ground.errors import RaiError, listing
from rai.ground.formatting import counted, number
from rai.models.model import Model
from rai.models.outputs import SLACK, SUM_SLACK

SAME = 1e-5  # of the largest score: what other batches and 32-bit floats may change
UNCHANGED = 1e-9  # of the largest score
TRIES = 10  # values that a row tries in a column


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found; `n` where it asked about other rows than the sample."""

    status: Literal["pass", "fail", "skipped", "note"]
    detail: str
    n: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """What the checks ask.

    Args:
        model: The model; as one of margins if its probabilities are none.
        known: The model as it was given.
        rows: All rows.
        sample: Those to ask about.
        rng: For draws.
    """

    model: Model
    known: Model
    rows: Rows
    sample: Rows
    rng: np.random.Generator

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that it reads, as far as it says."""
        return self.rows.names if self.known.features is None else self.known.features

    def scores(self, rows: Rows | None = None) -> Floats:
        """Its scores, of the sample if nothing else is said; it gets a copy, which it may spoil."""
        asked = self.sample if rows is None else rows
        return self.model.scores(asked.take(np.arange(len(asked))))


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Args:
        name: Its name.
        run: What it does.
        compares: Whether it compares scores of two calls, which says nothing of a model that disagrees
            with itself.
    """

    name: str
    run: Callable[[Probe], Found]
    compares: bool = True


def scores_rows(probe: Probe) -> Found:
    """It scores the rows at all."""
    try:
        probe.scores()
    except RaiError as error:
        return Found("fail", str(error))
    return Found("pass", f"{counted(len(probe.sample), 'row')} scored")


def repeated_call(probe: Probe) -> Found:
    """The same rows, asked about twice."""
    return _compared(probe.scores(), probe.scores(), "asked twice")


def row_alone(probe: Probe) -> Found:
    """Each row alone, and all in one batch: a row's score is its own affair."""
    whole, rows = probe.scores(), len(probe.sample)
    alone = [probe.scores(probe.sample.take([i])) for i in range(rows)]
    return _compared(whole, np.concatenate(alone), "asked one by one")


def columns_reordered(probe: Probe) -> Found:
    """The columns in reverse order."""
    if len(probe.sample.names) < 2:
        return Found("skipped", "there is one column")
    return _asked(probe, probe.sample.select(probe.sample.names[::-1]), "with columns reversed")


def extra_columns(probe: Probe) -> Found:
    """A column more at either end."""
    import narwhals as nw

    frame = probe.sample.frame
    first, last = (_free_name(probe.sample, name) for name in ("extra", "extra_text"))
    wider = frame.with_columns(nw.lit(0.0).alias(first), nw.lit("extra").alias(last))
    return _asked(probe, Rows(wider.select(first, *frame.columns, last)), "with two columns more")


def whole_numbers_as_floats(probe: Probe) -> Found:
    """Whole numbers as floats, as pandas stores them where one is missing."""
    import narwhals as nw

    names = [name for name in probe.read if is_whole(probe.sample.column(name))]
    return _retyped(probe, names, nw.Float64(), "whole numbers", "with whole numbers as floats")


def categories_as_text(probe: Probe) -> Found:
    """Categories as text, as a CSV file has them."""
    import narwhals as nw

    names = [name for name in probe.read if is_categorical(probe.sample.column(name))]
    return _retyped(probe, names, nw.String(), "a categorical type", "with categories as text")


def other_index(probe: Probe) -> Found:
    """Another index, as rows have once some were filtered out."""
    import narwhals as nw

    if not probe.sample.frame.implementation.is_pandas():
        return Found("skipped", "a Polars frame has no index")
    index = np.arange(len(probe.sample))[::-1] * 7 + 1000
    rows = Rows(nw.from_native(probe.sample.native.set_axis(index), eager_only=True))
    return _asked(probe, rows, "with another index", refused="fail")


def other_library(probe: Probe) -> Found:
    """A Polars frame for a pandas frame, or the other way round."""
    import narwhals as nw

    frame = probe.sample.frame
    pandas = frame.implementation.is_pandas()
    other = frame.to_polars() if pandas else frame.to_pandas()
    how = "as a Polars frame" if pandas else "as a pandas frame"
    return _asked(probe, Rows(nw.from_native(other, eager_only=True)), how)


def input_unchanged(probe: Probe) -> Found:
    """The frame that it is handed is afterwards what it was."""
    handed = _handed(probe, probe.sample.take(np.arange(len(probe.sample))))
    before = handed.copy() if hasattr(handed, "copy") else handed.clone()
    probe.known.predict(handed)
    if handed.equals(before):
        return Found("pass", "the frame that it is handed stays as it was")
    names, others = list(before.columns), list(handed.columns)
    changed = [n for n in names if n not in others or not _column(handed, n).equals(_column(before, n))]
    changed += [n for n in others if n not in names]
    what = f"columns {listing(changed, most=4)}" if changed else "order or index"
    return Found("fail", f"it changes the frame that it is handed: {what}")


def scores_in_range(probe: Probe) -> Found:
    """Probabilities from 0 to 1."""
    if probe.known.task == "regression" or not probe.known.probabilities:
        return Found("skipped", "its scores are no probabilities")
    scores = _numbers(probe)
    if scores is None or not scores.size:
        return Found("skipped", "it returns labels")
    low, high = number(float(scores.min())), number(float(scores.max()))
    inside = scores.min() >= -SLACK and scores.max() <= 1 + SLACK
    return Found("pass" if inside else "fail", f"scores from {low} to {high}")


def classes_sum_to_one(probe: Probe) -> Found:
    """Probabilities of all classes that add up to 1."""
    scores = _numbers(probe) if probe.known.probabilities else None
    if scores is None or scores.ndim < 2 or scores.shape[1] < 2:
        return Found("skipped", "it has no probability for each class")
    off = np.abs(scores.sum(axis=1) - 1)
    status: Literal["pass", "fail"] = "pass" if off.max() <= SUM_SLACK else "fail"
    return Found(status, f"sums differ from 1 by up to {number(float(off.max()))}")


def missing_values(probe: Probe) -> Found:
    """A missing value in every other row, column by column."""
    rows, refused = probe.sample, dict[str, str]()
    places = np.where(np.arange(len(rows)) % 2 == 0, len(rows), np.arange(len(rows)))
    for name in probe.read:
        try:
            probe.scores(rows.with_column(name, rows.pool(name, [None]), places))
        except RaiError as error:
            refused[name] = _said(error)
    asked = len(rows) * len(probe.read)
    if not refused:
        return Found("note", "it answers where a value is missing, in any column", asked)
    answered = [name for name in probe.read if name not in refused]
    detail = f"it refuses a missing value in {listing(refused, most=6)}"
    detail += f" and answers in {listing(answered, most=6)}" if answered else ""
    return Found("note", f"{detail} ({next(iter(refused.values()))})", asked)


def columns_read(probe: Probe) -> Found:
    """The columns whose values change no score."""
    at = np.repeat(np.arange(len(probe.sample)), TRIES)
    rows = probe.sample.take(at)
    before, still, constant = probe.scores(rows), list[str](), list[str]()
    for name in probe.read:
        drawn = len(rows) + probe.rng.integers(len(probe.rows), size=len(rows))
        other = _with_values(rows, name, probe.rows, drawn)
        if other.column(name).equals(rows.column(name)):
            constant.append(name)
        elif _difference(before, probe.scores(other)).max() <= UNCHANGED * _scale(before):
            still.append(name)
    tries = f"in {counted(len(rows), 'try').replace('trys', 'tries')}"
    parts = [f"changing {listing(still, most=12)} changed no score {tries}"] if still else []
    parts += [f"{listing(constant, most=12)} held one value"] if constant else []
    if not parts:
        return Found("pass", f"changing any column changed a score {tries}", len(rows))
    return Found("note", "; ".join(parts), len(rows))


def empty_frame(probe: Probe) -> Found:
    """No rows."""
    handed = _handed(probe, probe.sample.part(0, 0))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            raw = probe.known.predict(handed)
    except Exception as error:  # noqa: BLE001  # whatever a model does is a finding
        return Found("note", f"it refuses a frame without rows ({_reason(error)}); rai hands it none")
    held = len(raw) if hasattr(raw, "__len__") else None
    if held == 0:
        return Found("pass", "no scores for a frame without rows")
    return Found("note", "it answers a frame without rows with something else than no scores")


CHECKS = (
    Check("scores_rows", scores_rows, compares=False),
    Check("repeated_call", repeated_call),
    Check("row_alone", row_alone),
    Check("columns_reordered", columns_reordered),
    Check("extra_columns", extra_columns),
    Check("whole_numbers_as_floats", whole_numbers_as_floats),
    Check("categories_as_text", categories_as_text),
    Check("other_index", other_index),
    Check("other_library", other_library),
    Check("input_unchanged", input_unchanged, compares=False),
    Check("scores_in_range", scores_in_range, compares=False),
    Check("classes_sum_to_one", classes_sum_to_one, compares=False),
    Check("missing_values", missing_values, compares=False),
    Check("columns_read", columns_read),
    Check("empty_frame", empty_frame, compares=False),
)


def _asked(probe: Probe, rows: Rows, how: str, *, refused: Literal["note", "fail"] = "note") -> Found:
    """The same people, asked about in another way."""
    try:
        scores = probe.scores(rows)
    except RaiError as error:
        return Found(refused, f"asked {how}, it refuses ({_said(error)})")
    return _compared(probe.scores(), scores, f"asked {how}")


def _compared(before: Floats, after: Floats, how: str) -> Found:
    difference = _difference(before, after)
    most = number(float(difference.max()))
    off = int((difference > SAME * _scale(before)).sum())
    if off:
        rows = f"{off:,} of {counted(len(before), 'row')}"
        return Found("fail", f"{how}, scores differ by up to {most}, in {rows}")
    return Found("pass", f"{how}, the largest difference is {most}")


def _difference(before: Floats, after: Floats) -> Floats:
    """How far the scores of each row are apart, of several classes at most."""
    apart: Floats = np.abs(before - after)
    return apart.max(axis=1) if apart.ndim == 2 else apart


def _scale(scores: Floats) -> float:
    return max(1.0, float(np.abs(scores).max()))


def _retyped(probe: Probe, names: list[str], kind: Any, held: str, how: str) -> Found:
    import narwhals as nw

    if not names:
        return Found("skipped", f"no column of {held}")
    return _asked(probe, Rows(probe.sample.frame.with_columns(nw.col(*names).cast(kind))), how)


def _with_values(rows: Rows, name: str, pool: Rows, places: Any) -> Rows:
    """Rows with a column gathered from their own values, followed by those of other rows."""
    longer = rows.select([name]).append(pool.select([name]))
    return rows.with_column(name, longer.pool(name), places)


def _handed(probe: Probe, rows: Rows) -> Any:
    """What the model itself is handed."""
    frame = rows.select(probe.read).frame
    if probe.known.frames in {"same", frame.implementation.value}:
        return frame.to_native()
    return frame.to_pandas() if probe.known.frames == "pandas" else frame.to_polars()


def _column(frame: Any, name: str) -> Any:
    """A column of a native frame without its index."""
    column = frame[name]
    return column.reset_index(drop=True) if hasattr(column, "reset_index") else column


def _numbers(probe: Probe) -> Floats | None:
    """What the model itself returns, if these are numbers."""
    raw = probe.known.predict(_handed(probe, probe.sample.take(np.arange(len(probe.sample)))))
    raw = raw.detach().cpu() if hasattr(raw, "detach") else raw
    array = np.asarray(raw.to_numpy() if hasattr(raw, "to_numpy") else raw)
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None


def _free_name(rows: Rows, name: str) -> str:
    while name in rows.names:
        name += "_"
    return name


def _said(error: RaiError) -> str:
    """What an error has seen, without what it expected."""
    return str(error).split("; expected ", 1)[0]


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n", 1)[0][:200]
