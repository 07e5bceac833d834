"""What is to be counted, checked once at the door: which columns, which task, which edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Codes, Floats, group_codes
from rai.engines.numbers import check_finite, numbers_of_role
from rai.engines.sources import Source
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, DataError, RoleError, sentence
from rai.ground.formatting import counted
from rai.values.roles import Roles

Task = Literal["binary", "multiclass", "regression"]

TASKS = ("auto", "binary", "multiclass", "regression")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is to be counted.

    Args:
        source: Where the rows are.
        roles: Which column is what; cuts are edges by now.
        task: One of `TASKS`; "auto" stays open until the labels have been seen.
        edges: Score cuts; None without scores.
        exact: Whether the edges are every distinct score.
        guessed: Whether "regression" was concluded from the values.
    """

    source: Source
    roles: Roles
    task: str
    edges: Floats | None = None
    exact: bool = False
    guessed: bool = False

    def where(self, role: str) -> str:
        """How messages call a role: with its column, where that has another name."""
        column = getattr(self.roles, role)
        return role if column == role else f"{role} {column!r}"

    def numbers(self, piece: Any, role: str, *, expected: str, first_row: int) -> Floats:
        """A role's column as finite floats, NaN where missing."""
        where = self.where(role)
        column, text_only = piece[getattr(self.roles, role)], self.source.text_only
        values = numbers_of_role(column, where=where, expected=expected, text_only=text_only)
        check_finite(values, where=where, first_row=first_row)
        return values

    def codes(self, piece: Any, column: str, *, where: str) -> Codes:
        """A column as codes."""
        return group_codes(piece[column], where=where, text_only=self.source.text_only)

    def hashed(self, columns: Iterable[str]) -> list[str | None]:
        """Coded columns that belong to the fingerprint as they are; a cut one goes in as numbers."""
        return [None if column in self.roles.cuts else column for column in columns]

    def weight(self, piece: Any, *, first_row: int) -> Floats | None:
        """The row weights; each row has one and none is negative."""
        if self.roles.sample_weight is None:
            return None
        expected = "a weight of at least 0 for every row"
        weight = self.numbers(piece, "sample_weight", expected=expected, first_row=first_row)
        for bad, what in ((np.isnan(weight), "missing value"), (weight < 0, "negative value")):
            if bad.any():
                row = first_row + int(bad.argmax())
                seen = f"{counted(int(bad.sum()), what)}, the first in row {row:,}"
                raise DataError(sentence(self.where("sample_weight"), seen, expected=expected))
        return weight


def checked_task(roles: Roles, task: str) -> str:
    """The task as far as roles decide it.

    Raises:
        RoleError: No predictions, or predictions and scores.
        ArgumentError: A task that doesn't go with the roles.
    """
    check_choice(task, TASKS, where="task")
    if (roles.y_pred is None) == (roles.y_score is None):
        seen = "neither y_pred nor y_score" if roles.y_pred is None else "both y_pred and y_score"
        hint = "Scores say more: every threshold can be looked at."
        raise RoleError(sentence("roles", seen, expected="one of them", hint=hint))
    if roles.y_score is not None and task in {"multiclass", "regression"}:
        hint = "Pass predictions as y_pred=."
        raise ArgumentError(
            sentence("task", f"{task!r} with y_score", expected="'binary' or 'auto'", hint=hint)
        )
    if roles.positive_label is not None and task in {"multiclass", "regression"}:
        seen = f"{task!r} with a positive label"
        raise ArgumentError(sentence("task", seen, expected="'binary' or 'auto'"))
    decided = roles.y_score is not None or roles.positive_label is not None
    return "binary" if decided else task


def check_columns(source: Source, roles: Roles) -> None:
    """Every column that has a role is there, once."""
    named: dict[str, Sequence[str | None]] = {
        "y_true": [roles.y_true],
        "y_pred": [roles.y_pred],
        "y_score": [roles.y_score],
        "sensitive_features": roles.sensitive_features,
        "control_features": roles.control_features,
        "cohorts": tuple(roles.cohorts),
        "sample_weight": [roles.sample_weight],
    }
    for role, columns in named.items():
        for column in columns:
            if column is not None:
                source.check_column(column, role=role)
