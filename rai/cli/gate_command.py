"""`rai gate`: hold a model against a policy; check evidence; propose a policy from an audit."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rai.cli import model_options as of_model
from rai.cli.endings import answering
from rai.cli.options import (
    PositiveLabel,
    Quiet,
    SampleWeight,
    Sensitive,
    Text,
    Texts,
    YPred,
    YScore,
    YTrue,
    counting,
    showing,
)
from rai.ground.errors import ArgumentError, sentence

if TYPE_CHECKING:
    from rai import GateResult

gated = typer.Option

PolicyFile = Annotated[
    Text, gated("--policy", metavar="FILE", help="The policy: a YAML file, or the name of a pack.")
]
SavedAudit = Annotated[
    Path | None, gated("--audit", metavar="FILE", help="A saved audit, in place of rows.")
]
Rows = Annotated[
    Text,
    gated("--data", metavar="DATA", help="The rows: a CSV or Parquet file, or dataset:NAME/SPLIT."),
]
Baseline = Annotated[
    Text,
    gated(
        "--baseline",
        metavar="COLUMN|FILE",
        help="A column of the data with the baseline's scores, a model's file, or a saved audit.",
    ),
]
Reference = Annotated[
    Text, gated("--reference", metavar="DATA", help="The rows that drift is measured from.")
]


def gate_command(
    *,
    context: typer.Context,
    policy: PolicyFile = None,
    audit: SavedAudit = None,
    data: Rows = None,
    baseline: Baseline = None,
    reference: Reference = None,
    y_true: YTrue = None,
    y_pred: YPred = None,
    y_score: YScore = None,
    sensitive: Sensitive = None,
    sample_weight: SampleWeight = None,
    positive_label: PositiveLabel = None,
    model: of_model.ModelSource = None,
    task: of_model.Task = None,
    classes: of_model.Classes = None,
    features: of_model.FeatureNames = None,
    margins: of_model.Margins = False,
    trust: of_model.Trust = None,
    trusted_types: of_model.TrustedTypes = None,
    hosts: of_model.Hosts = None,
    timeout: of_model.Timeout = 30.0,
    request_rows: of_model.RequestRows = 1000,
    as_of: Annotated[
        Text,
        counting(metavar="DATE", help="The day on which waivers are looked at; today if not given."),
    ] = None,
    formats: Annotated[
        Texts,
        showing(
            "--format",
            metavar="NAME[=PATH]",
            help="text, json, junit, sarif, github, markdown or html; on the screen, or in a file. "
            "Repeatable.",
        ),
    ] = None,
    evidence: Annotated[
        Path | None, showing(metavar="FILE", help="Write everything that the verdicts rest on.")
    ] = None,
    in_toto: Annotated[
        Path | None,
        showing("--in-toto", metavar="FILE", help="Write an in-toto test result about the evidence."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Hold a model against a policy: exit code 0 pass, 1 fail, 2 error, 3 inconclusive.

    Columns that are not named here are those that the policy names under `audit:`.
    """
    if context.invoked_subcommand is not None:
        return
    import rai
    from rai.cli.formats import split_formats
    from rai.cli.gate_options import given
    from rai.cli.gate_outputs import FORMATS, shown
    from rai.gates.policy_files import load_policy

    if policy is None:
        hint = "Or make one from an audit: rai gate init --from audit.json."
        raise ArgumentError(sentence("--policy", "nothing", expected="a policy file", hint=hint))
    wanted = split_formats(formats or ["text"], FORMATS)
    loaded = load_policy(policy)
    columns = {
        "y_true": y_true, "y_pred": y_pred, "y_score": y_score, "sample_weight": sample_weight,
        "sensitive_features": tuple(sensitive or ()), "positive_label": positive_label,
    }  # fmt: skip
    loading: dict[str, Any] = {
        "task": task, "classes": classes, "positive_label": None, "features": features,
        "margins": margins, "trust": trust, "trusted_types": trusted_types, "hosts": hosts,
        "timeout": timeout, "request_rows": request_rows,
    }  # fmt: skip
    candidate = None if model is None else of_model.loaded(model, **loading)
    held = given(
        loaded, audit=audit, data=data, columns=columns, model=candidate,
        baseline=_baseline(baseline, loading), quiet=quiet,
    )  # fmt: skip
    result = rai.gate(
        held.audit, loaded, baseline=held.baseline, data=held.data,
        reference=None if reference is None else of_model.rows_of(reference), model=candidate,
        as_of=_day(as_of),
    )  # fmt: skip
    _write_evidence(result, evidence, in_toto)
    shown(result, wanted, quiet=quiet)
    raise typer.Exit(result.exit_code)


def verify_command(
    *,
    evidence: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="What --evidence wrote.")],
    quiet: Quiet = False,
) -> None:
    """Check evidence: whether it is whole, and its counts give its verdicts. Exit code 1 if not."""
    from rai.gates.evidence import verify_evidence

    found = verify_evidence(evidence)
    for problem in found.problems:
        print(f"{evidence}: {problem}", file=sys.stderr)
    if not found.holds:
        for name, (theirs, ours) in found.other_versions.items():
            print(
                f"Made with {name} {theirs or 'of an unknown version'}, checked with {ours}.",
                file=sys.stderr,
            )
        raise typer.Exit(1)
    if not quiet:
        print(f"{evidence} holds: {found.result.headline}. SHA-256 of its content: {found.digest}")


def init_command(
    *,
    audit: Annotated[Path, typer.Option("--from", metavar="AUDIT", help="A saved audit.")],
    to: Annotated[
        Path | None, showing(metavar="FILE", help="The policy to write; standard output if not given.")
    ] = None,
) -> None:
    """Propose a policy from an audit: what it found does not get worse."""
    import rai
    from rai.gates.proposing import propose_policy
    from rai.ground.files import write_text

    text = propose_policy(rai.Audit.load(audit))
    if to is None:
        print(text, end="")
        return
    if to.exists():
        expected = "a new file, so that no policy is lost"
        raise ArgumentError(sentence("--to", f"{str(to)!r}, which is there", expected=expected))
    write_text(to, text)


def _baseline(given: str | None, loading: dict[str, Any]) -> Any:
    """A model from its file; a column or an audit as it was named."""
    from rai.audit_files import is_saved_audit

    if given is None or not Path(given).exists() or is_saved_audit(given):
        return given
    return of_model.loaded(given, **loading)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentError(
            sentence("--as-of", repr(text), expected="a day, as in 2026-12-31")
        ) from error


def _write_evidence(result: GateResult, evidence: Path | None, in_toto: Path | None) -> None:
    if evidence is None:
        if in_toto is not None:
            expected = "--evidence, which it is about"
            raise ArgumentError(sentence("--in-toto", "no evidence", expected=expected))
        return
    from hashlib import sha256

    from rai.gates.evidence import evidence_json
    from rai.gates.revisions import revision_of
    from rai.ground.files import write_texts

    folder = Path(result.source.path).parent if result.source.path else Path()
    text = evidence_json(result, revision=revision_of(folder))
    texts = {evidence: text}
    if in_toto is not None:
        from rai.gates.outputs.in_toto import in_toto as statement

        digest = sha256(text.encode()).hexdigest()
        texts[in_toto] = statement(result, evidence_digest=digest, evidence_name=evidence.name)
    write_texts(texts)


gate_app = typer.Typer(no_args_is_help=True, add_completion=False)
gate_app.callback(invoke_without_command=True)(answering(gate_command))
gate_app.command("verify")(answering(verify_command))
gate_app.command("init")(answering(init_command))
