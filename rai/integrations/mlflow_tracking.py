"""Audits and gates in MLflow: metrics, tags and artifacts of a run.

Audit      ──▶ rai/true_positive_rate/sex/Female/value · low · high · n     metrics
           ──▶ rai.version, rai.data_fingerprint, rai.undefined             tags
           ──▶ rai/audit.html · .json · .md, rai/names.json, rai/undefined.json
GateResult ──▶ rai/gate/<rule>/<group>/value …, rai/gate/exit_code          metrics
           ──▶ rai.gate_status, rai.policy_digest, rai.policies …           tags
           ──▶ rai/evidence.json, which GateResult.load reads, rai/verdicts.json

Every number has its bounds and its rows beside it; what is undefined is listed, with its reason.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rai
from rai import Audit, GateResult
from rai.ground.errors import ArgumentError, DataError, in_short, missing_extra, sentence
from rai.integrations.tracked_numbers import TrackedNumber, audit_numbers, gate_numbers, safe_part

LONGEST_KEY = 250  # characters of a metric's name
LONGEST_TAG = 5000  # characters of a tag's value; Databricks takes no more
BATCH = 1000  # metrics in one request


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What was logged to a run.

    Args:
        run_id: The run.
        metrics: Name to number.
        tags: Name to text.
        artifacts: Paths of the artifacts in the run.

    Example:
        >>> Logged(run_id="1", metrics={"rai/accuracy/everyone/value": 0.5}).artifacts
        ()
    """

    run_id: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    artifacts: tuple[str, ...] = ()


def log_audit_to_mlflow(audit: Audit, *, prefix: str = "rai", run_id: str | None = None) -> Logged:
    """Log an audit to a run: numbers as metrics, where it came from as tags, reports as artifacts.

    An undefined number is no metric: `undefined.json` says which and why, and a tag how many.

    Args:
        audit: What was found.
        prefix: First part of every name, letters, digits, `_`, `-` and `.`.
        run_id: The run; None for the active one, or a new one that stays active.

    Returns:
        What was logged, under the names that MLflow shows.

    Raises:
        ExtraError: If mlflow is not installed.
        ArgumentError: If the prefix is no name.
        DataError: If the store refuses.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> log_audit_to_mlflow(found, prefix="a/b")
        Traceback (most recent call last):
        rai.ground.errors.ArgumentError: prefix: 'a/b'; expected letters, digits, '_', '-' and '.'.
    """
    prefix = _checked(prefix)
    numbers = audit_numbers(audit)
    undefined = [each for each in numbers if each.value is None]
    files = {
        "names.json": _json({each.name: each.told for each in numbers}),
        "undefined.json": _json([_row(each) for each in undefined]),
    }
    tags = {**_origin(audit), "undefined": _listed([each.name for each in undefined])}
    return _log(_metrics(numbers), tags, files, prefix=prefix, run_id=run_id, audit=audit)


def log_gate_to_mlflow(result: GateResult, *, prefix: str = "rai", run_id: str | None = None) -> Logged:
    """Log a gate to a run: verdicts as metrics, the answer as tags, evidence as an artifact.

    Args:
        result: What the gate said.
        prefix, run_id: As for `log_audit_to_mlflow`.

    Returns:
        What was logged, under the names that MLflow shows.

    Raises:
        ExtraError: If mlflow is not installed.
        ArgumentError: If the prefix is no name.
        DataError: If the store refuses.

    Example:
        >>> import rai
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> log_gate_to_mlflow(rai.gate(found, {"version": 1, "rules": [rule]}), prefix="")
        Traceback (most recent call last):
        rai.ground.errors.ArgumentError: prefix: ''; expected letters, digits, '_', '-' and '.'.
    """
    prefix = _checked(prefix)
    packs = result.source.extended
    tags = {
        **_origin(result.audit),
        "gate_status": result.status,
        "gate_exit_code": str(result.exit_code),
        "gate": result.headline,
        "policy_digest": result.source.digest,
        **({"policies": " | ".join(map(_told, packs))} if packs else {}),
    }
    files = {"verdicts.json": result.to_json(indent=1), "policies.json": _json([*map(_pack, packs)])}
    metrics = {**_metrics(gate_numbers(result)), "gate/exit_code": float(result.exit_code)}
    return _log(metrics, tags, files, prefix=prefix, run_id=run_id, result=result)


