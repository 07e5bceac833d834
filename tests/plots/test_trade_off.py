import pytest

import rai
from rai import plots
from rai.ground.errors import ArgumentError
from rai.thresholds import Frontier, FrontierPoint


def points_of(line):
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def test_the_line_the_plans_and_the_present(scores):
    found = rai.threshold_frontier(scores, strategy="demographic_parity")
    ax = plots.frontier(found)
    line, plans, now = ax.lines[:3]
    corners = [(p.gap, p.cost) for p in found if p.kind == "drawn"]
    assert points_of(line)[: len(corners)] == corners
    assert points_of(line)[-1] == (max(p.gap for p in found), corners[-1][1])
    assert set(points_of(plans)) <= {(p.gap, p.cost) for p in found if p.kind == "thresholds"}
    assert points_of(now) == [(p.gap, p.cost) for p in found if p.kind == "current"]


def test_what_costs_far_more_stands_at_the_top():
    found = Frontier(
        FrontierPoint(kind=kind, gap=gap, cost=cost)
        for kind, gap, cost in (
            ("drawn", 0.0, 0.2),
            ("drawn", 0.1, 0.1),
            ("thresholds", 0.0, 0.9),
            ("thresholds", 0.05, 0.16),
            ("current", 0.08, 0.15),
        )
    )
    ax = plots.frontier(found)
    assert [points_of(line) for line in ax.lines[1:]] == [
        [(0.05, 0.16)],
        [(0.08, 0.15)],
        [(0.0, 0.2 + 0.2 - 0.1)],
    ]
    assert ax.get_legend().get_texts()[-1].get_text() == "the same, at more cost (up to 0.900)"


def test_nothing_can_not_be_drawn():
    with pytest.raises(ArgumentError) as error:
        plots.frontier(Frontier())
    assert str(error.value) == "plots.frontier: no points; expected at least one."
