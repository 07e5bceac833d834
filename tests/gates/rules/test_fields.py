"""Fields of rules: what they take, and what they refuse."""

import pytest

from rai.gates.policies import Policy
from rai.gates.rules.fields import of_axes
from rai.ground.errors import PolicyError


def ruled(make, **more):
    rule = make.rule("max_gap", "selection_rate", **{"limit": 0.9, **more})
    return make.gate(make.rates((5, 100), (5, 100)), rule).policy.rules[0]


@pytest.mark.parametrize(
    ("given", "axes"),
    [("g", ("g",)), (["g"], ("g",)), ("a × b", ("a", "b")), (["a × b", "c"], ("a", "b", "c"))],
)
def test_axes_are_one_name_several_or_joined(make, given, axes):
    rule = make.rule("min_n", limit=1, along=given)
    assert Policy.model_validate({"version": 1, "rules": [rule]}).rules[0].along == axes


@pytest.mark.parametrize("level", [0.0, 0.05, 0.5, 1.0, 1.5, "high"])
def test_a_level_is_more_than_a_coin_flip(make, level):
    with pytest.raises(PolicyError, match="level"):
        ruled(make, level=level)


@pytest.mark.parametrize(("level", "error"), [(0.95, 0.05), (0.9, 0.1), (0.999, 0.001), (0.51, 0.49)])
def test_the_error_is_what_the_level_leaves(make, level, error):
    assert ruled(make, level=level).error == error


def test_a_level_reaches_the_bounds(make):
    audit = make.rates((30, 100), (50, 100))
    wide, narrow = (
        make.verdict(audit, "max_gap", "selection_rate", 0.2, level=level) for level in (0.99, 0.9)
    )
    assert wide.low < narrow.low <= narrow.high < wide.high
    assert (wide.error, narrow.error) == (0.01, 0.1)


def test_a_claim_has_a_looser_limit_only_to_detect(make):
    strict, lenient = ruled(make), ruled(make, claim="detect", unacceptable=0.95)
    assert (strict.loose, strict.kept) == (None, 0.9)
    assert (lenient.loose, lenient.kept) == (0.95, 0.95)


@pytest.mark.parametrize(
    "more",
    [
        {"id": "has space"}, {"id": ""}, {"id": "-x"}, {"id": "x" * 101}, {"severity": "fatal"},
        {"on_inconclusive": "pass"}, {"claim": "hope"}, {"limit": float("nan")}, {"limit": -0.1},
        {"min_share": 1.0}, {"min_n": -1}, {"threshold": float("inf")}, {"colour": "red"},
        {"along": 5}, {"on_new_group": "ignore"},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_field_takes_is_refused(make, more):
    with pytest.raises(PolicyError):
        ruled(make, **more)


def test_groups_are_names_whatever_they_are_written_as(make):
    assert ruled(make, optional=[1, 2.5, "x", True]).optional == ("1", "2.5", "x", "True")
    assert ruled(make, optional="x").optional == ("x",)


def test_axes_in_words(make):
    assert of_axes(ruled(make)) == "g"
    assert of_axes(ruled(make, along=["a", "b"])) == "a × b"
    everything = ruled(make, along="sensitive_features")
    assert of_axes(everything) == "each sensitive feature, and all of them together"
