"""Charts of scores: ROC, precision and recall, metrics against the threshold, where scores lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rai.ground.colours import Mark, marks_among
from rai.ground.formatting import number
from rai.reports.charts import (
    FINE,
    HALVES,
    SMALL,
    UNIT,
    Chart,
    Dot,
    Level,
    Line,
    dot,
    height,
    line,
    path,
    steps,
)
from rai.reports.facts import Facts, group_of
from rai.reports.group_tables import FEW_GROUPS
from rai.reports.scales import Scale, scale
from rai.reports.score_facts import ScoresOf
from rai.reports.words import capital, clean, estimated, figure, listed, name
from rai.values import Curve, Distribution, Estimate

MOST_BANDS, MOST_BEHIND, MOST_TOLD, MOST_RULES = 6, 40, 12, 4

_AXES = {
    "roc": ("ROC", "true positive rate over false positive rate", "roc_auc"),
    "precision_recall": (
        "Precision and recall",
        "positive predictive value over true positive rate",
        "average_precision",
    ),
}
_OPERATING = {
    "roc": ("false_positive_rate", "true_positive_rate"),
    "precision_recall": ("true_positive_rate", "positive_predictive_value"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The groups of a comparison that charts name, and those that stay behind them in grey.

    Args:
        marks: Group to its mark, for those that are named.
        behind: The others.
        left_out: How many groups are not drawn.
    """

    marks: Mapping[str, Mark]
    behind: tuple[str, ...]
    left_out: int


def shown_groups(facts: Facts, along: str) -> Shown:
    """All groups where they are few, else the largest in front of the others."""
    names = facts.names(along)
    front = names
    if len(names) > FEW_GROUPS:
        rows = {group_of(e, facts.audit): e.n for e in facts.groups[along]}
        largest = sorted(names, key=lambda group: rows[group], reverse=True)[:FEW_GROUPS]
        front = tuple(group for group in names if group in largest)
    rest = [group for group in names if group not in front]
    return Shown(marks_among(front, names), tuple(rest[:MOST_BEHIND]), max(len(rest) - MOST_BEHIND, 0))


def ranking_charts(found: ScoresOf, facts: Facts, along: str, shown: Shown) -> tuple[Chart, ...]:
    """The ROC chart, and the one of precision and recall."""
    return tuple(_ranking(kind, found, facts, along, shown) for kind in _AXES)


def threshold_charts(found: ScoresOf, facts: Facts, along: str, shown: Shown) -> tuple[Chart, ...]:
    """One small chart for each metric, over thresholds."""
    curves = found.at_thresholds
    metrics = dict.fromkeys(curve.name for curve in curves)
    ends = [float(t) for curve in curves for t in curve.x[[0, -1][: len(curve.x)]]]
    across = HALVES if all(0 <= end <= 1 for end in ends) else scale(ends)
    return tuple(
        Chart(
            title=capital(name(metric)),
            axes="",
            told=_told_now(metric, facts, along, shown),
            x=across,
            y=HALVES,
            lines=_lines(
                {c.group_name: c for c in curves if c.name == metric},
                shown,
                (across, HALVES),
                within=SMALL,
            ),
            rules=tuple((across.at(t), number(t)) for t in facts.audit.thresholds[:MOST_RULES]),
        )
        for metric in metrics
    )


def distribution_charts(found: ScoresOf, facts: Facts, shown: Shown) -> tuple[Chart, ...]:
    """One small chart for each group: where its scores lie, positive labels above, negative below."""
    parts: dict[str, list[Distribution]] = {}
    for part in found.distributions:
        parts.setdefault(part.group_name, []).append(part)
    tallest = [_tallest(pair[place] for pair in parts.values()) for place in (0, 1)]
    return tuple(
        _spread(group, parts[group], tallest, facts, mark) for group, mark in shown.marks.items()
    )


