"""MLflow models: by URI, or by the folder that holds an MLmodel file.

    models:/… runs:/…  ──fetch──▶ folder ──MLmodel──▶ a file that runs no code ──▶ its own rung
                                            └───────▶ pyfunc, which can run any ──▶ only with trust=

A folder whose model is an ONNX, skops, XGBoost, LightGBM or CatBoost file needs no MLflow to be read.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rai.engines.sources import reading
from rai.ground.errors import ArgumentError, DataError, listing, missing_extra, sentence
from rai.models.folder_digests import check_trusted, copied_folder, folder_digest
from rai.models.model import Model
from rai.models.rungs import Options, Rung

MLMODEL = "MLmodel"
MOST_MLMODEL = 1 << 20  # bytes
REMOTE = ("models:", "runs:")

# flavour, what its file ends in ──▶ what the rung that reads it wants it to end in
SAFE = {
    ("onnx", ".onnx"): ".onnx",
    ("sklearn", ".skops"): ".skops",
    ("lightgbm", ".skops"): ".skops",
    ("lightgbm", ".lgb"): ".txt",
    ("lightgbm", ".txt"): ".txt",
    ("xgboost", ".json"): ".json",
    ("xgboost", ".ubj"): ".ubj",
    ("xgboost", ".xgb"): ".ubj",
    ("catboost", ".cb"): ".cbm",
    ("catboost", ".cbm"): ".cbm",
}
UNWRAPPED = {f"mlflow.{name}" for name in ("sklearn", "xgboost", "lightgbm", "catboost")}


@dataclass(frozen=True, slots=True)
class Described:
    """What an MLmodel file says.

    Args:
        where: How messages call it.
        folder: The folder.
        flavours: Name to what it says of itself, in the file's order.
        features: The columns of the model's signature; None if it has none, or no names for them.
    """

    where: str
    folder: Path
    flavours: Mapping[str, Mapping[str, Any]]
    features: tuple[str, ...] | None


def described(folder: Path, *, where: str) -> Described:
    """What a folder's MLmodel file says.

    Args:
        folder: The folder.
        where: How messages call it.

    Raises:
        DataError: No readable MLmodel file.
        ExtraError: PyYAML is missing.
    """
    said = _yaml(folder / MLMODEL, where)
    flavours = said.get("flavors") if isinstance(said, dict) else None
    if not isinstance(flavours, dict) or not all(isinstance(f, dict) for f in flavours.values()):
        seen = "an MLmodel file without flavours"
        raise DataError(sentence(where, seen, expected="one as MLflow writes it"))
    return Described(where, folder, flavours, _signature(said.get("signature")))


def _takes_mlflow(source: Any) -> bool:
    if not isinstance(source, (str, Path)):
        return False
    if isinstance(source, str) and source.startswith(REMOTE):
        return True
    path = Path(source)
    return (path / MLMODEL).is_file() or (path.name == MLMODEL and path.is_file())


def _of_mlflow(source: str | Path, options: Options) -> Model:
    """An MLflow model by URI, folder or MLmodel file."""
    if isinstance(source, str) and source.startswith(REMOTE):
        with _fetched(source) as folder:
            return _of_folder(folder, options, where=f"MLflow model {source!r}")
    path = Path(source)
    folder = path.parent if path.name == MLMODEL and path.is_file() else path
    return _of_folder(folder, options, where=f"MLflow model {folder}")


def _of_folder(folder: Path, options: Options, *, where: str) -> Model:
    said = described(folder, where=where)
    if options.trust is not None:
        check_trusted(folder_digest(folder), options.trust, where=where)
    for flavour, facts in said.flavours.items():
        name = facts.get("pickled_model") or facts.get("data")
        suffix = SAFE.get((flavour, Path(str(name)).suffix))
        if suffix is not None:
            return _of_file(_inside(said, str(name)), suffix, said, options)
    return _of_pyfunc(said, options)


def _of_file(path: Path, suffix: str, said: Described, options: Options) -> Model:
    """The model in a file that runs no code, by the rung for files of its kind."""
    if path.suffix == ".xgb":
        suffix = _xgboost_suffix(path)
    if path.suffix == suffix:
        return _by_ladder(path, said, options)
    with tempfile.TemporaryDirectory(prefix="rai-") as folder:
        return _by_ladder(shutil.copyfile(path, Path(folder) / f"model{suffix}"), said, options)


def _by_ladder(source: Any, said: Described, options: Options) -> Model:
    """The model that another rung makes; the signature's columns are taken where they fit it."""
    from rai.models.loading import climbed

    plain = replace(options, trust=None)
    if options.features is None and said.features is not None:
        try:
            return climbed(source, replace(plain, features=said.features))
        except ArgumentError:
            return climbed(source, plain)
    return climbed(source, plain)


