"""Models: the only place, with `whatif`, that calls one.

load_model(anything)  ──▶  Model: scores(frame), task, classes, features, digest
"""

from rai.models.loading import load_model
from rai.models.model import Model, Scoring

__all__ = ["Model", "Scoring", "load_model"]
