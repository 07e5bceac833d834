"""Showing: an audit as a page, a Markdown file, JSON, or a table in the terminal. No statistics here."""

from rai.reports.writing import report

__all__ = ["report"]
