"""Train a model on Adult, audit it by sex, by race and by both, and write a report.

This is what `make audit` runs. The model learns from every column that the card calls a feature, sex
and race among them: without them it could still tell, since `relationship` says Husband or Wife. The
survey's weight is no feature, so it is left out.
"""

from pathlib import Path

import pandas as pd
from rich.console import Console
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

import rai
from rai.reports.terminal import print_audit

OUT = Path("build/audit")


def main() -> None:
    """From the raw rows to the report."""
    train, test = rai.load_dataset("adult", "train"), rai.load_dataset("adult", "test")
    features = list(train.card.features)

    print(f"Training on {len(train.frame):,} rows of Adult ...", flush=True)
    model = gradient_boosting()
    model.fit(train.frame[features], train.frame["income"])
    scores = model.predict_proba(test.frame[features])[:, 1]

    print(f"Auditing {len(test.frame):,} others by sex, by race and by both ...\n", flush=True)
    found = rai.audit(
        test.frame.assign(score=scores),
        y_true="income",
        y_score="score",
        positive_label=">50K",
        sensitive_features=["sex", "race"],
    )
    print_audit(found, Console(width=112))
    rai.report(found, OUT, title="Adult: income, by gradient boosting", command="make audit")
    print("\nThe report:", *(OUT / f"audit.{kind}" for kind in ("html", "json", "md")))


def gradient_boosting() -> Pipeline:
    """Boosted trees on the raw columns; missing values and words need no further treatment."""
    return make_pipeline(
        FunctionTransformer(words_as_categories), HistGradientBoostingClassifier(random_state=0)
    )


def words_as_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """The same columns, those that hold words as categories."""
    words = frame.select_dtypes(exclude="number").columns
    return frame.astype(dict.fromkeys(words, "category"))


if __name__ == "__main__":
    main()
