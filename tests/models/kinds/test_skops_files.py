"""skops files: only types that are known or allowed by a person, and no archive that bursts."""

import io
import json
import pickle
import struct
import warnings
import zipfile

import numpy as np
import pytest
import scipy.sparse
import skops.io
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

import rai
from rai.models import skops_files
from rai.models.digests import digest_of_bytes


def same(scores, expected):
    """The same but for the last bits, which hang on the layout of memory and on the processor."""
    alike = np.shape(scores) == np.shape(expected)
    return alike and np.allclose(scores, expected, rtol=1e-12, atol=1e-14)


class Mine(BaseEstimator):
    """A type that skops doesn't know; building it leaves a trace."""

    built = 0

    def __init__(self, low=0.0):
        self.low = low
        self.classes_ = np.array([0, 1])

    def __setstate__(self, state):
        type(self).built += 1
        self.__dict__.update(state)

    def predict_proba(self, frame):
        share = np.full(len(frame), self.low)
        return np.column_stack([1 - share, share])


NAME = f"{Mine.__module__}.Mine"


@pytest.fixture(scope="module")
def pipeline(people, paid):
    columns = people[["age", "sex", "home"]]
    return make_pipeline(OneHotEncoder(), LogisticRegression()).fit(columns, paid)


def kept(model, folder):
    path = folder / "model.skops"
    skops.io.dump(model, path)
    return path


