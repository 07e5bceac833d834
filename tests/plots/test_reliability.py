import pytest

from rai import plots
from rai.ground.errors import ArgumentError
from rai.values import Calibration


def dots_of(panel):
    return [x for x in panel.lines if x.get_marker() not in {"None", None, ""}]


def test_marks_stand_at_what_was_predicted_and_what_came_true(scores):
    found = scores.calibration(by="site", bins=5)
    ax = plots.calibration(found)
    own = [row for row in found if row.name == "A"]
    assert [(float(d.get_xdata()[0]), float(d.get_ydata()[0])) for d in dots_of(ax.child_axes[0])] == [
        (row.mean_predicted, row.value) for row in own
    ]
    reaches = [tuple(x.get_ydata()) for x in ax.child_axes[0].lines if len(set(x.get_xdata())) == 1]
    assert [r for r in reaches if len(r) == 2] == [(row.low, row.high) for row in own]


def test_few_rows_are_hollow(scores):
    ax = plots.calibration(scores.calibration(by="site", bins=5))
    fills = [{d.get_markerfacecolor() for d in dots_of(panel)} for panel in ax.child_axes]
    assert fills[1] == {"#ffffff"}
    assert "#ffffff" not in fills[0]


def test_panels_tell_rows(scores):
    titles = [panel.get_title(loc="left") for panel in plots.calibration(scores).child_axes]
    assert titles == ["A\nn = 400", "B\nn = 20", "C\nn = 30"]


def test_quantities_share_a_scale(quantities):
    ax = plots.calibration(quantities)
    limits = {(*panel.get_xlim(), *panel.get_ylim()) for panel in ax.child_axes}
    assert len(limits) == 1
    (x0, x1, y0, y1) = limits.pop()
    assert (x0, x1) == (y0, y1)
    assert x1 > 100


def test_nothing_can_not_be_drawn(published):
    with pytest.raises(ArgumentError) as error:
        plots.calibration(Calibration())
    assert str(error.value) == "plots.calibration: no bins; expected at least one."
