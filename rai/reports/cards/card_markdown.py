"""A card as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rai.reports.cards.contents import Card
from rai.reports.cards.sections import Block, Grid, Items, Loud, Said, Section, Sub, Terms, sections
from rai.reports.markdown_tables import escaped, md_table

# What would be a heading, a list, a quotation, a rule or the target of a link at the start of a line.
_STARTS = re.compile(r"(#{1,6}(?=\s|$)|[-+>=_\[:]|\d+(?=[.)](\s|$)))")


def card_markdown(card: Card) -> str:
    """A card as Markdown, with the gate's answer first.

    Args:
        card: The card.

    Example:
        >>> import rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 2}
        >>> made = card(rai.gate(found, {"version": 1, "rules": [rule]}), model_name="loans")
        >>> print(card_markdown(made).splitlines()[2][:65])
        **This model did not pass its fairness gate. Gate failed: 2 verdi
    """
    parts = [f"# Model card: {escaped(card.name)}", _bold(card.answer)]
    if card.missing:
        parts.append(_bold(f"MISSING, and for people to write: {', '.join(card.missing)}."))
    return "\n\n".join([*parts, *(text for each in sections(card) for text in _section(each))]) + "\n"


def paragraph(text: str) -> str:
    """Text as one paragraph, and as nothing else that Markdown knows.

    Example:
        >>> paragraph("# not a head"), paragraph("1. no list"), paragraph("1.5 of <b>")
        ('\\\\# not a head', '1\\\\. no list', '1.5 of &lt;b>')
    """
    line = escaped(text)
    found = _STARTS.match(line)
    if found is None:
        return line
    at = found.end() if found[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Sub(title):
            yield f"### {escaped(title)}"
        case Said():
            yield from map(paragraph, block.paragraphs)
        case Loud(text):
            yield _bold(text)
        case Items(texts):
            yield "\n".join(f"- {paragraph(text)}" for text in texts)
        case Terms(pairs):
            yield "\n".join(f"- {escaped(term)}: {escaped(text)}" for term, text in pairs)
        case Grid():
            if block.rows:
                yield md_table(block.heads, block.rows, left=block.left)
            if block.notes:
                yield "  \n".join(map(escaped, block.notes))


def _bold(text: str) -> str:
    return f"**{escaped(text)}**"
