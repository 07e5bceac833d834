"""One row's waterfall: steps end where the next begin, from the base to the model's own number."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import rai
from rai.ground.errors import ArgumentError

WIDE = {f"x{i}": [float(i), 0.0, 1.0] for i in range(60)}


@pytest.fixture(scope="module")
def found():
    """Sixty players of an additive model: each contributes weight times distance from the mean."""
    weights = np.linspace(-1, 1, 60)
    model = lambda f: sum(w * np.asarray(f[name]) for w, name in zip(weights, f, strict=True))  # noqa: E731
    return rai.explain(rai.load_model(model, task="regression"), WIDE, method="sampled", budget=20_000)


def bars(ax):
    return [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_steps_lead_from_the_base_to_the_score(found):
    ax = rai.plots.attribution_waterfall(found, row=1, most=5)
    drawn = bars(ax)
    assert names(ax)[0] == "base"
    assert names(ax)[-2:] == ["and 55 others", "row 1"]
    assert drawn[0][0] == pytest.approx(found.base[1, 0])
    for (_, end), (start, _) in pairwise(drawn):
        assert end == pytest.approx(start)
    assert drawn[-1][1] == pytest.approx(found.scores[1, 0])


def test_the_largest_come_first(found):
    ax = rai.plots.attribution_waterfall(found, row=0, most=5)
    order = np.argsort(-abs(found.values[0, :, 0]), kind="stable")[:5]
    assert [name.split(" = ")[0] for name in names(ax)[1:6]] == [found.names[i] for i in order]
    assert [abs(b - a) for a, b in bars(ax)[:5]] == pytest.approx(abs(found.values[0, order, 0]))


def test_one_left_over_gets_its_own_row(found):
    assert "and 2 others" in names(rai.plots.attribution_waterfall(found, most=58))
    assert len(names(rai.plots.attribution_waterfall(found, most=59))) == 62


def test_whiskers_stand_for_sampling_error():
    rows = {"a": [0.1, 0.9, 0.5], "b": [0.2, 0.7, 0.4]}
    exact = rai.explain(lambda f: f["a"] * f["b"], rows)
    wide = replace(exact, standard_errors=np.full(exact.values.shape, 0.01), exact=False)
    plain, ax = (rai.plots.attribution_waterfall(each) for each in (exact, wide))
    assert len(ax.lines) == len(plain.lines) + 2
    reach = [np.ptp(line.get_xdata()) for line in ax.lines if np.ptp(line.get_ydata()) == 0]
    assert reach == pytest.approx([2 * 1.959964 * 0.01] * 2, rel=1e-5)
    assert "95%" in ax.get_xlabel()
    assert "95%" not in plain.get_xlabel()


def test_what_the_parts_leave_out_is_a_step_of_its_own():
    model = rai.load_model(lambda f: f["a"] + f["b"], task="regression")
    exact = rai.explain(model, {"a": [0.0, 1.0], "b": [0.0, 3.0]})
    short = replace(exact, scores=exact.scores + 0.5)
    ax = rai.plots.attribution_waterfall(short, row=1)
    assert names(ax)[-2:] == ["what the parts leave out", "row 1"]
    assert bars(ax)[-1] == pytest.approx((4.0, 4.5))
    assert ax.patches[-1].get_hatch() == "////"


def test_the_space_is_named():
    exact = rai.explain(lambda f: f["a"], {"a": [0.0, 1.0]})
    said = [
        rai.plots.attribution_waterfall(replace(exact, space=space)).get_xlabel()
        for space in ("margin", "probability", "loss")
    ]
    assert said == ["log-odds", "probability", "loss"]


def test_of_several_outputs_one_is_chosen():
    one = rai.explain(lambda f: f["a"], {"a": [0.0, 1.0]})
    both = {
        name: np.concatenate([getattr(one, name), -getattr(one, name)], axis=-1)
        for name in ("values", "base", "scores", "completeness_error")
    }
    several = replace(one, **both, outputs=("cat", "dog"), space="margin")
    ends = [
        (bars(ax)[-1][1], ax.get_xlabel())
        for label in ("cat", "dog")
        for ax in [rai.plots.attribution_waterfall(several, row=1, output=label)]
    ]
    assert ends == [(1.0, "margin of cat"), (-1.0, "margin of dog")]


def test_the_result_is_left_as_it_was(found):
    before = found.values.copy(), found.base.copy()
    rai.plots.attribution_waterfall(found, row=2)
    assert (found.values == before[0]).all()
    assert (found.base == before[1]).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"row": 3}, "row: 3; expected a position from 0 to 2."),
        ({"most": 0}, "most: 0; expected"),
        ({"output": "cat"}, "output: 'cat'; expected"),
    ],
)
def test_what_is_not_there_is_an_error(found, given, words):
    with pytest.raises(ArgumentError) as error:
        rai.plots.attribution_waterfall(found, **given)
    assert str(error.value).startswith(words)


def test_something_else_is_an_error():
    with pytest.raises(ArgumentError) as error:
        rai.plots.attribution_waterfall([1.0])
    assert str(error.value) == (
        "plots.attribution_waterfall: list [1.0]; expected what rai.explain returned."
    )
