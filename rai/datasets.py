"""Data sets by name: the rows as a pandas frame, the roles of the columns, and the card.

    card.md ──▶ Card ──▶ sha256 checked ──▶ parquet ──▶ Dataset(name, frame, roles, card)
                                                          └─▶ rai.audit(d.frame, **d.roles.to_dict(), …)

Rows are read by Polars and handed over column by column, so that PyArrow is not needed. Words become
pandas strings, whole numbers `int64`, and numbers with gaps `float64`, a gap being NaN.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from rai.dataset_cards import Card, Split, dataset_card, dataset_cards, datasets_folder
from rai.engines.frames import as_pandas
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import counted, text_table
from rai.ground.records import html_table
from rai.values import Roles

if TYPE_CHECKING:
    import pandas
    import polars

COMPAS_NEEDS = ("sex", "race", "age", "decile_score", "two_year_recid")
HIGH_RISK_FROM = 5  # ProPublica counts the deciles from here, Medium and High, as high risk
HEADER_BYTES = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A data set, ready to be audited.

    Args:
        name: The name it was loaded by.
        frame: The rows.
        roles: Which column is what.
        card: Where the rows come from, what they mean and what to mind.

    Example:
        >>> from rai import load_dataset
        >>> print(load_dataset("german_credit"))
        Dataset('german_credit', 1,000 rows × 22 columns)
        role                column
        y_true              credit_risk
        sensitive_features  sex, age
        positive_label      good
        cuts                {'age': (26,)}
    """

    name: str
    frame: pandas.DataFrame
    roles: Roles
    card: Card

    def __repr__(self) -> str:
        shape = f"{counted(len(self.frame), 'row')} × {counted(self.frame.shape[1], 'column')}"
        return f"Dataset({self.name!r}, {shape})\n{text_table(self.roles.to_dicts())}"

    def _repr_html_(self) -> str:
        roles = html_table(self.roles.to_dicts())
        return f"{self.card._repr_html_()}{roles}{self.frame.head().to_html()}"


def list_datasets() -> tuple[str, ...]:
    """The names of the data sets that come with rai, each of which `load_dataset` loads as it is.

    Example:
        >>> from rai import list_datasets
        >>> list_datasets()
        ('acs_employment', 'adult', 'german_credit', 'heart_disease')
    """
    return tuple(card.name for card in dataset_cards())


def load_dataset(
    name: str, split: str | None = None, *, path: str | os.PathLike[str] | None = None
) -> Dataset:
    """Load a data set by name: rows, roles and card, without a network.

    The files are checked against the checksums on their card at every load.

    Args:
        name: One of `list_datasets()`, or `compas`.
        split: A part of the rows: `train` or `test` of Adult; `2015` to `2018`, `reference` or
            `analysis` of ACS employment. None gives all rows, with the column that tells the parts
            apart. Where that column is rai's own (Adult), one part comes without it.
        path: Your copy of `compas-scores-two-years.csv`, which can't be bundled; for `compas` only.
            Names, dates of birth and case numbers in it are not read.

    Returns:
        A `Dataset` with `frame` (pandas; words as strings, numbers with gaps as floats with NaN),
        `roles` (`roles.to_dict()` are the arguments of `rai.audit`) and `card`.

    Raises:
        ArgumentError: No such data set or split, or `compas` without a path.
        DataError: A bundled file was changed, or the file at `path` can't be used.

    Example:
        >>> from rai import load_dataset
        >>> adult = load_dataset("adult", "test")
        >>> adult.frame.shape, adult.roles.sensitive_features
        ((16281, 15), ('sex', 'race'))
    """
    card = dataset_card(name)
    part = _part(card, split)
    if not card.bundled:
        return _compas(card, path)
    if path is not None:
        raise ArgumentError(
            sentence("load_dataset", f"path for {name!r}, which is bundled", expected="no path")
        )
    import polars as pl

    table = pl.concat([_verified(card, file.path, file.sha256) for file in card.files])
    if part is not None:
        table = table.filter(pl.col(str(card.split_column)).is_in(part.values))
        table = table.drop(str(card.split_column)) if card.split_added else table
    return Dataset(name, _to_pandas(table), card.roles, card)


