"""Every pair: signs, tests worked out by hand, and Holm over the whole family."""

from math import erfc, log, sqrt

import pytest

from rai import ArgumentError
from rai.measure.gaps import Question
from rai.measure.intervals import newcombe
from rai.measure.pairs import pairs
from rai.measure.simultaneous import holm

THREE = [(80, 100), (50, 100), (60, 100)]


def ask(make, counts, *names, **changes):
    question = Question(**{"name": "", "along": "g", **changes})
    return pairs([make.compared(counts, name) for name in names], question)


def test_signs(make):
    rows = ask(make, make.rates(*THREE), "selection_rate")
    assert [(p.group, p.versus, round(p.value, 10)) for p in rows] == [
        ("A", "B", 0.3),
        ("A", "C", 0.2),
        ("B", "C", -0.1),
    ]
    ratios = ask(make, make.rates(*THREE), "selection_rate", kind="ratio")
    assert [p.value for p in ratios] == [pytest.approx(v) for v in (1.6, 4 / 3, 5 / 6)]
    assert {(p.metric, p.along, p.kind, p.note) for p in ratios} == {
        ("selection_rate", "g", "ratio", "")
    }


def test_to_everyone_and_to_one(make):
    rows = ask(make, make.rates(*THREE), "selection_rate", versus="to_overall")
    assert [(p.group, p.versus) for p in rows] == [("A", "overall"), ("B", "overall"), ("C", "overall")]
    assert [p.value for p in rows] == [pytest.approx(v - 19 / 30) for v in (0.8, 0.5, 0.6)]
    assert [(p.group, p.versus) for p in ask(make, make.rates(*THREE), "selection_rate", versus="B")] == [
        ("A", "B"), ("C", "B"),
    ]  # fmt: skip


def test_p_values_are_of_the_pooled_score_test(make):
    rows = ask(make, make.rates(*THREE), "selection_rate")
    # 0.8 and 0.5 of 100 each: pooled 0.65, z = 0.3 / √(0.65 · 0.35 · 2 / 100)
    expected = [
        erfc(abs(a - b) / sqrt((a + b) / 2 * (1 - (a + b) / 2) / 50) / sqrt(2))
        for a, b in ((0.8, 0.5), (0.8, 0.6), (0.5, 0.6))
    ]
    assert [p.p_value for p in rows] == [pytest.approx(v) for v in expected]
    assert [p.p_adjusted for p in rows] == [pytest.approx(v) for v in holm(expected)]


def test_few_rows_take_fishers_test(make):
    (row,) = ask(make, make.rates((3, 3), (0, 3)), "selection_rate")
    assert row.p_value == pytest.approx(0.1)  # two tables of the twenty are as extreme
    (row,) = ask(make, make.rates((1, 3), (1, 3)), "selection_rate")
    assert row.p_value == 1.0


def test_other_metrics_by_their_standard_errors(make):
    counts = make.confusion((30, 10, 20, 40), (45, 5, 5, 45))
    (row,) = ask(make, counts, "mcc")
    spread = make.compared(counts, "mcc").measured.spread
    assert row.value == pytest.approx(1000 / sqrt(6e6) - 0.8)
    assert row.p_value == pytest.approx(
        erfc(abs(row.value) / sqrt(spread[0] ** 2 + spread[1] ** 2) / sqrt(2))
    )


def test_one_pair_has_the_plain_interval(make):
    (row,) = ask(make, make.rates((80, 100), (50, 100)), "selection_rate")
    direct = newcombe([80], [100], other_count=[50], other_n=[100])
    assert (row.low, row.high) == (float(direct.low[0]), float(direct.high[0]))
    assert row.p_adjusted == row.p_value


def test_metrics_are_one_family(make):
    counts = make.confusion((30, 10, 20, 40), (40, 25, 10, 25))
    one, both = ask(make, counts, "tpr"), ask(make, counts, "tpr", "fpr")
    assert [p.metric for p in both] == ["true_positive_rate", "false_positive_rate"]
    assert both[0].low < one[0].low
    assert both[0].p_adjusted == pytest.approx(2 * one[0].p_value) or both[
        0
    ].p_adjusted == pytest.approx(one[0].p_value)
    assert sorted(p.p_adjusted for p in both) == [
        pytest.approx(v) for v in sorted(holm([p.p_value for p in both]))
    ]


def test_what_is_held_fixed_is_told(make):
    counts = make.rates(*THREE)
    both = [make.compared(counts, name) for name in ("selection_rate", "accuracy")]
    rows = pairs(both, Question(name="", along="g"), within=[(("label", "a"),), (("label", "b"),)])
    assert [row["label"] for row in rows.to_dicts()] == ["a"] * 3 + ["b"] * 3
    assert "label" not in ask(make, counts, "accuracy").to_dicts()[0]


def test_groups_without_a_value_are_not_there(make):
    counts = make.confusion((3, 1, 1, 5), (2, 0, 2, 6), (0, 4, 0, 6))
    assert [(p.group, p.versus) for p in ask(make, counts, "tpr")] == [("A", "B")]
    assert len(ask(make, counts, "tpr", "accuracy")) == 4
    assert len(ask(make, make.confusion((3, 1, 1, 5)), "tpr")) == 0


def test_a_ratio_to_nothing(make):
    rows = ask(make, make.rates((5, 10), (0, 10), (0, 20)), "selection_rate", kind="ratio")
    assert [(p.value, p.note) for p in rows] == [
        (None, "undefined: the rate compared with is 0"),
        (None, "undefined: the rate compared with is 0"),
        (None, "undefined: the rate compared with is 0"),
    ]
    assert rows[2].p_value == 1.0


def test_an_interval_without_0_needs_a_small_p_value(make):
    """Intervals and tests tell one story, give or take their approximations."""
    for x in range(20, 100, 4):
        (row,) = ask(make, make.rates((x, 100), (50, 100)), "selection_rate")
        if abs(log(row.p_value / 0.05)) > 0.7:
            assert (row.low > 0 or row.high < 0) == (row.p_value < 0.05), x


@pytest.mark.parametrize("name", ["mcc", "informedness"])
def test_a_ratio_of_what_can_be_negative(make, name):
    counts = make.confusion((30, 10, 20, 40), (45, 5, 5, 45))
    with pytest.raises(ArgumentError) as error:
        ask(make, counts, "accuracy", name, kind="ratio")
    full = {"mcc": "matthews_correlation"}.get(name, name)
    assert str(error.value) == f"kind: 'ratio' of {full!r}; expected a metric that can't be negative."
