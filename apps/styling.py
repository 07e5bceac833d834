"""What Streamlit's own style leaves to mend. Fixed text: nothing from the data is ever in it."""

from __future__ import annotations

from .colours import PAPER, is_dark

# Streamlit leaves six lines free above a page, for a menu that is not there, and its captions and, in
# 1.66, the changes below numbers are too pale to be read by everybody (4.5 to 1 is the least).
ALWAYS = """
.stMainBlockContainer { padding: 3.75rem 2rem 2rem; }
[data-testid='stCaptionContainer'] { opacity: 0.8; }
[data-testid='stMetricDelta'] { color: inherit; }
"""

# On dark paper the colour of buttons and tags is light, so that dark words are read on it.
ON_DARK = f"""
button[kind='primary'] p, button[kind='primary'] span {{ color: {PAPER[1]}; }}
.stMultiSelect span[title] {{ color: {PAPER[1]}; }}
.stMultiSelect span[title] ~ * {{ color: {PAPER[1]}; fill: {PAPER[1]}; }}
"""


def style() -> str:
    """A style sheet for the page as it is, light or dark."""
    return f"<style>{ALWAYS}{ON_DARK if is_dark() else ''}</style>"
