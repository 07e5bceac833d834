"""Attributions of a PyTorch module to its own inputs: images, signals, sequences, anything in tensors.

    integrated_gradients · deep_lift · gradient_shap     parts that add up to f(x) − mean f(baseline)
    feature_ablation · occlusion                         what is lost without a place, or a window
    layer_integrated_gradients                           to what a layer holds, such as an embedding
    grad_cam                                             where a layer of a convolutional net looks

For tables use `rai.explain`, whose attributions are to the columns that a person knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.engines.captum_deep_lift import unruly
from rai.explainers.engines.captum_paths import CLOSE, integrated
from rai.explainers.engines.shap_session import global_chance
from rai.explainers.engines.torch_scores import captum_session, device_of, loaded_captum
from rai.ground.checks import check_choice, check_count
from rai.ground.errors import ArgumentError, DataError, did_you_mean, in_short, sentence
from rai.values.generators import generator_of

WHERE = "explain_tensors"
TENSOR_METHODS = (
    *("integrated_gradients", "deep_lift", "gradient_shap", "feature_ablation", "occlusion"),
    *("layer_integrated_gradients", "grad_cam"),
)
OF_LAYERS = ("layer_integrated_gradients", "grad_cam")
NUMBERS_AT_ONCE = 1 << 23
LARGE = 0.05  # of what a row's score is away from its baseline


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TensorAttributions:
    """Attributions to the inputs of a PyTorch module.

    Args:
        values: An array for each input, of its shape (n, …); of `layer_integrated_gradients` of the
            layer's shape, of `grad_cam` the layer's map at the size of the input, (n, 1, …).
        method: One of `TENSOR_METHODS`.
        layer: The layer's name; empty for attributions to inputs.
        target: The output that is explained, of each row, shape (n,).
        scores: That output, shape (n,).
        base: Its mean over the baselines, shape (n,).
        completeness_error: base + Σ values − scores, shape (n,); None where values aren't meant to add
            up: of `occlusion`, `grad_cam`, and places that share a `feature_mask`.
        notes: What to mind.
    """

    values: tuple[Floats, ...]
    method: str
    layer: str
    target: Ints
    scores: Floats
    base: Floats
    completeness_error: Floats | None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.scores)

    def __repr__(self) -> str:
        shapes = ", ".join(str(each.shape) for each in self.values)
        return f"TensorAttributions({self.method}{f' at {self.layer}' if self.layer else ''}: {shapes})"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Asked:
    """What a person asks, checked."""

    method: str
    scoring: Any
    inputs: tuple[Any, ...]
    baselines: tuple[Any, ...]
    target: Any
    layer: Any
    steps: int
    samples: int
    window: tuple[Any, ...]
    strides: tuple[Any, ...] | None
    feature_mask: tuple[Any, ...] | None
    relu: bool
    rng: np.random.Generator

    @property
    def at_once(self) -> int:
        """How many rows fit into one call."""
        width = sum(each[0].numel() for each in self.inputs)
        times = {"integrated_gradients": 16, "layer_integrated_gradients": 16}
        times["gradient_shap"] = self.samples
        return int(max(1, NUMBERS_AT_ONCE // (width * times.get(self.method, 1))))


def explain_tensors(
    module: Any,
    inputs: Any,
    *,
    method: str = "integrated_gradients",
    baselines: Any = None,
    target: int | Sequence[int] | None = None,
    layer: Any = None,
    steps: int = 128,
    samples: int = 50,
    window: Any = None,
    strides: Any = None,
    feature_mask: Any = None,
    relu: bool = True,
    rng: int | np.random.Generator = 0,
) -> TensorAttributions:
    """What each number of a module's input contributes to one of its outputs.

    Args:
        module: A PyTorch module that gives a tensor of shape (n,) or (n, k).
        inputs: A tensor, or a tuple of them, the first axis of each is the row.
        method: One of `TENSOR_METHODS`.
        baselines: What stands in: tensors like `inputs` with B rows, over all of which values are
            averaged; zeros if None, as one row.
        target: Which output is explained: one for all rows, or one for each; if None the only one, or
            each row's highest.
        layer: A part of the module, or its name, where the method is one of layers.
        steps: Points at most on a path of `integrated_gradients`; fewer where fewer do.
        samples: Random points of `gradient_shap`.
        window: The shape of the window of `occlusion`, without the axis of rows; of several inputs one
            each.
        strides: How far it moves at a time; its own size if None.
        feature_mask: For `feature_ablation` whole numbers like one row of `inputs`: places with the same
            number are left out together. Each by itself if None.
        relu: Whether `grad_cam` keeps only what speaks for the output.
        rng: Seed of `gradient_shap`.

    Returns:
        `TensorAttributions`.

    Raises:
        ArgumentError: A method that the module or its input can't be explained with.
        DataError: DeepLIFT's parts that don't add up.
        ExtraError: captum is not installed.

    Example:
        >>> import torch
        >>> net = torch.nn.Linear(2, 1, bias=False)
        >>> _ = net.weight.data.copy_(torch.tensor([[2.0, -1.0]]))
        >>> explain_tensors(net, torch.tensor([[1.0, 3.0]])).values[0].round(4)
        array([[ 2., -3.]])

    Source: Sundararajan et al. (2017), arXiv:1703.01365; Selvaraju et al. (2017), arXiv:1610.02391.
    """
    check_choice(method, TENSOR_METHODS, where="method")
    captum = loaded_captum(method)
    asked = _checked(
        module, inputs, method=method, baselines=baselines, target=target, layer=layer, steps=steps,
        samples=samples, window=window, strides=strides, feature_mask=feature_mask, relu=relu, rng=rng,
    )  # fmt: skip
    name, part = _layer_of(module, layer, method)
    if method == "deep_lift":
        reason = unruly(module)
        if reason:
            expected = "a module within its rules"
            raise ArgumentError(sentence("method 'deep_lift'", reason, expected=expected))
    with captum_session(method, asked.scoring):
        scores, places = _scores(asked)
        base = _base(asked, places)
        values = _values(captum, asked, part, places, scores)
    return _found(asked, name, values=values, scores=scores, base=base, places=places)


def _checked(module: Any, inputs: Any, *, method: str, baselines: Any, **options: Any) -> _Asked:
    held = _tensors(inputs, "inputs")
    device = device_of(module, held[0])
    held = tuple(each.detach().to(device) for each in held)
    if baselines is None:
        stand_in = tuple(each[:1] * 0 for each in held)
    else:
        stand_in = tuple(each.detach().to(device) for each in _tensors(baselines, "baselines"))
    shapes = [tuple(each.shape[1:]) for each in held]
    if [tuple(each.shape[1:]) for each in stand_in] != shapes or not len(stand_in[0]):
        seen = f"shapes {[tuple(each.shape) for each in stand_in]}"
        expected = f"at least one row of shapes {shapes}"
        raise ArgumentError(sentence("baselines", seen, expected=expected))
    gradients = method not in {"feature_ablation", "occlusion", "layer_integrated_gradients", "grad_cam"}
    if gradients and any(not each.is_floating_point() for each in held):
        seen, hint = "whole numbers, which have no gradients", "Take layer_integrated_gradients."
        raise ArgumentError(sentence("inputs", seen, expected="floats", hint=hint))
    if method == "occlusion" and options["window"] is None:
        raise ArgumentError(sentence("window", "None", expected="the window's shape"))
    single = not isinstance(inputs, tuple)
    return _Asked(
        method=method,
        scoring=_two_axes(module),
        inputs=held,
        baselines=stand_in,
        target=options["target"],
        layer=options["layer"],
        steps=check_count(options["steps"], where="steps"),
        samples=check_count(options["samples"], where="samples"),
        window=_each(options["window"], single=single) or (),
        strides=_each(options["strides"], single=single),
        feature_mask=_each(options["feature_mask"], single=single),
        relu=options["relu"],
        rng=generator_of(options["rng"]),
    )


def _each(given: Any, *, single: bool) -> tuple[Any, ...] | None:
    """One for each input."""
    if given is None:
        return None
    return (given,) if single else tuple(given)


def _tensors(given: Any, where: str) -> tuple[Any, ...]:
    import torch

    held = given if isinstance(given, tuple) else (given,)
    fits = held and all(isinstance(each, torch.Tensor) and each.ndim for each in held)
    if not fits or len({len(each) for each in held}) > 1 or not len(held[0]):
        seen = f"shapes {[tuple(each.shape) for each in held]}" if fits else in_short(given)
        expected = "a tensor, or a tuple of tensors, with a row each"
        raise ArgumentError(sentence(where, seen, expected=expected))
    return held


def _two_axes(module: Any) -> Any:
    """The module with an output of shape (m, k)."""
    import torch

    class Scoring(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = module

        def forward(self, *inputs: Any) -> Any:
            found = self.inner(*inputs)
            if not isinstance(found, torch.Tensor) or found.ndim not in {1, 2}:
                shape = getattr(found, "shape", type(found).__name__)
                raise ArgumentError(
                    sentence(WHERE, f"the module gives {shape}", expected="shape (n,) or (n, k)")
                )
            return found if found.ndim == 2 else found[:, None]

    return Scoring()


def _layer_of(module: Any, layer: Any, method: str) -> tuple[str, Any]:
    """A layer's name and the layer."""
    if method not in OF_LAYERS:
        if layer is not None:
            hint = f"Take one of {', '.join(OF_LAYERS)}."
            raise ArgumentError(sentence("layer", f"one for {method!r}", expected="none", hint=hint))
        return "", None
    parts = dict(module.named_modules())
    for name, part in parts.items():
        if layer is part or (isinstance(layer, str) and layer == name):
            return name, part
    hint = did_you_mean(layer, parts) if isinstance(layer, str) else ""
    expected = "a part of the module, or its name"
    raise ArgumentError(sentence("layer", in_short(layer), expected=expected, hint=hint))


