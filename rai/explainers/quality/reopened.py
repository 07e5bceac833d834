"""What was explained, opened once more: model, space, players, rows and background of attributions.

attributions + model + background ──▶ the same game: what is a row worth with only some of its players?

That it is the same is checked: the background by its digest, the model by its numbers of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.engines.sources import as_array
from rai.explainers.attributions import Attributions
from rai.explainers.backgrounds import background_of, background_seed, digest_of
from rai.explainers.hybrids import Bools, Hybrids, hybrids_of
from rai.explainers.losses import Labels
from rai.explainers.players import Players
from rai.explainers.spaces import Space, space_of
from rai.explainers.table import AUTOMATIC
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import number
from rai.models.model import Model, as_model, check_answers_edits
from rai.values.generators import generator_of

CHUNK_ROWS = 1 << 18  # hybrids at a time


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reopened:
    """The game behind some attributions, of one output.

    Args:
        attributions: The attributions.
        model: The model.
        space: The number of a row that was explained.
        background: The rows that stand in, B of them.
        labels: The rows' labels, shape (n,), in the space of losses.
        loss: Which loss.
        threshold: What decides.
        k: The place of the output.
    """

    attributions: Attributions
    model: Model
    space: Space
    background: Rows
    labels: Any
    loss: str | None
    threshold: float | None
    k: int

    @property
    def values(self) -> Floats:
        """The attributions of the output, shape (n, M)."""
        return self.attributions.values[:, :, self.k]

    @property
    def scores(self) -> Floats:
        """The model's own numbers, shape (n,)."""
        return self.attributions.scores[:, self.k]

    @property
    def players(self) -> Players:
        """Who plays."""
        return Players(names=self.attributions.names, columns=self.attributions.columns)

    def hybrids(self, background: Rows) -> Hybrids:
        """The rows, ready to be mixed with background rows."""
        rows = self.attributions.held.select(self.players.read)
        return hybrids_of(self.space, rows, background=background, players=self.players)

    def part(self, places: Ints) -> Reopened:
        """The same of the rows at these places only."""
        labels = None if self.labels is None else taken(self.labels, places)
        return Reopened(
            attributions=self.attributions.part(places),
            model=self.model,
            space=_space(self.model, self.space.name, labels, loss=self.loss, cut=self.threshold),
            background=self.background,
            labels=labels,
            loss=self.loss,
            threshold=self.threshold,
            k=self.k,
        )


def reopened(
    model: Any,
    attributions: Attributions,
    *,
    background: Any = None,
    y_true: Any = None,
    loss: str | None = None,
    threshold: float | None = None,
    output: Any = None,
) -> Reopened:
    """The game behind attributions.

    Args:
        model: The model that was explained.
        attributions: What `rai.explain` gave.
        background: The background that it was given; None if none was.
        y_true: In the space of losses the rows' labels, or the name of their column.
        loss: The loss that was named, if one was.
        threshold: The threshold that was named, if one was.
        output: Which output; of several the last one if None.

    Raises:
        ArgumentError: Another background.
        DataError: A model, threshold or labels that give other numbers than those explained; no rows.
    """
    if not len(attributions):
        raise DataError(sentence("attributions", "no rows", expected="at least one"))
    known, held = as_model(model), attributions.held
    check_answers_edits(known, where="model")
    labels = y_true
    if isinstance(y_true, str):
        held.check(y_true, where="y_true")
        labels = held.column(y_true)
    labels = None if labels is None else as_array(labels, where="y_true")
    read = tuple(name for columns in attributions.columns for name in columns)
    found = Reopened(
        attributions=attributions,
        model=known,
        space=_space(known, attributions.space, labels, loss=loss, cut=threshold),
        background=_background(background, attributions, read),
        labels=labels,
        loss=loss,
        threshold=threshold,
        k=attributions.output_place(output),
    )
    _check_scores(found, read)
    return found


