"""Results of gates on small audits whose numbers are known, and words of people."""

import numpy as np
import pytest

import rai

HOSTILE = (
    "<script>alert(1)</script>",
    'a | b \\ "q" & <b>',
    "two\nlines \x1b[31mred",
    "{{ 7*7 }}",
    "![x](http://example.invalid/x.png)",
    "---\nlicense: mit",
    "# head",
    "\u202edesrever",
    "%0A::error::no",
)

WORDS = {
    "name": "loans",
    "overview": "Ranks applications for loans.",
    "owners": ["Credit team", {"name": "A. Person", "contact": "a.person@example.org"}],
    "version": "1.2",
    "date": "2026-11-01",
    "license": "Apache-2.0",
    "references": ["https://example.org/paper", "Mitchell et al. 2019"],
    "intended_use": "To rank applications.",
    "users": ["Clerks"],
    "out_of_scope": ["Setting interest"],
    "training_data": {
        "name": "loans 2020",
        "description": "All of 2020.",
        "link": "https://example.org/d",
    },
    "evaluation_data": {"name": "Loans 2021", "description": "Half of 2021."},
    "ethical_considerations": [{"name": "Exclusion", "mitigation": "A second look"}],
    "groups_at_risk": [
        {"group": "Women", "benefits": "Faster", "harms": "Fewer loans", "mitigation": "Review"}
    ],
    "limitations": ["Few rows before 2020."],
    "tradeoffs": ["None tried."],
}

PASSING = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
FAILING = {"id": "enough", "kind": "min_n", "along": "sex", "limit": 100_000}


def gated(audit, *rules, **policy):
    return rai.gate(audit, {"version": 1, "rules": list(rules or [PASSING]), **policy})


def binary(levels=("F", "M"), *, axis="sex", weights=None):
    """Forty rows of each of two groups: the first is found in 15 of 20, the second in 10 of 20."""
    y = [1] * 20 + [0] * 20
    rows = {
        "y": y * 2,
        "p": [1] * 15 + [0] * 5 + [1] * 4 + [0] * 16 + [1] * 10 + [0] * 10 + [1] * 8 + [0] * 12,
        axis: [levels[0]] * 40 + [levels[1]] * 40,
    }
    more = {} if weights is None else {"sample_weight": "w"}
    if weights is not None:
        rows["w"] = list(weights)
    return rai.audit(rows, y_true="y", y_pred="p", sensitive_features=axis, **more)


@pytest.fixture(scope="session")
def words():
    """What people say, with nothing missing."""
    return WORDS


@pytest.fixture(scope="session")
def gate():
    """`gate(audit, *rules, …)`: the result of a policy; without rules, of one that passes."""
    return gated


@pytest.fixture(scope="session")
def two_groups():
    """`two_groups(levels, axis=…)`: an audit of two groups with these names."""
    return binary


@pytest.fixture(scope="session")
def passed():
    return gated(binary())


@pytest.fixture(scope="session")
def failed():
    return gated(binary(), FAILING, PASSING)


@pytest.fixture(scope="session")
def results():
    """By name: one result for each kind of audit that a card has to bear."""
    rng = np.random.default_rng(7)
    classes = rai.audit(
        y_true=list("abcabc" * 20),
        y_pred=list("abcbca" * 20),
        sensitive_features={"sex": list("FM" * 60)},
    )
    quantity = rai.audit(
        y_true=rng.normal(size=80), y_pred=rng.normal(size=80), sensitive_features={"sex": list("FM" * 40)},
        task="regression",
    )  # fmt: skip
    undefined = rai.audit(
        y_true=[0] * 40 + [0, 1] * 20, y_pred=[0] * 40 + [0, 1] * 20,
        sensitive_features={"sex": ["F"] * 40 + ["M"] * 40},
    )  # fmt: skip
    crossed = rai.audit(
        y_true=[1, 0] * 80, y_score=rng.random(160),
        sensitive_features={"sex": list("FM") * 80, "race": list("AABB") * 40},
    )  # fmt: skip
    found = {
        "binary": binary(), "weighted": binary(weights=[1.0, 3.0] * 40), "multiclass": classes,
        "regression": quantity, "undefined": undefined, "crossed": crossed,
    }  # fmt: skip
    return {name: gated(audit) for name, audit in found.items()}


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request):
    return request.param
