"""All explainers. To add one: a file with an `Explainer`, and a line here."""

from __future__ import annotations

from rai.explainers.engines.captum_deep_lift import DEEP_LIFT
from rai.explainers.engines.captum_paths import (
    GRADIENT_SHAP,
    INTEGRATED_GRADIENTS,
    LAYER_INTEGRATED_GRADIENTS,
)
from rai.explainers.engines.captum_removal import FEATURE_ABLATION, OCCLUSION
from rai.explainers.engines.shap_black_box import SHAP_EXACT, SHAP_KERNEL, SHAP_PERMUTATION
from rai.explainers.engines.shap_linear import SHAP_LINEAR
from rai.explainers.engines.shap_tree import SHAP_TREE
from rai.explainers.exact import EXACT
from rai.explainers.linear import LINEAR
from rai.explainers.questions import Explainer
from rai.explainers.sampled import SAMPLED
from rai.explainers.tree import PATH_DEPENDENT_TREE, TREE

EXPLAINERS: tuple[Explainer, ...] = (
    *(LINEAR, TREE, EXACT, SAMPLED, PATH_DEPENDENT_TREE),
    *(SHAP_TREE, SHAP_LINEAR, SHAP_EXACT, SHAP_PERMUTATION, SHAP_KERNEL),
    *(INTEGRATED_GRADIENTS, LAYER_INTEGRATED_GRADIENTS, GRADIENT_SHAP),
    *(DEEP_LIFT, FEATURE_ABLATION, OCCLUSION),
)
# What method="auto" tries, one after another: exact and cheap first, an estimate last.
AUTOMATIC: tuple[Explainer, ...] = (LINEAR, TREE, EXACT, SAMPLED)

BY_NAME = {explainer.name: explainer for explainer in EXPLAINERS}
METHODS = ("auto", *BY_NAME)
