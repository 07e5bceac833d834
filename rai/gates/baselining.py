"""What `no_worse_than` is held against: the same rows decided twice, or another audit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from rai.audit_files import is_saved_audit
from rai.audits import Audit
from rai.gates.pairs import joint_audit, paired_of
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.measure.paired import paired_flips
from rai.values.differences import Flips
from rai.values.levels import EVERYONE

COLUMN = "(baseline)"  # the scores of a baseline that is a model


class Against(NamedTuple):
    """A baseline.

    Attributes:
        audit: The audit of both, or of the baseline; None without one.
        paired: The axis that holds the baseline's decisions; None if it is another audit.
        digest: Digest of the baseline where it is a model, empty if it has none; else None.
    """

    audit: Audit | None = None
    paired: str | None = None
    digest: str | None = None


def against(found: Audit, baseline: Any, data: Any) -> Against:
    """The baseline, as it was given.

    Args:
        found: The candidate's audit.
        baseline: A column of the data, a model, an audit, the path of one, or None.
        data: The rows that were audited.

    Raises:
        ArgumentError: If it needs the data, and there are none.
        DataError: If it can't be used.
    """
    if baseline is None:
        return Against()
    if isinstance(baseline, Audit):
        return _other(found, baseline)
    if isinstance(baseline, (str, Path)) and is_saved_audit(baseline):
        return _other(found, Audit.load(baseline))
    if data is None:
        hint = "Or pass an audit of the baseline."
        expected = "data=, the rows that were audited"
        raise ArgumentError(sentence("baseline", "no data", expected=expected, hint=hint))
    if isinstance(baseline, str) and not Path(baseline).exists():
        return Against(joint_audit(data, found, baseline), baseline)
    return _of_model(found, baseline, data)


def flips_of(found: Audit, held: Against) -> Flips:
    """Who is decided otherwise than by the baseline: everyone, and each group of each sensitive feature.

    Groups of a flip are written as `along` and `group`, so that those of all features are one table.
    """
    if held.audit is None or held.paired is None:
        return Flips()
    pairs = paired_of(
        held.audit, held.paired, held.audit.thresholds[0] if held.audit.thresholds else None
    )
    rows = [
        (along, flip)
        for along in (EVERYONE, *found.roles.sensitive_features)
        for flip in paired_flips(pairs, by=() if along == EVERYONE else (along,), level=found.level)
    ]
    return Flips(replace(flip, group=(("along", along), ("group", flip.name))) for along, flip in rows)


def _other(found: Audit, baseline: Audit) -> Against:
    if baseline.task != found.task:
        seen, expected = f"a {baseline.task} audit", f"a {found.task} one, as the candidate's"
        raise DataError(sentence("baseline", seen, expected=expected))
    mine, theirs = found.roles.positive_label, baseline.roles.positive_label
    if mine != theirs:
        expected = f"{mine!r}, as the candidate's"
        raise DataError(sentence("baseline", f"positive label {theirs!r}", expected=expected))
    return Against(baseline)


def _of_model(found: Audit, baseline: Any, data: Any) -> Against:
    """A model asked about every row, as one more column."""
    import polars as pl

    from rai.explore import read_rows
    from rai.models import load_model, score_rows

    model = load_model(baseline)
    frame = data
    if isinstance(data, (str, Path)):
        frame = read_rows(data)
    scored = score_rows(model, frame)
    wanted = "score" if found.thresholds else "prediction"
    held: Any = scored.to_polars()[wanted]
    rows = pl.DataFrame(frame) if isinstance(frame, dict) else _polars(frame)
    joint = joint_audit(rows.with_columns(held.alias(COLUMN)), found, COLUMN)
    return Against(joint, COLUMN, model.digest)


def _polars(frame: Any) -> Any:
    import narwhals as nw

    return nw.from_native(frame, eager_only=True).to_polars()
