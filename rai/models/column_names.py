"""Columns as they are called in the rows, for a model that calls them otherwise or by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rai.ground.errors import ArgumentError, listing, sentence
from rai.ground.formatting import counted
from rai.models.rungs import Options

if TYPE_CHECKING:
    import pandas


NO_NAMES = "It names no columns: they are taken in the order of the rows. Pass features= to be sure."


def given_names(options: Options, own: Sequence[str], *, where: str) -> tuple[str, ...] | None:
    """The columns to take from the rows, in the order of the model's own.

    Args:
        options: Its `features` may be the model's names in any order, or other names for them, each at
            its place, as some libraries change the names they are given.
        own: The model's names in its order; empty if it has none.
        where: How messages call the model.

    Raises:
        ArgumentError: They are as many as the model's but neither the same nor at their places, or not
            as many.

    Example:
        >>> given_names(Options(features=("home town", "age")), ["home_town", "age"], where="model")
        ('home town', 'age')
    """
    given = options.features
    if not own:
        return given
    if given is None or set(given) == set(own):
        return tuple(own)
    if len(given) != len(own):
        expected = f"{counted(len(own), 'column')}: {listing(own)}"
        raise ArgumentError(sentence("features", listing(given), expected=expected))
    moved = next((g for g, o in zip(given, own, strict=True) if g != o and g in own), None)
    if moved is not None:
        expected = f"other names at the places of {listing(own)}"
        seen = f"{moved!r}, which is a name of {where}, at another place"
        raise ArgumentError(sentence("features", seen, expected=expected))
    return given


def renamed(
    frame: pandas.DataFrame, given: tuple[str, ...] | None, own: Sequence[str]
) -> pandas.DataFrame:
    """The frame with the model's names for its columns."""
    return frame if given is None or given == tuple(own) else frame.set_axis(list(own), axis=1)
