"""What every page is rendered with: its templates, its colours, and how text is kept together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rai.ground.colours import DARK, GREY, LIGHT
from rai.ground.formatting import number
from rai.reports.words import BEYOND, WITHIN, capital

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

_LOOSE = re.compile(r"\[[^\[\]]{1,40}\]|\bp [=<] [\d.]+")

# The first gap of a finding, with its interval.
_GAP = re.compile(r"(?<=a gap of )[\d.,-]+\d(?:\s\[[^\]]{1,40}\])?")


def environment() -> Environment:
    """What all templates are rendered in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(BEYOND=BEYOND, WITHIN=WITHIN, palette=palette())
    made.filters.update(capital=capital, number=number, tight=tight, told=told)
    return made


def tight(text: str) -> str:
    """The text with intervals and p-values kept on one line each.

    Example:
        >>> tight("a gap of 0.1 [0.05, 0.15] (p = 0.01)")
        'a gap of 0.1 [0.05,\\xa00.15] (p\\xa0=\\xa00.01)'
    """
    return _LOOSE.sub(lambda found: found[0].replace(" ", "\xa0"), text)


def told(text: str) -> tuple[str, str, str]:
    """A finding in three parts, of which the second is its first gap, to stand out.

    Example:
        >>> told("By sex: a gap of 0.1 [0, 0.2]. More.")
        ('By sex: a gap of ', '0.1 [0,\xa00.2]', '. More.')
    """
    line = tight(text)
    found = _GAP.search(line)
    if found is None:
        return line, "", ""
    return line[: found.start()], found[0], line[found.end() :]


def palette() -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """CSS names and colours of groups, on white and on dark paper."""
    names = [f"--c{place}" for place in chain(range(len(LIGHT)), ("x",))]
    light, dark = (
        list(zip(names, (*colours, grey), strict=True))
        for colours, grey in zip((LIGHT, DARK), GREY, strict=True)
    )
    return light, dark
