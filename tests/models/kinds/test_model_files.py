"""Files of any kind: what is refused before a library is asked, and which library is missing."""

import builtins
import hashlib
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import rai
from rai.models import model_files
from rai.models.model_files import contents

KINDS = {
    ".onnx": "an ONNX model",
    ".skops": "a model that skops wrote (skops.io.dump)",
    ".json": "a model that XGBoost wrote (save_model)",
    ".ubj": "a model that XGBoost wrote (save_model)",
    ".txt": "a model that LightGBM wrote (save_model)",
    ".cbm": "a model that CatBoost wrote (save_model)",
}
TAKEN = "'.onnx', '.skops', '.json', '.ubj', '.txt', '.cbm', '.pkl', '.pickle', '.joblib', '.dill'"


def refused(source, kind=rai.DataError, **said):
    with pytest.raises(kind) as error:
        rai.load_model(source, **said)
    return str(error.value)


@pytest.mark.parametrize("suffix", KINDS)
class TestEveryKind:
    def test_a_pickle_under_its_name_is_not_opened(self, tmp_path, booby_trap, suffix):
        path = tmp_path / f"model{suffix}"
        path.write_bytes(booby_trap.pickled)
        assert refused(path) == f"model {path}: a pickle; expected {KINDS[suffix]}."
        trusted = hashlib.sha256(booby_trap.pickled).hexdigest()
        assert refused(path, trust=trusted) == f"model {path}: a pickle; expected {KINDS[suffix]}."
        assert not booby_trap.sprung()

    def test_a_pickle_of_the_oldest_kind_is_not_opened_either(self, tmp_path, booby_trap, suffix):
        path = tmp_path / f"model{suffix}"
        path.write_bytes(f"cos\nsystem\n(S'touch {booby_trap.path}'\ntR.".encode())
        assert f"expected {KINDS[suffix]}." in refused(path)
        assert not booby_trap.sprung()

    @pytest.mark.parametrize(
        "data", [b"\x00", b"\xff" * 4096, b"{", b"tree\n", b"CBM1", b"PK\x03\x04", b"hello"]
    )
    def test_a_few_bytes_of_anything(self, tmp_path, suffix, data):
        path = tmp_path / f"model{suffix}"
        path.write_bytes(data)
        assert f"expected {KINDS[suffix]}" in refused(path)

    def test_random_bytes_behind_the_right_ones(self, tmp_path, suffix):
        starts = {
            ".json": b'{"',
            ".ubj": b"{",
            ".txt": b"tree\n",
            ".cbm": b"CBM1",
            ".skops": b"PK\x03\x04",
        }
        rng, path = np.random.default_rng(0), tmp_path / f"model{suffix}"
        for size in (1, 10, 100, 10_000):
            path.write_bytes(starts.get(suffix, b"\x08\x0a") + rng.bytes(size))
            assert f"expected {KINDS[suffix]}" in refused(path)

    def test_no_file_an_empty_one_and_a_folder(self, tmp_path, suffix):
        path = tmp_path / f"model{suffix}"
        assert refused(path) == f"model {path}: no such file; expected a file that ends in {TAKEN}."
        path.touch()
        assert refused(path) == f"model {path}: an empty file; expected a model."
        path.unlink()
        path.mkdir()
        assert refused(path) == f"model {path}: a folder; expected a file that ends in {TAKEN}."

    def test_a_file_that_is_too_large(self, tmp_path, suffix, monkeypatch):
        monkeypatch.setattr(model_files.read_file, "__kwdefaults__", {"most": 1000})
        path = tmp_path / f"model{suffix}"
        path.write_bytes(bytes(1001))
        assert refused(path) == (
            f"model {path}: 1,001 bytes; expected at most 1,000. For any other kind of model, pass a function "
            "from a frame to scores."
        )

    def test_a_digest_that_is_given_must_be_the_file_s(self, tmp_path, suffix):
        path = tmp_path / f"model{suffix}"
        path.write_bytes(b"anything")
        assert "another SHA-256 than the trusted one" in refused(path, trust="0" * 64)

    def test_a_missing_library_is_named_with_its_extra(self, tmp_path, suffix, monkeypatch):
        library, extra = {
            ".onnx": ("onnxruntime", "onnx"), ".skops": ("skops", "skops"), ".json": ("xgboost", "xgboost"),
            ".ubj": ("xgboost", "xgboost"), ".txt": ("lightgbm", "lightgbm"), ".cbm": ("catboost", "catboost"),
        }[suffix]  # fmt: skip
        real = builtins.__import__

        def without(name, *args, **options):
            if name.split(".")[0] == library:
                raise ImportError(name)
            return real(name, *args, **options)

        monkeypatch.setattr(builtins, "__import__", without)
        path = tmp_path / f"model{suffix}"
        if suffix == ".skops":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("schema.json", "{}")
        else:
            path.write_bytes(
                {".json": b"{}", ".ubj": b"{}", ".txt": b"tree\n", ".cbm": b"CBM1" + bytes(4)}.get(
                    suffix, b"\x08\x0a"
                )
            )
        assert refused(path, rai.ExtraError) == (
            f"model {path}: {library} is not installed; expected the extra '{extra}'. Run: pip install "
            f'"rai[{extra}]".'
        )


