"""From a finding to a rule: a policy that keeps what an audit found from getting worse.

    audit ─▶ rules with no limit to speak of ──gate──▶ bounds of each gap ─▶ rules with these as limits

A gap beyond chance becomes a rule whose limit is as large as the gap may be today. It passes today's
model, fails a worse one, and its limit is to be lowered as the model gets better.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from rai.audits import Audit
from rai.gates.gating import gate
from rai.gates.policy_files import load_policy
from rai.gates.rules.choosing import rows_of
from rai.gates.rules.fields import Axes
from rai.gates.yaml_files import parse
from rai.ground.errors import PolicyError, sentence
from rai.ground.formatting import TIMES, counted, figure, interval, metric_name, number
from rai.measure.tables import default_criteria
from rai.values import Moments
from rai.values.levels import key_name
from rai.values.verdict import Verdict, Verdicts

MIN_N = 30
NO_LIMIT = 1e100

_AXES: TypeAdapter[tuple[str, ...]] = TypeAdapter(Axes)


def propose_policy(audit: Audit, *, title: str = "") -> str:
    """A policy file that guards what an audit found, as YAML.

    Groups of fewer than 30 rows are excluded by name, as nothing could be shown of them.

    Args:
        audit: The audit.
        title: What the policy is for.

    Raises:
        PolicyError: If no sensitive feature has a name that a policy can say.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1] * 400, y_pred=[1, 0, 1, 1] * 100,
        ...     sensitive_features={"sex": ["F", "F", "M", "M"] * 100})
        >>> policy = load_policy(parse(propose_policy(found), where="policy").data).policy
        >>> [rule.id for rule in policy.rules]
        ['rows-by-sex', 'demographic_parity-by-sex', 'equal_opportunity-by-sex', 'equal_accuracy-by-sex']
    """
    features = [name for name in audit.roles.sensitive_features if _nameable((name,))]
    if not features:
        seen, expected = "no column that a policy can name", "a sensitive feature without × in its name"
        raise PolicyError(sentence("proposal", seen, expected=expected))
    taken: set[str] = set()
    rows = [line for name in features for line in _rows(audit, name, taken)]
    judged = _judged(audit, list(_drafted(audit, taken)))
    lines = [
        "version: 1",
        f"title: {_text(title or 'What the audit found does not get worse')}",
        *_columns(audit),
        "rules:",
        *rows,
        *(line for draft, found in judged for line in _rule(audit, draft, found)),
    ]
    text = "\n".join(lines) + "\n"
    load_policy(parse(text, where="the proposed policy").data)
    return text


def _nameable(axes: Sequence[str]) -> bool:
    """Whether a policy can say the names of columns: ` × ` joins several."""
    return _AXES.validate_python(list(axes)) == tuple(axes)


def _drafted(audit: Audit, taken: set[str]) -> Iterator[dict[str, Any]]:
    """A rule for each gap that an audit shows, with a limit that nothing breaks."""
    for along in audit.comparisons:
        if not _nameable(along):
            continue
        small = [group for group, n in _sizes(audit, along).items() if n < MIN_N]
        for metric in default_criteria(audit.counts()):
            yield {
                "id": _id(f"{metric}-by-{TIMES.join(along)}", taken),
                "kind": "max_gap",
                "metric": metric,
                "along": list(along),
                "within": list(audit.roles.control_features),
                "exclude": small,
                "limit": NO_LIMIT,
            }


def _judged(
    audit: Audit, drafts: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Verdicts]]:
    """Those of which a gap is beyond chance, with the bounds of their gaps."""
    result = gate(audit, {"version": 1, "rules": list(drafts)})
    for draft in drafts:
        found = Verdicts(v for v in result.verdicts if v.rule == draft["id"] and v.high is not None)
        if any(verdict.low is not None and verdict.low > 0 for verdict in found):
            yield draft, found


def _columns(audit: Audit) -> Iterator[str]:
    """Which column is what, where the audit read columns by name."""
    roles = audit.roles
    lines = [
        f"  {role}: {_text(getattr(roles, role))}"
        for role in ("y_true", "y_pred", "y_score", "sample_weight", "where")
        if getattr(roles, role)
    ]
    lines += [
        f"  {role}: {_listed(getattr(roles, role))}"
        for role in ("sensitive_features", "control_features")
        if getattr(roles, role)
    ]
    if roles.positive_label is not None:
        lines.append(f"  positive_label: {_scalar(roles.positive_label)}")
    if audit.task == "regression":
        lines.append("  task: regression")
    if audit.thresholds:
        lines.append(f"  thresholds: [{', '.join(repr(t) for t in audit.thresholds)}]")
    lines += _mapped("cuts", {name: _cut(cut) for name, cut in roles.cuts.items()})
    lines += _mapped("cohorts", {name: _text(query) for name, query in roles.cohorts.items()})
    return iter(["audit:", *lines] if lines else [])


def _mapped(name: str, held: Mapping[str, str]) -> list[str]:
    return [f"  {name}:", *(f"    {_text(key)}: {text}" for key, text in held.items())] if held else []


def _cut(cut: int | Sequence[float]) -> str:
    return str(cut) if isinstance(cut, int) else f"[{', '.join(repr(edge) for edge in cut)}]"


def _rows(audit: Audit, name: str, taken: set[str]) -> Iterator[str]:
    sizes = _sizes(audit, (name,))
    yield f"  - id: {_id(f'rows-by-{name}', taken)}"
    yield "    kind: min_n"
    yield f"    along: [{_text(name)}]"
    yield f"    limit: {MIN_N}"
    yield f"    groups: {_listed([group for group, n in sizes.items() if n >= MIN_N])}"
    yield from _excluded(sizes)


def _sizes(audit: Audit, along: Sequence[str]) -> dict[str, int]:
    counts = audit.counts().by(*along)
    return {key_name(key): n for key, n in zip(counts.groups, rows_of(counts), strict=True)}


def _excluded(sizes: Mapping[str, int]) -> Iterator[str]:
    small = {group: n for group, n in sizes.items() if n < MIN_N}
    if small:
        rows = ", ".join(counted(n, "row") for n in small.values())
        yield f"    exclude: {_listed(list(small))}  # {rows}"


def _rule(audit: Audit, draft: Mapping[str, Any], found: Verdicts) -> Iterator[str]:
    limit = _rounded_up(max(verdict.high for verdict in found if verdict.high is not None))
    if limit >= 1 and not isinstance(audit.tally, Moments):
        return  # nothing that a rule could forbid
    yield from (f"  # found: {_comment(_words(verdict))}" for verdict in found)
    yield f"  - id: {draft['id']}"
    yield "    kind: max_gap"
    yield f"    metric: {draft['metric']}"
    yield f"    along: {_listed(draft['along'])}"
    if draft["within"]:
        yield f"    within: {_listed(draft['within'])}"
    yield f"    limit: {limit:g}  # lower it as the model gets better"
    yield from _excluded(_sizes(audit, draft["along"]))


def _words(verdict: Verdict) -> str:
    where = "".join(f", {axis}={level}" for axis, level in verdict.within)
    size = "" if verdict.n is None else f"; smallest group {verdict.smallest}, n={number(verdict.n)}"
    seen = f"{figure(verdict.value)} {interval(verdict.low, verdict.high)}"
    return f"{metric_name(str(verdict.metric))} {seen}{where}{size}"


def _rounded_up(value: float) -> float:
    """A number of two digits that is no smaller."""
    scale = 10.0 ** (1 - math.floor(math.log10(value)))
    return math.ceil(value * scale) / scale


def _id(text: str, taken: set[str]) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:90] or "rule"
    name, place = plain, 2
    while name in taken:
        name, place = f"{plain}-{place}", place + 1
    taken.add(name)
    return name


def _text(text: object) -> str:
    """Text from data as a YAML scalar that is read back as that text."""
    escaped = "".join(
        char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in str(text)
    )
    return f'"{escaped}"'


def _scalar(level: object) -> str:
    return (
        _text(level)
        if isinstance(level, str)
        else str(level).lower()
        if isinstance(level, bool)
        else repr(level)
    )


def _listed(names: Sequence[object]) -> str:
    return f"[{', '.join(_text(name) for name in names)}]"


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
