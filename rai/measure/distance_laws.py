"""What a distance between two distributions is made of, and how large its noise is.

    Norm         ‖image(p) − image(q)‖           KS, Wasserstein, L∞, total variation
    Hilbertian   a distance in some Hilbert space  Jensen-Shannon
    Divergence   behaves like its square           PSI

A sample is the truth and its noise. Of a norm the noise has a size in that norm; in a Hilbert space it
follows from distances alone, since these give inner products; of a divergence both sides add up.

All take shares, shape (..., k), and give shape (...), so that a thousand draws are measured at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Scale(NamedTuple):
    """Where numbers in order lie: from each to the next, shape (k - 1,), and what to leave out.

    Attributes:
        gaps: From each number to the next, in the unit of the distance.
        trim: Share of the rows left out at either end.
    """

    gaps: Array = np.empty(0)
    trim: float = 0.0


NOWHERE = Scale()


class Draw(NamedTuple):
    """Shares that two samples were drawn from, shape (k,), and draws of them, shape (draws, k)."""

    p: Array
    q: Array
    drawn_p: Array
    drawn_q: Array


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm of the difference of something linear, or nearly so, in the shares.

    Args:
        image: What is taken of the shares of each side.
        size: The norm of a difference of two.
        most: The largest it can be; None for no limit.
    """

    image: Callable[[Array, Scale], Array]
    size: Callable[[Array, Scale], Array]
    most: float | None = 1.0
    power: int = 2

    def between(self, p: Array, q: Array, scale: Scale = NOWHERE) -> Array:
        """The distance of shares."""
        return np.asarray(self.size(self.image(p, scale) - self.image(q, scale), scale))

    def noise(self, draw: Draw, scale: Scale = NOWHERE) -> Array:
        """The square of the size of the noise of each draw, shape (draws,)."""
        p, q, x, y = (self.image(part, scale) for part in draw)
        return np.asarray(self.size((x - p) - (y - q), scale) ** 2)


@dataclass(frozen=True, slots=True)
class Hilbertian:
    """A distance that is one of points of a Hilbert space.

    Source: Fuglede and Topsøe (2004), doi:10.1109/ISIT.2004.1365067, for that of Jensen and Shannon.
    """

    formula: Callable[[Array, Array], Array]
    most: float | None = 1.0
    power: int = 2

    def between(self, p: Array, q: Array, scale: Scale = NOWHERE) -> Array:  # noqa: ARG002  # as a norm
        """The distance of shares."""
        return self.formula(p, q)

    def noise(self, draw: Draw, scale: Scale = NOWHERE) -> Array:  # noqa: ARG002  # as a norm
        """The square of the size of the noise of each draw, shape (draws,).

        With d(a, b)² = ‖a − b‖² the inner product of x − p and y − q follows from four distances.
        """
        p, q, x, y = draw

        def apart(a: Array, b: Array) -> Array:
            return self.formula(a, b) ** 2

        inner = (apart(x, q) + apart(p, y) - apart(x, y) - apart(p, q)) / 2
        return np.asarray(np.maximum(apart(x, p) + apart(y, q) - 2 * inner, 0.0))


@dataclass(frozen=True, slots=True)
class Divergence:
    """A divergence, which near 0 is a sum of squares."""

    formula: Callable[[Array, Array], Array]
    most: float | None = None
    power: int = 1

    def between(self, p: Array, q: Array, scale: Scale = NOWHERE) -> Array:  # noqa: ARG002  # as a norm
        """The divergence of shares."""
        return self.formula(p, q)

    def noise(self, draw: Draw, scale: Scale = NOWHERE) -> Array:  # noqa: ARG002  # as a norm
        """The noise of both sides of each draw, shape (draws,)."""
        return np.asarray(self.formula(draw.drawn_p, draw.p) + self.formula(draw.drawn_q, draw.q))


Law = Norm | Hilbertian | Divergence
