"""The search where not all edits can be asked about: each of its steps finds what the others can't."""

import numpy as np
import pandas as pd
import pytest

import rai
from rai.whatif import counterfactuals
from rai.whatif.choosing import apart_in_kind, contenders, diverse, pointless
from rai.whatif.edit_space import Tried


def words(found):
    return [one.changes.words for one in found]


def numbers(rows, names, *, most, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.integers(0, most, (rows, len(names))), columns=list(names))


def test_numbers_are_pulled_to_the_nearest_that_occurs():
    """A thousand incomes, of which only some are tried at first, and 617.3 is asked for."""
    frame = pd.DataFrame({"income": np.arange(1000.0), "x": np.arange(1000.0) % 7})
    rule = rai.load_model(lambda f: (f["income"] >= 617.3) * 1.0, features=["income", "x"])
    found = counterfactuals(rule, frame, row=3, budget=200)
    assert words(found) == ["income 3 → 618"]
    assert (found.exhaustive, found.predictions < 200) == (False, True)
    down = counterfactuals(rule, frame, row=999, budget=200)
    assert words(down) == ["income 999 → 617"]


def test_values_are_taken_from_rows_where_no_single_change_helps():
    """Three values at once, each of them one of fifty, and a score that says nothing before."""
    frame = numbers(300, "abcde", most=50)
    frame.loc[7, ["a", "b", "c"]] = [11, 22, 33]
    rule = rai.load_model(
        lambda f: ((f["a"] == 11) & (f["b"] == 22) & (f["c"] == 33)) * 1.0, features=list("abcde")
    )
    found = counterfactuals(rule, frame, row=0, budget=2_000)
    assert [one.changes.features for one in found] == [("a", "b", "c")]
    assert [found[0].record[name] for name in "abc"] == [11, 22, 33]
    two = counterfactuals(rule, frame, row=0, budget=2_000, most_changes=2)
    assert (len(two), two.exhaustive, two.predictions) == (0, False, 2_000)


def test_changes_are_put_together_where_no_row_has_the_outcome():
    """Three of eight features must be near their end together: chance would need ages."""
    frame = numbers(300, "abcdefgh", most=50)
    steep = rai.load_model(
        lambda f: 1 / (1 + np.exp(-(f["a"] + f["b"] + f["c"] - 144) / 9)), features=list("abcdefgh")
    )
    assert steep.scores(frame).max() < 0.5
    found = counterfactuals(steep, frame, row=0, budget=2_000)
    assert [one.changes.features for one in found] == [("a", "b", "c")]
    assert sum(found[0].record[name] for name in "abc") == 144
    assert found.note.endswith("no row has this outcome, so that plausibility is not known")


def test_by_chance_where_nothing_else_leads_there():
    """No row has the outcome, and each change alone lowers the score."""
    frame = pd.DataFrame({name: np.arange(60) for name in "abc"})
    frame.loc[0] = 0

    def both(f):
        a, b = f["a"] > 0, f["b"] > 0
        return 0.4 - 0.1 * (a ^ b) + 0.2 * (a & b & (f["a"] != f["b"]) & (f["a"] + f["b"] > 100))

    rule = rai.load_model(both, features=list("abc"))
    found = counterfactuals(rule, frame, row=0, budget=20_000, most_changes=2)
    assert found.exhaustive
    assert {one.changes.features for one in found} == {("a", "b")}
    lucky = counterfactuals(rule, frame, row=0, budget=3_000, most_changes=2, rng=1)
    assert not lucky.exhaustive
    assert {one.changes.features for one in lucky} == {("a", "b")}


@pytest.mark.parametrize(("way", "to"), [("up", 31), ("down", 29)])
def test_only_the_way_that_is_given(way, to):
    frame = pd.DataFrame({"age": [30, 29, 31, 40, 20]})
    rule = rai.load_model(lambda f: (f["age"] != 30) * 1.0, features=["age"])
    assert words(counterfactuals(rule, frame, row=0)) == ["age 30 → 29", "age 30 → 31"]
    assert words(counterfactuals(rule, frame, row=0, directions={"age": way})) == [f"age 30 → {to}"]


