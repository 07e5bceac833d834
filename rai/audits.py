"""The façade: rows in, an `Audit` out; every question about it is arithmetic on its counts."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from rai.audit_files import read_audit, write_audit
from rai.engines import columns, count
from rai.ground.checks import as_cuts, as_names, check_count, check_level
from rai.ground.errors import ArgumentError, RoleError, TallyError, sentence
from rai.ground.formatting import TIMES
from rai.ground.records import Records, Row
from rai.ground.version import VERSION
from rai.measure.at_thresholds import Points
from rai.measure.calibration_tables import calibration_table, residual_table
from rai.measure.curves import curve_table, gap_curve_table
from rai.measure.distributions import score_distributions
from rai.measure.tables import (
    Asked,
    Axes,
    Counts,
    estimate_table,
    gap_table,
    pair_table,
    pooled_table,
    split_axes,
)
from rai.values import (
    Calibration,
    Confusion,
    Curves,
    Distributions,
    Estimates,
    GapCurves,
    Gaps,
    Key,
    Level,
    Moments,
    Pairs,
    Residuals,
    Roles,
    Scored,
    Tally,
)

Task = Literal["binary", "multiclass", "regression"]
Threshold = float | Mapping[Key, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Audit(Records):
    """What an audit counted, ready for questions.

    Args:
        tally: Counts by group, label and outcome (`Moments` for a regression).
        task: `binary`, `multiclass` or `regression`.
        roles: Which column was what.
        thresholds: The thresholds asked for; empty without scores.
        level: Coverage of every interval.
        seed: Seed of the draws behind simultaneous intervals and chance gaps.
        provenance: Data fingerprint, rows read, versions, command.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 1, 0, 0, 1, 1, 0, 0], y_pred=[1, 1, 0, 0, 1, 0, 0, 1],
        ...     sensitive_features={"sex": ["F", "F", "F", "F", "M", "M", "M", "M"]})
        >>> print(found.gaps("equal_opportunity").to_dicts()[0]["value"])
        0.5
    """

    tally: Tally | Moments
    task: Task
    roles: Roles
    thresholds: tuple[float, ...] = ()
    level: float = 0.95
    seed: int = 0
    provenance: Mapping[str, str | int] = field(default_factory=dict)

    def metrics(self, *names: str, by: Axes = None, threshold: Threshold = None) -> Estimates:
        """Metrics of the groups, each with its interval, counts and n.

        Args:
            *names: Metrics by name or alias; the usual ones if none is named.
            by: Axes to split by; None for all of them, `()` for everyone together.
            threshold: One of the audit's thresholds, or group key to threshold; the first if None.
        """
        return estimate_table(self.counts(threshold), names, by=by, level=self.level)

    def gaps(
        self,
        *names: str,
        along: Axes = None,
        within: Axes = None,
        kind: str = "difference",
        versus: str | Level | Key = "between_groups",
        aggregate: str = "worst_case",
        threshold: Threshold = None,
    ) -> Gaps:
        """How far apart the groups are, with simultaneous intervals and what chance alone would show.

        Args:
            *names: Criteria or metrics; the usual criteria if none is named.
            along: Axes that define the groups; None for each sensitive feature and their intersection.
            within: Axes held fixed: one gap for each of their levels.
            kind: `difference` or `ratio`; criteria that are ratios by definition stay so.
            versus: `between_groups`, `to_overall`, or a group to compare all others with (`"Male"`, or
                `("Male", "White")`); along axes that don't have the group, there is no gap.
            aggregate: `worst_case` comparison, or their `mean`.
            threshold: As for `metrics`.
        """
        asked = self._asked(kind, versus, aggregate)
        axes = self.comparisons if along is None else (split_axes(along),)
        return gap_table(self.counts(threshold), names, along=axes, within=within, asked=asked)

    def pairs(
        self,
        *names: str,
        along: Axes = None,
        kind: str = "difference",
        versus: str | Level | Key = "between_groups",
        threshold: Threshold = None,
    ) -> Pairs:
        """Every comparison behind the gaps: signed, simultaneous, with Holm-adjusted p-values.

        Args:
            *names: Criteria or metrics, together one family; the usual criteria if none is named.
            along: Axes that define the groups; all sensitive features if None.
            kind, versus, threshold: As for `gaps`.
        """
        axes = self.roles.sensitive_features if along is None else along
        asked = self._asked(kind, versus, "worst_case")
        return pair_table(self.counts(threshold), names, along=axes, asked=asked)

    def pooled_gaps(
        self,
        *names: str,
        along: Axes = None,
        within: Axes = None,
        method: str = "standardized",
        kind: str = "difference",
        versus: str | Level | Key = "between_groups",
        threshold: Threshold = None,
    ) -> Gaps:
        """Gaps with other axes held fixed and pooled over, so that Simpson's paradox shows.

        Args:
            *names: Criteria or metrics; the usual criteria if none is named.
            along: Axes that define the groups; all sensitive features if None.
            within: Axes held fixed; the control features if None.
            method: `standardized` rates, or the common odds ratio of `mantel_haenszel`.
            kind, versus, threshold: As for `gaps`.
        """
        axes = self.roles.sensitive_features if along is None else along
        fixed = self.roles.control_features if within is None else within
        asked = self._asked(kind, versus, "worst_case")
        return pooled_table(
            self.counts(threshold), names, along=axes, within=fixed, method=method, asked=asked
        )

    def confusion(self, by: Axes = None, threshold: Threshold = None) -> Confusion:
        """Confusion matrix of each group; for several classes, take `tally.one_vs_rest` first."""
        counts = self.counts(threshold)
        if isinstance(counts, Scored):
            counts = counts.confusion
        if not isinstance(counts, Confusion):
            raise ArgumentError(sentence("confusion", f"a {self.task} audit", expected="a binary audit"))
        return counts if by is None else counts.by(*split_axes(by))

    def costs(
        self,
        by: Axes = None,
        threshold: Threshold = None,
        *,
        cost_fp: float = 1.0,
        cost_fn: float = 1.0,
        benefit_tp: float = 0.0,
        benefit_tn: float = 0.0,
    ) -> Estimates:
        """What decisions cost per row of each group, less what right ones bring, with intervals.

        Example:
            >>> rows = {"y": [0, 1], "s": [0.9, 0.9], "sex": ["F", "M"]}
            >>> found = audit(rows, y_true="y", y_score="s", sensitive_features="sex")
            >>> [each.value for each in found.costs(cost_fp=4.0)]
            [4.0, 0.0]
        """
        from rai.measure.thresholds.group_costs import group_costs
        from rai.measure.thresholds.objectives import Objective

        prices = Objective(
            cost_fp=cost_fp, cost_fn=cost_fn, benefit_tp=benefit_tp, benefit_tn=benefit_tn
        )
        tally, at = self._scored("costs"), self.thresholds[0] if threshold is None else threshold
        axes = tally.axes if by is None else split_axes(by)
        return group_costs(tally, axes=axes, threshold=at, objective=prices, level=self.level)

    def curves(self, *names: str, by: Axes = None, points: Points = None) -> Curves:
        """Curves of the groups over thresholds, each with a pointwise band.

        Args:
            *names: `roc`, `precision_recall`, or metrics of decisions, which are drawn against the
                threshold; the first two if none is named.
            by: Axes to split by; None for all of them, `()` for everyone together.
            points: Thresholds; None for every corner of the first two, and for metrics at most 201.
        """
        tally, shown = self._scored("curves"), self.thresholds
        return curve_table(tally, names, by=by, points=points, level=self.level, always=shown)

    def gap_curves(
        self,
        *names: str,
        along: Axes = None,
        points: Points = None,
        kind: str = "difference",
        versus: str | Level | Key = "between_groups",
    ) -> GapCurves:
        """Gaps at each threshold: what `gaps` gives, for many thresholds at once.

        Each interval holds for all groups at its own threshold, not for all thresholds together.

        Args:
            *names: Criteria or metrics of decisions; the usual criteria if none is named.
            along: As for `gaps`.
            points: Thresholds; None for at most 41, and those of the audit.
            kind, versus: As for `gaps`.
        """
        tally, asked = self._scored("gap_curves"), self._asked(kind, versus, "worst_case")
        axes = self.comparisons if along is None else (split_axes(along),)
        return gap_curve_table(
            tally, names, along=axes, points=points, asked=asked, always=self.thresholds
        )

    def score_distributions(self, by: Axes = None, bins: int = 20) -> Distributions:
        """How scores are spread, by group and true label.

        Args:
            by: As for `curves`.
            bins: How many bins of equal width, as nearly as the audit's own bins allow.
        """
        tally = self._scored("score_distributions")
        axes = tally.axes if by is None else split_axes(by)
        return score_distributions(tally.by(*axes), bins=bins)

    def calibration(self, by: Axes = None, *, bins: int = 10, strategy: str = "quantile") -> Calibration:
        """What came true at each level of prediction: a reliability curve per group.

        For scores, the share of positive labels in each bin, with Wilson's interval; for a regression,
        the mean of the true values, with Student's.

        Args:
            by: As for `curves`.
            bins: How many bins per group, at most.
            strategy: `quantile` for bins of about equal weight in each group, or `uniform` for bins of
                equal width that all groups share.
        """
        counts = self.tally if isinstance(self.tally, Moments) else self._scored("calibration")
        return calibration_table(counts, by=by, bins=bins, strategy=strategy, level=self.level)

    def residuals(self, by: Axes = None) -> Residuals:
        """How a regression's errors (prediction minus truth) are spread, by group.

        Args:
            by: As for `curves`.
        """
        return residual_table(self.tally, by=by)

    @property
    def comparisons(self) -> tuple[tuple[str, ...], ...]:
        """What gaps are taken along by default: sensitive features, their intersection, cohorts."""
        features = self.roles.sensitive_features
        crossed = (features,) if len(features) > 1 else ()
        each, cohorts = (tuple((name,) for name in names) for names in (features, self.roles.cohorts))
        return (*each, *crossed, *cohorts)

    @property
    def rows(self) -> int:
        """Rows counted."""
        return self.tally.rows

    @property
    def dropped(self) -> dict[str, int]:
        """Reason to rows that could not be counted."""
        return {reason: rows for reason, rows in self.tally.dropped.items() if rows}

    def to_dicts(self) -> list[Row]:
        """The usual gaps as rows."""
        return self.gaps().to_dicts()

    def save(self, path: str | Path) -> Path:
        """Write the counts, roles and provenance as JSON (never rows); whole or not at all."""
        return write_audit(path, self.to_plain())

    @classmethod
    def load(cls, path: str | Path) -> Audit:
        """Read what `save` wrote."""
        return cls(**read_audit(path))

    def to_plain(self) -> dict[str, Any]:
        """The audit's fields by name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __add__(self, other: Audit) -> Audit:
        """The audit of both sets of rows."""
        if (self.task, self.roles, self.thresholds) != (other.task, other.roles, other.thresholds):
            raise TallyError(
                sentence(
                    "adding audits", "other roles, task or thresholds", expected="the same on both sides"
                )
            )
        prints = [str(part.provenance.get("fingerprint", "")) for part in (self, other)]
        read = sum(int(part.provenance.get("rows_read", 0)) for part in (self, other))
        merged = {**self.provenance, "fingerprint": "+".join(sorted(prints)), "rows_read": read}
        return replace(self, tally=self.tally + other.tally, provenance=merged)  # type: ignore[operator]

    def __repr__(self) -> str:
        groups = len(self.tally.by(*self.roles.sensitive_features).groups)
        named = TIMES.join(self.roles.sensitive_features)
        return f"Audit({self.task}, {self.rows:,} rows, {groups} groups of {named})"

    def counts(self, threshold: Threshold = None) -> Counts:
        """The table that metrics read: confusion matrices where there are two classes."""
        if isinstance(self.tally, Moments) or self.task == "multiclass":
            if threshold is not None:
                raise ArgumentError(
                    sentence("threshold", repr(threshold), expected="none: this audit has no scores")
                )
            return self.tally
        if not self.thresholds:
            return self.tally.confusion(threshold)
        tally = self.tally
        decisions = tally.confusion(self.thresholds[0] if threshold is None else threshold)
        return Scored(decisions, lambda: tally)

    def _scored(self, where: str) -> Tally:
        """The tally, where it holds scores of two classes."""
        if self.task == "binary" and self.thresholds and isinstance(self.tally, Tally):
            return self.tally
        seen = f"a {self.task} audit" if self.task != "binary" else "an audit of predictions"
        hint = "Audit with y_score= instead of y_pred=."
        raise ArgumentError(sentence(where, seen, expected="scores of two classes", hint=hint))

    def _asked(self, kind: str, versus: str | Level | Key, aggregate: str) -> Asked:
        return Asked.of(kind=kind, versus=versus, aggregate=aggregate, level=self.level, seed=self.seed)


