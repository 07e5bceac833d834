"""Tables of answers: which axes, which metrics, and what can't be asked."""

import numpy as np
import pytest

from rai import ArgumentError
from rai.measure.criteria import DEFAULT_CRITERIA
from rai.measure.metrics import DEFAULT_METRICS
from rai.measure.regression import DEFAULT_REGRESSION_METRICS
from rai.measure.tables import (
    DEFAULT_MULTICLASS_CRITERIA,
    DEFAULT_MULTICLASS_METRICS,
    Asked,
    compared,
    default_criteria,
    default_metrics,
    estimate_table,
    gap_table,
    gaps_of,
    levels_of,
    pair_table,
    pooled_table,
    split_axes,
)
from rai.values import Confusion, Moments, Tally

GROUPS = tuple((sex, city) for sex in ("F", "M") for city in ("A", "B"))
CELLS = [(3, 1, 1, 5), (2, 2, 2, 4), (4, 1, 2, 3), (1, 0, 3, 6)]  # tp fp fn tn


@pytest.fixture
def counts():
    n = np.array([[[tn, fp], [fn, tp]] for tp, fp, fn, tn in CELLS])
    return Confusion(("sex", "city"), GROUPS, n, n * 1.0, n * 1.0)


@pytest.fixture
def classes(make):
    n = np.random.default_rng(0).integers(1, 9, (4, 3, 3))
    return Tally(("sex", "city"), GROUPS, ("a", "b", "c"), None, ("a", "b", "c"), n)


@pytest.fixture
def errors(make):
    rng = np.random.default_rng(0)
    rows = [(rng.normal(size=9), rng.normal(size=9)) for _ in GROUPS]
    found = make.moments(*rows)
    return Moments(("sex", "city"), GROUPS, 0.0, found.n, found.weight, found.weight_sq, found.sums)


def pool(counts, *names, method="standardized", **asked):
    return pooled_table(counts, names, along="sex", within="city", method=method, asked=Asked(**asked))


@pytest.mark.parametrize(
    ("axes", "split"),
    [
        (None, ()),
        ((), ()),
        ("sex", ("sex",)),
        ("sex × race", ("sex", "race")),
        (["sex", "race × age"], ("sex", "race", "age")),
        (("sex",), ("sex",)),
        ("sex x race", ("sex x race",)),
    ],
)
def test_axes_in_every_spelling(axes, split):
    assert split_axes(axes) == split


def test_defaults_of_each_task(counts, classes, errors):
    assert default_metrics(counts) == DEFAULT_METRICS
    assert default_criteria(counts) == DEFAULT_CRITERIA
    assert default_metrics(classes) == DEFAULT_MULTICLASS_METRICS
    assert default_criteria(classes) == DEFAULT_MULTICLASS_CRITERIA
    assert default_metrics(errors) == default_criteria(errors) == DEFAULT_REGRESSION_METRICS
    for each, names in ((counts, DEFAULT_METRICS), (errors, DEFAULT_REGRESSION_METRICS)):
        assert [e.metric for e in estimate_table(each, (), by=(), level=0.95)] == list(names)
    found = gap_table(classes, (), along=["sex"], within=None, asked=Asked())
    assert tuple(dict.fromkeys(g.metric for g in found)) == DEFAULT_MULTICLASS_CRITERIA


def test_estimates_by_axes(counts):
    def names(by):
        return [e.name for e in estimate_table(counts, ["tpr"], by=by, level=0.95)]

    assert names(None) == ["F × A", "F × B", "M × A", "M × B"]
    assert names("city × sex") == ["A × F", "A × M", "B × F", "B × M"]
    assert names(["sex"]) == ["F", "M"]
    assert names(()) == ["everyone"]
    assert [e.value for e in estimate_table(counts, ["tpr"], by="sex", level=0.95)] == [0.625, 0.5]


def test_gaps_go_comparison_by_comparison(counts):
    found = gap_table(counts, ["tpr", "fpr"], along=["sex", "city"], within=None, asked=Asked())
    assert [(g.along, g.metric) for g in found] == [
        ("sex", "true_positive_rate"), ("sex", "false_positive_rate"),
        ("city", "true_positive_rate"), ("city", "false_positive_rate"),
    ]  # fmt: skip


