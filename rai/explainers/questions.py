"""What an explainer is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows
from rai.explainers.backgrounds import Background
from rai.explainers.hybrids import Hybrids, hybrids_of
from rai.explainers.linear_models import Linear, linear_of
from rai.explainers.players import Players
from rai.explainers.spaces import Space, SpaceName
from rai.models.batches import Progress
from rai.models.model import Model

if TYPE_CHECKING:
    from rai.explainers.trees import Ensemble

Kind = Literal["interventional", "path_dependent", "gradient", "removal"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """What can be read off a model besides its scores; found when first asked for.

    Args:
        model: The model.
    """

    model: Model

    @cached_property
    def linear(self) -> Linear | str:
        """The model as a linear one, or why it is none."""
        return linear_of(self.model)

    @cached_property
    def ensemble(self) -> Ensemble | str:
        """The model as trees, or why it can't be read as such."""
        from rai.explainers.trees import ensemble_of

        return ensemble_of(self.model)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Question:
    """What is to be explained.

    Args:
        reading: The model, and what can be read off it.
        space: The number of a row that is meant.
        players: Who plays.
        rows: The rows, n of them, only columns that the model reads.
        background: The rows that stand in.
        rng: Source of randomness.
        budget: About how many rows the model may be asked about at most; None for what the explainer
            takes by default.
        progress: Called with what is done and what there is in all.
    """

    reading: Reading
    space: Space
    players: Players
    rows: Rows
    background: Background
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    budget: int | None = None
    progress: Progress | None = None

    @property
    def model(self) -> Model:
        """The model."""
        return self.reading.model

    def hybrids(self) -> Hybrids:
        """Rows and background, ready to be mixed."""
        return hybrids_of(self.space, self.rows, background=self.background.rows, players=self.players)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Answer:
    """What an explainer found.

    Args:
        values: Attributions, shape (n, M, K).
        base: What they start from, shape (n, K).
        standard_errors: Of estimates, shape (n, M, K); None where values are exact.
        notes: What to mind.
    """

    values: Floats
    base: Floats
    standard_errors: Floats | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Explainer:
    """One way to explain.

    Args:
        name: What `method=` calls it.
        what: What it does, in one clause.
        kind: What stands in for a player that doesn't play: rows of the background (interventional),
            the trees' own training rows (path_dependent), a path of gradients, or nothing (removal).
        exact: Whether its values are what they claim to be without sampling error.
        complete: Whether base and values add up to the model's own number.
        space: From what is read off a model to the only space it works in; None for any.
        refuses: Why it can't answer a question; empty text if it can.
        answer: The answer.
        most_background: Rows of a background that nobody gave.
        source: Where it comes from.
    """

    name: str
    what: str
    kind: Kind
    exact: bool
    complete: bool = True
    space: Callable[[Reading], SpaceName | None] = lambda reading: None
    refuses: Callable[[Question], str]
    answer: Callable[[Question], Answer]
    most_background: int
    source: str = ""
