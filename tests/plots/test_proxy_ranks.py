"""Proxies ranked: against the line of nothing told, filled where the whole interval is beyond it."""

import pytest

import rai
from rai import Proxies, Proxy
from rai.ground.errors import ArgumentError


def proxy(feature, value, low, **more):
    given = {"sensitive_feature": "sex", "kind": "feature", "high": value + 0.05, **more}
    return Proxy(feature=feature, value=value, low=low, **given)


def test_those_that_tell_most_come_first():
    ax = rai.plots.proxies(Proxies([proxy("age", 0.52, 0.48), proxy("job", 0.8, 0.75)]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["job", "age"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(d.get_ydata()[0], d.get_xdata()[0]) for d in dots] == [(1, 0.52), (0, 0.8)]
    assert [d.get_markerfacecolor() == d.get_markeredgecolor() for d in dots] == [False, True]
    assert ax.lines[0].get_xdata()[0] == 0.5


def test_a_quantity_has_its_line_at_zero_in_a_panel_of_its_own():
    found = Proxies([
        proxy("job", 0.6, 0.55),
        proxy("job", 0.3, 0.2, sensitive_feature="age", measure="r2"),
        proxy("pay", 0.1, 0.0, sensitive_feature="age", measure="r2"),
    ])  # fmt: skip
    ax = rai.plots.proxies(found)
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == ["sex", "age"]
    assert [panel.get_xlabel() for panel in ax.child_axes] == ["AUC with interval", "R² with interval"]
    assert [panel.lines[0].get_xdata()[0] for panel in ax.child_axes] == [0.5, 0.0]


def test_the_score_is_told_for_each_label():
    found = Proxies(
        [proxy("score", 0.6, 0.55, kind="score", group="F"), proxy("job", 0.9, 0.8, group="F")]
    )
    ax = rai.plots.proxies(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["score\nfor F"]


def test_no_proxies_is_an_error():
    with pytest.raises(ArgumentError) as error:
        rai.plots.proxies(Proxies())
    assert str(error.value) == "plots.proxies: no proxies; expected at least one."
