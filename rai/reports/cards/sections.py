"""What a card says in words, laid out once: Markdown and the page show the same sections.

The headings are those of Mitchell et al. 2019, "Model Cards for Model Reporting" (arXiv:1810.03993).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rai.ground.formatting import counted
from rai.reports.cards.contents import APART_HEADS, Card
from rai.reports.cards.human_words import ASKED, DataSet, absent
from rai.reports.gate_facts import FLIP_HEADS, RuleBlock, VerdictRow
from rai.reports.group_tables import Cell, GroupTable
from rai.reports.words import capital, percent

USES = (
    ("intended_use", "Primary intended uses"),
    ("users", "Primary intended users"),
    ("out_of_scope", "Out-of-scope use cases"),
)
WORDY = frozenset({"why", "to mind"})  # columns of text that stand behind numbers
VERDICT_HEADS = ("verdict", "rule", "about", "value, bounds", "limit", "n", "why")


@dataclass(frozen=True, slots=True)
class Sub:
    """A heading within a section."""

    title: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text of one paragraph or several."""

    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The text at its empty lines.

        Example:
            >>> Said("One.\\n\\nTwo.").paragraphs
            ['One.', 'Two.']
        """
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]


@dataclass(frozen=True, slots=True)
class Loud:
    """What must not be overlooked: something is missing, or the gate did not pass."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Names and texts."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose first columns are text and whose others are numbers.

    Args:
        label: What it shows.
        heads, rows: Its cells.
        left: How many columns are text.
        notes: What stands below it.
    """

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int
    notes: tuple[str, ...] = ()

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold numbers.

        Example:
            >>> Grid("gaps", ("by", "difference", "to mind"), (), 1).numeric
            (False, True, False)
        """
        return tuple(i >= self.left and head not in WORDY for i, head in enumerate(self.heads))


Block = Sub | Said | Loud | Items | Terms | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a card."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


def sections(card: Card) -> tuple[Section, ...]:
    """A card as sections.

    Example:
        >>> import rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> [each.title for each in sections(card(rai.gate(found, {"version": 1, "rules": [rule]})))][:3]
        ['Model details', 'Intended use', 'Factors']
    """
    return (
        Section("details", "Model details", tuple(_details(card))),
        Section("use", "Intended use", tuple(_use(card))),
        Section("factors", "Factors", tuple(_factors(card))),
        Section("metrics", "Metrics", tuple(_metrics(card))),
        Section("evaluation-data", "Evaluation data", tuple(_evaluation(card))),
        Section("training-data", "Training data", tuple(_training(card))),
        Section("analyses", "Quantitative analyses", tuple(_analyses(card))),
        Section("ethics", "Ethical considerations", tuple(_ethics(card))),
        Section("caveats", "Caveats and recommendations", tuple(_caveats(card))),
    )


def _details(card: Card) -> Iterator[Block]:
    words = card.words
    if "name" in card.missing:
        yield Loud(absent("name"))
    yield Said(words.overview) if words.overview else _lacking("overview")
    held = {
        "owners": "; ".join(f"{o.name} ({o.contact})" if o.contact else o.name for o in words.owners),
        "version": words.version,
        "date": words.date.isoformat() if words.date else "",
        "license": words.license,
    }
    kinds = {"binary": "two classes", "multiclass": "several classes", "regression": "a quantity"}
    yield Terms((*((ASKED[f], t) for f, t in held.items() if t), ("predicts", kinds[card.task])))
    yield from (_lacking(field) for field, text in held.items() if not text)
    if words.references:
        yield Sub("References")
        yield Items(words.references)


def _use(card: Card) -> Iterator[Block]:
    for field, title in USES:
        yield Sub(title)
        yield _items(field, getattr(card.words, field))


def _factors(card: Card) -> Iterator[Block]:
    yield Said(card.lead)
    found = [f"{each.name}: {counted(each.n, 'row')}" for each in card.slices if len(each.group) == 1]
    yield Items(tuple(found))


def _metrics(card: Card) -> Iterator[Block]:
    rows = tuple((each.name, each.formula, each.source) for each in card.metrics)
    yield Grid("What was measured", ("measure", "definition", "source"), rows, 3)
    yield from map(Said, card.method)
    yield Said(" ".join(card.gate.method))


