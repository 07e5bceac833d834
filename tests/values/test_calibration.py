"""Bins of predictions: one flat row each."""

from rai.values import Calibration, CalibrationBin

KEYS = [
    "bin_low", "bin_high", "mean_predicted", "value", "low", "high", "numerator", "denominator", "n",
    "note",
]  # fmt: skip


def bin_(**changes):
    base = {"bin_low": 0.1, "bin_high": 0.2, "mean_predicted": 0.15, "value": 0.25}
    return CalibrationBin(**{**base, **changes})


def test_a_row_leads_with_its_group():
    row = bin_(group=(("sex", "F"), ("race", "Black")), n=40, low=0.1, high=0.4)
    assert list(row.to_dict()) == ["sex", "race", *KEYS]
    assert row.to_dict()["sex"] == "F"
    assert row.name == "F × Black"
    assert list(bin_().to_dict()) == KEYS


def test_rows_are_found_by_what_they_hold():
    both = Calibration([bin_(group=(("sex", s),), n=n) for s, n in (("F", 3), ("M", 4))])
    assert [row.n for row in both.where(sex="M")] == [4]
    assert isinstance(both.where(sex="M"), Calibration)
    assert both.to_pandas().shape == (2, 11)


def test_undefined_is_null_in_json():
    text = Calibration(
        [bin_(mean_predicted=None, value=None, note="undefined: no rows (n=0)")]
    ).to_json()
    assert '"mean_predicted": null, "value": null' in text
