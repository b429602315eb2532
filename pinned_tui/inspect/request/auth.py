"""Rules about how a request carries its key.

The vendor's page *Authentication*: ``Authorization: Bearer <secret>`` or ``x-api-key: <secret>``,
exactly one of them. Schemes are told apart without regard to case (RFC 9110, section 11.1).
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

from pinned_tui.inspect.http_message import Header, HttpRequest, header_names
from pinned_tui.inspect.model import Fault, Note
from pinned_tui.inspect.request.findings import (
    RequestEdit,
    RequestFindings,
    RequestPart,
    headers_seen,
    in_words,
)
from pinned_tui.inspect.request.key_header import inspect_credential
from pinned_tui.inspect.request.target import RequestTarget
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

AUTHORIZATION, API_KEY = "Authorization", "x-api-key"

_LIKE = 0.85
_LIMITLESS_ROUTE = "/classifications"
_MOST = 20
"""Headers of one name that are looked at; the key of further ones is found by its look."""

BROWSER = ("Origin", "Sec-Fetch-Site", "Sec-Fetch-Dest", "Sec-Fetch-User", "Sec-CH-UA")
"""What only browsers add by themselves; ``Sec-Fetch-Mode`` alone is sent by Node.js too."""


def inspect_authentication(request: HttpRequest, target: RequestTarget | None) -> RequestFindings:
    """Look at the headers that carry the key, or should."""
    findings = RequestFindings()
    _browser(request, findings)
    if is_preflight(request):
        return findings
    bearer = list(islice(request.headers_named(AUTHORIZATION), _MOST))
    plain = list(islice(request.headers_named(API_KEY), _MOST))
    if not bearer and not plain:
        _missing(request, target, findings)
        return findings
    taken_out = list(_surplus(bearer, plain, findings))
    for header in (*bearer, *plain):
        looked_at = RequestFindings()
        inspect_credential(request, header, looked_at)
        if header in taken_out:
            findings.secrets += looked_at.secrets
        else:
            findings.extend(looked_at)
    return findings


def is_preflight(request: HttpRequest) -> bool:
    """Return whether a browser asks whether it may send the real request (Fetch, 3.2.2)."""
    asks = request.header("Access-Control-Request-Method") is not None
    return request.method == "OPTIONS" and (asks or request.header("Origin") is not None)


def _surplus(
    bearer: list[Header], plain: list[Header], findings: RequestFindings
) -> Iterator[Header]:
    """Find headers that say it once too often, and return those to take out."""
    for headers in (bearer, plain):
        for header in headers[1:]:
            name = clean_line(header.name, 40)
            findings.faults.append(
                Fault(
                    "auth-header-duplicated",
                    Certainty.CONFIRMED,
                    say("request.auth-header-duplicated.seen", header=name, count=len(headers)),
                    subject=name,
                    span=header.span,
                )
            )
            change = say("request.auth-header-duplicated.change", header=name)
            findings.edits.append(RequestEdit(RequestPart.HEADER, change, header))
            yield header
    if bearer and plain:
        findings.faults.append(
            Fault(
                "auth-two-headers",
                Certainty.CONFIRMED,
                say("request.auth-two-headers.seen"),
                span=plain[0].span,
            )
        )
        change = say("request.auth-two-headers.change")
        findings.edits.append(RequestEdit(RequestPart.HEADER, change, plain[0]))
        yield plain[0]


def _missing(request: HttpRequest, target: RequestTarget | None, findings: RequestFindings) -> None:
    route = in_words(request, target.path if target else None)
    near = next(filter(_is_near, request.headers), None)
    if near is not None:
        _misnamed(near, route, findings)
        return
    if not headers_seen(request):
        return
    if request.origin == "har":
        summary = say("request.key-not-recorded.note")
        findings.notes.append(Note("key-not-recorded", summary, request.span))
        return
    certainty = Certainty.CONFIRMED
    if request.method is None and len(request.headers) < 2:
        certainty = Certainty.POSSIBLE
    if target is not None and target.route == _LIMITLESS_ROUTE:
        certainty = Certainty.POSSIBLE
    findings.faults.append(
        Fault(
            "auth-header-missing",
            certainty,
            say("request.auth-header-missing.absent"),
            span=request.url_span or request.span,
            values={"route": clean_line(route, 120) if route else None},
        )
    )
    if request.origin != "http" or request.headers:
        change = say("request.auth-header-missing.change")
        findings.edits.append(
            RequestEdit(RequestPart.HEADER, change, None, AUTHORIZATION, "Bearer ", key=True)
        )


def _is_near(header: Header) -> bool:
    name = header.name.lower()
    if name in header_names().like_key:
        return True
    return bool(get_close_matches(name[:40], [AUTHORIZATION.lower(), API_KEY], 1, _LIKE))


def _misnamed(header: Header, route: str | None, findings: RequestFindings) -> None:
    """Find a header that looks like one of the two and has another name."""
    scheme = re.match(r"\s*bearer\s+", header.value, re.IGNORECASE)
    key = header.value[scheme.end() if scheme else 0 :].strip()
    findings.hide(key)
    name = clean_line(header.name, 40)
    filled = tuple(p.shifted(len("Bearer ") - header.value.find(key)) for p in header.filled)
    is_variable = bool(header.filled) and any(
        header.value[part.start : part.end] == key for part in header.filled
    )
    edit = RequestEdit(
        RequestPart.HEADER,
        say("request.auth-header-missing.misnamed-change", header=name),
        header,
        AUTHORIZATION,
        f"Bearer {key}" if is_variable else "Bearer ",
        key=not is_variable,
        filled=filled if is_variable else (),
    )
    findings.edits.append(edit)
    findings.faults.append(
        Fault(
            "auth-header-missing",
            Certainty.CONFIRMED,
            say("request.auth-header-missing.misnamed", header=name),
            suggestion=AUTHORIZATION,
            span=header.span,
            values={"route": clean_line(route, 120) if route else None},
        )
    )


def _browser(request: HttpRequest, findings: RequestFindings) -> None:
    marks = [name for name in BROWSER if request.header(name) is not None]
    if is_preflight(request):
        detail = say("request.client-in-browser.preflight")
        certainty, span = Certainty.CONFIRMED, request.method_span
    elif marks:
        detail = say("request.client-in-browser.headers", headers=", ".join(marks))
        first = request.header(marks[0])
        certainty, span = Certainty.LIKELY, first.span if first else None
    else:
        return
    findings.faults.append(Fault("client-in-browser", certainty, detail, span=span))
