"""Exact Shapley values of trees, over a whole background, by tables of patterns."""

from rai.explainers.trees.ensembles import Ensemble
from rai.explainers.trees.reading import ensemble_of
from rai.explainers.trees.values import tree_means, tree_values

__all__ = ["Ensemble", "ensemble_of", "tree_means", "tree_values"]
