import numpy as np
import pytest

from rai import plots
from rai.ground.errors import ArgumentError
from rai.values import GapCurves


def test_each_criterion_has_a_panel_and_each_grouping_a_line(scores):
    found = scores.gap_curves("demographic_parity", "equal_opportunity", points=(0.3, 0.5, 0.7))
    ax = plots.gap_curves(found, threshold=0.5)
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == [
        "demographic parity",
        "equal opportunity",
    ]
    line, null = ax.child_axes[0].lines[:2]
    own = [gap for gap in found if gap.metric == "demographic_parity"]
    assert np.asarray(line.get_xdata()).tolist() == [0.3, 0.5, 0.7]
    assert np.asarray(line.get_ydata()).tolist() == [gap.value for gap in own]
    assert np.asarray(null.get_ydata()).tolist() == [gap.null for gap in own]
    assert [text.get_text() for text in ax.child_axes[1].get_legend().get_texts()] == ["by site"]


def test_the_threshold_of_an_audit_is_marked(scores):
    ax = plots.gap_curves(scores)
    assert [text.get_text() for text in ax.child_axes[0].texts] == ["0.5"]


def test_ratios_stand_against_one(scores):
    ax = plots.gap_curves(scores.gap_curves("selection_rate", kind="ratio", points=(0.3, 0.5)))
    assert [1.0, 1.0] in [list(line.get_ydata()) for line in ax.lines]
    assert ax.get_ylabel() == "ratio of the groups furthest apart"


def test_gaps_of_several_kinds_are_refused(scores):
    both = GapCurves(
        [
            *scores.gap_curves("selection_rate", points=0.5),
            *scores.gap_curves("selection_rate", points=0.5, kind="ratio"),
        ]
    )
    with pytest.raises(ArgumentError) as error:
        plots.gap_curves(both)
    assert str(error.value) == (
        "plots.gap_curves: 'difference', 'ratio'; expected gap curves of one kind. "
        'Take them with .where(kind="difference").'
    )
