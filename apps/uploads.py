"""What a person uploads, read as what it says it is, or refused in a sentence; nothing of it is run.

    read_rows("loans.csv", bytes) ─▶ pandas frame        read_model("risk.onnx", bytes, …) ─▶ rai.Model

Bytes lie in a temporary file while they are read. What was read belongs to one session.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import rai
from rai.ground.errors import listing, sentence

from .model_sources import of_file
from .project import ColumnRoles

if TYPE_CHECKING:
    import pandas

ROWS, MODELS = ("csv", "tsv", "parquet"), ("onnx", "skops")
PICKLES = ("pkl", "pickle", "joblib", "dill", "sav")
MOST_CELLS, MOST_COLUMNS = 100_000_000, 2_000

CONVERT = (
    "Write it again where it was trained, with `skops.io.dump(model, 'model.skops')`, or as ONNX with "
    "skl2onnx; neither runs anything."
)


def read_rows(
    name: str, data: bytes, *, told: Callable[[int, int | None], None] | None = None
) -> pandas.DataFrame:
    """The rows of an uploaded file.

    Args:
        name: Its name, whose ending says what it is.
        data: What is in it.
        told: Called with the rows seen so far, and the rows there are.

    Raises:
        RaiError: If it is of another kind, too large, damaged or not what it says.
    """
    _check_ending(name, ROWS)
    with _lying(name, data) as path:
        return rai.explore.read_rows(
            path, most_cells=MOST_CELLS, most_columns=MOST_COLUMNS, progress=told
        )


def read_model(
    name: str,
    data: bytes,
    *,
    frame: pandas.DataFrame,
    roles: ColumnRoles,
    features: tuple[str, ...] = (),
    trusted_types: tuple[str, ...] = (),
) -> rai.Model:
    """The model in an uploaded file.

    Args:
        name: Its name, whose ending says what it is.
        data: What is in it.
        frame: The rows that it will be asked about.
        roles: Which column is what.
        features: The columns that it reads, in its order, where it doesn't say.
        trusted_types: Types in a skops file that whoever started the app trusts; never what an uploader
            or the file itself says.

    Raises:
        RaiError: If it is of another kind, damaged, or of types that may run code.
    """
    check_model_name(name)
    options: dict[str, Any] = {"trusted_types": list(trusted_types)} if trusted_types else {}
    try:
        with _lying(name, data) as path:
            return _with_features(path, frame, roles, options, features)
    except rai.DataError as error:
        if "trusted_types=" not in str(error):
            raise
        said = str(error).replace(
            "If you know them and trust the file, name them in trusted_types=.",
            "Only who starts the app can trust a type: rai app --trusted-type NAME.",
        )
        raise rai.DataError(said) from None


def check_model_name(name: str) -> None:
    """An uploaded model is a file of a kind that runs nothing.

    Raises:
        DataError: If it is a pickle, or of a kind that is not known.
    """
    if _ending(name) in PICKLES:
        seen = "a pickle, which can run any code when it is opened"
        raise rai.DataError(sentence(name, seen, expected="an ONNX or a skops file", hint=CONVERT))
    _check_ending(name, MODELS)


def _with_features(
    path: str,
    frame: pandas.DataFrame,
    roles: ColumnRoles,
    options: dict[str, Any],
    features: tuple[str, ...],
) -> rai.Model:
    """The model; if it doesn't name its columns, it gets these."""
    found = of_file(path, frame, roles=roles, options=json.dumps(options))
    if found.features is not None or not features:
        return found
    return of_file(path, frame, roles=roles, options=json.dumps({**options, "features": features}))


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""


def _check_ending(name: str, known: tuple[str, ...]) -> None:
    if _ending(name) not in known:
        seen = f"a file that ends in {_ending(name)!r}" if _ending(name) else "a file without an ending"
        raise rai.DataError(sentence(name, seen, expected=f"one of {listing(known)}"))


@contextmanager
def _lying(name: str, data: bytes) -> Iterator[str]:
    """The path of a file with these bytes, while it is read; messages don't say where it lay."""
    with tempfile.TemporaryDirectory(prefix="rai-") as folder:
        path = Path(folder) / f"upload.{_ending(name)}"
        path.write_bytes(data)
        try:
            yield str(path)
        except rai.RaiError as error:
            said = str(error).replace(str(path), name).replace(str(PurePosixPath(path)), name)
            raise type(error)(said) from None
