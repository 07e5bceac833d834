"""An audit as one self-contained HTML page: no network, no fonts, works without JavaScript.

Everything shown is laid out here as text and places in percent; the templates only put it on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rai.audits import Audit
from rai.ground.colours import DARK, GREY, LIGHT
from rai.ground.formatting import counted, number
from rai.reports.charts import GRIDS
from rai.reports.controls import controlled
from rai.reports.curve_charts import MOST_BANDS
from rai.reports.facts import FEW_ROWS, Facts, Thin, counted_rows, group_of
from rai.reports.forest import forest
from rai.reports.gap_rows import gap_table
from rai.reports.group_tables import FEW_GROUPS, group_tables
from rai.reports.matrices import matrices
from rai.reports.methods import definitions, method, provenance
from rai.reports.score_sections import (
    calibration_sections,
    choice_sections,
    curve_sections,
    held_out_tables,
    prediction_sections,
)
from rai.reports.strategy_tables import CELLS
from rai.reports.summary import cautions, findings, headline
from rai.reports.threshold_rows import threshold_tables
from rai.reports.words import BEYOND, WITHIN, capital, clean, estimated, listed, name, percent
from rai.values import Tally

if TYPE_CHECKING:
    from jinja2 import Environment

_LOOSE = re.compile(r"\[[^\[\]]{1,40}\]|\bp [=<] [\d.]+")

# The first gap of a finding, with its interval.
_GAP = re.compile(r"(?<=a gap of )[\d.,-]+\d(?:\s\[[^\]]{1,40}\])?")

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class ThinRow:
    """A group with few rows behind a metric, as text."""

    group: str
    along: str
    metric: str
    estimate: str
    rows: str
    counted: str


def page(facts: Facts, *, title: str | None = None) -> str:
    """The whole page."""
    audit = facts.audit
    return _environment().get_template("page.html.j2").render(
        title=title or default_title(audit),
        lead=lead(facts),
        key_facts=key_facts(facts),
        headline=headline(facts),
        findings=findings(facts),
        cautions=cautions(facts),
        level=percent(audit.level),
        task=audit.task,
        forest=forest(facts),
        gaps=gap_table(facts),
        groups=[(clean(along), group_tables(facts, along)) for along in facts.comparisons],
        matrices=[drawn for along in facts.comparisons if (drawn := matrices(facts, along))],
        controlled=controlled(facts),
        thresholds=threshold_tables(facts),
        **_scores(facts),
        dropped=dropped_rows(audit),
        thin=[_thin_row(thin, facts) for thin in facts.thin],
        few_rows=FEW_ROWS,
        few_groups=FEW_GROUPS,
        definitions=definitions(facts),
        method=method(facts),
        provenance=provenance(audit),
        version=audit.provenance.get("rai", ""),
    )  # fmt: skip


def _scores(facts: Facts) -> dict[str, object]:
    """What the sections about scores and predictions show."""
    curves, predictions = curve_sections(facts), prediction_sections(facts)
    notes = [e.note for e in facts.scores.overall] if facts.scores else []
    return {
        "curves": curves,
        "calibration": calibration_sections(facts),
        "predictions": predictions,
        "choices": choice_sections(facts),
        "held_out": held_out_tables(facts),
        "cell_names": CELLS,
        "grids": GRIDS,
        "drawn": facts.scores is not None or facts.predictions is not None,
        "now": number(facts.audit.thresholds[0]) if facts.audit.thresholds else "",
        "many": any(len(section.legend.groups) > MOST_BANDS for section in curves),
        "binned": any("binned" in note for note in notes),
        "too_many": [clean(along) for along in facts.scores.left_out] if facts.scores else [],
    }


def default_title(audit: Audit) -> str:
    """A title from the columns, as in `Audit of income by sex and race`."""
    features = listed([clean(feature, most=60) for feature in audit.roles.sensitive_features])
    label = "" if audit.roles.y_true == "y_true" else f" of {clean(audit.roles.y_true, most=60)}"
    return f"Audit{label} by {features}"


def lead(facts: Facts) -> str:
    """One line: what was audited."""
    audit = facts.audit
    groups = [f"{len(facts.names(along)):,} by {clean(along, most=60)}" for along in facts.comparisons]
    text = f"{counted(audit.rows, 'row')} in groups: {listed(groups)}. "
    if audit.task == "regression":
        return f"{text}The label is a quantity."
    assert isinstance(audit.tally, Tally)
    labels = [clean(label, most=60) for label in audit.tally.labels]
    if audit.task == "multiclass":
        return f"{text}The label is one of {len(labels)} classes: {listed(labels, most=8)}."
    positive = f"Positive is “{labels[-1]}”, negative is “{labels[0]}”"
    if not audit.thresholds:
        return f"{text}{positive}."
    least = number(audit.thresholds[0])
    return f"{text}{positive}; a row is predicted positive when its score is at least {least}."


def key_facts(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The figures at the head of the page."""
    audit = facts.audit
    groups = max(len(facts.names(along)) for along in facts.comparisons)
    found = [("rows", f"{audit.rows:,}"), ("groups", f"{groups:,}")]
    if audit.dropped:
        found.append(("not counted", f"{sum(audit.dropped.values()):,}"))
    if audit.thresholds:
        shown = ", ".join(number(t) for t in audit.thresholds[:4])
        rest = len(audit.thresholds) - 4
        found.append(
            (
                "threshold" if len(audit.thresholds) == 1 else "thresholds",
                f"{shown} +{rest}" if rest > 0 else shown,
            )
        )
    return (*found, ("intervals", percent(audit.level)))


def dropped_rows(audit: Audit) -> tuple[tuple[str, str, str], ...]:
    """Reason, rows, and share of the rows read."""
    whole = audit.rows + sum(audit.dropped.values())
    return tuple(
        (clean(reason), f"{rows:,}", f"{100 * rows / whole:.2g}%")
        for reason, rows in audit.dropped.items()
    )


def _thin_row(thin: Thin, facts: Facts) -> ThinRow:
    return ThinRow(
        group=clean(group_of(thin.estimate, facts.audit)),
        along=clean(thin.along),
        metric=name(thin.estimate.metric),
        estimate=estimated(thin.estimate),
        rows=f"{thin.rows:,}",
        counted=counted_rows(thin, facts.audit),
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(BEYOND=BEYOND, WITHIN=WITHIN, palette=palette())
    environment.filters.update(capital=capital, number=number, tight=tight, told=told)
    return environment


def tight(text: str) -> str:
    """The text with intervals and p-values kept on one line each.

    Example:
        >>> tight("a gap of 0.1 [0.05, 0.15] (p = 0.01)")
        'a gap of 0.1 [0.05,\\xa00.15] (p\\xa0=\\xa00.01)'
    """
    return _LOOSE.sub(lambda found: found[0].replace(" ", "\xa0"), text)


def told(text: str) -> tuple[str, str, str]:
    """A finding in three parts, of which the second is its first gap, to stand out.

    Example:
        >>> told("By sex: a gap of 0.1 [0, 0.2]. More.")
        ('By sex: a gap of ', '0.1 [0,\xa00.2]', '. More.')
    """
    line = tight(text)
    found = _GAP.search(line)
    if found is None:
        return line, "", ""
    return line[: found.start()], found[0], line[found.end() :]


def palette() -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """CSS names and colours of groups, on white and on dark paper."""
    names = [f"--c{place}" for place in chain(range(len(LIGHT)), ("x",))]
    light, dark = (
        list(zip(names, (*colours, grey), strict=True))
        for colours, grey in zip((LIGHT, DARK), GREY, strict=True)
    )
    return light, dark
