import numpy as np
import pytest

import rai
from rai.explainers import explain
from rai.explainers.summaries import dependence
from rai.explainers.summaries.partners import interaction_share
from rai.ground.errors import ArgumentError

RNG = np.random.default_rng(2)


def test_values_attributions_and_groups_stand_row_by_row(attributions):
    rows = {"x0": [3.0, np.nan, 1.0], "x1": ["b", "a", None], "sex": ["M", "F", "M"]}
    found = attributions(
        [[0.1, 1.0], [0.2, 2.0], [0.3, 3.0]], rows, standard_errors=np.full((3, 2, 1), 0.5)
    )
    number, word = (dependence(found, name, by="sex", colour="x0") for name in ("x0", "x1"))
    assert number.to_dicts() == [
        {"sex": "M", "value": 3.0, "attribution": 0.1, "colour": 3.0},
        {"sex": "F", "value": None, "attribution": 0.2, "colour": None},
        {"sex": "M", "value": 1.0, "attribution": 0.3, "colour": 1.0},
    ]
    assert number.standard_error.tolist() == [0.5] * 3
    assert word.values.categories == ("a", "b", "(missing)")
    assert [row["value"] for row in word.to_dicts()] == ["b", "a", "(missing)"]
    assert [word.groups[at] for at in word.place] == [(("sex", "M"),), (("sex", "F"),), (("sex", "M"),)]


def test_a_player_of_several_columns_has_words(attributions):
    found = attributions([[1.0], [2.0]], {"a": [1, 2], "b": ["x", "y"]}, columns=(("a", "b"),))
    assert dependence(found, "x0").values.categories == ("1, x", "2, y")


def test_the_partner_of_a_product_is_found():
    rows = dict(zip("abcd", RNG.normal(size=(4, 500)), strict=True))
    rows["word"] = RNG.choice(["u", "v"], size=500)
    model = rai.load_model(
        lambda f: f["a"] * f["b"] + f["c"] + f["d"] ** 2, task="regression", features=list("abcd")
    )
    found = explain(model, rows)
    product, alone = dependence(found, "a"), dependence(found, "c")
    assert product.colour.name == "b"
    assert product.partners["b"] > 0.8
    assert max(share for name, share in product.partners.items() if name != "b") < 0.1
    assert alone.colour is None
    assert set(alone.partners.values()) == {0.0}
    assert dependence(found, "c", colour="d").colour.name == "d"


def test_shares_are_adjusted_r_squared():
    own, other = RNG.integers(0, 4, 400), RNG.integers(0, 3, 400)
    values = RNG.normal(size=400) + 1.0 * ((own + other) % 2)
    x = np.zeros((400, 12))
    x[np.arange(400), 3 * own + other] = 1

    def squares(design):
        return np.sum((values - design @ np.linalg.lstsq(design, values)[0]) ** 2)

    by_own = np.eye(4)[own]
    expected = 1 - (squares(x) / (400 - 12)) / (squares(by_own) / (400 - 4))
    assert interaction_share(values, own, other=other) == pytest.approx(expected)


def test_where_there_is_nothing_shares_are_about_0():
    shares = [
        interaction_share(RNG.normal(size=300), RNG.integers(0, 5, 300), other=RNG.integers(0, 5, 300))
        for _ in range(60)
    ]
    assert np.mean(shares) < 0.03
    assert np.mean(np.array(shares) == 0) > 0.3


def test_which_output(attributions):
    values = RNG.normal(size=(5, 2, 3))
    found = attributions(values, outputs=("a", "b", "c"))
    assert dependence(found, "x1", output="a").attribution == pytest.approx(values[:, 1, 0])
    assert dependence(found, "x1").output == "c"


def test_what_is_refused(attributions):
    found = attributions(np.ones((3, 2)))
    with pytest.raises(ArgumentError, match=r"^feature: 'x2'; expected one of 'x0', 'x1'"):
        dependence(found, "x2")
    with pytest.raises(ArgumentError, match=r"^feature: 'x9'"):
        dependence(found, "x0", colour="x9")
