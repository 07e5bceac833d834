"""What a person asks of a gap, checked at the door: metric, rows, labels, groups, space.

rows, labels ─▶ only those that the metric looks at (of positives, of negatives, all)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows, open_rows
from rai.explainers.backgrounds import MOST_EXACT, background_of
from rai.explainers.gap_parts.gap_metrics import GapMetric, Kind, gap_metric
from rai.explainers.losses import Labels, check_labels, label_places, label_values
from rai.explainers.players import Players, players_of, without_label
from rai.explainers.questions import Explainer, Question, Reading
from rai.explainers.spaces import Space, SpaceName, own_space, space_of
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.models.batches import Progress
from rai.models.model import Model, as_model, check_answers_edits
from rai.values.generators import generator_of
from rai.whatif.row_groups import RowGroups, groups_of

WHERE = "attribute_gap"
OPEN_SPACES = ("margin", "probability", "prediction")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Asked:
    """What a person asks, checked; rows and labels only where the metric looks at them."""

    reading: Reading
    metric: GapMetric
    kind: Kind
    rows: Rows
    all_rows: Rows
    groups: RowGroups
    place: Ints
    labels: Any
    positive: Floats | None
    players: Players
    background: Any
    space: SpaceName | None
    loss: str | None
    threshold: float | None
    output: int
    budget: int | None
    rng: np.random.Generator
    progress: Progress | None

    def question(self, explainer: Explainer | None) -> Question:
        """The question as one explainer is asked it; None for walks and games."""
        space = self.space_for(explainer)
        background = background_of(
            self.background,
            self.all_rows,
            read=self.players.read,
            most=MOST_EXACT,
            by=self.groups.columns or None,
            rng=np.random.default_rng(0),
        )
        return Question(
            reading=self.reading,
            space=space,
            players=self.players,
            rows=self.rows.select(self.players.read),
            background=background,
            rng=self.rng,
            budget=self.budget,
            progress=self.progress,
        )

    def space_for(self, explainer: Explainer | None) -> Space:
        """The space of the metric; where it is open, the one in which an explainer is exact."""
        name = self.metric.space or self.space
        if name is None:
            own = own_space(self.reading.model)
            name = own if explainer is None else (explainer.space(self.reading) or own)
        labels = None
        if name == "loss":
            cut = self.threshold if self.loss == "zero_one" else None
            labels = Labels(y_true=self.labels, loss=self.loss, threshold=cut)
        cut = self.threshold if name == "decision" else None
        return space_of(name, self.reading.model, threshold=cut, labels=labels)

    @property
    def is_mean(self) -> bool:
        """Whether the gap is a difference of means over rows."""
        return self.metric.linear and self.kind == "difference"

    @property
    def numbered(self) -> Any:
        """Labels as numbers, shape (n,)."""
        model, n = self.reading.model, len(self.rows)
        if model.task == "regression":
            return label_values(self.labels, rows=n)
        return label_places(self.labels, model, rows=n)

    @property
    def threshold_used(self) -> float | None:
        """The score from which on a row is decided positive, where that matters."""
        model = self.reading.model
        decides = self.metric.space == "decision" or self.loss == "zero_one"
        if not decides or model.task != "binary":
            return None
        return model.threshold if self.threshold is None else float(self.threshold)


def asked_of(
    model: Any,
    rows: Any,
    *,
    metric: str,
    sensitive_features: Any,
    y_true: Any,
    kind: Any,
    background: Any,
    space: Any,
    players: Any,
    threshold: float | None,
    cuts: Any,
    loss: str | None,
    output: Any,
    budget: int | None,
    rng: Any,
    progress: Progress | None,
) -> Asked:
    """What is asked, checked; the arguments are those of `attribute_gap`."""
    if kind is not None:
        check_choice(kind, ("difference", "ratio"), where="kind")
    found, asked_kind = gap_metric(metric, kind)
    known = as_model(model)
    check_answers_edits(known, where=WHERE)
    found = _fitting(found, asked_kind, known, space=space, loss=loss, threshold=threshold)
    held = open_rows(rows)
    if not len(held):
        raise DataError(sentence("rows", "no rows", expected="at least one"))
    read = _read(held, known, y_true)
    groups = groups_of(held, sensitive_features, cuts=cuts)
    labels = _labels(held, y_true) if found.labels else None
    place = _output_place(known, found, output)
    positive = _positive(known, labels, place=place, rows=len(held))
    kept = _kept(found, positive, len(held))
    return Asked(
        reading=Reading(model=known),
        metric=found,
        kind=asked_kind,
        rows=held if kept is None else held.take(kept),
        all_rows=held,
        groups=groups,
        place=groups.place if kept is None else groups.place[kept],
        labels=labels,
        positive=positive if kept is None or positive is None else positive[kept],
        players=players_of(players, read),
        background=background,
        space=space,
        loss=found.loss or loss,
        threshold=threshold,
        output=place,
        budget=None if budget is None else check_count(budget, where="budget"),
        rng=generator_of(rng),
        progress=progress,
    )


def _fitting(
    found: GapMetric, kind: Kind, model: Model, *, space: Any, loss: Any, threshold: Any
) -> GapMetric:
    """The metric as it is measured, after what doesn't go together is refused."""
    if model.task not in found.tasks:
        expected = f"a model of this task: {listing(found.tasks)}"
        seen = f"{found.name!r} of a {model.task} model"
        hint = _hint_of_task(model)
        raise ArgumentError(sentence("metric", seen, expected=expected, hint=hint))
    if loss is not None and found.name != "mean_loss":
        hint = 'Pass metric="mean_loss".'
        raise ArgumentError(sentence("loss", f"{loss!r} for {found.name!r}", expected="none", hint=hint))
    if space is not None:
        check_choice(space, OPEN_SPACES, where="space")
        if found.space is not None and found.space != space:
            expected = f"{found.space!r}, or none"
            raise ArgumentError(sentence("space", f"{space!r} for {found.name!r}", expected=expected))
    game = kind == "ratio" or not found.linear
    if game and found.space == "loss":
        if model.task != "binary":
            seen = f"the {kind} of {found.name!r} of a {model.task} model"
            raise ArgumentError(sentence("kind", seen, expected="'difference'"))
        found = replace(found, space="decision")
    decides = found.space == "decision" or "zero_one" in (found.loss, loss)
    if threshold is not None and (not decides or model.task != "binary"):
        seen = f"{threshold!r} for {found.name!r} of a {model.task} model"
        raise ArgumentError(sentence("threshold", seen, expected="none"))
    return found


