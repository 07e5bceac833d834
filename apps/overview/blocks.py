"""What the browser draws of each feature: statistics, bars, quantiles, findings; small and plain.

    drawn(project, shown, features, look)  ─▶ [{"name": "age", "stats": …, "bars": …, "quantiles": …}, …]

Everything is counted by rai from all rows; only bins and words are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rai.explore import HistogramBin

from ..project import Project
from ..words import figure, interval, number
from .compared import Compared
from .picking import bar_query
from .problems import Studied

NUMBERS = ("count", "missing", "mean", "std", "zeros", "min", "median", "max")
CATEGORIES = ("count", "missing", "unique", "top", "freq_top", "avg_length")
SPREAD = ("number", "integer", "duration", "date")  # kinds with an order and quantiles
HEADS: Mapping[str, str] = {
    "std": "sd",
    "freq_top": "freq of top",
    "avg_length": "avg length",
}
MOST_RANKS = 60  # points of a cumulative line of categories
SMALL = 0.05  # p-values below are worth a look


@dataclass(frozen=True, slots=True)
class Look:
    """How features are drawn.

    Args:
        bins: The most bins.
        weighted: Whether bars, means and shares of missing count weights.
        missing: Shares of missing above it are marked.
        zeros: Shares of zeros above it are marked.
    """

    bins: int = 10
    weighted: bool = False
    missing: float = 0.02
    zeros: float = 0.1


def drawn(
    project: Project, shown: Compared, features: Sequence[str], *, look: Look, found: Studied | None
) -> list[dict[str, Any]]:
    """What is drawn of some features.

    Args:
        project: Whose they are.
        shown: What is compared.
        features: Which, in order.
        look: How.
        found: What checks and distances say; None where that is not known yet.
    """
    key = ("overview", "blocks", *shown.key, tuple(features), look)
    counted = project.answer(key, lambda: _counted(project, shown, features, look))
    if found is None:
        return [dict(block) for block in counted]
    return [{**block, **_said(str(block["name"]), found)} for block in counted]


def query_of(project: Project, shown: Compared, feature: str, *, place: int, bins: int) -> str | None:
    """The query behind a bar, within the active cohort."""
    return _queries(project, shown, feature, places=(place,), bins=bins)[0]


def statistics(row: Mapping[str, Any], *, numeric: bool, look: Look) -> list[dict[str, Any]]:
    """The numbers of a feature in a data set, as they are read.

    Args:
        row: A row of a profile.
        numeric: Whether it holds numbers or dates.
        look: What is marked, and whether weights count.
    """
    return [_statistic(row, name, look) for name in (NUMBERS if numeric else CATEGORIES)]


def heads(*, numeric: bool) -> list[str]:
    """What stands above these numbers."""
    return [HEADS.get(name, name) for name in (NUMBERS if numeric else CATEGORIES)]


def _counted(
    project: Project, shown: Compared, features: Sequence[str], look: Look
) -> tuple[dict[str, Any], ...]:
    if not features:
        return ()
    profile = shown.profile
    rows = {(r["feature"], r["dataset"]): r for r in profile.select(features).to_dicts()}
    bars = _by_feature(profile.histograms(*features, bins=look.bins))
    quantiles = _by_feature(profile.quantiles(*features))
    ranks = _by_feature(profile.top_values(*features, most=MOST_RANKS))
    related = _by_feature(profile.associations(*features))
    blocks = []
    for feature in features:
        kind = profile.column(feature).kind
        numeric = kind in SPREAD
        held = [name for name in profile.datasets if (feature, name) in rows]
        blocks.append(
            {
                "name": feature,
                "kind": kind,
                "role": _role(project, feature),
                "numeric": numeric,
                "sets": [profile.datasets.index(name) for name in held],
                "heads": heads(numeric=numeric),
                "stats": [statistics(rows[feature, name], numeric=numeric, look=look) for name in held],
                "note": next((n for s in held if (n := str(rows[feature, s]["note"]))), ""),
                "bars": _bars(project, shown, feature, bars.get(feature, []), held=held, look=look),
                "quantiles": _quantiles(quantiles.get(feature, []), held, kind),
                "ranks": [] if numeric else _ranks(ranks.get(feature, []), held),
                "related": _related(related.get(feature, []), profile.datasets[0], feature),
            }
        )
    return tuple(blocks)


def _by_feature(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.feature, []).append(row)
    return found


def _role(project: Project, feature: str) -> str:
    roles = project.roles
    named = {
        roles.y_true: "label",
        roles.y_pred: "prediction",
        roles.y_score: "score",
        roles.sample_weight: "weight",
    }
    return "sensitive" if feature in roles.sensitive_features else named.get(feature, "")


def _statistic(row: Mapping[str, Any], name: str, look: Look) -> dict[str, Any]:
    weighted = f"weighted_{name}"
    value = row[weighted] if look.weighted and row.get(weighted) is not None else row.get(name)
    marked = name == "count" and not value
    if name in ("missing", "zeros"):
        rows = row["rows" if name == "missing" else "count"]
        share = None if value is None or not rows else value / rows
        if name == "missing" and look.weighted:
            share = row["weighted_missing_share"]
        limit = look.missing if name == "missing" else look.zeros
        return {"text": _percent(share), "marked": share is not None and share > limit}
    return {"text": _read(value), "marked": marked}


def _read(value: Any) -> str:
    broken = isinstance(value, float) and not value.is_integer()
    return figure(value) if broken else number(value)


def _percent(share: float | None) -> str:
    """A share in percent: what is not quite none or all doesn't read so."""
    if share is None:
        return number(None)
    if 0 < share < 1e-4:
        return "~0%"
    if 1 - 1e-4 < share < 1:
        return "~100%"
    return f"{number(100 * share)}%"


