"""Questions to a server over HTTP: to a host that was agreed on, bounded in time and size.

    URL ──parse──▶ host ──resolve once──▶ addresses ──allowed?──▶ Server ──Line.ask──▶ bytes

This machine may be asked, any other only if it is named. A name is resolved once, and what is connected
to is an address that was checked, so that a name can't come to mean another machine later. Proxies of
the environment are not used, and redirects are not followed.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from numbers import Real
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, quote, urlsplit

from rai.ground.errors import ArgumentError, DataError, listing, sentence
from rai.ground.formatting import number
from rai.ground.version import VERSION

MOST_ANSWER = 1 << 26  # bytes
SHOWN = 200  # characters of an answer that messages quote
LONGEST = 86_400.0  # seconds
PORTS = {"http": 80, "https": 443}
ATTEMPTS = 2  # a connection that is reset is tried once more

_PATH = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that may be asked.

    Args:
        scheme: `http` or `https`.
        host: Its name, as in the URL.
        port: Its port.
        addresses: What its name was resolved to, each of them checked.
        path: The path in the URL.
        query: What follows the question mark in it; never shown, as it may hold a key.
        timeout: Seconds for one answer, from connecting to its last byte.
    """

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]
    path: str
    query: str
    timeout: float

    @property
    def where(self) -> str:
        """How messages call it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"endpoint {self.scheme}://{host}{port}{self.path}"

    def refuse(self, seen: str, *, expected: str, hint: str = "") -> DataError:
        """The error that says what was wrong with it."""
        return DataError(sentence(self.where, seen, expected=expected, hint=hint))


def server_of(url: str, *, hosts: Sequence[str] = (), timeout: float = 30.0) -> Server:
    """The server behind a URL, if it may be asked.

    Args:
        url: An http or https URL.
        hosts: Hosts other than this machine that may be asked: `name` or `name:port`.
        timeout: Seconds for one answer.

    Raises:
        ArgumentError: No such URL, or one of a host that may not be asked.
        DataError: A name that can't be resolved.

    Example:
        >>> server_of("http://127.0.0.1:5000/invocations").where
        'endpoint http://127.0.0.1:5000/invocations'
    """
    split, host, port = _parsed(url)
    seconds = _seconds(timeout)
    addresses = _resolved(host, port)
    server = Server(
        split.scheme, host, port, addresses, quote(split.path, safe=_PATH), split.query, seconds
    )
    named = {name.lower().rstrip(".") for name in hosts}
    _check_hosts(named)
    _check_allowed(server, named=not named.isdisjoint({host, f"{host}:{port}", f"[{host}]:{port}"}))
    return server


class Line:
    """A connection to a server, kept for as many questions as there are.

    Args:
        server: Whom it leads to.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = _Connection(server)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """The answer to one question.

        Args:
            method: `GET` or `POST`.
            path: The path to ask for.
            body: JSON, if there is some to send.

        Raises:
            DataError: No answer in time, too large a one, or another status than 200.
        """
        self._connection.deadline = time.monotonic() + self._server.timeout
        for left in reversed(range(ATTEMPTS)):
            try:
                return self._asked(method, path, body)
            except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
                self._connection.close()
                if not left:
                    seen = f"the connection broke off, {ATTEMPTS} times ({type(error).__name__})"
                    raise self._server.refuse(seen, expected="an answer") from error
            except TimeoutError:
                seen = f"no whole answer in {number(self._server.timeout)} seconds"
                hint = "Pass timeout= for more time, or request_rows= for fewer rows in a request."
                raise self._server.refuse(seen, expected="one in time", hint=hint) from None
            except (OSError, http.client.HTTPException) as error:
                raise self._unreachable(error) from error
        raise AssertionError  # the loop returns or raises

    def _asked(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"Accept": "application/json", "User-Agent": f"rai/{VERSION}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        target = f"{path}?{self._server.query}" if self._server.query else path
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        with response:
            answer = response.read(MOST_ANSWER + 1)
            missing = len(answer) <= MOST_ANSWER and response.length not in {None, 0}
        if len(answer) > MOST_ANSWER:
            self._connection.close()
            seen = f"an answer of more than {MOST_ANSWER >> 20} MB"
            raise self._server.refuse(seen, expected="a smaller one", hint="Pass request_rows=.")
        if missing:
            raise self._server.refuse("an answer that breaks off", expected="a whole one")
        if response.status != HTTPStatus.OK:
            raise self._refused(response, answer)
        return answer

    def _refused(self, response: http.client.HTTPResponse, answer: bytes) -> DataError:
        said = f"{response.status} {_printable(response.reason)}".strip()
        text = _printable(answer.decode("utf-8", "replace"))[:SHOWN]
        seen = f"it answered {said}" + (f": {text}" if text else "")
        redirected = 300 <= response.status < 400
        hint = "Redirects are not followed: pass the URL of the model itself." if redirected else ""
        return self._server.refuse(seen, expected="200 OK", hint=hint)

    def _unreachable(self, error: Exception) -> DataError:
        if isinstance(error, ssl.SSLCertVerificationError):
            seen = f"a certificate that can't be verified ({error.verify_message})"
            return self._server.refuse(seen, expected="one that this machine trusts")
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        said = _printable(f"{type(error).__name__}: {reason}")[:SHOWN]
        return self._server.refuse(f"it can't be asked ({said})", expected="a server that answers")


class _Connection(http.client.HTTPConnection):
    """A connection to the checked addresses, each step of it before a deadline."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.host, server.port)
        self._server, self.deadline = server, 0.0

    def connect(self) -> None:
        plain = self._reached()
        if self._server.scheme == "https":
            plain.settimeout(_left(self.deadline))
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self._server.host)
        self.sock: Any = _Timed(plain, self)

    def _reached(self) -> socket.socket:
        failed: OSError | None = None
        for address in self._server.addresses:
            try:
                left = _left(self.deadline)
                reached = socket.create_connection((address, self._server.port), timeout=left)
            except TimeoutError:
                raise
            except OSError as error:
                failed = error
                continue
            reached.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return reached
        raise failed or OSError("no address")


class _Timed:
    """A socket whose every wait ends at the deadline of the question being asked."""

    def __init__(self, plain: socket.socket, connection: _Connection) -> None:
        self._plain, self._connection = plain, connection

    def sendall(self, data: bytes) -> None:
        self._plain.settimeout(_left(self._connection.deadline))
        self._plain.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Received(self._plain, self._connection))

    def close(self) -> None:
        self._plain.close()


class _Received(io.RawIOBase):
    """What a socket receives, before the deadline."""

    def __init__(self, plain: socket.socket, connection: _Connection) -> None:
        self._plain, self._connection = plain, connection
        self._raw = plain.makefile("rb", buffering=0)  # keeps the socket open until it is closed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._plain.settimeout(_left(self._connection.deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _parsed(url: str) -> tuple[SplitResult, str, int]:
    """The URL in parts, its host in ASCII, and its port."""
    expected = "http://HOST[:PORT]/PATH, or https"
    try:
        split = urlsplit(url)
        port, host = split.port, (split.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise ArgumentError(sentence("endpoint", repr(_shown(url)), expected=expected)) from None
    if split.username is not None or split.password is not None:
        hint = "Keys in URLs end up in logs."
        shown = f"{split.scheme}://{host}"
        raise ArgumentError(
            sentence(f"endpoint {shown}", "a user name in the URL", expected="none", hint=hint)
        )
    strange = any(ord(letter) <= 32 or ord(letter) == 127 for letter in url)
    if split.scheme not in PORTS or not host or split.fragment or strange or port == 0:
        raise ArgumentError(sentence("endpoint", repr(_shown(url)), expected=expected))
    return split, host, port or PORTS[split.scheme]


def _seconds(timeout: float) -> float:
    known = isinstance(timeout, Real) and not isinstance(timeout, bool)
    if not known or not 0 < float(timeout) <= LONGEST:
        expected = f"a number of seconds above 0, at most {LONGEST:,.0f}"
        raise ArgumentError(sentence("timeout", repr(timeout), expected=expected))
    return float(timeout)


def _resolved(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        where = f"endpoint host {host!r}"
        raise DataError(sentence(where, "no address", expected="a name that can be resolved")) from None
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


def _check_hosts(named: set[str]) -> None:
    strange = sorted(name for name in named if not name or set(name) & set("/@?# "))
    if strange:
        expected = "names such as 'models.example.com' or 'models.example.com:8080'"
        raise ArgumentError(sentence("hosts", listing(strange), expected=expected))


def _check_allowed(server: Server, *, named: bool) -> None:
    """This machine may be asked, others if they are named; none that no server has."""
    for address in server.addresses:
        known = _address(address)
        if known.is_loopback:
            continue
        seen = f"an address on another machine ({address})"
        if not named:
            hint = f"Pass hosts=[{server.host!r}] if the rows may be sent there."
            raise ArgumentError(sentence(server.where, seen, expected="this machine", hint=hint))
        if known.is_link_local or known.is_multicast or known.is_unspecified or known.is_reserved:
            expected = "the address of a server"
            seen = f"a link-local or reserved address ({address})"
            raise ArgumentError(sentence(server.where, seen, expected=expected))


def _address(text: str) -> IPv4Address | IPv6Address:
    """An address, of IPv4 where it is one in the clothes of IPv6."""
    known = ip_address(text.split("%", 1)[0])
    return getattr(known, "ipv4_mapped", None) or known


def _shown(url: str) -> str:
    """A URL without what may be a key in it."""
    return _printable(re.sub(r"//[^/]*@", "//…@", url).split("?", 1)[0])


def _printable(text: str) -> str:
    """Text on one line, without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
