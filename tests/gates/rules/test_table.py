"""The table of rules: every kind is in all of its places."""

from typing import get_args

import pytest

from rai.gates.policies import Policy
from rai.gates.rules.table import BY_KIND, RULES, AnyRule

SMALLEST = {
    "max_gap": {"metric": "selection_rate", "along": "g", "limit": 0.1},
    "min_ratio": {"metric": "selection_rate", "along": "g", "limit": 0.8},
    "max_metric": {"metric": "error_rate", "limit": 0.1},
    "min_metric": {"metric": "accuracy", "limit": 0.8},
    "no_worse_than": {"metric": "accuracy", "margin": 0.05},
    "calibration": {"limit": 0.1},
    "min_n": {"along": "g", "limit": 30},
    "data_check": {"checks": "missing"},
    "drift": {"features": "age", "limit": 0.1},
    "flip_rate": {"change": "sex", "limit": 0.1},
    "max_attribution": {"features": "sex", "limit": 0.1},
    "attribution_drift": {"features": "sex", "limit": 0.1},
}


def test_every_kind_is_known_and_read():
    assert list(BY_KIND) == list(SMALLEST)
    assert tuple(BY_KIND.values()) == RULES == get_args(get_args(AnyRule)[0])


@pytest.mark.parametrize("kind", SMALLEST)
def test_the_smallest_rule_of_a_kind_is_read_and_has_words(kind):
    rule = {"id": "r", "kind": kind, **SMALLEST[kind]}
    (read,) = Policy.model_validate({"version": 1, "rules": [rule]}).rules
    assert type(read) is BY_KIND[kind]
    assert read.words
    assert not read.words.endswith(".")
    again = Policy.model_validate_json(
        Policy.model_validate({"version": 1, "rules": [rule]}).model_dump_json(by_alias=True)
    )
    assert again.rules == (read,)