def test_the_same_seed_gives_the_same():
    frame = numbers(200, "abcdef", most=40)
    rule = rai.load_model(lambda f: (f["a"] + f["b"] > 70) * 1.0, features=list("abcdef"))
    asked = {"row": 5, "budget": 1_000}
    one, other = (counterfactuals(rule, frame, rng=4, **asked).to_dicts() for _ in range(2))
    assert one == other
    assert len(one) > 0
    generator = counterfactuals(rule, frame, rng=np.random.default_rng(4), **asked)
    assert generator.to_dicts() == one


def test_the_model_is_asked_in_few_batches():
    sizes = []
    frame = numbers(500, "abcdef", most=200)

    def score(f):
        sizes.append(len(f))
        return 1 / (1 + np.exp(-(f["a"] + f["b"] - 300) / 20))

    model = rai.load_model(score, features=list("abcdef"))
    known = model.scores(frame)
    place, before = int(known.argmin()), len(sizes)
    found = counterfactuals(model, frame, row=place, y_score=known)
    assert sizes[before] == 1
    assert sum(sizes[before + 1 :]) == found.predictions
    assert len(sizes) - before <= 40


# Choosing -------------------------------------------------------------------------------------------


def tried(places, apart, *, met=None):
    places, count = np.array(places), len(places)
    return Tried(
        places=places,
        scores=np.ones(count),
        met=np.ones(count, dtype=bool) if met is None else np.array(met),
        progress=np.ones(count),
        apart=np.array(apart, dtype=float),
        left=0,
        base=-1.0,
    )


def test_superfluous_changes_are_no_contenders():
    """Edit 1 changes more than edit 0 and is farther; edit 2 is nearer than its part, edit 3."""
    edits = tried([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 1, 0]], [1, 2, 3, 4])
    assert contenders(edits, most=3, kinds=edits.places).tolist() == [0, 2, 3]
    assert contenders(edits, most=1, kinds=edits.places).tolist() == [0, 3]
    missed = tried([[1, 0, 0], [1, 1, 0]], [1, 2], met=[False, True])
    assert contenders(missed, most=3, kinds=missed.places).tolist() == [1]


def test_of_numbers_only_the_nearest_and_of_words_a_few_are_contenders():
    edits = tried([[1, 0], [2, 0], [3, 0], [4, 0], [0, 1], [0, 2]], [1, 2, 3, 4, 5, 6])
    kinds = np.where([False, True], edits.places > 0, edits.places)
    assert contenders(edits, most=2, kinds=kinds).tolist() == [0, 1, 2, 4]


def test_unlike_edits_are_preferred():
    edits = np.array([[1, 0, 0], [0, 2, 0], [0, 1, 0]])
    apart = np.array([1.0, 1.5, 1.5])
    assert diverse(edits, apart, np.array([1.0, 1.5, 1.4]), k=2).tolist() == [0, 2]
    assert diverse(edits, apart, np.array([1.0, 1.4, 1.5]), k=2).tolist() == [0, 1]
    assert diverse(edits, apart, np.array([1.0, 1.4, 1.5]), k=9).tolist() == [0, 1, 2]
    assert apart_in_kind(edits, edits[1]).tolist() == [1.0, 0.0, 0.5]


def test_what_another_makes_pointless():
    sets = np.array([[1, 0], [1, 1], [1, 0], [0, 1]], dtype=bool)
    assert pointless(sets, np.array([1.0, 2, 1, 3]), beside=0).tolist() == [False, True, False, False]
    assert pointless(sets, np.array([3.0, 2, 4, 1]), beside=1).tolist() == [False, False, False, True]
    assert pointless(sets, np.array([1.0, 2, 4, 9]), beside=2).tolist() == [True, False, False, False]
