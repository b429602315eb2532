"""``check --payload``: the offline inspection together with what the API itself says."""

import json
from typing import Any

import pytest

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Outcome, Session
from tests.checks.scripted import (
    CHANNELS,
    EVENTS,
    KEY,
    Answer,
    checked,
    error,
    http,
    serving,
)

SECRET = Secret(KEY, source="test")
OPENAPI = "/api/developer/openapi/public-api-v1"
SLUGS = http("200 OK", {"docs": [{"slug": "concert"}, {"slug": "R&B"}], "totalDocs": 2,
                        "limit": 100, "page": 1})  # fmt: skip
YAML = """
openapi: 3.1.0
paths:
  /api/public/v1/events:
    post:
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/EventCreate'
components:
  schemas:
    EventCreate:
      type: object
      required: [title]
      properties:
        title: {type: string, maxLength: 10}
        status: {type: string, enum: [draft, published, cancelled]}
"""
LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
MERGES = "a0: &a0 {x: 1, y: 2}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12)
)
DOCUMENT = http("200 OK", YAML, "Content-Type: application/yaml")
PAYLOAD: dict[str, Any] = {
    "channelId": 7, "title": "Noon", "startAt": "2099-05-01T18:00:00Z",
    "timezone": "Europe/Vienna", "classifications": ["concert"],
    "approxLocation": {"city": {"placeId": "p"}},
}  # fmt: skip


async def asked(contract: bytes = DOCUMENT, **changes: Any) -> Session:
    answers = {"/channels": CHANNELS, "/events": EVENTS, "/classifications": SLUGS,
               OPENAPI: contract, "*": http("404 Not Found", error("not_found"))}  # fmt: skip
    async with serving(answers) as base_url:
        payload = json.dumps(PAYLOAD | changes).encode()
        return await checked(base_url, RawCheckRequest(SECRET, payload=payload))


def found(session: Session) -> list[tuple[str, str | None]]:
    verdicts = [v for v in session.verdicts if v.certainty is not Certainty.POSSIBLE]
    return [(v.cause, v.subject) for v in verdicts]


async def test_the_offline_faults_come_with_field_found_and_suggestion() -> None:
    session = await asked(startAt="2099-05-01T18:00:00", channelId=7)
    (verdict,) = [v for v in session.verdicts if v.cause == "datetime-no-offset"]
    assert (verdict.subject, verdict.found) == ("startAt", "2099-05-01T18:00:00")
    assert verdict.suggestion == "2099-05-01T18:00:00+02:00"
    assert session.outcome is Outcome.PROBLEM


async def test_what_only_the_live_document_knows_is_named() -> None:
    assert ("payload-rejected", "title") in found(await asked(title="Longer than ten"))


async def test_what_the_document_alone_tells_is_not_told_as_an_answer() -> None:
    session = await asked(title="Longer than ten")
    (verdict,) = [v for v in session.verdicts if v.cause == "payload-rejected"]
    words = " ".join((verdict.summary, *verdict.fix))
    assert "OpenAPI document requires at most 10 characters in title" in verdict.summary
    assert "answered" not in words
    assert "The API says" not in words
    assert "requestId" not in words
    (row,) = [one for one in session.considered if one.cause == "payload-rejected"]
    assert (row.standing, row.subject) == ("fits", "title")


async def test_the_live_lists_overrule_what_is_known_offline() -> None:
    session = await asked(status="cancelled", classifications=["R&B"])
    assert found(session) == [("check-incomplete", None)]


async def test_an_unknown_slug_is_certain() -> None:
    session = await asked(classifications=["Concert"])
    assert session.first_cause == "classification-unknown"
    assert session.verdicts[0].certainty is Certainty.CONFIRMED
    assert session.verdicts[0].suggestion == "concert"


async def test_the_document_is_asked_for_once_and_without_the_key() -> None:
    session = await asked()
    (exchange,) = [x for x in session.exchanges if x.request.url.endswith(OPENAPI)]
    assert exchange.request.method == "GET"
    assert "Authorization" not in exchange.request.headers
    assert {x.request.method for x in session.exchanges} == {"GET"}


