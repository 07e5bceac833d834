"""What each column contributes to a number of each row.

base + Σ values of a row  =  the model's own number of that row  (± completeness_error)
└── mean over the background (interventional), in the space that is named
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.explainers.questions import Kind
from rai.explainers.spaces import SpaceName
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.ground.formatting import Cell, counted, number
from rai.ground.records import Records, RecordTuple, Row
from rai.values import Level

if TYPE_CHECKING:
    import pandas
    import polars

    from rai.explainers.summaries import FeatureSummaries


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Attributions(Records):
    """Attributions of n rows to M players, for K outputs.

    Args:
        values: What each player contributes, shape (n, M, K), whatever K is.
        base: What they start from, shape (n, K).
        standard_errors: Of estimates, shape (n, M, K); None where values are exact.
        names: The players.
        columns: The columns of each player.
        rows: The rows that were explained, with all their columns, as a frame.
        scores: The model's own numbers of them, shape (n, K).
        outputs: What each output is of: a class, or None where one number needs no name.
        space: `margin`, `probability`, `decision`, `prediction` or `loss`.
        method: The explainer.
        kind: What stands in for a player that doesn't play: `interventional` (rows of the background),
            `path_dependent` (the trees' training rows), `gradient` (a path of gradients), `removal`.
        exact: Whether values are without sampling error.
        background: Which rows stand in, in words.
        background_n: How many they are.
        background_digest: SHA-256 of them.
        model_digest: SHA-256 of the model; empty if unknown.
        completeness_error: base + Σ values − scores, by the model's own word, shape (n, K).
        why: Why this method and this space.
        notes: What to mind.

    Example:
        >>> import rai
        >>> found = rai.explain(lambda f: f["a"] * f["b"], {"a": [1.0, 0.0], "b": [0.5, 0.5]})
        >>> found.names, found.values[:, :, 0].tolist(), found.base[0].tolist()
        (('a', 'b'), [[0.25, 0.0], [-0.25, 0.0]], [0.25])
    """

    values: Floats
    base: Floats
    standard_errors: Floats | None = None
    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: Any = field(repr=False)
    scores: Floats
    outputs: tuple[Level | None, ...]
    space: SpaceName
    method: str
    kind: Kind
    exact: bool
    background: str
    background_n: int
    background_digest: str
    model_digest: str = ""
    completeness_error: Floats
    why: str = ""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        sizes = f"{counted(len(self), 'row')}, {counted(len(self.names), 'player')}"
        outputs = f", {len(self.outputs)} outputs" if len(self.outputs) > 1 else ""
        kind = "exact" if self.exact else "estimated"
        return (
            f"Attributions({sizes}{outputs}; {self.space}, {self.method}, {kind}; "
            f"background: {self.background})"
        )

    def __str__(self) -> str:
        worst = float(np.abs(self.completeness_error).max(initial=0.0))
        lines = [repr(self), f"off the model's own number by at most {number(worst)}", self.why]
        return "\n".join(line for line in (*lines, *self.notes) if line)

    @property
    def held(self) -> Rows:
        """The rows, to be worked with."""
        return open_rows(self.rows)

    def place(self, name: str) -> int:
        """The place of a player.

        Raises:
            ArgumentError: If there is none of this name.
        """
        if name not in self.names:
            expected = f"one of {listing(self.names)}"
            hint = did_you_mean(name, self.names)
            raise ArgumentError(sentence("feature", repr(name), expected=expected, hint=hint))
        return self.names.index(name)

    def output_place(self, output: Level | None = None) -> int:
        """The place of an output; of several the last one if none is named.

        Raises:
            ArgumentError: If there is none of this name.
        """
        if output is None:
            return len(self.outputs) - 1
        if output not in self.outputs:
            expected = f"one of {listing(self.outputs)}"
            raise ArgumentError(sentence("output", repr(output), expected=expected))
        return self.outputs.index(output)

    def part(self, places: Sequence[int] | Ints) -> Attributions:
        """Only the rows at these places."""
        at = np.asarray(places, dtype=np.intp)
        errors = None if self.standard_errors is None else self.standard_errors[at]
        return replace(
            self,
            values=self.values[at],
            base=self.base[at],
            standard_errors=errors,
            rows=self.held.take(at).native,
            scores=self.scores[at],
            completeness_error=self.completeness_error[at],
        )

    def row(self, place: int, *, output: Level | None = None) -> RowAttributions:
        """One row's attributions, the largest first.

        Args:
            place: The row, counted from 0; negative ones count from the end.
            output: Which output; of several the last one if None.

        Raises:
            ArgumentError: If there is no such row or output.

        Example:
            >>> import rai
            >>> found = rai.explain(lambda f: f["a"] * f["b"], {"a": [1.0, 0.0], "b": [0.5, 0.5]})
            >>> [(each.feature, each.value, each.attribution) for each in found.row(0)]
            [('a', '1', 0.25), ('b', '0.5', 0.0)]
        """
        if not -len(self) <= place < len(self):
            expected = f"a position from 0 to {len(self) - 1:,}"
            raise ArgumentError(sentence("row", repr(place), expected=expected))
        at, k = place % len(self), self.output_place(output)
        one = self.part([at])
        texts = [one.texts(player)[0] for player in range(len(self.names))]
        found = [
            RowAttribution(
                feature=name,
                value=texts[player],
                attribution=float(self.values[at, player, k]),
                standard_error=None
                if self.standard_errors is None
                else float(self.standard_errors[at, player, k]),
            )
            for player, name in enumerate(self.names)
        ]
        return RowAttributions(sorted(found, key=lambda each: -abs(each.attribution)))

    def summary(self, **options: Any) -> FeatureSummaries:
        """How much each feature contributes over all rows, and by group: see `summarize`.

        Example:
            >>> import rai
            >>> found = rai.explain(lambda f: f["a"], {"a": [0.0, 1.0], "sex": ["F", "M"]})
            >>> [(row.feature, row.mean_abs) for row in found.summary()]
            [('a', 0.5), ('sex', 0.0)]
        """
        from rai.explainers.summaries import summarize

        return summarize(self, **options)

    def save(self, path: str | Path) -> Path:
        """Write them to a Parquet file, a line for each row: see `save_attributions`."""
        from rai.explainers.attribution_files import save_attributions

        return save_attributions(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Attributions:
        """Attributions that `save` wrote: see `load_attributions`."""
        from rai.explainers.attribution_files import load_attributions

        return load_attributions(path)

    def texts(self, place: int) -> list[str]:
        """A player's value in each row, as text; of a player of several columns one after another."""
        held = self.held
        columns = [held.frame.get_column(name).to_list() for name in self.columns[place]]
        return [", ".join(map(_plain, values)) for values in zip(*columns, strict=True)]

    def to_dicts(self) -> list[Row]:
        """A flat row for each row, player and output."""
        columns = self._table()
        return [
            dict(zip(columns, entries, strict=True)) for entries in zip(*columns.values(), strict=True)
        ]

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each row, player and output, as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self._table())

    def to_polars(self) -> polars.DataFrame:
        """A row for each row, player and output, as a Polars frame."""
        import polars as pl

        return pl.DataFrame(self._table())

    def to_shap(self, *, output: Level | None = None) -> Any:
        """The same as shap's `Explanation`, for its plots.

        Args:
            output: Which output; all of them, in a third axis, if None and there are several.

        Raises:
            ExtraError: If shap is not installed.
        """
        from rai.explainers.engines.shap_session import loaded_shap

        shap = loaded_shap("to_shap")
        single = output is not None or len(self.outputs) == 1
        k: Any = self.output_place(output) if single else slice(None)
        data = np.array([self.texts(place) for place in range(len(self.names))], dtype=object).T
        return shap.Explanation(
            values=self.values[:, :, k].copy(),
            base_values=self.base[:, k].copy(),
            data=data,
            feature_names=list(self.names),
        )

    def _table(self) -> dict[str, list[Cell]]:
        n, players, outputs = self.values.shape
        labels: list[Cell] = list(self.outputs)
        by_player = [self.texts(player) for player in range(players)]
        texts = [text for row in zip(*by_player, strict=True) for text in row]
        errors: list[Cell] = [None] * self.values.size
        if self.standard_errors is not None:
            errors = list(self.standard_errors.ravel().tolist())
        return {
            "row": np.repeat(np.arange(n), players * outputs).tolist(),
            "feature": [name for _ in range(n) for name in self.names for _ in range(outputs)],
            "value": [text for text in texts for _ in range(outputs)],
            "output": labels * (n * players),
            "attribution": self.values.ravel().tolist(),
            "standard_error": errors,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAttribution:
    """What one player contributes in one row.

    Args:
        feature: The player.
        value: Its value in that row, as text.
        attribution: What it contributes.
        standard_error: Of an estimate; None where it is exact.
    """

    feature: str
    value: str
    attribution: float
    standard_error: float | None = None

    def to_dict(self) -> Row:
        """The fields by name."""
        return {
            "feature": self.feature,
            "value": self.value,
            "attribution": self.attribution,
            "standard_error": self.standard_error,
        }


class RowAttributions(RecordTuple[RowAttribution]):
    """One row's attributions, the largest first."""

    __slots__ = ()


def _plain(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return "(missing)"
    return number(value) if isinstance(value, int | float) else str(value)
