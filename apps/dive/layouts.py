"""Layouts: what goes where. A first one that shows who is harmed, and one from an address made whole.

{"column": "sex", "color": "boosting outcome"} ──whole──▶ every choice, naming only what there is
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bins import MOST_BINS, key
from .columns import Column, Rows
from .looks import PALETTES

DEFAULT_BINS = 10
COLUMNS = ("row", "column", "color", "x", "y", "sort", "label")
MODES = ("pan", "box", "lasso")
PLAIN: dict[str, Any] = {
    **dict.fromkeys(COLUMNS),
    "row_bins": DEFAULT_BINS,
    "column_bins": DEFAULT_BINS,
    "palette": next(iter(PALETTES)),
    "density": False,
    "mode": MODES[0],
}
MANY = 20_000  # rows from which two scores are shown as density
IDEAL_LEVELS = 4  # enough to tell, few enough to compare


def whole(asked: Mapping[str, Any], rows: Rows, columns: tuple[Column, ...]) -> dict[str, Any]:
    """A layout with every choice; the first one where nothing was asked."""
    kinds = {column.name: column.kind for column in columns}
    chosen = asked or first(rows, columns)
    return {
        field: _fitting(field, chosen.get(field, default), kinds) for field, default in PLAIN.items()
    }


def brief(layout: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from a plain layout: short in an address. Never empty, which means the first one."""
    found = {field: layout[field] for field, default in PLAIN.items() if layout.get(field) != default}
    return found or {"row": None}


def first(rows: Rows, columns: tuple[Column, ...]) -> dict[str, Any]:
    """Where to begin: groups side by side, coloured by what a model gets right and wrong.

    Predictions of numbers lie over the true ones; without a model, the label gives the colour.
    """
    kinds = {column.name: column.kind for column in columns}
    project, picture = rows.project, next((c.name for c in columns if c.kind == "image"), None)
    group = next(
        (n for n in project.roles.sensitive_features if kinds.get(n) in ("category", "number")), None
    )
    model = next(iter(project.models), None)
    if project.task == "regression" and kinds.get(project.roles.y_true or "") == "number":
        prediction = f"{model} prediction"
        return {"x": project.roles.y_true, "y": prediction, "color": group, "density": len(rows) > MANY}
    coloured = (f"{model} outcome", f"{model} decision", project.roles.y_true, _telling(columns, group))
    color = next((name for name in coloured if kinds.get(name or "") in ("category", "number")), None)
    sort = f"{model} score" if f"{model} score" in kinds else None
    return {"column": group, "color": color, "sort": sort, "label": picture}


def binnings(layout: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, tuple[Column, int]]:
    """The column and most buckets of each side of the grid that is split, by the binning's key."""
    known = {column.name: column for column in columns}
    asked = ((layout[side], layout[f"{side}_bins"]) for side in ("row", "column"))
    return {key(name, most): (known[name], most) for name, most in asked if name is not None}


def needed(layout: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that a layout names, those that decide places first."""
    return tuple(dict.fromkeys(layout[field] for field in COLUMNS if layout[field] is not None))


def _fitting(field: str, value: Any, kinds: Mapping[str, str]) -> Any:
    """A value that this field can have; its plain one for any other."""
    plain = PLAIN[field]
    if field in COLUMNS:
        numeric = field in ("x", "y")
        fits = isinstance(value, str) and value in kinds
        kind = kinds[value] if fits else ""
        shown = (
            kind in ("number", "date") if numeric else field == "label" or kind not in ("text", "image")
        )
        return value if fits and shown else plain
    if field.endswith("_bins"):
        whole_number = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, 1), MOST_BINS) if whole_number else plain
    if field == "density":
        return value is True
    return value if value in (tuple(PALETTES) if field == "palette" else MODES) else plain


def _telling(columns: tuple[Column, ...], group: str | None) -> str | None:
    """The column whose number of levels compares best."""
    several = [c for c in columns if c.kind == "category" and c.levels > 1 and c.name != group]
    return min(several, key=lambda c: abs(c.levels - IDEAL_LEVELS)).name if several else None
