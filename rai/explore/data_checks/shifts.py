"""What changed between data sets: distributions, gaps, labels, groups, and one group more than others.

Distances are those of `Profile.distances`, with their intervals and permutation tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rai.explore.data_checks.check import Check, Look, fixed, percent
from rai.explore.data_checks.judging import ALMOST
from rai.explore.data_checks.rates import difference, named
from rai.explore.data_checks.seen import Seen
from rai.explore.drift import NUMBERS
from rai.ground.formatting import number, readable
from rai.values.levels import MISSING

FEW_DRAWS = 199  # enough for what chance adds; p-values of gaps don't rest on their number


def _measures(seen: Seen, features: tuple[str, ...]) -> dict[str, list[str]]:
    """Wasserstein's distance for numbers, Jensen and Shannon's for all else, with their features."""
    found: dict[str, list[str]] = {}
    for feature in features:
        kinds = {t.columns[feature].kind for t in seen.profile.tables.values() if feature in t.columns}
        numbers = kinds - {"empty"} <= set(NUMBERS)
        found.setdefault("wasserstein" if numbers else "jensen_shannon", []).append(feature)
    return found


def _level(seen: Seen, looks: int) -> float:
    """The level at which so many intervals hold together."""
    return min(1 - (1 - seen.level) / max(looks, 1), ALMOST)


def _shifted(seen: Seen) -> Iterator[Look]:
    level = _level(seen, len(seen.features) * len(seen.others))
    for measure, features in _measures(seen, seen.features).items():
        for row in seen.profile.distances(*features, measures=measure, level=level, rng=seen.seed):
            if row.value is not None:
                yield Look(
                    value=row.value,
                    sentence=f"{row.feature!r} in {row.dataset!r} has shifted from {row.reference!r}: "
                    f"{readable(row.measure)} distance {number(row.value)}.",
                    n=row.n,
                    dataset=row.dataset,
                    feature=row.feature,
                    bounds=fixed(row.low, row.high),
                    p_value=row.p_unadjusted,
                )


def _missing(seen: Seen) -> Iterator[Look]:
    first = seen.profile.tables[seen.reference].columns
    for dataset, feature, _ in seen.columns(only=seen.features):
        ours, theirs = seen.profile.tables[dataset].columns[feature], first.get(feature)
        if (
            dataset != seen.reference
            and theirs is not None
            and ours.missing + theirs.missing
            and theirs.rows
        ):
            apart = difference(ours.missing, ours.rows, other_count=theirs.missing, other_n=theirs.rows)
            yield Look(
                value=abs(apart.value),
                sentence=f"{percent(apart.share)} of {feature!r} is missing{seen.inside(dataset)}, "
                f"{percent(apart.other)} in {seen.reference!r}.",
                n=apart.n,
                dataset=dataset,
                feature=feature,
                bounds=_folded(apart.bounds),
                p_value=apart.p_value,
            )


def _shares(seen: Seen, axis: str) -> Iterator[Look]:
    """The share of each group, or label, against the reference's."""
    theirs = seen.groups(seen.reference, axis)
    for dataset in seen.others:
        ours = seen.groups(dataset, axis)
        levels = dict.fromkeys(level for level in (*theirs.levels, *ours.levels) if level != MISSING)
        n, m = (dict(zip(side.levels, side.n.tolist(), strict=True)) for side in (ours, theirs))
        rows, others = (sum(k for level, k in held.items() if level != MISSING) for held in (n, m))
        if not rows or not others:
            continue
        for level in list(levels)[len(levels) == 2 :]:
            apart = difference(n.get(level, 0), rows, other_count=m.get(level, 0), other_n=others)
            yield Look(
                value=abs(apart.value),
                sentence=f"{named(axis, level)} is {percent(apart.share)}{seen.inside(dataset)}, "
                f"{percent(apart.other)} of {seen.reference!r}.",
                n=rows,
                dataset=dataset,
                along=axis,
                group=str(level),
                bounds=_folded(apart.bounds),
                p_value=apart.p_value,
            )


def _folded(bounds: Any) -> Any:
    """Bounds of a difference without its sign."""

    def folded(z: float) -> tuple[float, float]:
        low, high = bounds(z)
        return max(0.0, low, -high), max(abs(low), abs(high))

    return folded


def _label(seen: Seen) -> Iterator[Look]:
    assert seen.y_true is not None
    return _shares(seen, seen.y_true)


def _groups(seen: Seen) -> Iterator[Look]:
    for axis in seen.sensitive_features:
        yield from _shares(seen, axis)


def _uneven(seen: Seen) -> Iterator[Look]:
    axes = tuple(
        a for a in seen.sensitive_features if any(t.by.get(a) for t in seen.profile.tables.values())
    )
    wanted = tuple(f for f in seen.features if f not in seen.sensitive_features) if axes else ()
    level = _level(seen, len(wanted) * len(axes) * len(seen.others))
    for measure, features in _measures(seen, wanted).items():
        for row in seen.profile.distance_gaps(
            *features, by=axes, measures=measure, level=level, draws=FEW_DRAWS, rng=seen.seed
        ):
            if row.value is not None and row.highest is not None and row.lowest is not None:
                high, low = (named(row.along, group) for group in (row.highest, row.lowest))
                yield Look(
                    value=row.value,
                    sentence=f"{row.feature!r} in {row.dataset!r} has shifted more in {high} than in "
                    f"{low}: by {number(row.value)} more ({readable(row.measure)}).",
                    n=seen.profile.tables[row.dataset].rows,
                    dataset=row.dataset,
                    feature=row.feature,
                    along=row.along,
                    group=str(row.highest),
                    bounds=fixed(row.low, row.high),
                    p_value=row.p_unadjusted,
                )


SHIFTED = Check(
    kind="shifted",
    asks="Has the distribution of a feature shifted from that of the reference?",
    fine="No feature has shifted clearly.",
    limit=0.1,
    unit="Wasserstein distance in standard deviations, or Jensen-Shannon distance",
    source="Evidently: 0.1 for both",
    look=_shifted,
    looks_at="features with values in both",
    needs=("data_sets",),
)
MISSING_SHIFTED = Check(
    kind="missing_shifted",
    asks="Do more, or fewer, values miss than in the reference?",
    fine="About as many values miss as in the reference.",
    limit=0.05,
    unit="difference of shares, without its sign",
    source="as for groups; Evidently: 10% of the reference",
    look=_missing,
    looks_at="features with missing values",
    needs=("data_sets",),
)
LABEL_SHIFTED = Check(
    kind="label_shifted",
    asks="Is a label more, or less, frequent than in the reference?",
    fine="Labels are about as frequent as in the reference.",
    limit=0.05,
    unit="difference of shares, without its sign",
    source="5 points",
    look=_label,
    looks_at="labels in both",
    needs=("labels", "data_sets"),
)
GROUPS_SHIFTED = Check(
    kind="groups_shifted",
    asks="Is a group more, or less, frequent than in the reference?",
    fine="Groups are about as frequent as in the reference.",
    limit=0.05,
    unit="difference of shares, without its sign",
    source="5 points",
    look=_groups,
    looks_at="groups in both",
    needs=("groups", "data_sets"),
)
UNEVEN_SHIFT = Check(
    kind="uneven_shift",
    asks="Has a feature shifted more in one group than in another?",
    fine="Features have shifted about alike in all groups.",
    limit=0.1,
    unit="difference of distances, less what chance adds",
    source="as for a shift",
    look=_uneven,
    looks_at="features in two groups of both",
    needs=("groups", "data_sets"),
)
