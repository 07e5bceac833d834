import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import rai
from rai import plots
from rai.ground.colours import LIGHT
from rai.ground.errors import ArgumentError
from rai.whatif import accumulated_local_effects, partial_dependence
from rai.whatif.effects import Effects

FRAME = pd.DataFrame({
    "age": np.tile(np.arange(20, 60), 5),
    "gap": np.where(np.arange(200) % 4 == 0, np.nan, np.arange(200) % 30),
    "word": np.array([f"word {k}" for k in range(14)])[np.minimum(np.arange(200) % 31, 13)],
    "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(200), unit="D"),
    "sex": np.where(np.arange(200) % 3 == 0, "F", "M"),
})  # fmt: skip


def score(rows):
    words = rows["word"].str.slice(5).astype(int)
    return (
        0.2 + 0.005 * rows["age"] + 0.01 * words + 0.1 * rows["gap"].isna() + 0.1 * (rows["sex"] == "M")
    )


MODEL = rai.load_model(score, features=["age", "gap", "word", "day", "sex"])


def panel(ax, title):
    return next(each for each in (ax, *ax.child_axes) if each.get_title(loc="left") == title)


def line_of(ax, *, width):
    (found,) = [line for line in ax.lines if line.get_linewidth() == width]
    return found


def test_panels_stand_in_the_order_of_the_result_and_share_their_scale():
    found = partial_dependence(MODEL, FRAME)
    ax = plots.effects(found)
    assert [each.get_title(loc="left") for each in ax.child_axes] == list(found.features)
    numbers = [panel(ax, name).get_ylim() for name in ("age", "gap", "day")]
    words = [panel(ax, name).get_xlim() for name in ("word", "sex")]
    assert len({*numbers, *words}) == 1


def test_a_number_is_its_curve_with_band_rows_and_deciles():
    found = partial_dependence(
        MODEL,
        FRAME,
        features="age",
        ice=4,
        row={"age": 33, "gap": 5, "word": "word 1", "day": "2024-02-01", "sex": "F"},
    )
    ax = plots.effects(found, threshold=0.5)
    (effect,) = found
    line = line_of(ax, width=1.7)
    np.testing.assert_allclose(line.get_xydata(), np.column_stack([effect.scale, effect.mean]))
    assert to_hex(line.get_color()).upper() == LIGHT[0]
    assert len([each for each in ax.lines if each.get_linewidth() == 0.6]) == 4
    band, rug = ax.collections
    assert band.get_paths()[0].get_extents().y1 == pytest.approx(effect.high.max())
    assert len(rug.get_segments()) == 9
    diamond = next(each for each in ax.lines if each.get_marker() == "D")
    assert diamond.get_xydata().tolist() == [[33, effect.marked.score]]
    assert any(set(each.get_ydata()) == {0.5} for each in ax.lines)
    assert ax.get_ylabel() == "probability of 1"


def test_missing_values_stand_beside_the_scale():
    found = partial_dependence(MODEL, FRAME, features="gap")
    ax = plots.effects(found)
    assert [text.get_text() for text in ax.texts] == ["missing"]
    dot = next(each for each in ax.lines if each.get_linestyle() == "None")
    assert dot.get_ydata().tolist() == [found[0].mean[-1]]
    assert dot.get_xdata()[0] > found[0].scale[:-1].max()


def test_categories_go_from_high_to_low_and_the_rarest_are_counted():
    found = partial_dependence(MODEL, FRAME, features="word")
    ax = plots.effects(found)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [f"word {k}" for k in (13, *range(8, -1, -1))]
    assert ax.get_title(loc="right") == "4 rarer not shown"
    assert len(ax.patches) == 10
    widths = [bar.get_width() for bar in ax.patches]
    assert widths[0] == pytest.approx(0.2)  # the most frequent
    assert ax.get_xlabel() == "probability of 1"


def test_dates_have_dates():
    ax = plots.effects(partial_dependence(MODEL, FRAME, features="day"))
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "2024-01-01",
        "2024-04-09",
        "2024-07-18",
    ]


def test_groups_models_and_classes_have_a_colour_each():
    found = partial_dependence({"a": MODEL, "b": MODEL}, FRAME, features=["age", "word"], by="sex")
    ax = plots.effects(found)
    legend = [
        text.get_text()
        for each in ax.child_axes
        if each.get_legend()
        for text in each.get_legend().get_texts()
    ]
    assert legend == ["a × F", "a × M", "b × F", "b × M"]
    lines = [line for line in panel(ax, "age").lines if line.get_linewidth() == 1.7]
    assert [to_hex(line.get_color()).upper() for line in lines] == list(LIGHT[:4])
    assert plots.effects(found.where(model="a", sex="F").where(feature="age")).get_legend() is None


def test_changes_are_called_so():
    for found in (
        accumulated_local_effects(MODEL, FRAME, features="age"),
        partial_dependence(MODEL, FRAME, features="age", centred=True),
    ):
        assert plots.effects(found).get_ylabel() == "change of the score"
    value = rai.load_model(lambda rows: 2.0 * rows["age"], task="regression", features=["age"])
    assert plots.effects(partial_dependence(value, FRAME)).get_ylabel() == "score"


def test_no_effects():
    with pytest.raises(ArgumentError) as error:
        plots.effects(Effects())
    assert str(error.value) == "plots.effects: no effects; expected at least one."
