"""All features together: gradient boosting that is fitted on some rows and asked about others.

    features ──▶ numbers as they are, categories as codes ──K folds──▶ scores of rows not fitted on
                  one feature shuffled ──▶ what the scores lose without it

scikit-learn's trees take missing values as they are and need no scaling, so that nothing is tuned here.
They are small and held back (L2): without that, groups of few rows make the fit diverge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.engines.numbers import NotNumbersError
from rai.explore.coded import codes as coded
from rai.explore.proxy_folds import Asked
from rai.explore.proxy_rows import Proxy
from rai.explore.proxy_targets import Target, untold
from rai.explore.single_proxies import measure_of, notes, over_groups, with_told
from rai.ground.errors import ExtraError, missing_extra
from rai.measure.out_of_fold import Told, of_scores, r_squared

MOST_ROWS = 20_000
MOST_CATEGORIES = 250
MOST_GROUPS = 10  # for which it is asked what each feature adds
TREES = {"max_iter": 20, "learning_rate": 0.2, "max_leaf_nodes": 16, "l2_regularization": 10.0}

_FAR = 1e300  # where infinities are put: scikit-learn takes none

Adds = dict[str, float]


def together(target: Target, features: Sequence[str], asked: Asked) -> tuple[Proxy, Adds]:
    """How well all features tell the target, and what is lost with each of them shuffled.

    Without scikit-learn there is no value, and the note says how to get it.

    Args:
        target: What is to be told.
        features: The columns that tell something by themselves.
        asked: The rows and the folds.
    """
    proxy = Proxy(
        sensitive_feature=target.name,
        feature="all together",
        kind="together",
        measure=measure_of(target),
        n=len(target.rows),
        note=untold(target) or ("" if features else "undefined: no features"),
    )
    if proxy.note:
        return proxy, {}
    try:
        task = _task(target, features, asked)
        with _one_thread():
            score, shuffled = _predicted(task, asked.seed)
    except ExtraError as error:
        return replace(proxy, note=f"undefined: {error}"), {}
    told, best = task.told(score, asked.level)
    n, rows = len(task.fold), len(target.rows)
    few = f"on {n:,} of {rows:,} rows" if n < rows else ""
    adds = {
        name: (told.value or 0.0) - (task.told(other, asked.level)[0].value or 0.0)
        for name, other in shuffled.items()
    }
    return replace(with_told(proxy, told, note=notes(best, few, target.note)), n=n), adds


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What is learnt from what, on m rows in an order that is drawn by chance.

    Args:
        target: What is to be told, on these rows.
        features: Names of the columns.
        x: Features as numbers, NaN where missing, shape (m, p).
        categorical: Which of them are codes of categories, shape (p,).
        fold: Fold of each row, shape (m,).
        weight: Weight of each row, shape (m,).
    """

    target: Target
    features: tuple[str, ...]
    x: Floats
    categorical: tuple[bool, ...]
    fold: Ints
    weight: Floats | None

    @property
    def y(self) -> Any:
        return self.target.group if self.target.y is None else self.target.y

    def told(self, score: Floats, level: float) -> tuple[Told, str]:
        """How well scores tell the target, and the group that is told best; scores of shape (m, g)."""
        folds, group, weight = int(self.fold.max()) + 1, self.target.group, self.weight
        if self.target.y is None:
            parts = [
                of_scores(score[:, g], group == g, self.fold, weight=weight).told(level=level)
                for g in range(score.shape[1])
            ]
            return over_groups(parts, self.target)
        y, held = self.target.y, np.ones(len(group)) if weight is None else weight
        means = [np.average(y[self.fold != k], weights=held[self.fold != k]) for k in range(folds)]
        plain = np.array(means)[self.fold]
        return r_squared(y, score[:, 0], plain, folds=folds, level=level, weight=weight), ""


