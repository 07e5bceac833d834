import numpy as np
import pytest

from rai import plots
from rai.ground.errors import ArgumentError
from rai.values import Gaps


def marks_of(ax, marker):
    """Places of marks, and their filling, row by row."""
    return [
        (float(x), float(y), line.get_markerfacecolor())
        for line in ax.lines
        if line.get_marker() == marker
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def spans_of(ax):
    return [
        tuple(map(float, line.get_xdata()))
        for line in ax.lines
        if line.get_marker() in {"None", None, ""} and len(line.get_xdata()) == 2
        if line.get_ydata()[0] == line.get_ydata()[1]
    ]


def test_marks_and_intervals_stand_where_the_gaps_are(published):
    found = published.gaps()
    ax = plots.gaps(found)
    values = [(gap.value, float(row)) for row, gap in enumerate(found)]
    assert [(x, y) for x, y, _ in marks_of(ax, "o")] == values
    assert spans_of(ax) == [(gap.low, gap.high) for gap in found]
    assert [(x, y) for x, y, _ in marks_of(ax, "D")] == [
        (gap.null, float(row)) for row, gap in enumerate(found)
    ]


def test_a_mark_is_filled_where_the_interval_leaves_parity_out(published):
    found = published.gaps()
    filled = [face == "#1A1E24" for _, _, face in marks_of(plots.gaps(found), "o")]
    assert filled == [gap.low > 0 for gap in found]
    assert filled == [True, True, True, True, False, False]


def test_rows_name_the_question_and_the_pair(published):
    ax = plots.gaps(published.gaps("predictive_equality"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["predictive equality\nby race"]
    head, row = (text.get_text() for text in ax.texts)
    assert head == "gap, interval\nhighest / lowest group"
    assert row.startswith("0.362 [0.")
    assert row.endswith("\nAfrican-American / Asian")
    assert ax.get_xlabel() == "difference of the groups furthest apart, 95% interval"


def test_parity_is_a_line_at_0_or_at_1(published):
    for kind, parity in (("difference", 0), ("ratio", 1)):
        ax = plots.gaps(published.gaps(kind=kind))
        upright = [line for line in ax.lines if np.array_equal(line.get_ydata(), [0, 1])]
        assert [float(line.get_xdata()[0]) for line in upright] == [parity]
    assert ax.get_xlabel().startswith("ratio of the groups")


def test_criteria_stand_together(quantities, published):
    found = Gaps([*published.gaps("accuracy"), *published.gaps("tpr"), *published.gaps("accuracy")])
    labels = [label.get_text() for label in plots.gaps(found).get_yticklabels()]
    assert labels == ["accuracy\nby race", "true positive rate\nby race"]


def test_quantities_get_a_panel_and_a_scale_each(quantities):
    ax = plots.gaps(quantities)
    titles = [panel.get_title(loc="left").replace("\n", " ") for panel in ax.child_axes]
    assert titles == [
        *("mean error", "mean absolute error", "root mean squared error", "R²"),
        *("mean prediction", "mean label"),
    ]
    rows = [label.get_text() for label in ax.child_axes[0].get_yticklabels()]
    assert rows == ["by sex", "by site", "by sex × site"]
    gap = quantities.gaps("r2")[1]
    assert marks_of(ax.child_axes[3], "o")[1][:2] == (gap.value, 1.0)


def test_an_undefined_gap_keeps_its_row(undefined):
    found = undefined.gaps("tpr", "fpr", versus="A")
    ax = plots.gaps(found)
    assert [gap.value is None for gap in found] == [True, False]
    assert "– undefined" in [text.get_text() for text in ax.texts]
    assert [y for _, y, _ in marks_of(ax, "o")] == [1.0]


def test_levels_held_fixed_are_named(quantities):
    ax = plots.gaps(quantities.gaps("mean_error", along="sex", within="site"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["by sex, N", "by sex, S"]


def test_kinds_are_not_mixed(published):
    both = Gaps([*published.gaps("accuracy"), *published.gaps("accuracy", kind="ratio")])
    with pytest.raises(ArgumentError) as error:
        plots.gaps(both)
    assert str(error.value) == (
        "plots.gaps: 'difference', 'ratio'; expected gaps of one kind. Take them with "
        '.where(kind="difference").'
    )
    with pytest.raises(ArgumentError) as error:
        plots.gaps(Gaps())
    assert str(error.value) == "plots.gaps: no gaps; expected gaps of one kind."
