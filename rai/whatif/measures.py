"""The distance that a question asks for: a preset fitted now, a function, or one fitted before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rai.ground.checks import as_names
from rai.ground.errors import ArgumentError, sentence
from rai.whatif.distances import Between, Distance, Norm, Preset, fit_distance
from rai.whatif.settings import Setting

Measure = Preset | Between | Distance | str

ALL_COUNT = "the model doesn't say which columns it reads, so all of them count"


def measure_of(
    setting: Setting,
    distance: Measure,
    *,
    norm: Norm | str,
    weights: Mapping[str, float] | None,
    frozen: str | Iterable[str],
    y_true: str | None,
    ignore: str | Iterable[str],
) -> Distance:
    """The distance of a question, with the columns that count in it.

    Args:
        setting: Model and rows.
        distance: A preset, a function, or a fitted distance.
        norm: `l1` or `l2`.
        weights: Column to how many times as far its differences count.
        frozen: Columns that must agree, added to those of a fitted distance.
        y_true: The column of true labels.
        ignore: Other columns that don't count.

    Raises:
        ArgumentError: If a fitted distance is asked to be another.
    """
    if not isinstance(distance, Distance):
        read = setting.model.features if distance == "default" else None
        fitted = fit_distance(
            setting.rows, read, distance=distance, norm=norm, weights=weights, frozen=frozen,
            y_true=y_true, ignore=ignore,
        )  # fmt: skip
        unsure = distance == "default" and read is None
        return replace(fitted, note=ALL_COUNT) if unsure else fitted
    other = norm not in {"l1", distance.norm}
    if other or weights is not None or y_true is not None or as_names(ignore):
        seen = "a fitted distance, and what it is to be fitted with"
        hint = "Give norm, weights, y_true and ignore to rai.whatif.fit_distance."
        raise ArgumentError(sentence("distance", seen, expected="one of them", hint=hint))
    fixed = distance.frozen + tuple(n for n in as_names(frozen) if n not in distance.frozen)
    setting.rows.select((*distance.features, *fixed), where="distance")
    return replace(distance, frozen=fixed)
