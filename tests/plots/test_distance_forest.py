"""Distances as a forest: values where they should be, filled beyond chance, thresholds of the field."""

import numpy as np
import pytest

import rai
from rai.explore.drift_rows import Distance, Distances
from rai.ground.errors import ArgumentError


def row(feature, measure, value, **more):
    given = {"dataset": "test", "reference": "train", "low": value, "high": value + 0.1, "p_value": 0.5}
    return Distance(feature=feature, measure=measure, value=value, **{**given, **more})


@pytest.fixture
def found():
    return Distances(
        [
            row("age", "psi", 0.02, chance=0.01),
            row("age", "wasserstein", 0.3, p_value=0.001),
            row("job", "psi", 0.4, p_value=0.001, chance=0.02),
            row("pay", "psi", 0.1, p_value=0.2),
        ]
    )


def dots(panel, marker="o"):
    return [line for line in panel.lines if line.get_marker() == marker]


def test_features_are_ranked_by_the_measure_that_most_have(found):
    ax = rai.plots.distances(found)
    psi, wasserstein = ax.child_axes
    assert [psi.get_title(loc="left"), wasserstein.get_title(loc="left")] == ["PSI", "Wasserstein"]
    assert [label.get_text() for label in psi.get_yticklabels()] == ["job", "pay", "age"]
    assert sorted((d.get_ydata()[0], d.get_xdata()[0]) for d in dots(psi)) == [
        (0, 0.4),
        (1, 0.1),
        (2, 0.02),
    ]
    assert [d.get_ydata()[0] for d in dots(wasserstein)] == [2]


def test_filled_marks_are_beyond_chance(found):
    ax = rai.plots.distances(found, measures="psi")
    filled = {d.get_ydata()[0]: d.get_markerfacecolor() == d.get_markeredgecolor() for d in dots(ax)}
    assert filled == {0: True, 1: False, 2: False}
    (chance,) = dots(ax, "D")
    assert sorted(zip(chance.get_ydata(), chance.get_xdata(), strict=True)) == [(0, 0.02), (2, 0.01)]


def test_the_usual_threshold_is_dotted(found):
    ax = rai.plots.distances(found, measures="psi")
    assert [line.get_xdata()[0] for line in ax.lines if not np.any(np.diff(line.get_xdata()))].count(0.1)


def test_groups_and_data_sets_are_named():
    held = Distances(
        [row("age", "psi", 0.1, along="sex", group="F"), row("age", "psi", 0.2, dataset="serving")]
    )
    labels = [label.get_text() for label in rai.plots.distances(held).get_yticklabels()]
    assert labels == ["age (serving)", "age (test)\nsex = F"]


def test_many_rows_are_cut_and_counted():
    held = Distances([row(f"feature {k}", "psi", k / 100) for k in range(45)])
    ax = rai.plots.distances(held)
    assert len(ax.get_yticklabels()) == 40
    assert ax.get_xlabel().endswith("; 5 more rows not drawn")


def test_wrong_calls_say_what_to_do(found):
    with pytest.raises(ArgumentError) as error:
        rai.plots.distances(Distances())
    assert str(error.value) == "plots.distances: no distances; expected at least one."
    with pytest.raises(ArgumentError) as error:
        rai.plots.distances(found, measures="ps")
    assert (
        str(error.value) == "measures: 'ps'; expected one of 'psi', 'wasserstein'. Did you mean 'psi'?"
    )
