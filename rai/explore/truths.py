"""What is known of each row: that a condition holds, that it does not, or neither.

             yes  no            not    swaps the two
    holds     1    0            and    yes: both yes      no: one of them no
    does not  0    1            or     yes: one of them   no: both no
    unknown   0    0

The logic of Kleene: a value that is missing meets neither a condition nor its opposite.
(S. C. Kleene, Introduction to Metamathematics, 1952, section 64.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Of each row, what is known.

    Args:
        yes: Where it holds, shape (n,).
        no: Where it does not, shape (n,).

    Example:
        >>> old = Truth(np.array([True, False, False]), np.array([False, True, False]))
        >>> (~old).yes.tolist(), (old | ~old).unknown.tolist()
        ([False, True, False], [False, False, True])
    """

    yes: Bools
    no: Bools

    @property
    def unknown(self) -> Bools:
        """Where neither is known."""
        return ~(self.yes | self.no)

    def __invert__(self) -> Truth:
        """What is known of the opposite."""
        return Truth(self.no, self.yes)

    def __and__(self, other: Truth) -> Truth:
        """What is known of both together."""
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Truth) -> Truth:
        """What is known of either."""
        return Truth(self.yes | other.yes, self.no & other.no)
