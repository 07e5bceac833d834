import numpy as np
import pytest
from scipy import stats

import rai
from rai.explainers import explain
from rai.explainers.summaries import summarize
from rai.ground.errors import ArgumentError, DataError, RoleError

RNG = np.random.default_rng(8)


def one(found, **conditions):
    (row,) = found.where(**conditions)
    return row


def test_counted_by_hand(attributions):
    found = attributions(
        [[1.0, -0.5], [-3.0, 0.5], [2.0, 0.0], [0.0, 0.0]],
        {"x0": [1, 2, 3, 4], "x1": [0, 0, 0, 0], "sex": ["F", "F", "M", "M"]},
    )
    rows = summarize(found, by="sex", min_rows=2)
    assert rows.features == ("x0", "x1")
    assert rows.groups == ((), (("sex", "F"),), (("sex", "M"),))
    told = [
        (r["feature"], r["sex"], r["n"], r["mean"], r["mean_abs"], r["mean_square"], r["rank"])
        for r in rows.to_dicts()
    ]
    assert told == [
        ("x0", "everyone", 4, 0.0, 1.5, 3.5, 1),
        ("x1", "everyone", 4, 0.0, 0.25, 0.125, 2),
        ("x0", "F", 2, -1.0, 2.0, 5.0, 1),
        ("x1", "F", 2, 0.0, 0.5, 0.25, 2),
        ("x0", "M", 2, 1.0, 1.0, 2.0, 1),
        ("x1", "M", 2, 0.0, 0.0, 0.0, 2),
    ]


def test_intervals_are_student_s(attributions):
    values = RNG.normal(0.3, 1.0, size=(50, 3))
    row = one(summarize(attributions(values), level=0.9), feature="x1")
    for numbers, low, high in (
        (values[:, 1], row.low, row.high),
        (np.abs(values[:, 1]), row.mean_abs_low, row.mean_abs_high),
    ):
        expected = stats.t.interval(0.9, 49, loc=numbers.mean(), scale=stats.sem(numbers))
        assert (low, high) == pytest.approx(expected, rel=1e-9)


def test_everyone_is_the_weighted_mean_of_the_groups(attributions):
    """Simpson's check: what is told of everyone is what the groups add up to."""
    values = RNG.normal(size=(200, 4))
    group = RNG.choice(["a", "b", "c"], p=[0.6, 0.3, 0.1], size=200)
    found = summarize(attributions(values), by={"g": group}, min_rows=2)
    for name in found.features:
        parts = [row for row in found.where(feature=name) if row.group]
        n = [row.n for row in parts]
        whole = one(found, feature=name, g="everyone")
        assert sum(n) == whole.n == 200
        for field in ("mean", "mean_abs", "mean_square"):
            weighted = np.average([getattr(row, field) for row in parts], weights=n)
            assert getattr(whole, field) == pytest.approx(weighted, abs=1e-12)


def test_a_group_is_told_the_same_whatever_else_is_asked(attributions):
    values = RNG.normal(size=(90, 3))
    group = np.repeat(["a", "b"], [50, 40])
    together = summarize(attributions(values), by={"g": group})
    alone = summarize(attributions(values[:50]))
    for row in alone:
        same = one(together, feature=row.feature, g="a")
        for field in (
            "n",
            "mean",
            "low",
            "mean_abs",
            "mean_abs_high",
            "rank",
            "rank_high",
            "p_first",
            "p_top",
        ):
            assert getattr(same, field) == pytest.approx(getattr(row, field), abs=1e-12)


def test_too_few_rows_have_values_and_no_interval(attributions):
    rows = {"x0": np.zeros(33), "x1": np.zeros(33), "sex": ["F"] * 30 + ["M"] * 3}
    found = summarize(attributions(RNG.normal(size=(33, 2)), rows), by="sex")
    few, enough = one(found, feature="x0", sex="M"), one(found, feature="x0", sex="F")
    assert few.mean is not None
    assert few.rank is not None
    assert (few.low, few.mean_abs_high, few.rank_low, few.p_first) == (None,) * 4
    assert few.note == "no interval: 3 rows, fewer than 30"
    assert enough.low is not None
    assert enough.note == ""


def test_estimates_say_how_far_their_error_lifts_the_mean_size(attributions):
    """Of an unread feature all size is error: its mean is √(2/π) standard errors."""
    noise = RNG.normal(0, 0.1, size=(20_000, 1))
    errors = np.full((20_000, 1, 1), 0.1)
    found = attributions(noise, standard_errors=errors, exact=False)
    (row,) = summarize(found)
    assert row.mean_abs == pytest.approx(0.1 * np.sqrt(2 / np.pi), rel=0.02)
    assert row.note == "values are estimates: their error lifts mean_abs by at most 0.0798"


