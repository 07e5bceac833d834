"""An audit as one self-contained HTML page: no network, no fonts, works without JavaScript.

Everything shown is laid out here as text and places in percent; the templates only put it on the page.
"""

from __future__ import annotations

from rai.audits import Audit
from rai.ground.formatting import counted, number
from rai.reports.attribution_tables import NOT_CAUSES, attribution_blocks
from rai.reports.audit_data import data_section
from rai.reports.charts import GRIDS
from rai.reports.controls import controlled
from rai.reports.curve_charts import MOST_BANDS
from rai.reports.data_tables import questions, told_answers
from rai.reports.environment import environment
from rai.reports.facts import Facts
from rai.reports.forest import forest
from rai.reports.gap_part_rows import gap_blocks
from rai.reports.gap_rows import gap_table
from rai.reports.group_tables import FEW_GROUPS, group_tables, of_the_data
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
from rai.reports.words import clean, listed, percent
from rai.values import Tally


def page(facts: Facts, *, title: str | None = None) -> str:
    """The whole page."""
    audit = facts.audit
    return environment().get_template("page.html.j2").render(
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
        **data_section(facts),
        worksheet=facts.beside.worksheet and questions(facts.beside.worksheet),
        answered=told_answers(questions(facts.beside.worksheet)),
        groups=[
            (clean(along), group_tables(facts, along, left_out=of_the_data(facts)))
            for along in facts.comparisons
        ],
        matrices=[drawn for along in facts.comparisons if (drawn := matrices(facts, along))],
        controlled=controlled(facts),
        thresholds=threshold_tables(facts),
        **_scores(facts),
        attributed=facts.attributions is not None,
        attributions=attribution_blocks(facts),
        gap_parts=gap_blocks(facts),
        not_causes=NOT_CAUSES,
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
    where = f" where {clean(audit.roles.where, most=120)}," if audit.roles.where else ""
    text = f"{counted(audit.rows, 'row')}{where} in groups: {listed(groups)}. "
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