def test_gaps_within_levels(counts):
    found = gap_table(counts, ["tpr"], along=["sex"], within="city", asked=Asked())
    assert [(g.within, g.value) for g in found] == [
        ((("city", "A"),), pytest.approx(0.75 - 4 / 6)),
        ((("city", "B"),), 0.25),
    ]


def test_a_fixed_kind_stays(counts):
    kinds = {
        name: gap_table(counts, [name], along=["sex"], within=None, asked=Asked(kind="ratio"))[0].kind
        for name in (
            "demographic_parity",
            "disparate_impact",
            "differential_fairness",
            "between_group_theil",
        )
    }
    assert list(kinds.values()) == ["ratio", "ratio", "log_ratio", "index"]


def test_a_reference_is_looked_for_where_it_is(counts):
    found = gap_table(counts, ["tpr"], along=["sex", "city"], within=None, asked=Asked(versus="B"))
    assert [(g.along, g.versus) for g in found] == [("city", "B")]
    found = gap_table(counts, ["tpr"], along=["sex × city"], within=None, asked=Asked(versus="M × B"))
    assert found[0].value == 0.5


@pytest.mark.parametrize("name", ["tpr", "f1", "informedness"])
def test_compared_with_everyone_else(counts, name):
    """A proportion is compared with the rest, anything else with everyone."""
    ((label, both),) = compared(counts.by("sex"), name)
    assert label is None
    other = "M" if name == "tpr" else None
    groups = counts.by("sex").only(sex=other) if other else counts.by()
    ((_, whole),) = compared(groups, name)
    assert both.rest().value[0] == whole.measured.value[0]


def test_pairs_take_the_metrics_of_criteria_once(counts):
    found = pair_table(counts, ["equalized_odds", "tpr", "fpr"], along="sex", asked=Asked())
    assert [p.metric for p in found] == ["true_positive_rate", "false_positive_rate"]
    found = pair_table(counts, ["tpr"], along="sex × city", asked=Asked())
    assert (len(found), found[0].group, found[0].along) == (6, "F × A", "sex × city")


def test_pairs_of_classes_say_which(classes):
    found = pair_table(classes, ["tpr", "accuracy"], along="sex", asked=Asked())
    assert [row["label"] for row in found.to_dicts()] == ["a", "b", "c", "(macro)", "(micro)", "(all)"]
    assert [p.metric for p in found.where(label="(all)")] == ["accuracy"]


def test_pooled_gaps_of_each_task(counts, classes, errors):
    assert [g.metric for g in pool(counts, "equalized_odds")] == [
        "true_positive_rate",
        "false_positive_rate",
    ]
    assert len(pool(counts)) == 7  # six criteria, one of two metrics
    found = pool(classes, "tpr", "accuracy")
    assert [g.within for g in found] == [
        (("label", name),) for name in ("a", "b", "c", "(macro)", "(micro)", "(all)")
    ]
    for name in "abc":
        (one,) = [g for g in found if g.within == (("label", name),)]
        binary = classes.one_vs_rest(name).confusion()
        assert one.value == pytest.approx(pool(binary, "tpr")[0].value)
    assert [g.metric for g in pool(errors)] == list(DEFAULT_REGRESSION_METRICS)
    assert pool(errors, "mae")[0].note == "over 2 levels"


