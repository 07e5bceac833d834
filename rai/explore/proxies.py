"""Proxies: how well other features, and a model's score, tell who belongs to which group.

    feature ── buckets ── the group's share in each, on other rows ──▶ area under the ROC curve
    all together ── gradient boosting, cross-validated ─────────────▶ area, and what each feature adds
    score ── within each true label ────────────────────────────────▶ area: 0.5 where it tells nothing

Leaving a sensitive column out of a model doesn't keep it from the model if others tell as much. Nothing
here is used silently: it is for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints, group_codes
from rai.engines.frames import Rows, rows_of_source
from rai.engines.numbers import NotNumbersError, numbers
from rai.engines.typed_files import typed_source
from rai.explore.coded import codes as coded
from rai.explore.joint_proxies import MOST_ROWS, joint_area, joint_r_squared
from rai.explore.proxy_rows import Proxies, Proxy
from rai.explore.proxy_targets import MOST_WHOLE, Target, target_of, untold
from rai.explore.row_choices import choose_rows
from rai.ground.checks import as_names, check_count, check_level
from rai.ground.errors import ArgumentError, DataError, RaiError, RoleError, sentence
from rai.measure.association import cramers_v, mutual_information
from rai.measure.out_of_fold import Told, mean_of, of_codes, of_scores, r_squared
from rai.measure.simultaneous import holm
from rai.values.levels import level_order

BUCKETS = 20
MOST_DISTINCT = 0.5  # of the rows: text with more distinct values names rows


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked of all features alike.

    Args:
        rows: All rows.
        folds: How many folds.
        level: Coverage of intervals.
        seed: What draws come from.
    """

    rows: Rows
    folds: int
    level: float
    seed: int

    def fold(self, target: Target) -> Ints:
        """A fold for each row, each group spread evenly, shape (n,)."""
        rng = np.random.default_rng(self.seed)
        order = rng.permutation(len(target.rows))
        if target.y is None:
            order = order[np.argsort(target.group[order], kind="stable")]
        fold = np.empty(len(order), dtype=np.intp)
        fold[order] = np.arange(len(order)) % self.folds
        return fold


def find_proxies(
    data: Any,
    *,
    sensitive_features: str | Iterable[str],
    features: Iterable[str] | None = None,
    y_true: str | None = None,
    y_pred: str | None = None,
    y_score: str | None = None,
    cuts: dict[str, Any] | None = None,
    where: Any = None,
    folds: int = 5,
    joint: bool = True,
    level: float = 0.95,
    rng: int = 0,
) -> Proxies:
    """How well each feature, all together, and the score given the label tell the sensitive features.

    A feature is cut into at most 20 buckets (quantiles of numbers, the most frequent categories; the
    missing are a bucket), and each bucket scored by the group's share in it on the other folds. Of more
    than two groups the mean of each against all others is given, and the best told one in the note.

    Args:
        data: A frame, a dict of arrays, or a path to CSV or Parquet.
        sensitive_features: Columns that name groups, or quantities such as an age.
        features: The features looked at; every column without a role if None.
        y_true, y_pred, y_score: Columns of labels, predictions and scores; they are no features. With
            labels and scores, it is asked whether the score tells the group given the label.
        cuts: Sensitive feature to edges, or to a number of quantile groups; a quantity otherwise.
        where: Which rows are looked at, as a query.
        folds: Folds of the cross-validation.
        joint: Whether all features are tried together, which needs scikit-learn and some seconds.
        level: Coverage of the intervals.
        rng: Seed of the folds.

    Raises:
        RoleError: If a column is not there, or can't be what it is said to be.
        DataError: If no rows can be had from the data.

    Example:
        >>> people = {"sex": ["F", "M"] * 50, "job": ["a", "b"] * 50, "luck": [1, 1, 2, 2] * 25}
        >>> found = find_proxies(people, sensitive_features="sex", joint=False)
        >>> [(proxy.feature, round(proxy.cramers_v, 2)) for proxy in found]
        [('job', 1.0), ('luck', 0.0)]

    Source: Bergsma (2013), doi:10.1016/j.jkss.2012.10.002; Hardt, Price and Srebro (2016),
    arXiv:1610.02413, for what a score may tell given the label.
    """
    check_level(level)
    check_count(folds, where="folds", least=2)
    sensitive = as_names(sensitive_features)
    if not sensitive:
        raise ArgumentError(sentence("sensitive_features", "none", expected="at least one column"))
    rows = _rows(data, where)
    roles = (*sensitive, *(role for role in (y_true, y_pred, y_score) if role is not None))
    for name in roles:
        rows.check(name, where="find_proxies")
    wanted = tuple(n for n in rows.names if n not in roles) if features is None else as_names(features)
    for name in wanted:
        rows.check(name, where="features")
    asked = Asked(rows, folds, level, check_count(rng, where="rng", least=0))
    found: list[Proxy] = []
    for name in sensitive:
        target = target_of(rows, name, (cuts or {}).get(name))
        singles = [_single(target, feature, asked) for feature in wanted if feature != name]
        together = (
            _together(target, [s.feature for s in singles if s.value is not None], asked)
            if joint
            else []
        )
        found += _ranked(singles, together)
        found += _scored(target, y_true, y_score, asked) if y_true and y_score else []
    return Proxies(found)


