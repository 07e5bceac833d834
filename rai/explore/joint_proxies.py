"""All features together: gradient boosting that is fitted on some rows and asked about others.

    features ──▶ numbers as they are, categories as codes ──K folds──▶ scores of rows not fitted on
                  one feature shuffled ──▶ what the scores lose without it

scikit-learn's trees take missing values as they are and need no scaling, so that nothing is tuned here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError
from rai.explore.coded import codes as coded
from rai.ground.errors import missing_extra
from rai.measure.out_of_fold import Told, of_scores, r_squared

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

MOST_ROWS = 20_000
MOST_CATEGORIES = 250


def joint_area(
    rows: Rows, features: Sequence[str], group: Ints, fold: Ints, *, groups: int, seed: int, level: float
) -> tuple[list[Told], dict[str, float]]:
    """How well all features together tell each group from the rest.

    Args:
        rows: The rows, n of them.
        features: The columns.
        group, fold: Group and fold of each row, shape (n,).
        groups: How many groups there are.
        seed: Seed of the trees and of shuffling.
        level: Coverage of the intervals.

    Returns:
        What is told of each group, and feature to what the mean area loses when it is shuffled.

    Raises:
        ExtraError: If scikit-learn is not installed.
    """

    def scores(model: Any, x: Floats) -> Floats:
        held = np.zeros((len(x), groups))
        held[:, model.classes_] = model.predict_proba(x)
        return held

    def areas(score: Floats) -> list[Told]:
        return [of_scores(score[:, g], group == g, fold).told(level=level) for g in range(groups)]

    def mean(score: Floats) -> float:
        return float(np.mean([told.value for told in areas(score) if told.value is not None]))

    score, shuffled = _predicted(rows, features, group, fold, classes=True, seed=seed, scores=scores)
    whole = mean(score)
    return areas(score), {name: whole - mean(other) for name, other in shuffled.items()}


def joint_r_squared(
    rows: Rows, features: Sequence[str], y: Floats, fold: Ints, *, seed: int, level: float
) -> tuple[Told, dict[str, float]]:
    """How much of a quantity all features together explain, and what is lost with each shuffled.

    Raises:
        ExtraError: If scikit-learn is not installed.
    """
    plain = np.array([y[fold != k].mean() for k in range(int(fold.max()) + 1)])[fold]

    def told(predicted: Floats) -> Told:
        return r_squared(y, predicted, plain, folds=int(fold.max()) + 1, level=level)

    score, shuffled = _predicted(
        rows, features, y, fold, classes=False, seed=seed, scores=lambda model, x: model.predict(x)
    )
    whole = told(score)
    assert whole.value is not None
    losses = {name: whole.value - (told(other).value or 0.0) for name, other in shuffled.items()}
    return whole, losses


def _predicted(
    rows: Rows,
    features: Sequence[str],
    y: Any,
    fold: Ints,
    *,
    classes: bool,
    seed: int,
    scores: Callable[[Any, Floats], Floats],
) -> tuple[Floats, dict[str, Floats]]:
    """Scores of each row from a model fitted on the other folds; and with each feature shuffled."""
    x, categorical = _matrix(rows, features)
    rng = np.random.default_rng(seed)
    parts, others = [], {name: [] for name in features}  # type: ignore[var-annotated]
    order = []
    for k in range(int(fold.max()) + 1):
        inside = np.flatnonzero(fold == k)
        model = _trees(categorical, classes=classes, seed=seed).fit(x[fold != k], y[fold != k])
        parts.append(scores(model, x[inside]))
        order.append(inside)
        for place, name in enumerate(features):
            mixed = x[inside].copy()
            mixed[:, place] = mixed[rng.permutation(len(inside)), place]
            others[name].append(scores(model, mixed))
    back = np.argsort(np.concatenate(order), kind="stable")
    return np.concatenate(parts)[back], {n: np.concatenate(held)[back] for n, held in others.items()}


def _trees(categorical: list[bool], *, classes: bool, seed: int) -> BaseEstimator:
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    except ImportError:
        raise missing_extra("proxies, all together", package="scikit-learn", extra="models") from None
    kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    return kind(
        max_iter=50, early_stopping=False, categorical_features=np.array(categorical), random_state=seed
    )


def _matrix(rows: Rows, features: Sequence[str]) -> tuple[Floats, list[bool]]:
    """Features as numbers, shape (n, p), and which of them are codes of categories."""
    columns, categorical = [], []
    for name in features:
        try:
            values = rows.numbers(name)
            columns.append(np.where(np.isfinite(values), values, np.nan))
            categorical.append(False)
        except NotNumbersError:
            held = coded(rows.native, name, MOST_CATEGORIES)
            columns.append(held.codes.astype(np.float64))
            categorical.append(True)
    return np.column_stack(columns), categorical
