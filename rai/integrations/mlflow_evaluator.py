"""Fairness where MLflow evaluates: `mlflow.models.evaluate(…, evaluators="rai", evaluator_config=…)`.

    data, targets, predictions or a model  ──▶ rai.audit ──▶ metrics and artifacts of the run
    evaluator_config["policy"]             ──▶ rai.gate  ──▶ its status a tag, its exit code a metric

MLflow finds it by the entry point `rai` of the group `mlflow.model_evaluator`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

import rai
from rai.ground.errors import ArgumentError, did_you_mean, in_short, listing, sentence
from rai.integrations.mlflow_tracking import Logged, log_audit_to_mlflow, log_gate_to_mlflow

COLUMNS = ("sensitive_features", "control_features", "sample_weight")
SETTINGS = ("positive_label", "thresholds", "bins", "level", "cuts", "task", "seed")
GATE = ("policy", "baseline")
SCORES, PREFIX = "scores", "prefix"
KEYS = (*COLUMNS, *SETTINGS, *GATE, SCORES, PREFIX)
MODEL_TYPES = ("classifier", "regressor")


class FairnessEvaluator:
    """An evaluator of MLflow that audits the predictions, and holds the audit against a policy.

    Keys of `evaluator_config`: `sensitive_features` (needed) and `control_features`, names of columns of
    the data, or values; what else `rai.audit` takes, by name; `scores`, true if predictions are scores
    or probabilities; `policy`, as for `rai.gate`, with `baseline`, a column; `prefix` of the names,
    `rai` if there is none. Columns that the model must not see can be given as values.

    Example:
        >>> FairnessEvaluator.can_evaluate(model_type="classifier", evaluator_config={})
        False
        >>> FairnessEvaluator.can_evaluate(model_type="classifier",
        ...     evaluator_config={"sensitive_features": "sex"})
        True
    """

    name = "rai"

    @classmethod
    def can_evaluate(
        cls, *, model_type: str | None, evaluator_config: Mapping[str, Any], **_: Any
    ) -> bool:
        """Whether this is about classes or numbers, and the configuration is one for it."""
        return model_type in MODEL_TYPES and not set(KEYS).isdisjoint(evaluator_config or {})

    def evaluate(
        self,
        *,
        model_type: str,
        dataset: Any,
        run_id: str,
        evaluator_config: Mapping[str, Any],
        model: Any = None,
        predictions: str | None = None,
        **_: Any,
    ) -> Any:
        """Audit, log to the run, and hold the policy if there is one.

        Args:
            model_type: `classifier` or `regressor`.
            dataset: MLflow's data: features, labels, and predictions unless there is a model.
            run_id: The run that takes everything.
            evaluator_config: See the class.
            model: A pyfunc model, asked once for all rows; None if the data hold its predictions.
            predictions: The column of the model's output, where it has several.

        Returns:
            MLflow's `EvaluationResult`.

        Raises:
            ArgumentError: If the configuration has another key, or no sensitive features.
            RoleError: If a column is missing.
            PolicyError: If the policy is wrong.
        """
        config = _checked(evaluator_config)
        rows, roles = _rows(dataset, config)
        rows, predicted = _predicted(rows, dataset, model=model, column=predictions)
        kind = "y_score" if config.get(SCORES) else "y_pred"
        asked: dict[str, Any] = {"task": "regression"} if model_type == "regressor" else {}
        asked |= {name: config[name] for name in SETTINGS if name in config}
        found = rai.audit(rows, **{**roles, **asked, kind: predicted})
        names = {"prefix": config.get(PREFIX, "rai"), "run_id": run_id}
        logged = [log_audit_to_mlflow(found, **names)]
        if config.get("policy") is not None:
            held = rai.gate(found, config["policy"], data=rows, baseline=config.get("baseline"))
            logged.append(log_gate_to_mlflow(held, **names))
        return _result(logged)


def _checked(config: Mapping[str, Any]) -> Mapping[str, Any]:
    stray = next((key for key in config if key not in KEYS), None)
    if stray is not None:
        hint = did_you_mean(stray, KEYS)
        raise ArgumentError(
            sentence(
                "evaluator_config",
                in_short(stray),
                expected=f"one of {listing(KEYS, most=20)}",
                hint=hint,
            )
        )
    if config.get("sensitive_features") is None:
        raise ArgumentError(
            sentence(
                "evaluator_config",
                "no sensitive_features",
                expected="at least one column that names groups",
            )
        )
    return config


def _rows(dataset: Any, config: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """MLflow's features as a frame with the labels, and which column is what."""
    import pandas as pd

    frame = dataset.features_data
    if not isinstance(frame, pd.DataFrame):
        frame = pd.DataFrame(frame, columns=list(dataset.feature_names))
    roles: dict[str, Any] = {}
    for role in COLUMNS:
        given = config.get(role)
        if isinstance(given, Mapping):
            frame = frame.assign(**{str(name): list(values) for name, values in given.items()})
            roles[role] = [str(name) for name in given]
        elif given is not None:
            roles[role] = given
    target = _free(dataset.targets_name or "y_true", frame.columns)
    return frame.assign(**{target: dataset.labels_data}), {**roles, "y_true": target}


def _predicted(rows: Any, dataset: Any, *, model: Any, column: str | None) -> tuple[Any, str]:
    """The rows with the predictions, and the column that holds them."""
    seen = dataset.predictions_data if model is None else model.predict(dataset.features_data)
    if seen is None:
        raise ArgumentError(
            sentence("evaluating", "no predictions", expected="a model, or predictions= for MLflow")
        )
    if column is not None:
        if column not in seen:
            raise ArgumentError(
                sentence("predictions", in_short(column), expected=f"one of {listing(seen)}")
            )
        seen = seen[column]
    values = np.asarray(seen)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.shape != (len(rows),):
        shape = " × ".join(map(str, values.shape))
        hint = "Name the column of the model's output as predictions=."
        raise ArgumentError(
            sentence(
                "predictions",
                f"shape {shape}",
                expected=f"one for each of {len(rows):,} rows",
                hint=hint,
            )
        )
    name = _free(dataset.predictions_name or "prediction", rows.columns)
    return rows.assign(**{name: values}), name


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that no column has."""
    held = set(taken)
    while name in held:
        name = f"{name}_"
    return name


def _result(logged: list[Logged]) -> Any:
    """What was logged, as MLflow's result; artifacts that it can show and save."""
    import mlflow
    from mlflow.models.evaluation import EvaluationResult
    from mlflow.models.evaluation.artifacts import JsonEvaluationArtifact, TextEvaluationArtifact

    run_id = logged[0].run_id
    home = mlflow.MlflowClient().get_run(run_id).info.artifact_uri
    metrics = {name: value for each in logged for name, value in each.metrics.items()}
    paths = [path for each in logged for path in each.artifacts]
    kinds: dict[bool, Any] = {True: JsonEvaluationArtifact, False: TextEvaluationArtifact}
    artifacts = {path: kinds[path.endswith(".json")](uri=f"{home}/{path}") for path in paths}
    for artifact in artifacts.values():
        artifact.content  # noqa: B018 (read now: MLflow saves only what was read)
    made: Any = EvaluationResult
    return made(metrics=metrics, artifacts=artifacts, run_id=run_id)
