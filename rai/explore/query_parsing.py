"""Reading a query: tokens to a tree of conditions, by descent, a function for each part of the grammar.

    query       = all { "or" all }
    all         = one { "and" one }
    one         = "not" one | "(" query ")" | condition
    condition   = bound ("<" | "<=" | ">" | ">=") column [ the same again  bound ]
                | column ("=" | "!=") value
                | column ("<" | "<=" | ">" | ">=") bound
                | column "is" [ "not" ] "missing"
                | column [ "not" ] "between" bound "and" bound
                | column [ "not" ] "in" ( bound ".." bound | "(" [ value { "," value } ] ")" )
                | column ("~" | "~*" | "!~" | "!~*") text
    bound       = a number or a date
    value       = a bound, true, false, a word, or text in quotes

Nothing is evaluated: what comes out is data.
"""

from __future__ import annotations

from typing import Literal

from rai.explore.conditions import MATCHES, ORDERED, Condition
from rai.explore.query_tokens import Token, refusal, tokens_of
from rai.explore.query_trees import MOST_DEPTH, Branch, joined
from rai.explore.query_words import (
    MISSING_NAMES,
    RESERVED,
    TRUTHS,
    days_of,
    is_number,
    number_of,
)
from rai.ground.errors import ArgumentError, did_you_mean
from rai.values.levels import Level

Node = Condition | Branch

