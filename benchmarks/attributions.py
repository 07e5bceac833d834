"""Attributions beside shap and woodelf: trees over a whole background, any model by sampling, a gap.

Every pair answers the same question on the same fitted model: interventional Shapley values in the
margin over the same background. That they agree is checked in the run; a sampled estimate is faster only
at an error that is no larger, and both errors are shown, against exact values.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import seconds

Figure = tuple[str, ...]

FIGURES = ("What", "rai", "The other", "Ratio", "Off exact, rai", "Off exact, other")
FEATURES = 14
TREES, DEPTH = 200, 6
TOLERANCE = 2e-5  # XGBoost adds in single precision

WORDS = f"""\
Beside shap's explainers and woodelf (`woodelf_explainer`), for XGBoost with {TREES} trees of depth
{DEPTH} over {FEATURES} features, all in the margin, interventional, over the same background. Those of
trees give the same values (checked in the run, to {TOLERANCE:g} of the largest). The time of shap's
`TreeExplainer` grows with rows times background, so it is timed on fewer rows and multiplied by what is
missing; everything else is timed whole, with what it takes to read the model. Sampling is timed at the
fewest walks at which its error (mean absolute, as a share of the mean absolute value, from exact values)
is no larger than that of shap's `PermutationExplainer` as it comes, after a round in which it compiles.
The last line is what rai adds where it calls shap.

Why it is faster: for a leaf a row is a pattern of bits, one for each feature on the leaf's path, and a
background is a count of such patterns. One table for each leaf then holds the answer for every row.
Where a model can only be asked, every row of the background gets permutations of its own, so that chance
in both falls together, and rows that are the same are asked about once."""


def figures(scale: int) -> list[Figure]:
    """Everything; rows are divided by `scale`."""
    with quiet():
        model, rows = fitted(max(60_000 // scale, 2_000))
        return [
            *trees(model, rows, background=1_000 // min(scale, 10), explained=10_000 // scale),
            sampling(model, rows, explained=max(20 // scale, 2)),
            gap(model, rows, count=200_000 // scale),
            *overheads(model, rows, explained=max(500 // scale, 20)),
        ]


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings and the bars of the others."""
    with (
        warnings.catch_warnings(),
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        warnings.simplefilter("ignore")
        yield


def fitted(count: int) -> tuple[Any, pd.DataFrame]:
    """A boosted model, and the rows it was trained on: six numbers and eight columns of codes."""
    import xgboost

    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(count, 6))
    codes = rng.integers(0, 8, size=(count, FEATURES - 6)).astype(float)
    rows = pd.DataFrame(np.hstack([numbers, codes]), columns=[f"x{place}" for place in range(FEATURES)])
    line = numbers[:, 0] + numbers[:, 1] * numbers[:, 2] - 0.5 * (codes[:, 0] > 3) * numbers[:, 3]
    label = (line + rng.logistic(size=count) > 0).astype(int)
    model = xgboost.XGBClassifier(
        n_estimators=TREES, max_depth=DEPTH, learning_rate=0.1, n_jobs=1, random_state=0
    )
    return model.fit(rows, label), rows


def trees(model: Any, rows: pd.DataFrame, *, background: int, explained: int) -> Iterator[Figure]:
    """Exact values of trees: ours beside shap's and woodelf's."""
    import shap

    import rai

    held, some = rows.head(background), rows.tail(explained)
    ours: list[Any] = []
    fast = seconds(
        lambda: ours.append(rai.explain(model, some, background=held, method="tree", space="margin")),
        runs=3,
    )
    values = ours[0].values[:, :, 0]
    few = min(50, explained)
    masker = shap.maskers.Independent(held, max_samples=len(held))
    theirs: list[Any] = []

    def by_shap() -> None:
        explainer = shap.TreeExplainer(model, masker, feature_perturbation="interventional")
        theirs.append(explainer.shap_values(some.head(few), check_additivity=False))

    slow = seconds(by_shap, runs=1) * explained / few
    np.testing.assert_allclose(values[:few], theirs[0], atol=TOLERANCE * np.abs(values).max(), rtol=0)
    what = f"Trees: {explained:,} rows, background of {background:,}"
    yield _figure(f"{what}; shap's `TreeExplainer` (on {few} rows)", fast, slow)
    from woodelf import WoodelfExplainer

    others: list[Any] = []
    other = seconds(lambda: others.append(WoodelfExplainer(model, held).shap_values(some)), runs=3)
    np.testing.assert_allclose(values, others[0], atol=TOLERANCE * np.abs(values).max(), rtol=0)
    yield _figure(f"{what}; woodelf", fast, other)


