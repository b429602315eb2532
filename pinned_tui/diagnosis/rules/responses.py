"""Causes in who answers: an edge, a portal, a redirect, a sick server, a rate limit."""

from collections.abc import Iterator

from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.api_spec.origin_signs import in_words
from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, is_foreign, parse_base_url
from pinned_tui.api_spec.urls import leads_to
from pinned_tui.core.labels import moment, wait
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, answer_values, text
from pinned_tui.session import Certainty, Observation


def limited(facts: Facts) -> Iterator[Finding]:
    """429: from the API itself, or from something in front of it."""
    for seen in facts.all("rate.limited"):
        retry_at, wait_s = text(seen.data, "retry_at"), seen.data.get("wait_s")
        values = _values(facts, seen) | {
            "retry_at": moment(retry_at) if retry_at else None,
            "wait": wait(wait_s) if wait_s is not None else None,
        }
        by_api = seen.data["by_api"]
        yield Finding(
            "rate-limited" if by_api else "rate-limited-by-edge",
            Certainty.CONFIRMED if by_api else Certainty.LIKELY,
            (seen,),
            subject=retry_at,
            values=values,
        )


def sick_server(facts: Facts) -> Iterator[Finding]:
    """5xx with the API's own envelope."""
    for seen in facts.asked("answer.server-error"):
        values = _values(facts, seen)
        exchange = facts.exchange_of(seen)
        values["when"] = moment(exchange.started_at) if exchange else None
        unsure = _may_be_a_gateways(seen)
        yield Finding(
            "server-error",
            Certainty.LIKELY if unsure else Certainty.CONFIRMED,
            (seen,),
            subject=text(seen.data, "request_id"),
            values=values,
            alternatives=(_OF_AN_EDGE,) if unsure else (),
        )


_OF_AN_EDGE = "Something in front of the API answers, in the same format (edge-error)."


def _may_be_a_gateways(seen: Observation) -> bool:
    """Tell whether an answer has a gateway's status, no documented code and no requestId."""
    documented = seen.data.get("code") in STATUS_OF_CODE or seen.data.get("request_id") is not None
    return seen.data.get("status") in {502, 503, 504} and not documented


_UNUSUAL_REFUSAL = (
    "The API itself refuses the key, in an answer without its documented error format"
    " (key-rejected)."
)


def edge(facts: Facts) -> Iterator[Finding]:
    """An answer of something in front of the API: a block, or a gateway without its server."""
    for seen in facts.asked("answer.edge"):
        status = seen.data.get("status") or 0
        page = str(seen.data.get("content_type") or "").startswith("text/html")
        blocked = status < 500 or (status == 503 and page and _challenges(facts, seen))
        yield Finding(
            "edge-blocked" if blocked else "edge-error",
            Certainty.LIKELY,
            (seen,),
            subject=text(seen.data, "request_id"),
            values=_values(facts, seen) | _how_it_shows(seen),
        )


def gateway(facts: Facts) -> Iterator[Finding]:
    """A gateway refuses the request before the API sees it."""
    for seen in facts.asked("answer.gateway"):
        yield Finding(
            "gateway-refused",
            Certainty.LIKELY,
            (seen,),
            subject=text(seen.data, "request_id"),
            values=_values(facts, seen) | _how_it_shows(seen),
            alternatives=(_UNUSUAL_REFUSAL,) if seen.data.get("status") == 401 else (),
        )


def _how_it_shows(seen: Observation) -> dict[str, str | None]:
    """Say what shows that it was not the API: signs in the answer, or that no key gets it too."""
    return {
        "actual": "is the same without any key" if seen.data.get("regardless") else None,
        "signs": in_words(text(seen.data, "product"), seen.data.get("signs") or ()),
    }


def _challenges(facts: Facts, seen: Observation) -> bool:
    """Tell whether a page challenges or blocks: by its words, or by Cloudflare's own header.

    ``cf-mitigated: challenge`` is how Cloudflare marks its challenge pages (its documentation,
    *Detect a challenge page response*).
    """
    exchange = facts.exchange_of(seen)
    if exchange is None or exchange.response is None:
        return False
    if exchange.response.headers.get("cf-mitigated") == "challenge":
        return True
    excerpt = exchange.response.excerpt
    marks = (
        "captcha", "challenge", "checking your browser", "just a moment", "access denied",
        "blocked",
    )  # fmt: skip
    return isinstance(excerpt, str) and any(mark in excerpt.casefold() for mark in marks)