def test_endings_in_capitals_and_paths_of_any_kind(tmp_path):
    path = tmp_path / "MODEL.ONNX"
    path.write_bytes(b"hello")
    assert "expected an ONNX model" in refused(path)
    assert "expected an ONNX model" in refused(str(path))

    class Path3:
        def __fspath__(self):
            return str(path)

    assert "expected an ONNX model" in refused(Path3())


TORCH = "Build the module in Python, load its weights, and pass the module and encode=."
OTHER = "For any other kind of model, pass a function from a frame to scores."


@pytest.mark.parametrize(
    ("name", "seen", "hint"),
    [
        *(
            (f"model{suffix}", "a PyTorch file", TORCH)
            for suffix in (".pt", ".pth", ".pt2", ".safetensors")
        ),
        ("model.keras", "a Keras file", f"Load it with Keras. {OTHER}"),
        ("model.h5", "a Keras file", f"Load it with Keras. {OTHER}"),
        ("model.tflite", "a TensorFlow file", f"Convert it to ONNX. {OTHER}"),
        ("model.pmml", "a file that ends in '.pmml'", OTHER),
        ("model", "no ending", OTHER),
    ],
)
def test_files_of_other_kinds(tmp_path, booby_trap, name, seen, hint):
    path = tmp_path / name
    path.write_bytes(booby_trap.pickled)
    trusted = hashlib.sha256(booby_trap.pickled).hexdigest()
    for said in ({}, {"trust": trusted}):
        assert (
            refused(path, **said)
            == f"model {path}: {seen}; expected a file that ends in {TAKEN}. {hint}"
        )
    assert not booby_trap.sprung()


def test_a_folder_without_a_model(tmp_path):
    assert refused(tmp_path) == (
        f"model {tmp_path}: a folder without an MLmodel file; expected a file that ends in {TAKEN}."
    )


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"hello")

    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert refused(path) == f"model {path}: no permission to read it; expected a file that can be read."


def test_a_file_that_never_ends(tmp_path):
    path = tmp_path / "model.onnx"
    os.mkfifo(path)
    assert refused(path) == f"model {path}: no plain file; expected a file that ends in {TAKEN}."


def test_a_model_s_file_is_not_changed(tmp_path, numbers, paid):
    import xgboost

    path = tmp_path / "model.json"
    xgboost.XGBClassifier(n_estimators=2, n_jobs=1).fit(numbers, paid == "yes").save_model(path)
    before = path.read_bytes()
    model = rai.load_model(path, trust=hashlib.sha256(before).hexdigest())
    model.scores({"age": numbers[:, 0], "income": numbers[:, 1]})
    assert path.read_bytes() == before
    assert [each.name for each in Path(tmp_path).iterdir()] == ["model.json"]
    assert json.loads(before)["version"]


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"\x80\x05\x95", "a pickle"),
        (b"\x80\x02", "a pickle"),
        (b"\x80\x07", "something else"),
        (b"\x78\x9c", "something packed by zlib"),
        (b"\x1f\x8b\x08", "something packed by gzip"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x89HDF\r\n", "an HDF5 file"),
        (b"<?xml", "XML or HTML"),
        (b"", "something else"),
    ],
)
def test_contents_in_words(data, seen):
    assert contents(data) == seen


def test_a_column_named_model_json_is_still_a_column():
    assert rai.load_model(column="model.json").features == ("model.json",)


def test_other_objects_with_a_name_like_a_file(numbers, paid):
    fitted = LogisticRegression().fit(numbers, paid)
    fitted.name = "model.pkl"
    assert rai.load_model(fitted).kind == "scikit-learn"
