"""What `score_rows` returns: a table of scores, in memory or in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rai.engines.encoding import Floats
from rai.engines.sources import reading
from rai.ground.formatting import counted, text_table
from rai.ground.records import Records, Row, html_table

if TYPE_CHECKING:
    import pandas
    import polars

SHOWN = 10  # rows in print


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scores(Records):
    """Scores and predictions of rows.

    Args:
        columns: Names of the columns: row id, kept columns, scores, prediction.
        scored: Those of the scores: `score`, a `score_<class>` for each class, or `prediction`.
        rows: How many rows there are.
        path: The file that holds them; None if memory does.
        held: The table in memory; None if the file holds it.
        schema: Column to Polars type, of the file.

    Example:
        >>> import rai
        >>> from rai.models import score_rows
        >>> found = score_rows(rai.load_model(lambda frame: frame["x"]), {"x": [0.2, 0.7]})
        >>> found.rows, found.columns, found.y_score
        (2, ('row', 'score', 'prediction'), array([0.2, 0.7]))
    """

    columns: tuple[str, ...]
    scored: tuple[str, ...]
    rows: int
    path: Path | None = None
    held: polars.DataFrame | None = field(default=None, repr=False)
    schema: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def y_score(self) -> Floats:
        """The scores as an array, shape (n,), or (n, k) for k classes."""
        array: Floats = self.to_polars().select(self.scored).to_numpy()
        return array[:, 0] if len(self.scored) == 1 else array

    def to_polars(self) -> polars.DataFrame:
        """The table; it is read if a file holds it.

        Raises:
            DataError: If the file is gone.
        """
        return self._first(None)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas frame."""
        return self.to_polars().to_pandas()

    def to_dicts(self) -> list[Row]:
        """One flat row for each row; dates as ISO text."""
        return _plain(self.to_polars())

    def __str__(self) -> str:
        return "\n".join([text_table(_plain(self._first(SHOWN))), *self._rest()])

    def _repr_html_(self) -> str:
        rest = "".join(f"<p>{line}</p>" for line in self._rest())
        return html_table(_plain(self._first(SHOWN))) + rest

    def _rest(self) -> list[str]:
        return [f"and {counted(self.rows - SHOWN, 'more row')}"] if self.rows > SHOWN else []

    def _first(self, rows: int | None) -> polars.DataFrame:
        import polars as pl

        if self.held is not None:
            return self.held.head(self.rows if rows is None else rows)
        with reading(str(self.path), "the file that scores were written to"):
            if str(self.path).lower().endswith(".csv"):
                return pl.read_csv(str(self.path), schema=self.schema, n_rows=rows)
            return pl.read_parquet(str(self.path), n_rows=rows)


def _plain(table: polars.DataFrame) -> list[Row]:
    """Rows of text, numbers, true/false and None."""
    import polars.selectors as cs

    plain = table.with_columns(
        cs.temporal().dt.to_string("iso:strict"), cs.decimal().cast(float), cs.float().fill_nan(None)
    )
    return plain.to_dicts()
