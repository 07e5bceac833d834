"""Who is decided how: a confusion matrix for each slice, whose cells select their rows."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

import rai

from .. import cohorts, pictures, selection, tables
from ..cutoffs import Key
from ..scored import OUTCOMES, outcomes, scored
from ..settings import Setting
from ..words import counted, number, plain, readable
from . import headline
from .asked import Asked, name_of

SHOWN = Setting("performance matrices", default=(), url="matrices")
MODEL = Setting("performance matrix of", default="", url="matrix_of")

SETTINGS = (SHOWN, MODEL)

FEW = 4  # matrices on screen until others are asked for
EVERYONE: Key = ()
TRUE_CLASS = "true class"
WIDTHS = [0.9, 1.6, 1.6, 0.9]
PARTS = {
    "rows": st.column_config.NumberColumn("rows", format="localized"),
    "share": st.column_config.NumberColumn(
        "share", format="%.3g", help="Of the true class; in the last line, of all rows."
    ),
}


def draw(asked: Asked) -> None:
    """Draw them, for two classes."""
    st.caption("Press a cell to select its rows, on every page.")
    shown: tuple[str, ...] = ()
    for model in asked.models:
        headline.name(asked, model)
        found = asked.confusion_of(model)
        whole = found.by()
        keys = (*found.groups, EVERYONE) if len(found.groups) > 1 else found.groups
        shown = shown or _picked([name_of(key) for key in keys]) or _first(keys)
        chosen = [key for key in keys if name_of(key) in shown]
        for first in range(0, len(chosen), 2):
            pair = chosen[first : first + 2]
            for key, column in zip(pair, st.columns(2), strict=False):
                part = whole if key == EVERYONE else found
                place = 0 if key == EVERYONE else found.groups.index(key)
                with column.container(border=True):
                    _matrix(asked, model, key, part.weight[place])
        with st.container(horizontal=True):
            tables.export(partial(tables.as_frame, found), name=f"confusion {model}")
            pictures.button(partial(rai.plots.confusion, found), f"confusion {model}")


def select(asked: Asked, model: str, key: Key, outcome: int) -> None:
    """Select the rows of a cell."""
    kept = _inside(asked, key) & (outcomes(asked.project, model) == outcome)
    selection.choose(np.flatnonzero(kept), why=why(model, key, f"{OUTCOMES[outcome]}s"))


def why(model: str, key: Key, what: str) -> str:
    """How a selected cell is called.

    Example:
        >>> why("boosting", ("Female",), "false negatives")
        'false negatives of Female, boosting'
    """
    return f"{what} of {name_of(key)}, {model}"


def draw_classes(asked: Asked) -> None:
    """Draw one, for several classes: true class by predicted class; press a cell to select its rows."""
    model = asked.models[0]
    if len(asked.models) > 1:
        st.selectbox("Model", asked.models, **MODEL.tied(asked.models))
        model = MODEL.value
    tally: Any = asked.sliced(model).tally
    names = {name_of(key): key for key in (EVERYONE, *tally.groups)}
    name = st.selectbox("Slice", list(names), key=f"matrix slice:{'|'.join(asked.along)}")
    key = names[name]
    place = slice(None) if key == EVERYONE else [tally.groups.index(key)]
    cells = tally.n[place].sum(axis=0)
    frame = _frame(tally, cells, cells if tally.weight is None else tally.weight[place].sum(axis=0))
    widget = f"matrix:{model}:{name}"
    st.caption(f"{counted(int(cells.sum()), 'row')}. Press a cell to select its rows, on every page.")
    st.dataframe(
        frame,
        hide_index=True,
        key=widget,
        on_select=partial(_cell_chosen, asked, model, key, tally, widget),
        selection_mode="single-cell",
        placeholder=tables.UNDEFINED,
        column_config={head: PARTS[head.split()[0]] for _, head in frame if head != TRUE_CLASS},
        alt="Rows by true class and predicted class, and what share they are of the true class",
    )
    tables.export(frame.droplevel(0, axis="columns"), name=f"confusion {model}")


def _matrix(asked: Asked, model: str, key: Key, cells: Any) -> None:
    """Two by two buttons, with the totals of rows and columns."""
    total = cells.sum()
    st.markdown(f"**{plain(name_of(key))}** · n = {number(_whole(total))}")
    positive = plain(asked.project.models[model].positive_label)
    heads = st.columns(WIDTHS, gap="xsmall")
    heads[1].caption(f"called not {positive}")
    heads[2].caption(f"called {positive}")
    heads[3].caption("all")
    for label in (0, 1):
        line = st.columns(WIDTHS, gap="xsmall", vertical_alignment="center")
        line[0].caption(f"is {positive}" if label else f"is not {positive}")
        for decided in (0, 1):
            with line[1 + decided]:
                _cell(asked, model, key, 2 * label + decided, _share(cells[label, decided], total))
        line[3].caption(_share(cells[label].sum(), total))
    foot = st.columns(WIDTHS, gap="xsmall")
    foot[0].caption("all")
    for decided in (0, 1):
        foot[1 + decided].caption(_share(cells[:, decided].sum(), total))


def _cell(asked: Asked, model: str, key: Key, outcome: int, said: str) -> None:
    chosen = selection.chosen(asked.project)
    named = why(model, key, f"{OUTCOMES[outcome]}s")
    st.button(
        said,
        key=f"cell:{model}:{name_of(key)}:{outcome}",
        on_click=select,
        args=(asked, model, key, outcome),
        type="primary" if chosen is not None and chosen.why == named else "secondary",
        width="stretch",
        wrap=True,
        help=f"{readable(OUTCOMES[outcome]).capitalize()}s of {plain(name_of(key))}",
    )


def _share(count: Any, total: Any) -> str:
    return f"{number(_whole(count))} · {count / total:.1%}" if total else "0"


def _whole(count: Any) -> int | float:
    value = float(count)
    return int(value) if value.is_integer() else value


def _inside(asked: Asked, key: Key) -> Any:
    """The rows of a slice that are shown; of everyone for no slice."""
    if key != EVERYONE:
        return asked.rows_of(key)
    shown = cohorts.rows_shown(asked.project)
    return np.ones(len(asked.project), dtype=bool) if shown is None else shown


def _picked(names: list[str]) -> tuple[str, ...]:
    """Which matrices are shown, where there are too many for one screen."""
    if len(names) <= FEW:
        return tuple(names)
    st.multiselect("Matrices of", names, placeholder="the first slices", **SHOWN.tied(names))
    picked: tuple[str, ...] = SHOWN.value
    return picked


def _first(keys: Any) -> tuple[str, ...]:
    return tuple(name_of(key) for key in keys[:FEW])


def _frame(tally: Any, cells: Any, weights: Any) -> Any:
    """Rows of true and predicted classes with totals, and what share of the true class they are."""
    import pandas

    rows, weighed = (np.vstack([part, part.sum(axis=0)]) for part in (cells, weights))
    total = weighed.sum(axis=1, keepdims=True)
    shares = np.divide(weighed, total, out=np.full(weighed.shape, np.nan), where=total > 0)
    columns: dict[tuple[str, str], Any] = {("", TRUE_CLASS): [*map(str, tally.labels), "all"]}
    for outcome, count, share in zip(tally.outcomes, rows.T, shares.T, strict=True):
        head = f"predicted {outcome}"
        columns |= {(head, f"rows {head}"): count, (head, f"share {head}"): share}
    return pandas.DataFrame({**columns, ("all", "rows all"): rows.sum(axis=1)})


def _cell_chosen(asked: Asked, model: str, key: Key, tally: Any, widget: str) -> None:
    cells = st.session_state[widget]["selection"]["cells"]
    if not cells:
        return
    row, head = cells[0]
    label = tally.labels[row] if row < len(tally.labels) else None
    select_classes(asked, model, key, (label, _outcome(tally, head)))


def _outcome(tally: Any, head: str) -> Any:
    """The predicted class of a column; None for the total."""
    return {f"predicted {outcome}": outcome for outcome in tally.outcomes}.get(head.split(" ", 1)[1])


def select_classes(asked: Asked, model: str, key: Key, classes: tuple[Any, Any]) -> None:
    """Select the rows of a true and a predicted class; of all where one is None."""
    label, predicted = classes
    rows, truth = scored(asked.project), asked.project.roles.y_true
    kept = _inside(asked, key) & rows[truth].notna().to_numpy()
    for column, value in ((truth, label), (f"{model} decision", predicted)):
        if value is not None:
            kept = kept & (rows[column] == value).to_numpy(dtype=bool, na_value=False)
    named = "all classes" if label is None else str(label)
    said = f"{named} rows" if predicted is None else f"{named} predicted {predicted}"
    selection.choose(np.flatnonzero(kept), why=why(model, key, said))
