"""Plans that were chosen on other rows: what they did there and what they do here, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from rai.ground.colours import Mark, marks
from rai.ground.formatting import TIMES, counted
from rai.reports.facts import Facts
from rai.reports.plan_tables import Figure, compared
from rai.reports.score_facts import JudgedPlan
from rai.reports.strategy_tables import RATES, GroupUnder, groups_under, told_notes
from rai.reports.words import capital, clean, name
from rai.thresholds import ThresholdPlan

OPTIMISTIC = "chosen and judged on the same rows: optimistic"
OTHERS = "judged on rows that it was not chosen on"

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Pair:
    """One group (or the whole), where the plan was chosen and here; None where it has no rows."""

    name: str
    mark: Mark | None
    threshold: str
    chosen: GroupUnder | None
    here: GroupUnder | None


@dataclass(frozen=True, slots=True)
class HeldOutTable:
    """One plan on two sets of rows.

    Args:
        title: Its strategy and what it is along.
        told: What it does to the rows of this page, in sentences.
        rows: Rows it was chosen on, and rows here.
        whole: What is left, what it costs, what the constraint costs: each with both figures.
        rates: Heads of the columns of rates.
        groups: Its groups.
        same_rows: Whether it was chosen on the rows of this page.
        label: The same in words.
    """

    title: str
    told: tuple[str, ...]
    rows: tuple[str, str]
    whole: tuple[tuple[str, Figure, Figure], ...]
    rates: tuple[str, ...]
    groups: tuple[Pair, ...]
    same_rows: bool
    label: str


def held_out_table(judged: JudgedPlan, facts: Facts) -> HeldOutTable:
    """A plan on the rows it was chosen on, and on those of an audit."""
    plan, here = judged.plan, judged.here
    along = TIMES.join(plan.along)
    names = facts.names(along) if along in facts.groups else ()
    looks = marks(names or [group.name for group in groups_under(here, {})])
    sides = [{g.name: g for g in groups_under(found, looks)} for found in (plan.fitted, here)]
    chosen, now = compared([plan.fitted])[0], compared([here])[0]
    return HeldOutTable(
        title=f"{capital(name(plan.strategy))} by {clean(along)}",
        told=tuple(clean(text, most=_LONGEST) for text in _told(plan)),
        rows=(counted(plan.fitted.rows, "row"), counted(here.rows, "row")),
        whole=(
            ("gap that is left", chosen.gap, now.gap),
            (here.objective.words, chosen.cost, now.cost),
            ("price", chosen.price, now.price),
        ),
        rates=tuple(map(name, RATES)),
        groups=tuple(
            _pair(group, *(side.get(group) for side in sides)) for group in {**sides[1], **sides[0]}
        ),
        same_rows=here.same_rows,
        label=OPTIMISTIC if here.same_rows else OTHERS,
    )


def _told(plan: ThresholdPlan) -> list[str]:
    return [plan.summary()[0], *(f"{capital(note)}." for note in told_notes(plan))]


def _pair(group: str, chosen: GroupUnder | None, here: GroupUnder | None) -> Pair:
    one = here or chosen
    assert one is not None
    return Pair(group, one.mark, one.threshold, chosen, here)
