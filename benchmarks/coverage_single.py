"""Coverage of everything but worst gaps: exact where counts can be enumerated, else by simulation.

one rate, two rates     every outcome, weighed by its probability
other metrics           many tables at once: each replicate is a group of one tally
chance                  how often p-values fall under 0.05 where all groups are equal
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.measure.gaps import Compared, Question, gap
from rai.measure.intervals import critical_value, koopman_ratio, newcombe, wilson
from rai.measure.measured import Measured
from rai.measure.metrics import find_metric
from rai.measure.multiclass import MACRO, measured_by_class
from rai.measure.regression import find_regression_metric
from rai.values import Confusion, Moments, Tally

Array = NDArray[np.float64]

LEVEL = 0.95
TABLES = 20_000
SLACK = 1e-12
ROWS = (100, 500)
PREDICTIONS = 2_000

RATE_SIZES = (40, 50, 100, 200, 500, 1000)
PAIR_SIZES = ((40, 40), (40, 100), (40, 500), (100, 100), (100, 500), (500, 500))

METRICS = (
    *("balanced_accuracy", "f1", "matthews_correlation", "predicted_per_actual_positive"),
    "generalized_entropy",
)
REGRESSION_METRICS = ("mean_error", "mean_absolute_error", "root_mean_squared_error", "r2")
MODELS = tuple(product((0.1, 0.3, 0.5), ((0.5, 0.1), (0.7, 0.3), (0.9, 0.05))))
CLASSES = {
    "balanced, good": ((0.28, 0.03, 0.03), (0.03, 0.28, 0.02), (0.03, 0.03, 0.27)),
    "balanced, poor": ((0.15, 0.1, 0.08), (0.1, 0.15, 0.08), (0.09, 0.1, 0.15)),
    "one class of 10%": ((0.4, 0.06, 0.02), (0.08, 0.32, 0.02), (0.03, 0.03, 0.04)),
}
ERRORS: dict[str, Callable[[np.random.Generator, Array], Array]] = {
    "normal": lambda rng, y: 0.6 * rng.standard_normal(y.shape),
    "t of 5 degrees": lambda rng, y: 0.5 * rng.standard_t(5, y.shape),
    "growing with y": lambda rng, y: 0.4 * (1 + np.abs(y)) * rng.standard_normal(y.shape),
    "skewed": lambda rng, y: 0.6 * (rng.exponential(size=y.shape) - 1),
}
WEIGHTS = tuple(product((0.5, 1.0), (0.1, 0.3, 0.5)))


class Tried(NamedTuple):
    """The coverage of one interval in one setting."""

    coverage: float
    setting: str


def every_rate(n: int, *, step: float = 0.001) -> list[Tried]:
    """Wilson's interval, exactly, at rates from 0.05 to 0.95."""
    count, rates = np.arange(n + 1), rates_by(step)
    low, high = wilson(count, n, level=LEVEL)
    held = (low <= rates[:, None] + SLACK) & (high >= rates[:, None] - SLACK)
    found = (_chances(n, rates) * held).sum(axis=1)
    return [Tried(float(c), f"n {n}; {p:g}") for c, p in zip(found, rates, strict=True)]


