"""The rows: the only place that knows a dataframe.

    columns(y_true=…, …)  ──▶  arrays as named columns, ready to be counted
    count(data, roles)    ──▶  Counted(tally, task, roles, thresholds, fingerprint, rows)
    keyed_scores(…)       ──▶  scores and groups of rows that are to be decided

Everything above this floor sees counts.
"""

from rai.engines.arrays import columns
from rai.engines.counting import Counted, count
from rai.engines.keyed_rows import KeyedScores, keyed_scores

__all__ = ["Counted", "KeyedScores", "columns", "count", "keyed_scores"]
