"""Tree ensembles: exact Shapley values over the whole background, or along the trees' own paths."""

from __future__ import annotations

import numpy as np

from rai.explainers.backgrounds import MOST_EXACT
from rai.explainers.completeness import allowed
from rai.explainers.questions import Answer, Explainer, Question, Reading
from rai.explainers.spaces import SpaceName

CHECKED_ROWS = 2000


def _space(reading: Reading) -> SpaceName | None:
    return None if isinstance(reading.ensemble, str) else reading.ensemble.space


def _refuses(question: Question) -> str:
    ensemble = question.reading.ensemble
    if isinstance(ensemble, str):
        return ensemble
    if question.space.name != ensemble.space:
        return f"it is exact in the space of the {ensemble.space}, not of the {question.space.name}"
    for rows in (question.background.rows, question.rows):
        some = rows if len(rows) <= CHECKED_ROWS else rows.part(0, CHECKED_ROWS)
        own = question.space.scores(some)
        off = np.abs(ensemble.predict(ensemble.encode(some)) - own).max(initial=0.0)
        if not off <= allowed(question, own):
            return f"its trees, as they were read, miss the model's own scores by {off:.3g}"
    return ""


def _answer(question: Question, *, paths: str) -> Answer:
    from rai.explainers.trees import Ensemble, tree_values

    ensemble = question.reading.ensemble
    assert isinstance(ensemble, Ensemble)
    matrix = ensemble.encode(question.rows)
    values, base = tree_values(
        ensemble,
        matrix,
        background=ensemble.encode(question.background.rows),
        owners=question.players.of_places(ensemble.columns, width=matrix.shape[1]),
        players=len(question.players),
        paths=paths,
        progress=question.progress,
    )
    return Answer(values=values, base=np.broadcast_to(base, (len(matrix), len(base))))


TREE = Explainer(
    name="tree",
    what="exact Shapley values of trees over the whole background, by tables of patterns",
    kind="interventional",
    exact=True,
    space=_space,
    refuses=_refuses,
    answer=lambda question: _answer(question, paths="interventional"),
    most_background=MOST_EXACT,
    source="Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9",
)
PATH_DEPENDENT_TREE = Explainer(
    name="path_dependent_tree",
    what="exact Shapley values of trees, with their own training rows in place of a background",
    kind="path_dependent",
    exact=True,
    space=_space,
    refuses=_refuses,
    answer=lambda question: _answer(question, paths="path_dependent"),
    most_background=MOST_EXACT,
    source="Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9",
)
