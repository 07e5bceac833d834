"""The Model Card Toolkit's JSON: valid under its schema, with numbers as text.

The schema in `schemas/model_card_toolkit-0.0.2.schema.json` is v0.0.2 as shipped in the Python package
`model-card-toolkit` 2.0.0 (The TensorFlow Authors, Apache License 2.0), unchanged.
"""

import json
from pathlib import Path

import jsonschema
import pytest
from statsmodels.stats.proportion import proportion_confint

from rai.reports.cards import FORMATS, card

SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "model_card_toolkit-0.0.2.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def read(made):
    data = json.loads(FORMATS["model-card-toolkit"](made))
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []
    return data


def metrics(data):
    found = data["quantitative_analysis"]["performance_metrics"]
    return {(each["type"], each.get("slice", "")): each for each in found}


def known(schema, data, root=SCHEMA):
    """Fields of the data that no part of the schema names; the schema lets them pass, its readers don't."""
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(data, dict):
        for name, held in data.items():
            inner = schema.get("properties", {}).get(name)
            yield from [name] if inner is None else known(inner, held)
    for each in data if isinstance(data, list) else ():
        yield from known(schema["items"], each)


def test_the_schema_can_fail():
    wrong = {"schema_version": 2, "extra": 1, "model_details": {"licenses": [{}]}}
    assert {error.validator for error in VALIDATOR.iter_errors(wrong)} == {
        "type",
        "additionalProperties",
        "oneOf",
    }


@pytest.mark.parametrize(
    "name", ["binary", "weighted", "multiclass", "regression", "undefined", "crossed"]
)
@pytest.mark.parametrize("full", [True, False])
def test_every_card_is_valid_and_has_no_field_of_its_own(results, name, full, words):
    data = read(card(results[name], words=words if full else None))
    assert data["schema_version"] == "0.0.2"
    assert list(known(SCHEMA, data)) == []


def test_a_number_is_text_with_its_interval_and_slice(passed):
    found = metrics(read(card(passed)))["true_positive_rate", "sex=F"]
    low, high = proportion_confint(15, 20, method="wilson")
    assert found["value"] == "0.75"
    bounds = found["confidence_interval"]
    assert float(bounds["lower_bound"]) == pytest.approx(low)
    assert float(bounds["upper_bound"]) == pytest.approx(high)


def test_everyone_has_no_slice_and_rows_are_numbers_of_their_own(passed):
    found = metrics(read(card(passed)))
    assert found["true_positive_rate", ""]["value"] == "0.625"
    assert [found["rows", part]["value"] for part in ("", "sex=F", "sex=M")] == ["80", "40", "40"]


def test_a_gap_names_the_groups_that_it_lies_between(passed):
    found = metrics(read(card(passed)))["equal_opportunity_difference", "sex: F over M"]
    assert float(found["value"]) == pytest.approx(0.25)


def test_an_undefined_number_says_why(results):
    found = metrics(read(card(results["undefined"])))["true_positive_rate", "sex=F"]
    assert found["value"] == "undefined: no rows with a positive label (n=40)"
    assert "confidence_interval" not in found


def test_classes_are_told_apart(results):
    found = metrics(read(card(results["multiclass"])))
    assert found["true_positive_rate (class a)", "sex=F"]["value"] == "1.0"


def test_words_go_where_the_schema_has_a_place(passed, words):
    data = read(card(passed, words=words))
    details, considered = data["model_details"], data["considerations"]
    assert details["owners"] == [
        {"name": "Credit team"},
        {"name": "A. Person", "contact": "a.person@example.org"},
    ]
    assert details["version"] == {"name": "1.2", "date": "2026-11-01"}
    assert details["licenses"] == [{"identifier": "Apache-2.0"}]
    assert details["references"] == [{"reference": "https://example.org/paper"}]
    assert details["citations"] == [{"citation": "Mitchell et al. 2019"}]
    assert considered["use_cases"] == [{"description": "To rank applications."}]
    assert considered["limitations"][1] == {"description": "Out of scope: Setting interest"}
    assert considered["ethical_considerations"] == [
        {"name": "Exclusion", "mitigation_strategy": "A second look"},
        {
            "name": "Group at risk: Women. Benefits: Faster. Harms: Fewer loans.",
            "mitigation_strategy": "Review",
        },
    ]
    assert data["model_parameters"]["data"][0] == {
        "name": "loans 2020",
        "link": "https://example.org/d",
        "description": "All of 2020.",
    }


def test_the_documentation_opens_with_the_gate(failed):
    text = read(card(failed))["model_details"]["documentation"]
    assert text.startswith("This model did not pass its fairness gate. Gate failed: 4 verdicts")
    assert "✗ fail: enough, sex=F: 40 rows; at least 100,000 asked for" in text


def test_a_licence_without_an_identifier_is_told_in_words(passed, words):
    found = read(card(passed, words={**words, "license": "Ask us"}))["model_details"]["licenses"]
    assert found == [{"custom_text": "Ask us"}]


def test_hostile_names_are_text(gate, two_groups, hostile, words):
    each = {"name": hostile, "license": hostile, "references": [hostile], "users": [hostile]}
    data = read(card(gate(two_groups((hostile, "M"))), words={**words, **each}))
    group = " ".join("".join(c if c.isprintable() else " " for c in hostile).split())
    assert data["model_details"]["name"] == group
    assert metrics(data)["true_positive_rate", f"sex={group}"]["value"] == "0.75"
