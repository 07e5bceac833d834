"""The players of the game: the columns that a person knows, each by itself or several as one.

"raw"                                  ──▶  every column that the model reads is a player
{"where": ["state", "county"]}         ──▶  these two are one player, the others one each

Columns that a pipeline makes of a player (a column for each category) move with it, inside the game.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Ints
from rai.ground.checks import as_names
from rai.ground.errors import ArgumentError, RoleError, did_you_mean, in_short, listing, sentence

WHERE = "players"
Given = Literal["raw"] | Mapping[str, Sequence[str] | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Players:
    """Who plays.

    Args:
        names: What each player is called, M of them.
        columns: The columns of each, all different.

    Example:
        >>> players = players_of({"where": ["state", "county"]}, ("age", "county", "state"))
        >>> players.names, players.columns
        (('age', 'where'), (('age',), ('state', 'county')))
    """

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def read(self) -> tuple[str, ...]:
        """All columns, player by player."""
        return tuple(name for columns in self.columns for name in columns)

    def of_places(self, columns: Mapping[str, Ints], *, width: int) -> Ints:
        """The player of each column of a matrix, -1 for nobody's.

        Args:
            columns: Column of the rows to the columns of the matrix that come from it.
            width: How many columns the matrix has.

        Returns:
            Places among the players, shape (width,).
        """
        found = np.full(width, -1, dtype=np.intp)
        for place, names in enumerate(self.columns):
            for name in names:
                found[np.asarray(columns.get(name, ()), dtype=np.intp)] = place
        return found


def players_of(given: Any, read: Sequence[str]) -> Players:
    """Players, from what a person says.

    Args:
        given: `raw`, or a dict of a player's name to its columns; columns that it leaves out are a
            player each.
        read: The columns that the model reads.

    Returns:
        The players in the order of their first columns.

    Raises:
        ArgumentError: A column that the model doesn't read, or of two players; or one name twice.
    """
    if isinstance(given, str) and given == "raw":
        return Players(names=tuple(read), columns=tuple((name,) for name in read))
    if not isinstance(given, Mapping):
        expected = "'raw', or a dict of a name to columns"
        raise ArgumentError(sentence(WHERE, in_short(given), expected=expected))
    grouped = {str(name): as_names(columns) for name, columns in given.items()}
    _check(grouped, read)
    taken = {column for columns in grouped.values() for column in columns}
    alone = {column: (column,) for column in read if column not in taken}
    twice = next((name for name in grouped if name in alone), None)
    if twice is not None:
        expected = "a name that no other column has"
        raise ArgumentError(sentence(WHERE, f"several columns called {twice!r}", expected=expected))
    place = {column: at for at, column in enumerate(read)}
    players = {**alone, **grouped}
    order = sorted(players, key=lambda name: min(place[column] for column in players[name]))
    return Players(names=tuple(order), columns=tuple(players[name] for name in order))


def without_label(read: Sequence[str], label: Any) -> tuple[str, ...]:
    """The columns that play where a model doesn't say what it reads: not the label's, if it is named.

    Raises:
        RoleError: There is no other column.

    Example:
        >>> without_label(("age", "y"), "y"), without_label(("age", "y"), [0, 1])
        (('age',), ('age', 'y'))
    """
    rest = tuple(name for name in read if not isinstance(label, str) or name != label)
    if not rest:
        raise RoleError(sentence("rows", "no column beside the label", expected="at least one"))
    return rest


def _check(grouped: Mapping[str, tuple[str, ...]], read: Sequence[str]) -> None:
    named = [column for columns in grouped.values() for column in columns]
    empty = next((name for name, columns in grouped.items() if not columns), None)
    if empty is not None:
        raise ArgumentError(sentence(WHERE, f"no columns for {empty!r}", expected="at least one"))
    strange = next((column for column in named if column not in read), None)
    if strange is not None:
        expected = f"one that the model reads: {listing(read)}"
        hint = did_you_mean(strange, read)
        raise ArgumentError(sentence(WHERE, f"column {strange!r}", expected=expected, hint=hint))
    twice = next((column for column in named if named.count(column) > 1), None)
    if twice is not None:
        seen = f"column {twice!r} named twice"
        raise ArgumentError(sentence(WHERE, seen, expected="each column once"))
