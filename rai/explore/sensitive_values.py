"""Which columns have values that speak of something sensitive: words, codes, forms, numbers.

    Male ×5, Female ×3, Other ×1  ──▶  sex_or_gender: 2 of 2 values, 100% of rows, are words for a sex

Answers that say nothing ("Other", "Unknown") are left out before shares are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from rai.explore.sensitive_names import words_of
from rai.explore.value_words import (
    CODES,
    CODES_AT_LEAST,
    MOST_VALUES,
    NEUTRAL,
    PATTERNS,
    ROWS_AT_LEAST,
    SEX_LETTERS,
    VALUES_AT_LEAST,
    WORDS,
    YES_OR_NO,
    ValueCodes,
    ValuePattern,
)
from rai.values.column_summary import ColumnSummary
from rai.values.levels import Level

FIRST_YEAR, LONGEST_LIFE = 1900, 120
BIRTHS_SPREAD = 30  # years between the 5th and the 95th percentile of dates that look like births
FLAGS = frozenset(
    {"health_or_disability", "nationality", "race_or_ethnicity", "sex_or_gender", "family_status"}
    | {"union_membership", "religion", "sexual_orientation"}
)
_LONGEST = 4  # words of a phrase
_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """What values speak of.

    Args:
        category: What it is.
        reason: How many of them, and what they are.
        sure: Whether they say so without a name.
        example: The most frequent that does.
    """

    category: str
    reason: str
    sure: bool
    example: Level


@dataclass(frozen=True, slots=True)
class _Texts:
    """The most frequent values of a column that say something, as text, with their rows."""

    texts: tuple[str, ...]
    n: tuple[int, ...]

    def where(self, fits: Callable[[str], bool]) -> _Found:
        at = [place for place, text in enumerate(self.texts) if fits(text)]
        return _Found(self, tuple(at))


@dataclass(frozen=True, slots=True)
class _Found:
    """The texts that fit."""

    among: _Texts
    places: tuple[int, ...]

    @property
    def values(self) -> float:
        return len(self.places) / len(self.among.texts)

    @property
    def rows(self) -> float:
        return sum(self.among.n[place] for place in self.places) / sum(self.among.n)

    def match(self, category: str, what: str, *, sure: bool, note: str = "") -> ValueMatch:
        counts = f"{len(self.places):,} of {len(self.among.texts):,} values"
        reason = f"{counts}, in {_percent(self.rows)} of rows, are {what}{note}"
        return ValueMatch(category, reason, sure=sure, example=self.among.texts[self.places[0]])


def match_values(summary: ColumnSummary, *, named: Collection[str] = ()) -> tuple[ValueMatch, ...]:
    """What the values of a column speak of, at most once for each category.

    Args:
        summary: What the column holds.
        named: The categories that its name speaks of; some values count only beside a name.

    Example:
        >>> from rai.explore.columns import summarise
        >>> (match,) = match_values(summarise(["Male", "Female", "Female", "Other"]))
        >>> match.reason.partition(" (")[0]
        '2 of 2 values, in 100% of rows, are words for a sex or gender'
    """
    found: dict[str, ValueMatch] = {}
    for match in (*_of_texts(summary, named), *_of_numbers(summary, named)):
        found.setdefault(match.category, match)
    return tuple(found.values())


def _of_texts(summary: ColumnSummary, named: Collection[str]) -> Iterator[ValueMatch]:
    """Words, codes and forms of text; yes and no, true and false."""
    texts = _texts(summary)
    if texts.texts:
        yield from _of_words(texts, named)
        for codes in CODES:
            yield from _of_codes(texts, codes, named)
        for pattern in PATTERNS:
            yield from _of_pattern(texts, pattern, named)
        yield from _of_flags(texts, named)
    elif summary.kind == "boolean" and summary.levels is not None and summary.levels.levels:
        often = summary.levels.levels[0]
        for category in sorted(FLAGS & set(named)):
            yield ValueMatch(category, "its values are true or false", sure=True, example=often)


def _of_words(texts: _Texts, named: Collection[str]) -> Iterator[ValueMatch]:
    """Words within values, and whole values where those stand beside them or the name says so."""
    spoken = [_words_in(text) for text in texts.texts]
    for words in WORDS:
        category = _category(words.categories, named)
        letters = words.categories == ("sex_or_gender",) and _letters(texts)
        whole = letters or category in named or any(words.what in said.within for said in spoken)
        at = [
            place
            for place, said in enumerate(spoken)
            if words.what in said.within or (whole and words.what in said.whole)
        ]
        found = _Found(texts, tuple(at))
        enough = 1 if category in named else words.distinct
        if len(at) >= enough and found.rows >= words.rows and found.values >= words.values:
            note = _enough(words.rows, words.values)
            yield found.match(category, words.what, sure=words.sure, note=note)


def _letters(texts: _Texts) -> bool:
    """Whether the values are letters that stand for a sex together."""
    held = frozenset(text.strip().casefold() for text in texts.texts)
    return held in SEX_LETTERS


def _of_codes(texts: _Texts, codes: ValueCodes, named: Collection[str]) -> Iterator[ValueMatch]:
    category = _category(codes.categories, named)
    known = _code_set(codes.codes)
    upper = codes.codes.isupper()

    def fits(text: str) -> bool:
        code = _code(text)
        return code.casefold() in known and (category in named or code.isupper() == upper)

    found = texts.where(fits)
    enough = 1 if category in named else CODES_AT_LEAST
    if enough <= len(found.places) == len(texts.texts):
        yield found.match(category, codes.what, sure=False)


def _code(text: str) -> str:
    """A code without the country after a language: `en-US`."""
    return re.split("[-_]", text.strip())[0] if len(text.strip()) == len("en-US") else text.strip()


def _of_pattern(texts: _Texts, pattern: ValuePattern, named: Collection[str]) -> Iterator[ValueMatch]:
    category = _category(pattern.categories, named)
    if category not in named and not pattern.alone:
        return
    form = re.compile(pattern.pattern, re.IGNORECASE)
    found = texts.where(lambda text: form.fullmatch(text.strip()) is not None)
    enough = 1 if category in named else CODES_AT_LEAST
    if len(found.places) >= enough and found.rows >= ROWS_AT_LEAST and found.values >= VALUES_AT_LEAST:
        note = _enough(ROWS_AT_LEAST, VALUES_AT_LEAST)
        yield found.match(category, pattern.what, sure=True, note=note)


def _of_flags(texts: _Texts, named: Collection[str]) -> Iterator[ValueMatch]:
    """Yes and no, where the name says to what."""
    words = _phrases(YES_OR_NO)
    found = texts.where(lambda text: " ".join(words_of(text)) in words)
    if len(found.places) == len(texts.texts):
        for category in sorted(FLAGS & set(named)):
            yield found.match(category, "yes or no", sure=True)


def _of_numbers(summary: ColumnSummary, named: Collection[str]) -> Iterator[ValueMatch]:
    """Ages, years and dates of birth, postcodes."""
    numbers = summary.numbers
    if numbers is None or not len(numbers) or summary.kind == "list":
        return
    points, n = numbers.points, numbers.n
    example = _plain(float(points[int(n.argmax())]))

    def share(low: float, high: float, *, whole: bool = False) -> float:
        fits = (points >= low) & (points <= high) & ((np.floor(points) == points) | (not whole))
        return int(n[fits].sum()) / len(numbers)

    if summary.kind == "date":
        yield from _of_dates(summary, named)
    elif summary.kind in ("number", "integer"):
        shapes = (
            ("age", "between 0 and 120, as ages in years are", share(0, 120)),
            ("age", "years from 1900 on, as of births", share(FIRST_YEAR, FIRST_YEAR + 150, whole=True)),
            (
                "location",
                "whole numbers of four or five digits, as postcodes",
                share(1000, 99_999, whole=True),
            ),
        )
        for category, what, rows in shapes:
            if category in named and rows >= ROWS_AT_LEAST:
                yield ValueMatch(
                    category,
                    f"{_percent(rows)} of rows are {what}{_enough(ROWS_AT_LEAST)}",
                    sure=True,
                    example=example,
                )


def _of_dates(summary: ColumnSummary, named: Collection[str]) -> Iterator[ValueMatch]:
    """Dates that span a life or less, over the last century or so."""
    numbers = summary.numbers
    if numbers is None or not len(numbers):
        return
    first = float(np.datetime64(f"{FIRST_YEAR}-01-01", "D").astype(np.int64))
    lived = numbers.low >= first and numbers.high - numbers.low <= LONGEST_LIFE * _YEAR
    low, high = (numbers.quantile(q) or 0.0 for q in (0.05, 0.95))
    if lived and ("age" in named or (high - low) / _YEAR >= BIRTHS_SPREAD):
        at = np.datetime64(round(float(numbers.points[int(numbers.n.argmax())])), "D")
        ends = [str(np.datetime64(round(end), "D")) for end in (numbers.low, numbers.high)]
        yield ValueMatch(
            "age", f"its dates, {ends[0]} to {ends[1]}, may be births", sure=False, example=str(at)
        )


def _texts(summary: ColumnSummary) -> _Texts:
    """The most frequent values of a column of text that say something."""
    held = summary.levels
    if held is None or summary.kind in ("list", "boolean"):
        return _Texts((), ())
    neutral = _phrases(NEUTRAL)
    pairs = [
        (str(value), int(n))
        for value, n in zip(held.levels[:MOST_VALUES], held.n[:MOST_VALUES].tolist(), strict=True)
        if str(value).strip() and " ".join(words_of(str(value))) not in neutral
    ]
    return _Texts(tuple(text for text, _ in pairs), tuple(n for _, n in pairs))


@dataclass(frozen=True, slots=True)
class _Said:
    """The kinds of words of a value: anywhere in it, and as a whole."""

    within: frozenset[str]
    whole: frozenset[str]


def _words_in(text: str) -> _Said:
    tokens = words_of(text)
    spans = {
        " ".join(tokens[start : start + length])
        for start in range(len(tokens))
        for length in range(1, _LONGEST + 1)
    }
    within, whole = _index()
    said = [within[span] for span in spans if span in within]
    return _Said(frozenset().union(*said), whole.get(" ".join(tokens), frozenset()))


@cache
def _index() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Phrase to the rows of the table that have it: within values, and as a whole value."""
    within: dict[str, frozenset[str]] = {}
    whole: dict[str, frozenset[str]] = {}
    for words in WORDS:
        for held, given in ((within, words.within), (whole, words.whole)):
            for phrase in _phrases(given):
                held[phrase] = held.get(phrase, frozenset()) | {words.what}
    return within, whole


@cache
def _phrases(given: str) -> frozenset[str]:
    """Words and phrases of the table as they are compared."""
    return frozenset(" ".join(words_of(word.replace("_", " "))) for word in given.split())


@cache
def _code_set(codes: str) -> frozenset[str]:
    return frozenset(codes.casefold().split())


def _category(categories: tuple[str, ...], named: Collection[str]) -> str:
    """The category that the name says, or the first."""
    return next((category for category in categories if category in named), categories[0])


def _enough(rows: float, values: float | None = None) -> str:
    """The shares that are asked for."""
    if values is None:
        return f" ({_percent(rows)} is enough)"
    return f" ({_percent(values)} and {_percent(rows)} are enough)"


def _percent(share: float) -> str:
    """A share in percent; 0% and 100% only where that is exact."""
    return f"{share:.0%}" if share in (0, 1) else f"{min(max(share, 0.01), 0.99):.0%}"


def _plain(number: float) -> Level:
    return int(number) if number.is_integer() else number