_NAMES = {"word", "name", "text"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PATTERNS = {"~": (0, ""), "~*": (0, "(?i)"), "!~": (1, ""), "!~*": (1, "(?i)")}
_OPERATORS = "'=', '!=', '<', '<=', '>', '>=', '~', 'in', 'between' or 'is'"
_BOUND = "a number or a date"


def tree_of(text: str) -> Node:
    """The tree of a query.

    Raises:
        ArgumentError: If it can't be read; where, what was seen, and what was expected.

    Example:
        >>> str(tree_of("18 <= age < 65 & !(sex == 'F')"))
        'age >= 18 and age < 65 and not sex = F'
    """
    return _Reader(text).whole()


class _Reader:
    """A place in the tokens of a query."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at, self.depth = text, tokens_of(text), 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.now
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def takes(self, *words: str) -> Token | None:
        """The token here, if it is one of these; it is passed."""
        return self.next() if self.now.says(*words) else None

    def must(self, word: str, *, expected: str) -> None:
        if not self.takes(word):
            raise self.refused(self.now, expected=expected)

    def refused(self, token: Token, *, expected: str, hint: str = "") -> ArgumentError:
        return refusal(self.text, token, expected=expected, hint=hint)

    def whole(self) -> Node:
        tree = self.any()
        if self.now.kind != "end":
            raise self.refused(self.now, expected="'and', 'or' or the end", hint=self.slip())
        return tree

    def slip(self) -> str:
        """What may have been meant by a word after a condition."""
        if self.now.kind != "word":
            return ""
        then = self.tokens[self.at + 1]
        goes_on = then.says("(", "not") or (then.kind in _NAMES and not _is_reserved(then))
        near = did_you_mean(self.now.text, ("and", "or")) if goes_on else ""
        return near or "Text of several words goes in quotes."

    def any(self) -> Node:
        parts = [self.all()]
        while self.takes("or"):
            parts.append(self.all())
        return joined("or", parts)

    def all(self) -> Node:
        parts = [self.one()]
        while self.takes("and"):
            parts.append(self.one())
        return joined("and", parts)

    def one(self) -> Node:
        token = self.takes("not", "(")
        if token is None:
            return self.condition()
        self.depth += 1
        if self.depth > MOST_DEPTH:
            hint = "Use fewer parentheses."
            expected = f"at most {MOST_DEPTH} within each other"
            raise refusal(self.text, f"one more level with {token}", expected=expected, hint=hint)
        if token.says("not"):
            tree: Node = Branch("not", (self.one(),))
        else:
            tree = self.any()
            opened = f"')' to close the one at character {token.start + 1:,}"
            self.must(")", expected=f"{opened}, 'and' or 'or'")
        self.depth -= 1
        return tree

    def condition(self) -> Node:
        first = self.next()
        if first.kind == "word" and (is_number(first.text) or days_of(first.text) is not None):
            return self.reversed(first)
        return self.compared(self.column(first, expected="a column, a number, 'not' or '('"))

    def column(self, token: Token, *, expected: str) -> str:
        """A column's name."""
        bare = token.kind == "word"
        unfit = bare and (
            _is_reserved(token) or is_number(token.text) or days_of(token.text) is not None
        )
        if token.kind not in _NAMES or unfit or not token.text:
            hint = "A column of that name goes in backticks." if unfit else ""
            raise self.refused(token, expected=expected, hint=hint)
        return token.text

    def compared(self, column: str) -> Node:
        """What follows a column."""
        token = self.next()
        if token.says("is"):
            return self.missing(column)
        if token.says("=", "!="):
            return Condition(column, "==" if token.text == "=" else "!=", self.value())
        if token.says(*ORDERED):
            return Condition(column, token.text, self.bound())
        if token.says(*_PATTERNS):
            return self.pattern(column, token.text)
        turned = token.says("not")
        token = self.next() if turned else token
        if token.says("in"):
            return self.among(column, turned=turned)
        if token.says("between"):
            low = self.now
            tree = self.range(column, low, upto="and")
            return Branch("not", (tree,)) if turned else tree
        alone = token.kind == "end" and not turned
        hint = f"To look for a word, say in which column: COLUMN = {column}." if alone else ""
        expected = "'in' or 'between'" if turned else f"{_OPERATORS} after the column {column!r}"
        raise self.refused(token, expected=expected, hint=hint)

    def reversed(self, first: Token) -> Node:
        """A bound, a comparison and a column; and perhaps another comparison and bound."""
        op = self.next()
        if not op.says(*ORDERED):
            hint = f"A column of that name goes in backticks: `{first.text}`."
            raise self.refused(op, expected=f"'<', '<=', '>' or '>=' after {first.text}", hint=hint)
        named = self.next()
        column = self.column(named, expected="a column")
        low = Condition(column, _FLIPPED[op.text], self.bound_of(first))
        then = self.takes(*ORDERED)
        if then is None:
            return low
        if then.text[0] != op.text[0]:
            expected = f"{op.text[0]!r} or {op.text[0] + '='!r}, as before {column!r}"
            raise self.refused(then, expected=expected)
        last = self.now
        high = Condition(column, then.text, self.bound())
        bounds = (first, last) if op.text[0] == "<" else (last, first)
        self.check_order(*bounds)
        return joined("and", [low, high])

    def missing(self, column: str) -> Condition:
        turned = self.takes("not") is not None
        token = self.next()
        if not token.says(*MISSING_NAMES):
            hint = f"To compare with a value, write = {token.text}." if token.kind == "word" else ""
            raise self.refused(token, expected="'missing' or 'not missing' after 'is'", hint=hint)
        return Condition(column, "present" if turned else "missing")

    def among(self, column: str, *, turned: bool) -> Node:
        opened = self.takes("(", "[")
        if opened is None:
            tree = self.range(column, self.now, upto="..")
            return Branch("not", (tree,)) if turned else tree
        closing = ")" if opened.text == "(" else "]"
        values: list[Level] = []
        while not self.takes(closing):
            if values:
                self.must(",", expected=f"',' or {closing!r}")
            values.append(self.value())
        return Condition(column, "not in" if turned else "in", tuple(values))

    def range(self, column: str, low: Token, *, upto: Literal["and", ".."]) -> Node:
        """Both bounds of a range, which holds them."""
        first = self.bound()
        if not self.takes(upto):
            hint = "A list goes in parentheses." if upto == ".." else ""
            raise self.refused(self.now, expected=f"{upto!r} and a second bound", hint=hint)
        high = self.now
        last = self.bound()
        self.check_order(low, high)
        return joined("and", [Condition(column, ">=", first), Condition(column, "<=", last)])

    def pattern(self, column: str, op: str) -> Condition:
        token = self.next()
        if token.kind not in {"word", "text"}:
            raise self.refused(token, expected=f"a regular expression in quotes after {op!r}")
        turned, flags = _PATTERNS[op]
        return Condition(column, MATCHES[turned], flags + token.text)

    def value(self) -> Level:
        token = self.next()
        if token.kind == "text":
            return token.text
        word = token.text.lower()
        if token.kind != "word" or (word in RESERVED and word not in TRUTHS):
            hint = ""
            if token.kind == "word":
                hint = f'Write "{token.text}" in quotes for the word'
                hint += ", or is missing for missing values." if word in MISSING_NAMES else "."
            elif token.kind == "op":
                hint = "A value that begins with a sign goes in quotes."
            raise self.refused(token, expected="a value", hint=hint)
        if word in TRUTHS:
            return TRUTHS[word]
        return self.number(token) if is_number(token.text) else token.text

    def bound(self) -> Level:
        return self.bound_of(self.next())

    def bound_of(self, token: Token) -> Level:
        if token.kind == "word" and is_number(token.text):
            return self.number(token)
        if token.kind in {"word", "text"} and days_of(token.text) is not None:
            return token.text
        hint = "Dates are written 2024-05-01, or in quotes with a time: '2024-05-01 12:00'."
        raise self.refused(token, expected=_BOUND, hint=hint if token.kind in {"word", "text"} else "")

    def number(self, token: Token) -> Level:
        value = number_of(token.text)
        if value is None or (isinstance(value, int) and abs(value) >= 1 << 63):
            raise self.refused(token, expected="a number that 64 bits can hold")
        return value

    def check_order(self, low: Token, high: Token) -> None:
        """A range begins with its lower end."""
        ends = [days_of(each.text) for each in (low, high)]
        if None in ends:
            ends = [float(each.text) if is_number(each.text) else None for each in (low, high)]
        if None in ends:
            raise self.refused(high, expected=f"two numbers or two dates, beside {low.text!r}")
        if ends[0] > ends[1]:  # type: ignore[operator]
            raise self.refused(high, expected=f"an upper end of at least {low.text}")


def _is_reserved(token: Token) -> bool:
    return token.kind == "word" and token.text.lower() in RESERVED
