"""What a report shows of attributions: means over rows, for everyone and each group, and gaps in parts.

attributions ──summarize──▶ everyone ┐ for each output;
                            by sex   ┘ by each sensitive feature that is a column of their rows
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from rai.audits import Audit
from rai.ground.errors import ArgumentError, RaiError, in_short, sentence

if TYPE_CHECKING:
    from rai.explainers.attributions import Attributions
    from rai.explainers.gap_parts import GapAttributions
    from rai.explainers.summaries import FeatureSummaries

MOST_OUTPUTS = 6

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Summarized:
    """The attributions of one output.

    Args:
        attributions: The attributions.
        output: Place of the output.
        everyone: Means over all rows.
        groups: Sensitive feature to the means of its groups.
        refused: Sensitive feature to the reason why its groups have none.
    """

    attributions: Attributions
    output: int
    everyone: FeatureSummaries
    groups: Mapping[str, FeatureSummaries]
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AttributionFacts:
    """What there is to show.

    Args:
        summarized: One for each output of each attributions.
        gaps: Gaps in parts.
    """

    summarized: tuple[Summarized, ...]
    gaps: tuple[GapAttributions, ...]


def attribution_facts(
    audit: Audit, *, attributions: Any, gap_attributions: Any
) -> AttributionFacts | None:
    """Summaries of attributions by the audit's sensitive features; None where nothing is given.

    Args:
        audit: The audit that is reported.
        attributions: What `rai.explain` returned, one or several; None for none.
        gap_attributions: What `rai.attribute_gap` returned, one or several; None for none.

    Raises:
        ArgumentError: If one is something else, or empty.
    """
    if attributions is None and gap_attributions is None:
        return None
    from rai.explainers.attributions import Attributions
    from rai.explainers.gap_parts import GapAttributions

    given = _several(attributions, Attributions, where="attributions", maker="rai.explain")
    gaps = _several(
        gap_attributions, GapAttributions, where="gap_attributions", maker="rai.attribute_gap"
    )
    if not given and not gaps:
        return None
    outputs = [(one, k) for one in given for k in range(min(len(one.outputs), MOST_OUTPUTS))]
    return AttributionFacts(summarized=tuple(_summarized(audit, *each) for each in outputs), gaps=gaps)


def _several(given: Any, kind: type[_T], *, where: str, maker: str) -> tuple[_T, ...]:
    """One or several results of a kind."""
    if given is None:
        return ()
    held = (given,) if isinstance(given, kind) or not isinstance(given, Iterable) else tuple(given)
    for one in held:
        if not isinstance(one, kind):
            seen = f"{type(one).__name__} {in_short(one)}"
            raise ArgumentError(sentence(where, seen, expected=f"what {maker} returned, one or several"))
        if not len(one):  # type: ignore[arg-type]
            raise ArgumentError(sentence(where, "nothing in it", expected=f"what {maker} returned"))
    return held


def _summarized(audit: Audit, given: Attributions, k: int) -> Summarized:
    from rai.explainers.summaries import summarize

    label = given.outputs[k]
    whole = summarize(given, output=label, level=audit.level)
    groups: dict[str, FeatureSummaries] = {}
    refused: dict[str, str] = {}
    for feature in audit.roles.sensitive_features:
        if feature not in given.held.names:
            refused[feature] = "the rows that were explained have no such column"
            continue
        cuts = {feature: audit.roles.cuts[feature]} if feature in audit.roles.cuts else None
        try:
            groups[feature] = summarize(given, by=feature, cuts=cuts, output=label, level=audit.level)
        except RaiError as error:
            refused[feature] = str(error)
    return Summarized(attributions=given, output=k, everyone=whole, groups=groups, refused=refused)
