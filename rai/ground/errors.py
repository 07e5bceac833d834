"""What can go wrong, and one way to say it.

    RaiError(ValueError)
    ├── RoleError        a column is missing, or holds something its role can't use
    ├── ArgumentError    an argument is outside what is allowed
    ├── DataError        rows or a file that can't be read or used
    ├── TallyError       two tallies don't fit together, or a threshold is not an edge
    ├── PolicyError      a policy file is wrong
    └── ExtraError       an optional part is not installed

Every message reads `<where>: <what was seen>; expected <what>. <what to do>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RaiError(ValueError):
    """Anything that rai refuses, with a sentence that says what to do."""


class RoleError(RaiError):
    """A column is missing, or holds something its role can't use."""


class ArgumentError(RaiError):
    """An argument is outside what is allowed."""


class DataError(RaiError):
    """Rows or a file that can't be read or used."""


class TallyError(RaiError):
    """Two tallies don't fit together, or a threshold is not an edge."""


class PolicyError(RaiError):
    """A policy file is wrong."""


class ExtraError(RaiError, ImportError):
    """An optional part is not installed."""


def sentence(where: str, seen: str, *, expected: str, hint: str = "") -> str:
    """The one form of every message.

    Example:
        >>> sentence("level", "1.5", expected="a number between 0 and 1", hint="Try 0.95.")
        'level: 1.5; expected a number between 0 and 1. Try 0.95.'
    """
    text = f"{where}: {seen}; expected {expected}."
    return f"{text} {hint}" if hint else text


def listing(options: Iterable[object], *, most: int = 12) -> str:
    """Options as quoted words, cut after `most`.

    Example:
        >>> listing(["age", "sex"])
        "'age', 'sex'"
    """
    words = [repr(option) for option in options]
    rest = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + rest


def in_short(value: object, *, most: int = 60) -> str:
    """A value as a message shows it: on one line, cut where it is long.

    Example:
        >>> in_short("a" * 9, most=6), in_short(["a", "b"])
        ("'aaaa…", "['a', 'b']")
    """
    text = " ".join(repr(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def did_you_mean(word: object, options: Iterable[object]) -> str:
    """A hint naming the nearest option, or nothing.

    Example:
        >>> did_you_mean("gendr", ["age", "gender"])
        "Did you mean 'gender'?"
    """
    near = get_close_matches(str(word).lower(), {str(o).lower() for o in options}, n=1, cutoff=0.6)
    if not near:
        return ""
    match = next(str(o) for o in options if str(o).lower() == near[0])
    return f"Did you mean {match!r}?"


def missing_extra(feature: str, *, package: str, extra: str) -> ExtraError:
    """The error for a part that is not installed, with the install line."""
    return ExtraError(
        sentence(
            feature,
            f"{package} is not installed",
            expected=f"the extra '{extra}'",
            hint=f'Run: pip install "rai[{extra}]".',
        )
    )
