"""Explanations by example: rows like this one.

nearest_rows      the nearest training rows, by columns or by an embedding
layer_embedding   what a layer of a PyTorch module makes of rows
"""

from rai.explainers.examples.embeddings import layer_embedding
from rai.explainers.examples.neighbours import NearestRow, NearestRows, nearest_rows

__all__ = ["NearestRow", "NearestRows", "layer_embedding", "nearest_rows"]
