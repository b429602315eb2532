"""Errors in which no answer came: which layer failed, in the words of every runtime."""

import json

import pytest

from pinned_tui.session import Certainty, Outcome
from tests.inspect.outcomes import causes, concluded, outcome
from tests.inspect.traffic import ndjson, row

CHANNELS = "https://pinned.events/api/public/v1/channels"

ERRORS = {
    "Error: getaddrinfo ENOTFOUND pinned.events": "net-dns",
    "Error: getaddrinfo EAI_AGAIN pinned.events": "net-dns",
    "java.net.UnknownHostException: pinned.events": "net-dns",
    "urllib3.exceptions.NewConnectionError: [Errno -2] Name or service not known": "net-dns",
    "dial tcp: lookup pinned.events: no such host": "net-dns",
    "System.Net.Http.HttpRequestException: No such host is known. (pinned.events:443)": "net-dns",
    "SocketError: Failed to open a connection (getaddrinfo: Name or service not known)": "net-dns",
    "cURL error 6: Could not resolve host: pinned.events": "net-dns",
    "curl: (6) Could not resolve host: pinned.events": "net-dns",
    "Error: connect ECONNREFUSED 192.0.2.4:443": "net-refused",
    "java.net.ConnectException: Connection refused": "net-refused",
    "No connection could be made because the target machine actively refused it.": "net-refused",
    "Error: self-signed certificate in certificate chain": "net-tls-untrusted",
    "javax.net.ssl.SSLHandshakeException: PKIX path building failed": "net-tls-untrusted",
    "requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed": (
        "net-tls-untrusted"
    ),
    "tls: failed to verify certificate: x509: certificate signed by unknown authority": (
        "net-tls-untrusted"
    ),
    "OpenSSL::SSL::SSLError: SSL_connect returned=1 state=error: certificate verify failed": (
        "net-tls-untrusted"
    ),
    "cURL error 60: SSL certificate problem: unable to get local issuer certificate": (
        "net-tls-untrusted"
    ),
    "Error: certificate has expired { code: 'CERT_HAS_EXPIRED' }": "net-tls-invalid",
    "ssl.SSLCertVerificationError: certificate verify failed: Hostname mismatch": "net-tls-invalid",
    "x509: certificate is valid for example.org, not pinned.events": "net-tls-invalid",
    "javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure": (
        "net-tls-failed"
    ),
    "The SSL connection could not be established, see inner exception.": "net-tls-failed",
    "Error: connect ETIMEDOUT 192.0.2.4:443": "net-timeout",
    "java.net.SocketTimeoutException: Read timed out": "net-timeout",
    "net/http: request canceled (Client.Timeout exceeded while awaiting headers)": "net-timeout",
    "context deadline exceeded": "net-timeout",
    "Net::ReadTimeout with #<TCPSocket:(closed)>": "net-timeout",
    "cURL error 28: Operation timed out after 30001 milliseconds": "net-timeout",
    "AxiosError: timeout of 5000ms exceeded": "net-timeout",
    "Error: timed out after 10000 ms": "net-timeout",
    "Error: socket hang up": "net-closed",
    "Error: read ECONNRESET": "net-closed",
    "http.client.RemoteDisconnected: Remote end closed connection without response": "net-closed",
    "curl: (52) Empty reply from server": "net-closed",
    "http.client.IncompleteRead: IncompleteRead(120 bytes read)": "net-interrupted",
    "requests.exceptions.ProxyError: Cannot connect to proxy.": "net-proxy-unreachable",
    "curl: (56) CONNECT tunnel failed, response 407": "net-proxy-auth",
    "curl: (56) CONNECT tunnel failed, response 403": "net-proxy-blocked",
}


@pytest.mark.parametrize(("error", "cause"), ERRORS.items(), ids=list(ERRORS))
def test_an_error_beside_a_request_names_the_layer_that_failed(error: str, cause: str) -> None:
    for text in (
        f"{error}\nGET {CHANNELS}\n",
        f"GET {CHANNELS}\n{error}\n",
        f'curl -sS {CHANNELS} -H "Authorization: Bearer $KEY"\n{error}\n',
    ):
        assert causes(text) == [cause]
        assert outcome(text) is Outcome.PROBLEM


@pytest.mark.parametrize(("error", "cause"), ERRORS.items(), ids=list(ERRORS))
def test_an_error_in_a_log_names_the_layer_that_failed(error: str, cause: str) -> None:
    plain = f"2026-11-29T10:00:00Z GET {CHANNELS} {error}\n"
    fields = {"time": "2026-11-29T10:00:00Z", "method": "GET", "url": CHANNELS, "error": error}
    assert causes(plain)[0] == cause
    assert causes(json.dumps(fields) + "\n")[0] == cause


def test_an_error_alone_is_judged_where_it_names_the_api() -> None:
    assert causes("Error: getaddrinfo ENOTFOUND pinned.events") == ["net-dns"]
    verdict = concluded("Error: getaddrinfo ENOTFOUND pinned.events")[1].verdicts[0]
    assert verdict.certainty is Certainty.LIKELY
    assert "pinned.events" in verdict.title


@pytest.mark.parametrize(
    "text",
    ["Error: socket hang up", "Error: read ECONNRESET", "TypeError: fetch failed",
     "Error: connect ECONNREFUSED 127.0.0.1:5432", "java.net.ConnectException: Connection refused",
     "Error: getaddrinfo ENOTFOUND db.internal"],
)  # fmt: skip
def test_an_error_about_something_else_is_neither_a_key_nor_judged(text: str) -> None:
    assert causes(text) == ["input-unrecognised"]
    assert outcome(text) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "error", ["TypeError: fetch failed", "AxiosError: Network Error", "acme.SyncException: gave up"]
)
def test_an_error_that_nothing_explains_is_not_healthy_beside_a_request(error: str) -> None:
    for text in (f"{error}\nGET {CHANNELS}\n", f"GET {CHANNELS}\n{error}\n"):
        assert causes(text) == ["input-unrecognised"]
        assert outcome(text) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "line",
    ["# a time-out shows as ECONNREFUSED or ETIMEDOUT", '|| echo "Connection refused"',
     "if (error.code === 'ECONNRESET') retry()"],
)  # fmt: skip
def test_a_script_that_speaks_of_such_errors_is_healthy(line: str) -> None:
    text = f'curl -sS {CHANNELS} -H "Authorization: Bearer $KEY"\n{line}\n'
    assert outcome(text) is Outcome.HEALTHY


def test_a_lost_answer_without_a_further_try_is_not_healthy() -> None:
    text = ndjson(row(0, None, error="socket hang up"))
    assert causes(text) == ["net-closed"]
    assert outcome(text) is Outcome.PROBLEM


def test_what_a_later_attempt_made_good_is_healthy() -> None:
    text = ndjson(row(0, None, error="socket hang up"), row(6, 201))
    assert causes(text) == []
    assert outcome(text) is Outcome.HEALTHY
