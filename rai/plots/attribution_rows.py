"""What plots of attributions share: which features get a row, how parts are coloured and written.

60 features ──▶ the 12 largest, each a row, and “and 48 others”, which holds their sum
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.explainers.attributions import Attributions
from rai.explainers.space_names import score_name
from rai.ground.checks import check_count
from rai.ground.colours import DARK, LIGHT, Mark
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.ground.formatting import counted, figure
from rai.plots.canvas import Ink, figure_of, marker
from rai.values import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

MOST = 12
_UP, _DOWN = 5, 4  # places in the palette; few results have so many groups


@dataclass(frozen=True, slots=True)
class Shown:
    """Which players get a row.

    Args:
        places: Those that do, the largest first.
        others: Those that share the last row.
    """

    places: tuple[int, ...]
    others: tuple[int, ...]

    @property
    def others_name(self) -> str:
        """What the last row is called; empty where all are shown.

        Example:
            >>> Shown((0,), (1, 2)).others_name
            'and 2 others'
        """
        return f"and {counted(len(self.others), 'other')}" if self.others else ""


class LegendSign(NamedTuple):
    """One sign of a legend.

    Attributes:
        colour: Its colour.
        shape: Its marker, as matplotlib spells it.
        text: What it means.
    """

    colour: str
    shape: str
    text: str


def shown_players(sizes: Sequence[float] | Array, *, most: int) -> Shown:
    """The largest players, and those that share a row; one by itself needs none to share.

    Args:
        sizes: The size of each player, shape (M,).
        most: How many get a row.

    Raises:
        ArgumentError: If that is less than one.

    Example:
        >>> shown_players([0.1, 0.5, 0.2, 0.3], most=2)
        Shown(places=(1, 3), others=(2, 0))
    """
    check_count(most, where="most")
    order = np.argsort(-np.asarray(sizes, dtype=np.float64), kind="stable").tolist()
    kept = len(order) if len(order) == most + 1 else most
    return Shown(tuple(order[:kept]), tuple(order[kept:]))


def check_attributions(given: object, *, where: str) -> Attributions:
    """Attributions with rows and players.

    Raises:
        ArgumentError: If it is something else, or empty.
    """
    if not isinstance(given, Attributions):
        expected = "what rai.explain returned"
        raise ArgumentError(
            sentence(where, f"{type(given).__name__} {in_short(given)}", expected=expected)
        )
    if not given.values.size:
        raise ArgumentError(sentence(where, "no attributions", expected="at least one row and feature"))
    return given


def scale_name(attributions: Attributions, output: Level | None) -> str:
    """What the numbers of some output are called."""
    label = attributions.outputs[attributions.output_place(output)]
    return score_name(attributions.space, label, several=len(attributions.outputs) > 1)


def signed(value: float) -> str:
    """A part with its sign.

    Example:
        >>> signed(0.25), signed(-0.1234), signed(0.0)
        ('+0.250', '-0.123', '0')
    """
    return f"+{figure(value)}" if value > 0 else figure(value)


def within(low: float | None, high: float | None) -> str:
    """Bounds in brackets; empty where there are none."""
    return "" if low is None or high is None else f"[{figure(low)}, {figure(high)}]"


def sign_colour(value: float, ink: Ink) -> str:
    """The colour of a part that lifts a number, or lowers it."""
    return (DARK if ink.dark else LIGHT)[_UP if value >= 0 else _DOWN]


def beside_rows(ax: Axes, texts: Sequence[tuple[float, str, bool]], ink: Ink) -> None:
    """Texts to the right of the rows.

    Args:
        ax: The axes.
        texts: Row, text, and whether it stands back.
        ink: Colours.
    """
    for row, text, back in texts:
        ax.annotate(
            text, (1.0, row), xycoords=ax.get_yaxis_transform(), xytext=(8, 0), fontsize="small",
            textcoords="offset points", va="center" if row >= 0 else "bottom", annotation_clip=False,
            color=ink.muted if back else ink.text,
        )  # fmt: skip


def mark_sign(look: Mark | None, text: str, ink: Ink) -> LegendSign:
    """The sign of a group; of everyone where it has no mark."""
    if look is None:
        return LegendSign(ink.text, "o", text)
    return LegendSign(look.colour(dark=ink.dark), marker(look), text)


def legend_right(ax: Axes, signs: Sequence[LegendSign], ink: Ink, *, points: float) -> None:
    """A legend to the right of the axes, so many points away."""
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    handles = [
        Line2D([], [], linestyle="none", marker=s.shape, color=s.colour, markersize=6, label=s.text)
        for s in signs
    ]
    away = ax.transAxes + ScaledTranslation(points / 72, 0, figure_of(ax).dpi_scale_trans)
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), bbox_transform=away,
        borderaxespad=0, frameon=False, fontsize="small", labelcolor=ink.text, handletextpad=0.4,
        labelspacing=0.7,
    )  # fmt: skip
