"""What would have been: edits of rows, put to a model.

one row, edited                     ── predict_edit ──▶  score and decision, before and after
rows to work on                     ── Workbench ──▶     edits with undo, and runs with a history
Scenario(edits, where)              ── run_scenario ──▶  decisions that change, by group; audit of both
an attribute, changed in every row  ── flip_test ──▶     decisions that hang on it alone
one row, the other decision         ── nearest_counterfactual, counterfactuals ──▶  what would differ
one or two columns, at every value  ── partial_dependence, accumulated_local_effects, interaction
several models, the same rows       ── compare_models ──▶  who is decided differently, paired intervals
"""

from rai.explore.conditions import Condition
from rai.whatif.comparing import compare_models
from rai.whatif.counterfactual_results import Counterfactual, Counterfactuals
from rai.whatif.dependence import partial_dependence
from rai.whatif.distances import Distance, fit_distance
from rai.whatif.edits import Edit
from rai.whatif.effects import Effect, Effects
from rai.whatif.feature_changes import FeatureChange, FeatureChanges
from rai.whatif.flip_results import FlipTest
from rai.whatif.flip_tests import flip_test
from rai.whatif.generating import counterfactuals
from rai.whatif.interaction_results import Interaction, Interactions
from rai.whatif.interactions import interaction
from rai.whatif.local_effects import accumulated_local_effects
from rai.whatif.model_comparisons import ModelComparison
from rai.whatif.nearest import NearestCounterfactual, nearest_counterfactual
from rai.whatif.scenario_results import ScenarioResult
from rai.whatif.scenario_runs import run_scenario
from rai.whatif.scenarios import Scenario
from rai.whatif.similar_rows import similarity
from rai.whatif.single_edits import EditResult, predict_edit
from rai.whatif.workbenches import Workbench

__all__ = [
    "Condition",
    "Counterfactual",
    "Counterfactuals",
    "Distance",
    "Edit",
    "EditResult",
    "Effect",
    "Effects",
    "FeatureChange",
    "FeatureChanges",
    "FlipTest",
    "Interaction",
    "Interactions",
    "ModelComparison",
    "NearestCounterfactual",
    "Scenario",
    "ScenarioResult",
    "Workbench",
    "accumulated_local_effects",
    "compare_models",
    "counterfactuals",
    "fit_distance",
    "flip_test",
    "interaction",
    "nearest_counterfactual",
    "partial_dependence",
    "predict_edit",
    "run_scenario",
    "similarity",
]
