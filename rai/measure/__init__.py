"""Arithmetic on counts: metrics, intervals, criteria and gaps. It never sees a row."""
