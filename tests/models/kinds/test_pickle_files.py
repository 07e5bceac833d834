"""Pickles: opened only where a person vouches for these very bytes."""

import builtins
import hashlib
import importlib
import pickle
from pathlib import Path

import cloudpickle
import joblib
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import rai
from rai.models import pickle_files

SUFFIXES = [".pkl", ".pickle", ".joblib"]


def same(scores, expected):
    """The same but for the last bits, which hang on the layout of memory and on the processor."""
    alike = np.shape(scores) == np.shape(expected)
    return alike and np.allclose(scores, expected, rtol=1e-12, atol=1e-14)


@pytest.fixture(scope="module")
def fitted(numbers, paid):
    return LogisticRegression().fit(numbers, paid)


@pytest.fixture
def rows(numbers):
    return {"age": numbers[:, 0], "income": numbers[:, 1]}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".dill"])
def test_without_trust_nothing_is_opened(tmp_path, booby_trap, suffix):
    path = tmp_path / f"model{suffix}"
    path.write_bytes(booby_trap.pickled)
    with pytest.raises(rai.DataError) as error:
        rai.load_model(path)
    assert str(error.value) == (
        f"model {path}: a pickle, which can run any code when it is opened; expected trust= with its SHA-256. "
        "Save it as ONNX or skops, which run none. If you know where it comes from, pass trust= with the "
        "digest that its maker gives, or that `sha256sum FILE` shows for your own."
    )
    assert digest(path) not in str(error.value)
    assert not booby_trap.sprung()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_with_another_digest_nothing_is_opened(tmp_path, booby_trap, suffix):
    path, trusted = tmp_path / f"model{suffix}", hashlib.sha256(b"the model I know").hexdigest()
    path.write_bytes(booby_trap.pickled)
    with pytest.raises(rai.DataError) as error:
        rai.load_model(path, trust=trusted)
    assert str(error.value) == (
        f"model {path}: another SHA-256 than the trusted one; expected {trusted}. It is not the file that "
        "trust= was written for."
    )
    assert digest(path) not in str(error.value)
    assert not booby_trap.sprung()


@pytest.mark.parametrize("trust", ["", "yes", "0" * 63, "g" * 64, True, "sha256:" + "0" * 64])
def test_trust_is_a_digest(tmp_path, booby_trap, trust):
    path = tmp_path / "model.pkl"
    path.write_bytes(booby_trap.pickled)
    with pytest.raises(rai.ArgumentError) as error:
        rai.load_model(path, trust=trust)
    assert (
        str(error.value) == f"trust: {trust!r}; expected a SHA-256: 64 letters from 0 to 9 and a to f."
    )
    assert not booby_trap.sprung()


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        (".pkl", lambda model, path: path.write_bytes(pickle.dumps(model))),
        (".pickle", lambda model, path: path.write_bytes(pickle.dumps(model, protocol=0))),
        (".pkl", lambda model, path: path.write_bytes(cloudpickle.dumps(model))),
        (".pkl", joblib.dump),
        (".joblib", joblib.dump),
        (".joblib", lambda model, path: joblib.dump(model, path, compress=3)),
        (".joblib", lambda model, path: joblib.dump(model, path, compress=("gzip", 3))),
    ],
    ids=["pickle", "protocol 0", "cloudpickle", "joblib as pkl", "joblib", "zlib", "gzip"],
)
def test_with_the_digest_it_is_whatever_is_in_it(tmp_path, fitted, numbers, suffix, write):
    rows = {"age": numbers[:, 0], "income": numbers[:, 1]}
    path = tmp_path / f"model{suffix}"
    write(fitted, path)
    model = rai.load_model(path, trust=digest(path).upper(), positive_label="no")
    assert (model.kind, model.digest) == ("pickle (scikit-learn)", digest(path))
    assert same(model.scores(rows), fitted.predict_proba(numbers)[:, 0])


def test_a_function_in_a_pickle(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(cloudpickle.dumps(lambda frame: frame["x"] / 2))
    model = rai.load_model(path, trust=digest(path))
    assert (model.kind, model.scores({"x": [1.0]}).tolist()) == ("pickle (callable)", [0.5])


def test_the_bytes_that_were_hashed_are_the_bytes_that_are_opened(
    tmp_path, fitted, rows, booby_trap, monkeypatch
):
    """Also where the file is another one by the time that it is opened."""
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(fitted))
    trusted, opened = digest(path), pickle_files._opened

    def late(file, suffix):
        path.write_bytes(booby_trap.pickled)
        return opened(file, suffix)

    monkeypatch.setattr(pickle_files, "_opened", late)
    assert rai.load_model(path, trust=trusted).digest == trusted
    assert not booby_trap.sprung()


def test_a_file_is_read_once(tmp_path, fitted, monkeypatch):
    path, reads, real = tmp_path / "model.pkl", [], Path.open
    path.write_bytes(pickle.dumps(fitted))
    trusted = digest(path)
    monkeypatch.setattr(Path, "open", lambda self, *args: reads.append(self) or real(self, *args))
    monkeypatch.setattr(builtins, "open", None)
    rai.load_model(path, trust=trusted)
    assert reads == [path]


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"no pickle at all", "can't be read ("),
        (pickle.dumps(LogisticRegression())[:-9], "can't be read ("),
        (pickle.dumps("http://127.0.0.1/invocations"), "text; expected a model."),
        (pickle.dumps(Path("model.onnx")), "text; expected a model."),
    ],
)
def test_what_is_no_model(tmp_path, data, seen):
    path = tmp_path / "model.pkl"
    path.write_bytes(data)
    with pytest.raises(rai.DataError) as error:
        rai.load_model(path, trust=digest(path))
    assert str(error.value).startswith(f"model {path}: {seen}")


def test_an_object_that_is_no_model(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps({"weights": [1, 2]}))
    with pytest.raises(rai.ArgumentError, match="load_model: a dict; expected a function"):
        rai.load_model(path, trust=digest(path))


def test_dill_says_what_to_install(tmp_path, fitted, monkeypatch):
    real = importlib.import_module
    missing = lambda name: real("no_such_module" if name == "dill" else name)  # noqa: E731
    monkeypatch.setattr(pickle_files, "import_module", missing)
    path = tmp_path / "model.dill"
    path.write_bytes(pickle.dumps(fitted))
    with pytest.raises(rai.ExtraError) as error:
        rai.load_model(path, trust=digest(path))
    assert str(error.value) == (
        f"model {path}: dill is not installed; expected the library that wrote it. Run: pip install dill."
    )


def test_without_joblib_a_pickle_is_a_pickle(tmp_path, fitted, rows, numbers, monkeypatch):
    real = importlib.import_module
    missing = lambda name: real("no_such_module" if name == "joblib" else name)  # noqa: E731
    monkeypatch.setattr(pickle_files, "import_module", missing)
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(fitted))
    model = rai.load_model(path, trust=digest(path))
    assert same(model.scores(rows), fitted.predict_proba(numbers)[:, 1])
