"""Dive's JavaScript as one text: the modules of the folder, joined, without a build step.

    packets.js  store.js  …  feeder.js   ──library──▶   one ES module whose default export is the feeder

Every module is usable by itself (tests import them in node). Joining drops their imports, the word
`export`, comments that stand on lines of their own, and indentation. So names are unique over all
modules, and no text goes over several lines.
"""

from __future__ import annotations

import json
import re
import zlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "frontend"
LAST = "feeder.js"

IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z]+\.js)";\n', re.MULTILINE)
COMMENT = re.compile(r"^ */\*.*?\*/\n", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
EXPORT = re.compile(r"^export (?=function|const|let|class)", re.MULTILINE)


@cache
def library() -> str:
    """All modules in one text: it offers `globalThis.__raiDive` and its default export is the feeder.

    The style sheet is inside, so that a view's message stays small.
    """
    parts = [_bare((FOLDER / name).read_text("utf-8")) for name in ordered()]
    parts.append(f"const STYLES = {json.dumps(styles())};\n")
    body = "\n".join(parts)
    version = f"{zlib.crc32(body.encode()):08x}"
    return (
        f'{body}const VERSION = "{version}";\noffer(VERSION, STYLES);\n'
        "export default (component) => feeder(component, VERSION, STYLES);\n"
    )


@cache
def styles() -> str:
    """The style sheet of a view, which the library brings along."""
    text = COMMENT.sub("", (FOLDER / "dive.css").read_text("utf-8"))
    return INDENT.sub("", text)


def ordered(last: str = LAST) -> tuple[str, ...]:
    """The files that a module needs and itself, each after those that it imports."""
    found: dict[str, None] = {}
    for name in IMPORT.findall((FOLDER / last).read_text("utf-8")):
        found |= dict.fromkeys(ordered(name))
    return (*found, last)


def _bare(text: str) -> str:
    for pattern in (COMMENT, IMPORT, EXPORT, INDENT):
        text = pattern.sub("", text)
    return text
