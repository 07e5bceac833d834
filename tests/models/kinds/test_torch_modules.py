"""PyTorch modules: their own scores, in evaluation mode, and the mode they had afterwards."""

from importlib.util import find_spec

import numpy as np
import pytest

import rai


@pytest.fixture(scope="module")
def torch(needs):
    needs(find_spec("torch") is not None, "PyTorch is not installed")
    import torch

    torch.manual_seed(0)
    return torch


@pytest.fixture(scope="module")
def encode(torch):
    """Two columns of numbers as one tensor."""

    def encode(frame):
        array = np.column_stack([frame["age"], frame["member"]]).astype(np.float32)
        return torch.from_numpy(array) / torch.tensor([100.0, 1.0])

    return encode


def direct(torch, module, inputs):
    module.eval()
    with torch.no_grad():
        return module(inputs).numpy()


class TestScores:
    def test_one_unit_is_the_second_class(self, torch, encode, people, framed):
        module = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
        expected = direct(torch, module, encode(people))[:, 0]
        model = rai.load_model(module, encode=encode, classes=["no", "yes"], features=["age", "member"])
        assert (model.kind, model.task, model.features) == ("PyTorch", "binary", ("age", "member"))
        assert np.array_equal(model.scores(framed(people)), expected)
        other = rai.load_model(module, encode=encode, classes=["no", "yes"], positive_label="no")
        assert np.array_equal(other.scores(people), 1 - expected)

    def test_a_unit_for_each_class(self, torch, encode, people):
        for classes in (["no", "yes"], ["low", "fair", "high"]):
            module = torch.nn.Sequential(torch.nn.Linear(2, len(classes)), torch.nn.Softmax(dim=1))
            expected = direct(torch, module, encode(people))
            scores = rai.load_model(module, encode=encode, classes=classes).scores(people)
            assert np.array_equal(scores, expected if len(classes) > 2 else expected[:, 1])

    def test_logits_are_margins(self, torch, encode, people):
        one, two = torch.nn.Linear(2, 1), torch.nn.Linear(2, 2)
        said = {"encode": encode, "probabilities": False, "classes": ["no", "yes"]}
        model, other = rai.load_model(one, **said), rai.load_model(one, **said, positive_label="no")
        assert (model.probabilities, model.threshold) == (False, 0.0)
        margins = direct(torch, one, encode(people))[:, 0].astype(float)
        assert np.array_equal(model.scores(people), margins)
        assert np.array_equal(other.scores(people), -margins)
        both = direct(torch, two, encode(people)).astype(float)
        scores = rai.load_model(two, **said).scores(people)
        assert np.array_equal(scores, both[:, 1] - both[:, 0])
        assert np.array_equal(scores >= 0, both[:, 1] >= both[:, 0])

    def test_logits_that_were_taken_for_probabilities(self, torch, encode, people):
        module = torch.nn.Linear(2, 1)
        module.bias.data += 5
        with pytest.raises(rai.DataError, match="For margins pass probabilities=False"):
            rai.load_model(module, encode=encode).scores(people)

    def test_a_regression(self, torch, encode, people):
        module = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Flatten(0))
        model = rai.load_model(module, encode=encode, task="regression")
        assert np.array_equal(model.scores(people), direct(torch, module, encode(people)))

    def test_several_inputs(self, torch, people):
        class Two(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.levels = torch.nn.Embedding(3, 1)

            def forward(self, age, home):
                return torch.sigmoid(age[:, None] + self.levels(home))

        def encode(frame):
            age = torch.tensor(frame["age"].to_numpy(), dtype=torch.float32) / 100
            return age, torch.tensor(frame["home"].cat.codes.to_numpy(), dtype=torch.long)

        module = Two()
        with torch.no_grad():
            expected = module(*encode(people)).numpy()[:, 0]
        assert np.array_equal(rai.load_model(module, encode=encode).scores(people), expected)

    def test_an_exported_module_is_a_module(self, torch, encode, people):
        module = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid()).eval()
        traced = torch.export.export(
            module, (encode(people),), dynamic_shapes=({0: torch.export.Dim("n")},)
        ).module()
        expected = direct(torch, module, encode(people))[:, 0]
        assert np.allclose(rai.load_model(traced, encode=encode).scores(people), expected)


class TestModes:
    def test_dropout_is_off_and_every_part_gets_its_mode_back(self, torch, encode, people):
        module = torch.nn.Sequential(
            torch.nn.Linear(2, 8), torch.nn.BatchNorm1d(8), torch.nn.Dropout(0.9), torch.nn.Linear(8, 1)
        )
        module.train()
        module[1].eval()  # a frozen part, as in fine-tuning
        before = {name: held.clone() for name, held in module.state_dict().items()}
        model = rai.load_model(module, encode=encode, probabilities=False)
        assert np.array_equal(model.scores(people), model.scores(people))
        assert [part.training for part in module.modules()] == [True, True, False, True, True]
        assert all(torch.equal(held, before[name]) for name, held in module.state_dict().items())

    def test_also_where_it_fails(self, torch, encode, people):
        module = torch.nn.Linear(7, 1).train()
        with pytest.raises(rai.DataError) as error:
            rai.load_model(module, encode=encode).scores(people)
        assert str(error.value).startswith(
            "model (PyTorch): it failed (RuntimeError: mat1 and mat2 shapes"
        )
        assert module.training

    def test_no_gradients_are_kept(self, torch, encode, people):
        seen = []

        class Looks(torch.nn.Module):
            def forward(self, x):
                seen.append(torch.is_grad_enabled())
                return torch.sigmoid(x.sum(dim=1))

        rai.load_model(Looks(), encode=encode).scores(people)
        assert seen == [False]


class TestRefusals:
    def test_without_encode(self, torch):
        with pytest.raises(rai.ArgumentError) as error:
            rai.load_model(torch.nn.Linear(2, 1))
        assert str(error.value) == (
            "load_model: a module (Linear) without encode=; expected what makes its input. Pass encode=, a "
            "function from a frame to a tensor (or a tuple of them)."
        )

    @pytest.mark.parametrize(
        ("made", "kind"),
        [
            (lambda frame: frame.to_numpy(), "ndarray"),
            (lambda frame: (), "tuple"),
            (lambda frame: None, "NoneType"),
        ],
    )
    def test_encode_makes_tensors(self, torch, people, made, kind):
        with pytest.raises(rai.DataError) as error:
            rai.load_model(torch.nn.Linear(2, 1), encode=made).scores(people[["age"]])
        assert str(error.value) == f"encode: a {kind}; expected a tensor, or a tuple of tensors."

    def test_a_module_gives_one_tensor(self, torch, encode, people):
        class Two(torch.nn.Module):
            def forward(self, x):
                return x, x

        with pytest.raises(rai.DataError) as error:
            rai.load_model(Two(), encode=encode).scores(people)
        assert str(error.value) == (
            "PyTorch: it returned a tuple; expected a tensor. Wrap it in a module, or in a function, that "
            "returns one of them."
        )

    def test_too_few_rows_come_back(self, torch, encode, people):
        class Short(torch.nn.Module):
            def forward(self, x):
                return torch.sigmoid(x[1:, 0])

        with pytest.raises(rai.DataError, match=r"it returned shape \(299,\) for 300 rows"):
            rai.load_model(Short(), encode=encode).scores(people)


def test_another_module_has_another_digest(torch, encode):
    one, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
    digests = [rai.load_model(each, encode=encode).digest for each in (one, one, other)]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 64
