"""Confusion matrices: four cells by name, and as rows."""

CELLS = [(1, 2, 3, 4), (50, 60, 70, 80)]  # tp fp fn tn


def test_cells_by_name(confusion):
    both = confusion([("F",), ("M",)], CELLS)
    assert both.tp.tolist() == [1, 50]
    assert both.fp.tolist() == [2, 60]
    assert both.fn.tolist() == [3, 70]
    assert both.tn.tolist() == [4, 80]


def test_rows_of_counts_are_whole_numbers(confusion):
    rows = confusion([("F",), ("M",)], CELLS).to_dicts()
    assert rows == [
        {"sex": "F", "tp": 1, "fp": 2, "fn": 3, "tn": 4, "n": 10},
        {"sex": "M", "tp": 50, "fp": 60, "fn": 70, "tn": 80, "n": 260},
    ]
    assert {type(row["tp"]) for row in rows} == {int}


def test_rows_of_weights_are_sums_of_weights(confusion):
    both = confusion([("F",), ("M",)], CELLS, weight=0.25)
    assert both.to_dicts()[0] == {"sex": "F", "tp": 0.25, "fp": 0.5, "fn": 0.75, "tn": 1.0, "n": 10}
    assert type(both.to_dicts()[0]["tn"]) is float
    assert both.rest.to_dicts()[1] == both.to_dicts()[0] | {"sex": "M"}


def test_printing(confusion):
    text = str(confusion([("F",), ("M",)], CELLS))
    assert text.splitlines() == [
        "sex  tp  fp  fn  tn    n",
        "F     1   2   3   4   10",
        "M    50  60  70  80  260",
    ]
