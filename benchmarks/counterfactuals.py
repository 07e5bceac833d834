"""What is compared of generated counterfactuals: 50 refused rows of Adult, one model, five edits each.

rai        rai.whatif.counterfactuals
dice-ml    its methods random, k-d tree and genetic (Mothilal, Sharma and Tan 2020)

Both get the same scikit-learn model and the same rows without gaps, and may change every column.
What they return is judged by the same distance, the default one of rai.
"""

from __future__ import annotations

import io
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ASKED = 5
METHODS = ("random", "kdtree", "genetic")
ABSENT = "not installed: run `make bench`"
FIGURES = (
    "By",
    "Valid",
    "Features changed",
    "Distance",
    "To the nearest real row",
    "Sets of features",
    "Per row",
)
WORDS = """\
50 rows of Adult that boosted trees refuse, five edits asked for each, every feature free to change;
beside dice-ml, with the same scikit-learn model and the same rows. Judged by the default distance of
rai: how far an edit is from the row, and from the nearest real row that is selected, which says how
plausible it is. Ours are chosen to be near and to change different sets of features; none has a change
that it does not need. The k-d tree and the genetic search of dice-ml stay near real rows and change more
than twice as many features. Timed with one thread."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A model, rows, and those rows of them whose decision is to change.

    Args:
        model: The scikit-learn pipeline.
        train: The rows it learnt from, with the label `income`, 0 or 1.
        frame: Other rows, features only.
        scores: The model's scores of them.
        places: Which of them are asked about.
    """

    model: Any
    train: pd.DataFrame
    frame: pd.DataFrame
    scores: NDArray[np.float64]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one side returned.

    Args:
        valid: The share of the edits asked for that were returned and have the other decision.
        changes: How many features an edit changes, on average over those.
        distance: How far it is from the row.
        company: How far it is from the nearest real row with the other decision.
        ways: How many different sets of features are changed for one row.
        seconds: Per row.
    """

    valid: float
    changes: float
    distance: float
    company: float
    ways: float
    seconds: float

    def figure(self, name: str) -> tuple[str, ...]:
        """The row of the table."""
        numbers = (self.changes, self.distance, self.company, self.ways)
        return (name, f"{self.valid:.0%}", *(f"{n:.2f}" for n in numbers), f"{self.seconds:.2f} s")


def figures(count: int) -> list[tuple[str, ...]]:
    """The table: ours, and each method of dice-ml."""
    problem = adult(count)
    found = [judged(problem, *by_rai(problem)).figure("rai")]
    for method in METHODS:
        theirs = by_dice(problem, method)
        if theirs is None:
            found.append((f"dice-ml, {method}", ABSENT, *["–"] * (len(FIGURES) - 2)))
        else:
            name = f"dice-ml {version('dice-ml')}, {method}"
            found.append(judged(problem, *theirs).figure(name))
    return found


def adult(count: int = 50) -> Problem:
    """Boosted trees on one-hot columns of Adult, and rows that they refuse."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    import rai

    train, test = rai.load_dataset("adult", "train"), rai.load_dataset("adult", "test")
    features = list(train.card.features)
    words = list(train.frame[features].select_dtypes(exclude="number"))
    known, frame = (
        each.frame[features].reset_index(drop=True).fillna(dict.fromkeys(words, "(missing)"))
        for each in (train, test)
    )
    label = (train.frame["income"].to_numpy() == ">50K").astype(int)
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    model = make_pipeline(
        make_column_transformer((one_hot, words), remainder="passthrough"),
        HistGradientBoostingClassifier(random_state=0),
    ).fit(known, label)
    scores = model.predict_proba(frame)[:, 1]
    refused = np.flatnonzero(scores < 0.5)
    places = np.random.default_rng(0).choice(refused, count, replace=False)
    return Problem(model, known.assign(income=label), frame, scores, tuple(places.tolist()))


def by_rai(problem: Problem) -> tuple[list[pd.DataFrame], float]:
    """Edited rows for each row, and seconds per row, fitting the distance included."""
    import rai

    model = rai.load_model(
        lambda frame: problem.model.predict_proba(frame)[:, 1], features=list(problem.frame)
    )

    def found() -> list[pd.DataFrame]:
        distance = rai.whatif.fit_distance(problem.frame)
        answers = [
            rai.whatif.counterfactuals(
                model, problem.frame, row=place, k=ASKED, distance=distance, y_score=problem.scores
            )
            for place in problem.places
        ]
        return [answer.frame for answer in answers]

    return timed(found, len(problem.places))


def by_dice(problem: Problem, method: str) -> tuple[list[pd.DataFrame], float] | None:
    """The same by dice-ml; None if it is not installed."""
    try:
        import dice_ml
    except ImportError:
        return None
    numbers = list(problem.frame.select_dtypes("number"))
    data = dice_ml.Data(dataframe=problem.train, continuous_features=numbers, outcome_name="income")
    explainer = dice_ml.Dice(data, dice_ml.Model(model=problem.model, backend="sklearn"), method=method)
    seed = {"random_seed": 0} if method == "random" else {}

    def found() -> list[pd.DataFrame]:
        answers = [
            explainer.generate_counterfactuals(
                problem.frame.loc[[place]], total_CFs=ASKED, desired_class="opposite", **seed
            )
            for place in problem.places
        ]
        return [answer.cf_examples_list[0].final_cfs_df for answer in answers]

    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        return timed(found, len(problem.places))


def timed(found: Callable[[], list[pd.DataFrame]], rows: int) -> tuple[list[pd.DataFrame], float]:
    """What is found, and the seconds per row, with one thread: for a few rows, more only wait."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        start = time.perf_counter()
        frames = found()
        return frames, (time.perf_counter() - start) / rows


def judged(problem: Problem, edits: Sequence[pd.DataFrame], seconds: float) -> Judged:
    """Edits of each row, by the model and the distance."""
    import rai

    distance = rai.whatif.fit_distance(problem.frame)
    selected, features = problem.scores >= 0.5, list(problem.frame)
    changes, apart, company, ways = [], [], [], []
    for place, edited in zip(problem.places, edits, strict=True):
        frame = edited[features].reset_index(drop=True).astype(problem.frame.dtypes.to_dict())
        frame = frame[problem.model.predict_proba(frame)[:, 1] >= 0.5]
        differ = frame.to_numpy() != problem.frame.loc[place].to_numpy()
        changes += differ.sum(axis=1).tolist()
        apart += distance.to(place, rows=frame).tolist()
        company += [distance.to(row)[selected].min() for row in frame.to_dict("records")]
        ways.append(len({tuple(row) for row in differ.tolist()}))
    return Judged(
        valid=len(apart) / (ASKED * len(problem.places)),
        changes=float(np.mean(changes)),
        distance=float(np.mean(apart)),
        company=float(np.mean(company)),
        ways=float(np.mean(ways)),
        seconds=seconds,
    )
