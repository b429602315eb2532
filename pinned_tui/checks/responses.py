"""What responses to the same request under different keys have to do with each other."""

import re
from typing import Any
from urllib.parse import urlsplit

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.error_causes import Stage, cause_of
from pinned_tui.api_spec.errors import is_own_envelope, read_list
from pinned_tui.checks.model import ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.client.call import Reply
from pinned_tui.core import labels
from pinned_tui.session import Response, Status


def trouble(context: ProbeContext, reply: Reply, *, asked: bool = True) -> ProbeObservation | None:
    """Return the observation of a response that shows nothing of key, scope or data, or None.

    A 429 ends the run at once: whoever is asked to wait and goes on asking makes it worse.
    """
    if reply.spared:
        return observe("rate.spared", Status.WARN, {"route": route_of(reply)}, asked=False)
    if reply.withheld:
        data = {"route": route_of(reply)}
        return observe("run.skipped", Status.SKIP, data, asked, variant="withheld")
    if reply.failure is not None:
        return _no_response(reply, asked)
    response = reply.exchange.response
    if response is None:
        raise ValueError("an exchange without failure has a response")
    if response.status == 429:
        return _limited(context, reply, response)
    if response.answered_by == response_origin.API:
        return _server_error(reply, response, asked) if response.status >= 500 else None
    return _somebody_else(reply, response, asked)


def _no_response(reply: Reply, asked: bool) -> ProbeObservation:
    error = reply.failure
    if error is None:
        raise ValueError("a reply without failure has a response")
    data = {"kind": error.kind, "phase": error.phase, **_place(reply)}
    return observe("answer.none", Status.FAIL, data, asked, (reply,), detail=error.message)


def _limited(context: ProbeContext, reply: Reply, response: Response) -> ProbeObservation:
    context.found.limited = True
    context.halt("asked-to-wait")
    limit = response.rate_limit
    wait = limit.retry_after_s if limit else None
    by_api = response.answered_by == response_origin.API
    data = {
        **_place(reply),
        "by_api": by_api,
        "retry_at": limit.retry_at if limit else None,
        "wait_s": wait,
        "message": response.error.message if response.error else None,
    }
    return observe(
        "rate.limited",
        Status.FAIL,
        data,
        replies=(reply,),
        variant="api" if by_api else "other",
        wait=phrase("wait", "told", wait=labels.wait(wait))
        if wait is not None
        else phrase("wait", "untold"),
    )


def _server_error(reply: Reply, response: Response, asked: bool) -> ProbeObservation:
    error = response.error
    data = {**_place(reply), "code": error.code if error else None}
    return observe("answer.server-error", Status.FAIL, data, asked, (reply,))


_CODES = {
    response_origin.EDGE: "answer.edge",
    response_origin.GATEWAY: "answer.gateway",
    response_origin.PORTAL: "answer.portal",
    response_origin.PROXY: "answer.proxy",
    response_origin.REDIRECT: "answer.redirect",
    response_origin.BROKEN: "answer.malformed",
}


def _somebody_else(reply: Reply, response: Response, asked: bool) -> ProbeObservation:
    code = _CODES.get(response.answered_by, "answer.not-api")
    if code == "answer.gateway" and response.status in {404, 405}:
        code = "answer.not-api"
    data = {
        **_place(reply),
        "answered_by": response.answered_by,
        "product": response.product,
        "code": response.error.code if response.error else None,
        "signs": list(response.signs),
        "content_type": response.content_type,
        "location": response.headers.get("location"),
        "server": response.headers.get("server"),
    }
    shown_by = "; ".join(response.signs) or None
    return observe(code, Status.FAIL, data, asked, (reply,), shown_by=shown_by)


def regardless_of_the_key(refused: Reply, control: Reply) -> ProbeObservation:
    """Return the observation of a refusal that a request without any key gets as well."""
    response = refused.exchange.response
    at_edge = response is not None and response_origin.at_an_edge(response.headers)
    data = {**_place(refused), "regardless": True, "signs": [], "product": None}
    code = "answer.edge" if at_edge else "answer.gateway"
    return observe(code, Status.FAIL, data, replies=(refused, control), variant="without-key")


def unexpected(reply: Reply, *, asked: bool = True) -> ProbeObservation:
    """Return the observation of a response of the API that its documentation does not explain."""
    response = reply.exchange.response
    status = response.status if response else None
    error = reply.error
    data = {**_place(reply), "code": error.code if error else None}
    if status is not None and 200 <= status < 300:
        return observe("answer.malformed", Status.FAIL, data, asked, (reply,), variant="shape")
    return observe(
        "answer.unexpected",
        Status.UNKNOWN,
        data,
        asked,
        (reply,),
        variant="error" if error else None,
        message=error.message if error else None,
    )


def route_of(reply: Reply) -> str:
    """Return method and path of a request without its query, for example ``GET /…/events``."""
    request = reply.exchange.request
    return f"{request.method} {urlsplit(request.url).path}"


def _place(reply: Reply) -> dict[str, Any]:
    request, response = reply.exchange.request, reply.exchange.response
    return {
        "method": request.method,
        "route": route_of(reply),
        "status": response.status if response else None,
        "request_id": response.request_id if response else None,
    }


_CHANGING = re.compile(r"\b(?=\w*\d)[\w-]+")
"""Words with digits in them: times and IDs, which differ from response to response."""


def is_of_the_api(reply: Reply) -> bool:
    """Return whether the API itself answered."""
    response = reply.exchange.response
    return response is not None and response.answered_by == response_origin.API


def is_listed(reply: Reply) -> bool:
    """Return whether the response is a list, as a key that is accepted gets."""
    return reply.status == 200 and read_list(reply.document, page=1) is not None


def refused_stage(reply: Reply) -> Stage | None:
    """Return which check of the API refused the request, by the table of causes."""
    row = cause_of(reply.exchange) if is_of_the_api(reply) else None
    return row.stage if row is not None else None


def refuses_the_key(reply: Reply) -> bool:
    """Return whether the API refuses the key, or whoever it acts for."""
    return refused_stage(reply) == "key"


def refuses_something_else(reply: Reply) -> bool:
    """Return whether it is a 403 that the API gives only to a key that it accepts."""
    return reply.status == 403 and refused_stage(reply) in {"scope", "access"}


def is_beyond_doubt(reply: Reply) -> bool:
    """Return whether a response shows by itself that the key is accepted.

    ``forbidden`` is a word that gateways use too, so it never does. ``insufficient_scope`` is
    OAuth's: it counts in the documented envelope, where few others write it. A list counts where
    its documents are such, with IDs; an empty one anybody may get.
    """
    if is_listed(reply):
        page = read_list(reply.document, page=1)
        return page is not None and any("id" in doc for doc in page.docs)
    return refused_stage(reply) == "scope" and is_own_envelope(reply.document)


def signature(reply: Reply) -> tuple[object, ...]:
    """Return what a response says, without what names this very response."""
    error = reply.error
    if error is None:
        return (reply.status, is_listed(reply))
    message = _CHANGING.sub("…", error.message)
    return (reply.status, error.code, message, error.field, error.issue)