def _scores(asked: _Asked) -> tuple[Floats, Ints]:
    """The output that is explained of each row, and which it is."""
    outputs = _outputs(asked, asked.inputs)
    n, width = outputs.shape
    if asked.target is None:
        places = outputs.argmax(axis=1)
    else:
        places = np.broadcast_to(np.asarray(asked.target, dtype=np.intp), n)
    if (places < 0).any() or (places >= width).any():
        expected = f"places from 0 to {width - 1}"
        raise ArgumentError(sentence("target", in_short(asked.target), expected=expected))
    return outputs[np.arange(n), places], places


def _outputs(asked: _Asked, tensors: tuple[Any, ...]) -> Floats:
    import torch

    found = []
    with torch.no_grad():
        for start in range(0, len(tensors[0]), asked.at_once):
            part = asked.scoring(*(each[start : start + asked.at_once] for each in tensors))
            found.append(part.detach().cpu().double().numpy())
    return np.concatenate(found)


def _base(asked: _Asked, places: Ints) -> Floats:
    return np.asarray(_outputs(asked, asked.baselines).mean(axis=0)[places])


_Asks = Callable[[tuple[Any, ...], tuple[Any, ...], Any, Floats], tuple[Any, ...]]


def _values(captum: Any, asked: _Asked, part: Any, places: Ints, scores: Floats) -> tuple[Floats, ...]:
    """The method's values, averaged over the baselines, some rows at a time."""
    import torch

    asks, found = _METHODS[asked.method](captum, asked, part), []
    alone = asked.method in {"gradient_shap", "grad_cam"}  # these see all baselines at once, or none
    low = _outputs(asked, asked.baselines)
    for start in range(0, len(scores), asked.at_once):
        stop = min(start + asked.at_once, len(scores))
        rows = tuple(each[start:stop] for each in asked.inputs)
        target = torch.as_tensor(places[start:stop].copy(), device=rows[0].device)
        total: list[Any] = []
        for row in range(1 if alone else len(low)):
            one = tuple(
                each[row : row + 1].expand_as(held)
                for each, held in zip(asked.baselines, rows, strict=True)
            )
            moved = scores[start:stop] - low[row, places[start:stop]]
            parts = asks(rows, one, target, moved)
            held = [each.detach().cpu().double().numpy() for each in parts]
            total = held if not total else [a + b for a, b in zip(total, held, strict=True)]
        found.append([each / (1 if alone else len(low)) for each in total])
    return tuple(np.concatenate(each) for each in zip(*found, strict=True))


