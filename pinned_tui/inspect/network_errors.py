"""Finds errors in which no answer came at all: names, connections, certificates, proxies. Pure.

Every runtime words these its own way, and each words them the same everywhere: an error code of
Node, the text of an exception in Python or Java, a line of curl. What is read here is which layer
failed; the live checks look at the same layers with sockets of their own.
"""

import re
from collections.abc import Mapping

from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.request.target import API_HOST
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_LOOKED_AT = 256 * 1024
_WORDS: Mapping[str, tuple[str, ...]] = {
    "net-proxy-auth": (
        r"Proxy Authentication Required",
        r"(?:CONNECT tunnel|Tunnel connection) failed\W.{0,20}407",
        r"Received HTTP code 407 from proxy", r"ERR_PROXY_AUTH",
    ),
    "net-proxy-blocked": (
        r"(?:CONNECT tunnel|Tunnel connection) failed\W.{0,20}[45]\d\d",
        r"Received HTTP code [45]\d\d from proxy", r"ERR_TUNNEL_CONNECTION_FAILED",
    ),
    "net-proxy-unreachable": (
        r"Could not resolve proxy", r"Cannot connect to proxy", r"ERR_PROXY_CONNECTION_FAILED",
        r"Unable to connect to proxy", r"proxyconnect tcp",
    ),
    "net-dns": (
        r"\bENOTFOUND\b", r"\bEAI_(?:AGAIN|NONAME|NODATA|FAIL)\b", r"UnknownHostException",
        r"Name or service not known", r"nodename nor servname provided",
        r"Temporary failure in name resolution", r"no such host", r"NameResolutionError",
        r"(?:Could not|Couldn't|can't|Failed to) resolve (?:host|'|\")", r"getaddrinfo failed",
        r"No address associated with hostname", r"failed to lookup address", r"\bdns error\b",
        r"remote name could not be resolved", r"ERR_NAME_NOT_RESOLVED", r"NXDOMAIN",
        r"getaddrinfo: ", r"php_network_getaddresses", r"server misbehaving",
    ),
    "net-tls-invalid": (
        r"certificate (?:has )?expired", r"CERT_HAS_EXPIRED", r"CERT_NOT_YET_VALID",
        r"certificate is not yet valid", r"Hostname mismatch", r"ERR_TLS_CERT_ALTNAME_INVALID",
        r"does not match certificate", r"no alternative certificate subject name",
        r"hostname .{1,80} doesn't match", r"certificate is valid for", r"CertificateExpired",
        r"CertificateNotYetValid", r"RemoteCertificateNameMismatch", r"NotTimeValid",
        r"ERR_CERT_(?:DATE|COMMON_NAME)_INVALID", r"No subject alternative (?:DNS )?name",
        r"No name matching .{1,80} found", r"(?:Expired|NotValidForName)\b",
    ),
    "net-tls-untrusted": (
        r"self[- ]signed certificate", r"SELF_SIGNED_CERT", r"UNABLE_TO_(?:VERIFY|GET_ISSUER)",
        r"unable to (?:get|verify) (?:local |the )?(?:issuer|first) certificate",
        r"PKIX path building failed", r"unable to find valid certification path",
        r"signed by unknown authority", r"UntrustedRoot", r"UnknownIssuer", r"PartialChain",
        r"ERR_CERT_AUTHORITY_INVALID", r"certificate[ _]verify[ _]failed",
        r"remote certificate is invalid", r"remote certificate was rejected",
        r"SSL certificate problem", r"certificate is not trusted",
    ),
    "net-tls-failed": (
        r"handshake[ _]failure", r"SSLHandshakeException", r"wrong version number", r"\bEPROTO\b",
        r"SSL connection could not be established", r"(?:sslv3|tlsv1) alert", r"SSLEOFError",
        r"OpenSSL::SSL::SSLError", r"ERR_SSL_", r"tls: handshake", r"tlsv1_alert",
        r"TLS handshake timeout", r"could not create SSL/TLS secure channel", r"SSL_ERROR_",
        r"curl: \(35\)", r"cURL error 35",
    ),
    "net-refused": (
        r"\bECONNREFUSED\b", r"Connection refused", r"actively refused", r"ERR_CONNECTION_REFUSED",
        r"ConnectionRefusedError", r"curl: \(7\)", r"cURL error 7\b",
    ),
    "net-timeout": (
        r"\bE(?:SOCKET)?TIMEDOUT\b", r"UND_ERR_\w+_TIMEOUT", r"Connect\w{0,4}Timeout",
        r"\bSocketTimeoutException\b", r"\b(?:Read|Connect|Open|Pool|Write)Timeout(?:Error)?\b",
        r"(?:Read|Operation|Connection|Request|Resolving) (?:has )?timed out", r"Net::\w+Timeout",
        r"context deadline exceeded", r"Client\.Timeout exceeded", r"ERR_(?:CONNECTION_)?TIMED_OUT",
        r"timeout of \d+ ?ms exceeded", r"HttpClient\.Timeout of", r"curl: \(28\)",
        r"cURL error 28", r"i/o timeout", r"execution expired", r"ReadTimeoutException",
        r"operation was aborted due to timeout", r"HttpConnectTimeoutException",
        r"HttpTimeoutException", r"\btimed[ -]out\b", r"ServerTimeoutError",
        r"\btimeout after \d", r"\berror[\"']?[=:][ ]?[\"']?timeout\b",
    ),
    "net-interrupted": (
        r"IncompleteRead", r"Premature close", r"ERR_STREAM_PREMATURE_CLOSE", r"curl: \(18\)",
        r"ERR_INCOMPLETE_CHUNKED_ENCODING", r"ChunkedEncodingError", r"ERR_CONTENT_LENGTH_MISMATCH",
        r"incomplete chunked read", r"cURL error 18", r"ClientPayloadError",
    ),
    "net-closed": (
        r"socket hang up", r"\bECONNRESET\b", r"Connection reset", r"RemoteDisconnected",
        r"Connection (?:aborted|was closed|closed unexpectedly)", r"other side closed",
        r"\bEPIPE\b", r"UND_ERR_SOCKET", r"Empty reply from server", r"Server disconnected",
        r"unexpected EOF",
        r"RemoteProtocolError", r"ERR_(?:CONNECTION_(?:RESET|CLOSED)|EMPTY_RESPONSE)",
        r"underlying connection was closed", r"forcibly closed", r"curl: \((?:52|56)\)",
        r"cURL error (?:52|56)", r"NoHttpResponseException", r"end of file reached",
        r"connection closed before message completed", r"response ended prematurely",
    ),
}  # fmt: skip
"""The words for each cause, in the order in which one explains the next: a name that is not found
makes a connection fail, and a certificate that is not trusted makes a handshake fail."""

