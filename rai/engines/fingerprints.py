"""A fingerprint of the rows: the same for the same content, however stored, ordered or cut in pieces.

    row ──▶ hash of (label, groups) mixed with the bits of score, weight and uncut numbers ──▶ Σ mod 2⁶⁴
    fingerprint = SHA-256 of (which column is what, rows, rows dropped and why, Σ)

It covers every used column of every counted row, before cuts and bins, and how many rows were dropped.
It tells two data sets apart that differ by accident; it is no proof against someone who forges one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b, sha256

import numpy as np
from numpy.typing import NDArray

from rai.engines.cells import Cells
from rai.engines.encoding import Floats
from rai.engines.spelling import canonical
from rai.values.levels import Level
from rai.values.roles import Roles

Hashes = NDArray[np.uint64]
_ODD = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 0x9E3779B97F4A7C15)


def fingerprint(roles: Roles, *, rows: int, dropped: Mapping[str, int], checksum: int) -> str:
    """The fingerprint in hexadecimal."""
    used = {
        name: held for name, held in roles.to_dict().items() if name not in {"cuts", "positive_label"}
    }
    content = [used, rows, sorted(dropped.items()), checksum]
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def checksum(cells: Cells, columns: Sequence[str | None], quantities: Sequence[Floats]) -> int:
    """The sum of row hashes.

    Args:
        cells: The encoded columns of the rows.
        columns: Their names; None leaves a column out.
        quantities: Numbers of each row, each of shape (rows,).
    """
    hashes = np.zeros(len(cells), dtype=np.uint64)
    for place, (name, levels) in enumerate(zip(columns, cells.levels, strict=True)):
        if name is not None:
            table = np.array([_level_hash(name, value) for value in levels], dtype=np.uint64)
            hashes += table[cells.codes[:, place]]
    if not quantities:
        counts = np.bincount(cells.of_row, minlength=len(cells)).astype(np.uint64)
        return int((counts * _mixed(hashes)).sum())
    of_row = hashes[cells.of_row]
    for values in quantities:
        of_row = _mixed(of_row ^ (_bits(values) * np.uint64(_ODD[2])))
    return int(of_row.sum())


def _level_hash(column: str, value: Level) -> int:
    text = f"{column}\x00{canonical(value)}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def _bits(values: Floats) -> Hashes:
    """The bits of floats, with one zero and one NaN."""
    plain = values + 0.0
    if np.isnan(plain).any():
        plain[np.isnan(plain)] = np.nan
    return plain.view(np.uint64)


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit depends on every bit; works in place."""
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(_ODD[0])
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(_ODD[1])
    hashes ^= hashes >> np.uint64(32)
    return hashes
