"""Which features carry the gap between groups: the door.

a mean over rows   rows' attributions ─▶ moments of each group ─▶ differences ─┐
any other metric   the metric of each group, played as a game ─▶ differences  ─┴▶ GapAttributions
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.explainers.gap_parts.asking import Asked, asked_of
from rai.explainers.gap_parts.gap_metrics import Kind
from rai.explainers.gap_parts.gap_results import GapAttributions
from rai.explainers.gap_parts.group_moments import Side, merged, moments_by_group, side_of
from rai.explainers.gap_parts.metric_game import auc_worth, played, rate_worth
from rai.explainers.gap_parts.pairing_sides import (
    BETWEEN,
    Comparison,
    Telling,
    comparisons,
    pairs_told,
)
from rai.explainers.gap_parts.row_tables import GAP_METHODS, row_table
from rai.explainers.players import Given
from rai.explainers.questions import Question
from rai.ground.checks import check_choice, check_level
from rai.ground.errors import ArgumentError, sentence
from rai.ground.formatting import TIMES
from rai.models.batches import Progress
from rai.values import Level
from rai.whatif.row_groups import Cuts


def attribute_gap(
    model: Any,
    rows: Any,
    *,
    metric: str,
    sensitive_features: Any,
    y_true: Any = None,
    background: Any = None,
    kind: Kind | None = None,
    method: str = "auto",
    space: str | None = None,
    players: Given = "raw",
    threshold: float | None = None,
    versus: Any = BETWEEN,
    cuts: Cuts | None = None,
    loss: str | None = None,
    output: Level | None = None,
    level: float = 0.95,
    budget: int | None = None,
    rng: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> GapAttributions:
    """Which features carry the gap of a metric between groups.

    The parts of the features, and of what no feature carries, sum to the gap. Where the metric is a mean
    over rows (selection rate, true-positive rate, mean score, a loss …) a part is the difference of the
    groups' mean attributions in the metric's own space, with one background for all groups. Ratios,
    precision and its like, and AUC are no means: there the metric itself is played as a game.

    Intervals hold for all parts of all pairs at once (max-T over normal draws with the rows' own
    covariances): for new rows drawn independently within groups, with model and background as they
    are. Chance bands tell where all parts would lie at once, at the same level, if rows were dealt to
    groups of these sizes at random. Groups of fewer than 30 rows get neither.

    No part is a cause. A column that the model doesn't read gets 0, even if it stands behind the columns
    that carry the gap.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: The rows, n of them.
        metric: A metric or criterion by name: one of `GAP_METRICS`, an alias, `demographic_parity`, …
        sensitive_features: What splits the rows: names of columns, a dict of name to array, a frame, a
            series or an array. A missing value is a group.
        y_true: The rows' labels, or the name of their column; for metrics that need them.
        background: The rows that a column's values are taken from while it doesn't play; if None up to
            5,000 of the rows themselves, drawn within groups. With the rows of one group the parts tell
            what putting the other group's values in their place would do.
        kind: `difference` or `ratio` (parts of the ratio's logarithm); the criterion's own if None.
        method: `auto`, `linear`, `tree`, `exact` or `sampled`; for a metric that is no mean only `auto`.
        space: For `mean_score` and `roc_auc`: `margin`, `probability` or `prediction`.
        players: `raw` for each column, or a dict of a name to columns that move together.
        threshold: The score from which on a row is decided positive; the model's own if None.
        versus: `between_groups` for the two groups furthest apart, `one_vs_rest`, `pairwise`, or the
            group that each other is compared with.
        cuts: Numeric sensitive features to edges, or to a number of quantile groups.
        loss: For `mean_loss`: which.
        output: Of several classes the one that is meant: it is then the positive one.
        level: Coverage of all intervals at once.
        budget: About how many rows the model may be asked about; 10 million if None.
        rng: Seed, or source of randomness.
        progress: Called with the work done and in all.

    Returns:
        `GapAttributions`: for each pair of groups its parts, residuals and the gap.

    Raises:
        ArgumentError: An unknown metric, or something that doesn't go with it or the model.
        RoleError: A column is missing.
        DataError: No rows, or labels that can't be used.

    Example:
        >>> import rai
        >>> rows = {"hours": [40, 20, 40, 20], "sex": ["F", "F", "M", "F"]}
        >>> model = rai.load_model(lambda frame: frame["hours"] / 50.0, features=["hours"])
        >>> found = attribute_gap(model, rows, metric="selection_rate", sensitive_features="sex")
        >>> pair = found.pairs[0]
        >>> pair.group, pair.versus, round(pair.value, 3), round(pair.parts[0].value, 3)
        ('M', 'F', 0.667, 0.667)

    Source: Begley et al. (2020), arXiv:2010.07389; Lundberg (2020), explaining quantitative measures of
    fairness; of linear models: Oaxaca (1973), doi:10.2307/2525981.
    """
    asked = asked_of(
        model, rows, metric=metric, sensitive_features=sensitive_features, y_true=y_true, kind=kind,
        background=background, space=space, players=players, threshold=threshold, cuts=cuts, loss=loss,
        output=output, budget=budget, rng=rng, progress=progress,
    )  # fmt: skip
    check_choice(method, GAP_METHODS, where="method")
    found = comparisons(asked.groups.keys, versus)
    held = _of_means(asked, method) if asked.is_mean else _of_game(asked, method, found)
    telling = Telling(
        names=asked.players.names,
        residual=_residual(asked),
        level=check_level(level),
        worst=isinstance(versus, str) and versus == BETWEEN,
        logarithm=asked.kind == "ratio",
    )
    pairs = pairs_told(found, held.side, telling=telling, rng=asked.rng)
    question = held.question
    named = asked.reading.model.task == "multiclass" and question.space.name != "loss"
    return GapAttributions(
        metric=asked.metric.name,
        kind=asked.kind,
        along=TIMES.join(asked.groups.axes),
        versus=versus if isinstance(versus, str) else str(versus),
        pairs=pairs,
        names=asked.players.names,
        space=question.space.name,
        method=held.method,
        exact=held.exact,
        level=float(level),
        background=question.background.said,
        background_n=len(question.background),
        background_digest=question.background.digest,
        model_digest=question.model.digest,
        threshold=asked.threshold_used,
        output=str(question.space.outputs[asked.output]) if named else None,
        why=held.why,
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Held:
    """The sides, and how they were found."""

    side: Callable[[tuple[int, ...]], Side]
    question: Question
    method: str
    exact: bool
    why: str


def _of_means(asked: Asked, method: str) -> _Held:
    """Sides from the rows' own parts."""
    labels = None
    count = len(asked.groups.keys)
    if asked.metric.space == "loss":
        labels = np.unique(asked.numbered, return_inverse=True)[1]
    table = row_table(asked.question, method, output=asked.output, labels=labels)
    moments = moments_by_group(table.values, asked.place, groups=count)
    why = "no rows" if asked.metric.rows == "all" else f"no rows with a {asked.metric.rows} label"

    def side(groups: tuple[int, ...]) -> Side:
        return side_of(merged([moments[at] for at in groups]), sign=asked.metric.sign, why=why)

    return _Held(
        side=side, question=table.question, method=table.method, exact=table.exact, why=table.why
    )


def _of_game(asked: Asked, method: str, found: list[Comparison]) -> _Held:
    """Sides from the game of the metric."""
    if method != "auto":
        seen = f"{method!r} for the {asked.kind} of {asked.metric.name!r}"
        hint = "It is no mean over rows, so that no attributions of rows make it up."
        raise ArgumentError(sentence("method", seen, expected="'auto'", hint=hint))
    sets = list(dict.fromkeys(groups for one in found for groups in (one.ours, one.theirs)))
    places = [np.flatnonzero(np.isin(asked.place, groups)) for groups in sets]
    rate = asked.metric.rate
    logarithm = asked.kind == "ratio"
    question = asked.question(None)
    game = played(
        question,
        places,
        labels=np.zeros(len(asked.rows)) if asked.positive is None else asked.positive,
        worth=auc_worth if rate is None else rate_worth(rate, logarithm=logarithm),
        output=asked.output,
        lacking=_lacking(asked),
    )
    sides = dict(zip(sets, game.sides, strict=True))
    return _Held(
        side=lambda groups: sides[groups],
        question=question,
        method="metric_game",
        exact=game.exact,
        why=game.why,
    )


def _lacking(asked: Asked) -> str:
    if asked.metric.rate is None:
        return "labels of one kind only"
    if asked.kind == "ratio":
        return f"no logarithm of the {asked.metric.name}, at least not while some columns are redrawn"
    return f"no denominator of the {asked.metric.name}, at least not while some columns are redrawn"


def _residual(asked: Asked) -> str:
    if asked.metric.space == "loss":
        return "(labels)"
    return "(base rate)" if not asked.metric.linear and asked.metric.rate is not None else ""
