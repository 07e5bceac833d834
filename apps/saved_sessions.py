"""A session as JSON: settings, selection, cohorts, thresholds and edited rows, for the same data only.

    taken(project, settings=SETTINGS).text() ─▶ JSON        restored(project, text, settings=SETTINGS)

The rows are not in it: a fingerprint of all their values says whether they are the same.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rai
from rai.ground.errors import sentence

from . import answers, edits, selection
from . import settings as held_settings
from .project import Project
from .settings import Setting
from .words import counted

if TYPE_CHECKING:
    import pandas

FORMAT, VERSION = "rai-session", 1
MOST_BYTES = 64 << 20

_WHERE = "session"
_EXPECTED = "a session that this app saved"


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A session as it is now, to be written when somebody asks for it.

    Args:
        project: What is open.
        settings: What is set, by name.
        chosen: The selection.
        bench: The edited rows; None without any.
    """

    project: Project
    settings: Mapping[str, Any]
    chosen: selection.Selection | None
    bench: rai.whatif.Workbench | None

    def text(self) -> str:
        """The session as JSON."""
        chosen = self.chosen
        plain = {
            "format": FORMAT,
            "version": VERSION,
            "data": _data(self.project),
            "settings": self.settings,
            "selection": chosen
            and {
                "bits": selection.bits(chosen.rows, len(self.project)),
                "why": chosen.why,
                "where": chosen.where,
            },
            "workbench": _steps(self.bench),
        }
        return json.dumps(plain, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def taken(project: Project, *, settings: Iterable[Setting]) -> Taken:
    """This session as it is now."""
    bench = edits.bench(project) if project.answering and edits.touched(project) else None
    return Taken(project, held_settings.held(settings), selection.chosen(project), bench)


def restored(project: Project, text: str | bytes, *, settings: Iterable[Setting]) -> None:
    """Make this session the saved one.

    Raises:
        DataError: If it is no session, of other data, or damaged; then nothing is changed.
    """
    plain = _read(text)
    _check_data(project, plain)
    bench = _read_bench(project, plain.get("workbench"))
    chosen = _read_selection(project, plain.get("selection"))
    held_settings.restore(settings, _mapping(plain, "settings"))
    if chosen is None:
        selection.clear()
    else:
        selection.choose(chosen["rows"], why=chosen["why"], where=chosen["where"])
    if project.answering:
        edits.keep(project, bench or edits.untouched(project))


def fingerprint(project: Project) -> str:
    """SHA-256 of every name and value, in their order."""
    return project.answer(("fingerprint",), lambda: _fingerprint(project.frame))


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
    except (ValueError, RecursionError):
        raise _refused("text that is no JSON") from None
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise _refused("JSON of something else")
    if plain.get("version") != VERSION:
        raise _refused("one of another version of the app", hint="Save it again with this one.")
    return plain


def _check_data(project: Project, plain: Mapping[str, Any]) -> None:
    said, here = _mapping(plain, "data"), _data(project)
    if all(said.get(key) == here[key] for key in ("rows", "columns", "fingerprint")):
        return
    rows = said.get("rows")
    size = f" ({counted(rows, 'row')})" if type(rows) is int else ""
    seen = f"one of other data, {str(said.get('name'))[:60]!r}{size}"
    hint = "Open those first, then restore it."
    raise _refused(
        seen, expected=f"one of {project.name!r} as it is now, every value the same", hint=hint
    )


def _mapping(plain: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = plain.get(key)
    if not isinstance(found, dict):
        raise _refused(f"one whose {key!r} are damaged")
    return found


def _read_selection(project: Project, plain: Any) -> dict[str, Any] | None:
    if plain is None:
        return None
    try:
        where = plain["where"]
        if where is not None:
            rai.explore.parse_query(where)
        rows = selection.positions(plain["bits"], len(project))
        same = selection.bits(rows, len(project)) == plain["bits"]
        found = {"rows": rows, "why": str(plain["why"]), "where": where}
    except (rai.RaiError, ValueError, TypeError, KeyError, AttributeError):
        same = False
    if not same:
        raise _refused("one whose selection is damaged")
    return found


def _steps(bench: rai.whatif.Workbench | None) -> Any:
    """The steps of a workbench, as it writes them; None without any."""
    if bench is None or not (bench.steps or bench.undone):
        return None
    with _temporary() as path:
        bench.save(path)
        return json.loads(path.read_text("utf-8"))


def _read_bench(project: Project, plain: Any) -> rai.whatif.Workbench | None:
    if plain is None:
        return None
    if not project.answering:
        seen = "edited rows, and no model that answers them is open"
        raise _refused(seen, expected="the models that it was saved with")
    with _temporary() as path:
        path.write_text(json.dumps(plain), "utf-8")
        try:
            return rai.whatif.Workbench.load(
                path, model=project.answering, rows=project.frame, y_score=_scores(project)
            )
        except rai.RaiError as error:
            said = str(error).replace(str(path), "the edited rows")
            raise rai.DataError(f"{_WHERE}: {said}") from None


def _scores(project: Project) -> dict[str, Any]:
    return {name: answers.scores(project, name) for name in project.answering}


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rai-") as folder:
        yield Path(folder) / "steps.json"


def _refused(seen: str, *, expected: str = _EXPECTED, hint: str = "") -> rai.DataError:
    return rai.DataError(sentence(_WHERE, seen, expected=expected, hint=hint))
