import numpy as np
import pandas as pd
import pytest

import rai
from rai import plots
from rai.ground.errors import ArgumentError
from rai.values.differences import Agreements

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({"x": RNG.random(200), "y": RNG.random(200), "sex": RNG.choice(["F", "M"], 200)})
MODELS = {
    "old": lambda f: f["x"],
    "new": lambda f: 0.8 * f["x"] + 0.2 * f["y"],
    "other": lambda f: f["y"],
}


@pytest.fixture(scope="module")
def found():
    return rai.whatif.compare_models(MODELS, FRAME, sensitive_features="sex")


def test_each_pair_stands_on_both_sides(found):
    ax = plots.agreement(found)
    rows = found.agreement()
    words = [text.get_text() for text in ax.texts]
    assert len(words) == 6
    assert words[0] == words[1] == f"{rows[0].value:.3f}\nκ {rows[0].kappa:#.3g}"
    assert len(ax.patches) == 9
    assert [label.get_text() for label in ax.get_xticklabels()] == ["old", "new", "other"]
    assert ax.get_title(loc="left") == "decided alike (n = 200)"


def test_groups_have_a_matrix_each_on_one_scale(found):
    ax = plots.agreement(found.agreement(by="sex"))
    assert [panel.get_title(loc="left").split()[0] for panel in ax.child_axes] == ["F", "M"]
    shade = {}
    for panel, group in zip(ax.child_axes, "FM", strict=True):
        for row, patch in zip(
            found.agreement(by="sex").where(sex=group), panel.patches[3::2], strict=True
        ):
            shade[row.value] = patch.get_facecolor()[3]
    ordered = [shade[value] for value in sorted(shade)]
    assert ordered == sorted(ordered, reverse=True)


def test_flips_have_intervals(found):
    flips = found.flips()
    ax = plots.agreement(flips)
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == [
        "new decides\notherwise than\nold", "other decides\notherwise than\nold", "other decides\notherwise than\nnew",
    ]  # fmt: skip
    first = ax.child_axes[0]
    dots = [line for line in first.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == [
        row.value for row in flips.where(model="new", versus="old")
    ]
    labels = [label.get_text() for label in first.get_yticklabels()]
    assert labels[0] == f"F, 0 to 1  (n = {flips[0].n})"


def test_nothing_to_compare():
    with pytest.raises(ArgumentError) as error:
        plots.agreement(Agreements())
    assert str(error.value) == (
        "plots.agreement: nothing to compare; expected at least one pair of models."
    )
