"""Attributions to tensors: sums, captum asked directly, a planted patch, and what is refused."""

from importlib.util import find_spec

import numpy as np
import pytest

import rai
from rai.explainers.tensors import TENSOR_METHODS, explain_tensors


@pytest.fixture(scope="module")
def torch(needs):
    needs(find_spec("torch") is not None, "PyTorch is not installed")
    needs(find_spec("captum") is not None, "captum is not installed")
    import torch

    torch.set_num_threads(1)
    return torch


@pytest.fixture
def net(torch):
    torch.manual_seed(0)
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(48, 4)
    )


@pytest.fixture
def images(torch):
    return torch.randn(5, 1, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("method", ["integrated_gradients", "deep_lift"])
def test_parts_add_up(torch, net, images, method):
    baselines = torch.randn(3, 1, 8, 8, generator=torch.Generator().manual_seed(2))
    found = explain_tensors(net, images, method=method, baselines=baselines, target=2)
    outputs = net(images).detach().double().numpy()[:, 2]
    assert found.values[0].shape == (5, 1, 8, 8)
    assert np.allclose(found.scores, outputs)
    assert np.allclose(found.base, net(baselines).mean(dim=0)[2].item(), atol=1e-6)
    assert np.allclose(found.base + found.values[0].sum(axis=(1, 2, 3)), outputs, atol=1e-5)
    assert np.abs(found.completeness_error).max() < 1e-5


def test_one_output_for_each_row_or_the_highest(net, images):
    highest = net(images).argmax(dim=1).numpy()
    found = explain_tensors(net, images)
    assert np.array_equal(found.target, highest)
    assert any("highest output" in note for note in found.notes)
    named = explain_tensors(net, images, target=highest.tolist())
    assert np.array_equal(found.values[0], named.values[0])
    alone = explain_tensors(net, images[:1], target=int(highest[0]))
    assert np.allclose(found.values[0][:1], alone.values[0], atol=1e-5)


def test_places_that_are_left_out_together(torch, net, images):
    mask = torch.zeros(1, 8, 8, dtype=torch.long)
    mask[:, :, 4:] = 1
    found = explain_tensors(net, images, method="feature_ablation", feature_mask=mask[None], target=0)
    outputs = net(images)[:, 0]
    without = images.clone()
    without[:, :, :, :4] = 0
    expected = (outputs - net(without)[:, 0]).detach().numpy()
    assert np.allclose(found.values[0][:, 0, 3, 2], expected, atol=1e-6)
    assert found.completeness_error is None


def test_a_window(net, images):
    from captum.attr import Occlusion

    found = explain_tensors(net, images, method="occlusion", window=(1, 2, 2), target=0)
    told = Occlusion(net).attribute(images, (1, 2, 2), strides=(1, 2, 2), target=0)
    assert np.allclose(found.values[0], told.detach().numpy(), atol=1e-6)
    assert found.completeness_error is None


def test_what_a_layer_holds(net, images):
    found = explain_tensors(net, images, method="layer_integrated_gradients", layer="2", target=1)
    assert (found.layer, found.values[0].shape) == ("2", (5, 3, 4, 4))
    weights = net[4].weight.detach().double().numpy()[1].reshape(3, 4, 4)
    held = net[:3](images) - net[:3](images * 0)
    assert np.allclose(found.values[0], held.detach().numpy() * weights, atol=1e-5)
    assert np.abs(found.completeness_error).max() < 1e-5


def test_tokens_through_an_embedding(torch):
    torch.manual_seed(0)

    class Text(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.words, self.out = torch.nn.Embedding(9, 4), torch.nn.Linear(4, 1)

        def forward(self, ids):
            return torch.tanh(self.out(self.words(ids).mean(dim=1)))[:, 0]

    module, ids = Text(), torch.randint(0, 9, (6, 5))
    found = explain_tensors(module, ids, method="layer_integrated_gradients", layer=module.words)
    assert found.values[0].shape == (6, 5, 4)
    assert np.abs(found.completeness_error).max() < 1e-5
    with pytest.raises(rai.ArgumentError, match="Take layer_integrated_gradients"):
        explain_tensors(module, ids)


def test_where_a_net_looks(torch):
    """A bright square in a corner is what a net of one filter sees."""
    nn = torch.nn
    net = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    net[0].weight.data.fill_(1.0)
    net[0].bias.data.fill_(-4.0)
    image = torch.zeros(1, 1, 16, 16)
    image[:, :, 2:6, 9:13] = 1.0
    found = explain_tensors(net, image, method="grad_cam", layer=net[1])
    assert found.values[0].shape == (1, 1, 16, 16)
    heat = found.values[0][0, 0]
    assert heat[2:6, 9:13].sum() > 0.9 * heat.sum() > 0
    assert found.completeness_error is None


def test_an_estimate_is_repeatable_and_nears_the_integral(torch, net, images):
    one, other, more = (
        explain_tensors(net, images, method="gradient_shap", samples=samples, target=0)
        for samples in (20, 20, 2000)
    )
    exact = explain_tensors(net, images, target=0)
    assert np.array_equal(one.values[0], other.values[0])
    off = [np.abs(each.values[0] - exact.values[0]).max() for each in (one, more)]
    assert off[1] < off[0] / 3


def test_several_inputs(torch):
    class Both(torch.nn.Module):
        def forward(self, x, y):
            return (x * 2).sum(dim=1) + (y * 3).sum(dim=1)

    x, y = torch.ones(2, 2), torch.ones(2, 3)
    found = explain_tensors(Both(), (x, y))
    assert [each.tolist() for each in (v.round(5) for v in found.values)] == [
        [[2.0, 2.0]] * 2,
        [[3.0, 3.0, 3.0]] * 2,
    ]


@pytest.mark.parametrize("method", TENSOR_METHODS)
def test_modes_and_gradients_are_as_they_were(torch, net, images, method):
    net.train()
    layer = "0" if method in ("grad_cam", "layer_integrated_gradients") else None
    window = (1, 4, 4) if method == "occlusion" else None
    with torch.no_grad():
        found = explain_tensors(net, images, method=method, layer=layer, window=window, target=0)
    assert all(np.isfinite(each).all() for each in found.values)
    assert net.training
    assert all(held.grad is None for held in net.parameters())
    assert not images.requires_grad
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in net.modules())


class TestRefusals:
    def refused(self, *args, **said):
        with pytest.raises(rai.ArgumentError) as caught:
            explain_tensors(*args, **said)
        return str(caught.value)

    def test_methods_and_layers(self, torch, net, images):
        assert "expected" in self.refused(net, images, method="xrai")
        assert "expected a part of the module" in self.refused(net, images, method="grad_cam", layer="9")
        assert "layer: one for 'deep_lift'" in self.refused(net, images, method="deep_lift", layer="0")
        assert "expected maps" in self.refused(net, images, method="grad_cam", layer="4")
        assert "window: None" in self.refused(net, images, method="occlusion")

    def test_deep_lift_without_a_rule(self, torch, images):
        module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 4), torch.nn.GELU())
        assert "no rule for GELU" in self.refused(module, images, method="deep_lift")

    def test_inputs_baselines_and_targets(self, torch, net, images):
        assert "inputs: " in self.refused(net, images.numpy())
        assert "inputs: " in self.refused(net, (images, images[:2]))
        assert "baselines: shapes" in self.refused(net, images, baselines=images[:, :, :4])
        assert "expected places from 0 to 3" in self.refused(net, images, target=4)
        assert "expected shape (n,) or (n, k)" in self.refused(net[:2], images)
