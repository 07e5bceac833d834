"""What a person has set on Overview, and how it reads on screen.

sections    features · table · differences · label by group · proxies · checklist
orders      problems · given · alphabetical · non_uniformity · missing_or_zero · distance
"""

from __future__ import annotations

from collections.abc import Mapping

from ..settings import Setting

SECTION = Setting("overview section", default="features", url="show")
SEARCH = Setting("overview search", default="", url="find")
KINDS = Setting("overview kinds", default=(), url="kinds")
ORDER = Setting("overview order", default="problems", url="order")
REVERSE = Setting("overview reverse", default=False, url="reverse")
COMPARE = Setting("overview compare", default="", url="compare")
VIEW = Setting("overview view", default="histogram", url="view")
BINS = Setting("overview bins", default=10, url="bins")
LOG = Setting("overview log", default=False, url="log")
PERCENT = Setting("overview percentages", default=True, url="percent")
WEIGHTED = Setting("overview weighted", default=False, url="weighted")
MARK_MISSING = Setting("overview mark missing", default=2.0, url="markmissing")
MARK_ZEROS = Setting("overview mark zeros", default=10.0, url="markzeros")
PAGE = Setting("overview page", default=1, url="page")

SETTINGS: tuple[Setting, ...] = (
    SECTION, SEARCH, KINDS, ORDER, REVERSE, COMPARE, VIEW, BINS, LOG, PERCENT, WEIGHTED, MARK_MISSING,
    MARK_ZEROS, PAGE,
)  # fmt: skip

SECTIONS: Mapping[str, str] = {
    "features": "Features",
    "table": "Table",
    "differences": "Differences",
    "labels": "Label by group",
    "proxies": "Proxies",
    "checklist": "Bias checklist",
}
ORDERS: Mapping[str, str] = {
    "problems": "Problems first",
    "given": "As given",
    "alphabetical": "By name",
    "non_uniformity": "Most uneven first",
    "missing_or_zero": "Most missing or zero first",
    "distance": "Most different first",
}
VIEWS: Mapping[str, str] = {
    "histogram": "Counts",
    "quantiles": "Quantiles",
    "cumulative": "Cumulative",
}
