"""What is timed of thresholds: choosing them, by rai, by fairlearn, and over again from the rows.

rai          rows ──audit──▶ counts ──optimize_thresholds──▶ plan     exact, for these counts
fairlearn    rows ──ThresholdOptimizer.fit──▶ rules                   the best of 1,000 rates
from rows    101 thresholds × groups × strategies, a confusion matrix from the rows each time,
             and the search of the What-If Tool
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONSTRAINTS = {"equal_opportunity": "true_positive_rate_parity", "equalized_odds": "equalized_odds"}
GRID = np.arange(101) / 100

Rows = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What chosen thresholds come to on the rows they were chosen on.

    Args:
        error: The expected share of wrong decisions.
        gap: How far groups are apart in the rates that were to be equal.
    """

    error: float
    gap: float


def audited(rows: Rows, *, bins: Any = 1000) -> Any:
    """An audit of the rows by rai."""
    import rai

    return rai.audit(
        y_true=rows["y_true"],
        y_score=rows["y_score"],
        sensitive_features={"group": rows["group"]},
        bins=bins,
    )


def choose(rows: Rows, strategy: str, *, bins: Any = 1000, **asked: Any) -> Outcome:
    """Audit rows and choose thresholds by rai."""
    import rai

    plan = rai.optimize_thresholds(audited(rows, bins=bins), strategy=strategy, **asked)
    left, spent = plan.fitted.residual, plan.fitted.cost.value
    assert left is not None
    assert left.value is not None
    assert spent is not None
    return Outcome(spent, left.value)


def fit_fairlearn(rows: Rows, strategy: str) -> Any:
    """Fit fairlearn's optimiser to scores that are there already."""
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.linear_model import LinearRegression

    score = LinearRegression()  # what it predicts is its only column, the score
    score.coef_, score.intercept_ = np.ones(1), 0.0
    optimizer = ThresholdOptimizer(
        estimator=score, constraints=CONSTRAINTS[strategy], prefit=True, predict_method="predict"
    )
    return optimizer.fit(rows["y_score"][:, None], rows["y_true"], sensitive_features=rows["group"])


def judge_fairlearn(fitted: Any, rows: Rows, strategy: str) -> Outcome:
    """The expected outcome of its rules, without drawing lots."""
    y, group = rows["y_true"], rows["group"]
    chance = fitted._pmf_predict(rows["y_score"][:, None], sensitive_features=group)[:, 1]  # noqa: SLF001
    labels = (1,) if strategy == "equal_opportunity" else (1, 0)
    spreads = [
        np.ptp([chance[(group == one) & (y == label)].mean() for one in np.unique(group)])
        for label in labels
    ]
    return Outcome(float(np.where(y == 1, 1 - chance, chance).mean()), float(max(spreads)))


def every_strategy(audit: Any) -> list[Any]:
    """Plans of all strategies from one audit."""
    import rai
    from rai.measure.thresholds.strategies import STRATEGIES

    return [rai.optimize_thresholds(audit, strategy=row.name) for row in STRATEGIES]


def over_again(rows: Rows) -> dict[str, tuple[float, ...]]:
    """The five strategies of the What-If Tool, each from the rows: a threshold for each group."""
    chosen = {}
    for name, rate in RATES.items():
        tables = _tables(rows)
        cost = tables[:, :, 1] + tables[:, :, 2]
        if name == "single_threshold":
            places = np.full(cost.shape[1], _last_least(cost.sum(axis=1)))
        elif name == "group_thresholds":
            places = np.array([_last_least(one) for one in cost.T])
        else:
            with np.errstate(invalid="ignore", divide="ignore"):
                places = _matched(np.asarray(rate(*np.moveaxis(tables, 2, 0))), cost)
        chosen[name] = tuple(float(GRID[place]) for place in places)
    return chosen


RATES: dict[str, Any] = {
    "single_threshold": None,
    "group_thresholds": None,
    "demographic_parity": lambda tp, fp, fn, tn: (tp + fp) / (tp + fp + fn + tn),
    "equal_opportunity": lambda tp, fp, fn, tn: tp / (tp + fn),
    "equal_accuracy": lambda tp, fp, fn, tn: (tp + tn) / (tp + fp + fn + tn),
}


def _tables(rows: Rows) -> NDArray[np.int64]:
    """TP, FP, FN and TN at each threshold and of each group, largest first, shape (101, g, 4)."""
    _, group, sizes = np.unique(rows["group"], return_inverse=True, return_counts=True)
    parts = [group == place for place in np.argsort(-sizes, kind="stable")]
    split = [(rows["y_true"][part] == 1, rows["y_score"][part]) for part in parts]
    return np.array([[_table(y, score >= t) for y, score in split] for t in GRID])


def _table(y: NDArray[np.bool_], selected: NDArray[np.bool_]) -> list[int]:
    return [
        int((a & b).sum()) for a, b in ((y, selected), (~y, selected), (y, ~selected), (~y, ~selected))
    ]


def _matched(rate: NDArray[np.float64], cost: NDArray[np.int64]) -> NDArray[np.intp]:
    """For each threshold of the first group the closest rates of the others; then the cheapest."""
    best, chosen = np.inf, np.zeros(rate.shape[1], dtype=np.intp)
    for place in range(len(GRID)):
        others = [_last_least(np.abs(one - rate[place, 0])) for one in rate.T]
        places = np.array([place, *others[1:]])
        total = cost[places, np.arange(len(places))].sum()
        if total <= best:
            best, chosen = total, places
    return chosen


def _last_least(values: NDArray[np.generic]) -> int:
    """The highest threshold with the least value."""
    return int(len(values) - 1 - np.argmin(values[::-1]))
