"""The audit in the terminal: 100 columns, no meaning in colour alone, nothing hostile."""

import io

import pytest
from rich.console import Console

from rai.reports.terminal import print_audit


def printed(audit, width=100, **options):
    stream = io.StringIO()
    print_audit(audit, Console(file=stream, width=width, **options))
    return stream.getvalue()


def test_the_published_gaps_and_groups(made, gap_of):
    lines = [" ".join(line.split()) for line in printed(made("propublica")).splitlines()]
    for metric, told in (
        ("predictive_equality", "0.196 < 0.001 ● beyond chance African-American,"),
        ("predictive_parity", "0.236 0.14 ○ could be chance Asian, Hispanic"),
    ):
        gap = gap_of("propublica", metric, "race")
        assert f"{metric.replace('_', ' ')} {gap} {told}" in lines
    place = lines.index("Caucasian 2,454 0.348 0.523 0.235 0.591 0.670 0.394")
    assert lines[place + 1] == (
        "0.329–0.367 0.491–0.554 0.214–0.257 0.558–0.624 0.651–0.688 0.374–0.413"
    )


@pytest.mark.parametrize(
    "name", ["propublica", "two_races", "sixty", "multiclass", "hostile", "undefined"]
)
def test_nothing_is_wider_than_the_screen_or_cut(made, name):
    text = printed(made(name))
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text.replace("x…", "")


def test_without_colour_the_same_is_said(made):
    plain = printed(made("propublica"))
    coloured = printed(made("propublica"), force_terminal=True, color_system="truecolor")
    assert "\x1b[1m" in coloured
    assert "\x1b[3" not in coloured
    assert "\x1b" not in plain


def test_names_can_not_steer_the_terminal(made):
    text = printed(made("hostile"), force_terminal=True, color_system="truecolor")
    assert "\x1b[31m" not in text
    assert "two lines" in text


def test_many_groups_show_the_ends_of_gaps(made):
    text = printed(made("sixty"))
    assert "groups at the ends of gaps; 54 more groups are not shown" in text


def test_one_group_is_no_error(made):
    text = printed(made("one_group"))
    assert "There is only one group, so there is nothing to compare." in text
    assert "– undefined" in text
