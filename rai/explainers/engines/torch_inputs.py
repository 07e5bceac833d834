"""Rows and background as a module's tensors, and the player of each of their columns.

    age ──▶ [0.3]                    change age in every row: which encoded columns change?
    sex ──▶ [0, 1]      encode       change sex in every row: which?
                                     one that changes with both belongs to nobody: refused

That hybrids are encoded as their parts are is checked too, on hybrids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.explainers.hybrids import Hybrids
from rai.explainers.questions import Question
from rai.models.torch_modules import Encoded

CHECKED = 256
CHANGES = "an encoded column changes with the other rows of a batch"

Arrays = list[np.ndarray]
Read = Callable[[Rows], Any]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Inputs:
    """Rows and background as tensors.

    Args:
        rows: The rows, each tensor of shape (n, …).
        background: The background, each of shape (B, …).
        owners: The player of each place in a row of each tensor, flattened; -1 for nobody's.
    """

    rows: tuple[Any, ...]
    background: tuple[Any, ...]
    owners: tuple[Ints, ...]

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return sum(len(each) for each in self.owners)

    def whole(self) -> bool:
        """Whether one of the tensors holds whole numbers, which have no gradients."""
        return any(not each.is_floating_point() for each in self.rows)

    def pair(self, x: Ints, z: Ints) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Rows at some places and background rows at others."""
        return tuple(each[x] for each in self.rows), tuple(each[z] for each in self.background)


def inputs_of(question: Question, encoded: Encoded) -> Inputs | str:
    """Rows and background as a module's inputs, or why its columns can't be told apart by player.

    Args:
        question: What is asked.
        encoded: The module, and what makes its input.
    """

    def read(rows: Rows) -> tuple[Any, ...]:
        return tensors_of(question, encoded, rows)

    held = question.hybrids()
    owners = owners_of(held, read, names=question.players.names)
    if isinstance(owners, str):
        return owners
    n = held.n
    pool = read(held.pool)
    return Inputs(
        rows=tuple(each[:n] for each in pool),
        background=tuple(each[n:] for each in pool),
        owners=owners,
    )


def tensors_of(question: Question, encoded: Encoded, rows: Rows) -> tuple[Any, ...]:
    """Rows as a module's inputs, on the device where it is."""
    from rai.explainers.engines.torch_scores import device_of

    model = question.reading.model
    wanted = rows if model.features is None else rows.select(model.features)
    given = encoded.encode(model._framed(wanted))  # noqa: SLF001 - the frame that `encode` is given
    inputs = given if isinstance(given, tuple) else (given,)
    device = device_of(encoded.module, inputs[0])
    return tuple(each.detach().to(device) for each in inputs)


def owners_of(held: Hybrids, read: Read, *, names: tuple[str, ...]) -> tuple[Ints, ...] | str:
    """The player of each place in a row of each tensor, or why one has none.

    Args:
        held: Rows and background, ready to be mixed.
        read: From rows to tensors, the first axis of which is the row.
        names: The players.
    """
    whole = _arrays(read(held.pool))
    if any(len(each) != len(held.pool) for each in whole):
        return "it doesn't make one row of tensors of each row"
    fed = [_changed(held, read, whole, player) for player in range(len(names))]
    owners = []
    for place in range(len(whole)):
        table = np.array([each[place] for each in fed])  # (M, p)
        twice = table.sum(axis=0) > 1
        if twice.any():
            first, second = np.flatnonzero(table[:, int(twice.argmax())])[:2]
            return f"one encoded column comes from both {names[first]!r} and {names[second]!r}"
        owners.append(np.where(table.any(axis=0), table.argmax(axis=0), -1))
    if not _put_together(held, read, whole, owners):
        return CHANGES
    return tuple(owners)


def _changed(held: Hybrids, read: Read, whole: Arrays, player: int) -> list[np.ndarray]:
    """Which places change when a player's values move one on in their order, around."""
    order = np.argsort(held.codes[:, player], kind="stable")
    at = np.empty(len(order), dtype=np.intp)
    at[order] = np.roll(order, 1)
    places = np.tile(np.arange(len(order))[:, None], (1, len(held.players)))
    places[:, player] = at
    moved = _arrays(read(_gathered(held, places)))
    return [
        ((a != b) & ~((a != a) & (b != b))).any(axis=0)  # noqa: PLR0124 - NaN is like NaN
        for a, b in zip(whole, moved, strict=True)
    ]


def _put_together(held: Hybrids, read: Read, whole: Arrays, owners: list[Ints]) -> bool:
    """Whether hybrids are encoded as their parts are."""
    rng = np.random.default_rng(0)
    at = rng.integers(len(held.pool), size=(CHECKED, len(held.players)))
    found = _arrays(read(_gathered(held, at)))
    for own, pool, owner in zip(found, whole, owners, strict=True):
        expected = pool[at[:, np.maximum(owner, 0)], np.arange(pool.shape[1])]
        if not np.allclose(own, expected, rtol=1e-5, atol=1e-6, equal_nan=True):
            return False
    return True


def _gathered(held: Hybrids, at: Ints) -> Rows:
    columns = enumerate(held.players.columns)
    return held.pool.gathered({name: at[:, place] for place, names in columns for name in names})


def _arrays(tensors: tuple[Any, ...]) -> Arrays:
    return [each.detach().cpu().reshape(len(each), -1).numpy() for each in tensors]


def by_player(parts: tuple[Any, ...], owners: tuple[Ints, ...], *, players: int) -> Floats:
    """Attributions to places of tensors, added up by player, shape (m, M).

    Args:
        parts: A tensor of attributions for each input, shape (m, …).
        owners: The player of each place of each.
        players: How many there are, M.
    """
    found = 0.0
    for part, owner in zip(parts, owners, strict=True):
        flat = part.detach().cpu().reshape(len(part), len(owner), -1).sum(dim=2).double().numpy()
        member = (owner[:, None] == np.arange(players)).astype(np.float64)
        found = found + flat @ member
    return np.asarray(found)