def somebody_else(facts: Facts) -> Iterator[Finding]:
    """A login page, a proxy, or an answer that is not the API's."""
    for seen in facts.asked("answer.portal"):
        yield Finding("net-captive-portal", Certainty.LIKELY, (seen,), values=_values(facts, seen))
    for seen in facts.asked("answer.proxy"):
        yield _proxy(facts, seen)
    for seen in facts.asked("answer.malformed"):
        yield Finding("response-malformed", Certainty.LIKELY, (seen,), values=_values(facts, seen))
    for seen in facts.asked("answer.not-api"):
        yield _not_api(facts, seen)


def _proxy(facts: Facts, seen: Observation) -> Finding:
    """A proxy answers 407 where it asks for a sign-in, and else where it lets nothing through."""
    if seen.data.get("status") == 407:
        return Finding("net-proxy-auth", Certainty.CONFIRMED, (seen,), values=_values(facts, seen))
    subject = text(seen.data, "request_id")
    values = _values(facts, seen)
    return Finding("net-proxy-blocked", Certainty.LIKELY, (seen,), subject, values=values)


_MOVED = "The address has moved, and its owner redirects to another site (url-redirected)."
_SIGN_ON = "A gateway in front of the API redirects to its sign-in (gateway-refused)."


def redirected(facts: Facts) -> Iterator[Finding]:
    """A redirect: to an address of the API's, to a stranger's, or to a stranger's sign-in."""
    for seen in facts.asked("answer.redirect"):
        location = text(seen.data, "location") or ""
        leads = leads_to(location, facts.session.target.base_url)
        values = _values(facts, seen) | {"actual": location}
        if leads == "sign-in":
            yield Finding(
                "net-captive-portal",
                Certainty.LIKELY,
                (seen,),
                subject=location,
                found=location,
                values=values | {"detail": f"The answer is a redirect to {location}."},
                alternatives=(_MOVED, _SIGN_ON),
            )
            continue
        home = leads == "home"
        yield Finding(
            "url-redirected",
            Certainty.CONFIRMED if home else Certainty.LIKELY,
            (seen,),
            subject=location,
            found=location,
            suggestion=location if home else None,
            values=values,
            alternatives=() if home else (_SIGN_ON,),
        )


_OR_THE_PATH = "The host is right, and the path is not one of the API's routes (url-wrong-path)."


def _not_api(facts: Facts, seen: Observation) -> Finding:
    """A page that was not found means a wrong address; any other answer, something else there."""
    status = seen.data.get("status") or 0
    base = parse_base_url(facts.session.target.base_url)
    refuses = status == 401 or seen.data.get("code") == "invalid_api_key"
    refused = (_UNUSUAL_REFUSAL,) if refuses else ()
    values = _values(facts, seen) | _how_it_shows(seen)
    if is_foreign(base.url):
        return Finding(
            "url-wrong-host",
            Certainty.LIKELY,
            (seen,),
            subject=base.host,
            found=base.url,
            suggestion=DEFAULT_BASE_URL,
            values=values,
            alternatives=(_OR_THE_PATH, *refused),
        )
    cause = {404: "url-wrong-path", 405: "method-wrong"}.get(status, "response-not-api")
    return Finding(cause, Certainty.LIKELY, (seen,), values=values, alternatives=refused)


def unexplained(facts: Facts) -> Iterator[Finding]:
    """Answers of the API that only point to the address or the method."""
    for seen in facts.asked("answer.unexpected"):
        cause = {404: "url-wrong-path", 405: "method-wrong"}.get(seen.data.get("status") or 0)
        if cause is not None:
            yield Finding(cause, Certainty.LIKELY, (seen,), values=_values(facts, seen))


def _values(facts: Facts, seen: Observation) -> dict[str, str | int | None]:
    base_url = facts.session.target.base_url
    host = base_url.partition("://")[2].partition("/")[0]
    return answer_values(seen) | {"base_url": base_url, "host": host, "detail": seen.summary}


RULES: tuple[CauseRule, ...] = (
    limited, sick_server, edge, gateway, redirected, somebody_else, unexplained,
)  # fmt: skip
