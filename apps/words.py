"""Words on screen: text from data made safe to show, and numbers as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rai.ground.formatting import counted, figure, interval, metric_name, number, readable

__all__ = [
    "counted",
    "estimate_words",
    "figure",
    "interval",
    "listed",
    "metric_name",
    "number",
    "plain",
    "readable",
]

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(value: Any) -> str:
    """A value as text that Markdown shows as it is, on one line.

    Example:
        >>> plain("<b>*x*</b>")
        '\\\\<b\\\\>\\\\*x\\\\*\\\\</b\\\\>'
    """
    return _MARKUP.sub(r"\\\1", " ".join(str(value).split()))


def listed(values: Iterable[Any]) -> str:
    """Values in a row, as Markdown shows them.

    Example:
        >>> listed(["sex", "race"])
        'sex, race'
    """
    return ", ".join(map(plain, values))


def estimate_words(value: float | None, low: float | None, high: float | None, n: int | None) -> str:
    """A number with its interval and its rows.

    Example:
        >>> estimate_words(0.5, 0.4, 0.6, 100)
        '0.500 [0.4, 0.6], n = 100'
    """
    rows = "" if n is None else f", n = {n:,}"
    bounds = "" if low is None and high is None else f" {interval(low, high)}"
    return f"{figure(value)}{bounds}{rows}"
