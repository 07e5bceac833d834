"""A whole file as a pandas frame, with the types that audits and models see.

loans.csv · loans.csv.gz · loans.tsv · loans.parquet ── read_rows ──▶ pandas frame
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rai.engines.sources import open_source
from rai.engines.typed_files import PIECE, Progress, typed_file
from rai.ground.errors import DataError, RoleError, listing, sentence

if TYPE_CHECKING:
    import pandas


def read_rows(path: str | Path, *, progress: Progress | None = None) -> pandas.DataFrame:
    """All rows of a file, each column in one type.

    Args:
        path: A CSV (also packed, or with tabs) or a Parquet file.
        progress: Called with the rows seen so far, and the rows there are (None while not known).

    Returns:
        A pandas frame whose index counts from 0: words as strings, whole numbers as integers, whole
        numbers with gaps as floats, dates as dates.

    Raises:
        DataError: If the file is not there, can't be read, is damaged, or has no rows.
        RoleError: If two columns have one name.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "rows.csv"
        ...     _ = file.write_text("age,sex\\n30,F\\nNA,M\\n")
        ...     print(read_rows(file).to_dict("list"))
        {'age': [30.0, nan], 'sex': ['F', 'M']}
    """
    import pandas as pd
    import polars as pl

    source = open_source(Path(path))
    names = [str(name) for name in source.names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        expected, hint = "each column once", "Rename the others."
        raise RoleError(
            sentence(source.where, f"{listing(twice)} more than once", expected=expected, hint=hint)
        )
    typed = typed_file(source, names, size=PIECE, progress=progress)
    frames = list(typed.frames(PIECE))
    if not sum(map(len, frames)):
        raise DataError(sentence(source.where, "no rows", expected="at least one row below the header"))
    whole = pl.concat(frames, how="vertical_relaxed")
    columns = {name: typed.pandas(whole, [name]).column(name) for name in names}
    if progress is not None:
        progress(len(whole), len(whole))
    return pd.DataFrame(columns)
