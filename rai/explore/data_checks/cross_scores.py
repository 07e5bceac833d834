"""Scores of a simple model for rows that it has not learnt from, where no scores are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Floats
from rai.explore.columns import numbers_of

if TYPE_CHECKING:
    import polars

    from rai.explore.data_checks.seen import Seen

MOST_ROWS, FOLDS, ROUNDS, MOST_LEVELS = 5000, 3, 40, 200


def cross_scores(
    seen: Seen, dataset: str, truth: NDArray[np.bool_], at: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Floats]:
    """Rows of a sample, and the probability of the label that trees give which never saw them.

    Boosted trees on at most 5,000 rows, in three folds; words become numbers by how frequent they are.

    Args:
        seen: The data.
        dataset: Which of them.
        truth: Whether each row has the label, shape (rows,).
        at: The rows with a label.

    Returns:
        Positions of the rows, and a score for each; both empty where a label has too few rows.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(seen.seed)
    chosen = np.sort(rng.permutation(at)[:MOST_ROWS])
    labels = truth[chosen]
    table = seen.tables[dataset]
    names = [name for name in seen.features if name in table.columns]
    if not names or min(labels.sum(), (~labels).sum()) < FOLDS:
        return chosen[:0], np.zeros(0)
    columns = np.stack([_as_numbers(table.series(name).gather(chosen)) for name in names], axis=1)
    trees = HistGradientBoostingClassifier(
        max_iter=ROUNDS, max_leaf_nodes=8, early_stopping=False, random_state=0
    )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    with threadpool_limits(1):  # so few rows: threads would only wait for each other
        scores = cross_val_predict(trees, columns, labels, cv=folds, method="predict_proba")
    return chosen, np.asarray(scores[:, 1], dtype=np.float64)


def _as_numbers(series: polars.Series) -> Floats:
    """A column as floats without gaps: words by rank in frequency; the missing below all others."""
    import polars as pl

    found = numbers_of(series)
    if found is not None:
        there = np.isfinite(found[0])
        return np.where(there, found[0], found[0][there].min(initial=0.0) - 1)
    if series.dtype.is_nested() or series.dtype in (pl.Binary, pl.Null):
        return np.zeros(len(series))
    text = series.cast(pl.String).alias("word")
    often = text.drop_nulls().value_counts().sort(["count", "word"], descending=[True, False])
    words = often.get_column("word").head(MOST_LEVELS).to_list()
    ranks = {word: float(rank) for rank, word in enumerate(words)}
    return text.replace_strict(ranks, default=float(MOST_LEVELS), return_dtype=pl.Float64).to_numpy()