def _bars(
    project: Project,
    shown: Compared,
    feature: str,
    bars: Sequence[HistogramBin],
    *,
    held: Sequence[str],
    look: Look,
) -> dict[str, Any]:
    """Bars by name, with a row of counts for each data set, and the query behind each."""
    columns = [[bar for bar in bars if bar.dataset == name] for name in held]
    if not columns:
        return {"labels": [], "n": [], "share": [], "queries": [], "missing": 0}
    places = range(len(columns[0]))
    last = len(columns[0]) - 1
    kept = [p for p in places if p < last or any(column[p].n for column in columns)]
    n = [[c[p].weight if look.weighted else c[p].n for p in kept] for c in columns]
    wholes = [sum(b.weight if look.weighted else b.n for b in column) for column in columns]
    return {
        "labels": [columns[0][p].bin for p in kept],
        "n": n,
        "share": [[v / w if w else 0 for v in row] for row, w in zip(n, wholes, strict=True)],
        "queries": _queries(project, shown, feature, places=kept, bins=look.bins),
        "missing": int(len(kept) > last),
    }


def _queries(
    project: Project, shown: Compared, feature: str, *, places: Sequence[int], bins: int
) -> list[str | None]:
    """The queries behind some bars of a feature, whose bins are worked out once."""
    if feature not in project.columns:
        return [None for _ in places]
    kind, binning = shown.profile.column(feature).kind, shown.profile.binning(feature, bins=bins)
    texts = [bar_query(feature, binning, place, kind=kind) for place in places]
    if shown.within is None:
        return texts
    return [None if text is None else f"({text}) and ({shown.within})" for text in texts]


def _quantiles(rows: Sequence[Any], held: Sequence[str], kind: str) -> list[list[float]]:
    """Deciles of each data set; none of dates, whose bars say as much."""
    if kind == "date":
        return []
    found = [[r.value for r in rows if r.dataset == name and r.value is not None] for name in held]
    return found if any(found) else []


def _ranks(rows: Sequence[Any], held: Sequence[str]) -> list[list[float]]:
    """The share of rows that each of the most frequent values has, of each data set."""
    return [[round(r.share, 5) for r in rows if r.dataset == name] for name in held]


def _related(rows: Sequence[Any], dataset: str, feature: str) -> list[dict[str, Any]]:
    """How strongly it goes with the label and sensitive features."""
    return [
        {"along": row.along, "text": figure(row.cramers_v), "share": row.cramers_v}
        for row in rows
        if row.dataset == dataset and row.along != feature and row.cramers_v is not None
    ]


def _said(feature: str, found: Studied) -> dict[str, Any]:
    """Findings and differences, in words."""
    return {
        "findings": [{"severity": f.severity, "text": f.sentence} for f in found.of(feature)],
        "apart": [
            {
                "dataset": row.dataset,
                "text": f"{figure(row.value)} {interval(row.low, row.high)}",
                "p": "p < 0.001"
                if row.p_value is not None and row.p_value < 1e-3
                else f"p = {figure(row.p_value)}",
                "marked": row.p_value is not None and row.p_value < SMALL and bool(row.low),
            }
            for row in found.distances or ()
            if row.feature == feature and row.measure == "jensen_shannon" and row.value is not None
        ],
    }
