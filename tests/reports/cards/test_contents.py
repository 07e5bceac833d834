"""The card as a value: numbers from the result, checked against counting by hand."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from rai.reports.cards import FORMATS, card
from rai.reports.cards.entries import entries


def slice_of(made, name):
    (found,) = (part for part in made.slices if part.name == name)
    return found


def measured(part, metric, label=""):
    (found,) = (each for each in part.measured if (each.metric, each.label) == (metric, label))
    return found


@pytest.mark.parametrize(("group", "hits"), [("sex=F", 15), ("sex=M", 10)])
def test_numbers_of_a_group_are_those_counted_by_hand(passed, group, hits):
    part = slice_of(card(passed), group)
    recall = measured(part, "true_positive_rate")
    low, high = proportion_confint(hits, 20, method="wilson")
    assert part.n == 40
    assert recall.value == hits / 20
    assert (recall.low, recall.high) == pytest.approx((low, high), abs=1e-9)


def test_numbers_of_everyone_come_first(passed):
    first = card(passed).slices[0]
    assert (first.name, first.n, measured(first, "true_positive_rate").value) == ("", 80, 25 / 40)


def test_a_gap_is_the_difference_of_its_groups(passed):
    (gap,) = (g for g in card(passed).gaps if g.measured.metric == "equal_opportunity")
    assert (gap.along, gap.highest, gap.lowest, gap.n) == ("sex", "F", "M", 80)
    assert gap.measured.value == pytest.approx(0.25)


def test_weighted_numbers_are_weighted_and_rows_are_rows(results):
    part = slice_of(card(results["weighted"]), "sex=F")
    hits = sum([1, 3][i % 2] for i in range(15)) / sum([1, 3][i % 2] for i in range(20))
    assert part.n == 40
    assert measured(part, "true_positive_rate").value == pytest.approx(hits)
    assert any("weights" in text for text in card(results["weighted"]).method)


def test_an_undefined_number_is_none_with_a_reason(results):
    found = measured(slice_of(card(results["undefined"]), "sex=F"), "true_positive_rate")
    assert (found.value, found.low, found.high) == (None, None, None)
    assert "positive label" in found.note


def test_classes_are_told_apart(results):
    made = card(results["multiclass"])
    labels = {m.label for m in slice_of(made, "sex=F").measured if m.metric == "true_positive_rate"}
    assert labels == {"a", "b", "c", "(macro)", "(micro)"}
    assert measured(slice_of(made, "sex=F"), "true_positive_rate", "a").value == 1.0


def test_groups_of_two_features_name_both(results):
    assert slice_of(card(results["crossed"]), "sex=F, race=A").group == (("sex", "F"), ("race", "A"))


def test_words_lend_a_card_no_number(results, words):
    for result in results.values():
        assert list(entries(card(result))) == list(entries(card(result, words=words)))


def test_a_name_given_goes_before_that_of_the_words(passed, words):
    names = [
        card(passed, words=words, model_name="other").name,
        card(passed, words=words).name,
        card(passed).name,
    ]
    assert names == ["other", "loans", "unnamed model"]
    assert [card(passed).missing[0], card(passed, model_name="other").missing[0]] == ["name", "overview"]


def test_a_failed_gate_is_told_before_anything_else(failed, words):
    made = card(failed, words=words)
    assert made.passed is False
    assert made.answer == (
        "This model did not pass its fairness gate. Gate failed: 4 verdicts, 2 fail, 2 pass. "
        f"{made.gate.meaning}"
    )


def test_a_passed_gate_is_told_without_a_warning(passed):
    assert card(passed).answer.startswith("Gate passed: 2 verdicts, 2 pass. ")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_input_gives_the_same_bytes(name, results, words):
    for result in results.values():
        texts = {FORMATS[name](card(result, words=words)) for _ in range(2)}
        assert len(texts) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_is_missing(name, passed):
    text = FORMATS[name](card(passed))
    lacking = [
        what
        for what in card(passed).missing
        if f"MISSING: {what}. A person has to write this." not in text
    ]
    assert lacking == []


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_says_that_something_is_missing_if_nothing_is(name, passed, words):
    assert "MISSING" not in FORMATS[name](card(passed, words=words))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_that_the_gate_did_not_pass(name, failed, passed, words):
    warning = "This model did not pass its fairness gate. Gate failed"
    assert warning in FORMATS[name](card(failed, words=words))
    assert warning not in FORMATS[name](card(passed, words=words))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_holds_what_people_said(name, passed, words):
    text = FORMATS[name](card(passed, words=words))
    said = ("Ranks applications for loans.", "Credit team", "To rank applications.", "Clerks")
    more = ("Setting interest", "All of 2020.", "Half of 2021.", "Exclusion", "A second look", "Women")
    last = ("Faster", "Fewer loans", "Review", "Few rows before 2020.", "None tried.", "2026-11-01")
    assert [each for each in (*said, *more, *last) if each not in text] == []
    assert "Mitchell et al. 2019" in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_which_rows_the_numbers_rest_on(name, passed):
    text = FORMATS[name](card(passed))
    assert card(passed).fingerprint in text
    assert passed.source.digest in text


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_calls_a_model_compliant(name, passed, words):
    assert "compliant" not in FORMATS[name](card(passed, words=words)).lower()


@pytest.mark.parametrize("name", FORMATS)
def test_a_card_of_evidence_is_the_card_of_the_result(name, failed, words, tmp_path):
    again = type(failed).load(failed.save(tmp_path / "evidence.json"))
    assert FORMATS[name](card(again, words=words)) == FORMATS[name](card(failed, words=words))
