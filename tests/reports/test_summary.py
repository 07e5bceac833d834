"""The summary in words, sentence by sentence."""

import re
from dataclasses import replace

import pytest

from rai.reports.summary import findings, paragraphs, summary
from rai.values import Gaps

PROPUBLICA = [
    "4 of 6 gaps are beyond chance. The largest gap that is sure is in the selection rate by race: "
    "0.457 [0.311, 0.701], between Native American (0.667) and Other (0.210).",
    "How often is the prediction positive? By race, the selection rate is highest for Native American "
    "(0.667) and lowest for Other (0.210): a gap of 0.457 [0.311, 0.701]. It is beyond chance "
    "(p < 0.001): equal groups of these sizes would show about 0.152. Surest is the difference between "
    "African-American and Other: 0.379 [0.311, 0.437].",
    "Of the rows that are positive, how many are found? By race, the true positive rate is highest for "
    "Native American (0.900) and lowest for Other (0.323): a gap of 0.577 [0.274, 0.719]. It is beyond "
    "chance (p < 0.001): equal groups of these sizes would show about 0.237. Surest is the difference "
    "between African-American and Other: 0.397 [0.274, 0.504].",
    "Of the rows that are negative, how many are called positive? By race, the false positive rate is "
    "highest for African-American (0.448) and lowest for Asian (0.0870): a gap of 0.362 [0.221, 0.731]. "
    "It is beyond chance (p < 0.001), but its size owes much to small groups: equal groups of these "
    "sizes would show about 0.196. Surest is the difference between African-American and Other: 0.301 "
    "[0.221, 0.365].",
    "When the prediction is positive, how often is it right? By race, the positive predictive value is "
    "highest for Asian (0.750) and lowest for Hispanic (0.542): a gap of 0.208 [0, 0.513]. It could be "
    "chance (p = 0.14): equal groups of these sizes would show about 0.236.",
    "How often is the prediction right? By race, the accuracy is highest for Asian (0.844) and lowest "
    "for African-American (0.638): a gap of 0.205 [0, 0.412]. It could be chance (p = 0.089): equal "
    "groups of these sizes would show about 0.146.",
    "2 of 6 groups rest on fewer than 30 rows in at least one metric. Fewest: Native American, whose "
    "false positive rate of 0.375 [0.137, 0.694] rests on 8 rows with a negative label. Such groups "
    "often stand at the ends of a largest gap.",
]


def test_the_published_table_of_six_races(made):
    assert summary(made("propublica")) == PROPUBLICA


def test_two_groups_are_compared_as_higher_and_lower_and_other_axes_follow(facts, gap_of):
    told = paragraphs(facts("two_races"))
    assert told[0] == (
        "9 of 18 gaps are beyond chance. The largest gap that is sure is in the selection rate by race: "
        "0.240 [0.215, 0.265], between African-American (0.588) and Caucasian (0.348)."
    )
    both = gap_of("two_races", "predictive_equality", "race × coin")
    assert told[3] == (
        "Of the rows that are negative, how many are called positive? By race, the false positive rate "
        "is higher for African-American (0.448) than for Caucasian (0.235): a gap of 0.214 "
        "[0.182, 0.245]. It is beyond chance (p < 0.001): equal groups of these sizes would show about "
        f"0.0135. By coin 0.00100 [0, 0.0336], could be chance; by race × coin {both}, beyond chance."
    )
    assert told[-1] == "12 rows could not be counted: missing y_true."


def test_simpsons_paradox_is_told(facts):
    assert paragraphs(facts("berkeley"))[-1] == (
        "Over all rows, the selection rate is higher for Male than for Female by 0.142 [0.113, 0.170]. "
        "With department held fixed, it is higher for Female than for Male by 0.0426 "
        "[0.00464, 0.0746]: the order turns round (Simpson's paradox), as it does in 4 of 6 levels."
    )


