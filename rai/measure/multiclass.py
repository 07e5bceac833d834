"""More than two classes: one-against-the-rest rates, their averages, and predicted distributions.

per class   any metric of `metrics`, on class against rest
(macro)     its plain mean over classes; undefined where it is for any class
(micro)     the metric of all class-against-rest tables added up
(all)       metrics of the whole k × k table, such as accuracy
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.measure.contrasts import Contrasts, contrasts
from rai.measure.gaps import Question, folded
from rai.measure.intervals import Bounds, wilson
from rai.measure.laws import Combined, Count, Mapped, Scale, Smooth, linearised
from rai.measure.measured import Measured, finite
from rai.measure.metrics import Metric
from rai.measure.simultaneous import DRAWS, family_critical_value
from rai.values import Confusion, Gap, Level, Tally

Array = NDArray[np.float64]

MACRO, MICRO, WHOLE = "(macro)", "(micro)", "(all)"
TOTAL_VARIATION = "total_variation"


def measured_by_class(tally: Tally, metric: Metric) -> list[tuple[Level, Measured]]:
    """A metric of every group: class by class and averaged, or of the whole table."""
    if metric.name in WHOLE_TABLE:
        function, scale = WHOLE_TABLE[metric.name]
        return [(WHOLE, whole_table(tally, metric.name, function, scale))]
    tables = {label: tally.one_vs_rest(label).confusion() for label in tally.labels}
    rows: list[tuple[Level, Measured]] = [(label, metric.measure(c)) for label, c in tables.items()]
    if metric.name == "count":
        return [(WHOLE, rows[0][1])]
    if isinstance(metric.law, Count):
        total = replace(metric.measure(_summed(list(tables.values()))), n=tally.group_rows)
        mean = total.value / len(tables)
        return [*rows, (MACRO, replace(total, value=mean, numerator=mean)), (MICRO, total)]
    return [
        *rows,
        (MACRO, _macro(tally, metric)),
        (MICRO, _micro(tally, metric, list(tables.values()))),
    ]


def whole_table(tally: Tally, name: str, function: Callable[[Array], Array], scale: Scale) -> Measured:
    """A metric of the whole k × k table, linearised; accuracy and error rate with Wilson's interval."""
    weight, squares, rows = _cells(tally)
    if name in {"accuracy", "error_rate"}:
        return _share(tally, name, right=name == "accuracy")
    value, bounds = linearised(
        lambda cells: function(_square(cells, tally)), weight, squares, rows=rows, scale=scale
    )
    return _linearised(tally, name, value, bounds, "a class has no rows here")


def predicted_share(tally: Tally, place: int) -> Measured:
    """The share of rows predicted as one class, per group."""
    weight = tally.n if tally.weight is None else tally.weight
    return _proportion(tally, f"predicted {tally.outcomes[place]}", weight[:, :, place].sum(1))


def total_variation_gap(tally: Tally, question: Question) -> Gap:
    """The largest total-variation distance between two groups' predicted distributions.

    ½ Σ |p_i(c) − p_j(c)| over classes c: the largest difference in the chance of any set of
    classes. Its bounds add up simultaneous bounds of every class, which is conservative.

    Source: Putzel and Lee (2022), arXiv:2203.12568.
    """
    if question.aggregate != "worst_case":
        seen = f"{question.aggregate!r} of the total variation"
        raise ArgumentError(sentence("aggregate", seen, expected="'worst_case'"))
    within = (("label", WHOLE), *question.within)
    shares = [predicted_share(tally, place) for place in range(len(tally.outcomes))]
    families = [
        contrasts(share, versus=question.versus, rest=partial(predicted_share, tally.rest, place))
        for place, share in enumerate(shares)
    ]
    known = [family for family in families if family is not None]
    base = Gap(
        metric=TOTAL_VARIATION, along=question.along, kind="difference", versus=question.versus,
        value=None, within=within, level=question.level, n=tally.rows,
        note="undefined: fewer than two groups have rows",
    )  # fmt: skip
    if not known:
        return base
    rng = np.random.default_rng(question.seed)
    critical = family_critical_value(known, level=question.level, rng=rng)
    sizes = [folded(family, "difference", critical) for family in known]
    value, low, high = (sum(size[i] for size in sizes) / 2 for i in range(3))
    worst = int(np.argmax(value))
    first = known[0]
    null, p_value = _null_variation(known, float(np.max(value)), rng)
    return Gap(
        metric=TOTAL_VARIATION, along=question.along, kind="difference", versus=question.versus,
        value=finite(np.max(value)), low=finite(np.max(low)), high=min(float(np.max(high)), 1.0),
        highest=first.left_names[worst], lowest=first.right_names[worst], null=null, p_value=p_value,
        within=within, level=question.level, n=tally.rows,
        note=_widest(known, worst, tally),
    )  # fmt: skip


