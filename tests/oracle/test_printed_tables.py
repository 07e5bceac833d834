"""Published tables, as rows, through `rai.audit`: the numbers that others printed come out.

ProPublica's tables are in its notebook "Compas Analysis"; what stands beside them as gaps was computed
from the same counts by fairlearn, AIF360, Aequitas and statsmodels.
"""

import math

import numpy as np
import pytest

import rai

RACES = {
    ("African-American",): (990, 805, 532, 1369),
    ("Caucasian",): (1139, 349, 461, 505),
    ("Hispanic",): (318, 87, 129, 103),
    ("Other",): (208, 36, 90, 43),
    ("Asian",): (21, 2, 3, 6),
    ("Native American",): (5, 3, 1, 9),
}
TWO = dict(list(RACES.items())[:2])
BLACK, WHITE = "African-American", "Caucasian"


def counted(axes, cells, *, positive_label=1, control=()):
    """An audit of one row for each count: group to TN, FP, FN, TP."""
    keys = np.array(list(cells), dtype=object)
    counts = np.array(list(cells.values()))
    group, cell = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    split = {axis: keys[group, place] for place, axis in enumerate(axes)}
    return rai.audit(
        y_true=cell // 2,
        y_pred=cell % 2,
        sensitive_features={axis: column for axis, column in split.items() if axis not in control},
        control_features={axis: split[axis] for axis in control},
        positive_label=positive_label,
    )


def selected(axes, shares, **options):
    """An audit of selections: group to (selected, n). Nobody has a positive label."""
    cells = {key: (n - x, x, 0, 0) for key, (x, n) in shares.items()}
    return counted(axes, cells, **options)


def value_of(table):
    (row,) = table
    return row.value


# ProPublica -----------------------------------------------------------------------------------------

SEXES = {("Male",): (2072, 994, 1021, 1732), ("Female",): (609, 288, 195, 303)}
HIGH_ONLY = {(BLACK,): (1511, 284, 1160, 741), (WHITE,): (1407, 81, 771, 195)}
VIOLENT = {(BLACK,): (1692, 1043, 170, 273), (WHITE,): (1679, 380, 129, 77)}
VIOLENT_ALL = {("everyone",): (4121, 1597, 347, 389)}
FILTERED = {(BLACK,): (873, 641, 473, 1188), (WHITE,): (999, 282, 408, 414)}

FIVE = ("fpr", "fnr", "ppv", "npv", "selection_rate")
PRINTED = [
    (RACES, "African-American", (44.85, 27.99, 0.63, 0.65, 58.82)),
    (RACES, "Caucasian", (23.45, 47.72, 0.59, 0.71, 34.80)),
    (RACES, "Hispanic", (21.48, 55.60, 0.54, 0.71, 29.83)),
    (RACES, "Other", (14.75, 67.67, 0.54, 0.70, 20.95)),
    (RACES, "Asian", (8.70, 33.33, 0.75, 0.88, 25.00)),
    (RACES, "Native American", (37.50, 10.00, 0.75, 0.83, 66.67)),
    (RACES, "everyone", (32.35, 37.40, 0.61, 0.69, 45.98)),
    (SEXES, "Male", (32.42, 37.09, 0.64, 0.67, 46.85)),
    (SEXES, "Female", (32.11, 39.16, 0.51, 0.76, 42.37)),
    (HIGH_ONLY, WHITE, (5.44, 79.81)),
    (HIGH_ONLY, BLACK, (15.82, 61.02)),
    (VIOLENT_ALL, "everyone", (27.93, 47.15)),
    (VIOLENT, BLACK, (38.14, 38.37)),
    (VIOLENT, WHITE, (18.46, 62.62)),
    (FILTERED, BLACK, (42.34, 28.48)),
    (FILTERED, WHITE, (22.01, 49.64)),
]


@pytest.mark.parametrize(("cells", "group", "printed"), PRINTED)
def test_propublicas_rates_to_the_printed_digit(cells, group, printed):
    found = counted(["group"], cells)
    for name, shown in zip(FIVE, printed, strict=False):
        by = () if group == "everyone" else "group"
        (row,) = (r for r in found.metrics(name, by=by) if r.name == group or by == ())
        share = row.value if name in {"ppv", "npv"} else 100 * row.value
        assert round(share, 2) == shown, name


