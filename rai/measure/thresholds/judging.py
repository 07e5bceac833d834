"""Rules put to rows, those they were chosen on or others: confusion matrices, and what they cost.

A rule may draw between thresholds; a bin is then selected with a probability, and counts are expected
ones. Costs are means over rows, so their standard errors follow from the same cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.measure.intervals import critical_value
from rai.measure.thresholds.objectives import Objective
from rai.measure.thresholds.rules import Rule
from rai.values import Confusion, Tally

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cost:
    """A mean cost with its interval.

    Args:
        value: The mean; None where it is undefined: balanced accuracy needs rows of both labels.
        low, high: Bounds of its interval, or None.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """The value and its bounds by name."""
        return {"value": self.value, "low": self.low, "high": self.high}


def decided(tally: Tally, rules: Sequence[Rule]) -> Confusion:
    """The confusion matrix of each group under its rule; an expected one where lots are drawn."""
    parts = []
    for place in range(max(len(rule.thresholds) for rule in rules)):
        at = {rule.group: rule.thresholds[min(place, len(rule.thresholds) - 1)] for rule in rules}
        share = {r.group: r.shares[place] if place < len(r.shares) else 0.0 for r in rules}
        parts.append((tally.confusion(at), np.array([share[key] for key in tally.groups])))
    whole = parts[0][0]
    if len(parts) == 1:
        return whole
    mixed = {
        name: sum(getattr(part, name) * share[:, None, None] for part, share in parts)
        for name in ("n", "weight", "weight_sq")
    }
    return Confusion(
        whole.axes, whole.groups, _whole_rows(mixed["n"], whole.n), mixed["weight"],
        mixed["weight_sq"], whole.weighted,
    )  # fmt: skip


def cost(
    tally: Tally,
    rules: Sequence[Rule],
    *,
    objective: Objective,
    level: float,
    less: Sequence[Rule] = (),
) -> Cost:
    """What rules cost, in units of the objective, with its interval; less what others cost, if given.

    The interval of a mean over independent rows, from the variance of a row's cost (of the difference
    of its two costs). For balanced accuracy the mean is taken within each label. So that few rows
    don't pretend to certainty, the interval counts two rows more: one of each label, half of it decided
    either way. The bounds always hold the value, and stay within the prices themselves.

    Args:
        tally: The rows.
        rules: A rule for each group.
        objective: What is measured.
        level: Coverage of the interval.
        less: Rules whose cost on the same rows is taken away.
    """
    regions = [_regions(tally, place, rules, less) for place in range(len(tally.groups))]
    weight, square, chance, other = (
        np.concatenate(parts, axis=1) for parts in zip(*regions, strict=True)
    )
    against = other if less else None
    value, _ = _mean_cost(weight, square, chance, against, objective=objective)
    if not np.isfinite(value):
        return Cost(None)
    row = weight.sum() / tally.rows
    added = 0 if less and _alike(tally, rules, less) else 2
    either = np.array([[0.0, 1.0]])[:, :added]
    centre, error = _mean_cost(
        np.append(weight, np.full((2, added), row / 2), axis=1),
        np.append(square, np.full((2, added), row**2 / 2), axis=1),
        np.append(chance, either, axis=1),
        None if against is None else np.append(against, 1 - either, axis=1),
        objective=objective,
    )
    reach = critical_value(level) * error
    prices = _prices(objective)
    least, most = float(prices.min()), float(prices.max())
    if less:
        least, most = least - most, most - least
    return Cost(value, max(min(centre - reach, value), least), min(max(centre + reach, value), most))


def _mean_cost(
    weight: Array, square: Array, chance: Array, against: Array | None, *, objective: Objective
) -> tuple[float, float]:
    """Mean cost of rows, less that under other rules if given, and its standard error."""
    mean, variance = _row_costs(chance, objective)
    if against is not None:
        mean_less, variance_less = _row_costs(against, objective)
        mean, variance = mean - mean_less, variance + variance_less
    by_label = objective.name == "balanced_accuracy"
    axes, over = ((1,), 0.5) if by_label else ((0, 1), 1.0)
    total = weight.sum(axis=axes, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (weight * mean).sum(axis=axes, keepdims=True) / total
        error = (square * (variance + (mean - centre) ** 2)).sum(axis=axes, keepdims=True) / total**2
    return float(over * centre.sum()), over * float(np.sqrt(error.sum()))


def _alike(tally: Tally, rules: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Whether two sets of rules decide alike in every group that has rows."""
    first, second = ({rule.group: rule for rule in some} for some in (rules, others))
    return all(first[key] == second[key] for key in tally.groups)


def _row_costs(chance: Array, objective: Objective) -> tuple[Array, Array]:
    """Mean and variance of a row's cost by label and region, (2, r), from chances of being selected."""
    rejected, selected = _prices(objective).T[:, :, None]
    mean = rejected + (selected - rejected) * chance
    return mean, (selected - rejected) ** 2 * chance * (1 - chance)


def _prices(objective: Objective) -> Array:
    """What a row costs, label × decision; an error costs 1 where the objective has no prices."""
    if objective.name != "cost":
        return np.array([[0.0, 1.0], [1.0, 0.0]])
    negative = [-objective.benefit_tn, objective.cost_fp]
    return np.array([negative, [objective.cost_fn, -objective.benefit_tp]])


def _regions(
    tally: Tally, place: int, rules: Sequence[Rule], less: Sequence[Rule]
) -> tuple[Array, Array, Array, Array]:
    """The bins of one group between the thresholds of its rules, added up.

    Returns:
        Weights and squared weights by label, shape (2, r), and the chance of being selected in each
        region under both rules, shape (1, r).
    """
    key = tally.groups[place]
    pair = [next((r for r in some if r.group == key), Rule(key, (np.inf,))) for some in (rules, less)]
    at = [[tally.first_bin(threshold) for threshold in rule.thresholds] for rule in pair]
    bins = tally.n.shape[2]
    starts = np.unique([0, *(first for firsts in at for first in firsts if first < bins)])
    parts = (tally.n if part is None else part for part in (tally.weight, tally.weight_sq))
    weight, square = (np.add.reduceat(p[place], starts, axis=1).astype(np.float64) for p in parts)
    chances = [
        np.sum([s * (starts >= f) for f, s in zip(firsts, rule.shares, strict=True)], axis=0)[None, :]
        for firsts, rule in zip(at, pair, strict=True)
    ]
    return weight, square, np.minimum(chances[0], 1.0), np.minimum(chances[1], 1.0)


def _whole_rows(mixed: Array, n: NDArray[np.int64]) -> NDArray[np.int64]:
    """Expected rows as whole ones that keep the rows of each label."""
    selected = np.rint(mixed[:, :, 1]).astype(np.int64)
    return np.stack([n.sum(axis=2) - selected, selected], axis=2)
