"""What a module's number loses when one player's values come from the background, by captum.

    f(x) − mean over background rows z of f(x, but for this player's columns, which are z's)

Each player is left out by itself, so parts don't add up where columns work together; how far they are
off is told for each row.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from rai.engines.encoding import Floats, Ints
from rai.explainers.backgrounds import MOST_ASKED
from rai.explainers.engines.torch_inputs import Inputs, inputs_of
from rai.explainers.engines.torch_pairs import at_once, averaged, ends_of
from rai.explainers.engines.torch_scores import (
    Scored,
    captum_session,
    loaded_captum,
    scored,
    scoring_module,
)
from rai.explainers.questions import Answer, Explainer, Question


def _refuses(question: Question, *, method: str) -> str:
    loaded_captum(method)
    found = scored(question.space)
    if isinstance(found, str):
        return found
    inputs = inputs_of(question, found.encoded)
    if isinstance(inputs, str):
        return inputs
    if method == "feature_ablation":
        return ""
    if len(inputs.rows) > 1 or inputs.rows[0].ndim != 2:
        return "its window moves over one tensor of columns; feature_ablation takes any"
    names, owner = question.players.names, inputs.owners[0]
    counts = np.bincount(owner[owner >= 0], minlength=len(names))
    if (counts > 1).any():
        player = names[int(counts.argmax())]
        return (
            f"{player!r} is {counts.max()} columns of the tensor; feature_ablation takes them together"
        )
    return ""


def _places(inputs: Inputs, players: int) -> list[tuple[int, int] | None]:
    """For each player a tensor and a place in it that is the player's."""
    found: list[tuple[int, int] | None] = [None] * players
    for tensor, owner in enumerate(inputs.owners):
        for player in np.unique(owner[owner >= 0]):
            found[int(player)] = (tensor, int(np.argmax(owner == player)))
    return found


def _masks(inputs: Inputs, players: int) -> tuple[Any, ...]:
    """Which feature each place belongs to, as captum wants it; nobody's places are one more."""
    import torch

    return tuple(
        torch.as_tensor(np.where(owner < 0, players, owner), device=each.device).reshape(
            1, *each.shape[1:]
        )
        for owner, each in zip(inputs.owners, inputs.rows, strict=True)
    )


def _answer(question: Question, *, method: str) -> Answer:
    captum, found = loaded_captum(method), scored(question.space)
    assert isinstance(found, Scored)
    inputs = inputs_of(question, found.encoded)
    assert isinstance(inputs, Inputs)
    scoring, players = scoring_module(found), len(question.players)
    places = _places(inputs, players)
    options: dict[str, Any] = {"sliding_window_shapes": ((1,),)}
    if method == "feature_ablation":
        options = {"feature_mask": _masks(inputs, players)}
    kind = captum.FeatureAblation if method == "feature_ablation" else captum.Occlusion
    with captum_session(method, scoring):
        ends, asked = ends_of(scoring, inputs), kind(scoring)

        def of_pairs(x: Ints, z: Ints, k: int) -> Floats:
            rows, background = inputs.pair(x, z)
            parts = asked.attribute(rows, baselines=background, target=k, **options)
            flat = [each.detach().cpu().reshape(len(x), -1).double().numpy() for each in parts]
            none = np.zeros(len(x))
            return np.column_stack([none if at is None else flat[at[0]][:, at[1]] for at in places])

        return averaged(question, ends, of_pairs, at_once=at_once(inputs.width))


def _explainer(name: str, what: str, source: str) -> Explainer:
    return Explainer(
        name=name,
        what=what,
        kind="removal",
        exact=True,
        complete=False,
        refuses=partial(_refuses, method=name),
        answer=partial(_answer, method=name),
        most_background=MOST_ASKED,
        source=source,
    )


FEATURE_ABLATION = _explainer(
    "feature_ablation",
    "captum's ablation of a PyTorch module: each player left out by itself",
    "Zeiler and Fergus (2014), arXiv:1311.2901",
)
OCCLUSION = _explainer(
    "occlusion",
    "captum's occlusion of a PyTorch module: a window of one column",
    "Zeiler and Fergus (2014), arXiv:1311.2901",
)
