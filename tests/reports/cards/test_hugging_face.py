"""The README of the Hub: its block is YAML with a model-index, whatever the data are called."""

import pytest
import yaml
from statsmodels.stats.proportion import proportion_confint

from rai.reports.cards import FORMATS, card
from rai.reports.cards.licenses import on_the_hub


def parts(made):
    """The metadata and the Markdown, cut as the Hub cuts them."""
    text = FORMATS["huggingface"](made)
    assert text.startswith("---\n")
    block, _, rest = text[4:].partition("\n---\n")
    return yaml.safe_load(block), rest


def results_of(made):
    (index,) = parts(made)[0]["model-index"]
    return index["results"]


def result_of(made, group):
    (found,) = (r for r in results_of(made) if r["dataset"]["args"].get("slice") == group)
    return found


def metric(result, kind, **args):
    (found,) = (m for m in result["metrics"] if m["type"] == kind and args.items() <= m["args"].items())
    return found


def test_the_markdown_follows_the_block(passed, words):
    made = card(passed, words=words)
    assert parts(made)[1] == "\n" + FORMATS["markdown"](made)


def test_the_model_is_named_and_licensed(passed, words):
    block = parts(card(passed, words=words))[0]
    assert (block["license"], block["model-index"][0]["name"]) == ("apache-2.0", "loans")


def test_a_licence_that_the_hub_does_not_know_is_other(passed, words):
    block = parts(card(passed, words={**words, "license": "Credit Team Licence 2"}))[0]
    assert (block["license"], block["license_name"]) == ("other", "credit-team-licence-2")
    assert on_the_hub("ODbL-1.0") == "odbl"


def test_a_licence_that_nobody_named_is_not_made_up(passed):
    assert list(parts(card(passed))[0]) == ["model-index"]


def test_a_group_is_a_result_with_its_slice(passed, words):
    result = result_of(card(passed, words=words), {"sex": "F"})
    assert result["task"] == {"type": "tabular-classification", "name": "binary"}
    assert (result["dataset"]["type"], result["dataset"]["name"]) == ("loans-2021", "Loans 2021")
    assert result["dataset"]["args"]["rows"] == 40
    found = metric(result, "recall")
    low, high = proportion_confint(15, 20, method="wilson")
    assert (found["value"], found["name"]) == (0.75, "true positive rate")
    assert (found["args"]["low"], found["args"]["high"]) == pytest.approx((low, high))
    assert (found["args"]["level"], found["args"]["rows"]) == (0.95, 40)


def test_everyone_is_a_result_without_a_slice(passed):
    assert metric(results_of(card(passed))[0], "recall")["value"] == 25 / 40
    assert "slice" not in results_of(card(passed))[0]["dataset"]["args"]


def test_gaps_name_their_groups(passed):
    (result,) = (r for r in results_of(card(passed)) if r["dataset"]["args"].get("along") == "sex")
    found = metric(result, "equal_opportunity_difference")
    assert found["value"] == pytest.approx(0.25)
    assert (found["args"]["highest"], found["args"]["lowest"]) == ("F", "M")


def test_what_every_result_must_have_is_there(results, words):
    for result in results.values():
        for each in results_of(card(result, words=words)):
            assert each["task"]["type"]
            assert each["dataset"]["type"]
            assert each["dataset"]["name"]
            assert each["metrics"]
            assert all(m["type"] and isinstance(m["value"], float) for m in each["metrics"])


def test_an_undefined_number_is_left_to_the_markdown(results):
    result = result_of(card(results["undefined"]), {"sex": "F"})
    assert "recall" not in {m["type"] for m in result["metrics"]}
    assert "no row" in parts(card(results["undefined"]))[1]


def test_classes_are_told_apart(results):
    result = result_of(card(results["multiclass"]), {"sex": "F"})
    assert metric(result, "recall", **{"class": "a"})["value"] == 1.0


def test_a_regression_has_its_task_and_metric(results):
    result = results_of(card(results["regression"]))[0]
    assert result["task"]["type"] == "tabular-regression"
    assert metric(result, "mae")["value"] > 0


def test_a_person_may_name_the_task(passed, words):
    made = card(passed, words={**words, "task": "text-classification"})
    assert results_of(made)[0]["task"]["type"] == "text-classification"


def test_hostile_names_stay_within_their_value(gate, two_groups, hostile, words):
    made = card(gate(two_groups((hostile, "M"))), words={**words, "name": hostile, "license": hostile})
    block, rest = parts(made)
    group = " ".join("".join(c if c.isprintable() else " " for c in hostile).split())
    assert set(block) == {"license", "license_name", "model-index"}
    assert block["license"] == "other"
    assert block["model-index"][0]["name"] == group
    assert metric(result_of(made, {"sex": group}), "recall")["value"] == 0.75
    assert rest.startswith("\n# Model card: ")
