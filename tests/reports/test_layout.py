"""What pages are laid out from: scales, forest rows, cells, matrices, colours."""

from dataclasses import replace
from itertools import combinations

import pytest

from rai.ground.colours import DARK, GREY, LIGHT, PAPER, contrast, marks
from rai.reports.controls import controlled
from rai.reports.environment import palette, tight
from rai.reports.forest import forest
from rai.reports.gap_rows import gap_table
from rai.reports.group_tables import group_tables
from rai.reports.matrices import matrices
from rai.reports.scales import Scale, scale
from rai.reports.threshold_rows import threshold_tables
from rai.values import Estimates, Gaps

# Scales ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "include", "ticks"),
    [
        ([0.12, 0.43], 0.0, (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        ([-2430.0, 129.0], None, (-3000.0, -2000.0, -1000.0, 0.0, 1000.0)),
        ([0.0], None, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ([None, 0.5], None, (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)),
        ([], None, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ([float("inf"), 3.0], 1.0, (1.0, 1.5, 2.0, 2.5, 3.0)),
    ],
)
def test_scales_have_round_ends(values, include, ticks):
    made = scale(values, include=include)
    assert made == Scale(ticks[0], ticks[-1], ticks)


def test_places_stay_inside_the_drawing():
    drawn = Scale(0.0, 0.5, (0.0, 0.25, 0.5))
    assert [drawn.at(value) for value in (-1.0, 0.0, 0.1, 0.5, 9.0)] == [0.0, 0.0, 20.0, 100.0, 100.0]
    assert drawn.marked == ((0.0, "0"), (50.0, "0.25"), (100.0, "0.5"))


# Forest ---------------------------------------------------------------------------------------------


def test_forest_rows_stand_where_their_numbers_say(facts):
    block = forest(facts("propublica"))[2]
    (row,) = block.rows
    (gap,) = [gap for gap in facts("propublica").gaps if gap.metric == "predictive_equality"]
    assert (block.name, row.highest, row.lowest) == ("predictive equality", "African-American", "Asian")
    assert block.scale.low == 0.0
    whole = block.scale.high
    assert row.place.value == round(100 * gap.value / whole, 2)
    assert row.place.low == round(100 * gap.low / whole, 2)
    assert row.place.high == round(100 * gap.high / whole, 2)
    assert row.place.null == round(100 * gap.null / whole, 2)
    assert (row.sure, row.verdict, row.n) == (True, "beyond chance", 7214)


def test_rates_share_a_scale_and_quantities_do_not(facts):
    assert len({block.scale for block in forest(facts("two_races"))}) == 1
    blocks = {block.name: block.scale for block in forest(facts("regression"))}
    assert list(blocks)[:2] == ["mean error", "mean absolute error"]
    assert blocks["R²"].high < 100 < blocks["mean error"].high


def test_micro_averages_are_not_drawn_twice(facts):
    rows = [row.along for block in forest(facts("multiclass")) for row in block.rows]
    assert "sex, high" in rows
    assert "sex, (macro)" in rows
    assert not any("(micro)" in along for along in rows)


def test_an_undefined_gap_is_not_drawn(facts):
    row = forest(facts("one_group"))[0].rows[0]
    assert (row.place, row.value, row.verdict) == (None, "–", "undefined")
    assert row.note == "fewer than two groups have a value for selection rate"


# Tables ---------------------------------------------------------------------------------------------


def test_group_cells_hold_value_interval_counts_and_places(facts):
    (table,) = group_tables(facts("propublica"), "race")
    row = table.rows[0]
    cell = row.cells[table.heads.index("false positive rate")]
    assert (row.name, row.n, row.mark) == (
        "African-American",
        3696,
        marks(["African-American"])[row.name],
    )
    assert (cell.value, cell.bounds, cell.counts) == ("0.448", "[0.426, 0.472]", "805 of 1,795")
    assert cell.place[0] < cell.place[1] < cell.place[2]
    assert table.everyone.cells[2].value == "0.323"
    assert table.references[2] == table.everyone.cells[2].place[1]


def test_groups_share_footnotes(facts):
    (table,) = group_tables(facts("undefined"), "site")
    assert table.footnotes == (
        "undefined: no rows with a negative label",
        "undefined: no rows with a positive label",
        "undefined: no rows predicted positive",
    )
    by_name = {row.name: row for row in table.rows}
    place = table.heads.index("true positive rate")
    assert [by_name[name].cells[place].footnote for name in ("North", "Tiny", "South")] == [2, 2, 0]


def test_many_groups_put_the_ends_of_gaps_first(facts):
    (table,) = group_tables(facts("sixty"), "age × race × sex")
    assert len(table.rows) == 60
    assert 2 <= len(table.ends) <= 12
    assert {row.name for row in table.ends} <= {row.name for row in table.rows}
    assert group_tables(facts("sixty"), "sex")[0].ends == ()


def test_classes_have_a_column_each(facts):
    tables = group_tables(facts("multiclass"), "sex")
    assert [table.title for table in tables] == [
        "all classes together",
        "selection rate of each class",
        "true positive rate of each class",
        "positive predictive value of each class",
    ]
    assert tables[2].heads == ("high", "low", "medium")


def test_ratios_name_their_own_pair(facts):
    table = gap_table(facts("propublica"))
    odds = next(row for row in table.rows if row.criterion == "equalized odds")
    assert (odds.highest, odds.ratio) == ("Native American (0.900)", "0.194")
    assert [table.footnotes[i - 1] for i in odds.footnotes] == [
        "in true positive rate",
        "ratio between Asian and African-American; in false positive rate",
    ]


def test_matrices_hold_counts_and_shares_of_the_label(facts):
    drawn = matrices(facts("propublica"), "race")
    cells = drawn.first[0].rows
    assert [[(c.count, c.share) for c in row] for row in cells] == [
        [("990", "0.552"), ("805", "0.448")],
        [("532", "0.280"), ("1,369", "0.720")],
    ]
    assert [[c.right for c in row] for row in cells] == [[True, False], [False, True]]
    empty = matrices(facts("undefined"), "site").first[0].rows[0][0]
    assert (empty.count, empty.share, empty.shade) == ("0", "–", 0.0)
    assert matrices(facts("regression"), "sex") is None


def test_control_features_are_drawn_level_by_level(facts):
    drawn = controlled(facts("berkeley"))[0]
    rows = [row.along for row in drawn.rows]
    assert rows == ["all rows", "A", "B", "C", "D", "E", "F", "same mix of levels"]
    assert [row.highest for row in drawn.rows] == [
        *("Male", "Female", "Female", "Male", "Female", "Male", "Female", "Female"),
    ]
    assert drawn.odds_ratio == "0.905 [0.772, 1.06], Male to Female; parity is 1"
    assert drawn.rows[0].shape != drawn.rows[-1].shape
    assert controlled(facts("propublica")) == ()


def test_thresholds_keep_the_order_they_were_asked_in(facts):
    everyone, gaps = threshold_tables(facts("thresholds"))
    assert [threshold for threshold, _ in everyone.rows] == ["0.5", "0.3", "0.7"]
    assert gaps.title == "gaps by region"
    assert gaps.heads[0] == "demographic parity"
    assert gaps.rows[0][1][0].sure in {True, False}


def test_intervals_stay_on_one_line():
    assert tight("a [0.1, 0.2] b (p < 0.001)") == "a [0.1,\xa00.2] b (p\xa0<\xa00.001)"


def test_small_groups_are_counted_in_rows_also_with_weights(facts):
    (thin,) = facts("ages").thin
    assert (thin.along, thin.estimate.name, thin.estimate.metric, thin.rows) == (
        "age",
        "(missing)",
        "true_positive_rate",
        6,
    )
    assert thin.estimate.denominator == 9.0


def test_ratios_are_left_out_where_there_are_too_many_groups(facts):
    shown = facts("propublica")
    names = tuple(f"g{i}" for i in range(201))
    many = [replace(e, group=(("race", name),)) for name in names for e in shown.groups["race"][:1]]
    table = gap_table(replace(shown, ratios=Gaps(), groups={"race": Estimates(many)}))
    assert table.rows[0].ratio == "–"
    assert table.footnotes[0] == "ratio not computed for more than 200 groups"


# Colours --------------------------------------------------------------------------------------------

# Colours as they look with one kind of cone missing (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHT = {
    "three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no long": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no middle": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no short": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def seen(colour, sight):
    """A colour in OKLab, as seen."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in SIGHT[sight]
    )
    long, middle, short = (
        (a * red + b * green + c * blue) ** (1 / 3)
        for a, b, c in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    )
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_of_groups_can_be_told_apart(colours, sight):
    apart = min(
        sum((x - y) ** 2 for x, y in zip(seen(a, sight), seen(b, sight), strict=True)) ** 0.5
        for a, b in combinations(colours, 2)
    )
    assert apart > 0.075


@pytest.mark.parametrize(
    ("colours", "paper"), [((*LIGHT, GREY[0]), PAPER[0]), ((*DARK, GREY[1]), PAPER[1])]
)
def test_colours_of_groups_stand_out_from_the_paper(colours, paper):
    assert min(contrast(colour, paper) for colour in colours) > 3


def test_24_groups_look_different_and_later_ones_are_grey():
    looks = list(marks(map(str, range(30))).values())
    assert len(set(looks[:24])) == 24
    assert {(look.place, look.colour(), look.colour(dark=True)) for look in looks[24:]} == {
        (None, *GREY)
    }


def test_the_page_uses_the_same_colours():
    light, dark = palette()
    assert [colour for _, colour in light] == [*LIGHT, GREY[0]]
    assert [colour for _, colour in dark] == [*DARK, GREY[1]]
