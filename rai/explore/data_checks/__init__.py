"""Checks of data: a literal table of questions, each with a limit and its source.

data ──▶ Seen ──every Check──▶ Look, Look, … ──judged──▶ DataChecks
"""
