"""How thresholds may be chosen: one literal table. To add a strategy, add a row.

A strategy names the rates that it makes equal; every rate is a fraction over the rows of one group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rai.ground.checks import check_choice
from rai.measure.thresholds.cuts import Cuts

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of one group at each of its cuts.

    Args:
        name: The metric it is.
        of: From the cuts to its values; NaN where it is undefined.
        linear: Whether it is linear in what is selected, so that drawing between two thresholds
            gives what lies between their rates.
    """

    name: str
    of: Callable[[Cuts], Array]
    linear: bool = True


@dataclass(frozen=True, slots=True)
class Strategy:
    """One row of the table.

    Args:
        name: Full name, also that of the criterion it serves.
        rates: What it makes equal between groups.
        words: What it does, in words.
        per_group: Whether each group has a threshold of its own.
        source: Where the definition comes from.
    """

    name: str
    rates: tuple[Rate, ...]
    words: str
    per_group: bool = True
    source: str = ""

    @property
    def linear(self) -> bool:
        """Whether all its rates are linear in what is selected."""
        return all(rate.linear for rate in self.rates)


def _share(count: Array, total: Array | float) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(count / total)


SELECTION = Rate("selection_rate", lambda c: _share(c.tp + c.fp, c.total))
TPR = Rate("true_positive_rate", lambda c: _share(c.tp, c.positives))
FPR = Rate("false_positive_rate", lambda c: _share(c.fp, c.negatives))
ACCURACY = Rate("accuracy", lambda c: _share(c.tp + c.negatives - c.fp, c.total))
PPV = Rate("positive_predictive_value", lambda c: _share(c.tp, c.tp + c.fp), linear=False)

STRATEGIES: tuple[Strategy, ...] = (
    Strategy("single_threshold", (), "one threshold for everyone", per_group=False),
    Strategy("group_thresholds", (), "for each group its own best threshold, nothing made equal"),
    Strategy("demographic_parity", (SELECTION,), "equal selection rates",
             source="Dwork et al. (2012), arXiv:1104.3913"),
    Strategy("equal_opportunity", (TPR,), "equal true positive rates",
             source="Hardt et al. (2016), arXiv:1610.02413"),
    Strategy("equal_accuracy", (ACCURACY,), "equal accuracies",
             source="Berk et al. (2021), doi:10.1177/0049124118782533"),
    Strategy("predictive_equality", (FPR,), "equal false positive rates",
             source="Corbett-Davies et al. (2017), arXiv:1701.08230"),
    Strategy("equalized_odds", (TPR, FPR), "equal true positive rates and equal false positive rates",
             source="Hardt et al. (2016), arXiv:1610.02413"),
    Strategy("predictive_parity", (PPV,), "equal positive predictive values",
             source="Chouldechova (2017), arXiv:1610.07524"),
)  # fmt: skip

_BY_NAME = {row.name: row for row in STRATEGIES}


def find_strategy(name: str) -> Strategy:
    """The strategy of a name.

    Example:
        >>> find_strategy("equal_opportunity").rates[0].name
        'true_positive_rate'
    """
    return _BY_NAME[check_choice(name, _BY_NAME, where="strategy")]
