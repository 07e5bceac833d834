"""LightGBM's text file, looked at before the library walks its trees.

    tree                    header: classes, objective, names and kinds of columns, sizes of the trees
    Tree=0 … Tree=9         lists of numbers: splits, children, leaves
    end of trees            then importances, parameters, the categories of pandas

The library trusts its files: a tree that is cut off, or a child that isn't there, ends the process in
place of an error. So every place that a tree names is looked at here first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rai.models.ubjson import DamagedError

END = "end of trees"
PARAMETERS_END = "end of parameters"
CATEGORIES = "pandas_categorical:"

_TAIL = f"feature_importances:\n\nparameters:\n\n{PARAMETERS_END}\n"
_OF_NUMBERS = frozenset("0123456789+-.eE infa")  # inf and nan among them
_WHOLE = ("max_feature_idx", "num_class", "num_tree_per_iteration", "tree_sizes")
_INNER = ("threshold", "split_gain", "internal_value", "internal_weight", "internal_count")
_LEAVES = ("leaf_value", "leaf_weight", "leaf_count")

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Header:
    """What the head of a file says of the model.

    Args:
        objective: Its objective with what is said of it, such as `binary sigmoid:1`; empty if none.
        classes: How many classes it has; 1 where it has two or none.
        names: The columns, blanks in their names replaced by the library.
        infos: What each column holds: `[low:high]`, `a:b:c` for categories, `none` if it is not used.
        categories: The lists of categories of pandas columns, in the order of these columns.
    """

    objective: str
    classes: int
    names: tuple[str, ...]
    infos: tuple[str, ...]
    categories: tuple[list[Any], ...]

    @property
    def categorical(self) -> tuple[str, ...]:
        """Columns of categories, as far as the file says so."""
        held = zip(self.names, self.infos, strict=True)
        return tuple(name for name, info in held if not info.startswith("[") and info != "none")


def header_of(text: str) -> Header:
    """What a file's head, and its last line, say.

    Raises:
        DamagedError: It says too little, or what can't be.
    """
    head = _lines(text.split("\n\n", 1)[0].removeprefix("tree\n"))
    _check_digits(head[name] for name in _WHOLE)
    names, infos = tuple(head["feature_names"].split(" ")), tuple(head["feature_infos"].split(" "))
    width, classes = int(head["max_feature_idx"]) + 1, int(head["num_class"])
    if not len(names) == len(infos) == width or len(set(names)) < width:
        raise DamagedError(f"{len(names):,} names of {width:,} columns")
    if classes < 1 or int(head["num_tree_per_iteration"]) not in {1, classes}:
        raise DamagedError(f"{classes:,} classes")
    objective = head.get("objective", "")
    if "num_class:" in objective and f"num_class:{classes}" not in objective.split(" "):
        raise DamagedError("an objective for another number of classes")
    return Header(
        objective=objective,
        classes=classes,
        names=names,
        infos=infos,
        categories=_pandas_categories(text),
    )


def checked_text(text: str, header: Header) -> str:
    """The text up to its last tree, once every tree is whole and points to nothing outside of itself.

    What follows them, importances and parameters, is left out: no score depends on it, and the library
    doesn't survive that it is cut off.

    Raises:
        DamagedError: What is wrong with which one.
    """
    head, _, rest = text.partition("\n\n")
    said = _lines(head.removeprefix("tree\n"))
    sizes = [int(size) for size in said["tree_sizes"].split()]
    data, at = rest.encode("utf-8"), 0
    if len(sizes) % int(said["num_tree_per_iteration"]) or any(size < 1 for size in sizes):
        raise DamagedError(f"{len(sizes):,} trees for {header.classes:,} classes")
    for place, size in enumerate(sizes):
        block = data[at : at + size].decode("utf-8", "replace")
        at += size
        try:
            _check_tree(_lines(_head_of(block, place)), len(header.names))
        except (DamagedError, KeyError, ValueError, OverflowError) as error:
            raise DamagedError(f"tree {place:,}: {error}") from None
    if not data[at:].startswith(f"{END}\n".encode()):
        raise DamagedError(f"no {END!r} after {len(sizes):,} trees")
    if f"\n{PARAMETERS_END}\n".encode() not in data[at:]:
        raise DamagedError(f"no {PARAMETERS_END!r}")
    kept = data[:at].decode("utf-8")
    lists = json.dumps(header.categories)
    return f"{head}\n\n{kept}{END}\n\n{_TAIL}\n{CATEGORIES}{lists}\n"


def _head_of(block: str, place: int) -> str:
    first, _, lines = block.partition("\n")
    if first != f"Tree={place}" or not lines.endswith("\n\n"):
        raise DamagedError("it is not where it should be; were line ends changed?")
    head = lines.rstrip("\n")
    odd = next((line for line in head.split("\n") if "=" not in line), None)
    if odd is not None:
        raise DamagedError(f"the line {odd[:40]!r}")
    return head


def _lines(text: str) -> dict[str, str]:
    """Lines of `name=value`, each name once."""
    held: dict[str, str] = {}
    for line in text.split("\n"):
        name, _, value = line.partition("=")
        if name in held:
            raise DamagedError(f"{name!r} twice")
        held[name] = value
    return held


def _check_tree(tree: Mapping[str, str], features: int) -> None:
    _check_digits(tree.values())
    leaves, inner = int(tree["num_leaves"]), int(tree["num_leaves"]) - 1
    if leaves < 1:
        raise DamagedError(f"{leaves:,} leaves")
    _floats(tree, "leaf_value", leaves)
    float(tree["shrinkage"])
    if not inner:
        return
    for names, count in ((_LEAVES, leaves), (_INNER, inner)):
        for name in names:
            if tree.get(name):
                _floats(tree, name, count)
    _check_range("split_feature", _integers(tree, "split_feature", inner), 0, features)
    thresholds, kinds = _floats(tree, "threshold", inner), _integers(tree, "decision_type", inner)
    _check_range("decision_type", kinds, 0, 16)
    _check_children(tree, inner)
    _check_categories(tree, thresholds[(kinds & 1) == 1])
    if int(tree.get("is_linear", 0)):
        _check_linear(tree, leaves, features)


def _check_digits(values: Iterable[str]) -> None:
    """Nothing but numbers: Python reads some that the library stops at, such as 1_000."""
    odd = set("".join(values)) - _OF_NUMBERS
    if odd:
        raise DamagedError(f"{min(odd)!r} where numbers are")


def _check_children(tree: Mapping[str, str], inner: int) -> None:
    """Nodes come after their parents, leaves are counted -1, -2 …, and none has two parents."""
    children = [_integers(tree, name, inner) for name in ("left_child", "right_child")]
    for held in children:
        _check_range("children", held, -inner - 1, inner)
        if ((held >= 0) & (held <= np.arange(inner))).any():
            raise DamagedError("a child before its parent")
    both = np.concatenate(children)
    if len(np.unique(both)) < len(both):
        raise DamagedError("a child of two parents")


def _check_categories(tree: Mapping[str, str], thresholds: NDArray[np.float64]) -> None:
    count = int(tree["num_cat"])
    if not count:
        if len(thresholds):
            raise DamagedError("splits by category without categories")
        return
    ends, held = _integers(tree, "cat_boundaries", count + 1), _integers(tree, "cat_threshold", None)
    if ends[0] != 0 or ends[-1] != len(held) or (np.diff(ends) < 1).any():
        raise DamagedError(f"cat_boundaries that don't lead from 0 to {len(held):,}")
    _check_range("cat_threshold", held, 0, 1 << 32)
    if ((thresholds < 0) | (thresholds >= count) | (thresholds % 1 != 0)).any():
        raise DamagedError("a split by categories that aren't there")


def _check_linear(tree: Mapping[str, str], leaves: int, features: int) -> None:
    """Leaves that hold a linear model each."""
    _floats(tree, "leaf_const", leaves)
    counts = _integers(tree, "num_features", leaves)
    _check_range("num_features", counts, 0, features + 1)
    held = _integers(tree, "leaf_features", int(counts.sum()))
    _check_range("leaf_features", held, 0, features)
    _floats(tree, "leaf_coeff", int(counts.sum()))


def _floats(tree: Mapping[str, str], name: str, count: int) -> NDArray[np.float64]:
    held = np.array(tree[name].split(), dtype=np.float64)
    if len(held) != count:
        raise DamagedError(f"{len(held):,} {name} in place of {count:,}")
    return held


def _integers(tree: Mapping[str, str], name: str, count: int | None) -> Ints:
    held = np.array(tree[name].split(), dtype=np.int64)
    if count is not None and len(held) != count:
        raise DamagedError(f"{len(held):,} {name} in place of {count:,}")
    return held


def _check_range(name: str, held: Ints, start: int, stop: int) -> None:
    if len(held) and (held.min() < start or held.max() >= stop):
        raise DamagedError(f"{name} outside of {start:,} to {stop - 1:,}")


def _pandas_categories(text: str) -> tuple[list[Any], ...]:
    """The last line that has something in it, where it is one of categories."""
    last = text.rstrip().rsplit("\n", 1)[-1]
    if not last.startswith(CATEGORIES):
        return ()
    held = json.loads(last.removeprefix(CATEGORIES))
    if held is None:
        return ()
    if not isinstance(held, list) or not all(isinstance(each, list) for each in held):
        raise DamagedError("categories that are no lists")
    return tuple(held)
