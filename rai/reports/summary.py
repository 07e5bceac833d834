"""The summary in words: what is largest, between whom, how sure, and what could not be known.

For each question one finding. Of the comparisons that answer it, the one comes first whose gap is
surest: the one with the largest lower bound, and then the smallest p-value, not the one with the
largest (and noisiest) value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rai.audits import Audit
from rai.ground.formatting import counted
from rai.reports.data_problems import told_problems
from rai.reports.facts import (
    FEW_ROWS,
    MACRO,
    MICRO,
    WHOLE,
    Facts,
    Thin,
    collect,
    counted_rows,
    group_of,
    label_of,
)
from rai.reports.held_fixed import change
from rai.reports.measured_in import measured_in
from rai.reports.words import (
    BEYOND,
    UNKNOWN,
    bounds,
    capital,
    chance_of,
    clean,
    estimated,
    figure,
    listed,
    name,
    percent,
    question,
    verdict,
)
from rai.values import Gap

_NAME = 60

# From this share of a gap on, chance alone would explain much of its size.
_MUCH = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question.

    Args:
        criterion: Name of the criterion or metric.
        question: The question in plain language.
        verdict: Whether the gap that comes first is beyond chance.
        text: The answer, one or several sentences.
    """

    criterion: str
    question: str
    verdict: str
    text: str


def summary(audit: Audit) -> list[str]:
    """The whole summary, one paragraph each: the main point, the findings, and what to mind.

    Example:
        >>> from rai import audit
        >>> found = audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 1, 1],
        ...     sensitive_features={"sex": ["F", "F", "F", "F"]})
        >>> print(summary(found)[0])
        There is only one group, so there is nothing to compare.
    """
    return paragraphs(collect(audit))


def paragraphs(facts: Facts) -> list[str]:
    """The same, of facts that are already there."""
    answers = [f"{finding.question} {finding.text}" for finding in findings(facts)]
    return [headline(facts), *answers, *cautions(facts)]


def headline(facts: Facts) -> str:
    """The main point, in one or two sentences."""
    known = _known(facts)
    if all(len(facts.names(along)) < 2 for along in facts.comparisons):
        return "There is only one group, so there is nothing to compare."
    if not known:
        return "No gap is defined: fewer than two groups have a value for any of the metrics."
    beyond = [gap for gap in known if verdict(gap) == BEYOND]
    several = facts.audit.task == "regression"
    if not beyond:
        widest = max(known, key=_against_chance if several else lambda gap: gap.high or 0.0)
        return (
            f"{_none_of(len(known))} beyond chance. That does not show that the groups are equal: "
            f"the gap in the {_about(widest, facts)} {_axis(widest)} may be as large as "
            f"{figure(widest.high)}."
        )
    first = max(beyond, key=_against_chance if several else _surety)
    which = "The gap furthest from chance" if several else "The largest gap that is sure"
    are = "is" if len(beyond) == 1 else "are"
    ends = [_valued(first, group, facts) for group in (first.highest, first.lowest)]
    return (
        f"{len(beyond)} of {counted(len(known), 'gap')} {are} beyond chance. {which} is in the "
        f"{_about(first, facts)} {_axis(first)}: {estimated(first)}, between {' and '.join(ends)}."
    )


def findings(facts: Facts) -> list[Finding]:
    """One finding per question, in the order of the criteria; none where no gap is defined."""
    known = _known(facts)
    rows = _spoken_of(facts, facts.gaps) if known else []
    asked = dict.fromkeys(gap.metric for gap in rows if len(measured_in(gap, facts.audit)) == 1)
    return [_finding(metric, [gap for gap in rows if gap.metric == metric], facts) for metric in asked]


def cautions(facts: Facts) -> list[str]:
    """What could not be known, what rests on few rows, what could not be counted."""
    found = told_problems(facts.beside.checks)
    told = (*_held_fixed(facts), _undefined(facts), _thin(facts), left_out(facts.audit), found)
    return [text for text in told if text]


def left_out(audit: Audit) -> str:
    """How many rows could not be counted, and why; empty where all could."""
    dropped = audit.dropped
    if not dropped:
        return ""
    told = counted(sum(dropped.values()), "row")
    if len(dropped) == 1:
        return f"{told} could not be counted: {clean(*dropped)}."
    reasons = ", ".join(f"{rows:,} for {clean(reason)}" for reason, rows in dropped.items())
    return f"{told} could not be counted: {reasons}."


def _known(facts: Facts) -> list[Gap]:
    return [gap for gap in _spoken_of(facts, facts.gaps) if verdict(gap) != UNKNOWN]


def _spoken_of(facts: Facts, gaps: Iterable[Gap]) -> list[Gap]:
    """The gaps to speak of: with several classes, micro averages repeat the accuracy."""
    return [gap for gap in gaps if label_of(gap, facts.audit) != MICRO]


def _finding(metric: str, gaps: list[Gap], facts: Facts) -> Finding:
    asked = question(metric, classes=facts.audit.task == "multiclass")
    known = [gap for gap in gaps if gap.value is not None]
    if not known:
        reason = gaps[0].note.removeprefix("undefined: ").split("; ")[0]
        return Finding(metric, asked, UNKNOWN, f"No gap is defined: {reason}.")
    first = max(known, key=_surety)
    rest = [gap for gap in known if gap.along != first.along and gap.within == first.within]
    told = [f"{_axis(gap)} {estimated(gap)}, {verdict(gap)}" for gap in rest]
    others = f" {capital('; '.join(told))}." if told else ""
    return Finding(metric, asked, verdict(first), f"{_answer(first, facts)}{others}")


