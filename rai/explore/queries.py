"""A search language over rows, read into data and never run as code.

    "age > 40 and sex = Female"  ── parse_query ──▶  Query ── mask(rows) ──▶  a truth value for each row

    =  !=  <  <=  >  >=                       sex = Female, income != "<=50K", 18 <= age < 65
    between … and …, in …..…                  age between 18 and 65, since in 2020-01-01..2020-12-31
    in (…), not in (…)                        race in (White, Black, "Amer-Indian")
    ~  !~  ~*  !~*                            job ~ "^Prof": a regular expression; with * in any case
    is missing, is not missing                income is missing
    and or not ( )                            also & | !

`not` binds closer than `and`, `and` closer than `or`. A column whose name has blanks goes in backticks.
Missing values follow the logic of Kleene: `not age > 40` does not select a row without an age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rai.engines.frames import open_rows
from rai.explore.conditions import Condition
from rai.explore.query_parsing import tree_of
from rai.explore.query_trees import Branch, joined, leaves
from rai.explore.readings import Readings
from rai.explore.truths import Bools, Truth
from rai.explore.unmet import unmet
from rai.ground.errors import ArgumentError, in_short, sentence


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions on rows, joined by `and`, `or` and `not`. `parse_query` makes one from text.

    Its text (`str`) is its canonical form: it parses to an equal query, and is what files hold.

    Args:
        tree: A condition, or conditions joined.

    Example:
        >>> query = parse_query("18 <= age < 65 and sex == 'Female'")
        >>> print(query, query.columns)
        age >= 18 and age < 65 and sex = Female ('age', 'sex')
        >>> query.mask({"age": [30, 70, None], "sex": ["Female", "Female", "Female"]}).tolist()
        [True, False, False]
    """

    tree: Condition | Branch

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it asks about, each once."""
        return self.tree.columns

    def mask(self, rows: Any) -> Bools:
        """Whether it is known to hold, for each row, shape (n,).

        Args:
            rows: A frame, a dict of arrays, or a path to CSV or Parquet.

        Raises:
            RoleError: If there is no such column, or nothing in it can be compared.
            ArgumentError: If a column holds values of another kind than it is compared with.
            DataError: If the rows can't be read.
        """
        return self.truth(Readings(open_rows(rows))).yes

    def truth(self, columns: Readings) -> Truth:
        """What is known of each row; it raises what `mask` raises."""
        return self.tree.truth(columns)

    def check(self, rows: Any) -> tuple[str, ...]:
        """What is odd about it on these rows, a sentence each: nothing that it is wrong to ask.

        A value that never occurs, a bound beyond all values, a pattern that matches nothing.

        Example:
            >>> parse_query("sex = Femal or age > 99").check({"sex": ["Female"], "age": [40]})
            ("No row has sex = Femal. Did you mean 'Female'?", 'No row has age > 99: the largest is 40.')
        """
        columns = Readings(open_rows(rows))
        found = dict.fromkeys(said for leaf in leaves(self.tree) for said in unmet(leaf, columns))
        if not found and not self.truth(columns).yes.any():
            return (f"No row meets {in_short(str(self))}.",)
        return tuple(found)

    def __str__(self) -> str:
        return str(self.tree)


def parse_query(text: str) -> Query:
    """A query from its text. Which columns there are is only known with rows; see `Query.check`.

    Args:
        text: Such as `age > 40 and sex = Female`; the language is described above.

    Raises:
        ArgumentError: If it can't be read; it says at which character, and what was expected there.

    Example:
        >>> print(parse_query('race in (White, "Black") & !(hours-per-week >= 60)'))
        race in (White, Black) and not hours-per-week >= 60
    """
    return Query(tree_of(text))


def as_query(given: Any, *, where: str = "where") -> Query | None:
    """A query from text, a query, a condition or its parts, or several of these that all must hold.

    Args:
        given: None or nothing in a list gives None: all rows are meant.
        where: How messages call it.

    Raises:
        ArgumentError: If something else is among them.

    Example:
        >>> print(as_query([("age", ">", 30), Condition("sex", "missing"), "a = 1 or b = 2"]))
        age > 30 and sex is missing and (a = 1 or b = 2)
    """
    if given is None or (isinstance(given, (tuple, list)) and not given):
        return None
    parts = given if isinstance(given, list) or _is_several(given) else [given]
    return Query(joined("and", [_tree(part, given, where) for part in parts]))


def _is_several(given: Any) -> bool:
    """Whether a tuple holds conditions, and not the parts of one."""
    return isinstance(given, tuple) and not all(isinstance(part, str) for part in given[:2])


def _tree(part: Any, given: Any, where: str) -> Condition | Branch:
    if isinstance(part, str):
        return tree_of(part)
    if isinstance(part, Query):
        return part.tree
    if isinstance(part, Condition):
        return part
    if isinstance(part, tuple) and 2 <= len(part) <= 3:
        return Condition(*part)
    if isinstance(part, Mapping):
        return Condition.from_dict(part)
    hint = 'Write "age > 30".'
    raise ArgumentError(sentence(where, in_short(given), expected="a query", hint=hint))
