"""One row, edited: what the model says and decides before and after.

row 17, {"age": 50}  ──▶  the row twice, the second one edited  ── one call of the model ──▶  EditResult
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows, joined
from rai.ground.formatting import number
from rai.ground.records import Records, Row
from rai.models import Model
from rai.values import Level
from rai.values.features import Features
from rai.whatif.cutoffs import Threshold
from rai.whatif.edit_marks import EditMarks
from rai.whatif.edited_rows import Edited, apply_edits, known_features, unread
from rai.whatif.edits import as_edits
from rai.whatif.row_groups import Cuts
from rai.whatif.settings import Picked, Setting, setting_of

Scores = float | tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult(Records):
    """What an edit of one row did.

    Args:
        classes: The model's classes; empty for a regression.
        record: The edited row, as plain Python.
        before, after: The score (of two classes the positive one's; the value of a regression), or one
            for each of several classes.
        decision_before, decision_after: The class decided; None for a regression.
        changed: Whether the decision differs; of a regression, whether the value does.
        marks: What is unusual about the edited values.

    Example:
        >>> import rai
        >>> found = rai.whatif.predict_edit(lambda frame: frame["age"] / 100, {"age": [30, 70]},
        ...     row=0, edits={"age": 60})
        >>> found.before, found.after, found.changed, str(found)
        (0.3, 0.6, True, '0.3 → 0.6 (+0.3), 0 → 1')
    """

    classes: tuple[Level, ...]
    record: dict[str, Any]
    before: Scores
    after: Scores
    decision_before: Level | None
    decision_after: Level | None
    changed: bool
    marks: EditMarks

    @property
    def delta(self) -> Scores:
        """After minus before."""
        if isinstance(self.before, tuple) and isinstance(self.after, tuple):
            return tuple(b - a for a, b in zip(self.before, self.after, strict=True))
        return self.after - self.before  # type: ignore[operator]

    def to_dicts(self) -> list[Row]:
        """One row; of several classes a row for each."""
        labels: tuple[Level | None, ...] = self.classes if len(self.classes) > 2 else self.classes[1:]
        columns = (_listed(scores) for scores in (self.before, self.after, self.delta))
        return [
            {
                "label": label,
                "before": before,
                "after": after,
                "delta": delta,
                "decision_before": self.decision_before,
                "decision_after": self.decision_after,
                "changed": self.changed,
                "note": self.marks.words,
            }
            for label, before, after, delta in zip(labels or (None,), *columns, strict=True)
        ]

    def __str__(self) -> str:
        shown = []
        if isinstance(self.before, float) and isinstance(self.delta, float):
            sign = "+" if self.delta >= 0 else "−"
            moved = f"{sign}{number(abs(self.delta))}"
            shown.append(f"{number(self.before)} → {number(self.after)} ({moved})")  # type: ignore[arg-type]
        if self.classes:
            shown.append(f"{self.decision_before} → {self.decision_after}")
        shown += [self.marks.words] if self.marks else []
        return ", ".join(shown)


def predict_edit(
    model: Any,
    rows: Any,
    *,
    row: Picked,
    edits: Any,
    threshold: Threshold = None,
    along: Any = None,
    cuts: Cuts | None = None,
    features: Features | None = None,
) -> EditResult:
    """What a model says and decides about one row, before and after an edit.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows, which say what occurs in each column.
        row: A row's position, or a dict of column to value; a column it leaves out is missing.
        edits: A dict of column to new value, an `Edit`, or several, applied in order.
        threshold: One number, group to number (with `along`), or a `ThresholdPlan`; the model's if None.
            The edited row is decided at the threshold of its own group.
        along: The columns that make up a group, for a mapping of thresholds.
        cuts: Numeric column of `along` to edges (ranges hold their lower edge) or to a number of
            quantile groups; thresholds are then for ranges, such as `"30 to < 45"`.
        features: What is known of the columns; if None, the edited columns are read (and only they).

    Raises:
        RoleError: A column is not there.
        ArgumentError: A value is of another kind than its column; there is no such row.
        DataError: The model can't predict the row.

    Example:
        >>> import rai
        >>> rows = {"income": [40, 60], "sex": ["F", "M"]}
        >>> found = rai.whatif.predict_edit(
        ...     lambda frame: 0.4 * (frame["income"] > 50) + 0.3 * (frame["sex"] == "M"), rows,
        ...     row=0, edits={"income": 75, "sex": "M"})
        >>> found.decision_before, found.decision_after, found.marks.words
        (0, 1, 'income: above 60, the largest that occurs (1 row)')
    """
    asked = as_edits(edits)
    setting = setting_of(model, rows, threshold=threshold, along=along, cuts=cuts, edits="predict_edit")
    picked = setting.picked(row)
    known = known_features(setting.rows, features)
    edited = apply_edits(picked, asked, feature_of=known)
    scores = setting.scores(_both(picked, edited))
    decided = _decided(setting, scores, picked, edited.rows)
    differs = decided[0] != decided[1] if setting.model.classes else bool(scores[0] != scores[1])
    return EditResult(
        classes=setting.model.classes,
        record=edited.rows.record(0),
        before=_plain(scores[0]),
        after=_plain(scores[1]),
        decision_before=decided[0],
        decision_after=decided[1],
        changed=differs,
        marks=EditMarks([*edited.marks, *unread(edited, setting.read)]),
    )


def _both(before: Rows, edited: Edited) -> Rows:
    """The row as it was and as it is, so that one call of the model scores both."""
    rows = before.take([0, 0])
    for name in edited.columns:
        pool = joined(before.column(name), edited.rows.column(name))
        rows = rows.with_column(name, pool, [0, 1])
    return rows


def _decided(
    setting: Setting, scores: Floats, before: Rows, after: Rows
) -> tuple[Level | None, Level | None]:
    """The classes of the row as it was and as it is, each at its own group's threshold."""
    model: Model = setting.model
    if not model.classes:
        return None, None
    first = setting.decide(scores[:1], before)[0]
    then = setting.decide(scores[1:], after)[0]
    return model.classes[first], model.classes[then]


def _plain(score: Any) -> Scores:
    return tuple(score.tolist()) if np.ndim(score) else float(score)


def _listed(scores: Scores) -> tuple[float, ...]:
    return scores if isinstance(scores, tuple) else (scores,)
