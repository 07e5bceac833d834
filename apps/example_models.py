"""Two models of a bundled data set, trained on the spot: a plain one and a strong one, to compare.

They see every feature of the card, the sensitive ones too, as in `docs/examples/audit_adult.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rai

if TYPE_CHECKING:
    import pandas

BOOSTING, LOGISTIC = "boosting", "logistic regression"
MISSING = "(missing)"


def example_models(train: pandas.DataFrame, dataset: rai.Dataset) -> dict[str, rai.Model]:
    """Gradient boosting and logistic regression.

    Args:
        train: The rows to learn from.
        dataset: The data set, whose card says which columns are features and which is the label.

    Raises:
        ExtraError: If scikit-learn is not installed.
    """
    features, label = list(dataset.card.features), dataset.roles.y_true
    rows = train.dropna(subset=[label])
    words = list(rows[features].select_dtypes(exclude="number").columns)
    numbers = [name for name in features if name not in words]
    made = {BOOSTING: _boosting(words), LOGISTIC: _logistic(words, numbers)}
    return {
        name: rai.load_model(
            model.fit(rows[features], rows[label]), positive_label=dataset.roles.positive_label
        )
        for name, model in made.items()
    }


def _boosting(words: list[str]) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, max_categories=250)
    columns = make_column_transformer((codes, words), remainder="passthrough")
    trees = HistGradientBoostingClassifier(random_state=0, categorical_features=list(range(len(words))))
    return make_pipeline(columns, trees)


def _logistic(words: list[str], numbers: list[str]) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    known = make_pipeline(
        SimpleImputer(strategy="constant", fill_value=MISSING),
        OneHotEncoder(handle_unknown="ignore", min_frequency=20),
    )
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    return make_pipeline(
        make_column_transformer((known, words), (scaled, numbers)), LogisticRegression(max_iter=1000)
    )
