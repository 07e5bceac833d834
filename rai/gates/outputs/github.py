"""A gate's result as GitHub annotations, one for each rule, and the summary of a step within its limit.

    ::error file=policy.yaml,line=4,title=recall%3A 2 fail, 11 pass::…

GitHub shows ten annotations of a type for a step: so groups are told together, what stops comes first,
and the last line is the gate's headline, with how many rules are left out.
Source: GitHub Docs, Workflow commands for GitHub Actions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO

from rai.gates.outputs.places import policy_place
from rai.gates.outputs.saying import MOST, STOPS, policy_name, provisos, tallied, told
from rai.gates.results import GateResult
from rai.ground.formatting import counted, one_line
from rai.values.verdict import Verdict, Verdicts

MOST_LINES = 10
MOST_TOLD = 3  # verdicts of a rule, and notes
MOST_BYTES = 1024 * 1024  # of the summary of a step: above that, GitHub takes none of it
SLACK = 16 * 1024  # for what else the step says


def github(result: GateResult) -> str:
    """A result as workflow commands: an annotation for each rule that does not pass, and the headline.

    Args:
        result: What a gate answered.

    Returns:
        At most ten lines.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> print(github(rai.gate(found, {"version": 1, "title": "Hiring", "rules": [rule]})))
        ::notice title=rai gate%3A Hiring::Gate passed: 2 verdicts, 2 pass
    """
    rules: dict[str, list[Verdict]] = {}
    for verdict in Verdicts.worst_first(result.verdicts):
        rules.setdefault(verdict.rule, []).append(verdict)
    shown = [Verdicts(each) for each in rules.values() if any(v.status != "pass" for v in each)]
    fits = shown[: MOST_LINES - 1]
    left = shown[len(fits) :]
    return "\n".join([*(_annotation(each, result) for each in fits), _headline(result, left)])


def step_summary(markdown: str) -> str:
    """Markdown cut to what the summary of a GitHub step holds, at the end of a line; it says so on top.

    Args:
        markdown: The whole text.

    Returns:
        The same where it fits.

    Example:
        >>> step_summary("# Gate passed"), len(step_summary("a line\\n" * 200_000)) < 1024 * 1024
        ('# Gate passed', True)
    """
    most = MOST_BYTES - SLACK
    if len(markdown.encode(errors="replace")) <= most:
        return markdown
    lines = list(StringIO(markdown))
    kept = _within(lines, most - 200)
    cut = counted(len(lines) - len(kept), "line")
    return f"> Left out: the last {cut} of {len(lines):,}, as a summary holds 1 MiB.\n\n{''.join(kept)}"


def _within(lines: Sequence[str], most: int) -> Sequence[str]:
    """The first lines that take at most so many bytes."""
    taken = 0
    for place, line in enumerate(lines):
        taken += len(line.encode(errors="replace"))
        if taken > most:
            return lines[:place]
    return lines


def _annotation(verdicts: Verdicts, result: GateResult) -> str:
    """One rule, its worst verdicts first."""
    worst = verdicts[0]
    rule = next((rule for rule in result.policy.rules if rule.id == worst.rule), None)
    open_ = [verdict for verdict in verdicts if verdict.status != "pass"]
    lines = [
        f"{one_line(verdict.name, most=MOST)}: {verdict.status}: {one_line(told(verdict), most=1000)}"
        for verdict in open_[:MOST_TOLD]
    ]
    more = [f"and {len(open_) - MOST_TOLD:,} more that did not pass"] if len(open_) > MOST_TOLD else []
    asked = [one_line(rule.title or rule.words, most=1000)] if rule else []
    file = "".join(filter(str.isprintable, policy_place(result.source.path)))
    place = {"file": file, "line": str(worst.line or "")} if file else {}
    title = one_line(f"{worst.rule}: {tallied(verdicts)}", most=MOST)
    return _command(_type(worst), {**place, "title": title}, [*asked, *lines, *more])


def _type(verdict: Verdict) -> str:
    if verdict.effect in STOPS:
        return "error"
    return "warning" if verdict.effect == "warn" else "notice"


def _headline(result: GateResult, left: Sequence[Verdicts]) -> str:
    stop = sum(each[0].effect in STOPS for each in left)
    more = f"and {counted(len(left), 'more rule')} that did not pass, {stop:,} of which stop the gate"
    over = len(result.notes) - MOST_TOLD
    lines = [
        result.headline,
        *([more] if left else []),
        *(one_line(note, most=1000) for note in result.notes[:MOST_TOLD]),
        *([f"and {counted(over, 'more note')}"] if over > 0 else []),
        *provisos(result),
    ]
    return _command("notice", {"title": f"rai gate: {policy_name(result)}"}, lines)


def _command(name: str, properties: Mapping[str, str], lines: Sequence[str]) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    text = _data("\n".join(lines))
    return f"::{name} {told}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
