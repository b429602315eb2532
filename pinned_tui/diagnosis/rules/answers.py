"""Causes in who answers: an edge, a portal, a redirect, a sick server, a rate limit."""

from collections.abc import Iterator

from pinned_tui.contract.base_url import parse_base_url
from pinned_tui.diagnosis.facts import Facts, Finding, Rule, answer_values, text
from pinned_tui.session import Certainty, Observation
from pinned_tui.wording import moment, wait


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
        yield Finding(
            "server-error",
            Certainty.CONFIRMED,
            (seen,),
            subject=text(seen.data, "request_id"),
            values=values,
        )


_UNUSUAL_REFUSAL = (
    "The API itself refuses the key, in an answer without its documented error format"
    " (key-rejected)."
)


def edge(facts: Facts) -> Iterator[Finding]:
    """An answer of something in front of the API: a block, or a gateway without its server."""
    for seen in facts.asked("answer.edge"):
        status = seen.data.get("status") or 0
        page = str(seen.data.get("content_type") or "").startswith("text/html")
        blocked = status in {401, 403} or (status == 503 and page and _challenges(facts, seen))
        yield Finding(
            "edge-blocked" if blocked or status < 500 else "edge-error",
            Certainty.LIKELY,
            (seen,),
            subject=text(seen.data, "request_id"),
            values=_values(facts, seen),
            alternatives=(_UNUSUAL_REFUSAL,) if status == 401 else (),
        )


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
    """A login page, a redirect, a proxy, or an answer that is not the API's."""
    causes = {
        "answer.portal": ("net-captive-portal", Certainty.LIKELY),
        "answer.proxy": ("net-proxy-auth", Certainty.CONFIRMED),
        "answer.redirect": ("url-redirected", Certainty.CONFIRMED),
        "answer.malformed": ("response-malformed", Certainty.LIKELY),
    }
    for code, (cause, certainty) in causes.items():
        for seen in facts.asked(code):
            values = _values(facts, seen) | {"actual": text(seen.data, "location")}
            location = text(seen.data, "location")
            yield Finding(
                cause, certainty, (seen,), subject=location, found=location, values=values
            )
    for seen in facts.asked("answer.not-api"):
        yield _not_api(facts, seen)


_API_HOST = "pinned.events"
_OR_THE_PATH = "The host is right, and the path is not one of the API's routes (url-wrong-path)."


def _not_api(facts: Facts, seen: Observation) -> Finding:
    """A page that was not found means a wrong address; any other answer, something else there."""
    status = seen.data.get("status") or 0
    base = parse_base_url(facts.session.target.base_url)
    if base.host != _API_HOST and not base.is_loopback:
        values = _values(facts, seen) | {"found": base.url, "suggestion": f"https://{_API_HOST}"}
        return Finding(
            "url-wrong-host",
            Certainty.LIKELY,
            (seen,),
            subject=base.host,
            found=base.url,
            suggestion=f"https://{_API_HOST}",
            values=values,
            alternatives=(_OR_THE_PATH,),
        )
    cause = {404: "url-wrong-path", 405: "method-wrong"}.get(status, "response-not-api")
    return Finding(cause, Certainty.LIKELY, (seen,), values=_values(facts, seen))


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


RULES: tuple[Rule, ...] = (limited, sick_server, edge, somebody_else, unexplained)