def _paths(captum: Any, asked: _Asked, part: Any) -> _Asks:
    layers = asked.method == "layer_integrated_gradients"
    kind = captum.LayerIntegratedGradients if layers else captum.IntegratedGradients
    method = kind(asked.scoring, part) if layers else kind(asked.scoring)

    def asks(rows: Any, baselines: Any, target: Any, moved: Floats) -> tuple[Any, ...]:
        close = CLOSE * float(np.abs(moved).max())
        return integrated(method, (rows, baselines), moved, close=close, most=asked.steps, target=target)

    return asks


def _deep_lift(captum: Any, asked: _Asked, _: Any) -> _Asks:
    method = captum.DeepLift(asked.scoring)
    return lambda rows, baselines, target, _: method.attribute(rows, baselines=baselines, target=target)


def _gradient_shap(captum: Any, asked: _Asked, _: Any) -> _Asks:
    import torch

    method = captum.GradientShap(asked.scoring)

    def asks(rows: Any, _: Any, target: Any, __: Floats) -> tuple[Any, ...]:
        with global_chance(asked.rng) as seed, torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            found: tuple[Any, ...] = method.attribute(
                rows, baselines=asked.baselines, n_samples=asked.samples, stdevs=0.0, target=target
            )
        return found

    return asks


