"""The worksheet: its questions, answers that make a new one, files, and what is refused."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rai.explore.worksheet_questions import QUESTIONS, Question
from rai.explore.worksheets import Worksheet
from rai.ground.errors import ArgumentError, DataError

KEYS = ["id", "bias", "question", "look_at", "answer", "by", "on"]
BIASES = ["reporting", "selection", "interaction", "latent", "confirmation", "automation"]
AGAIN = "expected a worksheet saved by this version of rai. Save the worksheet again."


def test_a_blank_one_asks_two_to_four_short_questions_of_each_bias():
    blank = Worksheet()
    assert list(dict.fromkeys(question.bias for question in blank)) == BIASES
    counts = [sum(question.bias == bias for question in blank) for bias in BIASES]
    assert all(2 <= n <= 4 for n in counts)
    assert all(question.question.endswith("?") and len(question.question) <= 100 for question in blank)
    assert all(question.look_at for question in blank)
    assert [question.id for question in blank][:3] == ["reporting.1", "reporting.2", "reporting.3"]
    assert blank.unanswered == tuple(blank) == QUESTIONS
    assert all(list(row) == KEYS for row in blank.to_dicts())


def test_an_answer_makes_a_new_worksheet():
    blank = Worksheet()
    ours = blank.answer("selection.1", "Tenants.", by="Ada", on=date(2026, 11, 25))
    assert blank == Worksheet()
    assert ours != blank
    assert [question.id for question in ours] == [question.id for question in blank]
    assert ours.question("selection.1").to_dict() == {
        **blank.question("selection.1").to_dict(),
        "answer": "Tenants.",
        "by": "Ada",
        "on": "2026-11-25",
    }
    assert len(ours.unanswered) == len(blank) - 1
    changed = ours.answer("selection.1", "Nobody.", on=datetime(2026, 11, 26, 9))
    assert changed.question("selection.1").by is None
    assert changed.question("selection.1").on == "2026-11-26"
    assert len(changed.unanswered) == len(ours.unanswered)


def test_it_is_a_collection_of_rows():
    ours = Worksheet().answer("latent.1", "Postcode.", by="Ada")
    (row,) = ours.where(id="latent.1").to_dicts()
    assert row["answer"] == "Postcode."
    assert isinstance(ours.where(bias="latent"), Worksheet)
    assert ours.to_pandas().shape == (len(ours), len(KEYS))
    assert json.loads(ours.to_json())[0]["answer"] is None
    assert repr(Worksheet()).startswith(f"Worksheet(0 of {len(QUESTIONS)} answered)\n[ ] reporting.1  ")
    assert "[x] latent.1  " in str(ours)
    assert "\n    Postcode. (Ada)\n" in str(ours)


def test_markdown_reads_bias_by_bias():
    own = Worksheet(
        [
            Question("a.1", "selection", "Who?", "rai.audit(…)"),
            Question(
                "b.1",
                "automation",
                "When?",
                answer="Never,\n*or* <b>rarely</b>.",
                by="A_b",
                on="2026-01-02",
            ),
        ]
    )
    assert own.to_markdown() == (
        "# Worksheet\n\n1 of 2 answered\n\n"
        "## Selection bias\n\n**a.1** Who?\n\nLook at: rai.audit(…)\n\n> (not answered)\n\n"
        "## Automation bias\n\n**b.1** When?\n\n"
        "> Never,\n> \\*or\\* &lt;b&gt;rarely&lt;/b&gt;.\n>\n> — A\\_b, 2026-01-02\n"
    )


@given(st.dictionaries(st.sampled_from([q.id for q in QUESTIONS]), st.text(min_size=1), max_size=5))
def test_what_is_saved_is_loaded(tmp_path_factory, answers):
    held = Worksheet()
    for which, text in answers.items():
        if text.strip() and text.isprintable():
            held = held.answer(which, text, by="Åsa", on="2026-11-25")
    path = held.save(tmp_path_factory.mktemp("worksheet") / "worksheet.json")
    assert Worksheet.load(path) == held
    assert held.save(path).read_bytes() == Worksheet.load(path).save(path).read_bytes()
    assert Worksheet.from_dict(json.loads(path.read_text("utf-8"))) == held
    assert held.to_dict() == json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("plain", [None, [], "x", {"questions": []}])
def test_data_that_are_no_worksheet_are_refused(plain):
    with pytest.raises(DataError) as caught:
        Worksheet.from_dict(plain)
    assert str(caught.value) == f"reading a worksheet: no saved worksheet; {AGAIN}"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Worksheet().answer("selction.1", "x"),
            "worksheet: 'selction.1'; expected one of "
            + ", ".join(repr(q.id) for q in QUESTIONS)
            + ". Did you mean 'selection.1'?",
        ),
        (
            lambda: Worksheet().answer("latent.1", " "),
            "question 'latent.1': answer ' '; expected text.",
        ),
        (
            lambda: Worksheet().answer("latent.1", None),
            "question 'latent.1': answer None; expected text.",
        ),
        (
            lambda: Worksheet().answer("latent.1", "x", by=3),
            "question 'latent.1': by 3; expected text.",
        ),
        (
            lambda: Worksheet().answer("latent.1", "x", on="25.11.2026"),
            "question 'latent.1': on '25.11.2026'; expected a day. Write it as \"2026-11-25\".",
        ),
        (lambda: Worksheet("abc"), "worksheet: 'abc'; expected questions."),
        (lambda: Worksheet(3), "worksheet: 3; expected questions."),
        (lambda: Worksheet(["abc"]), "worksheet: 'abc'; expected a question."),
        (
            lambda: Worksheet([Question("a", "b", "c?"), Question("a", "b", "d?")]),
            "worksheet: 'a' twice; expected each id once.",
        ),
        (lambda: Question("", "b", "c?"), "question: question ''; expected a question's name."),
        (lambda: Question("a", "", "c?"), "question 'a': bias ''; expected text."),
        (lambda: Question("a", "b", None), "question 'a': question None; expected text."),
        (lambda: Question("a", "b", "c?", 3), "question 'a': look_at 3; expected text."),
    ],
)
def test_what_is_refused(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("{}", "no saved worksheet"),
        ("[1", "no JSON"),
        ('{"format": "rai-worksheet", "version": 2}', "version 2"),
        (
            '{"format": "rai-worksheet", "version": 1, "questions": [{"id": "a"}]}',
            "questions that don't fit together",
        ),
        (
            '{"format": "rai-worksheet", "version": 1, "questions": '
            '[{"id": "a", "bias": "b", "question": "c?", "answer": 3}]}',
            "questions that don't fit together (question 'a': answer 3; expected text.)",
        ),
        (
            '{"format": "rai-worksheet", "version": 1, "questions": 3}',
            "questions that don't fit together",
        ),
    ],
)
def test_a_file_that_is_no_worksheet_is_refused(tmp_path, text, seen):
    path = tmp_path / "worksheet.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Worksheet.load(path)
    assert str(caught.value) == f"reading {path}: {seen}; {AGAIN}"
    missing = tmp_path / "none.json"
    with pytest.raises(DataError) as caught:
        Worksheet.load(missing)
    assert str(caught.value) == f"reading {missing}: no such file or directory; {AGAIN}"
