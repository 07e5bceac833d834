"""What is wrong with a policy, in sentences: where it stands, what was seen, what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rai.gates.policies import Columns, Defaults, PlacedError, Policy
from rai.gates.rules.table import BY_KIND
from rai.gates.schema import described
from rai.gates.waivers import Waiver
from rai.gates.yaml_files import Place
from rai.ground.errors import PolicyError, did_you_mean, in_short, listing, sentence

MOST = 10

# What pydantic expected, in words; in braces what it knows of it.
_EXPECTED = {
    "string_type": "text",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "tuple_type": "a list",
    "dict_type": "fields by name",
    "mapping_type": "fields by name",
    "model_type": "fields by name",
    "model_attributes_type": "fields by name",
    "date_type": "a day, such as 2026-11-26",
    "date_parsing": "a day, such as 2026-11-26",
    "date_from_datetime_parsing": "a day, such as 2026-11-26",
    "date_from_datetime_inexact": "a day, such as 2026-11-26",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "string_too_short": "some text",
    "too_short": "at least {min_length}, such as the name of a column",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "letters, digits, '-', '_', '.' and '/', the first a letter or digit",
}


def policy_error(
    error: ValidationError, data: Any, *, where: str, lines: Mapping[Place, int]
) -> PolicyError:
    """All that pydantic found, one sentence a line, in the order of the file."""
    placed: dict[Place, list[ErrorDetails]] = {}
    for each in error.errors():
        place = _place(each, data)
        if place is not None:
            placed.setdefault(place, []).append(each)
    found = [
        (
            _line(place, lines) or 0,
            _told(place, errors, data, _head(place, errors[0], data, where=where, lines=lines)),
        )
        for place, errors in placed.items()
        if not any(place == other[: len(place)] and place != other for other in placed)
    ]
    told = [text for _, text in sorted(found, key=lambda pair: pair[0])]
    more = [f"and {len(told) - MOST:,} more"] if len(told) > MOST else []
    return PolicyError("\n".join([*told[:MOST], *more]))


def at_line(where: str, line: int | None) -> str:
    """Where something stands, for the head of a sentence."""
    return where if line is None else f"{where}, line {line}"


def _head(place: Place, each: ErrorDetails, data: Any, *, where: str, lines: Mapping[Place, int]) -> str:
    """Where it stands, for reading; a field that is unknown or lacking stands in a part."""
    named = place[:-1] if each["type"] in {"missing", "extra_forbidden"} else place
    at = (*place, "kind") if each["type"] == "union_tag_invalid" else place
    return ": ".join(part for part in (at_line(where, _line(at, lines)), _name(named, data)) if part)


def _told(place: Place, errors: list[ErrorDetails], data: Any, head: str) -> str:
    """What is wrong at a place; a place that may hold several things has an error for each."""
    each = errors[0]
    kind, context = each["type"], each.get("ctx", {})
    if kind == "value_error":
        return _said(context["error"], head, place)
    if kind == "extra_forbidden":
        return _unknown(place, data, head)
    if kind == "missing":
        return sentence(head, f"no {place[-1]!r}", expected=_meaning(place, data))
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        kinds, tag = list(BY_KIND), context.get("tag")
        seen = "no 'kind'" if tag is None else f"kind {in_short(each['input']['kind'])}"
        return sentence(
            head,
            seen,
            expected=f"one of {listing(kinds)}",
            hint="" if tag is None else did_you_mean(tag, kinds),
        )
    expected = " or ".join(dict.fromkeys(_expected(one) for one in errors))
    return sentence(head, _seen(each["input"]), expected=expected)


def _said(error: Any, head: str, place: Place) -> str:
    """What a validator of ours said; it need not name the field that the head names."""
    if isinstance(error, PlacedError):
        return sentence(head, error.seen, expected=error.expected, hint=error.hint)
    said = str(error).removeprefix(f"{place[-1] if place else ''}: ")
    return f"{head}: {said}{'' if said.endswith(('.', '?')) else '.'}"


def _unknown(place: Place, data: Any, head: str) -> str:
    name, options = place[-1], _fields(place[:-1], data)
    if name in options:
        return sentence(head, "both 'limit' and 'margin'", expected="one, as they are the same")
    expected = f"one of {listing(options, most=40)}" if options else "no such field"
    return sentence(head, f"unknown field {name!r}", expected=expected, hint=did_you_mean(name, options))


def _expected(each: ErrorDetails) -> str:
    if each["type"] == "literal_error":
        options = str(each["ctx"]["expected"]).replace(" or ", ", ")
        return f"one of {options}" if ", " in options else options
    if each["type"] in _EXPECTED:
        return _EXPECTED[each["type"]].format(**each.get("ctx", {}))
    message = each["msg"].removeprefix("Input should be ")
    return message[:1].lower() + message[1:]


def _seen(value: Any) -> str:
    if value is None:
        return "nothing"
    return value.isoformat() if isinstance(value, date) else in_short(value)


def _meaning(place: Place, data: Any) -> str:
    """What a field is, as its model says."""
    model, name = _model(place[:-1], data), "limit" if place[-1] == "margin" else str(place[-1])
    said = described(model).get(name, "it").split(". ")[0].rstrip(".") if model is not None else "it"
    return f"{said[:1].lower()}{said[1:]}"


def _place(each: ErrorDetails, data: Any) -> Place | None:
    """Where in the data it is: pydantic's place without the names of unions; None in what is no data.

    A validator that speaks of a field, as in `limit: …`, is at that field. A default that is wrong is at
    the default, and in no rule.
    """
    error = each.get("ctx", {}).get("error")
    if isinstance(error, PlacedError):
        return error.place
    place: list[str | int] = []
    held: Any = data
    loc = each["loc"]
    loc = (*loc[:2], *loc[3:]) if loc[:1] == ("rules",) else loc  # without the kind of the rule
    for part in loc:
        if _has(held, part):
            held = held[part]
            place.append(part)
        elif each["type"] == "missing":
            place.append(part)
        elif part is loc[-1] and part in _fields(tuple(place), data):
            return None
    named = str(error).partition(": ")[0]
    if error is not None and isinstance(held, Mapping) and named in held:
        place.append(named)
    return tuple(place)


def _has(held: Any, part: str | int) -> bool:
    if isinstance(held, (list, tuple)):
        return isinstance(part, int) and part < len(held)
    return isinstance(held, Mapping) and part in held


def _line(place: Place, lines: Mapping[Place, int]) -> int | None:
    for end in range(len(place), -1, -1):
        if place[:end] in lines:
            return lines[place[:end]]
    return None


def _name(place: Place, data: Any) -> str:
    """The place for reading: rules by their id."""
    if not place:
        return ""
    if place[0] in {"rules", "waivers"} and len(place) > 1:
        part = data[place[0]][place[1]]
        known = part.get("id") if isinstance(part, Mapping) and place[0] == "rules" else None
        number = int(place[1]) + 1
        first = f"rule {in_short(known)}" if isinstance(known, str) else f"{str(place[0])[:-1]} {number}"
        return ", ".join([first, *(str(part) for part in place[2:])])
    return ".".join(str(part) for part in place)


def _model(place: Place, data: Any) -> type[BaseModel] | None:
    """What stands at a place; None where that is no part with fields."""
    if not place:
        return Policy
    if place[0] == "rules" and len(place) > 1:
        rule = data["rules"][place[1]]
        return BY_KIND.get(str(rule.get("kind"))) if isinstance(rule, Mapping) else None
    return _PARTS.get(str(place[0]))


def _fields(place: Place, data: Any) -> list[str]:
    """The fields that may stand at a place."""
    model = _model(place, data)
    if model is None:
        return []
    return [*model.model_fields, *(["margin"] if "compare" in model.model_fields else [])]


_PARTS: Mapping[str, type[BaseModel]] = {"audit": Columns, "defaults": Defaults, "waivers": Waiver}