def _log(
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
    files: Mapping[str, str],
    *,
    prefix: str,
    run_id: str | None,
    audit: Audit | None = None,
    result: GateResult | None = None,
) -> Logged:
    mlflow = _mlflow()
    named = {_key(f"{prefix}/{name}"): value for name, value in metrics.items()}
    told = {f"{prefix}.{name}": _cut(text) for name, text in tags.items() if text}
    with tempfile.TemporaryDirectory(prefix="rai-") as made:
        folder = Path(made)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        if audit is not None:
            rai.report(audit, folder)
        if result is not None:
            result.save(folder / "evidence.json")
        try:
            chosen = run_id or (mlflow.active_run() or mlflow.start_run()).info.run_id
            _send(mlflow.MlflowClient(), chosen, metrics=named, tags=told)
            mlflow.MlflowClient().log_artifacts(chosen, str(folder), artifact_path=prefix)
        except (mlflow.exceptions.MlflowException, OSError) as error:
            raise _refused(error) from error
        paths = tuple(sorted(f"{prefix}/{file.name}" for file in folder.iterdir()))
    return Logged(run_id=chosen, metrics=named, tags=told, artifacts=paths)


def _send(client: Any, run_id: str, *, metrics: Mapping[str, float], tags: Mapping[str, str]) -> None:
    """Metrics in batches, with the tags in the first."""
    from mlflow.entities import Metric, RunTag

    now = int(time.time() * 1000)
    points = [Metric(name, value, now, 0) for name, value in metrics.items()]
    marks = [RunTag(name, text) for name, text in tags.items()]
    most = BATCH - len(marks)
    for start in range(0, max(len(points), 1), most):
        client.log_batch(run_id, metrics=points[start : start + most], tags=marks if not start else [])


def _metrics(numbers: Iterable[TrackedNumber]) -> dict[str, float]:
    return {f"{each.name}/{what}": seen for each in numbers for what, seen in each.numbers.items()}


def _origin(audit: Audit) -> dict[str, str]:
    """Where the numbers came from."""
    return {
        "version": rai.__version__,
        "task": audit.task,
        "data_fingerprint": str(audit.provenance.get("fingerprint", "")),
        "rows": str(audit.rows),
    }


def _row(each: TrackedNumber) -> dict[str, object]:
    return {"name": each.name, "what": each.told, "why": each.note, "n": each.n}


def _pack(pack: Any) -> dict[str, str]:
    fields = ("name", "title", "date", "clause", "disclaimer", "digest")
    return {name: getattr(pack, name) for name in fields}


def _told(pack: Any) -> str:
    return " · ".join(filter(None, (pack.title or pack.name, pack.date, pack.clause, pack.disclaimer)))


def _listed(names: list[str]) -> str:
    return f"{len(names):,}: {', '.join(names)}" if names else "0"


def _cut(text: str) -> str:
    """Text as one tag takes it; what is cut stands in an artifact."""
    return text if len(text) <= LONGEST_TAG else f"{text[: LONGEST_TAG - 1]}…"


def _key(name: str) -> str:
    """A name as long as MLflow takes: what is cut from its middle is told apart by a digest."""
    if len(name) <= LONGEST_KEY:
        return name
    from hashlib import sha256

    head, _, what = name.rpartition("/")
    mark = f"-{sha256(head.encode()).hexdigest()[:10]}/{what}"
    return head[: LONGEST_KEY - len(mark)].rstrip("/. ") + mark


def _json(held: object) -> str:
    return json.dumps(held, indent=1, ensure_ascii=False, allow_nan=False)


def _checked(prefix: object) -> str:
    if (
        not (isinstance(prefix, str) and re.fullmatch(r"[\w.\-]{1,40}", prefix))
        or safe_part(prefix) != prefix
    ):
        raise ArgumentError(
            sentence("prefix", in_short(prefix), expected="letters, digits, '_', '-' and '.'")
        )
    return prefix


def _refused(error: Exception) -> DataError:
    return DataError(
        sentence(
            "logging to MLflow",
            in_short(str(error), most=300),
            expected="a store that takes it",
            hint="Look at MLFLOW_TRACKING_URI and at the run.",
        )
    )


def _mlflow() -> Any:
    try:
        import mlflow
    except ImportError as error:
        raise missing_extra("logging to MLflow", package="mlflow-skinny", extra="mlflow") from error
    return mlflow
