"""Columns of categories as a model knew them when it was trained: the same values, in the same order.

Libraries of trees store a category as its place in the training data's list. Rows that come from a CSV
file, or from another frame, have another list or none, so their columns are put on the model's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rai.engines.numbers import NotNumbersError, numbers
from rai.ground.errors import DataError, listing, sentence

if TYPE_CHECKING:
    import pandas


def on_trained_categories(
    frame: pandas.DataFrame, categories: Mapping[str, Sequence[Any]], *, where: str
) -> pandas.DataFrame:
    """A frame whose columns of categories have those that the model was trained on.

    A value that is none of them is missing to the model, as it is in these libraries.

    Args:
        frame: The rows; it is not changed.
        categories: Column to its categories in the model's order.
        where: How messages call the model.

    Raises:
        DataError: A column holds numbers where the categories are text, or the other way round.

    Example:
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"sex": ["M", "F", "X"]})
        >>> on_trained_categories(frame, {"sex": ["F", "M"]}, where="model")["sex"].cat.codes.tolist()
        [1, 0, -1]
    """
    import pandas as pd

    changed = {}
    for name, held in categories.items():
        column = frame[name]
        words = any(isinstance(each, str) for each in held)
        if held and column.notna().any() and _holds_text(column) != words:
            seen = f"{'numbers' if words else 'text'} in column {name!r}"
            expected = f"categories such as {listing(held, most=4)}"
            raise DataError(sentence(where, seen, expected=expected))
        known = column.astype(object).where(column.isin(list(held)), None)
        changed[name] = known.astype(pd.CategoricalDtype(list(held)))
    return frame.assign(**changed)


def _holds_text(column: pandas.Series) -> bool:
    """Whether it is anything but numbers and true/false."""
    import pandas as pd

    kind = column.dtype
    held = kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind
    if pd.api.types.is_bool_dtype(held):
        return False
    try:
        numbers(column)
    except NotNumbersError as error:
        return "true/false" not in str(error)
    return False
