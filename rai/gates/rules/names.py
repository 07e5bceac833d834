"""Names of metrics and criteria in a policy: known at once, so that a slip is told where it stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from rai.ground.errors import ArgumentError
from rai.measure.criteria import find_criterion
from rai.measure.laws import Count
from rai.measure.metrics import METRICS, find_metric
from rai.measure.regression import REGRESSION_METRICS, find_regression_metric
from rai.measure.score_metrics import find_score_metric


def _metric(name: str) -> str:
    """The full name of a metric of decisions, of scores or of a regression."""
    of_scores = find_score_metric(name)
    if of_scores is not None:
        return of_scores.name
    try:
        return find_metric(name).name
    except ArgumentError:
        if any(name in (row.name, *row.aliases) for row in REGRESSION_METRICS):
            return find_regression_metric(name).name
        raise


def _criterion(name: str) -> str:
    """The full name of a criterion, or of a metric that is to be equal."""
    try:
        return find_criterion(name).name
    except ArgumentError:
        if any(name in (row.name, *row.aliases) for row in REGRESSION_METRICS):
            return find_regression_metric(name).name
        raise


def better(name: str) -> str:
    """Which direction of a metric is better for people: `higher`, `lower` or `neither`."""
    of_scores = find_score_metric(name)
    if of_scores is not None:
        return of_scores.better
    row = next((row for row in REGRESSION_METRICS if row.name == name), None)
    return find_metric(name).better if row is None else row.better


def is_metric(name: str) -> bool:
    """Whether a name is that of a metric, and not only of a criterion."""
    try:
        _metric(name)
    except ArgumentError:
        return False
    return True


def is_count(name: str) -> bool:
    """Whether a metric is a number of rows, which has no interval."""
    row = next((row for row in METRICS if row.name == name), None)
    return row is not None and isinstance(row.law, Count)


MetricName = Annotated[str, AfterValidator(_metric)]
CriterionName = Annotated[str, AfterValidator(_criterion)]