def _task(target: Target, features: Sequence[str], asked: Asked) -> _Task:
    """The target and the features on at most so many rows, drawn by what they hold."""
    columns, categorical = _columns(asked.rows, features)
    columns = [column[target.rows] for column in columns]
    some = asked.shuffled(target, _direction(columns, asked.seed))[:MOST_ROWS]
    chosen = replace(
        target,
        rows=target.rows[some],
        group=target.group[some],
        y=None if target.y is None else target.y[some],
    )
    x = np.column_stack([column[some] for column in columns])
    fold = asked.dealt(chosen.group)
    return _Task(chosen, tuple(features), x, categorical, fold, asked.weights(chosen))


def _predicted(task: _Task, seed: int) -> tuple[Floats, dict[str, Floats]]:
    """Scores of each row from a model fitted on the other folds; and with each feature shuffled."""
    rng = np.random.default_rng(seed)
    groups = max(len(task.target.levels), 1)
    shape, asked = (len(task.fold), groups), task.features if groups <= MOST_GROUPS else ()
    score, shuffled = np.zeros(shape), {name: np.zeros(shape) for name in asked}
    for k in range(int(task.fold.max()) + 1):
        inside, learnt = np.flatnonzero(task.fold == k), task.fold != k
        scores = _fitted(task, learnt, seed)
        score[inside] = scores(task.x[inside])
        for place, name in enumerate(shuffled):
            mixed = task.x[inside].copy()
            mixed[:, place] = mixed[rng.permutation(len(inside)), place]
            shuffled[name][inside] = scores(mixed)
    return score, shuffled


def _one_thread() -> AbstractContextManager[Any]:
    """Sums in one order, so that the number of cores makes no difference; and no waiting for busy ones.

    Raises:
        ExtraError: If scikit-learn is not installed.
    """
    try:
        import sklearn.ensemble  # noqa: F401
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise missing_extra("proxies, all together", package="scikit-learn", extra="models") from None
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits


def _fitted(task: _Task, learnt: Any, seed: int) -> Callable[[Floats], Floats]:
    """What scores rows, a column for each group: trees that were fitted on the rows that are learnt."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    of_groups = task.target.y is None
    kind = HistGradientBoostingClassifier if of_groups else HistGradientBoostingRegressor
    trees = kind(**TREES, early_stopping=False, categorical_features=list(task.categorical))
    weight = None if task.weight is None else task.weight[learnt]
    x = task.x[learnt]
    x[:, np.isnan(x).all(axis=0)] = 0.0  # scikit-learn refuses a column of nothing
    model = trees.set_params(random_state=seed).fit(x, task.y[learnt], sample_weight=weight)

    def scores(x: Floats) -> Floats:
        if not of_groups:
            return np.asarray(model.predict(x))[:, None]
        held = np.zeros((len(x), len(task.target.levels)))
        held[:, model.classes_] = model.predict_proba(x)
        return held

    return scores


def _columns(rows: Rows, features: Sequence[str]) -> tuple[list[Floats], tuple[bool, ...]]:
    """Features as numbers, each of shape (n,), and which of them are codes of categories."""
    columns, categorical = [], []
    for name in features:
        try:
            columns.append(np.clip(rows.numbers(name), -_FAR, _FAR))
            categorical.append(False)
        except NotNumbersError:
            columns.append(coded(rows.native, name, MOST_CATEGORIES).codes.astype(np.float64))
            categorical.append(True)
    return columns, tuple(categorical)


def _direction(columns: Sequence[Floats], seed: int) -> Floats:
    """How far along a direction drawn by chance each row lies: other values, another number; (n,)."""
    along = np.random.default_rng(seed).uniform(0.5, 1.5, size=len(columns))
    far = np.zeros(len(columns[0]))
    for step, column in zip(along, columns, strict=True):
        largest = np.abs(np.nan_to_num(column)).max(initial=1.0)
        far += step * np.nan_to_num(column / largest, nan=2.0)
    return far
