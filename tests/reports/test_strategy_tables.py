"""Strategies side by side, and plans judged on rows that they were not chosen on."""

from dataclasses import replace

import pytest

import rai
from rai.ground.errors import ArgumentError, DataError, TallyError
from rai.measure.thresholds.strategies import STRATEGIES
from rai.reports.held_out_tables import held_out_table
from rai.reports.score_facts import knows_scores, score_facts
from rai.reports.strategy_tables import strategy_table
from rai.reports.words import bounds, figure


@pytest.fixture
def table(facts):
    shown = facts("scored")
    return strategy_table(shown.scores.choices[0], shown)


def test_every_strategy_has_a_row_and_what_holds_now_comes_first(table):
    names = [row.name for row in table.rows]
    assert names[0] == "as it is now"
    assert set(names[1:]) == {strategy.name.replace("_", " ") for strategy in STRATEGIES}
    assert [row.present for row in table.rows] == [True, *[False] * 8]


def test_rows_hold_what_the_plan_says(table, made):
    plan = rai.optimize_thresholds(made("scored"), strategy="demographic_parity", along="region")
    (row,) = [row for row in table.rows if row.name == "demographic parity"]
    cost, gap = plan.fitted.cost, plan.fitted.residual
    assert row.cost == (figure(cost.value), bounds(cost.low, cost.high))
    assert row.gap == (figure(gap.value), bounds(gap.low, gap.high))
    assert row.ends == f"{gap.highest} over {gap.lowest}"
    assert row.words == f"equal selection rates, within {plan.held_to:.3g}"
    rates = plan.fitted.metrics("selection_rate")
    assert [group.rates[0][0] for group in row.groups] == [figure(rate.value) for rate in rates]
    cells = plan.fitted.confusion
    assert row.groups[0].counts == tuple(
        f"{int(side[0]):,}" for side in (cells.tp, cells.fp, cells.fn, cells.tn)
    )


def test_the_present_threshold_is_judged_like_the_others(table, made):
    rates = made("scored").metrics("true_positive_rate", by="region")
    assert [group.rates[1][0] for group in table.rows[0].groups] == [figure(e.value) for e in rates]
    assert {group.threshold for group in table.rows[0].groups} == {"0.500"}
    errors = 1 - made("scored").metrics("accuracy", by=())[0].value
    assert table.rows[0].cost[0] == figure(errors)


def test_a_strategy_without_a_plan_says_why(table):
    (row,) = [row for row in table.rows if row.name == "predictive parity"]
    assert row.groups == ()
    assert row.note.startswith("no thresholds at which groups are within 0.05 in positive predictive")
    assert row.note.endswith("expected a tolerance of at least 0.307693.")


def test_what_to_mind_about_a_group_is_told_beside_the_plan(table):
    (row,) = [row for row in table.rows if row.name == "equal opportunity"]
    assert (
        row.note
        == "Moor: no positive labels, so nothing can be made equal; it has the best single threshold"
    )
    assert not any("tolerance 0 was taken as" in row.note for row in table.rows)


def test_of_many_groups_those_at_ends_of_gaps_are_listed(facts):
    shown = facts("ranges")
    found = strategy_table(shown.scores.choices[0], shown)
    listed = {group.name for row in found.rows for group in row.groups}
    ends = {end for gap in shown.gaps for end in (gap.highest, gap.lowest)}
    assert listed <= ends
    assert found.left_out == 40 - len(listed)


def test_a_plan_from_other_rows_stands_beside_what_it_does_here(facts, judged, plans):
    other, own = (held_out_table(one, judged) for one in judged.scores.judged)
    here = plans[0].evaluate(judged.audit)
    assert (other.label, own.label) == (
        "judged on rows that it was not chosen on",
        "chosen and judged on the same rows: optimistic",
    )
    assert (other.same_rows, own.same_rows) == (False, True)
    assert other.rows == ("3,366 rows", "1,683 rows")
    (gap, cost, _) = other.whole
    assert gap[1:] == tuple(
        (figure(side.residual.value), bounds(side.residual.low, side.residual.high))
        for side in (plans[0].fitted, here)
    )
    assert [figure(side.cost.value) for side in (plans[0].fitted, here)] == [cost[1][0], cost[2][0]]
    coast = next(pair for pair in other.groups if pair.name == "Coast")
    assert (coast.chosen.n, coast.here.n) == ("2,000", "1,000")
    assert coast.chosen.rates[0] != coast.here.rates[0]


def test_a_plan_that_does_not_fit_writes_nothing(made, plans, tmp_path):
    with pytest.raises(TallyError):
        rai.report(made("scored"), tmp_path, plans=[_moved(plans[0])])
    with pytest.raises(ArgumentError):
        rai.report(made("regression"), tmp_path, plans=plans)
    lacking = replace(plans[0], rules=plans[0].rules[1:])
    with pytest.raises(DataError) as error:
        rai.report(made("scored"), tmp_path, plans=[lacking])
    assert "group 'Coast'" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def _moved(plan):
    """The plan with thresholds between the edges of bins."""
    rules = tuple(
        replace(rule, thresholds=tuple(t + 0.001 for t in rule.thresholds)) for rule in plan.rules
    )
    return replace(plan, rules=rules)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("scored", True),
        ("ranges", True),
        ("propublica", False),
        ("thresholds", False),
        ("multiclass", False),
        ("predicted", False),
    ],
)
def test_scores_are_known_where_there_is_more_than_the_thresholds(made, name, known):
    assert knows_scores(made(name)) is known
    assert (score_facts(made(name)) is not None) is known


def test_one_group_has_no_thresholds_to_choose(made):
    scores = rai.audit(
        y_true=[0, 1, 0, 1], y_score=[0.2, 0.6, 0.4, 0.9], sensitive_features={"sex": ["F"] * 4}
    )
    found = score_facts(scores)
    assert found.choices == ()
    assert list(found.comparisons) == ["sex"]
