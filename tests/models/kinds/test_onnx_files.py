"""ONNX files: the runtime's own scores, names of columns and classes, and files that are not to be run."""

import json

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import polars as pl
import pytest
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

import rai
from rai.models.onnx_outputs import check_labels
from rai.models.onnx_wire import class_names, wants_files

COLUMNS = ["age", "income", "sex", "home"]


@pytest.fixture(scope="module")
def rows(people):
    return people.fillna({"income": 40.5})


@pytest.fixture(scope="module")
def pipeline(rows, paid):
    encoded = make_column_transformer(
        (StandardScaler(), ["age", "income"]), (OneHotEncoder(), ["sex", "home"])
    )
    return make_pipeline(encoded, LogisticRegression()).fit(rows[COLUMNS].astype({"home": object}), paid)


def types_of(columns):
    kinds = {"age": Int64TensorType, "income": FloatTensorType}
    return [(name, kinds.get(name, StringTensorType)([None, 1])) for name in columns]


def kept(model, folder, name="model.onnx"):
    path = folder / name
    path.write_bytes(model.SerializeToString())
    return path


def converted(fitted, folder, *, width=2, zipmap=False, **options):
    """A file with one input of `width` numbers."""
    said = {id(fitted): {"zipmap": zipmap, **options}} if zipmap is not None else None
    given = [("X", FloatTensorType([None, width]))]
    return kept(to_onnx(fitted, initial_types=given, options=said), folder)


