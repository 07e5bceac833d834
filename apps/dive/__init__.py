"""Dive: every row a point. Python packs columns and answers; the JavaScript in `frontend` draws."""
