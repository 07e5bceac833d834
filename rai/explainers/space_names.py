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


def score_name(space: str, output: Level | None = None, *, several: bool = False) -> str:
    """The name of a number, for a scale.

    Args:
        space: One of `rai.explainers.spaces.SPACES`.
        output: What it is of; None, and 0 and 1 of two classes, need no name.
        several: Whether it is one of several, whose margins are no log-odds.

    Example:
        >>> score_name("margin"), score_name("probability", ">50K")
        ('log-odds', 'probability of >50K')
        >>> score_name("margin", "cat", several=True)
        'margin of cat'
    """
    word = MARGIN if several and space == MARGIN else WORDS.get(space, space or "score")
    if output is None or (not several and output in PLAIN):
        return word
    return f"{word} of {one_line(output, most=_LETTERS)}"
