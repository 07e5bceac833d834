"""What a person has set: kept over pages, written into the address, saved with a session.

    ALONG = Setting("along", default=(), url="by")
    st.multiselect("Slices", names, **ALONG.tied(names))      a widget that shows and changes it
    ALONG.value · ALONG.put(("sex",))

Streamlit forgets a widget when its page is left; a setting stays. A setting with a `url` is in the
address, so that a link shows the same view, and in a saved session.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

_VALUE, _WIDGET, _READ = "setting:", "widget:", "address was read"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a person can set.

    Args:
        name: Its name, once in the app.
        default: Its value until it is set. Anything that JSON can hold, tuples for lists.
        url: Its name in the address; not in the address if None.
    """

    name: str
    default: Any = None
    url: str | None = None

    @property
    def value(self) -> Any:
        """What it is set to."""
        return st.session_state.get(_VALUE + self.name, self.default)

    def put(self, value: Any) -> None:
        """Set it, and what its widget shows when it is drawn next."""
        st.session_state[_VALUE + self.name] = value
        st.session_state.pop(_WIDGET + self.name, None)

    def tied(self, options: Sequence[Any] | None = None) -> dict[str, Any]:
        """Arguments that tie a widget to this setting: `key`, `on_change`, `args`.

        Args:
            options: What the widget offers. A value that is not offered any more becomes the default,
                or the first that is offered.
        """
        key = _WIDGET + self.name
        value = self.value
        if options is not None and value != (value := _offered(value, self.default, options)):
            st.session_state[_VALUE + self.name] = value
        if key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = list(value) if isinstance(value, tuple) else value
        return {"key": key, "on_change": self._keep}

    def _keep(self) -> None:
        value = st.session_state[_WIDGET + self.name]
        st.session_state[_VALUE + self.name] = tuple(value) if isinstance(value, list) else value


def read_address(settings: Iterable[Setting]) -> None:
    """Set what the address says, once in a session. What can't be read is left at its default."""
    if st.session_state.get(_READ):
        return
    st.session_state[_READ] = True
    for setting in settings:
        if setting.url is not None and setting.url in st.query_params:
            value = _parsed(st.query_params[setting.url], setting.default)
            if value is not None:
                setting.put(value)


def address(settings: Iterable[Setting]) -> dict[str, str]:
    """What an address says of what is set."""
    return {
        setting.url: _written(setting.value)
        for setting in settings
        if setting.url is not None and setting.value != setting.default
    }


def write_address(settings: Iterable[Setting]) -> None:
    """Make the address say what is set."""
    wanted = address(settings)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def write_one(setting: Setting) -> None:
    """Make the address say one thing that is set, from a fragment, where the whole page does not run."""
    wanted = address((setting,)).get(setting.url or "")
    if wanted is None:
        st.query_params.pop(setting.url or "", None)
    elif st.query_params.get(setting.url or "") != wanted:
        st.query_params[setting.url or ""] = wanted


def held(settings: Iterable[Setting]) -> dict[str, Any]:
    """What is set, by name, as a saved session holds it."""
    return {s.name: s.value for s in settings if s.url is not None and s.value != s.default}


def restore(settings: Iterable[Setting], saved: Mapping[str, Any]) -> None:
    """Set what a saved session holds; all else, and what has another type, goes back to its default."""
    for setting in settings:
        if setting.url is not None:
            value = _like(saved.get(setting.name, setting.default), setting.default)
            setting.put(setting.default if value is None else value)


def _offered(value: Any, default: Any, options: Sequence[Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(each for each in value if each in options)
    if value in options:
        return value
    return default if default in options or not options else options[0]


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _parsed(text: str, default: Any) -> Any:
    if isinstance(default, str):
        return text
    try:
        value = json.loads(text, parse_constant=_refuse)
        _written(value).encode()  # half a character can't be shown
    except (ValueError, RecursionError):
        value = text
    return _like(value, default)


def _refuse(constant: str) -> None:
    """No setting is infinite, or no number."""
    raise ValueError(constant)


def _like(value: Any, default: Any) -> Any:
    """A value in the type of a default, None where it is of another."""
    if isinstance(default, tuple):
        return tuple(value) if isinstance(value, list | tuple) else None
    if isinstance(default, bool) or default is None:
        return value
    if isinstance(default, int | float):
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return value if isinstance(value, type(default)) else None
