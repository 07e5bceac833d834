import numpy as np
import pandas as pd
import pytest

import rai
from rai import plots
from rai.ground.colours import LIGHT
from rai.whatif import flip_test


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "income": rng.gamma(4, 12, 300),
            "race": rng.choice(["a", "b", "c"], 300),
            "sex": rng.choice(["F", "M"], 300),
        }
    )


def by_race(frame):
    return np.clip(frame["income"] / 100 + 0.1 * (frame["race"] == "a"), 0, 1)


def spans(ax):
    return [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2][1:]


def dots(ax):
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_markeredgecolor())
        for line in ax.lines
        if line.get_marker() not in {"None", None, ""}
    ]


def test_each_pair_of_values_is_a_row_with_its_interval(rows):
    found = flip_test(by_race, rows, change="race")
    ax = plots.flip_test(found)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    drawn = [*found.pairs, *found.any_value]
    assert labels[0] == f"a → b  (n = {found.pairs[0].n:,})"
    assert labels[-1] == f"c → any other  (n = {found.any_value[-1].n:,})"
    assert [(x, y) for x, y, _ in dots(ax)] == [(rate.share, float(i)) for i, rate in enumerate(drawn)]
    assert spans(ax) == [(rate.low, rate.high) for rate in drawn]
    assert [colour for _, _, colour in dots(ax)] == [
        *(LIGHT[0], LIGHT[0], LIGHT[1], LIGHT[1], LIGHT[2], LIGHT[2], *LIGHT[:3])
    ]
    assert ax.get_title(loc="left") == "decisions that change with race"
    assert ax.get_xlabel() == "share, 95% interval; dotted: everyone"
    dotted = next(line for line in ax.lines if list(line.get_ydata()) == [0, 1])
    assert dotted.get_xdata()[0] == found.overall.share
    assert ax.get_xlim()[0] <= 0


def test_directions_are_told_beside_the_rows(rows):
    found = flip_test(by_race, rows, change="race")
    told = [text.get_text() for text in plots.flip_test(found).texts]
    assert told[0] == "to 1 / to the other"
    assert told[1] == f"{found.pairs[0].to_positive} / {found.pairs[0].to_negative}"
    assert found.pairs[0].to_negative > 0


def test_two_values_need_no_row_for_any_other(rows):
    found = flip_test(lambda f: (f["sex"] == "M") & (f["income"] > 50), rows, change="sex")
    labels = [label.get_text() for label in plots.flip_test(found).get_yticklabels()]
    assert [label.split("  ")[0] for label in labels] == ["F → M", "M → F"]


def test_groups_stand_above_their_pair(rows):
    found = flip_test(by_race, rows, change="race", values=["a"], sensitive_features="sex")
    labels = [label.get_text() for label in plots.flip_test(found).get_yticklabels()]
    assert labels[0].split("  ")[0] == "F\nb → a"


def test_a_regression_tells_how_far(rows):
    model = rai.load_model(lambda f: f["income"] + 5.0 * (f["race"] == "a"), task="regression")
    found = flip_test(model, rows, change="race", tolerance=2)
    ax = plots.flip_test(found)
    assert ax.get_title(loc="left") == "values that move by more than 2 with race"
    assert ax.texts[0].get_text() == "changed"
    assert ax.texts[1].get_text() == str(found.pairs[0].n)


def test_of_many_rows_those_are_drawn_where_most_changes():
    frame = pd.DataFrame({"name": np.repeat([f"n{i}" for i in range(8)], 20), "x": np.arange(160) % 20})
    found = flip_test(lambda f: (f["name"] == "n3") & (f["x"] > 4), frame, change="name")
    ax = plots.flip_test(found)
    labels = [label.get_text().split("  ")[0] for label in ax.get_yticklabels()]
    assert len(labels) == 40
    assert ax.get_xlabel().endswith("dotted: everyone; 24 more rows are not drawn")
    assert {"n3 → n0", "n0 → n3", "n7 → any other"} <= set(labels)
