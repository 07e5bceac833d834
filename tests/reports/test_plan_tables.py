"""Plans as tables: what stands in them, how many rows, and how wide they are."""

import io

import numpy as np
import pytest
from rich.console import Console

import rai
from rai.measure.thresholds.rules import Rule
from rai.reports.plan_tables import compared, plan_table, threshold_lines
from rai.reports.plan_terminal import print_comparison, print_plan


@pytest.fixture
def chosen():
    """`chosen(groups)`: a plan for so many groups."""

    def made(groups=2, *, name="group {}", **options):
        rng = np.random.default_rng(0)
        score = rng.random(40 * groups).round(2)
        labels = (rng.random(40 * groups) < score).astype(int)
        names = [name.format(place) for place in range(groups)]
        found = rai.audit(
            y_true=labels, y_score=score, sensitive_features={"g": np.repeat(names, 40)}, bins="exact"
        )
        return rai.optimize_thresholds(found, **{"strategy": "group_thresholds", **options})

    return made


def printed(show, *arguments, width=100, **options):
    stream = io.StringIO()
    show(*arguments, console=Console(file=stream, width=width), **options)
    return stream.getvalue()


def test_a_row_holds_the_threshold_and_the_rates_of_its_group(chosen):
    plan = chosen()
    table = plan_table(plan.fitted)
    assert table.heads[:3] == ("n", "threshold", "selection rate")
    rates = plan.fitted.metrics("selection_rate", "accuracy").where(g="group 1")
    name, cells = table.rows[1]
    assert name == "group 1"
    assert cells[1] == f"{plan.thresholds[('group 1',)]:.3f}"
    assert (float(cells[2]), float(cells[-1])) == tuple(round(e.value, 3) for e in rates)


def test_shares_stand_where_decisions_are_drawn(chosen):
    plan = chosen(strategy="equalized_odds", randomized=True)
    table = plan_table(plan.fitted)
    assert table.heads[2] == "share"
    rows = [cells for name, cells in table.rows if name == "group 1"]
    drawn = [rule for rule in plan.rules if rule.drawn]
    assert len(table.rows) == sum(len(rule.thresholds) for rule in plan.rules) > len(plan.rules)
    assert drawn
    assert sum(float(cells[2]) for cells in rows) == pytest.approx(1, abs=0.01)


def test_thresholds_that_nobody_or_everybody_reaches_are_words():
    rules = [Rule(("F",), (np.inf,)), Rule(("M",), (-np.inf, 0.25), (0.125, 0.875))]
    assert threshold_lines(rules) == ("F nobody", "M everyone (12.5%) or 0.250 (87.5%)")


def test_nothing_is_priced_against_itself(chosen):
    plans = [chosen(strategy=one) for one in ("single_threshold", "group_thresholds")]
    single, free = compared([plan.fitted for plan in plans])
    assert plans[0].fitted.price.value == pytest.approx(0.0375)
    assert single.price == ("0.0375", "[-0.0423, 0.115]")
    assert free.price == ("–", "")
    assert single.gap == ("–", "")


def test_many_groups_are_cut_short_and_said_to_be(chosen):
    text = printed(print_plan, chosen(65))
    assert "and 5 more rows" in text
    assert "group 10 " in text
    assert "group 9 " not in text
    text = printed(print_comparison, [chosen(65)])
    assert "in 65 groups" in text


@pytest.mark.parametrize("name", ["a very long name of a group that never ends {}", "two\nlines {}"])
def test_nothing_is_wider_than_the_screen(chosen, name):
    plan = chosen(4, name=name, strategy="equal_opportunity", tolerance=0.2)
    for text in (printed(print_plan, plan), printed(print_comparison, [plan], held_out=[plan.fitted])):
        assert max(map(len, text.splitlines())) <= 100
        assert "two\nlines" not in text
