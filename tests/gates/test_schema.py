"""The JSON Schema of policies: what it takes is what the gate takes, for examples right and wrong."""

import jsonschema
import pytest

from rai.gates.policies import Policy
from rai.gates.policy_files import PACKS, load_policy, pack_names
from rai.gates.rules.table import RULES
from rai.gates.schema import described, policy_schema
from rai.gates.yaml_files import parse
from rai.ground.errors import PolicyError

CHECK = jsonschema.Draft202012Validator(policy_schema(), format_checker=jsonschema.FormatChecker())
GAP = {"id": "a", "kind": "max_gap", "metric": "tpr", "along": "sex", "limit": 0.05}
WAIVER = {
    "rule": "a",
    "owner": "Ann",
    "reason": "known",
    "created": "2026-01-01",
    "expires": "2026-02-01",
    "tolerated": 1,
}


def policy(*rules, **more):
    return {"version": 1, "rules": list(rules or [GAP]), **more}


RIGHT = [
    policy(),
    policy({**GAP, "along": ["sex", "race"], "within": "site", "groups": [1, "b", 0.5, True], "exclude": "x", "claim": "detect"}),
    policy({**GAP, "kind": "min_ratio", "metric": "selection_rate", "limit": 1, "tags": ["x", "y"]}),
    policy({**GAP, "kind": "max_metric"}, {**GAP, "id": "b", "kind": "min_metric", "along": []}),
    policy({"id": "a", "kind": "no_worse_than", "metric": "recall", "margin": 0.05}),
    policy({"id": "a", "kind": "no_worse_than", "metric": "recall", "margin": 0, "compare": "gap", "along": "sex", "better": "higher"}),
    policy({"id": "a", "kind": "calibration", "along": "sex", "limit": 0.1}, {"id": "n", "kind": "min_n", "along": "sex", "limit": 5}),
    policy({"id": "a", "kind": "data_check", "checks": "missing", "limits": {"missing": 0.1}}),
    policy({"id": "a", "kind": "drift", "features": ["age"], "limit": 0.1}, {"id": "f", "kind": "flip_rate", "change": "sex", "limit": 0}),
    policy(waivers=[WAIVER, {**WAIVER, "group": 1}], date="2026-01-01", title="x", clause="y", disclaimer="z"),
    policy(defaults={"level": 0.9, "min_n": 5}, audit={"y_true": "y", "cuts": {"age": 4, "pay": [1, 2]}, "bins": "exact", "positive_label": True}),
    {"version": 1, "extends": "four-fifths"},
]  # fmt: skip
WRONG = [
    {}, policy(version=2), policy(version=True), policy(version="1"), policy("a"), policy({}), policy(other=1),
    policy({**GAP, "kind": "max_gaps"}), policy({**GAP, "limit": "0.05"}), policy({**GAP, "limit": True}),
    policy({**GAP, "limit": -1}), policy({**GAP, "limit": None}), policy({**GAP, "level": 1}), policy({**GAP, "other": 1}),
    policy({**GAP, "kind": "min_ratio", "metric": "selection_rate", "limit": 1.2}), policy({**GAP, "id": "a b"}),
    policy({**GAP, "id": ""}), policy({**GAP, "along": 3}), policy({**GAP, "groups": [None]}), policy({**GAP, "min_n": 1.5}),
    policy({**GAP, "severity": "fatal"}), policy({name: held for name, held in GAP.items() if name != "limit"}),
    policy(waivers=[{**WAIVER, "owner": ""}]), policy(waivers=[{**WAIVER, "expires": "soon"}]), policy(waivers=[{**WAIVER, "tolerated": "1"}]),
    policy(waivers=WAIVER), policy(defaults={"levl": 1}), policy(defaults={"level": 95}), policy(audit={"bins": "all"}),
    policy(date=20260101), policy(date="2026-02-30"), {"version": 1, "rules": {"a": 1}}, [], "text",
]  # fmt: skip


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(policy_schema())


@pytest.mark.parametrize("given", RIGHT, ids=range(len(RIGHT)))
def test_what_is_right_is_right_for_both(given):
    load_policy(given)
    CHECK.validate(given)


@pytest.mark.parametrize("given", WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_wrong_for_both(given):
    with pytest.raises(PolicyError):
        load_policy(given)
    assert not CHECK.is_valid(given)


@pytest.mark.parametrize("name", pack_names())
def test_packs_fit_the_schema(name):
    held = parse((PACKS / f"{name}.yaml").read_text("utf-8"), where=name).data
    CHECK.validate({**held, "date": held["date"].isoformat()})


def test_every_field_says_what_it_means():
    schema = policy_schema()
    parts = {"policy": schema, **schema["$defs"]}
    silent = [
        f"{part}.{name}"
        for part, held in parts.items()
        for name, field in held.get("properties", {}).items()
        if not field.get("description") and name != "kind"
    ]
    assert silent == []


@pytest.mark.parametrize("model", [*RULES, Policy])
def test_what_fields_mean_is_read_off_the_source(model):
    assert set(model.model_fields) - set(described(model)) <= {"kind"}
