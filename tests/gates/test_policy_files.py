"""Policies read from files, dicts and packs, and joined with what they extend."""

import json
from datetime import date
from types import MappingProxyType

import numpy as np
import pytest

import rai
from rai.gates.policies import Policy
from rai.gates.policy_files import load_policy, pack_names, policy_of_text
from rai.ground.errors import PolicyError


def rule(name, limit=0.05, **more):
    return {"id": name, "kind": "max_gap", "metric": "tpr", "along": "sex", "limit": limit, **more}


def write(folder, **files):
    """JSON is YAML."""
    for name, held in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(held if isinstance(held, str) else json.dumps({"version": 1, **held}, indent=1))


def limits(loaded):
    return [(rule.id, rule.limit) for rule in loaded.policy.rules]


def refused(given):
    with pytest.raises(PolicyError) as caught:
        load_policy(given)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rules_have_the_lines_that_they_stand_on(folder):
    text = "version: 1\nrules:\n  - id: a\n    kind: max_gap\n    metric: tpr\n    along: sex\n    limit: 0.1\n\n  - {id: b, kind: min_n, along: sex, limit: 3}\n"
    write(folder, p=text)
    source = load_policy("p.yaml").source
    assert dict(source.lines) == {"a": 3, "b": 9}
    assert (source.path, source.text) == ("p.yaml", text)


def test_names_that_other_yaml_takes_for_booleans_are_names_of_groups(folder):
    write(folder, p="version: 1\nrules:\n  - {id: a, kind: min_n, along: c, limit: 1, groups: [yes, no, on, off]}\n"
                    "  - {id: b, kind: min_n, along: c, limit: 1, groups: [1, 0, 0.5, true, 2026-01-01, 02139]}\n")  # fmt: skip
    rules = load_policy("p.yaml").policy.rules
    assert rules[0].groups == ("yes", "no", "on", "off")
    assert rules[1].groups == ("1", "0", "0.5", "True", "2026-01-01", "02139")


def test_an_own_rule_replaces_that_of_the_same_id_and_keeps_its_line(folder):
    write(folder, base={"rules": [rule("x"), rule("y")]})
    write(
        folder,
        top="version: 1\nextends: base.yaml\nrules:\n  - {id: y, kind: max_gap, metric: tpr, along: sex, limit: 0.2}\n",
    )
    loaded = load_policy("top.yaml")
    assert limits(loaded) == [("y", 0.2), ("x", 0.05)]
    assert dict(loaded.source.lines) == {"y": 4}
    assert [part.name for part in loaded.source.extended] == ["base.yaml"]


def test_the_later_of_two_that_are_extended_replaces_the_earlier(folder):
    write(folder, a={"rules": [rule("x", 0.1), rule("y", 0.1)]}, b={"rules": [rule("x", 0.2)]},
          top={"extends": ["a.yaml", "b.yaml"]})  # fmt: skip
    assert sorted(limits(load_policy("top.yaml"))) == [("x", 0.2), ("y", 0.1)]


def test_files_are_relative_to_the_policy_that_names_them(folder):
    write(folder, base={"rules": [rule("x")]}, sub__mid={"extends": "../base.yaml"},
          top={"extends": "sub/mid.yaml"})  # fmt: skip
    loaded = load_policy("top.yaml")
    assert limits(loaded) == [("x", 0.05)]
    assert [part.name for part in loaded.source.extended] == ["../base.yaml", "sub/mid.yaml"]


def test_what_two_policies_extend_is_read_once(folder):
    write(folder, base={"rules": [rule("x")]}, a={"extends": "base.yaml"}, b={"extends": "base.yaml"},
          top={"extends": ["a.yaml", "b.yaml"]})  # fmt: skip
    loaded = load_policy("top.yaml")
    assert limits(loaded) == [("x", 0.05)]
    assert [part.name for part in loaded.source.extended] == ["base.yaml", "a.yaml", "b.yaml"]


def test_defaults_of_what_is_extended_reach_its_own_rules_only(folder):
    write(folder, base={"defaults": {"min_n": 7, "severity": "warning"}, "rules": [rule("x"), rule("y", min_n=5)]},
          top={"extends": "base.yaml", "rules": [rule("z")]})  # fmt: skip
    rules = {each.id: (each.min_n, each.severity) for each in load_policy("top.yaml").policy.rules}
    assert rules == {"x": (7, "warning"), "y": (5, "warning"), "z": (30, "error")}


def test_own_defaults_reach_rules_that_nothing_else_reached(folder):
    write(folder, base={"defaults": {"min_n": 7}, "rules": [rule("x", level=0.9)]},
          top={"extends": "base.yaml", "defaults": {"min_n": 9, "level": 0.99}, "rules": [rule("z")]})  # fmt: skip
    rules = {each.id: (each.min_n, each.level) for each in load_policy("top.yaml").policy.rules}
    assert rules == {"x": (7, 0.9), "z": (9, 0.99)}


