"""Several classes: class by class, averaged, the whole table, and predicted distributions."""

from math import sqrt

import numpy as np
import pytest

from rai import ArgumentError
from rai.measure.metrics import METRICS, find_metric
from rai.measure.multiclass import WHOLE_TABLE, measured_by_class, predicted_share
from rai.measure.tables import Asked, estimate_table, gap_table

# label × predicted; 20 rows: 7 a, 6 b, 7 c; predicted 6 a, 9 b, 5 c
ONE = [[5, 2, 0], [1, 4, 1], [0, 3, 4]]
TWO = [[2, 0, 0], [0, 6, 0], [0, 0, 2]]


def by_class(tally, name):
    return dict(measured_by_class(tally, find_metric(name)))


def gaps(counts, *names, **changes):
    within = changes.pop("within", None)
    return gap_table(counts, names, along=["g"], within=within, asked=Asked(**changes))


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("true_positive_rate", {"a": 5 / 7, "b": 4 / 6, "c": 4 / 7, "(macro)": (5 / 7 + 4 / 6 + 4 / 7) / 3, "(micro)": 0.65}),
        ("precision", {"a": 5 / 6, "b": 4 / 9, "c": 4 / 5, "(macro)": (5 / 6 + 4 / 9 + 4 / 5) / 3, "(micro)": 0.65}),
        ("false_positive_rate", {"a": 1 / 13, "b": 5 / 14, "c": 1 / 13, "(macro)": (2 / 13 + 5 / 14) / 3, "(micro)": 7 / 40}),
        ("selection_rate", {"a": 0.3, "b": 0.45, "c": 0.25, "(macro)": 1 / 3, "(micro)": 1 / 3}),
        ("f1", {"a": 10 / 13, "b": 8 / 15, "c": 8 / 12, "(macro)": (10 / 13 + 8 / 15 + 2 / 3) / 3, "(micro)": 0.65}),
        ("positives", {"a": 7, "b": 6, "c": 7, "(macro)": 20 / 3, "(micro)": 20}),
        ("count", {"(all)": 20}),
        ("accuracy", {"(all)": 0.65}),
        ("error_rate", {"(all)": 0.35}),
        ("balanced_accuracy", {"(all)": (5 / 7 + 4 / 6 + 4 / 7) / 3}),
        # chance: (7 · 6 + 6 · 9 + 7 · 5) / 400 = 131 / 400
        ("cohen_kappa", {"(all)": (0.65 - 131 / 400) / (1 - 131 / 400)}),
        # (13 · 20 − 131) / √((400 − 36 − 81 − 25)(400 − 49 − 36 − 49))
        ("matthews_correlation", {"(all)": 129 / sqrt(258 * 266)}),
    ],
)  # fmt: skip
def test_by_hand(make, name, by_hand):
    found = by_class(make.tally(ONE), name)
    assert {label: m.value[0] for label, m in found.items()} == {
        k: pytest.approx(v) for k, v in by_hand.items()
    }
    assert {int(m.n[0]) for m in found.values()} == {20}


def test_every_metric_has_an_answer_for_classes(make):
    """Values inside their bounds, for each class and both averages."""
    tally = make.tally(ONE, TWO, [[9, 1, 0], [2, 3, 4], [1, 0, 1]])
    for metric in METRICS:
        for label, found in measured_by_class(tally, metric):
            low, high = found.bounds(1.96)
            ok = found.defined
            assert [bool(note) for note in found.notes] == (~ok).tolist(), (metric.name, label)
            assert ok[0], (metric.name, label)
            if found.method == "count":
                assert np.isnan([low, high]).all()
            else:
                assert (low[ok] <= found.value[ok]).all(), (metric.name, label)
                assert (found.value[ok] <= high[ok]).all(), (metric.name, label)


def test_whole_table_metrics_are_those_of_two_classes(make):
    """With two classes the whole table is the confusion matrix."""
    tally = make.tally([[40, 10], [20, 30]], labels=(0, 1))
    binary = make.confusion((30, 10, 20, 40))
    for name in WHOLE_TABLE:
        assert by_class(tally, name)["(all)"].value == pytest.approx(
            find_metric(name).measure(binary).value
        )


def test_averages_are_averages_of_each_class(make):
    tally = make.tally(ONE, [[9, 1, 1], [2, 3, 4], [1, 1, 1]])
    for name in ("tpr", "fpr", "jaccard", "f2", "informedness", "lr_plus", "treatment_ratio"):
        found = by_class(tally, name)
        np.testing.assert_allclose(
            found["(macro)"].value, np.mean([found[c].value for c in "abc"], axis=0)
        )


def test_micro_has_the_interval_of_accuracy(make):
    tally = make.tally(ONE, TWO)
    whole = by_class(tally, "accuracy")["(all)"]
    for name in ("tpr", "precision"):
        micro = by_class(tally, name)["(micro)"]
        np.testing.assert_allclose(micro.value, whole.value)
        np.testing.assert_allclose(micro.bounds(1.96), whole.bounds(1.96))
        assert micro.method == "wilson"
    assert by_class(tally, "fpr")["(micro)"].method == "linearised"


def test_weights_of_rows_do_not_change_what_micro_is(make):
    plain, heavy = (by_class(make.tally(ONE, TWO, weight=w), "tpr")["(micro)"] for w in (None, 0.1))
    assert (plain.method, heavy.method) == ("wilson", "wilson")
    np.testing.assert_allclose(heavy.bounds(1.96), plain.bounds(1.96))


