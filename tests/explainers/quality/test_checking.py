from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import rai
from rai.explainers.quality import agreement, check_attributions, randomization_check
from rai.ground.errors import ArgumentError, DataError

RNG = np.random.default_rng(3)
ROWS = pd.DataFrame(RNG.random((30, 3)), columns=list("abc"))
LINEAR = rai.load_model(lambda f: 0.5 * f["a"] + 0.3 * f["b"] - 0.1 * f["c"] + 0.1)
PRODUCT = rai.load_model(lambda f: f["a"] * f["b"] + 0.0 * f["c"])


def test_a_linear_model_is_foretold_exactly_and_a_wrong_attribution_is_not():
    found = rai.explain(LINEAR, ROWS)
    right = check_attributions(LINEAR, found, perturbations=8)
    assert right.value("infidelity") == pytest.approx(0.0, abs=1e-12)
    assert right.value("infidelity_share") == pytest.approx(0.0, abs=1e-12)
    wrong = check_attributions(LINEAR, replace(found, values=found.values[:, ::-1]), perturbations=8)
    assert wrong.value("infidelity") > 1e-3
    twice = check_attributions(LINEAR, replace(found, values=2 * found.values), perturbations=8)
    assert twice.value("infidelity") > 1e-3
    assert twice.value("infidelity_scaled") == pytest.approx(0.0, abs=1e-12)
    size = np.abs(found.values.sum(axis=1))
    assert twice.value("completeness_max") == pytest.approx(size.max())
    assert twice.value("completeness_share") == pytest.approx(1.0)


def test_infidelity_is_the_definition():
    found = rai.explain(PRODUCT, ROWS)
    frame, expected = ROWS.to_numpy(), []
    for x, values, score in zip(frame, found.values[:, :, 0], found.scores[:, 0], strict=True):
        each = []
        for order in permutations(range(3)):
            for size in (1, 2, 3):
                gone, mixed = list(order[:size]), np.tile(x, (30, 1))
                mixed[:, gone] = frame[:, gone]
                change = score - (mixed[:, 0] * mixed[:, 1]).mean()
                each.append((values[gone].sum() - change) ** 2)
        expected.append(np.mean(each))
    (row,) = check_attributions(PRODUCT, found).measures.where(measure="infidelity")
    assert row.value == pytest.approx(np.mean(expected))
    interval = stats.t.interval(0.95, 29, loc=np.mean(expected), scale=stats.sem(expected))
    assert (row.low, row.high) == pytest.approx(interval)


def test_curves_end_at_the_base_and_at_the_rows():
    found = rai.explain(PRODUCT, ROWS)
    quality = check_attributions(PRODUCT, found)
    for point in quality.curves:
        whole = point.step == (0 if point.curve == "deletion" else 3)
        if point.step in (0, 3):
            end = found.scores if whole else found.base
            assert point.value == pytest.approx(end.mean())
    linear = rai.explain(LINEAR, ROWS)
    assert check_attributions(LINEAR, linear).value("insertion_positive_gain") > 0
    upside = replace(linear, values=-linear.values)
    assert check_attributions(LINEAR, upside).value("insertion_positive_gain") < 0


def test_sensitivity_is_small_for_a_smooth_model():
    found = rai.explain(LINEAR, ROWS)
    small = check_attributions(LINEAR, found, neighbours=4, radius=0.001).value("sensitivity")
    large = check_attributions(LINEAR, found, neighbours=4, radius=0.1).value("sensitivity")
    assert 0 < small < large / 20


def test_another_model_or_background_is_refused():
    found = rai.explain(LINEAR, ROWS)
    with pytest.raises(DataError, match="differ from those explained"):
        check_attributions(PRODUCT, found)
    with pytest.raises(ArgumentError, match="not those behind the attributions"):
        check_attributions(LINEAR, found, background=ROWS[:5])
    given = rai.explain(LINEAR, ROWS, background=ROWS[:5])
    with pytest.raises(ArgumentError, match="background: none"):
        check_attributions(LINEAR, given)
    assert check_attributions(LINEAR, given, background=ROWS[:5]).value("infidelity") < 1e-12


def test_agreement_is_scipy_s():
    found = rai.explain(LINEAR, ROWS)
    other = replace(found, values=RNG.normal(size=found.values.shape))
    table = {each.measure: each.value for each in agreement(found, other)}
    pairs = list(zip(found.values[:, :, 0], other.values[:, :, 0], strict=True))
    for name, fn in (
        ("pearson", stats.pearsonr),
        ("spearman", stats.spearmanr),
        ("kendall", stats.kendalltau),
    ):
        assert table[name] == pytest.approx(np.mean([fn(a, b)[0] for a, b in pairs]))
    assert table["top_overlap"] == 1.0
    assert table["sign_agreement"] == pytest.approx(
        np.mean([np.sign(a) == np.sign(b) for a, b in pairs])
    )
    with pytest.raises(ArgumentError, match="different rows"):
        agreement(found, rai.explain(LINEAR, ROWS[::-1].reset_index(drop=True)))


def test_random_explanations_are_told_from_the_same_one():
    found = rai.explain(LINEAR, ROWS)
    same = randomization_check(found, [found, found])[0]
    assert (same.value, same.n, same.better) == (pytest.approx(1.0), 2, "lower")
    shuffled = randomization_check(
        found, lambda rng: replace(found, values=rng.normal(size=found.values.shape)), repeats=8
    )[0]
    assert shuffled.low < 0 < shuffled.high
