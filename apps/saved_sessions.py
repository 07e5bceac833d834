"""A session as JSON: what it knows, part by part, for the same data only.

    taken(project, settings=SETTINGS).text() ─▶ JSON        restored(project, text, settings=SETTINGS)

    a Part: now ─▶ plain ─▶ JSON ─▶ read ─▶ put        None, and null in JSON, where there is nothing

Restoring reads all parts before it sets the first. A part that a file does not have, as one of an
older version of the app, stays as it is in the session. The rows are not in the file: a fingerprint of
all their values says whether they are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import rai
from rai.ground.errors import sentence

from . import answers, edits, selection
from . import settings as held_settings
from .overview import checklist
from .project import Project
from .settings import Setting
from .words import counted

if TYPE_CHECKING:
    import pandas

FORMAT, VERSION = "rai-session", 1
MOST_BYTES = 64 << 20
MOST_SETTINGS = 1 << 20  # characters
MOST_STEPS = 2000  # each is a state of its own, in memory
MOST_QUESTIONS = 200

_WHERE = "session"
_EXPECTED = "a session that this app saved"
_DAMAGED = (LookupError, TypeError, ValueError, OverflowError, AttributeError)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a session knows.

    Args:
        name: Its name in the file.
        now: What it is in this session; None for nothing.
        plain: That, as data for JSON.
        read: From such data to what can be put; fails in any way where they are damaged.
        put: Makes it what this session knows; None for nothing.
    """

    name: str
    now: Callable[[Project], Any]
    plain: Callable[[Project, Any], Any]
    read: Callable[[Project, Any], Any]
    put: Callable[[Project, Any], None]


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A session as it is now, to be written when somebody asks for it.

    Args:
        project: What is open.
        held: What it knows, part by part.
    """

    project: Project
    held: tuple[tuple[Part, Any], ...]

    def text(self) -> str:
        """The session as JSON."""
        plain = {"format": FORMAT, "version": VERSION, "data": _data(self.project)}
        for part, now in self.held:
            plain[part.name] = None if now is None else part.plain(self.project, now)
        return json.dumps(plain, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def taken(project: Project, *, settings: Sequence[Setting]) -> Taken:
    """This session as it is now."""
    return Taken(project, tuple((part, part.now(project)) for part in _parts(settings)))


def restored(project: Project, text: str | bytes, *, settings: Sequence[Setting]) -> None:
    """Make this session the saved one.

    Raises:
        DataError: If it is no session, of other data, or damaged; then nothing is changed.
    """
    plain = _read(text)
    _check_data(project, plain)
    given = [part for part in _parts(settings) if part.name in plain]
    read = [_checked(part, project, plain[part.name]) for part in given]
    for part, held in zip(given, read, strict=True):
        part.put(project, held)


def fingerprint(project: Project) -> str:
    """SHA-256 of every name and value, in their order."""
    return project.answer(("fingerprint",), lambda: _fingerprint(project.frame))


def _parts(settings: Sequence[Setting]) -> tuple[Part, ...]:
    """What a session knows, in the order in which it is set."""
    others = [each for each in settings if each not in (selection.WHERE, selection.PACKED)]
    return (
        Part(  # cohorts, thresholds, the pinned row and the scenario of What-If, too
            "settings",
            now=lambda project: held_settings.held(others),
            plain=lambda project, held: held,
            read=_read_settings,
            put=lambda project, held: held_settings.restore(others, held or {}),
        ),
        Part(
            "selection",
            now=selection.chosen,
            plain=_plain_selection,
            read=_read_selection,
            put=_put_selection,
        ),
        Part(
            "workbench",
            now=_bench,
            plain=lambda project, bench: bench.to_dict(),
            read=_read_bench,
            put=edits.keep,
        ),
        Part(
            "worksheet",
            now=_worksheet,
            plain=lambda project, sheet: sheet.to_dict(),
            read=_read_worksheet,
            put=checklist.keep,
        ),
    )


def _checked(part: Part, project: Project, plain: Any) -> Any:
    """What a part of a file holds, if it is whole."""
    if plain is None:
        return None
    try:
        return part.read(project, plain)
    except rai.RaiError as error:
        raise rai.DataError(f"{_WHERE}: {error}") from None
    except _DAMAGED:
        raise _refused(f"one whose {part.name} can't be read") from None


def _read_settings(_project: Project, plain: Any) -> Mapping[str, Any]:
    if not isinstance(plain, dict) or len(json.dumps(plain)) > MOST_SETTINGS:
        raise ValueError
    return plain


def _plain_selection(project: Project, chosen: selection.Selection) -> dict[str, Any]:
    bits = selection.bits(chosen.rows, len(project))
    return {"bits": bits, "why": chosen.why, "where": chosen.where}


def _read_selection(project: Project, plain: Any) -> dict[str, Any]:
    rows, where = selection.positions(plain["bits"], len(project)), plain["where"]
    whole = selection.bits(rows, len(project)) == plain["bits"]
    if not whole or not (where is None or _finds(project, where, rows)):
        raise ValueError
    return {"rows": rows, "why": str(plain["why"]), "where": where}


def _finds(project: Project, where: str, rows: Any) -> bool:
    found = rai.explore.parse_query(where).mask(project.frame).nonzero()[0]
    return bool(len(found) == len(rows) and (found == rows).all())


def _put_selection(_project: Project, held: dict[str, Any] | None) -> None:
    if held is None:
        selection.clear()
    else:
        selection.choose(**held)


def _bench(project: Project) -> rai.whatif.Workbench | None:
    bench = edits.kept(project)
    return bench if bench is not None and (bench.steps or bench.undone) else None


def _read_bench(project: Project, plain: Any) -> rai.whatif.Workbench:
    if not project.answering:
        seen = "no model that answers them is open"
        raise rai.DataError(sentence("edited rows", seen, expected="the models they were saved with"))
    if len(plain["steps"]) > MOST_STEPS:
        raise ValueError
    scores = {name: answers.scores(project, name) for name in project.answering}
    return rai.whatif.Workbench.from_dict(
        plain, model=project.answering, rows=project.frame, y_score=scores
    )


def _worksheet(project: Project) -> rai.Worksheet | None:
    sheet = checklist.sheet(project)
    return sheet if len(sheet.unanswered) < len(sheet) else None


def _read_worksheet(_project: Project, plain: Any) -> rai.Worksheet:
    """The questions as they were asked: another version of rai may ask otherwise."""
    sheet = rai.explore.Worksheet.from_dict(plain)
    if not 0 < len(sheet) <= MOST_QUESTIONS:
        raise ValueError
    return sheet


def _fingerprint(frame: pandas.DataFrame) -> str:
    from pandas.util import hash_pandas_object

    found = sha256(json.dumps([str(name) for name in frame.columns]).encode())
    for place in range(frame.shape[1]):
        values = frame.iloc[:, place]
        try:
            hashed = hash_pandas_object(values, index=False)
        except TypeError:  # lists and the like
            hashed = hash_pandas_object(values.map(repr), index=False)
        found.update(hashed.to_numpy().astype("<u8").tobytes())
    return found.hexdigest()


def _data(project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "rows": len(project),
        "columns": list(project.columns),
        "fingerprint": fingerprint(project),
    }


def _read(text: str | bytes) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise _refused(f"{len(text):,} bytes", expected=f"at most {MOST_BYTES:,}")
    try:
        plain = json.loads(text)
        json.dumps(plain, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # infinite numbers and half characters are none either
        raise _refused("text that is no JSON") from None
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise _refused("JSON of something else")
    if plain.get("version") != VERSION:
        raise _refused("one of another version of the app", hint="Save it again with this one.")
    return plain


def _check_data(project: Project, plain: Mapping[str, Any]) -> None:
    said, here = plain.get("data"), _data(project)
    if not isinstance(said, dict):
        raise _refused("one whose data can't be read")
    if all(said.get(key) == here[key] for key in ("rows", "columns", "fingerprint")):
        return
    rows = said.get("rows")
    size = f" ({counted(rows, 'row')})" if type(rows) is int else ""
    seen = f"one of other data, {str(said.get('name'))[:60]!r}{size}"
    hint = "Open those first, then restore it."
    raise _refused(
        seen, expected=f"one of {project.name!r} as it is now, every value the same", hint=hint
    )


def _refused(seen: str, *, expected: str = _EXPECTED, hint: str = "") -> rai.DataError:
    return rai.DataError(sentence(_WHERE, seen, expected=expected, hint=hint))