def test_pooled_ratios_of_what_can_be_negative(counts, errors):
    for each, name in ((counts, "mcc"), (errors, "bias")):
        (found,) = pool(each, name, kind="ratio")
        assert (found.value, found.note) == (
            None, "undefined: a ratio of a metric that can be negative; over 2 levels",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda c: Asked(kind="odds"), "kind: 'odds'; expected one of 'difference', 'ratio'."),
        (lambda c: Asked(aggregate="max"), "aggregate: 'max'; expected one of 'worst_case', 'mean'."),
        (
            lambda c: gap_table(c, (), along=["sex"], within="sex", asked=Asked()),
            "within: 'sex'; expected axes that are not compared along.",
        ),
        (
            lambda c: gap_table(c, (), along=[()], within=None, asked=Asked()),
            "along: nothing; expected one of 'sex', 'city'.",
        ),
        (
            lambda c: gap_table(c, (), along=["sex"], within="town", asked=Asked()),
            "axis: 'town'; expected one of 'sex', 'city'.",
        ),
        (
            lambda c: estimate_table(c, (), by="sx", level=0.95),
            "axis: 'sx'; expected one of 'sex', 'city'. Did you mean 'sex'?",
        ),
        (
            lambda c: gap_table(c, (), along=["sex", "city"], within=None, asked=Asked(versus="X")),
            "versus: 'X'; expected one of 'between_groups', 'to_overall', 'F', 'M', 'A', 'B'.",
        ),
        (
            lambda c: pair_table(c, (), along="sex", asked=Asked(versus="m")),
            "versus: 'm'; expected one of 'between_groups', 'to_overall', 'F', 'M'. Did you mean 'M'?",
        ),
        (
            lambda c: pool(c, "tpr", method="average"),
            "method: 'average'; expected one of 'standardized', 'mantel_haenszel'.",
        ),
        (
            lambda c: pool(c, "tpr", versus="to_overall"),
            "versus: 'to_overall'; expected 'between_groups' or a group: a pooled gap has no overall.",
        ),
        (
            lambda c: pool(c, "tpr", versus="X"),
            "versus: 'X'; expected one of 'between_groups', 'to_overall', 'F', 'M'.",
        ),
        (
            lambda c: pooled_table(c, (), along="sex", within=(), method="standardized", asked=Asked()),
            "within: nothing; expected the axes to hold fixed. Name a control feature.",
        ),
        (
            lambda c: pool(c, "f1", method="mantel_haenszel"),
            "method: 'mantel_haenszel' for 'f1'; expected a proportion.",
        ),
    ],
)
def test_what_can_not_be_asked(counts, ask, message):
    with pytest.raises(ArgumentError) as error:
        ask(counts)
    assert str(error.value) == message


def test_mantel_haenszel_of_a_regression(errors):
    with pytest.raises(ArgumentError) as error:
        pool(errors, "mae", method="mantel_haenszel")
    assert (
        str(error.value) == "method: 'mantel_haenszel' for 'mean_absolute_error'; expected a proportion."
    )


def test_counts_at_each_level_of_what_is_held_fixed(counts):
    found = levels_of(counts, ("sex",), ("city",))
    assert [fixed for fixed, _ in found] == [(("city", "A"),), (("city", "B"),)]
    for place, (_, part) in enumerate(found):
        assert (part.axes, part.groups) == (("sex",), (("F",), ("M",)))
        assert part.n.tolist() == counts.n[place::2].tolist()
    ((nothing, whole),) = levels_of(counts, ("sex",), ())
    assert nothing == ()
    assert whole.n.tolist() == (counts.n[0::2] + counts.n[1::2]).tolist()


@pytest.mark.parametrize(
    ("along", "within", "said"),
    [
        ((), ("city",), "along: nothing"),
        (("sex",), ("sex",), "within: 'sex'; expected axes that are not compared along"),
        (("town",), (), "town"),
    ],
)
def test_levels_that_can_not_be_taken(counts, along, within, said):
    with pytest.raises(ArgumentError, match=said):
        levels_of(counts, along, within)


@pytest.mark.parametrize("name", ["equalized_odds", "accuracy", "tpr"])
def test_gaps_of_one_part_are_rows_of_the_table(counts, name):
    asked = Asked(kind="difference", seed=3)
    direct = [
        gap
        for fixed, part in levels_of(counts, ("sex",), ("city",))
        for gap in gaps_of(part, name, fixed, asked)
    ]
    assert direct == list(gap_table(counts, [name], along=["sex"], within="city", asked=asked))


def test_gaps_of_several_classes_and_of_a_regression(classes, errors):
    for part, name in ((classes, "equal_opportunity"), (errors, "mean_error")):
        asked = Asked()
        direct = list(gaps_of(part.by("sex"), name, (), asked))
        assert direct == list(gap_table(part, [name], along=["sex"], within=(), asked=asked))


def test_each_reaches_the_gap(counts):
    part = counts.by("sex", "city")
    together, alone = (
        next(iter(gaps_of(part, "accuracy", (), Asked(each=each, level=0.95)))) for each in (False, True)
    )
    assert alone.value == together.value
    assert alone.low <= together.low
    assert alone.high < together.high
    assert (alone.p_value, together.p_value is None) == (None, False)
