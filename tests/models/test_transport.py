"""Questions to servers of this machine that are slow, broken or hostile, and to hosts not agreed on."""

import shutil
import socket
import ssl
import struct
import subprocess
import time

import numpy as np
import pytest

import rai
from rai.models import transport
from rai.models.transport import server_of

SCORES = [0.1, 0.6, 0.9]


def refused(kind, act):
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value)


# Servers that fail ----------------------------------------------------------------------------------


def test_an_error_is_quoted_but_not_at_length(serve, send, endpoint_error):
    def answer(handler, *_):
        send(handler, 500, b"out of\n memory \x1b[31m" + b"x" * 500)

    said = endpoint_error(serve(answer))
    assert (
        said
        == "it answered 500 Internal Server Error: out of memory  [31m"
        + "x" * 181
        + "; expected 200 OK."
    )


def test_redirects_are_not_followed(serve, scored, send, endpoint_error):
    elsewhere = serve(scored)

    def answer(handler, *_):
        send(handler, 307, b"", Location=f"{elsewhere.url}/invocations")

    assert endpoint_error(serve(answer)) == (
        "it answered 307 Temporary Redirect; expected 200 OK. Redirects are not followed: pass the URL of "
        "the model itself."
    )
    assert elsewhere.asked == []


@pytest.mark.parametrize("drip", [False, True])
def test_no_answer_takes_longer_than_the_timeout(serve, drip, endpoint_error):
    """Also one that never stops coming, a byte at a time, each of them in time."""

    def answer(handler, *_):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(40):
            if drip:
                handler.wfile.write(b"X-Drip: 1\r\n")
                handler.wfile.flush()
            time.sleep(0.05)

    began = time.monotonic()
    assert endpoint_error(serve(answer), timeout=0.3) == (
        "no whole answer in 0.3 seconds; expected one in time. Pass timeout= for more time, or "
        "request_rows= for fewer rows in a request."
    )
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("length", [True, False])
def test_an_answer_without_end(serve, monkeypatch, length, endpoint_error):
    monkeypatch.setattr(transport, "MOST_ANSWER", 1 << 20)

    def answer(handler, *_):
        handler.send_response(200)
        if length:
            handler.send_header("Content-Length", str(1 << 40))
        else:
            handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(64):
            handler.wfile.write(b" " * (1 << 16))

    assert (
        endpoint_error(serve(answer))
        == "an answer of more than 1 MB; expected a smaller one. Pass request_rows=."
    )


def test_an_answer_that_breaks_off(serve, endpoint_error):
    def answer(handler, *_):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"predictions": [0.1, 0.2, 0.3]}')
        handler.close_connection = True

    assert endpoint_error(serve(answer)) == "an answer that breaks off; expected a whole one."


