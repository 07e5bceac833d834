"""Explanations by example: rows like this one, and rows that stand for many.

nearest_rows      the nearest training rows, by columns or by an embedding
prototypes        the few rows that stand for all, and those that they stand for badly
layer_embedding   what a layer of a PyTorch module makes of rows
"""

from rai.explainers.examples.embeddings import layer_embedding
from rai.explainers.examples.neighbours import NearestRow, NearestRows, nearest_rows
from rai.explainers.examples.typical_rows import Prototypes, TypicalRow, prototypes

__all__ = [
    "NearestRow",
    "NearestRows",
    "Prototypes",
    "TypicalRow",
    "layer_embedding",
    "nearest_rows",
    "prototypes",
]
