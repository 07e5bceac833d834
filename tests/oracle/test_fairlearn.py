"""Gaps against fairlearn, on random frames that one audit and one `MetricFrame` hold side by side.

The frame is the control feature: both libraries then compare groups within each frame.
"""

import numpy as np
import pytest
from fairlearn import metrics as fl

import rai

FRAMES = 40
RATES = {
    "selection_rate": fl.selection_rate,
    "true_positive_rate": fl.true_positive_rate,
    "false_positive_rate": fl.false_positive_rate,
}
EXACT = {"rel": 1e-12, "abs": 1e-14}


@pytest.fixture(scope="module", params=["rows", "weights"])
def frames(request):
    """Columns of all frames: 2 to 6 groups each, every group with both labels, some rates 0 or 1."""
    rng = np.random.default_rng(5 if request.param == "rows" else 6)
    groups = rng.integers(2, 7, FRAMES)
    frame = np.repeat(np.arange(FRAMES), groups)
    group = np.concatenate([np.arange(n) for n in groups])
    rows = rng.integers(4, 40, len(frame))
    chances = rng.choice([0.0, 0.2, 0.5, 0.8, 1.0], (len(frame), 2), p=[0.05, 0.3, 0.3, 0.3, 0.05])
    hits = np.repeat(chances, rows, axis=0)
    place = np.arange(rows.sum()) - np.repeat(rows.cumsum() - rows, rows)
    y = np.where(place < 2, place, rng.integers(0, 2, len(place)))
    return {
        "y": y,
        "p": (rng.random(len(y)) < hits[np.arange(len(y)), y]).astype(int),
        "frame": np.char.add("f", np.char.zfill(np.repeat(frame, rows).astype(str), 3)),
        "group": np.array(list("abcdef"))[np.repeat(group, rows)],
        "weight": rng.exponential(size=len(y)) + 0.01 if request.param == "weights" else None,
    }


@pytest.fixture(scope="module")
def audit(frames):
    return rai.audit(
        y_true=frames["y"],
        y_pred=frames["p"],
        sensitive_features={"group": frames["group"]},
        control_features={"frame": frames["frame"]},
        sample_weight=frames["weight"],
    )


@pytest.fixture(scope="module")
def theirs(frames):
    weight = frames["weight"]
    return fl.MetricFrame(
        metrics=RATES,
        y_true=frames["y"],
        y_pred=frames["p"],
        sensitive_features={"group": frames["group"]},
        control_features={"frame": frames["frame"]},
        sample_params={} if weight is None else {name: {"sample_weight": weight} for name in RATES},
    )


def none_for_nan(values):
    return [None if np.isnan(value) else value for value in values]


def close(value, other):
    return value == other if value is None or other is None else value == pytest.approx(other, **EXACT)


def test_rates_by_group_and_overall(audit, theirs):
    for name in RATES:
        by_group = theirs.by_group[name].dropna()
        mine = {(r.group[1][1], r.group[0][1]): r.value for r in audit.metrics(name)}
        assert mine == {key: pytest.approx(value, **EXACT) for key, value in by_group.items()}
        overall = {r.name: r.value for r in audit.metrics(name, by="frame")}
        assert overall == {k: pytest.approx(v, **EXACT) for k, v in theirs.overall[name].items()}


@pytest.mark.parametrize("versus", ["between_groups", "to_overall"])
@pytest.mark.parametrize("kind", ["difference", "ratio"])
@pytest.mark.parametrize("name", RATES)
def test_gaps_within_each_frame(name, kind, versus, audit, theirs):
    found = audit.gaps(name, along="group", within="frame", kind=kind, versus=versus)
    expected = none_for_nan(getattr(theirs, kind)(method=versus)[name])
    wrong = [
        (gap.within, gap.value, value, gap.note)
        for gap, value in zip(found, expected, strict=True)
        if not close(gap.value, value)
    ]
    assert wrong == []


# The named functions --------------------------------------------------------------------------------

NAMED = {
    "demographic_parity": (fl.demographic_parity_difference, fl.demographic_parity_ratio),
    "equal_opportunity": (fl.equal_opportunity_difference, fl.equal_opportunity_ratio),
    "equalized_odds": (fl.equalized_odds_difference, fl.equalized_odds_ratio),
    "average_odds": (fl.equalized_odds_difference, fl.equalized_odds_ratio),
}


