"""Other people's tools: pytest, MLflow, TensorBoard. Doors, which know public names only."""
