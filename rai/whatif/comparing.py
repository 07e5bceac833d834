"""Two or more models on the same rows: who is decided differently, and what that changes.

{"old": model, "new": model}, rows ─▶ decisions of each ─▶ joint counts (group, label, old, new)
    ─▶ ModelComparison: agreement, flips, differences of metrics, differences of gaps
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.engines.numbers import numbers_of_role
from rai.ground.checks import as_names, check_level
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.measure.paired import Pairs, paired_counts, paired_moments
from rai.models import Model
from rai.models.batches import Progress
from rai.values import Level
from rai.whatif.cutoffs import Threshold, cuts_along
from rai.whatif.group_names import named_groups
from rai.whatif.model_comparisons import TAKEN, ModelComparison, compared_pairs
from rai.whatif.row_groups import Cuts, RowGroups
from rai.whatif.settings import Setting, setting_of
from rai.whatif.several_models import named_models
from rai.whatif.truths import Truth, column_of, truth_of

Bools = NDArray[np.bool_]

WHERE = "compare_models"


def compare_models(
    models: Any,
    rows: Any,
    *,
    y_true: Any = None,
    sensitive_features: Any = (),
    threshold: Threshold | Mapping[str, Threshold] = None,
    along: Any = None,
    baseline: str | None = None,
    metrics: Sequence[str] = (),
    cuts: Cuts | None = None,
    sample_weight: Any = None,
    y_score: Mapping[str, Any] | None = None,
    level: float = 0.95,
    seed: int = 0,
    progress: Progress | None = None,
) -> ModelComparison:
    """Compare models on the same rows.

    Two models that see the same rows err on much the same rows. Intervals that use this are far shorter
    than those of two audits side by side, and where the models decide alike in every row they still have
    a width: more rows might have shown a difference.

    Args:
        models: Name to model (anything that `rai.load_model` takes), or a list of models. Columns of
            scores do, too: `rai.load_model(column="score")`.
        rows: The rows.
        y_true: True labels (or values): a column's name, or an array, shape (n,). Without them only what
            is decided can be compared. Rows whose label is missing are left out, and counted.
        sensitive_features: Groups: names of columns, or a dict of name to array, a frame or a series.
        threshold: What decides, for every model, as in `rai.whatif`; or name to threshold.
        along: The columns that make up a group, where thresholds are given for groups.
        baseline: The model that all others are compared with; None for every pair.
        metrics: What `differences()` tells when no metric is named.
        cuts: Numeric column of these or `along` to edges (ranges hold their lower edge) or to a number
            of quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        sample_weight: Weights of the rows: a column's name, or an array, shape (n,).
        y_score: Scores that are known already: name to array, shape (n,) or (n, k).
        level: Coverage of every interval.
        seed: Seed of the draws behind simultaneous intervals.
        progress: Called after each batch of each model with the rows done and the rows in all.

    Raises:
        ArgumentError: Fewer than two models, or models that answer different questions; an unknown
            baseline; a threshold that doesn't go with them.
        RoleError: A column is not there, or unfit for its role.
        DataError: Rows that can't be used, or that a model can't predict.

    Example:
        >>> import rai
        >>> rows = {"x": [0.1, 0.4, 0.6, 0.9], "sex": ["F", "F", "M", "M"]}
        >>> models = {"old": lambda f: f["x"], "new": lambda f: f["x"] + 0.1 * (f["sex"] == "F")}
        >>> found = rai.whatif.compare_models(models, rows, sensitive_features="sex")
        >>> found.agreement()[0].value
        0.75
        >>> [(row.name, row.numerator) for row in found.flips().where(becomes=1)]
        [('F', 1.0), ('M', 0.0)]
    """
    known = named_models(models, where=WHERE, least=2)
    level, names = check_level(level), tuple(known)
    pairs, held = compared_pairs(names, baseline), open_rows(rows)
    chosen = _thresholds(threshold, names)
    settings = {
        name: setting_of(model, held, threshold=chosen[name], along=along, cuts=cuts_along(cuts, along))
        for name, model in known.items()
    }
    given = _scores_given(y_score, names)
    scores = {
        name: setting.given_scores(given.get(name), progress=progress)
        for name, setting in settings.items()
    }
    first = known[names[0]]
    groups = named_groups(
        held, sensitive_features, taken=TAKEN, where="sensitive_features", cuts=cuts, along=along
    )
    truth = truth_of(held, y_true, first)
    there = truth.there
    weight = _weights(held, sample_weight)
    decided = _decided(settings, scores, first) if first.classes else {}
    shared = counted_by(groups, there, weight)
    counted = {
        pair: counted_both(pair, decided or scores, truth=truth, classes=first.classes, shared=shared)
        for pair in pairs
    }
    return ModelComparison(
        models=names,
        task=first.task,
        classes=first.classes,
        axes=groups.axes,
        pairs=counted,
        level=level,
        shown=as_names(metrics),
        decided=decided,
        dropped={} if there.all() else {"y_true is missing": int((~there).sum())},
        seed=seed,
    )


def counted_both(
    pair: tuple[str, str],
    said: Mapping[str, Any],
    *,
    truth: Truth,
    classes: tuple[Level, ...],
    shared: Mapping[str, Any],
) -> Pairs:
    """Joint counts (or sums) of what two models said, over the rows that have a label.

    Args:
        pair: Their names.
        said: Name to decisions, as places in `classes`, or to values, shape (rows,).
        truth: What is true of the rows.
        classes: The classes; empty for a regression.
        shared: What rows are counted by; see `counted_by`.
    """
    there = truth.there
    first, second = (said[name][there] for name in pair)
    known = None if truth.values is None else truth.values[there]
    if not classes:
        return paired_moments(first, second, truth=known, names=pair, **shared)
    return paired_counts(first, second, classes=classes, label=known, names=pair, **shared)


def counted_by(groups: RowGroups, there: Bools, weight: Floats | None = None) -> dict[str, Any]:
    """What every pair is counted by; groups without a label left are gone."""
    occurring, place = np.unique(groups.place[there], return_inverse=True)
    return {
        "group": place,
        "groups": tuple(groups.keys[at] for at in occurring.tolist()),
        "axes": groups.axes,
        "weight": None if weight is None else weight[there],
    }


def _thresholds(threshold: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The threshold of each model: one for all, or by name."""
    by_name = isinstance(threshold, Mapping) and any(name in names for name in threshold)
    if not by_name:
        return dict.fromkeys(names, threshold)
    strange = next((name for name in threshold if name not in names), None)
    if strange is not None:
        expected = f"names of models: {listing(names)}"
        raise ArgumentError(sentence("threshold", f"one for {strange!r}", expected=expected))
    return {name: threshold.get(name) for name in names}


