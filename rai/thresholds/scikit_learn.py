"""What is taken from scikit-learn; where it isn't installed, stand-ins that say so when they are used.

`from rai import *` then still works, and `ThresholdedClassifier(…)` names the install line.
"""

from __future__ import annotations

from typing import Any

from rai.ground.errors import missing_extra

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin
    from sklearn.utils.metaestimators import available_if
except ImportError:

    class BaseEstimator:  # type: ignore[no-redef]
        """Stands in where scikit-learn isn't installed."""

        def __new__(cls, *_: Any, **__: Any) -> Any:
            """Refuse, with the install line."""
            raise missing_extra(cls.__name__, package="scikit-learn", extra="models")

    class ClassifierMixin:  # type: ignore[no-redef]
        """Stands in where scikit-learn isn't installed."""

    class MetaEstimatorMixin:  # type: ignore[no-redef]
        """Stands in where scikit-learn isn't installed."""

    def available_if(_: Any) -> Any:
        """Stands in where scikit-learn isn't installed."""
        return lambda method: method


__all__ = ["BaseEstimator", "ClassifierMixin", "MetaEstimatorMixin", "available_if"]
