"""Gradients along a path from each background row to each row, by captum.

    z ──•──•──•──•──▶ x      (x − z) · mean gradient on the way = the rise from f(z) to f(x), in parts

integrated_gradients         Gauss-Legendre points, doubled until the parts add up
layer_integrated_gradients   the same from the embeddings on, for inputs that are whole numbers
gradient_shap                points and background rows drawn at random: an estimate

Averaged over the background these are expected gradients: Aumann-Shapley values, not Shapley values.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.engines.frames import Rows
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.engines.shap_session import NO_ERRORS, global_chance
from rai.explainers.engines.torch_inputs import Inputs, by_player, inputs_of, owners_of, tensors_of
from rai.explainers.engines.torch_pairs import (
    answer_of,
    at_once,
    averaged,
    ends_of,
)
from rai.explainers.engines.torch_scores import (
    Scored,
    captum_session,
    loaded_captum,
    scored,
    scoring_module,
)
from rai.explainers.questions import Answer, Explainer, Question

FEWEST_STEPS = 16
MOST_STEPS = 128
CLOSE = 1e-4  # of the largest rise along a path
SAMPLES = 200


def integrated(method: Any, pair: tuple[Any, Any], moved: Floats, **options: Any) -> tuple[Any, ...]:
    """Integrated gradients of pairs, with twice the steps for those whose parts don't add up yet.

    Args:
        method: captum's method.
        pair: Inputs and baselines, each a tuple of tensors of m rows.
        moved: What the parts are to add up to, shape (m,).
        **options: `close`, how far they may be off; `most`, how many steps; others are captum's.

    Returns:
        For each input or layer a tensor of attributions, m rows.
    """
    close, most, steps = options.pop("close"), options.pop("most"), FEWEST_STEPS
    found = _flat(method, pair, steps, options)
    left = np.flatnonzero(_off(found, moved) > close)
    while len(left) and steps < most:
        steps = min(2 * steps, most)
        size = max(1, len(moved) * FEWEST_STEPS // steps)
        for start in range(0, len(left), size):
            some = left[start : start + size]
            part = (tuple(each[some] for each in pair[0]), tuple(each[some] for each in pair[1]))
            again = _flat(method, part, steps, {**options, "target": _of_rows(options["target"], some)})
            for whole, fresh in zip(found, again, strict=True):
                whole[some] = fresh
        left = left[_off(tuple(each[left] for each in found), moved[left]) > close]
    return found


def _flat(method: Any, pair: tuple[Any, Any], steps: int, options: dict[str, Any]) -> tuple[Any, ...]:
    found = method.attribute(
        pair[0], baselines=pair[1], n_steps=steps, method="gausslegendre", **options
    )
    held = found if isinstance(found, tuple | list) else (found,)
    return tuple((each[0] if isinstance(each, tuple) else each).detach() for each in held)


def _of_rows(target: Any, some: Ints) -> Any:
    """The output that is meant, of some rows: one for all, or one for each."""
    return target if isinstance(target, int) else target[some]


def _off(found: tuple[Any, ...], moved: Floats) -> Floats:
    """How far the parts are off what they are to add up to, shape (m,)."""
    total = np.zeros(len(moved))
    for each in found:
        total += each.double().reshape(len(each), -1).sum(dim=1).cpu().numpy()
    return np.abs(total - moved)


def _most_steps(question: Question) -> int:
    """Points on each path at most; the budget holds them and those of all halvings before."""
    if question.budget is None:
        return MOST_STEPS
    paths = len(question.rows) * len(question.background) * len(question.space.outputs)
    affordable = question.budget // paths
    return FEWEST_STEPS if affordable < 3 * FEWEST_STEPS else min(MOST_STEPS, affordable // 2)


def _too_dear(question: Question) -> str:
    paths = len(question.rows) * len(question.background) * len(question.space.outputs)
    if question.budget is None or paths * FEWEST_STEPS <= question.budget:
        return ""
    return (
        f"it needs to ask the module about {paths * FEWEST_STEPS:,} rows, more than "
        f"budget={question.budget:,}; a smaller background needs fewer"
    )


def _refuses(question: Question, *, method: str) -> str:
    loaded_captum(method)
    found = scored(question.space)
    if isinstance(found, str):
        return found
    dear = _too_dear(question) if method != "gradient_shap" else ""
    if dear:
        return dear
    if method == "layer_integrated_gradients":
        held = _layer_inputs(question, found)
        return held if isinstance(held, str) else ""
    inputs = inputs_of(question, found.encoded)
    if isinstance(inputs, str):
        return inputs
    if inputs.whole():
        return (
            "its input is whole numbers, without gradients; layer_integrated_gradients takes embeddings"
        )
    return ""


def _integrated_answer(question: Question) -> Answer:
    captum, found = loaded_captum("integrated_gradients"), scored(question.space)
    assert isinstance(found, Scored)
    inputs = inputs_of(question, found.encoded)
    assert isinstance(inputs, Inputs)
    scoring, most = scoring_module(found), _most_steps(question)
    with captum_session("integrated_gradients", scoring):
        ends, method = ends_of(scoring, inputs), captum.IntegratedGradients(scoring)

        def of_pairs(x: Ints, z: Ints, k: int) -> Floats:
            close = CLOSE * ends.scale(k)
            pair, moved = inputs.pair(x, z), ends.moved(x, z, k)
            parts = integrated(method, pair, moved, close=close, most=most, target=k)
            return by_player(parts, inputs.owners, players=len(question.players))

        size = at_once(inputs.width, steps=FEWEST_STEPS)
        return averaged(question, ends, of_pairs, at_once=size)


def _layer_answer(question: Question) -> Answer:
    captum, found = loaded_captum("layer_integrated_gradients"), scored(question.space)
    assert isinstance(found, Scored)
    held = _layer_inputs(question, found)
    assert not isinstance(held, str)
    inputs, owners, embeddings = held
    scoring, layers, most = scoring_module(found), list(embeddings), _most_steps(question)
    _open_doors(scoring, layers, inputs)
    with captum_session("layer_integrated_gradients", scoring):
        ends = ends_of(scoring, inputs)
        method = captum.LayerIntegratedGradients(scoring, layers)

        def of_pairs(x: Ints, z: Ints, k: int) -> Floats:
            close = CLOSE * ends.scale(k)
            pair, moved = inputs.pair(x, z), ends.moved(x, z, k)
            parts = integrated(method, pair, moved, close=close, most=most, target=k)
            return by_player(parts, owners, players=len(question.players))

        widths = [
            layer.embedding_dim * len(owner) for layer, owner in zip(embeddings, owners, strict=False)
        ]
        size = at_once(sum(widths) + inputs.width, steps=FEWEST_STEPS)
        return averaged(question, ends, of_pairs, at_once=size)


def _open_doors(scoring: Any, layers: list[Any], inputs: Inputs) -> None:
    """A place for each input of floats where its attributions are read, after those of embeddings."""
    import torch

    for each in inputs.rows:
        scoring.doors.append(torch.nn.Identity())
        if each.is_floating_point():
            layers.append(scoring.doors[-1])


_Layers = tuple[Inputs, tuple[Ints, ...], tuple[Any, ...]]


def _layer_inputs(question: Question, found: Scored) -> _Layers | str:
    """Inputs, the players of what embeddings and other inputs hold, and the embeddings."""
    import torch

    module = found.module
    layers = tuple(each for each in module.modules() if isinstance(each, torch.nn.Embedding))
    if not layers:
        return "its module has no embedding; integrated_gradients takes its inputs"
    held = question.hybrids()

    def read(rows: Rows) -> tuple[Any, ...]:
        inputs = tensors_of(question, found.encoded, rows)
        return (*_looked_up(scoring_module(found), layers, inputs), *_floats(inputs))

    with captum_session("layer_integrated_gradients", module):
        pool = tensors_of(question, found.encoded, held.pool)
        calls = _looked_up(scoring_module(found), layers, pool)
        if len(calls) != len(layers):
            return "one of its embeddings is used several times or never"
        owners = owners_of(held, read, names=question.players.names)
    if isinstance(owners, str):
        return owners
    inputs = Inputs(
        rows=tuple(each[: held.n] for each in pool),
        background=tuple(each[held.n :] for each in pool),
        owners=tuple(np.full(each[0].numel(), -1) for each in pool),
    )
    return inputs, owners, layers


def _floats(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in inputs if each.is_floating_point())


def _looked_up(scoring: Any, layers: tuple[Any, ...], inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """What each embedding is asked for, in the order of the embeddings."""
    import torch

    calls: list[tuple[int, Any]] = []
    hooks = [
        layer.register_forward_pre_hook(lambda _, given, at=at: calls.append((at, given[0])))
        for at, layer in enumerate(layers)
    ]
    try:
        with torch.no_grad():
            scoring(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    once = sorted(at for at, _ in calls) == list(range(len(layers)))
    return tuple(given for _, given in sorted(calls, key=lambda call: call[0])) if once else ()


def _sampled_answer(question: Question) -> Answer:
    import torch

    captum, found = loaded_captum("gradient_shap"), scored(question.space)
    assert isinstance(found, Scored)
    inputs = inputs_of(question, found.encoded)
    assert isinstance(inputs, Inputs)
    scoring, samples, n = scoring_module(found), _samples(question), len(question.rows)
    size, outputs = at_once(inputs.width, steps=samples), len(question.space.outputs)
    values = np.zeros((n, len(question.players), outputs))
    with captum_session("gradient_shap", scoring):
        ends, method = ends_of(scoring, inputs), captum.GradientShap(scoring)
        for start in range(0, n, size):
            part = tuple(each[start : start + size] for each in inputs.rows)
            for k, rng in enumerate(question.rng.spawn(outputs)):
                with global_chance(rng) as seed, torch.random.fork_rng(devices=[]):
                    torch.manual_seed(seed)
                    parts = method.attribute(
                        part, baselines=inputs.background, n_samples=samples, stdevs=0.0, target=k
                    )
                held = by_player(parts, inputs.owners, players=len(question.players))
                values[start : start + size, :, k] = held
            if question.progress is not None:
                question.progress(min(start + size, n), n)
    return answer_of(values, ends, notes=(NO_ERRORS,))


def _samples(question: Question) -> int:
    if question.budget is None:
        return SAMPLES
    return max(1, question.budget // (len(question.rows) * len(question.space.outputs)))


INTEGRATED_GRADIENTS = Explainer(
    name="integrated_gradients",
    what="captum's integrated gradients of a PyTorch module, from every row of the background",
    kind="gradient",
    exact=True,
    complete=False,
    refuses=partial(_refuses, method="integrated_gradients"),
    answer=_integrated_answer,
    most_background=MOST_ASKED,
    source="Sundararajan et al. (2017), arXiv:1703.01365; Erion et al. (2021), arXiv:1906.10670",
)
LAYER_INTEGRATED_GRADIENTS = Explainer(
    name="layer_integrated_gradients",
    what="captum's integrated gradients from the embeddings of a PyTorch module on",
    kind="gradient",
    exact=True,
    complete=False,
    refuses=partial(_refuses, method="layer_integrated_gradients"),
    answer=_layer_answer,
    most_background=MOST_ASKED,
    source="Sundararajan et al. (2017), arXiv:1703.01365",
)
GRADIENT_SHAP = Explainer(
    name="gradient_shap",
    what="captum's gradient SHAP of a PyTorch module: integrated gradients at random points",
    kind="gradient",
    exact=False,
    complete=False,
    refuses=partial(_refuses, method="gradient_shap"),
    answer=_sampled_answer,
    most_background=MOST_ASKED,
    source="Lundberg and Lee (2017), arXiv:1705.07874; Erion et al. (2021), arXiv:1906.10670",
)
