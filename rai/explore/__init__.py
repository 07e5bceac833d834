"""The data before there is a model: profiles, checks, drift, proxies, facets and cohorts.

rows ──▶ Profile ──▶ distances, checks, pages
rows ──▶ bins    ──▶ facets, codes to draw
rows ──▶ a query ──▶ cohorts
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

if _TYPE_CHECKING:
    from rai.explore.binning import binning_of, counted_in
    from rai.explore.cohort_counts import CohortCount, CohortCounts
    from rai.explore.cohorts import Cohort, Cohorts
    from rai.explore.columns import summarise
    from rai.explore.conditions import Condition
    from rai.explore.profile_rows import (
        HistogramBin,
        Histograms,
        Quantile,
        Quantiles,
        TopValue,
        TopValues,
    )
    from rai.explore.profiles import Profile
    from rai.explore.profiling import profile
    from rai.explore.queries import Query, parse_query
    from rai.values.binning import Intervals, TopLevels
    from rai.values.column_summary import ColumnSummary
    from rai.values.table_summary import TableSummary

__all__ = [
    "Cohort",
    "CohortCount",
    "CohortCounts",
    "Cohorts",
    "ColumnSummary",
    "Condition",
    "HistogramBin",
    "Histograms",
    "Intervals",
    "Profile",
    "Quantile",
    "Quantiles",
    "Query",
    "TableSummary",
    "TopLevels",
    "TopValue",
    "TopValues",
    "binning_of",
    "counted_in",
    "parse_query",
    "profile",
    "summarise",
]

# Loaded when first asked for: an audit with a cohort has no need of profiles.
_WHERE = {
    "CohortCount": "rai.explore.cohort_counts",
    "CohortCounts": "rai.explore.cohort_counts",
    "Cohort": "rai.explore.cohorts",
    "Cohorts": "rai.explore.cohorts",
    "ColumnSummary": "rai.values.column_summary",
    "Condition": "rai.explore.conditions",
    "HistogramBin": "rai.explore.profile_rows",
    "Histograms": "rai.explore.profile_rows",
    "Intervals": "rai.values.binning",
    "Profile": "rai.explore.profiles",
    "Quantile": "rai.explore.profile_rows",
    "Quantiles": "rai.explore.profile_rows",
    "Query": "rai.explore.queries",
    "TableSummary": "rai.values.table_summary",
    "TopLevels": "rai.values.binning",
    "TopValue": "rai.explore.profile_rows",
    "TopValues": "rai.explore.profile_rows",
    "binning_of": "rai.explore.binning",
    "counted_in": "rai.explore.binning",
    "parse_query": "rai.explore.queries",
    "profile": "rai.explore.profiling",
    "summarise": "rai.explore.columns",
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'rai.explore' has no attribute {name!r}")
    found = getattr(_import_module(_WHERE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
