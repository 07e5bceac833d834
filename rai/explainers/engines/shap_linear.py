"""shap's linear explainer, on the columns that a linear model weighs, summed by player.

Sums over encoded columns are exact here, since a linear model adds its columns up.
"""

from __future__ import annotations

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.backgrounds import MOST_EXACT
from rai.explainers.engines.shap_session import loaded_shap, shap_failed, shap_session
from rai.explainers.linear import LINEAR
from rai.explainers.linear_models import Linear
from rai.explainers.questions import Answer, Explainer, Question

NAME = "shap_linear"


def _refuses(question: Question) -> str:
    loaded_shap(f"method {NAME!r}")
    return LINEAR.refuses(question)


def _answer(question: Question) -> Answer:
    shap, linear = loaded_shap(f"method {NAME!r}"), question.reading.linear
    assert isinstance(linear, Linear)
    background, matrix = linear.encode(question.background.rows), linear.encode(question.rows)
    with shap_session(question.rng):
        try:
            masker = shap.maskers.Independent(background, max_samples=len(background))
            explainer = shap.LinearExplainer((linear.weights, linear.intercept), masker)
            found = np.asarray(explainer.shap_values(matrix), dtype=np.float64)
        except Exception as error:
            raise shap_failed(NAME, error) from error
    parts = found.reshape(*matrix.shape, len(linear.weights))
    owners = question.players.of_places(linear.columns, width=matrix.shape[1])
    base = np.broadcast_to(np.ravel(explainer.expected_value), (len(matrix), parts.shape[2]))
    return Answer(values=summed(parts, owners, players=len(question.players)), base=base)


def summed(parts: Floats, owners: Ints, *, players: int) -> Floats:
    """Parts of encoded columns, shape (n, p, K), added up by player, shape (n, M, K).

    Args:
        parts: What each column contributes.
        owners: The player of each column, -1 for nobody's, shape (p,).
        players: How many there are, M.

    Example:
        >>> summed(np.array([[[1.0], [2.0], [4.0]]]), np.array([0, 1, 0]), players=2)[0, :, 0]
        array([5., 2.])
    """
    member = (owners[:, None] == np.arange(players)).astype(np.float64)
    return np.asarray(np.einsum("npk,pm->nmk", parts, member, optimize=True))


SHAP_LINEAR = Explainer(
    name=NAME,
    what="shap's linear explainer, summed over the columns that a player is encoded in",
    kind="interventional",
    exact=True,
    space=LINEAR.space,
    refuses=_refuses,
    answer=_answer,
    most_background=MOST_EXACT,
    source="Štrumbelj and Kononenko (2014), doi:10.1007/s10115-013-0679-x",
)
