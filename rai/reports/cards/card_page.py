"""A card as one self-contained HTML page: no network, no fonts, works without JavaScript."""

from __future__ import annotations

from typing import NamedTuple

from rai.ground.formatting import counted
from rai.reports.cards.contents import Card
from rai.reports.cards.sections import WORDY, Block, Section, sections
from rai.reports.environment import environment


class Shown(NamedTuple):
    """A block with the name of its kind, by which the template tells it."""

    kind: str
    of: Block


def card_page(card: Card) -> str:
    """The whole page; the same card gives the same bytes.

    Args:
        card: The card.

    Example:
        >>> import rai
        >>> from rai.reports.cards import card
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> page = card_page(card(rai.gate(found, {"version": 1, "rules": [rule]})))
        >>> "MISSING: intended use. A person has to write this." in page
        True
    """
    return environment().get_template("card.html.j2").render(
        title=f"Model card: {card.name}",
        lead=card.lead,
        key_facts=_key_facts(card),
        answer=card.answer,
        passed=card.passed,
        missing=card.missing,
        sections=[_shown(section) for section in sections(card)],
        wordy=WORDY,
        version=card.version,
    )  # fmt: skip


def _shown(section: Section) -> dict[str, object]:
    blocks = [Shown(type(block).__name__.lower(), block) for block in section.blocks]
    return {"anchor": section.anchor, "title": section.title, "blocks": blocks}


def _key_facts(card: Card) -> tuple[tuple[str, str], ...]:
    texts = counted(len(card.missing), "text")
    return (("gate", card.gate.status), ("rows", f"{card.rows:,}"), ("missing", texts))
