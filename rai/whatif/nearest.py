"""The nearest rows that had another outcome: real ones, found by looking at all of them.

rows, model ──▶ outcomes ──▶ those that differ from this row's ──▶ the nearest of them
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.ground.checks import check_count
from rai.ground.formatting import counted
from rai.ground.records import Records, Row
from rai.models.model import check_answers_edits
from rai.values import Level
from rai.whatif.aims import Aim, Bools, aim_of, score_shown
from rai.whatif.cutoffs import Threshold
from rai.whatif.distances import Distance, Norm
from rai.whatif.feature_changes import FeatureChanges, changes_between
from rai.whatif.feature_terms import column_of
from rai.whatif.measures import Measure, measure_of
from rai.whatif.row_groups import Cuts
from rai.whatif.settings import Picked, Setting, setting_of


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NearestCounterfactual(Records):
    """The nearest row with another outcome.

    Args:
        row: Its position, counted from 0; None if there is none, and `note` says why.
        distance: How far it is.
        changes: What differs, in the columns that the distance looks at, with their shares of it.
        score_from: The score of the row that was asked about; of more than two classes that of the
            class decided.
        score_to: The score of the nearest one.
        decision_from: What is decided for the row that was asked about; None of a regression.
        decision_to: What is decided for the nearest one.
        others: Those that come after it, nearest first, where more than one was asked for.
        note: What to mind.

    Example:
        >>> found = nearest_counterfactual(
        ...     lambda frame: frame["income"] / 100, {"income": [20, 49, 55, 90]}, row=1)
        >>> found.row, found.changes.words, found.decision_from, found.decision_to
        (2, 'income 49 → 55', 0, 1)
    """

    row: int | None
    distance: float | None
    changes: FeatureChanges
    score_from: float
    score_to: float | None
    decision_from: Level | None
    decision_to: Level | None
    others: tuple[NearestCounterfactual, ...] = ()
    note: str = ""

    def to_dicts(self) -> list[Row]:
        """One row for each change, of this one and of the others."""
        found = [] if self.row is None else [self, *self.others]
        return [
            {"rank": rank, "row": one.row, "distance": one.distance, **change.to_dict()}
            for rank, one in enumerate(found, start=1)
            for change in one.changes
        ]

    def __str__(self) -> str:
        return f"(none: {self.note})" if self.row is None else Records.__str__(self)


def nearest_counterfactual(
    model: Any,
    rows: Any,
    *,
    row: Picked,
    distance: Measure = "default",
    norm: Norm | str = "l1",
    weights: Mapping[str, float] | None = None,
    frozen: str | Iterable[str] = (),
    threshold: Threshold = None,
    along: Any = None,
    cuts: Cuts | None = None,
    y_score: Any = None,
    y_true: str | None = None,
    ignore: str | Iterable[str] = (),
    desired: Any = None,
    tolerance: float | None = None,
    k: int = 1,
) -> NearestCounterfactual:
    """The nearest row whose outcome differs: someone like this, who was decided otherwise.

    The outcome differs if the decision does, at each row's own threshold; of more than two classes if
    the class does; of a regression if the prediction is at least `tolerance` away. Of rows that are
    equally near, the first counts. An example of what is decided, and no advice: it need not be
    possible to become that person. See `counterfactuals` for changes that are.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows to look among.
        row: A position in them, or a dict of values: someone who is not among them.
        distance: `default`, `what-if-tool` or a function (see `fit_distance`), or a `Distance` that was
            fitted once on these rows, with which a further question takes milliseconds.
        norm: `l1` or `l2`.
        weights: Column to how many times as far its differences count.
        frozen: Columns in which the nearest row must agree exactly.
        threshold: What decides: a number, group to number, a `ThresholdPlan`; if None the model's own.
        along: The columns that make up a group, for a mapping.
        cuts: Numeric column of `along` to edges (ranges hold their lower edge) or to a number of
            quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        y_score: The scores of the rows, where they are known; the model is then not asked for them.
        y_true: The column of true labels, which doesn't count as a difference.
        ignore: Other columns that don't.
        desired: The class that is wanted; of a regression a range (low, high). Any other if None.
        tolerance: Of a regression, how far a prediction must be from the row's own to differ; the
            standard deviation of all predictions if None.
        k: How many.

    Returns:
        The nearest one; its `row` is None if there is none.

    Raises:
        RoleError: If a column isn't there.
        ArgumentError: If what is asked doesn't go with the model or the rows.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"income": [20, 49, 80, 55], "sex": ["F", "F", "F", "M"]})
        >>> model = lambda frame: frame["income"] / 100
        >>> nearest_counterfactual(model, rows, row=0).row
        3
        >>> nearest_counterfactual(model, rows, row=0, frozen="sex").row
        2

    Source:
        J. Wexler et al. (2020), The What-If Tool, IEEE TVCG 26(1), doi:10.1109/TVCG.2019.2934619.
    """
    setting = setting_of(model, rows, threshold=threshold, along=along, cuts=cuts)
    fitted = measure_of(
        setting, distance, norm=norm, weights=weights, frozen=frozen, y_true=y_true, ignore=ignore
    )
    check_count(k, where="k")
    asked, scores = setting.picked(row), setting.given_scores(y_score)
    score = own_score(setting, row, asked, scores)
    aim = aim_of(setting, asked, score=score, scores=scores, desired=desired, tolerance=tolerance)
    if aim.reached:
        return _none(aim, _noted(aim.reached, fitted.note))
    others = aim.met(scores, setting.rows)
    there = others & agreeing(setting.rows, asked, fitted.frozen)
    if not there.any():
        why = f"no row has {aim.words}"
        if others.any():
            why += f" and agrees in {', '.join(fitted.frozen)}"
        return _none(aim, _noted(why, fitted.note))
    apart, places = _nearest(fitted, setting.rows, asked, there=there, k=k)
    found = [
        _found(aim, fitted, asked, scores=scores, place=int(place), distance=float(far))
        for far, place in zip(apart, places, strict=True)
    ]
    fewer = f"{counted(len(found), 'row')} of the {k} asked for: no more have {aim.words}"
    note = _noted(fewer if len(found) < k else "", fitted.note)
    return replace(found[0], others=tuple(found[1:]), note=note)


def own_score(setting: Setting, row: Picked, asked: Rows, scores: Floats) -> Floats:
    """The scores of the row that is asked about, shape (1,) or (1, k).

    Raises:
        ArgumentError: If it is a new row, and the model is a column of scores.
    """
    if isinstance(row, Mapping):
        check_answers_edits(setting.model, where="row")
        return setting.scores(asked)
    place = setting.place(row)
    return scores[place : place + 1]


def agreeing(rows: Rows, row: Rows, names: Iterable[str]) -> Bools:
    """Whether rows have the same values as one row in some columns, shape (n,)."""
    same = np.ones(len(rows), dtype=np.bool_)
    for name in names:
        column = column_of(rows, name)
        asked = column.asked(row, name)
        same &= np.isnan(column.values) if np.isnan(asked) else column.values == asked
    return same


def _nearest(fitted: Distance, rows: Rows, asked: Rows, *, there: Bools, k: int) -> tuple[Floats, Ints]:
    """Distances and positions of the nearest of the rows that count; of equals the first."""
    places = np.flatnonzero(there)
    if fitted.function is not None:
        apart = fitted.to(asked, rows=rows.take(places))
    else:
        apart = fitted.to(asked, rows=rows)[places]
    if k == 1:
        first = int(apart.argmin())
        return apart[[first]], places[[first]]
    within = np.flatnonzero(apart <= np.partition(apart, min(k, len(apart)) - 1)[min(k, len(apart)) - 1])
    order = within[np.argsort(apart[within], kind="stable")][:k]
    return apart[order], places[order]


def _found(
    aim: Aim, fitted: Distance, asked: Rows, *, scores: Floats, place: int, distance: float
) -> NearestCounterfactual:
    """One of the nearest rows, with what differs."""
    setting, score = aim.setting, scores[place : place + 1]
    other = setting.rows.take([place])
    parts = fitted.parts(asked, other) if fitted.terms else {}
    names = fitted.features if fitted.terms else setting.read
    decided = None if aim.own is None else setting.model.classes[int(setting.decide(score, other)[0])]
    return NearestCounterfactual(
        row=place,
        distance=distance,
        changes=changes_between(asked, other, names=names, parts=parts),
        score_from=score_shown(aim.score),
        score_to=score_shown(score),
        decision_from=aim.decision,
        decision_to=decided,
    )


def _none(aim: Aim, note: str) -> NearestCounterfactual:
    return NearestCounterfactual(
        row=None,
        distance=None,
        changes=FeatureChanges(),
        score_from=score_shown(aim.score),
        score_to=None,
        decision_from=aim.decision,
        decision_to=None,
        note=note,
    )


def _noted(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