def audit(
    data: object = None,
    *,
    y_true: Any,
    y_pred: Any = None,
    y_score: Any = None,
    sensitive_features: Any,
    control_features: Any = (),
    sample_weight: Any = None,
    positive_label: Level | None = None,
    thresholds: float | Sequence[float] = (0.5,),
    bins: int | Literal["exact"] = 1000,
    level: float = 0.95,
    cuts: Mapping[str, Sequence[float] | int] | None = None,
    where: Any = None,
    cohorts: Any = None,
    task: Task | Literal["auto"] = "auto",
    seed: int = 0,
    progress: Callable[[int, int | None], None] | None = None,
) -> Audit:
    """Count a model's decisions by group, in one pass; ask the result for metrics, gaps and reports.

    Args:
        data: A frame (pandas, Polars, PyArrow and others), a Polars lazy frame, or a path to CSV or
            Parquet; the other arguments then name columns. None when they are arrays.
        y_true: True labels (or values), shape (n,).
        y_pred: Predicted labels (or values), shape (n,).
        y_score: Scores, shape (n,), higher meaning more likely positive; or give `y_pred`.
        sensitive_features: Columns that name groups of people; for arrays also a Series, a frame,
            or a dict of name to array.
        control_features: Columns held fixed when groups are compared; given in the same ways.
        sample_weight: Non-negative row weights, shape (n,).
        positive_label: The label that counts as positive; needed where labels don't say it.
        thresholds: Score cuts to be exact at; a row is predicted positive when score >= threshold.
        bins: Equal-width score bins between 0 and 1, or "exact" for every distinct score.
        level: Coverage of every interval.
        cuts: Numeric feature to edges (ranges hold their lower edge) or to a number of quantile groups.
        where: Which rows are counted, as a query such as `age > 40 and sex = Female`; the others are in
            `dropped`, also those of which it is not known. It may ask about any column of the data.
        cohorts: A dict of name to query, or `Cohorts`: each becomes one more axis, with the levels `in`
            and `out`, and `(missing)` where it is not known. Gaps are taken along each by itself.
        task: `binary`, `multiclass` or `regression`; normally read off the labels.
        seed: Seed of the draws behind simultaneous intervals and chance gaps.
        progress: Called with rows done and rows in all (or None) as rows are read.

    Raises:
        RoleError: A column is missing or unfit for its role.
        DataError: Rows or a file can't be read or used.
        ArgumentError: An argument is outside what is allowed.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0, 1, 1], y_score=[0.9, 0.2, 0.4, 0.8],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> [(estimate.name, estimate.value) for estimate in found.metrics("true_positive_rate")]
        [('F', 1.0), ('M', 0.5)]
    """
    from rai.explore.row_choices import choose_rows  # here, so that `import rai` stays quick

    check_level(level)
    check_count(seed, where="seed", least=0)
    if (y_pred is None) == (y_score is None):
        seen = "neither y_pred nor y_score" if y_pred is None else "both y_pred and y_score"
        raise ArgumentError(sentence("audit", seen, expected="one of them"))
    given = {
        "y_true": y_true,
        "y_pred": y_pred,
        "y_score": y_score,
        "sensitive_features": sensitive_features,
        "control_features": None if _is_empty(control_features) else control_features,
        "sample_weight": sample_weight,
    }
    if data is None:
        data, named = columns(**given)
    else:
        named = _names(given)
    if not named["sensitive_features"]:
        raise RoleError(
            sentence("sensitive_features", "none", expected="at least one column that names groups")
        )
    edges = {name: _edges(cut) for name, cut in as_cuts(cuts).items()}
    roles = Roles(**named, positive_label=positive_label, cuts=edges)
    chosen = choose_rows(data, where=where, cohorts=cohorts, names=roles.columns)
    roles = roles.replace(**chosen.texts())
    counted = count(chosen.source, roles, thresholds=thresholds, bins=bins, task=task, progress=progress)
    left_out = chosen.left_out(counted.rows)
    return Audit(
        tally=replace(counted.tally, dropped={**counted.tally.dropped, **left_out}),
        task=counted.task,
        roles=counted.roles,
        thresholds=counted.thresholds,
        level=level,
        seed=seed,
        provenance={
            "fingerprint": counted.fingerprint,
            "rows_read": counted.rows + sum(left_out.values()),
            **versions(),
        },
    )


