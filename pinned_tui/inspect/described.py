"""Judges the requests that a text describes by their headers: dumps of clients, logs, JSON. Pure.

Such a request explains the response beside it: a key that was never filled in says more than that
it was refused.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pinned_tui.inspect.errors_in_text import ANY_HOST, FOREIGN, addresses_of, parts_of
from pinned_tui.inspect.headers_in_text import AddressPlace, headers_in, requests_with
from pinned_tui.inspect.model import Fault, Inspection
from pinned_tui.inspect.network_errors import is_about_api
from pinned_tui.inspect.request.auth import inspect_authentication
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.inspect.request.target import target_of
from pinned_tui.inspect.response.notes import left_unexplained
from pinned_tui.session import Certainty

_OWN_PATH = re.compile(
    r"(?:\b(?:GET|POST|PUT|PATCH|DELETE)[ \t]+|[\"'](?:url|path|uri)[\"'][ ]?[:=]>?[ ]?[\"'])"
    r"/(?!api\\{0,4}/public|[\"'\s])[\w/-]{1,100}"
)
"""A path of the user's own server, whose requests have headers too."""

_MOST = 50
_OF_HEADERS = ("auth-", "key-")
_ELSEWHERE = frozenset({"auth-header-missing", "auth-in-url"})
"""What these headers do not tell: the rest of the request may stand anywhere."""


def addresses_in(text: str) -> Iterator[AddressPlace]:
    """Yield the addresses in a text, those of other services without saying which."""
    for start, end in parts_of(text):
        window = text[start:end]
        for one in addresses_of(window):
            if one.url is not None:
                yield AddressPlace(start + one.start, one.method, one.url)
        for match in FOREIGN.finditer(window):
            if ANY_HOST.fullmatch(match[1].lower()) is None:
                yield AddressPlace(start + match.start())
        for match in _OWN_PATH.finditer(window):
            yield AddressPlace(start + match.start())


def inspect_headers(text: str) -> RequestFindings:
    """Say what is wrong with the headers that carry a key to the API, wherever in ``text``."""
    findings = RequestFindings()
    headers = [one for start, end in parts_of(text) for one in headers_in(text, start, end)]
    if not headers:
        return findings
    requests = requests_with(headers, list(addresses_in(text)))
    for request, _ in zip(requests, range(_MOST), strict=False):
        found = inspect_authentication(request, target_of(request))
        found.faults = [
            replace(fault, certainty=Certainty.LIKELY) if _is_misnamed(fault) else fault
            for fault in found.faults
            if fault.cause.startswith(_OF_HEADERS)
            and (fault.cause not in _ELSEWHERE or _is_misnamed(fault))
        ]
        found.notes = [note for note in found.notes if note.code == "key-masked-in-request"]
        findings.extend(found)
    return findings


def _is_misnamed(fault: Fault) -> bool:
    """Return whether the key is there under another name, as far as the headers are shown."""
    return fault.cause == "auth-header-missing" and fault.suggestion is not None


def has_wrong_header(text: str) -> bool:
    """Return whether ``text`` shows a request to the API whose key can't have been accepted."""
    return is_about_api(text) and bool(inspect_headers(text).faults)


def with_headers(inspection: Inspection, text: str) -> Inspection:
    """Return an inspection of responses with what the headers of their requests explain."""
    found = inspect_headers(text)
    faults = dict.fromkeys((one.cause, one.subject) for one in inspection.faults)
    own = [one for one in found.faults if (one.cause, one.subject) not in faults]
    if not own:
        return replace(inspection, secrets=(*inspection.secrets, *found.secrets))
    once = {(one.cause, one.subject): one for one in reversed(own)}
    return replace(
        inspection,
        faults=(*reversed(once.values()), *left_unexplained(inspection.faults, own)),
        notes=(*inspection.notes, *found.notes),
        secrets=(*inspection.secrets, *found.secrets),
        judged=inspection.judged + 1,
    )
