"""The page of methods: it tells every row of the tables, and a stale page is noticed."""

import importlib.util
from pathlib import Path

import pytest

from rai.gates.rules.table import BY_KIND
from rai.measure.criteria import CRITERIA
from rai.measure.metrics import METRICS
from rai.measure.regression import REGRESSION_METRICS
from rai.measure.score_metrics import SCORE_METRICS
from rai.measure.thresholds.strategies import STRATEGIES

SCRIPT = Path(__file__).resolve().parent.parent / "docs" / "build_methods.py"


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("build_methods", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROWS = [*METRICS, *SCORE_METRICS, *CRITERIA, *REGRESSION_METRICS, *STRATEGIES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_of_the_tables_stands_on_the_page_with_its_other_names(row, script):
    lines = [line for line in script.page().splitlines() if line.startswith(f"| `{row.name}`")]
    assert len(lines) == [other.name for other in ROWS].count(row.name)
    assert any(all(f"`{alias}`" in line for alias in getattr(row, "aliases", ())) for line in lines)


def test_a_strategy_says_what_it_makes_equal_and_whether_lots_can(script):
    section = script.page().split("## Thresholds")[1].split("\n## ")[0]
    lines = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert [line[0].strip("|` ") for line in lines] == [strategy.name for strategy in STRATEGIES]
    assert [line[2:4] for line in lines if line[0] == "| `predictive_parity`"] == [
        ["`positive_predictive_value`", "no"]
    ]
    assert "min_precision p         p·(TP + FP) − TP   ≤ 0\n```" in section


def test_every_kind_of_rule_stands_on_the_page_with_what_it_asks(script):
    section = script.page().split("## Gates")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert [row[0].strip("|` ") for row in rows] == list(BY_KIND)
    (min_ratio,) = [row for row in rows if row[0] == "| `min_ratio`"]
    assert min_ratio[1] == "The smallest ratio of two groups is at least the limit"


def test_a_row_says_what_the_metric_needs_and_how_sure_it_is(script):
    lines = script.page().splitlines()
    (line,) = [line for line in lines if line.startswith("| `positive_likelihood_ratio`")]
    assert line == (
        "| `positive_likelihood_ratio` (LR+) | [TP / (TP + FN)] / [FP / (FP + TN)] | higher | no rows "
        "with a positive label; no rows with a negative label; no false positives to divide by | mover "
        "| `lr_plus` | Simel et al. (1991), [doi](https://doi.org/10.1016/0895-4356%2891%2990128-V) |"
    )


def test_a_source_leads_to_its_paper(script):
    assert script._linked("A (1), arXiv:1610.02413; B, doi:10.1/x(y)<z>") == (
        "A (1), [arXiv](https://arxiv.org/abs/1610.02413); B, [doi](https://doi.org/10.1/x%28y%29%3Cz%3E)"
    )


def test_a_stale_page_is_noticed_and_written_again(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(script, "PAGE", tmp_path / "methods.md")
    assert script.main(["--check"]) == 1
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0
    script.PAGE.write_text(script.page() + "one more line\n", "utf-8")
    assert script.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "docs/methods.md differs from rai/measure/",
        "Run: python docs/build_methods.py",
        "docs/methods.md follows rai/measure/",
        "docs/methods.md differs from rai/measure/",
        "Run: python docs/build_methods.py",
    ]