def _ranking(kind: str, found: ScoresOf, facts: Facts, along: str, shown: Shown) -> Chart:
    title, axes, area = _AXES[kind]
    curves = {curve.group_name: curve for curve in found.ranking if curve.name == kind}
    areas = {e.name: e for e in found.metrics if e.metric == area}
    base = kind == "precision_recall"
    return Chart(
        title=title,
        axes=axes,
        told=f"{title} by {clean(along)}: {_told(areas, shown)}",
        lines=_lines(curves, shown, (UNIT, UNIT)),
        dots=tuple(_operating_points(_OPERATING[kind], facts, along, shown)),
        levels=_base_rates(curves, shown) if base else (),
        guides=() if base else (path(np.array([0.0, 1.0]), np.array([0.0, 1.0])),),
    )


def _told_now(metric: str, facts: Facts, along: str, shown: Shown) -> str:
    """What a chart over thresholds shows at the threshold of now."""
    now = {g: e for g in shown.marks if (e := facts.estimate(along, metric, g)) is not None}
    at = f"at {number(facts.audit.thresholds[0])}"
    return f"{name(metric)} over the threshold by {clean(along)}; {at}: {_told(now, shown)}"


def _lines(
    curves: Mapping[str, Curve], shown: Shown, scales: tuple[Scale, Scale], *, within: float = FINE
) -> tuple[Line, ...]:
    """Lines of the groups behind, then bands and lines of those in front."""
    bands = len(shown.marks) <= MOST_BANDS
    groups: list[tuple[str, Mark | None]] = [(group, None) for group in shown.behind]
    groups += list(shown.marks.items())
    return tuple(
        line(
            curve.x,
            curve.y,
            scales=scales,
            mark=mark,
            bounds=(curve.low, curve.high) if bands and mark is not None else None,
            within=within,
        )
        for group, mark in groups
        if len((curve := curves[group]).x)
    )


def _operating_points(metrics: tuple[str, str], facts: Facts, along: str, shown: Shown) -> Iterable[Dot]:
    """Where each group stands at the threshold of now."""
    for group, mark in shown.marks.items():
        x, y = (facts.estimate(along, metric, group) for metric in metrics)
        if x is not None and y is not None and x.value is not None and y.value is not None:
            told = f"{clean(group)}: {name(x.metric)} {estimated(x)}, {name(y.metric)} {estimated(y)}"
            yield dot(x.value, y.value, scales=(UNIT, UNIT), mark=mark, told=told)


def _base_rates(curves: Mapping[str, Curve], shown: Shown) -> tuple[Level, ...]:
    """The precision of selecting everyone, which is the last point of a curve."""
    ends = [(curves[group], mark) for group, mark in shown.marks.items() if len(curves[group].x)]
    return tuple(Level(height(float(curve.y[-1]), UNIT), mark) for curve, mark in ends)


def _told(values: Mapping[str, Estimate], shown: Shown) -> str:
    """The values of the groups in words."""
    told = [
        f"{clean(group, most=60)} {_value(values[group])}" for group in shown.marks if group in values
    ]
    return listed(told, most=MOST_TOLD) + "."


def _value(estimate: Estimate) -> str:
    return "undefined" if estimate.value is None else f"{figure(estimate.value)}"


def _tallest(parts: Iterable[Distribution]) -> float:
    return max((float(part.share.max()) for part in parts if not part.note), default=1.0)


def _spread(
    group: str, parts: list[Distribution], tallest: list[float], facts: Facts, mark: Mark
) -> Chart:
    first, last = float(parts[0].low[0]), float(parts[0].high[-1])
    across = Scale(first, last, (first, (first + last) / 2, last))
    paths = []
    for part, side, most in zip(parts, (-0.5, 0.5), tallest, strict=True):
        if not part.note:
            edges = (np.append(part.low, part.high[-1]) - first) / (last - first)
            paths.append(Line("", steps(edges, 0.5 + side * part.share / most, base=0.5), mark))
    counts = [f"{int(part.n.sum()):,} {clean(part.label, most=30)}" for part in reversed(parts)]
    return Chart(
        title=clean(group),
        axes=", ".join(counts),
        told=f"Where the scores of {clean(group)} lie: {', '.join(counts)}.",
        x=across,
        y=Scale(0.0, 1.0, (0.5,)),
        lines=tuple(paths),
        rules=tuple((across.at(t), number(t)) for t in facts.audit.thresholds[:1]),
        mark=mark,
    )
