"""The Brier score and its parts: by hand, bounded, and where chance alone speaks."""

import numpy as np
import pytest

import rai
from rai.measure.brier import isotonic


def measured(name, y, s, *, bins="exact", weight=None, groups=None):
    audit = rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": groups or ["A"] * len(y)}, bins=bins,
        sample_weight=weight, positive_label=1,
    )  # fmt: skip
    return list(audit.metrics(name))


def one(name, y, s, **options):
    (estimate,) = measured(name, y, s, **options)
    return estimate


# 0.1 none of two, 0.4 both of two, 0.7 one of two: recalibrated 0, 3/4, 3/4
Y, S = [0, 0, 1, 1, 1, 0], [0.1, 0.1, 0.4, 0.4, 0.7, 0.7]


def test_the_parts_by_hand():
    brier = (2 * 0.01 + 2 * 0.36 + 0.09 + 0.49) / 6
    recalibrated = (3 * (1 / 4) ** 2 + (3 / 4) ** 2) / 6
    assert one("brier_score", Y, S).value == pytest.approx(brier)
    assert one("brier_miscalibration", Y, S).value == pytest.approx(brier - recalibrated)
    assert one("brier_discrimination", Y, S).value == pytest.approx(0.25 - recalibrated)
    assert one("brier_uncertainty", Y, S).value == pytest.approx(0.25)


def test_the_score_is_a_quotient_and_has_an_interval_within_the_unit():
    found = one("brier_score", Y, S)
    assert (found.numerator, found.denominator, found.method) == (pytest.approx(1.32), 6, "linearised")
    assert 0 < found.low < found.value < found.high < 1


def test_few_perfect_rows_are_no_certainty():
    found = one("brier_score", [0, 1, 1], [0.0, 1.0, 1.0])
    assert found.value == found.low == 0.0
    assert found.high > 0.2


def test_parts_that_chance_raises_have_no_interval():
    found = one("brier_miscalibration", Y, S)
    assert (found.low, found.high) == (None, None)
    assert found.note.startswith("a calibrated model would show about 0.")
    assert found.note.endswith(": no interval")
    assert one("brier_discrimination", Y, S).note == "no interval: chance alone raises it"


def test_their_gaps_say_so_too():
    audit = rai.audit(y_true=Y * 2, y_score=S * 2, sensitive_features={"g": ["A"] * 6 + ["B"] * 6})
    (gap,) = audit.gaps("brier_discrimination")
    assert (gap.value, gap.low, gap.null, gap.p_value) == (0.0, None, None, None)
    assert gap.note == "no interval: chance alone raises the metric"


def test_uncertainty_has_wilsons_interval_mapped():
    from rai.measure.intervals import wilson

    found = one("brier_uncertainty", [1] * 3 + [0] * 37, [0.1] * 40)
    low, high = wilson([3], [40])
    assert (found.low, found.high) == (
        pytest.approx(low[0] * (1 - low[0])),
        pytest.approx(high[0] * (1 - high[0])),
    )
    assert one("brier_uncertainty", Y, S).high == 0.25


@pytest.mark.parametrize(
    "name", ["brier_score", "brier_miscalibration", "brier_discrimination", "brier_uncertainty"]
)
def test_scores_that_are_no_probabilities(name):
    found = one(name, [0, 1], [-1.0, 4.0])
    assert found.value is None
    assert found.note.startswith("undefined: scores from -1 to 4 are no probabilities; ")


def test_one_label_is_all_miscalibration():
    found = {n: one(f"brier_{n}", [1, 1], [0.6, 0.8]).value for n in ("score", "miscalibration")}
    assert found["miscalibration"] == found["score"] == pytest.approx(0.1)
    assert one("brier_uncertainty", [1, 1], [0.6, 0.8]).value == 0.0


def test_the_bound_of_binned_parts_is_reached_by_the_worst_order():
    """All positives of a bin above its negatives: what binning hides is told apart by exact scores."""
    s = [0.11, 0.12, 0.13, 0.14, 0.81, 0.82, 0.83, 0.84]
    y = [0, 0, 1, 1, 0, 0, 1, 1]
    exact, binned = (one("brier_discrimination", y, s, bins=bins) for bins in ("exact", 10))
    bound = float(binned.note.split("binned: within ")[1].split()[0])
    assert exact.value - binned.value == pytest.approx(bound, rel=0.05)


def test_what_chance_shows_falls_with_rows():
    rng = np.random.default_rng(1)

    def said(n):
        s = rng.random(n).round(3)
        return float(one("mcb", rng.random(n) < s, s).note.split("about ")[1].split(":")[0])

    few, many = said(100), said(10_000)
    assert 0.02 < few < 0.05
    assert 0.0005 < many < 0.003


def test_isotonic_pools_what_falls():
    assert isotonic(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])).tolist() == [2.0, 2.0, 2.0]
    assert isotonic(np.array([1.0, 2.0]), np.ones(2)).tolist() == [1.0, 2.0]
