"""Why these errors? Attributions by confusion cell, and what sets errors apart from what is like them.

                    decided negative      decided positive
    label negative  true_negative    ◀──  false_positive       why decided positive, unlike the others?
    label positive  false_negative   ──▶  true_positive        why decided negative, unlike the others?

Each arrow is a contrast: mean attribution of the errors minus that of the right decisions of the same
label and group. Over all features contrasts add up to how far the two are apart in what is explained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints, encode
from rai.explainers.attributions import Attributions
from rai.explainers.summaries.feature_rows import TAKEN, FeatureSummaries, FeatureSummary, Group
from rai.explainers.summaries.rank_bounds import ranks_of
from rai.explainers.summaries.summarizing import Asked, summaries_of
from rai.explainers.summaries.welch import welch
from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import counted, readable
from rai.values import Level
from rai.values.generators import generator_of
from rai.whatif.group_names import named_groups
from rai.whatif.row_groups import Cuts
from rai.whatif.truths import Bools, column_of

CELL = "cell"
CELLS = ("true_negative", "false_positive", "false_negative", "true_positive")
CONTRASTS = (("false_positive", "true_negative"), ("false_negative", "true_positive"))
CUT = {"margin": 0.0, "probability": 0.5, "decision": 0.5}


def by_confusion(
    attributions: Attributions,
    *,
    y_true: Any,
    by: Any = None,
    cuts: Cuts | None = None,
    threshold: float | None = None,
    y_pred: Any = None,
    level: float = 0.95,
    min_rows: int = 30,
    top: int = 3,
    rng: int | np.random.Generator = 0,
) -> FeatureSummaries:
    """How much each feature contributes in each confusion cell, and what sets the errors apart.

    Rows of `cell` `false_positive_minus_true_negative` and `false_negative_minus_true_positive` are
    contrasts: what pushed the errors away from rows of the same label that were decided rightly. Their
    intervals are Welch's, and their ranks go by the size of the difference.

    Args:
        attributions: What `rai.explain` gave for a model of two classes.
        y_true: True labels: a column's name, or an array, shape (n,).
        by: What else splits the rows, as for `summarize`.
        cuts: Numeric columns of `by` to edges, or to a number of quantile groups.
        threshold: From where on a row is decided positive, on the scale of the attributions' space; if
            None 0.5 for probabilities and 0 for margins.
        y_pred: Decided labels, where they are not to be read off the model's own numbers.
        level, min_rows, top, rng: As for `summarize`.

    Returns:
        A row for each feature and cell: everyone's cells and contrasts, then those of each group.

    Raises:
        ArgumentError: Attributions of a model that doesn't have two classes, or of losses.
        DataError: Labels that can't be used.
        RoleError: A column that is not there, or can't name groups.

    Example:
        >>> import rai
        >>> rows = {"x": [0.1, 0.2, 0.8, 0.9], "y": [0, 1, 0, 1]}
        >>> model = rai.load_model(lambda f: f["x"], features=["x"])
        >>> found = by_confusion(rai.explain(model, rows), y_true="y")
        >>> [(row.group[0][1], round(row.mean, 2)) for row in found][3:5]
        [('true_positive', 0.4), ('false_positive_minus_true_negative', 0.7)]

    Source: Welch (1947), doi:10.1093/biomet/34.1-2.28, for intervals of differences.
    """
    asked = Asked(level=level, min_rows=min_rows, top=top)
    positive = _positive_label(attributions)
    labels = _positives(attributions, y_true, positive, where="y_true")
    decided = _decided(attributions, threshold=threshold, y_pred=y_pred, positive=positive)
    cell = 2 * labels.astype(np.intp) + decided
    groups = named_groups(attributions.held, by, taken={*TAKEN, CELL}, where="by", cuts=cuts)
    seed = int(generator_of(rng).integers(2**63))
    axes = (*groups.axes, CELL)
    parts: list[tuple[list[Group], Ints]] = [([()], np.zeros(len(cell), dtype=np.intp))]
    if groups.axes:
        parts.append((groups.groups, groups.place))
    rows: list[FeatureSummary] = []
    for held, place in parts:
        found = summaries_of(
            attributions,
            place * len(CELLS) + cell,
            groups=[(*group, (CELL, name)) for group in held for name in CELLS],
            axes=axes,
            asked=asked,
            rng=seed,
            everyone=False,
        )
        contrasts = [
            row
            for at, group in enumerate(held)
            for row in _Contrasts(attributions, asked, axes, found.features).rows(
                np.where(place == at, cell, -1), group
            )
        ]
        rows += _interleaved(found, contrasts, held)
    return FeatureSummaries(rows)


@dataclass(frozen=True, slots=True)
class _Contrasts:
    """What makes contrasts of cells."""

    attributions: Attributions
    asked: Asked
    axes: tuple[str, ...]
    features: tuple[str, ...]

    def rows(self, cell: Ints, group: Group) -> Iterator[FeatureSummary]:
        """The contrasts of one group, from each row's cell, -1 for rows outside it."""
        order = [self.attributions.place(name) for name in self.features]
        values = self.attributions.values[:, :, 0]
        for errors, right in CONTRASTS:
            ours, theirs = (values[cell == CELLS.index(name)][:, order] for name in (errors, right))
            named = (*group, (CELL, f"{errors}_minus_{right}"))
            yield from self._contrast(ours, theirs, group=named, names=(errors, right))

    def _contrast(
        self, ours: Floats, theirs: Floats, *, group: Group, names: tuple[str, str]
    ) -> Iterator[FeatureSummary]:
        n, lacking = len(ours) + len(theirs), [len(ours), len(theirs)]
        empty = next((name for name, rows in zip(names, lacking, strict=True) if not rows), None)
        note = ""
        if empty is not None:
            note = f"undefined: no {readable(empty).lower()}s"
        elif min(lacking) < self.asked.min_rows:
            few = names[lacking.index(min(lacking))]
            rows = counted(min(lacking), readable(few).lower())
            note = f"no interval: {rows}, fewer than {self.asked.min_rows}"
        gap = ours.mean(axis=0) - theirs.mean(axis=0) if empty is None else None
        ranks = None if gap is None else ranks_of(np.abs(gap))
        bounds = None if note else welch(ours, theirs, level=self.asked.level)
        for at, feature in enumerate(self.features):
            yield FeatureSummary(
                feature=feature,
                group=group,
                axes=self.axes,
                output=self.attributions.outputs[0],
                space=self.attributions.space,
                n=n,
                mean=None if gap is None else float(gap[at]),
                low=None if bounds is None else float(bounds.low[at]),
                high=None if bounds is None else float(bounds.high[at]),
                rank=None if ranks is None else int(ranks[at]),
                level=self.asked.level,
                note=note,
            )