def worths(held: Hybrids, x: Ints, *, kept: Bools, background: int, k: int) -> tuple[Floats, Floats]:
    """What rows are worth with only some of their players: mean and variance over the background.

    Args:
        held: Rows and background, ready to be mixed.
        x: A row for each, shape (m,).
        kept: The players that keep their values, shape (m, M).
        background: Rows of the background, B.
        k: The place of the output.

    Returns:
        Means, and variances (B − 1 in the denominator; 0 of one row), each of shape (m,).

    Example:
        >>> import rai
        >>> from rai.engines.frames import open_rows
        >>> from rai.explainers.players import players_of
        >>> space = space_of("probability", rai.load_model(lambda f: f["a"] * f["b"]))
        >>> held = hybrids_of(space, open_rows({"a": [1.0], "b": [0.5]}),
        ...     background=open_rows({"a": [0, .5], "b": [0, 0]}), players=players_of("raw", ("a", "b")))
        >>> first, kept = np.array([0]), np.array([[False, True]])
        >>> [found.tolist() for found in worths(held, first, kept=kept, background=2, k=0)]
        [[0.125], [0.03125]]
    """
    mean, variance = np.empty(len(x)), np.zeros(len(x))
    some = max(1, CHUNK_ROWS // background)
    for start in range(0, len(x), some):
        part = slice(start, start + some)
        rows = x[part]
        scores = held.scores(
            np.repeat(rows, background),
            np.tile(np.arange(background), len(rows)),
            np.repeat(kept[part], background, axis=0),
        )[:, k].reshape(len(rows), background)
        mean[part] = scores.mean(axis=1)
        if background > 1:
            variance[part] = scores.var(axis=1, ddof=1)
    return mean, variance


def taken(values: Any, places: Ints) -> Any:
    """The values of an array or a series at some places."""
    if hasattr(values, "iloc"):
        return values.iloc[places]
    return values[places] if isinstance(values, np.ndarray) else values.take(places)


def _space(model: Model, name: str, labels: Any, *, loss: str | None, cut: float | None) -> Space:
    """The space as `rai.explain` made it."""
    of_loss = cut if loss == "zero_one" else None
    held = None if labels is None else Labels(y_true=labels, loss=loss, threshold=of_loss)
    return space_of(name, model, threshold=None if loss == "zero_one" else cut, labels=held)


def _background(given: Any, attributions: Attributions, read: tuple[str, ...]) -> Rows:
    """The background, known by its digest; where none was given, as `rai.explain` draws it itself."""
    wanted = attributions.background_digest
    if given is not None:
        held = open_rows(given, where="background").select(read, where="background")
        if digest_of(held) == wanted:
            return held
        seen = f"{len(held):,} rows that are not those behind the attributions"
        expected = f"the same background ({attributions.background})"
        raise ArgumentError(sentence("background", seen, expected=expected))
    for held in _drawn(attributions, read):
        if digest_of(held) == wanted:
            return held
    expected = f"the rows behind the attributions ({attributions.background})"
    hint = "Pass the frame that rai.explain was given; draw it with sample_background if it was drawn."
    raise ArgumentError(sentence("background", "none", expected=expected, hint=hint))


def _drawn(attributions: Attributions, read: tuple[str, ...]) -> Iterator[Rows]:
    """What `rai.explain` takes where nobody gives a background, with its own seed."""
    rows = attributions.held
    seed = background_seed(generator_of(0))
    for most in dict.fromkeys(
        (attributions.background_n, *(each.most_background for each in AUTOMATIC))
    ):
        chance = np.random.default_rng(seed)
        yield background_of(None, rows, read=read, most=most, by=None, rng=chance).rows


def _check_scores(found: Reopened, read: tuple[str, ...]) -> None:
    attributions = found.attributions
    scores = found.space.scores(attributions.held.select(read))
    if scores.shape != attributions.scores.shape:
        seen = f"a model of {scores.shape[1]} outputs"
        expected = f"the model that was explained, of {attributions.scores.shape[1]}"
        raise DataError(sentence("model", seen, expected=expected))
    off = float(np.abs(scores - attributions.scores).max())
    if not off <= found.space.tolerance * max(1.0, float(np.abs(scores).max())):
        seen = f"numbers of rows that differ from those explained by up to {number(off)}"
        expected = "the model, threshold and labels that were explained"
        raise DataError(sentence("model", seen, expected=expected))
