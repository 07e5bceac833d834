"""A card as a CycloneDX 1.6 bill of materials: one model, with its model card.

Its serial number is derived from what it holds, and it names no time of day: the same card gives the
same bytes.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid5

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
from rai.reports.cards.human_words import ASKED, GroupAtRisk, Owner, absent
from rai.reports.cards.licenses import spdx
from rai.reports.cards.model_card_toolkit import LINK

SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
SPACE = UUID("6f0a3c1e-5d0b-5a52-9f5e-3f6f1d0c7a16")  # of serial numbers of cards
DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
LONGEST_VERSION = 1024


def cyclonedx_bom(card: Card) -> str:
    """The bill of materials; the gate's answer opens the description of the model.

    Args:
        card: The card.

    Example:
        >>> import json, rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> made = card(rai.gate(found, {"version": 1, "rules": [rule]}), model_name="loans")
        >>> json.loads(cyclonedx_bom(made))["components"][0]["type"]
        'machine-learning-model'
    """
    content = {"components": [_component(card)], "metadata": _metadata(card)}
    serial = uuid5(SPACE, as_json(content))
    return as_json(
        {
            "$schema": SCHEMA,
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{serial}",
            "version": 1,
            **content,
        }
    )


def _metadata(card: Card) -> dict[str, Any]:
    return {"tools": {"components": [{"type": "application", "name": "rai", "version": card.version}]}}


def _component(card: Card) -> dict[str, Any]:
    words = card.words
    overview = written("overview", [words.overview] if words.overview else [])[0]
    digest = DIGEST.fullmatch(card.facts.get("model", ""))
    links = [text for text in words.references if LINK.fullmatch(text)]
    version = plain(words.version)[:LONGEST_VERSION]
    return {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "name": card.name,
        "description": f"{card.answer} {overview}",
        **({"version": version} if version else {}),
        "authors": [_author(each) for each in words.owners] or [{"name": absent(ASKED["owners"])}],
        "licenses": [{"license": _license(plain(words.license))}],
        **({"hashes": [{"alg": "SHA-256", "content": digest[1]}]} if digest else {}),
        "externalReferences": [{"type": "documentation", "url": link} for link in links],
        "modelCard": _model_card(card),
        "properties": _properties(card),
    }


def _author(owner: Owner) -> dict[str, str]:
    contact = plain(owner.contact)
    if re.fullmatch(r"[^\s@]+@[^\s@]+", contact):
        return {"name": plain(owner.name), "email": contact}
    return {"name": plain(f"{owner.name} ({contact})" if contact else owner.name)}


def _license(text: str) -> dict[str, str]:
    known = spdx(text)
    return {"id": known} if known else {"name": text or absent(ASKED["license"])}


def _model_card(card: Card) -> dict[str, Any]:
    kind = "regression" if card.task == "regression" else "classification"
    return {
        "modelParameters": {"task": kind, "datasets": _datasets(card)},
        "quantitativeAnalysis": {"performanceMetrics": [_metric(each) for each in entries(card)]},
        "considerations": _considerations(card),
    }


def _datasets(card: Card) -> list[dict[str, Any]]:
    words = card.words
    return [
        {
            "type": "dataset",
            "name": plain(words.training_data.name) or "training data",
            **_link(words.training_data.link),
            "description": trained(card),
        },
        {
            "type": "dataset",
            "name": plain(words.evaluation_data.name) or "evaluation data",
            **_link(words.evaluation_data.link),
            "sensitiveData": list(card.features),
            "description": evaluated(card),
        },
    ]


def _link(text: str) -> dict[str, Any]:
    return {"contents": {"url": text}} if LINK.fullmatch(text) else {}


def _metric(entry: Entry) -> dict[str, Any]:
    return entry.named(low="lowerBound", high="upperBound", interval="confidenceInterval")


def _considerations(card: Card) -> dict[str, Any]:
    words = card.words
    risks = [
        {"name": plain(each.name), "mitigationStrategy": plain(each.mitigation) or absent("mitigation")}
        for each in words.ethical_considerations
    ]
    people = [_assessment(each) for each in words.groups_at_risk]
    return {
        "users": written("users", words.users),
        "useCases": written("intended_use", words.intended_use),
        "technicalLimitations": limits(card),
        "performanceTradeoffs": written("tradeoffs", words.tradeoffs),
        "ethicalConsiderations": risks or [{"name": absent(ASKED["ethical_considerations"])}],
        "fairnessAssessments": people or [{"groupAtRisk": absent(ASKED["groups_at_risk"])}],
    }


def _assessment(people: GroupAtRisk) -> dict[str, str]:
    return {
        "groupAtRisk": plain(people.group),
        "benefits": plain(people.benefits) or absent("benefits"),
        "harms": plain(people.harms) or absent("harms"),
        "mitigationStrategy": plain(people.mitigation) or absent("mitigation"),
    }


def _properties(card: Card) -> list[dict[str, str]]:
    """What has no place of its own: the gate, what is missing, where the numbers come from."""
    gate = card.gate
    held = [("rai:gate:status", gate.status), ("rai:gate:headline", gate.headline)]
    held += [
        ("rai:gate:verdict", f"{row.status}: {rule.id}, {row.subject}: {row.reason}")
        for rule in gate.rules
        for row in rule.rows
    ]
    held += [("rai:gate:provision", text) for text in gate.packs]
    held += [("rai:gate:note", text) for text in gate.notes]
    held += [("rai:method", text) for text in (*card.method, *gate.method)]
    held += [("rai:missing", text) for text in lacking(card)]
    held += [("rai:provenance", f"{name}: {text}") for name, text in gate.provenance]
    day = card.words.date
    held += [("rai:model:date", day.isoformat())] if day else []
    cited = [text for text in card.words.references if not LINK.fullmatch(text)]
    held += [("rai:model:reference", plain(text)) for text in cited]
    return [{"name": name, "value": text} for name, text in held]
