"""Drift: what it must find, what must not mislead it, and what it says where it can't tell."""

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

import rai
from rai import ArgumentError
from rai.explore.columns import summarise
from rai.explore.compared_columns import compared
from rai.measure.adjusting import ADJUSTMENTS
from rai.measure.distances import TRIM, measure_of
from rai.measure.intervals import newcombe

RNG = np.random.default_rng(0)
BASE = RNG.standard_normal(3000)
OTHER = np.random.default_rng(1).standard_normal(3000)
LETTERS = RNG.choice(list("abcde"), 3000)

KEYS = [
    "feature", "dataset", "reference", "along", "group", "measure", "value", "low", "high", "p_value",
    "p_unadjusted", "n", "n_reference", "chance", "note",
]  # fmt: skip


def between(train, test, **asked):
    """Rows by measure of one column of two data sets."""
    found = rai.profile({"train": {"x": train}, "test": {"x": test}}).distances(**asked)
    return {row.measure: row for row in found}


class TestWhatFacetsMisses:
    """Its distance is 0 for a shift and for a rescaling, and 19,992 for one outlier."""

    @pytest.mark.parametrize("test", [BASE + 1000, BASE * 50, BASE[::-1] - 1000])
    def test_a_shift_and_a_rescaling_are_found(self, test):
        found = between(BASE, test)
        for measure in ("wasserstein", "kolmogorov_smirnov", "jensen_shannon", "psi"):
            row = found[measure]
            assert row.p_value < 1e-5
            assert row.low > measure_of(measure).threshold

    def test_a_shift_is_as_long_as_it_is(self):
        row = between(BASE, BASE + 1000)["wasserstein"]
        assert row.value == pytest.approx(1000, rel=0.03)
        assert row.low < 1000 < row.high

    @pytest.mark.parametrize("turned", [False, True])
    def test_one_outlier_decides_nothing(self, turned):
        wild = BASE.copy()
        wild[7] = 1e9
        sides = (wild, BASE) if turned else (BASE, wild)
        for row in between(*sides).values():
            assert row.value < 0.01
            assert row.p_value == 1.0

    def test_nor_does_it_hide_a_shift(self):
        wild = BASE.copy()
        wild[7] = 1e9
        for sides in ((wild, OTHER + 0.5), (OTHER, wild + 0.5)):
            row = between(*sides)["wasserstein"]
            assert 0.4 < row.value < 0.6
            assert row.p_value < 1e-4

    def test_one_outlier_of_a_few_rows_decides_nothing(self):
        for rows in (10, 30, 60):
            wild = BASE[:rows].copy()
            wild[3] = 1e9
            assert between(BASE[:rows], wild)["wasserstein"].value < 0.3

    def test_a_new_category_is_found(self):
        test = LETTERS.copy()
        test[:90] = "new"
        found = between(LETTERS, test)
        assert found["l_infinity"].value == pytest.approx(0.03, abs=0.001)
        for measure, most in (("jensen_shannon", 1e-4), ("psi", 1e-4), ("l_infinity", 0.05)):
            assert found[measure].p_value < most

    def test_a_changed_share_of_missing_rows_is_found(self):
        gaps = OTHER.copy()
        gaps[::10] = np.nan
        found = between(BASE, gaps)
        row = found["missing_share"]
        assert (row.value, row.n, row.n_reference) == (pytest.approx(0.1), 3000, 3000)
        assert 0.08 < row.low < 0.1 < row.high < 0.12
        assert found["psi"].p_value < 1e-3
        assert found["wasserstein"].p_value > 0.01
        assert found["wasserstein"].n == 2700
        assert between(gaps, BASE)["missing_share"].value == pytest.approx(-0.1)

    def test_so_are_infinite_numbers(self):
        test = OTHER.copy()
        test[::10] = np.inf
        found = between(BASE, test)
        assert found["jensen_shannon"].p_value < 1e-3
        assert found["wasserstein"].value < 0.2
        assert found["wasserstein"].note == "infinite numbers left out"


