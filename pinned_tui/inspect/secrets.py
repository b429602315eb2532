"""Collects the credentials in an input, so that nothing repeats them. Pure.

What may be shown of headers goes by an allow-list: a header that is not on it and whose value looks
random counts as a credential, whoever it is from, since pasted traffic holds headers of other
services too.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from pinned_tui.inspect.http_message import Header, header_names
from pinned_tui.redaction.credentials import is_secret_field
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_placeholder, is_secret_worthy
from pinned_tui.redaction.tokens import is_known_id, says_id

MOST = 100
"""How many credentials of one input are kept; each costs time to look for."""

_LONGEST = 4096
_SHORTEST = 6
_KEY_HEADERS = frozenset({"authorization", "x-api-key", "proxy-authorization", "api-key"})
_NAMED = re.compile(
    r"token|secret|passw|credential|session|signature|api-?key|auth|cookie|csrf|xsrf"
)
_QUERY_NAMES = re.compile(
    r"(?:^|[_-])(?:key|token|secret|sig|signature|auth|password|passwd|pwd|credential|session|code)"
    r"\Z|(?:api|access|auth|client|session)[_-]?(?:key|token|secret|id)\Z|security-token\Z",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?:bearer|basic|token|apikey|digest|negotiate)\s+", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"""\bbearer[ \t]{1,8}(?P<bearer>[^\s"'\\,;<>]{6,4096})
      | \b(?:x-)?api[-_]?key["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?P<key>[^\s"'\\,;<>&]{6,4096})
      | "[\w-]{0,40}(?:token|secret|passw|credential|authorization)[\w-]{0,40}"[ \t]{0,4}:[ \t]{0,4}
        "(?P<field>[^"\\\n]{6,4096})
      | (?<![\w?&-])key[=:]["']?(?P<bare>[^\s"',;&}\])]{6,300})
      | [?&](?:[\w-]{0,40}[_-])?(?:key|token|secret|sig|signature|auth|password|session)
        =(?P<query>[^\s"'\\,;<>&]{6,4096})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_STABLE = re.compile(r"[A-Za-z]{2,20}(?:[-.:/_](?:[0-9]{1,20}|[a-z]{1,20})){1,8}")
_READ = 256 * 1024


class CredentialCollector:
    """The credentials that have been found in an input, each once."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin with none.

        Args:
            whole: Whether the input is small enough to be shown as a whole. Of a larger one only
                the lines in question are, so that its cookies and the like need not be known.
        """
        self._whole = whole
        self._values: dict[str, None] = {}
        self._plain: set[str] = set()

    def add(self, value: str) -> None:
        """Take over a value that stands where a credential does, unless it is a placeholder."""
        core = _SCHEME.sub("", value.strip(), count=1).strip()[:_LONGEST]
        if len(core) < _SHORTEST or core in self._values or len(self._values) >= MOST:
            return
        if not is_placeholder(core):
            self._values[core] = None

    def add_header(self, name: str, value: str) -> None:
        """Look at a header; what is no credential is passed over."""
        name = name.lower()
        if name in header_names().shown or not (self._whole or name in _KEY_HEADERS):
            return
        if name in {"cookie", "set-cookie"}:
            for pair in value.split(";")[:64]:
                self.add(pair.partition("=")[2])
        elif is_secret_field(name) or _NAMED.search(name):
            self.add(value)
        elif value not in self._plain:
            self._plain.add(value)
            may_be = is_secret_worthy(value) and not (says_id(name) or is_known_id(value))
            if len(value) <= _LONGEST and may_be and " " not in value.strip():
                self.add(value)

    def add_url(self, url: str) -> None:
        """Look at the login and the query of an address."""
        before, at, _ = url.partition("://")[2].partition("/")[0].rpartition("@")
        if at:
            for part in before.split(":"):
                self.add(part)
                self.add(unquote(part))
        query = url.partition("?")[2]
        if not query:
            return
        for pair in query.split("&")[:200]:
            name, _, value = pair.partition("=")
            if _QUERY_NAMES.search(name):
                self.add(value)
                self.add(unquote(value))

    def add_text(self, text: str) -> None:
        """Look for places in any text where credentials stand."""
        for match in _IN_TEXT.finditer(text, 0, _READ):
            value = match[match.lastgroup or 0]
            if match.lastgroup != "bare" or may_be_api_key(value):
                self.add(value)

    def secrets(self) -> tuple[Secret, ...]:
        """Return them as secrets, named in the order in which they were found."""
        return tuple(
            Secret(value, source="pasted", name=f"key-{number}")
            for number, value in enumerate(self._values, start=1)
        )


def may_be_api_key(value: str) -> bool:
    """Return whether the value of a bare ``key=`` may be an API key, not an Idempotency-Key."""
    telling = _UUID.fullmatch(value) or _STABLE.fullmatch(value)
    return telling is None and is_secret_worthy(value)


def secrets_of(headers: Iterable[Header], urls: Iterable[str] = ()) -> tuple[Secret, ...]:
    """Return the credentials in headers and addresses."""
    found = CredentialCollector()
    for header in headers:
        found.add_header(header.name, header.value)
    for url in urls:
        found.add_url(url)
    return found.secrets()


def found_in_text(text: str) -> tuple[Secret, ...]:
    """Return the credentials in a text, by the places in which they stand."""
    found = CredentialCollector()
    found.add_text(text)
    return found.secrets()
