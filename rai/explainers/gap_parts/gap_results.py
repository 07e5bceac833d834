"""The gap between two groups, part by part.

group − versus   feature      value   [low, high]   chance alone        share
F − M            hours        −0.08   [−.09, −.07]  [−.01, .01]          0.8
                 age          −0.03
                 (labels)      0.01   what no feature carries
                 gap          −0.10   the sum
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Literal

from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.ground.formatting import text_table
from rai.ground.records import FlatRow, Records, RecordTuple, Row

Role = Literal["feature", "residual", "gap"]

NOTES = (
    (
        "The parts say what the model makes of each column, not what causes the gap: a column that the "
        "model doesn't read gets 0, even if it stands behind the columns that carry the gap."
    ),
    "Parts of opposite signs offset each other: a small gap may hide large parts.",
    "Parts in one space are not those in another: decisions and margins may rank columns differently.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPart(FlatRow):
    """What one player, or a residual, adds to the gap between two groups.

    Args:
        group: The group.
        versus: What it is compared with.
        feature: The player; or `(labels)`, what different labels add to a loss; `(base rate)`, what is
            there before the model reads anything; `(rounding)`; or `gap` for the sum.
        role: `feature`, `residual` or `gap`.
        value: The part of the metric of `group` minus that of `versus` (of a ratio: of its logarithm).
            None where undefined.
        low, high: Bounds that hold for all parts of all pairs at once.
        chance_low, chance_high: Where all parts of all pairs would lie at once, at the level, if rows
            were put in groups of these sizes at random.
        standard_error: Of the value.
        share: The part's share of the gap; None where there is no gap.
        n, n_versus: Rows of both sides that the metric looks at.
        note: Why something is undefined.

    Example:
        >>> GapPart(group="F", versus="M", feature="age", value=0.1, n=40, n_versus=50).is_beyond_chance
        False
    """

    group: str
    versus: str
    feature: str
    role: Role = "feature"
    value: float | None
    low: float | None = None
    high: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None
    standard_error: float | None = None
    share: float | None = None
    n: int
    n_versus: int
    note: str = ""

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the part lies outside of what chance alone would show."""
        if self.value is None or self.chance_low is None or self.chance_high is None:
            return False
        return not self.chance_low <= self.value <= self.chance_high

    @property
    def factor(self) -> float | None:
        """What a part of a log-ratio multiplies the ratio by."""
        return None if self.value is None else exp(self.value)


class GapParts(RecordTuple[GapPart]):
    """Parts, pair by pair.

    Example:
        >>> one = GapPart(group="F", versus="M", feature="age", value=0.1, n=40, n_versus=50)
        >>> [part.value for part in GapParts([one]).where(feature="age")]
        [0.1]
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPair:
    """Two groups: the metric of both, and the gap in parts.

    Args:
        group: The group.
        versus: What it is compared with.
        group_value, versus_value: The metric of both; None where undefined.
        gap: The gap as a part, with its interval and chance band.
        parts: The parts of the features, the largest first.
        residuals: What no feature carries.
        n, n_versus: Rows of both sides.
        note: Why it is undefined, or what to mind.

    Example:
        >>> both = {"group": "F", "versus": "M", "n": 40, "n_versus": 50}
        >>> part = GapPart(feature="age", value=0.1, **both)
        >>> gap = GapPart(feature="gap", role="gap", value=0.1, **both)
        >>> GapPair(group_value=0.4, versus_value=0.3, gap=gap, parts=(part,), **both).value
        0.1
    """

    group: str
    versus: str
    group_value: float | None
    versus_value: float | None
    gap: GapPart
    parts: tuple[GapPart, ...]
    residuals: tuple[GapPart, ...] = ()
    n: int
    n_versus: int
    note: str = ""

    @property
    def value(self) -> float | None:
        """The gap: a difference, or the logarithm of a ratio."""
        return self.gap.value

    @property
    def all_parts(self) -> tuple[GapPart, ...]:
        """Features and residuals: they sum to the gap."""
        return (*self.parts, *self.residuals)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapAttributions(Records):
    """The gaps of a metric between groups, each in parts that sum to it.

    Args:
        metric: Name of the metric.
        kind: `difference`, or `ratio`: then parts are of the logarithm, and their factors multiply.
        along: What splits the rows.
        versus: What was compared.
        pairs: The pairs.
        names: The players.
        space: The number of a row that the metric is made of.
        method: How the parts were found.
        exact: Whether they are without sampling error, for these rows and this background.
        level: Coverage of all intervals at once.
        background: Which rows stand in, in words.
        background_n: How many they are.
        background_digest: SHA-256 of them.
        model_digest: SHA-256 of the model; empty if unknown.
        threshold: The score from which on a row is decided positive; None where none is used.
        output: The class that is meant, of several.
        why: Why this method.
        notes: What to mind.

    Example:
        >>> from rai.explainers.gap_parts import attribute_gap
        >>> rows = {"hours": [40, 20, 40, 20], "sex": ["F", "F", "M", "F"]}
        >>> found = attribute_gap(lambda f: f["hours"] / 50.0, rows, metric="mean_score",
        ...     sensitive_features="sex", players={"all": ["hours", "sex"]}, versus="M")
        >>> round(found.pair("F").value, 3), len(found.to_dicts())
        (-0.267, 2)
    """

    metric: str
    kind: str
    along: str
    versus: str
    pairs: tuple[GapPair, ...]
    names: tuple[str, ...]
    space: str
    method: str
    exact: bool
    level: float
    background: str
    background_n: int
    background_digest: str
    model_digest: str = ""
    threshold: float | None = None
    output: str | None = None
    why: str = ""
    notes: tuple[str, ...] = NOTES

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        found = "exact" if self.exact else "estimated"
        return (
            f"GapAttributions({self.metric}, {self.kind}, along {self.along}: {len(self.pairs)} pairs, "
            f"{len(self.names)} players; {self.space}, {self.method}, {found}; "
            f"background: {self.background})"
        )

    def __str__(self) -> str:
        return "\n".join(line for line in (repr(self), text_table(self.to_dicts()), *self.notes) if line)

    @property
    def parts(self) -> GapParts:
        """All parts, pair by pair: features, residuals, then the gap itself."""
        return GapParts(part for pair in self.pairs for part in (*pair.all_parts, pair.gap))

    def pair(self, group: str, versus: str | None = None) -> GapPair:
        """The pair of a group.

        Raises:
            ArgumentError: If there is none.
        """
        for pair in self.pairs:
            if pair.group == group and versus in (None, pair.versus):
                return pair
        groups = [pair.group for pair in self.pairs]
        seen = repr(group) if versus is None else f"{group!r} versus {versus!r}"
        expected = f"one of {listing(dict.fromkeys(groups))}"
        raise ArgumentError(sentence("pair", seen, expected=expected, hint=did_you_mean(group, groups)))

    def to_dicts(self) -> list[Row]:
        """A row for each part."""
        return self.parts.to_dicts()
