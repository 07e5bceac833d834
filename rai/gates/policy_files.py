"""Policies from files: read, joined with what they extend, checked.

    fairness.yaml ─▶ data, lines ──extends──▶ packs and files, their rules first ─▶ Policy, Source

A rule of the same id replaces the pack's, and a column named in the policy the pack's. A pack's defaults
reach its own rules, and waivers hold in the policy that they stand in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from rai.gates.policies import Policy, filled
from rai.gates.policy_errors import at_line, policy_error
from rai.gates.sources import Extended, Source
from rai.gates.yaml_files import Place, Written, parse, read_text
from rai.ground.errors import DataError, PolicyError, did_you_mean, in_short, listing, sentence

PACKS = Path(__file__).parent / "packs"
MOST_EXTENDED = 20
MOST_PLAN = 64 << 20


class Loaded(NamedTuple):
    """A policy and where it came from."""

    policy: Policy
    source: Source


def load_policy(given: Policy | Mapping[str, Any] | str | Path) -> Loaded:
    """A policy from a file, from a dict, or as it is.

    Args:
        given: A path to a YAML file, the name of a pack, data as the file would hold them, or a policy.

    Raises:
        PolicyError: If it can't be read, or is wrong; all that is wrong, with the line it stands on.

    Example:
        >>> load_policy("four-fifths").policy.rules[0].kind
        'min_ratio'
    """
    if isinstance(given, Policy):
        data = json.loads(given.model_dump_json(by_alias=True, exclude_unset=True))
        return load_policy(data)
    if isinstance(given, Mapping):
        text = _json(given)
        return _loaded(Written(json.loads(text), {}), text, path="", files=Files(Path()))
    if not isinstance(given, (str, Path)):
        seen = in_short(given)
        raise PolicyError(sentence("policy", seen, expected="a path, a dict, or a Policy"))
    path = _path_of(given)
    text = _read(path)
    return _loaded(parse(text, where=str(given)), text, path=str(given), files=Files(path.parent))


def policy_of_text(
    text: str, *, path: str, extended: Mapping[str, str], plans: Mapping[str, str]
) -> Loaded:
    """A policy from the texts that evidence holds, without a look at any file.

    Args:
        text: The policy file, or the JSON of a policy made in Python.
        path: What it was called.
        extended: What it extends, name to text.
        plans: The plans of thresholds that it names, name to text.

    Raises:
        PolicyError: If it is wrong, or names what is not there.
    """
    written = parse(text, where=path) if path else Written(json.loads(text), {})
    return _loaded(written, text, path=path, files=Files(Path(), extended, plans))


def pack_names() -> list[str]:
    """The packs that come with rai.

    Example:
        >>> pack_names()
        ['four-fifths', 'nyc-ll144-2023']
    """
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


class Files(NamedTuple):
    """Where a policy finds what it names.

    Attributes:
        folder: The folder of the policy file.
        extended, plans: Name to text, where files are not looked at; None where they are.
    """

    folder: Path
    extended: Mapping[str, str] | None = None
    plans: Mapping[str, str] | None = None


def _loaded(written: Written, text: str, *, path: str, files: Files) -> Loaded:
    where = path or "policy"
    extended: dict[str, _Part] = {}
    joined, lines = _joined(written, where=where, files=files, extended=extended)
    policy = _checked(joined, where=where, lines=lines)
    if not policy.rules:
        raise PolicyError(
            sentence(where, "no rules", expected="at least one, here or in what it extends")
        )
    places = {
        rule.id: lines[("rules", i)] for i, rule in enumerate(policy.rules) if ("rules", i) in lines
    }
    waived = tuple(lines.get(("waivers", i), 0) for i in range(len(policy.waivers)))
    source = Source(
        path=path,
        text=text,
        extended=tuple(part.told for part in extended.values()),
        plans=_plans(policy, where=where, places=places, files=files),
        lines=places,
        waiver_lines=waived if all(waived) else (),
    )
    return Loaded(policy, source)


def _checked(data: Mapping[str, Any], *, where: str, lines: Mapping[Place, int]) -> Policy:
    try:
        return Policy.model_validate(data, context={"joined": True})
    except ValidationError as error:
        raise policy_error(error, data, where=where, lines=lines) from error


class _Part(NamedTuple):
    """A policy that is extended: what is told of it, and what reaches those who extend it."""

    told: Extended
    data: dict[str, Any]


def _joined(
    written: Written,
    *,
    where: str,
    files: Files,
    extended: dict[str, _Part],
    within: tuple[str, ...] = (),
) -> tuple[dict[str, Any], dict[Place, int]]:
    """A policy with what it extends, and the lines of what is its own."""
    if not isinstance(written.data, Mapping):
        seen = "nothing" if written.data is None else in_short(written.data)
        raise PolicyError(sentence(where, seen, expected="a policy: version, rules"))
    data, lines = dict(written.data), dict(written.lines)
    names = data.get("extends", ())
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, (list, tuple)) or not names:
        return data, lines
    below: dict[str, Any] = {}
    for place, name in enumerate(names):
        line = lines.get(("extends", place), lines.get(("extends",)))
        at = f"{at_line(where, line)}: extends"
        if name in names[:place]:
            raise PolicyError(sentence(at, f"{name!r} twice", expected="each once"))
        below = _over(_extended(name, at, files, extended=extended, within=within), below)
    own = data.get("rules")
    if own is not None and not isinstance(own, list):
        return data, lines  # which is no policy, and told as such
    ids = [rule.get("id") for rule in own or () if isinstance(rule, Mapping)]
    kept = [rule for rule in below["rules"] if rule["id"] not in ids]
    # own rules stand first among the data, so that their places and lines hold
    return {**_over(data, below), "rules": [*(own or ()), *kept]}, lines


def _extended(
    name: Any, where: str, files: Files, *, extended: dict[str, _Part], within: tuple[str, ...]
) -> dict[str, Any]:
    """The rules and columns of a policy that is extended, each rule with that policy's defaults."""
    if not isinstance(name, str):
        raise PolicyError(sentence(where, in_short(name), expected="the name of a pack, or a file"))
    if name in within or len(within) >= MOST_EXTENDED:
        seen = " → ".join((*within[-3:], name))
        raise PolicyError(sentence(where, seen, expected="policies that don't extend themselves"))
    text, folder = _text_of(name, where, files)
    if name in extended:
        if extended[name].told.text != text:
            expected = "files of different names"
            raise PolicyError(sentence(where, f"two files called {name!r}", expected=expected))
        return extended[name].data
    written = parse(text, where=name)
    data, lines = _joined(
        written,
        where=name,
        files=files._replace(folder=folder),
        extended=extended,
        within=(*within, name),
    )
    _checked(data, where=name, lines=lines)
    if data.get("waivers"):
        line = at_line(name, lines.get(("waivers",)))
        expected = "waivers in the policy that extends it"
        raise PolicyError(
            sentence(line, f"waivers, which reach no other policy ({where})", expected=expected)
        )
    told = {key: str(data.get(key) or "") for key in ("title", "date", "clause", "disclaimer")}
    rules = [filled(rule, data.get("defaults") or {}) for rule in data.get("rules") or ()]
    reaching = {"rules": rules, **({"audit": data["audit"]} if data.get("audit") else {})}
    extended[name] = _Part(Extended(name=name, text=text, **told), reaching)
    return reaching


