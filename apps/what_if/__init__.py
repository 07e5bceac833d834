"""One row, edited: the parts of the What-If page.

choosing ─▶ desk (the row and its steps) ─▶ form · verdicts
         ─▶ nearest · generated · effects · flips · scenarios · steps
"""