class TestValues:
    def test_numbers_against_scipy(self):
        found = between(BASE, OTHER[:2000] * 1.3)
        ours = OTHER[:2000] * 1.3
        expected = stats.ks_2samp(ours, BASE)
        assert found["kolmogorov_smirnov"].value == pytest.approx(expected.statistic)
        trimmed = _trimmed(ours, BASE)
        clipped = np.clip(BASE, *np.sort(BASE)[[29, 2970]])
        assert found["wasserstein"].value == pytest.approx(trimmed / clipped.std(), rel=1e-3)

    def test_bins_lie_between_quantiles_of_the_reference(self):
        edges = np.quantile(BASE, np.arange(1, 10) / 10)
        counts = [
            np.bincount(np.searchsorted(edges, side, side="right")) for side in (OTHER + 0.3, BASE)
        ]
        found = between(BASE, OTHER + 0.3)
        assert found["jensen_shannon"].value == pytest.approx(jensenshannon(*counts, base=2), abs=1e-3)
        p, q = (side / 3000 for side in counts)
        assert found["psi"].value == pytest.approx(((p - q) * np.log(p / q)).sum(), abs=2e-3)

    def test_few_numbers_are_bins_of_their_own(self):
        train, test = RNG.integers(0, 5, 900), RNG.integers(0, 6, 900)
        counts = [np.bincount(side, minlength=6) for side in (test, train)]
        assert between(train, test)["jensen_shannon"].value == pytest.approx(
            jensenshannon(*counts, base=2)
        )

    def test_categories_with_the_missing_as_one_of_them(self):
        train, test = ["a"] * 6 + ["b"] * 3 + [None], ["a"] * 4 + ["c"] * 4 + [None] * 2
        p, q = np.array([4, 0, 4, 2]) / 10, np.array([6, 3, 0, 1]) / 10
        found = between(train, test, measures=["jensen_shannon", "l_infinity", "total_variation"])
        assert found["jensen_shannon"].value == pytest.approx(jensenshannon(p, q, base=2))
        assert found["l_infinity"].value == pytest.approx(0.4)
        assert found["total_variation"].value == pytest.approx(np.abs(p - q).sum() / 2)

    def test_of_many_categories_the_rare_ones_count_as_one(self):
        train = [f"v{i}" for i in range(150) for _ in range(2 if i < 100 else 1)]
        found = between(train, [*train, *["v0"] * 20])
        assert found["psi"].note == "the 100 most frequent values, and all others as one"
        assert found["l_infinity"].value == pytest.approx(22 / 270 - 2 / 250)

    def test_dates_go_by_days(self):
        days = np.arange(1000).astype("M8[D]")
        found = between(days, days + 100)
        assert found["kolmogorov_smirnov"].value == pytest.approx(0.1)
        assert found["wasserstein"].value == pytest.approx(
            98 / np.clip(np.arange(1000), 10, 989).std(), rel=0.01
        )

    def test_lists_go_by_how_many_values_they_hold(self):
        few, many = pl.Series([[1], [1, 2]] * 50), pl.Series([[1, 2], [1, 2, 3]] * 50)
        row = between(few, many)["kolmogorov_smirnov"]
        assert (row.value, row.n, row.note) == (0.5, 100, "compares how many values the lists hold")

    def test_many_distinct_numbers_say_how_far_off_they_can_be(self):
        rng = np.random.default_rng(4)
        train, test = rng.standard_normal(50_000), rng.standard_normal(50_000) + 0.05
        row = between(train, test)["kolmogorov_smirnov"]
        exact = stats.ks_2samp(train, test).statistic
        most = float(row.note.removeprefix("neighbouring numbers share bins: at most "))
        assert row.value <= exact + 1e-12 <= most + 1e-4
        assert most - row.value < 1e-3

    def test_they_hold_weights_as_repetitions(self):
        weight = RNG.integers(1, 4, 400).astype(float)
        for column in (BASE[:400], LETTERS[:400], np.where(BASE[:400] > 1, np.nan, BASE[:400])):
            weighted = compared(summarise(column, weight), summarise(OTHER[:300]), ("a", "b"))
            repeated = compared(
                summarise(np.repeat(column, weight.astype(int))), summarise(OTHER[:300]), ("a", "b")
            )
            if weighted.pair is not None:
                assert weighted.pair.shares[0] == pytest.approx(repeated.pair.shares[0])
                assert weighted.values == pytest.approx(repeated.values)
                assert weighted.pair.n[0] == math.floor(weight.sum() ** 2 / (weight**2).sum())

    def test_uneven_weights_make_less_sure(self):
        uneven = np.where(np.arange(3000) % 10 == 0, 100.0, 1.0)
        frames = {
            name: {"x": side, "w": weight, "v": np.ones(3000)}
            for name, side, weight in (("train", BASE, uneven), ("test", OTHER + 0.1, uneven))
        }
        heavy, plain = (
            rai.profile(frames, sample_weight=column).distances("x", measures="wasserstein")[0]
            for column in ("w", "v")
        )
        assert heavy.p_value > plain.p_value
        assert heavy.high - heavy.low > 2 * (plain.high - plain.low)
        assert heavy.chance > 2 * plain.chance


