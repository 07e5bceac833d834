"""The metrics: one literal table. To add a metric, add a row.

Every row is written over TP, FP, FN and TN of one group; its law says how its interval follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rai.ground.errors import ArgumentError, did_you_mean, listing, sentence
from rai.measure.forms import ALL, FN, FP, TN, TP
from rai.measure.laws import Combined, Count, Law, Mapped, Proportion, Smooth
from rai.measure.measured import Measured
from rai.values import Confusion

Array = NDArray[np.float64]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table.

    Args:
        name: Full name, the only spelling in code, files and pages.
        law: The formula over the confusion matrix, and how its interval follows.
        better: Which direction is better for the model; `neither` for descriptions.
        aliases: Other names for it, accepted wherever a metric is named.
        source: Where the definition comes from.
        short: Abbreviation for narrow tables.
    """

    name: str
    law: Law
    better: Better
    aliases: tuple[str, ...] = ()
    source: str = ""
    short: str = ""

    @property
    def formula(self) -> str:
        """The formula as text."""
        return str(self.law)

    @property
    def signed(self) -> bool:
        """Whether values below zero are possible, so that ratios make no sense."""
        law = self.law
        return (isinstance(law, Smooth) and law.scale in {"correlation", "real"}) or (
            isinstance(law, Combined) and law.how == "difference"
        )

    def measure(self, confusion: Confusion) -> Measured:
        """The metric of every group."""
        return self.law.measure(self.name, confusion)


TPR = Proportion(TP, TP + FN)
TNR = Proportion(TN, FP + TN)
FPR = Proportion(FP, FP + TN)
FNR = Proportion(FN, TP + FN)
PPV = Proportion(TP, TP + FP)
NPV = Proportion(TN, FN + TN)
FOR = Proportion(FN, FN + TN)


def _odds(p: Array) -> Array:
    return p / (1 - p)


def _dice(p: Array) -> Array:
    return 2 * p / (1 + p)


def _mcc(tp: Array, fp: Array, fn: Array, tn: Array) -> Array:
    product = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return np.asarray(np.clip((tp * tn - fp * fn) / product, -1.0, 1.0))  # rounding may step outside


def _kappa(tp: Array, fp: Array, fn: Array, tn: Array) -> Array:
    by_chance = (tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)
    n = tp + fp + fn + tn
    return ((tp + tn) * n - by_chance) / (n * n - by_chance)


def _f_beta(beta: float) -> Law:
    b = beta**2
    return Smooth(
        lambda tp, fp, fn, tn: (1 + b) * tp / ((1 + b) * tp + b * fn + fp),
        "unit",
        f"{1 + b:g}·TP / ({1 + b:g}·TP + {b:g}·FN + FP)",
        "no rows that are or were called positive",
    )


def _entropy_2(tp: Array, fp: Array, fn: Array, tn: Array) -> Array:
    n = tp + fp + fn + tn
    mean = (tp + tn + 2 * fp) / n
    return ((tp + tn + 4 * fp) / (n * mean**2) - 1) / 2


def _theil(tp: Array, fp: Array, fn: Array, tn: Array) -> Array:
    n = tp + fp + fn + tn
    mean = (tp + tn + 2 * fp) / n
    return ((tp + tn) * -np.log(mean) + 2 * fp * np.log(2 / mean)) / (n * mean)


_BENEFIT = "b = ŷ − y + 1 (0 for FN, 2 for FP, else 1), μ = mean b"
_NO_BENEFIT = "no benefit to share: every row is a false negative"
_SPECK = "Speicher et al. (2018), doi:10.1145/3219819.3220046"

