"""A card as JSON of the Model Card Toolkit, schema v0.0.2; all numbers are text there."""

from __future__ import annotations

import re
from typing import Any

from rai.reports.cards.contents import Card
from rai.reports.cards.entries import (
    Entry,
    as_json,
    entries,
    evaluated,
    lacking,
    limits,
    plain,
    trained,
    written,
)
from rai.reports.cards.human_words import ASKED, GroupAtRisk, Risk, absent
from rai.reports.cards.licenses import spdx

SCHEMA_VERSION = "0.0.2"
LINK = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


def toolkit_json(card: Card) -> str:
    """The JSON; the gate's answer opens its documentation.

    Args:
        card: The card.

    Example:
        >>> import json, rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> made = card(rai.gate(found, {"version": 1, "rules": [rule]}), model_name="loans")
        >>> json.loads(toolkit_json(made))["quantitative_analysis"]["performance_metrics"][0]
        {'type': 'rows', 'value': '2'}
    """
    return as_json(
        {
            "schema_version": SCHEMA_VERSION,
            "model_details": _details(card),
            "model_parameters": {"data": _data(card)},
            "quantitative_analysis": {"performance_metrics": [_metric(e) for e in entries(card)]},
            "considerations": _considerations(card),
        }
    )


def _details(card: Card) -> dict[str, Any]:
    words = card.words
    links = [text for text in words.references if LINK.fullmatch(text)]
    cited = [text for text in words.references if text not in links]
    day = {"date": words.date.isoformat()} if words.date else {}
    owners = [
        {"name": plain(each.name), **({"contact": plain(each.contact)} if each.contact else {})}
        for each in words.owners
    ]
    return {
        "name": card.name,
        "overview": written("overview", [words.overview] if words.overview else [])[0],
        "documentation": _documentation(card),
        "owners": owners or [{"name": absent(ASKED["owners"])}],
        "version": {"name": plain(words.version) or absent(ASKED["version"]), **day},
        "licenses": [_license(plain(words.license))],
        "references": [{"reference": text} for text in links],
        "citations": [{"citation": plain(text)} for text in cited],
    }


def _license(text: str) -> dict[str, str]:
    known = spdx(text)
    return {"identifier": known} if known else {"custom_text": text or absent(ASKED["license"])}


def _documentation(card: Card) -> str:
    """What has no place of its own: the gate, its verdicts, what is missing, how numbers were made."""
    gate = card.gate
    verdicts = [
        f"{row.sign} {row.status}: {rule.id}, {row.subject}: {row.reason}"
        for rule in gate.rules
        for row in rule.rows
    ]
    sources = [f"{name}: {text}" for name, text in gate.provenance]
    told = (gate.packs, gate.notes, card.method, gate.method)
    parts = ([card.answer], lacking(card), verdicts, *told, sources)
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _data(card: Card) -> list[dict[str, Any]]:
    words = card.words
    held = ((words.training_data, "training data"), (words.evaluation_data, "evaluation data"))
    training, evaluation = (
        {
            "name": plain(data.name) or name,
            **({"link": data.link} if LINK.fullmatch(data.link) else {}),
        }
        for data, name in held
    )
    return [
        {**training, "description": trained(card)},
        {
            **evaluation,
            "description": evaluated(card),
            "sensitive": {"sensitive_data": list(card.features)},
        },
    ]


def _metric(entry: Entry) -> dict[str, Any]:
    return entry.named(low="lower_bound", high="upper_bound", interval="confidence_interval")


def _considerations(card: Card) -> dict[str, Any]:
    words = card.words
    risks = [_risk(each) for each in words.ethical_considerations]
    people = [_at_risk(each) for each in words.groups_at_risk]
    return {
        "users": _described(written("users", words.users)),
        "use_cases": _described(written("intended_use", words.intended_use)),
        "limitations": _described(limits(card)),
        "tradeoffs": _described(written("tradeoffs", words.tradeoffs)),
        "ethical_considerations": [
            *(risks or [{"name": absent(ASKED["ethical_considerations"])}]),
            *(people or [{"name": absent(ASKED["groups_at_risk"])}]),
        ],
    }


def _risk(risk: Risk) -> dict[str, str]:
    return {
        "name": plain(risk.name),
        "mitigation_strategy": plain(risk.mitigation) or absent("mitigation"),
    }


def _at_risk(people: GroupAtRisk) -> dict[str, str]:
    """A group at risk, for which the schema has no place of its own."""
    group = f"Group at risk: {plain(people.group)}"
    benefits = plain(people.benefits) or absent("benefits")
    harms = plain(people.harms) or absent("harms")
    return {
        "name": " ".join(
            f"{text.rstrip('.')}." for text in (group, f"Benefits: {benefits}", f"Harms: {harms}")
        ),
        "mitigation_strategy": plain(people.mitigation) or absent("mitigation"),
    }


def _described(texts: list[str]) -> list[dict[str, str]]:
    return [{"description": text} for text in texts]
