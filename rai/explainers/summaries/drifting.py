"""Does the model still decide for the same reasons? Attributions of one period against another's.

each feature   binned φ before, after    ──▶  Jensen-Shannon, L∞: value, interval, chance, p
               mean |φ| before, after    ──▶  difference, Welch's interval
their order    Σ a(i-th after) / log₂(i + 1),  a = mean |φ| before,  over its largest  ──▶  nDCG

Both must be of one model, in one space, against one background: else they are no longer alike even
where nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.explainers.attributions import Attributions
from rai.explainers.summaries.drift_rows import AttributionDrift, FeatureDrift, FeatureDrifts
from rai.explainers.summaries.rank_bounds import ranks_of
from rai.explainers.summaries.value_bins import FINEST, bins_of
from rai.explainers.summaries.welch import welch
from rai.explore.drift import FEWEST_DRAWS, adjusted_p
from rai.ground.checks import check_choice, check_count, check_level
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted
from rai.measure.adjusting import ADJUSTMENTS
from rai.measure.cell_pairs import CellPair
from rai.measure.distance_intervals import DRAWS, Draws
from rai.measure.distances import BINS, measure_of
from rai.values import Level
from rai.values.generators import generator_of

MEASURED = ("jensen_shannon", "l_infinity")
DEALT = 199  # times that rows are dealt again for the order
_SAME = (
    ("names", "players", "the same columns"),
    ("space", "space", "one space"),
    ("outputs", "outputs", "the same outputs"),
    ("kind", "kind", "one way to leave a column out"),
    ("background_digest", "background", "one background"),
)
_HINTS = {"background": "Pass the same rows as background= to both."}


def attribution_drift(
    before: Attributions,
    after: Attributions,
    *,
    output: Level | None = None,
    level: float = 0.95,
    bins: int = BINS,
    min_rows: int = 30,
    adjust: str = "holm",
    draws: int = DRAWS,
    rng: int | np.random.Generator = 0,
) -> AttributionDrift:
    """How far the attributions of new rows are from those of earlier ones, and what chance would do.

    Two samples of one population are some way apart. So each distance comes with what rows dealt at
    random to the two sides show, and with how often they show as much.

    Args:
        before: Attributions of the earlier rows (of training, for skew).
        after: Attributions of the later ones, of the same model against the same background.
        output: Which output; of several the last one if None.
        level: Coverage of each interval by itself.
        bins: Bins of attributions, between quantiles of both sides together.
        min_rows: With fewer rows on a side there are no intervals.
        adjust: How p-values are adjusted over features: `holm`, `benjamini_hochberg` or `none`.
        draws: Draws behind each distance.
        rng: Seed, or source of randomness.

    Raises:
        ArgumentError: Attributions that can't be compared, or an argument outside what is allowed.

    Example:
        >>> import rai
        >>> model = rai.load_model(lambda f: f["a"], features=["a"])
        >>> ground = {"a": [0.0]}
        >>> old, new = (rai.explain(model, {"a": a}, background=ground) for a in ([0, 0, 1], [1, 1, 1]))
        >>> found = attribution_drift(old, new, draws=99)
        >>> [(row.feature, round(row.l_infinity, 2), row.mean_abs_after) for row in found.features]
        [('a', 0.67, 1.0)]

    Source: Lin (1991), doi:10.1109/18.61115; Järvelin and Kekäläinen (2002), doi:10.1145/582415.582418,
    for nDCG.
    """
    _check_alike(before, after)
    level = check_level(level)
    check_choice(adjust, ADJUSTMENTS, where="adjust")
    check_count(draws, where="draws", least=FEWEST_DRAWS)
    check_count(bins, where="bins", least=2)
    check_count(min_rows, where="min_rows", least=2)
    k, source = before.output_place(output), generator_of(rng)
    sides = (before.values[:, :, k], after.values[:, :, k])
    told = [
        _feature(*(side[:, at] for side in sides), bins=bins, draws=draws, level=level, rng=source)
        for at in range(len(before.names))
    ]
    adjusted = {
        name: adjusted_p([row[f"{name}_p"] for row in told], [name] * len(told), adjust)
        for name in MEASURED
    }
    shared = _sizes(*sides, level=level, min_rows=min_rows)
    rows = [
        FeatureDrift(
            feature=name,
            **{**told[at], **{f"{measure}_p": p[at] for measure, p in adjusted.items()}},
            **{field: held[at] for field, held in shared.items()},
        )
        for at, name in enumerate(before.names)
    ]
    rows.sort(key=lambda row: -row.jensen_shannon)
    return AttributionDrift(
        features=FeatureDrifts(rows),
        **_order(*(np.abs(side) for side in sides), level=level, rng=source),
        n_before=len(before),
        n_after=len(after),
        output=before.outputs[k],
        space=before.space,
        level=level,
        notes=tuple(_notes(before, after)),
    )


def ndcg(before: Floats, after: Floats) -> float | None:
    """How well the order of sizes after serves the sizes before; None where these are all 0.

    Args:
        before: Mean sizes, shape (M,).
        after: Mean sizes whose order is judged, shape (M,); of equal ones the larger before comes first.

    Example:
        >>> ndcg(np.array([3.0, 1.0]), np.array([1.0, 3.0])).__round__(4)
        0.7967

    Source: Järvelin and Kekäläinen (2002), doi:10.1145/582415.582418.
    """
    worth = 1 / np.log2(np.arange(len(before)) + 2)
    ideal = float(np.sort(before)[::-1] @ worth)
    order = np.lexsort((-before, -after))
    return float(before[order] @ worth) / ideal if ideal > 0 else None


def _feature(
    ours: Floats, theirs: Floats, *, bins: int, draws: int, level: float, rng: np.random.Generator
) -> dict[str, Any]:
    """Distances of one feature's attributions, by field; `ours` are those before."""
    place = bins_of(np.concatenate([ours, theirs]), most=bins)
    cells = int(place.max()) + 1
    counts = [np.bincount(part, minlength=cells) for part in np.split(place, [len(ours)])]
    if cells == 1:
        return {
            f"{name}{end}": 1.0 if end == "_p" else 0.0
            for name in MEASURED
            for end in ("", "_low", "_high", "_chance", "_p")
        }
    drawn = Draws(CellPair(ours=counts[1], theirs=counts[0]), draws=draws, rng=rng)
    found: dict[str, Any] = {}
    for name in MEASURED:
        judged = drawn.judged(measure_of(name), level=level)
        found |= {
            name: judged.value,
            f"{name}_low": judged.low,
            f"{name}_high": judged.high,
            f"{name}_chance": judged.chance,
            f"{name}_p": judged.p_value,
        }
    return found


