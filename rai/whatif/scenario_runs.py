"""Running a scenario: what a model says and decides before and after it.

rows ─ slice ─ edits ─▶ edited rows ─ model ─▶ scores ─ thresholds ─▶ decisions   beside those before
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rai.audits import Audit, audit
from rai.engines.encoding import Ints
from rai.engines.frames import Rows, as_pandas
from rai.explore.slices import places_where
from rai.ground.checks import check_level
from rai.ground.errors import ArgumentError, sentence
from rai.models import Model
from rai.models.batches import Progress
from rai.values.features import Features
from rai.whatif.comparing import counted_both, counted_by
from rai.whatif.cutoffs import Threshold, cuts_along
from rai.whatif.edit_marks import EditMark, EditMarks
from rai.whatif.edited_rows import apply_edits, known_features, unread
from rai.whatif.model_comparisons import ModelComparison
from rai.whatif.row_groups import Cuts, RowGroups, groups_of
from rai.whatif.scenario_results import AFTER, BEFORE, EDIT, ScenarioResult
from rai.whatif.scenarios import Scenario
from rai.whatif.score_changes import changes_of, check_tolerance
from rai.whatif.settings import Setting, setting_of
from rai.whatif.truths import Truth, truth_of


def run_scenario(
    model: Any,
    rows: Any,
    *,
    scenario: Scenario,
    threshold: Threshold = None,
    along: Any = None,
    y_true: Any = None,
    sensitive_features: Any = (),
    cuts: Cuts | None = None,
    y_score: Any = None,
    tolerance: float = 0.0,
    level: float = 0.95,
    features: Features | None = None,
    progress: Progress | None = None,
) -> ScenarioResult:
    """What a scenario does to the scores and decisions of all rows, and to each group's.

    Only rows that the scenario changes are predicted again. A row is decided at the threshold of the
    group that it is in after the edit, but counted in the group that it was in before: people don't
    change group, the row that is decided about does.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows.
        scenario: The edits, and the rows they are for.
        threshold: One number, group to number (with `along`), or a `ThresholdPlan`; the model's if None.
        along: The columns that make up a group, for a mapping of thresholds.
        y_true: True labels (or values) for an audit of both: a column's name, or an array, shape (n,).
        sensitive_features: Groups: names of columns, or a dict of name to array, a frame or a series.
        cuts: Numeric column of these or `along` to edges (ranges hold their lower edge) or to a number
            of quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        y_score: Scores before, where they are known, shape (n,) or (n, k).
        tolerance: Of a regression: how far a value may move without counting as changed.
        level: Coverage of every interval.
        features: What is known of the columns; read off the rows if None.
        progress: Called after each batch with the rows predicted and the rows in all.

    Raises:
        RoleError: A column is not there, or unfit for its role.
        ArgumentError: An edit, a condition or a threshold doesn't go with the rows or the model.
        DataError: Rows that can't be used, or that the model can't predict.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60, 55], "sex": ["F", "M", "F"]}
        >>> swap = rai.whatif.Scenario("all men", rai.whatif.Edit.set("sex", "M"))
        >>> found = rai.whatif.run_scenario(
        ...     lambda frame: 0.4 * (frame["income"] > 50) + 0.3 * (frame["sex"] == "M"), rows,
        ...     scenario=swap, sensitive_features="sex")
        >>> [(rate.name, rate.n, rate.to_positive) for rate in found.flips]
        [('F', 2, 1), ('M', 1, 0)]
    """
    if not isinstance(scenario, Scenario):
        hint = 'Write Scenario("name", edits).'
        seen = f"something of type {type(scenario).__name__}"
        raise ArgumentError(sentence("scenario", seen, expected="a Scenario", hint=hint))
    setting = setting_of(
        model, rows, threshold=threshold, along=along, cuts=cuts_along(cuts, along), edits="run_scenario"
    )
    tolerance, level = check_tolerance(setting.model, tolerance), check_level(level)
    groups = groups_of(setting.rows, sensitive_features, cuts=cuts, along=along)
    truth = truth_of(setting.rows, y_true, setting.model)
    found = _before_and_after(setting, scenario, y_score=y_score, features=features, progress=progress)
    decided = (found["decided_before"], found["decided_after"]) if setting.model.classes else None
    changes = changes_of(
        setting.model, found["before"], found["after"], decided=decided, tolerance=tolerance
    )
    both = _audit(setting.model, groups, truth, found, level=level)
    paired = _paired(setting.model, groups, truth, found, level=level)
    return ScenarioResult(
        scenario=scenario,
        model=setting.model,
        groups=groups,
        changes=changes,
        level=level,
        audited=both,
        paired=paired,
        **found,
    )


def _before_and_after(
    setting: Setting,
    scenario: Scenario,
    *,
    y_score: Any,
    features: Features | None,
    progress: Progress | None,
) -> dict[str, Any]:
    """Scores and decisions before and after, the rows edited, and marks."""
    rows = setting.rows
    at = places_where(rows, scenario.where, at=scenario.rows)
    part = rows if len(at) == len(rows) else rows.take(at)
    edited = apply_edits(part, scenario.edits, feature_of=known_features(rows, features))
    before = setting.given_scores(y_score, progress=progress)
    places, new = at[edited.places], edited.rows.take(edited.places)
    after = before
    if set(edited.columns) & set(setting.read):
        after = before.copy()
        after[places] = setting.scores(new)
    marks = [*edited.marks, *unread(edited, setting.read)]
    if not len(at):
        marks.append(EditMark("where", 0, "no row meets the conditions"))
    held = {"before": before, "after": after, "edited_rows": places, "marks": EditMarks(marks)}
    return {**held, **_decisions(setting, before, after, places, new)}


def _decisions(
    setting: Setting, before: Any, after: Any, places: Ints, new: Rows
) -> dict[str, Ints | None]:
    if not setting.model.classes:
        return {"decided_before": None, "decided_after": None}
    first = setting.decide(before, setting.rows)
    then = first.copy()
    if len(places):
        then[places] = setting.decide(after[places], new)
    return {"decided_before": first, "decided_after": then}


def _audit(
    model: Model, groups: RowGroups, truth: Truth, found: dict[str, Any], *, level: float
) -> Audit | None:
    """The audit of every row twice: before and after."""
    if truth.values is None or not groups.axes:
        return None
    known = truth.values
    said = [found["decided_before"], found["decided_after"]]
    if model.classes:
        said = [_labels(model)[decided] for decided in said]
        known = np.array([*model.classes, None], dtype=object)[known]
    else:
        said = [found["before"], found["after"]]
    return audit(
        y_true=_twice(known),
        y_pred=np.concatenate(said),
        sensitive_features={name: _twice(column) for name, column in groups.columns.items()},
        control_features={EDIT: np.repeat([BEFORE, AFTER], len(groups.place))},
        positive_label=model.positive_label,
        cuts=groups.edges,
        task=model.task,
        level=level,
    )


def _paired(
    model: Model, groups: RowGroups, truth: Truth, found: dict[str, Any], *, level: float
) -> ModelComparison:
    """The same people before and after, as two models on the same rows are compared."""
    pair, classes = (BEFORE, AFTER), model.classes
    said = {when: found[f"decided_{when}" if classes else when] for when in pair}
    shared = counted_by(groups, truth.there)
    missing = int((~truth.there).sum())
    return ModelComparison(
        models=pair,
        task=model.task,
        classes=classes,
        axes=groups.axes,
        pairs={pair: counted_both(pair, said, truth=truth, classes=classes, shared=shared)},
        level=level,
        decided=said if classes else {},
        dropped={"y_true is missing": missing} if missing else {},
    )


def _labels(model: Model) -> Any:
    """The classes as an array of their own type."""
    kinds = {type(held) for held in model.classes}
    return np.array(model.classes, dtype=None if len(kinds) == 1 else object)


def _twice(column: Any) -> Any:
    import pandas as pd

    held = pd.Series(as_pandas(column))
    return pd.concat([held, held], ignore_index=True)
