"""Nothing serious is said of data without a problem, and warnings are as rare as the level says."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import rai

DATA_SETS, ROWS = 20, 1500
FIRST = date(2015, 1, 1)


def clean(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    """Columns of every kind, independent of sex, region and each other; the label depends on a few."""
    size = rng.normal(50, 9, rows)
    visits = rng.poisson(6, rows)
    chance = 1 / (1 + np.exp(-(size - 50) / 9 - (visits - 6) / 3))
    return pl.DataFrame(
        {
            "size": size,
            "visits": visits,
            "pay": rng.lognormal(3, 0.6, rows),
            "job": rng.choice(["nurse", "clerk", "cook", "baker"], rows, p=[0.4, 0.3, 0.2, 0.1]),
            "member": rng.random(rows) < 0.5,
            "since": [FIRST + timedelta(days=int(days)) for days in rng.integers(0, 2000, rows)],
            "sex": rng.choice(["F", "M"], rows),
            "region": rng.choice(["north", "south", "west"], rows),
            "label": (rng.random(rows) < chance).astype(int),
        }
    )


def problems(seed: int) -> list[tuple[str, str]]:
    rng = np.random.default_rng(seed)
    found = rai.check_data(
        {"train": clean(rng, ROWS), "test": clean(rng, ROWS)},
        y_true="label",
        sensitive_features=["sex", "region"],
        rng=seed,
    )
    return [(finding.severity, finding.check) for finding in found.problems]


@pytest.mark.parametrize("first", range(0, DATA_SETS, 5))
def test_clean_data_have_no_serious_problem_and_hardly_a_warning(first):
    found = Counter(problem for seed in range(first, first + 5) for problem in problems(seed))
    assert [problem for problem in found if problem[0] == "serious"] == []
    assert found.total() <= 2, found
