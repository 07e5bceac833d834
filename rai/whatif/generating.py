"""Counterfactuals: the few changes of a row that would have another outcome.

    row, limits ──▶ all permitted edits ──search──▶ some that have the outcome
                ──refine──▶ nothing changed without need ──choose──▶ k that are near and unlike

Every value comes from a row of the data, or is an end of a range that was given; every edit that is
returned was put to the model, and decided at the threshold of the group that it then belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from rai.engines.frames import Rows
from rai.ground.checks import as_names, check_count
from rai.ground.errors import ArgumentError, sentence
from rai.values.generators import generator_of
from rai.whatif.aims import Aim, aim_of
from rai.whatif.answering import answer
from rai.whatif.choices import choices_of
from rai.whatif.counterfactual_results import Counterfactuals
from rai.whatif.cutoffs import Threshold
from rai.whatif.distances import Distance, Norm
from rai.whatif.edit_space import Space
from rai.whatif.feature_terms import Column, column_of
from rai.whatif.limits import Direction, Limits, limits_of
from rai.whatif.measures import Measure, measure_of
from rai.whatif.row_groups import Cuts
from rai.whatif.settings import Picked, Setting, setting_of

WHERE = "counterfactuals"


def counterfactuals(
    model: Any,
    rows: Any,
    *,
    row: Picked,
    k: int = 5,
    frozen: str | Iterable[str] = (),
    ranges: Mapping[str, Any] | None = None,
    directions: Mapping[str, Direction | str] | None = None,
    most_changes: int = 3,
    desired: Any = None,
    distance: Measure = "default",
    norm: Norm | str = "l1",
    weights: Mapping[str, float] | None = None,
    budget: int = 10_000,
    rng: int | np.random.Generator = 0,
    threshold: Threshold = None,
    along: Any = None,
    cuts: Cuts | None = None,
    tolerance: float | None = None,
    margin: float = 0.0,
    y_score: Any = None,
    y_true: str | None = None,
    ignore: str | Iterable[str] = (),
) -> Counterfactuals:
    """The few changes of a row that would have had another outcome.

    What would have to be different, and not what a person should do: the model decides on what it is
    told, and a change in the world may change other things too. Freeze what can't be changed, give
    directions to what only grows, and mind the plausibility of what is returned.

    Nothing that is returned is made pointless by another: none changes the same features as another, or
    more, and is farther. Where there are no more permitted edits than `budget`, all are asked about, so
    that the nearest is found and what is not found does not exist; otherwise it is a search.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows that say which values occur, and who has which outcome.
        row: A position in them, or a dict of values: someone who is not among them.
        k: How many.
        frozen: Columns that stay as they are.
        ranges: Column to what it may change to: of numbers and dates (low, high), with None for an open
            end, of anything else its permitted values. A value that stays need not be within.
        directions: Column of numbers or dates to `up` or `down`, the only way in which it may change.
        most_changes: How many columns may change at once.
        desired: The class that is wanted; of a regression a range (low, high). Any other if None.
        distance: `default` or `what-if-tool` (see `fit_distance`), or a fitted `Distance`.
        norm: `l1` or `l2`.
        weights: Column to how many times as far its changes count.
        budget: How many edits the model may be asked about. Scores of the rows are apart from it.
        rng: A seed or a generator, for what is left to chance.
        threshold: What decides: a number, group to number, a `ThresholdPlan`, or the model's own if
            None. An edit that changes the group is decided at that group's threshold.
        along: The columns that make up a group, for a mapping.
        cuts: Numeric column of `along` to edges (ranges hold their lower edge) or to a number of
            quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        tolerance: Of a regression, how far a prediction must be from the row's own to differ; the
            standard deviation of all predictions if None.
        margin: By how much the outcome must be beyond doubt, in units of the score.
        y_score: The scores of the rows, where they are known; the model is then not asked for them.
        y_true: The column of true labels, which never changes and doesn't count.
        ignore: Other columns that don't.

    Returns:
        At most `k` edits, nearest first; if there are none, the note says whether none exists among the
        values that occur, or none was found before the predictions were spent.

    Raises:
        RoleError: If a column isn't there.
        ArgumentError: If a limit doesn't go with its column, or the outcome not with the model.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"income": [20, 40, 52, 90], "sex": ["F", "M", "F", "M"]})
        >>> model = lambda frame: frame["income"] / 100
        >>> print(counterfactuals(model, rows, row=1, frozen="sex")[0].changes)
        feature  from  to  share
        income     40  52      1

    Source:
        S. Wachter, B. Mittelstadt and C. Russell (2017), Counterfactual explanations without opening the
        black box, arXiv:1711.00399. R. K. Mothilal, A. Sharma and C. Tan (2020), Explaining machine
        learning classifiers through diverse counterfactual explanations, doi:10.1145/3351095.3372850.
    """
    setting = setting_of(model, rows, threshold=threshold, along=along, cuts=cuts, edits=WHERE)
    check_count(k, where="k")
    check_count(budget, where="budget")
    drawn_by = generator_of(rng)
    fitted = _measured(
        setting, distance, norm=norm, weights=weights, frozen=(), y_true=y_true, ignore=ignore
    )
    columns = _columns(setting, fitted)
    fixed = (*as_names(frozen), *fitted.frozen, *as_names(y_true), *as_names(ignore))
    limits = limits_of(
        setting.rows,
        setting.read,
        columns,
        frozen=fixed,
        ranges=ranges,
        directions=directions,
        most_changes=most_changes,
    )
    asked, scores = setting.picked(row), setting.given_scores(y_score)
    aim = aim_of(
        setting,
        asked,
        score=setting.scores(asked),
        scores=scores,
        desired=desired,
        tolerance=tolerance,
        margin=margin,
    )
    space = _space(aim, asked, fitted, columns, limits)
    there = np.flatnonzero(aim.met(scores, setting.rows))
    return answer(space, fitted, columns=columns, there=there, k=k, budget=budget, rng=drawn_by)


def _measured(setting: Setting, distance: Measure, **asked: Any) -> Distance:
    """The distance that is asked for, of which each column's part is known.

    Raises:
        ArgumentError: If it is a function.
    """
    fitted = measure_of(setting, distance, **asked)
    if fitted.function is not None:
        seen, expected = "a function", "'default', 'what-if-tool', or a Distance of one of them"
        raise ArgumentError(sentence("distance", seen, expected=expected))
    return fitted


def _columns(setting: Setting, fitted: Distance) -> dict[str, Column]:
    """The columns that count or are read, made ready."""
    ready = fitted.ready(setting.rows)
    found = {term.name: column for term, column in zip(fitted.terms, ready, strict=True)}
    rest = (name for name in setting.read if name not in found)
    return found | {name: column_of(setting.rows, name) for name in rest}


def _space(
    aim: Aim, row: Rows, fitted: Distance, columns: Mapping[str, Column], limits: Limits
) -> Space:
    """The permitted edits."""
    choices = choices_of(
        aim.setting.rows,
        row,
        columns=columns,
        terms={term.name: term for term in fitted.terms},
        limits=limits,
        squared=fitted.norm == "l2",
    )
    return Space(
        aim=aim,
        row=row,
        choices=choices,
        offset=sum(fitted.parts(row, row).values()),
        root=fitted.rooted,
        most=limits.most,
    )