def _over(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    """One policy over another: its rules and columns replace those of the same name."""
    rules = {
        str(rule.get("id")): rule
        for part in (lower, upper)
        for rule in part.get("rules") or ()
        if isinstance(rule, Mapping)
    }
    audits = [part.get("audit") or {} for part in (lower, upper)]
    both = {**audits[0], **audits[1]} if all(isinstance(each, Mapping) for each in audits) else audits[1]
    joined = {**lower, **upper, "rules": list(rules.values())}
    return {**joined, "audit": both} if both else joined


def _plans(policy: Policy, *, where: str, places: Mapping[str, int], files: Files) -> dict[str, str]:
    """The plans of thresholds that rules name, as text, so that evidence can hold them."""
    found: dict[str, str] = {}
    for rule in policy.rules:
        name = getattr(rule, "plan", None)
        if name is None or name in found:
            continue
        at = f"{at_line(where, places.get(rule.id))}: rule {rule.id!r}, plan {name!r}"
        if files.plans is None:
            found[name] = _plan_text(_below(name, at, files.folder), at)
        elif name in files.plans:
            found[name] = files.plans[name]
        else:
            raise PolicyError(sentence(at, "it is not there", expected="the text of every plan"))
    return found


def _plan_text(path: Path, where: str) -> str:
    """The text of a file that is a plan."""
    from rai.thresholds import ThresholdPlan

    text = read_text(path, where=where, most=MOST_PLAN)
    try:
        ThresholdPlan.load(path)
    except DataError as error:
        raise PolicyError(f"{where}: {error}") from error
    return text


def _below(name: str, where: str, folder: Path) -> Path:
    """A file that a policy names: by a path that means the same wherever the policy lies."""
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).is_absolute():
        raise PolicyError(sentence(where, in_short(name), expected="a path relative to the policy"))
    return folder / name


def _json(given: Mapping[str, Any]) -> str:
    """A policy made in Python as JSON, in which numbers of numpy are numbers and dates are text."""
    try:
        text = json.dumps(given, indent=1, sort_keys=True, default=_jsonable, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        seen = in_short(str(error))
        expected = "what YAML could hold: dicts, lists, text, numbers and dates"
        raise PolicyError(sentence("policy", seen, expected=expected)) from error
    return text


def _jsonable(held: Any) -> Any:
    if isinstance(held, BaseModel):
        return held.model_dump(mode="json", exclude_unset=True)
    if isinstance(held, Mapping):
        return dict(held)
    if isinstance(held, date):
        return held.isoformat()
    if hasattr(held, "tolist"):  # what numpy has
        return held.tolist()
    raise TypeError(f"{type(held).__name__} is none of them")


def _path_of(given: str | Path) -> Path:
    path = Path(given)
    return PACKS / f"{given}.yaml" if given in pack_names() and not path.exists() else path


def _read(path: Path) -> str:
    where = f"policy {in_short(str(path))}"
    try:
        return read_text(path, where=where)
    except PolicyError as error:
        hint = "" if path.suffix else did_you_mean(path.name, pack_names())
        raise PolicyError(f"{error} {hint}".strip()) from error


def _text_of(name: str, where: str, files: Files) -> tuple[str, Path]:
    """The text of what is extended, and the folder that it lies in."""
    if files.extended is not None:
        if name not in files.extended:
            seen = f"{name!r} is not there"
            raise PolicyError(sentence(where, seen, expected="the text of all it extends"))
        return files.extended[name], Path()
    if name in pack_names():
        return read_text(PACKS / f"{name}.yaml", where=name), PACKS
    if name.endswith((".yaml", ".yml")):
        path = _below(name, where, files.folder)
        return read_text(path, where=f"{where} {in_short(name)}"), path.parent
    expected = f"a pack, one of {listing(pack_names())}, or a file ending in .yaml"
    hint = did_you_mean(name, pack_names())
    raise PolicyError(sentence(where, in_short(name), expected=expected, hint=hint))
