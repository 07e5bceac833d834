"""Distributions of scores: by hand, on the tally's own edges, and on scales of their own."""

import numpy as np
import pytest

import rai
from rai import ArgumentError


def audit_of(y, s, **options):
    return rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": ["A"] * len(y)}, positive_label=1,
        **{"bins": "exact", **options},
    )  # fmt: skip


def test_by_hand():
    negative, positive = audit_of([0, 0, 1, 1, 1], [0.1, 0.5, 0.5, 0.9, 1.0]).score_distributions(bins=2)
    assert (negative.label, positive.label) == (0, 1)
    assert (negative.low.tolist(), negative.high.tolist()) == ([0.0, 0.5], [0.5, 1.0])
    assert (negative.n.tolist(), positive.n.tolist()) == ([1, 1], [0, 3])
    assert (negative.share.tolist(), positive.share.tolist()) == ([0.5, 0.5], [0.0, 1.0])
    assert positive.to_dicts()[1] == {
        "g": "A", "label": 1, "low": 0.5, "high": 1.0, "n": 3, "share": 1.0, "note": "",
    }  # fmt: skip


def test_shares_are_of_weight_and_rows_are_rows():
    _, positive = audit_of(
        [0, 1, 1, 1], [0.1, 0.2, 0.7, 0.8], sample_weight=[1.0, 2.0, 3.0, 5.0]
    ).score_distributions(bins=2)
    assert (positive.n.tolist(), positive.share.tolist()) == ([1, 2], [0.2, 0.8])


def test_a_label_without_rows():
    audit = rai.audit(
        y_true=[0, 1, 1],
        y_score=[0.1, 0.2, 0.3],
        sensitive_features={"g": ["A", "A", "B"]},
        bins="exact",
    )
    found = audit.score_distributions(bins=2)
    assert found.where(g="B", label=0).to_dicts() == [
        {"g": "B", "label": 0, "low": low, "high": low + 0.5, "n": 0, "share": None,
         "note": "undefined: no rows with label 0"}
        for low in (0.0, 0.5)
    ]  # fmt: skip


def test_bins_of_a_thousand_make_even_ones():
    part, _ = audit_of([0, 1], [0.1, 0.2], bins=1000).score_distributions()
    np.testing.assert_array_equal(part.low, np.arange(20) / 20)
    assert part.high[-1] == 1.0


@pytest.mark.parametrize(("kept", "asked", "shown"), [(4, 20, 4), (4, 4, 4), (7, 3, 3), (10, 1, 1)])
def test_bins_are_the_audits_own_where_these_are_coarse(kept, asked, shown):
    audit = audit_of([0, 1, 1], [0.1, 0.2, 0.95], bins=kept, thresholds=[1 / kept])
    part, _ = audit.score_distributions(bins=asked)
    assert len(part.n) == shown
    assert set(part.low[1:]) <= set(audit.tally.edges)


def test_a_scale_of_its_own():
    part, _ = audit_of([0, 0, 1], [-2.0, 0.0, 6.0], thresholds=[1.0]).score_distributions(bins=4)
    assert (part.low.tolist(), part.high.tolist()) == ([-2.0, 0.0, 2.0, 4.0], [0.0, 2.0, 4.0, 6.0])
    assert part.n.tolist() == [1, 1, 0, 0]


def test_thresholds_outside_the_scores_do_not_stretch_the_scale():
    part, _ = audit_of([0, 1], [3.0, 5.0], thresholds=[4.0]).score_distributions(bins=2)
    assert (part.low[0], part.high[-1]) == (3.0, 5.0)


def test_one_score_is_one_bin():
    part, other = audit_of([0, 1], [7.0, 7.0], thresholds=[7.0]).score_distributions()
    assert (part.low.tolist(), part.high.tolist(), part.n.tolist()) == ([7.0], [7.0], [1])
    assert other.share.tolist() == [1.0]


@pytest.mark.parametrize("bins", [0, 2.5, True])
def test_a_number_of_bins(bins):
    with pytest.raises(ArgumentError, match=f"bins: {bins}; expected a whole number of at least 1"):
        audit_of([0, 1], [0.1, 0.2]).score_distributions(bins=bins)
