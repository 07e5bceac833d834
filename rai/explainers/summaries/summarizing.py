"""What many rows make of each feature: for everyone, and for each group.

Attributions (n, M) ──by group──▶ n, Σ φ, Σ |φ|, their covariances ──▶ means, intervals, ranks

Intervals are for rows drawn at random, one by one, with the model and its background as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.attributions import Attributions
from rai.explainers.summaries.feature_rows import TAKEN, FeatureSummaries, FeatureSummary, Group
from rai.explainers.summaries.rank_bounds import RankBounds, RankDraws, ranks_of
from rai.ground.checks import check_count, check_level
from rai.ground.formatting import counted, number
from rai.measure.intervals import critical_value
from rai.measure.score_points import student
from rai.values import Level
from rai.values.generators import generator_of
from rai.whatif.group_names import named_groups
from rai.whatif.row_groups import Cuts

FEWEST = 2  # rows, for a spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How summaries are to be made.

    Args:
        level: Coverage of each interval.
        min_rows: Groups with fewer rows get no intervals.
        top: How many features count as the first few.
    """

    level: float = 0.95
    min_rows: int = 30
    top: int = 3

    def __post_init__(self) -> None:
        check_level(self.level)
        check_count(self.min_rows, where="min_rows", least=FEWEST)
        check_count(self.top, where="top")


def summarize(
    attributions: Attributions,
    *,
    by: Any = None,
    cuts: Cuts | None = None,
    output: Level | None = None,
    level: float = 0.95,
    min_rows: int = 30,
    top: int = 3,
    rng: int | np.random.Generator = 0,
) -> FeatureSummaries:
    """How much each feature contributes over all rows, and within each group.

    `mean_abs` says how much a feature matters, `mean` which way it pushes on average. Both may differ
    between groups that the means over everyone hide. Their intervals (Student's) and the bounds of
    ranks hold one by one, for rows drawn independently.

    Args:
        attributions: What `rai.explain` gave.
        by: What splits the rows: names of columns, or a dict of name to array, a frame or a series.
        cuts: Numeric columns of `by` to edges, or to a number of quantile groups.
        output: Which output; of several the last one if None.
        level: Coverage.
        min_rows: Groups with fewer rows get no intervals, and a note that says so.
        top: How many features count as the first few.
        rng: Seed, or source, of the draws behind the bounds of ranks.

    Returns:
        A row for each feature and group, everyone first.

    Raises:
        RoleError: A column of `by` is not there, or can't name groups.
        ArgumentError: No such output, or a number outside what is allowed.
        DataError: No rows.

    Example:
        >>> import rai
        >>> rows = {"a": [0.5, 1.0, 0.0, 0.5], "sex": ["F", "F", "M", "M"]}
        >>> found = rai.explain(lambda f: f["a"], rows, background={"a": [0.25], "sex": ["F"]})
        >>> [(row.name, row.n, row.mean, row.mean_abs) for row in summarize(found, by="sex")][::2]
        [('everyone', 4, 0.25, 0.375), ('F', 2, 0.5, 0.5), ('M', 2, 0.0, 0.25)]

    Source: Lundberg et al. (2020), doi:10.1038/s42256-019-0138-9, for mean sizes; Mogstad et al. (2024),
    doi:10.1093/restud/rdad006, for bounds of ranks.
    """
    asked = Asked(level=level, min_rows=min_rows, top=top)
    groups = named_groups(attributions.held, by, taken=TAKEN, where="by", cuts=cuts)
    split = groups.groups if groups.axes else []
    return summaries_of(
        attributions, groups.place, groups=split, axes=groups.axes, asked=asked, output=output, rng=rng
    )


