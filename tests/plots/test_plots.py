"""What every plot does: it draws on the axes it is given, keeps out of pyplot, and fits its figure."""

import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import rai
import rai.explainers.gap_parts
import rai.explainers.quality
import rai.explainers.summaries
from rai import plots
from rai.ground.errors import ExtraError

NAMES = plots.__all__
WITHOUT_GROUPS = {"deletion_curves", "frontier", "gap_curves"}


def twin(audit):
    """A regression of the same groups."""
    rng = np.random.default_rng(1)
    names = [level for (level,) in audit.tally.groups for _ in range(40)]
    y = rng.normal(100, 20, len(names))
    return rai.audit(
        y_true=y,
        y_pred=y + rng.normal(2, 9, len(y)),
        sensitive_features={"race": names},
        task="regression",
    )


def rows_like(audit):
    """Rows of the same groups, and a model that reads the group."""
    names = [level for (level,) in audit.tally.groups for _ in range(20)]
    frame = pd.DataFrame({"race": names, "income": np.arange(len(names)) % 20 / 20})
    return (lambda rows: np.clip(rows["income"] + 0.2 * (rows["race"] == names[0]), 0, 1)), frame


def flipped(audit):
    return rai.whatif.flip_test(*rows_like(audit), change="race")


def edited(audit):
    more = rai.whatif.Scenario("costs $5 or $6", rai.whatif.Edit.add("income", 0.1))
    return rai.whatif.run_scenario(*rows_like(audit), scenario=more, sensitive_features="race")


def averaged(audit):
    return rai.whatif.partial_dependence(*rows_like(audit), ice=3, row=1)


def paired(audit):
    return rai.whatif.interaction(*rows_like(audit), features=("race", "income"), grid=4)


def alike(audit):
    model, frame = rows_like(audit)
    models = {"a model that costs $5 or $6": model, "old": lambda rows: 1 - rows["income"]}
    found = rai.whatif.compare_models(models, frame, sensitive_features="race")
    return found.agreement(by=None)


def profiled(audit, *features):
    """Two data sets of the same groups: one feature drifts, and lacks values in one group."""
    _, frame = rows_like(audit)
    frame["costs $5 or $6"] = frame["income"].where(frame["race"] != frame["race"][0])
    other = frame.assign(income=frame["income"] + 0.2)
    found = rai.profile({"train $5": frame, "test": other}, sensitive_features="race")
    return found.select(features) if features else found


def told(audit):
    _, frame = rows_like(audit)
    frame["costs $5 or $6"] = frame["race"]
    return rai.find_proxies(frame, sensitive_features="race", joint=False)


# Where an audit is not drawn itself: what is made from it.
def faceted(audit):
    _, rows = rows_like(audit)
    return rai.facet(rows, rows="race", columns="income", column_bins=4)


def explained(audit):
    """Attributions of a model that reads the group."""
    model, frame = rows_like(audit)
    frame = frame.assign(**{"costs $5 or $6": frame["income"]})
    return rai.explain(lambda rows: model(rows) + 0 * rows["costs $5 or $6"], frame)


def summarized(audit):
    return rai.explainers.summaries.summarize(explained(audit), by="race")


def checked(audit):
    model, frame = rows_like(audit)
    return rai.explainers.quality.check_attributions(model, rai.explain(model, frame))


def gap_in_parts(audit):
    model, frame = rows_like(audit)
    return rai.explainers.gap_parts.attribute_gap(
        model, frame, metric="mean_score", sensitive_features="race"
    )


MADE = {
    "attribution_bars": summarized,
    "attribution_dependence": lambda audit: rai.explainers.summaries.dependence(
        explained(audit), "race", by="race"
    ),
    "attribution_strip": explained,
    "attribution_waterfall": explained,
    "deletion_curves": checked,
    "gap_waterfall": gap_in_parts,
    "agreement": alike,
    "distances": lambda audit: profiled(audit).distances(draws=99),
    "effects": averaged,
    "facets": faceted,
    "flip_test": flipped,
    "histogram": lambda audit: profiled(audit, "race"),
    "missingness": profiled,
    "profile": profiled,
    "proxies": told,
    "frontier": lambda audit: rai.threshold_frontier(audit, strategy="demographic_parity"),
    "interaction": paired,
    "residuals": twin,
    "scenario": edited,
    "thresholds": lambda audit: rai.optimize_thresholds(audit, strategy="group_thresholds"),
}