def test_a_default_reaches_only_kinds_that_know_it():
    policy = load_policy({"version": 1, "defaults": {"min_n": 50, "threshold": 0.3, "on_missing_baseline": "skip"}, "rules": [
        rule("a"), {"id": "n", "kind": "min_n", "along": "sex", "limit": 3},
        {"id": "d", "kind": "data_check", "checks": "missing"}, {"id": "w", "kind": "no_worse_than", "metric": "recall", "margin": 0},
    ]}).policy  # fmt: skip
    a, n, d, w = policy.rules
    assert (a.min_n, a.threshold, n.min_n, n.limit, d.kind, w.on_missing_baseline) == (
        50,
        0.3,
        0,
        3,
        "data_check",
        "skip",
    )


def test_columns_of_a_policy_stand_over_those_of_what_it_extends(folder):
    write(folder, base={"audit": {"y_true": "old", "sample_weight": "w"}, "rules": [rule("x")]},
          top={"extends": "base.yaml", "audit": {"y_true": "new"}})  # fmt: skip
    audit = load_policy("top.yaml").policy.audit
    assert (audit.y_true, audit.sample_weight) == ("new", "w")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"top": {"extends": "four-fith"}},
         "top.yaml, line 3: extends: 'four-fith'; expected a pack, one of 'four-fifths', 'nyc-ll144-2023', or a file ending in .yaml. Did you mean 'four-fifths'?"),
        ({"top": {"extends": "none.yaml"}},
         "top.yaml, line 3: extends 'none.yaml': no such file or directory; expected a file that can be read."),
        ({"top": {"extends": "/none.yaml"}}, "top.yaml, line 3: extends: '/none.yaml'; expected a path relative to the policy."),
        ({"top": {"extends": "C:\\none.yaml"}}, "top.yaml, line 3: extends: 'C:\\\\none.yaml'; expected a path relative to the policy."),
        ({"top": {"extends": ["four-fifths", "four-fifths"]}}, "top.yaml, line 5: extends: 'four-fifths' twice; expected each once."),
        ({"top": {"extends": [3]}}, "top.yaml, line 4: extends: 3; expected the name of a pack, or a file."),
        ({"top": {"extends": "top.yaml"}},
         "top.yaml, line 3: extends: top.yaml → top.yaml; expected policies that don't extend themselves."),
        ({"top": {"extends": "a.yaml"}, "a": {"extends": "b.yaml"}, "b": {"extends": "a.yaml"}},
         "b.yaml, line 3: extends: a.yaml → b.yaml → a.yaml; expected policies that don't extend themselves."),
        ({"top": {"extends": "a.yaml"}, "a": {"rules": [rule("x", "big")]}}, "a.yaml, line 9: rule 'x', limit: 'big'; expected a number."),
        ({"top": {"extends": "a.yaml"}, "a": {"rules": [rule("x"), rule("x")]}},
         "a.yaml, line 11: rule 'x': the same id as another; expected ids that tell rules apart."),
        ({"top": {"extends": "a.yaml"}, "a": {"version": 2}}, "a.yaml, line 2: version: 2; expected 1."),
        ({"top": "extends: four-fifths"}, "top.yaml, line 1: no 'version'; expected the version of the format."),
        ({"top": {"extends": "a.yaml"}, "a": ""}, "a.yaml: nothing; expected a policy: version, rules."),
        ({"top": {"extends": "a.yaml"}, "a": "a: &x 1"}, "a.yaml, line 1: an anchor; expected the value itself."),
        ({"top": {"extends": "four-fifths", "rules": {"a": 1}}}, "top.yaml, line 4: rules: {'a': 1}; expected a list."),
        ({"top": {"extends": "sub/a.yaml"}, "b": {"rules": [rule("x")]}, "sub__b": {"rules": [rule("y")]},
          "sub__a": {"extends": ["b.yaml", "../c.yaml"]}, "c": {"extends": "b.yaml"}},
         "../c.yaml, line 3: extends: two files called 'b.yaml'; expected files of different names."),
    ],
)  # fmt: skip
def test_what_cannot_be_extended_is_told_where_it_stands(folder, files, said):
    write(folder, **files)
    assert refused("top.yaml") == said


def test_waivers_hold_in_the_policy_that_they_stand_in(folder):
    waiver = {"rule": "four-fifths/selection-rate", "owner": "Ann", "reason": "known", "created": "2026-01-01",
              "expires": "2026-02-01", "tolerated": 0.7}  # fmt: skip
    write(folder, a={"extends": "four-fifths", "waivers": [waiver]}, top={"extends": "a.yaml"})
    assert load_policy("a.yaml").policy.waivers[0].expires == date(2026, 2, 1)
    assert refused("top.yaml").startswith("a.yaml, line 4: waivers, which reach no other policy")
    write(folder, a={"extends": "four-fifths", "waivers": [{**waiver, "rule": "four-fifth"}]})
    assert refused("a.yaml").startswith(
        "a.yaml, line 6: waiver 1, rule: 'four-fifth' is the id of no rule"
    )