def _answer(gap: Gap, facts: Facts) -> str:
    about = _about(gap, facts)
    if not gap.value:
        return (
            f"{capital(_axis(gap))}, the {about} is the same in all groups: a gap of {estimated(gap)}."
        )
    high, low = (_valued(gap, group, facts) for group in (gap.highest, gap.lowest))
    if gap.metric == "total_variation":
        told = f"the {about} differs most between {high} and {low}"
    elif len(facts.names(gap.along)) == 2:
        told = f"the {about} is higher for {high} than for {low}"
    else:
        told = f"the {about} is highest for {high} and lowest for {low}"
    return f"{capital(_axis(gap))}, {told}: a gap of {estimated(gap)}. {_chance(gap, facts)}".rstrip()


def _chance(gap: Gap, facts: Facts) -> str:
    """How sure it is: its p-value, whether the interval leaves parity out, what equal groups show."""
    p, interval = chance_of(gap.p_value), f"the {percent(facts.audit.level)} interval"
    sure = verdict(gap) == BEYOND
    if gap.null is None or gap.p_value is None:
        return "" if verdict(gap) == UNKNOWN else f"It {'is beyond' if sure else 'could be'} chance."
    equal = f"equal groups of these sizes would show about {figure(gap.null)}"
    if sure != (gap.p_value <= 1 - facts.audit.level):
        side = "leaves parity out" if sure else "reaches parity"
        return f"It is at the edge of chance: {p}, but {interval} {side}; {equal}."
    if not sure:
        return f"It could be chance ({p}): {equal}."
    if gap.null > _MUCH * (gap.value or 0.0):
        much = "but its size owes much to small groups"
        return f"It is beyond chance ({p}), {much}: {equal}.{_surest(gap, facts)}"
    return f"It is beyond chance ({p}): {equal}.{_surest(gap, facts)}"


def _surest(gap: Gap, facts: Facts) -> str:
    pair = facts.surest.get((gap.metric, gap.along))
    if pair is None or {pair.group, pair.versus} == {gap.highest, gap.lowest}:
        return ""
    first, other = (clean(group, most=_NAME) for group in (pair.group, pair.versus))
    return (
        f" Surest is the difference between {first} and {other}: "
        f"{figure(pair.value)} {bounds(pair.low, pair.high)}."
    )


def _held_fixed(facts: Facts) -> list[str]:
    """What holding control features fixed changes, where there is a gap with or without."""
    told = [held for held in facts.held_fixed if BEYOND in (verdict(held.raw), verdict(held.pooled))]
    return [change(held, facts.audit) for held in told]


def _undefined(facts: Facts) -> str:
    """Which groups have no value for which metric, and that this is not counted as a gap."""
    lacking: dict[str, dict[str, None]] = {}
    for estimate in (e for found in facts.groups.values() for e in found if e.value is None):
        group = clean(group_of(estimate, facts.audit), most=_NAME)
        lacking.setdefault(name(estimate.metric), {})[group] = None
    if not lacking:
        return ""
    told = [f"no {metric} for {listed(list(groups), most=4)}" for metric, groups in lacking.items()]
    return (
        f"{capital('; '.join(told))}. What is divided by nothing stays undefined: "
        "it is left out of the gaps and never counted as 0."
    )


def _thin(facts: Facts) -> str:
    if not facts.thin:
        return ""
    total = sum(len(facts.names(along)) for along in facts.comparisons)
    fewest = min(facts.thin, key=lambda thin: thin.rows)
    group = clean(group_of(fewest.estimate, facts.audit), most=_NAME)
    rest = "rests" if len(facts.thin) == 1 else "rest"
    told = f"{name(fewest.estimate.metric)} of {estimated(fewest.estimate)}"
    return (
        f"{len(facts.thin)} of {counted(total, 'group')} {rest} on fewer than {FEW_ROWS} rows in at "
        f"least one metric. Fewest: {group}, whose {told} rests on {_rows(fewest, facts)}. "
        "Such groups often stand at the ends of a largest gap."
    )


def _rows(thin: Thin, facts: Facts) -> str:
    words = counted_rows(thin, facts.audit)
    return f"{thin.rows:,} {words.replace('rows', 'row', 1) if thin.rows == 1 else words}"


def _valued(gap: Gap, group: str | None, facts: Facts) -> str:
    """A group with its value, as in `F (0.123)`."""
    metric, label = measured_in(gap, facts.audit)[0], label_of(gap, facts.audit)
    found = facts.estimate(gap.along, metric, str(group), label)
    shown = clean(group, most=_NAME)
    return f"{shown} ({figure(found.value)})" if found is not None else shown


def _about(gap: Gap, facts: Facts) -> str:
    """What the gap is in, as in `true positive rate of class high`."""
    metrics = measured_in(gap, facts.audit)
    what = name(metrics[0] if len(metrics) == 1 else gap.metric)
    if gap.metric == "total_variation":
        what = "distribution of predictions"
    label = label_of(gap, facts.audit)
    if label is None or label == WHOLE:
        return what
    return (
        f"mean {what} over classes" if label == MACRO else f"{what} of class {clean(label, most=_NAME)}"
    )


def _axis(gap: Gap) -> str:
    return f"by {clean(gap.along, most=_NAME)}"


def _none_of(count: int) -> str:
    return "The gap is not" if count == 1 else f"None of the {count} gaps is"


def _surety(gap: Gap) -> tuple[float, float]:
    return gap.low or 0.0, -(1.0 if gap.p_value is None else gap.p_value)


def _against_chance(gap: Gap) -> float:
    return (gap.value or 0.0) / gap.null if gap.null else 0.0