def drawn(name, audit, ax=None):
    return getattr(plots, name)(MADE.get(name, lambda same: same)(audit), ax)


def texts_of(panel):
    """Texts, titles and what legends say, without the numbers of scales."""
    legend = panel.get_legend()
    own = [part for part in panel.get_children() if isinstance(part, Text)]
    return own + ([] if legend is None else legend.get_texts())


def numbers_of(panel):
    """What stands beside the ticks that are in view."""
    low, high = sorted(panel.get_ylim())
    ticks = zip(panel.get_yticks(), panel.get_yticklabels(), strict=False)
    return [label for place, label in ticks if low <= place <= high]


def boxes(ax):
    """What the texts of an axes cover, in pixels, and the figure they must stay in."""
    figure = ax.get_figure()
    figure.canvas.draw()
    inner = [ax, *ax.child_axes]
    texts = [text for panel in inner for text in texts_of(panel) if text.get_text()]
    if ax.axison or ax.child_axes:
        texts += [label for panel in inner for label in numbers_of(panel) if label.get_text()]
    shown = [text for text in texts if text.get_visible() and text.get_window_extent().width > 0]
    return [text.get_window_extent() for text in shown], figure.bbox


@pytest.mark.parametrize("name", NAMES)
def test_given_axes_are_drawn_on_and_returned(published, name):
    figure = Figure(figsize=(12, 8))
    ax = figure.subplots()
    assert drawn(name, published, ax) is ax
    assert plt.get_fignums() == []
    assert len(ax.get_children()) + sum(len(panel.get_children()) for panel in ax.child_axes) > 10


@pytest.mark.parametrize("name", NAMES)
def test_without_axes_a_figure_is_made(published, name):
    ax = drawn(name, published)
    assert [ax.get_figure().number] == plt.get_fignums()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", ["published", "long_names"])
def test_no_text_leaves_the_figure(request, which, name):
    inside, figure = boxes(drawn(name, request.getfixturevalue(which)))
    assert len(inside) > 1
    slack = 2
    assert [b for b in inside if b.x0 < figure.x0 - slack or b.x1 > figure.x1 + slack] == []
    assert [b for b in inside if b.y0 < figure.y0 - slack or b.y1 > figure.y1 + slack] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_GROUPS])
def test_names_from_the_data_are_text(long_names, name):
    ax = drawn(name, long_names)
    ax.get_figure().canvas.draw()
    texts = [
        text.get_text()
        for panel in (ax, *ax.child_axes)
        for text in (*texts_of(panel), *panel.get_yticklabels())
    ]
    told = " ".join(texts)
    assert "\x1b" not in told
    assert r"\$5" in told


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_to_install(monkeypatch, published, name):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ExtraError) as error:
        drawn(name, published)
    assert str(error.value) == (
        f"plots.{name}: matplotlib is not installed; expected the extra 'plots'. "
        'Run: pip install "rai[plots]".'
    )


@pytest.mark.parametrize("name", NAMES)
def test_ink_turns_with_the_paper(published, name):
    with plt.style.context("dark_background"):
        dark = drawn(name, published)
        dark.get_figure().canvas.draw()
    light = drawn(name, published)
    assert inks(dark).isdisjoint({"#1A1E24", "#1F66C7"})
    assert inks(light).isdisjoint({"#E7EAEE", "#4789EA"})


def inks(ax):
    from matplotlib.colors import to_hex

    panels = (ax, *ax.child_axes)
    lines = {to_hex(line.get_color()).upper() for panel in panels for line in panel.lines}
    return lines | {to_hex(text.get_color()).upper() for panel in panels for text in panel.texts}
