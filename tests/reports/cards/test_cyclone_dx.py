"""CycloneDX: valid under the official schema, derived from what it holds, without a time of day.

The schemas in `schemas/` (`bom-1.6`, `jsf-0.82`, `spdx`) are those of CycloneDX 1.6 (OWASP Foundation,
Apache License 2.0) as shipped in the Python package `cyclonedx-python-lib` 11.12.0, unchanged.
"""

import json
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest
from referencing import Registry, Resource
from statsmodels.stats.proportion import proportion_confint

from rai.reports.cards import FORMATS, card
from rai.reports.cards.licenses import SPDX


def schema(name):
    path = Path(__file__).parent / "schemas" / f"{name}.SNAPSHOT.schema.json"
    return json.loads(path.read_text("utf-8"))


HOME = "http://cyclonedx.org/schema"
PARTS = [
    (f"{HOME}/{name}.SNAPSHOT.schema.json", Resource.from_contents(schema(name)))
    for name in ("spdx", "jsf-0.82")
]
VALIDATOR = jsonschema.Draft7Validator(
    schema("bom-1.6"),
    registry=Registry().with_resources(PARTS),
    format_checker=jsonschema.FormatChecker(),
)


def read(made):
    data = json.loads(FORMATS["cyclonedx"](made))
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []
    return data


def model(made):
    (component,) = read(made)["components"]
    return component


def metrics(made):
    found = model(made)["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
    return {(each["type"], each.get("slice", "")): each for each in found}


def properties(made, name):
    return [each["value"] for each in model(made)["properties"] if each["name"] == name]


def test_the_schema_can_fail():
    wrong = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "1",
        "components": [{"type": "model", "name": "x", "licenses": [{"license": {"id": "Mine"}}]}],
    }
    found = {error.validator for error in VALIDATOR.iter_errors(wrong)}
    assert found == {"pattern", "enum", "oneOf"}


def test_identifiers_of_licences_are_those_of_spdx():
    assert set(SPDX) - set(schema("spdx")["enum"]) == set()


@pytest.mark.parametrize(
    "name", ["binary", "weighted", "multiclass", "regression", "undefined", "crossed"]
)
@pytest.mark.parametrize("full", [True, False])
def test_every_card_is_valid(results, name, full, words):
    data = read(card(results[name], words=words if full else None))
    assert (data["bomFormat"], data["specVersion"], data["version"]) == ("CycloneDX", "1.6", 1)
    assert data["components"][0]["type"] == "machine-learning-model"


def test_a_number_is_text_with_its_interval_and_slice(passed):
    found = metrics(card(passed))["true_positive_rate", "sex=F"]
    low, high = proportion_confint(15, 20, method="wilson")
    assert found["value"] == "0.75"
    assert float(found["confidenceInterval"]["lowerBound"]) == pytest.approx(low)
    assert float(found["confidenceInterval"]["upperBound"]) == pytest.approx(high)
    assert metrics(card(passed))["rows", "sex=F"]["value"] == "40"


def test_an_undefined_number_says_why(results):
    found = metrics(card(results["undefined"]))["true_positive_rate", "sex=F"]
    assert found["value"] == "undefined: no rows with a positive label (n=40)"
    assert "confidenceInterval" not in found


def test_considerations_are_those_of_people(passed, words):
    considered = model(card(passed, words=words))["modelCard"]["considerations"]
    assert considered == {
        "users": ["Clerks"],
        "useCases": ["To rank applications."],
        "technicalLimitations": ["Few rows before 2020.", "Out of scope: Setting interest"],
        "performanceTradeoffs": ["None tried."],
        "ethicalConsiderations": [{"name": "Exclusion", "mitigationStrategy": "A second look"}],
        "fairnessAssessments": [
            {
                "groupAtRisk": "Women",
                "benefits": "Faster",
                "harms": "Fewer loans",
                "mitigationStrategy": "Review",
            }
        ],
    }


def test_owners_licence_version_and_links_have_their_places(passed, words):
    found = model(card(passed, words=words))
    assert found["authors"] == [
        {"name": "Credit team"},
        {"name": "A. Person", "email": "a.person@example.org"},
    ]
    assert found["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert found["version"] == "1.2"
    assert found["externalReferences"] == [{"type": "documentation", "url": "https://example.org/paper"}]
    assert properties(card(passed, words=words), "rai:model:reference") == ["Mitchell et al. 2019"]


def test_the_description_opens_with_the_gate(failed):
    text = model(card(failed))["description"]
    assert text.startswith("This model did not pass its fairness gate. Gate failed: 4 verdicts")
    assert properties(card(failed), "rai:gate:status") == ["fail"]
    assert len(properties(card(failed), "rai:gate:verdict")) == 4


def test_a_model_with_a_digest_has_it_as_a_hash(passed, gate):
    from dataclasses import replace

    digest = "ab" * 32
    for held in (digest, f"sha256:{digest}"):
        found = model(card(replace(passed, facts={"model": held})))
        assert found["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert "hashes" not in model(card(replace(passed, facts={"model": "(no digest)"})))


def test_the_serial_number_is_derived_from_what_is_held(passed, failed, words):
    made = [card(passed), card(passed), card(failed), card(passed, words=words)]
    serials = [read(each)["serialNumber"].removeprefix("urn:uuid:") for each in made]
    assert serials[0] == serials[1]
    assert len(set(serials)) == 3
    assert {UUID(serial).version for serial in serials} == {5}


def test_no_time_of_day_is_held(passed):
    assert "timestamp" not in read(card(passed))["metadata"]


def test_hostile_names_are_text(gate, two_groups, hostile, words):
    each = {"name": hostile, "license": hostile, "references": [hostile], "version": hostile}
    owner = {"name": hostile, "contact": hostile}
    made = card(gate(two_groups((hostile, "M"))), words={**words, **each, "owners": owner})
    group = " ".join("".join(c if c.isprintable() else " " for c in hostile).split())
    assert model(made)["name"] == group
    assert metrics(made)["true_positive_rate", f"sex={group}"]["value"] == "0.75"