def reset(handler):
    """The connection, cut by the server."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


@pytest.mark.parametrize("failures", [0, 1, 2, 3])
def test_a_connection_that_is_reset_is_tried_once_more(serve, failures, scored, people, endpoint_error):
    def answer(handler, method, path, body):
        if len(served.asked) <= failures:
            reset(handler)
        else:
            scored(handler, method, path, body)

    served = serve(answer)
    if failures < 2:
        np.testing.assert_array_equal(rai.load_model(served.url).scores(people), SCORES)
    else:
        said = endpoint_error(served)
        assert said in {
            f"the connection broke off, 2 times ({kind}); expected an answer."
            for kind in ("ConnectionResetError", "RemoteDisconnected")
        }
    assert len(served.asked) == min(failures + 1, 2)


def test_a_server_that_closes_after_each_answer(serve, scored, people):
    def answer(handler, method, path, body):
        handler.protocol_version = "HTTP/1.0"
        handler.close_connection = True
        scored(handler, method, path, body)

    model = rai.load_model(serve(answer).url, request_rows=1)
    np.testing.assert_array_equal(model.scores(people), SCORES)


def test_a_server_that_is_not_there(people):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    model = rai.load_model(f"http://127.0.0.1:{port}/invocations")
    assert refused(rai.DataError, lambda: model.scores(people)) == (
        f"endpoint http://127.0.0.1:{port}/invocations: it can't be asked (ConnectionRefusedError: "
        "Connection refused); expected a server that answers."
    )


def test_something_that_speaks_no_http(serve, endpoint_error):
    def answer(handler, *_):
        handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        handler.close_connection = True

    assert endpoint_error(serve(answer)).startswith("it can't be asked (BadStatusLine")


def test_proxies_of_the_environment_are_not_used(serve, monkeypatch, scored, people):
    proxy = serve({"predictions": [0, 0, 0]})
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    np.testing.assert_array_equal(rai.load_model(serve(scored).url).scores(people), SCORES)
    assert proxy.asked == []


# Which hosts may be asked ---------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch):
    """`names["models.test"] = ["192.0.2.7"]`: what a name is resolved to, and how often that is asked."""
    known, asked = {}, []
    real = socket.getaddrinfo

    def resolve(host, port, *args, **options):
        asked.append(host)
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in known[host]]
        if host.replace(".", "").isdigit() or ":" in host:
            return real(host, port, *args, **options)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known


def test_another_machine_is_not_asked_unless_it_is_named(names):
    names["models.test"] = ["192.0.2.7"]
    for host, address in (("models.test", "192.0.2.7"), ("192.0.2.7", "192.0.2.7")):
        said = refused(rai.ArgumentError, lambda: rai.load_model(f"http://{host}/invocations"))  # noqa: B023
        assert said == (
            f"endpoint http://{host}/invocations: an address on another machine ({address}); expected this "
            f"machine. Pass hosts=['{host}'] if the rows may be sent there."
        )
    for named in ("models.test", "MODELS.test.", "models.test:80"):
        assert server_of("http://models.test/invocations", hosts=[named]).addresses == ("192.0.2.7",)
    names["other.test"] = ["192.0.2.7"]
    for url, named in (("models.test:81", "models.test:80"), ("other.test", "models.test")):
        said = refused(rai.ArgumentError, lambda: server_of(f"http://{url}/", hosts=[named]))  # noqa: B023
        assert "an address on another machine (192.0.2.7)" in said


def test_a_name_with_one_address_elsewhere_is_elsewhere(names):
    names["models.test"] = ["127.0.0.1", "192.0.2.7"]
    said = refused(rai.ArgumentError, lambda: server_of("http://models.test/"))
    assert "an address on another machine (192.0.2.7)" in said


def test_a_name_is_resolved_once(serve, names, scored, people):
    """So it can't come to mean another machine after it was checked."""
    served = serve(scored)
    names["models.test"] = ["127.0.0.1"]
    model = rai.load_model(served.url.replace("127.0.0.1", "models.test"))
    names["models.test"] = ["192.0.2.7"]
    np.testing.assert_array_equal(model.scores(people), SCORES)
    assert names["asked"].count("models.test") == 1


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "240.0.0.1"])
def test_addresses_that_no_server_has_are_never_asked(names, address):
    names["models.test"] = [address]
    said = refused(rai.ArgumentError, lambda: server_of("http://models.test/x", hosts=["models.test"]))
    assert said == (
        f"endpoint http://models.test/x: a link-local or reserved address ({address}); expected the address "
        "of a server."
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_by_any_of_its_addresses(host):
    assert server_of(f"http://{host}:5000/invocations").port == 5000


def test_a_name_that_nobody_knows(names):
    assert refused(rai.DataError, lambda: rai.load_model("http://nowhere.test/invocations")) == (
        "endpoint host 'nowhere.test': no address; expected a name that can be resolved."
    )


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/model",
        "s3://bucket/model.onnx",
        "file:///etc/passwd",
        "http:///invocations",
        "http://127.0.0.1:99999/invocations",
        "http://127.0.0.1:0/invocations",
        "http://127.0.0.1/invocations#part",
        "http://127.0.0.1/in vocations",
        "http://127.0.0.1/a\r\nHost: other",
        "http://[::1/invocations",
    ],
)
def test_urls_that_are_none(url):
    said = refused(rai.ArgumentError, lambda: rai.load_model(url))
    assert said.startswith("endpoint: '")
    assert said.endswith("; expected http://HOST[:PORT]/PATH, or https.")
    assert said.isprintable()


