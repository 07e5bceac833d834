"""The declared population: shares of groups, checked once against the groups that the data have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rai.engines.score_bins import is_finite
from rai.explore.data_checks.tables import Table
from rai.explore.profiling import Axis
from rai.ground.errors import ArgumentError, did_you_mean, in_short, listing, sentence
from rai.values.levels import Key, Level

WHERE = "population"
EXPECTED = "a sensitive feature, or a tuple of several, to shares of its groups"
ROUNDING = 1e-6

Declared = dict[tuple[str, ...], dict[Key, float]]


def population_of(
    given: Mapping[Any, Mapping[Any, float]] | None,
    tables: Mapping[str, Table],
    axes: Mapping[str, Axis],
    sensitive: tuple[str, ...],
) -> Declared:
    """Axes to the shares of their groups.

    Args:
        given: What was declared.
        tables: The data sets, for the groups that they have.
        axes: The columns that split rows.
        sensitive: The sensitive features.

    Raises:
        ArgumentError: If an axis is no sensitive feature, a group is misspelled, or shares are none.
    """
    if given is None:
        return {}
    found: Declared = {}
    _check_mappings(given)
    for name, shares in given.items():
        names = name if isinstance(name, tuple) else (name,)
        for each in names:
            if each not in sensitive:
                hint = did_you_mean(each, sensitive)
                expected = f"one of {listing(sensitive)}" if sensitive else "a sensitive feature"
                raise ArgumentError(sentence(WHERE, repr(each), expected=expected, hint=hint))
        known = [_levels(tables, axes[each]) for each in names]
        found[names] = _shares(name, shares, known)
    return found


def _check_mappings(given: Any) -> None:
    """Axes to groups to shares, both as dicts."""
    if not isinstance(given, Mapping):
        raise ArgumentError(sentence(WHERE, in_short(given), expected=EXPECTED))
    for name, shares in given.items():
        if not isinstance(shares, Mapping) or not shares:
            raise ArgumentError(sentence(f"{WHERE} of {name!r}", in_short(shares), expected=EXPECTED))


def _levels(tables: Mapping[str, Table], axis: Axis) -> list[Level]:
    return list(dict.fromkeys(level for table in tables.values() for level in table.groups(axis).levels))


def _shares(name: Any, shares: Mapping[Any, float], known: list[list[Level]]) -> dict[Key, float]:
    where = f"{WHERE} of {name!r}"
    found: dict[Key, float] = {}
    for group, share in shares.items():
        key = group if isinstance(group, tuple) else (group,)
        if len(key) != len(known):
            expected = f"{len(known)} values, one for each feature"
            raise ArgumentError(sentence(where, in_short(group), expected=expected))
        for level, levels in zip(key, known, strict=True):
            hint = did_you_mean(level, levels)
            if level not in levels and hint:
                raise ArgumentError(
                    sentence(where, repr(level), expected=f"one of {listing(levels)}", hint=hint)
                )
        if not is_finite(share) or not 0 < share <= 1:
            raise ArgumentError(sentence(where, in_short(share), expected="shares above 0, at most 1"))
        found[key] = float(share)
    total = sum(found.values())
    if total > 1 + ROUNDING:
        raise ArgumentError(sentence(where, f"shares that sum to {total:g}", expected="at most 1"))
    return found
