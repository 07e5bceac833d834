"""Regular expressions that can't hang: matched in linear time, on the distinct texts of a column.

The engine is Rust's, through Polars. It knows no look-around and no back-references, and so no pattern
takes longer than the text is long. (https://swtch.com/~rsc/regexp/regexp1.html)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rai.ground.errors import ArgumentError, DataError, in_short, sentence

EXPECTED = "a regular expression in Rust's syntax"


def check_pattern(pattern: Any) -> str:
    """A regular expression that the engine knows.

    Raises:
        ArgumentError: If it is none, and why.

    Example:
        >>> check_pattern("^Prof")
        '^Prof'
    """
    import polars as pl

    if not isinstance(pattern, str):
        raise ArgumentError(sentence("pattern", in_short(pattern), expected=EXPECTED))
    try:
        pl.Series([pattern]).str.contains(pattern)
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        why = _reason(str(error))
        hint = "It has no look-around and no back-references."
        seen = f"{in_short(pattern)} ({why})"
        raise ArgumentError(sentence("pattern", seen, expected=EXPECTED, hint=hint)) from None
    return pattern


def matching(texts: Sequence[str | None], pattern: str, *, column: str) -> list[bool]:
    """Which of the texts have a match somewhere; None has none.

    Raises:
        DataError: If a text is broken (half of a pair of surrogates).

    Example:
        >>> matching(["Prof-specialty", "Sales", None], "^prof|(?i)SALES", column="job")
        [False, True, False]
    """
    import polars as pl

    try:
        series = pl.Series(texts, dtype=pl.String)
    except UnicodeError:
        raise DataError(
            sentence(f"column {column!r}", "text that is no Unicode", expected="whole characters")
        ) from None
    return series.str.contains(pattern).fill_null(value=False).to_list()


def _reason(message: str) -> str:
    """What is wrong, from a message that also draws where."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    first = said[0] if said else lines[0].removeprefix("regex error: ")
    return first[:120].rstrip(".").lower()
