"""Do the parts add up to what the model itself says? Asked of the model, never of a copy of it.

base + Σ values − model's own number   ──▶  an error for each row
base − mean of the model over the background (interventional)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.questions import Answer, Explainer, Question
from rai.ground.formatting import number


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Audited:
    """What was found.

    Args:
        scores: The model's own numbers, shape (n, K).
        error: base + Σ values − scores, shape (n, K).
        fault: Why the answer can't be trusted; empty if it can.
    """

    scores: Floats
    error: Floats
    fault: str = ""


def audited(question: Question, explainer: Explainer, answer: Answer) -> Audited:
    """An answer held against the model's own word.

    Args:
        question: What was asked.
        explainer: Who answered.
        answer: The answer.
    """
    scores = question.space.scores(question.rows)
    error = answer.base + answer.values.sum(axis=1) - scores
    fault = _fault(question, answer, scores, error) if explainer.complete else ""
    if not np.isfinite(answer.values).all():
        fault = "some of its values are missing or infinite"
    if not fault and explainer.kind == "interventional" and explainer.complete:
        fault = _base_fault(question, answer)
    return Audited(scores=scores, error=error, fault=fault)


def allowed(question: Question, numbers: Floats) -> float:
    """How far sums of such numbers may be off."""
    return question.space.tolerance * max(1.0, float(np.abs(numbers).max(initial=0.0)))


def _fault(question: Question, answer: Answer, scores: Floats, error: Floats) -> str:
    largest = float(np.abs(error).max(initial=0.0))
    sizes = np.concatenate([scores.ravel(), answer.values.ravel()])
    if largest <= allowed(question, sizes):
        return ""
    row = int(np.abs(error).max(axis=1).argmax()) + 1
    return f"its parts miss the model's own number by up to {number(largest)}, in row {row:,}"


def _base_fault(question: Question, answer: Answer) -> str:
    """The base is the mean over the whole background, except where it depends on a row's label."""
    if question.space.name == "loss":
        return ""
    mean = question.space.scores(question.background.rows).mean(axis=0)
    off = float(np.abs(answer.base - mean).max(initial=0.0))
    if off <= allowed(question, mean):
        return ""
    return f"its base misses the model's mean over the background by {number(off)}"
