import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import ndcg_score

from rai.explainers.summaries import attribution_drift
from rai.explainers.summaries.drifting import ndcg
from rai.ground.errors import ArgumentError

RNG = np.random.default_rng(11)


def one(found, feature):
    (row,) = found.features.where(feature=feature)
    return row


def test_distances_of_few_values_counted_by_hand(attributions):
    before = attributions([[0.0]] * 30 + [[1.0]] * 10)
    after = attributions([[0.0]] * 10 + [[1.0]] * 10)
    row = one(attribution_drift(before, after, draws=99), "x0")
    assert row.l_infinity == pytest.approx(0.25)
    assert row.jensen_shannon == pytest.approx(jensenshannon([0.5, 0.5], [0.75, 0.25], base=2))
    assert (row.mean_abs_before, row.mean_abs_after, row.difference) == (0.25, 0.5, 0.25)
    assert row.note == "no interval of the difference: 20 rows, fewer than 30"


def test_many_values_are_binned_between_pooled_quantiles(attributions):
    before, after = RNG.normal(size=(400, 1)), RNG.normal(0.5, 1.0, size=(300, 1))
    row = one(attribution_drift(attributions(before), attributions(after), bins=8, level=0.9), "x0")
    both = np.concatenate([before, after])[:, 0]
    edges = [-np.inf, *np.sort(both)[(np.arange(1, 8) * len(both)) // 8], np.inf]
    p, q = (np.histogram(side, edges)[0] / len(side) for side in (after, before))
    assert row.jensen_shannon == pytest.approx(jensenshannon(p, q, base=2), abs=0.01)
    assert row.l_infinity == pytest.approx(np.abs(p - q).max(), abs=0.01)
    assert row.jensen_shannon_low > row.jensen_shannon_chance > 0
    assert row.jensen_shannon_p < 0.01
    oracle = stats.ttest_ind(
        np.abs(after[:, 0]), np.abs(before[:, 0]), equal_var=False
    ).confidence_interval(0.9)
    assert (row.low, row.high) == pytest.approx((oracle.low, oracle.high), rel=1e-9)


def test_where_nothing_drifts_chance_explains_it(attributions):
    """p-values below 0.1 come up about as often as they should: in a tenth of the pairs, 60 of them."""
    found = [
        attribution_drift(
            attributions(RNG.normal(size=(150, 3))), attributions(RNG.normal(size=(100, 3))),
            adjust="none", draws=99, rng=run,
        )
        for run in range(20)
    ]  # fmt: skip
    rows = [row for each in found for row in each.features]
    small = sum(row.jensen_shannon_p < 0.1 for row in rows)
    assert stats.binomtest(small, len(rows), 0.1).pvalue > 0.005
    assert np.mean([row.jensen_shannon_chance for row in rows]) == pytest.approx(
        np.mean([row.jensen_shannon for row in rows]), rel=0.1
    )
    assert np.mean([row.low <= 0 <= row.high for row in rows]) > 0.85
    assert sum(each.ndcg_p < 0.1 for each in found) <= 6


def test_rounding_is_no_drift(attributions):
    before, after = np.zeros((50, 2)), RNG.normal(size=(50, 2)) * 1e-17
    before[:, 1], after[:, 1] = RNG.normal(size=50), RNG.normal(size=50)
    row = one(
        attribution_drift(attributions(before), attributions(np.where([[True, False]], 0, after))), "x0"
    )
    assert (row.jensen_shannon, row.jensen_shannon_p, row.l_infinity) == (0.0, 1.0, 0.0)
    tiny = np.full((50, 1), 0.1)
    row = one(
        attribution_drift(attributions(tiny), attributions(tiny + RNG.normal(size=(50, 1)) * 1e-16)),
        "x0",
    )
    assert row.jensen_shannon == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_ndcg_is_scikit_learn_s(seed):
    before, after = np.random.default_rng(seed).uniform(size=(2, 6))
    assert ndcg(before, after) == pytest.approx(ndcg_score([before], [after]))


def test_an_order_that_turned_raises_the_alarm(attributions):
    scale = np.array([5.0, 1.0, 0.2])
    before, after = (RNG.normal(size=(200, 3)) * held for held in (scale, scale[::-1]))
    found = attribution_drift(attributions(before), attributions(after))
    sizes = [np.abs(side).mean(axis=0) for side in (before, after)]
    assert found.ndcg == pytest.approx(ndcg_score([sizes[0]], [sizes[1]]))
    assert found.alarm
    assert found.ndcg_p < 0.05
    assert found.ndcg < found.ndcg_low <= found.ndcg_chance
    same = attribution_drift(attributions(before), attributions(before[::-1]))
    assert (same.ndcg, same.alarm, same.features[0].jensen_shannon) == (1.0, False, 0.0)
    assert [(row.rank_before, row.rank_after) for row in sorted(found.features, key=lambda row: row.feature)] == [
        (1, 3), (2, 2), (3, 1),
    ]  # fmt: skip


def test_where_nothing_matters_there_is_no_order(attributions):
    zeros = attributions(np.zeros((40, 2)))
    found = attribution_drift(zeros, zeros)
    assert (found.ndcg, found.alarm) == (None, False)


def test_p_values_are_adjusted_for_the_number_of_features(attributions):
    sides = [attributions(RNG.normal(size=(80, 4)) + shift) for shift in (0, 0.3)]
    plain, held = (attribution_drift(*sides, adjust=adjust) for adjust in ("none", "holm"))
    raw = sorted(row.l_infinity_p for row in plain.features)
    stepped = np.minimum(np.maximum.accumulate(np.array(raw) * [4, 3, 2, 1]), 1)
    assert sorted(row.l_infinity_p for row in held.features) == pytest.approx(stepped)


def test_what_can_t_be_compared(attributions):
    values = np.ones((40, 2))
    here = attributions(values)
    for other, what in (
        ({"names": ("x0", "z")}, "different players; expected the same columns"),
        ({"space": "probability"}, "different space; expected one space"),
        ({"outputs": (0,)}, "different outputs"),
        ({"kind": "path_dependent"}, "different kind"),
        (
            {"background_digest": "c" * 64},
            "different background; expected one background. Pass the same rows",
        ),
        ({"model_digest": "n" * 64}, "of different models; expected one model"),
    ):
        with pytest.raises(ArgumentError, match=f"^attribution_drift: attributions .*{what}"):
            attribution_drift(here, attributions(values, **other))
    unknown = attribution_drift(here, attributions(values, model_digest="", exact=False))
    assert [note.split(":")[0] for note in unknown.notes] == [
        "whether both are of one model can't be told", "attributions are estimates",
        "one side is exact and the other estimated",
    ]  # fmt: skip
    with pytest.raises(ArgumentError, match=r"^draws: 5; expected"):
        attribution_drift(here, here, draws=5)
    with pytest.raises(ArgumentError, match=r"^adjust: 'bonferroni'"):
        attribution_drift(here, here, adjust="bonferroni")