def _interleaved(
    cells: FeatureSummaries, contrasts: list[FeatureSummary], groups: list[Group]
) -> list[FeatureSummary]:
    """Each group's cells, and then its contrasts."""
    return [
        row for group in groups for rows in (cells, contrasts) for row in rows if row.group[:-1] == group
    ]


def _positive_label(attributions: Attributions) -> Level:
    outputs, space = attributions.outputs, attributions.space
    if space == "loss":
        hint = 'Explain the margin or the probability, not the "loss".'
        raise ArgumentError(
            sentence("by_confusion", "attributions of losses", expected="of scores", hint=hint)
        )
    if len(outputs) != 1 or outputs[0] is None:
        seen = "a regression" if len(outputs) == 1 else f"{len(outputs)} classes"
        raise ArgumentError(sentence("by_confusion", seen, expected="a model of two classes"))
    return outputs[0]


def _positives(attributions: Attributions, given: Any, positive: Level, *, where: str) -> Bools:
    """Which rows have the positive label, shape (n,)."""
    codes = encode(column_of(attributions.held, given, where=where))
    if codes.gaps:
        hint = "Leave out the rows without one."
        raise DataError(sentence(where, "a missing label", expected="one for each row", hint=hint))
    fits = len(codes.levels) <= 2 and (len(codes.levels) < 2 or positive in codes.levels)
    if codes.fraction is not None or not fits:
        seen = repr(codes.fraction) if codes.fraction is not None else listing(codes.levels)
        expected = f"two labels, {positive!r} and another"
        raise DataError(sentence(where, seen, expected=expected))
    return np.array([label == positive for label in codes.levels])[codes.codes]


def _decided(
    attributions: Attributions, *, threshold: float | None, y_pred: Any, positive: Level
) -> Bools:
    """Which rows are decided positive, shape (n,)."""
    if y_pred is not None:
        if threshold is not None:
            seen = "both a threshold and y_pred"
            raise ArgumentError(sentence("by_confusion", seen, expected="one of them"))
        return _positives(attributions, y_pred, positive, where="y_pred")
    if threshold is not None and attributions.space == "decision":
        hint = "Give it to rai.explain, where decisions are made."
        seen = "one for attributions of decisions"
        raise ArgumentError(sentence("threshold", seen, expected="none", hint=hint))
    real = isinstance(threshold, int | float | np.number) and not isinstance(threshold, bool)
    if threshold is not None and not (real and np.isfinite(threshold)):
        raise ArgumentError(sentence("threshold", repr(threshold), expected="a finite number"))
    cut = CUT[attributions.space] if threshold is None else float(threshold)
    return np.asarray(attributions.scores[:, 0] >= cut)
