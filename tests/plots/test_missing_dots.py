"""What is missing, for whom: shares and Wilson's intervals, features that lack most first."""

import math

import pytest

import rai
from rai.ground.errors import ArgumentError


@pytest.fixture(scope="module")
def rows():
    sex = ["F"] * 40 + ["M"] * 60
    pay = [None] * 10 + [1.0] * 30 + [None] * 3 + [2.0] * 57
    job = [None] * 20 + ["a"] * 80
    return {"sex": sex, "pay": pay, "job": job, "age": list(range(100))}


def drawn(panel):
    """Row, share and interval of every dot."""
    bars, dots = panel.lines[::2], panel.lines[1::2]
    return [
        (dot.get_ydata()[0], dot.get_xdata()[0], *bar.get_xdata())
        for bar, dot in zip(bars, dots, strict=True)
    ]


def wilson(count, n, z=1.959963984540054):
    """Wilson (1927), from its formula."""
    p, scale = count / n, 1 + z * z / n
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n) - reach) / scale, (p + z * z / (2 * n) + reach) / scale


def test_each_group_has_its_share_and_interval(rows):
    ax = rai.plots.missingness(rai.profile(rows, sensitive_features="sex"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["job", "pay"]
    found = {(round(row), row < round(row)): numbers for row, *numbers in drawn(ax)}  # F comes first
    expected = {(0, "F"): (20, 40), (0, "M"): (0, 60), (1, "F"): (10, 40), (1, "M"): (3, 60)}
    for (row, sex), (count, n) in expected.items():
        share, low, high = found[row, sex == "F"]
        assert share == pytest.approx(count / n)
        assert (low, high) == pytest.approx(wilson(count, n))


def test_data_sets_are_groups_where_there_are_none(rows):
    ax = rai.plots.missingness(rai.profile({"a": rows, "b": {**rows, "pay": [1.0] * 100}}))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    shares = sorted(share for _, share, _, _ in drawn(ax))
    assert shares == pytest.approx([0.0, 0.13, 0.2, 0.2])


def test_nothing_missing_is_said():
    ax = rai.plots.missingness(rai.profile({"age": [1, 2]}))
    assert [text.get_text() for text in ax.texts] == ["nothing is missing"]


def test_groups_must_be_known(rows):
    with pytest.raises(ArgumentError) as error:
        rai.plots.missingness(rai.profile(rows, sensitive_features="sex"), by="race")
    assert str(error.value) == "plots.missingness, by: 'race'; expected one of 'sex'."
    with pytest.raises(ArgumentError) as error:
        rai.plots.missingness(rai.profile(rows), by="sex")
    assert str(error.value) == (
        "plots.missingness, by: 'sex'; expected a profile with sensitive features."
    )


def test_groups_have_the_order_and_colours_that_they_have_in_an_audit():
    frame = {"sex": ["M", "F"] * 10, "age": [None, 30] * 10, "y": [0, 1] * 10, "p": [0, 1] * 10}
    ax = rai.plots.missingness(rai.profile(frame, sensitive_features="sex"))
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()][:2] == ["F", "M"]
    audit = rai.audit(frame, y_true="y", y_pred="p", sensitive_features="sex")
    assert [estimate.name for estimate in audit.metrics("accuracy", by="sex")] == ["F", "M"]
