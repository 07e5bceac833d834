"""Colours and shapes of groups: one place, so that a group looks the same on pages and in plots.

Six colours, each in a version for white and one for dark paper, times four shapes: 24 groups can be
told apart, also in grey and by readers who see fewer colours. Groups beyond that share one grey mark.

    ● ■ ◆ ▲   circle, square, diamond, triangle: the shape changes once every colour has been used
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LIGHT = ("#1F66C7", "#A8431F", "#10A372", "#9D6FB4", "#B98A00", "#0B5468")
DARK = ("#4789EA", "#DD5A26", "#67E8BB", "#A074A0", "#F8B23E", "#5CC0DC")
GREY = ("#6B7280", "#9AA4B2")
PAPER = ("#FFFFFF", "#15181C")

SHAPES = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True, slots=True)
class Mark:
    """How one group looks.

    Args:
        place: Place of its colour in `LIGHT` and `DARK`; None for the grey that many share.
        shape: One of `SHAPES`.
    """

    place: int | None
    shape: str = "circle"

    def colour(self, *, dark: bool = False) -> str:
        """Its colour on white or on dark paper, as #RRGGBB."""
        if self.place is None:
            return GREY[dark]
        return (DARK if dark else LIGHT)[self.place]


def marks(names: Iterable[str]) -> dict[str, Mark]:
    """A mark for each group, by its place among the groups of a result.

    Example:
        >>> looks = marks(["F", "M"])
        >>> looks["F"].colour(), looks["M"].colour(dark=True), looks["M"].shape
        ('#1F66C7', '#DD5A26', 'circle')
    """
    return {name: _mark(place) for place, name in enumerate(dict.fromkeys(names))}


def marks_among(shown: Iterable[str], names: Iterable[str]) -> dict[str, Mark]:
    """Marks for some groups of a result: by place among all, or among them where one would be grey.

    Example:
        >>> names = [f"group {i}" for i in range(30)]
        >>> marks_among(names[1:2], names) == {"group 1": marks(names)["group 1"]}
        True
        >>> marks_among(names[28:], names) == marks(names[28:])
        True
    """
    looks, chosen = marks(names), list(dict.fromkeys(shown))
    if any(looks[name].place is None for name in chosen):
        return marks(chosen)
    return {name: looks[name] for name in chosen}


def _mark(place: int) -> Mark:
    round_of, colour = divmod(place, len(LIGHT))
    return Mark(colour, SHAPES[round_of]) if round_of < len(SHAPES) else Mark(None)


def ramp(steps: int, *, dark: bool = False) -> tuple[str, ...]:
    """Colours of one hue for a quantity, from little to much; the most stands out from the paper most.

    Example:
        >>> ramp(3), ramp(1, dark=True)
        (('#C9DCF6', '#6A8EC0', '#0B3F8A'), ('#BAD4F9',))
    """
    ends = ("#24466F", "#BAD4F9") if dark else ("#C9DCF6", "#0B3F8A")
    return tuple(blend(*ends, place / (steps - 1) if steps > 1 else 1.0) for place in range(steps))


def blend(first: str, second: str, share: float) -> str:
    """The colour between two, so far from the first to the second.

    Example:
        >>> blend("#000000", "#FFFFFF", 0.5)
        '#808080'
    """
    pairs = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in pairs)


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB: 0 for black, 1 for white.

    Example:
        >>> luminance("#000000"), round(luminance("#FFFFFF"), 3)
        (0.0, 1.0)

    Source: WCAG 2.2, relative luminance.
    """
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two colours: 1 for none, 21 for black on white; marks need 3, text 4.5.

    Example:
        >>> round(contrast("#000000", "#FFFFFF"), 2)
        21.0

    Source: WCAG 2.2, contrast ratio.
    """
    dim, bright = sorted((luminance(first), luminance(second)))
    return (bright + 0.05) / (dim + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