def test_ranks_that_are_sure_and_ranks_that_are_not(attributions):
    n = 400
    values = np.column_stack([RNG.normal(0, scale, n) for scale in (5.0, 1.0, 1.01)] + [np.zeros(n)])
    found = summarize(attributions(values, names=("large", "one", "other", "unread")), top=2)
    bounds = {row.feature: (row.rank_low, row.rank_high) for row in found}
    assert bounds == {"large": (1, 1), "one": (2, 3), "other": (2, 3), "unread": (4, 4)}
    assert one(found, feature="large").p_first == 1.0
    shared = one(found, feature="one").p_top + one(found, feature="other").p_top
    assert shared == pytest.approx(1.0)
    assert one(found, feature="unread").p_top == 0.0


def test_features_that_are_the_same_share_a_rank(attributions):
    column = RNG.normal(size=(60, 1))
    found = summarize(attributions(np.hstack([column, -column, column / 2])))
    assert [(row.rank, row.rank_low, row.rank_high) for row in found] == [
        (1, 1, 2),
        (1, 1, 2),
        (3, 3, 3),
    ]


def test_bounds_of_ranks_cover_the_true_ranks_in_spite_of_ties(attributions):
    scale = np.array([1.0, 1.0, 0.9, 0.4, 0.0])
    true = [(1, 2), (1, 2), (3, 3), (4, 4), (5, 5)]
    hits, mean_hits, runs = np.zeros(5), np.zeros(5), 200
    for run in range(runs):
        values = np.random.default_rng(run).normal(size=(50, 5)) * scale
        found = {row.feature: row for row in summarize(attributions(values), rng=run)}
        for at, (best, worst) in enumerate(true):
            row = found[f"x{at}"]
            hits[at] += row.rank_low <= best and row.rank_high >= worst
            size = scale[at] * np.sqrt(2 / np.pi)
            mean_hits[at] += row.mean_abs_low <= size + 1e-12 and row.mean_abs_high >= size - 1e-12
    assert (hits / runs > 0.92).all()
    assert (mean_hits / runs > 0.9).all()


def test_which_output(attributions):
    values = RNG.normal(size=(40, 2, 3))
    found = attributions(values, outputs=("a", "b", "c"))
    assert one(summarize(found, output="b"), feature="x0").mean == pytest.approx(values[:, 0, 1].mean())
    assert one(summarize(found), feature="x0").output == "c"
    with pytest.raises(ArgumentError, match=r"^output: 'd'; expected one of 'a', 'b', 'c'"):
        summarize(found, output="d")


def test_cuts_make_groups_of_numbers(attributions):
    rows = {"x0": np.zeros(40), "age": np.arange(40)}
    found = summarize(
        attributions(RNG.normal(size=(40, 1)), rows), by="age", cuts={"age": [10]}, min_rows=2
    )
    assert [(row.name, row.n) for row in found] == [("everyone", 40), ("< 10", 10), ("≥ 10", 30)]


def test_of_a_linear_model_the_gap_of_means_is_its_weight_times_that_of_the_column():
    rows = {"a": RNG.uniform(size=80), "b": RNG.uniform(size=80), "sex": np.repeat(["F", "M"], 40)}
    model = rai.load_model(lambda f: 0.3 * f["a"] + 0.5 * f["b"], features=["a", "b"])
    found = summarize(explain(model, rows), by="sex")
    gap = one(found, feature="b", sex="M").mean - one(found, feature="b", sex="F").mean
    assert gap == pytest.approx(0.5 * (rows["b"][40:].mean() - rows["b"][:40].mean()), abs=1e-9)


def test_what_is_refused(attributions):
    found = attributions(np.ones((3, 1)), {"x0": [1, 2, 3], "rank": ["a", "b", "b"]})
    with pytest.raises(RoleError, match=r"^by: rows split by 'rank'; expected a name that no table"):
        summarize(found, by="rank")
    with pytest.raises(RoleError, match=r"'sex'"):
        summarize(found, by="sex")
    with pytest.raises(ArgumentError, match=r"^min_rows: 1; expected"):
        summarize(found, min_rows=1)
    with pytest.raises(ArgumentError, match=r"^level: 2; expected"):
        summarize(found, level=2)
    with pytest.raises(DataError, match=r"no rows; expected at least one"):
        summarize(attributions(np.ones((0, 1))))
