"""Data in, findings out: reads the rows once, puts every check of the table to them, and judges.

data ──▶ Table ──profile──▶ Seen ──each Check──▶ Look … ──judged──▶ DataChecks
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.frames import check_names
from rai.engines.score_bins import is_finite
from rai.engines.sources import Source, open_source
from rai.explore.data_checks.check import Check, Need
from rai.explore.data_checks.findings import DataChecks, DataFinding
from rai.explore.data_checks.judging import in_order, judged, not_checked
from rai.explore.data_checks.populations import population_of
from rai.explore.data_checks.seen import NUMBERS, Seen
from rai.explore.data_checks.table import CHECKS
from rai.explore.data_checks.tables import Table, read_table
from rai.explore.profiles import Profile
from rai.explore.profiling import Cuts, Progress, axes_splitting, datasets_of, profile
from rai.ground.checks import as_cuts, as_names, check_choice, check_level
from rai.ground.errors import (
    ArgumentError,
    DataError,
    RoleError,
    did_you_mean,
    in_short,
    listing,
    sentence,
)
from rai.values.generators import generator_of
from rai.values.levels import Level

Limits = Mapping["str | tuple[str, str]", float]


@dataclass(frozen=True, slots=True)
class Lack:
    """What a check may need.

    Args:
        there: Whether it is there.
        reason: What is said where it is not.
        argument: The arguments of `check_data` that give it, for the page of checks.
    """

    there: Callable[[Seen], bool]
    reason: str
    argument: str


NEEDS: dict[Need, Lack] = {
    "labels": Lack(
        lambda seen: seen.y_true is not None, "no labels were named; pass y_true", "`y_true`"
    ),
    "classes": Lack(
        lambda seen: seen.y_true is not None and not seen.regression,
        "no labels with classes were named; pass y_true",
        "`y_true` of classes",
    ),
    "groups": Lack(
        lambda seen: bool(seen.sensitive_features),
        "no groups were named; pass sensitive_features",
        "`sensitive_features`",
    ),
    "axes": Lack(
        lambda seen: bool(seen.axes),
        "no labels or groups were named; pass y_true or sensitive_features",
        "`y_true` or `sensitive_features`",
    ),
    "data_sets": Lack(
        lambda seen: len(seen.tables) > 1,
        "there is one data set; pass several by name to compare them",
        "several data sets",
    ),
    "population": Lack(
        lambda seen: bool(seen.population),
        "no population was declared; pass population",
        "`population`",
    ),
    "ids": Lack(lambda seen: bool(seen.ids), "no ids were named; pass ids", "`ids`"),
    "outcome_time": Lack(
        lambda seen: seen.outcome_time is not None,
        "no date of the outcome was named; pass outcome_time",
        "`outcome_time`",
    ),
    "scores_or_model": Lack(
        lambda seen: seen.y_score is not None or _has_scikit_learn(),
        "there are no scores, and scikit-learn is not installed to make some; pass y_score",
        "`y_score`, or scikit-learn",
    ),
}


def check_data(
    data: Any,
    *,
    y_true: str | None = None,
    y_pred: str | None = None,
    y_score: str | None = None,
    sensitive_features: str | Iterable[str] = (),
    positive_label: Level | None = None,
    sample_weight: str | None = None,
    cuts: Cuts | None = None,
    population: Mapping[Any, Mapping[Any, float]] | None = None,
    reference: str | None = None,
    ids: str | Iterable[str] = (),
    outcome_time: str | None = None,
    checks: str | Iterable[str] | None = None,
    limits: Limits | None = None,
    profile: Profile | None = None,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> DataChecks:
    """What is wrong with data, before there is a model.

    Every check of the table looks at all that it is about, and says what it found: `serious` only where
    the whole interval is beyond the limit and chance is no explanation, `not_checked` with the reason
    where there was nothing to look at. All rows are read into memory.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet; or data set name to one of these.
        y_true: The column of labels; a quantity is cut at its quintiles.
        y_pred, y_score: The columns of predictions; a score is the probability of the positive label.
        sensitive_features: Columns that name groups of people.
        positive_label: The label that rates are about; of two the greater one unless it is given.
        sample_weight: The column of row weights, for shares and rates of groups.
        cuts: Sensitive feature to edges, or to a number of quantile groups, as for `rai.audit`.
        population: Sensitive feature to shares of its groups, `{"sex": {"Female": 0.51, "Male": 0.49}}`;
            a tuple of features to shares of tuples of their groups.
        reference: The data set that others are compared with; the first if None.
        ids: Columns that say whose a row is.
        outcome_time: The column of dates on which the label became known.
        checks: Kinds of checks; all of them if None.
        limits: Kind of a check to another limit, or (kind, feature) to one for a column.
        profile: A profile of the same data, with the same roles, so that it is not made again.
        level: Coverage of intervals; 1 minus it is the rate of false warnings of a check.
        rng: Where folds and draws come from.
        progress: Called with the rows done and, where it is known, with all of them.

    Returns:
        The findings, the worst first.

    Raises:
        DataError: If no rows can be had from the data.
        RoleError: If a column is not there, or can't be what it is said to be.
        ArgumentError: If a check, a limit, a data set or a population is none.

    Example:
        >>> found = check_data({"age": [34, 51, 999, 999, 28, 45, 62, 30, 41]}, checks=["placeholders"])
        >>> found[0].sentence
        "999 in 2 rows of 'age' likely stands for a missing value."
    """
    chosen = _chosen(checks)
    limit = _limits(limits)
    seen = _seen(
        _sources(data, reference),
        {
            "y_true": y_true, "y_pred": y_pred, "y_score": y_score, "sample_weight": sample_weight,
            "outcome_time": outcome_time,
        },
        sensitive_features=as_names(sensitive_features),
        ids=as_names(ids),
        positive_label=positive_label,
        cuts=dict(as_cuts(cuts)),
        population=population,
        known=profile,
        level=check_level(level),
        seed=int(generator_of(rng).integers(2**32)),
        progress=progress,
    )  # fmt: skip
    for key in limit:
        if isinstance(key, tuple):
            check_choice(key[1], seen.profile.features, where=f"limit of {key!r}")
    found = [finding for check in chosen for finding in _findings(check, seen, limit)]
    return DataChecks(in_order(found))


def _findings(check: Check, seen: Seen, limits: Limits) -> list[DataFinding]:
    lack = next((NEEDS[need].reason for need in check.needs if not NEEDS[need].there(seen)), None)
    if lack is not None:
        return [not_checked(check, lack)]
    looks = list(check.look(seen))
    if not looks:
        return [not_checked(check, f"the data have no {check.looks_at}")]

    def limit(feature: str | None) -> float:
        whole = limits.get(check.kind, check.limit)
        return float(whole if feature is None else limits.get((check.kind, feature), whole))

    return judged(check, looks, limit=limit, level=seen.level)


def _seen(
    sources: dict[str, Source],
    roles: dict[str, str | None],
    *,
    sensitive_features: tuple[str, ...],
    ids: tuple[str, ...],
    positive_label: Level | None,
    cuts: dict[str, Any],
    population: Mapping[Any, Mapping[Any, float]] | None,
    known: Profile | None,
    level: float,
    seed: int,
    progress: Progress | None,
) -> Seen:
    """Everything that checks look at, with every argument checked."""
    named = {role: as_names(name) for role, name in roles.items()}
    for role, names in {**named, "sensitive_features": sensitive_features, "ids": ids}.items():
        for source in sources.values():
            for name in names:
                source.check_column(name, role=role)
    tables = {name: read_table(name, source) for name, source in sources.items()}
    y_true, weight = roles["y_true"], roles["sample_weight"]
    typed = [open_source(table.columns) for table in tables.values()]
    axes = {axis.name: axis for axis in axes_splitting(typed, sensitive_features, y_true, cuts)}
    found = _fitting(known, tables, axes) if known is not None else profile(
        {name: table.columns for name, table in tables.items()},
        y_true=y_true,
        sensitive_features=sensitive_features,
        sample_weight=weight,
        cuts=cuts,
        progress=progress,
    )  # fmt: skip
    seen = Seen(
        profile=found,
        tables=tables,
        axes=axes,
        y_true=y_true,
        y_pred=roles["y_pred"],
        y_score=roles["y_score"],
        sample_weight=weight,
        outcome_time=roles["outcome_time"],
        sensitive_features=sensitive_features,
        positive_label=positive_label,
        ids=ids,
        population=population_of(population, tables, axes, sensitive_features),
        level=level,
        seed=seed,
        regression=y_true is not None and axes[y_true].edges is not None and y_true not in cuts,
    )
    _check_positive_label(seen)
    _check_scores(seen)
    return seen


def _sources(data: Any, reference: str | None) -> dict[str, Source]:
    """The data sets by name, the reference first."""
    held = {name: open_source(each) for name, each in datasets_of(data).items()}
    for name, source in held.items():
        check_names(list(source.names), source.where if name == "data" else f"data set {name!r}")
        if not source.names:
            raise DataError(sentence(source.where, "no columns", expected="at least one"))
    if reference is None:
        return held
    check_choice(reference, tuple(held), where="reference")
    return {reference: held[reference], **held}


def _fitting(known: Profile, tables: dict[str, Table], axes: Mapping[str, Any]) -> Profile:
    """A profile that was given, if it is one of these data, with the reference first."""
    from dataclasses import replace

    if not isinstance(known, Profile):
        raise ArgumentError(sentence("profile", in_short(known), expected="a profile of these data"))
    for name, table in tables.items():
        rows = known.tables[name].rows if name in known.tables else None
        lacking = (
            sorted(set(table.columns) - set(known.tables[name].columns)) if rows is not None else []
        )
        unsplit = sorted(set(axes) - set(known.tables[name].by)) if rows else []
        if rows != table.rows or lacking or unsplit:
            seen = f"one that does not know {name!r} as it is"
            hint = "Make it with rai.profile from the same data, y_true and sensitive_features."
            raise ArgumentError(sentence("profile", seen, expected="a profile of these data", hint=hint))
    return replace(known, tables={name: known.tables[name] for name in tables})


def _chosen(kinds: str | Iterable[str] | None) -> tuple[Check, ...]:
    if kinds is None:
        return CHECKS
    wanted = as_names(kinds)
    for kind in wanted:
        _check_kind(kind, kind, where="checks", expected="kinds of checks")
    return tuple(check for check in CHECKS if check.kind in wanted)


def _check_kind(kind: Any, given: Any, *, where: str, expected: str) -> None:
    known = [check.kind for check in CHECKS]
    if kind not in known:
        expected = f"{expected}, such as {listing(known, most=3)}"
        hint = did_you_mean(kind, known)
        raise ArgumentError(sentence(where, in_short(given), expected=expected, hint=hint))


def _limits(limits: Limits | None) -> Limits:
    if limits is None:
        return {}
    if not isinstance(limits, Mapping):
        raise ArgumentError(sentence("limits", in_short(limits), expected="a dict of checks to limits"))
    for key, limit in limits.items():
        kind = key[0] if isinstance(key, tuple) and len(key) == 2 else key
        _check_kind(kind, key, where="limits", expected="the kind of a check, or (kind, feature)")
        if not is_finite(limit):
            raise ArgumentError(sentence(f"limit of {key!r}", in_short(limit), expected="a number"))
    return limits


def _check_positive_label(seen: Seen) -> None:
    if seen.positive_label is None:
        return
    known: list[Level] = []
    if seen.y_true is not None:
        levels = (seen.groups(name, seen.y_true).levels for name in seen.tables)
        known = list(dict.fromkeys(level for each in levels for level in each))
    if seen.positive_label not in known:
        expected = f"one of {listing(known)}" if known else "labels, named by y_true"
        hint = did_you_mean(seen.positive_label, known)
        raise ArgumentError(
            sentence("positive_label", repr(seen.positive_label), expected=expected, hint=hint)
        )


def _check_scores(seen: Seen) -> None:
    """Scores have to be numbers, or missing."""
    for dataset, feature, held in seen.columns(only=(seen.y_score,) if seen.y_score else ()):
        if held.kind not in NUMBERS:
            found = f"of kind {held.kind}{seen.inside(dataset)}"
            raise RoleError(sentence(f"y_score {feature!r}", found, expected="numbers from 0 to 1"))


def _has_scikit_learn() -> bool:
    from importlib.util import find_spec

    return find_spec("sklearn") is not None
