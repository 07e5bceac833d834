"""How many rows each group has: a yes or no, with no interval."""

import pytest


def test_rows_of_each_group_are_counted(make):
    found = make.gate(make.rates((5, 100), (3, 99)), make.rule("min_n", limit=100)).verdicts
    assert [(v.name, v.status, v.value, v.n, v.limit, v.rows_needed) for v in found] == [
        ("r[g=A]", "pass", 100.0, 100, 100.0, None),
        ("r[g=B]", "fail", 99.0, 99, 100.0, 100),
    ]
    assert [v.reason for v in found] == [
        "100 rows; at least 100 asked for",
        "99 rows; at least 100 asked for",
    ]
    assert {(v.error, v.claim) for v in found} == {(None, "")}


def test_rows_are_rows_and_not_weights(make):
    (verdict,) = make.gate(make.rates((5, 20), weight=50.0), make.rule("min_n", limit=100)).verdicts
    assert (verdict.status, verdict.n) == ("fail", 20)


def test_small_groups_fail_even_where_the_policy_sets_a_least_number_for_all(make):
    import rai

    policy = {
        "version": 1,
        "defaults": {"min_n": 500},
        "rules": [{"id": "n", "kind": "min_n", "along": "g", "limit": 50}],
    }
    found = rai.gate(make.rates((5, 100), (3, 20)), policy).verdicts
    assert [v.status for v in found] == ["pass", "fail"]


@pytest.mark.parametrize("limit", [0, -1, 2.5])
def test_a_limit_is_a_number_of_rows(make, limit):
    from rai import PolicyError

    with pytest.raises(PolicyError, match="limit"):
        make.gate(make.rates((5, 100)), make.rule("min_n", limit=limit))


def test_words(make):
    result = make.gate(make.rates((5, 100)), make.rule("min_n", limit=1_000))
    assert result.policy.rules[0].words == "each group of g has at least 1,000 rows"
