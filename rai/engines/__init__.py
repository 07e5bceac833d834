"""The rows: the only place that knows a dataframe.

    columns(y_true=…, …)  ──▶  arrays as named columns, ready to be counted
    count(data, roles)    ──▶  Counted(tally, task, roles, thresholds, fingerprint, rows)

Everything above this floor sees counts.
"""

from rai.engines.arrays import columns
from rai.engines.counting import Counted, count

__all__ = ["Counted", "columns", "count"]
