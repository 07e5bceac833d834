"""MLflow's own scoring server, asked as an endpoint: the oracle for what is sent and what comes back."""

import threading
import time
import warnings
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

import rai

ROWS = pd.DataFrame({"age": [30, 40, 50], "sex": ["F", "M", None], "income": [1.5, np.nan, 3.0]})


class Predicting:
    """What MLflow's server needs of a model, and the frame that reached it."""

    def __init__(self, predict):
        self.predict_rows, self.seen = predict, []
        self.metadata = type("Metadata", (), {"get_input_schema": lambda _: None})()

    def predict(self, data, params=None):
        self.seen.append(data)
        return self.predict_rows(data)


@pytest.fixture
def serve_mlflow(monkeypatch, needs):
    """`serve_mlflow(predict)`: the model and its URL, until the test ends."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    needs(all(map(find_spec, ("mlflow", "uvicorn"))), "MLflow's server is not installed")
    import uvicorn

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow.pyfunc import scoring_server

    running = []

    def serve_mlflow(predict):
        model = Predicting(predict)
        app = scoring_server.init(model)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        return model, f"http://127.0.0.1:{port}"

    yield serve_mlflow
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.mark.parametrize("form", ["array", "series", "frame", "list", "pairs"])
def test_scores_that_mlflow_serves(serve_mlflow, form):
    def predict(data):
        scores = data["age"].to_numpy() / 100
        return {
            "array": scores,
            "series": pd.Series(scores),
            "frame": pd.DataFrame({"score": scores}),
            "list": list(scores),
            "pairs": np.column_stack((1 - scores, scores)),
        }[form]

    model, url = serve_mlflow(predict)
    endpoint = rai.load_model(url, request_rows=2)
    np.testing.assert_allclose(endpoint.scores(ROWS), [0.3, 0.4, 0.5])
    seen = pd.concat(model.seen, ignore_index=True)
    assert seen.columns.tolist() == ["age", "sex", "income"]
    assert seen["age"].tolist() == [30, 40, 50]
    assert [None if pd.isna(v) else v for v in seen["sex"]] == ["F", "M", None]
    np.testing.assert_array_equal(seen["income"].astype(float), [1.5, np.nan, 3.0])


def test_an_error_that_mlflow_reports(serve_mlflow):
    def predict(data):
        raise ValueError("no such column")

    _, url = serve_mlflow(predict)
    with pytest.raises(
        rai.DataError, match=r"it answered 400 Bad Request: \{.error_code.: .BAD_REQUEST"
    ):
        rai.load_model(url).scores(ROWS)
