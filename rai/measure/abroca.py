"""ABROCA, the area between ROC curves: how differently scores rank the rows of two groups.

    ∫ |ROC_i(x) − ROC_j(x)| dx       x the false positive rate

It is at least the gap in AUC, and larger where curves cross: one group is then ranked better among its
likeliest rows and worse among the others. It is above 0 even for equal groups, so what chance alone
shows stands beside it.

The interval follows from the triangle inequality: the area found is no further from the true one than
the area between both curves' errors, ∫ |(R_i − ROC_i) − (R_j − ROC_j)|, where R are the curves found.
Rows drawn anew say how large that is, for all comparisons at once. For equal groups this is close to
exact, for others conservative.

Source: Gardner, Brooks and Baker (2019), doi:10.1145/3303772.3303791.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import number
from rai.measure.area_intervals import Area, why_without
from rai.measure.contrasts import BETWEEN, OVERALL
from rai.measure.gaps import Question
from rai.measure.roc_auc import roc_areas
from rai.measure.roc_draws import RocGrid, roc_grid
from rai.measure.roc_pairs import RocPairs, roc_pairs
from rai.measure.score_points import binned_within
from rai.measure.simultaneous import DRAWS
from rai.values import Gap, Tally
from rai.values.levels import key_name

Array = NDArray[np.float64]

ABROCA = "abroca"

_SPARED = 0.1
_CELLS = 40_000_000
_FEWEST = 200


def abroca_gap(tally: Tally, question: Question) -> Gap:
    """The largest area between the ROC curves of two groups, its interval, and what chance shows.

    Groups without positive or without negative labels have no curve and are left out. To compare with
    everyone is to compare with everyone else. Where bins are not exact, a curve may be off by half the
    share of pairs of a positive and a negative row in one bin; the interval is widened by that.

    Args:
        tally: A binary tally of scores, split by the axis that is compared along.
        question: What is asked; the gap is always a difference, and always of the worst pair.

    Source: Gardner, Brooks and Baker (2019), doi:10.1145/3303772.3303791.
    """
    if question.aggregate != "worst_case":
        seen = f"{question.aggregate!r} of the area between ROC curves"
        raise ArgumentError(sentence("aggregate", seen, expected="'worst_case'"))
    area = roc_areas(tally)
    why = dict(zip(map(key_name, tally.groups), _reasons(tally, area), strict=True))
    lost = [f"left out {name}: {reason}" for name, reason in why.items() if reason]
    pairs = roc_pairs(tally, area, versus=question.versus)
    base = Gap(
        metric=ABROCA, along=question.along, kind="difference", versus=question.versus, value=None,
        within=question.within, level=question.level, n=tally.rows,
        note="; ".join([f"undefined: {_problem(why, question.versus)}", *lost]),
    )  # fmt: skip
    return base if pairs is None else _answered(base, pairs, question, tally, lost)


def _answered(base: Gap, pairs: RocPairs, question: Question, tally: Tally, lost: Sequence[str]) -> Gap:
    """The gap of the worst pair."""
    found, slack = pairs.areas_between, pairs.pair_slack
    rng = np.random.default_rng(question.seed)
    reach, null, p_value = _chance(pairs, found, level=question.level, rng=rng)
    worst = int(np.argmax(found))
    high, low = sorted(pairs.pairs[worst], key=lambda side: -pairs.areas[side])
    value = float(found[worst])
    off = max(float((found + slack).max()) - value, value - float((found - slack).max()))
    whole = "overall is everyone outside the group" if question.versus == OVERALL else ""
    notes = [
        _crossing(float(pairs.areas[high] - pairs.areas[low]), value),
        whole,
        binned_within(off),
        *lost,
    ]
    rows = [
        n for key, n in zip(tally.groups, tally.group_rows, strict=True) if key_name(key) in pairs.names
    ]
    return replace(
        base, value=value, low=max(float((found - reach - slack).max()), 0.0),
        high=min(float((found + reach + slack).max()), 1.0), highest=pairs.names[high],
        lowest=pairs.names[low], null=null, p_value=p_value, n=int(sum(rows)),
        note="; ".join(filter(None, notes)),
    )  # fmt: skip


def _chance(
    pairs: RocPairs, found: Array, *, level: float, rng: np.random.Generator
) -> tuple[Array, float, float]:
    """How far off each area may be, the largest that chance shows, and how often it is as large.

    Areas are compared in units of what chance shows for their pair, as gaps are in standard errors.
    """
    grid = roc_grid(pairs.rocs)
    size = len(pairs.left) * len(grid.widths)
    draws = int(np.clip(_CELLS // size, _FEWEST, DRAWS))
    own, shared = _rises(pairs, grid)
    drawn = _drawn(pairs, grid, own, draws, rng)
    errors = [curves - grid.heights(rises) for curves, rises in zip(drawn, own, strict=True)]
    apart = _areas(pairs, grid, errors)
    scale = _positive(apart.mean(axis=0))
    reach = scale * np.quantile((apart / scale).max(axis=1), 1 - (1 - _SPARED) * (1 - level))
    alike = _areas(pairs, grid, _drawn(pairs, grid, [shared] * len(own), draws, rng))
    scale = _positive(alike.mean(axis=0))
    seen = float((found / scale).max()) * (1 - 1e-12)
    as_large = int(((alike / scale).max(axis=1) >= seen).sum())
    return reach, float(alike.max(axis=1).mean()), (1 + as_large) / (1 + draws)


def _rises(pairs: RocPairs, grid: RocGrid) -> tuple[list[Array], Array]:
    """The curves to draw from, and the one that all share: their mean, weighed by rows.

    So that few rows don't pretend to certainty, two positive rows are added to each: one from the
    shared curve, one by chance.
    """
    rises = [grid.rises(roc) for roc in pairs.rocs]
    shared = np.average(rises, axis=0, weights=1 / (1 / pairs.positives + 1 / pairs.negatives))
    whole = pairs.positives.sum()
    shared = (whole * shared + grid.even) / (whole + 1)
    rows = zip(rises, pairs.positives, strict=True)
    return [(n * own + shared + grid.even) / (n + 2) for own, n in rows], shared


def _drawn(
    pairs: RocPairs, grid: RocGrid, rises: Sequence[Array], draws: int, rng: np.random.Generator
) -> list[Array]:
    """Drawn curves of every side, each shape (draws, k)."""
    return [
        grid.drawn(r, positives=int(p), negatives=int(n), draws=draws, rng=rng)
        for r, p, n in zip(rises, pairs.positives, pairs.negatives, strict=True)
    ]


def _areas(pairs: RocPairs, grid: RocGrid, heights: Sequence[Array]) -> Array:
    """Areas between the pairs of drawn curves, shape (draws, m)."""
    return np.stack([np.abs(heights[i] - heights[j]) @ grid.widths for i, j in pairs.pairs], axis=1)


def _positive(scale: Array) -> Array:
    return np.where(scale > 0, scale, 1.0)


def _reasons(tally: Tally, area: Area) -> list[str]:
    reasons = why_without(area, tally, labels=("positive", "negative"))
    return [reason.removeprefix("undefined: ") for reason in reasons]


def _problem(why: dict[str, str], versus: str) -> str:
    if versus not in {BETWEEN, OVERALL, *why}:
        return f"no rows of the reference group {versus}"
    if why.get(versus):
        return f"the reference group has no ROC curve ({why[versus]})"
    return "fewer than two groups have a ROC curve"


def _crossing(apart: float, value: float) -> str:
    return f"the curves cross: their areas differ by {number(apart)}" if apart < value - 1e-9 else ""