def test_what_is_the_same_is_called_the_same(facts):
    assert (
        "Of the rows that are positive, how many are found? By sex, the true positive rate is the same "
        "in all groups: a gap of 0 [0, 0.00685]."
    ) in paragraphs(facts("berkeley"))


def test_undefined_is_told_and_is_no_gap(facts, gap_of):
    told = paragraphs(facts("undefined"))
    assert told[-2:] == [
        "No true positive rate for North and Tiny; no false positive rate for East; no positive "
        "predictive value for Tiny and West. What is divided by nothing stays undefined: it is left out "
        "of the gaps and never counted as 0.",
        "5 of 5 groups rest on fewer than 30 rows in at least one metric. Fewest: Tiny, whose selection "
        "rate of 0 [0, 0.793] rests on 1 row. Such groups often stand at the ends of a largest gap.",
    ]
    gap = gap_of("undefined", "equal_opportunity", "site")
    assert f"highest for South (0.786) and lowest for West (0): a gap of {gap}." in told[2]


def test_one_group_has_nothing_to_compare(facts):
    told = paragraphs(facts("one_group"))
    assert told[0] == "There is only one group, so there is nothing to compare."
    assert findings(facts("one_group")) == []


def test_no_gap_beyond_chance_is_no_proof_of_equality(facts):
    assert paragraphs(facts("sixty"))[0] == (
        "None of the 24 gaps is beyond chance. That does not show that the groups are equal: the gap in "
        "the true positive rate by age × race × sex may be as large as 1.00."
    )


@pytest.mark.parametrize(
    ("low", "p_value", "says"),
    [
        (0.05, 0.2, "It is at the edge of chance: p = 0.2, but the 95% interval leaves parity out; "),
        (0.0, 0.03, "It is at the edge of chance: p = 0.03, but the 95% interval reaches parity; "),
        (0.0, 0.2, "It could be chance (p = 0.2): "),
        (0.05, 0.03, "It is beyond chance (p = 0.03), but its size owes much to small groups: "),
    ],
)
def test_where_interval_and_p_value_disagree_both_are_told(facts, low, p_value, says):
    shown = facts("propublica")
    gap = replace(shown.gaps[4], low=low, high=0.4, p_value=p_value)
    (finding,) = findings(replace(shown, gaps=Gaps([gap])))
    assert f"a gap of 0.208 [{'0' if low == 0 else '0.0500'}, 0.400]. {says}equal groups" in finding.text


def test_several_classes_are_asked_about_by_class(facts, gap_of):
    told = paragraphs(facts("multiclass"))
    assert re.match(
        r"\d+ of 30 gaps are beyond chance\. The largest gap that is sure is in the positive predictive "
        r"value of class medium by sex × area: 0\.756 ",
        told[0],
    )
    gap = gap_of("multiclass", "equal_opportunity", "sex × area", "medium")
    assert told[3].startswith(
        "Of the rows of a class, how many are found? By sex × area, the true positive rate of class "
        f"medium is highest for Female × Urban (0.695) and lowest for Female × Rural (0.333): a gap of {gap}."
    )


def test_a_regression_is_ranked_by_distance_from_chance(facts):
    told = paragraphs(facts("regression"))
    assert "The gap furthest from chance is in the mean error by sex: " in told[0]
    assert any(
        text.startswith("What is the label, on average? (This is about the data") for text in told
    )


def test_names_are_cut_and_cleaned(facts):
    told = " ".join(paragraphs(facts("hostile")))
    assert "two lines [31mred" in told
    assert "\x1b" not in told
    assert "x" * 61 not in told


def test_no_sentence_judges(every):
    judged = r"\b(?:un)?(?:fair|biased|compliant|discriminat|guarantee|prove)"
    assert re.findall(judged, " ".join(paragraphs(every)), re.IGNORECASE) == []


def test_every_finding_names_its_verdict(every):
    allowed = {"beyond chance", "could be chance", "undefined"}
    assert {found.verdict for found in findings(every)} <= allowed
