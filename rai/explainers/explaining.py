"""Why a model says what it says of each row: the door.

model, rows ─▶ players, space, background ─▶ explainer ─▶ held against the model ─▶ Attributions
                                               │ auto: linear, tree, exact, sampled
                                               └ what can't answer says why
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.frames import Rows, open_rows
from rai.explainers.attributions import Attributions
from rai.explainers.backgrounds import background_of, background_seed
from rai.explainers.completeness import Audited, audited
from rai.explainers.losses import Labels, check_labels
from rai.explainers.players import Given, Players, players_of, without_label
from rai.explainers.questions import Answer, Explainer, Question, Reading
from rai.explainers.spaces import SPACES, SpaceName, own_space, space_of
from rai.explainers.table import AUTOMATIC, BY_NAME
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.models.batches import Progress
from rai.models.model import as_model, check_answers_edits
from rai.values.generators import generator_of

WHERE = "explain"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Asked:
    """What a person asks, checked."""

    reading: Reading
    rows: Rows
    background: Any
    space: str
    players: Players
    by: Any
    labels: Labels | None
    threshold: float | None
    budget: int | None
    rng: np.random.Generator
    seed: int
    progress: Progress | None

    def question(self, explainer: Explainer) -> Question:
        """The question as one explainer is asked it."""
        space = space_of(
            self._space(explainer), self.reading.model, threshold=self.threshold, labels=self.labels
        )
        read = self.players.read
        background = background_of(
            self.background,
            self.rows,
            read=read,
            most=explainer.most_background,
            by=self.by,
            rng=np.random.default_rng(self.seed),
        )
        return Question(
            reading=self.reading,
            space=space,
            players=self.players,
            rows=self.rows.select(read),
            background=background,
            rng=self.rng,
            budget=self.budget,
            progress=self.progress,
        )

    def _space(self, explainer: Explainer) -> SpaceName:
        if self.space != "auto":
            return self.space  # type: ignore[return-value]
        return explainer.space(self.reading) or own_space(self.reading.model)


def explain(
    model: Any,
    rows: Any,
    *,
    background: Any = None,
    method: str = "auto",
    space: str = "auto",
    players: Given = "raw",
    by: Any = None,
    y_true: Any = None,
    loss: str | None = None,
    threshold: float | None = None,
    budget: int | None = None,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Attributions:
    """What each column contributes to a model's score of each row.

    The values of a row add up, with the base, to the model's own number of that row: Shapley values,
    but for methods that say otherwise. That they add up is checked against the model itself, never
    against a copy of it; what doesn't is refused, and what rounding leaves is in `completeness_error`.

    They tell what the model makes of its columns. They don't tell what causes what: a column that the
    model doesn't read gets 0, even if it stands behind all the others.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows to explain, n of them.
        background: The rows that a column's values are taken from while it is left out, all of which
            are used. If None the rows themselves: up to 5,000 of them where each costs next to
            nothing, else 100, drawn within the groups of `by`.
        method: `auto` for the exact method that is fastest, or an estimate where none is; or one of
            `rai.explainers.METHODS`.
        space: `margin`, `probability`, `decision` (1 where the row is decided positive), `prediction`
            (of a regression), `loss` (needs `y_true`); `auto` for that in which the method is exact, or
            else the model's own scores.
        players: `raw` for each column that the model reads; or a dict of a name to columns that move
            together. Columns that a pipeline makes of one column are never players of their own.
        by: Groups that a background of drawn rows is drawn within: names of columns, or arrays.
        y_true: In the space of losses the rows' labels.
        loss: `log_loss`, `zero_one`, `squared_error` or `absolute_error`; the task's usual one if None.
        threshold: In the space of decisions, and of the loss `zero_one`, the score from which on a row
            is decided positive; the model's own if None.
        budget: How many rows the model may be asked about, where an estimate is made.
        rng: Seed, or source of randomness.
        progress: Called with the work done and in all.

    Returns:
        `Attributions`: `values` of shape (n, M, K) for M players and K outputs (1, or one for each of
        several classes), `base`, `standard_errors`, `completeness_error`, and why this method.

    Raises:
        ArgumentError: A method or space that doesn't go with the model.
        RoleError: A column that the model reads is missing.
        DataError: No rows, labels that can't be used, or values that don't add up to the model's own.

    Example:
        >>> import rai
        >>> found = rai.explain(lambda f: 0.2 + 0.1 * f["a"] * f["b"], {"a": [1, 3], "b": [1, 2]})
        >>> found.method, found.space, found.values[1, :, 0].round(3).tolist()
        ('exact', 'probability', [0.15, 0.1])

    Source: Shapley values of models: Štrumbelj and Kononenko (2014), doi:10.1007/s10115-013-0679-x;
    Lundberg and Lee (2017), arXiv:1705.07874.
    """
    asked = _checked(
        model, rows, background=background, space=space, players=players, by=by, y_true=y_true,
        loss=loss, threshold=threshold, budget=budget, rng=rng, progress=progress,
    )  # fmt: skip
    check_choice(method, ("auto", *BY_NAME), where="method")
    if method == "auto":
        return _automatic(asked)
    explainer = BY_NAME[method]
    question = asked.question(explainer)
    reason = explainer.refuses(question)
    if reason:
        hint = 'method="auto" takes one that can.'
        expected = "a method that goes with this question"
        raise ArgumentError(sentence(f"method {method!r}", reason, expected=expected, hint=hint))
    answer = explainer.answer(question)
    found = audited(question, explainer, answer)
    if found.fault:
        expected = "parts that add up to it"
        hint = 'Take method="auto".'
        raise DataError(sentence(f"method {method!r}", found.fault, expected=expected, hint=hint))
    return _attributions(asked, question, explainer, answer=answer, found=found, why="as asked")


def _checked(
    model: Any,
    rows: Any,
    *,
    background: Any,
    space: str,
    players: Any,
    by: Any,
    y_true: Any,
    loss: str | None,
    threshold: float | None,
    budget: int | None,
    rng: Any,
    progress: Progress | None,
) -> _Asked:
    known = as_model(model)
    check_answers_edits(known, where=WHERE)
    check_choice(space, ("auto", *SPACES), where="space")
    held = open_rows(rows)
    if not len(held):
        raise DataError(sentence("rows", "no rows", expected="at least one"))
    read = known.features or held.names
    held.select(read, where=f"model ({known.kind})")
    labels = None
    if y_true is not None:
        taken = isinstance(y_true, str)
        if taken:
            held.check(y_true, where="y_true")
        cut = threshold if loss == "zero_one" else None
        labels = Labels(y_true=held.column(y_true) if taken else y_true, loss=loss, threshold=cut)
        check_labels(labels.y_true, rows=len(held))
        read = read if known.features is not None else without_label(read, y_true)
    elif loss is not None:
        hint = 'Pass space="loss" and y_true=.'
        raise ArgumentError(sentence("loss", f"{loss!r} without labels", expected="none", hint=hint))
    chance = generator_of(rng)
    return _Asked(
        reading=Reading(model=known),
        rows=held,
        background=background,
        space=space,
        players=players_of(players, read),
        by=by,
        labels=labels,
        threshold=None if labels is not None and loss == "zero_one" else threshold,
        budget=None if budget is None else check_count(budget, where="budget"),
        rng=chance,
        seed=background_seed(chance),
        progress=progress,
    )


def _automatic(asked: _Asked) -> Attributions:
    """The first explainer that can answer and whose answer adds up."""
    reasons: list[str] = []
    for explainer in AUTOMATIC:
        question = asked.question(explainer)
        reason = explainer.refuses(question)
        if reason:
            reasons.append(f"not {explainer.name}: {reason}")
            continue
        answer = explainer.answer(question)
        found = audited(question, explainer, answer)
        if found.fault:
            reasons.append(f"not {explainer.name}: {found.fault}")
            continue
        why = "; ".join([f"{explainer.name}: {explainer.what}", *reasons])
        return _attributions(asked, question, explainer, answer=answer, found=found, why=why)
    hint = "Ask in another space, or pass a smaller background."
    seen = f"no method can answer ({'; '.join(reasons)})"
    raise ArgumentError(sentence(WHERE, seen, expected="one that can", hint=hint))


def _attributions(
    asked: _Asked,
    question: Question,
    explainer: Explainer,
    *,
    answer: Answer,
    found: Audited,
    why: str,
) -> Attributions:
    return Attributions(
        values=np.ascontiguousarray(answer.values),
        base=np.array(answer.base),
        standard_errors=answer.standard_errors,
        names=question.players.names,
        columns=question.players.columns,
        rows=asked.rows.native,
        scores=found.scores,
        outputs=question.space.outputs,
        space=question.space.name,
        method=explainer.name,
        kind=explainer.kind,
        exact=explainer.exact,
        background=_background_words(question, explainer),
        background_n=len(question.background),
        background_digest=question.background.digest,
        model_digest=question.model.digest,
        completeness_error=found.error,
        why=why,
        notes=tuple(_notes(question, answer)),
    )


def _background_words(question: Question, explainer: Explainer) -> str:
    if explainer.kind == "path_dependent":
        return "the rows the trees were trained on"
    return question.background.said


def _notes(question: Question, answer: Answer) -> Iterator[str]:
    yield from answer.notes
    yield from (note for note in question.space.model.notes if note not in question.model.notes)