class TestRows:
    profile = rai.profile(
        {
            "train": {"age": BASE, "sex": LETTERS, "old": BASE},
            "test": {"age": OTHER, "sex": LETTERS, "new": BASE},
            "serving": {"age": OTHER + 1, "sex": ["a"] * 3000},
        }
    )

    def test_one_for_each_feature_data_set_and_measure(self):
        found = self.profile.distances("age", "sex")
        assert list(found.to_dicts()[0]) == KEYS
        usual = {
            "age": ["wasserstein", "kolmogorov_smirnov", "jensen_shannon", "psi", "missing_share"],
            "sex": ["jensen_shannon", "psi", "l_infinity", "missing_share"],
        }
        assert [(row.dataset, row.feature, row.measure) for row in found] == [
            (dataset, feature, measure)
            for dataset in ("test", "serving")
            for feature in ("age", "sex")
            for measure in usual[feature]
        ]
        assert {row.reference for row in found} == {"train"}

    def test_another_reference(self):
        found = self.profile.distances("age", reference="serving", measures="kolmogorov_smirnov")
        assert [(row.dataset, row.reference) for row in found] == [
            ("train", "serving"),
            ("test", "serving"),
        ]
        back = self.profile.distances("age", measures="kolmogorov_smirnov")
        assert found[0].value == back[1].value

    def test_measures_that_do_not_fit_say_so(self):
        row = self.profile.distances("sex", measures=["wasserstein"])[0]
        assert (row.value, row.note) == (None, "for numbers only")
        assert self.profile.distances("age", measures="l_infinity")[0].note == "for categories only"

    def test_p_values_are_adjusted_over_the_columns_of_a_measure_and_a_data_set(self):
        rng = np.random.default_rng(5)
        wide = {f"x{i}": rng.standard_normal(200) for i in range(6)}
        other = {f"x{i}": rng.standard_normal(200) + 0.1 * i for i in range(6)}
        profile = rai.profile({"train": wide, "test": other})
        plain = profile.distances(measures="wasserstein", adjust="none")
        assert all(row.p_value == row.p_unadjusted for row in plain)
        raw = [row.p_unadjusted for row in plain]
        for adjust in ("holm", "benjamini_hochberg"):
            found = profile.distances(measures="wasserstein", adjust=adjust)
            assert [row.p_unadjusted for row in found] == raw
            assert [row.p_value for row in found] == pytest.approx(ADJUSTMENTS[adjust](raw))

    def test_columns_that_can_not_differ_do_not_count(self):
        same = {f"c{i}": ["x"] * 3000 for i in range(20)}
        profile = rai.profile({"train": {"age": BASE, **same}, "test": {"age": OTHER + 0.2, **same}})
        found = profile.distances(measures="jensen_shannon")
        assert found[0].p_value == found[0].p_unadjusted < 0.05
        assert found[1].p_value == 1.0

    def test_the_same_whatever_else_is_asked(self):
        alone = self.profile.distances("age").where(dataset="test", measure="psi")[0]
        assert (
            alone.p_unadjusted
            == self.profile.distances()
            .where(feature="age", dataset="test", measure="psi")[0]
            .p_unadjusted
        )
        assert self.profile.distances(rng=1)[0].chance != self.profile.distances(rng=2)[0].chance

    def test_the_order_of_features(self):
        assert self.profile.ordered("distance").features[0] in {"age", "sex"}


