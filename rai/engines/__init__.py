"""The rows: the only place that knows a dataframe. Two doors, `count` and `columns`.

    count(data, roles) ──▶ Counted(tally, task, roles, thresholds, fingerprint, rows)
    columns(y_true=…, …) ──▶ arrays as named columns, ready for `count`
"""

from rai.engines.arrays import columns
from rai.engines.counting import Counted, count

__all__ = ["Counted", "columns", "count"]
