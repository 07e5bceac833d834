"""Values of trees next to what XGBoost, LightGBM, CatBoost and shap say of them."""

import numpy as np
import pandas as pd
import pytest

import rai
from rai.engines.frames import open_rows
from rai.explainers.trees import ensemble_of, tree_values

rng = np.random.default_rng(7)
FRAME = pd.DataFrame(rng.normal(size=(800, 6)).astype(np.float32), columns=list("abcdef"))
TWO = (FRAME.a * FRAME.b + FRAME.c + rng.normal(size=800) * 0.3 > 0).astype(int)
THREE = pd.cut(FRAME.a + FRAME.b * FRAME.c, 3, labels=False)
WORDS = FRAME.assign(b=pd.Categorical(rng.choice(list("uvwxyz"), 800)))
BY_WORDS = (WORDS.b.isin(["u", "w"]) ^ (WORDS.a > 0)).astype(int)


def found(estimator, frame=FRAME, *, rows=60, background=90, paths="interventional"):
    """Values of the first rows against those after them, and base."""
    ensemble = ensemble_of(rai.load_model(estimator))
    matrix = ensemble.encode(open_rows(frame))
    asked = {"owners": np.arange(6), "players": 6, "paths": paths}
    return tree_values(ensemble, matrix[:rows], background=matrix[-background:], **asked)


@pytest.mark.parametrize(
    ("frame", "labels"), [(FRAME, TWO), (FRAME, THREE), (WORDS, BY_WORDS)], ids=["two", "three", "words"]
)
def test_along_paths_as_xgboost_and_lightgbm_do_themselves(frame, labels):
    xgboost, lightgbm = pytest.importorskip("xgboost"), pytest.importorskip("lightgbm")
    said = {"n_estimators": 20, "n_jobs": 1}
    first = xgboost.XGBClassifier(**said, max_depth=5, enable_categorical=True).fit(frame, labels)
    rows = xgboost.DMatrix(frame[:60], enable_categorical=True)
    theirs = first.get_booster().predict(rows, pred_contribs=True).reshape(60, -1, 7)
    values, _ = found(first, frame, paths="path_dependent")
    np.testing.assert_allclose(values, theirs[:, :, :6].transpose(0, 2, 1), atol=1e-5)
    second = lightgbm.LGBMClassifier(**said, verbose=-1).fit(frame, labels)
    theirs = second.predict(frame[:60], pred_contrib=True).reshape(60, -1, 7)
    values, base = found(second, frame, paths="path_dependent")
    np.testing.assert_allclose(values, theirs[:, :, :6].transpose(0, 2, 1), atol=1e-9)
    np.testing.assert_allclose(base, theirs[0, :, 6], atol=1e-9)


def test_against_a_background_as_catboost_does_itself():
    catboost = pytest.importorskip("catboost")
    said = {"iterations": 20, "depth": 4, "verbose": 0, "allow_writing_files": False}
    model = catboost.CatBoostClassifier(**said, thread_count=1).fit(FRAME, TWO)
    pools = catboost.Pool(FRAME[:60], label=TWO[:60]), catboost.Pool(FRAME[-90:], label=TWO[-90:])
    theirs = model.get_feature_importance(pools[0], type="ShapValues", reference_data=pools[1])
    values, base = found(model)
    np.testing.assert_allclose(values[:, :, 0], theirs[:, :6], atol=1e-9)
    np.testing.assert_allclose(base[0], theirs[0, 6], atol=1e-9)


def test_against_a_background_as_shap_does():
    shap, xgboost = pytest.importorskip("shap"), pytest.importorskip("xgboost")
    from sklearn.ensemble import RandomForestRegressor

    deep = RandomForestRegressor(n_estimators=3, random_state=0).fit(FRAME, FRAME.a * FRAME.b)
    boosted = xgboost.XGBClassifier(n_estimators=20, max_depth=5, n_jobs=1).fit(FRAME, TWO)
    for model in (boosted, deep):
        masker = shap.maskers.Independent(FRAME[-90:].to_numpy(), max_samples=90)
        theirs = shap.TreeExplainer(model, masker).shap_values(FRAME[:60].to_numpy())
        np.testing.assert_allclose(found(model)[0][:, :, 0], theirs, atol=2e-6)
