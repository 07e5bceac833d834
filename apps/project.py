"""What the app shows: rows, which column is what, models, and what was worked out about them.

Frozen, and shared by the sessions that opened the same thing: edits, cohorts and selections belong to a
session and are kept elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .memory import Memory

if TYPE_CHECKING:
    import pandas

    import rai

Answer = TypeVar("Answer")
Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True, slots=True)
class ColumnRoles:
    """Which column is what; None and empty where there is none.

    Args:
        y_true: The true label or value.
        y_pred: A prediction, where the rows hold one.
        y_score: A score, where the rows hold one.
        positive_label: The label that a score is for.
        sensitive_features: Columns that tell groups of people apart.
        sample_weight: The weight of a row.
        cuts: Edges for sensitive features that are numbers.
    """

    y_true: str | None = None
    y_pred: str | None = None
    y_score: str | None = None
    positive_label: Any = None
    sensitive_features: tuple[str, ...] = ()
    sample_weight: str | None = None
    cuts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def taken(self) -> frozenset[str]:
        """Columns that are no features: labels, predictions and weights."""
        named = (self.y_true, self.y_pred, self.y_score, self.sample_weight)
        return frozenset(name for name in named if name is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Rows with their roles and models.

    Args:
        name: What it is called on screen.
        frame: The rows, a pandas frame with positions as its index; never changed.
        roles: Which column is what.
        models: Name to model; a column of scores or predictions is one that can't answer edits.
        others: Other data sets with the same columns, such as the training rows.
        source: What a link names it by; empty for rows that a link can't name.
        token: Tells this project from every other, in the browser too.
        memory: What was worked out.
    """

    name: str
    frame: pandas.DataFrame
    roles: ColumnRoles
    models: Mapping[str, rai.Model] = field(default_factory=dict)
    others: Mapping[str, pandas.DataFrame] = field(default_factory=dict)
    source: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    memory: Memory = field(default_factory=Memory)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in their order."""
        return tuple(map(str, self.frame.columns))

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that are neither labels nor predictions nor weights."""
        return tuple(name for name in self.columns if name not in self.roles.taken)

    @property
    def answering(self) -> dict[str, rai.Model]:
        """The models that can be asked about edited rows."""
        return {name: model for name, model in self.models.items() if model.answers_edits}

    @property
    def task(self) -> Task | None:
        """What the models decide; None without models."""
        return next((model.task for model in self.models.values()), None)

    def answer(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What `make` gives, remembered under all that it depends on."""
        return self.memory.answer(key, make)
