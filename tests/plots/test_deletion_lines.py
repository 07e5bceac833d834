"""Deletion curves: a line for each order, in the panel of its curve."""

import pytest

import rai
from rai.explainers.quality import AttributionQuality, CurvePoint, Curves, QualityMeasures
from rai.ground.errors import ArgumentError


def quality(points):
    return AttributionQuality(
        measures=QualityMeasures([]), curves=Curves(points), method="exact", space="probability"
    )


POINTS = [
    CurvePoint(
        curve=curve,
        order=order,
        step=step,
        share=step / 2,
        value=value + step / 10,
        low=0.1,
        high=0.9,
        n=7,
    )
    for curve in ("deletion", "insertion")
    for order, value in (("positive", 0.3), ("random", 0.4))
    for step in range(3)
]


def test_each_order_is_a_line_in_its_panel():
    ax = rai.plots.deletion_curves(quality(POINTS))
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == ["deletion", "insertion"]
    for panel in ax.child_axes:
        lines = [(list(line.get_xdata()), list(line.get_ydata())) for line in panel.lines]
        assert [x for x, _ in lines] == [[0.0, 1.0]] * 2 or [x for x, _ in lines] == [
            [0.0, 0.5, 1.0]
        ] * 2
        assert [(y[0], y[-1]) for _, y in lines] == [
            pytest.approx((0.3, 0.5)),
            pytest.approx((0.4, 0.6)),
        ]
    assert [text.get_text() for text in ax.child_axes[1].get_legend().get_texts()] == [
        "most positive first",
        "at random",
    ]
    assert ax.child_axes[0].get_xlabel() == "share of features\n95% intervals, n = 7"


def test_no_curves_are_an_error():
    with pytest.raises(ArgumentError) as error:
        rai.plots.deletion_curves(quality([]))
    assert str(error.value) == "plots.deletion_curves: no curves; expected at least one."
