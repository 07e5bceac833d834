"""What is written in the options of `rai profile`: data sets and their names, limits, populations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rai.cli.rows import DATASET, filled, own_dataset
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted


def read_data(
    data: Sequence[str], names: Sequence[str], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data sets by name, and the roles of columns with what a card adds to them."""
    called = names_of(data, names)
    rows: dict[str, Any] = {}
    roles = {**given, "y_pred": None, "y_score": None, "control_features": ()}
    for name, source in zip(called, data, strict=True):
        rows[name] = source
        if source.startswith(DATASET):
            dataset = own_dataset(source)
            rows[name] = dataset.frame
            roles = filled(roles, dataset.roles)
    sensitive = set(roles["sensitive_features"])
    cuts = {
        axis: cut for axis, cut in roles["cuts"].items() if axis in sensitive or axis in given["cuts"]
    }
    return rows, {**roles, "cuts": cuts}


def names_of(data: Sequence[str], names: Sequence[str]) -> list[str]:
    """A distinct name for each: as given, or the file's, with its folder or a number where it must be.

    Example:
        >>> names_of(["a/train.csv", "a/test.csv"], []), names_of(["a/x.csv", "b/x.csv"], [])
        (['train', 'test'], ['a/x', 'b/x'])
    """
    if names:
        if len(names) != len(data) or len(set(names)) != len(names):
            seen = f"{counted(len(set(names)), 'name')} for {counted(len(data), 'data set')}"
            raise ArgumentError(sentence("--name", seen, expected="a name of its own for each"))
        return list(names)
    paths = [Path(source.removeprefix(DATASET)) for source in data]
    short = [
        str(path) if source.startswith(DATASET) else path.stem
        for source, path in zip(data, paths, strict=True)
    ]
    if len(set(short)) < len(short):
        short = [f"{path.parent.name}/{path.stem}".removeprefix("/") for path in paths]
    if len(set(short)) < len(short):
        short = [f"{text} {place}" for place, text in enumerate(short, 1)]
    return short


def read_highlight(texts: Sequence[str]) -> dict[str, float]:
    """Limits as they are written.

    Example:
        >>> read_highlight(["missing=0.05"])
        {'missing': 0.05}
    """
    limits: dict[str, float] = {}
    for text in texts:
        name, _, share = text.partition("=")
        try:
            limits[name] = float(share)
        except ValueError:
            expected = "WHAT=SHARE, as in missing=0.05"
            raise ArgumentError(sentence("--highlight", repr(text), expected=expected)) from None
    return limits


def read_population(path: Path) -> dict[str, Any]:
    """The shares of groups in a file.

    Raises:
        DataError: If it can't be read, or is no JSON.
    """
    where, expected = f"--population {path}", 'JSON such as {"sex": {"Female": 0.51, "Male": 0.49}}'
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DataError(sentence(where, reason, expected="a file that can be read")) from None
    except (ValueError, RecursionError):
        raise DataError(sentence(where, "no JSON", expected=expected)) from None
    if not isinstance(held, dict):
        raise DataError(sentence(where, type(held).__name__, expected=expected))
    return held
