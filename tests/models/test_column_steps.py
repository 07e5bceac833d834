"""Pipelines that are taken apart where they encode column by column, and those that are not."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

import rai
from rai.engines.frames import open_rows
from rai.models.changed_columns import changed
from rai.models.column_steps import column_steps

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({
    "age": RNG.normal(40, 10, 200), "rate": np.where(RNG.random(200) < 0.1, np.nan, RNG.random(200)),
    "job": RNG.choice(["a", "b", "c", "rare"], 200, p=[0.5, 0.3, 0.19, 0.01]), "sex": RNG.choice(["F", "M"], 200),
})  # fmt: skip
TARGET = (FRAME["age"] + 10 * (FRAME["job"] == "a") + RNG.normal(0, 5, 200) > 45).astype(int)
IMPUTED = make_pipeline(SimpleImputer(), StandardScaler())


def fitted(*parts, last=None, **options):
    encoder = make_column_transformer(*parts, **options)
    return make_pipeline(encoder, LogisticRegression() if last is None else last).fit(FRAME, TARGET)


def chain(*steps):
    return make_pipeline(*steps, LogisticRegression()).fit(FRAME, TARGET)


ONE_HOT = make_column_transformer(
    (OneHotEncoder(sparse_output=False), ["job", "sex"]), (IMPUTED, ["age", "rate"])
)

TAKEN_APART = {
    "one-hot, sparse": (fitted((OneHotEncoder(), ["job", "sex"]), (IMPUTED, ["age", "rate"])), [1, 1, 4, 2]),
    "one dropped": (fitted((OneHotEncoder(drop="first"), ["job", "sex"]), (IMPUTED, ["age", "rate"])), [1, 1, 3, 1]),
    "rare ones together": (
        fitted((OneHotEncoder(min_frequency=5, handle_unknown="infrequent_if_exist"), ["job"]), (IMPUTED, ["rate"])), [0, 1, 4, 0]
    ),
    "by number, some passed on": (
        fitted((OrdinalEncoder(), ["job", "sex"]), (IMPUTED, ["rate"]), remainder="passthrough"), [1, 1, 1, 1]
    ),
    "a column used twice": (
        fitted((OneHotEncoder(), ["job"]), (OrdinalEncoder(), ["job"]), (StandardScaler(), ["age"])), [1, 0, 5, 0]
    ),
    "by place": (fitted((StandardScaler(), [0]), (OneHotEncoder(), [2, 3]), (SimpleImputer(), slice(1, 2))), [1, 1, 4, 2]),
    "a forest": (
        fitted((OneHotEncoder(), ["job", "sex"]), (IMPUTED, ["age", "rate"]), last=RandomForestClassifier(10, random_state=0)),
        [1, 1, 4, 2],
    ),
    "scaled once more": (chain(ONE_HOT, StandardScaler()), [1, 1, 4, 2]),
    "a step that does nothing": (chain(ONE_HOT, "passthrough", None, StandardScaler()), [1, 1, 4, 2]),
    "the best half": (chain(ONE_HOT, SelectKBest(k=4)), None),
    "those that vary": (chain(ONE_HOT, VarianceThreshold(0.05), StandardScaler()), None),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN_APART)
def test_the_parts_give_the_scores_of_the_whole(name):
    pipeline, widths = TAKEN_APART[name]
    model = rai.load_model(pipeline)
    steps = column_steps(model)
    found = [len(steps.columns[column]) for column in FRAME.columns]
    assert found == widths if widths else 0 < sum(found) < 8
    matrix = steps.matrix(open_rows(FRAME))
    np.testing.assert_allclose(steps.scores(matrix), model.scores(FRAME), rtol=0, atol=1e-12)
    for column in FRAME.columns:
        other = FRAME.assign(**{column: FRAME[column].sample(frac=1, random_state=1).to_numpy()})
        moved = steps.matrix(open_rows(other))
        dense = [part.toarray() if hasattr(part, "toarray") else part for part in (matrix, moved)]
        apart = np.flatnonzero((dense[0] != dense[1]).any(axis=0))
        assert set(apart) <= set(steps.columns[column].tolist())


LEFT_WHOLE = {
    "columns mixed": fitted((make_pipeline(SimpleImputer(), PCA(2)), ["age", "rate"]), (OneHotEncoder(), ["job"])),
    "a function": fitted((FunctionTransformer(lambda f: f[["age"]] * 2), ["age", "rate"]), (OneHotEncoder(), ["job"])),
    "missing marked": fitted((SimpleImputer(add_indicator=True), ["age", "rate"]), (OneHotEncoder(), ["job"])),
    "three steps": make_pipeline(
        make_column_transformer((IMPUTED, ["age", "rate"])), PCA(2), LogisticRegression()
    ).fit(FRAME, TARGET),
    "no pipeline": LogisticRegression().fit(FRAME[["age"]], TARGET),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT_WHOLE)
def test_what_is_not_known_to_go_column_by_column_is_left_whole(name):
    assert column_steps(rai.load_model(LEFT_WHOLE[name])) is None


def test_functions_are_left_whole():
    assert column_steps(rai.load_model(lambda frame: frame["age"])) is None


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("rows", [1, 7, 100])
def test_changed_columns_are_what_writing_them_gives(sparse, rows):
    rng = np.random.default_rng(1)
    matrix = rng.integers(0, 3, (5, 6)) * rng.integers(0, 2, (5, 6)).astype(float)
    columns, values = np.array([1, 4, 5]), rng.integers(0, 2, (8, 3)).astype(float)
    given = csr_matrix(matrix) if sparse else matrix.copy()
    found = []
    for count, part in changed(given, columns, values, rows=rows):
        assert part.shape == (5 * count, 6)
        found.append((part.toarray() if sparse else part).reshape(count, 5, 6).copy())
    for value, part in zip(values, np.concatenate(found), strict=True):
        wanted = matrix.copy()
        wanted[:, columns] = value
        np.testing.assert_array_equal(part, wanted)
    np.testing.assert_array_equal(given.toarray() if sparse else given, matrix)


def test_a_pipeline_that_answers_otherwise_is_asked_as_it_is():
    """An encoder that looks at several columns although its kind does not: found out and not used."""
    from rai.engines.features import features_of
    from rai.whatif import grid_scores
    from rai.whatif.grids import grids_of
    from rai.whatif.settings import setting_of

    pipeline = fitted((OneHotEncoder(), ["job", "sex"]), (IMPUTED, ["age", "rate"]))
    encoder = pipeline[0]
    plain = encoder.transform

    def odd(frame, **options):
        out = np.array(plain(frame, **options))
        out[:, 0] += frame["age"].to_numpy() * (frame["sex"] == "F").to_numpy()
        return out

    encoder.transform = odd
    setting = setting_of(rai.load_model(pipeline), FRAME)
    held = grid_scores.tiled(setting)
    assert held.matrix is not None
    (grid,) = grids_of(setting.rows, features_of(setting.rows, ("sex",)))
    found = list(grid_scores.grid_scores(held, grid))
    for point, scores in zip(grid.points, found, strict=True):
        wanted = pipeline.predict_proba(FRAME.assign(sex=point))[:, 1]
        np.testing.assert_allclose(scores, wanted, rtol=0, atol=1e-12)
