"""The text of a query, cut into tokens; each knows its place, for messages.

age >= 18 and `a b` = "x"  ──▶  word age · op >= · word 18 · word and · name a b · op = · text x · end
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rai.explore.query_words import WORD
from rai.ground.errors import ArgumentError, in_short, sentence

Kind = Literal["word", "text", "name", "op", "mark", "end"]

MOST_TEXT = 200_000

_SPELLINGS = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">="}
_SPELLINGS |= {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not"}
_TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<text>\"[^\"]*(?:\"\"[^\"]*)*\"|'[^']*(?:''[^']*)*')"
    r"|(?P<name>`[^`]*(?:``[^`]*)*`)"
    r"|(?P<op>!~\*|!~|~\*|~|==|=|!=|<>|<=|>=|<|>|≤|≥|≠|&&|&|\|\||\||!)"
    r"|(?P<mark>\.\.|[()\[\],])"
    rf"|(?P<word>{WORD})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query.

    Args:
        kind: `word`, `text` in quotes, `name` in backticks, `op`, `mark` (such as a comma) or `end`.
        text: What it says, without quotes, and with one spelling for each operator.
        start: Its place in the query, counted from 0.
    """

    kind: Kind
    text: str
    start: int

    def __str__(self) -> str:
        shown = in_short(self.text)
        return "the end" if self.kind == "end" else f"{shown} at character {self.start + 1:,}"

    def says(self, *words: str) -> bool:
        """Whether it is one of these operators, marks or reserved words, in any case."""
        return self.kind in {"word", "op", "mark"} and self.text.lower() in words


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a query; the last one is its end.

    Raises:
        ArgumentError: If it is no text, too long, empty, or has a character that means nothing.

    Example:
        >>> [token.text for token in tokens_of("18 <= age & sex == 'F'")]
        ['18', '<=', 'age', 'and', 'sex', '=', 'F', '']
    """
    if not isinstance(text, str):
        raise ArgumentError(sentence("query", f"a {type(text).__name__}", expected="text"))
    if len(text) > MOST_TEXT:
        seen, expected = f"{len(text):,} characters", f"at most {MOST_TEXT:,}"
        raise ArgumentError(sentence("query", seen, expected=expected))
    tokens, place = [], 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _strange(text, place)
        if found.lastgroup != "blank":
            tokens.append(_token(found))
        place = found.end()
    if not tokens:
        expected, hint = "a condition", "Write age > 40, for example."
        raise ArgumentError(sentence("query", "nothing", expected=expected, hint=hint))
    return (*tokens, Token("end", "", len(text)))


def refusal(text: str, seen: object, *, expected: str, hint: str = "") -> ArgumentError:
    """The error for a query that can't be read."""
    return ArgumentError(sentence(f"query {in_short(text)}", str(seen), expected=expected, hint=hint))


def _token(found: re.Match[str]) -> Token:
    kind: Kind = found.lastgroup  # type: ignore[assignment]
    said = found.group()
    if kind in {"text", "name"}:
        said = said[1:-1].replace(said[0] * 2, said[0])
    elif kind == "op":
        said = _SPELLINGS.get(said, said)
    return Token(kind, said, found.start())


def _strange(text: str, place: int) -> ArgumentError:
    sign = text[place]
    at = f"{sign!r} at character {place + 1:,}"
    if sign in "\"'`":
        seen, hint = f"{at} without its second half", f"One inside is written twice: {sign * 2}"
        return refusal(text, seen, expected="quotation marks in pairs", hint=f"{hint}.")
    hint = "Text with other signs goes in straight quotes, and a column's name in backticks."
    return refusal(text, at, expected="a word, a number or a comparison", hint=hint)
