"""Values of a feature as labels that fit into a few lines."""

from __future__ import annotations

from datetime import date

from rai.ground.formatting import number
from rai.plots.canvas import fitted
from rai.values.features import Value


def value_name(value: Value, *, width: int, lines: int) -> str:
    """A value for reading, cut off where it is longer.

    Args:
        value: The value, None for missing.
        width: Letters in a line.
        lines: Lines at most.

    Example:
        >>> value_name("Married-civ-spouse", width=12, lines=1), value_name(None, width=12, lines=1)
        ('Married-civ…', 'missing')
    """
    if value is None:
        return "missing"
    plain = value.isoformat() if isinstance(value, date) else value
    kept = fitted(number(plain), width=width).split("\n")
    if len(kept) <= lines:
        return "\n".join(kept)
    return "\n".join([*kept[: lines - 1], f"{kept[lines - 1][: width - 1].rstrip(' -')}…"])
