import pytest

from rai import plots
from rai.ground.errors import ArgumentError
from rai.values import Residuals, ResidualSummary


def test_a_row_shows_quantiles_median_and_mean(quantities):
    (first, _) = found = quantities.residuals(by="sex")
    ax = plots.residuals(found)
    spans = [tuple(line.get_xdata()) for line in ax.lines]
    assert (first.q05, first.q95) in spans
    assert (first.q25, first.q75) in spans
    assert (first.median, first.median) in spans
    assert (first.mean,) in spans
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        f"{row.name}  (n = {row.n})" for row in found
    ]


def test_histograms_stand_above_their_row(quantities):
    ax = plots.residuals(quantities)
    boxes = [part.get_paths()[0].get_extents() for part in ax.collections]
    assert [round(box.y1 - place, 6) for place, box in enumerate(boxes)] == [-0.09, -0.09]
    assert all(round(box.y1 - box.y0, 6) == 0.62 for box in boxes)


def test_a_group_without_rows_is_written():
    empty = ResidualSummary(group=(("sex", "F"),), mean=None, sd=None, note="undefined: no rows (n=0)")
    full = ResidualSummary(
        group=(("sex", "M"),), mean=1.0, sd=2.0, q05=-2.0, q25=0.0, median=1.0, q75=2.0, q95=4.0, n=9
    )
    ax = plots.residuals(Residuals([empty, full]))
    assert [text.get_text() for text in ax.texts] == ["– undefined"]
    low, high = ax.get_xlim()
    assert low < -2 < 4 < high


def test_classes_have_no_residuals(published):
    with pytest.raises(ArgumentError) as error:
        plots.residuals(published)
    assert "expected a regression" in str(error.value)
    with pytest.raises(ArgumentError) as error:
        plots.residuals(Residuals())
    assert str(error.value) == "plots.residuals: no groups; expected at least one."