def every_pair(n: int, m: int, *, kind: str, step: float = 0.025) -> list[Tried]:
    """Newcombe's or Koopman's interval, exactly, at all pairs of rates.

    Two groups without a success have no ratio, and are left out.
    """
    x, y = (a.ravel() for a in np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij"))
    bounds = newcombe if kind == "difference" else koopman_ratio
    low, high = (side.reshape(n + 1, m + 1) for side in bounds(x, n, other_count=y, other_n=m))
    rates = rates_by(step)
    first, second = _chances(n, rates), _chances(m, rates)
    tried = []
    for p, left in zip(rates, first, strict=True):
        for q, right in zip(rates, second, strict=True):
            truth = p - q if kind == "difference" else p / q
            held = (low <= truth + SLACK) & (high >= truth - SLACK)
            lacking = float(left[0] * right[0]) if kind == "ratio" else 0.0
            found = (float(left @ held @ right) - lacking) / (1 - lacking)
            tried.append(Tried(found, f"n {n} and {m}; {p:g} and {q:g}"))
    return tried


def rates_by(step: float) -> Array:
    """Rates from 0.05 to 0.95."""
    return np.round(np.linspace(0.05, 0.95, round(0.9 / step) + 1), 6)


def _chances(n: int, rates: Array) -> Array:
    from scipy.stats import binom

    return np.asarray(binom.pmf(np.arange(n + 1), n, rates[:, None]))


def metric_of_models(name: str, rows: int, *, tables: int = TABLES, seed: int = 1) -> list[Tried]:
    """A metric's own interval for models of several base rates and qualities."""
    rng = np.random.default_rng(seed)
    tried = []
    for base, (tpr, fpr) in MODELS:
        cells = np.array([[(1 - base) * (1 - fpr), (1 - base) * fpr], [base * (1 - tpr), base * tpr]])
        metric = find_metric(name)
        truth = float(metric.measure(_confusion(cells[None] * 1e9)).value[0])
        drawn = rng.multinomial(rows, cells.ravel(), tables).reshape(-1, 2, 2)
        words = f"base rate {base:g}, TPR {tpr:g}, FPR {fpr:g}"
        tried.append(Tried(share_held(metric.measure(_confusion(drawn)), truth), words))
    return tried


def macro_f1(rows: int, *, tables: int = TABLES, seed: int = 1) -> list[Tried]:
    """F1 averaged over three classes."""
    rng = np.random.default_rng(seed)
    tried = []
    for words, shares in CLASSES.items():
        cells = np.array(shares)
        truth = float(_macro(cells[None] * 1e9).value[0])
        drawn = rng.multinomial(rows, cells.ravel(), tables).reshape(-1, 3, 3)
        tried.append(Tried(share_held(_macro(drawn), truth), words))
    return tried


def metric_of_regressions(name: str, rows: int, *, tables: int = TABLES, seed: int = 1) -> list[Tried]:
    """A regression metric's own interval, with normal labels and four kinds of error."""
    metric = find_regression_metric(name)
    tried = []
    for words, errors in ERRORS.items():
        rng = np.random.default_rng(seed)
        labels = rng.standard_normal((1, 4_000_000))
        truth = float(metric.measure(_moments(labels, errors(rng, labels))).value[0])
        held = []
        for _ in range(max(tables // PREDICTIONS, 1)):
            labels = rng.standard_normal((PREDICTIONS, rows))
            held.append(share_held(metric.measure(_moments(labels, errors(rng, labels))), truth))
        tried.append(Tried(float(np.mean(held)), f"errors {words}"))
    return tried


def weighted_rate(rows: int, *, tables: int = TABLES, seed: int = 1) -> list[Tried]:
    """Wilson's interval with Kish's n: log-normal weights that know nothing of the outcome."""
    rng = np.random.default_rng(seed)
    tried = []
    for sigma, rate in WEIGHTS:
        held = []
        for _ in range(max(tables // PREDICTIONS, 1)):
            weight = rng.lognormal(sigma=sigma, size=(PREDICTIONS, rows))
            positive = rng.random(weight.shape) < rate
            held.append(share_held(_selection_rate(weight, positive), rate))
        tried.append(Tried(float(np.mean(held)), f"σ of the logarithm {sigma:g}, rate {rate:g}"))
    return tried


def p_values(sizes: tuple[int, ...], rate: float, *, kind: str, audits: int, seed: int = 1) -> float:
    """How often a gap's p-value is at most 0.05 where all groups are equal."""
    counts = np.random.default_rng(seed).binomial(sizes, rate, (audits, len(sizes)))
    question = Question(name="selection_rate", along="group", kind=kind)
    metric = find_metric("selection_rate")
    found = []
    for selected in counts:
        cells = np.zeros((len(sizes), 2, 2), dtype=np.int64)
        cells[:, 0, 0], cells[:, 0, 1] = sizes - selected, selected
        confusion = _confusion(cells)
        compared = Compared(metric.measure(confusion), partial(metric.measure, confusion.rest))
        found.append(gap([compared], question).p_value)
    known = [p for p in found if p is not None]
    return sum(p <= 0.05 for p in known) / len(known)


def percentile_bootstrap(groups: int, n: int, rate: float, *, audits: int, draws: int = 1000) -> float:
    """How often the percentile bootstrap of max − min holds a true gap of 0, with equal groups."""
    rng = np.random.default_rng(1)
    rates = rng.binomial(n, rate, (audits, groups)) / n
    again = rng.binomial(n, rates, (draws, audits, groups)) / n
    low = np.quantile(np.ptp(again, axis=2), (1 - LEVEL) / 2, axis=0)
    return float((low <= SLACK).mean())


def share_held(measured: Measured, truth: float) -> float:
    """How many of the groups' intervals hold the truth, of those that have one."""
    low, high = measured.bounds(critical_value(LEVEL))
    known = measured.defined & ~np.isnan(low) & ~np.isnan(high)
    return float(((low <= truth + SLACK) & (high >= truth - SLACK))[known].mean())


def lowest(tried: Iterable[Tried]) -> Tried:
    """The setting with the lowest coverage."""
    return min(tried, key=lambda one: one.coverage)


def _keys(groups: int) -> tuple[tuple[int], ...]:
    return tuple((place,) for place in range(groups))


def _confusion(cells: NDArray[np.generic]) -> Confusion:
    weight = cells.astype(np.float64)
    return Confusion(("group",), _keys(len(cells)), cells.astype(np.int64), weight, weight)


def _macro(cells: NDArray[np.generic]) -> Measured:
    labels = (0, 1, 2)
    tally = Tally(("group",), _keys(len(cells)), labels, None, labels, cells.astype(np.int64))
    return dict(measured_by_class(tally, find_metric("f1")))[MACRO]


def _moments(labels: Array, errors: Array) -> Moments:
    u, e = labels, errors
    terms = (e, np.abs(e), e**2, e**4, u, u**2, u**3, u**4, e * u, e**2 * u, (e * u) ** 2)
    n = np.full(len(u), u.shape[1])
    weight = n.astype(np.float64)
    sums = np.stack([term.sum(axis=1) for term in terms], axis=1)
    return Moments(("group",), _keys(len(u)), 0.0, n, weight, weight, sums)


def _selection_rate(weight: Array, positive: NDArray[np.bool_]) -> Measured:
    n, sums, squares = (np.zeros((len(weight), 2, 2)) for _ in range(3))
    for place, rows in enumerate((~positive, positive)):
        n[:, 0, place] = rows.sum(axis=1)
        sums[:, 0, place] = (weight * rows).sum(axis=1)
        squares[:, 0, place] = (weight**2 * rows).sum(axis=1)
    counts = n.astype(np.int64)
    weighed = Confusion(("group",), _keys(len(weight)), counts, sums, squares, weighted=True)
    return find_metric("selection_rate").measure(weighed)
