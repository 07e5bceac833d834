"""YAML as plain data, with the line on which everything stands.

    text ─▶ nodes ─▶ dicts, lists and scalars, and place ("rules", 0, "limit") ─▶ line

The safe part of YAML 1.2: `yes`, `no` and `on` are text, a number is a number, a date a date, and a code
such as 007 is text. Anchors, aliases and tags are refused, and so is a key that stands twice: a policy
is read by people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import yaml

from rai.ground.errors import PolicyError, sentence

Place = tuple[str | int, ...]

MOST_BYTES = 1 << 20
MOST_DEEP = 32
_SHALLOW = f"at most {MOST_DEEP}"
PREFIX = "tag:yaml.org,2002:"


class Written(NamedTuple):
    """What a file holds.

    Attributes:
        data: Dicts, lists, text, numbers, booleans, dates and None.
        lines: Place to line, counted from 1.
    """

    data: Any
    lines: Mapping[Place, int]


def read_text(path: Path, *, where: str, most: int = MOST_BYTES) -> str:
    """The text of a file that is a policy, or part of one.

    Args:
        path: The file.
        where: What it is, for messages.
        most: The most bytes that it may hold.

    Raises:
        PolicyError: If it can't be read, is no UTF-8, or is too large.
    """
    try:
        with path.open("rb") as file:
            held = file.read(most + 1)
        text = held.decode("utf-8-sig")
    except OSError as error:
        seen = (error.strerror or "unreadable").lower()
        raise PolicyError(sentence(where, seen, expected="a file that can be read")) from error
    except UnicodeDecodeError as error:
        if len(held) <= most:
            raise PolicyError(sentence(where, "no UTF-8", expected="text")) from error
    except ValueError as error:
        raise PolicyError(sentence(where, str(error), expected="the path of a file")) from error
    if len(held) > most:
        raise PolicyError(sentence(where, f"more than {most >> 20} MB", expected="a smaller file"))
    return text


def parse(text: str, *, where: str) -> Written:
    """YAML as data and lines.

    Args:
        text: The text.
        where: What it is, for messages.

    Raises:
        PolicyError: If it is no YAML, or uses what a policy does not need.

    Example:
        >>> parse("rules:\\n  - id: tpr\\n    limit: 0.05", where="policy").lines[("rules", 0, "limit")]
        3
    """
    try:
        node = yaml.compose(text, Loader=_Loader)  # a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = "" if mark is None else f", line {mark.line + 1}"
        seen = str(error.problem or "no YAML").removeprefix("but ")
        raise PolicyError(
            sentence(f"{where}{line}", seen, expected=_EXPECTED.get(seen, "YAML"))
        ) from error
    except RecursionError as error:
        raise PolicyError(sentence(where, "too many levels", expected=_SHALLOW)) from error
    except OverflowError as error:
        raise PolicyError(sentence(where, "an escape that is no character", expected="text")) from error
    except (yaml.YAMLError, ValueError) as error:
        seen = " ".join(str(error).split())[:200] or "no YAML"
        raise PolicyError(sentence(where, seen, expected="YAML")) from error
    lines: dict[Place, int] = {}
    data = None if node is None else _plain(node, (), lines, where)
    return Written(data, lines)


_EXPECTED = {
    "an alias": "the value itself",
    "an anchor": "the value itself",
    "half of a pair of surrogates": "text",
    "found character '\\t' that cannot start any token": "spaces, as YAML takes no tabs there",
    "found another document": "one document in a file",
}


class _Loader(yaml.SafeLoader):
    """The scalars of YAML 1.2's core schema, and dates."""

    yaml_implicit_resolvers: ClassVar[dict[Any, Any]] = {}  # type: ignore[misc]

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node; aliases and anchors are refused."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        seen = _refused(event)
        if seen:
            raise yaml.composer.ComposerError(None, None, seen, event.start_mark)
        return super().compose_node(parent, index)


def _refused(event: Any) -> str:
    """What a policy does not need, or can't be written again; empty if it is neither."""
    tag = getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        return "an alias"
    if event.anchor:
        return "an anchor"
    if tag is not None and tag != "!":
        return f"the tag {str(tag).replace(PREFIX, '!!')!r}"
    text = getattr(event, "value", "")
    return "half of a pair of surrogates" if any("\ud800" <= char <= "\udfff" for char in text) else ""


_WHOLE = r"[-+]?(0|[1-9][0-9]*)"
_INT = re.compile(_WHOLE)
_FLOAT = re.compile(rf"({_WHOLE}(\.[0-9]*)?|[-+]?\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def _plain(node: yaml.Node, place: Place, lines: dict[Place, int], where: str) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if len(place) > MOST_DEEP:
        raise PolicyError(sentence(f"{where}, line {line}", "too many levels", expected=_SHALLOW))
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(node, place, lines, where))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*place, i), lines, where) for i, each in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return node.value if node.style is not None else _scalar(node.value, f"{where}, line {line}")


def _entries(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], where: str
) -> Iterator[tuple[Any, Any]]:
    seen: set[Any] = set()
    for key_node, held in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise PolicyError(
                sentence(f"{where}, line {line}", "a key that is no name", expected="a name")
            )
        key = key_node.value
        if key in seen:
            raise PolicyError(
                sentence(f"{where}, line {line}", f"{key!r} twice", expected="each key once")
            )
        seen.add(key)
        lines[(*place, key)] = line
        yield key, _plain(held, (*place, key), lines, where)


def _scalar(text: str, where: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        if len(text) > 400:
            raise PolicyError(sentence(where, "a number of hundreds of digits", expected="a number"))
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise PolicyError(sentence(where, repr(text), expected="a day of the calendar")) from error
    return text
