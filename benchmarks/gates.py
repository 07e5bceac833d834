"""A gate as a pipeline runs it: a process that starts, answers and ends, beside a script with fairlearn.

Both ask three things of the employment data of 2018 and its model's decisions: the difference of true
positive rates by sex, the ratio of selection rates over sex × race, and the lowest accuracy by race.
The script is what one writes today: three `MetricFrame`s, compared with their limits.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.measuring import seconds

Figure = tuple[str, ...]

FIGURES = ("What", "rai", "Script with fairlearn", "Ratio")
WORDS = """\
Whole processes, start-up included, as a pipeline runs them: three rules (difference of true positive
rates by sex, ratio of selection rates over 18 groups of sex × race, lowest accuracy by race) on the
employment data of 2018. Beside it a script with three of fairlearn's `MetricFrame`s, which compares
their numbers with the limits. Both find the same numbers (checked in the run, to 1e-12). Ours answers
with intervals that hold for all groups together, and says how many rows an open verdict needs. A saved
audit needs no rows: that is how a gate is asked again later."""

COLUMNS: dict[str, Any] = {
    "y_true": "employed",
    "y_score": "probability",
    "sensitive_features": ["sex", "race"],
}
POLICY = {
    "version": 1,
    "audit": COLUMNS,
    "rules": [
        {"id": "tpr", "kind": "max_gap", "metric": "true_positive_rate", "along": "sex", "limit": 0.05},
        {
            "id": "selected", "kind": "min_ratio", "metric": "selection_rate", "along": ["sex", "race"],
            "limit": 0.2, "min_n": 1, "claim": "detect",
        },
        {
            "id": "accuracy", "kind": "min_metric", "metric": "accuracy", "along": "race", "limit": 0.6,
            "min_n": 1, "claim": "detect",
        },
    ],
}  # fmt: skip

SCRIPT = """
import json, sys
import pandas as pd
from fairlearn.metrics import MetricFrame, selection_rate, true_positive_rate
from sklearn.metrics import accuracy_score
rows = pd.read_parquet(sys.argv[1])
truth, decided = rows["employed"], (rows["probability"] >= 0.5).astype(int)
def asked(metric, columns):
    return MetricFrame(
        metrics=metric, y_true=truth, y_pred=decided, sensitive_features=rows[columns]
    )
found = {
    "tpr": asked(true_positive_rate, ["sex"]).difference(),
    "selected": asked(selection_rate, ["sex", "race"]).ratio(),
    "accuracy": asked(accuracy_score, ["race"]).group_min(),
}
print(json.dumps({name: float(value) for name, value in found.items()}))
held = found["tpr"] <= 0.05 and found["selected"] >= 0.2 and found["accuracy"] >= 0.6
sys.exit(0 if held else 1)
"""


def figures(share: int = 1, *, runs: int = 7) -> list[Figure]:
    """A gate on a saved audit, and on the rows, each beside the script."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        made(place, share)
        script = [sys.executable, "-c", SCRIPT, str(place / "rows.parquet")]
        gate = [sys.executable, "-m", "rai.cli", "gate", "--policy", str(place / "fairness.yaml")]
        on_audit = [*gate, "--audit", str(place / "audit.json")]
        on_rows = [*gate, "--data", str(place / "rows.parquet")]
        expected = json.loads(run(script))
        for asked in (on_audit, on_rows):
            same(ours(asked), expected)
        theirs = seconds(partial(run, script), runs=runs)
        return [
            beside(words, seconds(partial(run, [*asked, "--quiet"]), runs=runs), theirs)
            for words, asked in (("on a saved audit", on_audit), ("on the rows, in Parquet", on_rows))
        ]


def made(place: Path, share: int) -> None:
    """The rows, their audit and the policy as files; one row in `share`."""
    import rai

    rows = rai.load_dataset("acs_employment", "2018").frame.iloc[::share]
    rows.to_parquet(place / "rows.parquet")
    rai.audit(rows, **COLUMNS).save(place / "audit.json")
    (place / "fairness.yaml").write_text(json.dumps(POLICY), encoding="utf-8")  # JSON is YAML


def run(command: list[str]) -> str:
    """What a command prints; a gate may also say no."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode in {0, 1, 3}, done.stderr
    return done.stdout


def ours(command: list[str]) -> dict[str, float]:
    """The number that each rule hangs on."""
    verdicts = json.loads(run([*command, "--format", "json"]))["verdicts"]
    values: dict[str, list[float]] = {}
    for verdict in verdicts:
        if verdict["value"] is not None:
            values.setdefault(verdict["rule"], []).append(verdict["value"])
    return {rule: min(found) for rule, found in values.items()}


def same(found: dict[str, Any], expected: dict[str, float]) -> None:
    """Both must have computed the same thing; otherwise no time means anything."""
    assert found.keys() == expected.keys()
    np.testing.assert_allclose(
        [found[name] for name in expected], list(expected.values()), rtol=0, atol=1e-12
    )


def beside(words: str, mine: float, theirs: float) -> Figure:
    """One line of the table."""
    return (f"Gate {words}", f"{mine:.3g} s", f"{theirs:.3g} s", f"{theirs / mine:.3g} × faster")
