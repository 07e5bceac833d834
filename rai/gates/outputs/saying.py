"""What a verdict, a rule and a pack say in outputs for programs: one line each, safe to show.

The text is still to be escaped for the format that it goes into.
"""

from __future__ import annotations

import math

from rai.gates.outputs.places import policy_place
from rai.gates.results import GateResult
from rai.gates.sources import Extended
from rai.ground.formatting import UNDEFINED, counted, figure, one_line
from rai.values.verdict import STATUSES, Effect, Verdict, Verdicts

STOPS: frozenset[Effect] = frozenset({"error", "fail", "inconclusive"})  # what the exit code counts
MOST = 200  # letters of a name from data


def seen(verdict: Verdict) -> str:
    """What was seen: the value, its bounds, the rows, and the rows that a verdict would take.

    Example:
        >>> seen(Verdict(rule="a", kind="min_metric", status="inconclusive", effect="inconclusive",
        ...     code="not_shown", reason="", value=0.4, low=0.35, n=120, smallest="F", rows_needed=900))
        'seen: 0.400 [0.350, –], n = 120 in F; about 900 rows in that group would do'
    """
    rows = "" if verdict.n is None else f"n = {verdict.n:,}"
    who = f" in {one_line(verdict.smallest, most=MOST)}" if rows and verdict.smallest else ""
    needed = verdict.rows_needed
    more = f"; about {counted(needed, 'row')} in that group would do" if needed else ""
    return f"seen: {', '.join(part for part in (_estimate(verdict), f'{rows}{who}') if part)}{more}"


def told(verdict: Verdict) -> str:
    """Why a verdict is what it is, what was seen, and who answers for it, in one line.

    Example:
        >>> told(Verdict(rule="rows", kind="min_n", status="fail", effect="fail", code="beyond_limit",
        ...     reason="9 rows; at least 30 asked for", value=9.0, n=9, smallest="F"))
        '9 rows; at least 30 asked for; seen: n = 9 in F'
    """
    numbers = [] if verdict.value is None and verdict.n is None else [seen(verdict)]
    parts = [one_line(verdict.reason), *numbers, one_line(verdict.waiver)]
    return "; ".join(part for part in parts if part)


def tallied(verdicts: Verdicts) -> str:
    """How many verdicts there are of each status, the worst first.

    Example:
        >>> one = Verdict(rule="n", kind="min_n", status="pass", effect="none", code="kept", reason="")
        >>> tallied(Verdicts([one, one]))
        '2 pass'
    """
    counts = verdicts.counts
    return ", ".join(f"{counts[status]:,} {status}" for status in STATUSES if counts[status])


def policy_name(result: GateResult) -> str:
    """What the policy is called: its title, else its path, else `policy`.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> policy_name(rai.gate(found, {"version": 1, "title": "Hiring", "rules": [rule]}))
        'Hiring'
    """
    place = policy_place(result.source.path)
    return one_line(result.policy.title or place or "policy", most=MOST)


def data_fingerprint(result: GateResult) -> str:
    """The fingerprint of the rows that were audited; empty where there is none."""
    return str(result.audit.provenance.get("fingerprint", ""))


def provisos(result: GateResult) -> list[str]:
    """The clause, date and disclaimer of the policy and of each pack that it extends, a line each.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> provisos(rai.gate(found, {"version": 1, "clause": "§ 1", "rules": [rule]}))
        ['§ 1.']
    """
    policy = result.policy
    own = Extended(
        name="", text="", title=policy.title, date=str(policy.date or ""), clause=policy.clause,
        disclaimer=policy.disclaimer,
    )  # fmt: skip
    lines = [
        _proviso(own) if own.clause or own.disclaimer else "",
        *map(_proviso, result.source.extended),
    ]
    return [line for line in lines if line]


def _proviso(part: Extended) -> str:
    head = ", ".join(filter(None, (part.title or part.name, part.date)))
    texts = (part.clause, part.disclaimer)
    return one_line(" ".join(f"{text.rstrip(' .')}." for text in (head, *texts) if text))


def _estimate(verdict: Verdict) -> str:
    """The value with its bounds; empty for a number of rows, which is said anyway."""
    if verdict.low is verdict.high is None:
        counted_only = verdict.value is not None and verdict.value == verdict.n
        return "" if counted_only else _figure(verdict.value)
    return f"{_figure(verdict.value)} [{_figure(verdict.low)}, {_figure(verdict.high)}]"


def _figure(value: float | None) -> str:
    return UNDEFINED if value is None or not math.isfinite(value) else figure(value)
