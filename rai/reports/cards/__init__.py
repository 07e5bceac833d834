"""Model cards: what people say of a model, what was measured, and what the gate said."""

from rai.reports.cards.contents import Card, card
from rai.reports.cards.formats import FORMATS

__all__ = ["FORMATS", "Card", "card"]