class TestWhatCanNotBeSaid:
    def note(self, train, test, measure="jensen_shannon"):
        row = between(train, test)[measure]
        assert row.value is None
        assert (row.low, row.high, row.p_value, row.chance) == (None, None, None, None)
        return row.note

    def test_kinds_that_differ(self):
        said = self.note([1, 2, 3], ["a", "b", "c"])
        assert said == "kinds differ: category in 'test', integer in 'train'"
        assert self.note([True, False], [1, 0]) == "kinds differ: integer in 'test', boolean in 'train'"
        assert between([1, 2], ["a", None])["missing_share"].value == 0.5

    def test_whole_numbers_and_others_do_not(self):
        assert between([1, 2, 3], [1.5, 2.5, 3.0])["kolmogorov_smirnov"].value == pytest.approx(1 / 3)

    def test_a_column_of_one_data_set(self):
        profile = rai.profile({"train": {"a": [1, 2]}, "test": {"b": [1, 2]}})
        notes = {row.feature: (row.note, row.n, row.n_reference) for row in profile.distances()}
        assert notes == {
            "a": ("no such column in 'test'", 0, 2),
            "b": ("no such column in 'train'", 2, 0),
        }

    def test_no_rows(self):
        empty = pl.DataFrame({"x": []}, schema={"x": pl.Float64})
        found = rai.profile({"train": {"x": [1.0, 2.0]}, "test": empty}).distances()
        assert {row.note for row in found} == {"no rows in 'test'"}
        assert {row.value for row in found} == {None}

    def test_no_values(self):
        found = between([1.0, 2.0, None, 3.0], [None] * 4)
        assert (found["wasserstein"].value, found["wasserstein"].note) == (None, "no numbers in 'test'")
        assert found["missing_share"].value == pytest.approx(0.75)
        assert 0.5 < found["jensen_shannon"].value < 1
        both = between([None, None], [None])
        assert (both["jensen_shannon"].value, both["jensen_shannon"].p_value) == (0.0, 1.0)

    def test_no_weight(self):
        frames = {name: {"x": [1.0, 2.0], "w": [w, w]} for name, w in (("train", 1.0), ("test", 0.0))}
        found = rai.profile(frames, sample_weight="w").distances("x")
        assert {row.note for row in found} == {"no weight in 'test'"}

    def test_a_constant_reference(self):
        found = between([5] * 100, [5] * 50 + [6] * 50)
        assert found["wasserstein"].note == (
            "the reference is constant: in standard deviations of both together"
        )
        assert found["wasserstein"].value == pytest.approx(0.5 / np.std([5] * 3 + [6]), rel=0.03)
        assert found["jensen_shannon"].p_value < 1e-3
        many = between([5.0] * 100, np.linspace(0, 10, 100))
        assert many["jensen_shannon"].value > 0.9
        assert between([5] * 9, [5] * 9)["wasserstein"].value == 0.0

    def test_values_that_are_only_counted(self):
        held = pl.Series([{"a": 1}, {"a": 2}])
        assert self.note(held, held) == "values of a type that is only counted"


