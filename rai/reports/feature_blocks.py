"""A block for each feature: its numbers, its drawings, how far data sets are apart, and its groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rai.explore.feature_order import ORDERS
from rai.ground.formatting import counted, number
from rai.reports.data_facts import DataFacts
from rai.reports.distance_rows import DistanceLine, distance_lines
from rai.reports.feature_charts import (
    Histogram,
    LevelRow,
    Tile,
    binning_for,
    histogram,
    length_rows,
    level_rows,
    tiles,
)
from rai.reports.feature_numbers import (
    HEADS,
    SECTIONS,
    Numbers,
    Section,
    heads_of,
    numbers_of,
    section_of,
)
from rai.reports.words import clean, listed
from rai.values.binning import Intervals

MOST_FEATURES = 500  # with a block of their own
MOST_DRAWN = 1500  # small histograms of groups on a page

# What each order is called where one can be chosen.
ORDER_NAMES = {
    "given": "As given",
    "alphabetical": "By name",
    "non_uniformity": "Most uneven first",
    "missing_or_zero": "Most missing or zero first",
    "distance": "Most different data sets first",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """The groups of one axis, drawn side by side.

    Args:
        name: What splits the rows.
        tiles: One for each group.
        left_out: Groups that are not drawn.
    """

    name: str
    tiles: tuple[Tile, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class FeatureBlock:
    """One feature.

    Args:
        id: Its anchor on a page.
        name: Its name, cut where it is very long.
        kind: What it holds, for reading.
        role: What it is used for; empty for nothing in particular.
        heads: The names of its numbers.
        numbers: A row for each data set.
        absent: Data sets that don't have it.
        histogram: All data sets on shared edges; None for categories.
        levels: A row for each value; empty for numbers.
        lengths: How long its lists are.
        distances: How far data sets are apart in it.
        axes: Its histogram for each group.
        places: Its place in each of `ORDERS`.
        notes: What to mind.
    """

    id: str
    name: str
    kind: str
    role: str
    heads: tuple[str, ...]
    numbers: tuple[Numbers, ...]
    absent: tuple[str, ...]
    histogram: Histogram | None
    levels: tuple[LevelRow, ...]
    lengths: Histogram | tuple[LevelRow, ...] | None
    distances: tuple[DistanceLine, ...]
    axes: tuple[Axis, ...]
    places: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def red(self) -> bool:
        """Whether any of its numbers stands out."""
        return any(stat.red for row in self.numbers for stat in row.stats)


@dataclass(frozen=True, slots=True)
class BlockSection:
    """The features that are described by the same numbers."""

    section: Section
    blocks: tuple[FeatureBlock, ...]


def anchors(facts: DataFacts) -> dict[str, str]:
    """Feature to the anchor of its block, of those that have one."""
    shown = facts.profile.features[:MOST_FEATURES]
    return {feature: f"f{place}" for place, feature in enumerate(shown)}


def block_sections(facts: DataFacts) -> tuple[BlockSection, ...]:
    """The blocks by section, in the order of the profile."""
    made: dict[str, list[FeatureBlock]] = {section.id: [] for section in SECTIONS}
    places, axes = _places(facts), _axes(facts)
    budget = MOST_DRAWN
    for feature, anchor in anchors(facts).items():
        drawn = [axis for axis in axes if axis != feature] if budget > 0 else []
        block = _block(facts, feature, anchor, places[feature], drawn)
        budget -= sum(len(axis.tiles) for axis in block.axes)
        made[section_of(facts.profile.column(feature).kind).id].append(block)
    return tuple(BlockSection(s, tuple(made[s.id])) for s in SECTIONS if made[s.id])


def orders(facts: DataFacts) -> tuple[tuple[str, str], ...]:
    """The orders that can be chosen: name and words."""
    return tuple((o, ORDER_NAMES[o]) for o in ORDERS if o != "distance" or facts.several)


def _places(facts: DataFacts) -> dict[str, tuple[int, ...]]:
    """The place of each feature in each order."""
    ranks = []
    for order, _ in orders(facts):
        features = facts.profile.ordered(order).features
        ranks.append({feature: place for place, feature in enumerate(features)})
    return {f: tuple(rank[f] for rank in ranks) for f in facts.profile.features}


def _axes(facts: DataFacts) -> tuple[str, ...]:
    """The columns that split rows."""
    return tuple(dict.fromkeys(axis for table in facts.profile.tables.values() for axis in table.by))


def _block(
    facts: DataFacts, feature: str, anchor: str, places: tuple[int, ...], axes: Sequence[str]
) -> FeatureBlock:
    profile, held = facts.profile, facts.of(feature)
    whole, bins = profile.column(feature), binning_for(facts, feature)
    summaries = [summary for _, summary in held]
    shown = heads_of(section_of(whole.kind), summaries)
    name = clean(feature)
    rows = tuple(
        numbers_of(
            dataset, feature, summary, mark=facts.looks[dataset], shown=shown, limits=facts.highlight,
            weighted=profile.sample_weight is not None,
        )
        for dataset, summary in held
    )  # fmt: skip
    return FeatureBlock(
        id=anchor,
        name=name,
        kind=_kind(whole.kind, [summary.kind for summary in summaries]),
        role=_role(facts, feature),
        heads=tuple(HEADS[key] for key in shown),
        numbers=rows,
        absent=tuple(clean(d) for d in profile.datasets if d not in dict(held)),
        histogram=histogram(name, held, bins, facts) if isinstance(bins, Intervals) else None,
        levels=() if isinstance(bins, Intervals) else level_rows(held, bins, facts),
        lengths=length_rows(facts, feature) if whole.kind == "list" else None,
        distances=distance_lines(facts, feature),
        axes=tuple(Axis(clean(axis), *tiles(facts, axis, feature, bins)) for axis in axes if len(bins)),
        places=places,
        notes=tuple(dict.fromkeys(row.note for row in rows if row.note)),
    )


def _kind(kind: str, kinds: Sequence[str]) -> str:
    """What a feature holds, in words; of data sets that differ what each holds."""
    words = {"duration": "duration in seconds", "other": "only counted", "integer": "whole number"}
    if len(set(kinds)) > 1 and kind == "mixed":
        return f"mixed ({', '.join(dict.fromkeys(kinds))})"
    return words.get(kind, kind)


def _role(facts: DataFacts, feature: str) -> str:
    profile = facts.profile
    if feature == profile.y_true:
        return "label"
    if feature in profile.sensitive_features:
        return "sensitive"
    return "weight" if feature == profile.sample_weight else ""


def marked(facts: DataFacts) -> tuple[str, ...]:
    """The features of which a number stands out, for reading."""
    return tuple(
        clean(feature, most=60) for feature in facts.profile.features if any(_red(facts, feature))
    )


def _red(facts: DataFacts, feature: str) -> Iterable[bool]:
    held, whole = facts.of(feature), facts.profile.column(feature)
    shown = heads_of(section_of(whole.kind), [summary for _, summary in held])
    for dataset, summary in held:
        row = numbers_of(
            dataset, feature, summary, mark=facts.looks[dataset], shown=shown, limits=facts.highlight,
            weighted=False,
        )  # fmt: skip
        yield any(stat.red for stat in row.stats)


def told_marked(facts: DataFacts) -> str:
    """Which features have numbers that stand out, in a sentence."""
    red = marked(facts)
    if not red:
        return "No number is marked."
    have = "has" if len(red) == 1 else "have"
    return f"{counted(len(red), 'feature')} {have} marked numbers: {listed(list(red))}."


def told_red(facts: DataFacts, *, sign: str = "") -> str:
    """What stands out, and by which sign, in a sentence."""
    missing, zeros, infinite = (f"{number(100 * facts.highlight[k])}%" for k in facts.highlight)
    above = "" if infinite == "0%" else f" above {infinite}"
    return (
        f"Marked {sign}are counts of 0, more than {missing} missing, more than {zeros} zeros, and "
        f"infinite numbers{above}."
    )
