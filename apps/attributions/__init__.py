"""The sections of the page on attributions, and what they share.

asked.py   what is asked: models, space, method, background, groups    controls.py  where it is set
found.py   the answers, each worked out once        said.py  what they say of themselves
overview.py · points.py · dependence_chart.py · one_row.py · gap.py    a section each
"""
