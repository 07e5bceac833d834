"""What is timed: the same questions asked of rai and of fairlearn's `MetricFrame`.

Six metrics by two sensitive features: for everyone, for each intersection, and the largest
difference. rai's numbers always carry intervals; fairlearn's only where the bootstrap is asked for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

METRICS = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    "accuracy",
)
FEATURES = ["sex", "race"]


def ask_rai(frame: pd.DataFrame) -> list[float]:
    """The six metrics and their largest differences from rai, all with intervals."""
    import rai

    audit = rai.audit(frame, y_true="y_true", y_pred="y_pred", sensitive_features=FEATURES)
    tables = (
        audit.metrics(*METRICS, by=()),
        audit.metrics(*METRICS),
        audit.gaps(*METRICS, along=FEATURES),
    )
    return [float(row.value) for table in tables for row in table if row.value is not None]


def ask_fairlearn(frame: pd.DataFrame, *, bootstraps: int | None = None) -> list[float]:
    """The same from fairlearn; with `bootstraps`, also its percentile intervals."""
    from fairlearn import metrics as fm
    from sklearn.metrics import accuracy_score

    functions = {name: getattr(fm, name) for name in METRICS if name != "accuracy"}
    options = {} if bootstraps is None else {"n_boot": bootstraps, "ci_quantiles": [0.025, 0.975]}
    found = fm.MetricFrame(
        metrics={**functions, "accuracy": accuracy_score},
        y_true=frame["y_true"],
        y_pred=frame["y_pred"],
        sensitive_features=frame[FEATURES],
        **options,
    )
    parts = (found.overall, found.by_group.to_numpy().T.ravel(), found.difference())
    if bootstraps is not None:
        _ = found.overall_ci, found.by_group_ci, found.difference_ci()
    return [float(value) for part in parts for value in np.asarray(part)]


def ask_arrays(arrays: dict[str, NDArray[np.generic]]) -> int:
    """An audit of scores given as arrays; returns the rows counted."""
    import rai

    audit = rai.audit(
        y_true=arrays["y_true"],
        y_score=arrays["y_score"],
        sensitive_features={name: arrays[name] for name in FEATURES},
    )
    audit.metrics()
    audit.gaps()
    return audit.rows
