"""Mean sizes by group: what summaries say is what is drawn, and the others keep their sum."""

import pytest

import rai
from rai.explainers.summaries import FeatureSummaries, FeatureSummary
from rai.ground.colours import marks
from rai.ground.errors import ArgumentError


def summary(feature, size, *, group=None, mean=0.1, low=-0.1):
    pairs = () if group is None else (("sex", group),)
    return FeatureSummary(
        feature=feature, group=pairs, axes=("sex",), n=40, space="margin", mean=mean, low=low, high=0.3,
        mean_abs=size, mean_abs_low=size - 0.05, mean_abs_high=size + 0.05, rank=1,
    )  # fmt: skip


FEATURES = {"pay": 0.9, "age": 0.5, "job": 0.4, "hours": 0.3}
FOUND = FeatureSummaries([
    summary(name, size + lift, group=group)
    for group, lift in ((None, 0.0), ("F", 0.01), ("M", 0.02))
    for name, size in FEATURES.items()
])  # fmt: skip


def heads(ax):
    return [
        (round(line.get_xdata()[0], 3), line.get_markeredgecolor(), line.get_markerfacecolor())
        for line in ax.lines
        if line.get_marker() == "o"
    ]


def test_each_group_has_its_colour_and_everyone_none():
    ax = rai.plots.attribution_bars(FOUND)
    looks = marks(["F", "M"])
    drawn = heads(ax)
    assert [value for value, _, _ in drawn] == [
        round(size + lift, 3) for lift in (0.0, 0.01, 0.02) for size in FEATURES.values()
    ]
    assert [colour for _, colour, _ in drawn[4::4]] == [looks["F"].colour(), looks["M"].colour()]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "everyone\nn = 40", "F\nn = 40", "M\nn = 40",
    ]  # fmt: skip
    assert "0.900 [0.850, 0.950]" in [text.get_text() for text in ax.texts]
    assert ax.get_xlabel() == "mean size in log-odds, 95% interval"


def test_the_others_keep_their_sum():
    ax = rai.plots.attribution_bars(FOUND, most=2)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "pay",
        "age",
        "and 2 others,\nsummed",
    ]
    assert heads(ax)[2][0] == pytest.approx(0.7)


def test_a_mean_whose_interval_holds_zero_is_hollow():
    rows = FeatureSummaries([summary("a", 0.2, mean=0.1, low=0.05), summary("b", 0.1)])
    drawn = heads(rai.plots.attribution_bars(rows, show="mean"))
    assert [edge == face for _, edge, face in drawn] == [True, False]


def test_an_undefined_number_is_not_drawn():
    gone = FeatureSummary(feature="a", n=0, mean=None, note="undefined: no rows")
    ax = rai.plots.attribution_bars(FeatureSummaries([gone, summary("b", 0.1)]))
    assert len(heads(ax)) == 1


def test_what_is_not_known_is_an_error():
    with pytest.raises(ArgumentError) as error:
        rai.plots.attribution_bars(FeatureSummaries([]))
    assert str(error.value) == "plots.attribution_bars: no summaries; expected at least one."
    with pytest.raises(ArgumentError):
        rai.plots.attribution_bars(FOUND, show="most")
