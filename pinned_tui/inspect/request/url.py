"""Rules about the address and the method of a request.

The vendor's page *Getting started* names the host and the namespace; the routes are those of
:mod:`pinned_tui.api_spec.routes`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, NAMESPACE
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.model import Fault, Note, Span
from pinned_tui.inspect.request.findings import RequestEdit, RequestFindings, RequestPart
from pinned_tui.inspect.request.target import API_HOST, VARIABLE, HostKind, RequestTarget
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

MOST_ENTRIES = 100
"""The most entries of a page, as the vendor's page *Pagination* says."""

_METHODS = {
    "/channels": ("GET",),
    "/classifications": ("GET",),
    "/events": ("GET", "POST"),
    "/events/{id}": ("GET", "PATCH"),
    "/media": ("POST",),
}
_ASSUMED = ("/events/{id}", "/media")
"""Routes that the vendor's pages leave open, so that a further method may exist."""

_INSTEAD = {
    ("PUT", "/events/{id}"): "PATCH",
    ("POST", "/events/{id}"): "PATCH",
    ("PUT", "/events"): "POST",
}
_CREDENTIAL_QUERY = re.compile(
    r"(?:x[-_])?api[-_]?(?:key|token|secret)|(?:access|auth|bearer)[-_]?token|key|token|secret"
    r"|auth(?:orization)?|bearer|apikey",
    re.IGNORECASE,
)
_SHOWN = 120


@dataclass(slots=True)
class _Mended:
    """The address as it should be, as far as the rules have mended it."""

    scheme: str | None
    authority: str
    path: str
    query: str
    changes: list[str] = field(default_factory=list)


def inspect_address(request: HttpRequest, target: RequestTarget) -> RequestFindings:
    """Look at scheme, host, path, query and method."""
    findings = RequestFindings()
    mended = _Mended(target.scheme, target.authority, target.path, _own_query(request))
    if not target.documented:
        _login(request, target, mended, findings)
        _credential_in_query(request, target, mended, findings)
        _scheme(request, target, mended, findings)
        _host(request, target, mended, findings)
        if _path_is_judged(target):
            _path(request, target, mended, findings)
        if target.concerns_api:
            _limit(request, target, mended, findings)
            _method(request, target, findings)
    findings.edits += _edits(request, target, mended)
    full = _full(mended)
    findings.faults = [_suggesting(fault, full) for fault in findings.faults]
    return findings


def _path_is_judged(target: RequestTarget) -> bool:
    """Tell whether the path must be the API's; behind a variable it may be anything."""
    if target.kind is HostKind.LOOPBACK:
        return NAMESPACE in target.path
    unfilled = target.canonical is None and VARIABLE.search(target.path)
    return target.concerns_api and target.kind is not HostKind.VARIABLE and not unfilled


def _own_query(request: HttpRequest) -> str:
    return (request.url or "").partition("#")[0].partition("?")[2].strip()


def _suggesting(fault: Fault, full: str) -> Fault:
    """Put the whole mended address where a rule asked for it."""
    if fault.suggestion != "":
        return fault
    return Fault(
        fault.cause,
        fault.certainty,
        fault.detail,
        found=fault.found,
        suggestion=full,
        span=fault.span,
        alternatives=fault.alternatives,
        values=fault.values,
    )


def _full(mended: _Mended) -> str:
    scheme = mended.scheme or "https"
    query = f"?{mended.query}" if mended.query else ""
    return clean_line(f"{scheme}://{mended.authority or API_HOST}{mended.path}{query}", 300)


def _place(request: HttpRequest, part: str) -> Span | None:
    """Return where ``part`` of the address stands, or the whole address."""
    span, url = request.url_span, request.url or ""
    at = url.find(part) if part else -1
    if span is None or at < 0 or span.end - span.start != len(url):
        return span
    return Span(span.start + at, span.start + at + len(part))


def _host_place(request: HttpRequest, target: RequestTarget) -> Span | None:
    """Return where the host stands: in the address, or in a header of its own."""
    host = request.header("Host")
    if (request.url or "").startswith("/") and host is not None:
        return host.span
    return _place(request, target.authority)


def _scheme(
    request: HttpRequest, target: RequestTarget, mended: _Mended, findings: RequestFindings
) -> None:
    scheme = target.scheme or (request.default_scheme if target.authority else None)
    outside = target.kind not in {HostKind.LOOPBACK, HostKind.VARIABLE, HostKind.UNKNOWN}
    if scheme != "http" or not outside:
        return
    detail = "The address begins with http://, so that nothing is encrypted on the way."
    if target.scheme is None:
        detail = (
            "The address has no scheme, and the client takes http:// for it, so that nothing is"
            " encrypted."
        )
    mended.scheme = "https"
    mended.changes.append("The address begins with https://.")
    written = f"http://{_shown_host(target)}"
    host = API_HOST if target.kind is HostKind.NEAR else _shown_host(target)
    findings.faults.append(
        Fault(
            "url-insecure-scheme",
            Certainty.CONFIRMED,
            detail,
            found=written,
            suggestion=f"https://{host}",
            span=_place(request, "http://") if target.scheme else request.url_span,
            values={"host": _shown_host(target)},
        )
    )


