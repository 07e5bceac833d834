"""Attributions in the report of an audit: page, Markdown and JSON say the same; without any nothing changes."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import rai
from rai.explainers.gap_parts import attribute_gap
from rai.ground.errors import ArgumentError
from rai.reports.attribution_facts import attribution_facts
from rai.reports.attribution_tables import attribution_blocks
from rai.reports.facts import collect
from rai.reports.gap_part_rows import gap_blocks
from rai.reports.markdown import markdown
from rai.reports.page import page

HOSTILE = "<script>alert(1)</script> | *x*"


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    n = 400
    female = rng.random(n) < 0.5
    frame = pd.DataFrame({"sex": np.where(female, "F", "M"), HOSTILE: rng.random(n)})
    frame["pay"] = rng.random(n) * np.where(female, 0.6, 1.0)
    frame["site"] = np.where(rng.random(n) < 0.03, "South", "North")
    for i in range(6):
        frame[f"x{i}"] = rng.random(n)
    frame["y"] = (rng.random(n) < frame["pay"]).astype(int)
    frame["score"] = model(frame)
    return frame


def model(frame):
    small = sum((i + 1) * 0.004 * frame[f"x{i}"] for i in range(6))
    return 0.6 * frame["pay"] + 0.1 * frame[HOSTILE] + small


@pytest.fixture(scope="module")
def audit(frame):
    return rai.audit(frame, y_true="y", y_score="score", sensitive_features=["sex", "site"])


@pytest.fixture(scope="module")
def found(frame):
    return rai.explain(model, frame)


@pytest.fixture(scope="module")
def gap(frame):
    return attribute_gap(model, frame, metric="mean_score", sensitive_features="sex")


@pytest.fixture(scope="module")
def told(audit, found, gap):
    added = attribution_facts(audit, attributions=found, gap_attributions=gap)
    return replace(collect(audit), attributions=added)


def test_features_are_ranked_by_their_mean_size(told, found):
    (block,) = attribution_blocks(told)
    sizes = np.abs(found.values[:, :, 0]).mean(axis=0)
    order = np.argsort(-sizes, kind="stable")
    assert [row.name for row in block.rows] == [found.names[at] for at in order]
    first = block.rows[0]
    assert (first.name, first.size, first.n) == ("pay", f"{sizes[order[0]]:#.3g}", 400)
    assert block.rows[-1].mean == "0"
    facts = dict(block.facts)
    assert facts["Background"].endswith(f"(n = {found.background_n:,})")
    assert facts["Off the model's own number"].startswith("by at most")


def test_groups_are_those_of_the_audit_and_keep_their_colours(told, found, frame):
    (block,) = attribution_blocks(told)
    (sex, tables), (site, _) = block.groups
    assert (sex, site) == ("sex", "site")
    size, mean = tables
    assert [(row.name, row.mark.place) for row in size.rows] == [("F", 0), ("M", 1)]
    women = np.asarray(frame["sex"] == "F")
    pay = found.names.index("pay")
    assert size.rows[0].cells[0].value == f"{np.abs(found.values[women, pay, 0]).mean():#.3g}"
    assert mean.rows[0].cells[0].value == f"{found.values[women, pay, 0].mean():#.3g}"
    assert mean.rows[0].n == women.sum()


def test_a_group_too_small_for_an_interval_says_so(told):
    (block,) = attribution_blocks(told)
    size = block.groups[1][1][0]
    south = size.rows[1]
    assert south.n < 30
    assert (south.cells[0].bounds, size.footnotes) == ("", ("no interval: fewer than 30 rows",))


def test_the_parts_add_up_to_the_gap_in_the_drawing(told, gap):
    ((block,), (pair,)) = gap_blocks(told), gap.pairs
    rows = block.pairs[0].rows
    assert [row.kind for row in rows[-1:]] == ["gap"]
    for before, row in pairwise(rows[:-1]):
        assert row.bar.start == before.bar.end
    assert rows[-2].bar.end == pytest.approx(rows[-1].bar.end, abs=0.02)
    assert rows[-1].value == f"{pair.value:#.3g}"
    pay = next(row for row in rows if row.name == "pay")
    assert pay.verdict == "beyond chance"
    assert f"The mean score is {pair.group_value:#.3g} for {pair.group}" in block.pairs[0].text


def test_features_that_share_a_row_keep_their_sum(audit):
    names = [f"z{i:02}" for i in range(26)]
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(rng.random((50, 26)), columns=names)
    found = rai.explain(
        rai.load_model(lambda f: 0.02 * f.to_numpy().sum(axis=1)),
        rows,
        background=rows[:3],
        budget=10**6,
    )
    added = attribution_facts(audit, attributions=found, gap_attributions=None)
    (block,) = attribution_blocks(replace(collect(audit), attributions=added))
    sizes = np.sort(np.abs(found.values[:, :, 0]).mean(axis=0))
    assert len(block.rows) == 21
    assert block.rows[-1].name == "and 6 others, summed"
    assert float(block.rows[-1].size) == pytest.approx(sizes[:6].sum(), rel=0.005)
    assert block.refused == (
        "Not split by sex: the rows that were explained have no such column.",
        "Not split by site: the rows that were explained have no such column.",
    )


def test_the_page_shows_it_and_names_stay_text(told, read_html):
    read = read_html(page(told))
    assert "attributions" in read.ids
    assert HOSTILE in read.words
    assert "not what causes what" in read.words
    assert "The gap in mean score by sex, in parts" in read.words
    assert [tag for tag, _ in read.tags].count("script") == 1


def test_markdown_says_the_same(told):
    text = markdown(told)
    section = text[text.index("## Attributions") : text.index("## Method")]
    (block,) = attribution_blocks(told)
    assert "not what causes what" in section
    assert f"| pay | 1 | {block.rows[0].size} {block.rows[0].size_bounds} |" in section
    assert "#### Mean size, by sex" in section
    assert "&lt;script>alert(1)&lt;/script> \\| \\*x\\*" in section
    (gap,) = gap_blocks(told)
    assert f"| gap | beyond chance | {gap.pairs[0].rows[-1].value} " in section


def test_json_holds_every_number(audit, found, gap, tmp_path):
    path = rai.report(audit, tmp_path / "a.json", attributions=[found], gap_attributions=[gap])
    read = json.loads(path.read_text("utf-8"))
    (held,), (parts,) = read["attributions"], read["gap_attributions"]
    assert held["background_digest"] == found.background_digest
    assert held["completeness_error"] < 1e-9
    assert len(held["everyone"]) == len(found.names)
    assert [row["sex"] for row in held["groups"]["sex"]][:: len(found.names)] == ["F", "M"]
    assert parts["parts"] == json.loads(json.dumps(gap.to_dicts()))
    assert rai.Audit.load(path).rows == audit.rows


def test_the_same_gives_the_same_bytes(audit, found, gap, tmp_path):
    for name in ("a", "b"):
        rai.report(audit, tmp_path / name, attributions=found, gap_attributions=gap)
    for kind in ("html", "json", "md"):
        first, second = ((tmp_path / name / f"audit.{kind}").read_bytes() for name in ("a", "b"))
        assert first == second


def test_without_any_there_is_no_trace(audit, tmp_path):
    rai.report(audit, tmp_path / "plain")
    rai.report(audit, tmp_path / "none", attributions=[], gap_attributions=())
    for kind in ("html", "json", "md"):
        plain, none = (
            (tmp_path / name / f"audit.{kind}").read_text("utf-8") for name in ("plain", "none")
        )
        assert plain == none
        assert not re.search("attribution", plain, re.IGNORECASE)


def test_numbers_are_cut_as_the_audit_cuts_them(frame):
    rows = frame.assign(age=np.arange(len(frame)) % 60 + 0.5)
    audit = rai.audit(rows, y_true="y", y_score="score", sensitive_features=["age"], cuts={"age": [30]})
    added = attribution_facts(audit, attributions=rai.explain(model, rows), gap_attributions=None)
    (one,) = added.summarized
    assert [group[0][1] for group in one.groups["age"].groups[1:]] == ["< 30", "≥ 30"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"attributions": 3},
            "attributions: int 3; expected what rai.explain returned, one or several.",
        ),
        (
            {"gap_attributions": ["x"]},
            "gap_attributions: str 'x'; expected what rai.attribute_gap returned",
        ),
    ],
)
def test_something_else_is_an_error(audit, tmp_path, given, words):
    with pytest.raises(ArgumentError) as error:
        rai.report(audit, tmp_path, **given)
    assert str(error.value).startswith(words)


def test_a_profile_has_no_attributions(found, tmp_path):
    with pytest.raises(ArgumentError) as error:
        rai.report(rai.profile({"age": [20, 30]}), tmp_path, attributions=found)
    assert str(error.value) == "report of a profile: attributions=; expected it left out."