def _scores_given(y_score: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    if y_score is None:
        return {}
    if not isinstance(y_score, Mapping) or any(name not in names for name in y_score):
        seen = listing(y_score) if isinstance(y_score, Mapping) else f"a {type(y_score).__name__}"
        expected = f"a dict of scores for some of {listing(names)}"
        raise ArgumentError(sentence("y_score", seen, expected=expected))
    return y_score


def _decided(
    settings: Mapping[str, Setting], scores: Mapping[str, Floats], first: Model
) -> dict[str, Ints]:
    """What each model decides, as places in the classes of the first."""
    found = {}
    for name, setting in settings.items():
        to_first = np.array([first.classes.index(label) for label in setting.model.classes])
        found[name] = to_first[setting.decide(scores[name], setting.rows)]
    return found


def _weights(rows: Rows, sample_weight: Any) -> Floats | None:
    if sample_weight is None:
        return None
    column = column_of(rows, sample_weight, where="sample_weight")
    weight = numbers_of_role(column, where="sample_weight", expected="weights")
    bad = ~(np.isfinite(weight) & (weight >= 0))
    if bad.any():
        row = int(bad.argmax())
        seen = f"{weight[row]:g} in row {row + 1:,}"
        raise DataError(sentence("sample_weight", seen, expected="finite numbers of at least 0"))
    return weight
