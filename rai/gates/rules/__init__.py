"""The kinds of rules, one class each; the tuple of all of them is in `table`."""
