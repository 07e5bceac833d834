"""Words that should be others: numbers as text, several types, spellings, slips, broken letters.

Male ×900 · male ×40 · "Male " ×3     one category, three spellings
Femael ×2 beside Female ×870          a slip
SÃ£o Paulo                            UTF-8 read as if it were Latin-1
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from rai.explore.data_checks.check import Check, Look, percent, quoted, share_look
from rai.explore.data_checks.placeholders import NAUGHTS, UNKNOWNS
from rai.explore.data_checks.seen import WORDS, Seen
from rai.ground.formatting import counted
from rai.values.column_summary import ColumnSummary
from rai.values.levels import Level

NUMBER = re.compile(
    r"[+-]?(?:[1-9]\d{0,2}(?:[, ']\d{3})+|0|[1-9]\d*)(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s*[%€$£]?"
)
FEWEST_NUMBERS = 10  # distinct ones: fewer are codes of classes
AS_NUMBERS = 0.9

SECOND = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"  # what may follow, as Latin-1 or as Windows has it
MOJIBAKE = re.compile(f"\N{REPLACEMENT CHARACTER}|[ÃÂÐ]{SECOND}|â€|ï¿½|&(?:amp|lt|gt|quot|#\\d+);")
RARE = 0.01  # of the more frequent word's rows
SHORTEST, LONGEST = 5, 50  # letters
MOST_WORDS = 5000

Counts = Mapping[str, int]


def spellings(n: Counts) -> list[list[str]]:
    """Texts that differ only in blanks and in capitals, the most frequent of each set first.

    Example:
        >>> spellings({"Male": 9, "male ": 2, "Female": 7})
        [['Male', 'male ']]
    """
    alike: dict[str, list[str]] = {}
    for text in n:
        alike.setdefault(" ".join(text.split()).casefold(), []).append(text)
    return [sorted(held, key=lambda text: -n[text]) for held in alike.values() if len(held) > 1]


def near_misses(n: Counts) -> list[tuple[str, str]]:
    """Rare words one letter away from a frequent one, with the frequent one.

    Added, lost, wrong and swapped letters count as one; words that differ in a digit are not looked at.

    Example:
        >>> near_misses({"Female": 900, "Femael": 2, "Male": 800})
        [('Femael', 'Female')]

    Source: Damerau (1964), doi:10.1145/363958.363994, on the four kinds of slips; Garbe (2012), for
    finding them by what is left when a letter is dropped.
    """
    sized = (text for text in n if SHORTEST <= len(text) <= LONGEST)
    words = [text for text in sized if not any(c.isdigit() for c in text)]
    reach: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda text: -n[text])[:MOST_WORDS]:
        for shorter in _shorter(word):
            reach.setdefault(shorter, []).append(word)
    found: dict[str, str] = {}
    for word in words:
        near = [other for shorter in _shorter(word) for other in reach.get(shorter, ()) if other != word]
        near = [other for other in near if n[word] < RARE * n[other] and _one_slip(word, other)]
        if near:
            found[word] = max(near, key=n.__getitem__)
    return list(found.items())


def _shorter(word: str) -> set[str]:
    lower = word.casefold()
    return {lower, *(lower[:i] + lower[i + 1 :] for i in range(len(lower)))}


def _one_slip(word: str, other: str) -> bool:
    """Whether one letter was added, lost, wrong, or swapped with its neighbour; not only a capital."""
    a, b = sorted((word.casefold(), other.casefold()), key=len)
    if a == b or len(b) - len(a) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return a[at + 1 :] == b[at + 1 :] or swapped


def _words(seen: Seen) -> Iterator[tuple[str, str, ColumnSummary, dict[str, int]]]:
    """Columns of words with the rows of each text."""
    for dataset, feature, held in seen.columns(*WORDS):
        levels = held.levels
        if levels is not None:
            pairs = zip(levels.levels, levels.n.tolist(), strict=True)
            yield dataset, feature, held, {text: n for text, n in pairs if isinstance(text, str)}


def _as_text(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, n in _words(seen):
        real = {text: rows for text, rows in n.items() if not _nothing(text)}
        numbers = [text for text in real if NUMBER.fullmatch(text.strip())]
        rows, total = sum(n[text] for text in numbers), sum(real.values())
        if held.kind == "category" and total and len(numbers) >= FEWEST_NUMBERS:
            others = tuple(text for text in n if text not in set(numbers)) or tuple(numbers[:5])
            yield share_look(
                rows,
                total,
                f"{percent(rows / total)} of the texts of {feature!r}{seen.inside(dataset)} are "
                "numbers: read as text they are categories without order.",
                dataset=dataset,
                feature=feature,
                evidence=partial(seen.with_values, dataset, feature, others),
            )


def _nothing(text: str) -> bool:
    plain = " ".join(text.split()).casefold()
    return plain in NAUGHTS or plain in UNKNOWNS


def _types(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held in seen.columns():
        if held.kind != "mixed":
            yield share_look(0, held.rows, "", dataset=dataset, feature=feature)
            continue
        types = sorted(held.types, key=lambda pair: -pair[1])
        rows = sum(n for _, n in types[1:])
        shown = ", ".join(f"{name} ×{n:,}" for name, n in types)
        yield share_look(
            rows,
            held.rows,
            f"{feature!r}{seen.inside(dataset)} holds values of several types: {shown}.",
            dataset=dataset,
            feature=feature,
            evidence=partial(_examples, held),
        )


def _examples(held: ColumnSummary) -> tuple[tuple[()], tuple[Level, ...]]:
    """The most frequent value of each type."""
    levels = held.levels.levels if held.levels is not None else ()
    return (), tuple({type(level).__name__: level for level in reversed(levels)}.values())


def _spelled(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, n in _words(seen):
        alike = spellings(n)
        rows = sum(n[text] for same in alike for text in same[1:])
        values = tuple(text for same in alike for text in same)
        yield share_look(
            rows,
            held.rows,
            f"{quoted(values)} in {feature!r}{seen.inside(dataset)} differ only in blanks or capitals: "
            f"one category counts as another in {counted(rows, 'row')}.",
            dataset=dataset,
            feature=feature,
            evidence=partial(seen.with_values, dataset, feature, values),
        )


def _slips(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, n in _words(seen):
        found = near_misses(n)
        rows = sum(n[rare] for rare, _ in found)
        shown = ", ".join(f"{rare!r} for {often!r}" for rare, often in found[:4])
        yield share_look(
            rows,
            held.rows,
            f"{feature!r}{seen.inside(dataset)} has what looks like a slip in {counted(rows, 'row')}: "
            f"{shown}.",
            dataset=dataset,
            feature=feature,
            evidence=partial(seen.with_values, dataset, feature, tuple(rare for rare, _ in found)),
        )


def _broken(seen: Seen) -> Iterator[Look]:
    for dataset, feature, held, n in _words(seen):
        odd = tuple(text for text in n if MOJIBAKE.search(text))
        rows = sum(n[text] for text in odd)
        yield share_look(
            rows,
            held.rows,
            f"{quoted(odd)} in {feature!r}{seen.inside(dataset)}: letters were read in the wrong "
            f"encoding, in {counted(rows, 'row')}.",
            dataset=dataset,
            feature=feature,
            evidence=partial(seen.with_values, dataset, feature, odd),
        )


NUMBERS_AS_TEXT = Check(
    kind="numbers_as_text",
    asks="Are numbers stored as text?",
    fine="No column of words holds numbers.",
    limit=AS_NUMBERS,
    unit="share of texts",
    source=f"nine in ten, of at least {FEWEST_NUMBERS} distinct numbers",
    look=_as_text,
    looks_at=f"columns of words with at least {FEWEST_NUMBERS} numbers among them",
    most="warning",
)
MIXED_TYPES = Check(
    kind="mixed_types",
    asks="Does a column hold values of several types?",
    fine="Every column holds values of one type.",
    limit=0.0,
    unit="share of rows with a rarer type",
    source="any; Deepchecks looks at rarer types of 1% to 10%",
    look=_types,
    looks_at="columns with values",
    most="warning",
)
SPELLINGS = Check(
    kind="spellings",
    asks="Is one category spelled in several ways?",
    fine="No categories differ only in blanks or capitals.",
    limit=0.0,
    unit="share of rows with a rarer spelling",
    source="any: one category is counted as two",
    look=_spelled,
    looks_at="columns of words",
    most="warning",
)
NEAR_MISSES = Check(
    kind="near_misses",
    asks="Is a rare category a slip of a frequent one?",
    fine="No rare category is one letter away from a frequent one.",
    limit=0.0,
    unit="share of rows",
    source=f"any word of {SHORTEST} to {LONGEST} letters, under one in 100 of the other's rows",
    look=_slips,
    looks_at="columns of words",
    most="warning",
)
BROKEN_LETTERS = Check(
    kind="broken_letters",
    asks="Was text read in the wrong encoding?",
    fine="No text looks as if it had been read in the wrong encoding.",
    limit=0.0,
    unit="share of rows",
    source="any: one word is counted as two",
    look=_broken,
    looks_at="columns of words",
    most="warning",
)