def _sizes(ours: Floats, theirs: Floats, *, level: float, min_rows: int) -> dict[str, list[Any]]:
    """Means and ranks of all features, by field; `ours` are those before."""
    before, after = np.abs(ours), np.abs(theirs)
    means = [side.mean(axis=0) for side in (before, after)]
    found: dict[str, list[Any]] = {
        "mean_before": ours.mean(axis=0).tolist(),
        "mean_after": theirs.mean(axis=0).tolist(),
        "mean_abs_before": means[0].tolist(),
        "mean_abs_after": means[1].tolist(),
        "difference": (means[1] - means[0]).tolist(),
        "rank_before": ranks_of(means[0]).tolist(),
        "rank_after": ranks_of(means[1]).tolist(),
    }
    few = min(len(ours), len(theirs))
    if few < min_rows:
        note = f"no interval of the difference: {counted(few, 'row')}, fewer than {min_rows}"
        return {**found, "note": [note] * ours.shape[1]}
    bounds = welch(after, before, level=level)
    return {**found, "low": bounds.low.tolist(), "high": bounds.high.tolist()}


def _order(before: Floats, after: Floats, *, level: float, rng: np.random.Generator) -> dict[str, Any]:
    """The nDCG of the order of sizes, and what rows dealt at random would leave of it."""
    n, both = len(before), np.concatenate([before, after])
    seen, total = ndcg(before.mean(axis=0), after.mean(axis=0)), both.sum(axis=0)
    if seen is None:
        return {"ndcg": None}
    dealt, chosen = [], np.repeat([1.0, 0.0], [n, len(after)])
    for _ in range(DEALT):
        rng.shuffle(chosen)
        held = chosen @ both
        rest = np.maximum(total - held, FINEST * total)
        dealt.append(ndcg(held / n, rest / (len(both) - n)) or 0.0)
    as_low = sum(value <= seen + FINEST for value in dealt)
    return {
        "ndcg": seen,
        "ndcg_chance": float(np.mean(dealt)),
        "ndcg_low": float(np.quantile(dealt, 1 - level)),
        "ndcg_p": (1 + as_low) / (1 + DEALT),
    }


def _check_alike(before: Attributions, after: Attributions) -> None:
    for field, what, expected in _SAME:
        if getattr(before, field) != getattr(after, field):
            seen = f"attributions with different {what}"
            hint = _HINTS.get(what, "")
            raise ArgumentError(sentence("attribution_drift", seen, expected=expected, hint=hint))
    digests = {before.model_digest, after.model_digest} - {""}
    if len(digests) > 1:
        seen = "attributions of different models"
        hint = "Explain both sets of rows with the same one."
        raise ArgumentError(sentence("attribution_drift", seen, expected="one model", hint=hint))


def _notes(before: Attributions, after: Attributions) -> Iterator[str]:
    if not before.model_digest or not after.model_digest:
        yield "whether both are of one model can't be told: it has no digest"
    if not (before.exact and after.exact):
        yield "attributions are estimates: their error blurs both sides, so that drift looks smaller"
    if before.exact != after.exact:
        yield "one side is exact and the other estimated: part of the drift is the error of the estimate"
