import pandas as pd
import pytest

import rai
from rai import plots
from rai.ground.errors import ArgumentError
from rai.whatif import interaction
from rai.whatif.interaction_results import Interactions

FRAME = pd.DataFrame({"a": [0.0, 0.5, 1.0, 1.0], "b": ["x", "y", "a long name of a category", "x"]})


def found(models=None):
    return interaction(models or (lambda f: f["a"] * (f["b"] == "x")), FRAME, features=("a", "b"))


def test_cells_are_shaded_and_written_and_empty_ones_hatched():
    ax = plots.interaction(found())
    assert [text.get_text() for text in ax.texts] == [
        "0.000", "0.000", "0.000", "0.500", "0.000", "0.000", "1.000", "0.000", "0.000",
    ]  # fmt: skip
    shades = [patch for patch in ax.patches if patch.get_fill()]
    hatched = [patch.get_xy() for patch in ax.patches if patch.get_hatch()]
    assert len(shades) == 9
    assert sorted(hatched) == [(-0.5, 0.5), (0.5, -0.5), (0.5, 1.5), (1.5, -0.5), (1.5, 0.5)]
    assert shades[6].get_facecolor()[3] > shades[3].get_facecolor()[3] > shades[0].get_facecolor()[3]


def test_names_and_strength():
    ax = plots.interaction(found())
    assert ax.get_title(loc="left").startswith("a and b: H = 0.")
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("a", "b")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["x", "y", "a long name of…"]


def test_models_have_a_panel_each_on_one_scale():
    models = {"half": lambda f: f["a"] / 2, "whole": lambda f: f["a"]}
    ax = plots.interaction(found(models))
    assert [each.get_title(loc="left") for each in ax.child_axes] == [
        "half, 1: H = 0",
        "whole, 1: H = 0",
    ]
    strongest = [
        max(p.get_facecolor()[3] for p in each.patches if p.get_fill()) for each in ax.child_axes
    ]
    assert strongest[0] < strongest[1]
    alone = plots.interaction(found(models)[0])
    assert alone.get_title(loc="left") == "a and b: H = 0"


def test_nothing_to_draw():
    with pytest.raises(ArgumentError) as error:
        plots.interaction(Interactions())
    assert str(error.value) == "plots.interaction: no interactions; expected at least one."
    assert rai.plots.interaction is plots.interaction