class TestErrors:
    profile = rai.profile(
        {"train": {"x": [1, 2], "sex": ["F", "M"]}, "test": {"x": [1, 2], "sex": ["F", "F"]}}
    )

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"measures": "pis"}, "measure: 'pis'; expected one of 'wasserstein', 'kolmogorov_smirnov', 'jensen_shannon', 'psi', 'l_infinity', 'total_variation', 'missing_share'. Did you mean 'psi'?"),
            ({"reference": "trian"}, "data set: 'trian'; expected one of 'train', 'test'. Did you mean 'train'?"),
            ({"adjust": "bonferroni"}, "adjust: 'bonferroni'; expected one of 'holm', 'benjamini_hochberg', 'none'."),
            ({"draws": 10}, "draws: 10; expected a whole number of at least 99."),
            ({"level": 1.5}, "level: 1.5; expected a number between 0 and 1. 0.95 is usual."),
            ({"by": "sex"}, "by: 'sex'; expected a column that the profile splits rows by. Name it in rai.profile(…, sensitive_features=…)."),
        ],
    )  # fmt: skip
    def test_what_is_asked(self, asked, said):
        with pytest.raises(ArgumentError) as caught:
            self.profile.distances(**asked)
        assert str(caught.value) == said

    def test_a_feature_that_is_not_there(self):
        with pytest.raises(ArgumentError, match=r"feature: 'y'; expected one of 'x', 'sex'\."):
            self.profile.distances("y")

    @pytest.mark.parametrize("ask", ["distances", "share_shifts", "distance_gaps"])
    def test_one_data_set(self, ask):
        alone = rai.profile({"x": [1, 2], "sex": ["F", "M"]}, sensitive_features="sex")
        asked = {"by": "sex"} if ask == "distance_gaps" else {}
        with pytest.raises(ArgumentError) as caught:
            getattr(alone, ask)(**asked)
        assert str(caught.value) == (
            "distances: one data set, 'data'; expected two or more to compare. "
            "Pass them by name: rai.profile({'train': …, 'test': …})."
        )


class TestGroups:
    def frame(self, seed, shift):
        rng = np.random.default_rng(seed)
        sex = np.repeat(["F", "M"], [400, 800])
        return {"sex": sex, "pay": rng.standard_normal(1200) + shift * (sex == "F")}

    profile = property(
        lambda self: rai.profile(
            {"train": self.frame(0, 0), "test": self.frame(1, 0.8)}, sensitive_features="sex"
        )
    )

    def test_distances_within_each(self):
        found = self.profile.distances("pay", by="sex", measures="kolmogorov_smirnov")
        assert [(row.along, row.group, row.n) for row in found] == [("sex", "F", 400), ("sex", "M", 800)]
        hit, spared = found
        assert hit.p_value < 1e-4
        assert spared.p_value > 0.05
        ours, theirs = (self.frame(1, 0.8)["pay"][:400], self.frame(0, 0)["pay"][:400])
        assert hit.value == pytest.approx(stats.ks_2samp(ours, theirs).statistic)

    def test_drift_that_hits_one(self):
        for row in self.profile.distance_gaps("pay", by="sex"):
            if row.measure == "missing_share":
                assert (row.value, row.p_value) == (0.0, 1.0)
                continue
            assert (row.highest, row.lowest) == ("F", "M")
            assert row.p_value < 0.01
            assert 0 < row.low < row.value < row.high
            assert row.chance < row.value / 2

    def test_drift_that_hits_all_alike(self):
        frames = {
            name: {"sex": self.frame(seed, 0)["sex"], "pay": self.frame(seed, 0)["pay"] + shift}
            for name, seed, shift in (("train", 0, 0), ("test", 1, 0.8))
        }
        profile = rai.profile(frames, sensitive_features="sex")
        for row in profile.distance_gaps("pay", by="sex"):
            assert row.low == 0
            assert row.p_value > 0.05

    def test_a_group_that_is_not_in_both_is_left_out(self):
        train = {"sex": ["F"] * 60 + ["M"] * 60 + ["X"] * 5, "pay": BASE[:125]}
        test = {"sex": ["F"] * 60 + ["M"] * 60, "pay": OTHER[:120]}
        profile = rai.profile({"train": train, "test": test}, sensitive_features="sex")
        row = profile.distance_gaps("pay", by="sex", measures="psi")[0]
        assert row.note == "left out: 'X' (no rows of this group in 'test')"
        assert row.value is not None
        within = profile.distances("pay", by="sex", measures="psi")[2]
        assert (within.group, within.value, within.n, within.n_reference) == ("X", None, 0, 5)

    def test_one_group(self):
        train = {"sex": ["F"] * 60, "pay": BASE[:60]}
        profile = rai.profile({"train": train, "test": train}, sensitive_features="sex")
        row = profile.distance_gaps("pay", by="sex", measures="psi")[0]
        assert (row.value, row.note) == (None, "fewer than two groups")

    def test_more_rows_missing_in_one(self):
        train, test = self.frame(0, 0), self.frame(1, 0)
        test["pay"][:400:4] = np.nan
        profile = rai.profile({"train": train, "test": test}, sensitive_features="sex")
        row = profile.distance_gaps("pay", by="sex", measures="missing_share")[0]
        assert (row.value, row.highest, row.lowest) == (0.25, "F", "M")
        assert row.p_value < 1e-6
        assert 0.2 < row.low < 0.25 < row.high < 0.3


