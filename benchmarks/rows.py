"""Made-up rows for timing: two sensitive features, ten intersections, labels and decisions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SEXES = ("Female", "Male")
RACES = ("Amer-Indian-Eskimo", "Asian-Pac-Islander", "Black", "Other", "White")


def made_arrays(rows: int, *, seed: int = 0) -> dict[str, NDArray[np.generic]]:
    """Arrays of labels, decisions, scores and string groups, each shape (rows,)."""
    rng = np.random.default_rng(seed)
    y_true = (rng.random(rows) < 0.25).astype(np.int64)
    y_score = np.clip(rng.beta(2, 5, rows) + 0.3 * y_true, 0, 1)
    shares = [0.05, 0.1, 0.2, 0.05, 0.6]
    return {
        "y_true": y_true,
        "y_score": y_score,
        "y_pred": (y_score >= 0.5).astype(np.int64),
        "sex": np.array(SEXES, dtype=object)[rng.integers(0, len(SEXES), rows)],
        "race": np.array(RACES, dtype=object)[rng.choice(len(RACES), rows, p=shares)],
    }


def made_frame(rows: int, *, seed: int = 0) -> pd.DataFrame:
    """The same as a pandas frame with string columns."""
    return pd.DataFrame(made_arrays(rows, seed=seed))


def made_scores(rows: int, *, groups: int, seed: int = 0) -> dict[str, NDArray[np.generic]]:
    """Arrays of labels, scores and string groups of unequal size, base rate and score."""
    rng = np.random.default_rng(seed)
    sizes = np.arange(1, groups + 1) / np.arange(1, groups + 1).sum()
    group = rng.choice(groups, rows, p=sizes)
    y_true = (rng.random(rows) < 0.2 + 0.1 * group).astype(np.int64)
    y_score = 1 / (1 + np.exp(0.8 - rng.standard_normal(rows) - 1.5 * y_true - 0.2 * group))
    names = np.array([f"group {place}" for place in range(groups)], dtype=object)
    return {"y_true": y_true, "y_score": y_score, "group": names[group]}
