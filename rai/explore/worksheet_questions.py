"""The questions of the worksheet: what data can't say of themselves, bias by bias, a literal table.

Reporting, selection, confirmation and automation bias are those of Google's Machine Learning Crash
Course; interaction and latent bias those of its Machine Learning and Human Bias (2017). Where in a
project they enter: Suresh and Guttag (2021), A framework for understanding sources of harm throughout
the machine learning life cycle, EAAMO, https://doi.org/10.1145/3465416.3483305.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rai.ground.checks import check_one
from rai.ground.errors import ArgumentError, in_short, sentence
from rai.ground.records import Row


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a person must answer, and the answer once there is one.

    Args:
        id: Bias and number, such as `selection.1`.
        bias: What may be at work.
        question: The question.
        look_at: What rai can show about it.
        answer: What was answered; None for not yet.
        by: Who answered.
        on: The day of the answer, as ISO 8601 writes it.

    Raises:
        ArgumentError: If a part is no text or empty, or the day is none.

    Example:
        >>> QUESTIONS[0].id, QUESTIONS[0].answer
        ('reporting.1', None)
    """

    id: str
    bias: str
    question: str
    look_at: str = ""
    answer: str | None = None
    by: str | None = None
    on: str | None = None

    def __post_init__(self) -> None:
        check_one(self.id, where="question", what="question")
        where = f"question {self.id!r}"
        for name in ("bias", "question", "answer", "by"):
            value = getattr(self, name)
            optional = name in ("answer", "by")
            if not (_said(value) or (optional and value is None)):
                raise ArgumentError(sentence(where, f"{name} {in_short(value)}", expected="text"))
        if not isinstance(self.look_at, str):
            raise ArgumentError(sentence(where, f"look_at {in_short(self.look_at)}", expected="text"))
        if self.on is not None:
            object.__setattr__(self, "on", _day(self.on, where))

    def to_dict(self) -> Row:
        """The question as a flat row."""
        return {
            "id": self.id,
            "bias": self.bias,
            "question": self.question,
            "look_at": self.look_at,
            "answer": self.answer,
            "by": self.by,
            "on": self.on,
        }


_TABLE = {
    "reporting": (
        (
            "Whose events never reach the data: not noticed, not reported, not worth a record?",
            "missing values by group: rai.check_data(…, sensitive_features=…)",
        ),
        (
            "Is the label what happened, or what somebody wrote down, and of whom more often?",
            "base rates by group: rai.audit(…).metrics('base_rate')",
        ),
        (
            "Were values made up where none were known, and can a reader of the data tell?",
            "placeholders, heaps and rounding: rai.profile(…), rai.check_data(…)",
        ),
    ),
    "selection": (
        (
            "Who could not get into the data, and was that decided by a person, a model or a form?",
            "shares against a declared population: rai.check_data(…, population=…)",
        ),
        (
            "Whose outcome is unknown because of an earlier decision, such as a loan refused?",
            "rows that were left out: rai.audit(…).dropped",
        ),
        (
            "Where, when and with whom will the model be used, and which of those are not in the data?",
            "distances between training and use: rai.profile({'train': …, 'serving': …}).distances()",
        ),
        (
            "Which groups are too small to say anything about, and what will be done for them?",
            "group sizes and intervals: rai.check_data(…), rai.audit(…).metrics()",
        ),
    ),
    "interaction": (
        (
            "Do people act on the model's output in a way that becomes the next training data?",
            "drift by data set and group: rai.profile({'before': …, 'after': …}).distances()",
        ),
        (
            "Do people present what is measured differently from group to group, or game it?",
            "distributions within groups: rai.facet(…), rai.profile(…, sensitive_features=…)",
        ),
        (
            "Do the place, the order or the words in which something was shown decide what was chosen?",
            "the choice by what was shown: rai.facet(…, rows=…, color=…)",
        ),
    ),
    "latent": (
        (
            "Which features stand in for a sensitive one, and is what they say beyond it worth that?",
            "rai.find_proxies(…)",
        ),
        (
            "Which habits of those who decided before are in the labels as if they were facts?",
            "base-rate gaps, and label noise by group: rai.check_data(…)",
        ),
        (
            "Who has to choose 'other', and who was put into a category by somebody else?",
            "rare and missing levels: rai.profile(…).top_values()",
        ),
    ),
    "confirmation": (
        (
            "What was believed before the data were seen, and what in the data would have changed it?",
            "every finding, also those that passed: rai.check_data(…)",
        ),
        (
            "Which rows, features or groups were dropped or merged until the result looked right?",
            "the rows and groups behind each number: the report of the audit",
        ),
        (
            "Who chose the definition of fairness, and was it before the numbers were known?",
            "all criteria side by side: rai.audit(…).gaps()",
        ),
    ),
    "automation": (
        (
            "Who can overrule the model, how often do they, and is it easier to agree with it?",
            "decisions before and after, row by row: rai.whatif",
        ),
        (
            "Is a wrong decision noticed, by whom, and can the person it hit have it undone?",
            "error rates by group: rai.audit(…).metrics()",
        ),
        (
            "Would a simpler rule, or no automation, do as well for those whom the model serves worst?",
            "the group it serves worst: rai.audit(…).gaps()",
        ),
    ),
}


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _day(value: object, where: str) -> str:
    """A day as ISO 8601 writes it."""
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError:
        expected, hint = "a day", 'Write it as "2026-11-25".'
        raise ArgumentError(
            sentence(where, f"on {in_short(value)}", expected=expected, hint=hint)
        ) from None


QUESTIONS = tuple(
    Question(f"{bias}.{number}", bias, question, look_at)
    for bias, asked in _TABLE.items()
    for number, (question, look_at) in enumerate(asked, start=1)
)