@pytest.mark.parametrize("versus", ["between_groups", "to_overall"])
@pytest.mark.parametrize("name", NAMED)
def test_named_gaps(name, versus, frames):
    """`average_odds` is what fairlearn calls equalized odds with `agg="mean"`."""
    options = {"agg": "mean"} if name == "average_odds" else {}
    for place in range(0, FRAMES, 10):
        rows = frames["frame"] == f"f{place:03}"
        y, p, group = frames["y"][rows], frames["p"][rows], frames["group"][rows]
        weight = None if frames["weight"] is None else frames["weight"][rows]
        audit = rai.audit(y_true=y, y_pred=p, sensitive_features={"group": group}, sample_weight=weight)
        for kind, function in zip(("difference", "ratio"), NAMED[name], strict=True):
            expected = function(
                y, p, sensitive_features=group, sample_weight=weight, method=versus, **options
            )
            (gap,) = audit.gaps(name, kind=kind, versus=versus)
            if kind == "ratio" and "odds" in name and not (p[y == 0].any() and p[y == 1].any()):
                expected = np.nan
            assert close(gap.value, none_for_nan([expected])[0]), (place, kind, gap)


# What is undefined ----------------------------------------------------------------------------------


@pytest.fixture
def without_positives():
    """Group c has no row with a positive label; a and b have true-positive rates 1 and 1/2."""
    columns = {
        "y_true": [1, 1, 0, 0, 1, 1, 0, 0, 0, 0],
        "y_pred": [1, 1, 0, 1, 1, 0, 0, 0, 0, 1],
    }
    group = ["a"] * 4 + ["b"] * 4 + ["c"] * 2
    return columns, group


def test_a_group_without_positives_has_no_rate(without_positives):
    """There fairlearn reports both rates of positives as 0, though they should add up to 1."""
    columns, group = without_positives
    frame = fl.MetricFrame(
        metrics={"tpr": fl.true_positive_rate, "fnr": fl.false_negative_rate},
        sensitive_features=group,
        **columns,
    )
    assert frame.by_group.loc["c"].tolist() == [0.0, 0.0]
    rows = (
        rai.audit(**columns, sensitive_features={"group": group}).metrics("tpr", "fnr").where(group="c")
    )
    assert [(row.value, row.note) for row in rows] == [
        (None, "undefined: no rows with a positive label (n=2)")
    ] * 2


def test_a_group_without_positives_is_no_gap(without_positives):
    """With the rate of 0 the gap of the two other groups, ½, becomes a gap of 1."""
    columns, group = without_positives
    audit = rai.audit(**columns, sensitive_features={"group": group})
    (difference,) = audit.gaps("equal_opportunity")
    (ratio,) = audit.gaps("equal_opportunity", kind="ratio")
    assert fl.equal_opportunity_difference(**columns, sensitive_features=group) == 1.0
    assert fl.equal_opportunity_ratio(**columns, sensitive_features=group) == 0.0
    note = "left out c: no rows with a positive label (n=2)"
    assert (difference.value, difference.highest, difference.lowest) == (0.5, "a", "b")
    assert ratio.value == 0.5
    assert note in difference.note
    assert note in ratio.note


def test_one_group_with_positives_is_no_comparison(without_positives):
    columns, group = without_positives
    columns = {name: values[4:] for name, values in columns.items()}
    group = group[4:]
    (gap,) = rai.audit(**columns, sensitive_features={"group": group}).gaps("equal_opportunity")
    assert fl.equal_opportunity_difference(**columns, sensitive_features=group) == 0.5
    assert gap.value is None
    assert gap.note == (
        "undefined: fewer than two groups have a value for true positive rate; "
        "left out c: no rows with a positive label (n=2)"
    )


def test_rates_that_are_all_zero_have_no_ratio():
    columns = {"y_true": [1, 0, 1, 0], "y_pred": [0, 0, 0, 0]}
    group = ["a", "a", "b", "b"]
    (gap,) = rai.audit(**columns, sensitive_features={"group": group}).gaps("disparate_impact")
    assert np.isnan(fl.demographic_parity_ratio(**columns, sensitive_features=group))
    assert (gap.value, gap.note) == (None, "undefined: every rate is 0, so no ratio exists")


@pytest.mark.parametrize("caught", [0, 1], ids=["no true positives", "no false positives"])
def test_one_metric_without_a_ratio_leaves_equalized_odds_without_one(caught):
    """fairlearn takes Python's `min` of a number and NaN, which is the first of the two."""
    y, group = np.array([1, 0] * 4), list("aaaabbbb")
    p = np.where(y == caught, [1] * 6 + [0] * 2, 0)
    theirs = fl.equalized_odds_ratio(y, p, sensitive_features=group)
    assert theirs == 0.5 if caught else np.isnan(theirs)
    assert fl.equalized_odds_ratio(y, p, sensitive_features=group, agg="mean") == 0.5
    audit = rai.audit(y_true=y, y_pred=p, sensitive_features={"group": group})
    for name in ("equalized_odds", "average_odds"):
        (gap,) = audit.gaps(name, kind="ratio")
        assert (gap.value, gap.note) == (None, "undefined: every rate is 0, so no ratio exists")
