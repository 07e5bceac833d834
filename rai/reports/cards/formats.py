"""The formats of a card: name ─▶ writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from rai.reports.cards.card_markdown import card_markdown
from rai.reports.cards.card_page import card_page
from rai.reports.cards.contents import Card
from rai.reports.cards.cyclone_dx import cyclonedx_bom
from rai.reports.cards.hugging_face import hugging_face_readme
from rai.reports.cards.model_card_toolkit import toolkit_json

FORMATS: Mapping[str, Callable[[Card], str]] = MappingProxyType(
    {
        "markdown": card_markdown,
        "html": card_page,
        "huggingface": hugging_face_readme,
        "model-card-toolkit": toolkit_json,
        "cyclonedx": cyclonedx_bom,
    }
)
