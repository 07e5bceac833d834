"""`rai app`: the app in a browser, on one's own data and models."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import json
import os
import socket
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from rai.cli import model_options as of_model
from rai.cli.options import PositiveLabel, SampleWeight, Sensitive, Texts, YPred, YScore, YTrue
from rai.ground.colours import DARK, LIGHT
from rai.ground.errors import ArgumentError, ExtraError, sentence

LOOPBACK = "127.0.0.1"
LOOPBACKS = (LOOPBACK, "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - named to warn of them
QUIET = "WARNING"
EXPOSED = (
    "Mind: with --address {address} others than this machine may reach the app; it asks nobody for a "
    "password, and whoever reaches it sees the data."
)
MOST_UPLOAD = 200  # megabytes
KEPT_MESSAGES = 50  # runs for which a browser keeps columns that it was sent

serving = partial(typer.Option, rich_help_panel="Serving")


def app_command(
    *,
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="[DATA]",
            help="A CSV or Parquet file, or dataset:NAME; without it the app asks what to open.",
        ),
    ] = None,
    model: Annotated[
        Texts,
        of_model.model_option(
            "--model", metavar="PATH|URL", help="A model's file, or its URL. Repeatable."
        ),
    ] = None,
    compare: Annotated[
        Texts, typer.Option(metavar="FILE", help="Other rows to compare with, as the training rows.")
    ] = None,
    example_models: Annotated[
        bool, of_model.model_option("--example-models", help="Train two models on a bundled data set.")
    ] = False,
    y_true: YTrue = None,
    y_pred: YPred = None,
    y_score: YScore = None,
    sensitive: Sensitive = None,
    sample_weight: SampleWeight = None,
    positive_label: PositiveLabel = None,
    task: of_model.Task = None,
    classes: of_model.Classes = None,
    features: of_model.FeatureNames = None,
    margins: of_model.Margins = False,
    trust: of_model.Trust = None,
    trusted_types: of_model.TrustedTypes = None,
    hosts: of_model.Hosts = None,
    port: Annotated[int, serving(metavar="N", help="The port.")] = 8501,
    address: Annotated[
        str,
        serving(metavar="HOST", help="Who can reach it: this machine only."),
    ] = LOOPBACK,
    open_browser: Annotated[bool, serving("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Look at data, edit rows, move thresholds: the app, in a browser.

    It listens on this machine only, sends nothing anywhere, and never runs a file that it is shown.
    """
    options = {
        "task": task,
        "classes": classes,
        "features": features,
        "probabilities": False if margins else None,
        "trust": trust,
        "trusted_types": trusted_types,
        "hosts": hosts,
    }
    if data is None and model:
        raise ArgumentError(
            sentence("DATA", "a model without rows", expected="the rows that it is about")
        )
    asked = {
        "data": data or "",
        "models": model,
        "compare": compare,
        "example_models": example_models,
        "y_true": y_true,
        "y_pred": y_pred,
        "y_score": y_score,
        "sensitive_features": sensitive,
        "sample_weight": sample_weight,
        "positive_label": positive_label,
        "model_options": json.dumps({key: value for key, value in options.items() if value}),
    }
    folder = app_folder()
    _check_free(address, port)
    _serve(
        folder / "main.py",
        _checked(asked, folder),
        port=port,
        address=address,
        open_browser=open_browser,
    )


def app_folder() -> Path:
    """Where the app is: inside the installed package, or beside it in a checkout.

    Raises:
        ExtraError: If Streamlit is not installed.
    """
    for part in ("streamlit", "threadpoolctl"):
        if importlib.util.find_spec(part) is None:
            raise ExtraError(
                sentence(
                    "rai app", f"no {part}", expected="the app's packages", hint='pip install "rai[app]"'
                )
            )
    import rai

    inside = Path(rai.__file__).parent
    return next(
        place for place in (inside / "_apps", inside.parent / "apps") if (place / "main.py").is_file()
    )


def settings(*, port: int, address: str, open_browser: bool) -> dict[str, Any]:
    """How Streamlit is run: for this machine, silent, and in the colours of reports and plots."""
    return {
        "browser.gatherUsageStats": False,
        "browser.serverAddress": _reached_by(address),
        "client.disableDataExport": True,  # tables have an export of their own, without formulas
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "global.maxCachedMessageAge": KEPT_MESSAGES,
        "logger.hideWelcomeMessage": True,
        "logger.level": QUIET,
        "server.address": address,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.fileWatcherType": "none",
        "server.headless": not open_browser,
        "server.maxUploadSize": MOST_UPLOAD,
        "server.port": port,
        "server.showEmailPrompt": False,
        "theme.light.primaryColor": LIGHT[0],
        "theme.light.chartCategoricalColors": list(LIGHT),
        "theme.dark.primaryColor": DARK[0],
        "theme.dark.chartCategoricalColors": list(DARK),
    }


def _checked(asked: dict[str, Any], folder: Path) -> str:
    """The opening as text, after a look at whether it opens, so that an error is told at once."""
    package = "rai._apps" if folder.name == "_apps" else folder.name
    if package == "apps" and str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    opening_module = importlib.import_module(f"{package}.opening")
    given = {key: value for key, value in asked.items() if value}
    opening = opening_module.Opening.from_json(json.dumps(given))
    if opening.data:
        opening_module.opened(opening)
    text: str = opening.as_json()
    return text


def _check_free(address: str, port: int) -> None:
    """The port can be listened on, seen before anything is opened.

    Raises:
        ArgumentError: If it can't, and why.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            if os.name != "nt":
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((address, port))
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        seen = f"port {port} of {address} {'is in use' if taken else f'is not to be had ({error})'}"
        hint = f"Try --port {port + 1}." if taken else ""
        raise ArgumentError(sentence("rai app", seen, expected="a free one", hint=hint)) from None


def _reached_by(address: str) -> str:
    """What stands in the link: a name that a browser on this machine finds."""
    return "localhost" if address in {*LOOPBACKS, *EVERYWHERE} else address


def _serve(script: Path, opening: str, *, port: int, address: str, open_browser: bool) -> None:
    from streamlit import config, logger
    from streamlit.web import bootstrap

    known = config.get_config_options()
    asked = settings(port=port, address=address, open_browser=open_browser)
    flags = {name.replace(".", "_"): value for name, value in asked.items() if name in known}
    for name, value in flags.items():
        config.set_option(name.replace("_", "."), value)
    logger.set_log_level(QUIET)
    if address not in LOOPBACKS:
        print(EXPOSED.format(address=address), file=sys.stderr)
    print(f"The app is at http://{_reached_by(address)}:{port} (Ctrl-C ends it).", flush=True)
    with suppress(KeyboardInterrupt):
        bootstrap.run(str(script), False, [opening], flags)  # noqa: FBT003
