import numpy as np
import pytest

import rai
from rai import plots
from rai.ground.colours import LIGHT
from rai.ground.errors import ArgumentError
from rai.values import Curves


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def lines_of(ax, colour):
    return [line for line in ax.lines if line.get_color() == colour and len(line.get_xdata()) > 2]


def test_a_roc_curve_passes_close_to_every_corner(scores):
    (curve,) = [c for c in scores.curves("roc", by="site") if c.group_name == "A"]
    ax = plots.curves(scores.curves("roc", by="site"))
    (line,) = lines_of(ax, LIGHT[0])
    x, y = (np.asarray(side, dtype=float) for side in (line.get_xdata(), line.get_ydata()))
    assert (x[0], y[0], x[-1], y[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert 20 < len(x) <= len(curve.x)
    along = np.interp(curve.x + curve.y, x + y, y)
    assert np.abs(along - curve.y).max() < 0.002


def test_chance_is_the_diagonal_of_roc_only(scores):
    roc = plots.curves(scores.curves("roc", by="site"))
    assert [text.get_text() for text in roc.texts] == ["chance"]
    assert ([0, 1], [0, 1]) in [(list(x.get_xdata()), list(x.get_ydata())) for x in roc.lines]
    other = plots.curves(scores.curves("precision_recall", by="site"))
    assert [text.get_text() for text in other.texts] == []


def test_an_audit_shows_areas_and_where_it_stands(scores):
    ax = plots.curves(scores)
    area = scores.metrics("roc_auc", by="site")[0]
    first, _, undefined = legend_of(ax)
    assert first == f"A\nn = 400, AUC {area.value:.3f} [{area.low:.3f}, {area.high:.3f}]"
    assert undefined == "C\n– undefined: no rows with a\npositive label (n = 30)"
    (dot,) = [x for x in ax.lines if x.get_marker() == "o" and x.get_color() == LIGHT[0]]
    rates = {e.metric: e.value for e in scores.metrics(by="site") if e.name == "A"}
    assert (float(dot.get_xdata()[0]), float(dot.get_ydata()[0])) == (
        rates["false_positive_rate"],
        rates["true_positive_rate"],
    )


def test_precision_stands_against_the_base_rate(scores):
    ax = plots.curves(scores.curves("precision_recall", by="site"))
    (level,) = [x for x in ax.lines if x.get_color() == LIGHT[0] and len(x.get_xdata()) == 2]
    (base,) = [e.value for e in scores.metrics("base_rate", by="site") if e.name == "A"]
    assert list(level.get_ydata()) == [base, base]


def test_a_metric_is_drawn_over_thresholds_and_broken_where_it_is_undefined(scores):
    ax = plots.curves(scores.curves("positive_predictive_value", by="site"), threshold=0.5)
    curve = next(c for c in scores.curves("positive_predictive_value", by="site") if c.group_name == "A")
    drawn = np.concatenate([np.asarray(x.get_xdata(), float) for x in lines_of(ax, LIGHT[0])])
    assert drawn.max() == curve.x[np.isfinite(curve.y)].max()
    assert [text.get_text() for text in ax.texts] == ["0.5"]
    assert ax.get_xlabel() == "threshold"


def test_bands_are_drawn_for_few_groups_only(scores):
    assert len(plots.curves(scores).collections) == 2
    names = np.repeat([f"g{i:02}" for i in range(8)], 50)
    y, score = np.tile([0, 1], 200), np.tile(np.linspace(0.1, 0.9, 50), 8)
    many = rai.audit(y_true=y, y_score=score, sensitive_features={"g": names})
    assert plots.curves(many).collections[:] == []


def test_of_many_groups_the_largest_are_named(scores):
    sizes = np.arange(2, 32) * 4
    names = np.repeat([f"g{i:02}" for i in range(30)], sizes)
    rng = np.random.default_rng(0)
    y = rng.random(len(names)) < 0.5
    many = rai.audit(
        y_true=y.astype(int), y_score=rng.random(len(names)), sensitive_features={"g": names}
    )
    ax = plots.curves(many.curves("roc"))
    named = [text.split("\n")[0] for text in legend_of(ax)]
    assert named == [*(f"g{i:02}" for i in range(18, 30)), "18 smaller groups"]
    handles = ax.get_legend().legend_handles
    assert [handle.get_marker() for handle in handles] == [*"oooooossssss", "None"]
    assert [handle.get_color() for handle in handles[:6]] == list(LIGHT)


def test_nothing_can_not_be_drawn(published, classes):
    with pytest.raises(ArgumentError) as error:
        plots.curves(Curves())
    assert str(error.value) == "plots.curves: no curves; expected at least one."
    with pytest.raises(ArgumentError) as error:
        plots.curves(classes)
    assert "a multiclass audit" in str(error.value)
