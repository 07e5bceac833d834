"""What chance is drawn by: one reading of `rng`, wherever it comes in."""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.ground.errors import ArgumentError, sentence


def generator_of(rng: Any) -> np.random.Generator:
    """A generator from a seed, or the generator itself.

    Raises:
        ArgumentError: If it is neither.

    Example:
        >>> int(generator_of(7).integers(10)), int(generator_of(np.random.default_rng(7)).integers(10))
        (9, 9)
    """
    whole = isinstance(rng, int | np.integer) and not isinstance(rng, bool)
    seed = whole and int(rng) >= 0
    if not seed and not isinstance(rng, np.random.Generator):
        expected = "a whole number of at least 0, or a generator of NumPy"
        raise ArgumentError(sentence("rng", repr(rng), expected=expected))
    return np.random.default_rng(rng)