def versions() -> dict[str, str]:
    """Versions that a result may depend on."""
    return {"rai": VERSION, "numpy": np.__version__, "python": platform.python_version()}


def _names(given: Mapping[str, Any]) -> dict[str, Any]:
    """Roles as column names; anything else is an error that says so."""
    several = {"sensitive_features", "control_features"}
    return {
        role: _several(role, held) if role in several else _one(role, held)
        for role, held in given.items()
    }


def _is_empty(held: Any) -> bool:
    return isinstance(held, (tuple, list, dict)) and not held


def _one(role: str, held: Any) -> str | None:
    if held is None or isinstance(held, str):
        return held
    raise _not_a_name(role, held)


def _several(role: str, held: Any) -> tuple[str, ...]:
    if held is None or isinstance(held, str):
        return as_names(held)
    if isinstance(held, Iterable) and not isinstance(held, Mapping):
        names = list(held)
        if all(isinstance(name, str) for name in names) and len(names) < 1000:
            return tuple(names)
    raise _not_a_name(role, held)


def _not_a_name(role: str, held: Any) -> RoleError:
    return RoleError(
        sentence(
            role,
            f"a {type(held).__name__}",
            expected="the name of a column of the data",
            hint="Leave out the data to pass arrays.",
        )
    )


def _edges(cut: Sequence[float] | int) -> tuple[float, ...] | int:
    return cut if isinstance(cut, int) else tuple(float(edge) for edge in cut)
