"""What decides for one group: a threshold, or several with a share each."""

from __future__ import annotations

from dataclasses import dataclass

from rai.measure.thresholds.cuts import Cuts
from rai.measure.thresholds.mixtures import Mixture
from rai.values import Key


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides for one group.

    Args:
        group: Its key.
        thresholds: The least score that is selected, falling; inf selects nobody.
        shares: How often each threshold is used; they sum to 1.

    Example:
        >>> Rule(("F",), (0.6, 0.4), (0.25, 0.75)).drawn
        True
    """

    group: Key
    thresholds: tuple[float, ...]
    shares: tuple[float, ...] = (1.0,)

    @property
    def drawn(self) -> bool:
        """Whether some decisions are drawn by lot."""
        return len(self.thresholds) > 1


def rule_of(cuts: Cuts, mixture: Mixture) -> Rule:
    """A mixture of cuts as thresholds."""
    return Rule(
        cuts.group,
        tuple(float(t) for t in cuts.threshold[mixture.cut]),
        tuple(float(share) for share in mixture.share),
    )
