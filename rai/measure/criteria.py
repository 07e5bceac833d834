"""The criteria: named questions about gaps, one literal table. To add a criterion, add a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rai.measure.metrics import METRICS, unknown_name
from rai.measure.score_metrics import SCORE_METRICS


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the table.

    Args:
        name: Full name.
        metrics: The metrics whose gaps it looks at.
        kind: Fixed kind of comparison, or None to take the one asked for.
        combine: How several metrics become one gap.
        formula: In words and symbols; r is the metric, i and j are groups.
        aliases: Other names for it.
        source: Where the definition comes from.
    """

    name: str
    metrics: tuple[str, ...]
    formula: str
    kind: Literal["difference", "ratio", "log_ratio", "index"] | None = None
    combine: Literal["worst_case", "mean"] = "worst_case"
    aliases: tuple[str, ...] = ()
    source: str = ""

    @property
    def parity(self) -> str:
        """The value that means parity."""
        return {"ratio": "1", None: "0 (as a ratio: 1)"}.get(self.kind, "0")


CRITERIA: tuple[Criterion, ...] = (
    Criterion("demographic_parity", ("selection_rate",), "gap in P(ŷ=1)",
              aliases=("statistical_parity", "independence"),
              source="Dwork et al. (2012), arXiv:1104.3913"),
    Criterion("disparate_impact", ("selection_rate",), "min r_i / r_j of P(ŷ=1)", kind="ratio",
              aliases=("four_fifths", "p_percent", "adverse_impact_ratio"),
              source="Feldman et al. (2015), arXiv:1412.3756; 29 CFR 1607.4(D)"),
    Criterion("total_variation", ("selection_rate",),
              "½ Σ_c |P(ŷ=c | i) − P(ŷ=c | j)| over classes c", aliases=("total_variation_distance",),
              source="Putzel and Lee (2022), arXiv:2203.12568"),
    Criterion("equal_opportunity", ("true_positive_rate",), "gap in P(ŷ=1 | y=1)",
              source="Hardt et al. (2016), arXiv:1610.02413"),
    Criterion("predictive_equality", ("false_positive_rate",), "gap in P(ŷ=1 | y=0)",
              source="Corbett-Davies et al. (2017), arXiv:1701.08230"),
    Criterion("equalized_odds", ("true_positive_rate", "false_positive_rate"),
              "larger of the gaps in TPR and FPR", aliases=("separation",),
              source="Hardt et al. (2016), arXiv:1610.02413"),
    Criterion("average_odds", ("true_positive_rate", "false_positive_rate"),
              "½ · (|gap in TPR| + |gap in FPR|)", combine="mean",
              aliases=("average_absolute_odds",), source="Bellamy et al. (2018), arXiv:1810.01943"),
    Criterion("predictive_parity", ("positive_predictive_value",), "gap in P(y=1 | ŷ=1)",
              aliases=("outcome_test",), source="Chouldechova (2017), arXiv:1610.07524"),
    Criterion("conditional_use_accuracy", ("positive_predictive_value", "negative_predictive_value"),
              "larger of the gaps in PPV and NPV", aliases=("sufficiency",),
              source="Berk et al. (2021), doi:10.1177/0049124118782533"),
    Criterion("equal_accuracy", ("accuracy",), "gap in P(ŷ=y)",
              aliases=("overall_accuracy_equality",),
              source="Berk et al. (2021), doi:10.1177/0049124118782533"),
    Criterion("treatment_equality", ("false_negatives_per_false_positive",), "gap in FN / FP",
              source="Berk et al. (2021), doi:10.1177/0049124118782533"),
    Criterion("differential_fairness", ("selection_rate", "rejection_rate"),
              "ε = max |ln r_i − ln r_j| over P(ŷ=1) and P(ŷ=0)", kind="log_ratio",
              source="Foulds et al. (2020), arXiv:1807.08362"),
    Criterion("between_group_entropy", ("generalized_entropy",),
              "Σ n_i/n · ((μ_i/μ)² − 1) / 2, μ_i the group's mean benefit", kind="index",
              aliases=("between_group_generalized_entropy",),
              source="Speicher et al. (2018), doi:10.1145/3219819.3220046"),
    Criterion("between_group_theil", ("theil_index",),
              "Σ n_i/n · μ_i/μ · ln(μ_i/μ), μ_i the group's mean benefit", kind="index",
              source="Speicher et al. (2018), doi:10.1145/3219819.3220046"),
    Criterion("abroca", ("roc_auc",), "∫ |ROC_i(x) − ROC_j(x)| dx over FPR x", kind="difference",
              aliases=("area_between_roc_curves",),
              source="Gardner, Brooks and Baker (2019), doi:10.1145/3303772.3303791"),
)  # fmt: skip

DEFAULT_CRITERIA = (
    "demographic_parity",
    "equal_opportunity",
    "predictive_equality",
    "equalized_odds",
    "predictive_parity",
    "equal_accuracy",
)

_BY_NAME = {name: row for row in CRITERIA for name in (row.name, *row.aliases)}
_METRIC_NAMES = {
    **{name: metric.name for metric in METRICS for name in (metric.name, *metric.aliases)},
    **{name: metric.name for metric in SCORE_METRICS for name in (metric.name, *metric.aliases)},
}


def find_criterion(name: str) -> Criterion:
    """The criterion of a name or alias; a metric's name is the criterion that it be equal.

    Example:
        >>> find_criterion("separation").metrics
        ('true_positive_rate', 'false_positive_rate')
        >>> find_criterion("recall").name
        'true_positive_rate'
    """
    named = isinstance(name, str)
    if named and name in _BY_NAME:
        return _BY_NAME[name]
    if named and name in _METRIC_NAMES:
        metric = _METRIC_NAMES[name]
        return Criterion(metric, (metric,), f"gap in {metric.replace('_', ' ')}")
    options = [*(row.name for row in CRITERIA), *dict.fromkeys(_METRIC_NAMES.values())]
    raise unknown_name("criterion or metric", name, options, also=[*_BY_NAME, *_METRIC_NAMES])
