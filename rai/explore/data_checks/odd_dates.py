"""Dates that can't be right: in the future, or before anybody alive was born."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import numpy as np

from rai.explore.data_checks.check import Check, Look, share_look
from rai.explore.data_checks.placeholders import DAYS
from rai.explore.data_checks.seen import Seen
from rai.ground.formatting import counted

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH).days


def _look(seen: Seen) -> Iterator[Look]:
    tomorrow = (datetime.now(UTC) - EPOCH).days + 1
    for dataset, feature, held in seen.columns("date"):
        points, n = seen.points(dataset, feature, held)
        odd = ((points < FIRST) | (points > tomorrow)) & ~np.isin(points, DAYS)
        rows = int(n[odd].sum())
        yield share_look(
            rows,
            held.rows,
            f"{feature!r}{seen.inside(dataset)} lies in the future or before 1900 in "
            f"{counted(rows, 'row')}.",
            dataset=dataset,
            feature=feature,
            evidence=partial(seen.with_numbers, dataset, feature, points[odd]),
        )


IMPLAUSIBLE_DATES = Check(
    kind="implausible_dates",
    asks="Do dates lie in the future, or before 1900?",
    fine="Every date lies between 1900 and today.",
    limit=0.0,
    unit="share of rows",
    source="any; what is planned, or long past, is meant so",
    look=_look,
    looks_at="columns of dates",
    most="warning",
)
