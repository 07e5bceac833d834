"""JavaScript modules of a folder as one text, without a build step.

    shapes.js  drawing.js  …  blocks.js   ──joined(Path("…/blocks.js"))──▶   one ES module

Every module is usable by itself (tests import them in node). Joining drops their imports, the word
`export` (but not of a default), comments that stand on lines of their own, and indentation. So names are
unique over all modules that are joined, and no text goes over several lines.
"""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=function|const|let|class)", re.MULTILINE)
COMMENT = re.compile(r"^ */\*.*?\*/\n", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


def joined(last: Path) -> str:
    """A module and all that it imports, as one."""
    return "\n".join(_without(_read(path), COMMENT, IMPORT, EXPORT, INDENT) for path in ordered(last))


def ordered(last: Path) -> tuple[Path, ...]:
    """The files that a module needs and itself, each after those that it imports."""
    found: dict[Path, None] = {}
    for name in IMPORT.findall(_read(last)):
        found |= dict.fromkeys(ordered(last.with_name(name)))
    return (*found, last)


def styles(sheet: Path) -> str:
    """A style sheet without comments and indentation."""
    return _without(_read(sheet), COMMENT, INDENT)


def _read(path: Path) -> str:
    return path.read_text("utf-8")


def _without(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        text = pattern.sub("", text)
    return text
