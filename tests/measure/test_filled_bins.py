"""Blocks of groups without empty bins: nothing is lost, whatever the size of a block."""

import numpy as np
import pytest

from rai import TallyError
from rai.measure import filled_bins as module
from rai.measure.filled_bins import filled_bins, of_blocks
from rai.measure.roc_auc import roc_areas
from rai.values import Tally


@pytest.fixture
def tally():
    """Three groups over six bins; the bins of B and C lie apart from those of A."""
    n = np.zeros((3, 2, 6), dtype=np.int64)
    n[0, :, 1:3] = [[3, 1], [1, 4]]
    n[1, :, 3:6] = [[2, 0, 1], [0, 2, 2]]
    n[2, :, 4:6] = [[1, 1], [0, 2]]
    return Tally(("g",), (("A",), ("B",), ("C",)), (0, 1), np.arange(1.0, 6), (), n, exact=True)


def test_one_block_where_bins_are_few(tally):
    (block,) = filled_bins(tally)
    assert block.bins.tolist() == [1, 2, 3, 4, 5]
    assert block.rows.sum() == tally.rows
    assert block.weight is block.squares is block.rows


def test_blocks_of_one_group_hold_only_its_bins(tally, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 6)
    blocks = list(filled_bins(tally))
    assert [block.bins.tolist() for block in blocks] == [[1, 2], [3, 4, 5], [4, 5]]
    assert blocks[1].rows.tolist() == [[[2, 0, 1], [0, 2, 2]]]


def test_the_size_of_blocks_changes_no_answer(tally, monkeypatch):
    whole = roc_areas(tally)
    for at_once in (1, 6, 12):
        monkeypatch.setattr(module, "_AT_ONCE", at_once)
        for ours, theirs in zip(roc_areas(tally), whole, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_weights_and_their_squares(tally):
    weighted = Tally(
        tally.axes, tally.groups, tally.labels, tally.edges, (), tally.n, tally.n * 0.5, tally.n * 0.25,
        exact=True,
    )  # fmt: skip
    (block,) = filled_bins(weighted)
    assert (block.rows.sum(), block.weight.sum(), block.squares.sum()) == (20.0, 10.0, 5.0)


def test_classes_are_no_scores(make):
    tally = make.tally([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    with pytest.raises(TallyError, match="scores: a tally of 3 classes; expected scores of two classes"):
        of_blocks(tally, lambda block: (block.rows,))