def _ablation(captum: Any, asked: _Asked, _: Any) -> _Asks:
    method = captum.FeatureAblation(asked.scoring)
    return lambda rows, baselines, target, _: method.attribute(
        rows, baselines=baselines, target=target, feature_mask=asked.feature_mask
    )


def _occlusion(captum: Any, asked: _Asked, _: Any) -> _Asks:
    method = captum.Occlusion(asked.scoring)
    strides = asked.window if asked.strides is None else asked.strides
    return lambda rows, baselines, target, _: method.attribute(
        rows,
        sliding_window_shapes=asked.window,
        strides=strides,
        baselines=baselines,
        target=target,
    )


def _grad_cam(captum: Any, asked: _Asked, part: Any) -> _Asks:
    method = captum.LayerGradCam(asked.scoring, part)

    def asks(rows: Any, _: Any, target: Any, __: Floats) -> tuple[Any, ...]:
        found = method.attribute(rows, target=target, relu_attributions=asked.relu)
        held = found[0] if isinstance(found, tuple) else found
        size = tuple(rows[0].shape[2:])
        if held.ndim != rows[0].ndim or held.ndim < 3:
            seen = f"a layer that holds shape {tuple(held.shape)}"
            raise ArgumentError(sentence("layer", seen, expected="maps, as of a convolution"))
        mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[len(size)]
        return (captum.LayerAttribution.interpolate(held, size, interpolate_mode=mode),)

    return asks


_METHODS: dict[str, Callable[[Any, _Asked, Any], _Asks]] = {
    "integrated_gradients": _paths,
    "layer_integrated_gradients": _paths,
    "deep_lift": _deep_lift,
    "gradient_shap": _gradient_shap,
    "feature_ablation": _ablation,
    "occlusion": _occlusion,
    "grad_cam": _grad_cam,
}


def _found(
    asked: _Asked,
    name: str,
    *,
    values: tuple[Floats, ...],
    scores: Floats,
    base: Floats,
    places: Ints,
) -> TensorAttributions:
    error, notes = None, []
    if asked.method not in {"occlusion", "grad_cam"} and asked.feature_mask is None:
        total = sum(each.reshape(len(scores), -1).sum(axis=1) for each in values)
        error = np.asarray(base + total - scores)
        large = np.abs(error) > np.maximum(LARGE * np.abs(scores - base), 1e-5)
        if asked.method == "deep_lift" and np.abs(error).max() > 1e-3 * max(1, np.abs(scores).max()):
            seen = f"its parts miss what they are to add up to by up to {np.abs(error).max():.3g}"
            raise DataError(sentence("method 'deep_lift'", seen, expected="parts that add up"))
        if large.any():
            seen = f"In {int(large.sum()):,} of {len(scores):,} rows the parts miss what the score is"
            notes.append(f"{seen} away from the base by more than {LARGE:.0%}.")
    if asked.target is None and places.any():
        notes.append("Explained is each row's highest output.")
    return TensorAttributions(
        values=values,
        method=asked.method,
        layer=name,
        target=places,
        scores=scores,
        base=base,
        completeness_error=error,
        notes=tuple(notes),
    )