def _of_pyfunc(said: Described, options: Options) -> Model:
    """The model that MLflow opens, code and all: a copy that nobody changes after it was checked."""
    facts = said.flavours.get("python_function")
    if facts is None:
        seen = f"flavours {listing(said.flavours)}"
        hint = "Log it with a signature as a pyfunc, or pass the model itself."
        raise DataError(sentence(said.where, seen, expected="one that can predict", hint=hint))
    if options.trust is None:
        seen = "a pyfunc model, which can run any code when it is opened"
        hint = (
            "If you know where it comes from, pass trust= with the digest that its maker gives, or that "
            "rai.models.folder_digest(FOLDER) shows for your own."
        )
        raise DataError(sentence(said.where, seen, expected="trust= with its SHA-256", hint=hint))
    pyfunc = _mlflow("mlflow.pyfunc")
    copy = Path(tempfile.mkdtemp(prefix="rai-"))
    try:
        digest = copied_folder(said.folder, copy)
        check_trusted(digest, options.trust, where=said.where)
        with reading(said.where, "a model that MLflow can open"):
            loaded = pyfunc.load_model(str(copy))
    except BaseException:
        shutil.rmtree(copy, ignore_errors=True)
        raise
    weakref.finalize(loaded, shutil.rmtree, copy, ignore_errors=True)
    if facts.get("loader_module") in UNWRAPPED:
        return _by_ladder(loaded.get_raw_model(), said, options).replace(digest=digest)
    return _by_ladder(loaded.predict, said, options).replace(
        kind="MLflow pyfunc", digest=digest, frames=options.frames or "pandas"
    )


@contextmanager
def _fetched(uri: str) -> Iterator[Path]:
    """The folder that a URI stands for, as long as it is needed."""
    artifacts = _mlflow("mlflow.artifacts")
    where = f"MLflow model {uri!r}"
    with tempfile.TemporaryDirectory(prefix="rai-") as folder:
        try:
            found = artifacts.download_artifacts(artifact_uri=uri, dst_path=folder)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".split("\n", 1)[0][:200]
            hint = "Does MLFLOW_TRACKING_URI name the server that knows it?"
            raise DataError(
                sentence(
                    where,
                    f"it can't be fetched ({reason})",
                    expected="a model or a run's artifact",
                    hint=hint,
                )
            ) from error
        path = Path(found)
        if not (path / MLMODEL).is_file():
            raise DataError(sentence(where, "no MLmodel file", expected="a folder that holds one"))
        yield path


def _mlflow(module: str) -> Any:
    """A part of MLflow, which is asked to send nobody word of its use."""
    from importlib import import_module

    if "mlflow" not in sys.modules:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        return import_module(module)
    except ImportError:
        raise missing_extra("MLflow models", package="mlflow", extra="mlflow") from None


def _yaml(path: Path, where: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise missing_extra("MLflow models", package="PyYAML", extra="mlflow") from None
    with reading(where, "a readable MLmodel file"):
        if path.stat().st_size > MOST_MLMODEL:
            seen = f"an MLmodel file of more than {MOST_MLMODEL >> 20} MB"
            raise DataError(sentence(where, seen, expected="a smaller one"))
        return yaml.safe_load(path.read_text("utf-8"))


def _signature(said: Any) -> tuple[str, ...] | None:
    """The columns that a signature names."""
    try:
        columns = json.loads(said["inputs"])
        names = tuple(column["name"] for column in columns)
    except (TypeError, KeyError, ValueError, RecursionError):
        return None
    different = len(set(map(str, names))) == len(names) > 0
    return names if different and all(isinstance(name, str) for name in names) else None


def _inside(said: Described, name: str) -> Path:
    """A file of the folder, which neither its name nor a link may lead out of."""
    root = said.folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        seen = f"a model's file outside of it ({name!r})"
        raise DataError(sentence(said.where, seen, expected="one in the folder"))
    if not path.is_file():
        raise DataError(
            sentence(said.where, f"no file {name!r}", expected="the file that MLmodel names")
        )
    return path


def _xgboost_suffix(path: Path) -> str:
    """JSON or UBJSON, of which only the former has a quotation mark within its first bytes."""
    with path.open("rb") as file:
        head = file.read(64).split()
    return ".json" if b"".join(head).startswith((b'{"', b"{}")) else ".ubj"


MLFLOW = Rung("MLflow", _takes_mlflow, _of_mlflow)
