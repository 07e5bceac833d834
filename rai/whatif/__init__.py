"""What would have been: edits of rows, put to a model."""

__all__: list[str] = []