def _evaluation(card: Card) -> Iterator[Block]:
    yield from _data("evaluation_data", card.words.evaluation_data)
    rows = [("rows counted", f"{card.rows:,}")]
    rows += [(f"not counted: {reason}", f"{n:,}") for reason, n in card.dropped.items()]
    rows += [("fingerprint", card.fingerprint)] if card.fingerprint else []
    yield Terms(tuple(rows))


def _training(card: Card) -> Iterator[Block]:
    yield from _data("training_data", card.words.training_data)


def _data(field: str, held: DataSet) -> Iterator[Block]:
    if held.empty:
        yield _lacking(field)
    elif held.description:
        yield Said(held.description)
    named = (("name", held.name), ("described at", held.link))
    if any(text for _, text in named):
        yield Terms(tuple((term, text) for term, text in named if text))


def _analyses(card: Card) -> Iterator[Block]:
    level = percent(card.level)
    yield Said(f"Brackets hold {level} intervals, which for a gap hold for all its groups at once.")
    for table in card.tables:
        title = f"By {table.along}" + (f", {table.title}" if table.title else "")
        yield Sub(title)
        yield _grid(title, table)
    yield Sub("Gaps between groups")
    cells = tuple(gap.cells for gap in card.gaps)
    yield Grid("Gaps between groups", APART_HEADS, cells, 4)
    yield from _gate(card)


def _gate(card: Card) -> Iterator[Block]:
    gate = card.gate
    yield Sub(f"Verdicts of the gate: {gate.title}")
    yield Said(f"{gate.headline}. {gate.meaning}")
    rows = tuple(_verdict(rule, row) for rule in gate.rules for row in rule.rows)
    yield Grid("Verdicts of the gate", VERDICT_HEADS, rows, 3)
    yield from map(Said, gate.packs)
    if gate.flips:
        yield Sub("Decided otherwise than by the baseline")
        yield Grid("Decided otherwise than by the baseline", FLIP_HEADS, gate.flips, 4)
    yield Sub("Provenance")
    yield Terms(gate.provenance)


def _verdict(rule: RuleBlock, row: VerdictRow) -> tuple[str, ...]:
    warns = f" ({row.effect})" if row.effect == "only a warning" else ""
    why = "; ".join(text for text in (row.reason, row.needs, row.waiver) if text)
    value = f"{row.value} {row.bounds}".strip()
    return f"{row.sign} {row.status}{warns}", rule.id, row.subject, value, row.limit, row.n, why


def _grid(label: str, table: GroupTable) -> Grid:
    rows = tuple(
        (row.name, f"{row.n:,}", *(_cell(cell) for cell in row.cells))
        for row in (table.everyone, *table.rows)
    )
    notes = [f"{i}. {text}" for i, text in enumerate(table.footnotes, 1)]
    more = [f"And {counted(table.left_out, 'more group')}."] if table.left_out else []
    return Grid(label, ("group", "n", *table.heads), rows, 1, (*more, *notes))


def _cell(cell: Cell) -> str:
    noted = (f"({text})" for text in (cell.footnote, cell.remark) if text)
    return " ".join(text for text in (cell.value, cell.bounds, *noted) if text)


def _ethics(card: Card) -> Iterator[Block]:
    risks = [
        (each.name, each.mitigation or absent("mitigation"))
        for each in card.words.ethical_considerations
    ]
    if risks:
        yield Grid("Ethical considerations", ("risk", "mitigation"), tuple(risks), 2)
    else:
        yield _lacking("ethical_considerations")
    yield Sub("Groups at risk")
    people = [
        tuple(
            getattr(each, name) or absent(name) for name in ("group", "benefits", "harms", "mitigation")
        )
        for each in card.words.groups_at_risk
    ]
    if people:
        yield Grid("Groups at risk", ("group", "benefits", "harms", "mitigation"), tuple(people), 4)
    else:
        yield _lacking("groups_at_risk")


def _caveats(card: Card) -> Iterator[Block]:
    for field in ("limitations", "tradeoffs"):
        yield Sub(capital(ASKED[field]))
        yield _items(field, getattr(card.words, field))
    if card.gate.notes:
        yield Sub("Noted by the gate")
        yield Items(card.gate.notes)


def _items(field: str, texts: Sequence[str]) -> Block:
    return Items(tuple(texts)) if texts else _lacking(field)


def _lacking(field: str) -> Loud:
    return Loud(absent(ASKED[field]))
