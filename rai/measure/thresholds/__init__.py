"""The best thresholds for an objective, under a fairness constraint: exact, from counts.

cuts        every threshold of a group, with what it selects
objectives  what a decision costs        strategies  which rates must be equal
windows     all rates within a tolerance of each other: one threshold a group
mixtures    the same where decisions may be drawn between thresholds
frontiers   what each tolerance costs    grid        101 thresholds, for comparison
"""