def _widest(families: Sequence[Contrasts], worst: int, tally: Tally) -> str:
    differences = [float(family.values("difference")[worst]) for family in families]
    place = int(np.argmax(np.abs(differences)))
    more = "more" if differences[place] > 0 else "less"
    name = families[0].left_names[worst]
    return f"most apart in {tally.outcomes[place]!r}, predicted {more} often for {name}"


def _null_variation(
    families: Sequence[Contrasts], seen: float, rng: np.random.Generator
) -> tuple[float, float]:
    """The largest distance that chance alone gives, and how often it is as large as the one seen."""
    shares = [family.measured for family in families]
    trials = np.maximum(np.rint(np.asarray(shares[0].trials)), 1).astype(np.int64)
    pooled = np.array([float(share.numerator.sum()) for share in shares])
    rates = rng.multinomial(trials, pooled / pooled.sum(), size=(DRAWS, len(trials))) / trials[:, None]
    largest = np.concatenate([_largest_distance(families, some) for some in np.array_split(rates, 20)])
    return float(largest.mean()), float((1 + (largest >= seen - 1e-12).sum()) / (1 + DRAWS))


def _largest_distance(families: Sequence[Contrasts], rates: Array) -> Array:
    """Largest total variation among the comparisons, from rates (draws, g, k), shape (draws,)."""
    sizes = [np.abs(f.values_of(rates[..., c], "difference")) for c, f in enumerate(families)]
    return np.asarray(np.sum(sizes, axis=0).max(axis=1) / 2)


def _macro(tally: Tally, metric: Metric) -> Measured:
    weight, squares, rows = _cells(tally)

    def mean(cells: Array) -> Array:
        tables = _one_vs_rest_cells(_square(cells, tally))
        return np.asarray(np.mean([_plain(metric, table) for table in tables], axis=0))

    value, bounds = linearised(mean, weight, squares, rows=rows, scale=_scale(metric))
    return _linearised(tally, metric.name, value, bounds, "it is undefined for at least one class")


def _micro(tally: Tally, metric: Metric, tables: Sequence[Confusion]) -> Measured:
    """The metric of all class tables added up; linearised where that counts a row more than once."""
    found = metric.measure(_summed(tables))
    weight, squares, rows = _cells(tally)
    if found.trials is not None and np.allclose(found.denominator, weight.sum(axis=1)):
        return replace(found, n=tally.group_rows)

    def added_up(cells: Array) -> Array:
        return _plain(metric, np.sum(_one_vs_rest_cells(_square(cells, tally)), axis=0))

    value, bounds = linearised(added_up, weight, squares, rows=rows, scale=_scale(metric))
    return replace(
        found, value=value, bounds=bounds, n=tally.group_rows, method="linearised", trials=None
    )


def _scale(metric: Metric) -> Scale:
    """A scale that keeps the metric's range."""
    law = metric.law
    if isinstance(law, Smooth):
        return law.scale
    if metric.signed:
        return "correlation"
    if isinstance(law, Mapped):
        with np.errstate(divide="ignore"):
            return "unit" if np.isfinite(law.function(np.ones(1))).all() else "positive"
    return "positive" if isinstance(law, Combined) and law.how == "ratio" else "unit"


def _plain(metric: Metric, table: Array) -> Array:
    """A metric's bare value from cells of shape (g, 2, 2)."""
    g = len(table)
    empty = Confusion(
        ("g",), tuple((i,) for i in range(g)), np.zeros(table.shape, np.int64), table, table
    )
    return metric.measure(empty).value


def _one_vs_rest_cells(cells: Array) -> list[Array]:
    """Cells (g, k, k) to k tables (g, 2, 2)."""
    total, diagonal = cells.sum(axis=(1, 2)), np.einsum("gkk->gk", cells)
    actual, predicted = cells.sum(axis=2), cells.sum(axis=1)
    tables = []
    for c in range(cells.shape[1]):
        tp = diagonal[:, c]
        fn, fp = actual[:, c] - tp, predicted[:, c] - tp
        tables.append(np.stack([np.stack([total - tp - fn - fp, fp], -1), np.stack([fn, tp], -1)], 1))
    return tables


