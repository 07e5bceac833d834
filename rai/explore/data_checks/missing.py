"""Missing values: too many, more of them in one group, more with one label, and where they hurt most."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rai.explore.data_checks.check import Check, Look, percent, share_look
from rai.explore.data_checks.rates import against_rest, named, rate_look
from rai.explore.data_checks.seen import Seen
from rai.explore.data_checks.tables import first_places
from rai.values.levels import Level

HALF = 0.5
SOURCE = "5 points, as many as the share of a column that is usually looked into"


def _shares(seen: Seen) -> Iterator[Look]:
    for dataset, table in seen.profile.tables.items():
        for feature, held in table.columns.items():
            if held.rows:
                yield share_look(
                    held.missing,
                    held.rows,
                    f"{percent(held.missing / held.rows)} of {feature!r} is "
                    f"missing{seen.inside(dataset)}.",
                    dataset=dataset,
                    feature=feature,
                    most="serious" if held.missing > HALF * held.rows else "warning",
                    evidence=partial(_gaps, seen, dataset, feature),
                )


def _gaps(seen: Seen, dataset: str, feature: str) -> tuple[tuple[int, ...], tuple[()]]:
    return seen.tables[dataset].gaps(feature), ()


def _by(seen: Seen, axes: tuple[str, ...], words: str) -> Iterator[Look]:
    for dataset, table in seen.profile.tables.items():
        for axis in axes:
            for feature, held in table.columns.items():
                if feature != axis and 0 < held.missing < held.rows:
                    yield from _of_column(seen, dataset, axis, feature, words)


def _of_column(seen: Seen, dataset: str, axis: str, feature: str, words: str) -> Iterator[Look]:
    by = seen.profile.tables[dataset].by[axis]
    held = [by[level][feature] for level in by]
    for level, apart in against_rest([h.missing for h in held], [h.rows for h in held], tuple(by)):
        yield rate_look(
            apart,
            f"{feature!r} is missing in {percent(apart.share)} of {named(axis, level)}, "
            f"{percent(apart.other)} of all others{seen.inside(dataset)}: {words}",
            dataset=dataset,
            feature=feature,
            along=axis,
            group=str(level),
            evidence=partial(_gaps_in, seen, dataset, axis, level, feature),
        )


def _gaps_in(
    seen: Seen, dataset: str, axis: str, level: Level, feature: str
) -> tuple[tuple[int, ...], tuple[()]]:
    """The first rows of a group without a value."""
    groups = seen.groups(dataset, axis)
    inside = groups.codes == groups.levels.index(level)
    return first_places(inside & seen.tables[dataset].missing(feature)), ()


def _by_group(seen: Seen) -> Iterator[Look]:
    return _by(seen, seen.sensitive_features, "whatever fills the gaps treats them differently.")


def _by_label(seen: Seen) -> Iterator[Look]:
    assert seen.y_true is not None
    words = "a gap tells of the label, and may not be there in use."
    return _by(seen, (seen.y_true,), words)


def _of_role(seen: Seen, names: tuple[str, ...], words: str) -> Iterator[Look]:
    for dataset, table in seen.profile.tables.items():
        for feature in names:
            held = table.columns.get(feature)
            if held is not None and held.rows:
                yield share_look(
                    held.missing,
                    held.rows,
                    f"{held.missing:,} of {held.rows:,} rows{seen.inside(dataset)} have no "
                    f"{feature!r}: {words}",
                    dataset=dataset,
                    feature=feature,
                    least="note" if held.missing else "passed",
                    evidence=partial(_gaps, seen, dataset, feature),
                )


def _sensitive(seen: Seen) -> Iterator[Look]:
    words = "nothing can be said of how these people are treated."
    return _of_role(seen, seen.sensitive_features, words)


def _labels(seen: Seen) -> Iterator[Look]:
    assert seen.y_true is not None
    words = (
        "where an outcome is known only of some, such as of those accepted, results hold only for them."
    )
    return _of_role(seen, (seen.y_true,), words)


MISSING_VALUES = Check(
    kind="missing",
    asks="Does a column miss many of its values?",
    fine="No column misses more of its values than the limit.",
    limit=0.05,
    unit="share of rows",
    source="Deepchecks: more than 5% of a column; serious where more than half are missing",
    look=_shares,
    looks_at="rows",
)
MISSING_BY_GROUP = Check(
    kind="missing_by_group",
    asks="Do more values miss in one group than in the others?",
    fine="No group misses clearly more values of a column than the others.",
    limit=0.05,
    unit="difference of shares",
    source=SOURCE,
    look=_by_group,
    looks_at="column with some missing values and several groups",
    needs=("groups",),
)
MISSING_WITH_LABEL = Check(
    kind="missing_with_label",
    asks="Do more values miss with one label than with the others?",
    fine="No column misses clearly more values with one label than with the others.",
    limit=0.05,
    unit="difference of shares",
    source=SOURCE,
    look=_by_label,
    looks_at="column with some missing values and several labels",
    needs=("labels",),
)
MISSING_SENSITIVE = Check(
    kind="missing_sensitive",
    asks="Are there rows of which a sensitive feature is not known?",
    fine="Every sensitive feature is known of every row.",
    limit=0.05,
    unit="share of rows",
    source="as for any column; every row of them is noted",
    look=_sensitive,
    looks_at="rows",
    needs=("groups",),
)
MISSING_LABELS = Check(
    kind="missing_labels",
    asks="Are there rows without a label?",
    fine="Every row has a label.",
    limit=0.05,
    unit="share of rows",
    source="as for any column; every row of them is noted",
    look=_labels,
    looks_at="rows",
    needs=("labels",),
)