def _part(card: Card, split: str | None) -> Split | None:
    """The named split, or None for all rows."""
    if split is None:
        return None
    if not card.splits:
        raise ArgumentError(
            sentence("split", repr(split), expected=f"none, for {card.name!r} comes in one part")
        )
    names = {part.name: part for part in card.splits}
    return names[check_choice(split, names, where=f"split of {card.name!r}")]


def _verified(card: Card, path: str, expected: str) -> polars.DataFrame:
    """The rows of one bundled file, if it is the file that the card describes."""
    import polars as pl

    where = f"dataset {card.name!r}"
    try:
        raw = (datasets_folder() / card.name / path).read_bytes()
    except OSError as error:
        seen = f"{path} can't be read ({error.strerror})"
        raise DataError(
            sentence(where, seen, expected="the bundled file", hint="Install rai again.")
        ) from error
    found = sha256(raw).hexdigest()
    if found != expected:
        raise DataError(
            sentence(
                where,
                f"{path} was changed (its sha256 starts {found[:12]})",
                expected=f"the file on its card ({expected[:12]})",
                hint="Install rai again.",
            )
        )
    return pl.read_parquet(BytesIO(raw))


def _to_pandas(table: polars.DataFrame) -> pandas.DataFrame:
    import pandas as pd

    return pd.DataFrame({column.name: as_pandas(column) for column in table.get_columns()})


def _compas(card: Card, path: str | os.PathLike[str] | None) -> Dataset:
    """ProPublica's two-year file from the user's own copy, without what names a person."""
    import polars as pl

    if path is None:
        raise ArgumentError(
            sentence(
                "load_dataset",
                "'compas' without a path",
                expected="your own copy of compas-scores-two-years.csv",
                hint="ProPublica's terms do not allow passing the file on, so it is not bundled. "
                "ProPublica publishes it in its compas-analysis repository; save it, then "
                "load_dataset('compas', path='compas-scores-two-years.csv').",
            )
        )
    columns = _compas_columns(card, Path(path))
    try:
        raw = Path(path).read_bytes()
        table = pl.read_csv(BytesIO(raw), columns=columns, infer_schema_length=None).select(columns)
        scores = table["decile_score"].cast(pl.Int64)
        table = table.with_columns(
            pl.col("age", "two_year_recid").cast(pl.Int64),
            decile_score=scores,
            high_risk=(scores >= HIGH_RISK_FROM).cast(pl.Int64),
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _not_compas(path, f"can't be read as CSV ({str(error).splitlines()[0]})") from error
    if not table.height:
        raise _not_compas(path, "has no rows")
    card = _compas_card(card, table, sha256(raw).hexdigest())
    return Dataset(card.name, _to_pandas(table), card.roles, card)


def _compas_columns(card: Card, path: Path) -> list[str]:
    """The columns that the card describes and the file has; only its first line is read."""
    try:
        with path.open("rb") as lines:
            header = lines.readline(HEADER_BYTES)
        found: set[str] = set(*csv.reader([header.decode("utf-8-sig", errors="replace").rstrip("\r\n")]))
    except OSError as error:
        raise _not_compas(path, f"can't be read ({error.strerror})") from error
    except csv.Error as error:
        raise _not_compas(path, f"can't be read as CSV ({error})") from error
    if len(header) == HEADER_BYTES:
        raise _not_compas(path, f"has a first line of over {HEADER_BYTES:,} bytes")
    missing = [name for name in COMPAS_NEEDS if name not in found]
    if missing:
        raise _not_compas(path, f"has no column {listing(missing)}")
    return [column.name for column in card.columns if column.name in found]


def _compas_card(card: Card, table: polars.DataFrame, found: str) -> Card:
    """The card of the copy that was read, saying so if it is not the file known to rai."""
    columns = tuple(column for column in card.columns if column.name in table.columns)
    card = replace(card, rows=table.height, columns=columns)
    if found == card.files[0].sha256:
        return card
    note = (
        f"The file that was read is not the one this card describes (its sha256 starts "
        f"{found[:12]}, not {card.files[0].sha256[:12]}), so published figures may not come out."
    )
    body = f"{card.body.rstrip()}\n\n## This copy\n\n{note}\n"
    return replace(card, caveats=(note, *card.caveats), body=body)


def _not_compas(path: str | os.PathLike[str], seen: str) -> DataError:
    return DataError(
        sentence(
            "load_dataset",
            f"{Path(path).name!r} {seen}",
            expected="ProPublica's compas-scores-two-years.csv",
        )
    )
