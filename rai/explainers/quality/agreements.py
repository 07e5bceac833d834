"""Do two explanations of the same rows agree? And does one change when the model learns nothing?

φ of a row by one method · by another ──▶ correlations, the same top and signs ──▶ mean over rows

A model whose labels were shuffled has learned nothing: an explanation that stays the same tells of the
rows, not of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.attributions import Attributions
from rai.explainers.backgrounds import digest_of
from rai.explainers.quality.measures import Better, QualityMeasure, QualityMeasures, mean_of, measure_of
from rai.ground.checks import check_count, check_level
from rai.ground.errors import ArgumentError, sentence
from rai.values import Level
from rai.values.generators import generator_of

CHUNK = 1 << 21
DIFFERENT = "their backgrounds differ, and so do the questions that they answer"

Refit = Callable[[np.random.Generator], Attributions]


def agreement(
    first: Attributions,
    second: Attributions,
    *,
    output: Level | None = None,
    top: int = 3,
    level: float = 0.95,
) -> QualityMeasures:
    """How far two explanations of the same rows agree, each row by itself, on average.

    Args:
        first, second: What `rai.explain` gave, in one space, for the same players and rows.
        output: Which output; of several the last one if None.
        top: How many players count as the top.
        level: Coverage of each interval.

    Returns:
        `pearson`, `spearman`, `spearman_abs` (of sizes), `kendall` (tau-b), `top_overlap` (share of the
        top by size that is in both), `sign_agreement` (share of players). Correlations of a row whose
        values are all the same are undefined, and it is left out.

    Raises:
        ArgumentError: Another space, other players, outputs or rows.

    Example:
        >>> import rai
        >>> found = rai.explain(lambda f: f["a"] / 2 + f["b"] / 5, {"a": [1.0, 0.0], "b": [0.5, 0.2]})
        >>> [(each.measure, round(each.value, 6)) for each in agreement(found, found)][:2]
        [('pearson', 1.0), ('spearman', 1.0)]

    Source: Krishna et al. (2022), The disagreement problem, arXiv:2202.01602.
    """
    check_count(top, where="top")
    check_level(level)
    _check_alike(first, second)
    k = first.output_place(output)
    note = "" if first.background_digest == second.background_digest else DIFFERENT
    found = similarities(first.values[:, :, k], second.values[:, :, k], top=top)
    return QualityMeasures(
        measure_of(name, values, better="higher", level=level, least=least, most=1.0, note=note)
        for name, (values, least) in found.items()
    )


def randomization_check(
    attributions: Attributions,
    randomized: Attributions | Sequence[Attributions] | Refit,
    *,
    repeats: int = 5,
    output: Level | None = None,
    top: int = 3,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> QualityMeasures:
    """How like the explanations of models that learned nothing an explanation is; it should not be.

    Args:
        attributions: Of the model.
        randomized: Of a model with shuffled labels or random weights, of the same rows and in the same
            space; several such; or a function that takes a generator, fits such a model and explains it.
        repeats: How often such a function is called.
        output: Which output; of several the last one if None.
        top: How many players count as the top.
        level: Coverage of each interval.
        rng: Seed, or source of randomness for the function.

    Returns:
        The measures of `agreement`, lower ones better. Of several models n counts models, and intervals
        are over models; of one they are over rows only, and the note says so.

    Raises:
        ArgumentError: Explanations that can't be compared, or none.

    Example:
        >>> import rai
        >>> rows = {"a": [1.0, 0.0], "b": [0.5, 0.2]}
        >>> first = rai.explain(lambda f: 0.5 * f["a"] + 0.1 * f["b"], rows)
        >>> other = rai.explain(lambda f: 0.5 - 0.5 * f["a"] + 0.1 * f["b"], rows)
        >>> randomization_check(first, other)[0].value < 0
        True

    Source: Adebayo et al. (2018), Sanity checks for saliency maps, arXiv:1810.03292.
    """
    if isinstance(randomized, Attributions):
        others = [randomized]
    elif callable(randomized):
        chance = generator_of(rng)
        others = [randomized(chance) for _ in range(check_count(repeats, where="repeats"))]
    else:
        others = list(randomized)
    if not others or not all(isinstance(each, Attributions) for each in others):
        expected = "attributions, several, or a function that returns some"
        raise ArgumentError(sentence("randomized", "something else, or none", expected=expected))
    tables = [agreement(attributions, each, output=output, top=top, level=level) for each in others]
    if len(tables) == 1:
        said = "one model: the interval is over rows only"
        return QualityMeasures(
            replace(each, better="lower", note="; ".join(filter(None, (each.note, said))))
            for each in tables[0]
        )
    return QualityMeasures(_over_models(same, level) for same in zip(*tables, strict=True))


def similarities(first: Floats, second: Floats, *, top: int) -> dict[str, tuple[Floats, float]]:
    """Measures of each row, shape (n,), NaN where undefined, and the least that each can be.

    Args:
        first, second: Attributions, shape (n, M).
        top: How many count as the top; all if there are fewer.

    Example:
        >>> found = similarities(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 3.0, 2.0]]), top=1)
        >>> {name: round(float(values[0]), 3) for name, (values, _) in found.items()}["kendall"]
        0.333
    """
    from scipy.stats import rankdata

    ranks = [rankdata(values, axis=1) for values in (first, second)]
    sizes = [rankdata(np.abs(values), axis=1) for values in (first, second)]
    k = min(top, first.shape[1])
    tops = []
    for values in (first, second):
        place = np.argsort(np.argsort(-np.abs(values), axis=1, kind="stable"), axis=1)
        tops.append(place < k)
    return {
        "pearson": (_correlations(first, second), -1.0),
        "spearman": (_correlations(*ranks), -1.0),
        "spearman_abs": (_correlations(*sizes), -1.0),
        "kendall": (_kendall(first, second), -1.0),
        "top_overlap": ((tops[0] & tops[1]).sum(axis=1) / k, 0.0),
        "sign_agreement": ((np.sign(first) == np.sign(second)).mean(axis=1), 0.0),
    }


def _correlations(first: Floats, second: Floats) -> Floats:
    a = first - first.mean(axis=1, keepdims=True)
    b = second - second.mean(axis=1, keepdims=True)
    flat = (np.ptp(first, axis=1) == 0) | (np.ptp(second, axis=1) == 0)
    scale = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    fits = ~flat & (scale > 0)
    found = np.divide((a * b).sum(axis=1), scale, out=np.full(len(a), np.nan), where=fits)
    return np.asarray(np.clip(found, -1.0, 1.0))


def _kendall(first: Floats, second: Floats) -> Floats:
    """Kendall's tau-b of each row."""
    found, players = np.full(len(first), np.nan), first.shape[1]
    some = max(1, CHUNK // players**2)
    for start in range(0, len(first), some):
        part = slice(start, start + some)
        a, b = (np.sign(v[part, :, None] - v[part, None, :]) for v in (first, second))
        scale = np.sqrt(np.abs(a).sum(axis=(1, 2)) * np.abs(b).sum(axis=(1, 2)))
        np.divide((a * b).sum(axis=(1, 2)), scale, out=found[part], where=scale > 0)
    return found


def _over_models(same: Sequence[QualityMeasure], level: float) -> QualityMeasure:
    """One measure over several models."""
    there = np.array([each.value for each in same if each.value is not None], dtype=np.float64)
    value, low, high = mean_of(there, level=level, least=-1.0, most=1.0)
    better: Better = "lower"
    note = "n counts models" if len(there) else "undefined in every row"
    return replace(same[0], value=value, low=low, high=high, n=len(there), better=better, note=note)


def _check_alike(first: Attributions, second: Attributions) -> None:
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("space", first.space, second.space),
        ("players", (first.names, first.columns), (second.names, second.columns)),
        ("outputs", first.outputs, second.outputs),
        ("rows", _rows(first), _rows(second)),
    )
    for what, one, other in pairs:
        if one != other:
            told = f": {one!r} and {other!r}" if what == "space" else ""
            seen, expected = f"attributions of different {what}{told}", f"the same {what} in both"
            raise ArgumentError(sentence("agreement", seen, expected=expected))


def _rows(held: Attributions) -> str:
    read = tuple(name for columns in held.columns for name in columns)
    return digest_of(held.held.select(read))
