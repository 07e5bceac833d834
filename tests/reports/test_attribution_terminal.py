"""Attributions on a terminal: the numbers of the results, in few columns, and no name taken for markup."""

import re
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

import rai
from rai.ground.formatting import figure
from rai.reports.attribution_terminal import MOST_FEATURES, print_attributions

RNG = np.random.default_rng(0)
N = 80
ROWS = {
    "a": RNG.random(N),
    "b": RNG.random(N),
    "[red]c[/red]": RNG.random(N),
    "sex": RNG.choice(["F", "M"], N),
}


def score(frame):
    return 0.5 * np.asarray(frame["a"]) + 0.3 * np.asarray(frame["b"]) * (frame["sex"] == "M")


FOUND = rai.explain(score, ROWS)
SUMMARY = FOUND.summary(by="sex")
GAP = rai.attribute_gap(score, ROWS, metric="mean_score", sensitive_features="sex")


def printed(*, width=100, **options):
    console = Console(width=width, file=StringIO())
    print_attributions(FOUND, console=console, **{"summary": SUMMARY, **options})
    return console.file.getvalue()


def line(text, start, *, after=""):
    part = text[text.index(after) :]
    return next(line for line in part.splitlines() if line.startswith(start))


@pytest.mark.parametrize("name", ["Everyone", "F", "M"])
def test_each_group_has_its_numbers(name):
    text = printed()
    for row in SUMMARY:
        if row.name in {name, name.lower()}:
            found = line(text, row.feature, after=f"\n{name}, {row.n} rows")
            assert [figure(row.mean_abs), figure(row.mean)] == [
                cell for cell in found.split() if cell in {figure(row.mean_abs), figure(row.mean)}
            ][:2]


def test_a_gap_has_its_parts_and_what_they_do_not_say():
    text = printed(gaps=[GAP])
    (pair,) = GAP.pairs
    assert "The difference in mean score by sex, in parts" in text
    assert f"{pair.group} {figure(pair.group_value)} (n = {pair.n})" in text
    for part in (*pair.all_parts, pair.gap):
        found = line(text, part.feature, after="in parts")
        assert figure(part.value) in found.split()
        assert f"{part.share:.0%}" in found
    for note in GAP.notes:
        assert note in " ".join(text.split())


def test_a_row_has_its_values():
    text = printed(rows=[3])
    for row in FOUND.row(3):
        found = line(text, row.feature, after="\nRow 3")
        assert [row.value, figure(row.attribution)] == found.split()[-3:-1]


def test_names_are_no_markup_and_lines_fit():
    text = printed(gaps=[GAP], rows=[0])
    assert text.count("[red]c[/red]") >= 5
    assert max(map(len, text.splitlines())) <= 100


def test_many_features_are_counted():
    rows = {f"x{j}": RNG.random(30) for j in range(MOST_FEATURES + 5)}
    model = rai.load_model(lambda f: f["x0"] + 0.1 * f["x1"], task="regression")
    many = rai.explain(model, rows, method="sampled", background={n: v[:5] for n, v in rows.items()})
    console = Console(width=100, file=StringIO())
    print_attributions(many, summary=many.summary(), console=console)
    text = console.file.getvalue()
    assert "and 5 more features" in text
    assert len(re.findall(r"^x\d+ ", text, re.MULTILINE)) == MOST_FEATURES


def test_a_row_that_is_not_there_is_told_before_anything_is_printed():
    console = Console(width=100, file=StringIO())
    with pytest.raises(rai.ArgumentError, match="row: 500"):
        print_attributions(FOUND, summary=SUMMARY, rows=[500], console=console)
    assert console.file.getvalue() == ""