def test_keys_in_a_url_are_refused_and_not_repeated():
    said = refused(rai.ArgumentError, lambda: rai.load_model("http://me:secret@127.0.0.1/invocations"))
    assert (
        said
        == "endpoint http://127.0.0.1: a user name in the URL; expected none. Keys in URLs end up in logs."
    )


@pytest.mark.parametrize(
    "url", ["http://me:secret@127.0.0.1:99999/x", "ftp://127.0.0.1/x?key=secret", "http://a:secret@/x"]
)
def test_keys_in_urls_that_are_none_are_not_repeated(url):
    assert "secret" not in refused(rai.ArgumentError, lambda: rai.load_model(url))


def test_a_query_is_sent_and_never_shown(serve, people, send):
    def answer(handler, *_):
        send(handler, 403, b"")

    served = serve(answer)
    model = rai.load_model(f"{served.url}/invocations?key=secret")
    assert refused(rai.DataError, lambda: model.scores(people)) == (
        f"endpoint {served.url}/invocations: it answered 403 Forbidden; expected 200 OK."
    )
    assert served.asked[0][1] == "/invocations?key=secret"


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "3"])
def test_timeouts_are_seconds(timeout):
    said = refused(rai.ArgumentError, lambda: rai.load_model("http://127.0.0.1/", timeout=timeout))
    assert said == f"timeout: {timeout!r}; expected a number of seconds above 0, at most 86,400."


def test_hosts_are_names_and_no_urls():
    said = refused(rai.ArgumentError, lambda: server_of("http://127.0.0.1/", hosts=["http://a.test/"]))
    assert said == (
        "hosts: 'http://a.test/'; expected names such as 'models.example.com' or 'models.example.com:8080'."
    )


def test_a_path_that_says_no_protocol():
    said = refused(rai.ArgumentError, lambda: rai.load_model("http://127.0.0.1:5000/predict"))
    assert said == (
        "endpoint http://127.0.0.1:5000/predict: path '/predict'; expected a path that ends in /invocations "
        "(MLflow) or in /v2/models/NAME (KServe)."
    )


# HTTPS ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(needs, tmp_path_factory):
    """A certificate for this machine, and its key."""
    openssl = shutil.which("openssl")
    needs(openssl is not None, "no openssl on this machine")
    folder = tmp_path_factory.mktemp("certificate")
    files = [str(folder / name) for name in ("key.pem", "certificate.pem")]
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    asked += ["-keyout", files[0], "-out", files[1], "-days", "2", "-subj", "/CN=rai"]
    asked += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, *asked], check=True, capture_output=True)
    return files


@pytest.fixture
def https(serve, certificate, scored):
    """A server that speaks HTTPS."""
    key, public = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, key)
    served = serve(scored, wrap=lambda plain: context.wrap_socket(plain, server_side=True))
    served.url = served.url.replace("http:", "https:")
    return served


def test_a_certificate_that_is_trusted(https, certificate, monkeypatch, people):
    monkeypatch.setenv("SSL_CERT_FILE", certificate[1])
    np.testing.assert_array_equal(rai.load_model(https.url).scores(people), SCORES)


def test_a_certificate_that_nobody_vouches_for(https, endpoint_error):
    said = endpoint_error(https)
    assert said.startswith("a certificate that can't be verified (self")
    assert said.endswith("; expected one that this machine trusts.")
    assert https.asked == []


def test_https_where_there_is_none(serve, scored, people):
    served = serve(scored)
    model = rai.load_model(served.url.replace("http:", "https:"), timeout=5)
    assert "it can't be asked (SSLError" in refused(rai.DataError, lambda: model.scores(people))