def own_scores(path, array):
    """What the runtime says of an array."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    return session.run(None, {"X": array.astype(np.float32)})[1]


def network(folder, *, shape=("n", 2), out=("n", 1), weights=None, op="Sigmoid"):
    """A file with one layer and no labels, as other libraries write them."""
    weights = np.ones((2, out[1]), np.float32) if weights is None else weights
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["z"]), helper.make_node(op, ["z"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out)],
        [onnx.numpy_helper.from_array(weights, "w")],
    )
    return kept(finished(graph), folder)


def finished(graph, **more):
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, **more)


class TestScores:
    @pytest.mark.parametrize("zipmap", [True, False], ids=["dicts", "tensor"])
    def test_a_pipeline_with_an_input_for_each_column(self, pipeline, rows, framed, tmp_path, zipmap):
        options = {id(pipeline): {"zipmap": zipmap}}
        path = kept(to_onnx(pipeline, initial_types=types_of(COLUMNS), options=options), tmp_path)
        model = rai.load_model(path)
        assert (model.task, model.classes, model.kind) == ("binary", ("no", "yes"), "ONNX")
        assert model.features == tuple(COLUMNS)
        expected = pipeline.predict_proba(rows)
        assert np.allclose(model.scores(framed(rows)), expected[:, 1], atol=1e-6)
        other = rai.load_model(path, positive_label="no")
        assert np.allclose(other.scores(framed(rows[rows.columns[::-1]])), expected[:, 0], atol=1e-6)
        assert ("dict for each row" in " ".join(model.notes)) == zipmap

    @pytest.mark.parametrize("zipmap", [True, False], ids=["dicts", "tensor"])
    def test_three_classes_of_one_matrix(self, numbers, grade, rows, tmp_path, zipmap):
        fitted = LogisticRegression(max_iter=500).fit(numbers, grade)
        path = converted(fitted, tmp_path, zipmap=zipmap)
        model = rai.load_model(path, features=["age", "income"])
        assert (model.task, model.classes) == ("multiclass", ("fair", "high", "low"))
        array = rows[["age", "income"]].to_numpy()
        expected = own_scores(path, array)
        if zipmap:
            expected = np.array([[row[label] for label in model.classes] for row in expected])
        assert np.array_equal(model.scores(pl.from_pandas(rows)), expected)
        assert np.allclose(model.scores(rows), fitted.predict_proba(array), atol=1e-5)

    @pytest.mark.parametrize(
        "estimator",
        [GaussianNB(), KNeighborsClassifier(3), DecisionTreeClassifier(max_depth=4)],
        ids=lambda estimator: type(estimator).__name__,
    )
    def test_names_of_classes_wherever_the_file_keeps_them(
        self, numbers, paid, grade, estimator, tmp_path
    ):
        rows = {"age": numbers[:, 0], "income": numbers[:, 1]}
        for labels in (paid, grade):
            fitted = estimator.fit(numbers, labels)
            path = converted(fitted, tmp_path)
            model = rai.load_model(path)
            assert model.classes == tuple(fitted.classes_)
            expected = own_scores(path, numbers)
            expected = expected[:, 1] if labels is paid else expected
            assert np.array_equal(model.scores(rows), expected)

    def test_a_regression_says_so(self, numbers, leaning, rows, tmp_path):
        fitted = LinearRegression().fit(numbers, leaning)
        path = converted(fitted, tmp_path, zipmap=None)
        model = rai.load_model(path, task="regression", features=["age", "income"])
        assert (model.task, model.classes) == ("regression", ())
        expected = fitted.predict(rows[["age", "income"]].to_numpy())
        assert np.allclose(model.scores(rows), expected, atol=1e-5)
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(path)
        assert str(error.value) == (
            f"model {path}: one number for each row, which may be a value or the score of a class; expected "
            'task="regression" or task="binary".'
        )

    def test_margins_are_those_of_the_second_class(self, numbers, paid, rows, tmp_path):
        fitted = LinearSVC().fit(numbers, paid)
        path = converted(fitted, tmp_path, zipmap=None)
        model = rai.load_model(path, probabilities=False, features=["age", "income"])
        expected = fitted.decision_function(rows[["age", "income"]].to_numpy())
        assert np.allclose(model.scores(rows), expected, atol=1e-5)
        other = rai.load_model(
            path, probabilities=False, features=["age", "income"], positive_label=model.classes[0]
        )
        assert np.allclose(other.scores(rows), -expected, atol=1e-5)
        with pytest.raises(rai.DataError, match="For margins pass probabilities=False"):
            rai.load_model(path, features=["age", "income"]).scores(rows)

    @pytest.mark.filterwarnings("ignore:Attribute .prob._. was deprecated:FutureWarning")
    def test_scores_that_the_conversion_turned_around_are_noticed(self, numbers, paid, rows, tmp_path):
        path = converted(SVC().fit(numbers, paid), tmp_path)
        model = rai.load_model(path, probabilities=False, features=["age", "income"])
        with pytest.raises(rai.DataError) as error:
            model.scores(rows)
        assert str(error.value) == (
            "ONNX: labels that contradict its scores; expected agreement. Is classes= in the order of its "
            "scores? Some conversions turn margins around."
        )

    def test_classes_in_another_order_than_the_scores_are_noticed(self, numbers, grade, rows, tmp_path):
        fitted = LogisticRegression(max_iter=500).fit(numbers, grade)
        path = converted(fitted, tmp_path)
        features = {"features": ["age", "income"]}
        model = rai.load_model(
            path, **features, classes=["a", "b", "c"]
        )  # the file's own, called otherwise
        assert np.array_equal(model.scores(rows), rai.load_model(path, **features).scores(rows))
        graph = onnx.load(path).graph
        for node in graph.node:  # as if the file didn't say
            for attribute in list(node.attribute):
                if attribute.name == "classlabels_strings":
                    attribute.strings[:] = [b"x", b"x", b"x"]
        bare = kept(finished(graph), tmp_path, "bare.onnx")
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(bare)
        assert str(error.value) == (
            f"model {bare}: labels of text, without their order; expected classes=[…] in the order of its "
            "scores."
        )
        with pytest.raises(
            rai.DataError, match="ONNX: label 'x'; expected one of 'fair', 'high', 'low'"
        ):
            rai.load_model(bare, classes=["fair", "high", "low"], **features).scores(rows)

    def test_labels_alone_are_scores_of_1_and_0(self, numbers, paid, rows, tmp_path):
        fitted = DecisionTreeClassifier(max_depth=3).fit(numbers, paid)
        path = converted(fitted, tmp_path)
        proto = onnx.load(path)
        del proto.graph.output[1]
        model = rai.load_model(kept(proto, tmp_path), features=["age", "income"])
        labels = fitted.predict(rows[["age", "income"]].to_numpy().astype(np.float32))
        assert np.array_equal(model.scores(rows), labels == "yes")
        other = rai.load_model(tmp_path / "model.onnx", features=["age", "income"], positive_label="no")
        assert np.array_equal(other.scores(rows), labels == "no")

    def test_a_network_without_labels(self, tmp_path):
        path = network(tmp_path, weights=np.array([[1.0], [-1.0]], np.float32))
        rows = {"a": [0.0, 2.0], "b": [0.0, 1.0]}
        expected = (1 / (1 + np.exp(-np.array([0.0, 1.0])))).astype(np.float32)
        assert np.allclose(rai.load_model(path, task="binary").scores(rows), expected, atol=1e-7)
        turned = rai.load_model(path, classes=["no", "yes"], positive_label="no")
        assert np.allclose(turned.scores(rows), 1 - expected, atol=1e-7)

    def test_logits_of_a_network(self, tmp_path):
        path = network(
            tmp_path, out=("n", 2), weights=np.array([[1, 3], [0, 2]], np.float32), op="Identity"
        )
        model = rai.load_model(path, probabilities=False)
        assert model.scores({"a": [1.0, -1.0], "b": [0.0, 2.0]}).tolist() == [2.0, 2.0]
        wide = network(tmp_path, out=("n", 3), op="Identity")
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(wide)
        assert str(error.value) == (
            f"model {wide}: no names of classes; expected them. Pass classes=[…] in the order of its outputs."
        )
        scores = rai.load_model(wide, classes=["a", "b", "c"], probabilities=False).scores(
            {"a": [1], "b": [2]}
        )
        assert scores.tolist() == [[3, 3, 3]]


class TestColumns:
    def test_names_in_the_file_s_metadata(self, tmp_path):
        path = network(tmp_path, weights=np.array([[1.0], [-1.0]], np.float32))
        proto = onnx.load(path)
        helper.set_model_props(proto, {"feature_names": json.dumps(["b", "a"])})
        model = rai.load_model(kept(proto, tmp_path), task="binary")
        assert model.features == ("b", "a")
        assert model.scores({"a": [0.0], "b": [9.0], "c": ["x"]})[0] > 0.99
        assert "names no columns" not in " ".join(model.notes)

    @pytest.mark.parametrize("names", ["[1, 2]", '["a"]', "{", "null", '"ab"', "[" * 100_000])
    def test_metadata_that_say_nothing(self, tmp_path, names):
        proto = onnx.load(network(tmp_path))
        helper.set_model_props(proto, {"feature_names": names})
        model = rai.load_model(kept(proto, tmp_path), task="binary")
        assert model.features is None
        assert "It names no columns" in " ".join(model.notes)

    def test_the_inputs_called_otherwise(self, pipeline, rows, tmp_path):
        path = kept(to_onnx(pipeline, initial_types=types_of(COLUMNS)), tmp_path)
        renamed = rows.rename(columns={"sex": "legal sex"})
        model = rai.load_model(path, features=["age", "income", "legal sex", "home"])
        assert np.array_equal(model.scores(renamed), rai.load_model(path).scores(rows))

    def test_gaps_in_numbers_are_nan_and_true_is_1(self, tmp_path):
        path = network(tmp_path, op="IsNaN")
        proto = onnx.load(path)
        proto.graph.output[0].type.tensor_type.elem_type = TensorProto.BOOL
        model = rai.load_model(kept(proto, tmp_path), classes=[False, True])
        assert model.scores({"a": [1.0, None], "b": [True, False]}).tolist() == [0.0, 1.0]

    CASES = (
        ({"sex": [None, "F"]}, "ONNX: column 'sex' with missing values; expected text, as its input is of text."),
        ({"sex": [1, 2]}, "ONNX: column 'sex' with other values than text; expected text, as its input is of text."),
        ({"age": [30, None]}, "ONNX: missing values in column 'age'; expected whole numbers, as its input is of such."),
        ({"age": [30, 30.5]}, "ONNX: numbers that are not whole in column 'age'; expected whole numbers, as its input is of such."),
        ({"income": ["a", "b"]}, "ONNX: column 'income' with text such as 'a'; expected numbers. Are the columns those it was trained on, in order?"),
    )  # fmt: skip

    @pytest.mark.parametrize(("changed", "sentence"), CASES, ids=range(len(CASES)))
    def test_values_that_an_input_cannot_take(self, pipeline, tmp_path, changed, sentence):
        path = kept(to_onnx(pipeline, initial_types=types_of(COLUMNS)), tmp_path)
        rows = {"age": [30, 40], "income": [1.0, 2.0], "sex": ["F", "M"], "home": ["own", "rent"]}
        assert rai.load_model(path).scores(rows).shape == (2,)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path).scores({**rows, **changed})
        assert str(error.value) == sentence

    def test_another_number_of_columns(self, tmp_path):
        model = rai.load_model(network(tmp_path), task="binary")
        with pytest.raises(rai.DataError) as error:
            model.scores({"a": [1.0], "b": [1.0], "c": [1.0]})
        assert str(error.value) == (
            "ONNX: 3 columns; expected 2. Pass features=[…] in the order of its inputs."
        )


class TestRefusals:
    def test_a_fixed_number_of_rows(self, tmp_path):
        path = network(tmp_path, shape=(1, 2), out=(1, 1))
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value) == (
            f"model {path}: input 'x' of tensor(float), shape [1, 2]; expected any number of rows. Convert it "
            "with a first dimension that is free, such as 'rows' or None."
        )

    def test_pictures(self, tmp_path):
        info = helper.make_tensor_value_info
        graph = helper.make_graph(
            [helper.make_node("Identity", ["x"], ["y"])],
            "g",
            [info("x", TensorProto.FLOAT, ("n", 3, 8, 8))],
            [info("y", TensorProto.FLOAT, ("n", 3, 8, 8))],
        )
        path = kept(finished(graph), tmp_path)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path)
        assert str(error.value).startswith(
            f"model {path}: input 'x' of tensor(float), shape [n, 3, 8, 8]; expected shape [rows, columns], of"
        )

    def test_several_outputs_of_scores(self, tmp_path):
        proto = onnx.load(network(tmp_path))
        proto.graph.output.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, ("n", 1)))
        path = kept(proto, tmp_path)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path, task="binary")
        assert str(error.value) == (
            f"model {path}: outputs 'y', 'z'; expected one of scores. Convert it with one output of scores "
            "(of scikit-learn with zipmap=False)."
        )

    def test_operators_that_nobody_knows_are_not_looked_for(self, tmp_path):
        info = helper.make_tensor_value_info
        graph = helper.make_graph(
            [helper.make_node("Mine", ["x"], ["y"], domain="my.own")],
            "g",
            [info("x", TensorProto.FLOAT, ("n", 2))],
            [info("y", TensorProto.FLOAT, ("n", 1))],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("my.own", 1)], ir_version=9)
        with pytest.raises(rai.DataError, match=r"can't be read .* expected an ONNX model"):
            rai.load_model(kept(model, tmp_path), task="binary")

    def test_tensors_of_more_than_there_is(self, tmp_path):
        proto = onnx.load(network(tmp_path))
        proto.graph.initializer[0].dims[:] = [10**9, 10**9]
        with pytest.raises(rai.DataError, match=r"expected an ONNX model\. Is it damaged"):
            rai.load_model(kept(proto, tmp_path), task="binary")
        wide = network(tmp_path, shape=("n", 10**12))
        with pytest.raises(rai.DataError):
            rai.load_model(wide, task="binary").scores({"a": [1.0], "b": [1.0]})

    def test_a_file_that_is_cut_off(self, numbers, paid, tmp_path):
        whole = converted(LogisticRegression().fit(numbers, paid), tmp_path).read_bytes()
        path = tmp_path / "cut.onnx"
        for stop in range(1, len(whole), 7):
            path.write_bytes(whole[:stop])
            with pytest.raises(rai.DataError, match="expected an ONNX model"):
                rai.load_model(path)


class TestOtherFiles:
    """Tensors in other files: a way to any file that the process may read."""

    def external(self, folder, place):
        path = network(folder)
        proto = onnx.load(path)
        tensor = proto.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="../../../etc/hostname")
        if place == "attribute":
            node = helper.make_node("Constant", [], ["w"], value=tensor)
            del proto.graph.initializer[:]
            proto.graph.node.insert(0, node)
        elif place == "branch":
            inner = helper.make_graph([], "inner", [], [], [tensor])
            proto.graph.node.append(
                helper.make_node("If", ["z"], ["q"], then_branch=inner, else_branch=inner)
            )
        elif place == "function":
            node = helper.make_node("Constant", [], ["w"], value=tensor)
            proto.functions.append(
                helper.make_function("d", "f", [], ["w"], [node], [helper.make_opsetid("", 18)])
            )
        return kept(proto, folder)

    @pytest.mark.parametrize("place", ["initializer", "attribute", "branch", "function"])
    def test_they_are_refused_before_anything_is_run(self, tmp_path, monkeypatch, place):
        path = self.external(tmp_path, place)
        monkeypatch.setattr(onnxruntime, "InferenceSession", None)
        with pytest.raises(rai.DataError) as error:
            rai.load_model(path, task="binary")
        assert str(error.value) == (
            f"model {path}: tensors that are in other files; expected all in this one. Save it in one piece "
            "(save_as_external_data=False)."
        )

    def test_a_column_called_location_is_none(self, tmp_path):
        info = helper.make_tensor_value_info
        graph = helper.make_graph(
            [helper.make_node("Add", ["location", "b"], ["y"])],
            "g",
            [info("location", TensorProto.FLOAT, ("n", 1)), info("b", TensorProto.FLOAT, ("n", 1))],
            [info("y", TensorProto.FLOAT, ("n", 1))],
        )
        path = kept(finished(graph), tmp_path)
        assert not wants_files(path.read_bytes())
        model = rai.load_model(path, task="regression")
        assert model.features == ("location", "b")
        assert model.scores({"b": [1.0], "location": [2.0]}).tolist() == [3.0]


def test_labels_and_scores_that_contradict_each_other():
    yes = np.array([0.9, 0.4, 0.3, 0.1])
    both = np.column_stack([1 - yes, yes])
    for scores in (yes, yes[:, None], both):
        for cut in (0.2, 0.35, 0.5):  # at whichever threshold the model decides
            check_labels(np.where(yes > cut, "yes", "no"), scores, ("no", "yes"), where="m")
        check_labels(np.array(["yes"] * 4), scores, ("no", "yes"), where="m")
        with pytest.raises(rai.DataError, match="m: labels that contradict its scores"):
            check_labels(np.where(yes > 0.35, "no", "yes"), scores, ("no", "yes"), where="m")
    three = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8]])
    check_labels(np.array(["a", "b", "c"]), three, ("a", "b", "c"), where="m")
    with pytest.raises(rai.DataError, match="m: labels that contradict its scores"):
        check_labels(np.array(["a", "b", "c"]), three, ("c", "a", "b"), where="m")


def test_names_of_classes_are_read_whatever_their_order_in_the_file(numbers, grade, tmp_path):
    fitted = LogisticRegression(max_iter=500).fit(numbers, grade)
    names = class_names(converted(fitted, tmp_path, zipmap=True).read_bytes())
    assert names.zipped == (("fair", "high", "low"),)
    assert names.fitting(3, words=True) == ("fair", "high", "low")
    assert names.fitting(2, words=True) == names.fitting(3, words=False) == ()
    assert pd.Series(names.zipped[0]).is_unique
