"""The terms of the page in words: what pickers offer, and what their help says."""

from __future__ import annotations

from collections.abc import Mapping

from ..tables import PLAUSIBLE

METRICS: Mapping[str, str] = {
    "selection_rate": "Of all people, the share that is called positive.",
    "true_positive_rate": "Of those who are positive, the share called so (recall, sensitivity).",
    "false_positive_rate": "Of those who are negative, the share that is called positive all the same.",
    "true_negative_rate": "Of those who are negative, the share that is called so (specificity).",
    "false_negative_rate": "Of those who are positive, the share that is missed.",
    "positive_predictive_value": "Of those called positive, the share that is (precision).",
    "negative_predictive_value": "Of those called negative, the share that is.",
    "false_discovery_rate": "Of those called positive, the share that is not.",
    "false_omission_rate": "Of those called negative, the share that is positive.",
    "accuracy": "The share of decisions that are right.",
    "error_rate": "The share of decisions that are wrong.",
    "balanced_accuracy": "The mean of the true positive rate and the true negative rate.",
    "f1": "The harmonic mean of precision and recall.",
    "matthews_correlation": "Correlation of decisions with labels, between -1 and 1.",
    "base_rate": "The share of people who are positive, whatever is decided.",
    "roc_auc": "How likely a positive has a higher score than a negative; no threshold is needed.",
    "average_precision": "Precision, averaged over recall; no threshold is needed.",
    "brier_score": "Mean squared distance of scores from labels; no threshold is needed.",
    "calibration_in_the_large": "How much more positives there are than the scores say.",
    "expected_calibration_error": "How far scores are from the shares that come true, on average.",
}
USUAL_METRICS = ("selection_rate", "true_positive_rate", "false_positive_rate")

CRITERIA: Mapping[str, str] = {
    "equal_opportunity": "Groups apart in their true positive rate: who is missed?",
    "predictive_equality": "Groups apart in their false positive rate: who is accused wrongly?",
    "equalized_odds": "The larger of the gaps in true and false positive rates.",
    "average_odds": "The mean of the gaps in true and false positive rates.",
    "demographic_parity": "Groups apart in their selection rate: who is called positive?",
    "disparate_impact": "The lowest selection rate over the highest; the four-fifths rule asks for 0.8.",
    "predictive_parity": "Groups apart in precision: what does being called positive mean?",
    "conditional_use_accuracy": "The larger of the gaps in positive and negative predictive values.",
    "equal_accuracy": "Groups apart in the share of right decisions.",
    "treatment_equality": "Groups apart in false negatives per false positive.",
    "abroca": "The area between two groups' ROC curves.",
    **{name: f"Groups apart in: {words}" for name, words in METRICS.items()},
}
USUAL_CRITERIA = (
    "equal_opportunity",
    "predictive_equality",
    "equalized_odds",
    "demographic_parity",
    "predictive_parity",
    "equal_accuracy",
)

CLASS_METRICS = ("accuracy", "selection_rate", "true_positive_rate", "positive_predictive_value")
CLASS_CRITERIA: Mapping[str, str] = {
    "equal_accuracy": CRITERIA["equal_accuracy"],
    "total_variation": "How far apart two groups' predicted classes are spread.",
    "equal_opportunity": "Groups apart in the true positive rate of a class.",
    "predictive_parity": "Groups apart in the precision of a class.",
}

NUMBER_METRICS: Mapping[str, str] = {
    "mean_absolute_error": "How far predictions are from the truth, on average (MAE).",
    "root_mean_squared_error": "The same, with large errors counting for more (RMSE).",
    "mean_error": "Prediction minus truth, on average: above 0 is predicted too high.",
    "r2": "The share of the variation that predictions explain; below 0 is worse than the mean.",
    "mean_prediction": "The mean of the predictions.",
    "mean_label": "The mean of the true values.",
}
USUAL_NUMBER_METRICS = ("mean_absolute_error", "root_mean_squared_error", "r2", "mean_error")

STRATEGIES: Mapping[str, str] = {
    "single_threshold": "One threshold for everyone, the one that costs least.",
    "group_thresholds": "For each group the threshold that costs least; nothing is made equal.",
    "demographic_parity": "Equal selection rates: the same share of each group is called positive.",
    "equal_opportunity": "Equal true positive rates: of the positives, the same share is found.",
    "equal_accuracy": "Equal accuracies: the same share of decisions is right.",
    "predictive_equality": "Equal false positive rates: of the negatives, the same share is accused.",
    "equalized_odds": "Equal true positive rates and equal false positive rates, both.",
    "predictive_parity": "Equal precision: being called positive means the same in each group.",
}

INTERVAL = f"In brackets: the 95% interval. {PLAUSIBLE}"
ENDS = f"From low to high: the 95% interval. {PLAUSIBLE}"
THRESHOLD = "Whoever has at least this score is called positive."
CHANCE = "What groups of these sizes would be apart by chance alone, if they were treated alike."
OPTIMISTIC = "These thresholds are judged on the rows that chose them, which flatters them."
LEGAL = (
    "**Mind the law.** Thresholds that differ by group may be unlawful, whatever they are meant for: "
    "disparate treatment in the United States, direct discrimination in the European Union. Ask a "
    "lawyer before decisions depend on a group; to look decides nothing."
)
LEGAL_HELP = (
    "For instance Regulation B (12 CFR 1002.6(b)) for credit, Title VII § 703(l) for employment tests, "
    "Directives 2000/43/EC and 2000/78/EC. The guide says more. This is not legal advice."
)
