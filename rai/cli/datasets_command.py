"""`rai datasets`: what comes with rai."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rai.ground.formatting import text_table


def datasets_command(
    *, name: Annotated[str | None, typer.Argument(help="Show the card of this one.")] = None
) -> None:
    """List the data sets that come with rai, or show the card of one."""
    from rai.dataset_cards import dataset_card, dataset_cards

    if name is None:
        shown = ("name", "rows", "sensitive_features", "title")
        cards = [card.to_dict() for card in dataset_cards()]
        print(text_table([{key: card[key] for key in shown} for card in cards]))
        print("\nA card:    rai datasets adult\nAn audit:  rai audit dataset:acs_employment/2018")
        return
    text = dataset_card(name).text
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="")