def test_averages_keep_the_range_of_their_metric(make):
    tally = make.tally([[3, 1, 0], [0, 4, 0], [0, 1, 3]])
    for name, least, most in (("informedness", -1, 1), ("fpr", 0, 1), ("f1", 0, 1), ("jaccard", 0, 1)):
        for label in ("(macro)", "(micro)"):
            low, high = by_class(tally, name)[label].bounds(4.0)
            assert least <= low[0] < high[0] <= most, (name, label)
    # a likelihood ratio may exceed 1, however small it is here
    assert by_class(tally, "lr_minus")["(macro)"].value[0] < 0.2
    assert by_class(tally, "lr_minus")["(macro)"].bounds(6.0).high[0] > 1


def test_a_class_that_is_not_there(make):
    tally = make.tally([[5, 2, 0], [1, 4, 0], [0, 0, 0]], ONE)
    rows = [
        row for row in estimate_table(tally, ["tpr"], by="g", level=0.95).to_dicts() if row["g"] == "A"
    ]
    assert [(row["label"], row["value"], row["note"]) for row in rows] == [
        ("a", pytest.approx(5 / 7), ""),
        ("b", 0.8, ""),
        ("c", None, "undefined: no rows with a positive label (n=12)"),
        ("(macro)", None, "undefined: it is undefined for at least one class (n=12)"),
        ("(micro)", 0.75, ""),
    ]
    balanced = by_class(tally, "balanced_accuracy")["(all)"]
    assert (np.isnan(balanced.value[0]), balanced.notes) == (
        True,
        ("undefined: a class has no rows here (n=12)", ""),
    )


def test_counts_have_no_interval(make):
    tally = make.tally(ONE, TWO)
    for label, found in by_class(tally, "true_positives").items():
        assert np.isnan(found.bounds(1.96)).all(), label
    last = gaps(tally, "true_positives")[-1]
    assert (last.value, last.low, last.note) == (3.0, None, "a count is what was seen: no interval")


def test_gaps_of_every_class(make):
    found = gaps(make.tally(ONE, TWO), "tpr")
    assert [g.within for g in found] == [
        (("label", name),) for name in ("a", "b", "c", "(macro)", "(micro)")
    ]
    assert [g.value for g in found] == [
        pytest.approx(v) for v in (2 / 7, 1 / 3, 3 / 7, (2 / 7 + 1 / 3 + 3 / 7) / 3, 0.35)
    ]


@pytest.mark.parametrize(
    "name", ["tpr", "selection_rate", "accuracy", "fpr", "f1", "kappa", "informedness"]
)
def test_gaps_to_overall_are_what_they_say(make, name):
    tally = make.tally(ONE, TWO, [[3, 3, 1], [1, 1, 5], [2, 2, 2]])
    groups, whole = by_class(tally, name), by_class(tally.by(), name)
    for found in gaps(tally, name, versus="to_overall"):
        label = dict(found.within)["label"]
        assert found.value == pytest.approx(np.abs(groups[label].value - whole[label].value[0]).max()), (
            label
        )
        assert found.low <= found.value <= found.high
    if not find_metric(name).signed:
        for found in gaps(tally, name, versus="to_overall", kind="ratio"):
            label = dict(found.within)["label"]
            ratios = groups[label].value / whole[label].value[0]
            with np.errstate(divide="ignore"):
                assert found.value == pytest.approx(np.minimum(ratios, 1 / ratios).min()), label


def test_total_variation_by_hand(make):
    # predicted (6, 9, 5) of 20 and (2, 6, 2) of 10: ½ (0.1 + 0.15 + 0.05)
    (found,) = gaps(make.tally(ONE, TWO), "total_variation")
    assert found.value == pytest.approx(0.15)
    assert (found.within, found.highest, found.lowest) == ((("label", "(all)"),), "A", "B")
    assert found.note == "most apart in 'b', predicted less often for A"
    assert found.low <= found.value <= found.high <= 1
    assert (found.kind, found.n) == ("difference", 30)
    assert 0 < found.null < 0.3
    assert found.p_value > 0.5


def test_total_variation_to_overall(make):
    # everyone is predicted (8, 15, 7) of 30
    (found,) = gaps(make.tally(ONE, TWO), "total_variation", versus="to_overall")
    away = (
        np.abs(np.array([[0.3, 0.45, 0.25], [0.2, 0.6, 0.2]]) - np.array([8, 15, 7]) / 30).sum(axis=1)
        / 2
    )
    assert found.value == pytest.approx(away.max())
    assert (found.highest, found.lowest, found.versus) == ("B", "overall", "to_overall")
    assert found.note == "most apart in 'b', predicted more often for B"


def test_total_variation_to_a_group_and_of_nothing(make):
    tally = make.tally(ONE, TWO, [[0, 0, 10], [0, 0, 0], [0, 0, 0]])
    (found,) = gaps(tally, "total_variation", versus="C")
    assert found.value == pytest.approx(0.8)
    assert (found.highest, found.lowest, found.note) == (
        "B",
        "C",
        "most apart in 'c', predicted less often for B",
    )
    assert found.p_value < 0.01
    (found,) = gaps(make.tally(ONE), "total_variation")
    assert (found.value, found.note) == (None, "undefined: fewer than two groups have rows")
    (found,) = gaps(make.tally(ONE, ONE), "total_variation")
    assert (found.value, found.low, found.p_value) == (0.0, 0.0, 1.0)


def test_shares_of_predictions(make):
    found = predicted_share(make.tally(ONE, TWO, weight=2), 1)
    assert found.value.tolist() == [0.45, 0.6]
    assert (found.trials.tolist(), found.denominator.tolist()) == ([20.0, 10.0], [40.0, 20.0])


def test_what_only_two_classes_have(make):
    with pytest.raises(ArgumentError) as error:
        gaps(make.tally(ONE, TWO), "between_group_theil")
    assert str(error.value) == "criterion: 'between_group_theil'; expected a binary audit."
