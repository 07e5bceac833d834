"""Laws of calibration: pieces add up, order and repetition don't matter, and bins stay within bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rai
from rai.values.moments import MOST_ERROR_BINS, MOST_PREDICTION_BINS
from rai.values.number_bins import NumberBins

NAMES = [
    "calibration_in_the_large",
    "calibration_intercept",
    "calibration_slope",
    "brier_score",
    "brier_miscalibration",
    "brier_discrimination",
    "brier_uncertainty",
    "expected_calibration_error",
]
SCORES = st.sampled_from([0.02, 0.1, 0.125, 0.3, 0.5, 0.51, 0.75, 0.9, 0.999])
NUMBERS = st.floats(-1e30, 1e30, allow_subnormal=False) | st.integers(-20, 20).map(float)

some = settings(max_examples=30)


@st.composite
def frames(draw, *, least=2, most=40):
    """Rows with scores on a grid and off it, few enough to be lopsided."""
    n = draw(st.integers(least, most))
    column = {"min_size": n, "max_size": n}
    return pd.DataFrame(
        {
            "y": [0, 1, *draw(st.lists(st.integers(0, 1), min_size=n - 2, max_size=n - 2))],
            "s": draw(st.lists(SCORES | st.floats(0.001, 0.999), **column)),
            "g": draw(st.lists(st.sampled_from("AB"), **column)),
            "w": draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), **column)),
        }
    )


@st.composite
def regressions(draw, *, most=40):
    n = draw(st.integers(2, most))
    column = {"min_size": n, "max_size": n}
    return pd.DataFrame(
        {
            "y": draw(st.lists(st.integers(-9, 9).map(float), **column)),
            "p": draw(st.lists(st.floats(-1e6, 1e6) | st.integers(-20, 20).map(float), **column)),
            "g": draw(st.lists(st.sampled_from("AB"), **column)),
            "w": draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), **column)),
        }
    )


def scored(frame, *, weight=None, bins="exact"):
    return rai.audit(
        frame, y_true="y", y_score="s", sensitive_features="g", sample_weight=weight, bins=bins,
        positive_label=1,
    )  # fmt: skip


def predicted(frame, *, weight=None):
    return rai.audit(
        frame, y_true="y", y_pred="p", sensitive_features="g", sample_weight=weight, task="regression"
    )


def close(ours, theirs, **ignored):
    """Rows that agree up to rounding."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours.to_dicts(), theirs.to_dicts(), strict=True):
        for key in [key for key in one if key not in ignored]:
            assert other[key] == (
                pytest.approx(one[key], rel=1e-7, abs=1e-7) if isinstance(one[key], float) else one[key]
            )


@pytest.mark.parametrize("bins", [10, "exact"])
@some
@given(frame=frames(least=4), cut=st.integers(2, 38))
def test_pieces_add_up(bins, frame, cut):
    first, second = frame.iloc[: min(cut, len(frame) - 1)], frame.iloc[min(cut, len(frame) - 1) :]
    whole, both = scored(frame, bins=bins), scored(first, bins=bins) + scored(second, bins=bins)
    close(both.metrics(*NAMES), whole.metrics(*NAMES))
    close(both.calibration(bins=3), whole.calibration(bins=3))


@some
@given(frame=frames(), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(frame, seed):
    turned = frame.sample(frac=1, random_state=seed)
    close(scored(turned).metrics(*NAMES), scored(frame).metrics(*NAMES))
    close(scored(turned).calibration(), scored(frame).calibration())


@some
@given(frame=frames())
def test_weights_are_repetitions(frame):
    """The values; intervals and notes know that one heavy row is not three rows."""
    heavy, repeated = scored(frame, weight="w"), scored(frame.loc[frame.index.repeat(frame["w"])])
    own = {"low": 0, "high": 0, "n": 0, "note": 0}
    close(heavy.metrics(*NAMES), repeated.metrics(*NAMES), **own)
    close(heavy.calibration(bins=4), repeated.calibration(bins=4), **own)


@some
@given(frame=frames(), factor=st.sampled_from([0.01, 7.0]))
def test_equal_weights_are_no_weights(frame, factor):
    close(
        scored(frame.assign(w=factor), weight="w").metrics(*NAMES),
        scored(frame).metrics(*NAMES),
        numerator=0,
        denominator=0,
    )


@some
@given(frame=frames())
def test_the_parts_of_the_brier_score_add_up(frame):
    for group in "AB":
        found = scored(frame).metrics(*NAMES).where(g=group)
        value = {estimate.metric: estimate.value for estimate in found}
        if value:
            parts = [value[f"brier_{p}"] for p in ("miscalibration", "discrimination", "uncertainty")]
            assert parts[0] - parts[1] + parts[2] == pytest.approx(value["brier_score"], abs=1e-12)
            assert min(parts) >= 0
            assert parts[1] <= parts[2] + 1e-12


@pytest.mark.parametrize("bins", [4, 20, 1000])
@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in {"calibration_slope", "expected_calibration_error"}]
)
@some
@given(frame=frames())
def test_binned_values_are_within_their_stated_bound(bins, name, frame):
    for exact, binned in zip(
        scored(frame).metrics(name), scored(frame, bins=bins).metrics(name), strict=True
    ):
        if exact.value is None:
            continue
        said = binned.note.split("binned: within ")
        bound = float(said[1].split(" of")[0]) if len(said) == 2 else np.inf
        if "binned" not in binned.note:  # nothing moved
            bound = 0.0
        assert bound < np.inf or "without a bound" in binned.note
        assert abs(binned.value - exact.value) <= bound * 1.05 + 1e-9
        if binned.low is not None and np.isfinite(bound):
            assert binned.low - 1e-9 <= exact.value <= binned.high + 1e-9


