"""What holds for every drift, whatever the rows; and how often it is right, in a small simulation.

The large one is told of in the page on reading a distance.
"""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

import rai
from rai.explore.columns import summarise
from rai.explore.compared_columns import compared
from rai.measure.cell_pairs import CellPair
from rai.measure.distance_intervals import Draws
from rai.measure.distances import MEASURES, measure_of

some = settings(max_examples=25)
numbers = st.lists(st.one_of(st.none(), st.integers(-5, 5).map(float), st.floats(-1e6, 1e6)), min_size=1)
words = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=1)
columns = st.one_of(st.tuples(numbers, numbers), st.tuples(words, words))


def rows_of(train, test, **asked):
    kind = pl.String if any(isinstance(v, str) for v in (*train, *test)) else pl.Float64
    frames = {
        name: pl.DataFrame({"x": pl.Series(side, dtype=kind)})
        for name, side in (("train", train), ("test", test))
    }
    return rai.profile(frames).distances(draws=99, **asked).to_dicts()


def near(value):
    return pytest.approx(value, rel=1e-6, abs=1e-9) if isinstance(value, float) else value


@some
@given(columns)
def test_rows_are_whole(both):
    for row in rows_of(*both):
        if row["value"] is None:
            assert row["note"]
            continue
        assert row["low"] <= row["value"] <= row["high"]
        assert 0 < row["p_unadjusted"] <= row["p_value"] <= 1
        assert all(np.isfinite(row[key]) for key in ("value", "low", "high", "chance"))
        if row["measure"] != "missing_share":
            assert row["low"] >= 0


@some
@given(columns)
def test_a_data_set_is_no_way_from_itself(both):
    for row in rows_of(both[0], both[0]):
        assert row["value"] in (0.0, None)
        assert row["p_value"] in (1.0, None)


@some
@given(columns, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(both, random):
    shuffled = [random.sample(side, len(side)) for side in both]
    for ours, theirs in zip(rows_of(*shuffled), rows_of(*both), strict=True):
        assert ours == {key: near(value) for key, value in theirs.items()}


@some
@given(columns)
def test_all_but_those_in_units_of_the_reference_are_symmetric(both):
    symmetric = {"kolmogorov_smirnov", "l_infinity", "missing_share"}
    there, back = rows_of(*both), rows_of(*both[::-1])
    for ours, theirs in zip(there, back, strict=True):
        if ours["measure"] in symmetric and ours["value"] is not None:
            sign = -1 if ours["measure"] == "missing_share" else 1
            assert ours["value"] == pytest.approx(sign * theirs["value"])


@some
@given(numbers, numbers, numbers)
def test_pieces_add_up(first, second, test):
    def profile(**held):
        return rai.profile(
            {name: {"x": pl.Series(rows, dtype=pl.Float64)} for name, rows in held.items()}
        )

    whole = profile(train=first + second, test=test).distances(draws=99)
    pieces = profile(train=first) + profile(train=second) + profile(test=test)
    for ours, theirs in zip(pieces.distances(draws=99).to_dicts(), whole.to_dicts(), strict=True):
        assert ours == {key: near(value) for key, value in theirs.items()}


NORMALS = tuple(m for m in MEASURES if "number" in m.fits and m.looks_at != "missing")


def columns_of(rng, rows, shift=0.0):
    """Columns of several shapes, none of which drifts unless it is told to."""
    return [
        rng.standard_normal(rows) + shift,
        np.exp(rng.standard_normal(rows)) + shift,
        rng.poisson(2, rows).astype(float) + np.round(shift),
        np.where(rng.random(rows) < 0.8, 0.0, rng.exponential(size=rows)) + shift,
    ]


def test_without_drift_p_values_are_uniform_or_larger():
    for ours, theirs in ((50, 50), (60, 400), (400, 60)):
        rng = np.random.default_rng([ours, theirs])
        found = {measure.name: [] for measure in NORMALS}
        for _ in range(60):
            for a, b in zip(columns_of(rng, ours), columns_of(rng, theirs), strict=True):
                held = compared(summarise(a), summarise(b), ("a", "b"))
                for answer in held.answers(NORMALS, level=0.95, draws=199, rng=rng):
                    found[answer.measure.name].append(answer.judged.p_value)
        for p_values in found.values():
            for share in (0.05, 0.2):
                expected = share + 3 * np.sqrt(share * (1 - share) / len(p_values))
                assert np.mean(np.array(p_values) <= share) <= expected


def test_without_drift_few_data_sets_of_many_columns_have_any_that_is_flagged():
    flagged = {measure.name: 0 for measure in NORMALS}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        frames = {
            name: {
                f"x{i}": column for i, column in enumerate(columns_of(rng, 150) + columns_of(rng, 150))
            }
            for name in ("train", "test")
        }
        found = rai.profile(frames).distances(measures=list(flagged), draws=199, rng=seed)
        for name in flagged:
            flagged[name] += any(row.p_value <= 0.05 for row in found.where(measure=name))
    assert max(flagged.values()) <= 6  # of 40; more has a chance below 1% at 5%


def test_a_shift_of_a_fifth_of_a_deviation_is_found_in_a_thousand_rows():
    rng = np.random.default_rng(0)
    p_values = []
    for _ in range(20):
        a, b = rng.standard_normal(1000) + 0.2, rng.standard_normal(1000)
        held = compared(summarise(a), summarise(b), ("a", "b"))
        (answer,) = held.answers((measure_of("wasserstein"),), level=0.95, draws=199, rng=rng)
        p_values.append(answer.judged.p_value)
    assert sum(p < 0.05 for p in p_values) >= 19


TILTS = (0.0, 0.3, 1.0)


@pytest.mark.parametrize("name", ["jensen_shannon", "psi", "l_infinity", "total_variation"])
@pytest.mark.parametrize(("cells", "rows"), [(2, (100, 100)), (8, (60, 400)), (30, (500, 500))])
def test_intervals_hold_the_truth(name, cells, rows):
    measure = measure_of(name)
    rng = np.random.default_rng([cells, len(name)])
    q = np.full(cells, 1 / cells)
    for tilt in TILTS:
        p = q * np.exp(tilt * np.linspace(-1, 1, cells))
        p /= p.sum()
        truth = float(measure.law.between(p, q))
        held = 0
        for _ in range(100):
            pair = CellPair(ours=rng.multinomial(rows[0], p), theirs=rng.multinomial(rows[1], q))
            found = Draws(pair, draws=199, rng=rng).judged(measure)
            held += found.low <= truth * (1 + 1e-9) and truth <= found.high * (1 + 1e-9)
        assert held >= 89  # of 100; less has a chance below 1% at 95%


@pytest.mark.parametrize("name", ["wasserstein", "kolmogorov_smirnov"])
@pytest.mark.parametrize("shift", [0.0, 0.2, 1.0])
def test_so_do_those_of_numbers(name, shift):
    measure = measure_of(name)
    rng = np.random.default_rng(int(10 * shift))
    truth = shift * 0.98 / 0.98196 if name == "wasserstein" else 2 * ndtr(shift / 2) - 1
    for rows in ((100, 100), (150, 1000)):
        held = 0
        for _ in range(100):
            a, b = rng.standard_normal(rows[0]) + shift, rng.standard_normal(rows[1])
            both = compared(summarise(a), summarise(b), ("a", "b"))
            (answer,) = both.answers((measure,), level=0.95, draws=199, rng=rng)
            held += answer.judged.low <= truth + 1e-9 and truth <= answer.judged.high
        assert held >= 89
