"""Whether drift hits one group: the largest distance of a group minus the least.

A small group is further away by chance than a large one, so what chance adds is taken off each distance
first. The interval takes the outermost bounds over all pairs of groups, each at its share of the error,
so that it holds although the pair was picked for being far apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from math import comb, hypot
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from rai.explore.compared_columns import Answer
from rai.explore.drift import Place, Question, adjusted_p, answers_of, axes_of, groups_of, together
from rai.explore.drift_rows import DistanceGap, DistanceGaps
from rai.measure.distance_intervals import Judged
from rai.measure.intervals import critical_value
from rai.values.levels import Level

if TYPE_CHECKING:
    from rai.explore.profiles import Profile


def distance_gaps_of(profile: Profile, question: Question, *, by: str | Iterable[str]) -> DistanceGaps:
    """How much further each feature drifted in one group than in another."""
    others = [name for name in profile.datasets if name != question.reference]
    places = [
        Place(feature=feature, dataset=dataset, along=along)
        for dataset in others
        for along in axes_of(profile, by)
        for feature in question.features
        if feature != along
    ]
    found = together(lambda place: _gaps(profile, question, place), places)
    rows = [row for rows in found for row in rows]
    families = [(row.dataset, row.along, row.measure) for row in rows]
    adjusted = adjusted_p([row.p_value for row in rows], families, question.adjust)
    return DistanceGaps(replace(row, p_value=p) for row, p in zip(rows, adjusted, strict=True))


def _gaps(profile: Profile, question: Question, place: Place) -> list[DistanceGap]:
    """The gaps of one feature, one for each measure."""
    assert place.along is not None
    groups = groups_of(profile, place.along)
    level = 1 - (1 - question.level) / max(comb(len(groups), 2), 1)
    held: dict[str, dict[Level, Answer]] = {}
    for group in groups:
        for answer in answers_of(profile, question, replace(place, group=group), level=level):
            held.setdefault(answer.measure.name, {})[group] = answer
    return [_gap(question, place, name, answers, level) for name, answers in held.items()]


def _gap(
    question: Question, place: Place, measure: str, answers: dict[Level, Answer], level: float
) -> DistanceGap:
    judged = {group: a.judged for group, a in answers.items() if a.judged is not None}
    left_out = [f"{group!r} ({a.note})" for group, a in answers.items() if a.judged is None]
    assert place.along is not None
    row = DistanceGap(
        feature=place.feature,
        dataset=place.dataset,
        reference=question.reference,
        along=place.along,
        measure=measure,
        value=None,
        note=f"left out: {', '.join(left_out)}" if left_out else "",
        level=question.level,
    )
    if len(judged) < 2:
        return replace(row, note="; ".join(filter(None, ("fewer than two groups", row.note))))
    size = {group: found.excess for group, found in judged.items()}
    ranked = sorted(size, key=size.__getitem__)
    apart = [
        (size[g] - size[h], *_bounds(size[g], judged[g], size[h], judged[h]))
        for g, h in permutations(ranked, 2)
    ]
    value = size[ranked[-1]] - size[ranked[0]]
    p_value = min(1.0, comb(len(ranked), 2) * min(_p_value(d, low, level) for d, low, _ in apart))
    by_chance = [found.by_chance for found in judged.values()]
    return replace(
        row,
        value=value,
        low=min(max(0.0, *(low for _, low, _ in apart)), value),
        high=max(high for _, _, high in apart),
        highest=ranked[-1],
        lowest=ranked[0],
        p_value=p_value,
        p_unadjusted=p_value,
        chance=float(np.ptp(by_chance, axis=0).mean()),
    )


def _bounds(ours: float, a: Judged, theirs: float, b: Judged) -> tuple[float, float]:
    """Bounds of a difference of two independent distances, from the bounds of each (MOVER)."""
    apart = ours - theirs
    low = apart - hypot(max(ours - a.low, 0.0), max(b.high - theirs, 0.0))
    return low, apart + hypot(max(a.high - ours, 0.0), max(theirs - b.low, 0.0))


def _p_value(apart: float, low: float, level: float) -> float:
    """The error at which the interval of a pair would touch 0."""
    if apart <= 0 or apart <= low:
        return 1.0
    return 2 * NormalDist().cdf(-critical_value(level) * apart / (apart - low))
