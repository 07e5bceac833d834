"""What people say: read, checked, and told as missing where they have not said it."""

import pytest
from pydantic import ValidationError

from rai.ground.errors import PolicyError
from rai.reports.cards.human_words import ASKED, Words, read_words


def said(text, tmp_path):
    path = tmp_path / "card.yaml"
    path.write_text(text, "utf-8")
    return read_words(path)


def problem(text, tmp_path):
    with pytest.raises(PolicyError) as raised:
        said(text, tmp_path)
    return str(raised.value).replace(str(tmp_path) + "/", "")


def test_nothing_said_means_that_everything_is_missing():
    assert read_words(None).missing == tuple(ASKED.values())


def test_full_words_lack_nothing(words):
    assert read_words(words).missing == ()


@pytest.mark.parametrize("field", ASKED)
def test_each_field_that_is_left_out_is_missing_and_no_other(field, words):
    left = {name: held for name, held in words.items() if name != field}
    assert read_words(left).missing == (ASKED[field],)


def test_blank_text_is_missing(words):
    assert "overview" in read_words({**words, "overview": "  \n "}).missing


def test_a_name_of_data_does_not_say_where_they_come_from(words):
    assert read_words({**words, "training_data": {"name": "loans"}}).missing == ("training data",)


def test_a_risk_without_mitigation_is_missing_it(words):
    found = read_words({**words, "ethical_considerations": "Exclusion"})
    assert found.missing == ("mitigation of each risk",)


@pytest.mark.parametrize("part", ["benefits", "harms", "mitigation"])
def test_a_group_at_risk_is_missing_what_is_not_said_of_it(part, words):
    people = {name: text for name, text in words["groups_at_risk"][0].items() if name != part}
    found = read_words({**words, "groups_at_risk": people})
    assert found.missing == ("benefits, harms and mitigation of each group at risk",)


def test_a_file_and_the_same_data_say_the_same(tmp_path):
    text = (
        "name: loans\nowners:\n  - Credit team\n  - {name: A, contact: a@b.example}\ndate: 2026-11-01\n"
    )
    data = {
        "name": "loans",
        "owners": ["Credit team", {"name": "A", "contact": "a@b.example"}],
        "date": "2026-11-01",
    }
    assert said(text, tmp_path) == read_words(data)


def test_words_are_frozen():
    with pytest.raises(ValidationError):
        Words().overview = "x"


def test_paragraphs_are_kept_and_control_characters_are_not():
    words = read_words({"overview": " One\nline.\n\n \n\x1b[31mTwo\u202e. "})
    assert words.overview == "One line.\n\n[31mTwo ."


def test_an_unknown_field_is_told_with_its_line_and_the_nearest(tmp_path):
    told = problem("name: loans\nlimitation: few\n", tmp_path)
    assert told.startswith("card.yaml, line 2: unknown field 'limitation'; expected one of 'name', ")
    assert told.endswith("Did you mean 'limitations'?")


def test_an_unknown_field_of_a_part_is_told_with_the_fields_of_that_part(tmp_path):
    told = problem("owners:\n  - name: A\n    mail: b\n", tmp_path)
    assert told == (
        "card.yaml, line 3: owners.0: unknown field 'mail'; expected one of 'name', 'contact'."
    )


def test_numbers_are_no_words(tmp_path):
    assert problem("version: 1.10\n", tmp_path) == (
        "card.yaml, line 1: version: 1.1; expected text. Put it in quotes."
    )


def test_metrics_cannot_be_written_by_hand(tmp_path):
    assert "unknown field 'metrics'" in problem("metrics: {accuracy: 0.99}\n", tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "card.yaml: nothing; expected fields such as 'overview', 'owners', 'version'"),
        ("- a\n", "card.yaml: ['a']; expected fields such as"),
        ("users: ['']\n", "card.yaml, line 1: users.0: no text; expected some."),
        ("owners:\n  - contact: a\n", "card.yaml, line 2: owners.0: no 'name'; expected it, as text."),
        ("date: soon\n", "card.yaml, line 1: date: 'soon'; expected a day, such as 2026-11-26."),
        ("users: 3\n", "card.yaml, line 1: users: 3; expected a list of texts."),
        ("owners: [3]\n", "card.yaml, line 1: owners.0: 3; expected text, or fields by name."),
        ("name: [a\n", "card.yaml, line 2: "),
        ("name: &x a\n", "card.yaml, line 1: an anchor; expected the value itself."),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(text, told, tmp_path):
    assert problem(text, tmp_path).startswith(told)


def test_a_text_that_is_too_long_is_refused(tmp_path):
    assert problem(f"overview: {'a' * 4001}\n", tmp_path) == (
        "card.yaml, line 1: overview: 4,001 letters; expected at most 4,000."
    )


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(
        PolicyError, match=r"no such file or directory; expected a file that can be read"
    ):
        read_words(tmp_path / "none.yaml")


def test_what_is_no_file_is_told():
    with pytest.raises(PolicyError, match=r"^words: 3; expected a path or a dict\.$"):
        read_words(3)


def test_at_most_ten_problems_are_told(tmp_path):
    told = problem("".join(f"field{i}: a\n" for i in range(14)), tmp_path)
    assert told.splitlines()[-1] == "and 4 more"
    assert len(told.splitlines()) == 11
