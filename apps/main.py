"""The script that Streamlit runs: it shows the app, under whatever name its package has here."""

import importlib
from pathlib import Path

PACKAGE = "rai._apps" if Path(__file__).resolve().parent.name == "_apps" else "apps"

importlib.import_module(f"{PACKAGE}.shell").run()
