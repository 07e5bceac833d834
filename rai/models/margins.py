"""A model asked for its margins: the scores before a link makes probabilities of them.

probabilities ── own margins (decision_function, raw scores of boosters) ──▶ Model, cut at 0
              └─ none ──▶ log-odds of the probability, of two classes
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, is_a
from rai.ground.errors import DataError, sentence
from rai.models.callables import turned
from rai.models.catboost_models import Boosted as CatBoosted
from rai.models.estimators import Asked, is_regressor
from rai.models.lightgbm_models import Boosted as LightBoosted
from rai.models.model import Model
from rai.models.xgboost_models import Boosted as XBoosted

LOG_ODDS = "Margins are the log-odds of its probability, as it has none of its own."


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RawScores:
    """An estimator of a boosting library that is asked for its raw scores.

    Args:
        asked: How it is asked for probabilities or values.
        options: What makes it answer with raw scores.
    """

    asked: Asked
    options: tuple[tuple[str, Any], ...]

    def __call__(self, frame: Any) -> Any:
        """Margins, of two classes the positive one's."""
        asked = self.asked
        raw = asked.estimator.predict(asked.prepare(frame), **dict(self.options))
        return turned(raw, asked.place, margins=True)


@dataclass(frozen=True, slots=True, eq=False)
class LogOdds:
    """Log-odds of a model's probability.

    Args:
        model: A model of two classes.
    """

    model: Model

    def __call__(self, frame: Any) -> Floats:
        """Margins of the positive class, shape (n,)."""
        scores = self.model.scores(frame)
        if ((scores <= 0) | (scores >= 1)).any():
            seen, hint = "a probability of 0 or 1, whose log-odds are infinite", "Ask for probabilities."
            raise DataError(sentence("margins", seen, expected="one between them", hint=hint))
        return np.asarray(np.log(scores / (1 - scores)))


def own_margins(model: Model) -> Model | None:
    """The model asked for margins of its own; None if it has none.

    Args:
        model: Any model; of a regression margins are what a link makes its values of, in libraries
            that say so.

    Example:
        >>> import rai
        >>> from sklearn.linear_model import LogisticRegression
        >>> model = rai.load_model(LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
        >>> margins = own_margins(model).scores({"x": [0.5, 1.0]})
        >>> np.allclose(1 / (1 + np.exp(-margins)), model.scores({"x": [0.5, 1.0]}))
        True
    """
    if model.task != "regression" and not model.probabilities:
        return model
    predict = _raw(model.predict)
    return None if predict is None else model.replace(predict=predict, probabilities=False)


def with_margins(model: Model) -> Model | None:
    """The model asked for margins, its own or else log-odds; None if there are neither.

    Example:
        >>> import rai
        >>> with_margins(rai.load_model(lambda f: f["p"])).scores({"p": [0.5]}).tolist()
        [0.0]
    """
    own = own_margins(model)
    if own is not None or model.task != "binary":
        return own
    notes = (*model.notes, LOG_ODDS)
    return model.replace(predict=LogOdds(model), probabilities=False, frames="same", notes=notes)


def _raw(predict: Any) -> Any:
    """What a model is asked with, asking for margins; None where it has none."""
    if isinstance(predict, XBoosted | LightBoosted):
        return replace(predict, margins=True)
    if isinstance(predict, CatBoosted):
        return replace(predict, output="RawFormulaVal")
    if not isinstance(predict, Asked):
        return None
    inner = predict.estimator
    last = getattr(inner, "steps", [(None, inner)])[-1][1]
    if is_a(last, "xgboost", "XGBModel"):
        return RawScores(asked=predict, options=(("output_margin", True),))
    if is_a(last, "lightgbm", "LGBMModel"):
        return RawScores(asked=predict, options=(("raw_score", True),))
    if hasattr(inner, "decision_function") and not is_regressor(inner):
        return replace(predict, method="decision_function")
    return None
