"""The names of headers that HTTP knows, to tell headers from other lines with a colon.

Those of RFC 9110 and its neighbours, of browsers, and of the edges that stand in front of servers.
"""

import re

_NAMES = """
    accept accept-charset accept-encoding accept-language accept-ranges age allow alt-svc
    authorization cache-control connection content-disposition content-encoding content-language
    content-length content-location content-range content-security-policy content-type cookie date
    dnt etag expect expires forwarded host if-match if-modified-since if-none-match if-range
    if-unmodified-since keep-alive last-modified link location max-forwards nel origin pragma prefer
    priority proxy-authenticate proxy-authorization proxy-connection range referer referrer-policy
    report-to retry-after save-data server server-timing set-cookie strict-transport-security te
    timing-allow-origin traceparent tracestate trailer transfer-encoding upgrade
    upgrade-insecure-requests user-agent vary via warning www-authenticate
    idempotency-key api-key apikey request-id cf-ray cf-cache-status
"""
_KNOWN = frozenset(_NAMES.split())
_FAMILIES = re.compile(
    r":(?:method|path|scheme|authority|status)|(?:x|sec|access-control|cf|cdn|akamai|fastly"
    r"|ratelimit|idempoten\w*|http_\w+|true-client)[-_].+|ratelimit|idempoten\w*",
    re.IGNORECASE,
)
_TELLING = frozenset({"accept", "authorization", "cookie", "origin", "referer"})
_PANEL = frozenset({"request url", "request method", "status code", "remote address"})


def is_header_name(name: str) -> bool:
    """Tell whether ``name`` is that of a header, or stands for one in a browser's panel."""
    plain = name.strip().lower()
    return plain in _KNOWN or plain in _PANEL or _FAMILIES.fullmatch(plain) is not None


def is_telling(name: str) -> bool:
    """Tell whether hardly anything but HTTP has this name: ``date`` and ``host`` stand anywhere."""
    plain = name.strip().lower()
    return is_header_name(name) and (not plain.isalpha() or plain in _TELLING)
