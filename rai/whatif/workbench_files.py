"""Workbenches as JSON: what was done and to which rows, known by a fingerprint; never the rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError
from rai.engines.spelling import canonical
from rai.ground.errors import DataError, RoleError, sentence
from rai.ground.saved import Saved
from rai.whatif.workbench_steps import Step

FORMAT, VERSION = "rai-workbench", 1

SAVED = Saved(
    format=FORMAT,
    version=VERSION,
    what="workbench",
    parts="steps",
    again="Save the workbench again.",
    most_megabytes=64,
)


class SavedSteps(NamedTuple):
    """Steps, how many of them are done (the rest can be done again), and the rows they were for."""

    steps: tuple[Step, ...]
    done: int
    fingerprint: str
    size: int


def plain_steps(rows: Rows, *, steps: Sequence[Step], done: int) -> dict[str, Any]:
    """Steps as data for JSON, with the fingerprint of the original rows."""
    return {
        "rows": len(rows),
        "fingerprint": rows_fingerprint(rows),
        "done": done,
        "steps": [step.to_dict() for step in steps],
    }


def steps_from(plain: Mapping[str, Any]) -> SavedSteps:
    """The steps from such data; anything else makes Python fail."""
    steps = tuple(map(Step.from_dict, plain["steps"]))
    done, size = plain["done"], plain["rows"]
    if type(done) is not int or not 0 <= done <= len(steps) or type(size) is not int:
        raise ValueError
    return SavedSteps(steps, done, str(plain["fingerprint"]), size)


def check_same_rows(saved: SavedSteps, rows: Rows, *, where: str) -> None:
    """Refuse steps that were taken with other rows.

    Raises:
        DataError: If they were.
    """
    if (saved.size, saved.fingerprint) != (len(rows), rows_fingerprint(rows)):
        expected = "the rows that it was saved with, in their order"
        seen = f"a workbench of other rows ({saved.size:,} of them)"
        raise DataError(sentence(where, seen, expected=expected))


def rows_fingerprint(rows: Rows) -> str:
    """SHA-256 of names, values and order, the same for pandas and Polars.

    Raises:
        RoleError: A column that holds neither numbers, nor dates, nor values that name something.

    Example:
        >>> import pandas as pd, polars as pl
        >>> from rai.engines.frames import open_rows
        >>> held = {"age": [30, 40], "sex": ["F", None]}
        >>> one, other = (rows_fingerprint(open_rows(f(held))) for f in (pd.DataFrame, pl.DataFrame))
        >>> one == other
        True
    """
    found = sha256()
    for name in rows.names:
        found.update(json.dumps(["column", name]).encode())
        try:
            found.update(b"numbers" + _number_bytes(rows.numbers(name)))
        except NotNumbersError:
            levels, places = _by_first_row(rows, name)
            found.update(json.dumps(["levels", *levels]).encode() + places.astype("<i8").tobytes())
    return found.hexdigest()


def _number_bytes(values: Floats) -> bytes:
    """Floats with one zero and one NaN."""
    plain = values + 0.0
    plain[np.isnan(plain)] = np.nan
    return plain.astype("<f8").tobytes()


def _by_first_row(rows: Rows, name: str) -> tuple[list[str], Ints]:
    """Levels in the order in which rows first have them, and each row's place; -1 where missing."""
    try:
        codes = rows.codes(name)
    except (TypeError, UnicodeDecodeError):
        codes = None
    if codes is None or codes.fraction is not None:
        expected = "numbers, text, true/false values, dates or categories"
        raise RoleError(sentence("workbench", f"column {name!r} of mixed values", expected=expected))
    present, first = np.unique(codes.codes, return_index=True)
    order = [code for code in present[np.argsort(first)].tolist() if code >= 0]
    place = np.full(len(codes.levels) + 1, -1, dtype=np.intp)
    place[order] = np.arange(len(order))
    spelled = [f"{type(codes.levels[at]).__name__} {canonical(codes.levels[at])}" for at in order]
    return spelled, place[codes.codes]
