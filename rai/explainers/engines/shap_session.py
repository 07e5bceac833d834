"""shap, loaded when it is needed, silent, and with chance of its own.

It seeds and draws from NumPy's global generator, warns of what is meant, and logs. Inside a session none
of that is seen outside.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from rai.ground.errors import ArgumentError, missing_extra, sentence

NO_ERRORS = "This method gives no standard errors; how far the estimates are off isn't known."


def loaded_shap(where: str) -> Any:
    """The module `shap`.

    Args:
        where: Who asks, for the message.

    Raises:
        ExtraError: If it is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import shap
    except ImportError:
        raise missing_extra(where, package="shap", extra="shap") from None
    return shap


@contextmanager
def global_chance(rng: np.random.Generator) -> Iterator[int]:
    """NumPy's global generator seeded from `rng`, and afterwards as it was; yields the seed.

    Example:
        >>> with global_chance(np.random.default_rng(0)) as seed:
        ...     one = np.random.random()
        >>> with global_chance(np.random.default_rng(0)):
        ...     np.random.random() == one
        True
    """
    before = np.random.get_state()  # noqa: NPY002 - these libraries draw from nothing else
    seed = int(rng.integers(2**32))
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield seed
    finally:
        np.random.set_state(before)  # noqa: NPY002


@contextmanager
def shap_session(rng: np.random.Generator) -> Iterator[int]:
    """A block in which shap is silent and draws from chance of its own; yields its seed.

    Args:
        rng: Where its chance comes from.
    """
    logger = logging.getLogger("shap")
    disabled, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings(), global_chance(rng) as seed:
            warnings.simplefilter("ignore")
            yield seed
    finally:
        logger.disabled = disabled


def shap_failed(method: str, error: Exception) -> ArgumentError:
    """What shap raised, as one sentence."""
    reason = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0][:200]
    expected = "a model that shap can explain in this way"
    hint = 'method="auto" takes one that can.'
    where = f"method {method!r}"
    return ArgumentError(sentence(where, f"shap failed ({reason})", expected=expected, hint=hint))
