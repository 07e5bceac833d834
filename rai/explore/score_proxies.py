"""Whether a model's score tells the group among rows with the same label.

    label 0 ── area of the score for the group ─┐
                                                ├─ mean, by pairs of rows ──▶ 0.5 where it tells nothing
    label 1 ── area of the score for the group ─┘

Where all groups have the same error rates at every threshold (separation, equalized odds), each is 0.5.

Source: Hardt, Price and Srebro (2016), arXiv:1610.02413.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rai.engines.encoding import Codes, group_codes
from rai.engines.numbers import numbers_of_role
from rai.explore.proxy_folds import Asked
from rai.explore.proxy_rows import Proxy
from rai.explore.proxy_targets import MOST_WHOLE, Target, untold
from rai.explore.single_proxies import with_told
from rai.measure.out_of_fold import of_scores
from rai.values.levels import level_order

Mask = NDArray[np.bool_]


def score_given_label(target: Target, y_true: str, y_score: str, asked: Asked) -> Iterator[Proxy]:
    """What the score tells of each group: over all labels, and label by label.

    Raises:
        RoleError: If the scores are no numbers.
    """
    score = numbers_of_role(asked.rows.column(y_score), where=f"y_score {y_score!r}", expected="scores")[
        target.rows
    ]
    label = group_codes(asked.rows.column(y_true), where=f"y_true {y_true!r}")
    at = label.codes[target.rows]
    usual = Proxy(sensitive_feature=target.name, feature=f"{y_score} given {y_true}", kind="score")
    if target.y is not None or label.fraction is not None or len(label.levels) > MOST_WHOLE:
        why = untold(target) or "undefined: it needs groups and a label of a few values; pass cuts"
        yield replace(usual, n=len(at), note=why)
        return
    there = np.isfinite(score) & (at >= 0)
    shown = range(1, 2) if len(target.levels) == 2 else range(len(target.levels))
    for feature, mine in _labels(usual.feature, label, at):
        rows = there & mine
        proxy = replace(usual, feature=feature, n=int(rows.sum()))
        if untold(target) or not rows.any():
            yield replace(proxy, note=untold(target) or "undefined: no rows")
            continue
        weight = asked.weights(target)
        for place in shown:
            member = target.group[rows] == place
            held = None if weight is None else weight[rows]
            area = of_scores(score[rows], member, at[rows], learnt=False, weight=held)
            told = area.told(level=asked.level)
            note = "" if told.value is not None else "undefined: no label that both have"
            yield replace(with_told(proxy, told, note=note), group=target.levels[place])


def _labels(name: str, label: Codes, at: NDArray[np.integer]) -> Iterator[tuple[str, Mask]]:
    """All labels together, then each, with the rows that have it."""
    yield name, np.ones(len(at), dtype=np.bool_)
    for place in sorted(range(len(label.levels)), key=lambda place: level_order(label.levels[place])):
        yield f"{name} = {label.levels[place]}", at == place