@pytest.fixture(scope="module")
def six():
    return counted(["race"], RACES)


@pytest.fixture(scope="module")
def two():
    return counted(["race"], TWO)


def test_the_audit_of_six_races_has_all_rows(six):
    assert six.rows == 7214


@pytest.mark.parametrize(
    ("kind", "versus", "expected"),
    [
        ("difference", "between_groups", (0.457118, 0.576692, 0.361511)),
        ("ratio", "between_groups", (0.314324, 0.359231, 0.193897)),
        ("difference", "to_overall", (0.250251, 0.302653, 0.236536)),
    ],
)
def test_gaps_that_fairlearn_finds_between_six_races(kind, versus, expected, six):
    gaps = six.gaps("selection_rate", "tpr", "fpr", kind=kind, versus=versus)
    assert [round(gap.value, 6) for gap in gaps] == list(expected)


def test_gaps_that_fairlearn_finds_between_two_races(two):
    names = ("demographic_parity", "equalized_odds", "equal_opportunity")
    differences = [round(gap.value, 6) for gap in two.gaps(*names)]
    ratios = [round(gap.value, 6) for gap in two.gaps(*names[:2], kind="ratio")]
    assert (differences, ratios) == ([0.240200, 0.213925, 0.197373], [0.591638, 0.522987])


def test_what_aif360_finds_where_no_recidivism_is_favourable():
    favourable = counted(["race"], TWO, positive_label=0)
    rate, tpr, fpr = (
        value_of(favourable.pairs(name)) for name in ("selection_rate", "true_positive_rate", "fpr")
    )
    assert (round(rate, 6), round(tpr, 6)) == (-0.240200, -0.213925)
    assert round((tpr + fpr) / 2, 6) == -0.205649
    assert round(value_of(favourable.pairs("selection_rate", kind="ratio")), 6) == 0.631593
    assert round(value_of(favourable.gaps("average_odds")), 6) == 0.205649
    assert round(value_of(favourable.metrics("theil", by=())), 6) == 0.256381
    assert round(value_of(favourable.metrics("generalized_entropy", by=())), 6) == 0.183703
    assert round(value_of(favourable.gaps("between_group_theil")), 6) == 0.001792


def test_disparities_that_aequitas_finds_with_caucasian_as_reference(two):
    names = ("selection_rate", "fpr", "fnr", "fdr", "for", "predicted_positives")
    found = two.pairs(*names, kind="ratio", versus=WHITE)
    assert [(pair.group, round(pair.value, 4)) for pair in found] == [
        (BLACK, ratio) for ratio in (1.6902, 1.9121, 0.5864, 0.9061, 1.2132, 2.5457)
    ]


def test_intervals_that_statsmodels_finds(two):
    (fpr,) = two.pairs("fpr")
    (tpr,) = two.pairs("tpr")
    (ratio,) = two.pairs("fpr", kind="ratio")
    assert (round(fpr.low, 5), round(fpr.high, 5)) == (0.18205, 0.24502)
    assert (round(tpr.low, 5), round(tpr.high, 5)) == (0.15986, 0.23456)
    # printed with the (n - 1) / n of Miettinen and Nurminen: 1.7225 and 2.1256
    assert (ratio.low, ratio.high) == pytest.approx((1.7225, 2.1256), abs=1e-4)
    bounds = {row.name: (round(row.low, 5), round(row.high, 5)) for row in two.metrics("fpr")}
    assert bounds == {BLACK: (0.42559, 0.47156), WHITE: (0.21371, 0.25674)}


# German credit --------------------------------------------------------------------------------------

GERMAN = {
    ("female", "aged"): (143, 205),
    ("female", "young"): (58, 105),
    ("male", "aged"): (447, 605),
    ("male", "young"): (52, 85),
}


@pytest.fixture(scope="module")
def german():
    """Good credit as the label, and predicted for nobody; aged is over 25."""
    return counted(["sex", "age"], {key: (n - good, 0, good, 0) for key, (good, n) in GERMAN.items()})


def test_german_base_rates(german):
    rates = [round(row.value, 6) for row in german.metrics("base_rate")]
    assert rates == [0.697561, 0.552381, 0.738843, 0.611765]


