"""Models that speak KServe's protocol: which tensors are sent, and which is read."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai

SCORES = [0.1, 0.6, 0.9]
BY_AGE = dict(zip([30, 40, 50], SCORES, strict=True))


def refused(kind, act):
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value)


@pytest.fixture
def kserve(serve, send):
    """`kserve(metadata, outputs)`: a server; `outputs` is a function of the inputs by name."""

    def kserve(metadata, outputs):
        def answer(handler, method, path, body):
            if method == "GET":
                send(handler, 200, metadata)
            else:
                tensors = {one["name"]: one for one in body["inputs"]}
                send(handler, 200, {"model_name": "credit", "outputs": outputs(tensors)})

        return serve(answer)

    return kserve


COLUMNS = {
    "name": "credit",
    "platform": "sklearn",
    "inputs": [
        {"name": "sex", "datatype": "BYTES", "shape": [-1, 1]},
        {"name": "age", "datatype": "FP32", "shape": [-1, 1]},
    ],
    "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]}],
}


def labels_and_probabilities(tensors):
    ages = tensors["age"]["data"]
    pairs = [[1 - BY_AGE[age], BY_AGE[age]] for age in ages]
    rows = len(ages)
    return [
        {"name": "label", "datatype": "INT64", "shape": [rows], "data": [0] * rows},
        {
            "name": "probabilities",
            "datatype": "FP32",
            "shape": [rows, 2],
            "data": [p for pair in pairs for p in pair],
        },
    ]


@pytest.mark.parametrize(
    "path", ["/v2/models/credit", "/v2/models/credit/infer", "/v2/models/credit/versions/3/"]
)
def test_scores_of_a_kserve_server(kserve, path, people):
    served = kserve(COLUMNS, labels_and_probabilities)
    model = rai.load_model(served.url + path, request_rows=2)
    assert (model.features, model.kind) == (("sex", "age"), "KServe endpoint")
    np.testing.assert_allclose(model.scores(people), SCORES)
    stem = path.removesuffix("/infer").removesuffix("/")
    assert [(method, where) for method, where, _ in served.asked] == [
        ("GET", stem),
        ("POST", f"{stem}/infer"),
        ("POST", f"{stem}/infer"),
    ]
    assert served.bodies[0] == {
        "parameters": {"content_type": "pd"},
        "inputs": [
            {
                "name": "sex",
                "datatype": "BYTES",
                "shape": [2, 1],
                "data": ["F", "M"],
                "parameters": {"content_type": "str"},
            },
            {"name": "age", "datatype": "FP32", "shape": [2, 1], "data": [30, 40]},
        ],
    }


def test_a_kserve_server_that_takes_one_matrix(kserve):
    metadata = {"inputs": [{"name": "X", "datatype": "FP32", "shape": [-1, 2]}]}

    def outputs(tensors):
        assert tensors["X"]["shape"] == [3, 2]
        data = np.reshape(tensors["X"]["data"], (3, 2))
        return [
            {"name": "y", "datatype": "FP64", "shape": [3, 1], "data": (data @ [0.1, 0.01]).tolist()}
        ]

    served = kserve(metadata, outputs)
    rows = pd.DataFrame({"a": [1, 2, 3], "b": [True, False, True], "c": [9, 9, 9]})
    model = rai.load_model(f"{served.url}/v2/models/m", features=["a", "b"])
    np.testing.assert_allclose(model.scores(rows), [0.11, 0.2, 0.31])
    unsaid = rai.load_model(f"{served.url}/v2/models/m")
    assert refused(rai.DataError, lambda: unsaid.scores(rows)) == (
        f"endpoint {served.url}/v2/models/m: 3 columns for tensor 'X'; expected 2. Pass features= to "
        "rai.load_model, in the order that it was trained on."
    )
    said = refused(
        rai.ArgumentError, lambda: rai.load_model(f"{served.url}/v2/models/m", features=["a"])
    )
    assert said == "features: 'a'; expected 2 columns, as tensor 'X' has."


def test_a_kserve_server_that_says_nothing_of_itself(kserve):
    def outputs(tensors):
        rows = tensors["age"]["shape"][0]
        return [{"name": "y", "datatype": "BYTES", "shape": [rows], "data": ["no", "yes", "no"]}]

    served = kserve({"name": "m"}, outputs)
    model = rai.load_model(f"{served.url}/v2/models/m", classes=["no", "yes"])
    assert model.features is None
    rows = pl.DataFrame(
        {"age": [30, 40, None], "x": [0.5, None, 1.5], "ok": [True, False, None], "s": ["a", "b", None]},
        schema_overrides={"age": pl.UInt8, "x": pl.Float32},
    )
    np.testing.assert_array_equal(model.scores(rows), [0, 1, 0])
    assert [(one["datatype"], one["shape"], one["data"]) for one in served.bodies[0]["inputs"]] == [
        ("UINT8", [3], [30, 40, None]),
        ("FP32", [3], [0.5, None, 1.5]),
        ("BOOL", [3], [True, False, None]),
        ("BYTES", [3], ["a", "b", None]),
    ]


def test_several_classes_and_nested_data(kserve, people):
    data = [[0.2, 0.3, 0.5], [1, 0, 0], [0, 1, 0]]

    def outputs(_):
        return [
            {"name": "margin", "datatype": "FP32", "shape": [3], "data": [7, 8, 9]},
            {"name": "p", "datatype": "FP32", "shape": [3, 3], "data": data},
        ]

    served = kserve(COLUMNS, outputs)
    model = rai.load_model(f"{served.url}/v2/models/m", classes=["a", "b", "c"])
    np.testing.assert_array_equal(model.scores(people), data)
    values = rai.load_model(f"{served.url}/v2/models/m", task="regression")
    np.testing.assert_array_equal(values.scores(people), [7, 8, 9])


@pytest.mark.parametrize(
    ("column", "datatype", "seen"),
    [
        (
            [40.5, 1.0, 2.0],
            "INT64",
            "column 'x' of type Float64 for datatype INT64; expected whole numbers.",
        ),
        (["a", "b", "c"], "FP32", "column 'x' of type String for datatype FP32; expected numbers."),
        ([1, 2, 3], "BYTES", "column 'x' of type Int64 for datatype BYTES; expected text."),
        ([1, 2, 3], "BOOL", "column 'x' of type Int64 for datatype BOOL; expected true/false values."),
    ],
)
def test_a_value_that_its_tensor_would_change_is_not_sent(kserve, column, datatype, seen):
    metadata = {"inputs": [{"name": "x", "datatype": datatype, "shape": [-1]}]}
    served = kserve(metadata, lambda _: [])
    model = rai.load_model(f"{served.url}/v2/models/m")
    said = refused(rai.DataError, lambda: model.scores({"x": column}))
    assert said == f"endpoint {served.url}/v2/models/m: {seen}"


def test_whole_numbers_that_came_as_floats(kserve):
    metadata = {"inputs": [{"name": "x", "datatype": "INT32", "shape": [-1]}]}
    outputs = [{"name": "y", "datatype": "FP32", "shape": [3], "data": [0, 0.5, 1]}]
    served = kserve(metadata, lambda _: outputs)
    rai.load_model(f"{served.url}/v2/models/m").scores({"x": [1.0, np.nan, 3.0]})
    assert json.dumps(served.bodies[0]["inputs"][0]["data"]) == "[1, null, 3]"


@pytest.mark.parametrize(
    ("metadata", "seen"),
    [
        ([], "an answer that is no metadata; expected a model's metadata, with 'inputs'."),
        ({"inputs": 3}, "an answer that is no metadata; expected a model's metadata, with 'inputs'."),
        (
            {"inputs": [{"name": "x"}]},
            "an input without name, datatype or shape; expected a model's metadata, with 'inputs'.",
        ),
        (
            {"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 3, 32, 32]}]},
            "input 'x' of shape [-1, 3, 32, 32]; expected a column for each input, or one matrix.",
        ),
        (
            {"inputs": [{"name": n, "datatype": "FP32", "shape": [-1, 4]} for n in "ab"]},
            "input 'a' of shape [-1, 4]; expected a column for each input, or one matrix.",
        ),
    ],
)
def test_metadata_that_say_nothing(serve, metadata, seen):
    served = serve(metadata)
    said = refused(rai.DataError, lambda: rai.load_model(f"{served.url}/v2/models/m"))
    assert said == f"endpoint {served.url}/v2/models/m: {seen}"


def test_features_must_be_the_tensors(kserve):
    served = kserve(COLUMNS, labels_and_probabilities)
    url = f"{served.url}/v2/models/m"
    assert rai.load_model(url, features=["age", "sex"]).features == ("age", "sex")
    said = refused(rai.ArgumentError, lambda: rai.load_model(url, features=["age"]))
    assert said == "features: 'age'; expected the model's own: 'sex', 'age'."


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ({}, "an answer without outputs; expected 'outputs'."),
        ({"outputs": []}, "an answer without outputs; expected 'outputs'."),
        (
            {"outputs": [{"name": "y", "datatype": "FP32", "shape": [2], "data": [0, 1]}]},
            "outputs of shape [2] for 3 rows; expected a prediction for each row.",
        ),
        (
            {"outputs": [{"name": "y", "datatype": "FP32", "shape": [3], "data": [0, 1]}]},
            "an output whose data don't fill its shape; expected 'shape' and 'data' that agree.",
        ),
        (
            {"outputs": ["y"]},
            "an output whose data don't fill its shape; expected 'shape' and 'data' that agree.",
        ),
    ],
)
def test_outputs_that_say_nothing(serve, answer, seen, people, send):
    def sent(handler, method, path, body):
        send(handler, 200, COLUMNS if method == "GET" else answer)

    served = serve(sent)
    model = rai.load_model(f"{served.url}/v2/models/m")
    said = refused(rai.DataError, lambda: model.scores(people))
    assert said == f"endpoint {served.url}/v2/models/m: {seen}"


def test_a_model_that_the_server_does_not_know(serve, send):
    def answer(handler, *_):
        send(handler, 404, {"error": "Model m not found"})

    served = serve(answer)
    said = refused(rai.DataError, lambda: rai.load_model(f"{served.url}/v2/models/m"))
    assert said == (
        f'endpoint {served.url}/v2/models/m: it answered 404 Not Found: {{"error": "Model m not found"}}; '
        "expected 200 OK."
    )
