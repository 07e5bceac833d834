"""Names of metrics and criteria in a policy, by full name or alias."""

import pytest
from pydantic import TypeAdapter, ValidationError

from rai.gates.rules.names import CriterionName, MetricName, better, is_count, is_metric
from rai.measure.metrics import METRICS
from rai.measure.regression import REGRESSION_METRICS
from rai.measure.score_metrics import SCORE_METRICS

METRIC, CRITERION = TypeAdapter(MetricName), TypeAdapter(CriterionName)


@pytest.mark.parametrize("row", [*METRICS, *SCORE_METRICS, *REGRESSION_METRICS], ids=lambda r: r.name)
def test_every_metric_is_known_by_its_name_and_has_its_direction(row):
    assert METRIC.validate_python(row.name) == row.name
    assert (is_metric(row.name), better(row.name)) == (True, row.better)


def test_an_alias_is_the_metric():
    assert METRIC.validate_python("tpr") == METRIC.validate_python("recall") == "true_positive_rate"
    assert CRITERION.validate_python("tpr") == CRITERION.validate_python("true_positive_rate")


def test_a_criterion_is_no_metric():
    assert not is_metric("equalized_odds")
    assert CRITERION.validate_python("equalized_odds") == "equalized_odds"
    with pytest.raises(ValidationError, match="equalized_odds"):
        METRIC.validate_python("equalized_odds")


@pytest.mark.parametrize("adapter", [METRIC, CRITERION])
def test_a_slip_is_told_with_what_was_meant(adapter):
    with pytest.raises(ValidationError, match="Did you mean 'accuracy'"):
        adapter.validate_python("acuracy")


def test_counts_are_told_apart():
    assert is_count("count")
    assert not is_count("accuracy")
    assert not is_count("mean_absolute_error")
