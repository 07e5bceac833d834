"""Where scores become decisions: one threshold, one for each group, or a plan.

    Cutoffs.of(model, 0.6) · {("F",): 0.4, ("M",): 0.6} along "sex" · ThresholdPlan
    {"< 30": 0.4, "≥ 30": 0.6} along "age", cut at 30
        .of_rows(rows)          ──▶  each row's threshold
        .decide(scores, rows)   ──▶  each row's class, as a place in model.classes

An edit that changes a row's group changes its threshold too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from rai.engines import keyed_scores
from rai.engines.cutting import edges_of
from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.engines.numbers import numbers_of_role
from rai.ground.checks import as_cuts, as_names
from rai.ground.errors import ArgumentError, DataError, RoleError, did_you_mean, listing, sentence
from rai.models import Model
from rai.thresholds import ThresholdPlan
from rai.values import Key, Level
from rai.values.levels import key_name
from rai.whatif.row_groups import Cuts

Threshold = float | Mapping[Key | Level, float] | ThresholdPlan | None
Edges = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, eq=False)
class Cutoffs:
    """What decides, for rows of any group.

    Args:
        classes: The model's classes; empty for a regression, which decides nothing.
        single: The threshold for everyone, where there is one.
        along: The columns that make up a group.
        cuts: Column to the edges it is cut at.
        by_group: Group to threshold.
    """

    classes: tuple[Level, ...]
    single: float | None = None
    along: tuple[str, ...] = ()
    cuts: Edges | None = None
    by_group: Mapping[Key, float] | None = None

    @classmethod
    def of(
        cls, model: Model, threshold: Threshold, *, along: Any = None, cuts: Edges | None = None
    ) -> Cutoffs:
        """What decides, from what a person says.

        Args:
            model: The model that scores.
            threshold: One number, group to number, or a `ThresholdPlan`; the model's own if None.
            along, cuts: For a mapping, the columns that make up a group, and edges of those of numbers.

        Raises:
            ArgumentError: If it doesn't go with the model, or decides by lot.
        """
        if model.task != "binary":
            if threshold is not None:
                seen = f"a threshold for a {model.task} model"
                raise ArgumentError(sentence("threshold", seen, expected="none"))
            return cls(model.classes)
        if isinstance(threshold, ThresholdPlan):
            return _of_plan(model, threshold)
        if isinstance(threshold, Mapping):
            return _of_groups(model, threshold, as_names(along), cuts or {})
        single = model.threshold if threshold is None else _finite(threshold)
        return cls(model.classes, single)

    def of_rows(self, rows: Rows, *, strict: bool = True) -> Floats:
        """The threshold of each row, shape (n,).

        Args:
            rows: The rows.
            strict: Whether a row whose group has none is an error; NaN otherwise.

        Raises:
            DataError: If a row's group has none.
        """
        if self.by_group is None:
            return np.full(len(rows), 0.5 if self.single is None else self.single)
        frame = rows.select(self.along, where="threshold").native
        keyed = keyed_scores(np.zeros(len(rows)), frame, axes=self.along, cuts=self.cuts or {})
        strange = [key_name(key) for key in keyed.keys if key not in self.by_group]
        if strange and strict:
            known = listing(map(key_name, self.by_group))
            hint = "Give a threshold for it, or one number for everyone."
            seen = f"group {listing(strange, most=4)}"
            raise DataError(sentence("threshold", seen, expected=f"one of {known}", hint=hint))
        return np.array([self.by_group.get(key, np.nan) for key in keyed.keys])[keyed.place]

    def decide(self, scores: Floats, rows: Rows) -> Ints:
        """The class of each row, as a place in `classes`, shape (n,).

        Raises:
            ArgumentError: For a regression, which has no classes.
        """
        if not self.classes:
            seen = "a regression, which decides nothing"
            raise ArgumentError(sentence("decisions", seen, expected="a model with classes"))
        if scores.ndim == 2:
            return np.asarray(scores.argmax(axis=1), dtype=np.intp)
        return np.asarray(scores >= self.of_rows(rows), dtype=np.intp)


def cuts_along(cuts: Cuts | None, along: Any) -> Cuts:
    """The cuts of columns that thresholds go by, where others say how groups beside them are cut."""
    return {name: cuts[name] for name in as_names(along) if cuts and name in cuts}


def edges_along(rows: Rows, along: Any, cuts: Cuts | None) -> Edges:
    """The edges that columns of thresholds are cut at.

    Args:
        rows: The rows, whose quantiles are taken where only a number of groups is said.
        along: The columns that make up a group.
        cuts: Column to edges (ranges hold their lower edge) or to a number of quantile groups.

    Raises:
        RoleError: Another column, or one that is not there or holds no numbers.
        ArgumentError: Cuts that cut nothing.
    """
    names, cuts = as_names(along), as_cuts(cuts)
    stray = next((name for name in cuts if name not in names), None)
    if stray is not None:
        seen = f"{stray!r}, which no threshold goes by"
        expected = f"columns of along ({listing(names)})" if names else "along=, with the columns to cut"
        raise RoleError(sentence("cuts", seen, expected=expected, hint=did_you_mean(stray, names)))
    return {name: _edges(rows, name, cut) for name, cut in cuts.items()}


def _edges(rows: Rows, name: str, cut: Sequence[float] | int) -> tuple[float, ...]:
    rows.check(name, where="along")
    where = f"along {name!r}"
    values = numbers_of_role(rows.column(name), where=where, expected="numbers to cut")
    return edges_of(cut, name, lambda: values[~np.isnan(values)])


def _of_plan(model: Model, plan: ThresholdPlan) -> Cutoffs:
    if any(rule.drawn for rule in plan.rules):
        hint = "Choose thresholds without lots (randomized=False)."
        seen = "a plan that draws lots near its thresholds, so that no edit has one answer"
        raise ArgumentError(sentence("threshold", seen, expected="a plan without lots", hint=hint))
    if plan.positive_label != model.positive_label:
        seen = f"a plan for positive label {plan.positive_label!r}"
        hint = "Pass positive_label= to rai.load_model."
        raise ArgumentError(
            sentence("threshold", seen, expected=f"{model.positive_label!r}, as the model's", hint=hint)
        )
    by_group = {rule.group: rule.thresholds[0] for rule in plan.rules}
    if not plan.along:
        return Cutoffs(model.classes, by_group[()])
    return Cutoffs(model.classes, None, plan.along, plan.cuts, by_group)


def _of_groups(
    model: Model, given: Mapping[Key | Level, float], along: tuple[str, ...], cuts: Edges
) -> Cutoffs:
    by_group = {key if isinstance(key, tuple) else (key,): _finite(at) for key, at in given.items()}
    if not along:
        hint = 'Pass along="sex", or whichever columns the groups are of.'
        raise ArgumentError(
            sentence("threshold", "groups without their columns", expected="along=", hint=hint)
        )
    short = next((key for key in by_group if len(key) != len(along)), None)
    if short is not None:
        expected = f"a level of each of {listing(along)}"
        raise ArgumentError(sentence("threshold", f"group {key_name(short)!r}", expected=expected))
    return Cutoffs(model.classes, None, along, cuts, by_group)


def _finite(threshold: Any) -> float:
    if (
        isinstance(threshold, bool)
        or not isinstance(threshold, Real)
        or not np.isfinite(float(threshold))
    ):
        raise ArgumentError(sentence("threshold", repr(threshold), expected="a finite number"))
    return float(threshold)