def _shown_host(target: RequestTarget) -> str:
    return clean_line(target.authority or API_HOST, 80)


def _host(
    request: HttpRequest, target: RequestTarget, mended: _Mended, findings: RequestFindings
) -> None:
    if target.kind is HostKind.LOOPBACK and NAMESPACE in target.path:
        _this_machine(request, target, findings)
        return
    if target.kind not in {HostKind.NEAR, HostKind.OTHER, HostKind.LOOPBACK}:
        return
    certainty, alternatives = Certainty.CONFIRMED, tuple[str, ...]()
    if target.kind is not HostKind.NEAR:
        certainty = Certainty.LIKELY
        alternatives = (
            "The host is a gateway of your own that hands requests on to the API.",
            "The request is meant for another service.",
        )
    else:
        mended.scheme = "https" if mended.scheme is not None else None
        mended.authority = API_HOST
        mended.changes.append(f"The host is {API_HOST}.")
    shown = _shown_host(target)
    findings.faults.append(
        Fault(
            "url-wrong-host",
            certainty,
            f"The host is {shown}; the API is at {API_HOST}.",
            found=shown,
            suggestion=DEFAULT_BASE_URL,
            span=_host_place(request, target),
            alternatives=alternatives,
            values={"host": shown},
        )
    )


def _this_machine(request: HttpRequest, target: RequestTarget, findings: RequestFindings) -> None:
    """Doubt an address of this machine: it is the sandbox, or left over from development."""
    shown = _shown_host(target)
    summary = (
        f"The request goes to this machine ({shown}), as to the sandbox. A key for the real API is"
        " not known there."
    )
    findings.notes.append(Note("local-host", summary, _place(request, target.authority)))
    findings.faults.append(
        Fault(
            "url-wrong-host",
            Certainty.POSSIBLE,
            f"The host is {shown}, which is this machine; the API is at {API_HOST}.",
            found=shown,
            suggestion=DEFAULT_BASE_URL,
            span=_host_place(request, target),
            alternatives=(
                "The sandbox of pinned-tui, or a server of your own for development, runs there.",
            ),
            values={"host": shown},
        )
    )


def _path(
    request: HttpRequest, target: RequestTarget, mended: _Mended, findings: RequestFindings
) -> None:
    path, right = target.path, target.canonical
    if right is None:
        detail = f"{_shown_path(path)} is none of the routes that are documented."
        certainty, suggestion = Certainty.LIKELY, None
    elif path == right:
        return
    else:
        detail = f"The path is {_shown_path(path)}: {_what_is_off(path, right)}."
        certainty, suggestion = Certainty.CONFIRMED, ""
        mended.path = right
        mended.changes.append(f"The path is {clean_line(right, _SHOWN)}.")
    findings.faults.append(
        Fault(
            "url-wrong-path",
            certainty,
            detail,
            found=clean_line(path, _SHOWN) or "/",
            suggestion=suggestion,
            span=_place(request, path if len(path) > 1 else ""),
        )
    )


def _shown_path(path: str) -> str:
    return f"“{clean_line(path, _SHOWN)}”" if path else "the root of the site"


def _what_is_off(path: str, right: str) -> str:
    """Say in which way ``path`` differs from the route."""
    bare = re.sub("/{2,}", "/", path)
    if bare == right:
        return "there is a slash too many in it"
    if bare.rstrip("/") == right:
        return "it ends in a slash"
    if path.count(NAMESPACE) > 1:
        return f"{NAMESPACE} stands in it twice"
    if re.search(r"/v(?!1(?:/|\Z))[0-9]", path):
        return "it names another version than v1"
    if not bare.startswith(f"{NAMESPACE}/"):
        return f"it is not below {NAMESPACE}"
    return f"the route is written {right.removeprefix(NAMESPACE)}"


def _login(
    request: HttpRequest, target: RequestTarget, mended: _Mended, findings: RequestFindings
) -> None:
    if not target.login:
        return
    findings.hide(target.login, *target.login.split(":", 1))
    mended.changes.append("The login before the @ is taken out of the address.")
    detail = "A login stands in the address, before the @."
    findings.faults.append(
        Fault("auth-in-url", Certainty.CONFIRMED, detail, span=_place(request, target.login))
    )


