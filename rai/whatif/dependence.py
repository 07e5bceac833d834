"""Partial dependence, with the curves of single rows behind it.

feature ─▶ grid ─▶ scores of all rows at each point ─▶ mean and band by group, single rows
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.features import features_of
from rai.engines.frames import Rows, open_rows
from rai.ground.checks import as_names, check_count, check_level
from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.measure.intervals import critical_value
from rai.measure.score_points import student
from rai.models.batches import Progress
from rai.values.features import Value
from rai.values.generators import generator_of
from rai.whatif.effects import TAKEN, Effect, Effects, MarkedRow
from rai.whatif.grid_scores import Tiled, grid_scores, tiled
from rai.whatif.grids import POINTS, Grid, grids_of
from rai.whatif.group_names import named_groups
from rai.whatif.row_groups import Cuts, RowGroups
from rai.whatif.settings import Picked, Setting, setting_of
from rai.whatif.several_models import named_models

WHERE = "partial_dependence"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Asked:
    """What is asked of every feature."""

    groups: RowGroups
    ice_rows: Ints
    centred: bool
    row: Picked | None
    level: float


def partial_dependence(
    model: Any,
    rows: Any,
    *,
    features: Any = None,
    grid: int | Mapping[str, Sequence[Value]] = POINTS,
    grid_kind: str = "quantile",
    by: Any = None,
    cuts: Cuts | None = None,
    ice: int | Sequence[int] = 0,
    centred: bool = False,
    row: Picked | None = None,
    y_score: Any = None,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Effects:
    """The average score of a model with one feature set to each of its values, a feature at a time.

    Every row is asked about at every value, whatever its other features are, so where features hang
    together the average is also over rows that don't occur (a nineteen-year-old widower);
    `accumulated_local_effects` asks about no such rows. It shows what the model does, not what would
    become of a person.

    The band is the pointwise interval of the mean over rows (Student's): how far the average may be off
    because other rows of the same kind might have been drawn. It says nothing about another model that
    other rows would have trained, nor how much single rows differ (see `ice`), and it covers at one
    value, less often at all of them together.

    Args:
        model: Anything that `rai.load_model` takes; or several, as a dict of name to model or a list.
        rows: The rows, all of which are used.
        features: Columns to vary; if None those named in `grid`, or else all that the model reads.
        grid: Values for a number or a date (categories have all that occur); or column to values.
        grid_kind: `quantile` (values that occur, with as many rows between them; where ties leave fewer,
            more by rank), `uniform` (evenly spaced, whole where the column is), or `every` value.
        by: Groups with a curve each: names of columns, or a dict of name to array, a frame or a series.
        cuts: Numeric column of `by` to edges, or to a number of quantile groups.
        ice: How many rows get a curve of their own, drawn at random; or their positions.
        centred: Take each row's score at the first value (the smallest, or the most frequent category)
            from its curve, so that only differences are left.
        row: A row to mark: a position, or a dict of its values.
        y_score: Scores of the rows as they are, where they are known; of several models by name.
        level: Coverage of each interval by itself.
        rng: Seed, or source of the draw of rows.
        progress: Called with the rows asked about so far and in all.

    Returns:
        An `Effect` for each feature, model, group and class (of two classes the positive one), the
        features whose curves vary most first.

    Raises:
        ArgumentError: No such feature, too many values, a value of another kind than its column, or
            models that answer different questions.
        RoleError: A column is not there.
        DataError: Rows that the model can't predict.

    Example:
        >>> import rai
        >>> rows = {"age": [20, 30, 40, 60], "sex": ["F", "M", "F", "M"]}
        >>> found = rai.whatif.partial_dependence(
        ...     lambda f: f["age"] / 100 + 0.1 * (f["sex"] == "M"), rows, grid=2)
        >>> [(e.feature, e.points, e.mean.round(3).tolist()) for e in found]
        [('age', (20, 60), [0.25, 0.65]), ('sex', ('F', 'M'), [0.375, 0.475])]

    Source: Friedman (2001), doi:10.1214/aos/1013203451; single rows: Goldstein et al. (2015),
    doi:10.1080/10618600.2014.907095.
    """
    models, held = named_models(model), open_rows(rows)
    settings = {name: setting_of(each, held, edits=WHERE) for name, each in models.items()}
    if features is None and isinstance(grid, Mapping):
        features = list(grid)
    chosen = chosen_features(settings, features, where=WHERE)
    grids = grids_of(held, features_of(held, chosen), grid=grid, kind=grid_kind)
    asked = _Asked(
        groups=named_groups(held, by, taken=TAKEN, where="by", cuts=cuts),
        ice_rows=_ice_rows(ice, len(held), rng),
        centred=bool(centred),
        row=row,
        level=check_level(level),
    )
    given = scores_by_name(y_score, settings)
    total = sum(len(each) for each in grids for setting in settings.values()
                if each.feature.name in setting.read) * len(held)  # fmt: skip
    done, found = 0, []
    for name, setting in settings.items():
        rows_held = tiled(setting)
        average = setting.given_scores(given.get(name))
        for each in grids:
            if each.feature.name not in setting.read:
                continue
            found += list(_effects(name, rows_held, each, asked, average=average))
            done += len(each) * len(held)
            if progress is not None:
                progress(done, total)
    return Effects(found).sorted()


def chosen_features(settings: Mapping[str, Setting], features: Any, *, where: str) -> tuple[str, ...]:
    """The features asked for, or all that any model reads.

    Args:
        settings: The models.
        features: Names, or None.
        where: For messages.

    Raises:
        ArgumentError: One that no model reads.
    """
    read = tuple(dict.fromkeys(name for setting in settings.values() for name in setting.read))
    if features is None:
        return read
    names = tuple(dict.fromkeys(as_names(features)))
    if not names:
        raise ArgumentError(sentence(where, "no features", expected="at least one"))
    strange = next((name for name in names if name not in read), None)
    if strange is not None:
        expected = f"one that the model reads: {listing(read)}"
        hint = did_you_mean(strange, read)
        raise ArgumentError(sentence("features", repr(strange), expected=expected, hint=hint))
    return names


def scores_by_name(y_score: Any, settings: Mapping[str, Setting]) -> Mapping[str, Any]:
    """Scores that are known already, by name of the model; an array where there is one model.

    Raises:
        ArgumentError: An array for several models, or scores for a model that is not there.
    """
    if y_score is None:
        return {}
    if not isinstance(y_score, Mapping):
        if len(settings) == 1:
            return dict.fromkeys(settings, y_score)
        seen = "one array for several models"
        raise ArgumentError(sentence("y_score", seen, expected="a dict of name to scores"))
    strange = next((name for name in y_score if name not in settings), None)
    if strange is not None:
        expected = f"names of models: {listing(settings)}"
        raise ArgumentError(sentence("y_score", repr(strange), expected=expected))
    return y_score


def labels_of(setting: Setting) -> list[tuple[Any, int | None]]:
    """Each class that has a curve, with its column of scores; None where scores have no columns."""
    model = setting.model
    if model.task == "multiclass":
        return [(label, place) for place, label in enumerate(model.classes)]
    return [(model.positive_label, None)]


def _effects(name: str, held: Tiled, grid: Grid, asked: _Asked, *, average: Floats) -> Iterator[Effect]:
    """The effects of one feature in one model."""
    setting, groups = held.setting, asked.groups
    size, labels = len(groups.keys), labels_of(held.setting)
    shape = (len(labels), size, len(grid))
    mean, error = np.empty(shape), np.empty(shape)
    ice = np.empty((len(labels), len(asked.ice_rows), len(grid)))
    n = np.bincount(groups.place, minlength=size)
    anchor: Floats | None = None
    for point, scores in enumerate(grid_scores(held, grid)):
        if asked.centred:
            anchor = scores.copy() if anchor is None else anchor
            scores = scores - anchor  # noqa: PLW2901 - the same thing, seen from its anchor
        for at, (_, column) in enumerate(labels):
            of_label = scores if column is None else scores[:, column]
            mean[at, :, point], error[at, :, point] = _means(of_label, groups.place, n)
            ice[at, :, point] = of_label[asked.ice_rows]
    shares = grid.shares(groups.place, groups=size)
    marked = _marked(setting, grid, asked)
    for at, (label, column) in enumerate(labels):
        own = average if column is None else average[:, column]
        for g, group in enumerate(groups.groups):
            low, high = band(mean[at, g], error[at, g], int(n[g]), level=asked.level)
            probable = setting.model.probabilities and setting.model.task != "regression"
            if probable and not asked.centred:
                low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
            inside = groups.place[asked.ice_rows] == g
            yield Effect(
                feature=grid.feature.name, kind=grid.feature.kind, model=name, label=label,
                group=group, points=grid.points, scale=grid.scale, mean=mean[at, g], low=low, high=high,
                share=shares[g], deciles=grid.deciles, ice=ice[at][inside],
                ice_rows=tuple(asked.ice_rows[inside].tolist()),
                marked=None if marked is None else marked[at],
                average=float(own[groups.place == g].mean()), probabilities=probable,
                centred=asked.centred, n=int(n[g]), level=asked.level,
                note="no interval: one row" if n[g] == 1 else "",
            )  # fmt: skip


def _means(scores: Floats, place: Ints, n: Ints) -> tuple[Floats, Floats]:
    """Mean and standard error of each group, shape (g,) each."""
    if len(n) == 1:
        spread = scores.std(ddof=1) if n[0] > 1 else np.nan
        return scores.mean(), spread / np.sqrt(n[0])
    mean = np.bincount(place, scores, minlength=len(n)) / n
    squares = np.bincount(place, (scores - mean[place]) ** 2, minlength=len(n))
    freedom = np.where(n > 1, n - 1.0, np.nan)
    return mean, np.sqrt(squares / freedom / n)


def band(mean: Floats, error: Floats, n: int, *, level: float) -> tuple[Floats, Floats]:
    """Student's interval of means, shape (G,) each; NaN for a single row."""
    freedom = np.full(len(mean), n - 1.0 if n > 1 else np.nan)
    bounds = student(np.stack([mean, error, freedom]), critical_value(level))
    return bounds.low, bounds.high


def _marked(setting: Setting, grid: Grid, asked: _Asked) -> list[MarkedRow] | None:
    """The marked row, once for each class."""
    if asked.row is None:
        return None
    name = grid.feature.name
    picked: Rows = setting.picked(asked.row)
    own = setting.scores(picked)
    repeated = picked.take(np.zeros(len(grid), dtype=np.intp)).with_column(name, grid.pool, grid.places)
    curve = setting.scores(repeated)
    if asked.centred:
        own, curve = own - curve[:1], curve - curve[:1]
    at = float(picked.numbers(name)[0]) if grid.ordered else np.nan
    value = picked.value(name, 0)
    return [
        MarkedRow(value=value, score=float(own[0]), curve=curve, scale=at)
        if column is None
        else MarkedRow(value=value, score=float(own[0, column]), curve=curve[:, column], scale=at)
        for _, column in labels_of(setting)
    ]


def _ice_rows(ice: Any, rows: int, rng: int | np.random.Generator) -> Ints:
    """Positions of the rows that get a curve of their own."""
    if isinstance(ice, Integral) and not isinstance(ice, bool):
        many = min(check_count(int(ice), where="ice", least=0), rows)
        return np.sort(generator_of(rng).choice(rows, many, replace=False)).astype(np.intp)
    places = np.asarray(ice)
    inside = places.dtype.kind in "iu" and places.ndim == 1
    if not inside or not ((places >= -rows) & (places < rows)).all():
        expected = f"a number of rows, or positions from 0 to {rows - 1:,}"
        raise ArgumentError(sentence("ice", repr(ice), expected=expected))
    return np.asarray(places % rows, dtype=np.intp)
