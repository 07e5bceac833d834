"""What can never pass, what runs out, and what does not fit."""

from datetime import date

import pytest

from rai.gates.linting import lint_policy
from rai.gates.policy_files import load_policy

RULE = {"id": "a", "kind": "max_gap", "metric": "tpr", "along": "sex", "limit": 0.05}
WAIVER = {
    "rule": "a",
    "owner": "Ann",
    "reason": "known",
    "created": "2026-01-01",
    "expires": "2026-12-01",
    "tolerated": 0.1,
}
DAY = date(2026, 6, 1)


def texts(rule, **more):
    loaded = load_policy({"version": 1, "rules": [{**RULE, **rule}], **more})
    return [(remark.severity, remark.text) for remark in lint_policy(loaded, on=DAY)]


def waived(rule=None, **more):
    return texts(rule or {}, waivers=[{**WAIVER, **more}])


def test_a_good_policy_has_nothing_to_mind():
    assert texts({}) == []
    assert waived() == []
    assert lint_policy(load_policy("four-fifths")) == ()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"limit": 0}, "rule 'a' can never pass: no gap is shown to be exactly 0; allow a small one"),
        ({"kind": "min_ratio", "metric": "selection_rate", "limit": 1},
         "rule 'a' can never pass: no ratio is shown to be exactly 1; allow a smaller one"),
        ({"kind": "min_metric", "metric": "count", "limit": 3}, "rule 'a' can never pass: a count has no interval; use kind: min_n"),
        ({"level": 0.7}, "rule 'a': level 0.7 lets a wrong verdict through often"),
        ({"groups": ["x"], "exclude": ["x", "y"]}, "rule 'a': a group is asked for and excluded"),
        ({"groups": ["x"], "optional": ["y"]}, "rule 'a': a group is optional that groups does not name"),
        ({"on_inconclusive": "warn"}, "rule 'a' lets a model without enough rows through: on_inconclusive is warn"),
    ],
)  # fmt: skip
def test_what_to_mind_about_a_rule(rule, text):
    assert texts(rule) == [("warning", text)]


def test_a_limit_of_zero_may_be_detected():
    assert texts({"limit": 0, "claim": "detect", "unacceptable": 0.1}) == []
    assert texts({"on_inconclusive": "warn", "severity": "warning"}) == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"expires": "2026-05-31"}, [("error", "waiver of 'a' by Ann expired on 2026-05-31")]),
        ({"expires": "2026-06-01"}, [("warning", "waiver of 'a' by Ann expires on 2026-06-01")]),
        ({"expires": "2026-07-01"}, [("warning", "waiver of 'a' by Ann expires on 2026-07-01")]),
        ({"expires": "2026-07-02"}, []),
        ({"created": "2026-06-02"}, [("error", "waiver of 'a' by Ann was created after today, on 2026-06-02")]),
        ({"tolerated": 0.05}, [("warning", "waiver of 'a' by Ann covers nothing: its rule allows 0.05")]),
        ({"tolerated": 0.04}, [("warning", "waiver of 'a' by Ann covers nothing: its rule allows 0.04")]),
    ],
)  # fmt: skip
def test_what_to_mind_about_a_waiver(more, found):
    assert waived(**more) == found


def test_a_waiver_below_a_least_value_and_of_a_loss_is_no_idle_one():
    least = {"kind": "min_ratio", "metric": "selection_rate", "limit": 0.8}
    assert waived(least, tolerated=0.7) == []
    assert waived(least, tolerated=0.9)[0][1].endswith("covers nothing: its rule allows 0.9")
    loss = {"kind": "no_worse_than", "metric": "recall", "limit": 0.02}
    assert waived(loss, tolerated=-0.05) == []
    assert waived(loss, tolerated=0.05)[0][1].endswith("covers nothing: its rule allows 0.05")


def test_remarks_stand_in_the_order_of_the_file_and_count_their_errors(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "version: 1\nwaivers:\n  - {rule: b, owner: A, reason: r, created: 2025-01-01, expires: 2025-02-01, tolerated: 1}\n"
        "rules:\n  - {id: a, kind: max_gap, metric: tpr, along: sex, limit: 0}\n"
        "  - {id: b, kind: max_gap, metric: tpr, along: sex, limit: 0.1, level: 0.7}\n"
    )
    remarks = lint_policy(load_policy(path), on=DAY)
    assert [(remark.line, remark.severity) for remark in remarks] == [
        (3, "error"),
        (5, "warning"),
        (6, "warning"),
    ]
    assert remarks.errors == 1
