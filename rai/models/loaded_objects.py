"""Objects that come out of a file: whatever they are, their own rung makes a model of them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rai.models.model import Model
from rai.models.model_files import ModelFile
from rai.models.rungs import Options

_OTHER_VERSION = "InconsistentVersionWarning"


def of_loaded(
    load: Callable[[], Any], file: ModelFile, options: Options, *, kind: str, expected: str
) -> Model:
    """The model that a file holds.

    Args:
        load: Opens it.
        file: The file; its digest becomes the model's.
        options: What was said of the model.
        kind: How such files are called.
        expected: What should be in them, for messages.

    Raises:
        DataError: It can't be opened, or holds a path or an address in place of a model.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with file.opening(expected):
            found = load()
    if isinstance(found, (str, os.PathLike)):
        raise file.refuse("text", expected=expected)
    notes = _versions([each.message for each in caught])
    for each in caught:
        if type(each.message).__name__ != _OTHER_VERSION:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
    from rai.models.loading import climbed

    model = climbed(found, replace(options, trust=None))
    return model.replace(kind=f"{kind} ({model.kind})", digest=file.digest, notes=(*model.notes, *notes))


def _versions(messages: list[Any]) -> tuple[str, ...]:
    """One note where parts were saved by another version of scikit-learn."""
    odd = [each for each in messages if type(each).__name__ == _OTHER_VERSION]
    if not odd:
        return ()
    saved, here = odd[0].original_sklearn_version, odd[0].current_sklearn_version
    return (f"Saved by scikit-learn {saved} and opened by {here}; it may predict otherwise.",)
