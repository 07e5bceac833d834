"""captum's methods on tables: closed forms, captum asked directly, and what is refused."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rai

PATHS = ("integrated_gradients", "gradient_shap", "deep_lift")
ALL = (*PATHS, "layer_integrated_gradients", "feature_ablation", "occlusion")


@pytest.fixture(scope="module")
def nn(torch):
    return torch.nn


def layers(torch, activation, *, outputs=1, last=None):
    torch.manual_seed(0)
    nn = torch.nn
    inner = [nn.Linear(5, 16), activation(), nn.Linear(16, 16), activation(), nn.Linear(16, outputs)]
    return nn.Sequential(*inner, *([last] if last else []))


def loaded(module, encode, **said):
    return rai.load_model(module, encode=encode, features=["a", "b", "word"], **said)


def margins(module, encode, **said):
    return loaded(module, encode, probabilities=False, **said)


def worst(found):
    return np.abs(found.completeness_error).max()


class TestClosedForms:
    def test_of_a_linear_net(self, torch, nn, as_tensors, table):
        module = nn.Linear(5, 1)
        weights = module.weight.detach().double().numpy()[0]
        parts = (as_tensors(table[:6]).double() - as_tensors(table[20:]).double().mean(dim=0)).numpy()
        parts *= weights
        expected = np.column_stack([parts[:, 0], parts[:, 1], parts[:, 2:].sum(axis=1)])
        for method in ("integrated_gradients", "deep_lift", "feature_ablation"):
            found = rai.explain(
                margins(module, as_tensors), table[:6], background=table[20:], method=method
            )
            assert found.space == "margin"
            assert np.allclose(found.values[:, :, 0], expected, atol=1e-6)
            assert np.allclose(found.base, module(as_tensors(table[20:])).mean().item(), atol=1e-6)

    def test_of_a_quadratic_net(self, torch, nn):
        """Of xᵀAx, A symmetric, from b to x: (x − b)ᵢ (A(x + b))ᵢ."""
        matrix = torch.tensor([[1.0, 0.5, -2.0], [0.5, 3.0, 0.25], [-2.0, 0.25, -1.0]])

        class Quadratic(nn.Module):
            def forward(self, x):
                return ((x @ matrix) * x).sum(dim=1)

        rng = np.random.default_rng(0)
        rows, one = (pd.DataFrame(rng.normal(size=(n, 3)), columns=list("abc")) for n in (8, 1))
        model = rai.load_model(
            Quadratic(), task="regression",
            encode=lambda frame: torch.tensor(frame.to_numpy(), dtype=torch.float32),
        )  # fmt: skip
        found = rai.explain(model, rows, background=one, method="integrated_gradients")
        x, b = rows.to_numpy(), one.to_numpy()
        assert np.allclose(found.values[:, :, 0], (x - b) * ((x + b) @ matrix.numpy()), atol=1e-4)

    def test_of_a_product_left_out_one_by_one(self, torch, nn):
        class Product(nn.Module):
            def forward(self, x):
                return x[:, 0] * x[:, 1]

        rows = pd.DataFrame({"a": [2.0, 1.0], "b": [3.0, 0.0]})
        zero = pd.DataFrame({"a": [0.0], "b": [0.0]})
        model = rai.load_model(
            Product(), task="regression",
            encode=lambda frame: torch.tensor(frame.to_numpy(), dtype=torch.float32),
        )  # fmt: skip
        for method in ("feature_ablation", "occlusion"):
            found = rai.explain(model, rows, background=zero, method=method)
            assert found.values[:, :, 0].tolist() == [[6.0, 6.0], [0.0, 0.0]]
            assert found.completeness_error[:, 0].tolist() == [6.0, 0.0]
            assert found.kind == "removal"
            assert any("In 1 of 2 rows" in note for note in found.notes)


class TestSums:
    @pytest.mark.parametrize(
        "case",
        [
            (1, None, {"probabilities": False}),
            (1, None, {"probabilities": False, "classes": ["n", "y"], "positive_label": "n"}),
            (2, None, {"probabilities": False, "classes": ["n", "y"], "positive_label": "n"}),
            (1, "Sigmoid", {"classes": ["n", "y"], "positive_label": "n"}),
            (2, "Softmax", {"classes": ["n", "y"], "positive_label": "n"}),
            (3, "Softmax", {"classes": ["p", "q", "r"]}),
            (1, None, {"task": "regression"}),
        ],
    )
    def test_they_are_the_model_s_own_word(self, torch, as_tensors, table, case):
        (outputs, last, said), nn = case, torch.nn
        made = {"Sigmoid": nn.Sigmoid(), "Softmax": nn.Softmax(dim=1)}.get(last)
        module = layers(torch, nn.Tanh, outputs=outputs, last=made)
        model = loaded(module, as_tensors, **said)
        own = model.scores(table[:6]).reshape(6, -1)
        for method in ("integrated_gradients", *(["deep_lift"] if last != "Softmax" else [])):
            found = rai.explain(model, table[:6], background=table[30:45], method=method)
            mean = model.scores(table[30:45]).reshape(15, -1).mean(axis=0)
            assert np.allclose(found.base + found.values.sum(axis=1), own, atol=1e-6)
            assert np.allclose(found.base, mean, atol=1e-6)
            assert worst(found) < 1e-4 * np.ptp(own)
            assert found.kind == "gradient"

    def test_log_odds_of_a_probability(self, torch, nn, as_tensors, table):
        inner = layers(torch, nn.Tanh)
        outer = loaded(nn.Sequential(inner, nn.Sigmoid()), as_tensors)
        said = {"background": table[30:45], "method": "integrated_gradients"}
        through = rai.explain(outer, table[:6], space="margin", **said)
        direct = rai.explain(margins(inner, as_tensors), table[:6], **said)
        assert np.allclose(through.values, direct.values, atol=1e-5)

    def test_steps_are_doubled_until_the_parts_add_up(self, torch, nn, as_tensors, table):
        module = layers(torch, nn.ReLU)
        rows, background = table[:4], table[30:36]
        errors = []
        for steps in (16, 64, 128):
            budget = 4 * 6 * (3 * 16 if steps == 64 else 16) if steps < 64 else 4 * 6 * 2 * steps
            found = rai.explain(
                margins(module, as_tensors), rows, background=background,
                method="integrated_gradients", budget=budget,
            )  # fmt: skip
            errors.append(np.abs(found.completeness_error).mean())
        assert errors[0] > errors[1] > errors[2] > 0

    def test_how_far_an_estimate_is_off_is_told(self, torch, nn, as_tensors, table):
        module = layers(torch, nn.Tanh)
        one, other, more = (
            rai.explain(
                margins(module, as_tensors),
                table[:6],
                background=table[30:45],
                method="gradient_shap",
                budget=budget,
            )
            for budget in (6 * 20, 6 * 20, 6 * 20_000)
        )
        assert np.array_equal(one.values, other.values)
        assert worst(one) > worst(more)
        assert any("miss what the score is away" in note for note in one.notes)
        assert any("standard errors" in note for note in one.notes)
        exact = rai.explain(
            margins(module, as_tensors),
            table[:6],
            background=table[30:45],
            method="integrated_gradients",
        )
        assert np.abs(more.values - exact.values).max() < 0.01

    def test_nothing_can_be_told_of_how_a_function_is_written(self, torch, nn, as_tensors, table):
        module = layers(torch, nn.Tanh)

        class Same(nn.Module):
            def forward(self, x):
                first, _, second, _, third = module
                one = 2 * torch.sigmoid(2 * first(x)) - 1  # what tanh is
                return third(torch.tanh(second(one)))

        said = {"background": table[30:40], "method": "integrated_gradients"}
        found, other = (
            rai.explain(margins(each, as_tensors), table[:6], **said) for each in (module, Same())
        )
        assert np.allclose(found.values, other.values, atol=1e-5)


class TestAgainstCaptum:
    def test_asked_directly(self, torch, nn, as_tensors, table):
        from captum.attr import DeepLiftShap, IntegratedGradients

        module = layers(torch, nn.ReLU)
        rows, background = as_tensors(table[:4]), as_tensors(table[30:40])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = DeepLiftShap(module).attribute(rows, baselines=background, target=0)
        told = told.detach().numpy()
        found = rai.explain(
            margins(module, as_tensors), table[:4], background=table[30:40], method="deep_lift"
        )
        assert np.allclose(found.values[:, 0, 0], told[:, 0], atol=1e-6)
        assert np.allclose(found.values[:, 2, 0], told[:, 2:].sum(axis=1), atol=1e-6)
        smooth = layers(torch, nn.Tanh)
        found = rai.explain(
            margins(smooth, as_tensors),
            table[:4],
            background=table[30:31],
            method="integrated_gradients",
        )
        told = IntegratedGradients(smooth).attribute(
            rows, baselines=background[:1], target=0, n_steps=50
        )
        assert np.allclose(found.values[:, 1, 0], told.detach().numpy()[:, 1], atol=1e-5)

    def test_players_of_several_columns_are_left_out_together(self, torch, nn, as_tensors, table):
        model = margins(layers(torch, nn.Tanh), as_tensors)
        rows, background = table[:4], table[30:40]
        found = rai.explain(
            model,
            rows,
            background=background,
            method="feature_ablation",
            players={"both": ["a", "word"]},
        )
        expected = np.zeros((4, 2))
        for place, names in enumerate((["a", "word"], ["b"])):
            for z in range(10):
                changed = rows.copy()
                changed[names] = background[names].iloc[z].to_numpy()
                expected[:, place] += (model.scores(rows) - model.scores(changed)) / 10
        assert found.names == ("both", "b")
        assert np.allclose(found.values[:, :, 0], expected, atol=1e-6)


class TestEmbeddings:
    @pytest.fixture
    def words(self, torch, nn):
        torch.manual_seed(0)

        class Words(nn.Module):
            def __init__(self):
                super().__init__()
                self.levels, self.inner, self.outer = (
                    nn.Embedding(3, 4),
                    nn.Linear(6, 8),
                    nn.Linear(8, 1),
                )

            def forward(self, x, ids):
                return self.outer(torch.tanh(self.inner(torch.cat([x, self.levels(ids)], dim=1))))

        return Words()

    @pytest.fixture
    def ids(self, torch):
        def ids(frame):
            codes = pd.Categorical(frame["word"], categories=list("FMX")).codes
            array = frame[["a", "b"]].to_numpy(dtype=np.float32)
            return torch.tensor(array), torch.tensor(codes.astype(np.int64))

        return ids

    def test_parts_add_up_and_equal_those_of_the_same_net_without_them(
        self, torch, words, ids, as_tensors, table
    ):
        nn = torch.nn
        said = {"background": table[30:45]}
        found = rai.explain(margins(words, ids), table[:6], method="layer_integrated_gradients", **said)
        assert worst(found) < 1e-5
        plain = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), words.outer)
        inner = words.inner.weight.data
        plain[0].weight.data = torch.cat(
            [inner[:, :2], inner[:, 2:] @ words.levels.weight.data.T], dim=1
        )
        plain[0].bias.data = words.inner.bias.data
        other = rai.explain(margins(plain, as_tensors), table[:6], method="integrated_gradients", **said)
        assert np.allclose(found.values, other.values, atol=1e-5)

    def test_others_refuse_whole_numbers_and_ablation_takes_them(self, words, ids, table):
        model = margins(words, ids)
        for method in ("integrated_gradients", "gradient_shap", "deep_lift", "occlusion"):
            with pytest.raises(rai.ArgumentError, match=r"whole numbers|no rule for|one tensor"):
                rai.explain(model, table[:6], method=method)
        found = rai.explain(model, table[:6], background=table[30:31], method="feature_ablation")
        changed = table[:6].assign(word=table["word"].iloc[30])
        assert np.allclose(
            found.values[:, 2, 0], model.scores(table[:6]) - model.scores(changed), atol=1e-6
        )

    def test_an_embedding_that_is_used_twice(self, torch, nn, table, ids):
        class Twice(nn.Module):
            def __init__(self):
                super().__init__()
                self.levels = nn.Embedding(3, 2)

            def forward(self, x, each):
                return (self.levels(each) * self.levels(each)).sum(dim=1) + x.sum(dim=1)

        with pytest.raises(rai.ArgumentError, match="used several times or never"):
            rai.explain(margins(Twice(), ids), table[:4], method="layer_integrated_gradients")


class TestDeepLiftRefuses:
    def refused(self, module, encode, table):
        with pytest.raises(rai.ArgumentError) as caught:
            rai.explain(margins(module, encode), table[:4], background=table[30:40], method="deep_lift")
        return str(caught.value)

    def test_activations_without_a_rule(self, torch, nn, as_tensors, table):
        assert "no rule for GELU" in self.refused(layers(torch, nn.GELU), as_tensors, table)
        assert "no rule for SiLU" in self.refused(layers(torch, nn.SiLU), as_tensors, table)
        norm = nn.Sequential(nn.LayerNorm(5), nn.Linear(5, 1))
        assert "no rule for LayerNorm" in self.refused(norm, as_tensors, table)

    def test_softmax_whose_rule_does_not_add_up(self, torch, nn, as_tensors, table):
        module = layers(torch, nn.Tanh, outputs=3, last=nn.Softmax(dim=1))
        with pytest.raises(rai.ArgumentError, match="rule for Softmax doesn't add up"):
            rai.explain(loaded(module, as_tensors, classes=list("pqr")), table[:4], method="deep_lift")

    def test_functions_and_modules_that_are_used_twice(self, torch, nn, as_tensors, table):
        class Functional(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner, self.outer = nn.Linear(5, 8), nn.Linear(8, 1)

            def forward(self, x):
                return self.outer(torch.relu(self.inner(x)))

        class Reused(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner, self.outer, self.act = nn.Linear(5, 5), nn.Linear(5, 1), nn.ReLU()

            def forward(self, x):
                return self.outer(self.act(self.inner(self.act(self.inner(x)))))

        class Branching(Functional):
            def forward(self, x):
                return self.outer(self.inner(x)) if x.sum() > 0 else self.outer(-self.inner(x))

        class Product(Functional):
            def forward(self, x):
                return self.outer(self.inner(x) * self.inner(x))

        assert "no rule for relu() as a function" in self.refused(Functional(), as_tensors, table)
        assert "ReLU of its module is used several times" in self.refused(Reused(), as_tensors, table)
        assert "can't be traced" in self.refused(Branching(), as_tensors, table)
        assert "no rule for mul() as a function" in self.refused(Product(), as_tensors, table)

    def test_log_odds_of_a_probability(self, torch, nn, as_tensors, table):
        model = loaded(layers(torch, nn.ReLU, last=nn.Sigmoid()), as_tensors)
        with pytest.raises(rai.ArgumentError, match="no rule for the log-odds"):
            rai.explain(model, table[:4], method="deep_lift", space="margin")


class TestColumns:
    def refused(self, encode, frame, method="integrated_gradients"):
        import torch

        model = rai.load_model(torch.nn.Linear(1, 1), encode=encode, probabilities=False)
        with pytest.raises(rai.ArgumentError) as caught:
            rai.explain(model, frame, method=method)
        return str(caught.value)

    def test_an_encoded_column_of_two(self, torch, table):
        def encode(frame):
            return torch.tensor((frame["a"] * frame["b"]).to_numpy(dtype=np.float32))[:, None]

        assert "comes from both 'a' and 'b'" in self.refused(encode, table[["a", "b"]])

    def test_an_encoding_that_depends_on_the_batch(self, torch, table):
        def encode(frame):
            centred = frame["a"] - frame["a"].mean()
            return torch.tensor(centred.to_numpy(dtype=np.float32))[:, None]

        assert "changes with the other rows of a batch" in self.refused(encode, table[["a"]])

    def test_both_may_come_from_one_player(self, torch, nn, table):
        def encode(frame):
            array = np.column_stack([frame["a"] * frame["b"], np.ones(len(frame))])
            return torch.tensor(array, dtype=torch.float32)

        model = rai.load_model(nn.Linear(2, 1), encode=encode, probabilities=False)
        found = rai.explain(
            model, table[["a", "b"]][:5], players={"ab": ["a", "b"]}, method="integrated_gradients"
        )
        assert found.names == ("ab",)
        assert np.allclose(found.values[:, 0], found.scores - found.base, atol=1e-6)

    def test_occlusion_has_no_window_for_several_columns(self, torch, nn, as_tensors, table):
        with pytest.raises(rai.ArgumentError, match="'word' is 3 columns of the tensor"):
            rai.explain(margins(nn.Linear(5, 1), as_tensors), table, method="occlusion")

    def test_polars(self, torch, nn, as_tensors, table):
        model = margins(layers(torch, nn.Tanh), as_tensors)
        said = {"method": "integrated_gradients"}
        found = rai.explain(model, table[:5], background=table[30:40], **said)
        polars = pl.from_pandas(table)
        other = rai.explain(model, polars[:5], background=polars[30:40], **said)
        assert np.allclose(found.values, other.values)


class TestModules:
    @pytest.mark.parametrize(
        "method", [m for m in ALL if m not in ("layer_integrated_gradients", "occlusion")]
    )
    def test_modes_and_gradients_are_as_they_were(self, torch, nn, as_tensors, table, method):
        module = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4, 1)).train()
        module[1].eval()
        with torch.no_grad():
            found = rai.explain(
                margins(module, as_tensors), table[:4], background=table[30:40], method=method
            )
        assert np.isfinite(found.values).all()
        assert [part.training for part in module.modules()] == [True, True, False, True, True]
        assert all(held.grad is None for held in module.parameters())
        assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())

    @pytest.mark.parametrize("method", ALL)
    def test_other_models_and_spaces_are_refused(self, torch, nn, as_tensors, table, method):
        with pytest.raises(rai.ArgumentError, match="no PyTorch module"):
            rai.explain(lambda f: f["a"] * 0, table[:4], method=method)
        with pytest.raises(rai.ArgumentError, match="a decision is no number that its module gives"):
            rai.explain(margins(nn.Linear(5, 1), as_tensors), table[:4], method=method, space="decision")

    def test_without_captum_the_install_line_is_named(self, table, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "captum", None)
        monkeypatch.setitem(__import__("sys").modules, "captum.attr", None)
        for method in ALL:
            with pytest.raises(rai.ExtraError, match=r"pip install \"rai\[captum\]\""):
                rai.explain(lambda f: f["a"] * 0, table[:2], method=method)
