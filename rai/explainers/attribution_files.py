"""Attributions in a file: Parquet, a line for each row, that any other tool can read too.

    rows' own columns │ attribution:age │ … │ attribution_base │ attribution_score │ attribution_error
    what they are (space, method, background …) is JSON in the file's metadata, under `rai`

Of several outputs each has its columns: `attribution:age:cat`, `attribution_base:cat` …
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.encoding import Floats
from rai.ground.errors import DataError, listing, sentence
from rai.ground.files import whole_file, writing
from rai.values import Level

if TYPE_CHECKING:
    from rai.explainers.attributions import Attributions

KEY = b"rai"
FORMAT, VERSION = "rai-attributions", 1
SUFFIX = ".parquet"
BASE, SCORE, ERROR = "attribution_base", "attribution_score", "attribution_error"
AGAIN = "Explain the rows again."
MOST_META = 1 << 24  # bytes of JSON that are read

_TEXTS = (
    *("space", "method", "kind", "background", "background_digest", "model_digest", "why"),
    *("exact", "background_n"),
)


def save_attributions(attributions: Attributions, path: str | Path) -> Path:
    """Write attributions to a Parquet file, whole or not at all.

    Args:
        attributions: What to write, with its rows.
        path: A file ending in `.parquet`.

    Raises:
        DataError: It can't be written, or the rows have a column that is called like one of ours.

    Example:
        >>> import rai, tempfile
        >>> found = rai.explain(lambda f: f["a"] * f["b"], {"a": [1.0, 0.0], "b": [0.5, 0.5]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = save_attributions(found, f"{folder}/found.parquet")
        ...     load_attributions(path).values[:, :, 0].tolist()
        [[0.25, 0.0], [-0.25, 0.0]]
    """
    import pyarrow as pa
    from pyarrow import parquet

    target = Path(path)
    if target.suffix != SUFFIX:
        raise DataError(sentence(f"writing {path}", repr(target.suffix), expected=f"a {SUFFIX} file"))
    table = _arrow(attributions.rows)
    for name, values in _columns(attributions):
        if name in table.column_names:
            hint = "Rename it, and explain the rows again."
            seen = f"rows with a column {name!r}"
            raise DataError(sentence(f"writing {path}", seen, expected="another name", hint=hint))
        table = table.append_column(name, pa.array(values))
    meta = json.dumps(_meta(attributions), ensure_ascii=False, allow_nan=False).encode()
    held = table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: meta})
    with whole_file(target) as part, writing(target):
        parquet.write_table(held, part)
    return target


def load_attributions(path: str | Path) -> Attributions:
    """Attributions from a file that `save_attributions` wrote.

    Raises:
        DataError: The file can't be read, or is no such file.

    Example:
        >>> try:
        ...     load_attributions("nowhere.parquet")
        ... except DataError as error:
        ...     print(str(error).partition(";")[0])
        reading nowhere.parquet: no such file or directory
    """
    from pyarrow import ArrowException, parquet

    try:
        table = parquet.read_table(path)
    except FileNotFoundError:
        raise _unreadable(path, "no such file or directory") from None
    except (OSError, ArrowException, ValueError) as error:
        raise _unreadable(path, str(error).split("\n", 1)[0][:120] or "no Parquet") from None
    meta = _read_meta(path, (table.schema.metadata or {}).get(KEY))
    try:
        return _attributions(table, meta)
    except (LookupError, TypeError, ValueError, ArrowException) as error:
        raise _unreadable(path, f"parts that don't fit together ({error})") from None


def _columns(held: Attributions) -> Iterator[tuple[str, Floats]]:
    """Our own columns, by name."""
    for k, label in enumerate(_labels(held.outputs)):
        for place, name in enumerate(held.names):
            yield f"attribution:{name}{label}", held.values[:, place, k]
            if held.standard_errors is not None:
                yield f"standard_error:{name}{label}", held.standard_errors[:, place, k]
        yield f"{BASE}{label}", held.base[:, k]
        yield f"{SCORE}{label}", held.scores[:, k]
        yield f"{ERROR}{label}", held.completeness_error[:, k]


def _labels(outputs: tuple[Level | None, ...]) -> list[str]:
    return [""] if len(outputs) == 1 else [f":{label}" for label in outputs]


def _meta(held: Attributions) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "library": held.held.frame.implementation.value,
        "names": list(held.names),
        "columns": [list(columns) for columns in held.columns],
        "outputs": list(held.outputs),
        "notes": list(held.notes),
        "estimated": held.standard_errors is not None,
        **{name: getattr(held, name) for name in _TEXTS},
    }


def _read_meta(path: str | Path, held: bytes | None) -> Mapping[str, Any]:
    if held is None or len(held) > MOST_META:
        raise _unreadable(path, "no saved attributions")
    try:
        meta = json.loads(held)
    except (ValueError, RecursionError):
        raise _unreadable(path, "no saved attributions") from None
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise _unreadable(path, "no saved attributions")
    if meta.get("version") != VERSION:
        raise _unreadable(path, f"version {meta.get('version')!r}")
    return meta


def _attributions(table: Any, meta: Mapping[str, Any]) -> Attributions:
    from rai.explainers.attributions import Attributions

    names, outputs = tuple(map(str, meta["names"])), tuple(meta["outputs"])
    labels = _labels(outputs)

    def cube(what: str) -> Floats:
        cells = [[_floats(table, f"{what}:{name}{label}") for label in labels] for name in names]
        return np.moveaxis(np.array(cells), 2, 0)

    def matrix(what: str) -> Floats:
        return np.column_stack([_floats(table, f"{what}{label}") for label in labels])

    values = cube("attribution")
    own = [name for name in table.column_names if not _is_ours(name, names, labels)]
    columns = tuple(tuple(map(str, of_player)) for of_player in meta["columns"])
    missing = [name for of_player in columns for name in of_player if name not in own]
    if missing or len(columns) != len(names):
        raise ValueError(f"no column {listing(missing)}")
    return Attributions(
        values=values,
        base=matrix(BASE),
        standard_errors=cube("standard_error") if meta["estimated"] else None,
        names=names,
        columns=columns,
        rows=_frame(table.select(own), str(meta["library"])),
        scores=matrix(SCORE),
        outputs=outputs,
        completeness_error=matrix(ERROR),
        notes=tuple(map(str, meta["notes"])),
        **{name: meta[name] for name in _TEXTS},
    )


def _is_ours(name: str, names: tuple[str, ...], labels: list[str]) -> bool:
    whole = {f"{what}{label}" for what in (BASE, SCORE, ERROR) for label in labels}
    parts = {
        f"{what}:{player}{label}"
        for what in ("attribution", "standard_error")
        for player in names
        for label in labels
    }
    return name in whole | parts


def _floats(table: Any, name: str) -> Floats:
    found: Floats = table.column(name).to_numpy().astype(np.float64)
    return found


def _arrow(rows: Any) -> Any:
    import pyarrow as pa

    return (
        rows.to_arrow()
        if hasattr(rows, "to_arrow")
        else pa.Table.from_pandas(rows, preserve_index=False)
    )


def _frame(table: Any, library: str) -> Any:
    """The rows in the library that they came from."""
    if library == "polars":
        import polars as pl

        return pl.from_arrow(table)
    return table.to_pandas()


def _unreadable(path: str | Path, seen: str) -> DataError:
    expected = "attributions saved by this version of rai"
    return DataError(sentence(f"reading {path}", seen, expected=expected, hint=AGAIN))
