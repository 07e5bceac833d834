import numpy as np
import pandas as pd
import pytest

from rai.explainers.examples import prototypes
from rai.ground.errors import ArgumentError, DataError
from rai.whatif.distances import fit_distance

RNG = np.random.default_rng(11)
ROWS = pd.DataFrame(
    {"a": RNG.normal(size=40), "b": RNG.normal(size=40), "s": RNG.choice(list("xy"), 40)}
)
ROWS.loc[3, "a"] = np.nan


def kernel_of(rows, bandwidth=None):
    fitted = fit_distance(rows, norm="l2")
    apart = np.array([fitted.to(at) for at in range(len(rows))])
    width = bandwidth or np.median(apart[np.triu_indices(len(rows), 1)])
    return np.exp(-(apart**2) / (2 * width**2)), width


def discrepancy(kernel, chosen):
    return kernel.mean() - 2 * kernel[:, chosen].mean() + kernel[np.ix_(chosen, chosen)].mean()


def test_prototypes_and_criticisms_are_those_of_brute_force():
    kernel, width = kernel_of(ROWS)
    found = prototypes(ROWS, n=4, criticisms=3)
    assert found.bandwidth == pytest.approx(width)
    chosen, path = [], []
    for _ in range(4):
        rest = [c for c in range(40) if c not in chosen]
        chosen.append(min(rest, key=lambda c: discrepancy(kernel, [*chosen, c])))
        path.append(discrepancy(kernel, chosen))
    assert found.positions.tolist() == chosen
    rows = found.to_dicts()
    assert [row["mmd2"] for row in rows[:4]] == pytest.approx(path)
    near = np.bincount(kernel[:, chosen].argmax(axis=1), minlength=4)
    assert [row["n"] for row in rows[:4]] == near.tolist()

    witness = kernel.mean(axis=1) - kernel[:, chosen].mean(axis=1)
    critics = []
    for _ in range(3):
        rest = [c for c in range(40) if c not in chosen and c not in critics]
        goal = {
            c: np.abs(witness[[*critics, c]]).sum()
            + np.linalg.slogdet(kernel[np.ix_([*critics, c], [*critics, c])])[1]
            for c in rest
        }
        critics.append(max(goal, key=goal.get))
    assert found.criticisms.tolist() == critics
    assert [row["witness"] for row in rows[4:]] == pytest.approx(witness[critics].tolist())


def test_clusters_of_equal_rows_get_one_prototype_each_and_no_more_criticisms_than_rows_differ():
    rows = {"a": [0.0] * 5 + [4.0] * 3 + [9.0] * 2}
    found = prototypes(rows, n=3, bandwidth=0.1)
    assert sorted(found.positions.tolist()) == [0, 5, 8]
    assert [row["n"] for row in found.to_dicts()] == [5, 3, 2]
    few = prototypes(rows, n=3, criticisms=5, bandwidth=0.1)
    assert len(few.criticisms) == 3
    assert "only 3 criticisms: the other rows are alike" in str(few)


def test_an_outlier_is_a_criticism():
    rows = pd.DataFrame({"a": np.r_[RNG.normal(size=60), 12.0], "b": np.r_[RNG.normal(size=60), 12.0]})
    found = prototypes(rows, n=3, criticisms=4)
    assert 60 in found.criticisms
    assert 60 not in found.positions


def test_the_order_of_rows_does_not_matter():
    order = RNG.permutation(40)
    first, other = (prototypes(rows, n=4, criticisms=3) for rows in (ROWS, ROWS.iloc[order]))
    assert order[other.positions].tolist() == first.positions.tolist()
    assert order[other.criticisms].tolist() == first.criticisms.tolist()


@pytest.mark.parametrize("given", ["column", "array"])
def test_groups_get_prototypes_of_their_own(given):
    by = "s" if given == "column" else {"s": ROWS["s"].to_numpy()}
    told = []
    found = prototypes(
        ROWS, n=2, criticisms=1, features=["a", "b"], bandwidth=1.0, by=by,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(at, 40) for at in range(1, 41)]
    fitted = fit_distance(ROWS, ["a", "b"], norm="l2")
    rows = iter(found.to_dicts())
    for level in "xy":
        places = np.flatnonzero(ROWS["s"] == level)
        kernel = np.exp(-(np.array([fitted.to(int(at))[places] for at in places]) ** 2) / 2)
        one, two, critic = next(rows), next(rows), next(rows)
        assert (one["s"], one["kind"], critic["kind"]) == (level, "prototype", "criticism")
        path = [discrepancy(kernel, [c]) for c in range(len(places))]
        assert one["mmd2"] == pytest.approx(min(path))
        assert one["position"] == places[int(np.argmin(path))]
        assert one["n"] + two["n"] == len(places)


def test_other_distances_are_squared_once():
    tool = fit_distance(ROWS, distance="what-if-tool", norm="l2")
    squares = np.array([tool.to(at) for at in range(40)])
    means = np.exp(-squares / 2).mean(axis=1)
    found = prototypes(ROWS, n=1, distance=tool, bandwidth=1.0)
    assert found.positions.tolist() == [int(means.argmax())]

    def apart(row, frame):
        return np.abs(frame["b"] - row["b"])

    plain = prototypes(ROWS, n=1, distance=apart, bandwidth=1.0)
    b = ROWS["b"].to_numpy()
    assert plain.positions.tolist() == [
        int(np.exp(-(np.subtract.outer(b, b) ** 2) / 2).mean(axis=1).argmax())
    ]


def test_what_cannot_be_chosen_is_refused():
    with pytest.raises(DataError, match=r"rows: 2 rows; expected at least 3"):
        prototypes({"a": [1.0, 2.0]}, n=2, criticisms=1)
    with pytest.raises(DataError, match="1 row in the group s=y"):
        prototypes({"a": [1.0, 2.0, 3.0], "s": ["x", "x", "y"]}, n=2, by="s")
    with pytest.raises(ArgumentError, match="bandwidth: 0"):
        prototypes(ROWS, bandwidth=0)
    equal = prototypes({"a": [1.0, 1.0, 1.0]}, n=2)
    assert (equal.bandwidth, equal.positions.tolist()) == (1.0, [0, 1])


def test_the_bandwidth_of_many_rows_is_of_a_sample():
    rows = {"a": np.random.default_rng(0).normal(size=1_500)}
    found = prototypes(rows, n=1)
    assert found.bandwidth == pytest.approx(0.6745 * np.sqrt(2), rel=0.1)
    assert "1,000 of 1,500 rows" in found.notes[0]