def test_german_gaps_by_age_and_sex(german):
    found = {
        axis: (value_of(german.gaps("base_rate", along=axis)),
               value_of(german.gaps("base_rate", along=axis, kind="ratio")))
        for axis in ("age", "sex")
    }  # fmt: skip
    assert {axis: (round(d, 6), round(r, 6)) for axis, (d, r) in found.items()} == {
        "age": (0.149448, 0.794826),
        "sex": (0.074801, 0.896567),
    }
    (gap,) = german.gaps("base_rate", along="age")
    assert (gap.highest, gap.lowest) == ("aged", "young")
    (gap,) = german.gaps("base_rate", along="sex")
    assert (gap.highest, gap.lowest) == ("male", "female")


@pytest.mark.parametrize(
    ("group", "expected"), list(zip(GERMAN, (0.003068, 0.164937, -0.098337, 0.096432), strict=True))
)
def test_each_german_cell_against_the_rest(group, expected):
    """The rest minus the cell, as AIF360 counts it."""
    x, n = GERMAN[group]
    whole = np.sum(list(GERMAN.values()), axis=0)
    found = selected(["who"], {("cell",): (x, n), ("rest",): tuple(whole - (x, n))})
    assert round(-value_of(found.pairs("selection_rate")), 6) == expected


# Admissions -----------------------------------------------------------------------------------------


def test_differential_fairness_of_simpsons_admissions():
    """Foulds et al. (2020): the intersection is further from fair than either axis by itself."""
    admitted = {
        ("A", "1"): (81, 87),
        ("A", "2"): (192, 263),
        ("B", "1"): (234, 270),
        ("B", "2"): (55, 80),
    }
    gaps = selected(["gender", "race"], admitted).gaps("differential_fairness")
    assert {gap.along: round(gap.value, 6) for gap in gaps} == {
        "gender": 0.232932,
        "race": 0.866684,
        "gender × race": 1.510998,
    }


# Department to admitted and rejected.
MEN = {
    "A": (512, 313),
    "B": (353, 207),
    "C": (120, 205),
    "D": (138, 279),
    "E": (53, 138),
    "F": (22, 351),
}
WOMEN = {"A": (89, 19), "B": (17, 8), "C": (202, 391), "D": (131, 244), "E": (94, 299), "F": (24, 317)}


@pytest.fixture(scope="module")
def berkeley():
    shares = {
        (sex, department): (yes, yes + no)
        for sex, table in (("men", MEN), ("women", WOMEN))
        for department, (yes, no) in table.items()
    }
    return selected(["sex", "department"], shares, control=["department"])


def test_berkeleys_gap_turns_around_within_departments(berkeley):
    (raw,) = berkeley.gaps("demographic_parity", along="sex")
    (ratio,) = berkeley.gaps("disparate_impact", along="sex")
    (held,) = berkeley.pooled_gaps("demographic_parity")
    assert (round(raw.value, 6), raw.highest, raw.lowest) == (0.141645, "men", "women")
    assert round(ratio.value, 6) == 0.681830
    assert (round(held.value, 6), held.highest, held.lowest) == (0.042637, "women", "men")


def test_berkeleys_common_odds_ratio_is_the_one_that_r_prints(berkeley):
    (pooled,) = berkeley.pooled_gaps("demographic_parity", method="mantel_haenszel")
    assert (round(pooled.value, 6), pooled.highest, pooled.lowest) == (0.904697, "women", "men")
    assert round(pooled.p_value, 4) == 0.2323


# Newcombe (1998), Table II, method 10 ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "printed"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombes_intervals(first, second, printed):
    (pair,) = selected(["group"], {("1",): first, ("2",): second}).pairs("selection_rate")
    assert (round(pair.low, 4), round(pair.high, 4)) == printed


# fairlearn's user guide -----------------------------------------------------------------------------

Y = [0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1]
P = [0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0]
LETTER = list("bbabbcccaacabccbcc")
DIGIT = [8, 6, 8, 8, 8, 8, 6, 6, 6, 8, 6, 6, 6, 6, 8, 6, 6, 6]
WEIGHT = [1, 2, 1, 3, 2, 3, 1, 2, 1, 2, 3, 1, 2, 3, 2, 3, 1, 1]
THREE = ("tpr", "fpr", "selection_rate")


