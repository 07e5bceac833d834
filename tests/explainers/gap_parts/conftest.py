"""Two groups of whom one is moved in one column, and a small model of three columns."""

import numpy as np
import pandas as pd
import pytest

import rai

FEATURES = ["a", "b", "c"]


def small_score(frame):
    """A probability with interactions."""
    a, b, c = (np.asarray(frame[name], dtype=float) for name in FEATURES)
    return 1 / (1 + np.exp(-(a + 0.5 * b * c - 0.4)))


@pytest.fixture
def small():
    """`small(n, seed)`: a model, rows with `sex` and `race` (one missing), and labels."""

    def make(n=60, seed=0):
        rng = np.random.default_rng(seed)
        sex = np.where(np.arange(n) % 5 < 2, "F", "M")
        rows = pd.DataFrame(
            {
                "a": rng.normal(size=n) + 0.7 * (sex == "M"),
                "b": rng.normal(size=n),
                "c": rng.integers(0, 3, n) * 1.0,
                "sex": sex,
                "race": np.array(["x", "y", None], dtype=object)[np.arange(n) % 3],
            }
        )
        labels = (small_score(rows) + rng.normal(size=n) * 0.4 > 0.5).astype(int)
        labels[:4] = [0, 1, 0, 1]
        return rai.load_model(small_score, features=FEATURES), rows, labels

    return make
