"""Models behind MLflow's scoring server: what is sent, and what an answer may be."""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai

SCORES = [0.1, 0.6, 0.9]


def refused(kind, act):
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value)


@pytest.mark.parametrize("path", ["", "/", "/invocations", "/serving/credit/invocations"])
def test_scores_of_an_mlflow_server(serve, path, scored, people):
    served = serve(scored)
    model = rai.load_model(served.url + path, features=["age", "sex"])
    np.testing.assert_array_equal(model.scores(people.assign(more=1)), SCORES)
    where = path if len(path) > 1 else "/invocations"
    columns = {"columns": ["age", "sex"], "data": [[30, "F"], [40, "M"], [50, "F"]]}
    assert served.asked == [("POST", where, {"dataframe_split": columns})]
    assert (model.kind, model.task, model.digest) == ("MLflow endpoint", "binary", "")
    assert model.notes == (
        "what answers at a URL may change from one day to the next: it has no digest",
    )


def test_values_of_every_kind_as_json(serve):
    rows = {
        "whole": [1, 2],
        "number": [0.5, np.nan],
        "text": ["a", None],
        "truth": [True, False],
        "day": [date(2024, 5, 1), None],
        "level": pd.Categorical(["x", None]),
    }
    sent = [[1, 0.5, "a", True, "x"], [2, None, None, False, None]]
    served = serve({"predictions": [0, 1]})
    model = rai.load_model(served.url)
    frame = pd.DataFrame(rows).assign(day=pd.to_datetime(rows["day"]))
    for data in (frame, pl.from_pandas(frame)):
        model.scores(data)
        (split,) = [body["dataframe_split"] for body in served.bodies]
        served.asked.clear()
        day = split["columns"].index("day")
        assert [[v for i, v in enumerate(row) if i != day] for row in split["data"]] == sent
        days = [row[day] for row in split["data"]]
        assert (days[0][:19], days[1]) == ("2024-05-01T00:00:00", None)


def test_an_infinite_value_is_not_sent(serve):
    served = serve({"predictions": [0.5]})
    model = rai.load_model(served.url)
    said = refused(rai.DataError, lambda: model.scores({"age": [1.0, np.inf, -np.inf]}))
    assert said == (
        f"endpoint {served.url}: column 'age' with 2 infinite values, the first in row 2; expected "
        "finite numbers: JSON has no others."
    )
    assert served.asked == []


def test_values_of_several_kinds_are_not_sent(serve):
    served = serve({"predictions": [0.5]})
    rows = pd.DataFrame({"x": pd.Series([1, "a", [2]], dtype=object)})
    said = refused(rai.DataError, lambda: rai.load_model(served.url).scores(rows))
    assert said == (
        f"endpoint {served.url}: column 'x' with values of no plain kind; expected numbers, text, "
        "true/false values, dates or categories."
    )


@pytest.mark.parametrize(("request_rows", "sizes"), [(2, [2, 1]), (3, [3]), (1, [1, 1, 1])])
def test_rows_go_out_in_requests_of_so_many(serve, request_rows, sizes, scored, people):
    served = serve(scored)
    model = rai.load_model(served.url, request_rows=request_rows)
    np.testing.assert_array_equal(model.scores(people), SCORES)
    assert [len(body["dataframe_split"]["data"]) for body in served.bodies] == sizes


@pytest.mark.parametrize(
    ("predictions", "options", "expected"),
    [
        (["no", "yes", "yes"], {"classes": ["no", "yes"]}, [0, 1, 1]),
        ([[0.9, 0.1], [0.4, 0.6], [0.1, 0.9]], {}, SCORES),
        ([[0.9, 0.1], [0.4, 0.6], [0.1, 0.9]], {"positive_label": 0}, [0.9, 0.4, 0.1]),
        ([{"0": 0.1}, {"0": 0.6}, {"0": 0.9}], {}, SCORES),
        (
            [{"yes": 0.1, "no": 0.9}, {"yes": 0.6, "no": 0.4}, {"yes": 0.9, "no": 0.1}],
            {"classes": ["no", "yes"]},
            SCORES,
        ),
        ([-3.5, 0, 12.25], {"task": "regression"}, [-3.5, 0, 12.25]),
        ([-3.5, 0, 12.25], {"probabilities": False}, [-3.5, 0, 12.25]),
        (
            [[0.2, 0.3, 0.5], [1, 0, 0], [0, 1, 0]],
            {"classes": ["a", "b", "c"]},
            [[0.2, 0.3, 0.5], [1, 0, 0], [0, 1, 0]],
        ),
        (["c", "a", "b"], {"classes": ["a", "b", "c"]}, [[0, 0, 1], [1, 0, 0], [0, 1, 0]]),
    ],
)
def test_predictions_of_every_form(serve, predictions, options, expected, people):
    served = serve({"predictions": predictions})
    np.testing.assert_array_equal(rai.load_model(served.url, **options).scores(people), expected)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (
            b"<html>busy</html>",
            "an answer that is no JSON; expected JSON, with a finite number for each score.",
        ),
        (b"\xff\xfe", "an answer that is no JSON; expected JSON, with a finite number for each score."),
        (
            b"[" * 100_000,
            "an answer that is no JSON; expected JSON, with a finite number for each score.",
        ),
        (
            b'{"predictions": [0.1, NaN, 0.2]}',
            "an answer with NaN; expected JSON, with a finite number for each score.",
        ),
        (
            b'{"predictions": [0.1, -Infinity, 0.2]}',
            "an answer with -Infinity; expected JSON, with a finite number for each score.",
        ),
        (b"[0.1, 0.2, 0.3]", "an answer without a list of predictions; expected 'predictions'."),
        (b'{"predictions": 3}', "an answer without a list of predictions; expected 'predictions'."),
        (b'{"predictions": [0.1, 0.2]}', "2 predictions for 3 rows; expected one for each row."),
        (
            b'{"predictions": [0.1, 0.2, 0.3, 0.4]}',
            "4 predictions for 3 rows; expected one for each row.",
        ),
        (
            b'{"predictions": [0.1, [0.2, 0.8], 0.3]}',
            "predictions of several forms; expected a number or a label for each row, or a list of numbers.",
        ),
        (
            b'{"predictions": [{"a": 1}, {"b": 1}, {"a": 1}]}',
            "predictions of several forms; expected a number or a label for each row, or a list of numbers.",
        ),
    ],
)
def test_answers_that_say_nothing(serve, body, seen, endpoint_error):
    assert endpoint_error(serve(body)) == seen


def test_missing_scores_are_refused(serve, people):
    served = serve({"predictions": [0.1, None, 0.3]})
    assert refused(rai.DataError, lambda: rai.load_model(served.url).scores(people)) == (
        "model: it returned 1 missing or infinite value, the first in row 2; expected a finite score for "
        "every row."
    )
    served = serve(b'{"predictions": [0.1, 1e999, 0.3]}')
    assert "missing or infinite" in refused(
        rai.DataError, lambda: rai.load_model(served.url).scores(people)
    )
