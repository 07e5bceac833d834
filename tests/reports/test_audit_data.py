"""The section of an audit about its data: who is there, their labels, what is missing, what checks found."""

import math

import pytest

import rai
from rai.reports.audit_data import missing_groups
from rai.reports.data_facts import collect_beside
from rai.reports.group_tables import data_table
from rai.reports.markdown import markdown
from rai.reports.page import page
from rai.reports.summary import cautions


class Checks:
    """What checks of data found."""

    def to_dicts(self):
        row = {"check": "base_rate_gap", "severity": "serious", "sentence": "<b>Labels</b> differ."}
        return [row, {"check": "overlap", "severity": "not_checked", "sentence": "Not checked: no ids."}]


@pytest.fixture
def with_checks(facts):
    """What reports show of an audit whose data were checked."""
    from dataclasses import replace

    profile = rai.profile({"age": [1, None]})
    return replace(facts("propublica"), beside=collect_beside(profile, checks=Checks()))


def wilson(count, n, z=1.959963984540054):
    """Wilson (1927), from its formula."""
    p, scale = count / n, 1 + z * z / n
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n) - reach) / scale, (p + z * z / (2 * n) + reach) / scale


def test_shares_of_rows_have_wilsons_interval(facts):
    table = data_table(facts("propublica"), "race")
    assert table.heads == ("share of rows", "base rate")
    for row in table.rows:
        low, high = wilson(row.n, 7214)
        share = row.cells[0]
        assert share.value == f"{row.n / 7214:#.3g}"
        assert [float(x) for x in share.bounds.strip("[]").split(", ")] == pytest.approx(
            [low, high], rel=5e-3
        )
    asian = next(row for row in table.rows if row.name == "Asian")
    assert (asian.cells[1].value, asian.cells[1].counts) == ("0.281", "9 of 32")
    assert table.everyone.cells[0].value == "1.00"
    assert table.everyone.cells[0].place is None


def test_rates_about_the_data_are_told_there_and_nowhere_else(facts):
    text = markdown(facts("propublica"))
    assert "| Asian | 32 | 0.00444 [0.00314, 0.00626] | 0.281 [0.156, 0.454] |" in text
    assert text.count("| base rate |") == 1
    assert "| mean prediction |" in markdown(facts("regression"))
    assert markdown(facts("regression")).count("| share of rows | mean label |") == 3


def test_groups_without_a_value_are_counted(facts):
    assert missing_groups(facts("ages")) == (
        "18 rows (0.858%) have no value of age: a group of its own here.",
    )
    assert missing_groups(facts("propublica")) == ()


def test_problems_of_the_data_stand_in_the_section_and_at_the_head(with_checks, read_html):
    reader = read_html(page(with_checks))
    assert reader.open == []
    assert "<b>Labels</b> differ." in reader.words
    assert "Overlap : No ids." in reader.words
    assert "1 feature has marked numbers: age." in reader.words
    told = (
        "In the data: 1 serious problem. 1 check could not be run, which is not the same as having passed. "
        "They are about base rate gap."
    )
    assert cautions(with_checks)[-1] == told
    assert told in reader.words
    assert "- **serious: Base rate gap.** &lt;b>Labels&lt;/b> differ." in markdown(with_checks)


def test_the_json_has_them_and_is_an_audit_still(made, tmp_path):
    path = rai.report(made("two_races"), tmp_path / "a.json", checks=Checks())
    assert '"base_rate_gap"' in path.read_text("utf-8")
    assert rai.Audit.load(path).gaps().to_dicts() == made("two_races").gaps().to_dicts()


def test_a_profile_must_be_one(made, tmp_path):
    from rai.ground.errors import ArgumentError

    with pytest.raises(ArgumentError) as error:
        rai.report(made("two_races"), tmp_path, profile={"age": [1]})
    assert str(error.value) == "profile: dict; expected a Profile."
