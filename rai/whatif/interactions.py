"""Two-way partial dependence, and how strongly two features interact.

rows with a set to each value ─▶ and b to each value ─▶ mean scores F(a, b), beside F(a) and F(b)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.features import features_of
from rai.engines.frames import open_rows
from rai.ground.checks import as_names
from rai.ground.errors import ArgumentError, listing, sentence
from rai.models.batches import Progress
from rai.values.features import Value
from rai.whatif.dependence import chosen_features, labels_of
from rai.whatif.grid_scores import grid_scores, tiled
from rai.whatif.grids import Grid, grids_of
from rai.whatif.interaction_results import Interaction, Interactions
from rai.whatif.settings import Setting, setting_of
from rai.whatif.several_models import named_models

WHERE = "interaction"
POINTS = 12
NOTHING = 1e-12  # relative to the score; below it a mean square is rounding


def interaction(
    model: Any,
    rows: Any,
    *,
    features: Sequence[str],
    grid: int | Mapping[str, Sequence[Value]] = POINTS,
    grid_kind: str = "quantile",
    progress: Progress | None = None,
) -> Interactions:
    """The average score at each pair of values of two features, and how far it is from a sum of effects.

    The strength is Friedman and Popescu's H: the square root of the share of the joint effect's variance
    that no sum of two separate effects gives. Every row counts at the pair of values that it is nearest
    to, so that pairs which hardly occur hardly count. Like partial dependence it asks about every row at
    every pair of values, whether such rows exist or not.

    Args:
        model: Anything that `rai.load_model` takes; or several, as a dict of name to model or a list.
        rows: The rows, all of which are used: rows × points × points are asked about.
        features: Two columns.
        grid: Values for a number or a date (categories have all that occur); or column to values.
        grid_kind: `quantile`, `uniform` or `every`, as for `partial_dependence`.
        progress: Called with the rows asked about so far and in all.

    Returns:
        An `Interaction` for each model and class (of two classes the positive one).

    Raises:
        ArgumentError: Not two features that the model reads, or too many values.
        RoleError: A column is not there.
        DataError: Rows that the model can't predict.

    Example:
        >>> import rai
        >>> rows = {"a": [0.0, 0.0, 1.0, 1.0], "b": [0.0, 1.0, 0.0, 1.0]}
        >>> (found,) = rai.whatif.interaction(lambda f: f["a"] * f["b"], rows, features=("a", "b"))
        >>> round(found.strength, 3), found.size
        (0.577, 0.25)

    Source: Friedman and Popescu (2008), doi:10.1214/07-AOAS148.
    """
    names = as_names(features)
    if len(set(names)) != 2 or len(names) != 2:
        raise ArgumentError(sentence("features", listing(names) or "none", expected="two columns"))
    models, held = named_models(model), open_rows(rows)
    settings = {name: setting_of(each, held, edits=WHERE) for name, each in models.items()}
    for each in settings.values():
        chosen_features({"": each}, names, where=WHERE)
    first, second = grids_of(held, features_of(held, names), grid=grid, kind=grid_kind)
    total = len(settings) * len(first) * len(second) * len(held)
    found: list[Interaction] = []
    done = 0
    for name, setting in settings.items():
        joint = np.empty((len(first), len(second), len(labels_of(setting))))
        for point in range(len(first)):
            joint[point] = _curve(_with(setting, first, point), second)
            done += len(second) * len(held)
            if progress is not None:
                progress(done, total)
        alone = _curve(setting, first), _curve(setting, second)
        found += list(_interactions(name, setting, (first, second), joint, alone))
    return Interactions(found)


def _with(setting: Setting, grid: Grid, point: int) -> Setting:
    """All rows with a feature set to one point."""
    name, places = grid.feature.name, np.full(len(setting.rows), grid.places[point])
    return replace(setting, rows=setting.rows.with_column(name, grid.pool, places))


def _curve(setting: Setting, grid: Grid) -> Floats:
    """The mean score at each point, for each class that is told, shape (G, classes)."""
    columns = [column for _, column in labels_of(setting)]
    means = [
        [float((scores if column is None else scores[:, column]).mean()) for column in columns]
        for scores in grid_scores(tiled(setting), grid)
    ]
    return np.array(means)


def _interactions(
    name: str,
    setting: Setting,
    grids: tuple[Grid, Grid],
    joint: Floats,
    alone: tuple[Floats, Floats],
) -> Iterator[Interaction]:
    first, second = grids
    share = _shares(first, second)
    for at, (label, _) in enumerate(labels_of(setting)):
        mean = joint[:, :, at]
        apart, strength, size = _strength(mean, alone[0][:, at], alone[1][:, at], share)
        yield Interaction(
            features=(first.feature.name, second.feature.name),
            kinds=(first.feature.kind, second.feature.kind), model=name, label=label,
            points=(first.points, second.points), mean=mean, apart=apart, share=share,
            strength=strength, size=size, n=len(setting.rows),
            probabilities=setting.model.probabilities and setting.model.task != "regression",
            note="" if strength is not None else "undefined: the score depends on neither feature",
        )  # fmt: skip


def _shares(first: Grid, second: Grid) -> Floats:
    """The share of rows that is nearest to each pair of points, shape (A, B)."""
    near = (first.nearest >= 0) & (second.nearest >= 0)
    cell = first.nearest[near] * len(second) + second.nearest[near]
    counts = np.bincount(cell, minlength=len(first) * len(second))
    return np.asarray(counts.reshape(len(first), len(second)) / len(near))


def _strength(
    joint: Floats, first: Floats, second: Floats, share: Floats
) -> tuple[Floats, float | None, float]:
    """What is no sum, H, and the root mean square of the former, weighted by where rows are."""
    weight = share if share.sum() > 0 else np.ones_like(share)
    weight = weight / weight.sum()
    both = joint - (weight * joint).sum()
    one = first - weight.sum(axis=1) @ first
    other = second - weight.sum(axis=0) @ second
    apart = both - one[:, None] - other
    squares, whole = float((weight * apart**2).sum()), float((weight * both**2).sum())
    if whole <= (NOTHING * max(1.0, float(np.abs(joint).max()))) ** 2:
        return apart, None, 0.0
    return apart, float(np.sqrt(squares / whole)), float(np.sqrt(squares))
