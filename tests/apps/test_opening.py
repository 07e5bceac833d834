"""What `rai app` opens: rows, models and roles that fit, or a sentence."""

import os

import numpy as np
import pandas as pd
import pytest

import rai
from apps.opening import Opening, opened, unique


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import skops.io
    from sklearn.linear_model import LogisticRegression

    folder = tmp_path_factory.mktemp("opening")
    rng = np.random.default_rng(0)
    age = rng.integers(18, 80, 300)
    rows = pd.DataFrame(
        {
            "age": age,
            "sex": rng.choice(["Female", "Male"], 300),
            "hired": (age + rng.normal(0, 10, 300) > 45).astype(int),
        }
    )
    model = LogisticRegression().fit(rows[["age"]], rows["hired"])
    rows["score"] = model.predict_proba(rows[["age"]])[:, 1]
    rows["decision"] = model.predict(rows[["age"]])
    rows.to_csv(folder / "rows.csv", index=False)
    rows.head(50).to_csv(folder / "more.csv", index=False)
    for name in ("a", "b"):
        (folder / name).mkdir()
        skops.io.dump(model, folder / name / "model.skops")
    other = LogisticRegression().fit(rows[["age"]].rename(columns={"age": "years"}), rows["hired"])
    skops.io.dump(other, folder / "years.skops")
    return folder


def project(folder, **asked):
    for key in ("models", "compare"):
        asked[key] = tuple(str(folder / name) for name in asked.get(key, ()))
    return opened(Opening(data=str(folder / "rows.csv"), **asked))


def test_models_of_one_name_get_names_of_their_own(folder):
    found = project(folder, y_true="hired", models=("a/model.skops", "b/model.skops"))
    assert list(found.models) == ["model", "model 2"]


def test_other_data_sets_of_one_name_get_names_of_their_own(folder):
    assert list(project(folder, compare=("more.csv", "more.csv")).others) == ["more", "more 2"]


def test_names_that_are_taken_by_a_number_are_passed_over():
    assert unique(["m", "m", "m 2", "m"]) == ["m", "m 2", "m 2 2", "m 3"]


def test_a_positive_label_is_spelled_as_text(folder):
    found = project(folder, y_true="hired", models=("a/model.skops",), positive_label="0")
    assert found.roles.positive_label == 0
    assert found.models["model"].positive_label == 0
    scores = found.models["model"].scores(found.frame)
    assert np.allclose(scores, 1 - found.frame["score"])


def test_a_model_of_other_columns_is_told_at_the_start(folder):
    with pytest.raises(rai.RoleError) as error:
        project(folder, y_true="hired", models=("years.skops",))
    assert str(error.value) == (
        "model 'years': the data lack 'years'; expected every column that it reads. Name the columns of "
        "the data as they were called when it was trained."
    )


@pytest.mark.parametrize(
    ("asked", "task", "answers"),
    [
        ({"y_pred": "decision"}, "binary", False),
        ({"y_pred": "decision", "y_true": "hired"}, "binary", False),
        ({"y_score": "score"}, "binary", False),
        ({"y_score": "score", "y_true": "hired"}, "binary", False),
        ({"y_pred": "score", "y_true": "age"}, "regression", False),
    ],
)
def test_columns_of_predictions_or_scores_are_models_without_edits(folder, asked, task, answers):
    (model,) = project(folder, **asked).models.values()
    assert (model.task, model.answers_edits) == (task, answers)


def test_rows_alone_are_a_project(folder):
    found = project(folder)
    assert (found.models, found.task, len(found)) == ({}, None, 300)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"y_true": "hird"}, "columns: no column 'hird'; expected one of 'age', 'sex', 'hired', 'score', 'decision'. Did you mean 'hired'?"),
        ({"y_true": "hired", "y_score": "score", "positive_label": "2"}, "positive_label: '2'; expected one of 0, 1."),
        ({"y_score": "age"}, "model 'age': model: it returned a score of"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_a_sentence(folder, asked, said):
    with pytest.raises(rai.RaiError) as error:
        project(folder, **asked)
    assert str(error.value).startswith(said)


def test_the_same_files_are_opened_once_and_changed_ones_again(folder):
    first = project(folder, y_true="hired")
    assert project(folder, y_true="hired") is first
    path = folder / "rows.csv"
    text = path.read_text()
    path.write_text(text.replace("Female", "Woman", 1))
    os.utime(path, ns=(1, 1))
    second = project(folder, y_true="hired")
    path.write_text(text)
    assert second is not first
    assert (second.frame["sex"] == "Woman").sum() == 1


def test_an_opening_is_text_and_back():
    opening = Opening(data="x.csv", models=("a", "b"), model_options='{"trusted_types": ["t"]}')
    assert Opening.from_json(opening.as_json()) == opening
    assert opening.trusted_types == ("t",)
    assert Opening().trusted_types == ()


def test_the_positive_label_of_a_card_is_for_the_label_of_the_card_only():
    assert opened(Opening(data="dataset:adult")).roles.positive_label == ">50K"
    other = opened(Opening(data="dataset:adult", y_true="sex"))
    assert other.roles.positive_label is None
    named = Opening(data="dataset:adult", y_true="sex", positive_label="Female")
    assert opened(named).roles.positive_label == "Female"
