import pytest

from rai import plots
from rai.ground.colours import LIGHT
from rai.ground.errors import ArgumentError
from rai.values import Estimates


def dots_of(ax):
    return [
        (
            float(line.get_xdata()[0]),
            float(line.get_ydata()[0]),
            line.get_markeredgecolor(),
            line.get_marker(),
        )
        for line in ax.lines
        if line.get_marker() not in {"None", None, ""}
    ]


def test_one_metric_is_one_axes(published):
    found = published.metrics("false_positive_rate")
    ax = plots.metrics(found)
    assert ax.child_axes == []
    assert ax.get_title(loc="left") == "false positive rate"
    assert [(x, y) for x, y, _, _ in dots_of(ax)] == [
        (estimate.value, float(row)) for row, estimate in enumerate(found)
    ]
    spans = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2]
    assert spans == [(estimate.low, estimate.high) for estimate in found]


def test_rows_are_in_the_labels(published):
    labels = [
        label.get_text() for label in plots.metrics(published.metrics("accuracy")).get_yticklabels()
    ]
    assert labels[:2] == ["African-American  (n = 3,696)", "Asian  (n = 32)"]


def test_a_group_looks_the_same_in_every_panel(published):
    ax = plots.metrics(published)
    assert [panel.get_title(loc="left").replace("\n", " ") for panel in ax.child_axes] == [
        *("selection rate", "true positive rate", "false positive rate"),
        *("positive predictive value", "accuracy", "base rate"),
    ]
    looks = [{y: (colour, marker) for _, y, colour, marker in dots_of(panel)} for panel in ax.child_axes]
    assert all(panel == looks[0] for panel in looks)
    assert [looks[0][float(row)] for row in range(6)] == [(colour, "o") for colour in LIGHT]


def test_everyone_is_a_line(published):
    ax = plots.metrics(published)
    (line,) = [line for line in ax.child_axes[2].lines if list(line.get_ydata()) == [0, 1]]
    assert round(float(line.get_xdata()[0]), 4) == 0.3235
    assert [panel.get_xlabel() for panel in ax.child_axes] == ["dotted: everyone", *[""] * 5]


def test_undefined_is_written_and_not_drawn(undefined):
    ax = plots.metrics(undefined.metrics("true_positive_rate"))
    assert [text.get_text() for text in ax.texts] == ["– undefined"]
    assert ax.texts[0].get_position()[1] == 0
    assert [y for _, y, _, _ in dots_of(ax)] == [1.0, 2.0]


def test_classes_are_rows_and_keep_the_colour_of_their_group(classes):
    ax = plots.metrics(classes.metrics("true_positive_rate"))
    labels = [label.get_text().split("  ")[0] for label in ax.get_yticklabels()]
    assert labels[:4] == ["F, high", "M, high", "F, low", "M, low"]
    assert labels[-2:] == ["F, (micro)", "M, (micro)"]
    assert [colour for _, _, colour, _ in dots_of(ax)][:4] == [LIGHT[0], LIGHT[1], LIGHT[0], LIGHT[1]]


def test_a_seventh_group_changes_its_shape(quantities):
    from rai.ground.colours import marks
    from rai.plots.canvas import marker

    shapes = [marker(mark) for mark in marks(map(str, range(8))).values()]
    assert shapes == ["o"] * 6 + ["s"] * 2


def test_nothing_can_not_be_drawn():
    with pytest.raises(ArgumentError) as error:
        plots.metrics(Estimates())
    assert str(error.value) == "plots.metrics: no estimates; expected at least one."
