"""Charts of pages: places, paths, who is drawn in front, what the drawings tell."""

import re

import numpy as np

from rai.ground.colours import Mark
from rai.reports.calibration_charts import calibration_charts
from rai.reports.charts import HALVES, UNIT, dot, line, path, steps, upright
from rai.reports.curve_charts import distribution_charts, ranking_charts, shown_groups, threshold_charts
from rai.reports.residual_rows import residual_table
from rai.reports.scales import Scale
from rai.reports.trade_off_charts import trade_off_charts
from rai.values import Calibration, CalibrationBin

BLUE = Mark(0)


def near(found, expected, *, within=0.006):
    """Whether points lie where they should."""
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=0, atol=within)


def points_of(drawn):
    """The points of an SVG path in shares of the chart, y upwards; one list per stretch."""
    stretches = []
    for part in filter(None, drawn.split("M")):
        numbers = [int(n) for n in re.findall(r"-?\d+", part.removesuffix("z"))]
        steps_of = np.array(numbers, dtype=float).reshape(-1, 2) if "h" not in part else None
        places = np.cumsum(steps_of, axis=0) if steps_of is not None else np.array([numbers[:2]])
        stretches.append([(x / 1000, 1 - y / 1000) for x, y in places])
    return stretches


def test_a_path_goes_where_its_points_are():
    x, y = np.array([0.0, 0.25, 0.25, 1.0]), np.array([0.0, 0.5, 0.75, 1.0])
    assert points_of(path(x, y)) == [list(zip(x, y, strict=True))]
    assert path(np.array([0.5]), np.array([0.5])) == "M500 500h1"


def test_bars_close_over_their_base():
    bars = steps(np.array([0.0, 0.5, 1.0]), np.array([0.2, 0.8]), base=0.0)
    assert bars.endswith("z")
    corners = [(0, 0), (0, 0.2), (0.5, 0.2), (0.5, 0.8), (1, 0.8), (1, 0)]
    assert near(points_of(bars)[0], corners, within=1e-9)


def test_a_line_is_broken_where_it_is_undefined():
    x = np.linspace(0, 1, 5)
    y = np.array([0.2, 0.4, np.nan, 0.6, 0.8])
    drawn = line(x, y, scales=(UNIT, UNIT), mark=BLUE, bounds=(y - 0.1, y + 0.1))
    first, second = points_of(drawn.path)
    assert near(first, [(0.0, 0.2), (0.25, 0.4)], within=1e-9)
    assert near(second, [(0.75, 0.6), (1.0, 0.8)], within=1e-9)
    assert drawn.band.count("z") == 2


def test_lines_stay_inside_their_scales():
    drawn = line(np.array([0.0, 2.0]), np.array([-1.0, 5.0]), scales=(Scale(0, 2, ()), UNIT), mark=None)
    assert points_of(drawn.path) == [[(0.0, 0.0), (1.0, 1.0)]]


def test_dots_count_from_the_top_and_have_uprights():
    place = dot(0.25, 0.9, scales=(UNIT, UNIT))
    assert (place.x, place.y, place.mark_class) == (25.0, 10.0, "")
    assert upright(0.25, 0.5, 1.0, scales=(UNIT, UNIT)) == "M250 500V0"
    assert upright(0.25, None, None, scales=(UNIT, UNIT)) == ""


def test_roc_curves_are_close_to_their_corners(facts):
    shown = facts("scored")
    found = shown.scores.comparisons["region"]
    roc, _ = ranking_charts(found, shown, "region", shown_groups(shown, "region"))
    (curve,) = [c for c in found.ranking if c.name == "roc" and c.group_name == "Coast"]
    (drawn,) = [x for x in roc.lines if x.mark == Mark(0)]
    (points,) = points_of(drawn.path)
    x, y = np.array(points).T
    off = np.abs(np.interp(curve.x + curve.y, x + y, y) - curve.y)
    assert off.max() < 0.005
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))


def test_marks_stand_at_the_present_threshold(facts):
    shown = facts("scored")
    charts = ranking_charts(
        shown.scores.comparisons["region"], shown, "region", shown_groups(shown, "region")
    )
    rates = [
        shown.estimate("region", metric, "Coast").value
        for metric in ("false_positive_rate", "true_positive_rate", "positive_predictive_value")
    ]
    first = [(d.x, d.y) for chart in charts for d in chart.dots[:1]]
    expected = [(100 * rates[0], 100 - 100 * rates[1]), (100 * rates[1], 100 - 100 * rates[2])]
    assert near(first, expected)
    assert [len(chart.dots) for chart in charts] == [3, 3]  # Moor has no positive label