def _summed(confusions: Sequence[Confusion]) -> Confusion:
    first = confusions[0]
    n, weight, squares = (
        np.sum([getattr(c, name) for c in confusions], axis=0) for name in ("n", "weight", "weight_sq")
    )
    return Confusion(first.axes, first.groups, n, weight, squares, first.weighted)


def _share(tally: Tally, name: str, *, right: bool) -> Measured:
    weight = np.asarray(tally.n if tally.weight is None else tally.weight, float)
    kept = np.eye(len(tally.labels), dtype=bool) == right
    return _proportion(tally, name, np.where(kept, weight, 0.0).sum(axis=(1, 2)))


def _proportion(tally: Tally, name: str, count: Array) -> Measured:
    weight = np.asarray(tally.n if tally.weight is None else tally.weight, float)
    squares = weight if tally.weight_sq is None else tally.weight_sq
    total = weight.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        trials = np.where(total > 0, total**2 / squares.sum(axis=(1, 2)), 0.0)
        trials = trials if tally.weighted else total
        value = count / total

    def bounds(z: float) -> Bounds:
        return wilson(np.nan_to_num(value) * trials, trials, z=z)

    notes = tuple("undefined: no rows (n=0)" if np.isnan(v) else "" for v in value)
    return Measured(
        name, tally.axes, tally.groups, value, bounds, tally.group_rows, notes, "wilson",
        np.asarray(count, float), total, trials,
    )  # fmt: skip


def _linearised(
    tally: Tally, name: str, value: Array, bounds: Callable[[float], Bounds], reason: str
) -> Measured:
    rows = tally.group_rows
    notes = tuple(
        f"undefined: {reason} (n={n})" if np.isnan(v) else "" for v, n in zip(value, rows, strict=True)
    )
    nothing = np.full(len(value), np.nan)
    return Measured(
        name, tally.axes, tally.groups, value, bounds, rows, notes, "linearised", nothing, nothing
    )


def _cells(tally: Tally) -> tuple[Array, Array, Array]:
    """Weights and squared weights, shape (g, k·k), and rows, shape (g,)."""
    weight = np.asarray(tally.n if tally.weight is None else tally.weight, float)
    squares = weight if tally.weight_sq is None else tally.weight_sq
    flat = (len(weight), -1)
    return weight.reshape(flat), np.asarray(squares, float).reshape(flat), tally.group_rows.astype(float)


def _square(cells: Array, tally: Tally) -> Array:
    return cells.reshape(len(cells), len(tally.labels), len(tally.labels))


def _balanced_accuracy(cells: Array) -> Array:
    return np.asarray((np.einsum("gkk->gk", cells) / cells.sum(axis=2)).mean(axis=1))


def _correlation(cells: Array) -> Array:
    n, hits = cells.sum(axis=(1, 2)), np.einsum("gkk->g", cells)
    actual, predicted = cells.sum(axis=2), cells.sum(axis=1)
    both = (actual * predicted).sum(axis=1)
    spread = np.sqrt(n**2 - (predicted**2).sum(axis=1)) * np.sqrt(n**2 - (actual**2).sum(axis=1))
    return np.asarray(np.clip((hits * n - both) / spread, -1.0, 1.0))  # rounding may step outside


def _kappa(cells: Array) -> Array:
    n, hits = cells.sum(axis=(1, 2)), np.einsum("gkk->g", cells)
    both = (cells.sum(axis=2) * cells.sum(axis=1)).sum(axis=1)
    return np.asarray((hits * n - both) / (n**2 - both))


def _accuracy(cells: Array) -> Array:
    return np.asarray(np.einsum("gkk->g", cells) / cells.sum(axis=(1, 2)))


WHOLE_TABLE: dict[str, tuple[Callable[[Array], Array], Scale]] = {
    "accuracy": (_accuracy, "unit"),
    "error_rate": (lambda cells: 1 - _accuracy(cells), "unit"),
    "balanced_accuracy": (_balanced_accuracy, "unit"),
    "matthews_correlation": (_correlation, "correlation"),
    "cohen_kappa": (_kappa, "correlation"),
}
