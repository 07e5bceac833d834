"""The section about attributions in a real browser: it fits, reads in the dark, and bars lie end to end."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import rai
from rai.explainers.gap_parts import attribute_gap
from rai.reports.attribution_facts import attribution_facts
from rai.reports.facts import collect
from rai.reports.page import page

pytestmark = pytest.mark.browser

WIDTHS = [1280, 400]
LONG = "<i>" + "a column with a name that goes on and on " * 3


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    rng = np.random.default_rng(0)
    sex = rng.choice(["F", "M"], 300)
    frame = pd.DataFrame(
        {"sex": sex, LONG: rng.random(300), "pay": rng.random(300) * (1 + (sex == "M")) / 2}
    )
    frame["y"] = (rng.random(300) < frame["pay"]).astype(int)

    def model(rows):
        return 0.5 * rows["pay"] + 0.3 * rows[LONG]

    audit = rai.audit(frame.assign(s=model(frame)), y_true="y", y_score="s", sensitive_features="sex")
    added = attribution_facts(
        audit,
        attributions=rai.explain(model, frame),
        gap_attributions=attribute_gap(model, frame, metric="mean_score", sensitive_features="sex"),
    )
    path = tmp_path_factory.mktemp("attributions") / "page.html"
    path.write_text(page(replace(collect(audit), attributions=added)), "utf-8")
    return lambda _: path.as_uri()


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_the_window_and_nothing_complains(shown, width):
    tab = shown("page", width=width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.complaints == []
    outside = tab.evaluate(
        """() => [...document.querySelectorAll('#attributions *')].filter((e) => {
            if (e.closest('.scroll, .hidden, details:not([open])')) return false;
            const box = e.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert outside == []


def test_bars_lie_end_to_end(shown):
    bars = shown("page").locator("#attributions .parts tbody rect.step")
    boxes = [bars.nth(at).bounding_box() for at in range(bars.count())]
    ends = [(box["x"], box["x"] + box["width"]) for box in boxes]
    assert len(ends) >= 3
    for before, after in pairwise(ends[:-1]):
        assert min(abs(a - b) for a in before for b in after) < 2.5


def test_bars_turn_with_the_paper(shown):
    fills = [
        shown("page", dark=dark)
        .locator("#attributions tbody rect.step.gap")
        .evaluate("(e) => getComputedStyle(e).fill")
        for dark in (False, True)
    ]
    assert fills[0] != fills[1]
