"""Paired differences beside statsmodels' McNemar test."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from rai.measure.paired import paired_counts, paired_differences


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("name", "label"), [("accuracy", None), ("true_positive_rate", 1), ("selection_rate", None)]
)
def test_the_p_value_of_a_rate_is_mcnemars(name, label, seed):
    rng = np.random.default_rng(seed)
    truth, first = rng.integers(0, 2, (2, 300))
    second = np.where(rng.random(300) < 0.8, first, truth)
    both = paired_counts(first, second, classes=(0, 1), label=truth)
    (row,) = paired_differences(both, [name])
    success = [each == truth if name == "accuracy" else each == 1 for each in (first, second)]
    inside = np.ones(300, bool) if label is None else truth == label
    table = np.array([
        [(inside & (success[0] == a) & (success[1] == b)).sum() for b in (1, 0)] for a in (1, 0)
    ])  # fmt: skip
    found = mcnemar(table, exact=False, correction=False)
    assert row.p_value == pytest.approx(found.pvalue, abs=1e-10)
    assert (row.low > 0 or row.high < 0) == (found.pvalue < 0.05)