def _credential_in_query(
    request: HttpRequest, target: RequestTarget, mended: _Mended, findings: RequestFindings
) -> None:
    named = [name for name, _ in _pairs(target.query) if _CREDENTIAL_QUERY.fullmatch(name)]
    if not named:
        return
    for name, value in _pairs(target.query):
        if name in named:
            findings.hide(value)
    for name in named:
        findings.hide(*_raw_values(target.query, name))
    shown = clean_line(named[0], 40)
    kept = [p for p in mended.query.split("&") if p and p.partition("=")[0] not in named]
    if "&".join(kept) != mended.query:
        mended.query = "&".join(kept)
        mended.changes.append(f"The parameter {shown} is taken out of the address.")
    findings.faults.append(
        Fault(
            "auth-in-url",
            Certainty.CONFIRMED,
            f"The key stands in the query of the address, as {shown}.",
            span=_place(request, f"{named[0]}=") or request.url_span,
        )
    )


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []


def _raw_values(query: str, name: str) -> Iterator[str]:
    for pair in query.split("&")[:200]:
        if pair.partition("=")[0] == name:
            yield pair.partition("=")[2]


def _limit(
    request: HttpRequest, target: RequestTarget, mended: _Mended, findings: RequestFindings
) -> None:
    asked = dict(_pairs(target.query)).get("limit", "")
    reads = request.method in {"GET", "HEAD", None} and target.id is None
    if not reads or not re.fullmatch("[0-9]{1,9}", asked) or int(asked) <= MOST_ENTRIES:
        return
    pattern = re.compile(rf"(?<![^&])limit={asked}(?![^&])")
    if pattern.search(mended.query):
        mended.query = pattern.sub(f"limit={MOST_ENTRIES}", mended.query)
        mended.changes.append(f"The limit is {MOST_ENTRIES}.")
    findings.faults.append(
        Fault(
            "list-limit-capped",
            Certainty.CONFIRMED,
            f"The request asks for {asked} entries a page; a page has {MOST_ENTRIES} at most.",
            found=asked,
            suggestion=MOST_ENTRIES,
            span=_place(request, f"limit={asked}"),
        )
    )


def _method(request: HttpRequest, target: RequestTarget, findings: RequestFindings) -> None:
    route, method = target.route, request.method
    if route is None or method is None or method in {"OPTIONS", "HEAD"}:
        return
    known = _METHODS[route]
    if method in known:
        if method == "GET" and route == "/events" and request.body is not None:
            _body_with_get(request, findings)
        return
    instead = _INSTEAD.get((method, route)) or (known[0] if len(known) == 1 else None)
    change = f"The method is {instead}."
    findings.faults.append(
        Fault(
            "method-wrong",
            Certainty.LIKELY if route in _ASSUMED else Certainty.CONFIRMED,
            f"{route} is documented with {' and '.join(known)}, not with {method}.",
            found=method,
            suggestion=instead,
            span=request.method_span or request.url_span,
            values={
                "method": method,
                "route": f"{method} {route}",
                "expected": " and ".join(known),
                "status": None,
            },
        )
    )
    if instead is not None:
        findings.edits.append(RequestEdit(RequestPart.METHOD, change, value=instead))


def _body_with_get(request: HttpRequest, findings: RequestFindings) -> None:
    detail = "A GET lists events; its body is passed over. To create an event, send a POST."
    findings.faults.append(
        Fault(
            "method-wrong",
            Certainty.LIKELY,
            detail,
            found="GET",
            suggestion="POST",
            span=request.method_span or request.url_span,
            values={"method": "GET", "route": "GET /events", "expected": "POST to create"},
        )
    )
    findings.edits.append(RequestEdit(RequestPart.METHOD, "The method is POST.", value="POST"))


def _edits(request: HttpRequest, target: RequestTarget, mended: _Mended) -> Iterator[RequestEdit]:
    """Return the edit of the address, and of the ``Host`` header where the host stands there."""
    if not mended.changes:
        return
    change = " ".join(mended.changes)
    host = request.header("Host")
    query = f"?{mended.query}" if mended.query else ""
    if target.scheme is None and (request.url or "").startswith("/"):
        if host is not None and mended.authority != target.authority:
            yield RequestEdit(RequestPart.HEADER, change, host, host.name, mended.authority)
        if (mended.path, query) != (target.path, f"?{_own_query(request)}"):
            yield RequestEdit(RequestPart.URL, change, value=f"{mended.path}{query}")
        return
    scheme = f"{mended.scheme}://" if mended.scheme else ""
    url = f"{scheme}{mended.authority}{mended.path}{query}"
    yield RequestEdit(RequestPart.URL, change, value=url, filled=_still_filled(request, url))


def _still_filled(request: HttpRequest, url: str) -> tuple[Span, ...]:
    """Return the parts of the mended address that the shell still has to fill in."""
    spans, at = [], 0
    for part in request.url_filled:
        text = (request.url or "")[part.start : part.end]
        found = url.find(text, at)
        if found >= 0:
            spans.append(Span(found, found + len(text)))
            at = found + len(text)
    return tuple(spans)