def _rows(data: Any, where: Any) -> Rows:
    source = choose_rows(data, where=where).source
    return rows_of_source(typed_source(source, [str(name) for name in source.names]))


def _single(target: Target, feature: str, asked: Asked) -> Proxy:
    """One feature."""
    measure = "auc" if target.y is None else "r2"
    nothing = Proxy(sensitive_feature=target.name, feature=feature, kind="feature", measure=measure,
                    n=len(target.rows), note=untold(target))  # fmt: skip
    if nothing.note:
        return nothing
    try:
        held = coded(asked.rows.native, feature, BUCKETS, method="quantile")
    except RaiError:
        return replace(nothing, note="undefined: values that can't be put into buckets")
    bucket = held.codes[target.rows].astype(np.intp)
    if len(np.unique(bucket)) < 2:
        return replace(nothing, note="undefined: one value")
    if held.kind == "category" and _distinct(asked.rows, feature) > MOST_DISTINCT * len(asked.rows):
        return replace(nothing, note="undefined: nearly every row has a value of its own")
    fold = asked.fold(target)
    if target.y is not None:
        told = _quantity(target.y, bucket, fold, asked.level)
        return _with(nothing, told, note=target.note)
    table = np.bincount(
        bucket * len(target.levels) + target.group, minlength=len(held.n) * len(target.levels)
    )
    table = table.reshape(-1, len(target.levels))
    areas = of_codes(bucket, target.group, fold, groups=len(target.levels))
    told, note = _over_groups([area.told(level=asked.level) for area in areas], target)
    return replace(
        _with(nothing, told, note="; ".join(filter(None, (note, target.note)))),
        mutual_information=mutual_information(table),
        cramers_v=cramers_v(table),
    )


def _distinct(rows: Rows, feature: str) -> int:
    return int(rows.frame.get_column(feature).n_unique())


def _over_groups(found: list[Told], target: Target) -> tuple[Told, str]:
    """Two groups are told apart by one area; of more the mean is given, and the best named."""
    if len(found) == 2:
        return found[1], ""
    best = max(range(len(found)), key=lambda place: found[place].value or 0.0)
    value = found[best].value
    return mean_of(found), f"best told: {target.levels[best]} ({value:.3g})" if value is not None else ""


def _quantity(y: Floats, bucket: Ints, fold: Ints, level: float) -> Told:
    """R² of the mean of each bucket on the other folds."""
    buckets, folds = int(bucket.max()) + 1, int(fold.max()) + 1
    cell = fold * buckets + bucket
    n = np.bincount(cell, minlength=folds * buckets).reshape(folds, buckets).astype(np.float64)
    total = np.bincount(cell, y, minlength=folds * buckets).reshape(folds, buckets)
    n, total = n.sum(axis=0) - n, total.sum(axis=0) - total
    plain = total.sum(axis=1) / n.sum(axis=1)
    mean = (total + plain[:, None]) / (n + 1)
    return r_squared(y, mean[fold, bucket], plain[fold], folds=folds, level=level)


def _with(proxy: Proxy, told: Told, *, note: str) -> Proxy:
    return replace(
        proxy, value=told.value, low=told.low, high=told.high, p_value=told.p_value, note=note
    )


