"""Accumulated local effects: what a feature does among rows that look like it.

each row is moved only to the ends of its own bin ─▶ differences ─▶ added up ─▶ a curve of mean 0
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.features import feature_of
from rai.engines.frames import Rows, open_rows
from rai.ground.checks import check_count, check_level
from rai.ground.formatting import counted
from rai.models.batches import Progress
from rai.values.features import Feature, Value
from rai.whatif.accumulation import Steps, accumulated
from rai.whatif.category_order import order_of_categories
from rai.whatif.dependence import chosen_features, labels_of, scores_by_name
from rai.whatif.effects import CATEGORICAL, TAKEN, Effect, Effects
from rai.whatif.grids import quantile_places
from rai.whatif.group_names import named_groups
from rai.whatif.row_groups import Cuts
from rai.whatif.score_changes import Group
from rai.whatif.settings import Setting, setting_of
from rai.whatif.several_models import named_models

WHERE = "accumulated_local_effects"
BINS = 20
FEW_ROWS = 10


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Moves:
    """Where the rows of a group are moved to.

    Args:
        rows: Positions of the rows moved, one for each difference, shape (m,).
        below, above: Places in the column of the values that each is moved to, shape (m,).
        steps: Where the differences belong.
        places: Places in the column of the k + 1 points.
        left_out: Rows without a value.
    """

    rows: Ints
    below: Ints
    above: Ints
    steps: Steps
    places: Ints
    left_out: int = 0


def accumulated_local_effects(
    model: Any,
    rows: Any,
    *,
    features: Any = None,
    bins: int = BINS,
    by: Any = None,
    cuts: Cuts | None = None,
    y_score: Any = None,
    level: float = 0.95,
    progress: Progress | None = None,
) -> Effects:
    """What a feature does to a model's score among rows that occur, for one feature at a time.

    Each row is asked about twice, at both ends of the bin that its own value is in, so that none gets a
    value far from its own: where features hang together this stays with rows that exist, unlike partial
    dependence. The mean differences of the bins are added up, and the curve is moved so that its mean
    over the rows is 0: it tells how much higher or lower the score is than on average.

    Bins hold about as many rows each (where ties leave fewer bins, more by rank), of each group by its
    own values. Categories are put in an order in which neighbours are alike in the other features, and
    each row is moved to its neighbours; two categories far apart are compared by way of those between.
    The band is a pointwise interval for other rows of the same kind, as that of `partial_dependence`.

    Args:
        model: Anything that `rai.load_model` takes; or several, as a dict of name to model or a list.
        rows: The rows. Those without a number (or a date) are left out for that feature, and counted.
        features: Columns to vary; all that the model reads if None.
        bins: Bins of a number or a date.
        by: Groups with a curve each: names of columns, or a dict of name to array, a frame or a series.
        cuts: Numeric column of `by` to edges, or to a number of quantile groups.
        y_score: Scores of the rows as they are, where they are known; of several models by name.
        level: Coverage of each interval by itself.
        progress: Called with the rows asked about so far and in all.

    Returns:
        An `Effect` for each feature, model, group and class (of two classes the positive one), the
        features whose curves vary most first.

    Raises:
        ArgumentError: No such feature, or models that answer different questions.
        RoleError: A column is not there.
        DataError: Rows that the model can't predict.

    Example:
        >>> import rai
        >>> rows = {"age": [20, 30, 40, 50], "years": [0, 10, 20, 30]}
        >>> found = rai.whatif.accumulated_local_effects(
        ...     lambda f: f["age"] / 100 + f["years"] / 200, rows, features="age", bins=3)
        >>> found[0].points, found[0].mean.round(3).tolist()
        ((20, 30, 40, 50), [-0.125, -0.025, 0.075, 0.175])

    Source: Apley and Zhu (2020), doi:10.1111/rssb.12377.
    """
    models, held = named_models(model), open_rows(rows)
    settings = {name: setting_of(each, held, edits=WHERE) for name, each in models.items()}
    chosen = chosen_features(settings, features, where=WHERE)
    size, level = check_count(bins, where="bins"), check_level(level)
    groups = named_groups(held, by, taken=TAKEN, where="by", cuts=cuts)
    given = scores_by_name(y_score, settings)
    inside = [np.flatnonzero(groups.place == g) for g in range(len(groups.keys))]
    total = sum(name in setting.read for name in chosen for setting in settings.values())
    done, found = 0, []
    for name, setting in settings.items():
        average = setting.given_scores(given.get(name))
        for feature in (feature_of(held, each) for each in chosen if each in setting.read):
            for group, places in zip(groups.groups, inside, strict=True):
                moves = _moves(setting, feature, places, size)
                effects = _effects(setting, feature, moves, average[places], level=level)
                found += [_named(each, name, group, len(places)) for each in effects]
            done += 1
            if progress is not None:
                progress(2 * len(held) * done, 2 * len(held) * total)
    return Effects(found).sorted()


def _moves(setting: Setting, feature: Feature, inside: Ints, bins: int) -> _Moves:
    if feature.kind in CATEGORICAL:
        return _between_categories(setting, feature, inside)
    return _across_bins(setting.rows, feature, inside, bins)


def _across_bins(rows: Rows, feature: Feature, inside: Ints, bins: int) -> _Moves:
    """Each row to the ends of its bin; a bin holds its upper end, the first its lower end as well."""
    numbers = rows.numbers(feature.name)[inside]
    known = np.flatnonzero(~np.isnan(numbers))
    order = known[np.argsort(numbers[known], kind="stable")]
    firsts = np.flatnonzero(np.diff(numbers[order], prepend=-np.inf) > 0)
    if len(firsts) > bins + 1:
        firsts = quantile_places(firsts, len(order), bins + 1)
    edges, places = numbers[order[firsts]], inside[order[firsts]]
    size = max(len(edges) - 1, 0)
    step = np.clip(np.searchsorted(edges, numbers[known], side="left") - 1, 0, max(size - 1, 0))
    moved = known if size else known[:0]
    counts = np.bincount(step[: len(moved)], minlength=size)
    ends = np.zeros(len(places))
    if size:
        ends[:-1] += counts / 2
        ends[1:] += counts / 2
    steps = Steps(
        step=step[: len(moved)], row=moved, size=size,
        weight=ends / max(len(known), 1) if size else np.ones(len(places)),
    )  # fmt: skip
    return _Moves(
        rows=inside[moved], below=places[steps.step], steps=steps, places=places,
        above=places[steps.step + 1] if size else places[:0], left_out=len(inside) - len(known),
    )  # fmt: skip


def _between_categories(setting: Setting, feature: Feature, inside: Ints) -> _Moves:
    """Each row to the category before its own, and to the one after it."""
    rows = setting.rows
    codes = rows.codes(feature.name).codes[inside]
    held, first, place = np.unique(codes, return_index=True, return_inverse=True)
    k = len(held)
    by_size = np.argsort(-np.bincount(place, minlength=k), kind="stable")  # the most frequent first
    rank = np.argsort(by_size)
    others = tuple(name for name in setting.read if name != feature.name)
    if feature.kind == "boolean":
        order = np.argsort([_last(rows.value(feature.name, inside[at])) for at in first])
    else:
        likeness = order_of_categories(rows.take(inside), rank[place], categories=k, others=others)
        order = by_size[likeness]
    places = inside[first[order]]
    at = np.argsort(order)[place]  # each row's place in that order
    up, down = np.flatnonzero(at < k - 1), np.flatnonzero(at > 0)
    moved = np.concatenate([up, down])
    step = np.concatenate([at[up], at[down] - 1])
    weight = np.bincount(at, minlength=k) / len(inside)
    return _Moves(
        rows=inside[moved], below=places[step], above=places[step + 1], places=places,
        steps=Steps(step=step, row=moved, size=k - 1, weight=weight),
    )  # fmt: skip


def _effects(
    setting: Setting, feature: Feature, moves: _Moves, average: Floats, *, level: float
) -> Iterator[Effect]:
    """The effects of one feature in one model and group, one for each class."""
    name, rows = feature.name, setting.rows
    difference = _differences(setting, name, moves)
    values, at = _points(rows, feature, moves.places)
    for label, column in labels_of(setting):
        of_label = difference if column is None else difference[:, column]
        own = average if column is None else average[:, column]
        mean, low, high = accumulated(moves.steps, of_label, level=level)
        yield Effect(
            feature=name, kind=feature.kind, label=label, method="accumulated_local_effects",
            points=values, scale=at, mean=mean, low=low, high=high, share=moves.steps.weight,
            deciles=_deciles(rows, feature),
            average=float(own.mean()), level=level, note=_note(moves, values),
            probabilities=setting.model.probabilities and setting.model.task != "regression",
        )  # fmt: skip


def _points(rows: Rows, feature: Feature, places: Ints) -> tuple[tuple[Value, ...], Floats]:
    """The points as plain Python, and as numbers, NaN where they are none."""
    if feature.kind in CATEGORICAL:
        codes = rows.codes(feature.name)
        levels = (*codes.levels, None)  # a code of -1 is the last of them
        return tuple(levels[code] for code in codes.codes[places]), np.full(len(places), np.nan)
    values = tuple(rows.value(feature.name, place) for place in places.tolist())
    return values, rows.take(places).numbers(feature.name) if values else np.zeros(0)


def _differences(setting: Setting, name: str, moves: _Moves) -> Floats:
    """Score at the upper end minus score at the lower end, shape (m,) or (m, k)."""
    if not len(moves.rows):
        classes = setting.model.classes
        return np.zeros((0, len(classes)) if setting.model.task == "multiclass" else 0)
    rows = setting.rows.select(setting.read)
    both = rows.take(np.tile(moves.rows, 2))
    pool = rows.pool(name)
    scores = setting.scores(both.with_column(name, pool, np.concatenate([moves.below, moves.above])))
    return scores[len(moves.rows) :] - scores[: len(moves.rows)]


def _named(effect: Effect, model: str, group: Group, n: int) -> Effect:
    return replace(effect, model=model, group=group, n=n)


def _note(moves: _Moves, values: tuple[Value, ...]) -> str:
    notes = []
    if moves.left_out:
        notes.append(f"{counted(moves.left_out, 'row')} without a value left out")
    if len(values) < 2:
        notes.append("one value only" if values else "no values")
    few = int((moves.steps.counts < FEW_ROWS).sum())
    if few:
        notes.append(f"{counted(few, 'step')} of {moves.steps.size} with fewer than {FEW_ROWS} rows")
    return "; ".join(notes)


def _deciles(rows: Rows, feature: Feature) -> Floats:
    if feature.kind in CATEGORICAL:
        return np.zeros(0)
    numbers = rows.numbers(feature.name)
    known = numbers[~np.isnan(numbers)]
    return np.quantile(known, np.arange(1, 10) / 10) if len(known) else np.zeros(0)


def _last(value: Value) -> int:
    """False, True, then missing."""
    return 2 if value is None else int(bool(value))
