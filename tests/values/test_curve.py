"""Curves and distributions as values: their rows, how they print, and how they are picked."""

import json

import numpy as np
import pytest

from rai import Curve, Curves, Distribution, Distributions, GapCurves, Gaps


@pytest.fixture
def roc():
    return Curve(
        name="roc", group=(("sex", "F"), ("race", "B")), x_name="false_positive_rate",
        y_name="true_positive_rate", threshold=np.array([np.inf, 0.5]), x=np.array([0.0, 1.0]),
        y=np.array([0.0, np.nan]), low=np.array([0.0, np.nan]), high=np.array([0.3, np.nan]), n=8,
        note="binned: within 0.1 of the exact curve, as an area", reasons=("", "undefined: why not"),
    )  # fmt: skip


@pytest.fixture
def flat():
    return Curve(
        name="roc", group=(("sex", "M"), ("race", "B")), x_name="x", y_name="y", note="undefined: x"
    )


def test_rows_are_points_and_hold_no_infinity(roc):
    first, second = roc.to_dicts()
    assert first == {
        "sex": "F", "race": "B", "curve": "roc", "threshold": None, "x": 0.0, "y": 0.0, "low": 0.0,
        "high": 0.3, "n": 8, "note": "binned: within 0.1 of the exact curve, as an area",
    }  # fmt: skip
    assert (second["threshold"], second["y"], second["note"]) == (0.5, None, "undefined: why not")


def test_a_curve_without_points_is_one_row_that_says_why(flat):
    (row,) = flat.to_dicts()
    assert (row["x"], row["y"], row["note"]) == (None, None, "undefined: x")


def test_a_collection_is_all_rows_and_prints_one_for_each_curve(roc, flat):
    both = Curves([roc, flat])
    assert len(both.to_dicts()) == 3
    assert json.loads(both.to_json()) == both.to_dicts()
    assert len(both.to_pandas()) == 3
    lines = repr(both).splitlines()
    assert lines[0] == "Curves(2 series)"
    assert lines[1].split() == ["sex", "race", "curve", "x", "y", "points", "n", "note"]
    assert len(lines) == 4
    assert both._repr_html_().count("<tr>") == 3


def test_curves_are_picked_by_group_and_name(roc, flat):
    both = Curves([roc, flat])
    assert both.where(sex="F", curve="roc") == Curves([roc])
    assert both.where(curve="precision_recall") == ()
    assert isinstance(both.where(sex="M"), Curves)


def test_a_group_reads_as_a_name(roc):
    assert roc.group_name == "F × B"
    assert Curve(name="roc", x_name="x", y_name="y").group_name == "everyone"


def test_distributions_are_rows_of_bins():
    part = Distribution(
        group=(("sex", "F"),), label="yes", low=np.array([0.0, 0.5]), high=np.array([0.5, 1.0]),
        n=np.array([1, 3]), share=np.array([0.25, 0.75]),
    )  # fmt: skip
    found = Distributions([part])
    assert [row["share"] for row in found.to_dicts()] == [0.25, 0.75]
    assert part.summary() == {"sex": "F", "label": "yes", "bins": 2, "n": 4, "note": ""}
    assert found.where(label="yes") == found
    assert part.group_name == "F"


def test_gap_curves_are_gaps():
    assert GapCurves() == Gaps() == ()
    assert repr(GapCurves()).startswith("GapCurves(0 rows)")
