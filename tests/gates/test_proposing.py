"""From a finding to a rule: what today's model passes, and a worse one fails."""

import numpy as np
import pytest

import rai
from rai.gates.policy_files import load_policy
from rai.gates.proposing import propose_policy
from rai.ground.errors import PolicyError

HOSTILE = [
    'a"b',
    "c\nd",
    "#e",
    "f: g",
    "🙂",
    "yes",
    "1",
    "- x",
    "{",
    "null",
    "\t",
    "\u2028",
    "\x7f",
    "x" * 2000,
    "'",
    "\\",
    "%",
    "&a",
    "*a",
    "!!b",
    "",
]


def proposed(folder, found, **more):
    """The proposal as a file."""
    path = folder / "proposal.yaml"
    path.write_text(propose_policy(found, **more), encoding="utf-8")
    return path


def made(rows, **more):
    return rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", **more)


def rows_of(groups, n=2000, favour=0.0, seed=0):
    rng = np.random.default_rng(seed)
    g, y = rng.choice(np.array(groups, dtype=object), n), rng.integers(0, 2, n)
    lifted = np.array([each == groups[0] for each in g])
    return {"y": y, "s": np.clip(0.25 * y + 0.6 * rng.random(n) + favour * lifted, 0, 1), "g": list(g)}


def test_a_model_passes_what_was_proposed_for_it_and_a_worse_one_fails(tmp_path):
    path = proposed(tmp_path, made(rows_of(["A", "B"], favour=0.1)))
    same, worse = (rai.gate(made(rows_of(["A", "B"], favour=favour)), path) for favour in (0.1, 0.35))
    assert same.status == "pass"
    assert worse.status == "fail"
    assert {verdict.kind for verdict in worse.verdicts.of("fail")} == {"max_gap"}


def test_a_better_model_passes_too(tmp_path):
    path = proposed(tmp_path, made(rows_of(["A", "B"], favour=0.2)))
    assert rai.gate(made(rows_of(["A", "B"], favour=0.0)), path).status == "pass"


def test_where_nothing_was_found_only_the_groups_are_guarded(tmp_path):
    policy = load_policy(proposed(tmp_path, made(rows_of(["A", "B"])), title="Ours")).policy
    assert [(rule.id, rule.kind, rule.groups) for rule in policy.rules] == [
        ("rows-by-g", "min_n", ("A", "B"))
    ]
    assert (
        policy.title,
        policy.audit.y_true,
        policy.audit.sensitive_features,
        policy.audit.positive_label,
    ) == ("Ours", "y", ("g",), 1)


@pytest.mark.parametrize("column", ["g", 'a "b": #c\n🙂', "sensitive_features", "~", "a, b", "1"])
def test_names_from_anywhere_are_names_in_it(tmp_path, column):
    rows = rows_of(HOSTILE, n=4000, favour=0.3)
    rows[column] = rows.pop("g")
    found = rai.audit(rows, y_true="y", y_score="s", sensitive_features=column)
    path = proposed(tmp_path, found, title="\x1b[31m\nversion: 2")
    policy = load_policy(path).policy
    assert policy.title == "\x1b[31m\nversion: 2"
    assert {rule.along for rule in policy.rules} == {(column,)}
    assert set(policy.rules[0].groups) == {each or "(empty)" for each in HOSTILE}
    assert len(policy.rules) > 1
    assert rai.gate(found, path).status == "pass"


@pytest.mark.parametrize(
    ("groups", "names"),
    [([1, 0], ("0", "1")), ([True, False], ("False", "True")), (["1", "01"], ("01", "1"))],
)
def test_numbers_and_booleans_are_names_of_groups(tmp_path, groups, names):
    found = made(rows_of(groups, favour=0.3))
    path = proposed(tmp_path, found)
    assert load_policy(path).policy.rules[0].groups == names
    assert rai.gate(found, path).status == "pass"


def test_groups_of_too_few_rows_are_excluded_by_name_and_set_no_limit(tmp_path):
    rows = rows_of(["A", "B"], favour=0.1)
    extreme = {"y": [1] * 5, "s": [0.0] * 5, "g": ["tiny, #1"] * 5}
    found = made({name: [*rows[name], *extreme[name]] for name in rows})
    path = proposed(tmp_path, found)
    rules = load_policy(path).policy.rules
    assert {rule.exclude for rule in rules} == {("tiny, #1",)}
    alone = load_policy(proposed(tmp_path, made(rows))).policy.rules
    assert [rule.limit for rule in rules] == [rule.limit for rule in alone]
    path = proposed(tmp_path, found)
    result = rai.gate(found, path)
    assert result.status == "pass"
    assert any("tiny, #1 is not judged (5 rows" in note for note in result.notes)


