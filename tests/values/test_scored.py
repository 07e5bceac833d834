"""Decisions with the scores behind them, cut down together."""

import numpy as np
import pytest

import rai
from rai.measure.tables import measured


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(0)
    rows = {
        "y": rng.integers(0, 2, 600),
        "s": rng.random(600).round(2),
        "g": rng.choice(["A", "B", "C"], 600),
    }
    audit = rai.audit(rows, y_true="y", y_score="s", sensitive_features="g", thresholds=[0.4])
    return audit, rows


def test_the_groups_that_are_kept_keep_their_decisions_and_scores(found):
    audit, rows = found
    kept = audit.counts().having([True, False, True])
    assert kept.groups == kept.confusion.groups == kept.scores().groups == (("A",), ("C",))
    assert kept.axes == ("g",)
    for place, group in enumerate("AC"):
        here = rows["g"] == group
        assert kept.confusion.n[place].sum() == kept.scores().n[place].sum() == here.sum()
        assert kept.confusion.n[place, :, 1].sum() == (rows["s"][here] >= 0.4).sum()


def test_metrics_of_the_rest_are_as_they_were(found):
    audit, _ = found
    whole, kept = audit.counts(), audit.counts().having([False, True, True])
    for name in ("recall", "roc_auc"):
        ((_, all_of_them),), ((_, some),) = measured(whole, name), measured(kept, name)
        assert some.value.tolist() == all_of_them.value[1:].tolist()
        assert some.groups == all_of_them.groups[1:]


def test_scores_are_read_only_where_they_are_asked_for(found):
    from rai.values import Scored

    audit, _ = found

    def never():
        raise AssertionError

    cut = Scored(audit.counts().confusion, never).having([True, False, False])
    assert cut.groups == (("A",),)


def test_no_group_is_left_where_none_is_kept(found):
    audit, _ = found
    assert audit.counts().having([False] * 3).groups == ()


@pytest.mark.parametrize("kept", [[True], [True] * 4])
def test_an_entry_for_each_group_is_needed(found, kept):
    audit, _ = found
    with pytest.raises((ValueError, IndexError)):
        audit.counts().having(kept)
