import numpy as np
import pytest

from rai.measure.thresholds import windows
from rai.measure.thresholds.choosing import cheapest
from rai.measure.thresholds.problems import options_of
from rai.measure.thresholds.windows import Options, least_width, one_rate, two_rates


def options(rate, loss=None):
    count = len(rate)
    loss = np.zeros(count) if loss is None else np.array(loss, float)
    return Options((np.array(rate, float),), loss, np.zeros(count), np.arange(count))


def test_a_window_holds_an_option_of_every_group():
    found = one_rate([options([0, 0.3, 1]), options([0, 0.25, 0.5, 1])], 0.1)
    runs = list(zip(found.first.T.tolist(), found.end.T.tolist(), strict=True))
    assert runs == [([0, 0], [1, 1]), ([1, 1], [2, 2]), ([2, 3], [3, 4])]


def test_rates_that_are_equal_but_for_rounding_are_equal():
    found = one_rate([options([0.1 + 0.2]), options([0.3])], 0.0)
    assert found.first.shape[1] > 0


@pytest.mark.parametrize(
    ("rates", "least"),
    [([[0, 1], [0, 1]], 0), ([[0.2, 0.9], [0.4, 0.7]], 0.2), ([[0.1, 0.5], [0.3], [0.6]], 0.3)],
)
def test_the_least_width_meets_every_group(rates, least):
    assert least_width([np.array(rate) for rate in rates]) == pytest.approx(least)


@pytest.mark.parametrize(
    ("strategy", "kept"),
    [("demographic_parity", 0.25), ("equal_accuracy", 1), ("predictive_parity", 0.25)],
)
@pytest.mark.parametrize("width", [0.0005, 0.02])
def test_leaving_out_windows_loses_nothing(audit_of, ask, monkeypatch, *, strategy, kept, width):
    monkeypatch.setattr(windows, "_MANY", 1_000)
    asked = ask(audit_of(40_000, bins="exact"), strategy)
    groups = [options_of(asked, cuts) for cuts in asked.cuts]
    assert sum(len(group.loss) for group in groups) > windows._MANY
    every, some = (one_rate(groups, width, prune=prune) for prune in (False, True))
    assert some.first.shape[1] <= every.first.shape[1] * kept
    assert cheapest(groups, some).loss == cheapest(groups, every).loss


def test_narrowing_keeps_every_window_that_can_be_opened(audit_of, ask):
    asked = ask(audit_of(300, 3, bins="exact"), "equalized_odds")
    groups = [options_of(asked, cuts) for cuts in asked.cuts]
    wide, narrow = one_rate(groups, 0.1), two_rates(groups, 0.1)
    assert cheapest(groups, narrow, width=0.1).loss == cheapest(groups, wide, width=0.1).loss
    assert (narrow.end - narrow.first).sum() < (wide.end - wide.first).sum()


def test_of_equal_losses_the_highest_threshold_is_taken():
    group = options([0, 0.5, 1], [0.25, 0.25, 0.25])
    assert cheapest([group], one_rate([group], 1.0)).places.tolist() == [0]
