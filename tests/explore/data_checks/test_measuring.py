"""What checks measure, against scipy, scikit-learn, pandas, and brute force written from the definition."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from rai.engines.sources import open_source
from rai.explore.columns import summarise
from rai.explore.data_checks.data_sets import chance_unseen
from rai.explore.data_checks.digits import heaps, top_code
from rai.explore.data_checks.duplicates import alike_by_chance, repeated
from rai.explore.data_checks.identifiers import identifier_like, order_of
from rai.explore.data_checks.labels import excess
from rai.explore.data_checks.leakage import dealt
from rai.explore.data_checks.odd_numbers import lost_signs, units
from rai.explore.data_checks.odd_texts import near_misses, spellings
from rai.explore.data_checks.placeholders import placeholder_numbers
from rai.explore.data_checks.rates import against_rest, difference
from rai.explore.data_checks.tables import read_table
from rai.measure.intervals import newcombe
from rai.measure.out_of_fold import of_counts

COUNTS = st.integers(0, 60)


def counted(values):
    return np.unique(np.asarray(values, dtype=float), return_counts=True)


# Rates -----------------------------------------------------------------------------------------------


@given(COUNTS, st.integers(1, 60), COUNTS, st.integers(1, 60))
def test_a_difference_is_newcombes_with_fishers_or_the_score_test(x, n, y, m):
    x, y = min(x, n), min(y, m)
    found = difference(x, n, other_count=y, other_n=m)
    low, high = newcombe([x], [n], other_count=[y], other_n=[m])
    assert found.value == pytest.approx(x / n - y / m)
    assert found.bounds(stats.norm.ppf(0.975)) == pytest.approx((low[0], high[0]))
    pooled = (x + y) / (n + m)
    if min(pooled, 1 - pooled) * min(n, m) < 5:
        oracle = stats.fisher_exact([[x, n - x], [y, m - y]]).pvalue
    else:
        oracle = stats.chi2_contingency([[x, n - x], [y, m - y]], correction=False).pvalue
    assert found.p_value == pytest.approx(oracle, rel=1e-9, abs=1e-12)


def test_each_group_is_held_against_all_others_and_of_two_only_the_higher():
    two = against_rest([1, 9], [10, 20], ("F", "M"))
    assert [(level, found.share, found.other) for level, found in two] == [("M", 9 / 20, 1 / 10)]
    three = against_rest([1, 9, 0], [10, 20, 5], ("a", "b", "c"))
    assert [(level, found.other) for level, found in three] == [
        ("a", 9 / 25),
        ("b", 1 / 15),
        ("c", 1 / 3),
    ]
    assert against_rest([3], [10], ("only",)) == []


# Rows ------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", None])), min_size=1, max_size=40)
)
def test_equal_rows_are_those_of_pandas(rows):
    frame = pd.DataFrame(rows, columns=["x", "y"])
    table = read_table("data", open_source(pl.from_pandas(frame)))
    again, shared = repeated(table.hashes(["x", "y"]))
    assert again.tolist() == frame.duplicated().tolist()
    assert shared.tolist() == frame.duplicated(keep=False).tolist()


def test_rows_are_equal_whatever_library_and_type_they_are_from():
    frame = {"x": [1, 2, 3], "y": ["a", "b", None]}
    tables = [
        read_table("a", open_source(held))
        for held in (
            pd.DataFrame(frame).assign(y=lambda f: f.y.astype("category")),
            pl.DataFrame(frame).cast({"y": pl.Categorical, "x": pl.Int8}),
            pl.DataFrame(frame).to_arrow(),
            pl.DataFrame(frame).cast({"x": pl.Float64}),
        )
    ]
    first, *others = [table.hashes(["x", "y"], wide=("x",)).tolist() for table in tables]
    assert all(other == first for other in others)


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=30), st.data())
def test_rows_alike_by_chance_are_pairs_of_independent_draws(words, data):
    numbers = data.draw(st.lists(st.integers(0, 3), min_size=len(words), max_size=len(words)))
    pairs = [(a == b) * 1.0 for a in words for b in words]
    others = [(a == b) * 1.0 for a in numbers for b in numbers]
    oracle = np.mean(pairs) * np.mean(others)
    assert alike_by_chance([summarise(words), summarise(numbers)]) == pytest.approx(oracle)


@given(st.integers(0, 12), st.integers(12, 40), st.integers(0, 40))
def test_a_value_that_the_reference_lacks_is_a_hypergeometric_draw(n, rows, reference):
    oracle = stats.hypergeom(rows + reference, n, rows).pmf(n)
    assert chance_unseen(n, rows=rows, reference=reference) == pytest.approx(oracle, rel=1e-9)


@given(st.lists(st.booleans(), min_size=20, max_size=60).filter(lambda held: 0 < sum(held) < len(held)))
def test_order_is_somers_d_with_mann_and_whitneys_test(held):
    inside = np.array(held)
    places = np.arange(len(held), dtype=float)
    value, bounds, p_value = order_of(places[inside], rows=len(held))
    oracle = stats.mannwhitneyu(
        places[inside], places[~inside], method="asymptotic", use_continuity=False
    )
    assert value == pytest.approx(abs(2 * roc_auc_score(inside, places) - 1))
    assert p_value == pytest.approx(oracle.pvalue, rel=1e-6, abs=1e-12)
    low, high = bounds(2.0)
    assert low <= value <= high


# Leakage and noise -----------------------------------------------------------------------------------


def test_rows_dealt_by_their_counts_tell_what_scikit_learn_says_of_folds():
    rng = np.random.default_rng(0)
    bins = rng.integers(0, 5, 4000)
    label = (rng.random(4000) < np.array([0.1, 0.3, 0.5, 0.7, 0.9])[bins]).astype(int)
    counts = np.array([np.bincount(bins[label == side], minlength=5) for side in (0, 1)]).T
    folds = dealt(counts, rng)
    assert (folds.sum(axis=0) == counts).all()
    assert np.ptp(folds.sum(axis=(1, 2))) <= 2
    share = counts[:, 1] / counts.sum(axis=1)
    auc = float(of_counts(folds.astype(float))[1].area.value[0])
    assert auc == pytest.approx(roc_auc_score(label, share[bins]), abs=0.005)


def test_a_feature_of_noise_tells_nothing_however_many_bins():
    rng = np.random.default_rng(1)
    found = [
        float(of_counts(dealt(rng.multinomial(500, np.full(100, 0.01)).reshape(50, 2), rng).astype(float))[1].area.value[0])
        for _ in range(40)
    ]  # fmt: skip
    assert abs(np.mean(found) - 0.5) < 0.02


def test_labels_drawn_from_their_scores_have_no_excess_and_flipped_ones_have():
    rng = np.random.default_rng(2)
    score = np.where(rng.random(20_000) < 0.5, rng.beta(1, 30, 20_000), rng.beta(30, 1, 20_000))
    truth = rng.random(20_000) < score
    value, bounds, p_value, n = excess(score, truth)
    sure = np.maximum(score, 1 - score) >= 0.9
    wrong = (score >= 0.5) != truth
    assert n == sure.sum()
    assert value == pytest.approx((wrong - np.minimum(score, 1 - score))[sure].mean())
    assert bounds(1.96)[0] < 0 < bounds(1.96)[1]
    assert p_value > 0.05
    flipped = excess(score, truth ^ (rng.random(20_000) < 0.05))
    assert flipped[1](3.0)[0] > 0.03
    assert flipped[2] < 1e-9
    assert excess(score[:20], truth[:20]) is None


# Numbers ---------------------------------------------------------------------------------------------

RNG = np.random.default_rng(3)
AGES = np.rint(np.clip(RNG.gamma(9, 5, 3000), 17, 90))


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (AGES, []),
        ([*AGES, *[-1] * 30], [-1]),
        ([*AGES, *[-9] * 30, *[-1] * 20], [-9, -1]),
        ([*AGES, *[998] * 5, *[999] * 30], [998, 999]),
        ([*AGES, 999], []),  # once: an outlier
        ([*AGES, *[99] * 30], []),  # next to others: a top code
        ([*np.rint(RNG.normal(220, 40, 900)), *[0] * 100], [0]),
        ([*AGES, *[0] * 30], []),  # not further from 17 than quartiles are apart
        ([-1, 1] * 500, []),  # a class
        ([*RNG.poisson(2, 1000), *[-1] * 40], [-1]),
        (np.rint(RNG.normal(3, 2, 2000)), []),  # goes on below 0
        (np.rint(RNG.normal(9, 3, 5000)), []),  # a smooth tail that ends at -1
        (RNG.normal(0, 1, 2000), []),
        (RNG.lognormal(5, 2, 5000), []),
        ([], []),
    ],
)
def test_placeholders_stand_apart(values, codes):
    assert placeholder_numbers(*counted(values)) == codes


def test_a_top_code_is_a_spike_and_not_the_top_of_a_scale():
    capped = np.minimum(AGES, 60)
    assert top_code(*counted(capped)) == int((AGES >= 60).sum())
    assert top_code(*counted(AGES[AGES < 90])) == 0
    assert top_code(*counted(RNG.integers(0, 101, 5000))) == 0
    assert top_code(*counted([1, 2, 3, 4, 5] * 10 + [5] * 400)) == 0


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.1, 100.0]))
def test_digits_of_smooth_numbers_are_even_in_any_unit(seed, unit):
    rng = np.random.default_rng(seed)
    found = heaps(*counted(np.rint(rng.normal(60, 15, 4000)) * unit))
    assert found is None or abs(found.index - 1) < 0.25


def test_heaps_are_found_with_their_step():
    people = np.rint(RNG.normal(90, 25, 4000))
    rounded = np.where(RNG.random(4000) < 0.5, np.rint(people / 10) * 10, people)
    found = heaps(*counted(rounded))
    inner = rounded[(rounded > rounded.min()) & (rounded < rounded.max())]
    assert found.step == 10.0
    assert found.index == pytest.approx((inner % 10 == 0).mean() * 10)
    assert heaps(*counted(RNG.normal(size=1000))) is None


@pytest.mark.parametrize("factor", [2.54, 10.0, 100.0, 1000.0])
def test_two_units_are_told_by_the_factor_between_clusters(factor):
    sizes = RNG.normal(170, 5, 2000)
    mixed = np.where(np.arange(2000) < 1800, sizes, sizes / factor)
    found = units(*counted(mixed))
    assert found[0] == factor
    assert len(found[1]) == 200


@pytest.mark.parametrize(
    "values",
    [
        RNG.normal(170, 8, 2000),
        RNG.lognormal(10, 1, 5000),
        np.concatenate((RNG.normal(20, 1, 500), RNG.normal(100, 5, 500))),  # a factor of 5
        np.concatenate((RNG.normal(100, 1, 500), RNG.normal(1000, 200, 500))),  # another shape
        [*AGES, *AGES],
        [-1.0, 2.0] * 50,
    ],
)
def test_other_clusters_are_no_units(values):
    assert units(*counted(values)) is None


def test_lost_signs_reach_into_the_bulk_and_small_noise_around_0_does_not():
    assert lost_signs(*counted([*AGES, -40, -35])).tolist() == [-40.0, -35.0]
    assert lost_signs(*counted(RNG.normal(5, 2, 3000))).tolist() == []
    assert lost_signs(*counted(RNG.standard_t(3, 3000) + 5)).tolist() == []
    assert lost_signs(*counted([-5.0] * 50)).tolist() == []


# Words -----------------------------------------------------------------------------------------------


def edits(a, b):
    """Optimal string alignment, from its recurrence."""
    d = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    d[:, 0], d[0, :] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            same = a[i - 1] == b[j - 1]
            d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (not same))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                d[i, j] = min(d[i, j], d[i - 2, j - 2] + 1)
    return d[-1, -1]


@settings(max_examples=200)
@given(st.dictionaries(st.text("abA", min_size=4, max_size=7), st.sampled_from([1, 5, 900]), max_size=8))
def test_near_misses_are_those_of_brute_force(n):
    long = [word for word in n if len(word) >= 5]
    oracle = {
        word
        for word in long
        for other in long
        if n[word] < 0.01 * n[other] and edits(word.casefold(), other.casefold()) == 1
    }
    assert {word for word, _ in near_misses(n)} == oracle


def test_words_that_differ_in_a_digit_are_no_slips():
    assert near_misses({"grade 1": 900, "grade 2": 1}) == []


def test_spellings_come_together_the_most_frequent_first():
    n = {"male": 3, "Male": 40, " MALE": 1, "female": 9, "fe male": 2}
    assert spellings(n) == [["Male", "male", " MALE"]]


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (range(100, 200), "nr", True),
        (range(0, 100_000, 1000), "pay", False),
        (range(0, 100_000, 1000), "person_id", True),
        ([f"a{i}" for i in range(50)], "code", True),
        ([1.5 + i for i in range(50)], "height", False),
        ([1, 1, *range(2, 50)], "nr", False),
    ],
)
def test_identifiers_are_words_dense_numbers_or_called_so(values, name, expected):
    assert identifier_like(summarise(list(values)), name) is expected