def test_a_policy_made_in_python_is_what_its_text_says():
    given = {"version": 1, "date": date(2026, 1, 2), "title": "🙂 \x7f \u2028", "rules": [
        MappingProxyType(rule("a", np.float32(0.25), min_n=np.int64(3), groups=np.array(["1", "b"]))),
    ]}  # fmt: skip
    loaded = load_policy(given)
    again = policy_of_text(loaded.source.text, path="", extended={}, plans={})
    assert again.policy == loaded.policy == load_policy(loaded.policy).policy
    assert again.source.digest == loaded.source.digest
    held = loaded.policy.rules[0]
    assert (held.limit, held.min_n, held.groups, loaded.policy.title) == (
        0.25,
        3,
        ("1", "b"),
        "🙂 \x7f \u2028",
    )


def test_the_order_of_a_dict_is_no_part_of_its_text():
    one, other = rule("a"), dict(reversed(rule("a").items()))
    texts = {load_policy({"version": 1, "rules": [held]}).source.text for held in (one, other)}
    assert len(texts) == 1


def loop():
    held = {"version": 1}
    held["rules"] = [held]
    return held


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"version": 1, "rules": [{(1, 2): 3}]}, "policy: 'keys must be str"),
        ({"version": 1, "title": "\ud800", "rules": [rule("a")]}, "policy: \"'utf-8' codec can't encode"),
        (loop(), "policy: 'Circular reference detected'; expected what YAML could hold"),
        ({"version": 1, "rules": [rule("a", object())]}, "policy: 'object is none of them'; expected what YAML could hold"),
        ({"version": 1, "rules": [rule("a", 10**5000)]}, "policy: 'Exceeds the limit"),
        ({1: 2, "version": 1}, "policy: \"'<' not supported"),
        ({"version": 1, "rules": [rule("a", float("nan"))]}, "policy: rule 'a', limit: nan; expected a finite number."),
        ({"version": 1, "rules": [rule("a", float("inf"))]}, "policy: rule 'a', limit: inf; expected a finite number."),
        (3, "policy: 3; expected a path, a dict, or a Policy."),
        (None, "policy: None; expected a path, a dict, or a Policy."),
        ("four-fith", "policy 'four-fith': no such file or directory; expected a file that can be read. Did you mean 'four-fifths'?"),
        ("x" * 5000, "policy 'xxx"),
        ("a\0b", "policy 'a\\x00b': embedded null byte; expected the path of a file."),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_one_sentence(given, said):
    found = refused(given)
    assert found.startswith(said)
    assert "\n" not in found


def test_a_file_in_the_folder_stands_before_a_pack_of_its_name(folder):
    assert load_policy("four-fifths").policy.rules[0].id == "four-fifths/selection-rate"
    (folder / "four-fifths").write_text(json.dumps({"version": 1, "rules": [rule("mine")]}))
    assert load_policy("four-fifths").policy.rules[0].id == "mine"
    assert pack_names() == ["four-fifths", "nyc-ll144-2023"]


def test_a_plan_is_read_with_the_policy_that_names_it(folder):
    rng = np.random.default_rng(0)
    rows = {"y": rng.integers(0, 2, 400), "s": rng.random(400), "sex": ["F", "M"] * 200}
    found = rai.audit(rows, y_true="y", y_score="s", sensitive_features="sex", bins=20)
    rai.optimize_thresholds(found, strategy="equal_opportunity").save("plan.json")
    write(folder, p={"rules": [rule("a", plan="plan.json"), rule("b", plan="plan.json")]})
    source = load_policy("p.yaml").source
    assert dict(source.plans) == {"plan.json": (folder / "plan.json").read_text()}
    (folder / "plan.json").write_text("{}")
    assert refused("p.yaml").startswith(
        "p.yaml, line 4: rule 'a', plan 'plan.json': reading plan.json: no saved threshold plan"
    )
    (folder / "plan.json").unlink()
    assert (
        refused("p.yaml")
        == "p.yaml, line 4: rule 'a', plan 'plan.json': no such file or directory; expected a file that can be read."
    )
    write(folder, p={"rules": [rule("a", plan=str(folder / "plan.json"))]})
    assert refused("p.yaml").endswith("expected a path relative to the policy.")


def test_a_policy_that_was_checked_in_python_takes_waivers_for_what_it_extends():
    waiver = {"rule": "four-fifths/selection-rate", "owner": "Ann", "reason": "known", "created": "2026-01-01",
              "expires": "2026-02-01", "tolerated": 0.7}  # fmt: skip
    policy = Policy.model_validate({"version": 1, "extends": "four-fifths", "waivers": [waiver]})
    assert [each.id for each in load_policy(policy).policy.rules] == ["four-fifths/selection-rate"]
