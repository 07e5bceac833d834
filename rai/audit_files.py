"""Audits as JSON: counts, roles and provenance, never rows. Cells are sparse, so files stay small."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.ground.files import write_text
from rai.ground.saved import Saved
from rai.values import Moments, Roles, Tally
from rai.values.moments import BIN_TERMS
from rai.values.number_bins import NumberBins

FORMAT = "rai-audit"
VERSION = 1

_SAVED = Saved(
    format=FORMAT,
    version=VERSION,
    what="audit",
    parts="counts",
    again="Run the audit again.",
    most_megabytes=512,
)
_MOST_CELLS = 200_000_000


def audit_json(fields: Mapping[str, Any], **results: object) -> str:
    """An audit's fields as canonical JSON; extra results are for readers and ignored by `read_audit`."""
    return _json(_parts(fields, **results), indent=1) + "\n"


def plain_audit(fields: Mapping[str, Any]) -> dict[str, Any]:
    """An audit's fields as data for JSON, for a larger file; `audit_fields` takes them back."""
    plain: dict[str, Any] = json.loads(_json(_parts(fields), indent=None))
    return plain


def audit_fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an audit that is part of a larger file.

    Raises:
        DataError: If it is no audit, or its counts don't fit together.
    """
    return _SAVED.taken(plain, _fields)


def write_audit(path: str | Path, fields: Mapping[str, Any]) -> Path:
    """Write an audit's fields to a file, whole or not at all."""
    return write_text(path, audit_json(fields))


def read_audit(path: str | Path) -> dict[str, Any]:
    """The fields of a saved audit.

    Raises:
        DataError: If the file can't be read, is no audit, or its counts don't fit together.
    """
    return _SAVED.read(path, _fields)


def is_saved_audit(path: str | Path) -> bool:
    """Whether a file says that it is a saved audit."""
    try:
        with Path(path).open("rb") as file:
            return f'"format": "{FORMAT}"'.encode() in file.read(200)
    except OSError:
        return False


def _parts(fields: Mapping[str, Any], **results: object) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        **{name: held for name, held in fields.items() if name not in {"tally", "roles"}},
        "roles": _plain_roles(fields["roles"]),
        **results,
        "tally": _plain_tally(fields["tally"]),
    }


def _json(plain: Mapping[str, Any], *, indent: int | None) -> str:
    return json.dumps(plain, allow_nan=False, ensure_ascii=False, indent=indent, default=_plain_numbers)


def _fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "tally": _tally(plain["tally"]) if plain["task"] != "regression" else _moments(plain["tally"]),
        "task": plain["task"],
        "roles": _roles(plain["roles"]),
        "thresholds": tuple(float(t) for t in plain["thresholds"]),
        "level": float(plain["level"]),
        "seed": int(plain["seed"]),
        "provenance": dict(plain["provenance"]),
    }


def _plain_roles(roles: Roles) -> dict[str, Any]:
    plain = roles.to_dict()
    if roles.positive_label is not None:
        plain["positive_label"] = roles.positive_label
    return plain


def _roles(plain: Mapping[str, Any]) -> Roles:
    held: dict[str, Any] = {name: _tupled(part) for name, part in plain.items()}
    held["cuts"] = {name: tuple(cut) for name, cut in plain.get("cuts", {}).items()}
    held["cohorts"] = dict(plain.get("cohorts", {}))
    texts = [held.get("where") or "", *held["cohorts"], *held["cohorts"].values()]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError
    return Roles(**held)


def _tupled(part: Any) -> Any:
    return tuple(part) if isinstance(part, list) else part


def _plain_tally(tally: Tally | Moments) -> dict[str, Any]:
    names = [name for name in tally.__dataclass_fields__ if name not in tally.stacked]
    plain = {name: getattr(tally, name) for name in names}
    cells = {name: getattr(tally, name) for name in tally.stacked}
    plain |= {name: _plain_bins(held) for name, held in plain.items() if isinstance(held, NumberBins)}
    return {**plain, **{name: None if held is None else _sparse(held) for name, held in cells.items()}}


