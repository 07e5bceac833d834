"""Linear models: a weight times what the row's value has more than the background's mean."""

from __future__ import annotations

import numpy as np

from rai.explainers.backgrounds import MOST_EXACT
from rai.explainers.completeness import allowed
from rai.explainers.linear_models import Linear
from rai.explainers.questions import Answer, Explainer, Question, Reading
from rai.explainers.spaces import SpaceName


def _space(reading: Reading) -> SpaceName | None:
    return None if isinstance(reading.linear, str) else reading.linear.space


def _refuses(question: Question) -> str:
    linear = question.reading.linear
    if isinstance(linear, str):
        return linear
    if question.space.name != linear.space:
        return f"it is exact in the space of the {linear.space}, not of the {question.space.name}"
    rows = question.background.rows
    said = linear.encode(rows) @ linear.weights.T + linear.intercept
    own = question.space.scores(rows)
    if not np.isfinite(said).all() or np.abs(said - own).max() > allowed(question, own):
        return "its weights and intercept don't give the model's own scores"
    return ""


def _answer(question: Question) -> Answer:
    linear = question.reading.linear
    assert isinstance(linear, Linear)
    background = linear.encode(question.background.rows)
    mean = background.mean(axis=0)
    moved = linear.encode(question.rows) - mean
    owners = question.players.of_places(linear.columns, width=len(mean))
    values = np.zeros((len(moved), len(question.players), len(linear.weights)))
    for place in range(len(question.players)):
        of_player = owners == place
        values[:, place] = moved[:, of_player] @ linear.weights[:, of_player].T
    base = np.broadcast_to(mean @ linear.weights.T + linear.intercept, (len(moved), values.shape[2]))
    return Answer(values=values, base=base)


LINEAR = Explainer(
    name="linear",
    what="weights times distances from the background's mean, in closed form",
    kind="interventional",
    exact=True,
    space=_space,
    refuses=_refuses,
    answer=_answer,
    most_background=MOST_EXACT,
    source="Štrumbelj and Kononenko (2014), doi:10.1007/s10115-013-0679-x",
)
