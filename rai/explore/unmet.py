"""Why no row meets a condition, in sentences: a value that never occurs, a bound beyond all values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rai.explore.conditions import ORDERED, Condition
from rai.explore.query_words import name_text, value_text
from rai.explore.readings import Reading, Readings
from rai.ground.errors import did_you_mean
from rai.ground.formatting import number

_PLAIN = {"!=": "==", "not in": "in", "not matches": "matches"}


def unmet(condition: Condition, columns: Readings) -> Iterator[str]:
    """A sentence for each value of a condition that no row has, also where it is to be left out.

    Raises:
        RoleError: If there is no such column, or nothing in it can be compared.
        ArgumentError: If the column holds values of another kind.

    Example:
        >>> from rai.engines.frames import open_rows
        >>> columns = Readings(open_rows({"sex": ["Female", "Male"]}))
        >>> list(unmet(Condition("sex", "not in", ["Male", "femal"]), columns))
        ["No row has sex = femal. Did you mean 'Female'?"]
    """
    reading = columns[condition.column]
    plain = replace(condition, op=_PLAIN.get(condition.op, condition.op))
    each = [Condition(plain.column, "==", v) for v in plain.wanted] if plain.op == "in" else [plain]
    for one in each:
        if not one.truth(columns).yes.any():
            yield f"No row has {one}{_why(one, reading)}"


def _why(condition: Condition, reading: Reading) -> str:
    """The end of the sentence: the nearest value, or the end of the range."""
    if condition.op == "missing":
        return "."
    if not reading.there.any():
        return f": {name_text(reading.name)} is missing everywhere."
    if condition.op in ORDERED and reading.values is not None and not reading.dates:
        least = condition.op[0] == "<"
        end = (np.nanmin if least else np.nanmax)(reading.values)
        return f": the {'smallest' if least else 'largest'} is {number(float(end))}."
    if condition.op != "==" or reading.codes is None:
        return "."
    levels = [level for level in reading.codes.levels if isinstance(level, str)]
    near = did_you_mean(value_text(condition.wanted[0]), levels)
    return f". {near}".rstrip()
