"""Metrics and gaps of a model's scores, as an audit of the rows would tell them.

scores of the rows, labels, groups  ──audit──▶  {(kind, measure, along, label): number}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from rai.audits import Audit, audit
from rai.engines.encoding import Floats
from rai.explainers.losses import label_places, label_values
from rai.ground.formatting import TIMES
from rai.measure.criteria import find_criterion
from rai.measure.score_metrics import SCORE_METRICS
from rai.measure.tables import Asked, gaps_of, measured
from rai.models.model import Model
from rai.values import Level
from rai.whatif.row_groups import RowGroups

NOBODY = "everyone"  # the one axis of rows that nothing splits
_OF_SCORES = frozenset(name for row in SCORE_METRICS for name in (row.name, *row.aliases))


class Key(NamedTuple):
    """Which number it is.

    Attributes:
        kind: Whether of everyone, or of how far groups are apart.
        measure: Its name.
        along: The axes of the groups; None for everyone.
        label: The class, where there are several.
    """

    kind: Literal["metric", "gap"]
    measure: str
    along: str | None
    label: Level | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Measuring:
    """What turns scores of the same rows into numbers, again and again.

    Args:
        model: The model that scores them.
        y_true: Labels, as places among its classes, or values; shape (n,).
        groups: The groups of the rows.
        metrics: Metrics of everyone.
        gaps: Metrics and criteria whose gaps are measured.
        cut: From which score on a row is decided positive.
    """

    model: Model
    y_true: Any
    groups: RowGroups
    metrics: tuple[str, ...]
    gaps: tuple[str, ...]
    cut: float

    def numbers(self, scores: Floats) -> Mapping[Key, float | None]:
        """The numbers of scores, shape (n,) or (n, k); None where one is undefined."""
        return dict(self._told(self._audit(scores)))

    def _told(self, found: Audit) -> Iterator[tuple[Key, float | None]]:
        counts = found.counts()
        for name in self.metrics:
            for label, told in measured(counts.by(), name):
                value = float(told.value[0])
                yield Key("metric", told.name, None, label), value if np.isfinite(value) else None
        for axes in found.comparisons if self.gaps else ():
            part, along = counts.by(*axes), TIMES.join(axes)
            for name in self.gaps:
                for gap in gaps_of(part, name, (), Asked(each=True)):
                    yield Key("gap", gap.metric, along, dict(gap.within).get("label")), gap.value

    def _audit(self, scores: Floats) -> Audit:
        features = dict(self.groups.columns) or {NOBODY: np.zeros(len(scores), dtype=np.int64)}
        shared: dict[str, Any] = {
            "sensitive_features": features,
            "cuts": dict(self.groups.edges) or None,
            "task": self.model.task,
        }
        if self.model.task == "regression":
            return audit(y_true=self.y_true, y_pred=scores, **shared)
        if self.model.task == "multiclass":
            classes = np.array(self.model.classes)
            return audit(y_true=classes[self.y_true], y_pred=classes[scores.argmax(axis=1)], **shared)
        shared["positive_label"] = 1
        if self._reads_scores():
            cuts = (self.cut,)
            return audit(y_true=self.y_true, y_score=scores, thresholds=cuts, bins="exact", **shared)
        return audit(y_true=self.y_true, y_pred=(scores >= self.cut).astype(np.int64), **shared)

    def _reads_scores(self) -> bool:
        named = {*self.metrics, *(name for gap in self.gaps for name in find_criterion(gap).metrics)}
        return bool(named & _OF_SCORES)


def labels_of(y_true: Any, model: Model, *, rows: int) -> Any:
    """Labels as places among the model's classes, or a regression's values, shape (n,).

    Raises:
        DataError: Another number of them, a missing one, or one that the model doesn't know.

    Example:
        >>> import rai
        >>> labels_of([1, 0], rai.load_model(lambda frame: frame["x"]), rows=2).tolist()
        [1, 0]
    """
    if model.task == "regression":
        return label_values(y_true, rows=rows)
    return label_places(y_true, model, rows=rows)


def default_metrics(model: Model) -> Sequence[str]:
    """What is measured if nothing is named.

    Example:
        >>> import rai
        >>> default_metrics(rai.load_model(lambda frame: frame["x"]))
        ('accuracy',)
    """
    return ("r2",) if model.task == "regression" else ("accuracy",)
