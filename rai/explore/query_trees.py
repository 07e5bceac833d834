"""Trees of conditions: what a query is once it has been read.

    age > 40 and not (sex = F or race is missing)

    and ┬ age > 40
        └ not ─ or ┬ sex = F
                   └ race is missing

What is joined in the same way lies on one level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Literal

from rai.explore.conditions import Condition
from rai.explore.readings import Readings
from rai.explore.truths import Truth
from rai.ground.errors import ArgumentError, sentence

Op = Literal["and", "or", "not"]

MOST_DEPTH = 60  # parentheses and negations within each other
MOST_LEVELS = 2 * MOST_DEPTH + 2  # each may hold an `or` of `and`s


@dataclass(frozen=True, slots=True)
class Branch:
    """Trees joined by `and` or `or`, or one that is turned around by `not`.

    Args:
        op: `and`, `or` or `not`.
        parts: The trees that it joins.
        depth: How deep it nests.

    Raises:
        ArgumentError: If it nests too deep.
    """

    op: Op
    parts: tuple[Condition | Branch, ...]
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        depth = 1 + max(part.depth for part in self.parts)
        if depth > MOST_LEVELS:
            expected = f"at most {MOST_LEVELS}"
            raise ArgumentError(sentence("query", f"{depth} levels deep", expected=expected))
        object.__setattr__(self, "depth", depth)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it asks about, each once, in their order."""
        return tuple(dict.fromkeys(name for leaf in leaves(self) for name in leaf.columns))

    def truth(self, columns: Readings) -> Truth:
        """What is known of each row, with a missing value as neither true nor false."""
        found = (part.truth(columns) for part in self.parts)
        if self.op == "not":
            return ~next(found)
        return reduce(and_ if self.op == "and" else or_, found)

    def __str__(self) -> str:
        if self.op == "not":
            return f"not {self._within(self.parts[0])}"
        return f" {self.op} ".join(map(self._within, self.parts))

    def _within(self, part: Condition | Branch) -> str:
        """A part as text, in parentheses where it would read otherwise."""
        tight = isinstance(part, Condition) or part.op == "not" or (self.op, part.op) == ("or", "and")
        return str(part) if tight else f"({part})"


def joined(op: Literal["and", "or"], parts: Iterable[Condition | Branch]) -> Condition | Branch:
    """Trees joined into one, those that are joined in the same way already on one level.

    Example:
        >>> young, rich = Condition("age", "<", 30), Condition("income", ">", 9)
        >>> str(joined("and", [joined("and", [young, rich]), joined("or", [young, rich])]))
        'age < 30 and income > 9 and (age < 30 or income > 9)'
    """
    flat: list[Condition | Branch] = []
    for part in parts:
        flat += part.parts if isinstance(part, Branch) and part.op == op else [part]
    return flat[0] if len(flat) == 1 else Branch(op, tuple(flat))


def leaves(tree: Condition | Branch) -> Iterator[Condition]:
    """The conditions of a tree, in their order."""
    if isinstance(tree, Condition):
        yield tree
        return
    for part in tree.parts:
        yield from leaves(part)
