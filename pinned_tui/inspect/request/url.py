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
from pinned_tui.inspect.sentences import say
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
class _FixedAddress:
    """The address as it should be, as far as the rules have fixed it."""

    scheme: str | None
    authority: str
    path: str
    query: str
    changes: list[str] = field(default_factory=list)


def inspect_address(request: HttpRequest, target: RequestTarget) -> RequestFindings:
    """Look at scheme, host, path, query and method."""
    findings = RequestFindings()
    fixed = _FixedAddress(target.scheme, target.authority, target.path, _own_query(request))
    if not target.documented:
        _login(request, target, fixed, findings)
        _credential_in_query(request, target, fixed, findings)
        _scheme(request, target, fixed, findings)
        _host(request, target, fixed, findings)
        if _path_is_judged(target):
            _path(request, target, fixed, findings)
        if target.concerns_api:
            _limit(request, target, fixed, findings)
            _method(request, target, findings)
    findings.edits += _edits(request, target, fixed)
    full = _full(fixed)
    findings.faults = [_suggesting(fault, full) for fault in findings.faults]
    return findings


def _path_is_judged(target: RequestTarget) -> bool:
    """Return whether the path must be the API's; behind a variable it may be anything."""
    if target.kind is HostKind.LOOPBACK:
        return NAMESPACE in target.path
    unfilled = target.canonical is None and VARIABLE.search(target.path)
    return target.concerns_api and target.kind is not HostKind.VARIABLE and not unfilled


def _own_query(request: HttpRequest) -> str:
    return (request.url or "").partition("#")[0].partition("?")[2].strip()


def _suggesting(fault: Fault, full: str) -> Fault:
    """Put the whole fixed address where a rule asked for it."""
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


def _full(fixed: _FixedAddress) -> str:
    scheme = fixed.scheme or "https"
    query = f"?{fixed.query}" if fixed.query else ""
    return clean_line(f"{scheme}://{fixed.authority or API_HOST}{fixed.path}{query}", 300)


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
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress, findings: RequestFindings
) -> None:
    scheme = target.scheme or (request.default_scheme if target.authority else None)
    outside = target.kind not in {HostKind.LOOPBACK, HostKind.VARIABLE, HostKind.UNKNOWN}
    if scheme != "http" or not outside:
        return
    variant = "written" if target.scheme is not None else "assumed"
    fixed.scheme = "https"
    fixed.changes.append(say("request.url-insecure-scheme.change"))
    written = f"http://{_shown_host(target)}"
    host = API_HOST if target.kind is HostKind.NEAR else _shown_host(target)
    findings.faults.append(
        Fault(
            "url-insecure-scheme",
            Certainty.CONFIRMED,
            say(f"request.url-insecure-scheme.{variant}"),
            found=written,
            suggestion=f"https://{host}",
            span=_place(request, "http://") if target.scheme else request.url_span,
            values={"host": _shown_host(target)},
        )
    )


def _shown_host(target: RequestTarget) -> str:
    return clean_line(target.authority or API_HOST, 80)