def _hint_of_task(model: Model) -> str:
    if model.task == "regression":
        return 'Take metric="mean_prediction" or "mean_squared_error".'
    return 'Take metric="selection_rate" with output=, one of the classes, or "accuracy".'


def _read(rows: Rows, model: Model, y_true: Any) -> tuple[str, ...]:
    """The columns that play."""
    read = model.features or rows.names
    rows.select(read, where=f"model ({model.kind})")
    return read if model.features is not None else without_label(read, y_true)


def _labels(rows: Rows, y_true: Any) -> Any:
    if y_true is None:
        hint = "Pass the rows' labels."
        raise ArgumentError(
            sentence("y_true", "no labels", expected="y_true= for this metric", hint=hint)
        )
    if isinstance(y_true, str):
        rows.check(y_true, where="y_true")
        return rows.column(y_true)
    check_labels(y_true, rows=len(rows))
    return y_true if hasattr(y_true, "dtype") else np.asarray(y_true)


def _output_place(model: Model, metric: GapMetric, output: Any) -> int:
    """Which of the space's numbers is meant."""
    if metric.space == "loss" or model.task != "multiclass":
        if output is not None and not (model.task == "binary" and output == model.positive_label):
            seen = f"{output!r} for {metric.name!r} of a {model.task} model"
            raise ArgumentError(sentence("output", seen, expected="none"))
        return 0
    if output not in model.classes:
        seen = f"{'no class' if output is None else repr(output)} for {metric.name!r}"
        hint = "It is then the positive class."
        expected = f"one of {listing(model.classes)}"
        raise ArgumentError(sentence("output", seen, expected=expected, hint=hint))
    return list(model.classes).index(output)


def _positive(model: Model, labels: Any, *, place: int, rows: int) -> Floats | None:
    """1 where the label is the positive one, for classifiers with labels, shape (n,)."""
    if labels is None or model.task == "regression":
        return None
    positive = place if model.task == "multiclass" else 1
    chosen = label_places(labels, model, rows=rows) == positive
    return np.asarray(chosen, dtype=np.float64)


def _kept(metric: GapMetric, positive: Floats | None, rows: int) -> Ints | None:
    """Places of the rows that a metric looks at; None for all."""
    if metric.rows == "all" or positive is None:
        return None
    kept = np.flatnonzero(positive == (1.0 if metric.rows == "positive" else 0.0))
    if not len(kept):
        seen = f"no {metric.rows} label in {rows:,} rows"
        raise DataError(sentence("y_true", seen, expected="at least one"))
    return kept