@pytest.fixture(scope="module")
def letters():
    return rai.audit(y_true=Y, y_pred=P, sensitive_features={"letter": LETTER})


def test_the_guides_rates(letters):
    overall = [round(row.value, 6) for row in letters.metrics(*THREE, by=())]
    by_group = {
        letter: [round(row.value, 6) for row in letters.metrics(*THREE, "count").where(letter=letter)]
        for letter in "abc"
    }
    assert overall == [0.5, 0.666667, 0.555556]
    assert by_group == {
        "a": [0.5, 1.0, 0.75, 4.0],
        "b": [0.6, 0.0, 0.5, 6.0],
        "c": [0.4, 0.666667, 0.5, 8.0],
    }


@pytest.mark.parametrize(
    ("kind", "versus", "expected"),
    [
        ("difference", "between_groups", [0.2, 1.0, 0.25]),
        ("ratio", "between_groups", [0.666667, 0.0, 0.666667]),
        ("difference", "to_overall", [0.1, 0.666667, 0.194444]),
        ("ratio", "to_overall", [0.8, 0.0, 0.740741]),
    ],
)
def test_the_guides_gaps(kind, versus, expected, letters):
    assert [round(g.value, 6) for g in letters.gaps(*THREE, kind=kind, versus=versus)] == expected


def test_the_guides_criteria(letters):
    assert value_of(letters.gaps("demographic_parity")) == 0.25
    assert round(value_of(letters.gaps("disparate_impact")), 6) == 0.666667
    assert value_of(letters.gaps("equalized_odds", kind="ratio")) == 0.0


def test_the_guides_weighted_recall():
    found = rai.audit(y_true=Y, y_pred=P, sensitive_features={"letter": LETTER}, sample_weight=WEIGHT)
    assert [round(row.value, 6) for row in found.metrics("recall")] == [0.5, 0.583333, 0.25]


def test_the_guides_two_features():
    found = rai.audit(y_true=Y, y_pred=P, sensitive_features={"letter": LETTER, "digit": DIGIT})
    table = {
        row.name: [
            round(r.value, 6)
            for r in found.metrics("precision", "recall", "count")
            if r.group == row.group
        ]
        for row in found.metrics("count")
    }
    assert table == {
        "a × 6": [0.0, 0.0, 2.0],
        "a × 8": [0.5, 1.0, 2.0],
        "b × 6": [1.0, 0.666667, 3.0],
        "b × 8": [1.0, 0.5, 3.0],
        "c × 6": [0.666667, 0.5, 6.0],
        "c × 8": [0.0, 0.0, 2.0],
    }


def test_the_guides_control_feature():
    found = rai.audit(
        y_true=[int(digit) for digit in "000110110101010101010110111110"],
        y_pred=[int(digit) for digit in "110110101010101110001110011001"],
        sensitive_features={"group": list("ABBCCBAABACBCACCBBCABBCABABBAA")},
        control_features={"level": list("HLHLHLLHHLLHHLLHLLHHLHLLHHLLHL")},
    )
    overall = [round(row.value, 6) for row in found.metrics("accuracy", by="level")]
    gaps = found.gaps("accuracy", along="group", within="level")
    assert overall == [0.428571, 0.375]
    assert [(gap.within, round(gap.value, 6)) for gap in gaps] == [
        ((("level", "H"),), 0.55),
        ((("level", "L"),), 0.214286),
    ]


# Closed forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "entropy"), [(2, 0.2), (3, 0.3)])
def test_entropy_of_ten_rows_with_as_many_errors_of_either_kind(wrong, entropy):
    right = 5 - wrong
    found = counted(["all"], {("rows",): (right, wrong, wrong, right)})
    assert value_of(found.metrics("generalized_entropy")) == pytest.approx(entropy, rel=1e-12)
    expected = 2 * wrong * math.log(2) / 10
    assert value_of(found.metrics("theil")) == pytest.approx(expected, rel=1e-12)


def test_nine_of_twelve_against_four_of_twelve():
    found = selected(["group"], {("1",): (9, 12), ("2",): (4, 12)})
    assert value_of(found.gaps("demographic_parity")) == pytest.approx(5 / 12)
    assert value_of(found.pairs("selection_rate", kind="ratio")) == pytest.approx(9 / 4)
    assert value_of(found.gaps("four_fifths")) == pytest.approx(4 / 9)