def _tally(plain: Mapping[str, Any]) -> Tally:
    groups = _keys(plain)
    edges = None if plain["edges"] is None else np.array(plain["edges"], dtype=np.float64)
    outcomes = len(plain["outcomes"]) if edges is None else len(edges) + 1
    shape = (len(groups), len(plain["labels"]), outcomes)
    if edges is not None and not (np.isfinite(edges).all() and (np.diff(edges) > 0).all()):
        raise ValueError
    n = _dense(plain["n"], shape, np.int64)
    weight, squares = (
        None if plain[name] is None else _dense(plain[name], shape, np.float64)
        for name in ("weight", "weight_sq")
    )
    return Tally(
        tuple(plain["axes"]), groups, tuple(plain["labels"]), edges, tuple(plain["outcomes"]), n,
        weight, squares, _dropped(plain), bool(plain["exact"]),
    )  # fmt: skip


def _moments(plain: Mapping[str, Any]) -> Moments:
    groups = _keys(plain)
    g = len(groups)
    return Moments(
        tuple(plain["axes"]), groups, float(plain["origin"]), _dense(plain["n"], (g,), np.int64),
        _dense(plain["weight"], (g,), np.float64), _dense(plain["weight_sq"], (g,), np.float64),
        _dense(plain["sums"], (g, 11), np.float64), bool(plain["weighted"]), _dropped(plain),
        *_histogram(plain, "predictions", "by_prediction", g, len(BIN_TERMS)),
        *_histogram(plain, "errors", "by_error", g),
    )  # fmt: skip


def _plain_bins(bins: NumberBins) -> dict[str, Any]:
    return {"keys": bins.keys, "shift": bins.shift}


def _histogram(
    plain: Mapping[str, Any], bins: str, cells: str, groups: int, *sums: int
) -> tuple[NumberBins | None, NDArray[Any] | None]:
    """Bins and what they hold; files that are older have neither."""
    if plain.get(bins) is None or plain.get(cells) is None:
        return None, None
    keys: NDArray[np.int64] = np.array(plain[bins]["keys"], dtype=np.int64)
    shift = int(plain[bins]["shift"])
    held = NumberBins(keys, shift)
    if not 0 <= shift < 64 or (np.diff(keys) <= 0).any() or not np.isfinite([held.low, held.high]).all():
        raise ValueError
    return held, _dense(plain[cells], (groups, len(keys), *sums), np.float64)


def _keys(plain: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    groups = tuple(tuple(key) for key in plain["groups"])
    if any(len(key) != len(plain["axes"]) for key in groups) or len(set(groups)) != len(groups):
        raise ValueError
    return groups


def _dropped(plain: Mapping[str, Any]) -> dict[str, int]:
    return {str(reason): int(rows) for reason, rows in plain["dropped"].items()}


def _sparse(cells: NDArray[Any]) -> dict[str, list[Any]]:
    at = np.flatnonzero(cells)
    return {"at": at.tolist(), "is": cells.ravel()[at].tolist()}


def _dense(plain: Mapping[str, Any], shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
    size = int(np.prod(shape))
    at: NDArray[np.int64] = np.array(plain["at"], dtype=np.int64)
    held: NDArray[Any] = np.array(plain["is"], dtype=dtype)
    if (
        size > _MOST_CELLS
        or at.shape != held.shape
        or (at.size and not 0 <= at.min() <= at.max() < size)
    ):
        raise ValueError
    cells: NDArray[Any] = np.zeros(size, dtype=dtype)
    cells[at] = held
    if not np.isfinite(cells).all() or (dtype is np.int64 and cells.size and cells.min() < 0):
        raise ValueError
    return cells.reshape(shape)


def _plain_numbers(held: object) -> object:
    if isinstance(held, (np.ndarray, np.generic)):
        return held.tolist()
    raise TypeError(type(held).__name__)
