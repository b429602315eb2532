"""Causes in a response by itself, by the table of causes: who answered, and what it means.

What only a check knows is added here: which address was asked, and that its own requests carry no
``Idempotency-Key`` and, where they only read, no body.
"""

from collections.abc import Iterator
from dataclasses import replace

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.error_causes import CauseRow
from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.api_spec.response_origin import in_words
from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, is_foreign, parse_base_url
from pinned_tui.core.labels import moment, wait
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, cause_row, response_values, text
from pinned_tui.session import Certainty, Observation


def limited(facts: Facts) -> Iterator[Finding]:
    """429: from the API itself, or from something in front of it."""
    for seen in facts.all("rate.limited"):
        by_api = seen.data["by_api"]
        row = cause_row(facts, seen, None if by_api else response_origin.EDGE)
        if row is None:
            continue
        retry_at, wait_s = text(seen.data, "retry_at"), seen.data.get("wait_s")
        values = _values(facts, seen) | {
            "retry_at": moment(retry_at) if retry_at else None,
            "wait": wait(wait_s) if wait_s is not None else None,
        }
        yield Finding(row.cause, row.certainty, (seen,), subject=retry_at, values=values)


_RESPONDERS = {
    "answer.server-error": response_origin.API,
    "answer.edge": response_origin.EDGE,
    "answer.gateway": response_origin.GATEWAY,
    "answer.redirect": response_origin.REDIRECT,
    "answer.portal": response_origin.PORTAL,
    "answer.proxy": response_origin.PROXY,
    "answer.malformed": response_origin.BROKEN,
    "answer.not-api": None,
}
"""Who answered, by the code of the observation, which may rest on a comparison; None where the
response itself tells."""


def error_response(facts: Facts) -> Iterator[Finding]:
    """A response that tells nothing of key, scope or data: of somebody else, or an error."""
    for code, who in _RESPONDERS.items():
        for seen in facts.asked(code):
            responder = text(seen.data, "answered_by") or response_origin.OTHER
            row = cause_row(facts, seen, who or responder)
            if row is not None:
                yield _finding(facts, seen, row)


_REFUSED_ALL_THE_SAME = (
    "The API itself refuses the key, under a status that it does not document for that"
    " (key-rejected)."
)
_OR_THE_PATH = "The host is right, and the path is not one of the API's routes (url-wrong-path)."


def _finding(facts: Facts, seen: Observation, row: CauseRow) -> Finding:
    values = _values(facts, seen) | _how_it_shows(seen)
    subject = text(seen.data, "request_id") if row.subject == "request_id" else None
    exchange = facts.exchange_of(seen)
    values["when"] = moment(exchange.started_at) if exchange else None
    finding = Finding(
        row.cause, row.certainty, (seen,), subject, values=values, alternatives=row.alternatives
    )
    if row.cause == "response-not-api" and seen.data.get("code") == "invalid_api_key":
        finding = replace(finding, alternatives=row.alternatives or (_REFUSED_ALL_THE_SAME,))
    if seen.code == "answer.redirect":
        return _redirected(seen, finding)
    base = parse_base_url(facts.session.target.base_url)
    if seen.code == "answer.not-api" and is_foreign(base.url):
        return replace(
            finding,
            cause="url-wrong-host",
            subject=base.host,
            found=base.url,
            suggestion=DEFAULT_BASE_URL,
            alternatives=(_OR_THE_PATH, *row.alternatives),
        )
    return finding


def _redirected(seen: Observation, finding: Finding) -> Finding:
    location = text(seen.data, "location") or ""
    values = {**finding.values, "actual": location}
    if finding.cause == "net-captive-portal":
        values["detail"] = f"The response is a redirect to {location}."
    home = finding.certainty is Certainty.CONFIRMED
    suggestion = location if home else None
    return replace(finding, subject=location, found=location, suggestion=suggestion, values=values)


def _how_it_shows(seen: Observation) -> dict[str, str | None]:
    """Say what shows that it was not the API: signs in the response, or that no key gets it too."""
    return {
        "actual": "is the same without any key" if seen.data.get("regardless") else None,
        "signs": in_words(text(seen.data, "product"), seen.data.get("signs") or ()),
    }


def unexplained(facts: Facts) -> Iterator[Finding]:
    """Errors of the API that no probe reads as one of key, scope, channel or event."""
    for seen in facts.asked("answer.unexpected", *_LEFT_OPEN):
        row = cause_row(facts, seen)
        if row is None or row.stage is not None or row.cause.startswith(_OF_OTHER_REQUESTS):
            continue
        undocumented = row.code and seen.data.get("code") not in STATUS_OF_CODE
        if seen.code == "answer.unexpected" or undocumented:
            # The check asks as the contract says, so that the request can't be at fault for sure.
            yield replace(
                _finding(facts, seen, row), certainty=Certainty.LIKELY, values=_values(facts, seen)
            )


_LEFT_OPEN = ("scope.unknown", "event.unknown", "payload.undecided")
"""Observations that leave a documented code open with a reason of their own."""

_OF_OTHER_REQUESTS = ("idempotency-", "body-", "payload-", "forbidden-unexplained")
"""How causes begin that the check's own requests can't have, or that rest on a documented code."""


def _values(facts: Facts, seen: Observation) -> dict[str, str | int | None]:
    base_url = facts.session.target.base_url
    host = base_url.partition("://")[2].partition("/")[0]
    return response_values(seen) | {"base_url": base_url, "host": host, "detail": seen.summary}


RULES: tuple[CauseRule, ...] = (limited, error_response, unexplained)
