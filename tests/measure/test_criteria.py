"""The criteria: every row of the table, and metrics as criteria."""

from math import log

import pytest

from rai import ArgumentError
from rai.measure.criteria import CRITERIA, DEFAULT_CRITERIA, Criterion, find_criterion
from rai.measure.metrics import METRICS, find_metric
from rai.measure.score_metrics import SCORE_METRICS, find_score_metric
from rai.measure.tables import Asked, gap_table

# A: SR 40/100, TPR 30/50, FPR 10/50, PPV 30/40, NPV 40/60, ACC 0.7, FN/FP 2
# B: SR 30/100, TPR 20/25, FPR 10/75, PPV 20/30, NPV 65/70, ACC 0.85, FN/FP 1/2
CELLS = [(30, 10, 20, 40), (20, 10, 5, 65)]
OF_SCORES = {"abroca"}  # by hand among the tests of the area between ROC curves
DECISIONS = [row for row in CRITERIA if row.name not in OF_SCORES]
BENEFITS = (0.9, 1.05)  # 1 + (FP − FN) / n; everyone 0.975
BY_HAND = {
    "demographic_parity": 0.1,
    "disparate_impact": 0.75,
    "total_variation": 0.1,
    "equal_opportunity": 0.2,
    "predictive_equality": 1 / 15,
    "equalized_odds": 0.2,
    "average_odds": (0.2 + 1 / 15) / 2,
    "predictive_parity": 1 / 12,
    "conditional_use_accuracy": 65 / 70 - 2 / 3,
    "equal_accuracy": 0.15,
    "treatment_equality": 1.5,
    "differential_fairness": log(0.4 / 0.3),  # of acceptance; of rejection it is ln(0.7 / 0.6)
    "between_group_entropy": sum((b / 0.975 - 1) ** 2 for b in BENEFITS) / 4,
    "between_group_theil": sum(b / 0.975 * log(b / 0.975) for b in BENEFITS) / 2,
}


def test_by_hand_covers_the_table():
    assert list(BY_HAND) == [row.name for row in DECISIONS]
    assert {row.name for row in CRITERIA if row not in DECISIONS} == OF_SCORES


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_every_row_by_hand(make, name, value):
    for given in (name, *find_criterion(name).aliases):
        (found,) = gap_table(make.confusion(*CELLS), [given], along=["g"], within=None, asked=Asked())
        assert found.metric == name
        assert found.value == pytest.approx(value)
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize(
    ("kind", "parity"),
    [
        (None, "0 (as a ratio: 1)"), ("difference", "0"), ("ratio", "1"), ("log_ratio", "0"),
        ("index", "0"),
    ],
)  # fmt: skip
def test_parity_in_words(kind, parity):
    assert Criterion("x", ("accuracy",), "…", kind=kind).parity == parity
    assert any(row.kind == kind for row in CRITERIA)


@pytest.mark.parametrize(
    "row", [row for row in DECISIONS if row.kind != "index"], ids=lambda row: row.name
)
def test_equal_groups_are_at_parity(make, row):
    (found,) = gap_table(
        make.confusion(CELLS[0], CELLS[0]), [row.name], along=["g"], within=None, asked=Asked()
    )
    assert str(int(found.value)) == row.parity[0]
    assert found.value == int(found.value)


def test_rows_name_metrics():
    for row in CRITERIA:
        find = find_score_metric if row.name in OF_SCORES else find_metric
        assert [find(name).name for name in row.metrics] == list(row.metrics)
        assert find_criterion(row.name) is row
        assert {find_criterion(alias) for alias in row.aliases} <= {row}
        assert row.source
    assert [find_criterion(name).name for name in DEFAULT_CRITERIA] == list(DEFAULT_CRITERIA)


def test_a_metric_is_the_criterion_that_it_be_equal():
    for metric in (*METRICS, *SCORE_METRICS):
        found = find_criterion(metric.name)
        assert (found.name, found.metrics, found.kind) == (metric.name, (metric.name,), None)
    assert find_criterion("fpr") == Criterion(
        "false_positive_rate", ("false_positive_rate",), "gap in false positive rate"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("equalised_odds", " Did you mean 'equalized_odds'?"),
        ("xyz", ""),
        (["tpr"], " Did you mean 'tpr'?"),
        (None, ""),
    ],
)
def test_an_unknown_criterion(name, hint):
    with pytest.raises(ArgumentError) as error:
        find_criterion(name)
    assert str(error.value) == (
        f"criterion or metric: {name!r}; expected one of 'demographic_parity', 'disparate_impact', "
        "'total_variation', 'equal_opportunity', 'predictive_equality', 'equalized_odds', 'average_odds', "
        "'predictive_parity', 'conditional_use_accuracy', 'equal_accuracy', 'treatment_equality', "
        f"'differential_fairness' and {len(CRITERIA) + len(METRICS) + len(SCORE_METRICS) - 12} more.{hint}"
    )