_PATTERNS = tuple(
    (cause, re.compile("|".join(words), re.IGNORECASE)) for cause, words in _WORDS.items()
)
_NAMED = re.compile(
    r"(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|lookup|resolve host:?|resolve|"
    r"UnknownHostException:|host=|hostname:|No such host is known\.)[ \t]*[(\"']?"
    r"((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9]{1,63}|localhost)(?P<port>:\d{1,5})?",
)
_ABOUT_API = re.compile(r"pinned\.events|/api/public/v1|pinned[_-]?events", re.IGNORECASE)
_CODE = re.compile(
    r"^[ \t]*(?:#|//|rem[ \t]|\*[ \t]*@)|\b(?:elif|echo|printf|grep|assert|expect"
    r"|catch|except|rescue|instanceof|includes|retryOn|retry_on)\b|\bif[ \t]*[\[(]|[=!]==?[ \t]*"
    r"[\"']|\|\|",
)


def is_about_api(text: str) -> bool:
    """Tell whether ``text`` names the API, so that an error in it is about a request to it."""
    return _ABOUT_API.search(text[:_LOOKED_AT]) is not None


def network_fault(text: str, start: int = 0, end: int | None = None) -> Fault | None:
    """Return what kept a request from an answer, as an error in ``text`` tells; None without one.

    Code and comments that only speak of such errors are passed over.

    Args:
        text: The input.
        start: Where the part begins that is looked at.
        end: Where it ends.
    """
    stop = min(len(text) if end is None else end, start + _LOOKED_AT)
    for cause, pattern in _PATTERNS:
        for match in pattern.finditer(text, start, stop):
            line, at = _line(text, match.start())
            if _CODE.search(line) is None:
                return _fault(cause, line, Span(at, at + max(len(line), 1)), text[start:stop])
    return None


def has_network_error(text: str) -> bool:
    """Tell whether ``text`` tells of a request to the API that got no answer."""
    return is_about_api(text) and network_fault(text) is not None


def _line(text: str, place: int) -> tuple[str, int]:
    """Return the line around a place, without the blanks at its ends, and where it begins."""
    first = text.rfind("\n", 0, place) + 1
    last = text.find("\n", place)
    whole = text[first : len(text) if last < 0 else last]
    return whole.strip()[:4000], first + len(whole) - len(whole.lstrip())


def _fault(cause: str, line: str, span: Span, around: str) -> Fault:
    named = _NAMED.search(line) or _NAMED.search(around)
    host = clean_line(named[1] + (named["port"] or ""), 120) if named is not None else API_HOST
    return Fault(
        cause,
        Certainty.LIKELY,
        f"{_SAID[cause]} ({host}), as the error in the input says.",
        span=span,
        values={"host": host},
    )


_SAID: Mapping[str, str] = {
    "net-proxy-auth": "The proxy asks for a sign-in before it opens a connection",
    "net-proxy-blocked": "The proxy refused to open a connection",
    "net-proxy-unreachable": "No connection to the proxy came about",
    "net-dns": "The host name could not be resolved",
    "net-tls-invalid": "The certificate does not hold for this moment or this host name",
    "net-tls-untrusted": "The certificate is not trusted where the request was sent",
    "net-tls-failed": "No encrypted connection came about",
    "net-refused": "The connection was refused",
    "net-timeout": "No answer came in time",
    "net-interrupted": "The connection ended in the middle of an answer",
    "net-closed": "The connection was closed before an answer came",
}