def summaries_of(
    attributions: Attributions,
    place: Ints,
    *,
    groups: Sequence[Group],
    axes: tuple[str, ...],
    asked: Asked,
    output: Level | None = None,
    rng: int | np.random.Generator = 0,
    everyone: bool = True,
) -> FeatureSummaries:
    """Summaries of rows whose group is known.

    Args:
        attributions: The attributions.
        place: Each row's place among the groups, shape (n,); negative for none.
        groups: The groups; those without rows are told as such.
        axes: The columns of the groups.
        asked: How.
        output: Which output.
        rng: Seed, or source of randomness.
        everyone: Whether to tell of everyone, first.
    """
    k = attributions.output_place(output)
    values = attributions.values[:, :, k]
    order = np.argsort(-np.abs(values).mean(axis=0), kind="stable")
    told = _Telling(
        names=tuple(attributions.names[at] for at in order),
        axes=axes,
        output=attributions.outputs[k],
        space=attributions.space,
        asked=asked,
        draws=RankDraws(values.shape[1], rng=generator_of(rng)),
    )
    errors = None if attributions.standard_errors is None else attributions.standard_errors[:, :, k]
    parts: list[tuple[Group, slice | Ints]] = [((), slice(None))] if everyone else []
    by_group = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[by_group], np.arange(len(groups) + 1))
    parts += [(group, by_group[ends[at] : ends[at + 1]]) for at, group in enumerate(groups)]
    rows: list[FeatureSummary] = []
    for group, at in parts:
        noise = 0.0 if errors is None or not len(errors[at]) else errors[at].mean(axis=0)[order]
        rows += told.rows(values[at][:, order], group=group, noise=noise)
    return FeatureSummaries(rows)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Telling:
    """What the rows of all groups share."""

    names: tuple[str, ...]
    axes: tuple[str, ...]
    output: Level | None
    space: str
    asked: Asked
    draws: RankDraws

    def rows(self, values: Floats, *, group: Group, noise: Floats | float) -> Iterator[FeatureSummary]:
        """The rows of one group, from its attributions, shape (m, M)."""
        n = len(values)
        if not n:
            yield from (self._row(name, group, n=0, note="undefined: no rows") for name in self.names)
            return
        sizes = np.abs(values)
        mean, mean_abs = values.mean(axis=0), sizes.mean(axis=0)
        ranks = ranks_of(mean_abs)
        sure = self._sure(values, sizes, mean=mean, mean_abs=mean_abs)
        square = (values**2).mean(axis=0)
        noises = np.broadcast_to(noise, mean.shape)
        for at, name in enumerate(self.names):
            yield self._row(
                name,
                group,
                n=n,
                mean=float(mean[at]),
                mean_abs=float(mean_abs[at]),
                mean_square=float(square[at]),
                rank=int(ranks[at]),
                note=self._note(n, float(noises[at])),
                **{key: held[at] for key, held in sure.items()},
            )

    def _row(self, name: str, group: Group, **held: Any) -> FeatureSummary:
        held.setdefault("mean", None)
        return FeatureSummary(
            feature=name,
            group=group,
            axes=self.axes,
            output=self.output,
            space=self.space,
            level=self.asked.level,
            **held,
        )

    def _sure(self, values: Floats, sizes: Floats, *, mean: Floats, mean_abs: Floats) -> dict[str, Any]:
        """Intervals and bounds by field, where there are rows enough."""
        n = len(values)
        if n < self.asked.min_rows:
            return {}
        covariance = np.cov(sizes, rowvar=False, ddof=1).reshape(len(mean), len(mean)) / n
        low, high = _around(mean, values.var(axis=0, ddof=1) / n, n, self.asked.level)
        least, most = _around(mean_abs, covariance.diagonal(), n, self.asked.level)
        bounds: RankBounds = self.draws.bounds(
            mean_abs, covariance, freedom=n - 1, level=self.asked.level, top=self.asked.top
        )
        return {
            "low": low.tolist(),
            "high": high.tolist(),
            "mean_abs_low": np.maximum(least, 0.0).tolist(),
            "mean_abs_high": most.tolist(),
            "rank_low": bounds.low.tolist(),
            "rank_high": bounds.high.tolist(),
            "p_first": bounds.p_first.tolist(),
            "p_top": bounds.p_top.tolist(),
        }

    def _note(self, n: int, noise: float) -> str:
        notes = []
        if n < self.asked.min_rows:
            notes.append(f"no interval: {counted(n, 'row')}, fewer than {self.asked.min_rows}")
        if noise > 0:
            lifted = number(noise * sqrt(2 / pi))
            notes.append(f"values are estimates: their error lifts mean_abs by at most {lifted}")
        return "; ".join(notes)


def _around(value: Floats, variance: Floats, n: int, level: float) -> tuple[Floats, Floats]:
    """Student's interval of means of n rows."""
    freedom = np.full(len(value), n - 1.0)
    return student(np.stack([value, np.sqrt(variance), freedom]), critical_value(level))
