"""What only people can say of a model, from a YAML file; what stays empty is told as missing.

    card.yaml ─▶ Words ─▶ .missing: ("intended use", …)

There are no numbers in it: those come from what was measured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError

from rai.gates.rules.fields import Frozen
from rai.gates.waivers import Day
from rai.gates.yaml_files import Place, parse, read_text
from rai.ground.errors import PolicyError, did_you_mean, in_short, listing, sentence
from rai.reports.words import clean

MOST_ERRORS = 10
MOST_LETTERS = 4000  # of a text

# Field to what it is called in a card; a field that is not here may stay empty.
ASKED: Mapping[str, str] = {
    "overview": "overview",
    "owners": "owners",
    "version": "version",
    "date": "date",
    "license": "licence",
    "intended_use": "intended use",
    "users": "intended users",
    "out_of_scope": "out-of-scope use",
    "training_data": "training data",
    "evaluation_data": "origin of the evaluation data",
    "ethical_considerations": "ethical considerations",
    "groups_at_risk": "groups at risk",
    "limitations": "limitations",
    "tradeoffs": "trade-offs",
}


def _text(given: Any) -> Any:
    """Paragraphs without control characters, with an empty line between them."""
    if not isinstance(given, str):
        return given
    parts = [clean(part, most=len(part) + 1) for part in re.split(r"\n\s*\n", given)]
    text = "\n\n".join(part for part in parts if part)
    if len(text) > MOST_LETTERS:
        raise ValueError(f"{len(text):,} letters; expected at most {MOST_LETTERS:,}")
    return text


def _listed(given: Any) -> Any:
    return (given,) if isinstance(given, (str, Mapping)) else given


def _owner(given: Any) -> Any:
    return {"name": given} if isinstance(given, str) else given


def _described(given: Any) -> Any:
    return {"description": given} if isinstance(given, str) else given


Text = Annotated[str, BeforeValidator(_text)]


def _full(given: Any) -> Any:
    text = _text(given)
    if text == "":
        raise ValueError("no text; expected some")
    return text


Full = Annotated[str, BeforeValidator(_full)]
Texts = Annotated[tuple[Full, ...], BeforeValidator(_listed)]


class Owner(Frozen):
    """Who answers for the model."""

    name: Full
    """A person or a team."""
    contact: Text = ""
    """Where questions go."""


class Risk(Frozen):
    """What may go wrong for people, and what is done about it."""

    name: Full
    """The risk."""
    mitigation: Text = ""
    """What is done about it."""


class GroupAtRisk(Frozen):
    """People whom the model may put at a disadvantage."""

    group: Full
    """Who they are."""
    benefits: Text = ""
    """What the model does for them."""
    harms: Text = ""
    """What it may do to them."""
    mitigation: Text = ""
    """What is done about it."""


class DataSet(Frozen):
    """Where data come from."""

    name: Text = ""
    """What they are called."""
    description: Text = ""
    """What they are, who collected them and why."""
    link: Text = ""
    """Where they are described."""

    @property
    def empty(self) -> bool:
        """Whether it is not said where they come from; a name alone does not say that."""
        return not (self.description or self.link)


Owners = Annotated[tuple[Annotated[Owner, BeforeValidator(_owner)], ...], BeforeValidator(_listed)]
Risks = Annotated[tuple[Annotated[Risk, BeforeValidator(_owner)], ...], BeforeValidator(_listed)]
Data = Annotated[DataSet, BeforeValidator(_described)]


class Words(Frozen):
    """What people say of a model; all of it is text.

    Example:
        >>> Words(overview="Ranks loans.", owners="Credit team").missing[:3]
        ('version', 'date', 'licence')
    """

    name: Text = ""
    """What the model is called."""
    overview: Text = ""
    """What it does, in a sentence or two."""
    owners: Owners = ()
    """Who answers for it."""
    version: Text = ""
    """Its version."""
    date: Day | None = None
    """The day of this version."""
    license: Text = ""
    """An SPDX identifier, or the name of a licence."""
    task: Text = ""
    """The task as the Hugging Face Hub names it, such as `text-classification`."""
    references: Texts = ()
    """Where more is written: links or citations."""
    intended_use: Texts = ()
    """What it is for."""
    users: Texts = ()
    """Who is to use it."""
    out_of_scope: Texts = ()
    """What it is not for."""
    training_data: Data = DataSet()
    """What it was trained on."""
    evaluation_data: Data = DataSet()
    """What it was measured on: where the rows come from."""
    ethical_considerations: Risks = ()
    """What may go wrong for people."""
    groups_at_risk: Annotated[tuple[GroupAtRisk, ...], BeforeValidator(_listed)] = ()
    """Whom it may put at a disadvantage."""
    limitations: Texts = ()
    """Where it should not be expected to do well."""
    tradeoffs: Texts = ()
    """What was given up for what."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody has written yet."""
        held = {field: getattr(self, field) for field in ASKED}
        bare = [
            ASKED[field]
            for field, said in held.items()
            if (said.empty if isinstance(said, DataSet) else not said)
        ]
        if not all(risk.mitigation for risk in self.ethical_considerations):
            bare.append("mitigation of each risk")
        if not all(each.benefits and each.harms and each.mitigation for each in self.groups_at_risk):
            bare.append("benefits, harms and mitigation of each group at risk")
        return tuple(bare)


