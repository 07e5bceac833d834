"""The policy itself: what it says when it is made in Python."""

import pytest
from pydantic import ValidationError

from rai.gates.policies import Columns, Defaults, Policy, filled

RULE = {"id": "a", "kind": "max_gap", "metric": "tpr", "along": "sex", "limit": 0.05}


def test_aliases_of_metrics_become_their_names():
    policy = Policy.model_validate({"version": 1, "rules": [RULE]})
    assert policy.rule("a").metric == "true_positive_rate"
    assert policy.rule("a").along == ("sex",)


def test_defaults_fill_what_a_rule_does_not_say():
    assert filled(RULE, {"min_n": 5, "limit": 1, "on_missing_baseline": "skip"}) == {"min_n": 5, **RULE}
    assert filled({"kind": "min_n", "limit": 3}, {"min_n": 5}) == {"kind": "min_n", "limit": 3}
    assert filled("no rule", {"min_n": 5}) == "no rule"
    assert filled({"kind": "unknown"}, {"min_n": 5}) == {"kind": "unknown"}


def test_a_policy_cannot_be_changed():
    policy = Policy.model_validate({"version": 1, "rules": [RULE]})
    with pytest.raises(ValidationError, match="frozen"):
        policy.title = "other"


@pytest.mark.parametrize(
    "given",
    [
        {"level": True}, {"level": "0.9"}, {"level": 1}, {"level": 0}, {"min_n": -1}, {"min_n": 2.0}, {"min_n": True},
        {"min_share": 1}, {"threshold": float("nan")}, {"severity": "fatal"}, {"other": 1},
    ],
)  # fmt: skip
def test_a_default_has_the_type_that_its_field_has(given):
    with pytest.raises(ValidationError):
        Defaults.model_validate(given)


@pytest.mark.parametrize(
    "given",
    [
        {"thresholds": ["0.5"]}, {"thresholds": [True]}, {"bins": 2.5}, {"bins": "all"}, {"cuts": {"age": "4"}},
        {"cuts": {"age": [float("inf")]}}, {"task": "ranking"}, {"y_true": 3}, {"cohorts": {"a": 1}},
    ],
)  # fmt: skip
def test_columns_have_the_types_of_an_audit(given):
    with pytest.raises(ValidationError):
        Columns.model_validate(given)


def test_columns_take_one_name_or_several():
    columns = Columns.model_validate(
        {
            "sensitive_features": "sex",
            "control_features": ["a", "b"],
            "cuts": {"age": 4, "pay": [1, 2.5]},
        }
    )
    assert (columns.sensitive_features, columns.control_features) == (("sex",), ("a", "b"))
    assert columns.cuts == {"age": 4, "pay": (1.0, 2.5)}


@pytest.mark.parametrize("name", ["limit", "level", "unacceptable", "threshold", "min_n", "min_share"])
@pytest.mark.parametrize("value", [True, False, "0.5", "1"])
def test_a_number_of_a_rule_is_neither_a_word_nor_a_boolean(name, value):
    with pytest.raises(ValidationError, match=f"{name}: {value!r}; expected a number"):
        Policy.model_validate({"version": 1, "rules": [{**RULE, name: value}]})
