"""The profile in the terminal: 100 columns, no meaning in colour alone, nothing hostile."""

import io

from rich.console import Console

import rai
from rai.reports.data_facts import collect_data
from rai.reports.data_terminal import print_profile


def printed(facts, width=100):
    stream = io.StringIO()
    print_profile(facts, Console(file=stream, width=width))
    return stream.getvalue()


def test_problems_come_first(data_facts):
    lines = [" ".join(line.split()) for line in printed(data_facts).splitlines()]
    assert lines[0] == "Data: train and test"
    assert lines[2].startswith("1 serious problem, 6 warnings and 1 note.")
    assert "■ serious Missing by group: Income is missing more often for F." in lines
    assert "Not checked: Overlap, shared ids. No ids were named." in lines
    assert "May be sensitive, and was not named: age." in lines
    assert lines.index("Numeric features") > lines.index("○ note Heaped: Ages are rounded.")


def test_the_numbers_follow(data_facts, two_sets):
    lines = [" ".join(line.split()) for line in printed(data_facts).splitlines()]
    income = two_sets[0]["train"]["income"]
    share = f"{100 * income.isna().mean():.3g}%!"
    assert f"income train {income.count()} {share} {income.mean():.3g}" in " ".join(lines)


def test_nothing_is_wider_than_the_terminal(data_facts, hostile_facts):
    for facts in (data_facts, hostile_facts):
        assert max(map(len, printed(facts).splitlines())) <= 100


def test_names_never_steer_the_terminal(hostile_facts):
    text = printed(hostile_facts)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "Infinite numbers in <script>alert(1)</script> and endless." in " ".join(text.split())


def test_many_features_are_counted():
    wide = rai.profile({f"feature {k}": [k, k + 1] for k in range(63)})
    assert printed(collect_data(wide)).rstrip().endswith("and 3 more features")


def test_many_problems_are_counted(two_sets):
    class Many:
        def to_dicts(self):
            row = {"check": "rare", "severity": "warning", "sentence": "It is rare."}
            return [row] * 25

    assert "and 5 more" in printed(collect_data(two_sets[1], checks=Many()))
