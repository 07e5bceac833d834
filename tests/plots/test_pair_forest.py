import pytest

from rai import plots
from rai.ground.errors import ArgumentError
from rai.values import Pair, Pairs


def marks_of(ax):
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_markerfacecolor() == "#1A1E24")
        for line in ax.lines
        if line.get_marker() == "o" and len(line.get_xdata()) == 1
    ]


def test_pairs_are_signed_and_stand_in_their_row(published):
    found = published.pairs("false_positive_rate")
    ax = plots.pairs(found)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[:3] == [
        "African-American − Asian",
        "African-American − Caucasian",
        "African-American − Hispanic",
    ]
    assert marks_of(ax) == [
        (pair.value, float(row), pair.low > 0 or pair.high < 0) for row, pair in enumerate(found)
    ]
    assert ax.get_xlabel() == "difference with interval for all pairs at once"


def test_ratios_are_compared_with_1(published):
    found = published.pairs("false_positive_rate", kind="ratio")
    ax = plots.pairs(found)
    assert ax.get_yticklabels()[1].get_text() == "African-American ÷ Caucasian"
    (line,) = [line for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert list(line.get_xdata()) == [1.0, 1.0]
    assert marks_of(ax)[1][2] is True


def test_metrics_are_panels(published):
    ax = plots.pairs(published)
    titles = [panel.get_title(loc="left").replace("\n", " ") for panel in ax.child_axes]
    assert titles[:2] == ["selection rate", "true positive rate"]
    assert len(marks_of(ax.child_axes[0])) == 15


def many(count):
    """Pairs of which the later ones are surely apart."""
    return Pairs(
        Pair(metric="accuracy", along="g", kind="difference", group=f"g{i}", versus="r", value=i / count,
             low=i / count - 0.5, high=i / count + 0.5)
        for i in range(count)
    )  # fmt: skip


def test_of_many_pairs_the_surest_are_drawn():
    ax = plots.pairs(many(50))
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == [f"g{i} − r" for i in range(10, 50)]
    assert ax.xaxis.label.get_text() == (
        "difference with interval for all pairs at once; 10 more pairs are not drawn"
    )


def test_nothing_can_not_be_drawn():
    with pytest.raises(ArgumentError) as error:
        plots.pairs(Pairs())
    assert str(error.value) == "plots.pairs: no pairs; expected pairs of one kind."
