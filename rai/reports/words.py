"""Words and numbers for reading: questions in plain language, estimates, p-values, verdicts.

The words are careful on purpose: a report says what was counted and how sure it is, and leaves the
judgement about what is acceptable to its readers.
"""

from __future__ import annotations

from rai.ground.formatting import figure, number, one_line
from rai.ground.formatting import metric_name as name
from rai.values import Estimate, Gap

BEYOND, WITHIN, UNKNOWN = "beyond chance", "could be chance", "undefined"

SMALLEST_P = 0.001

# Criterion or metric to the question that its gap answers.
QUESTIONS = {
    "demographic_parity": "How often is the prediction positive?",
    "disparate_impact": "How often is the prediction positive, as a ratio?",
    "equal_opportunity": "Of the rows that are positive, how many are found?",
    "predictive_equality": "Of the rows that are negative, how many are called positive?",
    "equalized_odds": "How far apart are the error rates?",
    "predictive_parity": "When the prediction is positive, how often is it right?",
    "equal_accuracy": "How often is the prediction right?",
    "total_variation": "How differently are the classes predicted?",
    "roc_auc": "How often does a positive row score higher than a negative one?",
    "average_precision": "How often are the rows with the highest scores positive?",
    "abroca": "How far apart are the ROC curves, even where they cross?",
    "calibration_in_the_large": "Do scores promise too little or too much, on average?",
    "calibration_slope": "Are scores too extreme (below 1) or too timid (above 1)?",
    "mean_error": "Is the prediction too high or too low, on average?",
    "mean_absolute_error": "How far off is the prediction, on average?",
    "root_mean_squared_error": "How far off, when large misses count more?",
    "r2": "How much of the variation in the label is explained?",
    "mean_prediction": "What is predicted, on average?",
    "mean_label": "What is the label, on average? (This is about the data, not the model.)",
}

# The same where there are more than two classes.
CLASS_QUESTIONS = {
    "equal_opportunity": "Of the rows of a class, how many are found?",
    "predictive_parity": "When a class is predicted, how often is it right?",
}


def question(metric: str, *, classes: bool = False) -> str:
    """The question that a gap of this metric or criterion answers.

    Args:
        metric: Name of the metric or criterion.
        classes: Whether there are more than two classes.
    """
    asked = {**QUESTIONS, **CLASS_QUESTIONS} if classes else QUESTIONS
    return asked.get(metric, f"How far apart are the groups in {name(metric)}?")


def bounds(low: float | None, high: float | None) -> str:
    """An interval in brackets, with `–` for a bound that does not exist.

    Example:
        >>> bounds(0.1, 0.15), bounds(0.5, None), bounds(None, None)
        ('[0.100, 0.150]', '[0.500, –]', '')
    """
    if low is None and high is None:
        return ""
    return f"[{figure(low)}, {figure(high)}]"


def estimated(result: Estimate | Gap) -> str:
    """A value and its interval, as in `0.123 [0.100, 0.150]`."""
    return f"{figure(result.value)} {bounds(result.low, result.high)}".rstrip()


def chance_of(p_value: float | None) -> str:
    """A p-value for reading.

    Example:
        >>> chance_of(0.00099), chance_of(0.0421), chance_of(None)
        ('p < 0.001', 'p = 0.042', '')
    """
    if p_value is None:
        return ""
    if p_value < SMALLEST_P:
        return f"p < {number(SMALLEST_P)}"
    return f"p = {number(p_value, digits=2)}"


def parity(kind: str) -> float:
    """The value of a gap of this kind that means no gap."""
    return 1.0 if kind in {"ratio", "odds_ratio"} else 0.0


def verdict(gap: Gap) -> str:
    """Whether the whole interval of a gap lies off parity.

    Example:
        >>> verdict(Gap(metric="accuracy", along="sex", kind="difference", versus="between_groups",
        ...     value=0.1, low=0.0, high=0.2))
        'could be chance'
    """
    if gap.value is None or gap.low is None:
        return UNKNOWN
    if parity(gap.kind) == 1.0:
        return BEYOND if gap.high is not None and gap.high < 1 else WITHIN
    return BEYOND if gap.low > 0 else WITHIN


def percent(level: float) -> str:
    """A coverage level for reading.

    Example:
        >>> percent(0.95), percent(0.999)
        ('95%', '99.9%')
    """
    return f"{100 * level:.6g}%"


def listed(words: list[str], *, most: int = 6) -> str:
    """Words in a sentence.

    Example:
        >>> listed(["A"]), listed(["A", "B", "C"]), listed(list("ABCDEF"), most=3)
        ('A', 'A, B and C', 'A, B, C and 3 more')
    """
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most:,} more"
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def clean(text: object, *, most: int = 200) -> str:
    """A name from the data on one line, without control characters, cut where it is very long.

    Example:
        >>> clean("two\\nlines"), clean("x" * 20, most=5)
        ('two lines', 'xxxx…')
    """
    return one_line(text, most=most)


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


__all__ = [
    "BEYOND",
    "CLASS_QUESTIONS",
    "QUESTIONS",
    "UNKNOWN",
    "WITHIN",
    "bounds",
    "capital",
    "chance_of",
    "clean",
    "estimated",
    "figure",
    "listed",
    "name",
    "parity",
    "percent",
    "question",
    "verdict",
]
