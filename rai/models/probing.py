"""A model probed: what would make it answer differently though nothing that matters has changed.

    model, n rows ──▶ asked twice · one by one · columns reordered · other types … ──▶ ProbeReport

A model that looks at the other rows of its batch, at the index, or at the order of columns gives scores
that hold for nobody. No check can stop the others: what goes wrong is its finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rai.engines.frames import Rows, open_rows
from rai.ground.checks import check_count
from rai.ground.errors import DataError, RaiError, sentence
from rai.ground.records import RecordTuple, Row
from rai.models.model import Model, as_model
from rai.models.probe_checks import CHECKS, Check, Found, Probe
from rai.values.generators import generator_of

Status = Literal["pass", "fail", "skipped", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeCheck:
    """What one check found.

    Args:
        check: Its name.
        status: `pass`; `fail`; `note` for what is worth knowing and no fault; `skipped` where it doesn't
            apply.
        detail: What was seen, in a sentence.
        n: Rows that it asked about; 0 if it was skipped.

    Example:
        >>> found = ProbeCheck(check="row_alone", status="pass", detail="no difference", n=50)
        >>> found.to_dict()["status"]
        'pass'
    """

    check: str
    status: Status
    detail: str
    n: int

    def to_dict(self) -> Row:
        """The finding as a flat row."""
        return {"check": self.check, "status": self.status, "detail": self.detail, "n": self.n}


class ProbeReport(RecordTuple[ProbeCheck]):
    """What the checks found, one row for each.

    Example:
        >>> import rai
        >>> report = probe_model(rai.load_model(lambda frame: frame["x"]), {"x": [0.2, 0.7]})
        >>> report.passed, {row["status"] for row in report.to_dicts()} <= {"pass", "note", "skipped"}
        (True, True)
    """

    __slots__ = ()

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(found.status != "fail" for found in self)


def probe_model(
    model: Any, rows: Any, *, n: int = 50, rng: int | np.random.Generator = 0
) -> ProbeReport:
    """Whether a model's scores hold still when nothing that matters changes, and what it reads.

    Args:
        model: Anything that `rai.load_model` takes.
        rows: Rows that it should be able to score: a frame, a dict of arrays, or a path.
        n: How many of them to ask about, drawn at random. It is called about `n` times with one row, and
            twice for each column with up to `10 · n`.
        rng: A seed or a generator, for the draw.

    Returns:
        A `ProbeReport`: one `ProbeCheck` for each check, in a fixed order.

    Raises:
        RoleError: If the rows lack a column that the model reads.
        DataError: If there are no rows.

    Example:
        >>> import rai
        >>> leaky = rai.load_model(lambda frame: frame["x"] / frame["x"].max())
        >>> report = probe_model(leaky, {"x": [1.0, 2.0, 4.0]})
        >>> report.passed, report.where(status="fail")[0].detail
        (False, 'asked one by one, scores differ by up to 0.75, in 2 of 3 rows')
    """
    known, held = as_model(model), open_rows(rows)
    count = min(check_count(n, where="n"), len(held))
    if not count:
        raise DataError(sentence("rows", "no rows", expected="at least one"))
    if known.features is not None:
        held.select(known.features, where=f"model ({known.kind})")
    draw = generator_of(rng)
    sample = held.take(np.sort(draw.choice(len(held), size=count, replace=False)))
    return _report(Probe(_answering(known, sample), known, held, sample, draw))


def _answering(model: Model, sample: Rows) -> Model:
    """The model, or where its probabilities are none, which is a finding here, as one of margins."""
    try:
        model.scores(sample.take(np.arange(len(sample))))
    except RaiError:
        return model.replace(probabilities=False)
    return model


def _report(probe: Probe) -> ProbeReport:
    """Each check in turn; skipped are those that would say nothing."""
    done: dict[str, ProbeCheck] = {}
    for check in CHECKS:
        why = _why_skipped(check, done)
        found = Found("skipped", why) if why else _safely(check.run, probe)
        rows = 0 if found.status == "skipped" else found.n or len(probe.sample)
        done[check.name] = ProbeCheck(check=check.name, status=found.status, detail=found.detail, n=rows)
    return ProbeReport(done.values())


def _why_skipped(check: Check, done: Mapping[str, ProbeCheck]) -> str:
    """Why a check would say nothing, after what was found before it; empty if it does."""
    failed = [name for name, found in done.items() if found.status == "fail"]
    if "scores_rows" in failed:
        return "it doesn't score these rows"
    return (
        "asked twice, it disagrees with itself" if check.compares and "repeated_call" in failed else ""
    )


def _safely(run: Callable[[Probe], Found], probe: Probe) -> Found:
    """What a check found, or that it could not be made."""
    try:
        return run(probe)
    except Exception as error:  # noqa: BLE001  # whatever a model does is a finding
        return Found("fail", f"the check ended early ({_reason(error)})")


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n", 1)[0][:200]
