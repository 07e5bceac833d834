"""Labels that are no column: one sentence."""

import pytest

import rai

ROWS = {"a": [0.2, 0.9, 0.4, 0.6], "sex": ["F", "M", "F", "M"], "y": [0, 1, 1, 0]}
MODEL = rai.load_model(lambda frame: frame["a"], features=["a"])


@pytest.mark.parametrize(
    ("y_true", "said"),
    [
        (5, "y_true: a int; expected one column: an array or a series."),
        ({"y": [0, 1, 1, 0]}, "y_true: a dict; expected one column: an array or a series."),
        ([0, 1], "y_true: 2 labels for 4 rows; expected one for each row."),
    ],
)
def test_labels_that_are_no_column_are_told(y_true, said):
    with pytest.raises(rai.DataError) as error:
        rai.attribute_gap(
            MODEL, ROWS, metric="true_positive_rate", sensitive_features="sex", y_true=y_true
        )
    assert str(error.value) == said
