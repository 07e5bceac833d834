"""What a number of a row is called on a scale, by its space and by what it is of."""

from __future__ import annotations

from rai.ground.formatting import one_line
from rai.values import Level

WORDS = {
    "margin": "log-odds",
    "probability": "probability",
    "decision": "share of decisions",
    "prediction": "prediction",
    "loss": "loss",
}
MARGIN = "margin"
PLAIN = (False, True)  # 0 and 1 too: of two classes the positive one is meant
_LETTERS = 60


def score_name(space: str, output: Level | None = None, *, several: bool | None = None) -> str:
    """The name of a number, for a scale.

    Args:
        space: One of `rai.explainers.spaces.SPACES`.
        output: What it is of; None, and 0 and 1 of two classes, need no name.
        several: Whether it is one of several, whose margins are no log-odds; if None, where it is not
            known, what has a name counts as such.

    Example:
        >>> score_name("margin"), score_name("probability", ">50K")
        ('log-odds', 'probability of >50K')
        >>> score_name("margin", "cat"), score_name("margin", ">50K", several=False)
        ('margin of cat', 'log-odds of >50K')
    """
    named = output is not None and (several or output not in PLAIN)
    raw = named if several is None else several
    word = MARGIN if raw and space == MARGIN else WORDS.get(space, space or "score")
    return f"{word} of {one_line(output, most=_LETTERS)}" if named else word