def _host(
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress, findings: RequestFindings
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
            say("request.url-wrong-host.or-gateway"),
            say("request.url-wrong-host.or-other-service"),
        )
    else:
        fixed.scheme = "https" if fixed.scheme is not None else None
        fixed.authority = API_HOST
        fixed.changes.append(say("request.url-wrong-host.change", api=API_HOST))
    shown = _shown_host(target)
    findings.faults.append(
        Fault(
            "url-wrong-host",
            certainty,
            say("request.url-wrong-host.other", host=shown, api=API_HOST),
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
    summary = say("request.local-host.note", host=shown)
    findings.notes.append(Note("local-host", summary, _place(request, target.authority)))
    findings.faults.append(
        Fault(
            "url-wrong-host",
            Certainty.POSSIBLE,
            say("request.url-wrong-host.this-machine", host=shown, api=API_HOST),
            found=shown,
            suggestion=DEFAULT_BASE_URL,
            span=_host_place(request, target),
            alternatives=(say("request.url-wrong-host.or-development"),),
            values={"host": shown},
        )
    )


def _path(
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress, findings: RequestFindings
) -> None:
    path, right = target.path, target.canonical
    shown = f"“{clean_line(path, _SHOWN)}”"
    if right is None:
        unknown = say("request.url-wrong-path.unknown", path=shown)
        detail = unknown if path else say("request.url-wrong-path.root")
        certainty, suggestion = Certainty.LIKELY, None
    elif path == right:
        return
    else:
        detail = _describe_path(path, right, shown)
        certainty, suggestion = Certainty.CONFIRMED, ""
        fixed.path = right
        change = say("request.url-wrong-path.change", path=clean_line(right, _SHOWN))
        fixed.changes.append(change)
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


def _describe_path(path: str, right: str, shown: str) -> str:
    """Describe how ``path``, written as ``shown`` in the sentence, differs from the route."""
    bare = re.sub("/{2,}", "/", path)
    if bare == right:
        return say("request.url-wrong-path.extra-slash", path=shown)
    if bare.rstrip("/") == right:
        return say("request.url-wrong-path.trailing-slash", path=shown)
    if path.count(NAMESPACE) > 1:
        return say("request.url-wrong-path.doubled", path=shown, namespace=NAMESPACE)
    if re.search(r"/v(?!1(?:/|\Z))[0-9]", path):
        return say("request.url-wrong-path.version", path=shown)
    if not bare.startswith(f"{NAMESPACE}/"):
        return say("request.url-wrong-path.outside", path=shown, namespace=NAMESPACE)
    route = right.removeprefix(NAMESPACE)
    return say("request.url-wrong-path.misspelled", path=shown, route=route)


def _login(
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress, findings: RequestFindings
) -> None:
    if not target.login:
        return
    findings.hide(target.login, *target.login.split(":", 1))
    fixed.changes.append(say("request.auth-in-url.login-change"))
    detail = say("request.auth-in-url.login")
    findings.faults.append(
        Fault("auth-in-url", Certainty.CONFIRMED, detail, span=_place(request, target.login))
    )


def _credential_in_query(
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress, findings: RequestFindings
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
    kept = [p for p in fixed.query.split("&") if p and p.partition("=")[0] not in named]
    if "&".join(kept) != fixed.query:
        fixed.query = "&".join(kept)
        fixed.changes.append(say("request.auth-in-url.query-change", parameter=shown))
    findings.faults.append(
        Fault(
            "auth-in-url",
            Certainty.CONFIRMED,
            say("request.auth-in-url.query", parameter=shown),
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
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress, findings: RequestFindings
) -> None:
    asked = dict(_pairs(target.query)).get("limit", "")
    reads = request.method in {"GET", "HEAD", None} and target.id is None
    if not reads or not re.fullmatch("[0-9]{1,9}", asked) or int(asked) <= MOST_ENTRIES:
        return
    pattern = re.compile(rf"(?<![^&])limit={asked}(?![^&])")
    if pattern.search(fixed.query):
        fixed.query = pattern.sub(f"limit={MOST_ENTRIES}", fixed.query)
        fixed.changes.append(say("request.list-limit-capped.change", most=MOST_ENTRIES))
    findings.faults.append(
        Fault(
            "list-limit-capped",
            Certainty.CONFIRMED,
            say("request.list-limit-capped.asked", limit=asked, most=MOST_ENTRIES),
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
    documented = " and ".join(known)
    findings.faults.append(
        Fault(
            "method-wrong",
            Certainty.LIKELY if route in _ASSUMED else Certainty.CONFIRMED,
            say(
                "request.method-wrong.undocumented",
                route=route,
                documented=documented,
                method=method,
            ),
            found=method,
            suggestion=instead,
            span=request.method_span or request.url_span,
            values={
                "method": method,
                "route": f"{method} {route}",
                "expected": documented,
                "status": None,
            },
        )
    )
    if instead is not None:
        change = say("request.method-wrong.change", method=instead)
        findings.edits.append(RequestEdit(RequestPart.METHOD, change, value=instead))


def _body_with_get(request: HttpRequest, findings: RequestFindings) -> None:
    findings.faults.append(
        Fault(
            "method-wrong",
            Certainty.LIKELY,
            say("request.method-wrong.get-with-body"),
            found="GET",
            suggestion="POST",
            span=request.method_span or request.url_span,
            values={"method": "GET", "route": "GET /events", "expected": "POST to create"},
        )
    )
    change = say("request.method-wrong.change", method="POST")
    findings.edits.append(RequestEdit(RequestPart.METHOD, change, value="POST"))


def _edits(
    request: HttpRequest, target: RequestTarget, fixed: _FixedAddress
) -> Iterator[RequestEdit]:
    """Return the edit of the address, and of the ``Host`` header where the host stands there."""
    if not fixed.changes:
        return
    change = " ".join(fixed.changes)
    host = request.header("Host")
    query = f"?{fixed.query}" if fixed.query else ""
    if target.scheme is None and (request.url or "").startswith("/"):
        if host is not None and fixed.authority != target.authority:
            yield RequestEdit(RequestPart.HEADER, change, host, host.name, fixed.authority)
        if (fixed.path, query) != (target.path, f"?{_own_query(request)}"):
            yield RequestEdit(RequestPart.URL, change, value=f"{fixed.path}{query}")
        return
    scheme = f"{fixed.scheme}://" if fixed.scheme else ""
    url = f"{scheme}{fixed.authority}{fixed.path}{query}"
    yield RequestEdit(RequestPart.URL, change, value=url, filled=_still_filled(request, url))


def _still_filled(request: HttpRequest, url: str) -> tuple[Span, ...]:
    """Return the parts of the fixed address that the shell still has to fill in."""
    spans, at = [], 0
    for part in request.url_filled:
        text = (request.url or "")[part.start : part.end]
        found = url.find(text, at)
        if found >= 0:
            spans.append(Span(found, found + len(text)))
            at = found + len(text)
    return tuple(spans)
