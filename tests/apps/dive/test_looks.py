"""Dive's colours: those of every page, handed to the browser, which has none of its own."""

import re

import pytest

from apps.dive import component, layouts, looks
from apps.javascript import joined
from rai.ground import colours

PAPERS = ("light", "dark")


def test_the_standard_palette_is_that_of_every_page():
    standard = looks.PALETTES["standard"]
    for paper, own in zip(PAPERS, (colours.LIGHT, colours.DARK), strict=True):
        assert standard["levels"][paper] == own * len(colours.SHAPES)
        ends = colours.ramp(9, dark=paper == "dark")
        assert standard["ramp"][paper] == (ends[1], ends[-1])
        ink = looks.INKS[paper]
        assert (ink["plain"], ink["missing"]) == own[:2]
        assert ink["grey"] == colours.GREY[paper == "dark"]


def test_the_browser_has_no_palette_of_its_own():
    held = set(re.findall(r"#[0-9A-Fa-f]{6}", joined(component.MAIN)))
    handed = {each for pair in (colours.LIGHT, colours.DARK, colours.GREY) for each in pair}
    for palette in looks.PALETTES.values():
        handed |= {each for part in ("levels", "ramp") for p in PAPERS for each in palette[part][p]}
    assert {each.upper() for each in held} & {each.upper() for each in handed} == set()


@pytest.mark.parametrize("name", looks.PALETTES)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_palette_is_whole_and_its_ramp_goes_one_way(name, paper):
    assert layouts.PLAIN["palette"] == "standard"
    palette = looks.PALETTES[name]
    stops = [colours.luminance(each) for each in palette["ramp"][paper]]
    assert stops == sorted(stops, reverse=paper == "light")
    page = colours.PAPER[paper == "dark"]
    assert len(set(palette["levels"][paper])) >= 6
    assert min(colours.contrast(each, page) for each in palette["levels"][paper]) > 1.5