def sampling(model: Any, rows: pd.DataFrame, *, explained: int, background: int = 50) -> Figure:
    """Any model, asked only: permutations, ours beside shap's, at an error that is no larger."""
    import shap

    import rai

    held, some = rows.head(background), rows.tail(explained)
    exact = rai.explain(model, some, background=held, method="tree", space="margin").values[:, :, 0]

    def asked(frame: Any) -> Any:
        values = frame.to_numpy() if hasattr(frame, "to_numpy") else frame
        return model.get_booster().inplace_predict(values, predict_type="margin")

    masker = shap.maskers.Independent(held, max_samples=len(held))
    theirs: list[Any] = []

    def by_shap() -> None:
        explainer = shap.PermutationExplainer(asked, masker, seed=0)
        theirs.append(explainer(some, silent=True).values)

    by_shap()
    slow = seconds(by_shap, runs=3)
    wrong = _off(theirs[-1], exact)
    known = rai.load_model(asked, features=list(rows), task="regression")
    walk = explained * background * 2 * (FEATURES - 1)
    for walks in (2, 3, 4, 6, 8, 12, 16):
        ours: list[Any] = []

        def by_rai(walks: int = walks, ours: list[Any] = ours) -> None:
            ours.append(rai.explain(known, some, background=held, method="sampled", budget=walks * walk))

        fast = seconds(by_rai, runs=3)
        off = _off(ours[0].values[:, :, 0], exact)
        if off <= wrong:
            break
    what = f"A function, sampled: {explained} rows, background of {background}"
    figure = _figure(f"{what}; shap's `PermutationExplainer`", fast, slow)
    return (*figure[:4], f"{off:.2%}", f"{wrong:.2%}")


def gap(model: Any, rows: pd.DataFrame, *, count: int) -> Figure:
    """A gap of many rows taken apart in one go."""
    import rai

    rng = np.random.default_rng(1)
    many = rows.iloc[rng.integers(0, len(rows), count)].reset_index(drop=True)
    group = np.where(many["x0"] + rng.normal(size=count) > 0, "a", "b")
    ours = seconds(
        lambda: rai.attribute_gap(
            model, many, metric="demographic_parity", sensitive_features={"group": group}
        ),
        runs=1,
    )
    what = f"The demographic parity gap of {count:,} rows over {FEATURES} features, with intervals"
    return (what, f"{ours:.3g} s", "–", "–", "–", "–")


def overheads(model: Any, rows: pd.DataFrame, *, explained: int) -> Iterator[Figure]:
    """What rai adds where it calls shap, and captum."""
    import shap

    import rai

    held, some = rows.head(100), rows.tail(explained)
    masker = shap.maskers.Independent(held, max_samples=len(held))

    def by_shap() -> None:
        explainer = shap.TreeExplainer(model, masker, feature_perturbation="interventional")
        explainer.shap_values(some, check_additivity=False)

    ours = seconds(lambda: rai.explain(model, some, background=held, method="shap_tree"), runs=3)
    yield _figure(f"`shap_tree` beside shap itself, {explained:,} rows", ours, seconds(by_shap, runs=3))


def _off(values: Any, exact: Any) -> float:
    return float(np.abs(values - exact).mean() / np.abs(exact).mean())


def _figure(what: str, ours: float, theirs: float) -> Figure:
    ratio = theirs / ours
    words = f"{ratio:,.3g} × faster" if ratio >= 1 else f"{1 / ratio:.3g} × the time"
    return (what, f"{ours:.3g} s", f"{theirs:.3g} s", words, "–", "–")