@pytest.mark.parametrize("bins", [4, 20])
@some
@given(frame=frames())
def test_binned_calibration_errors_are_within_their_bound_in_the_same_bins(bins, frame):
    """The bound is that of exact scores in these bins: redone here with the scores of the rows."""
    audit = scored(frame, bins=bins)
    (found,) = audit.metrics("ece", by=())
    apart = 0.0
    for row in audit.calibration(by=()):
        inside = frame[(frame["s"] >= row.bin_low) & (frame["s"] < row.bin_high + (row.bin_high == 1))]
        apart += abs((inside["y"] - inside["s"]).sum())
    bound = float(found.note.split("within ")[1].split(" of")[0])
    assert abs(found.value - apart / len(frame)) <= bound * 1.05 + 1e-9


@pytest.mark.parametrize("strategy", ["quantile", "uniform"])
@pytest.mark.parametrize("bins", [7, "exact"])
@some
@given(frame=frames(), parts=st.integers(1, 12))
def test_a_reliability_curve_holds_every_row_once(strategy, bins, frame, parts):
    found = scored(frame, bins=bins).calibration(by=(), bins=parts, strategy=strategy)
    assert sum(row.n for row in found) == len(frame)
    assert sum(row.numerator for row in found) == frame["y"].sum()
    assert len(found) <= parts
    ends = [end for row in found for end in (row.bin_low, row.bin_high)]
    assert ends == sorted(ends)
    for row in found:
        if row.n:
            assert row.bin_low <= row.mean_predicted + 1e-12
            assert row.mean_predicted <= row.bin_high + 1e-12
            assert row.low <= row.value <= row.high


# Regressions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", [None, "w"])
@some
@given(frame=regressions(), cut=st.integers(1, 39))
def test_pieces_of_a_regression_add_up(weight, frame, cut):
    first, second = frame.iloc[: min(cut, len(frame) - 1)], frame.iloc[min(cut, len(frame) - 1) :]
    whole, both = predicted(frame, weight=weight), (
        predicted(first, weight=weight) + predicted(second, weight=weight)
    )  # fmt: skip
    for bins in ("predictions", "errors"):
        ours, theirs = getattr(both.tally, bins), getattr(whole.tally, bins)
        assert (ours.shift, ours.keys.tolist()) == (theirs.shift, theirs.keys.tolist())
    np.testing.assert_allclose(both.tally.by_error, whole.tally.by_error)
    close(both.residuals(), whole.residuals())
    close(both.calibration(bins=3), whole.calibration(bins=3))


@some
@given(frame=regressions())
def test_few_errors_have_exact_quantiles(frame):
    """Up to two thousand distinct errors each have a bin of their own."""
    (row,) = predicted(frame, weight="w").residuals(by=())
    errors = frame["p"].to_numpy() - frame["y"].to_numpy()
    order = np.argsort(errors, kind="stable")
    upto = np.cumsum(frame["w"].to_numpy()[order])
    for found, share in ((row.q05, 0.05), (row.median, 0.5), (row.q95, 0.95)):
        reached, beyond = (
            errors[order][np.argmax(upto >= share * upto[-1] + slack)] for slack in (-1e-9, 1e-9)
        )
        assert found == pytest.approx((reached + beyond) / 2)
    assert row.note == ""
    assert sum(row.shares) == pytest.approx(1)


@some
@given(st.lists(NUMBERS, min_size=1, max_size=60), st.sampled_from([3, 8, 20]), st.integers(0, 60))
def test_bins_of_numbers_depend_on_the_numbers_alone(numbers, most, cut):
    values = np.array(numbers)
    whole, places = NumberBins.of(values, most=most)
    assert len(whole) <= most
    if whole.shift < 52:  # coarser bins may reach beyond what is finite
        assert (whole.low[places] <= values).all()
        assert (values <= whole.high[places]).all()
    left, right = (NumberBins.of(part, most=most) for part in (values[:cut], values[cut:]))
    merged, went, others = left[0].merged(right[0], most=most)
    assert (merged.shift, merged.keys.tolist()) == (whole.shift, whole.keys.tolist())
    assert np.concatenate([went[left[1]], others[right[1]]]).tolist() == places.tolist()


@pytest.mark.parametrize("piece_rows", [1000, 7000, 50_000])
def test_pieces_of_any_size_come_to_the_same_histograms(piece_rows):
    from rai.engines import count
    from rai.values import Roles

    rng = np.random.default_rng(4)
    rows = {"y": rng.normal(size=20_000), "p": rng.standard_cauchy(20_000), "g": ["A", "B"] * 10_000}
    roles = Roles(y_true="y", y_pred="p", sensitive_features=("g",))
    once = count(rows, roles, task="regression", piece_rows=20_000).tally
    found = count(rows, roles, task="regression", piece_rows=piece_rows).tally
    assert found.predictions.keys.tolist() == once.predictions.keys.tolist()
    assert found.errors.keys.tolist() == once.errors.keys.tolist()
    np.testing.assert_array_equal(found.by_error, once.by_error)
    np.testing.assert_array_equal(found.by_prediction[..., 0], once.by_prediction[..., 0])
    assert MOST_PREDICTION_BINS / 2 < len(once.predictions) <= MOST_PREDICTION_BINS
    assert MOST_ERROR_BINS / 2 < len(once.errors) <= MOST_ERROR_BINS
