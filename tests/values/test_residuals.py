"""Summaries of residuals: one flat row each; the histogram stays beside it."""

from rai.values import Residuals, ResidualSummary


def test_a_row_has_the_numbers_and_no_histogram():
    row = ResidualSummary(
        group=(("sex", "F"),), mean=1.0, sd=2.0, median=0.5, n=7, edges=(0.0, 1.0), shares=(1.0,)
    )
    assert row.to_dict() == {
        "sex": "F", "mean": 1.0, "sd": 2.0, "q05": None, "q25": None, "median": 0.5, "q75": None,
        "q95": None, "n": 7, "note": "",
    }  # fmt: skip
    assert row.name == "F"
    assert [found.mean for found in Residuals([row]).where(sex="F")] == [1.0]
