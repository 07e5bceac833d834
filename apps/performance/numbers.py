"""Errors of a regression: how they are spread in each slice, and predictions against the truth."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

import rai

from .. import tables
from . import charts, headline, terms
from .asked import Asked

HEADS = {
    "sd": "standard deviation",
    **{f"q{part:02}": f"{part}% quantile" for part in (5, 25, 75, 95)},
    "bin_low": "from",
    "bin_high": "to",
    "mean_predicted": "mean prediction",
    "value": "mean true value",
}
BINS = ("group", "bin_low", "bin_high", "mean_predicted", "value", "low", "high", "n", "note")
ABOUT = {
    "mean": "Prediction minus truth, on average: above 0 is predicted too high.",
    "sd": "Standard deviation of the errors.",
    "median": "Half of the errors are below it.",
    "q05": "5% of the errors are below it.",
    "q95": "95% of the errors are below it.",
    "bin_low": "Rows with predictions between these bounds are taken together.",
    "low": terms.ENDS,
}


def draw_residuals(asked: Asked) -> None:
    """How errors are spread."""
    st.caption("Error: prediction minus truth. Right of 0 is predicted too high.")
    for model in asked.models:
        headline.name(asked, model)
        found = asked.sliced(model).residuals()
        rows = residual_rows(found)
        charts.show(
            charts.lines(
                rows,
                among=asked.names(model),
                titles=("error", "share per unit"),
                band=False,
                domain=None,
            ),
            key=f"residuals:{model}",
            alt="How errors are spread in each slice; the table below has their quantiles",
        )
        tables.show(
            found,
            name=f"residuals {model}",
            heads=HEADS,
            explained=ABOUT,
            picture=partial(rai.plots.residuals, found),
        )


def draw_predictions(asked: Asked) -> None:
    """Predictions against the truth."""
    st.caption(
        "Of rows with about this prediction, the mean of the true values, with its 95% interval. "
        "Left of the dotted line is predicted too low, right of it too high."
    )
    for model in asked.models:
        headline.name(asked, model)
        found = asked.sliced(model).calibration()
        rows = charts.calibration_points(found)
        ends = [value for row in rows for value in (row["x"], row["y"])]
        charts.show(
            charts.lines(
                rows,
                among=asked.names(model),
                titles=("mean prediction", "mean of the true values"),
                diagonal=True,
                marked=True,
                domain=(min(ends), max(ends)) if ends else None,
            ),
            key=f"predictions:{model}",
            alt="The mean true value against the mean prediction of each slice; numbers below",
        )
        rows = [{**each.to_dict(), "group": each.name} for each in found]
        tables.show(
            rows,
            name=f"predictions {model}",
            heads=HEADS,
            explained=ABOUT,
            columns=BINS,
            picture=partial(rai.plots.calibration, found),
        )


def residual_rows(found: rai.Residuals) -> list[dict[str, Any]]:
    """Errors as rows of a chart: the middle of each bin, and the share of rows in a unit of it."""
    rows: list[dict[str, Any]] = []
    for each in found:
        bins = zip(each.edges[:-1], each.edges[1:], each.shares, strict=False)
        rows += [
            {
                "group": each.name,
                "x": (low + high) / 2,
                "y": share / (high - low) if high > low else share,
                "n": each.n,
            }
            for low, high, share in bins
        ]
    return rows
