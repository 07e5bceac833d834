"""A model behind a URL: MLflow's scoring server, or one that speaks KServe's protocol, version 2.

    …/invocations          rows  ──dataframe_split──▶  {"predictions": […]}
    …/v2/models/NAME       rows  ──a tensor a column─▶  {"outputs": [{"name", "shape", "data"}]}

Rows leave this process, so the host must be this machine or be named. What comes back is checked for
its length and form before anybody counts with it; a missing value is sent as null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rai.engines.frames import Rows, open_rows
from rai.ground.errors import ArgumentError, DataError, sentence
from rai.ground.formatting import counted
from rai.models.callables import in_order
from rai.models.kserve import Tensors, metadata_of, predictions_of, request_of
from rai.models.model import Model
from rai.models.plain_rows import plain_columns
from rai.models.rungs import Options, Rung, settled
from rai.models.transport import Line, Server, server_of

INVOCATIONS = "/invocations"
NO_DIGEST = "what answers at a URL may change from one day to the next: it has no digest"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_KSERVE = re.compile(r"(?P<model>(?:/[^/]+)*/v2/models/[^/]+(?:/versions/[^/]+)?)(?:/infer)?/?")

Ask = Callable[[Line, Rows], Sequence[Any]]


def _takes_url(source: Any) -> bool:
    return isinstance(source, str) and _SCHEME.match(source) is not None


def _of_url(source: str, options: Options) -> Model:
    """The endpoint behind a URL."""
    server = server_of(source, hosts=options.hosts, timeout=options.timeout)
    kserve = _KSERVE.fullmatch(server.path)
    if kserve:
        return _of_kserve(server, kserve["model"], options)
    path = server.path.rstrip("/") or INVOCATIONS
    if not path.endswith(INVOCATIONS):
        expected = "a path that ends in /invocations (MLflow) or in /v2/models/NAME (KServe)"
        raise ArgumentError(sentence(server.where, f"path {server.path!r}", expected=expected))
    return _of_mlflow(server, path, options)


def _of_mlflow(server: Server, path: str, options: Options) -> Model:
    """A model behind MLflow's scoring server, which says nothing of itself."""

    def ask(line: Line, rows: Rows) -> Sequence[Any]:
        columns = plain_columns(rows, where=server.where)
        data = list(zip(*columns.values(), strict=True))
        question = {"dataframe_split": {"columns": list(columns), "data": data}}
        answer = _json(line.ask("POST", path, _bytes(question)), server)
        found = answer.get("predictions") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise server.refuse("an answer without a list of predictions", expected="'predictions'")
        return _unnamed(found, options)

    return _model(server, options, ask, kind="MLflow endpoint", features=options.features)


def _of_kserve(server: Server, path: str, options: Options) -> Model:
    """A model behind KServe's protocol, which may say which tensors it takes and gives."""
    with Line(server) as line:
        tensors = metadata_of(_json(line.ask("GET", path), server), server)
    features = tensors.features(options.features)
    return _model(
        server,
        options,
        _asking(server, path, tensors, options),
        kind="KServe endpoint",
        features=features,
    )


def _asking(server: Server, path: str, tensors: Tensors, options: Options) -> Ask:
    classes = len(options.classes or (0, 1))

    def ask(line: Line, rows: Rows) -> Sequence[Any]:
        question = request_of(rows, tensors, where=server.where)
        answer = _json(line.ask("POST", f"{path}/infer", _bytes(question)), server)
        width = 1 if options.task == "regression" else classes
        return predictions_of(answer, server, rows=len(rows), width=width)

    return ask


def _model(
    server: Server, options: Options, ask: Ask, *, kind: str, features: tuple[str, ...] | None
) -> Model:
    task, classes, place = settled(options, task=None, where=server.where)

    def predict(frame: Any) -> Any:
        rows = open_rows(frame)
        with Line(server) as line:
            answers = [_checked(ask(line, part), len(part), server) for part in _parts(rows, options)]
        return in_order([one for answer in answers for one in answer], place)

    return Model(
        predict=predict,
        task=task,
        classes=classes,
        features=features,
        kind=kind,
        probabilities=options.probabilities is not False,
        frames=options.frames or "same",
        notes=(NO_DIGEST,),
    )


def _parts(rows: Rows, options: Options) -> Iterator[Rows]:
    for start in range(0, len(rows), options.request_rows):
        yield rows.part(start, start + options.request_rows)


def _bytes(question: Mapping[str, Any]) -> bytes:
    return json.dumps(question, allow_nan=False, separators=(",", ":")).encode()


def _json(answer: bytes, server: Server) -> Any:
    """An answer as JSON, of which NaN and infinities are no part."""
    try:
        return json.loads(answer, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        strange = str(error) if isinstance(error, DataError) else ""
        seen = strange or "an answer that is no JSON"
        raise server.refuse(seen, expected="JSON, with a finite number for each score") from None


def _no_constant(word: str) -> float:
    raise DataError(f"an answer with {word}")


def _unnamed(found: list[Any], options: Options) -> list[Any]:
    """Predictions that come as records, as a frame's do, without the names of their columns."""
    if not found or not isinstance(found[0], dict):
        return found
    names = list(found[0])
    if any(not isinstance(one, dict) or list(one) != names for one in found):
        return found
    ours = [str(label) for label in options.classes or ()]
    order = ours if set(ours) == set(names) else names
    return [one[names[0]] if len(names) == 1 else [one[name] for name in order] for one in found]


def _checked(found: Sequence[Any], rows: int, server: Server) -> Sequence[Any]:
    """One value for each row, or one list of values, as many in each."""
    if len(found) != rows:
        seen = f"{counted(len(found), 'prediction')} for {counted(rows, 'row')}"
        raise server.refuse(seen, expected="one for each row")
    widths = {len(one) if isinstance(one, list) else 0 for one in found}
    values = [value for one in found for value in (one if isinstance(one, list) else (one,))]
    plain = all(value is None or isinstance(value, (str, int, float)) for value in values)
    if len(widths) > 1 or not plain:
        raise server.refuse(
            "predictions of several forms",
            expected="a number or a label for each row, or a list of numbers",
        )
    return found


HTTP = Rung("endpoint", _takes_url, _of_url)
