from itertools import pairwise

import pytest

from rai import plots
from rai.ground.colours import LIGHT
from rai.ground.errors import ArgumentError


def words_of(ax):
    return [text.get_text() for text in ax.texts]


def test_cells_hold_counts_and_shares_of_the_label(published):
    words = words_of(plots.confusion(published))
    assert words[:4] == ["990\n0.552", "805\n0.448", "532\n0.280", "1,369\n0.720"]
    assert "African-American\nn = 3,696" in words
    assert words.count("yes") == 12


def test_shade_is_the_share_and_hue_is_right_or_wrong(published):
    from matplotlib.colors import to_hex

    ax = plots.confusion(published)
    shades = [patch.get_facecolor() for patch in ax.patches[:4]]
    assert [to_hex(shade).upper() for shade in shades] == [LIGHT[0], LIGHT[1], LIGHT[1], LIGHT[0]]
    assert [round(shade[3], 3) for shade in shades] == [
        round(0.04 + 0.46 * share, 3) for share in (990 / 1795, 805 / 1795, 532 / 1901, 1369 / 1901)
    ]


def test_matrices_stand_in_a_grid_without_touching(published):
    ax = plots.confusion(published)
    corners = {(round(p.get_x(), 3), round(p.get_y(), 3)) for p in ax.patches[::4]}
    assert len(corners) == 6
    assert len({x for x, _ in corners}) == 3
    columns = sorted({x for x, _ in corners})
    assert min(b - a for a, b in pairwise(columns)) > 1.1


def test_a_row_without_rows_has_no_share(undefined):
    words = words_of(plots.confusion(undefined))
    assert words[2:4] == ["0\n–", "0\n–"]


def test_several_classes(classes):
    ax = plots.confusion(classes)
    assert len(ax.patches) == 2 * 9
    assert words_of(ax).count("medium") == 4


def test_confusion_matrices_alone_have_plain_names(published):
    words = words_of(plots.confusion(published.confusion()))
    assert words.count("negative") == words.count("positive") == 12


def test_letters_shrink_with_the_axes(published):
    from matplotlib.figure import Figure

    small = Figure(figsize=(4, 3)).subplots()
    plots.confusion(published, small)
    usual = plots.confusion(published)
    assert small.texts[0].get_fontsize() < 0.7 * usual.texts[0].get_fontsize()


def test_a_regression_has_none(quantities):
    with pytest.raises(ArgumentError) as error:
        plots.confusion(quantities)
    assert str(error.value) == (
        "plots.confusion: a regression audit; expected an audit of two or more classes."
    )