def test_precision_has_base_rates_and_roc_has_chance(facts):
    shown = facts("scored")
    roc, precision = ranking_charts(
        shown.scores.comparisons["region"], shown, "region", shown_groups(shown, "region")
    )
    assert (len(roc.guides), len(precision.guides)) == (1, 0)
    assert [level.y for level in precision.levels][:2] == [70.0, round(100 - 100 * 140 / 640, 2)]
    assert precision.told.startswith("Precision and recall by region: Coast 0.6")
    assert "Moor undefined" in roc.told


def test_metrics_over_the_threshold_name_the_present_one(facts):
    shown = facts("scored")
    charts = threshold_charts(
        shown.scores.comparisons["region"], shown, "region", shown_groups(shown, "region")
    )
    assert [chart.title for chart in charts] == [
        *("Selection rate", "True positive rate", "False positive rate"),
        *("Positive predictive value", "Accuracy"),
    ]
    assert [chart.rules for chart in charts] == [((50.0, "0.5"),)] * 5
    assert charts[0].grids == ("halves", "halves")
    rate = shown.estimate("region", "selection_rate", "Coast").value
    assert f"at 0.5: Coast {rate:.3f}" in charts[0].told


def test_of_many_groups_the_largest_stand_in_front(facts):
    shown = facts("ranges")
    front = shown_groups(shown, "region")
    rows = {e.name: e.n for e in shown.groups["region"]}
    assert len(front.marks) == 12
    assert len(front.behind) == 28
    assert min(rows[name] for name in front.marks) >= max(rows[name] for name in front.behind)
    assert None not in {mark.place for mark in front.marks.values()}
    roc, _ = ranking_charts(shown.scores.comparisons["region"], shown, "region", front)
    assert [x.mark is None for x in roc.lines] == [True] * 28 + [False] * 12
    assert {x.band for x in roc.lines} == {""}


def test_scores_lie_above_and_below_their_line(facts):
    shown = facts("scored")
    coast, *_, moor = distribution_charts(
        shown.scores.comparisons["region"], shown, shown_groups(shown, "region")
    )
    below, above = (points_of(part.band)[0] for part in coast.lines)
    assert max(y for _, y in below) == 0.5 == min(y for _, y in above)
    assert coast.axes == "300 yes, 700 no"
    assert len(moor.lines) == 1
    assert moor.told == "Where the scores of Moor lie: 0 yes, 30 no."


def test_calibration_marks_are_hollow_where_rows_are_few(facts):
    found = facts("scored").scores.comparisons["region"].calibration
    looks = shown_groups(facts("scored"), "region").marks
    coast, _, isle, _ = calibration_charts(found, looks, scores=True)
    own = [row for row in found if row.name == "Coast"]
    expected = [(100 * row.mean_predicted, 100 - 100 * row.value) for row in own]
    assert near([(d.x, d.y) for d in coast.dots], expected)
    assert coast.reaches.count("M") == len(own)
    assert ({d.filled for d in coast.dots}, {d.filled for d in isle.dots}) == ({True}, {False})
    assert f"{own[0].n} rows" in coast.dots[0].told
    assert coast.x == HALVES


def test_rare_labels_get_a_scale_of_their_own():
    rows = Calibration(
        CalibrationBin(
            group=(("g", "A"),),
            bin_low=p,
            bin_high=p,
            mean_predicted=p,
            value=p,
            low=0.0,
            high=2 * p,
            n=50,
        )
        for p in (0.01, 0.05)
    )
    (chart,) = calibration_charts(rows, {"A": BLUE}, scores=True)
    assert chart.x.high == 0.1
    assert chart.dots[-1].x == 50.0


def test_errors_are_drawn_on_one_scale(facts):
    found = facts("predicted").predictions.residuals["sex"]
    table = residual_table(found)
    first = table.rows[0]
    assert first.places == tuple(
        table.scale.at(x)
        for x in (found[0].q05, found[0].q25, found[0].median, found[0].q75, found[0].q95)
    )
    assert table.zero == table.scale.at(0.0)
    assert f"{found[0].mean:,.0f}" == first.mean


def test_trade_offs_share_a_scale_of_costs(facts):
    (choice,) = facts("scored").scores.choices
    charts = trade_off_charts(choice)
    assert [chart.title for chart in charts] == [
        *("Demographic parity", "Equal opportunity", "Predictive equality", "Equalized odds"),
    ]
    assert len({chart.y for chart in charts}) == 1
    frontier = choice.frontiers["demographic_parity"]
    now = next(p for p in frontier if p.kind == "current")
    (diamond,) = [d for d in charts[0].dots if d.mark is None]
    assert near((diamond.x, diamond.y), (charts[0].x.at(now.gap), 100 - charts[0].y.at(now.cost)))
    assert charts[0].told.endswith(f"; now {now.cost:.3f} at a gap of {now.gap:.3f}.")
