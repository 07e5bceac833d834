"""MLflow models by folder and by URI: files that run no code, pyfunc with trust, and folders that lie."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import rai
from rai.models import folder_digest, mlflow_models

ROWS = pd.DataFrame({"age": [20.0, 30, 40, 50] * 6, "work": [0, 1, 1, 0] * 6})
LABELS = np.array([0, 0, 1, 1] * 6)


@pytest.fixture(scope="module")
def mlflow(needs):
    """MLflow, with a store of its own in a folder."""
    needs(find_spec("mlflow") is not None, "MLflow is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
        import mlflow

        yield mlflow


@pytest.fixture(scope="module")
def saved(mlflow, tmp_path_factory):
    """`saved[flavour]`: a folder that MLflow wrote, and the scores of the model in it."""
    import catboost
    import lightgbm
    import xgboost
    from mlflow import catboost as for_catboost
    from mlflow import lightgbm as for_lightgbm
    from mlflow import onnx as for_onnx
    from mlflow import pyfunc
    from mlflow import sklearn as for_sklearn
    from mlflow import xgboost as for_xgboost
    from skl2onnx import to_onnx
    from sklearn.linear_model import LogisticRegression

    root = tmp_path_factory.mktemp("mlflow")
    folders = {}

    def keep(name, save, model, scores, **options):
        signature = mlflow.models.infer_signature(ROWS, LABELS)
        save(model, str(root / name), signature=signature, pip_requirements=[], **options)
        folders[name] = (root / name, scores)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")

        class Halved(pyfunc.PythonModel):
            def predict(self, context, model_input: pd.DataFrame, params=None):
                return model_input["age"] / 100

        linear = LogisticRegression().fit(ROWS, LABELS)
        odds = linear.predict_proba(ROWS)[:, 1]
        keep("skops", for_sklearn.save_model, linear, odds, serialization_format="skops")
        keep("pickled", for_sklearn.save_model, linear, odds, serialization_format="cloudpickle")
        graph = to_onnx(linear, ROWS.to_numpy(np.float32)[:1], options={"zipmap": False})
        keep("onnx", for_onnx.save_model, graph, odds)
        trees = lightgbm.train(
            {"objective": "binary", "verbose": -1, "min_data_in_leaf": 1, "num_threads": 1},
            lightgbm.Dataset(ROWS, LABELS),
            5,
        )
        keep("lightgbm", for_lightgbm.save_model, trees, trees.predict(ROWS))
        boosted = xgboost.XGBClassifier(n_estimators=5, n_jobs=1).fit(ROWS, LABELS)
        for kind in ("json", "ubj", "xgb"):
            odds = boosted.predict_proba(ROWS)[:, 1]
            keep(f"xgboost {kind}", for_xgboost.save_model, boosted, odds, model_format=kind)
        cat = catboost.CatBoostClassifier(
            iterations=5, verbose=0, allow_writing_files=False, thread_count=1
        ).fit(ROWS, LABELS)
        keep("catboost", for_catboost.save_model, cat, cat.predict_proba(ROWS)[:, 1])
        pyfunc.save_model(
            str(root / "pyfunc"),
            python_model=Halved(),
            signature=mlflow.models.infer_signature(ROWS, LABELS),
            pip_requirements=[],
        )
    folders["pyfunc"] = (root / "pyfunc", ROWS["age"] / 100)
    return folders


SAFE = ["skops", "onnx", "lightgbm", "xgboost json", "xgboost ubj", "xgboost xgb", "catboost"]


def error(act, kind=rai.DataError):
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value)


# Files that run no code -----------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", SAFE)
def test_a_flavour_that_runs_no_code(saved, flavour):
    folder, scores = saved[flavour]
    for source in (folder, str(folder), folder / "MLmodel"):
        model = rai.load_model(source)
        np.testing.assert_allclose(model.scores(ROWS.assign(more=1)), scores, rtol=1e-5, atol=1e-6)
        assert (model.features, model.task) == (("age", "work"), "binary")
        assert len(model.digest) == 64


def test_no_mlflow_is_needed_for_it(saved):
    folder, _ = saved["xgboost json"]
    code = (
        "import sys, rai; sys.modules['mlflow'] = None; "
        f"print(rai.load_model({str(folder)!r}).kind, 'mlflow.pyfunc' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["XGBoost", "False"], done.stderr


def test_what_is_said_of_a_model_is_handed_on(saved):
    folder, scores = saved["skops"]
    model = rai.load_model(folder, classes=["no", "yes"], positive_label="no")
    np.testing.assert_allclose(model.scores(ROWS), 1 - scores)
    assert model.classes == ("yes", "no")


def test_the_signature_names_the_columns_that_a_matrix_has_lost(saved, tmp_path):
    folder = copied(saved["onnx"][0], tmp_path)
    assert rai.load_model(folder).features == ("age", "work")
    described = yaml.safe_load((folder / "MLmodel").read_text())
    assert json.loads(described["signature"]["inputs"])[0]["name"] == "age"
    described["signature"] = None
    (folder / "MLmodel").write_text(yaml.safe_dump(described))
    assert rai.load_model(folder).features is None


@pytest.mark.parametrize("names", [["age"], ["work", "age", "income"], ["age", "age"]])
def test_a_signature_that_does_not_fit_gives_way(saved, tmp_path, names):
    folder = copied(saved["lightgbm"][0], tmp_path)
    described = yaml.safe_load((folder / "MLmodel").read_text())
    described["signature"]["inputs"] = json.dumps([{"type": "double", "name": name} for name in names])
    (folder / "MLmodel").write_text(yaml.safe_dump(described))
    assert rai.load_model(folder).features == ("age", "work")


def test_a_digest_that_was_vouched_for_is_checked_for_them_too(saved):
    folder, scores = saved["lightgbm"]
    model = rai.load_model(folder, trust=folder_digest(folder).upper())
    np.testing.assert_allclose(model.scores(ROWS), scores)
    other = "0" * 64
    assert error(lambda: rai.load_model(folder, trust=other)) == (
        f"MLflow model {folder}: another SHA-256 than the trusted one; expected {other}. It is not the "
        "folder that trust= was written for."
    )


# Those that can -------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["pyfunc", "pickled"])
def test_pyfunc_is_opened_with_its_digest_only(saved, flavour):
    folder, scores = saved[flavour]
    digest = folder_digest(folder)
    said = error(lambda: rai.load_model(folder))
    assert said == (
        f"MLflow model {folder}: a pyfunc model, which can run any code when it is opened; expected trust= "
        "with its SHA-256. If you know where it comes from, pass trust= with the digest that its maker "
        "gives, or that rai.models.folder_digest(FOLDER) shows for your own."
    )
    assert digest not in said
    model = rai.load_model(folder, trust=digest)
    np.testing.assert_allclose(model.scores(ROWS), scores)
    assert (model.features, model.digest) == (("age", "work"), digest)
    assert model.kind == {"pyfunc": "MLflow pyfunc", "pickled": "scikit-learn"}[flavour]


def test_a_trust_that_is_no_digest(saved):
    said = error(lambda: rai.load_model(saved["pyfunc"][0], trust="yes"), rai.ArgumentError)
    assert said == "trust: 'yes'; expected a SHA-256: 64 letters from 0 to 9 and a to f."


def test_what_was_checked_is_what_is_opened(saved, tmp_path, mlflow, monkeypatch):
    """A folder that changes after its digest was taken changes nothing."""
    folder = copied(saved["pyfunc"][0], tmp_path)
    opened = []
    real = mlflow.pyfunc.load_model

    def load_model(path):
        shutil.rmtree(folder)
        opened.append(Path(path))
        return real(path)

    monkeypatch.setattr(mlflow.pyfunc, "load_model", load_model)
    model = rai.load_model(folder, trust=folder_digest(folder))
    np.testing.assert_allclose(model.scores(ROWS), ROWS["age"] / 100)
    assert opened[0].is_dir()
    del model
    assert not opened[0].exists()


def test_a_pyfunc_that_cannot_be_opened_leaves_nothing(saved, tmp_path, monkeypatch):
    folder = copied(saved["pyfunc"][0], tmp_path)
    (folder / "python_model.pkl").write_bytes(b"no pickle")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    said = error(lambda: rai.load_model(folder, trust=folder_digest(folder)))
    assert said.startswith(f"MLflow model {folder}: can't be read (")
    assert said.endswith("; expected a model that MLflow can open. Is it damaged?")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


# URIs -----------------------------------------------------------------------------------------------


@pytest.fixture
def store(mlflow, tmp_path, monkeypatch):
    """A tracking server's store in a folder."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield mlflow
    assert list(tmp_path.glob("rai-*")) == []


