"""How good an explanation is, found by asking the model.

attributions, model ──▶ completeness · infidelity · deletion and insertion · sensitivity ──▶ a table
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.attributions import Attributions
from rai.explainers.hybrids import Bools
from rai.explainers.quality.infidelities import Infidelity, infidelity_of, removals, words
from rai.explainers.quality.measures import (
    AttributionQuality,
    QualityMeasure,
    QualityMeasures,
    measure_of,
)
from rai.explainers.quality.nearby import changes
from rai.explainers.quality.orders import chains_of
from rai.explainers.quality.reopened import Reopened, reopened, worths
from rai.ground.checks import check_count, check_level
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import counted, number
from rai.models.batches import Progress
from rai.values import Level
from rai.values.generators import generator_of

ORDERS = 2  # random orders of each row, beside the attributions' own
OTHER_ABSENCE = "absence here is a background row, which is not what the method means by it"


def check_attributions(
    model: Any,
    attributions: Attributions,
    *,
    background: Any = None,
    y_true: Any = None,
    loss: str | None = None,
    threshold: float | None = None,
    output: Level | None = None,
    most_rows: int = 100,
    most_background: int = 100,
    perturbations: int = 32,
    neighbours: int = 0,
    radius: float = 0.02,
    level: float = 0.95,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> AttributionQuality:
    """How faithful attributions are to the model, by any method and of any model.

    `completeness_…` says whether they add up; `infidelity` whether they foretell what happens without
    some of the players (`_scaled`: after each row's are multiplied by what suits it best; `_share`: over
    the mean square of what happens); `deletion_…` and `insertion_…` how fast the number moves when
    players go or come in order, beside random orders; `sensitivity` how much they change for nearly the
    same row. None of them says that the model is right.

    Args:
        model: The model that was explained.
        attributions: What `rai.explain` gave.
        background: The background that it was given; None if none was.
        y_true, loss, threshold: As given to it, where they were.
        output: Which output; of several the last one if None.
        most_rows: Rows that are looked at, drawn if there are more; completeness is of all rows.
        most_background: Rows of the background that stand in; drawn if there are more, and the noise
            of the draw is taken off infidelity.
        perturbations: Sets of players that are taken from each row.
        neighbours: Moved rows for each row, which are explained again, for `sensitivity`; 0 for none, as
            it costs so many explanations of each row.
        radius: How far numbers move, as a share of their robust standard deviation.
        level: Coverage of each interval.
        rng: Seed, or source of randomness.
        progress: Called with the questions done and in all; of sensitivity with its own.

    Returns:
        A table of measures, and `.curves` to plot.

    Raises:
        ArgumentError: Another background than the attributions', or a number that is not allowed.
        DataError: Another model, threshold or labels than those explained.

    Example:
        >>> import rai
        >>> rows = {"a": [1.0, 0.0, 0.5], "b": [0.5, 0.2, 0.0]}
        >>> model = rai.load_model(lambda f: f["a"] * f["b"])
        >>> found = check_attributions(model, rai.explain(model, rows))
        >>> round(found.value("infidelity"), 4), found.measures.names[:2]
        (0.0017, ('completeness_max', 'completeness_mean'))

    Source: Yeh et al. (2019), arXiv:1901.09392; Petsiuk et al. (2018), arXiv:1806.07421.
    """
    asked = _Asked(
        rows=check_count(most_rows, where="most_rows"),
        background=check_count(most_background, where="most_background"),
        perturbations=check_count(perturbations, where="perturbations"),
        neighbours=check_count(neighbours, where="neighbours", least=0),
        radius=_radius(radius),
        level=check_level(level),
        rng=generator_of(rng),
        progress=progress,
    )
    whole = reopened(
        model, attributions, background=background, y_true=y_true, loss=loss, threshold=threshold,
        output=output,
    )  # fmt: skip
    n = len(attributions)
    places = np.arange(n)
    if n > asked.rows:
        places = np.sort(asked.rng.choice(n, asked.rows, replace=False))
    return _checked(whole, whole if len(places) == n else whole.part(places), asked)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Asked:
    """How much is to be looked at."""

    rows: int
    background: int
    perturbations: int
    neighbours: int
    radius: float
    level: float
    rng: np.random.Generator
    progress: Progress | None


def _checked(whole: Reopened, some: Reopened, asked: _Asked) -> AttributionQuality:
    held, size = some.background, len(some.background)
    if size > asked.background:
        held = held.take(np.sort(asked.rng.choice(size, asked.background, replace=False)))
    n, players = some.values.shape
    removed = removals(n, players, perturbations=asked.perturbations, rng=asked.rng)
    hybrids, used, k = some.hybrids(held), len(held), some.k
    sets = len(removed.weight)
    in_all = n * (1 + sets + (4 + ORDERS) * max(players - 1, 0))
    done = 0

    def ask(x: Ints, kept: Bools) -> tuple[Floats, Floats]:
        nonlocal done
        found = worths(hybrids, x, kept=kept, background=used, k=k)
        done += len(x)
        if asked.progress is not None:
            asked.progress(done, in_all)
        return found

    base = ask(np.arange(n), np.zeros((n, players), dtype=np.bool_))[0]
    mean, variance = ask(np.repeat(np.arange(n), sets), ~removed.gone.reshape(-1, players))
    infidelity = infidelity_of(
        some.values,
        removed,
        change=some.scores[:, None] - mean.reshape(n, sets),
        noise=variance.reshape(n, sets) / used * (1 - used / size),
    )
    only: Callable[[Ints, Bools], Floats] = lambda x, kept: ask(x, kept)[0]  # noqa: E731
    chains = chains_of(
        some.values, scores=some.scores, base=base, worth=only, orders=ORDERS, rng=asked.rng
    )
    note = OTHER_ABSENCE if some.attributions.kind != "interventional" else ""
    rows = [
        *_completeness(whole, asked.level),
        *_infidelity(infidelity, asked.level, "; ".join(filter(None, (words(removed), note)))),
        *chains.measures(level=asked.level, note=note),
    ]
    if asked.neighbours:
        rows.append(_sensitivity(some, asked))
    return AttributionQuality(
        measures=QualityMeasures(rows),
        curves=chains.points(level=asked.level),
        method=some.attributions.method,
        space=some.attributions.space,
        level=asked.level,
        notes=tuple(_notes(whole, n, used=used, asked=asked)),
    )


def _completeness(found: Reopened, level: float) -> Iterator[QualityMeasure]:
    base = found.attributions.base[:, found.k]
    error = np.abs(base + found.values.sum(axis=1) - found.scores)
    size = float(np.abs(found.scores - base).sum())
    yield QualityMeasure(
        measure="completeness_max", value=float(error.max()), n=len(error), better="lower"
    )
    yield measure_of("completeness_mean", error, better="lower", level=level, least=0.0)
    yield QualityMeasure(
        measure="completeness_share",
        value=float(error.sum()) / size if size else None,
        n=len(error),
        better="lower",
        note="" if size else "undefined: every row's number is its base",
    )


def _infidelity(found: Infidelity, level: float, note: str) -> Iterator[QualityMeasure]:
    yield measure_of("infidelity", found.plain, better="lower", level=level, note=note)
    yield measure_of("infidelity_scaled", found.scaled, better="lower", level=level, note=note)
    size = float(found.size.mean())
    if size <= 0:
        why = "undefined: taking players away changes nothing"
        yield QualityMeasure(
            measure="infidelity_share", value=None, n=len(found.size), better="lower", note=why
        )
        return
    share = float(found.plain.mean()) / size
    # A ratio of means: its error is that of what is left of each row after the ratio times its size.
    linear = share + (found.plain - share * found.size) / size
    yield measure_of("infidelity_share", linear, better="lower", level=level, note=note)


def _sensitivity(found: Reopened, asked: _Asked) -> QualityMeasure:
    apart, names = changes(
        found, times=asked.neighbours, radius=asked.radius, rng=asked.rng, progress=asked.progress
    )
    count = counted(asked.neighbours * len(apart), "row")
    note = f"{count} explained again, moved in {counted(len(names), 'column')}"
    if not names:
        note = "no column of numbers to move"
    elif not found.attributions.exact:
        note += "; the error of estimates counts, too"
    return measure_of("sensitivity", apart, better="lower", level=asked.level, least=0.0, note=note)


def _notes(found: Reopened, n: int, *, used: int, asked: _Asked) -> Iterator[str]:
    if n < len(found.attributions):
        yield f"{n:,} of {len(found.attributions):,} rows, drawn at random; completeness is of all"
    if used < len(found.background):
        drawn = f"{used:,} of {len(found.background):,} rows of the background, drawn at random"
        yield f"{drawn}; intervals leave that draw out"
    if not asked.neighbours:
        yield "sensitivity was not asked for: pass neighbours="


def _radius(radius: Any) -> float:
    fits = isinstance(radius, int | float) and not isinstance(radius, bool)
    if not fits or not 0 < radius < np.inf:
        expected = f"a number above {number(0.0)}"
        raise ArgumentError(sentence("radius", repr(radius), expected=expected))
    return float(radius)
