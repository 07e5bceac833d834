"""The start page: bundled data, files of one's own, roles with guesses, and refusals."""

import pandas as pd
import pytest

import rai
from apps.opening import Opening
from apps.start import guesses, roles


@pytest.fixture(scope="module")
def loans():
    frame = rai.load_dataset("adult", "test").frame.head(300).drop(columns="split", errors="ignore")
    frame["score"] = (frame["age"] - 17) / 80
    return frame


@pytest.fixture
def own(app):
    """The start page with files of one's own chosen."""
    at = app()
    at.segmented_control[0].set_value("Your own files").run()
    return at


def uploaded(at, name, data):
    at.file_uploader(key="start rows").upload(name, data, "text/csv")
    return at.run()


def button(at, label):
    return next(each for each in at.button if each.label == label)


def test_all_bundled_data_sets_are_offered(app):
    at = app()
    assert len(at.radio[0].options) == len(rai.list_datasets())
    assert at.radio[0].value == "adult"


def test_nothing_is_open_at_first_and_the_start_page_shows(app):
    at = app()
    assert not at.exception
    assert at.header[0].value == "Start"
    assert not at.sidebar.children


def test_a_bundled_data_set_opens_on_the_overview(app):
    at = app()
    at.radio[0].set_value("german_credit").run()
    assert any("1,000" in each.value for each in at.markdown)
    next(each for each in at.toggle).set_value(False).run()
    button(at, "Open").click().run()
    assert not at.exception
    assert at.header[0].value == "Overview"
    assert at.sidebar.caption[0].value == "1,000 rows · 0 models"
    assert at.query_params["data"] == "dataset:german_credit"


def test_rows_of_ones_own_open_with_the_guesses(own, loans):
    at = uploaded(own, "loans.csv", loans.to_csv(index=False).encode())
    assert not at.exception
    chosen = {each.label: each.value for each in at.selectbox}
    assert chosen["True label"] == "income"
    assert chosen["Positive label"] == ">50K"
    assert chosen["Scores"] == "score"
    assert chosen["Weight"] == ""
    assert at.multiselect[0].value == ["age", "race", "sex"]
    assert any("Perhaps fnlwgt" in each.value for each in at.caption)
    button(at, "Open").click().run()
    assert not at.exception
    project = at.session_state["project"]
    assert (project.name, project.source, len(project)) == ("loans", "", 300)
    assert list(project.models) == ["score"]
    assert project.roles.cuts == {"age": (30.0, 45.0, 60.0)}
    assert "data" not in at.query_params
    assert at.header[0].value == "Overview"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"a,b\n1\n", "row 1 has 1 field"),
        ("a.csv", b"\x00\x01", "no UTF\\-8 text"),
        ("a.parquet", b"PAR1PAR1", "a truncated Parquet file"),
    ],
)
def test_a_file_that_can_not_be_read_is_a_sentence_and_what_is_open_stays(app, name, data, said):
    at = app({"data": "dataset:german_credit"}, page="start")
    at.segmented_control[0].set_value("Your own files").run()
    uploaded(at, name, data)
    assert not at.exception
    assert said in at.error[0].value
    assert at.session_state["project"].name == "german_credit"


def test_a_pickle_is_refused_at_once_with_a_way_out(own):
    own.file_uploader(key="start models").upload("model.pkl", b"cos\nsystem\n", "x/y")
    own.run()
    assert "can run any code" in own.error[0].value
    assert "skops" in own.error[0].value


def test_cuts_that_are_no_numbers_are_a_sentence(own, loans):
    at = uploaded(own, "loans.csv", loans.to_csv(index=False).encode())
    at.text_input[0].set_value("young, old").run()
    assert not at.exception
    assert "rising numbers with commas between them" in at.error[0].value


@pytest.mark.parametrize("text", ["1,1", "3, 2", "x", "inf", "nan", "1e999", ","])
def test_edges_that_do_not_rise_are_refused(text):
    with pytest.raises(rai.ArgumentError, match="cuts of 'age': "):
        roles.edges_in(text, where="'age'")


@pytest.mark.parametrize(
    ("columns", "label", "score"),
    [
        ({"Income": ["a", "b"], "y": [0, 1]}, "y", ""),
        ({"member": [0, 1], "bought": [1, 0]}, "bought", ""),
        ({"x": [1.5, 2.5], "name": ["p", "q"], "Score": [0.1, 0.9]}, "Score", "Score"),
        ({"score": [10, 90], "label": [0, 1]}, "label", ""),
        ({"only": ["a", "a"]}, "", ""),
    ],
)
def test_guesses_go_by_names_and_values(columns, label, score):
    frame = pd.DataFrame(columns)
    assert guesses.guess_label(frame).column == label
    assert guesses.guess_score(frame).column == score


def test_guesses_of_an_odd_table_are_none():
    frame = pd.DataFrame({"a": [[1], [2]], "b": [None, None], "": [1, 2]})
    assert guesses.guess_prediction(frame).column == ""
    assert guesses.guess_weight(frame).column == ""
    assert not guesses.guess_sensitive(frame, besides=())


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        ((0, 1), 1),
        (("no", "yes"), "yes"),
        (("bad", "good"), "bad"),
        (("<=50K", ">50K"), ">50K"),
        (("a", "b"), "b"),
    ],
)
def test_the_positive_label_is_guessed(labels, positive):
    assert guesses.guess_positive(labels).column == positive


def test_the_start_page_knows_what_the_command_trusts(app):
    at = app({"model_options": '{"trusted_types": ["a.b"]}'})
    assert at.header[0].value == "Start"
    assert Opening(model_options='{"trusted_types": ["a.b"]}').trusted_types == ("a.b",)
