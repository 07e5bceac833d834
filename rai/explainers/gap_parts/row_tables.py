"""Each row's parts of a number whose mean is the metric: in closed form where there is one, else walked.

linear ─▶ tree ─▶ exact ─▶ sampled      the first that can answer, held against the model's own word
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.completeness import audited
from rai.explainers.exact import EXACT
from rai.explainers.gap_parts.walked_rows import BUDGET, draws_of, walked_table
from rai.explainers.linear import LINEAR
from rai.explainers.questions import Explainer, Question
from rai.explainers.tree import TREE
from rai.ground.errors import ArgumentError, DataError, sentence

SAMPLED = "sampled"
GAP_METHODS = ("auto", LINEAR.name, TREE.name, EXACT.name, SAMPLED)
CHUNK_ROWS = 1 << 18

Asking = Callable[[Explainer | None], Question]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RowTable:
    """Rows in parts.

    Args:
        values: Parts, base, score and control of each row, shape (n, M + 3).
        question: What was asked.
        method: How they were found.
        exact: Whether without sampling error.
        why: Why so.
    """

    values: Floats
    question: Question
    method: str
    exact: bool
    why: str


def row_table(asking: Asking, method: str, *, output: int, labels: Ints | None = None) -> RowTable:
    """The parts of each row.

    Args:
        asking: From an explainer to the question as it is asked; None for walks.
        method: One of `GAP_METHODS`.
        output: Which output.
        labels: Numbers that are equal where the rows' labels are, in the space of losses.

    Raises:
        ArgumentError: The method can't answer.
        DataError: Its parts don't add up to the model's own numbers.
    """
    reasons: list[str] = []
    for explainer in (LINEAR, TREE, EXACT):
        if method not in ("auto", explainer.name):
            continue
        found = _of_explainer(asking(explainer), explainer, output)
        if isinstance(found, RowTable):
            return replace(found, why="; ".join([found.why, *reasons]))
        reasons.append(f"not {explainer.name}: {found}")
    if method not in ("auto", SAMPLED):
        expected = "a method that goes with this question"
        hint = 'method="auto" takes one that can.'
        raise ArgumentError(sentence("method", reasons[0], expected=expected, hint=hint))
    question = asking(None)
    each = draws_of(question)
    values = walked_table(question, output=output, labels=labels)
    if not np.isfinite(values).all():
        raise DataError(sentence("model", "missing or infinite scores", expected="finite numbers"))
    why = f"sampled: a walk there and back from {each:,} background rows to each row"
    return RowTable(
        values=values, question=question, method=SAMPLED, exact=False, why="; ".join([why, *reasons])
    )


def _of_explainer(question: Question, explainer: Explainer, output: int) -> RowTable | str:
    """What an explainer says, or why it doesn't."""
    if explainer is EXACT and question.budget is None:
        question = replace(question, budget=BUDGET)
    reason = explainer.refuses(question)
    if reason:
        return reason
    n, players = len(question.rows), len(question.players)
    values = np.zeros((n, players + 3))
    whole = explainer is EXACT  # where the places of labels count
    step = n if whole else CHUNK_ROWS
    for start in range(0, n, max(step, 1)):
        rows = question.rows if step >= n else question.rows.part(start, start + step)
        part = replace(question, rows=rows)
        answer = explainer.answer(part)
        found = audited(part, explainer, answer)
        if found.fault:
            return found.fault
        at = slice(start, start + len(rows))
        values[at, :players] = answer.values[:, :, output]
        values[at, players] = answer.base[:, output]
        values[at, players + 1] = found.scores[:, output]
    why = f"{explainer.name}: {explainer.what}"
    return RowTable(values=values, question=question, method=explainer.name, exact=True, why=why)
