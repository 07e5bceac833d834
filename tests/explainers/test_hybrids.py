"""Rows that are one person in some columns and another in the rest."""

from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import rai
from rai.engines.frames import open_rows
from rai.explainers import hybrids
from rai.explainers.hybrids import hybrids_of, value_codes
from rai.explainers.players import players_of
from rai.explainers.spaces import space_of

RNG = np.random.default_rng(0)
N = 40
FRAME = pd.DataFrame(
    {
        "n": RNG.integers(0, 5, N),
        "x": np.where(RNG.random(N) < 0.2, np.nan, RNG.normal(size=N).round(1)),
        "word": np.where(RNG.random(N) < 0.2, None, RNG.choice(["a", "bb", "ccc"], N)),
        "kind": pd.Categorical(RNG.choice(["p", "q"], N)),
        "day": pd.to_datetime("2024-01-01") + pd.to_timedelta(RNG.integers(0, 9, N), unit="D"),
        "flag": RNG.random(N) < 0.5,
    }
)
NAMES = list(FRAME)


def score(frame):
    """Something of every column, of pandas and of Polars."""
    rows = frame if isinstance(frame, pd.DataFrame) else frame.to_pandas()
    words = np.array([0 if word is None or word != word else len(word) for word in rows["word"]])  # noqa: PLR0124
    total = rows["n"] + np.nan_to_num(rows["x"]) * words + (rows["kind"].astype(str) == "p")
    return np.asarray(total + rows["flag"] + pd.to_datetime(rows["day"]).dt.day / 10, dtype=float)


MODEL = rai.load_model(score, features=NAMES, task="regression")


def held_of(frame, players="raw", model=MODEL):
    rows, background = open_rows(frame[:10]), open_rows(frame[10:])
    return hybrids_of(
        space_of("prediction", model), rows, background=background, players=players_of(players, NAMES)
    )


def drawn(held, count=300):
    x, z = RNG.integers(0, 10, count), RNG.integers(0, N - 10, count)
    return x, z, RNG.random((count, len(held.players))) < 0.5


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("players", ["raw", {"both": ["n", "word"], "when": "day"}])
def test_scores_are_those_of_rows_put_together_by_hand(library, players):
    frame = FRAME if library == "pandas" else pl.from_pandas(FRAME)
    held = held_of(frame, players)
    x, z, from_x = drawn(held)
    mixed = FRAME.iloc[10 + z].reset_index(drop=True)
    own = FRAME.iloc[x].reset_index(drop=True)
    for place, columns in enumerate(held.players.columns):
        for name in columns:
            mixed[name] = mixed[name].where(~from_x[:, place], own[name])
    np.testing.assert_allclose(held.scores(x, z, from_x)[:, 0], score(mixed), atol=1e-12)


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("name", NAMES)
def test_codes_are_equal_where_values_are(name, library):
    frame = FRAME if library == "pandas" else pl.from_pandas(FRAME)
    codes = value_codes(open_rows(frame), name)
    values = FRAME[name].astype(object).where(FRAME[name].notna(), None).to_numpy()
    same = np.array([[a is b or a == b for b in values] for a in values])
    np.testing.assert_array_equal(codes[:, None] == codes[None, :], same)


def test_the_same_hybrid_is_asked_about_once():
    asked = []

    def counting(frame):
        asked.append(len(frame))
        return score(frame)

    held = held_of(FRAME, model=rai.load_model(counting, features=NAMES, task="regression"))
    asked.clear()
    x, z, from_x = (np.repeat(part, 50, axis=0) for part in drawn(held, 4))
    held.scores(x, z, from_x)
    assert sum(asked) <= 4


def test_keys_that_do_not_fit_into_one_number_are_as_good(monkeypatch):
    held = held_of(FRAME)
    asked = drawn(held)
    expected = held.scores(*asked)
    monkeypatch.setattr(hybrids, "ROOM", 1)
    np.testing.assert_array_equal(held.scores(*asked), expected)
    monkeypatch.setattr(hybrids, "_mixed", lambda key, codes: key)  # every two meet
    np.testing.assert_array_equal(held.scores(*asked), expected)


def pipeline():
    encoder = make_column_transformer(
        (StandardScaler(), ["n"]), (OneHotEncoder(handle_unknown="ignore"), ["word", "kind"])
    )
    rows = FRAME.assign(word=FRAME["word"].fillna("-"))
    return make_pipeline(encoder, LogisticRegression()).fit(rows, FRAME["flag"]), rows


def model_predict(known, frame):
    return known.predict(frame)


def test_a_pipeline_is_asked_with_matrices_and_says_the_same():
    model, frame = pipeline()
    known = rai.load_model(model)
    rows, background = open_rows(frame.head(10)), open_rows(frame.tail(30))
    players = players_of("raw", known.features)
    space = space_of("probability", known)
    held = hybrids_of(space, rows, background=background, players=players)
    assert held.steps is not None
    plain = hybrids_of(
        space_of("probability", known.replace(predict=partial(model_predict, known))),
        rows,
        background=background,
        players=players,
    )
    assert plain.steps is None
    asked = drawn(held)
    np.testing.assert_allclose(held.scores(*asked), plain.scores(*asked), atol=1e-12)


def test_losses_go_by_the_label_of_the_row():
    y = np.arange(10.0)
    found = rai.explain(MODEL, FRAME.head(10), background=FRAME.tail(5), space="loss", y_true=y)
    np.testing.assert_allclose(found.scores[:, 0], (y - score(FRAME.head(10))) ** 2)
    by_hand = [((label - score(FRAME.tail(5))) ** 2).mean() for label in y]
    np.testing.assert_allclose(found.base[:, 0], by_hand)
