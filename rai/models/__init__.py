"""Models: the only place, with `whatif`, that calls one.

load_model(anything)  ──▶  Model: scores(frame), task, classes, features, digest
score_rows(model, data)  ──▶  Scores, in memory or in a file
probe_model(model, rows)  ──▶  ProbeReport: whether its scores hold still
"""

from rai.models.folder_digests import folder_digest
from rai.models.loading import load_model
from rai.models.model import Model, Scoring
from rai.models.probing import ProbeCheck, ProbeReport, probe_model
from rai.models.scores import Scores
from rai.models.scoring import score_rows

__all__ = [
    "Model",
    "ProbeCheck",
    "ProbeReport",
    "Scores",
    "Scoring",
    "folder_digest",
    "load_model",
    "probe_model",
    "score_rows",
]
