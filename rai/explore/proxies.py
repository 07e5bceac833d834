"""Proxies: how well other features, and a model's score, tell who belongs to which group.

    feature ── buckets ── the group's share in each, on other rows ──▶ area under the ROC curve
    all together ── gradient boosting, cross-validated ─────────────▶ area, and what each feature adds
    score ── within each true label ────────────────────────────────▶ area: 0.5 where it tells nothing

Leaving a sensitive column out of a model doesn't keep it from the model if others tell as much. Nothing
here is used silently: it is for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.engines.frames import Rows, rows_of_source
from rai.engines.numbers import row_weights
from rai.engines.sources import Source
from rai.engines.typed_files import typed_source
from rai.explore.joint_proxies import together
from rai.explore.proxy_folds import Asked
from rai.explore.proxy_rows import Proxies, Proxy
from rai.explore.proxy_targets import target_of
from rai.explore.row_choices import choose_rows
from rai.explore.score_proxies import score_given_label
from rai.explore.single_proxies import single
from rai.ground.checks import as_cuts, as_names, check_count, check_level
from rai.ground.errors import ArgumentError, DataError, RoleError, sentence
from rai.measure.simultaneous import holm


def find_proxies(
    data: Any,
    *,
    sensitive_features: str | Iterable[str],
    features: str | Iterable[str] | None = None,
    y_true: str | None = None,
    y_pred: str | None = None,
    y_score: str | None = None,
    sample_weight: str | None = None,
    cuts: Mapping[str, Any] | None = None,
    where: Any = None,
    folds: int = 5,
    joint: bool = True,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> Proxies:
    """How well each feature, all together, and the score given the label tell the sensitive features.

    A feature is cut into up to 20 buckets, fewer on few rows (quantiles of numbers, the most frequent
    categories; the missing are a bucket), and each bucket scored by the group's share in it on the other
    folds. Of more than two groups the mean over each against all others is given, and the best told one
    in the note.
    The order of the rows makes no difference.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet.
        sensitive_features: Columns that name groups, or quantities such as an age.
        features: The features looked at; every column without a role if None.
        y_true, y_pred, y_score: Columns of labels, predictions and scores; they are no features. With
            labels and scores, it is asked whether the score tells the group given the label.
        sample_weight: The column of row weights. Intervals go by effective rows (Kish).
        cuts: Sensitive feature to edges, or to a number of quantile groups; a quantity otherwise.
        where: Which rows are looked at, as a query.
        folds: Folds of the cross-validation.
        joint: Whether all features are tried together, on at most 20,000 rows; it needs scikit-learn and
            some seconds. What each of them adds is asked for up to 10 groups.
        level: Coverage of the intervals.
        rng: What folds are drawn by.

    Raises:
        RoleError: If a column is not there, or can't be what it is said to be.
        DataError: If no rows can be had from the data, or a weight is none.
        ArgumentError: If anything else is no number of folds, level, cut or query.

    Example:
        >>> people = {"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50, "luck": [1, 1, 2, 2] * 25}
        >>> found = find_proxies(people, sensitive_features="sex", joint=False)
        >>> [(proxy.feature, round(proxy.cramers_v, 2)) for proxy in found]
        [('job', 1.0), ('luck', 0.0)]

    Source: Bergsma (2013), doi:10.1016/j.jkss.2012.10.002; Provost and Domingos (2003),
    doi:10.1023/A:1024099825458, for one group against all others; Hardt, Price and Srebro (2016),
    arXiv:1610.02413, for what a score may tell given the label.
    """
    check_level(level)
    check_count(folds, where="folds", least=2)
    sensitive = as_names(sensitive_features)
    if not sensitive:
        raise ArgumentError(sentence("sensitive_features", "none", expected="at least one column"))
    cut = _checked_cuts(as_cuts(cuts), sensitive)
    rows = rows_of_source(_source(data, where))
    roles = (
        *sensitive,
        *(role for role in (y_true, y_pred, y_score, sample_weight) if role is not None),
    )
    for name in roles:
        rows.check(name, where="find_proxies")
    wanted = tuple(n for n in rows.names if n not in roles) if features is None else as_names(features)
    for name in wanted:
        rows.check(name, where="features")
    asked = Asked(*_weighted(rows, sample_weight), folds, level, _seed(rng))
    found: list[Proxy] = []
    for name in sensitive:
        target = target_of(asked.rows, name, cut.get(name))
        singles = [single(target, feature, asked) for feature in wanted if feature != name]
        if joint:
            telling = [proxy.feature for proxy in singles if proxy.value is not None]
            every, adds = together(target, telling, asked)
            found.append(every)
            singles = [replace(proxy, contribution=adds.get(proxy.feature)) for proxy in singles]
        found += _ranked(singles)
        if y_true is not None and y_score is not None:
            found += score_given_label(target, y_true, y_score, asked)
    return Proxies(found)


def _source(data: Any, where: Any) -> Source:
    source = choose_rows(data, where=where).source
    return typed_source(source, [str(name) for name in source.names])


def _checked_cuts(cuts: Mapping[str, Any], sensitive: tuple[str, ...]) -> dict[str, Any]:
    stray = sorted(set(cuts) - set(sensitive))
    if stray:
        expected = "names of sensitive features"
        raise RoleError(sentence("cuts", f"{stray[0]!r}, which splits nothing", expected=expected))
    return dict(cuts)


def _seed(rng: int | np.random.Generator) -> int:
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**32))
    return check_count(rng, where="rng", least=0)


def _weighted(rows: Rows, name: str | None) -> tuple[Rows, Floats | None]:
    """The rows that count, with their weights."""
    if name is None:
        return rows, None
    where = f"sample_weight {name!r}"
    weight = row_weights(rows.column(name), where=where)
    counting = np.flatnonzero(weight > 0)
    if not len(counting):
        raise DataError(sentence(where, "no row with a weight above 0", expected="at least one"))
    kept = rows if len(counting) == len(weight) else rows.take(counting)
    return kept, weight[counting]


def _ranked(singles: list[Proxy]) -> Iterator[Proxy]:
    """The features, the strongest first, with adjusted p-values."""
    known = {proxy.feature: proxy.p_value for proxy in singles if proxy.p_value is not None}
    adjusted = dict(zip(known, holm(list(known.values())), strict=True))
    order = sorted(singles, key=lambda proxy: -(proxy.value if proxy.value is not None else -np.inf))
    for proxy in order:
        yield replace(proxy, p_value=adjusted.get(proxy.feature))
