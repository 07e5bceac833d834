"""What a check is: a question, a limit with its source, what it needs, and a function that looks.

    Seen ──look──▶ Look, Look, …  ──judged──▶ DataFinding      (see `judging`)

A look is one place that was looked at, whether something is wrong there or not: the share of missing
values of one column, the difference of one group from the others. A check only measures; what is
serious, a warning or fine is decided in one place for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rai.explore.data_checks.findings import Severity
from rai.ground.formatting import number
from rai.measure.intervals import wilson
from rai.values.levels import Level

if TYPE_CHECKING:
    from rai.explore.data_checks.seen import Seen

Bounds = Callable[[float], tuple[float, float]]
Evidence = Callable[[], tuple[Sequence[int], Sequence[Level]]]
Need = Literal[
    "labels", "classes", "groups", "axes", "data_sets", "population", "ids", "outcome_time",
    "scores_or_model",
]  # fmt: skip

MOST_EVIDENCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One place that a check looked at.

    Args:
        value: What was measured, in the unit of the check's limit.
        sentence: What it means, should it be beyond the limit.
        n: Rows it was measured on.
        dataset, feature, along, group: Where.
        bounds: From a critical value to the interval of the value; None for no interval.
        p_value: Chance of as much without a problem, not adjusted; None where nothing is tested.
        evidence: Finds rows and values to look at; called only for what is shown.
        least: The least severity, should chance be no explanation, even within the limit.
        most: The most severity of this look, where it is less than that of its check.
    """

    value: float
    sentence: str
    n: int
    dataset: str | None = None
    feature: str | None = None
    along: str | None = None
    group: str | None = None
    bounds: Bounds | None = None
    p_value: float | None = None
    evidence: Evidence | None = None
    least: Severity = "passed"
    most: Severity = "serious"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the table of checks.

    Args:
        kind: Its name.
        asks: What it asks, in one question.
        fine: What is said where nothing is beyond the limit.
        limit: From where on something is a problem.
        unit: What the limit is measured in.
        source: Where the limit comes from, or why it is what it is.
        look: Looks at everything the question is about.
        looks_at: What it looks at, for the reason where there is none of it.
        most: The most severity that it may find.
        worse: Which direction is worse.
        needs: What has to be known.

    Example:
        >>> from rai.explore.data_checks.table import CHECKS
        >>> next(check for check in CHECKS if check.kind == "missing").limit
        0.05
    """

    kind: str
    asks: str
    fine: str
    limit: float
    unit: str
    source: str
    look: Callable[[Seen], Iterable[Look]]
    looks_at: str
    most: Severity = "serious"
    worse: Literal["higher", "lower"] = "higher"
    needs: tuple[Need, ...] = ()


def share_bounds(count: float, n: float) -> Bounds:
    """Wilson's interval of a share, at any critical value.

    Example:
        >>> [round(bound, 3) for bound in share_bounds(5, 10)(1.96)]
        [0.237, 0.763]
    """

    def bounds(z: float) -> tuple[float, float]:
        low, high = wilson([count], [n], z=z)
        return float(low[0]), float(high[0])

    return bounds


def fixed(low: float | None, high: float | None) -> Bounds | None:
    """An interval that was made elsewhere, whatever the critical value; None without one.

    Example:
        >>> fixed(0.1, 0.2)(1.96)
        (0.1, 0.2)
    """
    return None if low is None or high is None else lambda _: (low, high)


def share_look(count: float, n: float, sentence: str, **more: Any) -> Look:
    """A look at a share of rows, with Wilson's interval.

    Example:
        >>> share_look(1, 4, "A quarter.").value
        0.25
    """
    return Look(value=count / n, sentence=sentence, n=int(n), bounds=share_bounds(count, n), **more)


def percent(share: float) -> str:
    """A share for reading.

    Example:
        >>> percent(0.0123), percent(0.5), percent(1.0)
        ('1.23%', '50%', '100%')
    """
    return f"{number(100 * share)}%"


def quoted(levels: Iterable[Level], *, most: int = 4) -> str:
    """Some values for reading, cut after a few.

    Example:
        >>> quoted(["?", 999])
        "'?', 999"
    """
    held = list(levels)
    words = [repr(level) if isinstance(level, str) else number(level, digits=6) for level in held[:most]]
    return ", ".join(words) + (f" and {len(held) - most} more" if len(held) > most else "")