def _together(target: Target, features: list[str], asked: Asked) -> list[tuple[Proxy, dict[str, float]]]:
    """All features at once, and what each of them adds."""
    measure = "auc" if target.y is None else "r2"
    proxy = Proxy(sensitive_feature=target.name, feature="all together", kind="together",
                  measure=measure, n=len(target.rows), note=untold(target))  # fmt: skip
    if proxy.note or not features:
        return [(replace(proxy, note=proxy.note or "undefined: no features"), {})]
    some = np.sort(np.random.default_rng(asked.seed).permutation(len(target.rows))[:MOST_ROWS])
    chosen = replace(
        target,
        rows=target.rows[some],
        group=target.group[some] if target.y is None else target.group,
        y=None if target.y is None else target.y[some],
    )
    note = f"on {len(some):,} of {len(target.rows):,} rows" if len(some) < len(target.rows) else ""
    fold, rows = asked.fold(chosen), asked.rows.take(chosen.rows)
    try:
        if chosen.y is not None:
            told, adds = joint_r_squared(
                rows, features, chosen.y, fold, seed=asked.seed, level=asked.level
            )
        else:
            told_each, adds = joint_area(
                rows,
                features,
                chosen.group,
                fold,
                groups=len(target.levels),
                seed=asked.seed,
                level=asked.level,
            )
            told, best = _over_groups(told_each, target)
            note = "; ".join(filter(None, (best, note)))
    except (ImportError, DataError) as error:
        return [(replace(proxy, note=f"undefined: {error}"), {})]
    return [(replace(_with(proxy, told, note=note), n=len(some)), adds)]


def _ranked(singles: list[Proxy], together: list[tuple[Proxy, dict[str, float]]]) -> Iterator[Proxy]:
    """All together first, then the features, the strongest first, with adjusted p-values."""
    known = [proxy for proxy in singles if proxy.p_value is not None]
    adjusted = dict(
        zip((p.feature for p in known), holm([p.p_value or 0.0 for p in known]), strict=True)
    )
    adds = {name: add for _, held in together for name, add in held.items()}
    yield from (proxy for proxy, _ in together)
    order = sorted(singles, key=lambda proxy: -(proxy.value if proxy.value is not None else -np.inf))
    for proxy in order:
        yield replace(proxy, p_value=adjusted.get(proxy.feature), contribution=adds.get(proxy.feature))


def _scored(target: Target, y_true: str, y_score: str, asked: Asked) -> Iterator[Proxy]:
    """Whether the score tells the group given the label: label by label, and over all of them."""
    where = f"y_score {y_score!r}"
    try:
        score = numbers(asked.rows.column(y_score))[target.rows]
    except NotNumbersError as error:
        raise RoleError(sentence(where, str(error), expected="scores")) from None
    label = group_codes(asked.rows.column(y_true), where=f"y_true {y_true!r}")
    if target.y is not None or label.fraction is not None or len(label.levels) > MOST_WHOLE:
        note = "undefined: it needs groups and a label of a few values; pass cuts"
        yield Proxy(sensitive_feature=target.name, feature=f"{y_score} given {y_true}", kind="score",
                    n=len(target.rows), note=untold(target) or note)  # fmt: skip
        return
    at = label.codes[target.rows]
    there = np.isfinite(score) & (at >= 0)
    score, at, group = score[there], at[there], target.group[there]
    shown = range(1, 2) if len(target.levels) == 2 else range(len(target.levels))
    parts = [(f"{y_score} given {y_true}", np.ones(len(at), dtype=np.bool_))]
    order = sorted(range(len(label.levels)), key=lambda place: level_order(label.levels[place]))
    parts += [(f"{y_score} given {y_true} = {label.levels[place]}", at == place) for place in order]
    for name, mine in parts:
        for place in shown:
            proxy = Proxy(
                sensitive_feature=target.name,
                feature=name,
                kind="score",
                group=target.levels[place],
                n=int(mine.sum()),
                note=untold(target),
            )
            if proxy.note or not mine.any():
                yield replace(proxy, note=proxy.note or "undefined: no rows")
                continue
            area = of_scores(score[mine], group[mine] == place, at[mine], learnt=False)
            told = area.told(level=asked.level)
            note = "" if told.value is not None else "undefined: no label that both have"
            yield _with(proxy, told, note=note)
