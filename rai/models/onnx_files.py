"""ONNX files, run by onnxruntime on the processor: numbers and text in, scores out, no code.

file ──no other files wanted──▶ session ──inputs, outputs, names of classes──▶ Model

Libraries of operators of one's own are never loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rai.engines.encoding import Floats
from rai.ground.errors import ArgumentError, missing_extra, sentence
from rai.models.callables import turned
from rai.models.column_names import NO_NAMES, given_names
from rai.models.model import Model, Task
from rai.models.model_files import ModelFile, contents, ends_in, read_file
from rai.models.onnx_inputs import KIND, Input, feeds, inputs_of, own_names
from rai.models.onnx_outputs import Outputs, check_labels, of_maps, outputs_of
from rai.models.onnx_wire import Names, WireError, class_names, wants_files
from rai.models.outputs import of_labels
from rai.models.rungs import Options, Rung, settled
from rai.values import Level

EXPECTED = "an ONNX model"
SHORT_FLOATS = (
    "It computes in 32-bit floats: a decision close to a threshold may differ from the original model's."
)
SLOW_MAPS = "Its scores come as a dict for each row, which is slow; convert it with zipmap=False."


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Session:
    """A model that is asked for scores of a frame.

    Args:
        session: The session of onnxruntime.
        inputs: What it is given.
        outputs: What it is asked for.
        own: The classes in the order of its scores; empty for a regression.
        named: Whether the file names them, as one that was converted from scikit-learn does.
        place: The place of the positive one of two classes.
        margins: Whether scores are margins.
    """

    session: Any
    inputs: Sequence[Input]
    outputs: Outputs
    own: tuple[Level, ...]
    named: bool
    place: int | None
    margins: bool

    def __call__(self, frame: Any) -> Any:
        """Scores, of two classes the positive one's."""
        found = self.session.run(self.outputs.names, feeds(self.inputs, frame, where=KIND))
        if not self.own:
            return found[0]
        if not self.outputs.scores:
            labels = np.asarray(found[0]).reshape(-1)
            return turned(of_labels(labels, self.own), self.place, margins=False)
        scores = of_maps(found[0], self.own, where=KIND) if self.outputs.mapped else found[0]
        if self.outputs.labels and np.ndim(scores) == 2 and scores.shape[1] in {1, len(self.own)}:
            check_labels(np.asarray(found[1]).reshape(-1), scores, self.own, where=KIND)
        return self._of_positive(scores)

    def _of_positive(self, scores: Floats) -> Floats:
        """Of two margins from scikit-learn the second is the margin, the first its negative."""
        if scores.ndim == 2 and scores.shape[1] == 1:
            scores = scores[:, 0]
        if self.margins and self.named and scores.ndim == 2 and scores.shape[1] == 2:
            scores = scores[:, 1]
        found: Floats = turned(scores, self.place, margins=self.margins)
        return found


def _of_file(source: Any, options: Options) -> Model:
    file = read_file(source, options)
    names_of_classes = _checked(file)
    session = _session(file)
    inputs, outputs = inputs_of(session, where=file.where), outputs_of(session, where=file.where)
    width = 2 if outputs.width == 1 else outputs.width
    labels: tuple[Level, ...] = names_of_classes.fitting(width, words=outputs.words)
    said = _task(outputs, labels, options, file)
    labels = () if options.task == "regression" else labels
    task, classes, place = settled(options, task=said, classes=labels, where=file.where)
    names = own_names(inputs, session.get_modelmeta().custom_metadata_map)
    given = given_names(options, names, where=file.where)
    short = any(each.dtype is np.float32 for each in inputs) or outputs.scores
    notes = (SHORT_FLOATS if short else "", SLOW_MAPS if outputs.mapped else "")
    return Model(
        predict=Session(
            session=session,
            inputs=inputs,
            outputs=outputs,
            own=() if task == "regression" else labels or options.classes or (0, 1),
            named=bool(labels),
            place=place,
            margins=options.probabilities is False,
        ),
        task=task,
        classes=classes,
        features=given,
        digest=file.digest,
        kind=KIND,
        probabilities=options.probabilities is not False,
        notes=tuple(filter(None, (*notes, "" if given else NO_NAMES))),
    )


def _checked(file: ModelFile) -> Names:
    """What the file says of classes, after it was seen that it wants no others.

    Raises:
        DataError: It is no ONNX model, or its tensors are in other files.
    """
    seen = contents(file.data)
    if seen != "something else":
        raise file.refuse(seen, expected=EXPECTED)
    try:
        outside, names = wants_files(file.data), class_names(file.data)
    except WireError as error:
        raise file.refuse(str(error), expected=EXPECTED, hint="Is it damaged?") from None
    if outside:
        hint = "Save it in one piece (save_as_external_data=False)."
        raise file.refuse("tensors that are in other files", expected="all in this one", hint=hint)
    return names


def _session(file: ModelFile) -> Any:
    """The model, ready to run: on the processor, silent, and without word to anybody."""
    try:
        import onnxruntime
    except ImportError:
        raise missing_extra(file.where, package="onnxruntime", extra="onnx") from None
    onnxruntime.disable_telemetry_events()
    chosen = onnxruntime.SessionOptions()
    chosen.log_severity_level = 4
    chosen.add_session_config_entry("session.load_model_format", "ONNX")  # and not one nobody checked
    with file.opening(EXPECTED):
        return onnxruntime.InferenceSession(
            file.data, sess_options=chosen, providers=["CPUExecutionProvider"]
        )


def _task(outputs: Outputs, labels: tuple[Level, ...], options: Options, file: ModelFile) -> Task | None:
    """What it predicts, as far as its outputs say."""
    if options.task is not None or options.classes is not None or labels:
        return options.task
    if outputs.words:
        seen, expected = "labels of text, without their order", "classes=[…] in the order of its scores"
        raise ArgumentError(sentence(file.where, seen, expected=expected))
    if outputs.width is not None and outputs.width > 2:
        return "multiclass"
    if not outputs.labels and outputs.width != 2:
        seen = "one number for each row, which may be a value or the score of a class"
        raise ArgumentError(sentence(file.where, seen, expected='task="regression" or task="binary"'))
    return None


FILE = Rung(KIND, ends_in(".onnx"), _of_file)