class TestShareShifts:
    profile = rai.profile(
        {
            "train": {"sex": ["F"] * 60 + ["M"] * 40 + [None] * 5, "age": range(105)},
            "test": {"sex": ["F"] * 20 + ["M"] * 80, "age": range(100)},
        },
        sensitive_features="sex",
    )

    def test_of_every_group_with_the_missing(self):
        found = self.profile.share_shifts()
        assert [(row.group, row.n, row.n_reference) for row in found] == [
            ("F", 20, 60), ("M", 80, 40), ("(missing)", 0, 5),
        ]  # fmt: skip
        assert [row.value for row in found] == pytest.approx([0.2 - 60 / 105, 0.8 - 40 / 105, -5 / 105])
        assert found[0].high < 0 < found[1].low
        assert sum(row.value for row in found) == pytest.approx(0)

    def test_the_interval_is_newcombes_for_all_groups_at_once(self):
        row = self.profile.share_shifts()[0]
        bounds = newcombe([20], [100], other_count=[60], other_n=[105], level=1 - 0.05 / 3)
        assert (row.low, row.high) == pytest.approx((bounds.low[0], bounds.high[0]))

    def test_the_p_value_is_that_of_pearsons_chi_square(self):
        rng = np.random.default_rng(6)
        frames = {name: {"g": rng.integers(0, 4, 900)} for name in ("train", "test")}
        found = rai.profile(frames, sensitive_features="g").share_shifts(draws=9999)
        counts = [np.bincount(frames[name]["g"]) for name in frames]
        assert found[0].p_value == pytest.approx(stats.chi2_contingency(counts).pvalue, abs=0.02)
        assert len({row.p_value for row in found}) == 1

    def test_of_a_column_that_stands_alone(self):
        frames = {"train": {"sex": ["F", "M"] * 50}, "test": {"sex": ["F"] * 75 + ["M"] * 25}}
        found = rai.profile(frames, sensitive_features="sex").share_shifts()
        assert [(row.group, row.value) for row in found] == [("F", 0.25), ("M", -0.25)]

    def test_weights(self):
        frames = {
            "train": {"sex": ["F", "M"] * 50, "w": [1.0, 3.0] * 50},
            "test": {"sex": ["F", "M"] * 50, "w": [1.0, 1.0] * 50},
        }
        row = rai.profile(frames, sensitive_features="sex", sample_weight="w").share_shifts()[0]
        assert (row.share, row.share_reference, row.n) == (0.5, 0.25, 50)

    def test_no_groups(self):
        plain = rai.profile({"train": {"x": [1]}, "test": {"x": [1]}})
        with pytest.raises(ArgumentError) as caught:
            plain.share_shifts()
        assert str(caught.value) == (
            "share shifts: no groups; expected a sensitive feature. "
            "Name one in rai.profile(…, sensitive_features=…)."
        )


def _trimmed(ours, theirs):
    """The area between trimmed quantile functions, on a fine grid."""
    shares = np.linspace(TRIM, 1 - TRIM, 400_001)
    shares = (shares[1:] + shares[:-1]) / 2
    quantiles = [
        np.sort(side)[np.minimum((shares * len(side)).astype(int), len(side) - 1)]
        for side in (ours, theirs)
    ]
    return np.abs(quantiles[0] - quantiles[1]).mean() * (1 - 2 * TRIM)
