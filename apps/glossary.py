"""What terms mean, a sentence each: the sidebar lists them, and pages put them beside the term.

st.metric("Gap", "0.21", help=glossary.TERMS["gap"])
"""

from __future__ import annotations

from collections.abc import Mapping

from .performance.terms import CRITERIA, METRICS
from .words import metric_name

DATA: Mapping[str, str] = {
    "row": "One person or case of the data; it keeps its number on every page.",
    "true label": "What was really so, as far as the data know: the outcome that a model predicts.",
    "positive label": "The label that a score speaks for, such as being hired or falling ill.",
    "score": "What a model says of a row: mostly the probability of the positive label, from 0 to 1.",
    "decision": "What a score becomes: positive at or above the threshold, negative below it.",
    "threshold": "The score from which on a decision is positive.",
    "outcome": "A decision beside the truth: true or false positive, true or false negative.",
    "sensitive feature": "A column that tells groups of people apart, such as sex or age.",
    "group": "The rows with the same value of a sensitive feature, or the same combination of several.",
    "slice": "The rows with the same values, or the same ranges of values, of chosen columns.",
    "cohort": "The rows that a query finds, kept under a name; every page can be confined to one.",
    "selection": "The rows chosen last, by a click, a lasso or a query; the same on every page.",
    "pinned row": "The row that stays marked on every page and that What-If edits.",
    "weight": "How many people of the population a row stands for.",
    "missing": "A value that is not there; missing sensitive values are a group of their own.",
    "drift": "How much a column differs between two data sets, such as training and test rows.",
    "proxy": "A feature that gives a sensitive one away, so that leaving that one out changes little.",
}

NUMBERS: Mapping[str, str] = {
    "interval": (
        "Where the number plausibly lies for the people whom the rows stand for: intervals made like "
        "this one hold it 95 times in 100."
    ),
    "n": "The rows that a number was made from.",
    "undefined": "A number that can't be had, such as a rate of nobody: shown as –, with its reason.",
    "gap": "How far apart groups are in a metric: mostly the largest difference between two.",
    "by chance": "The gap that groups of these sizes would show if they were treated alike.",
    "calibration": "Whether of those with a score of 0.7 about 70 in 100 are positive.",
    "ROC curve": "True positive rate against false positive rate, over all thresholds.",
    "precision–recall curve": "Precision against recall, over all thresholds.",
    "confusion matrix": "How many rows have which label and which decision.",
    "cost": "What each false positive and each false negative takes, in a unit of your own.",
    "attribution": "What a row's value of a feature adds to the model's number, against other rows.",
    "background": "The rows whose values stand in for a feature's while an attribution leaves it out.",
    "margin": "A score before it becomes a probability, mostly log-odds: there effects add up.",
    "frontier": "The least cost that can be had for each gap.",
}

EDITS: Mapping[str, str] = {
    "counterfactual": "A row that is much like this one, and on which the model decides otherwise.",
    "nearest counterfactual": "Of the rows with the other decision, the one most like this one.",
    "frozen feature": "A feature that a counterfactual must leave as it is, such as the age.",
    "monotone feature": "A feature that a counterfactual may move in one direction only.",
    "partial dependence": "The mean score of all rows, had they each this value of the feature.",
    "ICE curve": "The score of one row, had it each value of the feature in turn.",
    "flip test": "Whether a decision changes when nothing but a sensitive feature is changed.",
    "scenario": "One change to many rows at once, with the numbers before and after.",
}

PARTS: Mapping[str, Mapping[str, str]] = {
    "Data": DATA,
    "Numbers": NUMBERS,
    "Metrics": {metric_name(name): words for name, words in METRICS.items()},
    "Criteria": {metric_name(name): words for name, words in CRITERIA.items() if name not in METRICS},
    "Edited rows": EDITS,
}

TERMS: Mapping[str, str] = {term: words for part in PARTS.values() for term, words in part.items()}


def matching(text: str) -> dict[str, str]:
    """The terms that hold a text, or whose sentence does.

    Example:
        >>> list(matching("tells groups"))
        ['sensitive feature']
    """
    wanted = text.casefold().strip()
    return {t: words for t, words in TERMS.items() if wanted in f"{t} {words}".casefold()}
