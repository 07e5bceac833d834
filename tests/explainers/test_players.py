"""Who plays: columns by themselves or several as one."""

import numpy as np
import pytest

from rai import ArgumentError
from rai.explainers.players import players_of

READ = ("age", "county", "state", "pay")


def test_raw_columns_are_a_player_each():
    players = players_of("raw", READ)
    assert players.names == players.read == READ
    assert len(players) == 4


def test_columns_that_go_together_stand_where_the_first_of_them_stood():
    players = players_of({"where": ["state", "county"], "money": "pay"}, READ)
    assert players.names == ("age", "where", "money")
    assert players.columns == (("age",), ("state", "county"), ("pay",))


def test_encoded_columns_belong_to_the_player_of_their_column():
    players = players_of({"where": ["state", "county"]}, READ)
    columns = {"age": np.array([0]), "state": np.array([1, 2]), "county": np.array([4])}
    assert players.of_places(columns, width=6).tolist() == [0, 1, 1, -1, 1, -1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("all", "players: 'all'; expected 'raw', or a dict of a name to columns."),
        (["age"], "players: ['age']; expected 'raw', or a dict of a name to columns."),
        (
            {"a": ["agee"]},
            "players: column 'agee'; expected one that the model reads: 'age', 'county', 'state', 'pay'. Did you mean 'age'?",
        ),
        (
            {"a": ["age"], "b": ["age", "pay"]},
            "players: column 'age' named twice; expected each column once.",
        ),
        ({"a": []}, "players: no columns for 'a'; expected at least one."),
        (
            {"pay": ["age", "state"]},
            "players: several columns called 'pay'; expected a name that no other column has.",
        ),
    ],
)
def test_what_can_t_play_is_told(given, said):
    with pytest.raises(ArgumentError) as error:
        players_of(given, READ)
    assert str(error.value) == said