async def test_without_a_payload_the_document_is_not_asked_for() -> None:
    async with serving({"/channels": CHANNELS, "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="7"))
    assert not any(x.request.url.endswith(OPENAPI) for x in session.exchanges)


@pytest.mark.parametrize(
    "contract",
    [
        http("404 Not Found", error("not_found")),
        http("503 Service Unavailable", "<html>down</html>", "Content-Type: text/html"),
        http("200 OK", "<html>hello</html>", "Content-Type: text/html"),
        http("200 OK", "a: [", "Content-Type: application/yaml"),
        http("200 OK", "&a [*a, *a]", "Content-Type: application/yaml"),
        http("200 OK", "a: &a {b: *a}", "Content-Type: application/yaml"),
        http("200 OK", LAUGHS + YAML, "Content-Type: application/yaml"),
        http("200 OK", MERGES + YAML, "Content-Type: application/yaml"),
        http("200 OK", "- " * 2000, "Content-Type: application/yaml"),
        http("200 OK", "a: 2026-99-99T10:00:00Z", "Content-Type: application/yaml"),
        http("200 OK", "? [a, {b: c}]\n: 1", "Content-Type: application/yaml"),
        http("200 OK", "\x00\x01", "Content-Type: application/yaml"),
        http("200 OK", "x" * (1024 * 1024 + 1), "Content-Type: application/yaml"),
        b"",
    ],
)
async def test_a_document_that_is_of_no_use_changes_nothing(contract: bytes) -> None:
    session = await asked(contract, status="Published")
    assert found(session)[0] == ("status-unknown", "status")
    assert any(seen.code == "contract.unread" for seen in session.observations)
    assert not any(seen.code == "run.crashed" for seen in session.observations)


async def test_a_document_that_names_a_part_twice_is_of_use() -> None:
    twice = YAML.replace("title: {type", "summary: &text {type").replace(
        "maxLength: 10}", "maxLength: 10}\n        title: *text"
    )
    session = await asked(http("200 OK", twice, "Content-Type: application/yaml"), title="x" * 11)
    assert ("payload-rejected", "title") in found(session)


async def test_a_list_of_payloads_is_looked_at_one_by_one() -> None:
    answers = {"/channels": CHANNELS, "/events": EVENTS, "/classifications": SLUGS,
               OPENAPI: DOCUMENT}  # fmt: skip
    payload = json.dumps([PAYLOAD, PAYLOAD | {"timezone": "CEST"}]).encode()
    async with serving(answers) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, payload=payload))
    assert ("timezone-not-iana", "[1].timezone") in found(session)


CONTROL = error("invalid_request", details={"field": "title", "issue": "required"})
CHANNEL = {"field": "channelId", "issue": "unknown"}
START = {"field": "startAt", "issue": "bad"}


async def shown(details: object, control: dict[str, Any] = CONTROL) -> Session:
    """Show a payload of which nothing is known to be wrong to an API that answers ``details``."""
    refusals = iter((control, error("invalid_request", details=details)))
    answers: dict[str, Answer] = {
        "/channels": CHANNELS, "/events": EVENTS, "/classifications": SLUGS, OPENAPI: DOCUMENT,
        "POST /events": lambda _: http("400 Bad Request", next(refusals)),
    }  # fmt: skip
    ask = RawCheckRequest(
        SECRET,
        payload=json.dumps(PAYLOAD).encode(),
        consented=frozenset({"create-scope", "payload"}),
    )
    async with serving(answers) as base_url:
        return await checked(base_url, ask)


@pytest.mark.parametrize(
    "details",
    [[CHANNEL, START], [START, CHANNEL], {"channelId": "unknown", "startAt": "bad"},
     {"errors": [CHANNEL, START]}, {"fieldErrors": {"channelId": ["unknown"], "startAt": ["bad"]}}],
)  # fmt: skip
async def test_a_fault_beside_the_channel_is_a_rejection(details: object) -> None:
    session = await shown(details)
    assert found(session)[0] == ("payload-rejected", "startAt")
    assert session.verdicts[0].found == "bad"
    assert session.outcome is Outcome.PROBLEM


@pytest.mark.parametrize(
    "field",
    ["channelId", "channel", "body.channelId", "$.channelId", "/channelId", "data/channel_id",
     "body.channel.id", "$['channelId']"],
)  # fmt: skip
async def test_the_channel_of_the_check_is_no_fault_of_the_payload(field: str) -> None:
    session = await shown({"field": field, "issue": "not found"})
    assert "payload.accepted" in {seen.code for seen in session.latest()}
    assert session.outcome is Outcome.HEALTHY


@pytest.mark.parametrize("details", [["the channelId is unknown"], "9007199254740991 not found"])
async def test_words_about_the_channel_leave_the_payload_open(details: object) -> None:
    session = await shown(details)
    assert found(session) == [("check-incomplete", None)]


async def test_a_control_that_names_the_channel_among_others_shows_that_the_body_counts() -> None:
    title = {"field": "title", "issue": "required"}
    control = error("invalid_request", details=[CHANNEL, title])
    session = await shown([CHANNEL], control)
    assert "payload.accepted" in {seen.code for seen in session.latest()}
