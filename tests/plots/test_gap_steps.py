"""A gap in parts: steps add up to the gap, chance bands move with them, residuals are hatched."""

import numpy as np
import pytest

import rai
from rai.explainers.gap_parts import GapAttributions, GapPair, GapPart
from rai.ground.errors import ArgumentError

PARTS = {"pay": -0.2, "age": 0.05, "job": -0.04, "hours": 0.004}


def in_parts(pairs=(("F", "M"),), *, rest=0.01, kind="difference", value=None):
    made = []
    for group, versus in pairs:
        sides = {"group": group, "versus": versus, "n": 40, "n_versus": 50}

        def part(name, value, role="feature", sides=sides):
            return GapPart(
                feature=name, role=role, value=value, low=value - 0.01, high=value + 0.01,
                chance_low=-0.005, chance_high=0.005, share=value / -0.18, **sides,
            )  # fmt: skip

        gap = part("gap", sum(PARTS.values()) + rest, "gap")
        if value == "undefined":
            gap = GapPart(feature="gap", role="gap", value=None, note="undefined: no rows", **sides)
        made.append(
            GapPair(
                gap=gap, parts=tuple(part(name, value) for name, value in PARTS.items()),
                residuals=(part("(base rate)", rest, "residual"),), group_value=0.2, versus_value=0.37,
                note=gap.note, **sides,
            )
        )  # fmt: skip
    return GapAttributions(
        metric="selection_rate", kind=kind, along="sex", versus="pairwise", pairs=tuple(made),
        names=("age", "hours", "job", "pay"), space="decision", method="tree", exact=True, level=0.95,
        background="the 90 rows themselves", background_n=90, background_digest="",
    )  # fmt: skip


def steps(ax):
    """Bars and, apart from them, chance bands."""
    bands = [p for p in ax.patches if p.get_height() > 0.8]
    return [p for p in ax.patches if p not in bands], bands


def test_steps_add_up_to_the_gap():
    ax = rai.plots.gap_waterfall(in_parts())
    drawn, bands = steps(ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "pay", "age", "job", "hours", "(base rate)", "gap",
    ]  # fmt: skip
    ends = [bar.get_x() + bar.get_width() for bar in drawn]
    assert ends[:5] == pytest.approx(np.cumsum([*PARTS.values(), 0.01]))
    assert (drawn[-1].get_x(), ends[-1]) == pytest.approx((0.0, ends[4]))
    middles = [band.get_x() + band.get_width() / 2 for band in bands]
    assert middles == pytest.approx([bar.get_x() for bar in drawn])


def test_what_could_be_chance_is_hollow_and_residuals_are_hatched():
    from matplotlib.colors import to_hex

    drawn, _ = steps(rai.plots.gap_waterfall(in_parts()))
    hollow = [to_hex(bar.get_facecolor()) == "#ffffff" for bar in drawn]
    assert hollow == [False, False, False, True, True, False]
    assert [bar.get_hatch() or "" for bar in drawn] == ["", "", "", "", "////", ""]


def test_the_others_keep_the_sum():
    ax = rai.plots.gap_waterfall(in_parts(), most=2)
    drawn, _ = steps(ax)
    assert ax.get_yticklabels()[2].get_text() == "and 2 others"
    assert drawn[2].get_width() == pytest.approx(-0.036)
    assert drawn[3].get_x() == pytest.approx(-0.186)


def test_pairs_are_panels_with_their_rows_in_one_order():
    found = in_parts([("A", "C"), ("B", "C")])
    ax = rai.plots.gap_waterfall(found)
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == ["A minus C", "B minus C"]
    many = rai.plots.gap_waterfall(in_parts([(f"g{i}", "C") for i in range(8)]))
    assert len(many.child_axes) == 6
    assert "2 more pairs not drawn" in many.child_axes[0].get_xlabel()


def test_both_sides_and_the_scale_are_told():
    ax = rai.plots.gap_waterfall(in_parts(kind="ratio"))
    texts = [text.get_text() for text in ax.texts]
    assert "F: 0.200, n = 40\nM: 0.370, n = 50" in texts
    assert "-0.200 [-0.210, -0.190], 111%" in texts
    assert ax.get_xlabel().startswith("logarithm of the ratio of selection rate by sex\n95%")


def test_a_gap_that_is_undefined_is_an_error():
    with pytest.raises(ArgumentError) as error:
        rai.plots.gap_waterfall(in_parts(value="undefined"))
    assert str(error.value) == (
        "plots.gap_waterfall: no gap that is defined; expected at least one. undefined: no rows"
    )
