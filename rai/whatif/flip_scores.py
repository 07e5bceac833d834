"""Scores of flipped rows, in one pass: distinct rows only, where many rows are alike.

rows × values ─▶ entries (row, value) ─▶ those that differ in what the model reads ─▶ batches ─▶ scores
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.models.batches import Progress
from rai.whatif.flipped_rows import FlippedRows, series_codes
from rai.whatif.settings import Setting

SAMPLE = 4096
WORTH = 0.5  # distinct rows are sought where a sample, and then all, has at most this share of them


def flip_scores(
    setting: Setting, flipped: FlippedRows, *, y_score: Any, progress: Progress | None = None
) -> tuple[Floats, Floats]:
    """Scores of all rows as they are, shape (n, …), and of all entries, shape (m, …).

    Args:
        setting: Model and rows.
        flipped: The entries.
        y_score: Scores of the rows as they are, where known.
        progress: Called after each batch with the entries predicted and the entries in all.
    """
    n = len(setting.rows)
    if not set(flipped.columns) & set(setting.read):
        before = setting.given_scores(y_score, progress=progress)
        return before, before[flipped.row]
    places, source, code = flipped.row, flipped.source[flipped.new], flipped.new_code[flipped.new]
    if y_score is None:
        every = np.arange(n)
        places, source = np.concatenate((every, places)), np.concatenate((every, source))
        code = np.concatenate((flipped.code, code))
    chosen, of_entry = _distinct(setting, flipped, places, code)
    scores = _predicted(setting, flipped, places[chosen], source[chosen], progress)[of_entry]
    if y_score is None:
        return scores[:n], scores[n:]
    return setting.given_scores(y_score), scores


def _predicted(
    setting: Setting, flipped: FlippedRows, places: Ints, source: Ints, progress: Progress | None
) -> Floats:
    """Scores of entries, gathered and predicted a batch at a time."""
    rows, size, done = setting.rows.select(setting.read), setting.batch_rows, []
    for start in range(0, max(len(places), 1), size):
        part = slice(start, start + size)
        done.append(setting.scores(flipped.gathered(rows, places[part], source[part])))
        if progress is not None:
            progress(min(start + size, len(places)), len(places))
    return np.concatenate(done)


def _distinct(
    setting: Setting, flipped: FlippedRows, places: Ints, code: Ints
) -> tuple[Ints | slice, Ints | slice]:
    """The entries to predict, and for each entry which of them it is like; all, where few are alike."""
    everything = slice(None)
    rest = _alike(setting, flipped)
    if rest is None:
        return everything, everything
    import pandas as pd

    of_entry, _ = pd.factorize(rest[places] * (int(code.max(initial=0)) + 1) + code)
    size = int(of_entry.max(initial=-1)) + 1
    if size > WORTH * len(places):
        return everything, everything
    first = np.empty(size, dtype=np.intp)
    first[of_entry[::-1]] = np.arange(len(of_entry) - 1, -1, -1)
    return first, np.asarray(of_entry, dtype=np.intp)


def _alike(setting: Setting, flipped: FlippedRows) -> Ints | None:
    """A number for each row, the same where all columns are that are read and not changed."""
    names = [name for name in setting.read if name not in flipped.columns]
    if not names:
        return np.zeros(len(setting.rows), dtype=np.intp)
    rows = setting.rows.select(names)
    sample = np.unique(np.linspace(0, len(rows) - 1, SAMPLE).astype(np.intp))
    if len(rows) > SAMPLE and _joint(rows.take(sample), names) is None:
        return None
    return _joint(rows, names)


def _joint(rows: Rows, names: list[str]) -> Ints | None:
    """The joint values of columns as a number for each row; None once too many of them differ."""
    import pandas as pd

    joint = np.zeros(len(rows), dtype=np.intp)
    for name in names:
        try:
            codes, levels = series_codes(rows.column(name))
        except TypeError:  # values that can't be compared
            return None
        joint, distinct = pd.factorize(joint * len(levels) + codes)
        if len(distinct) > WORTH * len(rows):
            return None
    return np.asarray(joint, dtype=np.intp)
