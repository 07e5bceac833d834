"""Pickles, which run code when they are opened: only those whose SHA-256 a person has vouched for.

    path, trust="5f3a…"  ──read once──▶ bytes ──the same digest?──▶ opened, from these bytes ──▶ Model

The digest belongs to whoever trained the model. It isn't shown in a refusal, as a digest that is copied
from there vouches for nothing.
"""

from __future__ import annotations

import io
import pickle
from importlib import import_module
from pathlib import Path
from typing import Any

from rai.ground.errors import ExtraError, sentence
from rai.models.loaded_objects import of_loaded
from rai.models.model import Model
from rai.models.model_files import ModelFile, ends_in, read_file
from rai.models.rungs import Options, Rung

KIND = "pickle"


def _of_file(source: Any, options: Options) -> Model:
    file = read_file(source, options, most=None)
    if options.trust is None:
        hint = (
            "Save it as ONNX or skops, which run none. If you know where it comes from, pass "
            "trust= with the digest that its maker gives, or that `sha256sum FILE` shows for your own."
        )
        seen, expected = "a pickle, which can run any code when it is opened", "trust= with its SHA-256"
        raise file.refuse(seen, expected=expected, hint=hint)
    return of_loaded(
        lambda: _opened(file, Path(source).suffix.lower()), file, options, kind=KIND, expected="a model"
    )


def _opened(file: ModelFile, suffix: str) -> Any:
    """What the bytes hold, whose digest was checked."""
    stream = io.BytesIO(file.data)
    if suffix == ".dill":
        try:
            return import_module("dill").load(stream)
        except ImportError:
            hint = "Run: pip install dill."
            expected = "the library that wrote it"
            raise ExtraError(
                sentence(file.where, "dill is not installed", expected=expected, hint=hint)
            ) from None
    try:
        load = import_module("joblib").load
    except ImportError:
        load = pickle.load
    return load(stream)


PICKLE = Rung(KIND, ends_in(".pkl", ".pickle", ".joblib", ".dill"), _of_file)