def absent(what: str) -> str:
    """What stands where nobody has written anything yet.

    Example:
        >>> absent("intended use")
        'MISSING: intended use. A person has to write this.'
    """
    return f"MISSING: {what}. A person has to write this."


def read_words(given: str | Path | Mapping[str, Any] | None) -> Words:
    """What people say, from a YAML file or from the same data.

    Args:
        given: A path, data as the file would hold them, or None for nothing said.

    Raises:
        PolicyError: If it can't be read, or holds a field that is unknown or no text.

    Example:
        >>> read_words({"overview": "Ranks loans.", "limitations": ["Few rows."]}).limitations
        ('Few rows.',)
    """
    if given is None:
        return Words()
    if isinstance(given, Mapping):
        return _checked(dict(given), where="words", lines={})
    if not isinstance(given, (str, Path)):
        raise PolicyError(sentence("words", in_short(given), expected="a path or a dict"))
    written = parse(read_text(Path(given), where=str(given)), where=str(given))
    if not isinstance(written.data, Mapping):
        seen = "nothing" if written.data is None else in_short(written.data)
        raise PolicyError(
            sentence(str(given), seen, expected=f"fields such as {listing(ASKED, most=3)}")
        )
    return _checked(written.data, where=str(given), lines=written.lines)


def _checked(data: Mapping[str, Any], *, where: str, lines: Mapping[Place, int]) -> Words:
    try:
        return Words.model_validate(data)
    except ValidationError as error:
        told = list(dict.fromkeys(_told(each, where, lines) for each in error.errors()))
        more = [f"and {len(told) - MOST_ERRORS:,} more"] if len(told) > MOST_ERRORS else []
        raise PolicyError("\n".join([*told[:MOST_ERRORS], *more])) from error


def _told(each: Any, where: str, lines: Mapping[Place, int]) -> str:
    """One error of pydantic as a sentence."""
    place = tuple(each["loc"])
    unknown, lacking = each["type"] == "extra_forbidden", each["type"] == "missing"
    named = place[:-1] if unknown or lacking else place
    line = next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), None)
    head = where if line is None else f"{where}, line {line}"
    head = ": ".join(part for part in (head, ".".join(map(str, named))) if part)
    if unknown:
        known = list(_model(place).model_fields)
        hint = did_you_mean(place[-1], known)
        seen = f"unknown field {in_short(place[-1])}"
        return sentence(head, seen, expected=f"one of {listing(known, most=40)}", hint=hint)
    if lacking:
        return sentence(head, f"no {place[-1]!r}", expected="it, as text")
    if each["type"] == "value_error":
        return f"{head}: {each['ctx']['error']}."
    numeric = isinstance(each["input"], (int, float))
    hint = "Put it in quotes." if numeric and each["type"] == "string_type" else ""
    return sentence(
        head, in_short(each["input"]), expected=_EXPECTED.get(each["type"], "text"), hint=hint
    )


_EXPECTED = {"tuple_type": "a list of texts", "model_type": "text, or fields by name"}


def _model(place: tuple[Any, ...]) -> type[Frozen]:
    """The part whose field stands at a place."""
    return _PARTS.get(str(place[0]), Words) if len(place) > 1 else Words


_PARTS: Mapping[str, type[Frozen]] = {
    "owners": Owner,
    "ethical_considerations": Risk,
    "groups_at_risk": GroupAtRisk,
    "training_data": DataSet,
    "evaluation_data": DataSet,
}

__all__ = ["ASKED", "DataSet", "GroupAtRisk", "Owner", "Risk", "Words", "absent", "read_words"]