def rewritten(path, **changes):
    """The archive with parts changed or added: name to bytes, or to a function of them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_a_pipeline_says_what_it_said(pipeline, people, framed, tmp_path):
    path = kept(pipeline, tmp_path)
    model = rai.load_model(path)
    assert (model.kind, model.task, model.classes) == ("skops (scikit-learn)", "binary", ("no", "yes"))
    assert model.features == ("age", "sex", "home")
    assert model.digest == digest_of_bytes(path.read_bytes())
    expected = pipeline.predict_proba(people[["age", "sex", "home"]])
    assert same(model.scores(framed(people)), expected[:, 1])
    assert same(rai.load_model(path, positive_label="no").scores(people), expected[:, 0])


def test_three_classes_and_values(people, numbers, grade, leaning, tmp_path):
    rows = {"age": numbers[:, 0], "income": numbers[:, 1]}
    of_three = LogisticRegression(max_iter=500).fit(numbers, grade)
    model = rai.load_model(kept(of_three, tmp_path))
    assert same(model.scores(rows), of_three.predict_proba(numbers))
    values = Ridge().fit(numbers, leaning)
    assert same(rai.load_model(kept(values, tmp_path)).scores(rows), values.predict(numbers))


class TestTypes:
    def test_an_unknown_type_is_not_built(self, tmp_path):
        path, before = kept(Mine(0.25), tmp_path), Mine.built
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value) == (
            f"model {path}: types that may run code: '{NAME}'; expected known ones. If you know them and trust "
            "the file, name them in trusted_types=."
        )
        assert Mine.built == before

    def test_a_person_can_allow_it(self, people, tmp_path):
        path = kept(Mine(0.25), tmp_path)
        model = rai.load_model(path, trusted_types=[NAME])
        assert model.scores(people).tolist() == [0.25] * len(people)
        with pytest.raises(rai.DataError, match="types that may run code"):
            rai.load_model(path, trusted_types=["somebody.elses"])

    def test_functions_are_types_too(self, people, paid, tmp_path):
        fitted = make_pipeline(FunctionTransformer(np.negative), LogisticRegression())
        path = kept(fitted.fit(people[["age"]], paid), tmp_path)
        changed = lambda schema: schema.replace(b'"negative"', b'"save"')  # noqa: E731
        rewritten(path, **{"schema.json": changed})
        with pytest.raises(rai.DataError, match="types that may run code: 'numpy"):
            rai.load_model(path)

    def test_what_the_file_says_of_itself_allows_nothing(self, tmp_path):
        path = kept(Mine(), tmp_path)
        rewritten(path, **{"trusted.json": json.dumps([NAME]).encode(), "trusted_types": NAME.encode()})
        with pytest.raises(rai.DataError, match="types that may run code"):
            rai.load_model(path)

    def test_a_pickle_in_the_archive_is_not_opened(self, pipeline, people, tmp_path, booby_trap):
        path = kept(pipeline, tmp_path)
        rewritten(path, **{"data.pkl": booby_trap.pickled, "1.npy": booby_trap.pickled})
        rai.load_model(path).scores(people)
        with zipfile.ZipFile(path) as archive:
            part = next(n for n in archive.namelist() if n.endswith(".npy") and n != "1.npy")
        rewritten(path, **{part: booby_trap.pickled})
        with pytest.raises(rai.DataError, match="can't be read"):
            rai.load_model(path)
        assert not booby_trap.sprung()

    def test_text_in_place_of_a_model(self, tmp_path):
        path = kept("http://127.0.0.1/invocations", tmp_path)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert (
            str(error.value) == f"model {path}: text; expected a model that skops wrote (skops.io.dump)."
        )

    def test_another_version_of_scikit_learn_is_noted(self, pipeline, people, tmp_path):
        path = kept(pipeline, tmp_path)
        import sklearn

        version = sklearn.__version__.encode()
        rewritten(path, **{"schema.json": lambda schema: schema.replace(version, b"1.0.9")})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model = rai.load_model(path)
        assert model.notes == (
            f"Saved by scikit-learn 1.0.9 and opened by {sklearn.__version__}; it may predict otherwise.",
        )


class TestArchives:
    def test_other_archives(self, tmp_path):
        path = tmp_path / "model.skops"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("model.txt", "tree")
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value) == (
            f"model {path}: a zip archive without schema.json; expected a model that skops wrote (skops.io.dump)."
        )

    def test_one_that_unpacks_into_too_much(self, pipeline, tmp_path, monkeypatch):
        monkeypatch.setattr(skops_files, "MOST_BYTES", 1 << 20)
        path = kept(pipeline, tmp_path)
        rai.load_model(path)
        rewritten(path, **{"more.npy": bytes(1 << 21)})
        assert path.stat().st_size < 1 << 17
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value).startswith(f"model {path}: ")
        assert str(error.value).endswith(
            "bytes once unpacked; expected at most 1,048,576, and 268,435,456 of schema.json."
        )

    @pytest.mark.parametrize("name", ["9.npz", "9.npy"])
    def test_one_with_another_in_it_that_does(self, pipeline, tmp_path, monkeypatch, name):
        monkeypatch.setattr(skops_files, "MOST_BYTES", 1 << 20)
        inner = io.BytesIO()
        scipy.sparse.save_npz(inner, scipy.sparse.csr_matrix(np.ones((1, 1 << 18))))
        path = rewritten(kept(pipeline, tmp_path), **{name: inner.getvalue()})
        with pytest.raises(rai.DataError, match="bytes once unpacked"):
            rai.load_model(path)

    def test_one_that_says_it_is_small(self, pipeline, tmp_path):
        """Python's reader unpacks no more than the archive's list of contents says."""
        path = rewritten(
            kept(pipeline, tmp_path), **{"schema.json": lambda schema: schema + b" " * 9999}
        )
        data = bytearray(path.read_bytes())
        place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"schema.json"))
        struct.pack_into("<I", data, place + 24, 64)
        path.write_bytes(data)
        with pytest.raises(rai.DataError, match="can't be read"):
            rai.load_model(path)

    def test_an_array_whose_header_promises_too_much(self, pipeline, tmp_path):
        path = kept(pipeline, tmp_path)
        with zipfile.ZipFile(path) as archive:
            part = next(name for name in archive.namelist() if name.endswith(".npy"))
        header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000000, 4), }"
        header += b" " * (118 - len(header) - 1) + b"\n"
        huge = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
        rewritten(path, **{part: huge})
        with pytest.raises(rai.DataError, match="expected a model that skops wrote"):
            rai.load_model(path)

    @pytest.mark.parametrize(
        "schema",
        [b"", b"[]", b"{}", b"{" * 99, b'{"__loader__": "NoNode", "protocol": 1}', b"[" * 200_000],
        ids=["empty", "list", "object", "broken", "unknown", "deep"],
    )
    def test_a_schema_that_is_none(self, pipeline, tmp_path, schema):
        path = rewritten(kept(pipeline, tmp_path), **{"schema.json": schema})
        with pytest.raises(rai.DataError, match="expected a model that skops wrote"):
            rai.load_model(path)

    def test_a_file_that_is_cut_off(self, pipeline, tmp_path):
        path = kept(pipeline, tmp_path)
        whole = path.read_bytes()
        for stop in (1, 3, 4, 40, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:stop])
            with pytest.raises(rai.DataError, match="expected a model that skops wrote"):
                rai.load_model(path)

    def test_a_pickle_under_its_name(self, tmp_path, booby_trap):
        path = tmp_path / "model.skops"
        path.write_bytes(booby_trap.pickled)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value) == (
            f"model {path}: a pickle; expected a model that skops wrote (skops.io.dump)."
        )
        assert pickle.loads(booby_trap.pickled) == 0
        assert booby_trap.sprung()  # so the trap is one
