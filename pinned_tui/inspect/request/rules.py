"""All rules about one request together, for commands, raw HTTP and the entries of HAR files."""

import re

from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.model import InspectionContext
from pinned_tui.inspect.request.auth import inspect_authentication, is_preflight
from pinned_tui.inspect.request.body import creates_event, inspect_content
from pinned_tui.inspect.request.findings import RequestEdit, RequestFindings, RequestPart
from pinned_tui.inspect.request.idempotency import inspect_idempotency, inspect_idempotency_name
from pinned_tui.inspect.request.key_header import is_redacted
from pinned_tui.inspect.request.target import target_of
from pinned_tui.inspect.request.url import inspect_address

_CREDENTIAL = re.compile(
    r"cookie|proxy-authorization|(?:^|[-_])(?:key|token|secret|session|signature|password)\Z",
    re.IGNORECASE,
)
_NO_CREDENTIAL = frozenset({"idempotency-key", "authorization", "x-api-key"})


def inspect_request(request: HttpRequest, context: InspectionContext) -> RequestFindings:
    """Say what is wrong with ``request``.

    A request that goes somewhere else altogether gets a word about its host and no more.
    """
    findings = RequestFindings()
    _other_credentials(request, findings)
    target = target_of(request)
    if target is not None:
        findings.extend(inspect_address(request, target))
    concerns_api = target is None or target.concerns_api
    authentication = inspect_authentication(request, target)
    if not concerns_api:
        findings.secrets += authentication.secrets
        findings.edits += [edit for edit in authentication.edits if edit.change is None]
        return findings
    findings.extend(authentication)
    if is_preflight(request):
        return findings
    findings.extend(inspect_content(request, target, context))
    if creates_event(request, target):
        findings.extend(inspect_idempotency(request, target, context))
    elif request.method is None:
        findings.extend(inspect_idempotency_name(request))
    return findings


def _other_credentials(request: HttpRequest, findings: RequestFindings) -> None:
    """Hide what else in the headers may be a credential: cookies, keys of other systems."""
    for header in request.headers:
        name, value = header.name.lower(), header.value.strip()
        if name in _NO_CREDENTIAL or not _CREDENTIAL.search(name) or not value:
            continue
        if "idempot" in name or is_redacted(value) or header.filled:
            continue
        findings.hide(value)
        if "cookie" in name:
            findings.hide(*(part.partition("=")[2].strip() for part in value.split(";")[:100]))
        else:
            findings.hide(*value.split()[1:3])
        findings.edits.append(RequestEdit(RequestPart.HEADER, None, header, header.name, "***"))
