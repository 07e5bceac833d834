import numpy as np
import pandas as pd
import pytest

import rai
from rai import plots
from rai.whatif import Edit, Scenario, run_scenario

RAISE = Scenario("10% more", Edit.scale("income", 1.1))


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    return pd.DataFrame({"income": rng.gamma(4, 12, 300), "sex": rng.choice(["F", "M"], 300)})


def by_income(frame):
    return np.clip(frame["income"] / 100, 0, 1)


def dots(ax):
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_markerfacecolor())
        for line in ax.lines
        if line.get_marker() not in {"None", None, ""}
    ]


def test_rates_before_and_after_stand_beside_what_changes(rows):
    found = run_scenario(by_income, rows, scenario=RAISE, sensitive_features="sex")
    ax = plots.scenario(found)
    left, right = ax.child_axes
    rates = {(e.group[0][1], e.group[1][1]): e for e in found.selection_rates}
    order = [("F", "before"), ("F", "after"), ("M", "before"), ("M", "after")]
    assert [x for x, _, _ in dots(left)] == [rates[key].value for key in order]
    assert [y for _, y, _ in dots(left)] == pytest.approx([-0.17, 0.17, 0.83, 1.17])
    filled = [colour != "#ffffff" for _, _, colour in dots(left)]
    assert filled == [False, True, False, True]
    spans = [tuple(line.get_xdata()) for line in left.lines if line.get_linestyle() == "-"]
    assert [span for span in spans if len(span) == 2] == [
        (rates[key].low, rates[key].high) for key in order
    ]
    assert [(x, y) for x, y, _ in dots(right)] == [
        (r.share, float(i)) for i, r in enumerate(found.flips)
    ]
    assert [label.get_text() for label in left.get_yticklabels()] == [
        f"{rate.name}  (n = {rate.n})" for rate in found.flips
    ]
    assert left.get_xlabel() == "10% more\nhollow: before, filled: after; 95% intervals"
    assert found.overall.changed > 0


def test_without_groups_there_is_one_row(rows):
    left, _ = plots.scenario(run_scenario(by_income, rows, scenario=RAISE)).child_axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["everyone  (n = 300)"]


@pytest.mark.parametrize(
    ("model", "titles"),
    [
        (
            rai.load_model(lambda f: f["income"] * 2, task="regression"),
            ["mean change", "values that change"],
        ),
        (
            rai.load_model(
                lambda f: np.c_[1 - by_income(f), 0 * by_income(f), by_income(f)],
                classes=["a", "b", "c"],
            ),
            ["mean change of score", "decisions that change"],
        ),
    ],
    ids=["regression", "classes"],
)
def test_otherwise_mean_changes_are_drawn(rows, model, titles):
    found = run_scenario(model, rows, scenario=RAISE, sensitive_features="sex")
    panels = plots.scenario(found).child_axes
    assert [panel.get_title(loc="left").replace("\n", " ") for panel in panels] == titles
    assert [x for x, _, _ in dots(panels[0])] == [rate.mean_delta for rate in found.flips]
    spans = [tuple(line.get_xdata()) for line in panels[0].lines if len(line.get_xdata()) == 2]
    assert (found.flips[0].mean_delta_low, found.flips[0].mean_delta_high) in spans
    assert panels[0].get_xlabel() == "10% more\n95% intervals"
