"""`mlflow.models.evaluate` with fairness: what MLflow returns is what the audit says."""

import warnings

import numpy as np
import pandas as pd
import pytest

import rai
from rai.integrations.mlflow_evaluator import FairnessEvaluator

RULE = {"id": "tpr", "kind": "max_gap", "metric": "equal_opportunity", "along": "sex", "limit": 0.05}
POLICY = {"version": 1, "rules": [RULE]}


@pytest.fixture
def mlflow(tmp_path, monkeypatch):
    """MLflow with a store in a folder and the evaluator known; nothing leaves the machine."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("DO_NOT_TRACK", "true")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # MLflow's own imports
        warnings.filterwarnings("ignore", ".*filesystem tracking backend.*", FutureWarning)
        warnings.filterwarnings("ignore", "Hint: Inferred schema contains integer", UserWarning)
        warnings.filterwarnings("ignore", ".*Any type hint is inferred as AnyType", UserWarning)
        warnings.filterwarnings("ignore", "_ImportHookChainedLoader", ImportWarning)
        import mlflow

        yield mlflow
        mlflow.end_run()


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    n = 600
    return pd.DataFrame(
        {
            "income": rng.normal(size=n),
            "sex": rng.choice(["Female", "Male"], n),
            "before": rng.integers(0, 2, n),
            "y": rng.integers(0, 2, n),
            "decided": rng.integers(0, 2, n),
        }
    )


def evaluate(mlflow, rows, *, config, **given):
    asked = {"targets": "y", "model_type": "classifier", **given}
    return mlflow.models.evaluate(data=rows, evaluators="rai", evaluator_config=config, **asked)


def test_predictions_give_metrics_of_each_group_and_artifacts(mlflow, rows):
    result = evaluate(mlflow, rows, predictions="decided", config={"sensitive_features": "sex"})
    found = rai.audit(rows, y_true="y", y_pred="decided", sensitive_features="sex")
    for estimate in found.metrics(by="sex"):
        name = f"rai/{estimate.metric}/sex/{estimate.name}"
        seen = [result.metrics[f"{name}/{part}"] for part in ("value", "low", "high", "n")]
        assert seen == [estimate.value, estimate.low, estimate.high, estimate.n]
    run = mlflow.MlflowClient().get_run(result.run_id)
    assert run.data.metrics == result.metrics
    assert result.artifacts["rai/names.json"].content["accuracy/sex/Male"] == "accuracy, sex=Male"
    assert "rai/audit.html" in result.artifacts


def test_a_model_is_asked(mlflow, rows):
    config = {"sensitive_features": "sex"}
    frame = rows.drop(columns="decided")
    result = evaluate(
        mlflow, frame, model=lambda features: (features["income"] > 0).astype(int), config=config
    )
    expected = ((rows["income"] > 0) == rows["y"]).mean()
    assert result.metrics["rai/accuracy/everyone/value"] == pytest.approx(expected, abs=1e-12)


def test_scores_are_cut_at_the_thresholds(mlflow, rows):
    scored = rows.assign(decided=np.random.default_rng(1).random(len(rows)))
    config = {"sensitive_features": "sex", "scores": True, "thresholds": [0.3]}
    result = evaluate(mlflow, scored, predictions="decided", config=config)
    expected = (scored["decided"] >= 0.3).mean()
    assert result.metrics["rai/selection_rate/everyone/value"] == pytest.approx(expected, abs=1e-12)


def test_a_regression_is_audited_as_one(mlflow, rows):
    frame = rows.assign(y=rows["income"] + 1.0, decided=rows["income"])
    result = evaluate(
        mlflow,
        frame,
        predictions="decided",
        model_type="regressor",
        config={"sensitive_features": "sex"},
    )
    assert result.metrics["rai/mean_absolute_error/sex/Male/value"] == pytest.approx(1.0)


def test_a_policy_is_held_and_its_status_is_a_tag_and_a_metric(mlflow, rows, tmp_path):
    config = {"sensitive_features": "sex", "policy": POLICY}
    result = evaluate(mlflow, rows, predictions="decided", config=config)
    found = rai.audit(rows, y_true="y", y_pred="decided", sensitive_features="sex")
    held = rai.gate(found, POLICY)
    tags = mlflow.MlflowClient().get_run(result.run_id).data.tags
    assert tags["rai.gate_status"] == held.status
    assert result.metrics["rai/gate/exit_code"] == held.exit_code
    assert result.metrics["rai/gate/tpr/sex/value"] == held.verdicts[0].value
    result.save(tmp_path / "saved")
    again = mlflow.models.EvaluationResult.load(tmp_path / "saved")
    assert again.metrics == result.metrics
    assert again.artifacts["rai/verdicts.json"].content == held.to_dicts()


def test_a_baseline_is_a_column(mlflow, rows):
    rule = {"id": "nw", "kind": "no_worse_than", "metric": "accuracy", "along": "sex", "margin": 0.5}
    config = {
        "sensitive_features": "sex",
        "policy": {"version": 1, "rules": [rule]},
        "baseline": "before",
    }
    result = evaluate(mlflow, rows, predictions="decided", config=config)
    men = rows[rows["sex"] == "Male"]
    expected = (men["decided"] == men["y"]).mean() - (men["before"] == men["y"]).mean()
    assert result.metrics["rai/gate/nw/sex/Male/value"] == pytest.approx(expected, abs=1e-12)


def test_groups_that_the_model_must_not_see_are_given_as_values(mlflow, rows):
    seen = []

    def model(features):
        seen.extend(features.columns)
        return np.ones(len(features), dtype=int)

    config = {"sensitive_features": {"sex": rows["sex"]}}
    result = evaluate(mlflow, rows[["income", "y"]], model=model, config=config)
    assert set(seen) == {"income"}
    assert result.metrics["rai/accuracy/sex/Male/n"] == (rows["sex"] == "Male").sum()


def test_without_its_configuration_it_leaves_the_evaluation_to_others():
    assert not FairnessEvaluator.can_evaluate(model_type="classifier", evaluator_config={})
    assert not FairnessEvaluator.can_evaluate(model_type="text", evaluator_config={"policy": "p.yaml"})
    assert FairnessEvaluator.can_evaluate(model_type="regressor", evaluator_config={"policy": "p.yaml"})


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"policy": POLICY}, "evaluator_config: no sensitive_features; expected at least one column"),
        ({"sensitive_features": "sex", "thresold": 0.5}, "Did you mean 'thresholds'?"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(mlflow, rows, config, said):
    with pytest.raises(rai.ArgumentError) as caught:
        evaluate(mlflow, rows, predictions="decided", config=config)
    assert said in str(caught.value)


def test_a_column_that_is_not_there_is_one_sentence(mlflow, rows):
    with pytest.raises(rai.RoleError, match="'gender'"):
        evaluate(mlflow, rows, predictions="decided", config={"sensitive_features": "gender"})


def test_two_columns_of_predictions_are_one_sentence(mlflow, rows):
    with pytest.raises(rai.ArgumentError, match="shape 600 × 2; expected one for each of 600 rows"):
        evaluate(
            mlflow,
            rows,
            model=lambda features: np.zeros((len(features), 2)),
            config={"sensitive_features": "sex"},
        )
