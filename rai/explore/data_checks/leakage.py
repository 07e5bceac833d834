"""Features that give the answer away: that determine the label, copy a sensitive feature, or never vary.

    bins of a feature × label ──five folds──▶ score of each bin from the other folds ──▶ AUC

Counts are dealt into folds (a multivariate hypergeometric draw), which is the same as dealing rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rai.explore.binning import binning_of, counted_in
from rai.explore.data_checks.check import Bounds, Check, Look, percent, quoted
from rai.explore.data_checks.rates import named
from rai.explore.data_checks.seen import Seen
from rai.explore.profile_rows import top_values
from rai.measure.out_of_fold import FoldedArea, of_counts
from rai.values.column_summary import ColumnSummary
from rai.values.levels import MISSING, Level

Cells = NDArray[np.int64]

FOLDS = 5
MOST_BINS, ROWS_PER_BIN = 50, 20
FEWEST_ROWS = 30
VARIES = 0.9  # the most rows with one value elsewhere, for its being constant here to mean something


class Telling(NamedTuple):
    """How well a feature tells a level from all others."""

    dataset: str
    feature: str
    level: Level
    auc: float
    bounds: Bounds
    n: int


def dealt(counts: Cells, rng: np.random.Generator) -> Cells:
    """Rows dealt at random into folds, from their counts by bin and label.

    Args:
        counts: Rows of each bin with each label, shape (b, g).
        rng: Deals them.

    Returns:
        Rows of each fold, bin and label, shape (folds, b, g).

    Example:
        >>> folds = dealt(np.array([[90, 0], [0, 60]]), np.random.default_rng(0))
        >>> folds.sum(axis=0).tolist(), folds.sum(axis=1).tolist()[0]
        ([[90, 0], [0, 60]], [18, 12])
    """
    folds, rest = [], counts.copy()
    for left in range(FOLDS, 0, -1):
        sizes = np.rint(rest.sum(axis=0) / left).astype(np.int64)
        pairs = zip(rest.T, sizes, strict=True)
        held = [rng.multivariate_hypergeometric(n, size, method="marginals") for n, size in pairs]
        folds.append(np.stack(held, axis=1))
        rest = rest - folds[-1]
    return np.stack(folds)


def _crosstab(whole: ColumnSummary, by: Mapping[Level, ColumnSummary]) -> Cells:
    """Rows of each bin with each level, the missing in a bin of their own, shape (b, g)."""
    bins = int(np.clip(whole.rows // ROWS_PER_BIN, 2, MOST_BINS))
    binning = binning_of(whole, bins, method="quantile")
    return np.stack([counted_in(held, binning)[0] for held in by.values()], axis=1)


def _told(seen: Seen, axis: str, features: tuple[str, ...]) -> Iterator[Telling]:
    """How well each feature tells the level of an axis that it tells best."""
    rng = np.random.default_rng(seen.seed)
    for dataset, table in seen.profile.tables.items():
        by = table.by.get(axis, {})
        levels = [level for level in by if level != MISSING]
        for feature in features:
            whole = table.columns.get(feature)
            if whole is None or not whole.count or len(levels) < 2:
                continue
            counts = _crosstab(whole, {level: by[level][feature] for level in levels})
            known = [place for place in range(len(levels)) if counts[:, place].sum() >= FOLDS]
            areas = of_counts(dealt(counts, rng).astype(np.float64)) if len(known) > 1 else []
            found = [
                (float(areas[place].area.value[0]), place)
                for place in known
                if areas and areas[place].defined
            ]
            if found:
                auc, best = max(found)
                bounds = partial(_bounds, areas[best])
                yield Telling(dataset, feature, levels[best], auc, bounds, whole.rows)


def _bounds(area: FoldedArea, z: float) -> tuple[float, float]:
    told = area.told(level=NormalDist().cdf(z) * 2 - 1)
    assert told.low is not None
    assert told.high is not None
    return told.low, told.high


def _label(seen: Seen) -> Iterator[Look]:
    assert seen.y_true is not None
    for dataset, feature, level, auc, bounds, n in _told(seen, seen.y_true, seen.features):
        yield Look(
            value=auc,
            sentence=f"{feature!r} alone tells the label {str(level)!r}{seen.inside(dataset)} (AUC "
            f"{auc:.3f}): is it known before the label is?",
            n=n,
            dataset=dataset,
            feature=feature,
            along=seen.y_true,
            group=str(level),
            bounds=bounds,
        )


def _copies(seen: Seen) -> Iterator[Look]:
    for axis in seen.sensitive_features:
        features = tuple(name for name in seen.features if name != axis)
        for dataset, feature, level, auc, bounds, n in _told(seen, axis, features):
            yield Look(
                value=auc,
                sentence=f"{feature!r} tells {named(axis, level)}{seen.inside(dataset)} (AUC "
                f"{auc:.3f}): leaving out {axis!r} leaves it in.",
                n=n,
                dataset=dataset,
                feature=feature,
                along=axis,
                group=str(level),
                bounds=bounds,
            )


def _constant(seen: Seen, axes: tuple[str, ...], names: tuple[str, ...], words: str) -> Iterator[Look]:
    for dataset, table in seen.profile.tables.items():
        for axis in axes:
            by = table.by.get(axis, {})
            for feature in names:
                if feature != axis and feature in table.columns and table.columns[feature].count:
                    held = {level: columns[feature] for level, columns in by.items()}
                    where = (dataset, axis, feature)
                    yield from _within(seen, where, held, words)


def _within(
    seen: Seen, where: tuple[str, str, str], by: Mapping[Level, ColumnSummary], words: str
) -> Iterator[Look]:
    from scipy.stats import binom

    dataset, axis, feature = where
    for level, held in by.items():
        top = next(top_values(dataset, feature, held, 1), None)
        if top is None or held.count < FEWEST_ROWS or level == MISSING:
            continue
        others = [other for key, other in by.items() if key != level]
        rows, same = sum(o.count for o in others), sum(_rows_at(o, top.value) for o in others)
        if not rows or same / rows > VARIES:
            continue
        yield Look(
            value=top.share,
            sentence=f"{feature!r} is {quoted([top.value])} in {percent(top.share)} of the rows of "
            f"{named(axis, level)}{seen.inside(dataset)}, {percent(same / rows)} of all others: {words}",
            n=held.count,
            dataset=dataset,
            feature=feature,
            along=axis,
            group=str(level),
            p_value=float(binom.sf(top.n - 1, held.count, (same + 1) / (rows + 2))),
            evidence=lambda value=top.value: ((), (value,)),  # type: ignore[misc]
        )


def _rows_at(held: ColumnSummary, value: Level) -> int:
    """Rows with a value."""
    if held.levels is not None:
        return held.levels.of_level(value)
    numbers = held.numbers
    if numbers is None or isinstance(value, str):
        return 0
    return int(numbers.n[numbers.points == float(value)].sum())


def _in_label(seen: Seen) -> Iterator[Look]:
    assert seen.y_true is not None
    words = "it gives the label away."
    return _constant(seen, (seen.y_true,), seen.features, words)


def _in_group(seen: Seen) -> Iterator[Look]:
    names = tuple(name for name in seen.features if name not in seen.sensitive_features)
    names = (*names, seen.y_true) if seen.y_true else names
    words = "it says nothing about them, or is not measured in them."
    return _constant(seen, seen.sensitive_features, names, words)


LABEL_LEAK = Check(
    kind="label_leak",
    asks="Does one feature alone tell the label?",
    fine="No feature alone tells the label.",
    limit=0.98,
    unit="cross-validated AUC",
    source="nearly no feature of real people does; Deepchecks: predictive power above 0.8",
    look=_label,
    looks_at="features with enough rows of two labels",
    needs=("labels",),
)
SENSITIVE_COPY = Check(
    kind="sensitive_copy",
    asks="Does a feature copy a sensitive one?",
    fine="No feature copies a sensitive one.",
    limit=0.98,
    unit="cross-validated AUC",
    source="as for the label; for weaker ties see `rai.find_proxies`",
    look=_copies,
    looks_at="features with enough rows of two groups",
    most="warning",
    needs=("groups",),
)
CONSTANT_IN_LABEL = Check(
    kind="constant_in_label",
    asks="Is a feature always the same with one label, and not with the others?",
    fine="No feature is constant with one label only.",
    limit=0.99,
    unit="share of the label's rows",
    source=f"99 in 100, of at least {FEWEST_ROWS} rows, and at most {percent(VARIES)} with other labels",
    look=_in_label,
    looks_at=f"features that vary, with a label of {FEWEST_ROWS} rows",
    needs=("labels",),
)
CONSTANT_IN_GROUP = Check(
    kind="constant_in_group",
    asks="Is a feature, or the label, always the same in one group, and not in the others?",
    fine="No feature is constant in one group only.",
    limit=0.99,
    unit="share of the group's rows",
    source=f"99 in 100, of at least {FEWEST_ROWS} rows, and at most {percent(VARIES)} in other groups",
    look=_in_group,
    looks_at=f"features that vary, with a group of {FEWEST_ROWS} rows",
    most="warning",
    needs=("groups",),
)
