"""What holds of values of trees by themselves, and next to other libraries'."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

import rai
from rai.explainers.trees import ensemble_of, long_paths, row_pairs, tree_means, tree_values, values
from rai.explainers.trees.pairs import pair_values, product_values
from rai.explainers.trees.tables import background_tables, cover_tables
from rai.ground.errors import ArgumentError
from tests.explainers.brute_force import shapley

rng = np.random.default_rng(5)
WAYS = ["interventional", "path_dependent"]


def forest(columns=6, rows=600, **options):
    """A forest of deep trees, its ensemble, and a matrix."""
    frame = pd.DataFrame(rng.normal(size=(rows, columns)), columns=[f"x{i}" for i in range(columns)])
    target = np.sin(frame).sum(axis=1) + frame.x0 * frame.x1 + rng.normal(size=rows)
    said = {"n_estimators": 3, "random_state": 0, **options}
    model = RandomForestRegressor(**said).fit(frame, target)
    ensemble = ensemble_of(rai.load_model(model))
    return model, ensemble, frame.to_numpy(np.float32).astype(np.float64)


def both_corners(rule):
    """A tree that is a function of two bits, and the four rows."""
    corners = pd.DataFrame({"a": [0.0, 0, 1, 1], "b": [0.0, 1, 0, 1]})
    tree = DecisionTreeRegressor(random_state=0).fit(corners, rule(corners.a, corners.b))
    return ensemble_of(rai.load_model(tree)), corners.to_numpy()


@pytest.mark.parametrize(
    ("rule", "row", "expected"),
    [
        (lambda a, b: a * b, 3, [0.5, 0.5]),
        (lambda a, b: (a != b) * 1.0, 3, [0.0, 0.0]),
        (lambda a, b: (a != b) * 1.0, 2, [1.0, 0.0]),
        (np.maximum, 3, [0.5, 0.5]),
        (lambda a, b: 3 * a, 3, [3.0, 0.0]),
    ],
    ids=["and", "xor of both", "xor of one", "or", "one alone"],
)
def test_two_bits_by_hand(rule, row, expected):
    ensemble, corners = both_corners(rule)
    asked = {"background": corners[:1], "owners": np.array([0, 1]), "players": 2}
    found, base = tree_values(ensemble, corners[row : row + 1], **asked)
    np.testing.assert_allclose(found[0, :, 0], expected, atol=1e-15)
    assert base.tolist() == [0.0]


@pytest.mark.parametrize("count", [1, 2, 3, 6, 9])
def test_pairs_give_what_tables_give(count):
    every = np.arange(1 << count).astype(np.uint32)
    background = rng.integers(0, 1 << count, 40).astype(np.uint32)
    shares = np.bincount(background, minlength=1 << count) / 40
    found, place = pair_values(every, background, count=count)
    np.testing.assert_allclose(found[:, place], background_tables(shares[:, None])[0], atol=1e-14)
    ratios = rng.random(count)
    found, place = product_values(every, ratios)
    np.testing.assert_allclose(found[:, place], cover_tables([ratios])[0], atol=1e-14)


def test_a_table_adds_up_to_what_the_leaf_says():
    count, background = 7, rng.integers(0, 1 << 7, 50)
    shares = np.bincount(background, minlength=1 << count) / 50
    totals = background_tables(shares[:, None])[0].sum(axis=0)
    reached = np.arange(1 << count) == (1 << count) - 1
    np.testing.assert_allclose(totals, reached - shares[-1], atol=1e-14)


def all_ways(monkeypatch, ensemble, x, **asked):
    """The same values by tables, by patterns that occur, and by pairs of rows."""
    found = {}
    for way, most, shorter in (("tables", 99, False), ("patterns", 0, False), ("pairs", 0, True)):
        monkeypatch.setattr(long_paths, "MOST_IN_TABLE", most)
        monkeypatch.setattr(values, "pairs_are_shorter", lambda *_, shorter=shorter, **__: shorter)
        found[way] = tree_values(ensemble, x, **asked)
    return found


def test_deep_trees_by_three_ways_and_by_definition(monkeypatch):
    _, ensemble, matrix = forest(columns=8)
    x, background = matrix[:3], matrix[100:112]
    asked = {"background": background, "owners": np.arange(8), "players": 8}
    names = [f"x{i}" for i in range(8)]

    def score(rows):
        return ensemble.predict(ensemble.encode(rows))

    frames = (pd.DataFrame(each, columns=names) for each in (x, background))
    expected, base = shapley(score, *frames, names)
    for found, start in all_ways(monkeypatch, ensemble, x, **asked).values():
        np.testing.assert_allclose(found, expected, atol=1e-12)
        np.testing.assert_allclose(start, base, atol=1e-12)


def test_paths_over_more_players_than_a_table_has(monkeypatch):
    _, ensemble, matrix = forest(columns=30, rows=1500, n_estimators=1, max_features=0.3)
    paths = values.paths_of(ensemble, np.arange(30))
    assert paths.known.max() > 12
    asked = {"background": matrix[100:160], "owners": np.arange(30), "players": 30}
    found = all_ways(monkeypatch, ensemble, matrix[:40], **asked)
    np.testing.assert_allclose(found["patterns"][0], found["pairs"][0], atol=1e-12)
    np.testing.assert_allclose(found["patterns"][1], found["pairs"][1], atol=1e-12)
    total = found["patterns"][1] + found["patterns"][0].sum(axis=1)
    np.testing.assert_allclose(total, ensemble.predict(matrix[:40]), atol=1e-12)


@pytest.mark.parametrize("way", WAYS)
def test_a_column_that_nobody_reads_has_exactly_nothing(way):
    _, ensemble, matrix = forest(columns=6, max_depth=3)
    unread = np.setdiff1d(np.arange(6), ensemble.feature)
    wider = np.hstack([matrix, rng.normal(size=(len(matrix), 1))])
    asked = {"background": wider[:50], "owners": np.arange(7), "players": 7, "paths": way}
    found, _ = tree_values(ensemble, wider[50:90], **asked)
    assert not found[:, [*unread, 6]].any()


def test_a_column_that_does_not_vary_has_exactly_nothing():
    _, ensemble, matrix = forest()
    matrix[:, 2] = 0.25
    for rows in (3, 200):
        asked = {"background": matrix[:50], "owners": np.arange(6), "players": 6}
        found, _ = tree_values(ensemble, matrix[50 : 50 + rows], **asked)
        assert not found[:, 2].any()
        assert found[:, [0, 1]].all()


def test_columns_that_do_the_same_have_the_same():
    corners, rule = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), lambda a, b: a + b + 3 * a * b
    ensemble, _ = both_corners(rule)
    asked = {"background": corners, "owners": np.array([0, 1]), "players": 2}
    found, _ = tree_values(ensemble, corners, **asked)
    np.testing.assert_allclose(found[[0, 3], 0], found[[0, 3], 1], atol=1e-14)
    np.testing.assert_allclose(found[1, 0], found[2, 1], atol=1e-14)


@pytest.mark.parametrize("way", WAYS)
def test_the_order_of_players_changes_nothing(way):
    _, ensemble, matrix = forest()
    order = rng.permutation(6)
    asked = {"background": matrix[:60], "players": 6, "paths": way}
    one, _ = tree_values(ensemble, matrix[60:100], owners=np.arange(6), **asked)
    other, _ = tree_values(ensemble, matrix[60:100], owners=order, **asked)
    np.testing.assert_allclose(other[:, order], one, atol=1e-13)


def test_several_columns_may_be_one_player():
    _, ensemble, matrix = forest()
    asked = {"background": matrix[:10], "owners": np.array([0, 1, 0, 2, 2, 1]), "players": 3}
    names = [f"x{i}" for i in range(6)]
    frames = (pd.DataFrame(each, columns=names) for each in (matrix[20:23], matrix[:10]))
    players = [["x0", "x2"], ["x1", "x5"], ["x3", "x4"]]
    expected, _ = shapley(lambda rows: ensemble.predict(ensemble.encode(rows)), *frames, players)
    found, _ = tree_values(ensemble, matrix[20:23], **asked)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_base_is_the_mean_over_the_whole_background():
    _, ensemble, matrix = forest()
    asked = {"background": matrix, "owners": np.arange(6), "players": 6}
    _, base = tree_values(ensemble, matrix[:200], **asked)
    np.testing.assert_allclose(base, ensemble.predict(matrix).mean(axis=0), atol=1e-12)


@pytest.mark.parametrize("way", WAYS)
def test_chunks_change_nothing(monkeypatch, way):
    _, ensemble, matrix = forest()
    monkeypatch.setattr(values, "pairs_are_shorter", lambda *_, **__: False)
    asked = {"background": matrix[:60], "owners": np.arange(6), "players": 6, "paths": way}
    whole, base = tree_values(ensemble, matrix, **asked)
    monkeypatch.setattr(values, "_CHUNK", 37)
    monkeypatch.setattr(values, "_LONG_CHUNK", 41)
    parts, again = tree_values(ensemble, matrix, **asked)
    np.testing.assert_array_equal(parts, whole)
    if way == "interventional":
        np.testing.assert_allclose(again, base, rtol=1e-12)


@pytest.mark.parametrize("way", WAYS)
def test_means_of_groups_are_means_of_values(way):
    frame = pd.DataFrame(rng.normal(size=(500, 5)), columns=list("abcde"))
    labels = pd.cut(frame.a * frame.b + frame.c, 3, labels=False)
    trees = RandomForestClassifier(n_estimators=4, random_state=0).fit(frame, labels)
    ensemble = ensemble_of(rai.load_model(trees))
    matrix, groups = ensemble.encode(rai.engines.frames.open_rows(frame)), rng.integers(0, 3, 500)
    asked = {"background": matrix[:80], "owners": np.arange(5), "players": 5, "paths": way}
    each, base = tree_values(ensemble, matrix, **asked)
    means, start = tree_means(ensemble, matrix, groups=groups, **asked)
    expected = [each[groups == group].mean(axis=0) for group in range(3)]
    np.testing.assert_allclose(means, expected, atol=1e-13)
    np.testing.assert_allclose(start, base, atol=1e-13)


def test_few_rows_of_deep_trees_go_by_pairs_and_many_by_tables():
    _, ensemble, matrix = forest(columns=12, rows=3000, n_estimators=3)
    paths = values.paths_of(ensemble, np.arange(12))
    shorter = [
        row_pairs.pairs_are_shorter(ensemble, paths, matrix[:rows], background=matrix[:500])
        for rows in (1, 3000)
    ]
    assert shorter == [True, False]


def test_progress_ends_with_all_trees():
    _, ensemble, matrix = forest(max_depth=3)
    seen = []
    asked = {"background": matrix, "owners": np.arange(6), "players": 6}
    tree_values(ensemble, matrix, progress=lambda *told: seen.append(told), **asked)
    assert seen[-1][0] == seen[-1][1]
    assert seen == sorted(seen)


def test_what_cannot_be_asked():
    _, ensemble, matrix = forest(max_depth=3)
    asked = {"background": matrix, "owners": np.arange(6), "players": 6}
    with pytest.raises(ArgumentError, match=r"paths: 'both'; expected one of 'interventional'"):
        tree_values(ensemble, matrix, **asked, paths="both")
    with pytest.raises(ArgumentError, match=r"background: no rows"):
        tree_values(ensemble, matrix, **{**asked, "background": matrix[:0]})
    with pytest.raises(ArgumentError, match=r"a column that the trees read, and no player has"):
        tree_values(ensemble, matrix, **{**asked, "owners": np.full(6, -1)})


def test_no_rows_have_no_values():
    _, ensemble, matrix = forest()
    asked = {"background": matrix, "owners": np.arange(6), "players": 6}
    found, base = tree_values(ensemble, matrix[:0], **asked)
    assert found.shape == (0, 6, 1)
    np.testing.assert_allclose(base, ensemble.predict(matrix).mean(axis=0), atol=1e-12)
