"""Parts of the Performance & Fairness page: who pays for the errors, and what other thresholds change.

    asked ─▶ headline · sliders · one section: slices, strategies, curves, confusions, gaps, models …

What is asked (models, slices, prices, the cohort) is one value; every part turns it into a picture.
"""
