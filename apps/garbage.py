"""Garbage is collected quickly, since Streamlit does it after every run.

A collection looks at every object there is, also at those of libraries that stay for good. With pandas
and scikit-learn loaded that is a tenth of a second for each click of each person. So what is there once
a page has been drawn for the first time is set aside; later collections look at what came since.
"""

from __future__ import annotations

import gc
from functools import cache


@cache
def set_aside(what: str) -> None:
    """Set aside all objects there are, once in a process.

    Args:
        what: After what it happens, such as the first drawing of a page.

    Example:
        >>> set_aside("example"), gc.get_freeze_count() > 0
        (None, True)
    """
    del what  # it is the key
    gc.collect()
    gc.freeze()
