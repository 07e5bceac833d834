"""What is uploaded: read, or refused in a sentence; nothing of it is run, and no file is left."""

import pickle
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rai
from apps import uploads
from apps.project import ColumnRoles


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    age = rng.integers(18, 80, 400)
    return pd.DataFrame(
        {
            "age": age,
            "hours": rng.integers(10, 60, 400),
            "sex": rng.choice(["Female", "Male"], 400),
            "hired": np.where(age + rng.normal(0, 10, 400) > 45, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def trained(frame):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=500).fit(frame[["age", "hours"]], frame["hired"])


@pytest.fixture(autouse=True)
def no_file_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


ROLES = ColumnRoles(y_true="hired", positive_label="yes")


def test_rows_are_those_of_the_file(frame, tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    frame.to_parquet(path)
    assert uploads.read_rows("rows.parquet", path.read_bytes()).equals(rai.explore.read_rows(path))
    assert uploads.read_rows("ROWS.CSV", b"a,b\n1,x\n").to_dict("list") == {"a": [1], "b": ["x"]}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "a.csv: an empty file; expected a header line and rows."),
        ("a.csv", b"a,b\n1\n", "a.csv: row 1 has 1 field; expected 2 as in the header. A field that holds a separator needs quotation marks around it."),
        ("a.csv", b"a\n\x00\n", "a.csv: bytes that are no UTF-8 text; expected a CSV file in UTF-8. Save it as UTF-8, or read it with pandas and its encoding."),
        ("a.csv", bytes(range(256)) * 9, "a.csv: bytes that are no UTF-8 text; expected a CSV file in UTF-8. Save it as UTF-8, or read it with pandas and its encoding."),
        ("a.csv", b"a,a\n1,2\n", "a.csv: 'a' more than once; expected each column once. Rename the others."),
        ("a.parquet", b"PAR1PAR1", "a.parquet: a truncated Parquet file; expected a whole one."),
        ("a.parquet", b"a,b\n1,2\n", "a.parquet: no Parquet file; expected one that begins with PAR1."),
        ("a.csv.gz", b"", "a.csv.gz: a file that ends in 'gz'; expected one of 'csv', 'tsv', 'parquet'."),
        ("rows", b"", "rows: a file without an ending; expected one of 'csv', 'tsv', 'parquet'."),
        ("../../etc/x.csv", b"", "../../etc/x.csv: an empty file; expected a header line and rows."),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_a_sentence(name, data, said):
    with pytest.raises(rai.RaiError) as error:
        uploads.read_rows(name, data)
    assert str(error.value) == said


def test_too_many_columns_are_refused_before_they_are_read():
    head = b",".join(b"c%d" % at for at in range(2001))
    with pytest.raises(rai.DataError, match=r"^a\.csv: 2,001 columns; expected at most 2,000"):
        uploads.read_rows("a.csv", head + b"\n" + b"," * 2000 + b"\n")


def test_a_parquet_file_that_declares_more_than_it_can_hold_is_refused(tmp_path_factory):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path_factory.mktemp("bomb") / "bomb.parquet"
    with pq.ParquetWriter(path, pa.schema([("a", pa.int8())])) as writer:
        table = pa.table({"a": pa.array(np.zeros(10_000_000, np.int8))})
        for _ in range(12):
            writer.write_table(table)
    with pytest.raises(rai.DataError, match="120,000,000 rows"):
        uploads.read_rows("bomb.parquet", path.read_bytes())


@pytest.mark.parametrize("ending", ["pkl", "pickle", "joblib", "PKL", "sav"])
def test_a_pickle_is_refused_with_a_way_out_and_never_opened(frame, ending):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("it was opened",)

    with pytest.raises(rai.DataError) as error:
        uploads.read_model(f"model.{ending}", pickle.dumps(Trap()), frame=frame, roles=ROLES)
    assert str(error.value) == (
        f"model.{ending}: a pickle, which can run any code when it is opened; expected an ONNX or a skops "
        "file. Write it again where it was trained, with `skops.io.dump(model, 'model.skops')`, or as ONNX "
        "with skl2onnx; neither runs anything."
    )


@pytest.mark.parametrize("ending", ["onnx", "skops"])
def test_a_pickle_under_another_name_is_refused_too(frame, ending):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("it was opened",)

    with pytest.raises(rai.DataError, match=rf"model\.{ending}: "):
        uploads.read_model(f"model.{ending}", pickle.dumps(Trap()), frame=frame, roles=ROLES)


def test_a_skops_file_gives_the_scores_of_its_model(frame, trained):
    import skops.io

    model = uploads.read_model("m.skops", skops.io.dumps(trained), frame=frame, roles=ROLES)
    assert np.allclose(model.scores(frame), trained.predict_proba(frame[["age", "hours"]])[:, 1])


def test_types_in_a_skops_file_are_trusted_by_who_starts_the_app_only(frame, trained):
    import skops.io
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    named = make_pipeline(FunctionTransformer(np.asarray), trained)
    data = skops.io.dumps(named)
    (unknown,) = skops.io.get_untrusted_types(data=data)
    with pytest.raises(rai.DataError) as error:
        uploads.read_model("m.skops", data, frame=frame, roles=ROLES)
    assert repr(unknown) in str(error.value)
    assert str(error.value).endswith(
        "Only who starts the app can trust a type: rai app --trusted-type NAME."
    )
    assert uploads.read_model(
        "m.skops", data, frame=frame, roles=ROLES, trusted_types=(unknown,)
    ).classes == ("no", "yes")


def test_an_onnx_file_that_numbers_its_classes_has_the_labels_of_the_rows(frame, trained):
    skl2onnx = pytest.importorskip("skl2onnx")
    from sklearn.linear_model import LogisticRegression

    x = frame[["age", "hours"]].to_numpy("f4")
    numbered = LogisticRegression(max_iter=500).fit(x, (frame["hired"] == "yes").astype(int))
    data = skl2onnx.to_onnx(numbered, x[:1], options={"zipmap": False}).SerializeToString()
    model = uploads.read_model("m.onnx", data, frame=frame, roles=ROLES, features=("age", "hours"))
    assert model.classes == ("no", "yes")
    assert np.allclose(model.scores(frame), numbered.predict_proba(x)[:, 1], atol=1e-5)
    other = ColumnRoles(y_true="hired", positive_label="no")
    turned = uploads.read_model("m.onnx", data, frame=frame, roles=other, features=("age", "hours"))
    assert np.allclose(turned.scores(frame), 1 - model.scores(frame), atol=1e-5)


def test_messages_do_not_say_where_a_file_lay(frame):
    with pytest.raises(rai.DataError) as error:
        uploads.read_model("m.skops", b"PK\x03\x04 and nothing", frame=frame, roles=ROLES)
    assert str(Path(tempfile.gettempdir())) not in str(error.value)
    assert "upload." not in str(error.value)