def test_a_limit_is_the_bound_of_the_gap_rounded_up_to_two_digits(tmp_path):
    found = made(rows_of(["A", "B"], favour=0.1))
    path = proposed(tmp_path, found)
    for verdict in rai.gate(found, path).verdicts:
        if verdict.kind == "max_gap":
            assert verdict.high <= verdict.limit <= verdict.high * 1.1
            assert float(f"{verdict.limit:.2g}") == verdict.limit


def test_what_is_held_fixed_stays_fixed(tmp_path):
    rows = rows_of(["A", "B"], favour=0.3)
    rows["site"] = ["x", "y"] * 1000
    found = made(rows, control_features="site")
    path = proposed(tmp_path, found)
    gaps = [rule for rule in load_policy(path).policy.rules if rule.kind == "max_gap"]
    assert {rule.within for rule in gaps} == {("site",)}
    assert rai.gate(found, path).status == "pass"


def test_other_tasks_have_proposals_that_their_models_pass(tmp_path):
    rng = np.random.default_rng(1)
    g, y = rng.choice([True, False], 1500), rng.choice(["u", "v", "w"], 1500)
    classes = rai.audit(
        {"y": y, "p": np.where(g, y, rng.choice(["u", "v", "w"], 1500)), "g": g},
        y_true="y",
        y_pred="p",
        sensitive_features="g",
    )
    pay = rng.normal(50_000, 10_000, 1500)
    numbers = rai.audit(
        {"y": pay, "p": pay + 4000 * g, "g": g},
        y_true="y",
        y_pred="p",
        sensitive_features="g",
        task="regression",
    )
    for found in (classes, numbers):
        path = proposed(tmp_path, found)
        assert len(load_policy(path).policy.rules) > 1
        assert rai.gate(found, path).status == "pass"
    assert load_policy(path).policy.audit.task == "regression"


def test_everything_that_the_audit_was_told_is_told_again(tmp_path):
    rows = {**rows_of(["A", "B"]), "age": [20, 30, 40, 50] * 500, "w": [1.0, 2.0] * 1000}
    found = rai.audit(rows, y_true="y", y_score="s", sensitive_features=["g", "age"], cuts={"age": [35]}, sample_weight="w",
                      where="age > 20", cohorts={"old: #": "age > 45"}, thresholds=[0.4, 0.6])  # fmt: skip
    audit = load_policy(proposed(tmp_path, found)).policy.audit
    assert (audit.where, audit.cohorts, audit.sample_weight) == (
        found.roles.where,
        dict(found.roles.cohorts),
        "w",
    )
    assert (audit.cuts, audit.thresholds) == ({"age": (35.0,)}, (0.4, 0.6))


def test_columns_that_a_policy_cannot_name_are_left_out(tmp_path):
    rows = rows_of(["A", "B"], favour=0.3)
    rows["a×b"] = rows["g"]
    both = rai.audit(rows, y_true="y", y_score="s", sensitive_features=["g", "a×b"])
    assert {rule.along for rule in load_policy(proposed(tmp_path, both)).policy.rules} == {("g",)}
    alone = rai.audit(rows, y_true="y", y_score="s", sensitive_features="a×b")
    with pytest.raises(PolicyError, match="no column that a policy can name"):
        propose_policy(alone)


def test_real_data_pass_their_own_proposal_and_a_worse_model_fails_it(tmp_path):
    frame = rai.load_dataset("acs_employment", "2018").frame

    def audit(rows):
        return rai.audit(
            rows, y_true="employed", y_score="probability", sensitive_features=["sex", "race"]
        )

    path = proposed(tmp_path, audit(frame))
    assert rai.gate(audit(frame), path).status == "pass"
    rng = np.random.default_rng(0)
    hurt = (frame["sex"] == "female") & (frame["employed"] == 1) & (rng.random(len(frame)) < 0.2)
    worse = rai.gate(audit(frame.assign(probability=frame["probability"].where(~hurt, 0.01))), path)
    assert worse.status == "fail"
    assert "predictive_parity-by-sex" not in {verdict.rule for verdict in worse.verdicts.of("error")}
