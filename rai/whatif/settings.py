"""What every what-if question starts from: a model, rows, and what decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from rai.engines.encoding import Floats, Ints
from rai.engines.features import features_of
from rai.engines.frames import Rows, open_rows
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted
from rai.models import Model
from rai.models.batches import BATCH_ROWS, Progress, scores_of
from rai.models.model import as_model, check_answers_edits
from rai.models.outputs import as_scores
from rai.values.features import Features
from rai.whatif.cutoffs import Cutoffs, Threshold, edges_along
from rai.whatif.row_groups import Cuts

Picked = int | Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Setting:
    """A model, rows, and what decides.

    Args:
        model: The model.
        rows: The rows, with all their columns.
        cutoffs: What decides.
        batch_rows: Rows in one call of the model.
    """

    model: Model
    rows: Rows
    cutoffs: Cutoffs
    batch_rows: int = BATCH_ROWS

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that the model reads; all of them if it doesn't say."""
        return self.rows.names if self.model.features is None else self.model.features

    def features(self) -> Features:
        """Kind, range and categories of these columns."""
        return features_of(self.rows, self.read)

    def scores(self, rows: Rows, *, progress: Progress | None = None) -> Floats:
        """The model's scores of any rows."""
        return scores_of(self.model, rows, batch_rows=self.batch_rows, progress=progress)

    def decide(self, scores: Floats, rows: Rows) -> Ints:
        """The class of each row, as a place in the model's classes."""
        return self.cutoffs.decide(scores, rows)

    def given_scores(self, y_score: Any, *, progress: Progress | None = None) -> Floats:
        """Scores of the setting's own rows: those given, checked, or the model's.

        Args:
            y_score: Scores that are known already, shape (n,) or (n, k); None to ask the model.
            progress: As for `scores`.
        """
        if y_score is None:
            return self.scores(self.rows, progress=progress)
        model = self.model
        return as_scores(
            y_score,
            rows=len(self.rows),
            classes=model.classes,
            task=model.task,
            probabilities=model.probabilities,
        )

    def picked(self, row: Picked, *, where: str = "row") -> Rows:
        """One row: at a position, or from a dict of its values.

        Raises:
            ArgumentError: If there is no such row.
        """
        if isinstance(row, Mapping):
            return self.rows.of_records([row], where=where)
        return self.rows.take([self.place(row, where=where)])

    def place(self, row: Any, *, where: str = "row") -> int:
        """The position of a row, counted from 0; negative ones count from the end.

        Raises:
            ArgumentError: If there is no such row.
        """
        rows, whole = len(self.rows), isinstance(row, Integral) and not isinstance(row, bool)
        if not whole or not -rows <= row < rows:
            expected = f"a position from 0 to {rows - 1:,}"
            raise ArgumentError(sentence(where, repr(row), expected=expected))
        return int(row) % rows


def setting_of(
    model: Any,
    data: Any,
    *,
    threshold: Threshold = None,
    along: Any = None,
    cuts: Cuts | None = None,
    edits: str = "",
) -> Setting:
    """Model, rows and what decides, checked at the door.

    Args:
        model: Anything that `rai.load_model` takes.
        data: The rows.
        threshold: What decides; see `Cutoffs.of`.
        along: The columns that make up a group, where thresholds are given for groups.
        cuts: Column of `along` to edges, or to a number of quantile groups.
        edits: Named after what needs the model to predict edited rows; empty if that isn't needed.

    Raises:
        RoleError: If the rows lack a column that the model or the thresholds read, or it can't be cut.
        DataError: If there are no rows.
    """
    known, rows = as_model(model), open_rows(data)
    if edits:
        check_answers_edits(known, where=edits)
    if not len(rows):
        raise DataError(sentence("rows", counted(0, "row"), expected="at least one"))
    if known.features is not None:
        rows.select(known.features, where=f"model ({known.kind})")
    edges = edges_along(rows, along, cuts)
    cutoffs = Cutoffs.of(known, threshold, along=along, cuts=edges)
    rows.select(cutoffs.along, where="threshold")
    return Setting(model=known, rows=rows, cutoffs=cutoffs)
