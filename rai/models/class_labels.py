"""Names of classes as plain Python, however a library keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from rai.engines.spelling import level
from rai.ground.errors import DataError, RaiError, listing, sentence
from rai.values import Level


def plain_classes(
    labels: Iterable[Any], *, where: str, refusal: type[RaiError] = DataError
) -> tuple[Level, ...]:
    """Labels as text, whole numbers, numbers or true/false.

    Args:
        labels: A list or an array of one dimension.
        where: How messages call them.
        refusal: The error to raise.

    Raises:
        RaiError: Something in it names no class, or names one twice.

    Example:
        >>> plain_classes(np.array([0.0, 1.0]), where="classes")
        (0, 1)
    """
    held = np.asarray(labels, dtype=object) if not isinstance(labels, np.ndarray) else labels
    if held.ndim != 1:
        seen, expected = f"an array of shape {held.shape}", "one list, for one output"
        raise refusal(sentence(where, seen, expected=expected))
    try:
        plain = tuple(level(label) for label in held.tolist())
    except (TypeError, UnicodeDecodeError) as error:
        seen = f"values of type {error}"
        raise refusal(sentence(where, seen, expected="text, numbers or true/false")) from None
    known = tuple(label for label in plain if label is not None)
    if len(known) < len(plain) or len(set(known)) < len(known):
        raise refusal(sentence(where, listing(plain), expected="different names"))
    return known


def check_two(classes: tuple[Level, ...], *, where: str) -> None:
    """There is something to tell apart.

    Raises:
        DataError: If there is a single class.
    """
    if len(classes) == 1:
        seen = f"a single class, {classes[0]!r}"
        hint = "It was trained on rows of one kind only."
        raise DataError(sentence(where, seen, expected="at least two", hint=hint))
