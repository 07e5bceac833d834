"""Which column may be what: a guess to confirm, with its reason.

guess_label(frame) ─▶ Guess("income", "it has two values, and labels are often called so")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rai

from ..words import plain

if TYPE_CHECKING:
    import pandas

LABELS = (
    *("y_true", "label", "target", "class", "y", "outcome", "income", "default", "approved", "hired"),
    *("churn", "survived", "fraud", "readmitted", "recid", "two_year_recid", "employed", "diagnosis"),
    *("risk", "credit_risk"),
)
PREDICTIONS = ("y_pred", "pred", "prediction", "predicted", "decision", "yhat", "y_hat")
SCORES = ("y_score", "score", "scores", "prob", "proba", "probability", "p", "risk_score", "y_prob")
WEIGHTS = ("sample_weight", "weight", "weights", "w", "fnlwgt", "wt", "pwgtp")
POSITIVES = (
    *("1", "yes", "true", "positive", "pos", "y", "t", "hired", "approved", "good"),
    *(">50k", ">50k.", "bad", "default"),
)
FEW = 20

_LOOKED_AT = 10_000


@dataclass(frozen=True, slots=True)
class Guess:
    """A column that may be meant, and why.

    Args:
        column: Its name; empty if there is no guess.
        reason: Why, on the page.
    """

    column: Any = ""
    reason: str = ""


NONE = Guess()


def guess_label(frame: pandas.DataFrame) -> Guess:
    """The column of true labels."""
    named = _named(frame, LABELS, suits=_is_label)
    if named is not None:
        return Guess(named, f"labels are often called “{plain(named)}”")
    two = [name for name in frame if _levels(frame[name]) == 2]
    if two:
        return Guess(two[-1], "it has two values, and comes last of those that do")
    return NONE


def guess_prediction(frame: pandas.DataFrame) -> Guess:
    """The column of predictions."""
    named = _named(frame, PREDICTIONS, suits=_is_label)
    return NONE if named is None else Guess(named, f"predictions are often called “{plain(named)}”")


def guess_score(frame: pandas.DataFrame) -> Guess:
    """The column of scores."""
    named = _named(frame, SCORES, suits=_is_share)
    if named is not None:
        return Guess(
            named, f"its numbers lie between 0 and 1, and scores are often called “{plain(named)}”"
        )
    return NONE


def guess_weight(frame: pandas.DataFrame) -> Guess:
    """The column of weights."""
    named = _named(frame, WEIGHTS, suits=_is_weight)
    return NONE if named is None else Guess(named, f"weights are often called “{plain(named)}”")


def guess_positive(labels: Iterable[Any]) -> Guess:
    """The positive label among labels in order."""
    known = list(labels)
    said = next((each for each in known if str(each).strip().casefold() in POSITIVES), None)
    if said is not None:
        return Guess(said, f"“{plain(said)}” mostly says yes")
    return Guess(known[-1], "it comes last; look whether it is meant") if known else NONE


def guess_sensitive(frame: pandas.DataFrame, *, besides: Iterable[str]) -> rai.SensitiveCandidates:
    """Columns that may tell groups of people apart, with reasons; the likely ones.

    Args:
        frame: The rows.
        besides: Columns that are something else.
    """
    names = [name for name in map(str, frame.columns) if name not in set(besides)]
    found = rai.suggest_sensitive_features(frame.head(_LOOKED_AT), columns=names) if names else ()
    return rai.SensitiveCandidates(each for each in found if each.confidence == "likely")


def measured(values: pandas.Series[Any]) -> bool:
    """Whether a column holds numbers that need cuts to be groups."""
    return values.dtype.kind in "iuf" and _levels(values) > FEW // 2


def _named(frame: pandas.DataFrame, names: Iterable[str], *, suits: Callable[[Any], bool]) -> Any:
    """The column with one of these names that suits, the first name first."""
    plainly = {str(name).strip().casefold().replace(" ", "_").replace("-", "_"): name for name in frame}
    known = (plainly[name] for name in names if name in plainly)
    return next((name for name in known if suits(frame[name])), None)


def _levels(values: pandas.Series[Any]) -> int:
    try:
        return int(values.head(_LOOKED_AT).nunique())
    except TypeError:  # lists and the like
        return 0


def _is_label(values: pandas.Series[Any]) -> bool:
    return 2 <= _levels(values) <= FEW or values.dtype.kind in "iuf"


def _is_share(values: pandas.Series[Any]) -> bool:
    return values.dtype.kind == "f" and bool(values.dropna().between(0, 1).all())


def _is_weight(values: pandas.Series[Any]) -> bool:
    return values.dtype.kind in "iuf" and bool((values.dropna() >= 0).all())