def test_models_by_uri(store, saved):
    folder, scores = saved["onnx"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with store.start_run() as run:
            store.log_artifacts(str(folder), "model")
        client = store.MlflowClient()
        client.create_registered_model("credit")
        client.create_model_version("credit", f"runs:/{run.info.run_id}/model", run.info.run_id)
    for uri in (f"runs:/{run.info.run_id}/model", "models:/credit/1"):
        model = rai.load_model(uri)
        np.testing.assert_allclose(model.scores(ROWS), scores, rtol=1e-5, atol=1e-6)
        assert model.features == ("age", "work")
    said = error(lambda: rai.load_model("models:/debit/1"))
    assert said.startswith("MLflow model 'models:/debit/1': it can't be fetched (MlflowException: ")
    assert said.endswith(
        "; expected a model or a run's artifact. Does MLFLOW_TRACKING_URI name the server that knows it?"
    )


def test_an_artifact_that_is_no_model(store, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with store.start_run() as run:
            store.log_artifact(str(tmp_path / "notes.txt"), "model")
    uri = f"runs:/{run.info.run_id}/model"
    assert error(lambda: rai.load_model(uri)) == (
        f"MLflow model '{uri}': no MLmodel file; expected a folder that holds one."
    )


def test_without_mlflow_a_uri_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "mlflow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mlflow", None)
    assert error(lambda: rai.load_model("models:/credit/1"), rai.ExtraError) == (
        "MLflow models: mlflow is not installed; expected the extra 'mlflow'. "
        'Run: pip install "rai[mlflow]".'
    )


def test_mlflow_is_asked_to_send_no_word_of_its_use(monkeypatch):
    """It decides when it is first imported."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "")
    monkeypatch.delenv("MLFLOW_DISABLE_TELEMETRY")
    monkeypatch.delitem(sys.modules, "mlflow", raising=False)
    found = []

    def imported(name):
        found.append((name, os.environ.get("MLFLOW_DISABLE_TELEMETRY")))
        raise ImportError

    monkeypatch.setattr(importlib, "import_module", imported)
    error(lambda: rai.load_model("models:/credit/1"), rai.ExtraError)
    assert found == [("mlflow.artifacts", "true")]


# Folders that lie -----------------------------------------------------------------------------------


def copied(folder, to):
    return Path(shutil.copytree(folder, to / "model"))


@pytest.fixture
def folder(tmp_path):
    """`folder(flavours, **files)`: a folder with an MLmodel file and others."""

    def folder(described, **files):
        path = tmp_path / "model"
        path.mkdir()
        text = described if isinstance(described, str) else yaml.safe_dump(described)
        (path / "MLmodel").write_text(text)
        for name, held in files.items():
            (path / name.replace("_", ".")).write_text(held)
        return path

    return folder


@pytest.mark.parametrize(
    "name", ["../secret.json", "/etc/hostname.json", "link.json", "inner/../../secret.json"]
)
def test_a_path_that_leaves_the_folder(folder, tmp_path, name):
    (tmp_path / "secret.json").write_text("{}")
    path = folder({"flavors": {"xgboost": {"data": name}}})
    (path / "link.json").symlink_to(tmp_path / "secret.json")
    assert error(lambda: rai.load_model(path)) == (
        f"MLflow model {path}: a model's file outside of it ({name!r}); expected one in the folder."
    )


def test_a_file_that_is_not_there(folder):
    path = folder({"flavors": {"onnx": {"data": "model.onnx"}}})
    assert error(lambda: rai.load_model(path)) == (
        f"MLflow model {path}: no file 'model.onnx'; expected the file that MLmodel names."
    )


@pytest.mark.parametrize(
    "described",
    ["- a list", "text", "{}", "flavors: none", "flavors: {onnx: none}", ""],
)
def test_an_mlmodel_file_without_flavours(folder, described):
    path = folder(described)
    assert error(lambda: rai.load_model(path)) == (
        f"MLflow model {path}: an MLmodel file without flavours; expected one as MLflow writes it."
    )


@pytest.mark.parametrize(
    "described", ["flavors: [", "a: !!python/object/apply:os.system ['true']", "\x00", "[" * 2000]
)
def test_an_mlmodel_file_that_is_no_plain_yaml(folder, described):
    path = folder(described)
    said = error(lambda: rai.load_model(path))
    assert said.startswith(f"MLflow model {path}: can't be read (")
    assert said.endswith("; expected a readable MLmodel file. Is it damaged?")


def test_a_large_mlmodel_file(folder):
    path = folder("a: " + "x" * mlflow_models.MOST_MLMODEL)
    assert error(lambda: rai.load_model(path)) == (
        f"MLflow model {path}: an MLmodel file of more than 1 MB; expected a smaller one."
    )


def test_flavours_that_rai_does_not_know(folder):
    path = folder({"flavors": {"spark": {"data": "x"}, "h2o": {}}})
    assert error(lambda: rai.load_model(path)) == (
        f"MLflow model {path}: flavours 'h2o', 'spark'; expected one that can predict. Log it with a "
        "signature as a pyfunc, or pass the model itself."
    )


@pytest.mark.parametrize(
    "signature", [None, {}, {"inputs": "["}, {"inputs": "[1]"}, {"inputs": '[{"name": 3}]'}, 7]
)
def test_a_signature_that_says_nothing(folder, signature):
    path = folder({"flavors": {"onnx": {}}, "signature": signature})
    assert mlflow_models.described(path, where="model").features is None


# Digests of folders ---------------------------------------------------------------------------------


def test_the_digest_is_that_of_a_shell(tmp_path, needs):
    needs(shutil.which("sha256sum") is not None, "no sha256sum on this machine")
    for name in ("b", "a b", "Z", ".hidden", "inner/deep/x", "inner-x", "é"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"held in {name}")
    command = r"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert folder_digest(tmp_path) == done.stdout.split()[0]


def test_any_change_changes_the_digest(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "a").write_bytes(b"12")
    seen = [folder_digest(tmp_path)]
    for change in (
        lambda: (tmp_path / "a").write_bytes(b"13"),
        lambda: (tmp_path / "a").rename(tmp_path / "b"),
        lambda: (tmp_path / "b").rename(tmp_path / "inner" / "b"),
        lambda: (tmp_path / "c").write_bytes(b""),
    ):
        change()
        seen.append(folder_digest(tmp_path))
    assert len(set(seen)) == 5


@pytest.mark.parametrize("kind", ["file", "folder", "broken", "pipe", "newline"])
def test_folders_hold_plain_files_only(tmp_path, kind):
    path = tmp_path / ("odd\nname" if kind == "newline" else "odd")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "newline":
        path.write_text("x")
    else:
        path.symlink_to({"file": __file__, "folder": Path(__file__).parent, "broken": "nowhere"}[kind])
    assert error(lambda: folder_digest(tmp_path)) == (
        f"folder {tmp_path}: {path.name!r}, which is a link or no plain file; expected plain files only."
    )
