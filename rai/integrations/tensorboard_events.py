"""Audits and gates in TensorBoard: numbers, tables and pictures as event files, without TensorFlow.

    Audit      ──▶ true_positive_rate/sex/Female · …/low · …/high    scalars, at a step
               ──▶ tables/groups, tables/gaps                        text, as Markdown
               ──▶ plots/metrics, plots/gaps                         pictures, where matplotlib is
    GateResult ──▶ gate/<rule>/<subject>, gate/exit_code, tables/verdicts
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rai import Audit, GateResult
from rai.ground.errors import missing_extra
from rai.ground.files import writing
from rai.integrations.tracked_numbers import TrackedNumber, audit_numbers, gate_numbers

PLOTS = ("metrics", "gaps")
DPI = 100


def log_audit_to_tensorboard(audit: Audit, logdir: str | Path, *, step: int = 0) -> Path:
    """Write an audit as an event file: a point per number at this step, tables, and plots.

    An undefined number gives no point; the tables say why it is undefined.

    Args:
        audit: What was found.
        logdir: The folder that TensorBoard reads; made if it is not there.
        step: Where on the horizontal axis, such as the epoch.

    Returns:
        The folder.

    Raises:
        ExtraError: If tensorboard is not installed.
        DataError: If the folder can't be written.

    Example:
        >>> import rai, tempfile
        >>> found = rai.audit(y_true=[1, 0, 1, 0], y_pred=[1, 0, 0, 0],
        ...     sensitive_features={"sex": ["F", "F", "M", "M"]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = log_audit_to_tensorboard(found, folder, step=3)
        ...     len(list(made.iterdir()))
        1
    """
    _need_tensorboard()
    numbers = audit_numbers(audit)
    groups = [row for axes in ((), *audit.comparisons) for row in _metric_rows(audit, axes)]
    return _write(
        [
            *_scalars(numbers),
            _text("tables/groups", _table(groups)),
            _text("tables/gaps", audit.gaps().to_markdown()),
            *_pictures(audit),
        ],
        logdir,
        step=step,
    )


def log_gate_to_tensorboard(result: GateResult, logdir: str | Path, *, step: int = 0) -> Path:
    """Write a gate as an event file: what each verdict saw, the exit code, and the verdicts as a table.

    Args:
        result: What the gate said.
        logdir, step: As for `log_audit_to_tensorboard`.

    Returns:
        The folder.

    Raises:
        ExtraError: If tensorboard is not installed.
        DataError: If the folder can't be written.

    Example:
        >>> import rai, tempfile
        >>> found = rai.audit(y_true=[1, 0], y_pred=[1, 0], sensitive_features={"sex": ["F", "M"]})
        >>> rule = {"id": "rows", "kind": "min_n", "along": "sex", "limit": 1}
        >>> result = rai.gate(found, {"version": 1, "rules": [rule]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     len(list(log_gate_to_tensorboard(result, folder).iterdir()))
        1
    """
    _need_tensorboard()
    words = "\n\n".join([result.headline, result.to_markdown(), *_pack_lines(result)])
    return _write(
        [
            *_scalars(gate_numbers(result)),
            _scalar("gate/exit_code", float(result.exit_code)),
            _text("tables/verdicts", words),
        ],
        logdir,
        step=step,
    )
