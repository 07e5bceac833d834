"""Audits and gates in TensorBoard: numbers, tables and pictures as event files, without TensorFlow.

Audit      ──▶ true_positive_rate/sex/Female · …/low · …/high    scalars, at a step
──▶ tables/groups, tables/gaps                        text, as Markdown
──▶ plots/metrics, plots/gaps                         pictures, where matplotlib is
GateResult ──▶ gate/<rule>/<subject>, gate/exit_code, tables/verdicts
"""

from __future__ import annotations

import io
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rai import Audit, GateResult
from rai.ground.errors import missing_extra
from rai.ground.files import writing
from rai.ground.formatting import number
from rai.integrations.tracked_numbers import TrackedNumber, audit_numbers, gate_numbers
from rai.reports.markdown_tables import escaped, md_table

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
    gaps = [each for each in numbers if each.name.startswith("gaps/")]
    groups = [each for each in numbers if each not in gaps]
    tables = [_text("tables/groups", _table(groups)), _text("tables/gaps", _table(gaps))]
    return _write([*_scalars(numbers), *tables, *_pictures(audit)], logdir, step=step)


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
    words = "\n\n".join([result.headline, _verdict_table(result), *_pack_lines(result)])
    status = [_scalar("gate/exit_code", float(result.exit_code)), _text("tables/verdicts", words)]
    return _write([*_scalars(gate_numbers(result)), *status], logdir, step=step)


def _write(values: Iterable[Any], logdir: str | Path, *, step: int) -> Path:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    folder, now = Path(logdir), time.time()
    made = list(values)  # everything is made before a file is
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        writer = EventFileWriter(str(folder))
        try:
            for value in made:
                writer.add_event(Event(wall_time=now, step=step, summary=Summary(value=[value])))
        finally:
            writer.close()
    return folder


def _scalars(numbers: Iterable[TrackedNumber]) -> list[Any]:
    """A point for what is defined: the value under its name, its bounds below it."""
    points = [
        (each.name if what == "value" else f"{each.name}/{what}", seen)
        for each in numbers
        for what, seen in each.numbers.items()
        if what != "n"
    ]
    return [_scalar(tag, seen) for tag, seen in points]


def _scalar(tag: str, seen: float) -> Any:
    """A point of double precision, which is what was computed."""
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.scalar import metadata
    from tensorboard.util.tensor_util import make_tensor_proto

    about = metadata.create_summary_metadata(display_name=None, description=None)
    return Summary.Value(tag=tag, tensor=make_tensor_proto(seen, dtype="float64"), metadata=about)


def _text(tag: str, words: str) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.text import metadata
    from tensorboard.util.tensor_util import make_tensor_proto

    about = metadata.create_summary_metadata(display_name=None, description=None)
    tensor = make_tensor_proto(words.encode("utf-8", "replace"), dtype="string")
    return Summary.Value(tag=tag, tensor=tensor, metadata=about)


def _pictures(audit: Audit) -> list[Any]:
    """The plots of an audit that can be drawn, or none without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return []
    from rai import plots

    made = []
    for name in PLOTS:
        figure = Figure(figsize=(8, 6), layout="constrained")
        FigureCanvasAgg(figure)
        getattr(plots, name)(audit, figure.subplots())
        made.append(_picture(f"plots/{name}", figure))
    return made


def _picture(tag: str, figure: Any) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.image import metadata
    from tensorboard.util.tensor_util import make_tensor_proto

    drawn = io.BytesIO()
    with warnings.catch_warnings():  # a letter that the font lacks: the tables show it
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        figure.savefig(drawn, format="png", dpi=DPI)
    width, height = figure.canvas.get_width_height()
    about = metadata.create_summary_metadata(display_name=None, description=None)
    parts = [str(width).encode(), str(height).encode(), drawn.getvalue()]
    return Summary.Value(tag=tag, tensor=make_tensor_proto(parts, dtype="string"), metadata=about)


def _table(numbers: Iterable[TrackedNumber]) -> str:
    rows = [
        [each.told, each.note, *map(number, (each.n, each.value, each.low, each.high))]
        for each in numbers
    ]
    return md_table(("what", "note", "n", "value", "low", "high"), rows, left=2)


def _verdict_table(result: GateResult) -> str:
    rows = [
        [v.name, v.status, v.reason, *map(number, (v.n, v.value, v.low, v.high, v.limit))]
        for v in result.verdicts
    ]
    heads = ("verdict", "status", "why", "n", "value", "low", "high", "limit")
    return md_table(heads, rows, left=3)


def _pack_lines(result: GateResult) -> list[str]:
    """What each extended policy says of itself: title, date, clause, disclaimer."""
    packs = result.source.extended
    told = [[p.title or p.name, p.date, p.clause, p.disclaimer] for p in packs]
    return [escaped(" · ".join(filter(None, parts))) for parts in told]


def _need_tensorboard() -> None:
    try:
        import tensorboard.summary.writer.event_file_writer  # noqa: F401
    except ImportError as error:
        raise missing_extra(
            "writing for TensorBoard", package="tensorboard", extra="tensorboard"
        ) from error
