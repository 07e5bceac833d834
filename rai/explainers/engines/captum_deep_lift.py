"""DeepLIFT over the background by captum, where its rules know every activation.

    Δout / Δin of an activation in place of its gradient      ReLU, ELU, LeakyReLU, Sigmoid, Tanh,
                                                              Softplus, max pooling
Of any other (GELU, SiLU, …), of one that is called as a function, and of one that is used twice, captum
takes the gradient and says nothing; its rule for Softmax doesn't add up. Such modules are refused.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from rai.engines.encoding import Floats, Ints
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.engines.torch_inputs import Inputs, by_player, inputs_of
from rai.explainers.engines.torch_pairs import at_once, averaged, ends_of
from rai.explainers.engines.torch_scores import (
    Scored,
    captum_session,
    loaded_captum,
    scored,
    scoring_module,
)
from rai.explainers.questions import Answer, Explainer, Question
from rai.models.torch_modules import evaluating

NAME = "deep_lift"
RULES = {
    *("ReLU", "ELU", "LeakyReLU", "Sigmoid", "Tanh", "Softplus"),
    *("MaxPool1d", "MaxPool2d", "MaxPool3d"),
}
STRAIGHT = {  # a straight line in evaluation mode, so that its gradient is right
    *("Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"),
    *("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d"),
    *("AlphaDropout", "Identity", "Flatten", "Unflatten", "AvgPool1d", "AvgPool2d", "AvgPool3d"),
    *("AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "ZeroPad1d", "ZeroPad2d"),
}
STRAIGHT_CALLS = {
    *(
        "add",
        "iadd",
        "radd",
        "sub",
        "isub",
        "neg",
        "flatten",
        "cat",
        "concat",
        "stack",
        "reshape",
        "view",
    ),
    *("squeeze", "unsqueeze", "getitem", "permute", "transpose", "contiguous", "size", "getattr"),
    *("mean", "sum", "float", "double", "to"),
}
BY_NUMBER = {"mul", "imul", "truediv", "div"}  # straight where the other one is a number


def unruly(module: Any) -> str:
    """Why DeepLIFT's rules don't hold for a module; empty text if they do.

    Args:
        module: A PyTorch module.
    """
    import torch.fx

    single = type(module).__module__.startswith("torch.nn")  # would be traced into
    held = torch.nn.Sequential(module) if single else module
    try:
        with evaluating(module):
            graph = torch.fx.symbolic_trace(held).graph
    except Exception:  # noqa: BLE001 - whatever a module raises that can't be traced
        return "its module can't be traced, so that activations without a rule wouldn't be seen"
    parts, uses = dict(held.named_modules()), Counter[Any]()
    for node in graph.nodes:
        reason = _of_node(node, parts)
        if reason:
            return reason
        if node.op == "call_module" and type(parts[node.target]).__name__ in RULES:
            uses[parts[node.target]] += 1
    twice = next((part for part, count in uses.items() if count > 1), None)
    if twice is not None:
        return f"one {type(twice).__name__} of its module is used several times"
    return ""


def _of_node(node: Any, parts: dict[str, Any]) -> str:
    """Why one step of a module is beyond the rules."""
    if node.op == "call_module":
        kind = type(parts[node.target]).__name__
        if kind == "Softmax":
            return "captum's rule for Softmax doesn't add up; load the module without it, as margins"
        return "" if kind in RULES | STRAIGHT else f"DeepLIFT has no rule for {kind}"
    if node.op not in {"call_function", "call_method"}:
        return ""
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "?")
    several = sum(hasattr(each, "op") for each in node.args) > 1
    if name in STRAIGHT_CALLS or (name in BY_NUMBER and not several and hasattr(node.args[0], "op")):
        return ""
    return f"DeepLIFT has no rule for {name}() as a function"


def _refuses(question: Question) -> str:
    loaded_captum(NAME)
    found = scored(question.space)
    if isinstance(found, str):
        return found
    if found.log_odds:
        return "DeepLIFT has no rule for the log-odds of a probability"
    reason = unruly(found.module)
    if reason:
        return reason
    inputs = inputs_of(question, found.encoded)
    if isinstance(inputs, str):
        return inputs
    return "its input is whole numbers, without gradients" if inputs.whole() else ""


def _answer(question: Question) -> Answer:
    captum, found = loaded_captum(NAME), scored(question.space)
    assert isinstance(found, Scored)
    inputs = inputs_of(question, found.encoded)
    assert isinstance(inputs, Inputs)
    scoring = scoring_module(found)
    with captum_session(NAME, scoring):
        ends, method = ends_of(scoring, inputs), captum.DeepLift(scoring)

        def of_pairs(x: Ints, z: Ints, k: int) -> Floats:
            rows, background = inputs.pair(x, z)
            parts = method.attribute(rows, baselines=background, target=k)
            return by_player(parts, inputs.owners, players=len(question.players))

        return averaged(question, ends, of_pairs, at_once=at_once(inputs.width))


DEEP_LIFT = Explainer(
    name=NAME,
    what="captum's DeepLIFT of a PyTorch module, from every row of the background",
    kind="gradient",
    exact=True,
    refuses=_refuses,
    answer=_answer,
    most_background=MOST_ASKED,
    source="Shrikumar et al. (2017), arXiv:1704.02685; Lundberg and Lee (2017), arXiv:1705.07874",
)
