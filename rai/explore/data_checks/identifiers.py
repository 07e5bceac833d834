"""Columns that name rows, columns whose role was not said, and rows whose order tells the label.

case_no   1, 2, 3, …          every row has its own: nothing to learn from, much to learn by heart
fnlwgt    77516, 83311, …     a weight, by its name
rows      ● ● ● ● ○ ○ ○ ○     sorted by the label: a split by position is no random one
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import erfc, sqrt

import numpy as np

from rai.engines.encoding import Floats
from rai.explore.data_checks.check import Bounds, Check, Look
from rai.explore.data_checks.rates import named
from rai.explore.data_checks.seen import Seen
from rai.values.column_summary import ColumnSummary
from rai.values.levels import MISSING

FEWEST_ROWS = 20
DENSE = 2.0  # numbers of rows reach no further than this many times the rows
NAMED = re.compile(
    r"(^|[^a-z])(id|ids|uuid|guid|key|index|case_?no|row_?(no|nr|number|id))([^a-z]|$)", re.IGNORECASE
)
ROLES: dict[str, tuple[re.Pattern[str], str]] = {
    "a weight": (
        re.compile(r"(?i)(^|_)(fnlwgt|wgt|wt|pwgtp?|perwt|hhwt|(sample_)?weights?|gewicht)(_|$)"),
        "pass it as sample_weight, and don't let a model learn from it",
    ),
    "a split": (
        re.compile(r"^(split|fold|partition|subset|is_(train|test)|data_?set)$", re.IGNORECASE),
        "check its parts as data sets by name, and don't let a model learn from it",
    ),
    "a prediction": (
        re.compile(r"^(y_?)?(pred(iction|icted)?|score|prob(a|ability)?|y_?hat)s?$", re.IGNORECASE),
        "pass it as y_pred or y_score; a model that learns from it learns from another model",
    ),
}  # fmt: skip


def identifier_like(held: ColumnSummary, name: str = "") -> bool:
    """Whether a column has another value in every row and looks like a name or a number of rows.

    Numbers have to be whole and close together, or be called an id; words only have to differ.

    Example:
        >>> from rai.explore.columns import summarise
        >>> identifier_like(summarise(range(100, 150))), identifier_like(summarise([1.5, 2.5] * 20))
        (True, False)
    """
    return held.count >= FEWEST_ROWS and held.unique == held.count and _may_name(held, name)


def is_split(name: str) -> bool:
    """Whether a column is called like a split of the rows.

    Example:
        >>> is_split("fold"), is_split("age")
        (True, False)
    """
    return bool(ROLES["a split"][0].search(name))


def _may_name(held: ColumnSummary, name: str) -> bool:
    if held.kind == "category":
        return True
    numbers = held.numbers
    if held.kind not in ("integer", "number") or numbers is None or any(held.decimals[1:]):
        return False
    return bool(NAMED.search(name)) or numbers.high - numbers.low < DENSE * held.count


def order_of(positions: Floats, *, rows: int) -> tuple[float, Bounds, float]:
    """How far some rows stand before or after all others: 0 if mixed, 1 if all do.

    Twice the area under the ROC curve of the position, less 1, without its sign (Somers' D).

    Args:
        positions: Places of the rows among all, counted from 0, shape (k,).
        rows: How many rows there are.

    Returns:
        The value, its interval, and the p-value of Mann and Whitney's test.

    Example:
        >>> value, _, p = order_of(np.arange(50.0), rows=100)
        >>> value, p < 1e-6
        (1.0, True)

    Source: Mann and Whitney (1947), doi:10.1214/aoms/1177730491.
    """
    k = len(positions)
    rest = rows - k
    before = float((positions + 1).sum()) - k * (k + 1) / 2
    value = abs(2 * before / (k * rest) - 1)
    error = 2 * sqrt((rows + 1) / (12 * k * rest))

    def bounds(z: float) -> tuple[float, float]:
        return max(0.0, value - z * error), min(1.0, value + z * error)

    return value, bounds, erfc(value / error / sqrt(2))


def _identifiers(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns("integer", "number", "category", only=seen.features):
        if held.count >= FEWEST_ROWS and _may_name(held, feature):
            yield Look(
                value=min(held.unique / held.count, 1.0),
                sentence=f"{feature!r}{seen.inside(dataset)} has another value in (nearly) every row: "
                "it names rows. A model can learn it by heart, and nothing from it; name it in ids.",
                n=held.count,
                dataset=dataset,
                feature=feature,
            )


def _roles(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns(only=seen.features):
        role = next((role for role, (name, _) in ROLES.items() if name.search(feature)), "")
        advice = ROLES[role][1] if role else ""
        yield Look(
            value=float(bool(role)),
            sentence=f"{feature!r}{seen.inside(dataset)} is called like {role}: {advice}.",
            n=held.count,
            dataset=dataset,
            feature=feature,
        )


def _ordered(seen: Seen) -> Iterator[Look]:
    axes = (*((seen.y_true,) if seen.y_true else ()), *seen.sensitive_features)
    for dataset, table in seen.tables.items():
        columns = seen.profile.tables[dataset].columns
        orders: dict[str | None, Floats] = {None: np.arange(table.rows, dtype=np.float64)}
        for feature in (*seen.features, *seen.ids):
            held = columns.get(feature)
            if held is not None and held.kind == "integer" and identifier_like(held, feature):
                orders[feature] = table.numbers(feature).argsort().argsort().astype(np.float64)
        for name, order in orders.items():
            for axis in axes:
                yield from _along(seen, dataset, name, order, axis)


def _along(seen: Seen, dataset: str, feature: str | None, order: Floats, axis: str) -> Iterator[Look]:
    groups = seen.groups(dataset, axis)
    levels = [level for level in groups.levels if level != MISSING]
    what = "The position of a row" if feature is None else f"{feature!r}"
    for level in levels[len(levels) == 2 :]:
        inside = groups.codes == groups.levels.index(level)
        if 0 < inside.sum() < len(order):
            value, bounds, p_value = order_of(order[inside], rows=len(order))
            who = f"the label {str(level)!r}" if axis == seen.y_true else named(axis, level)
            yield Look(
                value=value,
                sentence=f"{what} tells of {who}{seen.inside(dataset)} (rank correlation {value:.2f}): "
                "rows are sorted, so shuffle them before you split.",
                n=len(order),
                dataset=dataset,
                feature=feature,
                along=axis,
                group=str(level),
                bounds=bounds,
                p_value=p_value,
                most="serious" if axis == seen.y_true else "note",
            )


def _afterwards(seen: Seen) -> Iterator[Look]:
    assert seen.outcome_time is not None
    for dataset, feature, held in seen.columns("date", only=seen.features):
        table = seen.tables[dataset]
        if seen.outcome_time in table.columns:
            late = table.numbers(feature) > table.numbers(seen.outcome_time)
            share = float(late.sum()) / held.count
            yield Look(
                value=share,
                sentence=f"{feature!r}{seen.inside(dataset)} lies after {seen.outcome_time!r} in "
                f"{int(late.sum()):,} rows: it was not known when it is to be predicted.",
                n=held.count,
                dataset=dataset,
                feature=feature,
                evidence=lambda late=late: (np.flatnonzero(late)[:20].tolist(), ()),  # type: ignore[misc]
            )


IDENTIFIERS = Check(
    kind="identifiers",
    asks="Does a column name rows rather than describe them?",
    fine="No column has another value in every row.",
    limit=0.95,
    unit="distinct values for each row",
    source="19 rows in 20 with a value of their own, of words, dense whole numbers, or what is called "
    "an id",
    look=_identifiers,
    looks_at="columns that could name rows",
    most="warning",
)
UNNAMED_ROLES = Check(
    kind="unnamed_roles",
    asks="Is there a weight, a split or a prediction that was not named as one?",
    fine="No column is called like a weight, a split or a prediction.",
    limit=0.0,
    unit="1 where a name says so",
    source="names that are usual, such as fnlwgt, split and y_pred",
    look=_roles,
    looks_at="features",
    most="note",
)
ORDERED = Check(
    kind="ordered",
    asks="Does the order of rows, or of an id, tell the label or the group?",
    fine="Rows are in no order that tells the label or the group.",
    limit=0.1,
    unit="rank correlation (Somers' D), without its sign",
    source="Cohen (1988): 0.1 is a small correlation",
    look=_ordered,
    looks_at="labels or groups of several kinds",
    most="warning",
    needs=("axes",),
)
AFTERWARDS = Check(
    kind="afterwards",
    asks="Does a date lie after the outcome became known?",
    fine="No date lies after the outcome became known.",
    limit=0.0,
    unit="share of rows",
    source="any: what comes later is not known before",
    look=_afterwards,
    looks_at="other columns of dates",
    needs=("outcome_time",),
)
