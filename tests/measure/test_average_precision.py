"""Average precision: by hand, undefined, and within the best and the worst order inside bins."""

from itertools import permutations

import numpy as np
import pytest

import rai
from rai.measure.average_precision import average_precision, precision_areas
from rai.values import Tally


def audit_of(y, s, **options):
    return rai.audit(
        y_true=y, y_score=s, sensitive_features={"g": ["A"] * len(y)}, positive_label=1,
        **{"bins": "exact", **options},
    )  # fmt: skip


def tally_of(*bins, exact=False):
    """Bins (negative, positive), low to high, of one group."""
    n = np.array([[[0, *column] for column in zip(*bins, strict=True)]])
    return Tally(("g",), (("A",),), (0, 1), np.arange(1.0, 1 + len(bins)), (), n, exact=exact)


def by_order(labels):
    """Average precision of labels in order, best first, without ties."""
    labels = np.array(labels)
    return float((np.cumsum(labels) / np.arange(1, len(labels) + 1))[labels == 1].mean())


def test_by_hand():
    # positive rows at places 1, 3 and 4: (1 + 2/3 + 3/4) / 3
    audit = audit_of([1, 0, 1, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.1])
    (row,) = audit.metrics("average_precision")
    assert row.value == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)
    assert (row.method, row.n, row.note) == ("influence", 5, "")
    assert 0 < row.low < row.value < row.high < 1
    assert audit.metrics("ap")[0] == audit.metrics("pr_auc")[0] == row


def test_ties_count_at_the_precision_of_all_of_them():
    # the upper bin has precision 2/3, everyone 3/5
    (row,) = audit_of([1, 0, 1, 1, 0], [0.9, 0.9, 0.9, 0.1, 0.1]).metrics("ap")
    assert row.value == pytest.approx((2 * 2 / 3 + 3 / 5) / 3)


def test_chance_is_the_share_of_positive_labels():
    (row,) = audit_of([1, 0, 0, 0], [0.5] * 4).metrics("ap")
    assert row.value == 0.25


def test_undefined_without_positive_labels_only():
    none, all_ = (audit_of(y, [0.1, 0.2]).metrics("ap")[0] for y in ([0, 0], [1, 1]))
    assert (none.value, none.note) == (None, "undefined: no rows with a positive label (n=2)")
    assert (all_.value, all_.high, all_.note) == (1.0, 1.0, "")
    assert all_.low < 0.5


def test_the_bound_holds_every_order_inside_a_bin():
    """All orders of two bins' rows, beside the value and its bound."""
    upper, lower = [0, 0, 1, 1], [0, 1, 1]
    area = precision_areas(tally_of((1, 2), (2, 2)))
    seen = [
        by_order([*first, *second])
        for first in set(permutations(upper))
        for second in set(permutations(lower))
    ]
    assert area.value[0] - area.below[0] <= min(seen)
    assert max(seen) <= area.value[0] + area.above[0]
    # ties at the top of a bin are the best there is: (2 · 2/2 + 2 · 4/6) / 4
    assert area.value[0] + area.above[0] == pytest.approx((2 + 2 * 4 / 6) / 4)


def test_bins_of_one_row_are_exact():
    area = precision_areas(tally_of((1, 0), (0, 1), (1, 0), (0, 1)))
    assert (area.below[0], area.above[0]) == (0.0, 0.0)


def test_the_note_states_the_wider_side():
    tally = tally_of((1, 2), (2, 2))
    area = precision_areas(tally)
    (note,) = average_precision("ap", tally).notes
    stated = float(note.split()[2])
    assert max(area.below[0], area.above[0]) <= stated < 1.1 * max(area.below[0], area.above[0])


def test_the_variance_is_that_of_rows_drawn_anew():
    """Beside 4,000 bootstrap tables of the same rows."""
    rng = np.random.default_rng(0)
    cells = np.array([[30, 25, 10, 5], [5, 10, 20, 25]])
    drawn = rng.multinomial(130, (cells / 130).ravel(), size=4000).reshape(-1, 2, 4)
    n = np.concatenate((np.zeros((4000, 2, 1), dtype=np.int64), drawn), axis=2)
    keys = tuple((place,) for place in range(4000))
    many = Tally(("g",), keys, (0, 1), np.arange(1.0, 5), (), n, exact=True)
    one = precision_areas(tally_of(*cells.T, exact=True))
    assert one.variance[0] == pytest.approx(precision_areas(many).value.var(), rel=0.08)
