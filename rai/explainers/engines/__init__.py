"""Explainers of other libraries, asked so that they are right: shap's, and captum's for PyTorch.

rows, background ──codes or matrices──▶ shap ─┐
rows, background ──tensors, encoded───▶ captum ┴──▶ (n, players, outputs), held against the model itself
"""
