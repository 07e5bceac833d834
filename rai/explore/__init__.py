"""The data before there is a model: profiles, checks, drift, proxies, facets and cohorts.

All of it is counted from rows, and none of it needs a model.

rows ──▶ Profile ──▶ distances, checks, pages
rows ──▶ bins    ──▶ facets, codes to draw
rows ──▶ a query ──▶ cohorts
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

if _TYPE_CHECKING:
    from rai.explore.associations import Association, Associations
    from rai.explore.binning import binning_of, counted_in
    from rai.explore.coded import CodedColumn, codes
    from rai.explore.cohort_counts import CohortCount, CohortCounts
    from rai.explore.cohorts import Cohort, Cohorts
    from rai.explore.columns import summarise
    from rai.explore.conditions import Condition
    from rai.explore.data_checks.checking import check_data
    from rai.explore.data_checks.findings import CheckSummaries, CheckSummary, DataChecks, DataFinding
    from rai.explore.data_checks.table import CHECKS
    from rai.explore.drift_rows import (
        Distance,
        DistanceGap,
        DistanceGaps,
        Distances,
        ShareShift,
        ShareShifts,
    )
    from rai.explore.facet_tables import FacetAxis, Facets
    from rai.explore.facets import facet
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
    from rai.explore.proxies import find_proxies
    from rai.explore.proxy_rows import Proxies, Proxy
    from rai.explore.queries import Query, parse_query
    from rai.explore.sensitive_columns import (
        SensitiveCandidate,
        SensitiveCandidates,
        suggest_sensitive_features,
    )
    from rai.explore.whole_files import read_rows
    from rai.explore.worksheet_questions import Question
    from rai.explore.worksheets import Worksheet
    from rai.measure.distances import MEASURES, DistanceMeasure
    from rai.values.binning import Intervals, TopLevels
    from rai.values.column_summary import ColumnSummary
    from rai.values.table_summary import TableSummary

__all__ = [
    "CHECKS",
    "MEASURES",
    "Association",
    "Associations",
    "CheckSummaries",
    "CheckSummary",
    "CodedColumn",
    "Cohort",
    "CohortCount",
    "CohortCounts",
    "Cohorts",
    "ColumnSummary",
    "Condition",
    "DataChecks",
    "DataFinding",
    "Distance",
    "DistanceGap",
    "DistanceGaps",
    "DistanceMeasure",
    "Distances",
    "FacetAxis",
    "Facets",
    "HistogramBin",
    "Histograms",
    "Intervals",
    "Profile",
    "Proxies",
    "Proxy",
    "Quantile",
    "Quantiles",
    "Query",
    "Question",
    "SensitiveCandidate",
    "SensitiveCandidates",
    "ShareShift",
    "ShareShifts",
    "TableSummary",
    "TopLevels",
    "TopValue",
    "TopValues",
    "Worksheet",
    "binning_of",
    "check_data",
    "codes",
    "counted_in",
    "facet",
    "find_proxies",
    "parse_query",
    "profile",
    "read_rows",
    "suggest_sensitive_features",
    "summarise",
]

# Loaded when first asked for: an audit with a cohort has no need of profiles.
_WHERE = {
    "Association": "rai.explore.associations",
    "Associations": "rai.explore.associations",
    "CHECKS": "rai.explore.data_checks.table",
    "CheckSummaries": "rai.explore.data_checks.findings",
    "CheckSummary": "rai.explore.data_checks.findings",
    "CodedColumn": "rai.explore.coded",
    "Cohort": "rai.explore.cohorts",
    "CohortCount": "rai.explore.cohort_counts",
    "CohortCounts": "rai.explore.cohort_counts",
    "Cohorts": "rai.explore.cohorts",
    "ColumnSummary": "rai.values.column_summary",
    "Condition": "rai.explore.conditions",
    "DataChecks": "rai.explore.data_checks.findings",
    "DataFinding": "rai.explore.data_checks.findings",
    "Distance": "rai.explore.drift_rows",
    "DistanceGap": "rai.explore.drift_rows",
    "DistanceGaps": "rai.explore.drift_rows",
    "DistanceMeasure": "rai.measure.distances",
    "Distances": "rai.explore.drift_rows",
    "FacetAxis": "rai.explore.facet_tables",
    "Facets": "rai.explore.facet_tables",
    "HistogramBin": "rai.explore.profile_rows",
    "Histograms": "rai.explore.profile_rows",
    "Intervals": "rai.values.binning",
    "MEASURES": "rai.measure.distances",
    "Profile": "rai.explore.profiles",
    "Proxies": "rai.explore.proxy_rows",
    "Proxy": "rai.explore.proxy_rows",
    "Quantile": "rai.explore.profile_rows",
    "Quantiles": "rai.explore.profile_rows",
    "Query": "rai.explore.queries",
    "Question": "rai.explore.worksheet_questions",
    "SensitiveCandidate": "rai.explore.sensitive_columns",
    "SensitiveCandidates": "rai.explore.sensitive_columns",
    "ShareShift": "rai.explore.drift_rows",
    "ShareShifts": "rai.explore.drift_rows",
    "TableSummary": "rai.values.table_summary",
    "TopLevels": "rai.values.binning",
    "TopValue": "rai.explore.profile_rows",
    "TopValues": "rai.explore.profile_rows",
    "Worksheet": "rai.explore.worksheets",
    "binning_of": "rai.explore.binning",
    "check_data": "rai.explore.data_checks.checking",
    "codes": "rai.explore.coded",
    "counted_in": "rai.explore.binning",
    "facet": "rai.explore.facets",
    "find_proxies": "rai.explore.proxies",
    "parse_query": "rai.explore.queries",
    "profile": "rai.explore.profiling",
    "read_rows": "rai.explore.whole_files",
    "suggest_sensitive_features": "rai.explore.sensitive_columns",
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