METRICS: tuple[Metric, ...] = (
    Metric("selection_rate", Proportion(TP + FP, ALL), "neither",
           ("positive_rate", "acceptance_rate", "predicted_positive_rate"),
           "Feldman et al. (2015), doi:10.1145/2783258.2783311", "SR"),
    Metric("rejection_rate", Proportion(FN + TN, ALL), "neither", ("negative_rate",),
           "Foulds et al. (2020), arXiv:1807.08362", "RR"),
    Metric("base_rate", Proportion(TP + FN, ALL), "neither", ("prevalence",),
           "Kleinberg et al. (2017), arXiv:1609.05807", "BR"),
    Metric("true_positive_rate", TPR, "higher", ("recall", "sensitivity", "tpr", "hit_rate"),
           "Hardt et al. (2016), arXiv:1610.02413", "TPR"),
    Metric("false_positive_rate", FPR, "lower", ("fpr", "fall_out"),
           "Chouldechova (2017), arXiv:1610.07524", "FPR"),
    Metric("true_negative_rate", TNR, "higher", ("specificity", "tnr"),
           "Fawcett (2006), doi:10.1016/j.patrec.2005.10.010", "TNR"),
    Metric("false_negative_rate", FNR, "lower", ("fnr", "miss_rate"),
           "Chouldechova (2017), arXiv:1610.07524", "FNR"),
    Metric("positive_predictive_value", PPV, "higher", ("precision", "ppv"),
           "Chouldechova (2017), arXiv:1610.07524", "PPV"),
    Metric("negative_predictive_value", NPV, "higher", ("npv",),
           "Berk et al. (2021), doi:10.1177/0049124118782533", "NPV"),
    Metric("false_discovery_rate", Proportion(FP, TP + FP), "lower", ("fdr",),
           "Fawcett (2006), doi:10.1016/j.patrec.2005.10.010", "FDR"),
    Metric("false_omission_rate", FOR, "lower", ("for",),
           "Fawcett (2006), doi:10.1016/j.patrec.2005.10.010", "FOR"),
    Metric("accuracy", Proportion(TP + TN, ALL), "higher", ("accuracy_score",),
           "Fawcett (2006), doi:10.1016/j.patrec.2005.10.010", "ACC"),
    Metric("error_rate", Proportion(FP + FN, ALL), "lower", ("zero_one_loss",),
           "Fawcett (2006), doi:10.1016/j.patrec.2005.10.010", "ERR"),
    Metric("balanced_accuracy", Combined(TPR, TNR, "mean"), "higher", ("balanced_accuracy_score",),
           "Brodersen et al. (2010), doi:10.1109/ICPR.2010.764", "BACC"),
    Metric("f1", Mapped(Proportion(TP, TP + FP + FN), _dice, 2 * TP, 2 * TP + FP + FN), "higher",
           ("f1_score", "dice"), "van Rijsbergen (1979), Information Retrieval, ch. 7", "F1"),
    Metric("f2", _f_beta(2), "higher", (), "van Rijsbergen (1979), Information Retrieval, ch. 7", "F2"),
    Metric("f_half", _f_beta(0.5), "higher", (), "van Rijsbergen (1979), Information Retrieval, ch. 7",
           "F½"),
    Metric("jaccard", Proportion(TP, TP + FP + FN), "higher", ("threat_score", "critical_success_index"),
           "Jaccard (1912), doi:10.1111/j.1469-8137.1912.tb05611.x", "J"),
    Metric("fowlkes_mallows",
           Smooth(lambda tp, fp, fn, tn: tp / np.sqrt((tp + fp) * (tp + fn)), "unit",
                  "TP / √((TP + FP)·(TP + FN))", "no positive labels or no positive predictions"),
           "higher", (), "Fowlkes and Mallows (1983), doi:10.1080/01621459.1983.10478008", "FM"),
    Metric("geometric_mean",
           Smooth(lambda tp, fp, fn, tn: np.sqrt(tp / (tp + fn) * tn / (fp + tn)), "unit",
                  "√(TPR·TNR)", "only one label"),
           "higher", ("g_mean",), "Kubat and Matwin (1997), ICML", "GM"),
    Metric("matthews_correlation",
           Smooth(_mcc, "correlation", "(TP·TN − FP·FN) / √((TP+FP)·(TP+FN)·(TN+FP)·(TN+FN))",
                  "only one label or only one prediction"),
           "higher", ("mcc", "matthews_corrcoef", "phi"),
           "Matthews (1975), doi:10.1016/0005-2795(75)90109-9", "MCC"),
    Metric("cohen_kappa", Smooth(_kappa, "correlation", "(accuracy − chance) / (1 − chance)",
                                 "labels and predictions are one and the same class"),
           "higher", ("kappa",), "Cohen (1960), doi:10.1177/001316446002000104", "κ"),
    Metric("informedness", Combined(TPR, FPR, "difference"), "higher", ("youden_j",),
           "Youden (1950), doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3", "BM"),
    Metric("markedness", Combined(PPV, FOR, "difference"), "higher", (),
           "Powers (2011), arXiv:2010.16061", "MK"),
    Metric("positive_likelihood_ratio", Combined(TPR, FPR, "ratio"), "higher", ("lr_plus",),
           "Simel et al. (1991), doi:10.1016/0895-4356(91)90128-V", "LR+"),
    Metric("negative_likelihood_ratio", Combined(FNR, TNR, "ratio"), "lower", ("lr_minus",),
           "Simel et al. (1991), doi:10.1016/0895-4356(91)90128-V", "LR−"),
    Metric("diagnostic_odds_ratio",
           Smooth(lambda tp, fp, fn, tn: tp * tn / (fp * fn), "positive", "TP·TN / (FP·FN)",
                  "no false positives or no false negatives"),
           "higher", ("dor", "odds_ratio"),
           "Glas et al. (2003), doi:10.1016/S0895-4356(03)00177-X", "DOR"),
    Metric("false_negatives_per_false_positive", Mapped(Proportion(FN, FP + FN), _odds, FN, FP),
           "neither", ("treatment_ratio",), "Berk et al. (2021), doi:10.1177/0049124118782533", "FN:FP"),
    Metric("predicted_per_actual_positive",
           Smooth(lambda tp, fp, fn, tn: (tp + fp) / (tp + fn), "positive", "(TP + FP) / (TP + FN)",
                  "no rows with a positive label"),
           "neither", ("frequency_bias",), "Wilks (2011), Statistical Methods, ch. 8", "PP:P"),
    Metric("conditional_acceptance",
           Smooth(lambda tp, fp, fn, tn: (tp + fn) / (tp + fp), "positive", "(TP + FN) / (TP + FP)",
                  "no rows predicted positive"),
           "neither", (), "Hardt et al. (2021), arXiv:2109.03285", "CA"),
    Metric("conditional_rejection",
           Smooth(lambda tp, fp, fn, tn: (tn + fp) / (tn + fn), "positive", "(TN + FP) / (TN + FN)",
                  "no rows predicted negative"),
           "neither", (), "Hardt et al. (2021), arXiv:2109.03285", "CR"),
    Metric("generalized_entropy",
           Smooth(_entropy_2, "positive", f"mean((b/μ)² − 1) / 2 with {_BENEFIT}", _NO_BENEFIT),
           "lower", ("generalized_entropy_index",), _SPECK, "GE₂"),
    Metric("theil_index",
           Smooth(_theil, "positive", f"mean(b/μ · ln(b/μ)) with {_BENEFIT}", _NO_BENEFIT),
           "lower", ("theil",), _SPECK, "T"),
    Metric("count", Count(ALL), "neither", ("n", "support"), short="n"),
    Metric("positives", Count(TP + FN), "neither", short="P"),
    Metric("negatives", Count(FP + TN), "neither", short="N"),
    Metric("predicted_positives", Count(TP + FP), "neither", short="PP"),
    Metric("predicted_negatives", Count(FN + TN), "neither", short="PN"),
    Metric("true_positives", Count(TP), "neither", ("tp",), short="TP"),
    Metric("false_positives", Count(FP), "neither", ("fp",), short="FP"),
    Metric("false_negatives", Count(FN), "neither", ("fn",), short="FN"),
    Metric("true_negatives", Count(TN), "neither", ("tn",), short="TN"),
)  # fmt: skip

DEFAULT_METRICS = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "positive_predictive_value",
    "accuracy",
    "base_rate",
)

_BY_NAME = {name: metric for metric in METRICS for name in (metric.name, *metric.aliases)}


def find_metric(name: str) -> Metric:
    """The metric of a name or alias.

    Example:
        >>> find_metric("recall").name
        'true_positive_rate'
    """
    named = isinstance(name, str)
    if not named or name not in _BY_NAME:
        raise unknown_name("metric", name, [metric.name for metric in METRICS], also=_BY_NAME)
    return _BY_NAME[name]


def unknown_name(
    where: str, name: object, options: Iterable[str], *, also: Iterable[str] = ()
) -> ArgumentError:
    """The error for a name that is in no table, with the nearest one."""
    options = list(options)
    return ArgumentError(
        sentence(
            where,
            repr(name),
            expected=f"one of {listing(options)}",
            hint=did_you_mean(name, [*options, *also]),
        )
    )
