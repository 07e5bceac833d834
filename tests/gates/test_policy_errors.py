"""A wrong policy says where, what was seen and what was expected, and never how it was found out."""

import pytest

from rai.gates.policy_files import load_policy
from rai.ground.errors import PolicyError

RIGHT = """\
version: 1
rules:
  - id: tpr
    kind: max_gap
    metric: equal_opportunity
    along: sex
    limit: 0.05
"""
WAIVER = """\
waivers:
  - rule: tpr
    owner: Ann
    reason: known
    created: 2026-01-01
    expires: 2026-06-01
    tolerated: 0.1
"""


def said(folder, text):
    path = folder / "policy.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    found = str(caught.value).replace(str(path), "policy.yaml")
    assert not any(
        word in found for word in ("pydantic", "Traceback", "validation error", "Input should")
    )
    return found


def changed(old, new):
    assert old in RIGHT
    return RIGHT.replace(old, new)


KINDS = (
    "expected one of 'max_gap', 'min_ratio', 'max_metric', 'min_metric', 'no_worse_than', 'calibration', "
    "'min_n', 'data_check', 'drift', 'flip_rate', 'max_attribution', "
    "'attribution_drift'."
)
LIMIT, LINE = "limit: 0.05", "policy.yaml, line 7: rule 'tpr', limit: "
WRONG = [
    # a field
    (changed(LIMIT, "limit: 0.05\n    limmit: 1"), "policy.yaml, line 8: rule 'tpr': unknown field 'limmit'; expected one of 'id'", "Did you mean 'limit'?"),
    (changed(LIMIT, "limit: 0.05\n    <<: {a: 1}"), "policy.yaml, line 8: rule 'tpr': unknown field '<<'; expected one of 'id'", "'kind'."),
    ("ruls: []\n" + RIGHT, "policy.yaml, line 1: unknown field 'ruls'; expected one of 'version'", "Did you mean 'rules'?"),
    ("defaults:\n  levl: 0.9\n" + RIGHT, "policy.yaml, line 2: defaults: unknown field 'levl'; expected one of 'claim'", "Did you mean 'level'?"),
    ("audit:\n  y_tru: a\n" + RIGHT, "policy.yaml, line 2: audit: unknown field 'y_tru'; expected one of 'y_true'", "Did you mean 'y_true'?"),
    (RIGHT + WAIVER + "    ownr: B\n", "policy.yaml, line 15: waiver 1: unknown field 'ownr'; expected one of 'rule'", "Did you mean 'owner'?"),
    (changed("    limit: 0.05\n", ""), "policy.yaml, line 3: rule 'tpr': no 'limit'; expected the largest difference that is allowed.", ""),
    (changed("- id: tpr\n    kind", "- kind"), "policy.yaml, line 3: rule 1: no 'id'; expected the rule's name", ""),
    (RIGHT + WAIVER.replace("    owner: Ann\n", ""), "policy.yaml, line 9: waiver 1: no 'owner'; expected who answers for it.", ""),
    (changed("version: 1\n", ""), "policy.yaml, line 1: no 'version'; expected the version of the format.", ""),
    # a kind, a metric, a choice
    (changed("max_gap", "max_gaps"), f"policy.yaml, line 4: rule 'tpr': kind 'max_gaps'; {KINDS}", "Did you mean 'max_gap'?"),
    (changed("max_gap", "[max_gap]"), f"policy.yaml, line 4: rule 'tpr': kind ['max_gap']; {KINDS}", "Did you mean 'max_gap'?"),
    (changed("    kind: max_gap\n", ""), f"policy.yaml, line 3: rule 'tpr': no 'kind'; {KINDS}", ""),
    (changed("equal_opportunity", "equal_oportunity"), "policy.yaml, line 5: rule 'tpr', metric: criterion or metric: 'equal_oportunity'; expected one of", "Did you mean 'equal_opportunity'?"),
    (changed("equal_opportunity", "disparate_impact"), "policy.yaml, line 5: rule 'tpr', metric: 'disparate_impact' is no difference; use kind: min_ratio.", ""),
    (changed("equal_opportunity", "3"), "policy.yaml, line 5: rule 'tpr', metric: 3; expected text.", ""),
    (changed(LIMIT, "limit: 0.05\n    severity: critical"), "policy.yaml, line 8: rule 'tpr', severity: 'critical'; expected one of 'error', 'warning', 'note'.", ""),
    # a limit
    (changed("0.05", "small"), LINE + "'small'; expected a number.", ""),
    (changed("0.05", "'0.05'"), LINE + "'0.05'; expected a number.", ""),
    (changed("0.05", "0.05%"), LINE + "'0.05%'; expected a number.", ""),
    (changed("0.05", "0,05"), LINE + "'0,05'; expected a number.", ""),
    (changed("0.05", ".nan"), LINE + "'.nan'; expected a number.", ""),
    (changed("0.05", ".inf"), LINE + "'.inf'; expected a number.", ""),
    (changed("0.05", "1e999"), LINE + "inf; expected a finite number.", ""),
    (changed("0.05", "true"), LINE + "True; expected a number.", ""),
    (changed(" 0.05", ""), LINE + "nothing; expected a number.", ""),
    (changed("0.05", "[0.05]"), LINE + "[0.05]; expected a number.", ""),
    (changed("0.05", "-0.05"), LINE + "-0.05; expected at least 0.", ""),
    (changed("0.05", "2026-01-01"), LINE + "2026-01-01; expected a number.", ""),
    (changed("0.05", "9" * 390), LINE + "9999999", ""),
    (changed("max_gap", "min_ratio").replace("equal_opportunity", "selection_rate").replace("0.05", "1.2"), LINE + "1.2; expected at most 1.", ""),
    (changed("max_gap", "min_ratio").replace("equal_opportunity", "selection_rate").replace("0.05", "0"), LINE + "0; expected more than 0.", ""),
    (changed(LIMIT, "limit: 0.05\n    unacceptable: 0.01"), "policy.yaml, line 8: rule 'tpr', unacceptable: 0.01 is better than the limit 0.05.", ""),
    # other fields
    (changed(LIMIT, "limit: 0.05\n    level: 95"), "policy.yaml, line 8: rule 'tpr', level: 95; expected less than 1.", ""),
    (changed(LIMIT, "limit: 0.05\n    min_n: 30.5"), "policy.yaml, line 8: rule 'tpr', min_n: 30.5; expected a whole number.", ""),
    (changed(LIMIT, "limit: 0.05\n    min_n: many"), "policy.yaml, line 8: rule 'tpr', min_n: 'many'; expected a number.", ""),
    (changed("along: sex", "along: 3"), "policy.yaml, line 6: rule 'tpr', along: 3; expected a list.", ""),
    (changed("along: sex", "along: {a: 1}"), "policy.yaml, line 6: rule 'tpr', along: {'a': 1}; expected a list.", ""),
    (changed(LIMIT, "limit: 0.05\n    groups: [a, null]"), "policy.yaml, line 8: rule 'tpr', groups: ['a', None]; expected names of groups.", ""),
    (changed(LIMIT, "limit: 0.05\n    exclude: {a: 1}"), "policy.yaml, line 8: rule 'tpr', exclude: {'a': 1}; expected names of groups.", ""),
    (changed("id: tpr", "id: 'a b'"), "policy.yaml, line 3: rule 'a b', id: 'a b'; expected letters, digits, '-', '_', '.' and '/', the first", ""),
    (changed("id: tpr", "id: 3"), "policy.yaml, line 3: rule 1, id: 3; expected text.", ""),
    (changed("id: tpr", "id: " + "a" * 101), "policy.yaml, line 3: rule 'aaaaaaaaaaaa", "expected at most 100 characters."),
    ("defaults:\n  level: 95\n" + RIGHT, "policy.yaml, line 2: defaults.level: 95; expected less than 1.", ""),
    ("defaults: [1]\n" + RIGHT, "policy.yaml, line 1: defaults: [1]; expected fields by name.", ""),
    ("audit:\n  thresholds: high\n" + RIGHT, "policy.yaml, line 2: audit.thresholds: 'high'; expected a list.", ""),
    ("audit:\n  cuts: {age: [a]}\n" + RIGHT, "policy.yaml, line 2: audit.cuts.age.0: 'a'; expected a number.", ""),
    ("audit:\n  positive_label: [1]\n" + RIGHT, "policy.yaml, line 2: audit.positive_label: [1]; expected text or a whole number or a number", ""),
    ("title: 2026-01-01\n" + RIGHT, "policy.yaml, line 1: title: 2026-01-01; expected text.", ""),
    ("date: yesterday\n" + RIGHT, "policy.yaml, line 1: date: 'yesterday'; expected a day, such as 2026-11-26.", ""),
    ("date: 20260101\n" + RIGHT, "policy.yaml, line 1: date: 20260101; expected a day, such as 2026-11-26.", ""),
    # the whole
    (changed("version: 1", "version: 2"), "policy.yaml, line 1: version: 2; expected 1.", ""),
    (changed("version: 1", "version: '1'"), "policy.yaml, line 1: version: '1'; expected 1.", ""),
    (changed("version: 1", "version: true"), "policy.yaml, line 1: version: True; expected 1.", ""),
    (changed("version: 1", "version: 1.0"), "policy.yaml, line 1: version: 1.0; expected 1.", ""),
    ("version: 1\nrules: {a: 1}", "policy.yaml, line 2: rules: {'a': 1}; expected a list.", ""),
    ("version: 1\nrules: tpr", "policy.yaml, line 2: rules: 'tpr'; expected a list.", ""),
    ("version: 1\nrules:\n  - tpr", "policy.yaml, line 3: rule 1: 'tpr'; expected fields by name.", ""),
    ("version: 1\nrules:\n  - [1]", "policy.yaml, line 3: rule 1: [1]; expected fields by name.", ""),
    ("version: 1\nrules:\n  -", "policy.yaml, line 3: rule 1: nothing; expected fields by name.", ""),
    ("version: 1", "policy.yaml: no rules; expected at least one, here or in what it extends.", ""),
    ("version: 1\nrules: []", "policy.yaml: no rules; expected at least one, here or in what it extends.", ""),
    (RIGHT + RIGHT.partition("rules:\n")[2], "policy.yaml, line 8: rule 'tpr': the same id as another; expected ids that tell rules apart.", ""),
    ("", "policy.yaml: nothing; expected a policy: version, rules.", ""),
    ("# only this", "policy.yaml: nothing; expected a policy: version, rules.", ""),
    ("- a", "policy.yaml: ['a']; expected a policy: version, rules.", ""),
    ("hello", "policy.yaml: 'hello'; expected a policy: version, rules.", ""),
    # waivers
    (RIGHT + WAIVER.replace("rule: tpr", "rule: tprr"), "policy.yaml, line 9: waiver 1, rule: 'tprr' is the id of no rule; expected one.", "Did you mean 'tpr'?"),
    (RIGHT + WAIVER.replace("2026-06-01", "2027-01-03"), "policy.yaml, line 13: waiver 1, expires: 2027-01-03 is more than a year after 2026-01-01.", ""),
    (RIGHT + WAIVER.replace("2026-06-01", "2025-12-31"), "policy.yaml, line 13: waiver 1, expires: 2025-12-31 is before created, 2026-01-01.", ""),
    (RIGHT + WAIVER.replace("2026-06-01", "20260601"), "policy.yaml, line 13: waiver 1, expires: 20260601; expected a day, such as 2026-11-26.", ""),
    (RIGHT + WAIVER.replace("2026-06-01", "2026-06-01T10:00"), "policy.yaml, line 13: waiver 1, expires: '2026-06-01T10:00'; expected a day", ""),
    (RIGHT + WAIVER.replace("Ann", "''"), "policy.yaml, line 10: waiver 1, owner: ''; expected some text.", ""),
    (RIGHT + WAIVER.replace("0.1", ".nan"), "policy.yaml, line 14: waiver 1, tolerated: '.nan'; expected a number.", ""),
    (RIGHT + WAIVER.replace("0.1", "1e999"), "policy.yaml, line 14: waiver 1, tolerated: inf; expected a finite number.", ""),
    (RIGHT + WAIVER + WAIVER.partition("\n")[2], "policy.yaml, line 15: waiver 2: the same rule and group as another; expected one waiver of each.", ""),
    (RIGHT + "waivers: {rule: tpr}", "policy.yaml, line 8: waivers: {'rule': 'tpr'}; expected a list.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "end"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_told_in_one_sentence(tmp_path, text, start, end):
    found = said(tmp_path, text)
    assert found.startswith(start)
    assert found.endswith(end)
    assert "\n" not in found


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        ("{id: a, kind: no_worse_than, metric: recall, along: sex}",
         "policy.yaml, line 3: rule 'a': no 'margin'; expected by how much it may be worse.", ""),
        ("{id: a, kind: no_worse_than, metric: recall, margin: x}",
         "policy.yaml, line 3: rule 'a', margin: 'x'; expected a number.", ""),
        ("{id: a, kind: no_worse_than, metric: recall, margin: 1, limit: 1}",
         "policy.yaml, line 3: rule 'a': both 'limit' and 'margin'; expected one, as they are the same.", ""),
        ("{id: a, kind: no_worse_than, metric: selection_rate, margin: 1}",
         "policy.yaml, line 3: rule 'a': better: higher or lower selection_rate may be better; say which.", ""),
        ("{id: a, kind: data_check, checks: [misssing]}",
         "policy.yaml, line 3: rule 'a', checks: 'misssing' is no check; expected some of", "Did you mean 'missing'?"),
        ("{id: a, kind: drift, features: age, measure: ps, limit: 0.1}",
         "policy.yaml, line 3: rule 'a', measure: 'ps'; expected one of 'wasserstein'", "Did you mean 'psi'?"),
        ("{id: a, kind: flip_rate, change: sex, limit: 1.5}",
         "policy.yaml, line 3: rule 'a', limit: 1.5; expected at most 1.", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_other_kinds_of_rules_is_told_too(tmp_path, rule, start, end):
    found = said(tmp_path, f"version: 1\nrules:\n  - {rule}\n")
    assert found.startswith(start)
    assert found.endswith(end)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file(tmp_path):
    text = "ruls: 1\n" + changed("0.05", "-1").replace("along: sex", "along: 3") + "title: [1]\n"
    assert [line.partition(": ")[0] for line in said(tmp_path, text).splitlines()] == [
        "policy.yaml, line 1", "policy.yaml, line 7", "policy.yaml, line 8", "policy.yaml, line 9",
    ]  # fmt: skip


def test_no_more_than_ten_things_are_told(tmp_path):
    rules = "".join(f"  - {{id: r{i}, kind: max_gap}}\n" for i in range(20))
    lines = said(tmp_path, f"version: 1\nrules:\n{rules}").splitlines()
    assert len(lines) == 11
    assert lines[0] == (
        "policy.yaml, line 3: rule 'r0': no 'limit'; expected the largest difference that is allowed."
    )
    assert lines[-1] == "and 50 more"
