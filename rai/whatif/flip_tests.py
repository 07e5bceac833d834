"""The flip test: change the sensitive attribute of each row, nothing else, and ask again.

rows ─ each other value ─▶ entries ─ model ─▶ scores ─ thresholds ─▶ decisions that change, by value

It finds what a model does with the attribute itself. What it does through other columns, which would
also differ for someone of another group, it can't find: no change here is no proof of fairness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.ground.checks import as_names, check_choice, check_count, check_level
from rai.ground.errors import ArgumentError, listing, sentence
from rai.models.batches import Progress
from rai.values.features import Features
from rai.values.levels import EVERYONE
from rai.whatif.change_rates import FROM, TO, ChangeRate, ChangeRates, change_rates
from rai.whatif.cutoffs import Threshold, cuts_along
from rai.whatif.edit_marks import EditMark, EditMarks
from rai.whatif.edited_rows import known_features
from rai.whatif.flip_results import ANY, FlipTest
from rai.whatif.flip_scores import flip_scores
from rai.whatif.flipped_rows import FlippedRows, flipped_rows
from rai.whatif.row_groups import Cuts, RowGroups, groups_of
from rai.whatif.score_changes import (
    ChangeCases,
    Changes,
    Group,
    changes_of,
    check_tolerance,
    largest_changes,
)
from rai.whatif.settings import Setting, setting_of

DecideAs = Literal["edited", "original"]


def flip_test(
    model: Any,
    rows: Any,
    *,
    change: str | Sequence[str],
    values: Sequence[Any] | None = None,
    sensitive_features: Any = None,
    cuts: Cuts | None = None,
    threshold: Threshold = None,
    along: Any = None,
    decide_as: DecideAs = "edited",
    y_score: Any = None,
    tolerance: float = 0.0,
    level: float = 0.95,
    largest: int = 20,
    features: Features | None = None,
    progress: Progress | None = None,
) -> FlipTest:
    """How many decisions change when an attribute is changed, and nothing else.

    Each row is asked about with each other value of the attribute; its own value is never counted. The
    share of rows that at least one other value would decide otherwise is known as the causal
    discrimination score. Each interval (Wilson's) holds by itself, for rows drawn independently.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows.
        change: The column to change; or several that change together, such as name and pronoun.
        values: What to change it to, for several columns as tuples; all values that occur (without the
            missing) if None. Needed for numbers, and where more than 50 values occur.
        sensitive_features: Groups to count in beside the original value: names of columns, a dict of
            name to array, a frame or a series. People stay in the group that they were in.
        cuts: Numeric column of these or `along` to edges (ranges hold their lower edge) or to a number
            of quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        threshold: One number, group to number (with `along`), or a `ThresholdPlan`; the model's if None.
        along: The columns that make up a group, for a mapping of thresholds.
        decide_as: Whose threshold decides about a changed row, where thresholds are by group and the
            group is changed: that of the `edited` group, as someone of that group would be decided
            about, or the `original` one, which leaves only what the model makes of the attribute.
        y_score: Scores of the rows as they are, where known, shape (n,) or (n, k).
        tolerance: Of a regression: how far a value may move without counting as changed.
        level: Coverage of every interval.
        largest: How many of the largest changes to list.
        features: What is known of the columns; read off the rows if None.
        progress: Called after each batch with the rows predicted and the rows in all.

    Raises:
        RoleError: A column is not there, or names no groups.
        ArgumentError: Numbers or too many values without `values`, values or thresholds that don't fit.
        DataError: Rows that the model can't predict, or a changed group without a threshold.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60, 30], "sex": ["F", "M", "M"]}
        >>> found = rai.whatif.flip_test(
        ...     lambda frame: (frame["income"] > 50) | (frame["sex"] == "M"), rows, change="sex")
        >>> for pair in found.pairs:
        ...     print(pair.name, pair.n, pair.changed, pair.to_positive, pair.to_negative)
        F → M 1 1 1 0
        M → F 2 1 0 1

    Source: Galhotra, Brun and Meliou (2017), doi:10.1145/3106237.3106277.
    """
    columns = _columns(change)
    decide_as = check_choice(decide_as, ("edited", "original"), where="decide_as")  # type: ignore[assignment]
    most, level = check_count(largest, where="largest", least=0), check_level(level)
    setting = setting_of(
        model, rows, threshold=threshold, along=along, cuts=cuts_along(cuts, along), edits="flip_test"
    )
    tolerance = check_tolerance(setting.model, tolerance)
    for name in columns:
        setting.rows.check(name, where="change")
    known = known_features(setting.rows, features)
    flipped = flipped_rows(setting.rows, columns, values=values, feature_of=known)
    groups = groups_of(setting.rows, sensitive_features, cuts=cuts, along=along)
    before, after = flip_scores(setting, flipped, y_score=y_score, progress=progress)
    decided = _decided(setting, flipped, before, after, decide_as)
    changes = changes_of(setting.model, before[flipped.row], after, decided=decided, tolerance=tolerance)
    any_value = _any_value(changes, flipped, groups, level=level)
    return FlipTest(
        change=columns,
        task=setting.model.task,
        positive_label=setting.model.positive_label,
        pairs=_pairs(changes, flipped, groups, level=level),
        any_value=any_value,
        overall=_everyone(changes, flipped, groups, level=level),
        largest=_largest(changes, flipped, groups, most),
        marks=EditMarks([*flipped.marks, *_unread(setting, flipped)]),
        rows=len(setting.rows),
        decide_as=decide_as,
        tolerance=tolerance,
        level=level,
    )


def _columns(change: Any) -> tuple[str, ...]:
    """The columns to change, each once."""
    several = isinstance(change, Iterable) and not isinstance(change, dict)
    columns = as_names(change) if several else ()
    if not columns or not all(isinstance(name, str) for name in columns):
        raise ArgumentError(sentence("change", repr(change)[:60], expected="a column, or several"))
    if len(set(columns)) < len(columns):
        raise ArgumentError(sentence("change", listing(columns), expected="each column once"))
    return columns


def _decided(
    setting: Setting, flipped: FlippedRows, before: Floats, after: Floats, decide_as: str
) -> tuple[Ints, Ints] | None:
    """What is decided about the row of each entry, and about the entry."""
    if not setting.model.classes:
        return None
    first = setting.decide(before, setting.rows)[flipped.row]
    along = setting.rows.select(setting.cutoffs.along or setting.rows.names[:1])
    if decide_as == "edited":
        decided_on = flipped.gathered(along, flipped.row, flipped.source[flipped.new])
    else:
        decided_on = along.take(flipped.row)
    return first, setting.decide(after, decided_on)


def _pairs(changes: Changes, flipped: FlippedRows, groups: RowGroups, *, level: float) -> ChangeRates:
    """Counts for each group, original value and new value."""
    own, new, row = len(flipped.own_names), len(flipped.names), flipped.row
    place = (groups.place[row] * own + flipped.own[row]) * new + flipped.new
    named = [
        (*group, (FROM, original), (TO, changed))
        for group in groups.groups
        for original in flipped.own_names
        for changed in flipped.names
    ]
    return change_rates(changes, place, groups=named, level=level)


def _any_value(
    changes: Changes, flipped: FlippedRows, groups: RowGroups, *, level: float
) -> ChangeRates:
    """Counts for each group and original value of rows that some other value changes."""
    own = len(flipped.own_names)
    named = [
        (*group, (FROM, original), (TO, ANY))
        for group in groups.groups
        for original in flipped.own_names
    ]
    return _by_row(changes, flipped, groups.place * own + flipped.own, named, level=level)


def _everyone(changes: Changes, flipped: FlippedRows, groups: RowGroups, *, level: float) -> ChangeRate:
    named: Group = (*((axis, EVERYONE) for axis in groups.axes), (FROM, EVERYONE), (TO, ANY))
    place = np.zeros(len(flipped.own), dtype=np.intp)
    return _by_row(changes, flipped, place, [named], level=level)[0]


def _by_row(
    changes: Changes, flipped: FlippedRows, place: Ints, named: list[Group], *, level: float
) -> ChangeRates:
    """Counts of rows instead of entries; mean changes stay those of entries."""
    n = len(flipped.own)
    asked = np.flatnonzero(np.bincount(flipped.row, minlength=n))
    shown = np.zeros(n, dtype=np.intp)  # an entry of each row, one that changes where there is one
    shown[flipped.row] = np.arange(len(flipped))
    changed = np.flatnonzero(changes.changed)
    shown[flipped.row[changed]] = changed
    rows = change_rates(changes.at(shown[asked]), place[asked], groups=named, level=level)
    entries = change_rates(changes, place[flipped.row], groups=named, level=level, independent=False)
    return ChangeRates(
        replace(
            row,
            mean_delta=entry.mean_delta,
            mean_delta_low=None,
            mean_delta_high=None,
            mean_absolute_delta=entry.mean_absolute_delta,
        )
        for row, entry in zip(rows, entries, strict=True)
    )


def _largest(changes: Changes, flipped: FlippedRows, groups: RowGroups, most: int) -> ChangeCases:
    named = groups.groups

    def group_of(entry: int) -> Group:
        row = flipped.row[entry]
        original, new = flipped.own_names[flipped.own[row]], flipped.names[flipped.new[entry]]
        return (*named[groups.place[row]], (FROM, original), (TO, new))

    return largest_changes(
        changes, most, row_of=lambda entry: int(flipped.row[entry]), group_of=group_of
    )


def _unread(setting: Setting, flipped: FlippedRows) -> list[EditMark]:
    """Marks for changed columns that the model does not read."""
    rows = len(setting.rows)
    unread = [name for name in flipped.columns if name not in setting.read]
    return [EditMark(name, rows, "not read by the model") for name in unread]
