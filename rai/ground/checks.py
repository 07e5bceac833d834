"""Argument checks that give every mistake the same wording."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

from rai.ground.errors import ArgumentError, did_you_mean, in_short, listing, sentence


def check_level(level: float, *, where: str = "level") -> float:
    """A coverage level strictly between 0 and 1, as a float."""
    if isinstance(level, bool) or not isinstance(level, Real) or not 0 < level < 1:
        raise ArgumentError(
            sentence(where, repr(level), expected="a number between 0 and 1", hint="0.95 is usual.")
        )
    return float(level)


def check_choice(value: str, options: Collection[str], *, where: str) -> str:
    """One of the named options, or an error that suggests the nearest."""
    if value not in options:
        raise ArgumentError(
            sentence(
                where,
                repr(value),
                expected=f"one of {listing(options, most=40)}",
                hint=did_you_mean(value, options),
            )
        )
    return value


def check_one(value: Any, *, where: str, what: str, options: Collection[str] | None = None) -> None:
    """A name that is text and not empty, and one of the options where there are some.

    Raises:
        ArgumentError: If it is not.
    """
    if isinstance(value, str) and value and (options is None or value in options):
        return
    expected = f"a {what}'s name" if options is None else f"one of {listing(options)}"
    hint = did_you_mean(value, options or ()) if isinstance(value, str) else ""
    raise ArgumentError(sentence(where, f"{what} {in_short(value)}", expected=expected, hint=hint))


def check_count(value: int, *, where: str, least: int = 1) -> int:
    """A whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ArgumentError(sentence(where, repr(value), expected=f"a whole number of at least {least}"))
    return int(value)


def as_names(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """One name, several, or none, always as a tuple.

    Example:
        >>> as_names("sex"), as_names(["sex", "race"]), as_names(None)
        (('sex',), ('sex', 'race'), ())
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable):
        raise ArgumentError(sentence("names", repr(value), expected="a name or several"))
    return tuple(value)


def as_cuts(cuts: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Columns with what they are cut at; nothing where there is none.

    Raises:
        ArgumentError: If it is no mapping.

    Example:
        >>> as_cuts(None), as_cuts({"age": [25, 45]})
        ({}, {'age': [25, 45]})
    """
    if cuts is None:
        return {}
    if isinstance(cuts, Mapping):
        return cuts
    expected = "a dict of column to edges, or to a number of groups"
    raise ArgumentError(sentence("cuts", in_short(cuts), expected=expected))
